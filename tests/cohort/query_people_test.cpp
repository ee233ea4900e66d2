#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "cohort/cohort.h"

using namespace catchment;
using namespace catchment::cohort;

namespace {

/// The example system's definitions, read once.
struct Definitions {
  std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk";
  system::LoadedSystem system = system::load_system(folder);
  terminology::LoadedCodelists codelists = terminology::load_codelists(folder);
  measures::LoadedMeasures measures = measures::load_measures(system::Definitions(folder), system.system, codelists.codelists);
  cql::Models models;
  Known known{&system.system, &codelists.codelists, &measures.library, &models};
};
const Known& names() {
  static const Definitions read;
  return read.known;
}

const Date march = Date::from_ymd(2026, 3, 31);
const std::string beginning =
    "library Mine version '1'\nusing FHIR version '4.0.1'\ninclude FHIRHelpers version '4.0.1' called FHIRHelpers\n"
    "include Record version '1' called Record\nvalueset \"Diabetes\": 'codelist:diabetes'\nvalueset \"HbA1c\": 'codelist:hba1c'\n"
    "parameter \"Measurement Period\" Interval<DateTime>\ncontext Patient\n";

struct Made {
  std::unique_ptr<cql::Program> program;
  QueryPeople people;
  std::vector<bool> in;
  std::string text;

  explicit Made(const std::string& definitions) {
    Diagnostics faults;
    program = program_of(cql::LibraryText{"mine.cql", beginning + definitions}, names(), faults);
    for (const Diagnostic& each : faults) text += to_string(each) + "\n";
    REQUIRE_MESSAGE(program, text);
    people = people_for(*program, names(), march, 20'000);
    in = answers(*program, names(), people.people, march);
    text = people_text(people.people, in, reasons(*program, names(), people.people, march));
    for (const std::string& what : people.not_made) text += "not made: " + what + "\n";
  }
  /// Somebody who is out of it, whose line and rows hold all of these.
  bool has_out(std::initializer_list<std::string_view> parts) const {
    for (std::size_t p = 0; p < in.size(); ++p) {
      const std::string one = people_text({people.people[p]}, {in[p]});
      if (!in[p] && std::all_of(parts.begin(), parts.end(), [&](std::string_view part) { return one.find(part) != std::string::npos; })) return true;
    }
    return false;
  }
};

bool told(const std::vector<std::string>& all, std::string_view part) {
  return std::any_of(all.begin(), all.end(), [&](const std::string& each) { return each.find(part) != std::string::npos; });
}

}  // namespace

TEST_CASE("people are made up for a query: one who is in it, and one who misses each condition by its edge") {
  const Made made(
      "define \"HbA1c in a year\": exists [Observation: \"HbA1c\"].valid(Record.\"Year\")\n"
      "define \"Cohort\": Record.\"Registered\" and Record.\"Age\" in Interval[18, 79] and Record.\"has\"([Condition: \"Diabetes\"]) and not \"HbA1c in a "
      "year\"\n");
  INFO(made.text);
  REQUIRE(!made.in.empty());
  CHECK(made.in[0]);
  for (std::size_t p = 0; p < made.in.size(); ++p) CHECK(made.in[p] == made.people.people[p].expected);
  CHECK(std::count(made.in.begin(), made.in.end(), true) == 1);
  CHECK(made.has_out({"\"HbA1c in a year\"", "observation"}));
  const bool by_age = made.has_out({"birth_date=2008-04-01"}) || made.has_out({"birth_date=1946-03-31"});  // a day short of 18, or 80
  CHECK(by_age);
  CHECK(made.has_out({"registration ended on 31 March 2026"}));
  CHECK(made.has_out({"out of it by \"Cohort\"", ": condition of Diabetes mellitus"}));
}

TEST_CASE("a number is tried at the bound that the query names and just beyond it") {
  const Made made(
      "define \"Latest\": Max(\"Record\".\"latestNumbers\"([Observation: \"HbA1c\"].latest(Record.\"Year\")))\n"
      "define \"Cohort\": Record.\"Alive\" and \"Latest\" > 58\n");
  INFO(made.text);
  REQUIRE(!made.in.empty());
  CHECK(made.in[0]);
  CHECK(made.text.find("value=59") != std::string::npos);
  CHECK(made.has_out({"value=58"}));
}

TEST_CASE("why somebody is in or out is told by clauses and rows") {
  const Made made("define \"Ill\": exists ([Condition: \"Diabetes\"] C where C.dayOf() after @2020-01-01)\ndefine \"Cohort\": \"Ill\"\n");
  INFO(made.text);
  REQUIRE(made.in.size() >= 2);
  CHECK(made.in[0]);
  CHECK(made.has_out({"onset_date=2020-01-01"}));
  const auto why = reasons(*made.program, names(), made.people.people, march);
  REQUIRE(why.size() == made.in.size());
  const auto& ill = why[0].at(1);
  CHECK(ill.definition == "Ill");
  CHECK(ill.answer == "yes");
  REQUIRE(ill.rows.size() == 1);
  CHECK(ill.rows[0].use == measures::RowUse::passed);
  CHECK(made.people.people[0].rows.at(static_cast<std::size_t>(ill.rows[0].row.line - 1)).table == "condition");
}

TEST_CASE("what cannot be made up is named") {
  const Made nowhere("define \"Cohort\": exists [Basic] or exists [Condition: \"Diabetes\"]\n");
  INFO(nowhere.text);
  CHECK(nowhere.in.at(0));
  CHECK(told(nowhere.people.not_made, "[Basic] of line 9"));
  const Made never("define \"Cohort\": Record.\"Female\" and not Record.\"Female\"\n");
  INFO(never.text);
  CHECK_FALSE(never.in.at(0));
  CHECK(told(never.people.not_made, "nobody who is in it was found"));
  Diagnostics faults;
  const std::string text =
      beginning + "context Unfiltered\ndefine \"All\": [Condition: \"Diabetes\"]\ncontext Patient\ndefine \"Cohort\": Count(\"All\") > 1\n";
  const auto everyone = program_of(cql::LibraryText{"mine.cql", text}, names(), faults);
  REQUIRE(everyone);
  CHECK(told(people_for(*everyone, names(), march).not_made, "everyone at once"));
  const Made choices("define \"Cohort\": exists ([Condition: \"Diabetes\"] C where C.dayOf() before @2020-01-01 and C.bodySite is null)\n");
  INFO(choices.text);
  CHECK(told(choices.people.not_made, "Condition.bodySite"));
  CHECK_FALSE(told(choices.people.not_made, "Condition.onset"));
}
