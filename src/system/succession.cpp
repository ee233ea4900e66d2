#include <algorithm>
#include <set>

#include "system/system.h"

namespace catchment::system {

std::vector<const Organisation*> organisations_on(const System& system, Date day) {
  std::vector<const Organisation*> found;
  for (const Organisation& one : system.organisations) {
    if ((!one.opened || *one.opened <= day) && (!one.closed || day <= *one.closed)) found.push_back(&one);
  }
  return found;
}

std::vector<const Body*> bodies_on(const System& system, Date day) {
  std::vector<const Body*> found;
  for (const Body& one : system.bodies) {
    if (one.stood_on(day)) found.push_back(&one);
  }
  return found;
}

Successors successors(const System& system, std::string_view organisation, std::string_view what, Date day) {
  Successors result;
  std::set<std::string_view> seen;
  std::vector<std::string_view> open{organisation};
  while (!open.empty()) {
    const std::string_view at = open.back();
    open.pop_back();
    if (!seen.insert(at).second) continue;
    bool last = true;
    for (const Succession& hop : system.successions) {
      if (hop.from != at || hop.what != what || day < hop.on) continue;
      last = false;
      result.hops.push_back(&hop);
      open.push_back(hop.to);
    }
    const Organisation* end = last ? find_organisation(system, at) : nullptr;
    if (end != nullptr) result.ends.push_back(end);
  }
  std::sort(result.hops.begin(), result.hops.end(), [](const Succession* a, const Succession* b) { return a->on != b->on ? a->on < b->on : a->to < b->to; });
  std::sort(result.ends.begin(), result.ends.end(), [](const Organisation* a, const Organisation* b) { return a->id < b->id; });
  return result;
}

}  // namespace catchment::system
