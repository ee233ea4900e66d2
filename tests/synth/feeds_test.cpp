#include <doctest/doctest.h>

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <sstream>
#include <string>

#include "base/csv.h"
#include "example.h"
#include "synth/feeds/partner.h"
#include "synth/feeds/practice_care.h"
#include "written.h"

using namespace catchment;
using namespace catchment::synth;

namespace {

double share_empty(const CsvTable& table, std::string_view column) {
  const int at = table.column(column);
  REQUIRE(at >= 0);
  double empty = 0;
  for (const auto& row : table.rows) empty += row[static_cast<std::size_t>(at)].empty();
  return empty / static_cast<double>(table.rows.size());
}

void check_numbers(const CsvTable& table, std::string_view column) {
  const auto at = static_cast<std::size_t>(table.column(column));
  std::size_t wrong = 0, outside = 0, given = 0;
  for (const auto& row : table.rows) {
    if (row[at].empty()) continue;
    ++given;
    outside += !row[at].starts_with("999");
    wrong += read_nhs_number(row[at]).fault != NhsNumberFault::none;
  }
  CHECK(outside == 0);
  CHECK(static_cast<double>(wrong) < 0.004 * static_cast<double>(given) + 3);
}

const Written& hospital() {
  static const Written written(hospital_feed, 0, 10);
  return written;
}

const Written& councils() {
  static const Written written(social_care_feed);
  return written;
}

/// Of residents aged five to nine, those with both doses of measles vaccine by their fifth birthday, percent, by place.
std::vector<double> both_doses_by_five() {
  const Model& model = example_model();
  std::vector<double> children(model.places.size() + 1), covered(model.places.size() + 1);
  for (const auto& life : everybody()) {
    const int age = life.age(model.as_of);
    if (life.standing != Standing::resident || age < 5 || age > 9) continue;
    int doses = 0;
    for (const auto& one : vaccinations(model, life))
      doses += one.vaccine < model.vaccines.size() && model.vaccines[one.vaccine].id.starts_with("mmr") && one.on < life.birth.plus_months(60);
    ++children[life.place], ++children.back();
    covered[life.place] += doses >= 2, covered.back() += doses >= 2;
  }
  for (std::size_t p = 0; p < children.size(); ++p) covered[p] *= 100 / children[p];
  return covered;
}

}  // namespace

TEST_CASE("NHS numbers are missing at least as often as partners' data miss them, and those given are of the test range") {
  const Written community(community_feed), mind(mental_health_feed), urgent(urgent_feed), voluntary(voluntary_feed);
  const Written& social = councils();
  struct Row {
    const Written& written;
    const char* file;
    const char* column;
    double minimum;
  };
  for (const Row& row :
       {Row{hospital(), "RC9/2026-03/apc", "patient.identity.nhs_number", 0.003}, Row{hospital(), "RC9/2026-03/ecds", "patient.identity.nhs_number", 0.02},
        Row{community, "CYP001MPI", "NHSNumber", 0.03}, Row{mind, "MHS001MPI", "NHSNumber", 0.03}, Row{social, "/cld", "NHS Number", 0.10},
        Row{voluntary, "contacts", "nhs no", 0.40}, Row{urgent, "incidents", "NHSNumber", 0.85}}) {
    INFO(row.file);
    const CsvTable table = row.written.table(row.file);
    const double share = share_empty(table, row.column);
    CHECK(share >= row.minimum);
    CHECK(share < row.minimum * 1.4 + 0.02);
    check_numbers(table, row.column);
  }
}

