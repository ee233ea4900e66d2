#include <doctest/doctest.h>

#include <fstream>
#include <iterator>
#include <set>

#include "../system/tiny_folder.h"
#include "base/csv.h"
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

TEST_CASE("each codelist fault of the table is reported with its place and its fix") {
  std::ifstream in(CATCHMENT_SOURCE_DIR "/tests/system/faults.csv", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(in), {}};
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv(text, faults);
  const auto unescaped = [](std::string cell) {
    for (std::size_t at; (at = cell.find("\\n")) != std::string::npos;) cell.replace(at, 2, "\n");
    return cell;
  };
  int read_here = 0;
  for (const auto& row : table.rows) {
    if (!row[1].starts_with("codelists/") && row[1] != "ethnicity.csv") continue;
    ++read_here;
    auto files = tiny_folder();
    const std::string find = unescaped(row[2]);
    const auto at = files[row[1]].find(find);
    REQUIRE_MESSAGE(at != std::string::npos, row[0]);
    files[row[1]].replace(at, find.size(), unescaped(row[3]));
    Diagnostics all = load_codelists(system::Definitions(files)).diagnostics;
    const Diagnostics more = load_ethnicity(system::Definitions(files)).diagnostics;
    all.insert(all.end(), more.begin(), more.end());
    bool said = false;
    for (const Diagnostic& each : all) {
      std::string line = to_string(each);
      if (const auto fix = line.find("\n  fix: "); fix != std::string::npos) line.replace(fix, 8, " | ");
      said = said || line == row[4];
    }
    CHECK_MESSAGE(said, row[0] << "\n" << all_of(all));
  }
  CHECK(read_here == 9);
}

TEST_CASE("a codelist's hash follows its codes, not their order or wording") {
  const auto hash = [](const std::map<std::string, std::string>& files) {
    return find_codelist(load_codelists(system::Definitions(files)).codelists, "gout")->hash;
  };
  auto files = tiny_folder();
  const std::string before = hash(files);
  auto reworded = files;
  std::string& text = reworded["codelists/codes.csv"];
  text.replace(text.find("M10,Gout"), 8, "M10,Gouty arthritis");
  CHECK(hash(reworded) == before);
  auto reordered = files;
  reordered["codelists/codes.csv"] =
      "id,system,code,display,match\ngout,icd10,M10,Gout,prefix\ngout,snomed,90560007,Gout,"
      "descendants\nweight,snomed,27113001,W,\n";
  CHECK(hash(reordered) == before);
  auto narrower = files;
  std::string& match = narrower["codelists/codes.csv"];
  match.replace(match.find("descendants"), 11, "exact");
  CHECK(hash(narrower) != before);
}

TEST_CASE("every code the synthetic population is written with has a name to be read by") {
  const LoadedCodelists lists = load_codelists(folder);
  const LoadedCodeNames names = load_code_names(folder, lists.codelists);
  CHECK_MESSAGE(names.diagnostics.empty(), all_of(names.diagnostics));
  std::set<std::pair<std::string, std::string>> known;
  for (const CodeName& each : names.names) {
    CHECK_FALSE(each.name.empty());
    CHECK(known.emplace(each.system, each.code).second);
  }
  int asked = 0;
  for (const auto& [file, column, system] : {std::tuple{"vaccines", "snomed", "snomed"},
                                             {"measurements", "snomed", "snomed"},
                                             {"emergencies", "snomed", "snomed"},
                                             {"conditions", "snomed", "snomed"},
                                             {"conditions", "icd10", "icd10"},
                                             {"emergencies", "icd10", "icd10"},
                                             {"causes_of_death", "icd10", "icd10"},
                                             {"specialties", "icd10", "icd10"},
                                             {"specialties", "opcs", "opcs4"},
                                             {"specialties", "hrg", "healthcare-resource-group"},
                                             {"specialties", "code", "treatment-function"},
                                             {"medicines", "bnf", "bnf"},
                                             {"community_services", "code", "csds-service"}}) {
    std::ifstream in(std::string(folder) + "/synth/" + file + ".csv");
    const std::string bytes{std::istreambuf_iterator<char>(in), {}};
    std::vector<CsvFault> faults;
    const CsvTable table = read_csv(bytes, faults);
    const int at = table.column(column);
    REQUIRE(at >= 0);
    const std::string uri = system_uri(system).empty() ? system : std::string(system_uri(system));
    for (const auto& row : table.rows) {
      std::string codes = row[static_cast<std::size_t>(at)] + ";";
      for (std::size_t end = codes.find(';'); end != std::string::npos; codes.erase(0, end + 1), end = codes.find(';')) {
        std::string code = codes.substr(0, end);
        std::erase(code, '.');
        if (code.empty()) continue;
        ++asked;
        CHECK_MESSAGE(known.contains({uri, code}), file << " " << system << " " << code);
      }
    }
  }
  CHECK(asked > 200);
}

TEST_CASE("a system's own name for a code comes before its codelists' and a code named twice is a fault") {
  Codelists lists;
  Codelist one;
  one.id = "asthma";
  one.entries = {{"snomed", "195967001", "Asthma (disorder)", Match::exact}, {"icd10", "J45.9", "Asthma", Match::exact}};
  lists.lists = {one};
  const LoadedCodeNames loaded = load_code_names(
      system::Definitions({{"code_names.csv", std::string("system,code,name\nsnomed,195967001,Asthma\nclinic,A1,Foot clinic\nclinic,A1,Hand clinic\n")}}),
      lists);
  REQUIRE(loaded.names.size() == 3);
  CHECK(has_errors(loaded.diagnostics));
  for (const CodeName& each : loaded.names) {
    if (each.code == "195967001") CHECK(each.name == "Asthma");
    if (each.code == "J459") CHECK(each.system == system_uri("icd10"));
    if (each.code == "A1") CHECK(each.name == "Foot clinic");
  }
}
