// uses: intake
// Any bytes in place of a CSV file, in reads of any size: rows come in order, none is lost or read twice, and each is staged or
// quarantined.
#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string_view>

#include "intake/intake.h"
#include "intake/row_program.h"

namespace {

using namespace catchment;
using namespace catchment::intake;

constexpr std::string_view definition = R"(
name = "f"
title = "f"
setting = "other"
files = ["f"]
key = "nhs_number"
key_column = "n"
[csv]
header = false
null = ["-"]
[[column]]
name = "n"
type = "nhs_number"
[[column]]
name = "d"
type = "date"
format = ["%d/%m/%Y", "%Y-%m-%d %H:%M", "%b %Y"]
[[column]]
name = "v"
type = "number"
min = 0
[[column]]
name = "c"
type = "code"
system = "icd10"
map = "m"
[[column]]
name = "p"
type = "postcode"
[[column]]
name = "t"
type = "instant"
[identity]
postcode = "p"
[[record]]
table = "observation"
fields = { code = "c", date = "d", value = "v" }
[[check]]
rule = "unique"
columns = ["n"]
[map.m]
"a" = "I10"
)";

struct Ready {
  FeedDefinitions definitions;
  UnitTable units{{}};
  LocalTime zone{"Europe/London"};
  FilePlan plan;
  Ready() {
    Diagnostics diagnostics;
    auto feed = read_feed("feeds/f.toml", definition, diagnostics);
    if (!feed) std::abort();
    definitions.feeds.push_back(std::move(*feed));
    plan.feed = &definitions.feeds[0];
    plan.cells = 6;
    plan.where = {0, 1, 2, 3, 4, 5};
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const Ready ready;
  if (size < 2) return 0;
  const std::size_t step = 1 + data[0] % 64;
  std::size_t at = 1;
  CutterOptions options;
  options.quote = '"';
  options.longest_row = 2048;
  options.block = 256 + std::size_t{data[0]} * 16;
  RowCutter cutter(
      [&](char* to, std::size_t room) {
        const std::size_t n = std::min({room, step, size - at});
        std::memcpy(to, data + at, n);
        at += n;
        return n;
      },
      options);
  cutter.expect_cells(6);
  LocalDictionary dictionary;
  RowProgram program(ready.plan, {&ready.definitions, &ready.units, &ready.zone, nullptr, Date::from_ymd(2026, 4, 1)}, dictionary);
  Block block;
  Batch batch;
  std::uint64_t line = 0;
  while (cutter.next(block)) {
    std::uint32_t end = 0;
    for (const RowSpan& row : block.rows) {
      if (row.begin < end || row.end < row.begin || row.end > block.filled || row.line <= line) std::abort();
      end = row.end;
      line = row.line;
    }
    batch.start(ready.plan.feed->columns.size());
    program.run(block, batch);
    if (batch.rows.size() != block.rows.size()) std::abort();
    for (const InputRow& row : batch.rows)
      if (!row.quarantined && row.staged_begin == row.staged_end && row.identity < 0) std::abort();
  }
  return 0;
}
