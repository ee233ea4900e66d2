#include <fmt/core.h>

#include <map>

#include "measures/case.h"

namespace catchment::measures {

namespace {

constexpr std::string_view example = "write, for example: observation code=$hba1c date=2025-06-01 value=58";

struct Reading {
  const std::string& file;
  Diagnostics& diagnostics;
  std::map<std::string, std::string> names;
  std::map<std::string, std::vector<CellText>> usual;
  std::vector<CaseRow> every;
  std::string measure, year;
  std::vector<MeasureCase> cases;
  int line = 0;

  void fault(std::string message, std::string fix) { diagnostics.push_back({file, line, 1, Severity::error, std::move(message), std::move(fix)}); }
};

std::vector<std::string> words_of(std::string_view text) {
  std::vector<std::string> words;
  std::string word;
  bool quoted = false;
  for (const char c : text) {
    if (c == '"') quoted = !quoted;
    else if (c == '#' && !quoted && word.empty()) break;
    else if ((c == ' ' || c == '\t') && !quoted) {
      if (!word.empty()) words.push_back(std::move(word));
      word.clear();
    } else word += c;
  }
  if (!word.empty()) words.push_back(std::move(word));
  return words;
}

std::vector<CellText> cells_of(Reading& reading, const std::vector<std::string>& words) {
  std::vector<CellText> cells;
  for (std::size_t i = 1; i < words.size(); ++i) {
    const std::size_t equals = words[i].find('=');
    if (equals == std::string::npos || equals == 0) {
      reading.fault("'" + words[i] + "' is not a column and its value", std::string(example));
      continue;
    }
    std::string value = words[i].substr(equals + 1);
    if (value.starts_with("$")) {
      const auto named = reading.names.find(value.substr(1));
      if (named == reading.names.end()) {
        std::vector<std::string> known;
        known.reserve(reading.names.size());
        for (const auto& [name, code] : reading.names) known.push_back(name);
        const std::string near = nearest(value.substr(1), known);
        reading.fault("nothing is named '" + value.substr(1) + "'",
                      near.empty() ? "add a line: name " + value.substr(1) + " CODE" : "did you mean $" + near + "?");
        continue;
      }
      value = named->second;
    }
    cells.push_back({words[i].substr(0, equals), std::move(value)});
  }
  return cells;
}

void add_usual(const Reading& reading, const std::string& table, std::vector<CellText>& cells) {
  const auto usual = reading.usual.find(table);
  if (usual == reading.usual.end()) return;
  for (const CellText& cell : usual->second) {
    bool given = false;
    for (const CellText& each : cells) given = given || each.column == cell.column;
    if (!given) cells.push_back(cell);
  }
}

bool whole(const std::string& word, std::size_t& number) {
  if (word.empty() || word.size() > 6) return false;
  number = 0;
  for (const char c : word) {
    if (c < '0' || c > '9') return false;
    number = number * 10 + static_cast<std::size_t>(c - '0');
  }
  return true;
}

void read_expect(Reading& reading, const std::vector<std::string>& words) {
  Expected expected;
  expected.line = reading.line;
  expected.measure = reading.measure;
  std::size_t at = 1, ignored = 0;
  if (words.size() > 1 && !whole(words[1], ignored)) expected.measure = words[at++];
  const std::size_t numbers = words.size() - at;
  const bool read = (numbers == 2 || numbers == 3) && whole(words[at], expected.denominator) && whole(words[at + 1], expected.numerator) &&
      (numbers == 2 || whole(words[at + 2], expected.excluded));
  if (!read) return reading.fault("an expectation is two or three whole numbers", "write: expect 1 0 (denominator, numerator and, if any, excluded)");
  reading.cases.back().expected.push_back(std::move(expected));
}

void read_person(Reading& reading, std::vector<CellText> cells) {
  MeasureCase& one = reading.cases.back();
  add_usual(reading, "person", cells);
  one.rows.push_back({one.people, "person", std::move(cells), reading.line});
  for (CaseRow row : reading.every) {
    row.person = one.people;
    one.rows.push_back(std::move(row));
  }
  ++one.people;
}

void read_case_line(Reading& reading, const std::vector<std::string>& words) {
  if (reading.cases.empty()) return reading.fault("a row stands before the first case", "begin it with: case WHAT IT SHOWS");
  MeasureCase& one = reading.cases.back();
  if (words[0] == "at") {
    const auto day = words.size() == 2 ? Date::parse(words[1]) : std::nullopt;
    if (!day) return reading.fault("the month is not a date", "write: at 2026-03-31");
    one.at = *day;
    return;
  }
  if (words[0] == "expect") return read_expect(reading, words);
  std::vector<CellText> cells = cells_of(reading, words);
  if (words[0] == "person") return read_person(reading, std::move(cells));
  if (one.people == 0) return reading.fault("a row stands before the first person of its case", "write: person birth_date=1960-05-01 sex=female");
  add_usual(reading, words[0], cells);
  one.rows.push_back({one.people - 1, words[0], std::move(cells), reading.line});
}

void read_line(Reading& reading, const std::string& text) {
  const std::vector<std::string> words = words_of(text);
  if (words.empty()) return;
  if (words[0] == "name") {
    if (words.size() != 3) return reading.fault("a name and its code are wanted", "write: name diabetes 44054006");
    reading.names[words[1]] = words[2];
  } else if (words[0] == "usual" || words[0] == "every") {
    if (words.size() < 3) return reading.fault("a table and its columns are wanted", "write: " + words[0] + " observation status=final");
    const std::vector<std::string> rest(words.begin() + 1, words.end());
    std::vector<CellText> cells = cells_of(reading, rest);
    if (words[0] == "usual") reading.usual[words[1]] = std::move(cells);
    else reading.every.push_back({0, words[1], std::move(cells), reading.line});
  } else if (words[0] == "measure") {
    if (words.size() != 2 && words.size() != 3) return reading.fault("the id of a measure is wanted", "write: measure mmr-two-doses-by-five");
    reading.measure = words[1];
    reading.year = words.size() == 3 ? words[2] : "";
  } else if (words[0] == "case") {
    const std::size_t from = text.find_first_not_of(" \t", text.find("case") + 4);
    MeasureCase one;
    one.file = reading.file;
    one.line = reading.line;
    one.year = reading.year;
    one.title = from == std::string::npos ? "" : text.substr(from);
    if (one.title.empty()) reading.fault("the case does not say what it shows", "write it in plain words after 'case'");
    if (!reading.cases.empty()) one.at = reading.cases.back().at;
    reading.cases.push_back(std::move(one));
  } else {
    read_case_line(reading, words);
  }
}

}  // namespace

std::vector<MeasureCase> read_cases(const std::string& text, const std::string& file, Diagnostics& diagnostics) {
  Reading reading{file, diagnostics, {}, {}, {}, {}, {}, {}, 0};
  for (std::size_t from = 0; from <= text.size();) {
    const std::size_t to = std::min(text.find('\n', from), text.size());
    ++reading.line;
    std::string line = text.substr(from, to - from);
    if (!line.empty() && line.back() == '\r') line.pop_back();
    read_line(reading, line);
    from = to + 1;
  }
  for (const MeasureCase& one : reading.cases) {
    reading.line = one.line;
    if (one.expected.empty()) reading.fault("the case expects nothing", "add a line: expect 1 0");
    if (one.at == Date{}) reading.fault("the case has no month", "add a line: at 2026-03-31");
    if (one.people == 0) reading.fault("the case has nobody in it", "add a line: person birth_date=1960-05-01 sex=female");
  }
  return std::move(reading.cases);
}

std::vector<MeasureCase> load_cases(system::Definitions& definitions) {
  std::vector<MeasureCase> all;
  for (const std::string& file : definitions.files("measures", ".cases")) {
    const auto bytes = definitions.bytes(file);
    if (!bytes) continue;
    for (MeasureCase& one : read_cases(*bytes, file, definitions.diagnostics())) all.push_back(std::move(one));
  }
  return all;
}

}  // namespace catchment::measures
