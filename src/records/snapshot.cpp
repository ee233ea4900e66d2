#include "records/snapshot.h"

#include <array>
#include <mutex>
#include <unordered_map>

#include "base/error.h"
#include "records/block_store.h"
#include "records/read_cells.h"
#include "records/sql.h"

namespace catchment::records {

namespace {

// Open handles not in use, so that each call has one of its own without opening it again.
template <typename Handle>
class Pool {
 public:
  std::optional<Handle> take() {
    const std::lock_guard lock(mutex_);
    if (idle_.empty()) return {};
    std::optional<Handle> handle(std::move(idle_.back()));
    idle_.pop_back();
    return handle;
  }
  void give_back(Handle handle) {
    const std::lock_guard lock(mutex_);
    if (idle_.size() < 32) idle_.push_back(std::move(handle));
  }

 private:
  std::mutex mutex_;
  std::vector<Handle> idle_;
};

db::DuckOptions reading(const std::filesystem::path& folder, const char* memory) {
  db::DuckOptions options;
  options.read_only = true;
  options.memory_limit = memory;
  options.temporary_directory = folder / "spill";  // made only when a question needs it
  return options;
}

}  // namespace

struct Snapshot::State {
  SnapshotFiles files;
  Manifest manifest;
  Dictionaries dictionaries;
  db::Duck population;
  db::Duck identity;
  mutable Pool<db::Connection> population_pool;
  mutable Pool<db::Connection> identity_pool;
  mutable Pool<BlockReader> block_pool;

  State(SnapshotFiles f, Manifest m)
      : files(std::move(f)),
        manifest(std::move(m)),
        population(files.population(), reading(files.folder, "3GB")),
        identity(files.identity(), reading(files.folder, "1GB")) {}

  template <typename Work>
  auto with_population(const Work& work) const {
    return with(population_pool, [&] { return population.connect(); }, work);
  }
  template <typename Work>
  auto with_identity(const Work& work) const {
    return with(identity_pool, [&] { return identity.connect(); }, work);
  }
  template <typename Work>
  auto with_blocks(const Work& work) const {
    return with(block_pool, [&] { return BlockReader(files.people()); }, work);
  }

