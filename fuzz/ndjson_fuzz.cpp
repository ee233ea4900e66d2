// uses: intake
// Any bytes in place of NDJSON, and of a bundle: every line becomes rows or a quarantined line.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>

#include "fhir/resources.h"
#include "intake/fhir_rows.h"

namespace {

using namespace catchment;
using namespace catchment::intake;

struct Ready {
  FeedDefinitions definitions;
  UnitTable units{{}};
  LocalTime zone{"Europe/London"};
  FilePlan plan;
  Ready() {
    Feed feed;
    feed.name = "f";
    feed.format = Format::fhir_ndjson;
    feed.key_domain = "f";
    feed.columns = fhir_columns();
    definitions.feeds.push_back(std::move(feed));
    plan.feed = &definitions.feeds[0];
    plan.partner = "X";
    plan.where.assign(plan.feed->columns.size(), -1);
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Ready ready;
  LocalDictionary dictionary;
  FhirRows rows({&ready.definitions, &ready.units, &ready.zone, nullptr, Date::from_ymd(2026, 4, 1)}, dictionary);
  for (const bool bundles : {false, true}) {
    std::size_t at = 0;
    CutterOptions options;
    options.longest_row = 1 << 16;
    RowCutter cutter(
        [&](char* to, std::size_t room) {
          const std::size_t n = std::min(room, size - at);
          std::memcpy(to, data + at, n);
          at += n;
          return n;
        },
        options);
    Block block;
    Batch batch;
    while (cutter.next(block)) {
      batch.start(ready.plan.feed->columns.size());
      rows.run(ready.plan, block, bundles, batch);
      if (batch.rows.size() < block.rows.size()) std::abort();
      for (const InputRow& row : batch.rows)
        if (!row.quarantined && row.staged_begin == row.staged_end && row.identity < 0 && row.resource < 0) std::abort();
    }
  }
  return 0;
}
