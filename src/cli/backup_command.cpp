// catchment backup and catchment restore.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <memory>

#include "base/error.h"
#include "cli/command_subject.h"
#include "cli/run.h"
#include "records/records.h"

namespace catchment::cli {

namespace {

struct Choices {
  std::string workspace, file;
  bool replace = false;
};

void print(const access::BackupReceipt& receipt) {
  for (const auto& file : receipt.files) fmt::print("  {:<24}{:>14} bytes  {}\n", file.name, file.bytes, file.sha256.substr(0, 16));
  fmt::print("  audit: {} rows, last seal {}\n", receipt.audit_rows, receipt.audit_head);
}

int back_up(const Choices& choices) {
  const records::Workspace workspace{choices.workspace};
  if (!std::filesystem::is_directory(workspace.root)) throw Error(ErrorKind::user, "there is no such workspace", "check --workspace");
  const SystemClock clock;
  {
    access::AuditWriter audit(workspace.audit());
    access::Gate gate(audit, clock);
    admit_command(gate, access::ObjectKind::backup, "backup");
  }
  const auto receipt = access::back_up(workspace.root, choices.file, clock.now(), "0.1.0");
  fmt::print("Backed up what people authored, the audit and the keys to {}\n", choices.file);
  print(receipt);
  fmt::print("The file holds passwords' seals and keys: keep it as you keep those. Extracts are not in it; snapshots are built again.\n");
  return exit_done;
}

int restore(const Choices& choices) {
  const records::Workspace workspace{choices.workspace};
  const auto receipt = access::restore(choices.file, workspace.root, choices.replace);
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  gate.record_event(command_subject(), "restore", true, "allowed", "backup of " + to_string(receipt.made_at));
  fmt::print("Restored the backup of {}\n", to_string(receipt.made_at));
  print(receipt);
  fmt::print("Run catchment build --workspace {} if the workspace has no snapshot.\n", choices.workspace);
  return exit_done;
}

}  // namespace

void add_backup_command(CLI::App& app, Run& run) {
  const auto choices = std::make_shared<Choices>();
  auto* backup = app.add_subcommand("backup", "Copy what people authored, the audit and the keys into one file, while in use");
  backup->add_option("--workspace", choices->workspace, "The workspace")->required();
  backup->add_option("--out", choices->file, "The file to write (a tar archive)")->required();
  backup->footer("Example:\n  catchment backup --workspace w --out w-2026-03-31.tar");
  backup->callback([&run, choices] { run = [choices] { return back_up(*choices); }; });
  auto* back = app.add_subcommand("restore", "Put a backup in place, checked first");
  back->add_option("--workspace", choices->workspace, "The workspace; made when it does not exist")->required();
  back->add_option("--from", choices->file, "The file that catchment backup wrote")->required();
  back->add_flag("--replace", choices->replace, "Set what is there aside in before-restore-<number>/ and put the backup in its place");
  back->footer("Example:\n  catchment restore --workspace w --from w-2026-03-31.tar");
  back->callback([&run, choices] { run = [choices] { return restore(*choices); }; });
}

}  // namespace catchment::cli
