// uses: linkage
// Any bytes as a model file and as a trained file: values or faults, never a crash.
#include <cstdint>
#include <string_view>

#include "linkage/linkage.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace catchment;
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Diagnostics faults;
  linkage::Model model = linkage::read_model(bytes, "model.toml", faults).model;
  linkage::read_trained(bytes, "model.trained.toml", model, faults);
  if (!has_errors(faults)) linkage::write_trained(model);
  return 0;
}
