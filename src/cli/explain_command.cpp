// catchment explain: why rows of a published snapshot are one person, and why a pair waits for review. Asked
// as a data steward of this computer's account, through the gate; every resident shown has an audit row.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <map>
#include <memory>

#include "access/access.h"
#include "base/error.h"
#include "base/nhs_number.h"
#include "build/build.h"
#include "cli/command_subject.h"
#include "cli/run.h"
#include "records/records.h"

namespace catchment::cli {

namespace {

struct Choices {
  std::string workspace, file;
  std::int64_t line = 0, item = 0;
};

using RowNumbers = std::map<std::pair<std::int32_t, std::int64_t>, std::size_t>;

double percent_of(double weight) { return 100 / (1 + std::exp2(-weight)); }

std::string said(const std::string& text) { return text.empty() ? "not given" : text; }

/// The snapshot, its queue and the door, for one question.
class Asked {
 public:
  Asked(const Choices& choices, const std::string& detail)
      : workspace_{choices.workspace},
        snapshot_(records::Snapshot::open(workspace_)),
        audit_(workspace_.audit()),
        gate_(audit_, clock_),
        queue_(snapshot_),
        subject_(command_subject()) {
    subject_.role = access::Role::data_steward;
    subject_.purpose = access::Purpose::data_quality;
    object_ = {access::ObjectKind::linkage_review, detail, {}, snapshot_->manifest().id};
    admission_ = admit_to_rows(gate_, subject_, object_, *snapshot_);
  }

  const records::RowFilter& filter() const { return *admission_.filter; }
  build::QueueReader& queue() { return queue_; }
  const records::Dictionaries& words() const { return snapshot_->dictionaries(); }

  /// Rows are printed only after who they are about is in the audit.
  std::vector<build::ReviewRow> rows(const std::vector<PersonId>& persons) {
    gate_.record_disclosed(subject_, object_, admission_.audit_row, persons);
    return queue_.rows(persons, filter());
  }

