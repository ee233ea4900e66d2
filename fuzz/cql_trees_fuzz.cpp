// uses: cql
// Bytes choose a well-typed expression; the planned evaluator must give what the tree walk gives.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <cstdlib>

#include "cql/cql.h"
#include "cql/evaluate/random_expression.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment::cql;
  static const Models models;
  Request request;
  request.time = *Temporal::parse_datetime("2026-04-01T12:00:00.000Z");
  std::size_t used = 0;
  const auto draw = [&](std::uint32_t bound) -> std::uint32_t { return used < size ? data[used++] % bound : 0; };
  const std::string expression = RandomExpression::any(draw, 5);
  const std::string other = evaluators_disagree(expression, models, request);
  if (!other.empty()) {
    std::fprintf(stderr, "%s\n%s\n", expression.c_str(), other.c_str());
    std::abort();
  }
  return 0;
}
