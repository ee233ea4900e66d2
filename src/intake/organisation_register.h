// Which organisation codes stood for somebody, and when: from the definition folder and from the organisation files that partners deliver.
#pragma once

#include <cstdint>
#include <string>
#include <unordered_map>
#include <utility>
#include <vector>

#include "intake/feed.h"

namespace catchment::intake {

/// True of a feed that tells about organisations: its rows are what the others are checked against.
bool fills_register(const Feed& feed);

class OrganisationRegister {
 public:
  struct Times {
    std::vector<std::pair<std::int32_t, std::int32_t>> spans;  // first and last day
    bool open_on(std::int32_t day) const;
  };

  explicit OrganisationRegister(const std::vector<OrganisationTime>& known);
  void add(const std::string& code, std::int32_t first_day, std::int32_t last_day);
  /// From now on a code that is not here is unknown: a published register was delivered.
  void make_complete() { complete_ = true; }
  bool complete() const { return complete_; }
  /// Nothing when the register does not have the code.
  const Times* times_of(const std::string& code) const;

 private:
  std::unordered_map<std::string, Times> times_;
  bool complete_ = false;
};

}  // namespace catchment::intake
