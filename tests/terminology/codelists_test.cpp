#include <doctest/doctest.h>

#include <set>

#include "system/system.h"
#include "terminology/terminology.h"

using namespace catchment;
using namespace catchment::terminology;

namespace {
const char* const folder = CATCHMENT_SOURCE_DIR "/system/blmk";

std::string all_of(const Diagnostics& diagnostics) {
  std::string text;
  for (const Diagnostic& each : diagnostics) text += to_string(each) + '\n';
  return text;
}
}  // namespace

TEST_CASE("the example's codelists load without a fault") {
  const LoadedCodelists loaded = load_codelists(folder);
  CHECK_MESSAGE(loaded.diagnostics.empty(), all_of(loaded.diagnostics));
  for (const Codelist& list : loaded.codelists.lists) CHECK(list.hash.size() == 64);
}

TEST_CASE("each published prevalence has its register codelist with SNOMED CT and ICD-10 codes") {
  const Codelists lists = load_codelists(folder).codelists;
  const system::System system = system::load_system(folder).system;
  int registers = 0;
  for (const system::PublishedFigure& figure : system.published) {
    if (figure.table != "prevalence" || figure.place != "all") continue;
    ++registers;
    const Codelist* list = find_codelist(lists, figure.group);
    REQUIRE_MESSAGE(list != nullptr, figure.group);
    std::set<std::string> systems;
    for (const CodelistEntry& entry : list->entries) systems.insert(entry.system);
    CHECK(systems.contains("snomed"));
    CHECK(systems.contains("icd10"));
  }
  CHECK(registers == 21);
}

TEST_CASE("an ICD-10 category holds its subdivisions, with or without the point") {
  const Codelists lists = load_codelists(folder).codelists;
  const Codelist& diabetes = *find_codelist(lists, "diabetes");
  CHECK(contains(diabetes, "icd10", "E11"));
  CHECK(contains(diabetes, "icd10", "E11.9"));
  CHECK(contains(diabetes, "icd10", "E119"));
  CHECK_FALSE(contains(diabetes, "icd10", "E16"));
  CHECK(contains(diabetes, "snomed", "44054006"));
  CHECK_FALSE(contains(diabetes, "snomed", "4405"));
  CHECK_FALSE(contains(diabetes, "loinc", "44054006"));
}

TEST_CASE("the census has nineteen ethnic categories in five groups") {
  const LoadedEthnicity loaded = load_ethnicity(folder);
  CHECK_MESSAGE(loaded.diagnostics.empty(), all_of(loaded.diagnostics));
  CHECK(loaded.ethnicity.categories.size() == 19);
  std::set<std::string> groups;
  for (const EthnicCategory& one : loaded.ethnicity.categories) groups.insert(one.group);
  CHECK(groups.size() == 5);
  CHECK(ethnic_group(loaded.ethnicity, "J") == "asian");
  CHECK(ethnic_group(loaded.ethnicity, "R") == "asian");
  CHECK(ethnic_group(loaded.ethnicity, "Z") == "unknown");
  CHECK(ethnic_group(loaded.ethnicity, "9") == "");
}

TEST_CASE("code systems have one short name and one address") {
  CHECK(system_short_name(system_uri("snomed")) == "snomed");
  CHECK(system_uri("nothing") == "");
}
