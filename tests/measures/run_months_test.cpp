// The measure library month by month over a small snapshot, with its members worked out by hand.
#include <doctest/doctest.h>

#include "../records/staged_fixture.h"
#include "measures/measures.h"

using namespace catchment;
using namespace catchment::records::testing;

namespace {

const std::string logic = R"(library Sugar version '1'
using FHIR version '4.0.1'
valueset "Diabetes codes": 'codelist:diabetes'
parameter "Measurement Period" Interval<DateTime>
context Patient
define "Last day": date from end of "Measurement Period"
define "Adult": AgeInYearsAt("Last day") >= 18
define "Known": [Condition: "Diabetes codes"] C where date from (C.onset as FHIR.dateTime) on or before "Last day"
define "Diabetes": exists "Known"
define "Old": AgeInYearsAt("Last day") >= 75
define "Days": "Known" C where date from (C.onset as FHIR.dateTime) during day of "Measurement Period" return all date from (C.onset as FHIR.dateTime)
)";

const std::string words = R"(owner = "board"
priority = "live-well"
good_direction = "neither"
source = "Own rule"

[[measure]]
id = "diabetes"
title = "Diabetes"
purpose = "Who has it."
years = ["2025/26"]
denominator = "Adults"
numerator = "Those with a diagnosis"
exclusions = "Those of 75 and more"
define = { denominator = "Adult", numerator = "Diabetes", exclusions = "Old" }

[[measure]]
id = "diagnoses"
title = "Diagnoses"
purpose = "How many are made."
kind = "count"
years = ["2025/26"]
denominator = "Adults"
numerator = "Diagnoses of the month"
define = { denominator = "Adult", numerator = "Days" }
)";

terminology::Codelists codelists() {
  terminology::Codelist list;
  list.id = "diabetes";
  list.version = "1";
  list.hash = "0123456789abcdef0123";
  list.entries = {{"snomed", "73211009", "Diabetes mellitus", terminology::Match::exact}, {"icd10", "E11", "Type 2", terminology::Match::prefix}};
  return {{list}};
}

measures::MeasureLibrary library() {
  system::System system;
  system::StrategyItem item;
  item.id = "live-well";
  system.strategy.priorities.push_back(item);
  const std::string lock = "library,codelist,version,hash\nSugar,diabetes,1,0123456789abcdef\n";
  auto loaded = measures::load_measures(system::Definitions({{"measures/Sugar.cql", logic}, {"measures/Sugar.toml", words}, {"measures/codelists.csv", lock}}),
                                        system, codelists());
  for (const Diagnostic& each : loaded.diagnostics)
    if (each.severity == Severity::error && each.message.find("promise") == std::string::npos) FAIL_CHECK(to_string(each));
  return std::move(loaded.library);
}

// Person 10 was born in 1980 and diagnosed in February 2026, twice; 20 turns 18 on 15 March 2026 and was diagnosed in 2014;
// 30 was born in 1950 and is never diagnosed; 40 is a child.
std::shared_ptr<const records::Snapshot> assembled(const std::filesystem::path& folder) {
  {
    Staged staged(folder);
    staged.run(
        "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/1.csv' AS file, 'gp' AS feed, 'P1' AS partner, 'general-practice' AS setting, 'complete' AS status, "
        "'local_id' AS key_kind, 10 AS rows_read, 9 AS rows_accepted, 1 AS rows_quarantined, 0.05 AS tolerance, false AS postcode_is_incident");
    staged.run(
        "INSERT INTO code VALUES (1, 'http://snomed.info/sct', '73211009', 'Diabetes'), (2, 'http://hl7.org/fhir/sid/icd-10', 'E119', 'Type 2 diabetes'), "
        "(3, 'http://snomed.info/sct', '195967001', 'Asthma'); INSERT INTO organisation VALUES (1, 'P1', NULL)");
    staged.run(
        "INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES (1, 1, 1, '9990000018', DATE '1980-02-29', 'female', 1, DATE '2025-01-01', false),"
        "(2, 1, 2, '9990000026', DATE '2008-03-15', 'male', 1, DATE '2025-01-01', false), (3, 1, 3, '9990000034', DATE '1950-01-01', 'female', 1, DATE "
        "'2025-01-01', false),"
        "(4, 1, 4, '9990000042', DATE '2020-01-01', 'female', 1, DATE '2025-01-01', false)"
        ") t(subject, source, line, nhs_number, birth_date, sex, practice, updated_date, restricted)");
    staged.run("INSERT INTO person_of_subject VALUES (1, 10), (2, 20), (3, 30), (4, 40)");
    staged.run(
        "INSERT INTO staged_condition BY NAME SELECT * FROM (VALUES (1, 1, 1, 1, 1, DATE '2026-02-10', 'active'), (1, 1, 2, 1, 2, DATE '2026-02-28', "
        "'active'), "
        "(2, 1, 3, 1, 1, DATE '2014-05-05', 'active'), (3, 1, 4, 1, 3, DATE '2026-02-10', 'active')) t(subject, source, line, organisation, code, onset_date, "
        "status)");
  }
  SilentProgress silent;
  records::assemble(small_reference(), settings_for(folder), silent);
  write_manifest(folder);
  return records::Snapshot::open_folder(folder);
}

