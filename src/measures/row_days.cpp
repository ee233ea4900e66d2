#include "measures/row_days.h"

#include <algorithm>
#include <optional>

namespace catchment::measures {

namespace {

template <typename Bound, typename Columns>
const Bound* find(const std::vector<Bound>& bounds, const Columns& columns, Columns Bound::* of) {
  const auto found = std::find_if(bounds.begin(), bounds.end(), [&](const Bound& b) { return b.*of == columns; });
  return found == bounds.end() ? nullptr : &*found;
}

/// Bounds that both sides state, wide enough for either.
template <typename Test, typename Bound, typename Columns>
Test hull(const Test& a, const Test& b, Columns Bound::* of) {
  Test result;
  for (const Bound& mine : a.all) {
    const Bound* other = find(b.all, mine.*of, of);
    if (other == nullptr) continue;
    Bound wide = mine;
    wide.low = std::min(mine.low, other->low);
    wide.high = std::max(mine.high, other->high);
    wide.nulls = mine.nulls || other->nulls;
    if constexpr (requires { wide.period_nulls; }) wide.period_nulls = mine.period_nulls || other->period_nulls;
    if (wide.low != INT64_MIN || wide.high != INT64_MAX) result.all.push_back(std::move(wide));
  }
  if (result.all.empty()) return result;
  result.disordered = a.disordered;
  for (const auto& pair : b.disordered)
    if (std::find(result.disordered.begin(), result.disordered.end(), pair) == result.disordered.end()) result.disordered.push_back(pair);
  return result;
}

/// The column of a day; nothing when the shape keeps no such day.
std::optional<std::int16_t> column_of(const DayElement& day, const ShapeMap& shape) {
  std::optional<std::int16_t> found;
  for (const ElementMap& element : shape.elements) {
    if (std::find(day.keys.begin(), day.keys.end(), element.key) == day.keys.end()) continue;
    if (found) return std::nullopt;  // which of two is read depends on the row
    if (element.how == How::date) found = element.column;
    else if (element.how == How::period || element.how == How::timed_period) found = day.end ? element.other : element.column;
    else return std::nullopt;
  }
  return found;
}

std::optional<std::vector<std::int16_t>> columns_of(const std::vector<DayElement>& days, const ShapeMap& shape) {
  std::vector<std::int16_t> columns;
  for (const DayElement& day : days) {
    const auto column = column_of(day, shape);
    if (!column) return std::nullopt;
    columns.push_back(*column);
  }
  return columns;
}

bool is_period(const std::vector<DayElement>& days, const ShapeMap& shape) {
  return std::any_of(days.begin(), days.end(), [&](const DayElement& day) {
    return std::any_of(shape.elements.begin(), shape.elements.end(), [&](const ElementMap& element) {
      return element.how != How::date && std::find(day.keys.begin(), day.keys.end(), element.key) != day.keys.end();
    });
  });
}

}  // namespace

RowTest both(RowTest a, RowTest b) {
  for (DayBound& bound : b.all) {
    const auto mine = std::find_if(a.all.begin(), a.all.end(), [&](const DayBound& each) { return each.first_of == bound.first_of; });
    if (mine == a.all.end()) {
      a.all.push_back(std::move(bound));
      continue;
    }
    mine->low = std::max(mine->low, bound.low);
    mine->high = std::min(mine->high, bound.high);
    mine->nulls = mine->nulls && bound.nulls;
    mine->period_nulls = mine->period_nulls && bound.period_nulls;
  }
  a.disordered.insert(a.disordered.end(), b.disordered.begin(), b.disordered.end());
  return a;
}

RowTest either(const RowTest& a, const RowTest& b) { return hull(a, b, &DayBound::first_of); }
RowDays either(const RowDays& a, const RowDays& b) { return hull(a, b, &DayRange::columns); }

RowDays on_columns(const RowTest& test, const ShapeMap& shape) {
  RowDays days;
  for (const DayBound& bound : test.all) {
    auto columns = columns_of(bound.first_of, shape);
    if (!columns) continue;
    const bool nulls = bound.nulls || (bound.period_nulls && is_period(bound.first_of, shape));
    const auto known = std::find_if(days.all.begin(), days.all.end(), [&](const DayRange& range) { return range.columns == *columns; });
    if (known == days.all.end()) {
      days.all.push_back({std::move(*columns), bound.low, bound.high, nulls});
    } else {
      known->low = std::max(known->low, bound.low);
      known->high = std::min(known->high, bound.high);
      known->nulls = known->nulls && nulls;
    }
  }
  if (days.all.empty()) return days;
  for (const auto& [low, high] : test.disordered) {
    auto first = columns_of(low, shape), second = columns_of(high, shape);
    if (!first || !second) return {};
    days.disordered.emplace_back(std::move(*first), std::move(*second));
  }
  return days;
}

std::string to_string(const RowDays& days, const records::Table& table) {
  if (days.every()) return "every day";
  std::string text;
  for (const DayRange& range : days.all) {
    std::string names;
    for (const std::int16_t column : range.columns)
      names += (names.empty() ? "" : " else ") + std::string(table.columns[static_cast<std::size_t>(column)].name);
    text += (text.empty() ? "" : " and ") + names;
    if (range.low != INT64_MIN) text += " from " + catchment::to_string(Date{static_cast<std::int32_t>(range.low)});
    if (range.high != INT64_MAX) text += " to " + catchment::to_string(Date{static_cast<std::int32_t>(range.high)});
    if (range.nulls) text += " or without one";
  }
  return text;
}

}  // namespace catchment::measures
