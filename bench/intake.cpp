// Rows and resources per second and core through the whole stage (read, check, dictionaries, subjects, store), at two sizes in
// one run, and their ratio: the rate must not fall as the store grows. Checks its own counts; exits 1 when one is wrong.
//   bench_intake [persons of the small size, default 10000] [times as many for the large, default 5]
#include "intake/intake.h"

#include <fmt/core.h>
#include <sys/resource.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>

#include "base/random.h"

namespace {

using namespace catchment;
using namespace catchment::intake;
namespace fs = std::filesystem;

constexpr std::string_view csv_feed = R"(
name = "observations"
title = "Observations"
setting = "general-practice"
files = ["observations_*.csv"]
partner = "E81001"
key = "local_id:gp"
key_column = "patient_id"
organisation = "practice"
[[column]]
name = "patient_id"
required = true
[[column]]
name = "practice"
type = "organisation"
[[column]]
name = "date"
type = "date"
required = true
[[column]]
name = "code"
type = "code"
system = "snomed"
required = true
[[column]]
name = "value"
type = "number"
[[column]]
name = "unit"
[[column]]
name = "status"
[[record]]
table = "observation"
fields = { code = "code", date = "date", value = "value", unit = "unit", status = { value = "final" } }
)";

constexpr std::string_view fhir_feed = R"(
name = "resources"
title = "Resources"
setting = "hospital"
files = ["*.ndjson"]
partner = "RC9"
format = "fhir-ndjson"
key = "local_id:fhir"
)";

constexpr int rows_per_person = 100;
constexpr int resources_per_person = 20;

void write_csv(const fs::path& file, int persons) {
  static constexpr const char* codes[] = {"44054006", "38341003", "271649006", "271650006", "1000731000000107", "60621009", "73211009", "195967001"};
  std::ofstream out(file, std::ios::binary);
  out << "patient_id,practice,date,code,value,unit,status\n";
  Random random(1);
  for (int p = 0; p < persons; ++p)
    for (int r = 0; r < rows_per_person; ++r)
      out << fmt::format("{},E8{:04},20{:02}-{:02}-{:02},{},{:.1f},mmol/L,final\n", 100000 + p, p % 90, 16 + r % 10, r % 12 + 1, r % 28 + 1,
                         codes[random.below(8)], static_cast<double>(random.below(2000)) / 10);
}

void write_fhir(const fs::path& file, int persons) {
  std::ofstream out(file, std::ios::binary);
  for (int p = 0; p < persons; ++p) {
    out << fmt::format(
               R"({{"resourceType":"Patient","id":"p{0}","name":[{{"use":"official","family":"Family{0}","given":["Given"]}}],"gender":"female","birthDate":"1960-01-02"}})",
               p)
        << '\n';
    for (int r = 1; r < resources_per_person; ++r)
      out << fmt::format(
                 R"({{"resourceType":"Observation","id":"o{0}-{1}","status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"vital-signs","display":"vital-signs"}}]}}],"code":{{"coding":[{{"system":"http://loinc.org","code":"{2}-2","display":"An observation"}}],"text":"An observation"}},"subject":{{"reference":"Patient/p{0}"}},"encounter":{{"reference":"Encounter/e{0}-{1}"}},"effectiveDateTime":"2020-{3:02}-14T10:37:54+00:00","issued":"2020-{3:02}-14T10:37:54.530+00:00","valueQuantity":{{"value":{4}.35499866729558,"unit":"cm","system":"http://unitsofmeasure.org","code":"cm"}}}})",
                 p, r, 8300 + r, r % 12 + 1, 100 + r)
          << '\n';
  }
}

double cpu_seconds() {
  rusage use{};
  getrusage(RUSAGE_SELF, &use);
  const auto seconds = [](const timeval& t) { return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) / 1e6; };
  return seconds(use.ru_utime) + seconds(use.ru_stime);
}

double rate(const fs::path& root, std::string_view toml, const std::string& name, std::uint64_t expected) {
  Diagnostics diagnostics;
  FeedDefinitions definitions;
  auto feed = read_feed("feeds/" + name + ".toml", toml, diagnostics);
  if (!feed) {
    for (const auto& d : diagnostics) fmt::print(stderr, "{}\n", to_string(d));
    std::exit(1);
  }
  definitions.feeds.push_back(std::move(*feed));
  IntakeSettings settings;
  settings.extracts = root / "extracts";
  settings.snapshot = root / "snapshot";
  settings.as_of = Date::from_ymd(2026, 4, 1);
  SilentProgress progress;
  const double cpu = cpu_seconds();
  const auto start = std::chrono::steady_clock::now();
  const auto result = stage_extracts(definitions, settings, progress);
  const double wall = std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
  const double used = cpu_seconds() - cpu;
  if (result.rows_accepted != expected || result.rows_quarantined != 0 || !result.failures.empty()) {
    fmt::print(stderr, "wrong: {} accepted of {}, {} quarantined\n", result.rows_accepted, expected, result.rows_quarantined);
    std::exit(1);
  }
  fmt::print("{:<13} {:>11} rows  {:>7.2f} s wall on {} workers  {:>7.2f} s of processor  {:>9.0f} rows/s per core  store {:>7.1f} MB\n", name, expected, wall,
             settings.threads, used, static_cast<double>(expected) / used, static_cast<double>(fs::file_size(settings.snapshot / "staged.duckdb")) / 1e6);
  return static_cast<double>(expected) / used;
}

}  // namespace

int main(int argc, char** argv) {
  const int persons = argc > 1 ? std::atoi(argv[1]) : 10000;
  const int times = argc > 2 ? std::atoi(argv[2]) : 5;
  std::string folder = (fs::temp_directory_path() / "catchment-bench-XXXXXX").string();
  if (persons < 1 || times < 1 || ::mkdtemp(folder.data()) == nullptr) return 2;
  const fs::path root(folder);
  fs::create_directories(root / "snapshot");
  for (const bool fhir : {false, true}) {
    double small = 0;
    for (const int n : {persons, persons * times}) {
      fs::remove_all(root / "extracts");
      fs::create_directories(root / "extracts");
      if (fhir) write_fhir(root / "extracts" / "all.ndjson", n);
      else write_csv(root / "extracts" / "observations_1.csv", n);
      const auto expected = static_cast<std::uint64_t>(n) * (fhir ? resources_per_person : rows_per_person);
      const double now = rate(root, fhir ? fhir_feed : csv_feed, fhir ? "resources" : "observations", expected);
      if (small > 0) fmt::print("{} rate at {} times the size: {:.2f} of the small one\n", fhir ? "FHIR" : "CSV", times, now / small);
      small = now;
    }
  }
  fs::remove_all(root);
  return 0;
}
