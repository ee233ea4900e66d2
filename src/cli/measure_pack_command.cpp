// catchment measure pack: the statutory inequalities pack as one CSV, figures as they may be shown.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <memory>

#include "access/access.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/command_subject.h"
#include "cli/commands.h"
#include "indicators/indicators.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string workspace, system = "system/blmk", out;
};

int write_pack(const Options& options) {
  system::Definitions definitions(options.system);
  const auto pack = indicators::load_inequalities_pack(definitions);
  if (has_errors(definitions.diagnostics()))
    throw Error(ErrorKind::user, "inequalities_pack.csv has faults: " + to_string(definitions.diagnostics().front()), "correct them");
  const auto loaded = measures::load_measures(options.system);
  if (has_errors(loaded.diagnostics)) throw Error(ErrorKind::user, "the measure library has faults", "run: catchment measure lint --system " + options.system);
  if (pack.empty()) throw Error(ErrorKind::user, options.system + " has no inequalities_pack.csv", "see the one of system/blmk");
  const records::Workspace workspace{options.workspace};
  const auto snapshot = records::Snapshot::open(workspace);
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  admit_command(gate, access::ObjectKind::measure, "measure pack, published figures");
  const auto figures = indicators::FigureStore::open(indicators::figures_file(workspace.root, snapshot->manifest().content_hash));
  if (!figures)
    throw Error(ErrorKind::user, "the measure library has not been worked out for this snapshot",
                "run: catchment build --workspace " + options.workspace + " --stage measures");
  std::ofstream file(options.out, std::ios::binary);
  file << indicators::pack_csv(pack, *figures, loaded.library.series, snapshot->manifest().synthetic);
  file.close();
  if (!file) throw Error(ErrorKind::environment, "cannot write " + options.out, "check the folder and its space");
  std::size_t held = 0;
  for (const auto& indicator : pack) held += indicator.held() ? 1 : 0;
  fmt::print("{} of {} indicators by age, sex, deprivation and ethnicity in {}{}\n", held, pack.size(), options.out,
             held < pack.size() ? "; the others say why not" : "");
  return exit_done;
}

}  // namespace

void add_measure_pack_command(CLI::App& measure, Run& run) {
  auto options = std::make_shared<Options>();
  auto* command = measure.add_subcommand("pack", "The statutory inequalities pack as one CSV: every indicator by age, sex, deprivation and ethnicity");
  command->add_option("--workspace", options->workspace, "The workspace with a published snapshot and its measures")->required();
  command->add_option("--system", options->system, "The definition folder")->capture_default_str();
  command->add_option("--out", options->out, "The CSV to write")->required();
  command->footer(
      "Example: catchment measure pack --workspace workspaces/demo --out inequalities.csv\nFigures are those that may be shown: small counts are hidden, the "
      "others rounded.");
  command->callback([options, &run] { run = [options] { return write_pack(*options); }; });
}

}  // namespace catchment::cli
