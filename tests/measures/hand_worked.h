// Patients of the hand-worked tables as FHIR resources: one row of text, one resource.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <fstream>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "terminology/terminology.h"

namespace catchment::hand_worked {

inline const std::filesystem::path folder = std::filesystem::path(CATCHMENT_SOURCE_DIR) / "tests" / "cql" / "measures";

inline std::string text_of(const std::filesystem::path& file) {
  std::stringstream bytes;
  bytes << std::ifstream(file, std::ios::binary).rdbuf();
  return bytes.str();
}

/// Value set http://example.org/ValueSet/x has the one code x.
class NamedSets final : public cql::ValueSets {
 public:
  const cql::CodeSet* value_set(const std::string& url, const std::string&) const override {
    const std::string name = url.substr(url.rfind('/') + 1);
    auto& set = sets_[name];
    if (set.size() == 0) set.add(name, "http://example.org/codes");
    return &set;
  }

 private:
  mutable std::map<std::string, terminology::CodeMembers> sets_;
};

inline std::string coded(const std::string& code) {
  const bool loinc = code.find_first_not_of("0123456789-") == std::string::npos;
  return R"({"coding":[{"system":")" + std::string(loinc ? "http://loinc.org" : "http://example.org/codes") + R"(","code":")" + code + R"("}]})";
}

inline std::string quantity(const std::string& value, const std::string& unit) {
  return R"({"value":)" + value + R"(,"unit":")" + unit + R"(","system":"http://unitsofmeasure.org","code":")" + unit + "\"}";
}

struct Writer {
  std::string patient;
  int number = 0;
  std::string start(const char* type) {
    return std::string(R"({"resourceType":")") + type + R"(","id":"r)" + std::to_string(++number) + R"(","subject":{"reference":"Patient/)" + patient + R"("})";
  }
};

inline std::string component(const char* code, const std::string& value) {
  return R"({"code":)" + coded(code) + R"(,"valueQuantity":)" + quantity(value, "mm[Hg]") + "}";
}

/// One row of the table as a FHIR resource.
inline std::string resource(Writer& w, const std::vector<std::string>& c) {
  const std::string& kind = c[0];
  auto at = [](const std::string& day, const char* time) { return "\"" + day + "T" + time + "Z\""; };
  if (kind == "visit") {
    return w.start("Encounter") + R"(,"status":"finished","class":{"code":"AMB"},"type":[)" + coded("office-visit") + R"(],"period":{"start":)" +
        at(c[1], "09:00:00") + R"(,"end":)" + at(c[1], "09:30:00") + "}}";
  }
  if (kind == "stay") {
    const std::string type = c.size() > 3 ? R"(,"type":[)" + coded(c[3]) + "]" : "";
    return w.start("Encounter") + R"(,"status":"finished","class":{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"IMP"})" + type +
        R"(,"period":{"start":)" + at(c[1], "10:00:00") + R"(,"end":)" + at(c[2], "16:00:00") + "}}";
  }
  if (kind == "condition") {
    const std::string status = c.size() > 3 ? "resolved" : "active";
    const std::string end = c.size() > 3 ? R"(,"abatementDateTime":")" + c[3] + "\"" : "";
    return w.start("Condition") + R"(,"clinicalStatus":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/condition-clinical","code":")" + status +
        R"("}]},"code":)" + coded(c[1]) + R"(,"onsetDateTime":")" + c[2] + "\"" + end + "}";
  }
  if (kind == "observation")
    return w.start("Observation") + R"(,"status":"final","code":)" + coded(c[1]) + R"(,"effectiveDateTime":)" + at(c[2], "10:00:00") + R"(,"valueQuantity":)" +
        quantity(c[3], c[4]) + "}";
  if (kind == "answer") {
    return w.start("Observation") + R"(,"status":"final","code":)" + coded(c[1]) + R"(,"effectiveDateTime":)" + at(c[2], "09:10:00") +
        R"(,"valueCodeableConcept":{"coding":[{"system":"http://example.org/CodeSystem/answers","code":")" + c[3] + "\"}]}}";
  }
  if (kind == "bp") {
    return w.start("Observation") + R"(,"status":"final","code":)" + coded("85354-9") + R"(,"effectiveDateTime":)" + at(c[1], "10:00:00") +
        R"(,"component":[)" + component("8480-6", c[2]) + "," + component("8462-4", c[3]) + "]}";
  }
  if (kind == "procedure")
    return w.start("Procedure") + R"(,"status":"completed","code":)" + coded(c[1]) + R"(,"performedDateTime":)" + at(c[2], "10:00:00") + "}";
  if (kind == "service")
    return w.start("ServiceRequest") + R"(,"status":"active","intent":"order","code":)" + coded(c[1]) + R"(,"authoredOn":)" + at(c[2], "10:00:00") + "}";
  if (kind == "medicine")
    return w.start("MedicationRequest") + R"(,"status":"active","intent":"order","medicationCodeableConcept":)" + coded(c[1]) + R"(,"authoredOn":)" +
        at(c[2], "10:00:00") + "}";
  if (kind == "vaccine")
    return w.start("Immunization") + R"(,"status":"completed","vaccineCode":)" + coded(c[1]) + R"(,"patient":{"reference":"Patient/)" + w.patient +
        R"("},"occurrenceDateTime":)" + at(c[2], "10:00:00") + "}";
  if (kind == "allergy") return w.start("AllergyIntolerance") + R"(,"code":)" + coded(c[1]) + "}";
  FAIL("unknown row " << kind);
  return {};
}

struct Case {
  std::string measure, patient;
  std::vector<std::string> resources, expected;
  std::vector<std::vector<std::string>> claims;   // rows that begin with "group", "score", "stratum", "supplement"
};

inline std::vector<Case> cases(const char* table) {
  std::vector<Case> result;
  std::istringstream lines(text_of(folder / table));
  std::string measure;
  Writer writer;
  for (std::string line; std::getline(lines, line);) {
    std::istringstream words(line);
    std::vector<std::string> cells;
    for (std::string word; words >> word;) cells.push_back(word);
    if (cells.empty() || cells[0][0] == '#') continue;
    if (cells[0] == "measure") {
      measure = cells[1];
    } else if (cells[0] == "patient") {
      writer = {cells[1], 0};
      result.push_back({measure, cells[1], {}, {}, {}});
      result.back().resources.push_back(R"({"resourceType":"Patient","id":")" + cells[1] + R"(","birthDate":")" + cells[2] + "\"" +
                                        (cells.size() > 3 ? R"(,"gender":")" + cells[3] + "\"" : "") + "}");
    } else if (cells[0] == "expect") {
      result.back().expected.assign(cells.begin() + 1, cells.end());
    } else if (cells[0] == "group" || cells[0] == "score" || cells[0] == "stratum" || cells[0] == "supplement") {
      result.back().claims.push_back(cells);
    } else if (cells[0] == "summary") {
      result.push_back({measure, "", {}, {}, {}});
    } else {
      result.back().resources.push_back(resource(writer, cells));
    }
  }
  return result;
}

}  // namespace catchment::hand_worked
