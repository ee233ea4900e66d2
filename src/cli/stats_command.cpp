// catchment stats METHOD < in.csv > out.csv
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <memory>
#include <string>

#include "base/error.h"
#include "cli/run.h"
#include "cli/stats_table.h"

namespace catchment::cli {
namespace {

std::string read_standard_input() {
  std::string bytes;
  char buffer[65536];
  std::size_t n = 0;
  while ((n = std::fread(buffer, 1, sizeof buffer, stdin)) > 0) {
    bytes.append(buffer, n);
    if (bytes.size() > (std::size_t{1} << 30))
      throw Error(ErrorKind::user, "standard input is larger than 1 GB", "give the statistics grouped counts, not single records");
  }
  return bytes;
}

// A table that already holds our columns gets them anew, not twice.
void keep_last_of_each_name(StatsResult& result) {
  for (std::size_t i = result.header.size(); i-- > 0;) {
    if (std::find(result.header.begin() + static_cast<std::ptrdiff_t>(i) + 1, result.header.end(), result.header[i]) == result.header.end()) continue;
    result.header.erase(result.header.begin() + static_cast<std::ptrdiff_t>(i));
    for (auto& row : result.rows) row.erase(row.begin() + static_cast<std::ptrdiff_t>(i));
  }
}

int run_method(const std::string& name, StatsOptions options) {
  if (name == "list") {
    for (const auto& m : stats_methods()) fmt::print("{:<16} {}\n{:<16} reads {}\n", m.name, m.about, "", m.columns);
    return exit_done;
  }
  for (double& c : options.confidences) {
    if (c > 1) c /= 100;
    if (!(c >= 0.9 && c < 1)) throw Error(ErrorKind::user, "a confidence is from 90 to 100, or from 0.9 to 1", "for example --confidence 95");
  }
  for (const auto& m : stats_methods()) {
    if (m.name != name) continue;
    std::vector<CsvFault> faults;
    CsvTable table = read_csv(read_standard_input(), faults);
    if (!faults.empty())
      throw Error(ErrorKind::user, fmt::format("standard input, line {}: {}", faults[0].line, faults[0].message),
                  "send one header line and rows with as many cells");
    if (table.rows.empty()) throw Error(ErrorKind::user, "standard input holds no rows", fmt::format("send CSV with the columns {}", m.columns));
    StatsResult result = m.run(StatsTable(std::move(table)), options);
    keep_last_of_each_name(result);
    std::string out = csv_line(result.header);
    for (const auto& row : result.rows) out += csv_line(row);
    std::fwrite(out.data(), 1, out.size(), stdout);
    return exit_done;
  }
  throw Error(ErrorKind::user, "no such statistic: " + name, "`catchment stats list` names them all");
}

}  // namespace

void add_stats_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("stats", "A statistic as a filter: catchment stats METHOD < in.csv > out.csv");
  auto o = std::make_shared<StatsOptions>();
  auto method = std::make_shared<std::string>();
  command
      ->add_option("method", *method,
                   "list, proportion, rate, wilson, byars, dsr, isr, isratio, mean, quantile, life-expectancy, sii, funnel, overdispersion, trend, spc")
      ->required();
  command->add_option("--multiplier", o->multiplier, "What the value is per: 100, 100000, ...");
  command->add_option("--confidence", o->confidences, "One or more confidences, 95 or 0.95 (default 95 and 99.8)");
  command->add_option("--by", o->by, "Columns that name the groups (default: area or series where there is one)");
  command->add_option("--quantiles", o->quantiles, "How many bands")->check(CLI::Range(2, 1000));
  command->add_flag("--highest-first,!--lowest-first", o->highest_first, "Which end is band 1");
  command->add_option("--value-type", o->scale, "sii: none, log or logit: the scale the values are normal on");
  command->add_flag("--transform", o->transform, "sii: fit the line on that scale");
  command->add_option("--repetitions", o->repetitions, "sii: simulated sets")->check(CLI::Range(1000, 10000000));
  command->add_option("--seed", o->seed, "sii: seed of the simulation");
  command->add_option("--rules", o->rules, "spc: making-data-count or plot-the-dots-package; overdispersion: shmi or cqc");
  command->add_option("--direction", o->direction, "spc: increase, decrease or neutral is improvement");
  command->add_option("--target", o->target, "spc: target for the assurance icon");
  command->add_option("--fix-after", o->fix_after, "spc: limits from the first points only");
  command->add_option("--rebase-at", o->rebase_at, "spc: row numbers (from 0) at which limits start again");
  command->add_flag("--screen-outliers", o->screen, "spc: leave out extreme moving ranges");
  command->add_option("--kind", o->kind, "funnel, overdispersion: proportion, ratio or rate");
  command->add_option("--baseline", o->baseline, "funnel: the line in the middle, per multiplier");
  command->add_option("--years", o->years, "funnel: years of data behind the counts");
  command->footer(
      "Example: printf 'area,numerator,denominator\\nA,65,100\\n' | catchment stats proportion\n`catchment stats list` says what each method reads.");
  command->callback([&run, o, method] { run = [o, method] { return run_method(*method, *o); }; });
}

}  // namespace catchment::cli
