// Roles, purposes and the subject of a decision.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::access {

enum class Role : std::uint8_t { data_steward, analyst, care_professional, neighbourhood_team, finance, board, resident, administrator };

enum class Purpose : std::uint8_t {
  direct_care,
  population_health,
  data_quality,
  commissioning,
  governance,
  public_information,
  system_administration,
};

inline constexpr std::array all_roles = {Role::data_steward, Role::analyst, Role::care_professional, Role::neighbourhood_team,
                                         Role::finance,      Role::board,   Role::resident,          Role::administrator};
inline constexpr std::array all_purposes = {Purpose::direct_care, Purpose::population_health,  Purpose::data_quality,         Purpose::commissioning,
                                            Purpose::governance,  Purpose::public_information, Purpose::system_administration};

/// "data-steward"; "direct-care". These are the words of the API, the audit and the command line.
std::string_view to_string(Role role);
std::string_view to_string(Purpose purpose);
std::optional<Role> role_named(std::string_view word);
std::optional<Purpose> purpose_named(std::string_view word);

/// For people: "Data steward", and one sentence on what the role is for.
std::string_view title(Role role);
std::string_view description(Role role);
std::string_view title(Purpose purpose);
std::string_view description(Purpose purpose);

/// The purposes a role may work for; the first is its usual one.
std::vector<Purpose> purposes_of(Role role);

/// Who asks: an account, in one of its roles, for one purpose.
struct Subject {
  std::string account;
  std::string display_name;          // as shown at the time, kept in the audit
  Role role = Role::resident;
  Purpose purpose = Purpose::public_information;
  std::vector<std::string> places;   // place ids the account is limited to; empty = all
  std::string session;               // short hash of the session, or "command-line"
};

}  // namespace catchment::access
