#include "access/audit.h"

#include <fmt/core.h>

#include <cstring>

#include "access/secret.h"
#include "access/sql.h"
#include "base/error.h"
#include "db/db.h"

namespace catchment::access {

namespace {

void add_field(Sha256& hash, std::string_view text) {
  const std::uint64_t size = text.size();
  char length[8];
  for (int i = 0; i < 8; ++i) length[i] = static_cast<char>((size >> (8 * i)) & 255);
  hash.add({length, 8});
  hash.add(text);
}

void add_number(Sha256& hash, std::int64_t value) { add_field(hash, std::to_string(value)); }

Digest digest_of(std::string_view blob) {
  Digest digest{};
  if (blob.size() == digest.size()) std::memcpy(digest.data(), blob.data(), digest.size());
  return digest;
}

std::string_view bytes_of(const Digest& digest) { return {reinterpret_cast<const char*>(digest.data()), digest.size()}; }

struct End {
  std::int64_t number = 0;
  Digest seal{};
};

End end_of(db::Sqlite& database) {
  db::Statement last = database.prepare(sql::audit_end);
  End end;
  if (last.step()) end = {last.integer(0), digest_of(last.blob(1))};
  return end;
}

}  // namespace

Digest seal(const Digest& before, std::int64_t number, const AuditRow& row) {
  Sha256 hash;
  hash.add(bytes_of(before));
  add_number(hash, number);
  add_number(hash, row.at_ms);
  for (const std::string* text : {&row.account, &row.display_name, &row.role, &row.purpose, &row.session, &row.action, &row.object, &row.detail})
    add_field(hash, *text);
  if (row.person) add_number(hash, row.person->value);
  else add_field(hash, "");
  for (const std::string* text : {&row.snapshot, &row.outcome, &row.reason}) add_field(hash, *text);
  return hash.finish();
}

struct AuditWriter::Store {
  db::Sqlite database;
  db::Statement add;
  explicit Store(db::Sqlite opened) : database(std::move(opened)), add(database.prepare(sql::audit_add)) {}
};

AuditWriter::AuditWriter(const std::filesystem::path& file) : file_(file) {
  make_private_file(file);
  db::Sqlite database(file, db::SqliteMode::create);
  database.execute(sql::create_audit);
  database.execute(sql::create_audit_no_change);
  database.execute(sql::create_audit_no_delete);
  store_ = std::make_unique<Store>(std::move(database));
  thread_ = std::thread([this] { work(file_); });
}

AuditWriter::~AuditWriter() {
  {
    const std::lock_guard lock(mutex_);
    stop_ = true;
  }
  arrived_.notify_all();
  if (thread_.joinable()) thread_.join();
}

std::int64_t AuditWriter::append(std::span<const AuditRow> rows) {
  if (rows.empty()) return 0;
  Waiting waiting{rows, 0, false, nullptr};
  std::unique_lock lock(mutex_);
  if (stop_) throw Error(ErrorKind::environment, "the audit is closing; nothing was answered");
  queue_.push_back(&waiting);
  arrived_.notify_one();
  finished_.wait(lock, [&] { return waiting.done; });
  if (waiting.fault) std::rethrow_exception(waiting.fault);
  return waiting.first;
}

void AuditWriter::work(const std::filesystem::path& file) {
  std::unique_lock lock(mutex_);
  for (;;) {
    arrived_.wait(lock, [&] { return stop_ || !queue_.empty(); });
    if (queue_.empty()) return;
    const std::vector<Waiting*> batch(queue_.begin(), queue_.end());
    queue_.clear();
    lock.unlock();
    std::exception_ptr fault;
    try {
      write_together(file, batch);
    } catch (...) { fault = std::current_exception(); }
    lock.lock();
    for (Waiting* waiting : batch) {
      waiting->fault = fault;
      waiting->done = true;
    }
    finished_.notify_all();
  }
}

void AuditWriter::write_together(const std::filesystem::path& file, const std::vector<Waiting*>& batch) {
  if (!std::filesystem::exists(file))
    throw Error(ErrorKind::environment, "the audit file has gone; nothing was answered", "restore it from a backup and start again");
  db::Transaction transaction(store_->database);
  End end = end_of(store_->database);
  for (Waiting* waiting : batch) {
    waiting->first = end.number + 1;
    for (const AuditRow& row : waiting->rows) {
      end.seal = seal(end.seal, ++end.number, row);
      auto& add = store_->add;
      add.reset();
      add.bind(end.number).bind(row.at_ms).bind(row.account).bind(row.display_name).bind(row.role).bind(row.purpose).bind(row.session);
      add.bind(row.action).bind(row.object).bind(row.detail);
      if (row.person) add.bind(row.person->value);
      else add.bind_null();
      add.bind(row.snapshot).bind(row.outcome).bind(row.reason).bind_blob(bytes_of(end.seal));
      add.run();
    }
  }
  transaction.commit();
}

AuditCheck verify_audit(const std::filesystem::path& file, const std::string& expected_head) {
  db::Sqlite database(file, db::SqliteMode::read_only);
  db::Statement all = database.prepare(sql::audit_all);
  AuditCheck check;
  Digest before{};
  bool met_expected = expected_head.empty();
  while (all.step()) {
    const std::int64_t number = all.integer(0);
    AuditRow row{all.integer(1),
                 std::string(all.text(2)),
                 std::string(all.text(3)),
                 std::string(all.text(4)),
                 std::string(all.text(5)),
                 std::string(all.text(6)),
                 std::string(all.text(7)),
                 std::string(all.text(8)),
                 std::string(all.text(9)),
                 {},
                 std::string(all.text(11)),
                 std::string(all.text(12)),
                 std::string(all.text(13))};
    if (!all.is_null(10)) row.person = PersonId{all.integer(10)};
    if (number != check.rows + 1) {
      check.broken_at = check.rows + 1;
      check.what = fmt::format("row {} is not there", check.rows + 1);
      return check;
    }
    const Digest wanted = seal(before, number, row);
    if (bytes_of(wanted) != all.blob(14)) {
      check.broken_at = number;
      check.what = fmt::format("row {} was changed after it was written, or the row before it was", number);
      return check;
    }
    before = wanted;
    ++check.rows;
    check.head = to_hex(wanted);
    met_expected = met_expected || check.head == expected_head;
  }
  if (!met_expected) {
    check.broken_at = check.rows + 1;
    check.what = fmt::format("the trail ends at row {} and does not hold the seal that was expected: it was cut short or replaced", check.rows);
  }
  return check;
}

std::string audit_head(const std::filesystem::path& file) {
  db::Sqlite database(file, db::SqliteMode::read_only);
  const End end = end_of(database);
  return end.number == 0 ? std::string{} : to_hex(end.seal);
}

}  // namespace catchment::access
