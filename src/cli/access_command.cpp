// catchment access explain: what would be decided, and by which line of the policy.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "access/access.h"
#include "base/error.h"
#include "cli/run.h"
#include "json/json.h"

namespace catchment::cli {

namespace {

struct Choices {
  std::string role, purpose, object;
  bool as_json = false;
};

std::string objects() {
  std::string words;
  for (const auto& line : access::policy()) words += (words.empty() ? "" : ", ") + std::string(to_string(line.object));
  return words;
}

void write_one(json::Writer& out, access::Role role, access::Purpose purpose, access::ObjectKind object, const access::Decision& decision) {
  out.begin_object().key("role").string(to_string(role)).key("purpose").string(to_string(purpose)).key("object").string(to_string(object));
  out.key("permitted").boolean(decision.permitted).key("reason").string(to_string(decision.reason)).key("rule").string(decision.rule);
  out.key("identity_visible")
      .boolean(decision.identity_visible)
      .key("counts_visible")
      .boolean(decision.counts_visible)
      .key("values_visible")
      .boolean(decision.values_visible)
      .key("review_visible")
      .boolean(decision.review_visible);
  out.key("rows_shared_for").string(decision.rows_shared_for).end_object();
}

void explain_one(access::Role role, access::Purpose purpose, access::ObjectKind object, const access::Decision& decision) {
  fmt::print("{} for {} asks for {}: {}\n  {}\n  rule: {}\n", to_string(role), to_string(purpose), to_string(object),
             decision.permitted ? "permitted" : "refused", access::sentence(decision.reason), decision.rule);
  if (decision.permitted)
    fmt::print("  sees: {}{}{}\n",
               decision.review_visible ? "who the rows in review say somebody is, and nothing clinical; "
                   : decision.identity_visible
                   ? "named residents, one audit row for each, and of their rows those shared for " + decision.rows_shared_for + "; "
                   : "no named resident; ",
               decision.counts_visible ? "counts with small numbers hidden; " : "", decision.values_visible ? "rejected values" : "no rejected values");
}

int explain(const Choices& choices) {
  const auto role = access::role_named(choices.role);
  if (!choices.role.empty() && !role) throw Error(ErrorKind::user, "there is no role of that name", "run catchment access explain without --role to see all");
  const auto object = access::object_named(choices.object);
  if (!choices.object.empty() && !object) throw Error(ErrorKind::user, "there is no such thing to ask for", "use one of " + objects());
  const auto purpose = access::purpose_named(choices.purpose);
  if (!choices.purpose.empty() && !purpose) throw Error(ErrorKind::user, "there is no purpose of that name", "run catchment access explain to see all");
  json::Writer out;
  if (choices.as_json) out.begin_array();
  for (const auto each : access::all_roles) {
    if (role && *role != each) continue;
    const auto purposes = purpose ? std::vector{*purpose} : access::purposes_of(each);
    for (const auto for_what : purposes)
      for (const auto& line : access::policy()) {
        if (object && *object != line.object) continue;
        access::Subject subject;
        subject.role = each;
        subject.purpose = for_what;
        const auto decision = access::decide(subject, for_what, {line.object});
        if (choices.as_json) write_one(out, each, for_what, line.object, decision);
        else explain_one(each, for_what, line.object, decision);
      }
  }
  if (choices.as_json) fmt::print("{}\n", out.end_array().text());
  return exit_done;
}

}  // namespace

void add_access_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("access", "Who may see what, for which purpose");
  command->require_subcommand(1);
  auto* part = command->add_subcommand("explain", "Say what would be decided and by which line of the policy; reads no data");
  const auto choices = std::make_shared<Choices>();
  part->add_option("--role", choices->role, "A role; all unless given");
  part->add_option("--purpose", choices->purpose, "A purpose; those of the role unless given");
  part->add_option("--object", choices->object, "What is asked for: " + objects());
  part->add_flag("--json", choices->as_json, "Answer as JSON");
  part->footer("Example:\n  catchment access explain --role analyst --object resident-record");
  part->callback([&run, choices] { run = [choices] { return explain(*choices); }; });
}

}  // namespace catchment::cli
