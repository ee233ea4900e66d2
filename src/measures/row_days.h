// Which days of a row matter to a program: bounds on date columns that rows must keep to have any effect.
// In: bounds on elements of a resource, as clauses state them. Out: the same on the columns of a table, joined for
// several uses. Always: a row outside the bounds changes no answer; what is not understood bounds nothing.
// Private to measures.
#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "measures/record_model.h"

namespace catchment::measures {

/// Where a day of the row is read: an element by any of its keys, its start or end when it is a period.
struct DayElement {
  std::vector<std::string> keys;
  bool end = false;
  bool operator==(const DayElement&) const = default;
};

/// The first of some elements that has a value lies between two days, both included.
struct DayBound {
  std::vector<DayElement> first_of;
  std::int64_t low = INT64_MIN, high = INT64_MAX;  // days since 1970
  bool nulls = false;                              // or none has a value
  bool period_nulls = false;                       // or none has, where the element is a period
};

/// What must hold of a row for it to matter; nothing in `all` = every row matters.
struct RowTest {
  std::vector<DayBound> all;
  /// Rows whose first day is after the second matter as well: an interval of theirs is an error to be reported.
  std::vector<std::pair<std::vector<DayElement>, std::vector<DayElement>>> disordered;
};
RowTest both(RowTest a, RowTest b);
RowTest either(const RowTest& a, const RowTest& b);

/// The same on columns of one table.
struct DayRange {
  std::vector<std::int16_t> columns;
  std::int64_t low = INT64_MIN, high = INT64_MAX;
  bool nulls = false;
  bool operator==(const DayRange&) const = default;
};
struct RowDays {
  std::vector<DayRange> all;
  std::vector<std::pair<std::vector<std::int16_t>, std::vector<std::int16_t>>> disordered;
  bool every() const { return all.empty(); }
  bool operator==(const RowDays&) const = default;
};
RowDays either(const RowDays& a, const RowDays& b);

/// Bounds on elements the shape keeps in no date column are left out.
RowDays on_columns(const RowTest& test, const ShapeMap& shape);

/// "date from 2024-03-29 to 2026-04-02"; "every day".
std::string to_string(const RowDays& days, const records::Table& table);

}  // namespace catchment::measures
