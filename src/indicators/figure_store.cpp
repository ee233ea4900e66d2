#include "indicators/figure_store.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/hash.h"
#include "indicators/publication_store.h"
#include "indicators/sql.h"

namespace catchment::indicators {

namespace {

constexpr int most_months = 60;  // enough for the trend over five years
constexpr std::string_view rules = "figures 5";  // changes when the same members would give other figures

struct KeptMonth {
  Date month;
  const measures::LibraryMeasure* measure;
};

std::vector<std::string> ids_of(const measures::MeasureLibrary& library) {
  std::vector<std::string> ids;
  for (const auto& measure : library.measures)
    if (ids.empty() || ids.back() != measure.words.id) ids.push_back(measure.words.id);
  return ids;
}

std::vector<KeptMonth> kept_months(const measures::MeasureLibrary& library, const measures::MembersStore& store, const std::string& content_hash,
                                   const std::string& id, Date as_of) {
  std::vector<KeptMonth> months;
  const Date last = Date::from_ymd(as_of.year(), as_of.month(), 1);
  for (int back = most_months - 1; back >= 0; --back) {
    const Date month = last.plus_months(-back);
    const auto* measure = measures::find_measure(library, id, month.plus_months(1).plus_days(-1));
    if (measure != nullptr && store.has({content_hash, id, measure->version, month})) months.push_back({month, measure});
  }
  return months;
}

std::string state_of(const std::vector<KeptMonth>& months, const disclosure::Policy& policy) {
  Sha256 hash;
  hash.add(rules);
  hash.add(disclosure::name_of(policy));
  for (const auto& kept : months) {
    const auto& words = kept.measure->words;
    hash.add(fmt::format("{} {} {} {} {}\n", to_string(kept.month), kept.measure->version, kept.measure->year, kept.measure->per,
                         kept.measure->target.value_or(-1)));
    for (const auto* text : {&words.title, &words.purpose, &words.denominator, &words.numerator, &words.exclusions, &words.source, &words.owner, &words.limits,
                             &words.good_direction, &words.priority, &words.focus, &words.programme})
      hash.add(*text + "\n");
  }
  return to_hex(hash.finish());
}

void keep_measure(db::Sqlite& database, const std::vector<KeptMonth>& months, const std::string& state) {
  const auto& measure = *months.back().measure;
  const auto& words = measure.words;
  std::string codelists;
  for (const auto& use : measure.codelists) codelists += use.id + " " + use.version + " " + use.hash + "\n";
  db::Statement keep = database.prepare(sql::measure_keep);
  keep.bind(words.id).bind(state).bind(measure.year).bind(words.title).bind(words.purpose).bind(words.denominator).bind(words.numerator).bind(words.exclusions);
  keep.bind(words.source).bind(words.owner).bind(words.limits).bind(words.good_direction).bind(words.priority).bind(words.focus).bind(words.programme);
  keep.bind(measures::word_of(measure.kind)).bind(measure.per).bind(measure.target).bind(measure.version).bind(codelists);
  keep.bind(months.front().month.days).bind(months.back().month.days).run();
}

void keep_figure(db::Statement& keep, const std::string& measure, const MeasureFigure& f) {
  keep.bind(measure)
      .bind(static_cast<int>(f.basis))
      .bind(static_cast<int>(f.split))
      .bind(f.variant)
      .bind(f.month.days)
      .bind(f.place)
      .bind(f.position)
      .bind(f.group);
  keep.bind(f.numerator).bind(f.denominator).bind(f.value).bind(f.low).bind(f.high).bind(f.standardised).bind(f.standardised_low).bind(f.standardised_high);
  keep.bind((f.hidden ? 1 : 0) + (f.held_back ? 2 : 0) + (f.withheld ? 4 : 0)).run();
}

/// How many bases have figures, and such figures only.
template <typename Is>
std::int64_t bases_with(const std::vector<MeasureFigure>& figures, Is is) {
  std::int64_t count = 0;
  for (const Basis basis : {Basis::registered, Basis::resident}) {
    std::int64_t all = 0, such = 0;
    for (const MeasureFigure& figure : figures)
      if (figure.basis == basis) ++all, such += is(figure) ? 1 : 0;
    count += all > 0 && all == such ? 1 : 0;
  }
  return count;
}

}  // namespace

std::filesystem::path figures_file(const std::filesystem::path& workspace, const std::string& content_hash) {
  return workspace / "measures" / content_hash.substr(0, 16) / "figures.sqlite";
}

db::Sqlite open_figures(const std::filesystem::path& file) {
  std::filesystem::create_directories(file.parent_path());
  db::Sqlite database(file, db::SqliteMode::create);
  for (const std::string_view statement : {sql::measure_create, sql::figure_create, sql::head_count_create}) database.execute(statement);
  return database;
}

void settle_figures(db::Sqlite& database) { database.execute(sql::figure_settle); }

std::filesystem::path publications_file(const std::filesystem::path& figures_file) { return figures_file.parent_path().parent_path() / "published.sqlite"; }

PublishedCount publish_measures(const records::Snapshot& snapshot, const system::System& system, const measures::MeasureLibrary& library,
                                const measures::MembersStore& store, const std::filesystem::path& file, Progress& progress) {
  PublishedCount published;
  const std::string& content_hash = snapshot.manifest().content_hash;
  const std::vector<std::string> ids = ids_of(library);
  progress.step("measures to figures", ids.size(), "measures");
  system::Definitions definitions(system.folder);
  const disclosure::Policy policy = disclosure::policy_on(disclosure::load_policies(definitions), snapshot.manifest().as_of);
  db::Sqlite database = open_figures(file);
  PublicationStore publications(publications_file(file));
  publications.forget_before(Date::from_ymd(snapshot.manifest().as_of.year(), snapshot.manifest().as_of.month(), 1).plus_months(1 - most_months));
  std::optional<PersonGroups> groups;  // read when a measure has changed
  for (const std::string& id : ids) {
    progress.advance(1);
    const std::vector<KeptMonth> months = kept_months(library, store, content_hash, id, snapshot.manifest().as_of);
    if (months.empty()) continue;
    const std::string state = state_of(months, policy);
    db::Statement known = database.prepare(sql::measure_state);
    if (known.bind(id).step() && known.text(0) == state) {
      ++published.unchanged;
      continue;
    }
    if (!groups) groups = read_person_groups(snapshot, system);
    db::Transaction remembering = publications.begin();
    db::Transaction transaction(database);
    database.prepare(sql::measure_forget).bind(id).run();
    database.prepare(sql::figure_forget).bind(id).run();
    db::Statement keep = database.prepare(sql::figure_keep);
    std::vector<KeptMonth> readable;
    for (auto at = months.rbegin(); at != months.rend(); ++at) {  // the latest readable month is the one that is split
      const auto members = store.read({content_hash, id, at->measure->version, at->month});
      if (!members) continue;  // damaged: as if it were not there
      const auto& measure = *at->measure;
      const MeasureShape shape{measure.kind == measures::MeasureKind::count, measure.kind != measures::MeasureKind::proportion, measure.per};
      EarlierFigures earlier{measure.version, publications.read(id, at->month)};
      const auto figures = figures_of(tally_members(*groups, *members, at->month), groups->lists, shape, at->month, readable.empty(), policy, &earlier);
      publications.keep(id, at->month, earlier.memory);
      published.withheld += bases_with(figures, [](const MeasureFigure& figure) { return figure.withheld; });
      published.held_back += bases_with(figures, [](const MeasureFigure& figure) { return figure.held_back; });
      for (const auto& figure : figures) {
        keep_figure(keep, id, figure);
        ++published.figures;
        published.hidden += figure.hidden ? 1 : 0;
        published.hidden_for_others += figure.hidden_for_others ? 1 : 0;
      }
      readable.insert(readable.begin(), *at);
    }
    if (!readable.empty()) {
      keep_measure(database, readable, state);
      ++published.measures;
      published.months += readable.size();
    }
    remembering.commit();  // first: what is remembered and did not leave hides too much at worst
    transaction.commit();
  }
  settle_figures(database);
  progress.done();
  return published;
}

std::unique_ptr<FigureStore> FigureStore::open(const std::filesystem::path& file) {
  std::error_code failed;
  if (!std::filesystem::is_regular_file(file, failed)) return nullptr;
  return std::unique_ptr<FigureStore>(new FigureStore(file));
}

std::vector<PublishedMeasure> FigureStore::measures() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<PublishedMeasure> all;
  db::Statement rows = database_.prepare(sql::measure_all);
  while (rows.step()) {
    PublishedMeasure& m = all.emplace_back();
    int column = 0;
    for (std::string* text : {&m.id, &m.year, &m.title, &m.purpose, &m.denominator, &m.numerator, &m.exclusions, &m.source, &m.owner, &m.limits,
                              &m.good_direction, &m.priority, &m.focus, &m.programme, &m.kind})
      *text = rows.text(column++);
    m.per = rows.number(column++);
    if (!rows.is_null(column)) m.target = rows.number(column);
    ++column;
    m.version = rows.text(column++);
    m.codelists = rows.text(column++);
    m.first_month = Date{static_cast<std::int32_t>(rows.integer(column++))};
    m.last_month = Date{static_cast<std::int32_t>(rows.integer(column))};
  }
  return all;
}

