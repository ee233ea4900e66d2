// uses: cql
// Any bytes as one CQL expression: read, checked and evaluated without a crash; the evaluators agree.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "cql/cql.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment::cql;
  static const Models models;
  Request request;
  request.time = *Temporal::parse_datetime("2026-04-01T12:00:00.000Z");
  try {
    if (!evaluators_disagree({reinterpret_cast<const char*>(data), size}, models, request).empty()) std::abort();
  } catch (const catchment::Error&) {
    // A diagnostic is a fair answer; anything else ends the run.
  }
  return 0;
}
