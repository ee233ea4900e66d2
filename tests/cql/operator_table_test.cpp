#include <doctest/doctest.h>

#include <algorithm>

#include "cql/operators/operators.h"

using namespace catchment::cql;

TEST_CASE("the operator table is found by name and keeps its order") {
  const auto rows = overloads_of("Add");
  REQUIRE(rows.size() == 8);
  CHECK(rows[0].parameters == std::vector<Type>{Type::integer(), Type::integer()});
  CHECK(rows[0].result == Type::integer());
  CHECK(overloads_of("Nonsense").empty());
  CHECK(std::is_sorted(operator_names().begin(), operator_names().end()));
}

TEST_CASE("generic signatures carry type variables") {
  const auto rows = overloads_of("Collapse");
  REQUIRE(rows.size() == 2);
  CHECK(rows[0].parameters[0] == Type::list(Type::interval(Type::variable("T"))));
  CHECK(rows[0].result.is_generic());
  CHECK(to_string(rows[1].parameters[1]) == "Quantity");
}
