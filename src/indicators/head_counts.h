// How many people there are, as it may be shown: who lives here and who is registered here, by place and group.
// In: a snapshot's people, the definition folder. Out: one count for each group. Always: all counts of a snapshot passed `disclosure`
// together, tied by every sum a reader can reckon with, residents to registered people among them, and beside those published before
// for the same month. Registered people are counted in the place of their practice, as figures of measures are; everybody is counted,
// those who opted out too.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "db/db.h"
#include "disclosure/disclosure.h"
#include "indicators/person_groups.h"
#include "system/system.h"

namespace catchment::indicators {

/// Who is counted. `here` is the place, or the whole area; the last two are residents.
enum class Who : std::uint8_t {
  residents,
  registered,
  both,             // live here and are registered here
  resident_only,    // live here and are not registered here
  registered_only,  // registered here and do not live here
  aged_65,          // residents aged 65 and over, by neighbourhood and small area
  opted_out,        // of planning and research
  not_met,          // aged three and over, by no partner in the three years to the day
};
std::string_view to_string(Who who);
std::optional<Who> who_named(std::string_view word);

/// A count's name: "residents|luton|sex|female". No place is the whole area; no split is everyone. Splits: deprivation, ethnicity, sex,
/// age ("65+"), age-sex ("5-9.female"), and neighbourhood and area of residents of the whole.
std::string head_count_name(Who who, std::string_view place = "", std::string_view split = "", std::string_view group = "");

struct HeadCount {
  std::string name;
  std::optional<std::int64_t> count;  // as it may be shown; nothing when hidden
  bool held_back = false;             // as it was published before: beside that, what is counted now would give a small count away
  bool withheld = false;              // hidden with every other: nothing protects them beside those before
};

/// People who are alike in all that head counts are split by.
struct PeopleAlike {
  bool resident = false, registered = false, opted_out = false, not_met = false;
  std::size_t area = 0, practice = 0;  // of the lists; 0 = not known, or elsewhere
  std::size_t sex = 0, ethnic_group = 0, age_band = 0;
  std::int64_t people = 0;
};

/// What is protected together, before protection: a line for each count, and some that nobody is shown. For auditors: exact counts.
struct LinkedHeadCounts {
  std::vector<disclosure::CountLine> lines;
  std::vector<disclosure::NamedSum> sums;
};
LinkedHeadCounts linked_head_counts(const std::vector<PeopleAlike>& people, const GroupLists& lists);

/// The counts that may be shown, in no particular order; what is published anew is added to `earlier`.
std::vector<HeadCount> head_counts_of(const std::vector<PeopleAlike>& people, const GroupLists& lists, const disclosure::Policy& policy,
                                      disclosure::Memory& earlier);

struct PublishedHeadCounts {
  std::int64_t counts = 0, hidden = 0;
};
/// Counts everyone of `population` and keeps the counts in the file of a snapshot's figures, in place of those there.
PublishedHeadCounts publish_head_counts(db::Connection& population, const system::System& system, Date as_of, const std::filesystem::path& figures_file);

}  // namespace catchment::indicators
