#include <fmt/core.h>
#include <unistd.h>

#include <CLI/CLI.hpp>
#include <filesystem>
#include <memory>

#include "base/clock.h"
#include "base/error.h"
#include "cli/run.h"
#include "intake/intake.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string workspace, extracts, system = "system/blmk", as_of;
  unsigned threads = 2;
  bool json = false;
};

/// A folder of its own that is gone afterwards.
class ScratchFolder {
 public:
  ScratchFolder() {
    std::string name = (std::filesystem::temp_directory_path() / "catchment-check-XXXXXX").string();
    if (::mkdtemp(name.data()) == nullptr) throw Error(ErrorKind::environment, "no temporary folder can be made", "set TMPDIR to a folder with free space");
    path_ = name;
  }
  ~ScratchFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  ScratchFolder(const ScratchFolder&) = delete;
  ScratchFolder& operator=(const ScratchFolder&) = delete;
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

int check_extracts(const Options& options) {
  if (options.workspace.empty() == options.extracts.empty()) throw Error(ErrorKind::user, "say which extracts to check", "--workspace DIR, or --extracts DIR");
  intake::IntakeSettings settings;
  settings.extracts = options.extracts.empty() ? std::filesystem::path(options.workspace) / "extracts" : std::filesystem::path(options.extracts);
  const auto as_of = options.as_of.empty() ? Date::parse(to_string(SystemClock().now()).substr(0, 10)) : Date::parse(options.as_of);
  if (!as_of) throw Error(ErrorKind::user, "--as-of is not a date", "such as --as-of 2026-04-01");
  settings.as_of = *as_of;
  settings.threads = options.threads;
  Diagnostics diagnostics;
  const auto definitions = intake::load_feeds(options.system, diagnostics);
  for (const auto& d : diagnostics) fmt::print(stderr, "{}\n", to_string(d));
  if (has_errors(diagnostics)) return exit_check_failed;
  const ScratchFolder scratch;
  settings.snapshot = scratch.path();
  SilentProgress progress;
  const auto result = intake::stage_extracts(definitions, settings, progress);
  fmt::print("{}", options.json ? to_json(result) + "\n" : to_text(result));
  return result.failures.empty() ? exit_done : exit_check_failed;
}

}  // namespace

void add_check_extracts_command(CLI::App& check, Run& run) {
  auto* command = check.add_subcommand("extracts", "Read every extract as a build would and say what is wrong with it");
  const auto options = std::make_shared<Options>();
  command->add_option("--workspace", options->workspace, "The workspace whose extracts/ is read");
  command->add_option("--extracts", options->extracts, "A folder of extracts, instead of a workspace");
  command->add_option("--system", options->system, "The definition folder")->capture_default_str();
  command->add_option("--as-of", options->as_of, "Dates after this day are findings (default today)");
  command->add_option("--threads", options->threads, "Workers")->capture_default_str();
  command->add_flag("--json", options->json, "Print the receipt as JSON");
  command->footer("Example: catchment check extracts --workspace workspace --system system/blmk");
  command->callback([&run, options] { run = [options] { return check_extracts(*options); }; });
}

}  // namespace catchment::cli