std::vector<MeasureFigure> FigureStore::figures(const std::string& measure) { return read(sql::figure_read, measure); }
std::vector<MeasureFigure> FigureStore::brief_figures(const std::string& measure) { return read(sql::figure_read_brief, measure); }

std::vector<HeadCount> FigureStore::head_counts() {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<HeadCount> all;
  db::Statement rows = database_.prepare(sql::head_count_read);
  while (rows.step()) {
    HeadCount& each = all.emplace_back();
    each.name = rows.text(0);
    if (!rows.is_null(1)) each.count = rows.integer(1);
    each.held_back = (rows.integer(2) & 2) != 0;
    each.withheld = (rows.integer(2) & 4) != 0;
  }
  return all;
}

std::vector<MeasureFigure> FigureStore::read(std::string_view statement, const std::string& measure) {
  const std::lock_guard<std::mutex> lock(mutex_);
  std::vector<MeasureFigure> all;
  db::Statement rows = database_.prepare(statement);
  rows.bind(measure);
  const auto number = [&](int column) { return rows.is_null(column) ? std::optional<double>() : std::optional<double>(rows.number(column)); };
  const auto whole = [&](int column) { return rows.is_null(column) ? std::optional<std::int64_t>() : std::optional<std::int64_t>(rows.integer(column)); };
  while (rows.step()) {
    MeasureFigure& f = all.emplace_back();
    f.basis = static_cast<Basis>(rows.integer(0));
    f.split = static_cast<Split>(rows.integer(1));
    f.variant = rows.text(2);
    f.month = Date{static_cast<std::int32_t>(rows.integer(3))};
    f.place = rows.text(4);
    f.position = static_cast<int>(rows.integer(5));
    f.group = rows.text(6);
    f.numerator = whole(7), f.denominator = whole(8);
    f.value = number(9), f.low = number(10), f.high = number(11);
    f.standardised = number(12), f.standardised_low = number(13), f.standardised_high = number(14);
    f.hidden = (rows.integer(15) & 1) != 0;
    f.held_back = (rows.integer(15) & 2) != 0;
    f.withheld = (rows.integer(15) & 4) != 0;
  }
  return all;
}

}  // namespace catchment::indicators