TEST_CASE("names, birth dates and postcodes on file are wrong at least as often as stated") {
  const Model& model = example_model();
  const Faults faults(model);
  const Source hospitals = faults.source("apc", true), council = faults.source("cld");
  double people = 0, names = 0, births = 0, stale = 0, placeholder = 0, twins = 0, unexplained = 0;
  for (const auto& life : everybody()) {
    const Date on = std::max(life.birth, std::min(model.as_of, life.exits.plus_days(-1)));
    const Seen seen = faults.see(life, council, on), known = faults.see(life, hospitals, on);
    ++people;
    names += seen.faults.has(Fault::name_error);
    births += seen.faults.has(Fault::birth_date_error);
    unexplained += seen.faults.has(Fault::birth_date_error) != (seen.birth != life.birth);
    stale += known.address.postcode != life.address(model.as_of).postcode;
    placeholder += seen.faults.has(Fault::baby_placeholder_name);
    twins += life.twin;
  }
  CHECK(unexplained == 0);
  CHECK(names / people >= 0.02);
  CHECK(births / people >= 0.001);
  CHECK(stale / people >= 0.25);
  CHECK(placeholder > 0);
  CHECK(twins > 50);
}

TEST_CASE("a typing error changes a name and leaves letters beyond ASCII whole") {
  Random random(3);
  for (int i = 0; i < 500; ++i) {
    const std::string wrong = mistype("Małgorzata", random);
    CHECK(wrong != "Małgorzata");
    CHECK(wrong.find("ł") != std::string::npos);
  }
}

TEST_CASE("hospital and community activity is as much as a million residents have in ten years") {
  const double scale = 1'000'000.0 / 10'000;  // the hospital feed was written for ten chunks of a thousand residents
  CHECK(static_cast<double>(hospital().rows("sus-pseudonymised/QHG/2026-03/apc")) * scale >= 3'800'000);
  CHECK(static_cast<double>(hospital().rows("sus-pseudonymised/QHG/2026-03/ecds")) * scale >= 4'000'000);
  const Written community(community_feed, 0, 10);
  CHECK(static_cast<double>(community.rows("CYP201CareContact")) * scale >= 14'000'000);
}

TEST_CASE("practice activity is as much as a million residents have in ten years") {
  const PracticeRates rates(example_model());
  PracticeCare care;
  double appointments = 0, observations = 0, issues = 0;
  for (std::size_t c = 0; c < 3; ++c)
    for (const auto& life : chunks()[c])
      for (const auto& registration : life.registrations) {
        Random random = person_stream(example_model(), life, Purpose::gp, registration.serial);
        rates.care_for(life, std::max(registration.from, example_model().from),
                       std::min(registration.to.value_or(example_model().as_of.plus_days(1)), life.exits), random, care);
        appointments += static_cast<double>(care.appointments.size());
        observations += static_cast<double>(care.observations.size());
        issues += static_cast<double>(care.issues.size());
      }
  const double scale = 1'000'000.0 / 3'000 * 0.98;  // one practice of 84 is absent from the feed
  CHECK(appointments * scale >= 60e6);
  CHECK(observations * scale >= 100e6);
  CHECK(issues * scale >= 100e6);
}

TEST_CASE("two doses of measles vaccine by five: about 84 in a hundred, Luton lowest") {
  const auto covered = both_doses_by_five();
  CHECK(std::abs(covered.back() - 83.7) < 2.5);
  const Model& model = example_model();
  for (std::size_t p = 0; p < model.places.size(); ++p)
    if (model.places[p].id != "luton") {
      const auto luton = static_cast<std::size_t>(
          std::find_if(model.places.begin(), model.places.end(), [](const PlaceModel& place) { return place.id == "luton"; }) - model.places.begin());
      INFO(model.places[p].name);
      CHECK(covered[luton] < covered[p] - 2);
    }
}

TEST_CASE("nobody is vaccinated before there was the vaccine, and doses of a course keep their distance") {
  const Model& model = example_model();
  std::size_t early = 0, close = 0, courses = 0;
  for (const auto& life : everybody()) {
    const Vaccination* before = nullptr;
    const auto given = vaccinations(model, life);
    for (const auto& one : given) {
      if (one.vaccine >= model.vaccines.size()) continue;
      const Vaccine& vaccine = model.vaccines[one.vaccine];
      early += one.on < (life.sex == Sex::male ? vaccine.introduced_men : vaccine.introduced);
      if (vaccine.gap_days > 0 && before && before->vaccine + 1 == one.vaccine) ++courses, close += one.on < before->on.plus_days(vaccine.gap_days);
      before = &one;
    }
  }
  CHECK(courses > 100);
  CHECK(early == 0);
  CHECK(close == 0);
}

