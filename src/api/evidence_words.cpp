#include "api/evidence_words.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <bit>

namespace catchment::api {

namespace {

using measures::CellText;
using records::Kind;

const records::Table* table_named(std::string_view name) {
  const auto* found = std::find_if(std::begin(records::tables), std::end(records::tables), [&](const records::Table& each) { return each.name == name; });
  return found == std::end(records::tables) ? nullptr : found;
}

std::string kind_words(std::string_view table) {
  static constexpr std::array<std::pair<std::string_view, std::string_view>, 15> kinds = {{{"person", "Person"},
                                                                                           {"registration", "Registration"},
                                                                                           {"residence", "Home"},
                                                                                           {"condition", "Problem"},
                                                                                           {"observation", "Result"},
                                                                                           {"medication", "Medicine"},
                                                                                           {"encounter", "Contact or stay"},
                                                                                           {"procedure", "Procedure"},
                                                                                           {"immunisation", "Vaccination"},
                                                                                           {"allergy", "Allergy"},
                                                                                           {"referral", "Referral"},
                                                                                           {"care_service", "Care service"},
                                                                                           {"care_plan", "Care plan"},
                                                                                           {"screening", "Screening"},
                                                                                           {"death", "Death"}}};
  for (const auto& [name, words] : kinds)
    if (name == table) return std::string(words);
  return std::string(table);
}

std::string spaced(std::string_view text) {
  std::string words(text);
  std::replace_if(words.begin(), words.end(), [](char c) { return c == '_' || c == '-'; }, ' ');
  return words;
}

std::string day_words(const std::string& text) {
  const auto day = Date::parse(text);
  return day ? to_long_string(*day) : text;
}

/// "snomed|44054006" or a bare number of SNOMED CT, as the codelists call it.
std::string code_words(const std::string& text, const terminology::Codelists& codelists) {
  const std::size_t bar = text.find('|');
  const std::string system = bar == std::string::npos ? "snomed" : text.substr(0, bar);
  std::string code = bar == std::string::npos ? text : text.substr(bar + 1);
  if (const std::size_t second = code.find('|'); second != std::string::npos) return code.substr(second + 1);
  for (const auto& list : codelists.lists)
    for (const auto& entry : list.entries)
      if (entry.code == code && (entry.system == system || terminology::system_uri(entry.system) == system) && !entry.display.empty()) return entry.display;
  return code;
}

std::string upper_first(std::string text) {
  if (!text.empty() && text[0] >= 'a' && text[0] <= 'z') text[0] = static_cast<char>(text[0] - 'a' + 'A');
  return text;
}

}  // namespace

EvidenceRow row_words(std::string_view table, const std::vector<CellText>& cells) {
  EvidenceRow words;
  words.kind = kind_words(table);
  const records::Table* shape = table_named(table);
  const auto kind_of = [&](const std::string& column) {
    if (shape != nullptr)
      for (const auto& each : shape->columns)
        if (each.name == column) return each.kind;
    return column.ends_with("_date") ? Kind::date : Kind::word;
  };
  const auto cell = [&](std::string_view column) -> const std::string* {
    for (const CellText& each : cells)
      if (each.column == column && !each.value.empty()) return &each.value;
    return nullptr;
  };
  std::vector<std::string> parts;
  if (const auto* value = cell("value")) parts.push_back(cell("unit") == nullptr ? *value : *value + " " + *cell("unit"));
  for (const CellText& each : cells) {
    if (each.value.empty() || each.column == "value" || each.column == "unit" || each.column == "category") continue;
    const Kind kind = kind_of(each.column);
    if (each.column == "code") words.title = each.value;
    else if (each.column == "status") words.status = spaced(each.value);
    else if (kind == Kind::date && !words.date && Date::parse(each.value)) words.date = Date::parse(each.value);
    else if (kind == Kind::date) parts.push_back(spaced(each.column.substr(0, each.column.find("_date"))) + " " + day_words(each.value));
    else if (kind == Kind::word && each.column == "kind") parts.push_back(spaced(each.value));
    else if (kind != Kind::local_id && kind != Kind::instant && kind != Kind::pence) parts.push_back(spaced(each.column) + " " + each.value);
  }
  std::string detail;
  for (const std::string& part : parts) detail += (detail.empty() ? "" : ", ") + part;
  if (words.title.empty()) std::swap(words.title, detail);
  words.title = words.title.empty() ? words.kind : upper_first(words.title);
  if (!detail.empty()) words.detail = detail;
  return words;
}

EvidenceRow row_words(const measures::CaseRow& row, const terminology::Codelists& codelists) {
  std::vector<CellText> cells = row.cells;
  const records::Table* shape = table_named(row.table);
  for (CellText& cell : cells)
    if (shape != nullptr)
      for (const auto& column : shape->columns)
        if (column.name == cell.column && column.kind == Kind::code) cell.value = code_words(cell.value, codelists);
  EvidenceRow words = row_words(row.table, cells);
  words.line = row.line;
  return words;
}

EvidenceRow row_words(const records::BlockTable& table, std::size_t row, const records::Dictionaries& dictionaries, bool bare) {
  std::vector<CellText> cells;
  for (std::size_t i = 0; i < table.table->columns.size(); ++i) {
    const auto& column = table.table->columns[i];
    if (table.is_null(i, row) || (bare && (column.kind == Kind::organisation || column.kind == Kind::area))) continue;
    std::string text;
    switch (column.kind) {
      case Kind::code: {
        const auto& code = dictionaries.code(table.code(i, row));
        text = code.display.empty() ? code.code : code.display;
        break;
      }
      case Kind::unit: text = dictionaries.unit(static_cast<std::int32_t>(table.integer(i, row))); break;
      case Kind::organisation: {
        const auto& organisation = dictionaries.organisation({static_cast<std::int32_t>(table.integer(i, row))});
        text = organisation.name.empty() ? organisation.code : organisation.name;
        break;
      }
      case Kind::area: text = dictionaries.area(static_cast<std::int32_t>(table.integer(i, row))).name; break;
      case Kind::date: text = to_string(*table.date(i, row)); break;
      case Kind::number: text = fmt::format("{:g}", table.number(i, row)); break;
      case Kind::word: text = std::string(table.word(i, row)); break;
      case Kind::flag: text = table.integer(i, row) != 0 ? "yes" : "no"; break;
      case Kind::integer: text = fmt::format("{}", table.integer(i, row)); break;
      case Kind::instant:
      case Kind::pence:
      case Kind::local_id: break;
    }
    cells.push_back({std::string(column.name), std::move(text)});
  }
  EvidenceRow words = row_words(table.table->name, cells);
  if (bare) return words;
  words.file = dictionaries.source(table.source(row)).file;
  words.line = table.line(row);
  return words;
}

std::string who_words(const std::vector<const measures::CaseRow*>& rows) {
  std::string sex = "Person", born, died;
  for (const measures::CaseRow* row : rows) {
    if (row->table != "person") continue;
    for (const CellText& cell : row->cells) {
      if (cell.column == "sex" && cell.value == "female") sex = "Woman or girl";
      if (cell.column == "sex" && cell.value == "male") sex = "Man or boy";
      if (cell.column == "birth_date") born = " born on " + day_words(cell.value);
      if (cell.column == "death_date" && !cell.value.empty()) died = ", died on " + day_words(cell.value);
    }
  }
  return sex + born + died;
}

std::string standing_word(const measures::Standing& standing) {
  if (standing.excluded) return "excluded";
  if (!standing.denominator) return "out";
  return standing.numerator > 0 ? "met" : "not_met";
}

std::string standing_sentence(const measures::Standing& standing, const measures::LibraryMeasure& measure) {
  if (standing.excluded) return "In the denominator, and left out by the exclusions.";
  if (!standing.denominator) return "Not in the denominator.";
  if (measure.kind == measures::MeasureKind::count)
    return standing.numerator == 0
        ? "In the denominator, with nothing to count in the month."
        : fmt::format("In the denominator, counted {} in the month.", standing.numerator == 1 ? "once" : fmt::format("{} times", standing.numerator));
  return standing.numerator > 0 ? "In the denominator and in the numerator." : "In the denominator, not in the numerator.";
}

std::vector<EvidenceClause> clause_words(const std::vector<measures::ClauseBehind>& clauses, const RowWords& row) {
  std::vector<EvidenceClause> told;
  for (const measures::ClauseBehind& clause : clauses) {
    EvidenceClause one{clause.definition, clause.library, clause.answer, clause.depth, {}};
    for (const measures::RowBehind& each : clause.rows) {
      auto found = row(each.row);
      if (!found) continue;
      found->use = measures::to_string(each.use);
      one.rows.push_back(std::move(*found));
    }
    std::stable_sort(one.rows.begin(), one.rows.end(), [](const auto& a, const auto& b) { return a.date > b.date; });
    told.push_back(std::move(one));
  }
  return told;
}

std::vector<EvidencePart> part_words(const measures::StandingBehind& behind, const measures::LibraryMeasure& measure, const RowWords& row) {
  std::vector<EvidencePart> parts;
  for (const measures::PartBehind& part : behind.parts) {
    const auto& words = part.part == "denominator" ? measure.words.denominator : part.part == "numerator" ? measure.words.numerator : measure.words.exclusions;
    parts.push_back({part.part, words, part.answer, clause_words(part.clauses, row)});
  }
  return parts;
}

}  // namespace catchment::api
