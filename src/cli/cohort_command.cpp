// catchment cohort: groups of people chosen by a form, as CQL, as made-up people, as counts.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <fstream>
#include <iterator>
#include <memory>
#include <thread>

#include "access/access.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/command_subject.h"
#include "cli/run.h"
#include "cli/terminal_progress.h"
#include "cohort/cohort.h"

namespace catchment::cli {

namespace {

struct Options {
  std::string form, system = "system/blmk", out, workspace, at;
  int months = 1, version = 0;
  unsigned threads = 0;
};

/// The definition folder, as far as cohorts need it.
struct Definitions {
  system::LoadedSystem system;
  terminology::LoadedCodelists codelists;
  measures::LoadedMeasures measures;
  cohort::Known known;

  explicit Definitions(const std::string& folder) : system(system::load_system(folder)), codelists(terminology::load_codelists(folder)) {
    measures = measures::load_measures(system::Definitions(folder), system.system, codelists.codelists);
    if (has_errors(system.diagnostics) || has_errors(codelists.diagnostics) || has_errors(measures.diagnostics))
      throw Error(ErrorKind::user, "the definition folder has faults", "run: catchment check system --system " + folder);
    known = {&system.system, &codelists.codelists, &measures.library};
  }
  Definitions(const Definitions&) = delete;
  Definitions& operator=(const Definitions&) = delete;
};

std::string read_file(const std::string& name) {
  std::ifstream in(name, std::ios::binary);
  if (!in) throw Error(ErrorKind::user, "cannot read " + name, "name a file that is there");
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

void write_out(const std::string& name, const std::string& text) {
  if (name.empty()) {
    fmt::print("{}", text);
    return;
  }
  std::ofstream file(name, std::ios::binary);
  file << text;
  file.close();
  if (!file) throw Error(ErrorKind::environment, "cannot write " + name, "check the folder and its space");
}

void print(const Diagnostics& diagnostics) {
  for (const Diagnostic& each : diagnostics) fmt::print(stderr, "{}\n", to_string(each));
}

std::optional<cohort::Cohort> read_form(const Options& options, const Definitions& definitions) {
  Diagnostics diagnostics;
  auto form = cohort::read_form(read_file(options.form), options.form, definitions.known, diagnostics);
  print(diagnostics);
  return form;
}

/// The program of a form, or of a library written by hand.
std::unique_ptr<cql::Program> read_program(const Options& options, const Definitions& definitions) {
  Diagnostics diagnostics;
  std::unique_ptr<cql::Program> program;
  if (options.form.ends_with(".cql")) {
    program = cohort::program_of(cql::LibraryText{options.form, read_file(options.form)}, definitions.known, diagnostics);
  } else if (const auto form = read_form(options, definitions)) {
    program = cohort::program_of(*form, definitions.known, diagnostics);
  }
  print(diagnostics);
  return program;
}

Date day_of(const Options& options, Date otherwise) {
  if (options.at.empty()) return otherwise;
  const auto day = Date::parse(options.at.size() == 7 ? options.at + "-01" : options.at);
  if (!day) throw Error(ErrorKind::user, "'" + options.at + "' is not a month", "write --at 2026-03");
  return *day;
}

int write_cql(const Options& options) {
  const Definitions definitions(options.system);
  const auto form = read_form(options, definitions);
  if (!form) return exit_check_failed;
  write_out(options.out, cohort::to_cql(*form, definitions.known));
  return exit_done;
}

int check(const Options& options) {
  const Definitions definitions(options.system);
  const auto program = read_program(options, definitions);
  if (!program) return exit_check_failed;
  if (options.form.ends_with(".cql")) {
    fmt::print("{}: no fault\n", options.form);
  } else {
    Diagnostics none;
    fmt::print("{}\n", cohort::in_words(*cohort::read_form(read_file(options.form), options.form, definitions.known, none), definitions.known));
  }
  return exit_done;
}

int people(const Options& options) {
  const Definitions definitions(options.system);
  const auto program = read_program(options, definitions);
  if (!program) return exit_check_failed;
  const Date at = day_of(options, definitions.system.system.as_of);
  cohort::QueryPeople made;
  if (options.form.ends_with(".cql")) {
    cohort::try_out(*program, definitions.known, at);
    made = cohort::people_for(*program, definitions.known, at);
  } else {
    Diagnostics told_already;
    made.people = cohort::dummy_people(*cohort::read_form(read_file(options.form), options.form, definitions.known, told_already), definitions.known, at);
  }
  std::string text = cohort::people_text(made.people, cohort::answers(*program, definitions.known, made.people, at),
                                         cohort::reasons(*program, definitions.known, made.people, at));
  for (const std::string& what : made.not_made) text += "not made: " + what + "\n";
  write_out(options.out, text);
  return exit_done;
}

std::string words_of(const disclosure::Count& count) { return count.hidden() ? "*" : fmt::format("{}", *count.shown); }

int count(const Options& options) {
  const Definitions definitions(options.system);
  const auto program = read_program(options, definitions);
  if (!program) return exit_check_failed;
  system::Definitions folder(options.system);
  const auto policies = disclosure::load_policies(folder);
  const records::Workspace workspace{options.workspace};
  const auto snapshot = records::Snapshot::open(workspace);
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  admit_command(gate, access::ObjectKind::measure, "cohort count, counts of everyone");
  cohort::CountOptions settings;
  settings.last = day_of(options, snapshot->manifest().as_of);
  settings.months = options.months;
  settings.threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  const auto progress = progress_for_standard_error();
  const cohort::ExactCounts exact = cohort::count(*program, definitions.known, *snapshot, settings, *progress);
  const disclosure::Policy& policy = disclosure::policy_on(policies, settings.last);
  cohort::AnswerStore answers(cohort::answers_file(workspace.root, snapshot->manifest().content_hash));
  const cohort::ShownMembers shown = cohort::shown(policy, exact, answers);
  std::string text = "what,group,people\n";
  for (std::size_t m = 0; m < shown.months.size(); ++m)
    text += fmt::format("month,{},{}\n", to_string(shown.months[m]).substr(0, 7), words_of(shown.members[m]));
  for (const cohort::ShownGroup& group : shown.profile) text += fmt::format("{},{},{}\n", group.dimension, group.group, words_of(group.members));
  write_out(options.out, text);
  for (const std::string& why : shown.held_back) fmt::print(stderr, "{}\n", why);
  fmt::print(stderr, "{} ({})\n", disclosure::in_words(policy.rules), disclosure::name_of(policy));
  for (const auto& [error, persons] : exact.errors) fmt::print(stderr, "{} ({} persons)\n", error, persons);
  return exact.errors.empty() ? exit_done : exit_check_failed;
}

int save(const Options& options) {
  const Definitions definitions(options.system);
  const auto form = read_form(options, definitions);
  if (!form) return exit_check_failed;
  Diagnostics diagnostics;
  const auto program = cohort::program_of(*form, definitions.known, diagnostics);
  print(diagnostics);
  if (!program) return exit_check_failed;
  const SystemClock clock;
  cohort::CohortStore store(records::Workspace{options.workspace}.authored());
  const cohort::SavedCohort saved = store.save(*form, definitions.known, command_subject().account, clock.now());
  fmt::print("{} version {} of {}\n", saved.id, saved.version, to_string(saved.saved_at));
  return exit_done;
}

int list(const Options& options) {
  cohort::CohortStore store(records::Workspace{options.workspace}.authored());
  for (const cohort::SavedCohort& saved : store.list())
    fmt::print("{} version {}: {} ({}, {})\n", saved.id, saved.version, saved.title, saved.saved_by, to_string(saved.saved_at));
  return exit_done;
}

CLI::App* add(CLI::App& cohort, Run& run, const std::string& name, const std::string& what, const std::shared_ptr<Options>& options,
              int (*work)(const Options&)) {
  auto* command = cohort.add_subcommand(name, what);
  command->callback([options, &run, work] { run = [options, work] { return work(*options); }; });
  return command;
}

void add_form(CLI::App* command, const std::shared_ptr<Options>& options, const char* what) {
  command->add_option("form", options->form, what)->required();
  command->add_option("--system", options->system, "The definition folder")->capture_default_str();
}

}  // namespace

void add_cohort_command(CLI::App& app, Run& run) {
  auto* cohort = app.add_subcommand("cohort", "Groups of people chosen by a form: written as CQL, tried on made-up people, counted");
  cohort->require_subcommand(1);
  const auto options = std::make_shared<Options>();
  auto* write = add(*cohort, run, "write", "Write the CQL a form stands for", options, write_cql);
  add_form(write, options, "The form, a JSON file");
  write->add_option("--out", options->out, "The CQL file; printed when not given");
  write->footer("Example: catchment cohort write docs/examples/diabetes-no-hba1c.json");
  auto* checked = add(*cohort, run, "check", "Check a form, or CQL that defines \"Cohort\", and say it in words", options, check);
  add_form(checked, options, "The form, or a .cql file");
  checked->footer("Example: catchment cohort check docs/examples/diabetes-no-hba1c.json");
  auto* made = add(*cohort, run, "people", "Made-up people who are in the cohort, and who just miss each clause, with the answer for each", options, people);
  add_form(made, options, "The form, or a .cql file");
  made->add_option("--at", options->at, "The month, such as 2026-03; the system's own when not given");
  made->add_option("--out", options->out, "A text file; printed when not given");
  made->footer("Example: catchment cohort people docs/examples/diabetes-no-hba1c.json --at 2026-03");
  auto* counted = add(*cohort, run, "count", "Count a cohort over everyone of a workspace's snapshot; small counts are hidden", options, count);
  add_form(counted, options, "The form, or a .cql file");
  counted->add_option("--workspace", options->workspace, "The workspace with a published snapshot")->required();
  counted->add_option("--at", options->at, "The last month, such as 2026-03; the snapshot's own when not given");
  counted->add_option("--months", options->months, "How many months")->capture_default_str()->check(CLI::Range(1, 60));
  counted->add_option("--out", options->out, "A CSV file; printed when not given");
  counted->add_option("--threads", options->threads, "Threads; all cores when not given");
  counted->footer("Example: catchment cohort count docs/examples/diabetes-no-hba1c.json --workspace workspaces/demo --months 12");
  auto* saved = add(*cohort, run, "save", "Keep a form as a version in the workspace's authored data", options, save);
  add_form(saved, options, "The form, a JSON file");
  saved->add_option("--workspace", options->workspace, "The workspace")->required();
  saved->footer("Example: catchment cohort save docs/examples/diabetes-no-hba1c.json --workspace workspaces/demo");
  auto* listed = add(*cohort, run, "list", "The newest version of each cohort that was kept", options, list);
  listed->add_option("--workspace", options->workspace, "The workspace")->required();
  listed->footer("Example: catchment cohort list --workspace workspaces/demo");
}

}  // namespace catchment::cli
