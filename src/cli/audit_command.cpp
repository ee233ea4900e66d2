// catchment audit verify: reads the whole chain and names the first row that is not as it was written.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "access/access.h"
#include "base/error.h"
#include "cli/run.h"
#include "json/json.h"
#include "records/records.h"

namespace catchment::cli {

namespace {

struct Choices {
  std::string workspace, head;
  bool as_json = false;
};

int verify(const Choices& choices) {
  const records::Workspace workspace{choices.workspace};
  if (!std::filesystem::exists(workspace.audit())) throw Error(ErrorKind::user, "the workspace has no audit", "check --workspace");
  const access::AuditCheck check = access::verify_audit(workspace.audit(), choices.head);
  if (choices.as_json) {
    json::Writer out;
    out.begin_object().key("whole").boolean(check.whole()).key("rows").integer(check.rows).key("head").string(check.head);
    if (check.broken_at) out.key("broken_at").integer(*check.broken_at).key("what").string(check.what);
    out.end_object();
    fmt::print("{}\n", out.text());
  } else if (check.whole()) {
    fmt::print("The audit is whole: {} rows; the last seal is {}\nNote that seal elsewhere: --head finds out later whether the trail was cut short.\n",
               check.rows, check.head.empty() ? "none" : check.head);
  } else {
    fmt::print(stderr, "The audit is broken: {}\n", check.what);
  }
  return check.whole() ? exit_done : exit_check_failed;
}

}  // namespace

void add_audit_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("audit", "The trail of every access decision");
  command->require_subcommand(1);
  auto* part = command->add_subcommand("verify", "Read the whole chain and name the first row that is not as it was written");
  const auto choices = std::make_shared<Choices>();
  part->add_option("--workspace", choices->workspace, "The workspace")->required();
  part->add_option("--head", choices->head, "A seal noted earlier that the chain must hold");
  part->add_flag("--json", choices->as_json, "Answer as JSON");
  part->footer("Example:\n  catchment audit verify --workspace w");
  part->callback([&run, choices] { run = [choices] { return verify(*choices); }; });
}

}  // namespace catchment::cli
