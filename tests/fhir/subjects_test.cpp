// Whose a resource is, by where it stands and whom it names.
#include "fhir/data/subjects.h"

#include <doctest/doctest.h>

#include "fhir/fhir.h"

using namespace catchment;
using namespace catchment::fhir;

namespace {

std::string patient(const std::string& id) { return R"({"resourceType":"Patient","id":")" + id + "\"}"; }
std::string visit(const std::string& id, const std::string& whose = {}) {
  return R"({"resourceType":"Encounter","id":")" + id + "\"" + (whose.empty() ? "" : R"(,"subject":{"reference":"Patient/)" + whose + "\"}") + "}";
}

/// "ann: e1 e2; ben: e3"
std::string read(const std::vector<std::pair<std::string, std::string>>& files) {
  SubjectReader reader;
  for (const auto& [path, bytes] : files) reader.add(bytes, path, std::filesystem::path(path).parent_path().string());
  CHECK(reader.diagnostics().empty());
  std::string text;
  for (const auto& subject : reader.take()) {
    text += (text.empty() ? "" : "; ") + subject->id() + ":";
    for (const json::Value row : subject->rows("Encounter")) text += " " + std::string(row["id"].string());
  }
  return text;
}

}  // namespace

TEST_CASE("what stands in one patient's folder is that patient's, whatever it names") {
  CHECK(
      read({{"in/ann/p.json", patient("ann")}, {"in/ann/1.json", visit("e1")}, {"in/ben/p.json", patient("ben")}, {"in/ben/x.json", visit("e2", "someone")}}) ==
      "ann: e1; ben: e2");
}

TEST_CASE("folders for each type below a patient's folder are that patient's") {
  CHECK(read({{"in/ann/Patient/p.json", patient("ann")},
              {"in/ann/Encounter/1.json", visit("e1")},
              {"in/ann/Encounter/2.json", visit("e2", "ann")},
              {"in/ben/Patient/p.json", patient("ben")},
              {"in/ben/Encounter/1.json", visit("e3")}}) == "ann: e1 e2; ben: e3");
  // Deeper, and with the patient beside the folders.
  CHECK(read({{"in/m/ann/p.json", patient("ann")}, {"in/m/ann/a/b/1.json", visit("e1")}, {"in/m/ben/p.json", patient("ben")}}) == "ann: e1; ben:");
}

TEST_CASE("one folder of many patients is read by reference") {
  CHECK(read({{"in/1.json", patient("ann")}, {"in/2.json", patient("ben")}, {"in/3.json", visit("e1", "ben")}, {"in/4.json", visit("e2", "ann")}}) ==
        "ann: e2; ben: e1");
  CHECK(read({{"in/Patient/1.json", patient("ann")}, {"in/Patient/2.json", patient("ben")}, {"in/Encounter/3.json", visit("e1", "ben")}}) == "ann:; ben: e1");
}

TEST_CASE("what names nobody among many patients is everyone's") {
  CHECK(read({{"in/1.json", patient("ann")}, {"in/2.json", patient("ben")}, {"in/3.json", visit("e1")}}) == "ann: e1; ben: e1");
}

TEST_CASE("rows of someone whose Patient is not there are nobody's") {
  CHECK(read({{"in/1.json", patient("ann")}, {"in/2.json", patient("ben")}, {"in/3.json", visit("e1", "cas")}}) == "ann:; ben:");
}

TEST_CASE("a bundle of one patient is that patient's wherever it stands") {
  const std::string bundle = R"({"resourceType":"Bundle","entry":[{"resource":)" + patient("cas") + R"(},{"resource":)" + visit("e9") + "}]}";
  CHECK(read({{"in/1.json", patient("ann")}, {"in/2.json", bundle}, {"in/3.json", visit("e1", "ann")}}).find("cas: e9") != std::string::npos);
}
