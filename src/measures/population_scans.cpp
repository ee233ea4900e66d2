#include "measures/population_scans.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <optional>

namespace catchment::measures {

namespace {

/// Codes asked for one by one in the statement; longer lists are scanned from first to last and tested row by row.
constexpr std::size_t most_listed_codes = 400;

std::size_t at(std::int16_t column) { return static_cast<std::size_t>(column); }

const records::Column& column_of(std::size_t table, std::int16_t column) { return records::tables[table].columns[at(column)]; }

std::string name_of(std::size_t table, std::int16_t column) { return db::quoted_name(column_of(table, column).name); }

void widen(std::optional<RowDays>& known, const RowDays& days) { known = known ? either(*known, days) : days; }

/// The days needed of one table's rows.
struct TableDays {
  std::map<std::int32_t, std::optional<RowDays>> codes;
  std::optional<RowDays> rest;  // of every row, or of those with a word

  void into(TableScan& scan) const {
    std::optional<RowDays> all = rest;
    for (const auto& [code, days] : codes) {
      if (scan.every) {
        widen(all, *days);
        continue;
      }
      auto same = std::find_if(scan.code_days.begin(), scan.code_days.end(), [&](const CodeDays& each) { return each.days == *days; });
      if (same == scan.code_days.end()) same = scan.code_days.insert(scan.code_days.end(), CodeDays{{}, *days});
      same->codes.push_back(code);
      scan.codes.push_back(code);
    }
    if (all) scan.days = *all;
  }
};

void add_source(const RetrieveSource& source, const RowDays& days, TableScan& scan, TableDays& needed) {
  const ShapeMap& shape = shapes()[source.shape];
  scan.table = at(shape.table_index);
  scan.every = scan.every || source.every;
  scan.code_column = shape.code_column;
  for (const std::int32_t code : source.codes) widen(needed.codes[code], days);
  if (source.every) widen(needed.rest, days);
  if (source.first_words != 0 || source.second_words != 0) {
    const ElementMap& element = *code_element(shape);
    scan.first_word_column = element.other;
    scan.second_word_column = element.how == How::services ? static_cast<std::int16_t>(element.other + 1) : no_column;
    scan.first_words |= source.first_words;
    scan.second_words |= source.second_words;
    widen(needed.rest, days);
  }
  if (scan.resources.find(shape.resource) == std::string::npos) scan.resources += (scan.resources.empty() ? "" : ", ") + std::string(shape.resource);
}

RowDays days_of(const RetrieveDays& all, const BoundRetrieve& retrieve, std::size_t shape) {
  const auto found = all.find(retrieve.node->id);
  if (found == all.end()) return {};
  const auto days = found->second.find(shape);
  return days == found->second.end() ? RowDays{} : days->second;
}

}  // namespace

bool TableScan::tests_codes() const { return !every && codes.size() > most_listed_codes && first_words == 0 && second_words == 0; }

bool is_wide(records::Kind kind) {
  return kind == records::Kind::number || kind == records::Kind::instant || kind == records::Kind::integer || kind == records::Kind::pence;
}

ScanPlan plan_scans(const ProgramReads& reads, std::vector<BoundRetrieve> retrieves, const RetrieveDays& days, bool labels) {
  ScanPlan plan;
  plan.labels = labels;
  std::map<std::size_t, TableScan> scans;
  std::map<std::size_t, TableDays> needed;
  for (const BoundRetrieve& retrieve : retrieves) {
    if (!retrieve.asked) continue;
    for (const RetrieveSource& source : retrieve.sources) {
      const ShapeMap& shape = shapes()[source.shape];
      TableScan& scan = scans[at(shape.table_index)];
      add_source(source, days_of(days, retrieve, source.shape), scan, needed[at(shape.table_index)]);
      scan.columns.merge(columns_read(shape, reads));
      if (retrieve.filtered) continue;
      for (const auto& alternative : retrieve.node->code_alternatives)
        for (const ElementMap& element : shape.elements)
          if (element.key == alternative.key) add_columns(element, scan.columns);
    }
  }
  for (auto& [table, scan] : scans) needed[table].into(scan);
  for (BoundRetrieve& retrieve : retrieves) {
    for (RetrieveSource& source : retrieve.sources) {
      const ShapeMap& shape = shapes()[source.shape];
      const auto found = scans.find(at(shape.table_index));
      if (source.every || found == scans.end()) continue;
      TableScan& scan = found->second;
      const bool exact = scan.codes.size() <= most_listed_codes || scan.tests_codes();
      const bool alone = !scan.every && exact && source.codes == scan.codes && source.first_words == scan.first_words && source.second_words == scan.second_words;
      if (alone) {
        source.every = true;
        continue;
      }
      if (!retrieve.asked) continue;
      if (shape.code_column != no_column) scan.columns.insert(shape.code_column);
      if (source.first_words != 0 || source.second_words != 0) add_columns(*code_element(shape), scan.columns);
    }
  }
  for (auto& [table, scan] : scans) {
    if (scan.tests_codes()) scan.columns.insert(scan.code_column);
    plan.scans.push_back(std::move(scan));
  }
  plan.retrieves = std::move(retrieves);
  return plan;
}

namespace {

/// `column IN (?, ...)` of a closed list of words; values of the column's own type, so that nothing is cast row by row.
std::string words_in(std::size_t table, std::int16_t column, std::uint32_t words, std::vector<db::Cell>& values) {
  const records::Column& of = column_of(table, column);
  const auto list = records::words_of(of);
  std::string type = "ENUM (", marks;
  for (const std::string_view word : list) type += (type.back() == '(' ? "'" : ", '") + std::string(word) + "'";
  type += ")";
  for (std::size_t i = 0; i < list.size() && i < 32; ++i) {
    if ((words & (1U << i)) == 0) continue;
    marks += (marks.empty() ? "" : ", ") + ("CAST(? AS " + type + ")");
    values.emplace_back(std::string(list[i]));
  }
  return fmt::format("{} IN ({})", db::quoted_name(of.name), marks);
}

std::string codes_in(const TableScan& scan, const std::vector<std::int32_t>& codes, std::vector<db::Cell>& values) {
  const std::string name = name_of(scan.table, scan.code_column);
  if (codes.size() > most_listed_codes) {
    values.emplace_back(std::int64_t{codes.front()});
    values.emplace_back(std::int64_t{codes.back()});
    return fmt::format("{} BETWEEN ? AND ?", name);
  }
  std::string marks;
  for (const std::int32_t code : codes) {
    marks += marks.empty() ? "?" : ", ?";
    values.emplace_back(std::int64_t{code});
  }
  return codes.size() == 1 ? name + " = ?" : fmt::format("{} IN ({})", name, marks);
}

std::string first_of(std::size_t table, const std::vector<std::int16_t>& columns) {
  if (columns.size() == 1) return name_of(table, columns.front());
  std::string names;
  for (const std::int16_t column : columns) names += (names.empty() ? "" : ", ") + name_of(table, column);
  return "coalesce(" + names + ")";
}

/// The days as a condition; empty for every day.
std::string days_in(const RowDays& days, std::size_t table, std::vector<db::Cell>& values) {
  std::string all;
  for (const DayRange& range : days.all) {
    const std::string name = first_of(table, range.columns);
    std::string one;
    if (range.low > range.high) {
      one = "false";
    } else {
      if (range.low != INT64_MIN) values.emplace_back(Date{static_cast<std::int32_t>(range.low)}), one = name + " >= ?";
      if (range.high != INT64_MAX) values.emplace_back(Date{static_cast<std::int32_t>(range.high)}), one += (one.empty() ? "" : " AND ") + name + " <= ?";
    }
    if (range.nulls) one = fmt::format("({} OR {} IS NULL)", one, name);
    all += (all.empty() ? "" : " AND ") + one;
  }
  for (const auto& [low, high] : days.disordered) all = fmt::format("({} OR {} > {})", all, first_of(table, low), first_of(table, high));
  return all;
}

std::string with_days(std::string condition, const RowDays& days, std::size_t table, std::vector<db::Cell>& values) {
  const std::string when = days_in(days, table, values);
  return when.empty() ? condition : fmt::format("({} AND {})", condition, when);
}

/// Codes and words, each with the days needed of it.
std::string rows_in(const TableScan& scan, std::vector<db::Cell>& values) {
  if (scan.every) return days_in(scan.days, scan.table, values);
  std::string any;
  int parts = 0;
  const auto add = [&](const std::string& one) {
    any += (any.empty() ? "" : " OR ") + one;
    ++parts;
  };
  const bool words = scan.first_words != 0 || scan.second_words != 0;
  // All codes together first: a condition the store can use to pass over whole stretches of the table.
  const std::string all_codes = !words && scan.code_days.size() > 1 ? codes_in(scan, scan.codes, values) + " AND " : std::string();
  for (const CodeDays& each : scan.code_days) add(with_days(codes_in(scan, each.codes, values), each.days, scan.table, values));
  if (scan.first_words != 0) add(with_days(words_in(scan.table, scan.first_word_column, scan.first_words, values), scan.days, scan.table, values));
  if (scan.second_words != 0) add(with_days(words_in(scan.table, scan.second_word_column, scan.second_words, values), scan.days, scan.table, values));
  return all_codes + (parts > 1 ? "(" + any + ")" : any);
}

}  // namespace

ScanStatement scan_statement(const TableScan& scan, bool labels, PersonRange range, bool counting) {
  // Names come from records/schema.h only; every value is bound.
  ScanStatement statement;
  std::string columns = counting ? "count(*)" : "person";
  if (!counting) {
    if (labels) columns += ", source, line, organisation";
    for (const std::int16_t column : scan.columns) columns += ", " + name_of(scan.table, column);
  }
  std::string condition = rows_in(scan, statement.values);
  if (!range.everyone()) {
    condition += condition.empty() ? "" : " AND ";
    condition += "person BETWEEN ? AND ?";
    statement.values.emplace_back(range.first);
    statement.values.emplace_back(range.last);
  }
  statement.sql = fmt::format("SELECT {} FROM {}{}", columns, db::quoted_name(records::tables[scan.table].name), condition.empty() ? "" : " WHERE " + condition);
  return statement;
}

std::uint64_t row_bytes(const TableScan& scan, bool labels) {
  std::uint64_t bytes = 4 + (labels ? 16 : 0);
  for (const std::int16_t column : scan.columns) bytes += is_wide(column_of(scan.table, column).kind) ? 8 : 4;
  return bytes * 2;  // once as scanned, once by person
}

std::string describe(const TableScan& scan) {
  const records::Table& table = records::tables[scan.table];
  if (scan.every) return "every code, " + to_string(scan.days, table);
  std::string text = fmt::format("{} codes", scan.codes.size());
  for (const CodeDays& each : scan.code_days) text += fmt::format("{} {} with {}", &each == &scan.code_days.front() ? ":" : ",", each.codes.size(), to_string(each.days, table));
  if (scan.first_words != 0 || scan.second_words != 0) text += "; and by kind, " + to_string(scan.days, table);
  return text;
}

}  // namespace catchment::measures
