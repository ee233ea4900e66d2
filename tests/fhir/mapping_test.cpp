#include <doctest/doctest.h>
#include <fmt/core.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "fhir/resources.h"

using namespace catchment;
using namespace catchment::fhir;

namespace {

std::filesystem::path shared(const std::string& name) {
  const char* set = std::getenv("CATCHMENT_SHARED");
  return std::filesystem::path(set != nullptr ? set : std::string(CATCHMENT_SOURCE_DIR) + "/../shared") / name;
}

std::string text_of(const Field& f) {
  switch (f.kind) {
    case Field::Kind::none: return "";
    case Field::Kind::code: return fmt::format("{}|{}", f.system, f.text);
    case Field::Kind::date: return to_string(f.day) + (f.utc_ms ? "@" + std::to_string(*f.utc_ms) : "") + (f.precision == Precision::day ? "" : "~");
    case Field::Kind::integer: return std::to_string(f.integer);
    case Field::Kind::number: return fmt::format("{}", f.number);
    case Field::Kind::text: return std::string(f.text);
  }
  return "";
}

/// "table: column=value ..." for each row.
std::string rows_of(const Mapped& m) {
  std::string out;
  for (const auto& row : m.rows) {
    const auto& table = records::tables[row.table];
    out += std::string(table.name) + ":";
    for (std::size_t i = 0; i < table.columns.size(); ++i)
      if (const auto text = text_of(m.fields[row.first + i]); !text.empty()) out += " " + std::string(table.columns[i].name) + "=" + text;
    out += "\n";
  }
  return out;
}

struct Read {
  json::Document document;
  Mapper mapper;
  Mapped mapped;
  explicit Read(std::string_view bytes) {
    json::Parser parser;
    json::Fault fault;
    auto parsed = parser.parse(bytes, fault);
    REQUIRE_MESSAGE(parsed.has_value(), fault.message);
    document = std::move(*parsed);
    REQUIRE(mapper.map(document.root(), mapped));
  }
};

/// The first row written as a resource and read again.
std::string again(const Read& read) {
  const Row& row = read.mapped.rows.at(0);
  const std::span<const Field> fields(&read.mapped.fields[row.first], records::tables[row.table].columns.size());
  return to_resource({row.table, fields, read.mapped.id, read.mapped.patient, read.mapped.organisation});
}

}  // namespace

TEST_CASE("an observation with components is a row of its own and one for each component") {
  const Read read(R"({"resourceType":"Observation","id":"bp1","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"85354-9"}]},
    "subject":{"reference":"Patient/p1"},"encounter":{"reference":"Encounter/e1"},"effectiveDateTime":"2026-01-02",
    "component":[{"code":{"coding":[{"system":"http://loinc.org","code":"8480-6"}]},"valueQuantity":{"value":141,"unit":"mmHg","code":"mm[Hg]"}},
                 {"code":{"coding":[{"system":"http://loinc.org","code":"8462-4"}]},"valueQuantity":{"value":88.50,"comparator":"<","unit":"mmHg"}}]})");
  CHECK(read.mapped.patient == "p1");
  CHECK(rows_of(read.mapped) ==
        "observation: code=http://loinc.org|85354-9 date=2026-01-02 status=final encounter=e1\n"
        "observation: code=http://loinc.org|8480-6 date=2026-01-02 value=141 unit=mm[Hg] status=final encounter=e1\n"
        "observation: code=http://loinc.org|8462-4 date=2026-01-02 value=88.5 unit=mmHg comparator=< status=final encounter=e1\n");
}

TEST_CASE("resources become rows in the words of the record, and read the same when written back") {
  const std::pair<const char*, const char*> cases[] = {
      {R"({"resourceType":"Condition","id":"c","clinicalStatus":{"coding":[{"code":"remission"}]},"category":[{"coding":[{"code":"problem-list-item"}]}],
          "code":{"coding":[{"system":"http://hl7.org/fhir/sid/icd-10","code":"E11"},{"system":"http://snomed.info/sct","code":"44054006","display":"Type 2"}]},
          "subject":{"reference":"Patient/p"},"onsetDateTime":"2019-05","recordedDate":"2020-01-01T10:00:00+01:00"})",
       "condition: code=http://snomed.info/sct|44054006 onset_date=2019-05-01~ recorded_date=2020-01-01@1577869200000 status=inactive category=problem\n"},
      {R"({"resourceType":"Encounter","id":"e9","status":"onleave","class":{"code":"IMP"},"subject":{"reference":"Patient/p"},
          "period":{"start":"2020-02-01T23:30:00Z","end":"2020-02-04"},"hospitalization":{"dischargeDisposition":{"coding":[{"code":"exp"}]}}})",
       "encounter: kind=spell start_date=2020-02-01@1580599800000 end_date=2020-02-04 start_time=2020-02-01@1580599800000 status=in-progress "
       "discharge_destination=died identifier=e9\n"},
      {R"({"resourceType":"MedicationStatement","id":"m","status":"not-taken","medicationCodeableConcept":{"coding":[{"system":"https://dmd.nhs.uk","code":"3"}]},
          "subject":{"reference":"Patient/p"},"effectivePeriod":{"start":"2021-03-04"}})",
       "medication: code=https://dmd.nhs.uk|3 date=2021-03-04 kind=statement status=stopped\n"},
      {R"({"resourceType":"MedicationRequest","id":"m","status":"active","intent":"order","medicationCodeableConcept":{"text":"Something"},
          "subject":{"reference":"Patient/p"},"authoredOn":"2021-03-04","dispenseRequest":{"quantity":{"value":28,"unit":"tablet"},"expectedSupplyDuration":{"value":28}}})",
       "medication: code=text|Something date=2021-03-04 kind=issue status=active quantity=28 unit=tablet days=28\n"},
      {R"({"resourceType":"Immunization","id":"i","status":"not-done","vaccineCode":{"coding":[{"system":"s","code":"1"}]},"patient":{"reference":"urn:uuid:p"},
          "occurrenceDateTime":"2021-03-04","protocolApplied":[{"doseNumberPositiveInt":2}]})",
       "immunisation: code=s|1 date=2021-03-04 dose=2 status=not-done\n"},
      {R"({"resourceType":"AllergyIntolerance","id":"a","verificationStatus":{"coding":[{"code":"entered-in-error"}]},"criticality":"high",
          "code":{"coding":[{"system":"s","code":"1"}]},"patient":{"reference":"https://example.org/fhir/Patient/p/_history/2"}})",
       "allergy: code=s|1 criticality=high status=entered-in-error\n"},
      {R"({"resourceType":"ServiceRequest","id":"r","status":"revoked","intent":"order","priority":"asap","code":{"coding":[{"system":"s","code":"1"}]},
          "subject":{"reference":"Patient/p"},"authoredOn":"2021-03-04"})",
       "referral: code=s|1 date=2021-03-04 priority=two-week status=rejected identifier=r\n"},
      {R"({"resourceType":"CarePlan","id":"r","status":"active","intent":"plan","category":[{"coding":[{"system":"s","code":"1"}]}],
          "subject":{"reference":"Patient/p"},"period":{"start":"2021-03-04","end":"2021-04-04"}})",
       "care_plan: code=s|1 date=2021-03-04 end_date=2021-04-04 status=active\n"}};
  for (const auto& [json, rows] : cases) {
    const Read read(json);
    CHECK(rows_of(read.mapped) == rows);
    CHECK(read.mapped.faults.empty());
    const Read second(again(read));
    CHECK(rows_of(second.mapped) == rows);
    CHECK(second.mapped.patient == "p");
    CHECK(second.mapped.type == read.mapped.type);
  }
}

