// Builds the table of operators.h from the rows of the families, which write their signatures as CQL does.
#include <algorithm>
#include <map>

#include "cql/operators/operators.h"
#include "cql/operators/rows.h"

namespace catchment::cql {

namespace {

/// Reads "Integer", "List<Interval<T>>" from the front of a signature; one capital letter is a type variable.
Type read_type(std::string_view& text) {
  std::size_t end = 0;
  while (end < text.size() && text[end] != '<' && text[end] != '>' && text[end] != ',') ++end;
  const std::string_view name = text.substr(0, end);
  text.remove_prefix(end);
  if (!text.empty() && text[0] == '<') {
    text.remove_prefix(1);
    Type element = read_type(text);
    text.remove_prefix(1);  // '>'
    return name == "List" ? Type::list(std::move(element)) : Type::interval(std::move(element));
  }
  if (name.size() == 1) return Type::variable(std::string(name));
  return system_type(name).value_or(Type::any());
}

std::vector<Type> read_parameters(std::string_view text) {
  std::vector<Type> result;
  while (!text.empty()) {
    result.push_back(read_type(text));
    while (!text.empty() && (text[0] == ',' || text[0] == ' ')) text.remove_prefix(1);
  }
  return result;
}

struct Table {
  std::vector<Overload> rows;
  std::vector<std::string_view> names;
  std::map<std::string_view, std::pair<std::size_t, std::size_t>> ranges;

  Table() {
    for (const auto family : {logical_rows(), arithmetic_rows(), comparison_rows(), temporal_rows(), list_rows(), interval_rows(), aggregate_rows(),
                              string_rows(), conversion_rows(), clinical_rows()}) {
      for (const Row& row : family) {
        std::string_view result = row.result;
        rows.push_back({row.name, read_parameters(row.parameters), read_type(result), row.null_rule, row.evaluate, row.section});
      }
    }
    std::stable_sort(rows.begin(), rows.end(), [](const Overload& a, const Overload& b) { return a.name < b.name; });
    for (std::size_t i = 0; i < rows.size(); ++i) {
      auto [entry, is_new] = ranges.try_emplace(rows[i].name, i, i);
      entry->second.second = i + 1;
      if (is_new) names.push_back(rows[i].name);
    }
  }
};

const Table& table() {
  static const Table built;
  return built;
}

}  // namespace

std::span<const Overload> all_overloads() { return table().rows; }

std::span<const Overload> overloads_of(std::string_view name) {
  const auto found = table().ranges.find(name);
  if (found == table().ranges.end()) return {};
  return std::span<const Overload>(table().rows).subspan(found->second.first, found->second.second - found->second.first);
}

const std::vector<std::string_view>& operator_names() { return table().names; }

}  // namespace catchment::cql
