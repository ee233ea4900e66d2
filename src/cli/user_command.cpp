// catchment user: accounts of a workspace.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <iostream>
#include <memory>

#include "base/error.h"
#include "cli/command_subject.h"
#include "cli/run.h"
#include "json/json.h"
#include "records/records.h"

namespace catchment::cli {

namespace {

struct Choices {
  std::string workspace, name, display_name;
  std::vector<std::string> roles, places;
  bool password_from_input = false, as_json = false;
};

std::string role_words() {
  std::string words;
  for (const auto role : access::all_roles) words += (words.empty() ? "" : ", ") + std::string(to_string(role));
  return words;
}

std::string read_password() {
  std::string password;
  std::getline(std::cin, password);
  return password;
}

/// Does one thing with the accounts of the workspace, admitted and recorded first.
int with_accounts(const Choices& choices, const std::string& what, const std::function<void(access::Accounts&)>& act) {
  const records::Workspace workspace{choices.workspace};
  if (!std::filesystem::is_directory(workspace.root)) throw Error(ErrorKind::user, "there is no such workspace", "check --workspace");
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  admit_command(gate, access::ObjectKind::accounts, what);
  access::Accounts accounts(workspace.authored());
  act(accounts);
  return exit_done;
}

int add_user(const Choices& choices) {
  access::Account account{choices.name, choices.display_name.empty() ? choices.name : choices.display_name, {}, choices.places};
  for (const auto& word : choices.roles) {
    const auto role = access::role_named(word);
    if (!role) throw Error(ErrorKind::user, "there is no role of that name", "use one of " + role_words());
    account.roles.push_back(*role);
  }
  return with_accounts(choices, "add " + choices.name, [&](access::Accounts& accounts) {
    const std::string password = choices.password_from_input ? read_password() : access::generated_password();
    accounts.add(account, password);
    if (choices.password_from_input) fmt::print("{} may sign in.\n", account.name);
    else fmt::print("{} may sign in with the password {}\nIt is shown this once.\n", account.name, password);
  });
}

int list_users(const Choices& choices) {
  return with_accounts(choices, "list", [&](access::Accounts& accounts) {
    if (choices.as_json) {
      json::Writer out;
      out.begin_array();
      for (const auto& account : accounts.all()) {
        out.begin_object().key("name").string(account.name).key("display_name").string(account.display_name).key("roles").begin_array();
        for (const auto role : account.roles) out.string(to_string(role));
        out.end_array().key("places").begin_array();
        for (const auto& place : account.places) out.string(place);
        out.end_array().key("demonstration").boolean(account.demonstration).key("closed").boolean(account.closed).end_object();
      }
      fmt::print("{}\n", out.end_array().text());
      return;
    }
    for (const auto& account : accounts.all()) {
      std::string roles, places;
      for (const auto role : account.roles) roles += (roles.empty() ? "" : ",") + std::string(to_string(role));
      for (const auto& place : account.places) places += (places.empty() ? " in " : ",") + place;
      fmt::print("{:<24}{}{}{}{}\n", account.name, roles, places, account.demonstration ? " (demonstration)" : "", account.closed ? " (closed)" : "");
    }
  });
}

int change_password(const Choices& choices) {
  return with_accounts(choices, "password " + choices.name, [&](access::Accounts& accounts) {
    const std::string password = choices.password_from_input ? read_password() : access::generated_password();
    accounts.set_password(choices.name, password);
    if (choices.password_from_input) fmt::print("Done.\n");
    else fmt::print("The new password of {} is {}\nIt is shown this once.\n", choices.name, password);
  });
}

int close_user(const Choices& choices) {
  return with_accounts(choices, "close " + choices.name, [&](access::Accounts& accounts) {
    accounts.close(choices.name);
    fmt::print("{} may no longer sign in; sessions already open end when the server is restarted or after ten hours.\n", choices.name);
  });
}

}  // namespace

void add_user_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("user", "Accounts: who may sign in, and in which roles");
  command->require_subcommand(1);
  const auto choices = std::make_shared<Choices>();
  const auto with_workspace = [&](const char* name, const char* text, int (*act)(const Choices&)) {
    auto* part = command->add_subcommand(name, text);
    part->add_option("--workspace", choices->workspace, "The workspace")->required();
    part->callback([&run, choices, act] { run = [choices, act] { return act(*choices); }; });
    return part;
  };
  const auto with_name = [&](CLI::App* part) {
    part->add_option("--name", choices->name, "The name to sign in with")->required();
    return part;
  };
  auto* add = with_name(with_workspace("add", "Add an account; its password is made up and printed once", add_user));
  add->add_option("--display-name", choices->display_name, "The person's name as others see it");
  add->add_option("--role", choices->roles, "A role (repeat for more): " + role_words())->required();
  add->add_option("--place", choices->places, "Limit the account to residents of this place (repeat for more)");
  add->add_flag("--password-stdin", choices->password_from_input, "Read the password from the first line of input");
  add->footer("Example:\n  catchment user add --workspace w --name amira.khan --display-name 'Amira Khan' --role analyst");
  with_workspace("list", "List accounts", list_users)->add_flag("--json", choices->as_json, "Answer as JSON");
  auto* password = with_name(with_workspace("password", "Give an account a new password", change_password));
  password->add_flag("--password-stdin", choices->password_from_input, "Read the password from the first line of input");
  with_name(with_workspace("close", "Close an account", close_user));
  command->footer("Example:\n  catchment user list --workspace w");
}

}  // namespace catchment::cli
