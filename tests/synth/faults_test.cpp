// Every deliberate fault that synth/faults.csv declares happens as often as it says.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <map>
#include <string>

#include "base/csv.h"
#include "example.h"
#include "synth/feeds/partner.h"
#include "synth/feeds/practice_care.h"
#include "written.h"

using namespace catchment;
using namespace catchment::synth;

namespace {

/// How often something happened, of how many chances.
struct Share {
  double hits = 0, chances = 0;
  void count(bool hit) { hits += hit, chances += 1; }
  double rate() const { return chances == 0 ? 0 : hits / chances; }
};

using Measured = std::map<std::string, Share>;  // by "fault feed"

/// What partners have on file about every person, fault by fault, at twelve partners.
void identities(Measured& measured) {
  const Model& model = example_model();
  const Faults faults(model);
  for (const char* id : {"cld", "apc", "op", "csds", "mhsds", "voluntary", "ambulance", "msds", "iuc", "waiting", "chis", "chc"}) {
    const bool hospital = std::string(id) == "apc" || std::string(id) == "op";
    const Source source = faults.source(id, hospital);
    for (const auto& life : everybody()) {
      const Date on = std::max(life.birth, std::min(model.as_of, life.exits.plus_days(-1)));
      const Seen seen = faults.see(life, source, on);
      const auto count = [&](Fault fault, const char* feed = "any") { measured[std::string(to_string(fault)) + " " + feed].count(seen.faults.has(fault)); };
      for (const Fault fault :
           {Fault::invalid_nhs_number, Fault::swapped_nhs_number, Fault::name_error, Fault::names_swapped, Fault::sex_error, Fault::ethnicity_not_stated})
        count(fault);
      if (life.birth.plus_days(40) < on) count(Fault::birth_date_error);  // a wrong date after today is not written
      if (model.nicknames.contains(life.given)) count(Fault::nickname);
      if (life.renamed && *life.renamed <= on) count(Fault::previous_family_name);
      count(Fault::old_address, hospital ? "hospital" : "any");
      if (life.birth.plus_days(20) > model.as_of || life.exits.days - life.birth.days > 20) {
        const Seen newborn = faults.see(life, source, life.birth);
        measured["newborn_without_number any"].count(newborn.faults.has(Fault::newborn_without_number));
        measured["baby_placeholder_name any"].count(newborn.faults.has(Fault::baby_placeholder_name));
      }
    }
  }
  for (const auto& life : everybody())
    if (life.standing == Standing::resident && !life.registrations.empty())
      measured["registered_twice gp"].count(
          std::any_of(life.registrations.begin(), life.registrations.end(), [](const Registration& one) { return one.duplicate; }));
}

void missing(Measured& measured, const char* feed, const Written& written, const char* file, const char* column) {
  const CsvTable table = written.table(file);
  const auto at = static_cast<std::size_t>(table.column(column));
  REQUIRE(at < table.header.size());
  for (const auto& row : table.rows) measured[std::string("missing_nhs_number ") + feed].count(row[at].empty());
}

/// Of hospital rows, those of babies left out: they are without a number for a reason of their own.
void missing_in_hospital(Measured& measured, const char* feed, const Written& written, const char* file, const char* day) {
  const CsvTable table = written.table(file);
  const auto number = static_cast<std::size_t>(table.column("patient.identity.nhs_number")),
             birth = static_cast<std::size_t>(table.column("patient.identity.birth_date")), on = static_cast<std::size_t>(table.column(day));
  REQUIRE(on < table.header.size());
  for (const auto& row : table.rows) {
    const auto born = Date::parse(row[birth]), then = Date::parse(row[on]);
    if (born && then && then->days - born->days > 60) measured[std::string("missing_nhs_number ") + feed].count(row[number].empty());
  }
}

/// Rows of the truth about one fault in one domain.
double planted(const Written& written, std::string_view domain, std::string_view fault) {
  std::vector<CsvFault> ignored;
  const CsvTable table = read_csv("domain,key,person,fault\n" + written.lines("truth/planted"), ignored);
  return static_cast<double>(
      std::count_if(table.rows.begin(), table.rows.end(), [&](const auto& row) { return row[0].starts_with(domain) && row[3] == fault; }));
}

void hospital_rows(Measured& measured) {
  const Written hospital(hospital_feed, 0, 6);
  missing_in_hospital(measured, "apc", hospital, "sus/RC9/2026-03/apc", "episode.start_date");
  missing_in_hospital(measured, "op", hospital, "sus/RC9/2026-03/op", "attendance.date");
  missing_in_hospital(measured, "ecds", hospital, "sus/RC9/2026-03/ecds", "attendance.arrival.date");
  missing_in_hospital(measured, "out_of_area", hospital, "out-of-area/QHG/2026-03/op", "attendance.date");
  std::map<std::string, Date> retired(example_model().retired_organisations.begin(), example_model().retired_organisations.end());
  REQUIRE(retired.size() == 3);
  Date ended = Date::from_ymd(1900, 1, 1);
  for (const auto& [code, last] : retired) ended = std::max(ended, last);
  double rows = 0;
  for (const auto& [file, day] : {std::pair{"sus/RC9/2026-03/apc", "episode.start_date"},
                                  {"sus/RC9/2026-03/op", "attendance.date"},
                                  {"sus/RC9/2026-03/ecds", "attendance.arrival.date"}}) {
    const CsvTable table = hospital.table(file);
    const auto on = static_cast<std::size_t>(table.column(day));
    const auto commissioner = static_cast<std::size_t>(table.column("commissioning.service_agreement.commissioner"));
    for (const auto& row : table.rows) {
      const auto date = Date::parse(row[on]);
      REQUIRE(date);
      const auto found = retired.find(row[commissioner]);
      if (*date > ended) measured["retired_organisation_code any"].count(found != retired.end());
      if (*date < Date::from_ymd(2021, 4, 1)) CHECK(found != retired.end());  // the groups of that time
    }
    rows += static_cast<double>(table.rows.size());
  }
  for (const char* file : {"apc", "op", "ecds"}) rows += static_cast<double>(hospital.rows(std::string("out-of-area/QHG/2026-03/") + file));
  measured["impossible_date any"].hits += planted(hospital, "hospital", "impossible_date");
  measured["impossible_date any"].chances += rows;
}

void practice_rows(Measured& measured) {
  const Written practices(general_practice_feed, 0, 6);
  missing(measured, "gp", practices, "gp-tpp/QHG/2026-03/SRPatient", "NHSNumber");
  missing(measured, "gp", practices, "gp-emis/QHG/2026-03/patient", "NhsNumber");
  double observations = 0, convertible = 0;
  std::map<std::string, bool> has_other;
  for (const auto& one : example_model().measurements) has_other[one.snomed] = !one.other_unit.empty();
  for (const auto& [file, column] : {std::pair{"SRCode", "SNOMEDCode"}, {"observation", "SnomedCTConceptId"}}) {
    const CsvTable table = practices.table(std::string("/") + file);
    const auto at = static_cast<std::size_t>(table.column(column));
    observations += static_cast<double>(table.rows.size());
    for (const auto& row : table.rows) convertible += has_other[row[at]];
  }
  const auto add = [&](const char* key, double hits, double chances) { measured[key].hits += hits, measured[key].chances += chances; };
  add("impossible_date any", planted(practices, "gp-", "impossible_date"), observations);
  add("unknown_code any", planted(practices, "gp-", "unknown_code"), observations);
  add("duplicate_row any", planted(practices, "gp-", "duplicate_row"), static_cast<double>(practices.rows("/SRPatient") + practices.rows("/patient")));
  add("wrong_unit gp", planted(practices, "gp-", "wrong_unit"), convertible);
}

/// Of rows with a letter beyond ASCII, those written in Windows-1252; of all rows, those with a bare quote.
void damage(Measured& measured, const char* feed, const Written& written, std::string_view ending) {
  double rows = 0, accented = 0;
  for (const auto& text : written.texts(ending))
    for (std::size_t at = 0, end = 0; at < text.size(); at = end + 1) {
      end = std::min(text.find('\n', at), text.size());
      ++rows;
      accented += std::any_of(text.begin() + static_cast<std::ptrdiff_t>(at), text.begin() + static_cast<std::ptrdiff_t>(end),
                              [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
    }
  measured[std::string("broken_quoting ") + feed] = {planted(written, feed, "broken_quoting"), rows};
  measured[std::string("wrong_encoding ") + feed] = {planted(written, feed, "wrong_encoding"), accented};
}

Measured measure_all() {
  Measured measured;
  identities(measured);
  hospital_rows(measured);
  practice_rows(measured);
  const Written community(community_feed), mind(mental_health_feed), urgent(urgent_feed), voluntary(voluntary_feed), social(social_care_feed),
      mothers(maternity_feed), waiting(waiting_feed), deaths(deaths_feed), children(child_health_feed), screened(screening_feed),
      packages(continuing_care_feed), traced(demographics_feed), therapies(talking_therapies_feed);
  missing(measured, "csds", community, "CYP001MPI", "NHSNumber");
  missing(measured, "mhsds", mind, "MHS001MPI", "NHSNumber");
  missing(measured, "iapt", therapies, "IDS001MPI", "NHSNumber");
  missing(measured, "cld", social, "/cld", "NHS Number");
  missing(measured, "voluntary", voluntary, "contacts", "nhs no");
  missing(measured, "ambulance", urgent, "incidents", "NHSNumber");
  missing(measured, "iuc", urgent, "calls", "NHSNumber");
  missing(measured, "msds", mothers, "MSD001MotherDemog", "NHSNumberMother");
  missing(measured, "waiting", waiting, "open_pathways", "NHS_NUMBER");
  missing(measured, "deaths", deaths, "registrations", "DEC_NHS_NUMBER");
  missing(measured, "chis", children, "immunisations", "NHS_NUMBER");
  missing(measured, "screening", screened, "invitations", "NHS_NUMBER");
  missing(measured, "chc", packages, "packages", "NHS Number");
  missing(measured, "pds", traced, "trace", "NHS_NUMBER");
  damage(measured, "voluntary", voluntary, "contacts");
  damage(measured, "cld", social, "/cld");
  return measured;
}

}  // namespace

TEST_CASE("every deliberate fault happens as often as its definition file says, and no less than it must") {
  const Measured measured = measure_all();
  std::ifstream file(std::filesystem::path(CATCHMENT_SOURCE_DIR) / "system/blmk/synth/faults.csv", std::ios::binary);
  std::vector<CsvFault> ignored;
  const CsvTable declared = read_csv(std::string(std::istreambuf_iterator<char>(file), {}), ignored);
  REQUIRE(declared.rows.size() > 35);
  for (const auto& row : declared.rows) {
    const std::string key = row[0] + " " + row[1];
    INFO(key);
    REQUIRE(measured.contains(key));
    const Share& share = measured.at(key);
    const double rate = std::stod(row[2]);
    INFO(share.hits << " of " << share.chances << " where " << rate << " is declared");
    // People carry their faults from row to row, so rows are not independent: a quarter is allowed beside chance.
    CHECK(std::abs(share.rate() - rate) <= 0.25 * rate + 4 * std::sqrt(rate / std::max(1.0, share.chances)));
    if (rate * share.chances > 8) CHECK(share.hits >= 1);
    if (!row[3].empty() && share.chances > 3'000) CHECK(share.rate() >= std::stod(row[3]));
  }
}