TEST_CASE("a UK Core patient becomes an identity") {
  const Read read(R"({"resourceType":"Patient","id":"p","meta":{"lastUpdated":"2026-01-01T00:00:00Z","security":[{"code":"R"}]},
    "extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory","valueCodeableConcept":{"coding":[{"code":"A"}]}}],
    "identifier":[{"extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus",
      "valueCodeableConcept":{"coding":[{"code":"number-present-and-verified"}]}}],"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],
    "name":[{"use":"old","family":"Maiden"},{"use":"official","family":"Smith","given":["Jane","Ann"]}],"gender":"female","birthDate":"1950-03",
    "telecom":[{"system":"phone","value":"01234"}],"address":[{"use":"home","line":["1 High St"],"city":"Luton","postalCode":"LU1 1AA"}],
    "generalPractitioner":[{"type":"Organization","identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"E81001"}}],
    "deceasedDateTime":"2026-02-01"})");
  REQUIRE(read.mapped.identity);
  const Identity& i = *read.mapped.identity;
  CHECK(i.nhs_number.text == "9990000018");
  CHECK(i.number_status.text == "verified");
  CHECK(i.given.text == "Jane Ann");
  CHECK(i.family.text == "Smith");
  CHECK(i.previous_family.text == "Maiden");
  CHECK(text_of(i.birth_date) == "1950-03-01~");
  CHECK(i.ethnicity.text == "A");
  CHECK(i.postcode.text == "LU1 1AA");
  CHECK(i.address.text == "1 High St, Luton");
  CHECK(i.practice.text == "E81001");
  CHECK(i.restricted);
  CHECK(rows_of(read.mapped) == "death: date=2026-02-01\n");
}

TEST_CASE("what is wrong with a resource is a fault, not a crash") {
  const Read read(R"({"resourceType":"Observation","status":"wonderful","code":7,"subject":{"reference":"Patient/p"},"effectiveDateTime":"2026-02-31",
    "valueQuantity":{"value":"high"},"component":[3,{"code":{}}]})");
  CHECK(read.mapped.faults.size() >= 3);
  const Read nobody(R"({"resourceType":"Condition","code":{"text":"x"}})");
  CHECK(nobody.mapped.rows.empty());
  CHECK(nobody.mapped.faults.at(0).kind == Fault::Kind::reference);
}

TEST_CASE("UK Core examples are read, and every mapped one reads the same when written back") {
  const auto folder = shared("uk-core-examples");
  const auto data = std::filesystem::exists(folder) ? folder : shared("data/uk-core-examples");
  if (!std::filesystem::exists(data)) {
    MESSAGE("skipped: the UK Core examples are not here");
    return;
  }
  std::size_t resources = 0;
  std::size_t written = 0;
  for (const auto& entry : std::filesystem::directory_iterator(data)) {
    std::ostringstream bytes;
    bytes << std::ifstream(entry.path(), std::ios::binary).rdbuf();
    json::Parser parser;
    json::Fault fault;
    const auto parsed = parser.parse(bytes.str(), fault);
    CAPTURE(entry.path().filename().string());
    REQUIRE(parsed.has_value());
    if (!parsed->root()["resourceType"].is_string()) continue;  // an extension on its own
    ++resources;
    const Read read(bytes.str());
    if (read.mapped.rows.empty() || read.mapped.identity) continue;
    ++written;
    const Read second(again(read));
    const auto first_row = [](const std::string& rows) { return rows.substr(0, rows.find('\n')); };
    CHECK(first_row(rows_of(second.mapped)) == first_row(rows_of(read.mapped)));
  }
  MESSAGE(resources << " resources, " << written << " with rows");
  CHECK(resources >= 130);
  CHECK(written >= 40);
}
