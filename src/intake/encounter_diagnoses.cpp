#include "intake/encounter_diagnoses.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace catchment::intake {

namespace {

/// Roles whose ranking may be the record's, the one taken first foremost; `aside` is for those that never are.
enum class Role : std::uint8_t { discharge, billing, unsaid, aside };

constexpr int ranked_table = [] {
  int i = 0;
  while (records::tables[i].name != "condition") ++i;
  return i;
}();

constexpr std::string_view role_system = "http://terminology.hl7.org/CodeSystem/diagnosis-role";

Role role_of(json::Value use, bool& known) {
  if (use.is_null()) return Role::unsaid;
  for (const auto coding : use["coding"]) {
    if (coding["system"].string() != role_system) continue;
    const auto code = coding["code"].string();
    if (code == "DD") return Role::discharge;
    if (code == "billing") return Role::billing;
    for (const std::string_view other : {"AD", "CC", "CM", "pre-op", "post-op"})
      if (code == other) return Role::aside;
  }
  known = false;
  return Role::aside;
}

}  // namespace

void read_diagnoses(json::Value encounter, std::vector<Diagnosis>& out, std::vector<fhir::Fault>& faults) {
  out.clear();
  if (encounter["status"].string() == "entered-in-error") return;
  std::vector<Role> roles;
  std::array<std::size_t, 4> in_role{};
  std::array<bool, 4> ranked{};
  for (const auto entry : encounter["diagnosis"]) {
    const json::Value reference = entry["condition"];
    const auto target = reference["reference"].string();
    const bool by_urn = target.starts_with("urn:");  // says nothing of the type: a Procedure is told from a Condition once both are read
    if (reference["type"].string() == "Procedure" || (!by_urn && !fhir::reference_id(target, "Procedure").empty())) continue;
    Diagnosis one{fhir::reference_id(target, "Condition"), 0};
    if (one.condition.empty()) {
      faults.push_back({fhir::Fault::Kind::reference, "rank", ranked_table});
      continue;
    }
    bool known = true;
    const Role role = role_of(entry["use"], known);
    if (!known) faults.push_back({fhir::Fault::Kind::word, "rank", ranked_table});
    const json::Value rank = entry["rank"];
    if (!rank.is_null()) {
      if (const auto number = rank.integer(); number && *number > 0) one.rank = *number;
      else faults.push_back({fhir::Fault::Kind::type, "rank", ranked_table});
    }
    const auto at = static_cast<std::size_t>(role);
    ++in_role[at];
    ranked[at] = ranked[at] || !rank.is_null();
    roles.push_back(role);
    out.push_back(one);
  }
  const auto taken = static_cast<std::size_t>(std::find_if(in_role.begin(), in_role.begin() + 3, [](std::size_t n) { return n > 0; }) - in_role.begin());
  for (std::size_t i = 0; i < roles.size(); ++i) {
    Diagnosis& one = out[i];
    if (roles[i] != static_cast<Role>(taken) || roles[i] == Role::aside) one.rank = 0;
    else if (!ranked[taken] && in_role[taken] == 1) one.rank = 1;
  }
}

}  // namespace catchment::intake
