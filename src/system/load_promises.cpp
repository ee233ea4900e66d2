// promises.csv: what the strategy documents promise and where each promise can be looked up.
#include <algorithm>
#include <set>

#include "system/loading.h"

namespace catchment::system {

namespace {

const std::string promises_file = "promises.csv";

/// Pages of the staff app that a promise may name.
const std::vector<std::string> pages = {"Feeds", "Measures", "Population", "Priorities", "Resident", "Services", "Start", "Who is who"};

void check_held(Row& row, const Promise& promise) {
  if (promise.held_as == "not held") {
    if (promise.because.empty()) row.error("because", "the promise is not held and no reason is given", "say why in plain words");
    if (!promise.what.empty())
      row.error("what", "a promise that is not held names '" + promise.what + "'", "leave the cell empty, or say it is held as a measure, series or page");
    return;
  }
  if (promise.what.empty()) {
    row.error("what", "the promise does not say which " + promise.held_as, "name it, or write 'not held' and why");
  } else if (promise.held_as == "page" && std::find(pages.begin(), pages.end(), promise.what) == pages.end()) {
    const std::string near = nearest(promise.what, pages);
    row.error("what", "there is no page '" + promise.what + "'",
              near.empty() ? "name one of the pages of the app, or write 'not held' and why" : "did you mean '" + near + "'?");
  }
}

}  // namespace

void load_promises(Loading& loading) {
  if (!loading.definitions.has(promises_file)) return;
  const Strategy& strategy = loading.system.strategy;
  KnownIds ids, served;
  std::vector<std::string> wanted;  // every focus area and enabler is promised something
  for (const StrategyItem& item : strategy.purposes) served.emplace(item.id, 0), wanted.push_back(item.id);
  for (const auto* items : {&strategy.priorities, &strategy.enablers}) {
    for (const StrategyItem& item : *items) {
      served.emplace(item.id, 0);
      if (item.focus.empty()) wanted.push_back(item.id);
      for (const FocusArea& focus : item.focus) served.emplace(focus.id, 0), wanted.push_back(focus.id);
    }
  }
  Table table(loading.definitions, promises_file, {{"id", "source", "promise", "held_as"}, {"serves", "what", "because"}});
  constexpr std::array<std::string_view, 4> words = {"measure", "series", "page", "not held"};
  std::set<std::string> met;
  for (Row row : table) {
    Promise promise;
    promise.id = row.id("id", ids);
    promise.serves = row.optional_reference("serves", served, "strategy.toml");
    promise.source = row.text("source");
    promise.promise = row.text("promise");
    promise.held_as = words[row.one_of("held_as", {"measure", "series", "page", "not held"})];
    promise.what = row.optional_text("what");
    promise.because = row.optional_text("because");
    promise.line = row.line();
    check_held(row, promise);
    met.insert(promise.serves);
    loading.system.promises.push_back(std::move(promise));
  }
  if (!table.whole()) return;
  for (const std::string& id : wanted) {
    if (!met.contains(id))
      loading.definitions.error(promises_file, 1, 1, "no promise serves '" + id + "' of strategy.toml", "add a row for what the strategy promises there");
  }
}

}  // namespace catchment::system
