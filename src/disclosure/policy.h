// Disclosure rules as a versioned definition (disclosure.toml). See disclosure.h.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "disclosure/counts.h"
#include "system/definitions.h"

namespace catchment::disclosure {

/// What is taken to be known of a shown count when asking what it gives away about hidden ones.
enum class ReaderKnows : std::uint8_t {
  exact,    // the count before rounding: safe however often its rounding errors are averaged out
  rounded,  // only the range that rounds to what is shown: hides fewer
};

/// How a total is shown whose parts stand in the same release.
enum class Totals : std::uint8_t {
  own,      // its own count, rounded: one figure wherever it stands; parts may not add up by a few
  rebuilt,  // the sum of its shown parts when none of them is hidden: adds up; differs between tables
};

struct Policy {
  std::string id = "small-numbers";
  std::string version = "1";
  std::string title = "Small numbers";
  std::optional<Date> from;  // the first day it is in force; nothing: always
  Rules rules;
  bool secondary = true;  // counts are also hidden when a small one could be worked out from them
  ReaderKnows reader_knows = ReaderKnows::exact;
  Totals totals = Totals::own;
  int most_hidden_percent = 90;  // a table of a split of which more is hidden is hidden whole
  std::vector<std::string> crossings;  // splits by two groups at once that may be made: "ethnicity_deprivation", "age_sex"
  int remembered_releases = 2;  // earlier releases that a new one is held against
  std::string source;
};

/// "small-numbers 1": stored beside every figure that passed it.
std::string name_of(const Policy& policy);

/// Reads disclosure.toml, ordered by first day; a folder without one has the policy above.
std::vector<Policy> load_policies(system::Definitions& definitions);
/// The policy in force on a day: the last whose first day is not after it. `policies` is not empty.
const Policy& policy_on(const std::vector<Policy>& policies, Date day);

}  // namespace catchment::disclosure
