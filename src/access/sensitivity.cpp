#include "access/sensitivity.h"

#include <algorithm>
#include <array>

namespace catchment::access {

namespace {

// Legal states and restraint: the clinician who has the resident in care needs them to be safe and lawful; a team that works with the resident
// on other things does not. The Mental Health Services Data Set sends each with a code system of its own.
constexpr std::array<std::string_view, 2> detention_systems = {"mhsds-legal-status", "mhsds-restrictive-intervention"};
constexpr std::array detention_readers = {Role::care_professional};

constexpr std::array labels = {
    Sensitivity{"mental-health-act", "the Mental Health Act and restrictive interventions", detention_systems, detention_readers},
};

bool may_see(const Sensitivity& label, Role role) { return std::find(label.readers.begin(), label.readers.end(), role) != label.readers.end(); }

}  // namespace

std::span<const Sensitivity> sensitivities() { return labels; }

std::vector<CodeId> codes_hidden_from(Role role, const records::Dictionaries& dictionaries) {
  std::vector<CodeId> hidden;
  for (const Sensitivity& label : labels) {
    if (may_see(label, role)) continue;
    for (std::size_t id = 1; id < dictionaries.codes.size(); ++id)
      if (std::find(label.systems.begin(), label.systems.end(), dictionaries.codes[id].system) != label.systems.end())
        hidden.push_back({static_cast<std::int32_t>(id)});
  }
  return hidden;
}

std::string left_out_for(Role role) {
  std::string out;
  for (const Sensitivity& label : labels)
    if (!may_see(label, role)) out += (out.empty() ? "rows about " : "; ") + std::string(label.words);
  return out.empty() ? out : out + " are left out";
}

}  // namespace catchment::access