 private:
  records::Workspace workspace_;
  SystemClock clock_;
  std::shared_ptr<const records::Snapshot> snapshot_;
  access::AuditWriter audit_;
  access::Gate gate_;
  build::QueueReader queue_;
  access::Subject subject_;
  access::Object object_;
  access::Admission admission_;
};

void print_row(std::size_t number, const build::ReviewRow& row, const records::Dictionaries& words) {
  const auto nhs = read_nhs_number(row.nhs_number);
  const std::string where = row.withheld ? "address and partner withheld (protected location)"
                                         : row.organisation + ", " + words.source(row.source).file + ", line " + std::to_string(row.line);
  fmt::print("{:>4}  {} {}, born {}, {}, NHS number {}\n      {}\n      {}\n", number, said(row.given), said(row.family),
             row.birth_date ? to_long_string(*row.birth_date) : "not given", said(row.sex),
             row.nhs_number.empty()                  ? "not given"
                 : nhs.fault == NhsNumberFault::none ? to_display(nhs.number)
                                                     : row.nhs_number,
             row.withheld ? "" : said(row.address + (row.postcode.empty() ? "" : " " + row.postcode)), where);
}

void print_edges(Asked& asked, PersonId person, RowNumbers& numbers) {
  const auto edges = asked.queue().edges(person, asked.filter());
  for (const auto& edge : edges) {
    fmt::print("  rows {} and {}: {}", numbers[{edge.source_a.value, edge.line_a}], numbers[{edge.source_b.value, edge.line_b}], edge.reason);
    if (edge.weight != 0) fmt::print(" (weight {:+.1f}, {:.2f}%)", edge.weight, percent_of(edge.weight));
    fmt::print("\n");
  }
  if (edges.empty()) fmt::print("  no link was needed\n");
}

RowNumbers print_rows(const std::vector<build::ReviewRow>& rows, PersonId person, const records::Dictionaries& words) {
  RowNumbers numbers;
  for (const auto& row : rows) {
    if (row.person != person) continue;
    const auto number = numbers.size() + 1;
    numbers[{row.source.value, row.line}] = number;
    print_row(number, row, words);
  }
  return numbers;
}

int explain_person(const Choices& choices) {
  Asked asked(choices, "person of a row");
  std::optional<PersonId> person;
  const auto& sources = asked.words().sources;
  bool known = false;
  for (std::size_t i = 1; i < sources.size() && !person; ++i) {
    if (sources[i].file != choices.file) continue;
    known = true;
    person = asked.queue().person_of_row(SourceId{static_cast<std::int32_t>(i)}, choices.line, asked.filter());
  }
  if (!known) throw Error(ErrorKind::user, "no file of that name is in the snapshot", "give its path below extracts/, as the receipt names it");
  if (!person) throw Error(ErrorKind::user, "that line of the file names nobody", "choose a line that says who somebody is; the first line of the file is 1");
  const auto rows = asked.rows({*person});
  fmt::print("{} {}, best first:\n", rows.size(), rows.size() == 1 ? "row is this person" : "rows are one person");
  auto numbers = print_rows(rows, *person, asked.words());
  fmt::print(
      "What joined them (rows that one partner sent under one number of its own belong together without "
      "more):\n");
  print_edges(asked, *person, numbers);
  return exit_done;
}

int explain_pair(const Choices& choices) {
  Asked asked(choices, std::to_string(choices.item));
  const auto found = asked.queue().pair(choices.item, asked.filter());
  if (!found) {
    const std::int64_t pairs = asked.queue().size(asked.filter()).pairs;
    throw Error(ErrorKind::user, fmt::format("the review queue has {} {}", pairs, pairs == 1 ? "pair" : "pairs"),
                pairs == 0 ? "nothing is in doubt in this snapshot" : "choose one of them");
  }
  const build::ReviewPair& pair = *found;
  const auto rows = asked.rows({pair.person_a, pair.person_b});
  for (const auto& [title, person] : {std::pair{"First", pair.person_a}, {"Second", pair.person_b}}) {
    fmt::print("{}:\n", title);
    auto numbers = print_rows(rows, person, asked.words());
    print_edges(asked, person, numbers);
  }
  fmt::print("Weight of evidence, in bits (log2 odds that both are one person):\n");
  for (const auto& part : asked.queue().weights(pair.item, asked.filter())) fmt::print("  {:+8.2f}  {}: {}\n", part.bits, part.field, part.level);
  fmt::print("  {:+8.2f}  together: {:.2f}%; not joined: {}\n", pair.weight, percent_of(pair.weight), pair.held_back);
  return exit_done;
}

}  // namespace

void add_explain_command(CLI::App& app, Run& run) {
  auto* command = app.add_subcommand("explain", "Why rows of a published snapshot are one person, or wait for review");
  command->require_subcommand(1);
  const auto choices = std::make_shared<Choices>();
  auto* person = command->add_subcommand("person", "The rows that are one person with the row given, and what joined them; audited");
  person->add_option("--workspace", choices->workspace, "The workspace")->required();
  person->add_option("--file", choices->file, "A partner's file, by its path below extracts/")->required();
  person->add_option("--line", choices->line, "A line of it that says who somebody is")->required()->check(CLI::PositiveNumber);
  person->footer("Example:\n  catchment explain person --workspace w --file gp-tpp/2026-03/SRPatient.csv --line 12");
  person->callback([&run, choices] { run = [choices] { return explain_person(*choices); }; });
  auto* pair = command->add_subcommand("pair", "Both sides of a pair of the review queue, and where its weight comes from; audited");
  pair->add_option("--workspace", choices->workspace, "The workspace")->required();
  pair->add_option("--item", choices->item, "Its number in the queue of the present snapshot")->required()->check(CLI::PositiveNumber);
  pair->footer("Example:\n  catchment explain pair --workspace w --item 1");
  pair->callback([&run, choices] { run = [choices] { return explain_pair(*choices); }; });
}

}  // namespace catchment::cli