struct Members {
  std::vector<std::uint32_t> denominator, excluded, numerator;
  std::uint64_t events = 0;
  bool operator==(const Members&) const = default;
};

Members read(const measures::MembersStore& store, const measures::MonthsResult& result, const std::string& content_hash, std::string_view id,
             const char* month) {
  for (const measures::MonthCell& cell : result.cells) {
    if (cell.measure->words.id != id || to_string(cell.month).substr(0, 7) != month) continue;
    const auto members = store.read({content_hash, cell.measure->words.id, cell.measure->version, cell.month});
    REQUIRE(members);
    return {members->denominator.places(), members->excluded.places(), members->numerator.places(), members->events()};
  }
  FAIL("no such month");
  return {};
}

}  // namespace

TEST_CASE("members of each month are those worked out by hand, on any threads and in any memory") {
  const Folder folder("months"), results("months-results");
  const auto snapshot = assembled(folder.path);
  const measures::MeasureLibrary measured = library();
  REQUIRE(measured.measures.size() == 2);
  const terminology::Codelists lists = codelists();
  SilentProgress silent;
  int round = 0;
  for (const unsigned threads : {1U, 2U, 16U}) {
    for (const std::uint64_t memory : {std::uint64_t{1} << 30, std::uint64_t{64}}) {
      CAPTURE(threads);
      CAPTURE(memory);
      const measures::MembersStore store(results.path / std::to_string(round++));
      measures::MonthsOptions options;
      options.last = *Date::parse("2026-03-31");
      options.months = 3;
      options.threads = threads;
      options.memory_bytes = memory;
      const auto result = measures::run_months(measured, lists, *snapshot, store, options, silent);
      CHECK(result.cells.size() == 6);
      CHECK(result.errors.empty());
      CHECK(result.persons == 4);
      CHECK((memory == 64 ? result.slices > 1 : result.slices == 1));
      const std::string& hash = snapshot->manifest().content_hash;
      CHECK(read(store, result, hash, "diabetes", "2026-01") == Members{{0}, {2}, {}, 0});
      CHECK(read(store, result, hash, "diabetes", "2026-02") == Members{{0}, {2}, {0}, 1});
      CHECK(read(store, result, hash, "diabetes", "2026-03") == Members{{0, 1}, {2}, {0, 1}, 2});
      CHECK(read(store, result, hash, "diagnoses", "2026-01") == Members{{0, 2}, {}, {}, 0});
      CHECK(read(store, result, hash, "diagnoses", "2026-02") == Members{{0, 2}, {}, {0}, 2});
      CHECK(read(store, result, hash, "diagnoses", "2026-03") == Members{{0, 1, 2}, {}, {}, 0});
      const auto kept = measures::run_months(measured, lists, *snapshot, store, options, silent);
      CHECK(kept.persons == 0);
      for (const measures::MonthCell& cell : kept.cells) CHECK(cell.known);
    }
  }
}
