#include <algorithm>

#include "system/loading.h"

namespace catchment::system {

void load_practices(Loading& loading) {
  Table networks(loading.definitions, "networks.csv", {{"id", "name", "place"}, {"example"}}, false);
  for (Row row : networks) {
    Network one;
    one.id = row.id("id", loading.networks);
    one.name = row.text("name");
    one.place = row.reference("place", loading.places, "places.csv");
    one.example = row.yes_no("example", false);
    loading.system.networks.push_back(std::move(one));
  }
  loading.networks.complete = loading.networks.complete && networks.whole();

  Table table(loading.definitions, "practices.csv",
              {{"code", "name", "place", "list_size"}, {"example", "network", "small_area", "record_system", "opened", "closed"}});
  for (Row row : table) {
    Practice one;
    one.code = row.unique("code", loading.practices);
    one.name = row.text("name");
    one.example = row.yes_no("example", false);
    one.place = row.reference("place", loading.places, "places.csv");
    one.network = row.optional_reference("network", loading.networks, "networks.csv");
    one.small_area = row.optional_reference("small_area", loading.small_areas, "small_areas.csv");
    one.list_size = row.integer("list_size", 0, 10'000'000);
    one.record_system = row.optional_text("record_system");
    one.opened = row.date("opened");
    one.closed = row.date("closed");
    if (const SmallArea* area = find_small_area(loading.system, one.small_area)) {
      one.neighbourhood = area->neighbourhood;
      if (area->place != one.place) { row.warning("small_area", "the practice stands in another place than it belongs to", "check both"); }
    }
    loading.system.practices.push_back(std::move(one));
  }
  std::sort(loading.system.practices.begin(), loading.system.practices.end(), [](const Practice& a, const Practice& b) { return a.code < b.code; });
}

}  // namespace catchment::system
