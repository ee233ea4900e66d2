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
      const bool alone =
          !scan.every && exact && source.codes == scan.codes && source.first_words == scan.first_words && source.second_words == scan.second_words;
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

/// The words of a closed list that are asked for; values of the column's own type, so that nothing is cast row by row.
std::string words_in(std::size_t table, std::int16_t column, std::uint32_t words, std::vector<db::Cell>& values) {
  const records::Column& of = column_of(table, column);
  const auto list = records::words_of(of);
  std::string any;
  for (std::size_t i = 0; i < list.size() && i < 32; ++i) {
    if ((words & (1U << i)) == 0) continue;
    any += fmt::format("{}{} = CAST(? AS {})", any.empty() ? "" : " OR ", db::quoted_name(of.name), records::word_type(of));
    values.emplace_back(std::string(list[i]));
  }
  return "(" + any + ")";
}

/// A stretch of code ids that are all asked for.
struct Stretch {
  std::int32_t first = 0, last = 0;
};

std::vector<Stretch> stretches(const std::vector<std::int32_t>& codes) {
  std::vector<Stretch> result;
  for (const std::int32_t code : codes) {
    if (!result.empty() && result.back().last + 1 == code) result.back().last = code;
    else result.push_back({code, code});
  }
  return result;
}

std::string stretch_in(const TableScan& scan, Stretch stretch, std::vector<db::Cell>& values) {
  const std::string name = name_of(scan.table, scan.code_column);
  values.emplace_back(std::int64_t{stretch.first});
  if (stretch.first == stretch.last) return name + " = ?";
  values.emplace_back(std::int64_t{stretch.last});
  return fmt::format("{} BETWEEN ? AND ?", name);
}

std::string codes_in(const TableScan& scan, const std::vector<std::int32_t>& codes, std::vector<db::Cell>& values) {
  if (codes.size() > most_listed_codes) return stretch_in(scan, {codes.front(), codes.back()}, values);
  std::string any;
  for (const Stretch stretch : stretches(codes)) any += (any.empty() ? "" : " OR ") + stretch_in(scan, stretch, values);
  return "(" + any + ")";
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
  const auto add = [&](const std::string& one) { any += (any.empty() ? "" : " OR ") + one; };
  for (const CodeDays& each : scan.code_days) add(with_days(codes_in(scan, each.codes, values), each.days, scan.table, values));
  if (scan.first_words != 0) add(with_days(words_in(scan.table, scan.first_word_column, scan.first_words, values), scan.days, scan.table, values));
  if (scan.second_words != 0) add(with_days(words_in(scan.table, scan.second_word_column, scan.second_words, values), scan.days, scan.table, values));
  return "(" + any + ")";
}

ScanStatement statement_of(const TableScan& scan, const std::string& columns, std::string condition, std::vector<db::Cell> values, PersonRange range) {
  // Names come from records/schema.h only; every value is bound.
  if (!range.everyone()) {
    condition += condition.empty() ? "" : " AND ";
    condition += "person BETWEEN ? AND ?";
    values.emplace_back(range.first);
    values.emplace_back(range.last);
  }
  return {fmt::format("SELECT {} FROM {}{}", columns, db::quoted_name(records::tables[scan.table].name), condition.empty() ? "" : " WHERE " + condition),
          std::move(values)};
}

}  // namespace

ScanStatement count_statement(const TableScan& scan, PersonRange range) {
  std::vector<db::Cell> values;
  std::string condition = rows_in(scan, values);
  return statement_of(scan, "count(*)", std::move(condition), std::move(values), range);
}

std::vector<ScanStatement> scan_statements(const TableScan& scan, bool labels, PersonRange range) {
  std::string columns = "person";
  if (labels) columns += ", source, line, organisation";
  for (const std::int16_t column : scan.columns) columns += ", " + name_of(scan.table, column);
  std::vector<ScanStatement> statements;
  if (scan.every || scan.first_words != 0 || scan.second_words != 0) {
    std::vector<db::Cell> values;
    std::string condition = rows_in(scan, values);
    statements.push_back(statement_of(scan, columns, std::move(condition), std::move(values), range));
    return statements;
  }
  std::map<std::int32_t, const RowDays*> days;
  for (const CodeDays& each : scan.code_days)
    for (const std::int32_t code : each.codes) days[code] = &each.days;
  std::vector<std::pair<Stretch, const RowDays*>> parts;
  RowDays widest = scan.code_days.empty() ? RowDays{} : scan.code_days.front().days;
  for (const CodeDays& each : scan.code_days) widest = either(widest, each.days);
  if (scan.tests_codes()) {
    parts.push_back({{scan.codes.front(), scan.codes.back()}, &widest});
  } else {
    for (const auto& [code, of_code] : days) {
      const bool goes_on = !parts.empty() && parts.back().first.last + 1 == code && parts.back().second == of_code;
      if (goes_on) parts.back().first.last = code;
      else parts.push_back({{code, code}, of_code});
    }
  }
  for (const auto& [stretch, of_stretch] : parts) {
    std::vector<db::Cell> values;
    std::string condition = with_days(stretch_in(scan, stretch, values), *of_stretch, scan.table, values);
    statements.push_back(statement_of(scan, columns, std::move(condition), std::move(values), range));
  }
  return statements;
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
  for (const CodeDays& each : scan.code_days)
    text += fmt::format("{} {} with {}", &each == &scan.code_days.front() ? ":" : ",", each.codes.size(), to_string(each.days, table));
  if (scan.first_words != 0 || scan.second_words != 0) text += "; and by kind, " + to_string(scan.days, table);
  return text;
}

}  // namespace catchment::measures
