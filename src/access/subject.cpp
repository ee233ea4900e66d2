#include "access/subject.h"

namespace catchment::access {

namespace {

struct RoleText {
  Role role;
  std::string_view word, title, description;
  std::array<Purpose, 2> purposes;
  std::size_t count;
};

constexpr std::array role_texts = {
    RoleText{Role::data_steward,
             "data-steward",
             "Data steward",
             "Looks after what partners send: receipts, findings and rows in quarantine",
             {Purpose::data_quality, Purpose::population_health},
             2},
    RoleText{Role::analyst,
             "analyst",
             "Population health analyst",
             "Measures the population, its needs and its gaps, without seeing who anybody is",
             {Purpose::population_health, Purpose::population_health},
             1},
    RoleText{Role::care_professional,
             "care-professional",
             "Care professional",
             "Opens the record of a resident in their care",
             {Purpose::direct_care, Purpose::direct_care},
             1},
    RoleText{Role::neighbourhood_team,
             "neighbourhood-team",
             "Integrated neighbourhood team",
             "Works with named residents of its places",
             {Purpose::direct_care, Purpose::population_health},
             2},
    RoleText{Role::finance, "finance", "Commissioning and finance", "Allocates, contracts and pays", {Purpose::commissioning, Purpose::commissioning}, 1},
    RoleText{Role::board,
             "board",
             "Board member or secretary",
             "Sees whether the strategy works and records decisions",
             {Purpose::governance, Purpose::governance},
             1},
    RoleText{Role::resident,
             "resident",
             "Resident",
             "Sees what the public may see: who is responsible, and how the area is doing",
             {Purpose::public_information, Purpose::public_information},
             1},
    RoleText{Role::administrator,
             "administrator",
             "Administrator",
             "Looks after accounts and the running of the system; sees no resident",
             {Purpose::system_administration, Purpose::system_administration},
             1},
};

struct PurposeText {
  Purpose purpose;
  std::string_view word, title, description;
};

constexpr std::array purpose_texts = {
    PurposeText{Purpose::direct_care, "direct-care", "Direct care", "Caring for a resident you have a relationship with"},
    PurposeText{Purpose::population_health, "population-health", "Population health", "Understanding groups of people; nobody is named"},
    PurposeText{Purpose::data_quality, "data-quality", "Data quality", "Finding and mending faults in what partners send"},
    PurposeText{Purpose::commissioning, "commissioning", "Commissioning", "Planning, buying and paying for services"},
    PurposeText{Purpose::governance, "governance", "Governance", "Setting direction and holding to account"},
    PurposeText{Purpose::public_information, "public-information", "Public information", "What anybody may see"},
    PurposeText{Purpose::system_administration, "system-administration", "System administration", "Running the system"},
};

const RoleText& text_of(Role role) { return role_texts[static_cast<std::size_t>(role)]; }
const PurposeText& text_of(Purpose purpose) { return purpose_texts[static_cast<std::size_t>(purpose)]; }

}  // namespace

std::string_view to_string(Role role) { return text_of(role).word; }
std::string_view to_string(Purpose purpose) { return text_of(purpose).word; }
std::string_view title(Role role) { return text_of(role).title; }
std::string_view description(Role role) { return text_of(role).description; }
std::string_view title(Purpose purpose) { return text_of(purpose).title; }
std::string_view description(Purpose purpose) { return text_of(purpose).description; }

std::optional<Role> role_named(std::string_view word) {
  for (const auto& text : role_texts)
    if (text.word == word) return text.role;
  return std::nullopt;
}

std::optional<Purpose> purpose_named(std::string_view word) {
  for (const auto& text : purpose_texts)
    if (text.word == word) return text.purpose;
  return std::nullopt;
}

std::vector<Purpose> purposes_of(Role role) {
  const auto& text = text_of(role);
  return {text.purposes.begin(), text.purposes.begin() + static_cast<std::ptrdiff_t>(text.count)};
}

}  // namespace catchment::access
