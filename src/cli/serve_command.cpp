// catchment serve: the staff app and its API over the published snapshot of a workspace.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>
#include <mutex>

#include "access/access.h"
#include "api/api.h"
#include "base/error.h"
#include "build/build.h"
#include "cli/command_subject.h"
#include "cli/run.h"
#include "records/records.h"
#include "system/system.h"
#include "web/web.h"

namespace catchment::cli {

namespace {

namespace fs = std::filesystem;

constexpr const char* version = "0.1.0";
constexpr const char* demonstration_password = "demonstration only";

struct Choices {
  std::string workspace, system, ui, address = "127.0.0.1", log = "-";
  std::uint16_t port = 8080;
  std::vector<std::string> hosts;
  int workers = 4;
  bool demo = false;
  bool open_cql = false;
};

bool is_loopback(const std::string& address) { return address == "::1" || address.starts_with("127."); }

fs::path system_folder(const Choices& choices, const records::Workspace& workspace) {
  if (!choices.system.empty()) return choices.system;
  if (std::ifstream chosen(workspace.system_choice()); chosen) {
    std::string path;
    std::getline(chosen, path);
    if (!path.empty()) return path;
  }
  if (fs::exists("system/blmk/system.toml")) return "system/blmk";
  throw Error(ErrorKind::user, "it is not known which definition folder belongs to this workspace", "give it with --system DIR");
}

fs::path ui_folder(const Choices& choices) {
  if (!choices.ui.empty()) {
    if (!fs::exists(fs::path(choices.ui) / "index.html"))
      throw Error(ErrorKind::user, "--ui names a folder without index.html", "build the staff app first (./run does)");
    return choices.ui;
  }
  return fs::exists("ui/dist/index.html") ? fs::path("ui/dist") : fs::path();
}

/// One sign-in for each role, made once and only in a synthetic workspace on loopback.
std::vector<api::DemonstrationSignIn> demonstration_sign_ins(access::Accounts& accounts, const system::System& system) {
  struct Person {
    const char *name, *display_name;
    access::Role role;
    bool one_place;
  };
  static constexpr Person people[] = {{"demo-steward", "Dana Steward", access::Role::data_steward, false},
                                      {"demo-analyst", "Ali Analyst", access::Role::analyst, false},
                                      {"demo-clinician", "Cleo Clinician", access::Role::care_professional, false},
                                      {"demo-team", "Toni Team", access::Role::neighbourhood_team, true},
                                      {"demo-finance", "Finn Finance", access::Role::finance, false},
                                      {"demo-board", "Bo Board", access::Role::board, false},
                                      {"demo-resident", "Ray Resident", access::Role::resident, false},
                                      {"demo-admin", "Ada Admin", access::Role::administrator, false}};
  std::vector<api::DemonstrationSignIn> sign_ins;
  for (const auto& person : people) {
    std::string description(access::description(person.role));
    std::vector<std::string> places;
    if (person.one_place && !system.places.empty()) {
      places.push_back(system.places.front().id);
      description += " (" + system.places.front().name + " only)";
    }
    if (!accounts.find(person.name)) accounts.add({person.name, person.display_name, {person.role}, places, true}, demonstration_password);
    sign_ins.push_back({person.name, demonstration_password, std::string(to_string(person.role)), std::string(title(person.role)), description});
  }
  return sign_ins;
}

int serve(const Choices& choices) {
  const records::Workspace workspace{choices.workspace};
  if (!fs::is_directory(workspace.root)) throw Error(ErrorKind::user, "there is no such workspace", "make one with catchment build, or check --workspace");
  if (access::restore_unfinished(workspace.root))
    throw Error(ErrorKind::environment, "a restore of this workspace was cut short", "run catchment restore again");
  const access::WorkspaceLock lock(workspace.root);
  const SystemClock clock;
  const fs::path definitions = system_folder(choices, workspace);
  const auto sources = api::snapshot_sources(workspace, definitions, version, clock, choices.demo);
  sources->current();  // throws when nothing was published, or data that are not synthetic
  if (choices.demo && !is_loopback(choices.address))
    throw Error(ErrorKind::user, "--demo makes sign-ins with a password everyone knows", "serve on a loopback address, or without --demo");
  access::Accounts accounts(workspace.authored());
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  access::Sessions sessions;
  access::AttemptLimiter limiter;
  api::Settings api_settings;
  api_settings.version = version;
  api_settings.open_cql = choices.open_cql;
  api_settings.authored = workspace.authored();
  build::ReviewStore reviews(workspace.authored());
  api_settings.reviews = &reviews;
  if (choices.demo) api_settings.demonstration_sign_ins = demonstration_sign_ins(accounts, system::load_system(definitions).system);
  api::App app(accounts, sessions, limiter, gate, *sources, clock, api_settings);

  web::Settings settings;
  settings.address = choices.address;
  settings.port = choices.port;
  settings.ui = ui_folder(choices);
  settings.hosts = choices.hosts;
  if (settings.hosts.empty() && is_loopback(choices.address)) settings.hosts = {"localhost", "127.0.0.1", "[::1]"};
  settings.workers = choices.workers;
  settings.health = [&sources] {
    try {
      return sources->current() ? std::string("ok") : std::string("no-snapshot");
    } catch (const std::exception&) { return std::string("degraded"); }
  };
  std::ofstream log_file;
  if (choices.log != "-" && choices.log != "none") {
    log_file.open(choices.log, std::ios::app);
    if (!log_file) throw Error(ErrorKind::environment, "the log cannot be written", "check --log");
  }
  std::mutex log_mutex;
  if (choices.log != "none")
    settings.log = [&](std::string_view line) {
      const std::lock_guard hold(log_mutex);
      (log_file.is_open() ? static_cast<std::ostream&>(log_file) : std::cerr) << line << '\n' << std::flush;
    };
  web::Server server(app, settings);
  server.stop_on_signals();
  // The first pages would wait for counts of everyone: they are made while somebody signs in.
  if (const auto admission = gate.admit(command_subject(), {access::ObjectKind::measure, "serve: counts made ready", {}, {}}); admission.filter)
    sources->keep_ready(*admission.filter);
  const std::string host = choices.address.find(':') == std::string::npos ? choices.address : "[" + choices.address + "]";
  fmt::print("Catchment serves {} on http://{}:{}/\n", sources->system().name, host, server.port());
  if (settings.ui.empty()) fmt::print("No built staff app was found (ui/dist): only the API answers.\n");
  if (choices.demo) {
    fmt::print("Synthetic data: not real people or performance. Demonstration sign-ins, all with the password \"{}\":\n", demonstration_password);
    for (const auto& each : api_settings.demonstration_sign_ins) fmt::print("  {:<16}{}\n", each.name, each.role_title);
  }
  std::fflush(stdout);
  server.run();
  fmt::print("Stopped.\n");
  return exit_done;
}

}  // namespace

void add_serve_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("serve", "Serve the staff app over the published snapshot of a workspace");
  const auto choices = std::make_shared<Choices>();
  command->add_option("--workspace", choices->workspace, "The workspace")->required();
  command->add_option("--port", choices->port, "The port; 0 for any free one")->capture_default_str();
  command->add_option("--address", choices->address, "The address to listen on")->capture_default_str();
  command->add_option("--system", choices->system, "The definition folder; that of the last build unless given");
  command->add_option("--ui", choices->ui, "The folder of the built staff app; ui/dist unless given");
  command->add_option("--host", choices->hosts, "A name this server answers to (repeat for more); loopback names unless given");
  command->add_option("--workers", choices->workers, "Threads that read the snapshot")->check(CLI::Range(1, 64))->capture_default_str();
  command->add_option("--log", choices->log, "Where each request is logged, one JSON object a line: a file, - or none")->capture_default_str();
  command->add_flag("--demo", choices->demo, "Make a sign-in for each role (synthetic data on loopback only) and stop the clock at the snapshot's day");
  command->add_flag("--open-cql", choices->open_cql, "Answer POST /fhir/R4/$cql (one expression of CQL, of nobody or of data sent with it) without sign-in");
  command->footer("Example:\n  catchment serve --workspace workspaces/demo-50000 --port 8080 --demo");
  command->callback([&run, choices] { run = [choices] { return serve(*choices); }; });
}

}  // namespace catchment::cli
