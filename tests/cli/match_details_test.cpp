// The details of persons to look up, read from what people have: JSON, a FHIR Patient, CSV. No error repeats what was given.
#include "cli/match_details.h"

#include <doctest/doctest.h>

#include "base/error.h"

using namespace catchment;
using namespace catchment::cli;

namespace {

std::string fault_of(std::string_view bytes) {
  try {
    (void)read_details(bytes);
  } catch (const Error& error) {
    CHECK(error.kind() == ErrorKind::user);
    return std::string(error.what()) + " / " + error.fix();
  }
  return {};
}

}  // namespace

TEST_CASE("a JSON object, a Patient and CSV rows say the same") {
  const auto object = read_details(R"({"nhs_number": 9434765919, "given_name": "Ann", "family_name": "Lee", "birth_date": "1980-05-03", "sex": "female",
    "postcode": "LU1 1AA", "address": "1 High Street", "telephone": "07700900123", "email": null})");
  const auto patient = read_details(R"({"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9434765919"}],
    "name": [{"use": "official", "family": "Lee", "given": ["Ann"]}, {"use": "maiden", "family": "May"}], "birthDate": "1980-05-03", "gender": "female",
    "address": [{"line": ["1 High Street"], "postalCode": "LU1 1AA"}], "telecom": [{"system": "phone", "value": "07700900123"}]})");
  const auto csv = read_details(
      "row,nhs_number,given_name,family_name,birth_date,sex,postcode,address,telephone\n"
      "a1,9434765919,Ann,Lee,1980-05-03,female,LU1 1AA,1 High Street,07700900123\nb2,,Bo,,,,,,\n");
  REQUIRE(csv.size() == 2);
  CHECK(csv[0].label == "a1");
  CHECK(csv[1].label == "b2");
  REQUIRE(patient[0].table.size() == 2);
  CHECK(patient[0].table.row(1).family_name == "May");
  for (const auto* one : {&object, &patient, &csv}) {
    const linkage::IdentityRow row = one->at(0).table.row(0);
    CHECK(row.nhs_number == "9434765919");
    CHECK(row.given_names == "Ann");
    CHECK(row.family_name == "Lee");
    CHECK(row.date_of_birth == "1980-05-03");
    CHECK(row.sex == "female");
    CHECK(row.postcode == "LU1 1AA");
    CHECK(row.address_line == "1 High Street");
    CHECK(row.telephone == "07700900123");
    CHECK(row.email.empty());
  }
}

TEST_CASE("what cannot be read is said by its place, never by what it holds") {
  CHECK(fault_of("  \n").find("no details were given") != std::string::npos);
  CHECK(fault_of("{\"given_name\": \"Ann\"").find("not JSON") != std::string::npos);
  CHECK(fault_of("[1]").find("not one JSON object") != std::string::npos);
  CHECK(fault_of(R"({"resourceType": "Observation"})").find("not a Patient") != std::string::npos);
  CHECK(fault_of(R"({"given_name": ["Zebediah"]})").find("given_name is neither text nor a number") != std::string::npos);
  const std::vector<std::string> faults = {fault_of(R"({"Zebediah": "x"})"), fault_of("Zebediah,Lee\n1980-05-03,x\n"), fault_of("given_name\n\"Zebediah\n"),
                                           fault_of("given_name\n"), fault_of(R"({"given_name": {"Zebediah": 1}})")};
  for (const std::string& fault : faults) {
    CHECK_FALSE(fault.empty());
    CHECK(fault.find("Zebediah") == std::string::npos);
  }
  CHECK(faults[1].find("column 1 of the first line") != std::string::npos);
  CHECK(faults[3].find("a header and no row") != std::string::npos);
}
