#include "linkage/normalise/nicknames.h"

#include <algorithm>

#include "linkage/nicknames_text.h"
#include "linkage/normalise/normalise.h"

namespace catchment::linkage {

Nicknames Nicknames::read(std::string_view text) {
  Nicknames out;
  std::uint32_t group = 0;
  while (!text.empty()) {
    std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    if (line.empty() || line[0] == '#') continue;
    while (!line.empty()) {
      const std::string_view cell = line.substr(0, line.find(','));
      line.remove_prefix(std::min(line.size(), cell.size() + 1));
      const std::string name = normalise_name(cell);
      if (!name.empty()) out.groups_[name].push_back(group);
    }
    ++group;
  }
  return out;
}

const Nicknames& Nicknames::usual() {
  static const Nicknames list = read(nicknames_text);
  return list;
}

std::vector<std::uint32_t> Nicknames::groups_of(std::string_view name) const {
  const auto at = groups_.find(std::string(name.substr(0, name.find(' '))));
  return at == groups_.end() ? std::vector<std::uint32_t>() : at->second;
}

}  // namespace catchment::linkage
