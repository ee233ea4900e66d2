#include "cohort/cohort.h"

#include <doctest/doctest.h>

#include <algorithm>
#include <filesystem>

#include "base/error.h"

using namespace catchment;
using namespace catchment::cohort;

namespace {

/// The example system's definitions, read once.
struct Example {
  system::LoadedSystem system;
  terminology::LoadedCodelists codelists;
  measures::LoadedMeasures measures;
  Known known;
  Example() : system(system::load_system(folder())), codelists(terminology::load_codelists(folder())) {
    measures = measures::load_measures(system::Definitions(folder()), system.system, codelists.codelists);
    known = {&system.system, &codelists.codelists, &measures.library};
  }
  static std::filesystem::path folder() { return std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk"; }
};

const Known& known() {
  static const Example example;
  return example.known;
}

Cohort form(const std::string& who) {
  Diagnostics diagnostics;
  const auto cohort = read_form("{\"id\": \"c\", \"title\": \"C\", \"who\": " + who + "}", "c.json", known(), diagnostics);
  std::string text;
  for (const Diagnostic& each : diagnostics) text += to_string(each);
  REQUIRE_MESSAGE(cohort.has_value(), text);
  return *cohort;
}

const Date march = Date::from_ymd(2026, 3, 31);

/// People by hand, each "table column=value ..." rows parted by ';', against what the cohort's CQL says of each.
std::vector<bool> asked(const Cohort& cohort, const std::vector<std::string>& people) {
  Diagnostics diagnostics;
  const auto program = program_of(cohort, known(), diagnostics);
  std::string text = to_cql(cohort, known());
  for (const Diagnostic& each : diagnostics) text += "\n" + to_string(each);
  REQUIRE_MESSAGE(program, text);
  std::vector<DummyPerson> made;
  for (const std::string& person : people) {
    DummyPerson one;
    one.rows.push_back({"registration", {{"start_date", "2010-01-01"}}});
    std::size_t from = 0;
    while (from < person.size()) {
      const std::size_t end = std::min(person.find(';', from), person.size());
      DummyPerson::Row row;
      std::string rest = person.substr(from, end - from) + " ";
      for (std::size_t at = 0, space; (space = rest.find(' ', at)) != std::string::npos; at = space + 1) {
        const std::string word = rest.substr(at, space - at);
        if (word.empty()) continue;
        const std::size_t equals = word.find('=');
        if (equals == std::string::npos) row.table = word;
        else row.cells.push_back({word.substr(0, equals), word.substr(equals + 1)});
      }
      if (row.table == "registration") one.rows.clear();
      one.rows.push_back(row);
      from = end + 1;
    }
    made.push_back(one);
  }
  return answers(*program, known(), made, march);
}

std::string fault_of(const std::string& json) {
  Diagnostics diagnostics;
  CHECK_FALSE(read_form(json, "c.json", known(), diagnostics));
  REQUIRE_FALSE(diagnostics.empty());
  CHECK_FALSE(diagnostics[0].fix.empty());
  return diagnostics[0].message;
}

}  // namespace

TEST_CASE("a register clause follows the register's rule: resolved later is off, resolved the same day is on") {
  const std::string diagnosis = "person birth_date=1960-01-01;condition code=44054006 status=active category=problem onset_date=2015-01-01";
  CHECK(asked(form(R"({"register": "diabetes"})"),
              {diagnosis, diagnosis + " abatement_date=2020-01-01", diagnosis + " abatement_date=2015-01-01", "person birth_date=1960-01-01"}) ==
        std::vector<bool>{true, false, true, false});
}

TEST_CASE("ages count whole years on the last day, both ends included") {
  const Cohort cohort = form(R"({"age": {"from": 18, "to": 64}})");
  CHECK(asked(cohort, {"person birth_date=2008-03-31", "person birth_date=2008-04-01", "person birth_date=1961-04-01", "person birth_date=1961-03-31"}) ==
        std::vector<bool>{true, false, true, false});
  CHECK(asked(form(R"({"age": {"to": 4}})"), {"person birth_date=2021-04-01", "person birth_date=2021-03-31"}) == std::vector<bool>{true, false});
}

TEST_CASE("sex, and not of it") {
  CHECK(asked(form(R"({"sex": "female"})"),
              {"person birth_date=1990-01-01 sex=female", "person birth_date=1990-01-01 sex=male", "person birth_date=1990-01-01"}) ==
        std::vector<bool>{true, false, false});
  CHECK(asked(form(R"({"not": {"sex": "female"}})"), {"person birth_date=1990-01-01 sex=female", "person birth_date=1990-01-01"}) ==
        std::vector<bool>{false, true});
}

TEST_CASE("an event counts from the first day of its window") {
  const std::string vaccine = "person birth_date=1950-01-01;immunisation code=86198006 status=completed date=";
  const Cohort cohort = form(R"({"event": {"codelist": "flu", "within_months": 12}})");
  CHECK(asked(cohort, {vaccine + "2025-04-01", vaccine + "2025-03-31", vaccine + "2026-03-31", vaccine + "2026-04-01"}) ==
        std::vector<bool>{true, false, true, false});
  CHECK(asked(form(R"({"event": {"codelist": "flu", "from": "2025-09-01", "to": "2026-01-31"}})"),
              {vaccine + "2025-09-01", vaccine + "2025-08-31", vaccine + "2026-01-31", vaccine + "2026-02-01"}) == std::vector<bool>{true, false, true, false});
  CHECK(asked(form(R"({"event": {"codelist": "flu"}})"), {vaccine + "1990-01-01", vaccine + "2026-04-01"}) == std::vector<bool>{true, false});
}

TEST_CASE("at least so many days: two rows of one day are one") {
  const std::string reading = ";observation code=271649006 status=final value=140 date=";
  CHECK(asked(form(R"({"event": {"codelist": "systolic", "within_months": 12, "at_least": 2}})"),
              {"person birth_date=1950-01-01" + reading + "2025-06-01" + reading + "2025-06-02",
               "person birth_date=1950-01-01" + reading + "2025-06-01" + reading + "2025-06-01"}) == std::vector<bool>{true, false});
}

TEST_CASE("a value is one of the latest day, and its bounds are as written") {
  const std::string hba1c = "person birth_date=1950-01-01;observation code=999791000000106 status=final unit=mmol/mol date=2025-06-01 value=";
  const std::string later = ";observation code=999791000000106 status=final unit=mmol/mol date=2025-07-01 value=50";
  CHECK(asked(form(R"({"value": {"codelist": "hba1c", "within_months": 12, "above": 58}})"),
              {hba1c + "58", hba1c + "58.5", hba1c + "70" + later, "person birth_date=1950-01-01"}) == std::vector<bool>{false, true, false, false});
  CHECK(asked(form(R"({"value": {"codelist": "hba1c", "within_months": 12, "at_least": 58, "below": 75}})"), {hba1c + "58", hba1c + "75", hba1c + "57.9"}) ==
        std::vector<bool>{true, false, false});
  CHECK(asked(form(R"({"not": {"value": {"codelist": "hba1c", "above": 58}}})"), {"person birth_date=1950-01-01", hba1c + "59"}) ==
        std::vector<bool>{true, false});
}

TEST_CASE("medicines and reasons for care are events too") {
  CHECK(asked(form(R"({"event": {"codelist": "statin", "within_months": 6}})"),
              {"person birth_date=1950-01-01;medication code=bnf|0212000B0 kind=issue status=completed date=2025-10-01",
               "person birth_date=1950-01-01;medication code=bnf|0212000B0 kind=issue status=completed date=2025-09-30"}) == std::vector<bool>{true, false});
  CHECK(asked(form(R"({"event": {"codelist": "fall", "within_months": 12}})"),
              {"person birth_date=1950-01-01;encounter code=217082002 kind=emergency status=finished start_date=2026-01-01",
               "person birth_date=1950-01-01;condition code=icd10|W01 status=active category=encounter onset_date=2026-01-01",
               "person birth_date=1950-01-01;encounter code=217082002 kind=emergency status=cancelled start_date=2026-01-01"}) ==
        std::vector<bool>{true, true, false});
}

TEST_CASE("a practice clause asks for the registration of the last day") {
  const auto& practices = known().system->practices;
  REQUIRE(practices.size() > 1);
  const std::string one = practices[0].code;
  const auto other = std::find_if(practices.begin(), practices.end(), [&](const auto& each) { return each.place != practices[0].place; });
  REQUIRE(other != practices.end());
  const auto registered = [](const std::string& code, const std::string& more) {
    return "registration start_date=2010-01-01 practice=" + code + more + ";person birth_date=1950-01-01";
  };
  CHECK(asked(form(R"({"practice": {"practices": [")" + one + R"("]}})"), {registered(one, ""), registered(other->code, "")}) ==
        std::vector<bool>{true, false});
  CHECK(asked(form(R"({"practice": {"places": [")" + practices[0].place + R"("]}})"),
              {registered(one, ""), registered(other->code, ""), registered(one, " end_date=2026-03-31")}) == std::vector<bool>{true, false, false});
}

TEST_CASE("all, any and not join as they say") {
  const Cohort cohort = form(R"({"all": [{"any": [{"register": "diabetes"}, {"register": "copd"}]}, {"not": {"age": {"from": 80}}}]})");
  const std::string young = "person birth_date=1970-01-01", old = "person birth_date=1940-01-01",
                    diabetes = ";condition code=44054006 status=active category=problem onset_date=2015-01-01",
                    copd = ";condition code=13645005 status=active category=problem onset_date=2015-01-01";
  CHECK(asked(cohort, {young + diabetes, young + copd, young, old + diabetes}) == std::vector<bool>{true, true, false, false});
}

TEST_CASE("everyone of a cohort is registered, or only alive when the form says so") {
  Cohort cohort = form(R"({"age": {"from": 18}})");
  const std::vector<std::string> people = {"person birth_date=1950-01-01",
                                           "registration start_date=2010-01-01 end_date=2020-01-01;person birth_date=1950-01-01",
                                           "person birth_date=1950-01-01 death_date=2026-01-01"};
  CHECK(asked(cohort, people) == std::vector<bool>{true, false, false});
  cohort.registered = false;
  CHECK(asked(cohort, people) == std::vector<bool>{true, true, false});
}

TEST_CASE("a form comes back from its JSON as it was") {
  for (const char* who :
       {R"({"register": "diabetes"})", R"({"age": {"from": 18, "to": 64}})", R"({"sex": "male"})",
        R"({"event": {"codelist": "flu", "within_months": 12, "at_least": 2}})", R"({"event": {"codelist": "flu", "from": "2025-09-01", "to": "2026-01-31"}})",
        R"({"value": {"codelist": "hba1c", "within_months": 12, "at_least": 58, "below": 75.5}})", R"({"practice": {"places": ["luton"]}})",
        R"({"all": [{"any": [{"register": "copd"}, {"not": {"sex": "male"}}]}, {"age": {"to": 80}}]})"}) {
    const Cohort cohort = form(who);
    Diagnostics none;
    const auto again = read_form(to_json(cohort), "c.json", known(), none);
    REQUIRE(again);
    CHECK(*again == cohort);
    CHECK(to_cql(*again, known()) == to_cql(cohort, known()));
  }
}

TEST_CASE("what is wrong in a form names the place and what was probably meant") {
  const auto with = [](const std::string& who) { return "{\"id\": \"c\", \"title\": \"C\", \"who\": " + who + "}"; };
  CHECK(fault_of(with(R"({"register": "diabetis"})")) == "who.register names 'diabetis', which is no codelist");
  CHECK(fault_of(with(R"({"register": "flu"})")).find("no register") != std::string::npos);
  CHECK(fault_of(with(R"({"all": [{"age": {"from": 70, "to": 60}}]})")) == "who.all[0].age ends before it begins");
  CHECK(fault_of(with(R"({"regster": "diabetes"})")).find("no clause") != std::string::npos);
  CHECK(fault_of(with(R"({"value": {"codelist": "hba1c"}})")).find("no bound") != std::string::npos);
  CHECK(fault_of(with(R"({"value": {"codelist": "hba1c", "above": 1e9}})")).find("plain number") != std::string::npos);
  CHECK(fault_of(with(R"({"practice": {"places": ["narnia"]}})")).find("no place") != std::string::npos);
  CHECK(fault_of(with(R"({"event": {"codelist": "flu", "within_months": 12, "from": "2025-01-01"}})")).find("within_months and days") != std::string::npos);
  CHECK(fault_of("{\"id\": \"C!\", \"title\": \"C\", \"who\": {\"sex\": \"male\"}}").find("id is not an id") != std::string::npos);
  CHECK(fault_of("{").find("not JSON") != std::string::npos);
  CHECK(fault_of("[]").find("not an object") != std::string::npos);
  CHECK(fault_of("{\"id\": \"c\", \"title\": \"C\"}").find("who is missing") != std::string::npos);
  std::string deep = R"({"sex": "male"})";
  for (int i = 0; i < 40; ++i) deep = R"({"not": )" + deep + "}";
  CHECK(fault_of(with(deep)).find("nested too deeply") != std::string::npos);
  std::string wide = R"({"sex": "male"})";
  for (int i = 0; i < 200; ++i) wide += R"(,{"sex": "male"})";
  CHECK(fault_of(with(R"({"all": [)" + wide + "]}")).find("too many clauses") != std::string::npos);
}

TEST_CASE("a title cannot break out of its quotes or comment") {
  Cohort cohort = form(R"({"sex": "male"})");
  Diagnostics diagnostics;
  CHECK_FALSE(read_form("{\"id\": \"c\", \"title\": \"C\\ndefine\", \"who\": {\"sex\": \"male\"}}", "c.json", known(), diagnostics));
  cohort.title = "\"quotes\" and \\ back";
  diagnostics.clear();
  CHECK(program_of(cohort, known(), diagnostics));
}

TEST_CASE("the made-up people of a cohort are in it and just out of it, each by the clause it names") {
  for (const char* who :
       {R"({"all": [{"register": "diabetes"}, {"age": {"from": 18, "to": 79}}, {"not": {"event": {"codelist": "hba1c", "within_months": 12}}}]})",
        R"({"any": [{"register": "copd"}, {"event": {"codelist": "flu", "within_months": 6}}]})",
        R"({"value": {"codelist": "hba1c", "within_months": 12, "above": 58.5}})",
        R"({"all": [{"sex": "female"}, {"value": {"codelist": "systolic", "at_most": 140}}, {"practice": {"places": ["luton"]}}]})",
        R"({"event": {"codelist": "statin", "within_months": 6, "at_least": 3}})", R"({"not": {"any": [{"register": "stroke"}, {"age": {"to": 64}}]}})"}) {
    const Cohort cohort = form(who);
    Diagnostics diagnostics;
    const auto program = program_of(cohort, known(), diagnostics);
    REQUIRE(program);
    const auto people = dummy_people(cohort, known(), march);
    const auto came = answers(*program, known(), people, march);
    std::vector<bool> expected;
    for (const DummyPerson& person : people) expected.push_back(person.expected);
    CHECK_MESSAGE(came == expected, who << "\n" << people_text(people, came) << to_cql(cohort, known()));
    CHECK(came[0]);
    CHECK(std::count(came.begin(), came.end(), false) >= 1);
  }
}

TEST_CASE("a cohort in words") {
  CHECK(in_words(form(R"({"all": [{"register": "diabetes"}, {"not": {"event": {"codelist": "hba1c", "within_months": 12}}}]})"), known()) ==
        "Everyone alive and registered who is: on the register of Diabetes mellitus, and not Glycated haemoglobin in the last 12 months.");
}

TEST_CASE("a library written by hand must define Cohort") {
  Diagnostics diagnostics;
  CHECK_FALSE(
      program_of(cql::LibraryText{"mine.cql", "library Mine\nusing FHIR version '4.0.1'\ncontext Patient\ndefine \"A\": true\n"}, known(), diagnostics));
  REQUIRE(diagnostics.size() == 1);
  CHECK(diagnostics[0].message.find("no definition \"Cohort\"") != std::string::npos);
}

TEST_CASE("kept versions are added, never changed, and the same form is not kept twice") {
  const auto file = std::filesystem::temp_directory_path() / "catchment_cohort_test.sqlite";
  std::filesystem::remove(file);
  {
    CohortStore store(file);
    Cohort cohort = form(R"({"age": {"from": 18}})");
    CHECK(store.save(cohort, known(), "me", {1000, 0}).version == 1);
    CHECK(store.save(cohort, known(), "you", {2000, 0}).saved_by == "me");
    cohort.who.from_age = 19;
    CHECK(store.save(cohort, known(), "you", {3000, 0}).version == 2);
    CHECK(store.list().size() == 1);
    REQUIRE(store.find("c", 1));
    CHECK(store.find("c", 1)->form.find("18") != std::string::npos);
    CHECK(store.find("c")->version == 2);
    CHECK_FALSE(store.find("c", 3));
    CHECK_FALSE(store.find("d"));
  }
  std::filesystem::remove(file);
}

TEST_CASE("small groups of a profile are hidden with what would give them away") {
  ExactCounts counts;
  counts.months = {march};
  counts.members = {120};
  counts.profile = {{"sex", "female", 117}, {"sex", "male", 3}, {"place", "a", 40}, {"place", "b", 80}};
  const ShownMembers members = shown({}, counts);
  CHECK(members.members[0].shown == 120);
  CHECK(members.profile[0].members.hidden());
  CHECK(members.profile[1].members.hidden());
  CHECK(members.profile[2].members.shown == 40);
}

namespace {

std::string by_hand(const std::string& cohort) {
  return "library Hand\nusing FHIR version '4.0.1'\ninclude FHIRHelpers version '4.0.1' called FHIRHelpers\ninclude Record version '1' called Record\n"
         "parameter \"Measurement Period\" Interval<DateTime>\ncontext Patient\ndefine \"Cohort\": " +
      cohort + "\n";
}

Diagnostics faults_of(const std::string& cql) {
  Diagnostics diagnostics;
  (void)program_of(cql::LibraryText{"hand.cql", cql}, known(), diagnostics);
  return diagnostics;
}

}  // namespace

TEST_CASE("a cohort by hand must be true or false of a person") {
  CHECK(faults_of(by_hand("Record.\"Age\" > 17")).empty());
  const auto number = faults_of(by_hand("Record.\"Age\""));
  REQUIRE(number.size() == 1);
  CHECK(number[0].line == 7);
  CHECK(number[0].message == "\"Cohort\" is Integer, not true or false");
  const auto none = faults_of("library Hand\ndefine \"Other\": true\n");
  REQUIRE(none.size() == 1);
  CHECK(none[0].message == "there is no definition \"Cohort\"");
}

TEST_CASE("a value set of a codelist that is not there is a fault where it is declared") {
  std::string cql = by_hand("exists [Observation: \"HbA1c\"]");
  cql.insert(cql.find("parameter"), "valueset \"HbA1c\": 'codelist:hba1'\n");
  const auto faults = faults_of(cql);
  REQUIRE(faults.size() == 1);
  CHECK(faults[0].line == 5);
  CHECK(faults[0].column == 19);
  CHECK(faults[0].fix == "did you mean 'codelist:hba1c'?");
}

TEST_CASE("a cohort that takes too many steps of one person is refused when it is tried out") {
  Diagnostics none;
  const auto light = program_of(cql::LibraryText{"hand.cql", by_hand("Record.\"Age\" > 17")}, known(), none);
  const auto heavy = program_of(cql::LibraryText{"hand.cql", by_hand("Sum((expand { Interval[1, 90000] }) I return start of I) > 1")}, known(), none);
  REQUIRE(light);
  REQUIRE(heavy);
  CHECK_NOTHROW(try_out(*light, known(), march));
  CHECK_THROWS_AS(try_out(*heavy, known(), march, 1'000), Error);
}

TEST_CASE("a cohort by hand keeps its versions beside those of forms") {
  const auto file = std::filesystem::temp_directory_path() / "catchment-cohort-by-hand.sqlite";
  for (const char* end : {"", "-wal", "-shm"}) std::filesystem::remove(file.string() + end);
  CohortStore store(file);
  const Instant now{1'775'000'000'000, 0};
  CHECK(store.save_cql("adults", "Adults", by_hand("Record.\"Age\" > 17"), "ali", now).version == 1);
  CHECK(store.save_cql("adults", "Adults", by_hand("Record.\"Age\" > 17"), "ali", now).version == 1);
  CHECK(store.save_cql("adults", "Adults", by_hand("Record.\"Age\" > 18"), "bo", now).version == 2);
  const auto versions = store.versions("adults");
  REQUIRE(versions.size() == 2);
  CHECK(versions[0].version == 2);
  CHECK(versions[1].saved_by == "ali");
  CHECK(versions[0].form.empty());
  CHECK(store.find("adults", 1)->cql == by_hand("Record.\"Age\" > 17"));
}