TEST_CASE("one trust sends FHIR instead of CSV, and its patients carry NHS numbers in the NHS system") {
  CHECK(hospital().rows("sus/RD8/2026-03/apc") == 0);
  const std::string& patients = hospital().lines("fhir/RD8/2026-03/Patient.ndjson");
  CHECK(patients.find("\"resourceType\":\"Patient\"") != std::string::npos);
  CHECK(patients.find("https://fhir.nhs.uk/Id/nhs-number") != std::string::npos);
  CHECK(hospital().rows("Encounter.ndjson") > 1'000);
}

TEST_CASE("the trust that sends FHIR says in the encounter which diagnosis is the main one") {
  const std::string& encounters = hospital().lines("fhir/RD8/2026-03/Encounter.ndjson");
  const std::string& conditions = hospital().lines("fhir/RD8/2026-03/Condition.ndjson");
  std::istringstream lines(encounters);
  std::size_t stays = 0;
  for (std::string line; std::getline(lines, line);) {
    if (line.find("\"code\":\"IMP\"") == std::string::npos) continue;
    ++stays;
    CHECK(line.find("\"rank\":1") != std::string::npos);
    const std::string name = "\"reference\":\"Condition/";
    const std::size_t at = line.find(name);
    REQUIRE(at != std::string::npos);
    const std::string id = line.substr(at + name.size(), line.find('"', at + name.size()) - at - name.size());
    if (stays % 50 == 1) CHECK(conditions.find("\"id\":\"" + id + "\"") != std::string::npos);
  }
  CHECK(stays > 100);
}

TEST_CASE("pseudonymised activity names nobody") {
  const CsvTable table = hospital().table("sus-pseudonymised/QHG/2026-03/apc");
  for (const char* column :
       {"patient.identity.nhs_number", "patient.identity.local_patient_identifier", "patient.residence.postcode", "patient.identity.birth_date"})
    CHECK(table.column(column) < 0);
  CHECK(share_empty(table, "patient.identity.pseudo_nhs_number") == 0);
}

TEST_CASE("one council's last quarter is late and one practice is absent") {
  const Written& social = councils();
  CHECK(social.rows("cld/E06000055/2026-03/cld") > 0);
  CHECK(social.rows("cld/E06000042/2025-12/cld") > 0);
  CHECK(social.rows("cld/E06000042/2026-03/cld") == 0);
  const Written practices(general_practice_feed, 0, 1);
  std::set<std::string> seen;
  for (const char* file : {"gp-emis/QHG/2026-03/patient", "SRPatient"}) {
    const CsvTable table = practices.table(file);
    for (const auto& row : table.rows) seen.insert(row[1]);
  }
  CHECK(seen.size() > 60);
  CHECK_FALSE(seen.contains("Z00055"));
}

TEST_CASE("damage that partners do is in their files: bare quotes, a wrong encoding, retired codes, other units") {
  const Written voluntary(voluntary_feed);
  const Written& social = councils();
  std::size_t quotes = 0, encoding = 0;
  for (const Written* written : {&voluntary, &social}) quotes += written->lines("truth/planted").find("broken_quoting") != std::string::npos;
  encoding += voluntary.lines("truth/planted").find("wrong_encoding") != std::string::npos;
  CHECK(quotes == 2);
  CHECK(encoding == 1);
  const CsvTable apc = hospital().table("RC9/2026-03/apc");
  const auto commissioner = static_cast<std::size_t>(apc.column("commissioning.service_agreement.commissioner"));
  CHECK(std::any_of(apc.rows.begin(), apc.rows.end(),
                    [&](const auto& row) { return row[commissioner] == "06F" || row[commissioner] == "06P" || row[commissioner] == "04F"; }));
  const Written practices(general_practice_feed, 0, 1);
  const CsvTable codes = practices.table("SRCode");
  const auto unit = static_cast<std::size_t>(codes.column("NumericUnit"));
  CHECK(std::any_of(codes.rows.begin(), codes.rows.end(), [&](const auto& row) { return row[unit] == "%" || row[unit] == "[lb_av]"; }));
}
