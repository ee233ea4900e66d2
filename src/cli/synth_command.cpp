#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <chrono>
#include <memory>

#include "cli/run.h"
#include "cli/terminal_progress.h"
#include "synth/synth.h"

namespace catchment::cli {
namespace {

int write_population(const synth::Options& options, bool json) {
  const auto started = std::chrono::steady_clock::now();
  const std::unique_ptr<Progress> progress = json ? std::unique_ptr<Progress>(std::make_unique<SilentProgress>()) : progress_for_standard_error();
  const synth::Report report = synth::synthesise(options, *progress);
  for (const auto& diagnostic : report.diagnostics) fmt::print(stderr, "{}\n", to_string(diagnostic));
  if (has_errors(report.diagnostics)) return exit_check_failed;
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count();
  std::uint64_t rows = 0, bytes = 0;
  for (const auto& file : report.files) rows += file.rows, bytes += file.bytes;
  if (json) {
    fmt::print("{{\"residents\": {}, \"people\": {}, \"rows\": {}, \"bytes\": {}, \"seconds\": {:.1f}, \"files\": [", report.residents, report.people, rows,
               bytes, seconds);
    for (std::size_t i = 0; i < report.files.size(); ++i)
      fmt::print("{}\n  {{\"path\": \"{}\", \"rows\": {}, \"bytes\": {}}}", i ? "," : "", report.files[i].path, report.files[i].rows, report.files[i].bytes);
    fmt::print("\n]}}\n");
    return exit_done;
  }
  for (const auto& file : report.files) fmt::print("{:>12} rows  {}\n", file.rows, file.path);
  fmt::print("{} residents ({} people in all), {} rows, {:.1f} MB in {:.1f} s\n", report.residents, report.people, rows, static_cast<double>(bytes) / 1e6,
             seconds);
  fmt::print("Synthetic data: not real people or performance.\n");
  return exit_done;
}

}  // namespace

void add_synth_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("synth", "Write the extracts partners would send about a synthetic population, with the truth beside them");
  auto options = std::make_shared<synth::Options>();
  auto json = std::make_shared<bool>(false);
  options->system = "system/blmk";
  command->add_option("--people", options->people, "Residents at the end of the ten years")->capture_default_str();
  command->add_option("--seed", options->seed, "The same seed gives the same files")->capture_default_str();
  command->add_option("--out", options->out, "Folder for extracts/ and truth/")->required();
  command->add_option("--system", options->system, "Definition folder")->capture_default_str();
  command->add_option("--threads", options->threads, "Worker threads; the files do not depend on them")->capture_default_str()->check(CLI::Range(1, 64));
  const std::map<std::string, synth::Format> formats = {{"auto", synth::Format::automatic}, {"csv", synth::Format::csv}, {"parquet", synth::Format::parquet}};
  command->add_option("--format", options->format, "csv, parquet (large feeds only) or auto: Parquet from 200,000 people")
      ->transform(CLI::CheckedTransformer(formats, CLI::ignore_case));
  command->add_flag("--json", *json, "Print the report for another program to read");
  command->footer("Example:\n  catchment synth --people 5000 --seed 1 --out /tmp/example");
  command->callback([&run, options, json] { run = [options, json] { return write_population(*options, *json); }; });
}

}  // namespace catchment::cli
