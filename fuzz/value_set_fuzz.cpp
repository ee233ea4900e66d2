// uses: fhir terminology
// Any bytes as a value set, a codelist and a patient's file: read, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "fhir/fhir.h"
#include "terminology/terminology.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment;
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  terminology::ValueSetStore store;
  Diagnostics diagnostics;
  store.add_json(bytes, "fuzz.json", diagnostics);
  store.add_csv(bytes, "fuzz.csv", diagnostics);
  store.finish(diagnostics);
  for (const std::string& url : store.urls()) {
    if (const auto* set = store.value_set(url, "")) set->codes();
  }
  cql::Libraries libraries;
  fhir::read_library_json(bytes, "fuzz.json", libraries, diagnostics);
  fhir::SubjectReader reader;
  reader.add(bytes, "fuzz.json", "folder");
  reader.add(bytes, "fuzz.ndjson", "");
  reader.take();
  return 0;
}
