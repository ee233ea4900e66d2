#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <algorithm>
#include <memory>

#include "cli/commands.h"
#include "disclosure/disclosure.h"
#include "intake/intake.h"
#include "measures/measures.h"
#include "system/system.h"
#include "terminology/terminology.h"

namespace catchment::cli {

namespace {

int check_system(const std::string& folder) {
  const system::LoadedSystem loaded = system::load_system(folder);
  const terminology::LoadedCodelists codes = terminology::load_codelists(folder);
  const terminology::LoadedEthnicity ethnicity = terminology::load_ethnicity(folder);
  const terminology::LoadedCodeNames names = terminology::load_code_names(folder, codes.codelists);
  Diagnostics all = loaded.diagnostics;
  all.insert(all.end(), names.diagnostics.begin(), names.diagnostics.end());
  const intake::FeedDefinitions feeds = intake::load_feeds(folder, all);
  all.insert(all.end(), codes.diagnostics.begin(), codes.diagnostics.end());
  all.insert(all.end(), ethnicity.diagnostics.begin(), ethnicity.diagnostics.end());
  const measures::LoadedMeasures measures = measures::load_measures(system::Definitions(folder), loaded.system, codes.codelists);
  all.insert(all.end(), measures.diagnostics.begin(), measures.diagnostics.end());
  system::Definitions policies(folder);
  disclosure::load_policies(policies);
  all.insert(all.end(), policies.diagnostics().begin(), policies.diagnostics().end());
  for (const Diagnostic& each : all) fmt::print(stderr, "{}\n", to_string(each));
  const auto faults = std::count_if(all.begin(), all.end(), [](const Diagnostic& d) { return d.severity == Severity::error; });
  const system::System& one = loaded.system;
  if (faults == 0) {
    fmt::print(
        "{}: {} places, {} neighbourhoods, {} small areas, {} postcodes, {} organisations, {} practices, {} "
        "networks\n",
        one.name, one.places.size(), one.neighbourhoods.size(), one.small_areas.size(), one.postcodes.size(), one.organisations.size(), one.practices.size(),
        one.networks.size());
    fmt::print(
        "{} bodies, {} lines between them, {} priorities, {} enablers, {} services, {} published figures, {} "
        "codelists, {} feeds\n",
        one.bodies.size(), one.body_links.size(), one.strategy.priorities.size(), one.strategy.enablers.size(), one.services.size(), one.published.size(),
        codes.codelists.lists.size(), feeds.feeds.size());
    fmt::print("{} measures with their years, {} imported series, {} promises, {} of them not held\n", measures.library.measures.size(),
               measures.library.series.size(), one.promises.size(),
               std::count_if(one.promises.begin(), one.promises.end(), [](const system::Promise& p) { return p.held_as == "not held"; }));
  }
  fmt::print("{} errors, {} warnings\n", faults, all.size() - static_cast<std::size_t>(faults));
  return faults == 0 ? exit_done : exit_check_failed;
}

}  // namespace

void add_check_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("check", "Say everything that is wrong, change nothing");
  command->require_subcommand(1);
  auto* system_check = command->add_subcommand("system", "Check a definition folder");
  const auto folder = std::make_shared<std::string>("system/blmk");
  system_check->add_option("--system", *folder, "The definition folder")->capture_default_str();
  system_check->footer("Example: catchment check system --system system/blmk");
  system_check->callback([&run, folder] { run = [folder] { return check_system(*folder); }; });
  add_check_extracts_command(*command, run);
}

}  // namespace catchment::cli
