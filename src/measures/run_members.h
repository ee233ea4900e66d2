// Who was in a measure in a month, kept beside the snapshots so that only what changed is worked out again.
// In: members as they were worked out. Out: the same, read back. Always: a file is of one snapshot's content, one
// version of a measure and one month; it is replaced whole by a rename; a damaged one counts as absent.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/date.h"
#include "measures/person_set.h"

namespace catchment::measures {

struct MonthMembers {
  PersonSet denominator, excluded, numerator;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> more;  // persons with more than one event: place, events; ascending
  std::uint64_t errors = 0;                                   // persons whose evaluation ended
  /// Persons in the numerator, or their events.
  std::uint64_t events() const;
};

struct MembersKey {
  std::string content_hash;  // of the snapshot
  std::string measure, version;
  Date month;                // its first day
};

class MembersStore {
 public:
  explicit MembersStore(std::filesystem::path folder) : folder_(std::move(folder)) {}
  bool has(const MembersKey& key) const;  // there is a file; it may be damaged
  std::optional<MonthMembers> read(const MembersKey& key) const;
  /// Throws Error (environment) when the folder cannot be written.
  void write(const MembersKey& key, MonthMembers& members) const;
  std::filesystem::path file_of(const MembersKey& key) const;

 private:
  std::filesystem::path folder_;
};

}  // namespace catchment::measures
