// uses: intake
// Any bytes in place of a feed definition: a usable feed, or diagnostics that say why not; and a usable feed can read a row.
#include <cstdint>
#include <cstdlib>
#include <string>

#include "intake/intake.h"
#include "intake/row_program.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment;
  using namespace catchment::intake;
  static const UnitTable units{{}};
  static const LocalTime zone{"Europe/London"};
  static const OrganisationRegister organisations{{{"1", Date::from_ymd(2000, 1, 1), Date::from_ymd(2020, 1, 1)}}};
  Diagnostics diagnostics;
  auto feed = read_feed("feeds/f.toml", {reinterpret_cast<const char*>(data), size}, diagnostics);
  if (!feed) {
    if (!has_errors(diagnostics)) std::abort();
    return 0;
  }
  for (const auto& pattern : feed->patterns) match_path(pattern, "f/2026-01/RC9/a.csv");
  if (feed->is_fhir() || feed->columns.size() > 2000) return 0;
  for (auto& column : feed->columns) column.codelist.clear();
  FeedDefinitions definitions;
  definitions.feeds.push_back(std::move(*feed));
  FilePlan plan;
  plan.feed = &definitions.feeds[0];
  plan.cells = plan.feed->columns.size();
  for (std::size_t i = 0; i < plan.cells; ++i) plan.where.push_back(static_cast<int>(i));
  LocalDictionary dictionary;
  RowProgram program(plan, {&definitions, &units, &zone, &organisations, Date::from_ymd(2026, 4, 1)}, dictionary);
  Batch batch;
  for (const char* text : {"", "1", "2026-03-01", "9990000018", "I10", "-"}) {
    std::vector<Cell> cells(plan.cells);
    for (auto& cell : cells) cell.kind = Cell::Kind::text, cell.text = text;
    batch.start(plan.cells);
    program.run_cells(1, text, cells, batch);
  }
  return 0;
}
