// One invented person's whole truth: who they are, where they lived, which practices they were
// registered with, what they fell ill with and when. Feeds show parts of it, some of them wrongly.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/nhs_number.h"

namespace catchment::synth {

inline constexpr std::size_t max_conditions = 64;

enum class Standing : std::uint8_t { resident, died, left, outside };  // outside: registered here, lives over the border
enum class Sex : std::uint8_t { female, male };

struct Address {
  Date from;
  std::uint32_t area = 0;      // index in Model::areas
  std::uint32_t postcode = 0;  // index in Model::postcodes
  std::uint16_t street = 0;
  std::uint16_t number = 0;
};

struct Registration {
  std::uint32_t practice = 0;  // index in Model::practices
  Date from;
  std::optional<Date> to;
  bool ghost = false;      // kept on the list after leaving or dying
  bool duplicate = false;  // a second registration of somebody already registered
  std::uint32_t serial = 0;
};

struct Life {
  std::uint64_t id = 0;  // 0, 1, 2, ... over the whole population
  Standing standing = Standing::resident;
  Sex sex = Sex::female;
  Date birth;
  std::optional<Date> death;
  Date enters, exits;  // the time this person lived in the area (exits: the day after the as-of date while still here)
  std::uint8_t place = 0;
  std::uint8_t ethnicity = 0;  // index in Model::ethnicities
  bool twin = false;
  bool care_home = false;
  bool lives_alone = false;
  bool homeless = false;
  std::uint64_t household = 0;
  std::int64_t mother = -1;  // position in the same chunk
  std::int64_t partner = -1;
  std::vector<Address> addresses;  // oldest first, never empty
  std::vector<Registration> registrations;

  NhsNumber nhs;
  std::string given, middle, family;
  std::string family_before;  // until `renamed`
  std::optional<Date> renamed;
  std::string phone;
  bool language_other = false;

  double frailty = 0;     // standard normal; drives illness, use of care and death together
  double engagement = 0;  // standard normal; drives take-up of care
  double bmi = 26;
  std::uint8_t smoking = 0;  // 0 never, 1 ex, 2 current
  std::optional<Date> type1_opt_out, national_opt_out;
  std::array<std::int32_t, max_conditions> onset{};  // days; never when max
  std::vector<Date> births;  // of this mother's babies within the period

  static constexpr std::int32_t never = INT32_MAX;
  bool has(std::size_t condition, Date on) const { return onset[condition] <= on.days; }
  int age(Date on) const { return age_in_years(birth, on); }
  const Address& address(Date on) const {
    const Address* found = &addresses.front();
    for (const auto& address : addresses)
      if (address.from <= on) found = &address;
    return *found;
  }
  const Registration* registration(Date on) const {
    const Registration* found = nullptr;
    for (const auto& r : registrations)
      if (!r.duplicate && r.from <= on && (!r.to || on < *r.to)) found = &r;
    return found;
  }
  bool here(Date on) const { return enters <= on && on < exits; }
  const std::string& family_on(Date on) const { return renamed && on < *renamed ? family_before : family; }
};

}  // namespace catchment::synth
