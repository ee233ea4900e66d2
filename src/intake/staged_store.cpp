#include <fmt/core.h>
#include <sys/stat.h>

#include <algorithm>

#include "base/error.h"
#include "intake/sql.h"
#include "intake/staged_tally.h"
#include "records/records.h"

namespace catchment::intake {

namespace {

constexpr std::uint64_t warnings_kept = 1000;
constexpr std::size_t raw_kept = std::size_t{1} << 16;

std::string_view name_of(Level level) { return level == Level::error ? "error" : level == Level::warning ? "warning" : "note"; }

std::string_view name_of(SubjectKind kind) {
  switch (kind) {
    case SubjectKind::nhs_number: return "nhs_number";
    case SubjectKind::local_id: return "local_id";
    case SubjectKind::pseudonym: return "pseudonym";
    default: return "row";
  }
}

std::string_view type_of(records::Kind kind) {
  using records::Kind;
  switch (kind) {
    case Kind::code:
    case Kind::unit:
    case Kind::organisation:
    case Kind::area: return "INTEGER";
    case Kind::date: return "DATE";
    case Kind::instant: return "TIMESTAMP";
    case Kind::integer:
    case Kind::pence: return "BIGINT";
    case Kind::number: return "DOUBLE";
    case Kind::flag: return "BOOLEAN";
    case Kind::word:
    case Kind::local_id: break;
  }
  // The staged file lives for one build: a local identifier is hardly ever repeated, so looking for a better
  // encoding costs more than it saves.
  return "VARCHAR USING COMPRESSION uncompressed";
}

std::string staged_table(const records::Table& table, bool about_person) {
  std::string sql =
      fmt::format("CREATE TABLE staged_{} ({}source INTEGER, line BIGINT, organisation INTEGER", table.name, about_person ? "subject BIGINT, " : "");
  for (const auto& c : table.columns)
    sql += fmt::format(", {} {}", db::quoted_name(c.name), c.kind == records::Kind::word ? records::word_type(c) : std::string(type_of(c.kind)));
  return sql + ")";
}

std::string column_name(const Delivery& d, std::int32_t column) {
  if (column < 0 || d.feed == nullptr || static_cast<std::size_t>(column) >= d.feed->columns.size()) return {};
  return d.feed->columns[static_cast<std::size_t>(column)].name;
}

void optional_text(db::Appender& to, const std::string& text) {
  if (text.empty()) to.null();
  else to.text(text);
}

/// Cuts to `most` bytes without cutting a UTF-8 letter, and replaces what is not UTF-8.
std::string storable(std::string_view raw) {
  if (raw.size() > raw_kept) raw = raw.substr(0, raw_kept);
  std::string out;
  out.reserve(raw.size());
  for (std::size_t i = 0; i < raw.size();) {
    const auto c = static_cast<unsigned char>(raw[i]);
    std::size_t n = c < 0x80 ? 1 : c >= 0xC2 && c < 0xE0 ? 2 : c >= 0xE0 && c < 0xF0 ? 3 : c >= 0xF0 && c < 0xF5 ? 4 : 0;
    bool good = n > 0 && i + n <= raw.size() && c != 0;
    for (std::size_t k = 1; good && k < n; ++k) good = (static_cast<unsigned char>(raw[i + k]) & 0xC0) == 0x80;
    if (good && n == 3) {
      const auto d = static_cast<unsigned char>(raw[i + 1]);
      good = !(c == 0xE0 && d < 0xA0) && !(c == 0xED && d >= 0xA0);
    }
    if (good && n == 4) {
      const auto d = static_cast<unsigned char>(raw[i + 1]);
      good = !(c == 0xF0 && d < 0x90) && !(c == 0xF4 && d >= 0x90);
    }
    if (good) out.append(raw.substr(i, n)), i += n;
    else out += "\xEF\xBF\xBD", ++i;
  }
  return out;
}

}  // namespace

StagedStore::StagedStore(const IntakeSettings& settings) : file_(settings.snapshot / "staged.duckdb") {
  std::error_code ignored;
  std::filesystem::remove(file_, ignored);
  std::filesystem::remove(file_.string() + ".wal", ignored);
  db::DuckOptions options;
  options.memory_limit = settings.memory_limit;
  options.threads = static_cast<int>(settings.threads == 0 ? 1 : settings.threads);
  options.temporary_directory = settings.temporary_directory.empty() ? settings.snapshot / "spill" : settings.temporary_directory;
  try {
    duck_ = std::make_unique<db::Duck>(file_, options);
  } catch (const Error& error) {
    throw Error(ErrorKind::environment, fmt::format("{} cannot be written: {}", file_.string(), error.what()),
                "make the workspace writable and free some disk space, then run again; the published snapshot is untouched");
  }
  connection_ = std::make_unique<db::Connection>(duck_->connect());
  for (const auto statement : {sql::create_source, sql::create_source_field, sql::create_source_table, sql::create_finding, sql::create_finding_count,
                               sql::create_quarantine, sql::create_drift, sql::create_code, sql::create_unit, sql::create_organisation, sql::create_area,
                               sql::create_subject_key, sql::create_subject_identity, sql::create_resource})
    connection_->execute(statement);
  for (std::size_t i = 0; i < records::table_total; ++i) {
    const records::Table& table = records::table_at(i);
    connection_->execute(staged_table(table, records::about_person(i)));
    staged_.push_back(&appender("staged_" + std::string(table.name)));
  }
  ::chmod(file_.c_str(), 0600);
  ::chmod((file_.string() + ".wal").c_str(), 0600);
  identity_ = &appender("subject_identity");
  key_ = &appender("subject_key");
  finding_ = &appender("finding");
  quarantine_ = &appender("quarantine");
  resource_ = &appender("resource");
  diagnosis_ranks_ = std::make_unique<DiagnosisRanks>(*connection_, thread_);
}

StagedStore::~StagedStore() = default;

db::Appender& StagedStore::appender(const std::string& table) {
  auto& held = appenders_[table];
  if (!held) held = std::make_unique<db::Appender>(connection_->appender(table, &thread_));
  return *held;
}

StagedStore::Tally& StagedStore::tally(const Delivery& d) {
  const auto at = static_cast<std::size_t>(d.source);
  if (tallies_.size() <= at) tallies_.resize(at + 1);
  if (!tallies_[at]) {
    tallies_[at] = std::make_unique<Tally>();
    tallies_[at]->delivery = &d;
    const std::size_t columns = d.feed == nullptr ? 0 : d.feed->columns.size();
    tallies_[at]->columns.resize(columns);
    tallies_[at]->finding_rows.resize((columns + 1) * static_cast<std::size_t>(Rule::rules));
  }
  return *tallies_[at];
}

void StagedStore::append_finding(const Delivery& d, const RowFinding& f, Tally& t) {
  const auto slot = static_cast<std::size_t>(f.column + 1) * static_cast<std::size_t>(Rule::rules) + static_cast<std::size_t>(f.rule);
  if (f.level != Level::error && t.finding_rows[slot]++ >= warnings_kept) return;
  finding_->integer(d.source).integer(static_cast<std::int64_t>(f.line));
  optional_text(*finding_, column_name(d, f.column));
  finding_->text(to_string(f.rule)).text(name_of(f.level));
  optional_text(*finding_, to_string(f.value));
  finding_->end_row();
}

void StagedStore::append_quarantine(const Delivery& d, const InputRow& row, Rule rule, std::int32_t column, Tally& t) {
  ++t.receipt.rows_quarantined;
  quarantine_->integer(d.source).integer(static_cast<std::int64_t>(row.line));
  optional_text(*quarantine_, column_name(d, column));
  quarantine_->text(to_string(rule)).text(storable(row.raw));
  quarantine_->end_row();
}

void StagedStore::append_staged(const StagedRow& staged, const Batch& batch, std::uint32_t subject, std::int32_t source, const InputRow& row,
                                std::int32_t organisation, LocalDictionary& local, Tally& t) {
  using records::Kind;
  const records::Table& table = records::table_at(staged.table);
  db::Appender& to = *staged_[staged.table];
  if (records::about_person(staged.table)) to.integer(subject);
  to.integer(source).integer(static_cast<std::int64_t>(row.line)).integer(organisation);
  const Slot* slot = &batch.slots[staged.first_slot];
  for (const auto& column : table.columns) {
    const Slot& s = *slot++;
    if (!s.present) {
      to.null();
      continue;
    }
    switch (column.kind) {
      case Kind::code: to.integer(dictionary_.resolve(local, Word::code, static_cast<std::int32_t>(s.integer))); break;
      case Kind::unit: to.integer(dictionary_.resolve(local, Word::unit, static_cast<std::int32_t>(s.integer))); break;
      case Kind::organisation: to.integer(dictionary_.resolve(local, Word::organisation, static_cast<std::int32_t>(s.integer))); break;
      case Kind::area: to.integer(dictionary_.resolve(local, Word::area, static_cast<std::int32_t>(s.integer))); break;
      case Kind::number: to.number(s.number); break;
      case Kind::instant: to.timestamp_ms(s.integer); break;
      case Kind::local_id: to.text(s.view()); break;
      default: to.integer(s.integer);
    }
  }
  to.end_row();
  ++t.tables[staged.table];
}

void StagedStore::append_identity(const Batch& batch, const InputRow& row, std::uint32_t subject, std::int32_t source, std::int32_t organisation,
                                  LocalDictionary& local) {
  static constexpr std::string_view precisions[] = {"day", "month", "year"};
  const Slot* s = &batch.identities[static_cast<std::size_t>(row.identity) * (identity_fields + 1)];
  identity_->integer(subject).integer(source).integer(static_cast<std::int64_t>(row.line)).integer(organisation);
  for (std::size_t i = 0; i < identity_fields; ++i) {
    const bool present = s[i].present;
    if (!present) identity_->null();
    else if (i == identity_practice) identity_->integer(dictionary_.resolve(local, Word::organisation, static_cast<std::int32_t>(s[i].integer)));
    else if (i == identity_area) identity_->integer(dictionary_.resolve(local, Word::area, static_cast<std::int32_t>(s[i].integer)));
    else if (i == identity_birth_date || i == identity_death_date || i == identity_updated_date || i == identity_restricted) identity_->integer(s[i].integer);
    else identity_->text(s[i].view());
    if (i != identity_birth_date) continue;
    if (!present) identity_->null();
    else identity_->text(precisions[static_cast<std::size_t>(s[identity_fields].integer)]);
  }
  identity_->end_row();
}

std::uint32_t StagedStore::commit_row(const Delivery& d, const Batch& batch, const InputRow& row, LocalDictionary& local, Tally& t) {
  if (row.quarantined) {
    append_quarantine(d, row, row.rule, row.column, t);
    return 0;
  }
  if (row.unique != 0) {
    if (unique_source_ != d.source) unique_.clear(), unique_source_ = d.source;
    if (!unique_.add(row.unique)) {
      const auto column = static_cast<std::int32_t>(row.unique_column);
      append_finding(d, {row.line, column, Rule::duplicate_key, Level::error, {}}, t);
      auto& count = t.findings[{column_name(d, column), Rule::duplicate_key}];
      count = {Level::error, count.second + 1};
      append_quarantine(d, row, Rule::duplicate_key, column, t);
      return 0;
    }
  }
  const std::int32_t organisation = dictionary_.resolve(local, Word::organisation, row.organisation);
  std::uint32_t subject = 0;
  if (row.kind != SubjectKind::none) {
    bool added = false;
    subject = subjects_.find_or_add(row.subject, added);
    if (added) {
      const bool fallback = row.kind == SubjectKind::local_id && d.feed->key == KeyKind::nhs_number;
      key_->integer(subject).text(name_of(row.kind)).text(fallback || row.kind == SubjectKind::row ? d.feed->name : d.feed->key_domain);
      key_->integer(dictionary_.resolve(local, Word::organisation, row.subject_organisation));
      if (row.kind == SubjectKind::row) key_->text(fmt::format("{}:{}", d.source, row.line));
      else key_->text(row.key);
      key_->end_row();
    }
  }
  if (row.identity >= 0 && identities_.add(row.identity_hash)) {
    append_identity(batch, row, subject, d.source, organisation, local);
    ++t.identities;
  }
  for (std::uint32_t i = row.staged_begin; i < row.staged_end; ++i) append_staged(batch.staged[i], batch, subject, d.source, row, organisation, local, t);
  if (row.resource >= 0) {
    const ResourceRow& r = batch.resources[static_cast<std::size_t>(row.resource)];
    if (subject == 0) resource_->null();
    else resource_->integer(subject);
    resource_->integer(d.source).integer(static_cast<std::int64_t>(row.line)).text(r.type).text(r.id).text(r.json);
    resource_->end_row();
    ++t.resources;
  }
  ++t.receipt.rows_accepted;
  return subject;
}

void StagedStore::commit(const Delivery& d, const Batch& batch, LocalDictionary& local) {
  Tally& t = tally(d);
  t.receipt.rows_read += batch.rows.size();
  for (const auto& o : batch.organisations) {
    name_organisation(std::string(o.code), std::string(o.name));
    if (o.id != o.code) dictionary_.alias(std::string(o.id), std::string(o.code));
  }
  for (std::uint32_t i = 0; i < batch.rows.size(); ++i) {
    const std::uint32_t subject = commit_row(d, batch, batch.rows[i], local, t);
    diagnosis_ranks_->add(d, batch, i, subject);
  }
  for (const auto& f : batch.findings) append_finding(d, f, t);
  for (std::size_t i = 0; i < batch.finding_counts.size(); ++i) {
    if (batch.finding_counts[i] == 0) continue;
    const auto column = static_cast<std::int32_t>(i / static_cast<std::size_t>(Rule::rules)) - 1;
    const auto rule = static_cast<Rule>(i % static_cast<std::size_t>(Rule::rules));
    auto& count = t.findings[{column_name(d, column), rule}];
    if (count.second == 0) count.first = batch.finding_levels[i];
    count.first = std::min(count.first, batch.finding_levels[i]);  // the gravest
    count.second += batch.finding_counts[i];
  }
  for (std::size_t i = 0; i < batch.columns.size(); ++i) {
    t.columns[i].present += batch.columns[i].present;
    t.columns[i].bad += batch.columns[i].bad;
  }
  t.first = std::min(t.first, batch.first_event);
  t.latest = std::max(t.latest, batch.latest_event);
}

void StagedStore::file_finding(const Delivery& d, Rule rule, const std::string& column) {
  Tally& t = tally(d);
  const Level level = rule == Rule::duplicate_file || rule == Rule::superseded ? Level::note
      : rule == Rule::no_feed || rule == Rule::column_absent                   ? Level::warning
                                                                               : Level::error;
  finding_->integer(d.source).integer(0);
  optional_text(*finding_, column);
  finding_->text(to_string(rule)).text(name_of(level)).null();
  finding_->end_row();
  auto& count = t.findings[{column, rule}];
  count = {level, count.second + 1};
}

void StagedStore::finish_file(const Delivery& d, const std::string& status, const std::string& sha256, std::uint64_t bytes) {
  Tally& t = tally(d);
  Receipt& r = t.receipt;
  r.source = d.source;
  r.file = d.file;
  r.feed = d.feed == nullptr ? "" : d.feed->name;
  r.partner = d.partner;
  r.period = d.period;
  r.delivery = d.delivery;
  r.status = status;
  r.sha256 = sha256;
  r.bytes = bytes;
  r.tolerance = d.feed == nullptr ? 0 : d.feed->tolerance;
  r.rows_staged = t.identities + t.resources;
  for (const auto rows : t.tables) r.rows_staged += rows;
  if (t.first != INT32_MAX) r.first_event = Date{t.first};
  if (t.latest != INT32_MIN) r.latest_event = Date{t.latest};
  sum_up(t);
}

void StagedStore::sum_up(Tally& t) {
  Receipt& r = t.receipt;
  const Feed* feed = t.delivery->feed;
  r.fields.clear();
  r.findings.clear();
  for (std::size_t i = 0; i < t.columns.size(); ++i) {
    if (r.rows_read == 0) break;
    if (feed->is_fhir() && t.columns[i].present == 0 && t.columns[i].bad == 0) continue;  // elements nobody sent
    r.fields.push_back({feed->columns[i].name, t.columns[i].present, t.columns[i].bad});
  }
  for (const auto& [key, count] : t.findings)
    r.findings.push_back({key.first, std::string(to_string(key.second)), std::string(name_of(count.first)), count.second});
}

void StagedStore::name_organisation(const std::string& code, const std::string& name) { organisation_names_.emplace(code, name); }

void StagedStore::write_dictionaries() {
  const auto& codes = dictionary_.table(Word::code);
  db::Appender& code = appender("code");
  for (std::int32_t id = 1; id <= static_cast<std::int32_t>(codes.size()); ++id) {
    const Entry& e = codes.entry(id);
    code.integer(id).text(e.system).text(e.code);
    optional_text(code, e.display);
    code.end_row();
  }
  const auto& organisations = dictionary_.table(Word::organisation);
  db::Appender& organisation = appender("organisation");
  for (std::int32_t id = 1; id <= static_cast<std::int32_t>(organisations.size()); ++id) {
    const Entry& e = organisations.entry(id);
    const auto name = organisation_names_.find(e.code);
    organisation.integer(id).text(e.code);
    optional_text(organisation, name != organisation_names_.end() ? name->second : e.display);
    organisation.end_row();
  }
  for (const auto& [kind, table] : {std::pair{Word::unit, "unit"}, std::pair{Word::area, "area"}}) {
    const auto& words = dictionary_.table(kind);
    db::Appender& to = appender(table);
    for (std::int32_t id = 1; id <= static_cast<std::int32_t>(words.size()); ++id) to.integer(id).text(words.entry(id).code).end_row();
  }
}

void StagedStore::write_sources() {
  db::Appender& source = appender("source");
  db::Appender& field = appender("source_field");
  db::Appender& tables = appender("source_table");
  db::Appender& counts = appender("finding_count");
  static constexpr std::string_view keys[] = {"nhs_number", "local_id", "pseudonym", "none"};
  static constexpr std::string_view formats[] = {"csv", "csv", "parquet", "fhir-ndjson", "fhir-bundle"};
  for (const auto& held : tallies_) {
    if (!held) continue;
    const Tally& t = *held;
    const Receipt& r = t.receipt;
    const Feed* feed = t.delivery->feed;
    std::string purposes;
    if (feed != nullptr)
      for (const auto& p : feed->purposes) purposes += (purposes.empty() ? "" : ",") + p;
    source.integer(r.source).text(r.file);
    for (const auto* text : {&r.feed, &r.partner, &r.period, &r.delivery}) optional_text(source, *text);
    optional_text(source, feed == nullptr ? "" : feed->setting);
    optional_text(source, feed == nullptr ? "" : std::string(keys[static_cast<std::size_t>(feed->key)]));
    optional_text(source, feed == nullptr ? "" : feed->key_domain);
    optional_text(source, purposes);
    source.text(formats[static_cast<std::size_t>(t.delivery->format)]).text(r.status);
    optional_text(source, r.sha256);
    for (const auto n : {r.bytes, r.rows_read, r.rows_accepted, r.rows_quarantined, r.rows_staged}) source.integer(static_cast<std::int64_t>(n));
    for (const auto& date : {r.first_event, r.latest_event}) {
      if (date) source.date(*date);
      else source.null();
    }
    optional_text(source, feed == nullptr ? "" : feed->frequency);
    source.number(r.tolerance).boolean(feed != nullptr && feed->one_row_per_person).boolean(feed != nullptr && feed->postcode_is_incident);
    source.boolean(feed != nullptr && feed->synthetic).end_row();
    for (const auto& f : r.fields)
      field.integer(r.source).text(f.column).integer(static_cast<std::int64_t>(f.present)).integer(static_cast<std::int64_t>(f.bad)).end_row();
    const auto table = [&](std::string_view name, std::uint64_t rows) {
      if (rows > 0) tables.integer(r.source).text(name).integer(static_cast<std::int64_t>(rows)).end_row();
    };
    for (std::size_t i = 0; i < records::table_total; ++i) table(records::table_at(i).name, t.tables[i]);
    table("identity", t.identities);
    table("resource", t.resources);
    for (const auto& f : r.findings) {
      counts.integer(r.source);
      optional_text(counts, f.column);
      counts.text(f.rule).text(f.severity).integer(static_cast<std::int64_t>(f.rows)).end_row();
    }
  }
}

void StagedStore::close_appenders() {
  for (auto& [name, held] : appenders_) held->close();
  appenders_.clear();
}

/// A diagnosis that is nowhere is a finding of the encounter that names it.
void StagedStore::rank_diagnoses() {
  diagnosis_ranks_->close();
  close_appenders();
  std::vector<std::pair<std::int32_t, std::uint64_t>> missing;
  diagnosis_ranks_->settle(*connection_, [&](std::int32_t source, std::uint64_t line) { missing.emplace_back(source, line); });
  finding_ = &appender("finding");
  for (const auto& [source, line] : missing) {
    Tally& t = *tallies_[static_cast<std::size_t>(source)];
    const auto& columns = t.delivery->feed->columns;
    const auto column = std::find_if(columns.begin(), columns.end(), [](const FeedColumn& c) { return c.name == "condition.rank"; }) - columns.begin();
    append_finding(*t.delivery, {line, static_cast<std::int32_t>(column), Rule::reference, Level::warning, {}}, t);
    auto& count = t.findings[{"condition.rank", Rule::reference}];
    count = {Level::warning, count.second + 1};
    ++t.columns[static_cast<std::size_t>(column)].bad;
  }
  for (const auto& held : tallies_)
    if (held && !missing.empty()) sum_up(*held);
}

IntakeResult StagedStore::finish() {
  rank_diagnoses();
  write_drift();
  write_dictionaries();
  write_sources();
  close_appenders();
  connection_->execute(sql::make_subject);
  connection_->execute(sql::drop_subject_key);
  connection_->execute("CHECKPOINT");
  ::chmod(file_.c_str(), 0600);
  connection_.reset();
  duck_.reset();
  result_.subjects = subjects_.size();
  for (auto& held : tallies_) {
    if (!held) continue;
    Receipt& r = held->receipt;
    result_.rows_read += r.rows_read;
    result_.rows_accepted += r.rows_accepted;
    result_.rows_quarantined += r.rows_quarantined;
    result_.rows_staged += r.rows_staged;
    if (r.status == "unreadable" || r.status == "refused" || r.status == "incomplete" || r.status == "empty") {
      std::string why;
      for (const auto& f : r.findings)
        if (f.severity != "note" && (why.empty() || f.severity == "error")) why = f.rule + (f.column.empty() ? "" : " " + f.column);
      result_.failures.push_back(fmt::format("{}: {} ({})", r.file, r.status, why));
    } else if (!records::within_tolerance(static_cast<std::int64_t>(r.rows_quarantined), static_cast<std::int64_t>(r.rows_read), r.tolerance)) {
      result_.failures.push_back(
          fmt::format("{}: {} of {} rows quarantined, above the tolerance of {:.2f}%", r.file, r.rows_quarantined, r.rows_read, r.tolerance * 100));
    }
    result_.receipts.push_back(std::move(r));
  }
  return std::move(result_);
}

}  // namespace catchment::intake
