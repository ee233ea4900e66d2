#include <algorithm>

#include "system/loading.h"

namespace catchment::system {

namespace {

const std::string file = "strategy.toml";

StrategyItem item_of(TomlTable& table, std::vector<std::string>& ids) {
  StrategyItem item;
  item.id = table.text("id");
  item.title = table.text("title");
  item.aim = table.text("aim");
  for (TomlTable& inner : table.tables("focus")) {
    FocusArea focus;
    focus.id = inner.text("id");
    focus.title = inner.text("title");
    focus.description = inner.optional_text("description");
    focus.programmes = inner.texts("programmes");
    if (std::find(ids.begin(), ids.end(), focus.id) != ids.end()) {
      inner.error("id", "'" + focus.id + "' is there twice", "give each focus area an id of its own");
    }
    ids.push_back(focus.id);
    inner.finish();
    item.focus.push_back(std::move(focus));
  }
  if (std::find(ids.begin(), ids.end(), item.id) != ids.end()) {
    table.error("id", "'" + item.id + "' is there twice", "give each priority, enabler and purpose an id of its own");
  }
  ids.push_back(item.id);
  table.finish();
  return item;
}

FirstThread thread_of(TomlTable& table, const Strategy& strategy) {
  FirstThread thread;
  thread.priority = table.text("priority");
  thread.focus = table.text("focus");
  thread.measure = table.text("measure");
  thread.codelist = table.optional_text("codelist");
  thread.title = table.text("title");
  thread.question = table.text("question");
  thread.why = table.optional_text("why");
  if (const auto goal = table.number("goal_percent", 0, 100)) {
    thread.goal_percent = *goal;
  } else if (!table.has("goal_percent")) {
    table.error("goal_percent", "'goal_percent' is missing", "add goal_percent = 95");
  }
  std::vector<std::string> priorities, areas;
  for (const StrategyItem& item : strategy.priorities) {
    priorities.push_back(item.id);
    if (item.id == thread.priority) {
      for (const FocusArea& focus : item.focus) areas.push_back(focus.id);
    }
  }
  if (std::find(priorities.begin(), priorities.end(), thread.priority) == priorities.end()) {
    table.error("priority", "there is no priority '" + thread.priority + "'", "use the id of a [[priority]]");
  } else if (std::find(areas.begin(), areas.end(), thread.focus) == areas.end()) {
    const std::string near = nearest(thread.focus, areas);
    table.error("focus", "this priority has no focus area '" + thread.focus + "'",
                near.empty() ? "use the id of one of its [[priority.focus]]" : "did you mean \"" + near + "\"?");
  }
  table.finish();
  return thread;
}

}  // namespace

void load_strategy(Loading& loading) {
  if (!loading.definitions.has(file)) return;
  const std::optional<TomlValue> root = read_toml(loading.definitions, file);
  if (!root) return;
  TomlTable top(loading.definitions, file, *root);
  Strategy& strategy = loading.system.strategy;
  strategy.title = top.text("title");
  strategy.vision = top.text("vision");
  strategy.approved_by = top.optional_text("approved_by");
  strategy.approved = top.date("approved");
  if (!strategy.approved_by.empty() && loading.bodies.complete && !loading.bodies.contains(strategy.approved_by)) {
    top.error("approved_by", "there is no '" + strategy.approved_by + "' in bodies.toml", "use the id of a body");
  }
  std::vector<std::string> ids;
  for (TomlTable& table : top.tables("purpose")) strategy.purposes.push_back(item_of(table, ids));
  for (TomlTable& table : top.tables("priority")) {
    const int line = table.line();
    strategy.priorities.push_back(item_of(table, ids));
    if (strategy.priorities.back().focus.empty()) {
      loading.definitions.error(file, line, 1, "this priority has no focus area", "add one with [[priority.focus]]");
    }
  }
  for (TomlTable& table : top.tables("enabler")) strategy.enablers.push_back(item_of(table, ids));
  for (TomlTable& table : top.tables("first_thread")) strategy.first_thread = thread_of(table, strategy);
  top.finish();
}

void load_services(Loading& loading) {
  Table table(loading.definitions, "services.csv", {{"id", "name", "group", "description", "commissioner", "provider_kinds"}, {"providers", "priorities"}},
              false);
  KnownIds ids, commissioners = loading.organisations;
  commissioners.emplace("councils", 0);
  for (Row row : table) {
    Service one;
    one.id = row.id("id", ids);
    one.name = row.text("name");
    one.group = row.text("group");
    one.description = row.text("description");
    one.commissioner = row.reference("commissioner", commissioners, "organisations.csv (or 'councils')");
    for (const std::string& word : row.list("provider_kinds")) {
      if (const auto kind = organisation_kind(word)) {
        one.provider_kinds.push_back(*kind);
      } else {
        row.error("provider_kinds", "'" + word + "' is not a kind of organisation", "use the kinds of organisations.csv, apart by ';'");
      }
    }
    if (one.provider_kinds.empty()) row.error("provider_kinds", "no kind of provider is named", "name at least one");
    one.providers = row.list("providers");
    for (const std::string& id : one.providers) {
      if (loading.organisations.complete && !loading.organisations.contains(id)) {
        row.error("providers", "there is no '" + id + "' in organisations.csv", "use ids of organisations, apart by ';'");
      }
    }
    one.priorities = row.list("priorities");
    for (const std::string& id : one.priorities) {
      if (find_priority(loading.system, id) == nullptr) {
        row.error("priorities", "there is no priority '" + id + "' in strategy.toml", "use ids of priorities, apart by ';'");
      }
    }
    loading.system.services.push_back(std::move(one));
  }
}

}  // namespace catchment::system