 private:
  template <typename Handle, typename Make, typename Work>
  static auto with(Pool<Handle>& pool, const Make& make, const Work& work) {
    std::optional<Handle> taken = pool.take();
    Handle handle = taken ? std::move(*taken) : make();
    auto answer = work(handle);  // a handle whose work threw is not used again
    pool.give_back(std::move(handle));
    return answer;
  }
};

Snapshot::Snapshot() = default;
Snapshot::~Snapshot() = default;

std::shared_ptr<const Snapshot> Snapshot::open_folder(const std::filesystem::path& folder) {
  Manifest manifest = read_manifest(folder);
  std::shared_ptr<Snapshot> snapshot(new Snapshot());
  snapshot->state_ = std::make_unique<State>(SnapshotFiles{folder}, std::move(manifest));
  snapshot->state_->dictionaries = snapshot->state_->with_population([](db::Connection& connection) { return read_dictionaries(connection); });
  return snapshot;
}

std::shared_ptr<const Snapshot> Snapshot::open(const Workspace& workspace) {
  const auto folder = workspace.current_snapshot();
  if (!folder)
    throw Error(ErrorKind::user, "nothing was published in this workspace yet", "build it first: catchment build --workspace " + workspace.root.string());
  return open_folder(*folder);
}

const Manifest& Snapshot::manifest() const { return state_->manifest; }
const Dictionaries& Snapshot::dictionaries() const { return state_->dictionaries; }
const SnapshotFiles& Snapshot::files() const { return state_->files; }
db::Connection Snapshot::population() const { return state_->population.connect(); }

std::optional<PersonBlock> Snapshot::person_block(PersonId person, const RowFilter& filter) const {
  const auto bytes = state_->with_blocks([&](BlockReader& reader) { return reader.read(person); });
  if (!bytes) return {};
  PersonBlock block = unpack(*bytes);
  if (!filter.sees(block.summary)) return {};
  hide_rows(block, filter);
  return block;
}

std::optional<PersonSummary> Snapshot::person_summary(PersonId person, const RowFilter& filter) const {
  const auto bytes = state_->with_blocks([&](BlockReader& reader) { return reader.read(person); });
  if (!bytes) return {};
  PersonSummary summary = unpack_summary(*bytes);
  if (!filter.sees(summary)) return {};
  return summary;
}

std::optional<Identity> Snapshot::identity(PersonId person, const RowFilter& filter) const {
  if (!filter.sees_identity() || !person_summary(person, filter)) return {};
  return state_->with_identity([&](db::Connection& connection) -> std::optional<Identity> {
    db::Rows rows = connection.query(sql::identity_read, {person.value});
    db::Chunk chunk;
    if (!rows.next(chunk)) return {};
    return read_identity(chunk, 0, filter);
  });
}

std::vector<IdentityRow> Snapshot::identity_rows(PersonId person, const RowFilter& filter) const {
  if (!filter.sees_identity()) return {};
  const auto summary = person_summary(person, filter);
  if (!summary) return {};
  return state_->with_identity([&](db::Connection& connection) {
    std::vector<IdentityRow> found;
    db::Rows rows = connection.query(sql::identity_row_read, {person.value, summary->restricted});
    db::Chunk chunk;
    while (rows.next(chunk)) {
      for (std::size_t r = 0; r < chunk.rows(); ++r) {
        IdentityRow& row = found.emplace_back();
        row.identity = read_identity(chunk, r, filter);
        row.source.value = static_cast<std::int32_t>(chunk.integer(identity_columns, r));
        row.line = chunk.integer(identity_columns + 1, r);
        row.local_id = text_or_empty(chunk, identity_columns + 2, r);
        row.feed = state_->dictionaries.source(row.source).feed;
      }
    }
    return found;
  });
}

std::vector<Alternative> Snapshot::alternatives(PersonId person, const RowFilter& filter) const {
  if (!person_summary(person, filter)) return {};
  const Dictionaries& words = state_->dictionaries;
  return state_->with_population([&](db::Connection& connection) {
    std::vector<Alternative> found;
    db::Rows rows = connection.query(sql::person_alternative_read, {person.value});
    db::Chunk chunk;
    while (rows.next(chunk)) {
      for (std::size_t r = 0; r < chunk.rows(); ++r) {
        Alternative& a = found.emplace_back();
        a.field = chunk.text(0, r);
        const auto id = static_cast<std::int32_t>(chunk.integer(1, r));
        a.value = a.field == "ethnicity" ? words.code(CodeId{id}).display
            : a.field == "area"          ? words.area(id).code
                                         : words.organisation(OrganisationId{id}).code;
        a.source.value = static_cast<std::int32_t>(chunk.integer(2, r));
        a.line = chunk.integer(3, r);
        if (!chunk.is_null(4, r)) a.date = chunk.date(4, r);
        a.chosen = chunk.integer(5, r) != 0;
      }
    }
    return found;
  });
}

std::vector<SentResource> Snapshot::resources(PersonId person, const RowFilter& filter) const {
  if (!filter.sees_resources() || !person_summary(person, filter)) return {};
  return state_->with_identity([&](db::Connection& connection) {
    std::vector<SentResource> found;
    db::Rows rows = connection.stream(sql::resources_read, {person.value});
    db::Chunk chunk;
    while (rows.next(chunk)) {
      for (std::size_t row = 0; row < chunk.rows(); ++row) {
        const SourceId source{static_cast<std::int32_t>(chunk.integer(0, row))};
        if (!filter.hides_source(source)) found.push_back({source, chunk.integer(1, row), std::string(chunk.text(2, row))});
      }
    }
    return found;
  });
}

std::vector<Identity> Snapshot::find_by_nhs_number(NhsNumber number, const RowFilter& filter) const {
  return find_identities(sql::number_index_read, {static_cast<std::int64_t>(number.digits)}, 50, filter);
}

std::vector<Identity> Snapshot::find_by_name(const NameQuery& query, const RowFilter& filter) const {
  db::Cell birth_date;
  if (query.birth_date) birth_date = *query.birth_date;
  return find_identities(sql::name_index_read, {query.family, query.given, birth_date}, query.limit, filter);
}

// The filter is applied to each candidate before it counts towards the limit.
std::vector<Identity> Snapshot::find_identities(std::string_view statement, const std::vector<db::Cell>& values, std::size_t limit,
                                                const RowFilter& filter) const {
  if (!filter.sees_identity()) return {};
  return state_->with_identity([&](db::Connection& connection) {
    std::vector<Identity> found;
    db::Rows rows = connection.stream(statement, values);
    db::Chunk chunk;
    while (found.size() < limit && rows.next(chunk)) {
      for (std::size_t r = 0; r < chunk.rows() && found.size() < limit; ++r)
        if (person_summary(PersonId{chunk.integer(0, r)}, filter)) found.push_back(read_identity(chunk, r, filter));
    }
    return found;
  });
}

std::vector<Receipt> Snapshot::receipts() const {
  return state_->with_population([&](db::Connection& connection) { return read_receipts(connection, state_->dictionaries); });
}

std::vector<Finding> Snapshot::findings(const FindingQuery& query) const {
  return state_->with_population([&](db::Connection& connection) { return read_findings(connection, query); });
}

std::vector<Drift> Snapshot::drift() const {
  return state_->with_population([&](db::Connection& connection) { return read_drift(connection); });
}

FaultyRows Snapshot::faulty_rows(const FaultyRowQuery& query) const {
  return state_->with_population([&](db::Connection& connection) { return read_faulty_rows(connection, query, state_->dictionaries); });
}

std::vector<QuarantinedRow> Snapshot::quarantined(const QuarantineQuery& query, const RowFilter& filter) const {
  if (!filter.sees_quarantine()) return {};
  return state_->with_identity([&](db::Connection& connection) { return read_quarantine(connection, query, state_->dictionaries); });
}

std::vector<CountRow> Snapshot::count(const CountQuery& query, const RowFilter& filter) const {
  if (!filter.sees_counts()) return {};
  return state_->with_population([&](db::Connection& connection) { return count_population(connection, query, state_->manifest.as_of); });
}

struct SnapshotFollower::State {
  Workspace workspace;
  std::mutex mutex;
  std::filesystem::path folder;
  std::shared_ptr<const Snapshot> snapshot;
};

SnapshotFollower::SnapshotFollower(Workspace workspace) : state_(std::make_unique<State>()) { state_->workspace = std::move(workspace); }
SnapshotFollower::~SnapshotFollower() = default;

std::shared_ptr<const Snapshot> SnapshotFollower::current() {
  const std::lock_guard lock(state_->mutex);
  const auto folder = state_->workspace.current_snapshot();
  if (folder && state_->snapshot && *folder == state_->folder) return state_->snapshot;
  std::shared_ptr<const Snapshot> opened = Snapshot::open(state_->workspace);
  state_->folder = opened->files().folder;
  state_->snapshot = opened;
  return opened;
}

}  // namespace catchment::records
