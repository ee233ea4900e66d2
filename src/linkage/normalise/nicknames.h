// Groups of given names that stand for one another (Elizabeth, Liz, Beth). A name may be in several groups.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catchment::linkage {

class Nicknames {
 public:
  /// Lines of comma-separated names; a line is a group; lines beginning with # are comments.
  static Nicknames read(std::string_view text);
  /// The list that comes with the product (system/blmk/linkage/nicknames.csv at build time).
  static const Nicknames& usual();
  /// The groups the first word of a normalised name stands in.
  std::vector<std::uint32_t> groups_of(std::string_view name) const;
  bool known(std::string_view name) const { return groups_.find(std::string(name)) != groups_.end(); }

 private:
  std::unordered_map<std::string, std::vector<std::uint32_t>> groups_;
};

}  // namespace catchment::linkage
