// catchment match: which persons of a published snapshot somebody's details could be, decided as the build decides. Asked as a data steward of this
// computer's account, through the gate; every resident shown has an audit row. Details come from a file or from standard input, never as arguments,
// which would stand in the shell's history.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <cmath>
#include <fstream>
#include <iostream>
#include <iterator>
#include <memory>

#include "access/access.h"
#include "base/error.h"
#include "base/nhs_number.h"
#include "build/build.h"
#include "cli/command_subject.h"
#include "cli/match_details.h"
#include "cli/run.h"
#include "json/json.h"
#include "records/records.h"

namespace catchment::cli {

namespace {

struct MatchChoices {
  std::string workspace, details;
  bool json = false;
};

std::string read_bytes(const std::string& path) {
  if (path == "-") return {std::istreambuf_iterator<char>(std::cin), {}};
  std::ifstream file(path, std::ios::binary);
  if (!file) throw Error(ErrorKind::user, path + ": cannot be read", "check the path and its permission");
  return {std::istreambuf_iterator<char>(file), {}};
}

double chance_of(double weight) { return 1 / (1 + std::exp2(-weight)); }

std::string given_or_not(const std::string& text) { return text.empty() ? "not given" : text; }

/// One person as the best of their rows says who they are.
struct Known {
  build::ReviewRow row;
  std::size_t rows = 0;
};

std::vector<Known> known_people(const std::vector<build::ReviewRow>& rows, const std::vector<PersonId>& persons) {
  std::vector<Known> out(persons.size());
  for (std::size_t p = 0; p < persons.size(); ++p)
    for (const build::ReviewRow& row : rows) {
      if (row.person != persons[p]) continue;
      if (out[p].rows++ == 0 || (out[p].row.family.empty() && !row.family.empty())) out[p].row = row;
    }
  return out;
}

std::string shown_number(const std::string& number) {
  const auto read = read_nhs_number(number);
  return number.empty() ? "not given" : read.fault == NhsNumberFault::none ? to_display(read.number) : number;
}

std::string_view sentence_of(const linkage::LookupAnswer& answer) {
  if (answer.verdict == linkage::LookupVerdict::same) return "Same person: a build would join these details to the first below.";
  if (answer.verdict == linkage::LookupVerdict::possible) return "Possible: a build would ask somebody to look.";
  return answer.says_too_little ? "Nobody: the details say too little to tell anybody by." : "Nobody in the snapshot.";
}

void print_answer(const linkage::LookupAnswer& answer, const std::vector<Known>& people) {
  fmt::print("{}\n", sentence_of(answer));
  if (answer.number_of_another) fmt::print("The NHS number is that of somebody whom name and date of birth contradict; it was not used.\n");
  for (std::size_t i = 0; i < answer.candidates.size(); ++i) {
    const linkage::LookupCandidate& one = answer.candidates[i];
    const build::ReviewRow& row = people[i].row;
    fmt::print("{:>3}. {} {}, born {}, {}, NHS number {}; {} {}\n     {}\n", i + 1, given_or_not(row.given), given_or_not(row.family),
               row.birth_date ? to_long_string(*row.birth_date) : "not given", given_or_not(row.sex), shown_number(row.nhs_number), people[i].rows,
               people[i].rows == 1 ? "row" : "rows",
               row.withheld ? "address withheld (protected location)" : given_or_not(row.address + (row.postcode.empty() ? "" : " " + row.postcode)));
    if (one.by_number) fmt::print("     by NHS number, which name or date of birth bears out\n");
    for (const linkage::WeightPart& part : one.parts) fmt::print("     {:+8.2f}  {}: {}\n", part.bits, part.field, part.level);
    fmt::print("     {:+8.2f}  together: {:.2f}%{}\n", one.weight, 100 * chance_of(one.weight), one.held_back.empty() ? "" : "; held back: " + one.held_back);
  }
}

std::string answer_as_json(const std::string& label, const linkage::LookupAnswer& answer, const std::vector<Known>& people) {
  json::Writer out;
  out.begin_object();
  if (!label.empty()) out.key("row").string(label);
  out.key("verdict").string(linkage::to_string(answer.verdict)).key("number_of_another").boolean(answer.number_of_another);
  out.key("says_too_little").boolean(answer.says_too_little).key("persons").begin_array();
  for (std::size_t i = 0; i < answer.candidates.size(); ++i) {
    const linkage::LookupCandidate& one = answer.candidates[i];
    const build::ReviewRow& row = people[i].row;
    out.begin_object().key("given_name").string(row.given).key("family_name").string(row.family);
    out.key("birth_date").string(row.birth_date ? to_string(*row.birth_date) : "").key("sex").string(row.sex).key("nhs_number").string(row.nhs_number);
    out.key("address").string(row.address).key("postcode").string(row.postcode).key("withheld").boolean(row.withheld);
    out.key("rows").integer(static_cast<std::int64_t>(people[i].rows)).key("by_nhs_number").boolean(one.by_number);
    out.key("weight").number(one.weight).key("probability").number(chance_of(one.weight)).key("held_back").string(one.held_back);
    out.key("waterfall").begin_array();
    for (const linkage::WeightPart& part : one.parts)
      out.begin_object().key("field").string(part.field).key("level").string(part.level).key("bits").number(part.bits).end_object();
    out.end_array().end_object();
  }
  out.end_array().end_object();
  return out.take();
}

int run_match(const MatchChoices& choices) {
  const std::vector<Details> all = read_details(read_bytes(choices.details));
  const records::Workspace workspace{choices.workspace};
  const auto snapshot = records::Snapshot::open(workspace);
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  access::Subject subject = command_subject();
  subject.role = access::Role::data_steward;
  subject.purpose = access::Purpose::data_quality;
  const access::Object object{access::ObjectKind::linkage_review, "details looked up", {}, snapshot->manifest().id};
  build::PersonFinder finder(snapshot->files().folder);
  build::QueueReader rows(snapshot);
  for (const Details& details : all) {
    const access::Admission admission = admit_to_rows(gate, subject, object, *snapshot);
    const linkage::LookupAnswer answer = finder.find(details.table, *admission.filter);
    std::vector<PersonId> persons;
    for (const linkage::LookupCandidate& one : answer.candidates) persons.push_back(one.person);
    gate.record_disclosed(subject, object, admission.audit_row, persons);
    const std::vector<Known> people = known_people(rows.rows(persons, *admission.filter), persons);
    if (choices.json) {
      fmt::print("{}\n", answer_as_json(details.label, answer, people));
      continue;
    }
    if (!details.label.empty()) fmt::print("Row {}: ", details.label);
    print_answer(answer, people);
  }
  return exit_done;
}

}  // namespace

void add_match_command(CLI::App& app, Run& run) {
  const auto choices = std::make_shared<MatchChoices>();
  auto* command = app.add_subcommand("match", "Which persons of a published snapshot somebody's details could be; audited");
  command->add_option("--workspace", choices->workspace, "The workspace")->required();
  command->add_option("--details", choices->details, "A file with one JSON object, one FHIR Patient, or CSV rows; - reads standard input")->required();
  command->add_flag("--json", choices->json, "One JSON object a person");
  command->footer(
      "Names of members and columns: nhs_number, given_name, family_name, birth_date, sex, postcode, address, telephone, email; all may be left out.\n"
      "Example:\n  catchment match --workspace w --details referral.json");
  command->callback([&run, choices] { run = [choices] { return run_match(*choices); }; });
}

}  // namespace catchment::cli
