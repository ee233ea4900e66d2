#include "measures/record_rows.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <charconv>

#include "terminology/terminology.h"

namespace catchment::measures {

using records::no_value;

struct RecordRows::Person {
  records::PersonSummary summary;
  RecordColumns columns;
};

RecordRows::RecordRows() {
  words_.codes.emplace_back();
  words_.units.emplace_back();
  words_.organisations.emplace_back();
  words_.areas.emplace_back();
  words_.places.emplace_back();
  words_.sources.emplace_back();
}
RecordRows::~RecordRows() = default;

namespace {

std::string column_names(const records::Table& table) {
  std::string names;
  for (const records::Column& column : table.columns) names += (names.empty() ? "" : ", ") + std::string(column.name);
  return names;
}

std::vector<std::string> texts_of(const std::vector<std::string_view>& views) { return {views.begin(), views.end()}; }

void report(Diagnostics& diagnostics, const std::string& file, int line, std::string message, std::string fix) {
  diagnostics.push_back({file, line, 0, Severity::error, std::move(message), std::move(fix)});
}

template <typename Number>
bool read_whole(std::string_view text, Number& number) {
  const auto end = std::from_chars(text.data(), text.data() + text.size(), number);
  return end.ec == std::errc() && end.ptr == text.data() + text.size();
}

std::string_view what_is_wanted(records::Kind kind) {
  switch (kind) {
    case records::Kind::code: return "write snomed|73211009";
    case records::Kind::date: return "write a day as 2025-04-01";
    case records::Kind::instant: return "write a moment as 2025-04-01T10:30:00Z";
    case records::Kind::integer:
    case records::Kind::pence: return "write a whole number";
    case records::Kind::number: return "write a number as 7.5";
    case records::Kind::flag: return "write true or false";
    default: return "";
  }
}

std::int64_t numbered(std::map<std::string, std::int64_t>& ids, const std::string& text) {
  return ids.emplace(text, static_cast<std::int64_t>(ids.size()) + 1).first->second;
}

}  // namespace

std::int64_t RecordRows::code_id(const std::string& text) {
  const std::size_t bar = text.find('|');
  std::string system = bar == std::string::npos ? "snomed" : text.substr(0, bar);
  std::string code = bar == std::string::npos ? text : text.substr(bar + 1), display;
  if (bar == std::string::npos && !std::all_of(code.begin(), code.end(), [](char c) { return c >= '0' && c <= '9'; })) return no_value;
  if (const std::size_t second = code.find('|'); second != std::string::npos) {
    display = code.substr(second + 1);
    code.resize(second);
  }
  if (const std::string_view uri = terminology::system_uri(system); !uri.empty()) system = uri;
  if (code.empty() || system.empty()) return no_value;
  const std::int64_t id = numbered(code_ids_, system + "|" + code);
  if (static_cast<std::size_t>(id) == words_.codes.size()) words_.codes.push_back({system, code, display});
  return id;
}

bool RecordRows::read_cell(const records::Column& column, const std::string& text, RowColumns& table, std::int64_t& cell) {
  switch (column.kind) {
    case records::Kind::code: cell = code_id(text); return cell != no_value;
    case records::Kind::unit:
      cell = numbered(unit_ids_, text);
      if (static_cast<std::size_t>(cell) == words_.units.size()) words_.units.push_back(text);
      return true;
    case records::Kind::organisation:
      cell = numbered(organisation_ids_, text);
      if (static_cast<std::size_t>(cell) == words_.organisations.size()) words_.organisations.push_back({text, "", ""});
      return true;
    case records::Kind::area:
      cell = numbered(area_ids_, text);
      if (static_cast<std::size_t>(cell) == words_.areas.size()) words_.areas.push_back({text, "", "", 0, 0});
      return true;
    case records::Kind::date: {
      const auto date = Date::parse(text);
      if (date) cell = date->days;
      return date.has_value();
    }
    case records::Kind::instant: {
      const auto instant = Instant::parse(text);
      if (instant) cell = instant->utc_ms;
      return instant.has_value();
    }
    case records::Kind::integer:
    case records::Kind::pence: return read_whole(text, cell);
    case records::Kind::number: {
      double number = 0;
      if (!read_whole(text, number)) return false;
      cell = std::bit_cast<std::int64_t>(number);
      return true;
    }
    case records::Kind::flag: cell = text == "true" ? 1 : 0; return text == "true" || text == "false";
    case records::Kind::word: {
      const auto list = records::words_of(column);
      const auto found = std::find(list.begin(), list.end(), text);
      cell = found - list.begin();
      return found != list.end();
    }
    case records::Kind::local_id:
      cell = static_cast<std::int64_t>(table.texts.size());
      table.texts.push_back(text);
      return true;
  }
  return false;
}

bool RecordRows::add_person(Person& person, const std::vector<CellText>& cells, const std::string& file, int line, Diagnostics& diagnostics) {
  const auto date = [&](const CellText& cell, std::optional<Date>& into) {
    into = Date::parse(cell.value);
    if (!into) report(diagnostics, file, line, fmt::format("{} is not a date: '{}'", cell.column, cell.value), "write a day as 2025-04-01");
    return into.has_value();
  };
  bool good = true;
  for (const CellText& cell : cells) {
    if (cell.value.empty()) continue;
    if (cell.column == "birth_date") {
      CellText full = cell;
      if (full.value.size() == 4) full.value += "-01-01", person.summary.birth_precision = 'y';
      if (full.value.size() == 7) full.value += "-01", person.summary.birth_precision = 'm';
      good = date(full, person.summary.birth_date) && good;
    } else if (cell.column == "death_date") {
      good = date(cell, person.summary.death_date) && good;
    } else if (cell.column == "sex") {
      static const std::vector<std::string> sexes{"female", "male", "other", "unknown"};
      const auto found = std::find(sexes.begin(), sexes.end(), cell.value);
      if (found == sexes.end()) {
        report(diagnostics, file, line, fmt::format("sex is none of female, male, other, unknown: '{}'", cell.value), "write one of them");
        good = false;
      } else {
        person.summary.sex = static_cast<records::Sex>(found - sexes.begin());
      }
    } else if (cell.column == "practice") {
      RowColumns none;
      std::int64_t id = 0;
      read_cell({"practice", records::Kind::organisation, ""}, cell.value, none, id);
      person.summary.practice.value = static_cast<std::int32_t>(id);
    } else {
      const std::string near = nearest(cell.column, {"birth_date", "death_date", "sex", "practice"});
      report(diagnostics, file, line, fmt::format("table person has no column '{}'", cell.column),
             near.empty() ? "its columns are birth_date, sex, death_date, practice" : "did you mean " + near + "?");
      good = false;
    }
  }
  return good;
}

bool RecordRows::add(const std::string& person, const std::string& table, const std::vector<CellText>& cells, const std::string& file, int line,
                     Diagnostics& diagnostics) {
  auto& held = by_name_[person];
  if (!held) {
    held = std::make_unique<Person>();
    people_.push_back(person);
    held->summary.person.value = static_cast<std::int64_t>(people_.size());
    for (std::size_t t = 0; t < records::table_count; ++t) held->columns[t].cells.resize(records::tables[t].columns.size());
  }
  indexed_ = false;
  if (table == "person") return add_person(*held, cells, file, line, diagnostics);
  const auto found = std::find_if(std::begin(records::tables), std::end(records::tables), [&](const records::Table& t) { return t.name == table; });
  if (found == std::end(records::tables)) {
    std::vector<std::string> names{"person"};
    for (const records::Table& t : records::tables) names.emplace_back(t.name);
    const std::string near = nearest(table, names);
    report(diagnostics, file, line, fmt::format("there is no table '{}'", table),
           near.empty() ? "docs/reference/record-as-fhir.md lists them" : "did you mean " + near + "?");
    return false;
  }
  RowColumns& rows = held->columns[static_cast<std::size_t>(found - std::begin(records::tables))];
  std::vector<std::int64_t> row(found->columns.size(), no_value);
  bool good = true;
  for (const CellText& cell : cells) {
    const auto column = std::find_if(found->columns.begin(), found->columns.end(), [&](const records::Column& c) { return c.name == cell.column; });
    if (column == found->columns.end()) {
      report(diagnostics, file, line, fmt::format("table {} has no column '{}'", table, cell.column), "its columns are " + column_names(*found));
      good = false;
    } else if (!cell.value.empty() && !read_cell(*column, cell.value, rows, row[static_cast<std::size_t>(column - found->columns.begin())])) {
      const bool word = column->kind == records::Kind::word;
      const std::string near = word ? nearest(cell.value, texts_of(records::words_of(*column))) : "";
      report(diagnostics, file, line, fmt::format("{}.{} cannot be '{}'", table, cell.column, cell.value),
             !near.empty() ? "did you mean " + near + "?"
                 : word    ? "write one of " + std::string(column->note)
                           : std::string(what_is_wanted(column->kind)));
      good = false;
    }
  }
  if (!good) return false;
  for (std::size_t i = 0; i < row.size(); ++i) rows.cells[i].push(row[i]);
  rows.sources.push(0);
  rows.lines.push(line);
  rows.organisations.push(no_value);
  ++rows.rows;
  return true;
}

std::unique_ptr<RecordView> RecordRows::view(const std::string& person) {
  static const RecordColumns no_rows;
  if (!indexed_) words_.index();
  indexed_ = true;
  const auto found = by_name_.find(person);
  const RecordColumns& columns = found == by_name_.end() ? no_rows : found->second->columns;
  auto view = std::make_unique<RecordView>(columns, words_);
  RowRanges ranges{};
  for (std::size_t t = 0; t < records::table_count; ++t) ranges[t] = {0, columns[t].rows};
  view->begin(found == by_name_.end() ? records::PersonSummary{} : found->second->summary, ranges);
  return view;
}

}  // namespace catchment::measures
