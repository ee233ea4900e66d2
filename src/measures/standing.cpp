#include "measures/standing.h"

#include <algorithm>

namespace catchment::measures {

namespace {

bool is_true(const cql::Value& value) { return value.is(cql::Kind::boolean) && value.as_boolean(); }

std::uint32_t count_of(const cql::Value& value) {
  switch (value.kind()) {
    case cql::Kind::boolean: return value.as_boolean() ? 1 : 0;
    case cql::Kind::integer: return static_cast<std::uint32_t>(std::clamp<std::int64_t>(value.as_integer(), 0, 1'000'000));
    case cql::Kind::list: {
      std::uint32_t n = 0;
      for (const cql::Value& item : value.as_list()) n += !item.is_null();
      return n;
    }
    default: return 0;
  }
}

}  // namespace

Standing standing_of(cql::PlannedRun& run, const cql::Program& program, std::size_t measure) {
  const auto ask = [&](std::size_t which) { return run.definition(program.main, static_cast<std::int32_t>(3 * measure + which)); };
  Standing standing;
  if (!is_true(ask(0))) return standing;
  if (is_true(ask(2))) {
    standing.excluded = true;
    return standing;
  }
  standing.denominator = true;
  standing.numerator = count_of(ask(1));
  return standing;
}

}  // namespace catchment::measures
