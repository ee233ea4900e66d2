#include <fmt/core.h>

#include <algorithm>
#include <set>
#include <tuple>

#include "measures/library.h"
#include "measures/library_reading.h"

namespace catchment::measures {

namespace {

bool among(const std::vector<std::string>& words, const std::string& word) { return std::find(words.begin(), words.end(), word) != words.end(); }

/// "2025/26": its first day and its last.
bool read_year(const std::string& text, Date& from, Date& to) {
  const bool shaped = text.size() == 7 && text[4] == '/' && std::all_of(text.begin(), text.begin() + 4, [](char c) { return c >= '0' && c <= '9'; }) &&
      text[5] >= '0' && text[5] <= '9' && text[6] >= '0' && text[6] <= '9';
  if (!shaped) return false;
  const int year = std::stoi(text.substr(0, 4));
  if (year < 1990 || std::stoi(text.substr(5)) != (year + 1) % 100) return false;
  from = Date::from_ymd(year, 4, 1);
  to = Date::from_ymd(year + 1, 3, 31);
  return true;
}

}  // namespace

void LibraryReading::place(system::TomlTable& table, const MeasureWords& words) {
  std::vector<std::string> ids, areas, programmes;
  const system::StrategyItem* item = nullptr;
  for (const auto* list : {&strategy.priorities, &strategy.enablers}) {
    for (const system::StrategyItem& one : *list) {
      ids.push_back(one.id);
      if (one.id == words.priority) item = &one;
    }
  }
  if (item == nullptr) {
    if (words.priority.empty()) return;
    const std::string near = nearest(words.priority, ids);
    table.error("priority", "strategy.toml has no priority or enabler '" + words.priority + "'",
                near.empty() ? "use the id of a [[priority]] or an [[enabler]]" : "did you mean \"" + near + "\"?");
    return;
  }
  const system::FocusArea* focus = nullptr;
  for (const system::FocusArea& one : item->focus) {
    areas.push_back(one.id);
    if (one.id == words.focus) focus = &one;
  }
  if (item->focus.empty() && words.focus.empty()) return;
  if (focus == nullptr) {
    const std::string near = nearest(words.focus, areas);
    table.error("focus", fmt::format("'{}' has no focus area '{}'", item->id, words.focus),
                near.empty() ? "use the id of one of its [[priority.focus]]" : "did you mean \"" + near + "\"?");
    return;
  }
  if (!words.programme.empty() && !focus->programmes.empty() && !among(focus->programmes, words.programme)) {
    const std::string near = nearest(words.programme, focus->programmes);
    table.error("programme", fmt::format("focus area '{}' has no programme '{}'", focus->id, words.programme),
                near.empty() ? "use one of its programmes: " + focus->programmes.front() + ", ..." : "did you mean \"" + near + "\"?");
  }
}

void LibraryReading::read_words(system::TomlTable& table, const MeasureWords& usual, MeasureWords& words) {
  words.id = table.text("id");
  words.title = table.text("title");
  words.purpose = table.text("purpose");
  words.denominator = table.text("denominator");
  words.numerator = table.text("numerator");
  words.exclusions = table.optional_text("exclusions");
  words.limits = table.optional_text("limits");
  const auto or_usual = [&table](std::string_view key, const std::string& otherwise) {
    if (!table.has(key) && !otherwise.empty()) return table.optional_text(key), otherwise;
    return table.text(key);
  };
  words.source = or_usual("source", usual.source);
  words.owner = or_usual("owner", usual.owner);
  words.good_direction = or_usual("good_direction", usual.good_direction);
  words.priority = or_usual("priority", usual.priority);
  const std::string focus = table.optional_text("focus"), programme = table.optional_text("programme");
  const bool moved = table.has("priority") || table.has("focus");
  words.focus = focus.empty() && !moved ? usual.focus : focus;
  words.programme = programme.empty() && !moved ? usual.programme : programme;
  const bool shaped =
      !words.id.empty() && std::all_of(words.id.begin(), words.id.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; });
  if (!shaped && !words.id.empty()) table.error("id", "'" + words.id + "' is not an id", "use lower-case letters, digits and '-'");
  if (!words.good_direction.empty() && !among({"higher", "lower", "neither"}, words.good_direction)) {
    table.error("good_direction", "'" + words.good_direction + "' is not a direction", "write higher, lower or neither");
  }
  if (!words.owner.empty() && !owners.empty() && !among(owners, words.owner)) {
    const std::string near = nearest(words.owner, owners);
    table.error("owner", "there is no body or organisation '" + words.owner + "'",
                near.empty() ? "use an id of bodies.toml or organisations.csv" : "did you mean \"" + near + "\"?");
  }
  place(table, words);
}

