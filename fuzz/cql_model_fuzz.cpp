// uses: cql
// Any bytes as a model info file: read and used, never a crash.
#include <cstddef>
#include <cstdint>
#include <string>

#include "cql/cql.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Diagnostics diagnostics;
  if (!cql::read_model_info(bytes, "fuzz.xml", diagnostics)) return 0;  // the built-in model costs far more than such a file
  cql::Models models;
  models.add(bytes, "fuzz.xml", diagnostics);
  for (const std::string& name : models.names()) {
    Diagnostics checked;
    cql::check_library(
        {"fuzz.cql", "library F\nusing " + cql::syntax::print_name(name) + "\ncontext Patient\ndefine A: Patient.a\ndefine B: [X: code in {}]\n"},
        cql::Libraries(), models, checked);
  }
  return 0;
}