void LibraryReading::read_measure(system::TomlTable& table, const std::string& file, const std::string& cql, const MeasureWords& usual) {
  LibraryMeasure measure;
  measure.file = file;
  measure.line = table.line();
  measure.library = cql;
  read_words(table, usual, measure.words);
  const std::string kind = table.optional_text("kind");
  if (kind.empty() || kind == "proportion") measure.kind = MeasureKind::proportion;
  else if (kind == "count") measure.kind = MeasureKind::count;
  else if (kind == "register") measure.kind = MeasureKind::register_;
  else table.error("kind", "'" + kind + "' is not a kind of measure", "write proportion, count or register");
  measure.per = table.number("per", 1, 1e6).value_or(measure.kind == MeasureKind::count ? 1000 : 100);
  measure.target = table.number("target", 0, 1e6);
  std::vector<std::string> years = table.texts("years");
  if (years.empty()) table.error("years", "no financial year is named", "add years = [\"2025/26\"]");
  std::vector<system::TomlTable> define = table.tables("define");
  if (define.size() != 1) {
    table.error("define", "the definitions are not named", "add define = { denominator = \"...\", numerator = \"...\" } with names of " + cql + ".cql");
  } else {
    measure.denominator = define[0].text("denominator");
    measure.numerator = define[0].text("numerator");
    measure.exclusions = define[0].optional_text("exclusions");
    define[0].finish();
    if (!measure.exclusions.empty() && measure.words.exclusions.empty()) {
      table.error("exclusions", "a definition excludes people and no words say whom", "add exclusions = \"...\" in plain words");
    }
  }
  table.finish();
  for (const std::string& year : years) {
    LibraryMeasure one = measure;
    one.year = year;
    if (!read_year(year, one.from, one.to)) {
      table.error("years", "'" + year + "' is not a financial year", "write it as \"2025/26\"");
      continue;
    }
    if (!seen.insert(one.words.id + " " + year).second) {
      table.error("id", fmt::format("'{}' is there twice for {}", one.words.id, year), "give each measure an id of its own, or another year");
      continue;
    }
    library.measures.push_back(std::move(one));
  }
}

void LibraryReading::read_metadata(const std::string& file) {
  const std::optional<system::TomlValue> root = system::read_toml(definitions, file);
  if (!root) return;
  system::TomlTable top(definitions, file, *root);
  const std::string cql = std::filesystem::path(file).stem().string();
  if (!definitions.has("measures/" + cql + ".cql")) {
    definitions.error(file, 1, 1, "there is no " + cql + ".cql beside it", "write the measures' logic in measures/" + cql + ".cql");
    return;
  }
  MeasureWords usual;
  usual.source = top.optional_text("source");
  usual.owner = top.optional_text("owner");
  usual.good_direction = top.optional_text("good_direction");
  usual.priority = top.optional_text("priority");
  usual.focus = top.optional_text("focus");
  usual.programme = top.optional_text("programme");
  for (system::TomlTable& table : top.tables("measure")) read_measure(table, file, cql, usual);
  top.finish();
}

std::string_view word_of(MeasureKind kind) {
  switch (kind) {
    case MeasureKind::proportion: return "proportion";
    case MeasureKind::count: return "count";
    case MeasureKind::register_: return "register";
  }
  return "";
}

LoadedMeasures load_measures(const std::filesystem::path& system_folder) {
  const system::LoadedSystem system = system::load_system(system_folder);
  const terminology::LoadedCodelists codelists = terminology::load_codelists(system_folder);
  return load_measures(system::Definitions(system_folder), system.system, codelists.codelists);
}

LoadedMeasures load_measures(system::Definitions definitions, const system::System& system, const terminology::Codelists& codelists) {
  LoadedMeasures loaded;
  LibraryReading reading{definitions, system.strategy, codelists, {}, {}, loaded.library};
  for (const system::Body& body : system.bodies) reading.owners.push_back(body.id);
  for (const system::Organisation& organisation : system.organisations) reading.owners.push_back(organisation.id);
  for (const std::string& file : definitions.files("measures", ".cql")) {
    if (auto bytes = definitions.bytes(file)) loaded.library.texts.push_back({file, std::move(*bytes)});
  }
  for (const cql::LibraryText& text : loaded.library.texts) loaded.library.libraries.add(text);
  for (const std::string& file : definitions.files("measures", ".toml")) reading.read_metadata(file);
  std::sort(loaded.library.measures.begin(), loaded.library.measures.end(),
            [](const LibraryMeasure& a, const LibraryMeasure& b) { return std::tie(a.words.id, a.from) < std::tie(b.words.id, b.from); });
  reading.check_logic();
  reading.check_lock();
  reading.read_series(system);
  reading.read_plan(system);
  reading.check_promises(system);
  loaded.diagnostics = std::move(definitions.diagnostics());
  return loaded;
}

const LibraryMeasure* find_measure(const MeasureLibrary& library, std::string_view id, Date on) {
  const LibraryMeasure* found = nullptr;
  for (const LibraryMeasure& measure : library.measures) {
    if (measure.words.id != id) continue;
    if (found == nullptr || measure.from <= on) found = &measure;
  }
  return found;
}

const ImportedSeries* find_series(const MeasureLibrary& library, std::string_view id) {
  for (const ImportedSeries& series : library.series)
    if (series.words.id == id) return &series;
  return nullptr;
}

}  // namespace catchment::measures
