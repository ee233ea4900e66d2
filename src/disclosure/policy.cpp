#include "disclosure/policy.h"

#include <algorithm>
#include <array>
#include <set>

#include "base/error.h"

namespace catchment::disclosure {

namespace {

const std::string file = "disclosure.toml";
constexpr std::array<std::string_view, 2> known_crossings = {"ethnicity_deprivation", "age_sex"};

bool word(system::TomlTable& table, std::string_view key, const std::string& otherwise, const std::string& other) {
  const std::string found = table.optional_text(key);
  if (!found.empty() && found != otherwise && found != other) table.error(key, "'" + found + "' is not known", "write '" + otherwise + "' or '" + other + "'");
  return found == other;
}

Policy read(system::TomlTable& table) {
  Policy policy;
  policy.id = table.text("id");
  policy.version = table.text("version");
  policy.title = table.text("title");
  policy.from = table.date("from");
  policy.source = table.optional_text("source");
  if (table.has("hidden_up_to")) policy.rules.hidden_up_to = table.integer("hidden_up_to", 1, 1000);
  if (table.has("rounded_to")) policy.rules.rounded_to = table.integer("rounded_to", 1, 1000);
  if (rounded(policy.rules.hidden_up_to + 1, policy.rules) == 0)
    table.error("rounded_to", "the smallest count that is shown would be shown as none", "round to at most twice the largest hidden count");
  policy.secondary = table.yes_no("secondary", true);
  policy.reader_knows = word(table, "reader_knows", "exact", "rounded") ? ReaderKnows::rounded : ReaderKnows::exact;
  policy.totals = word(table, "totals", "own", "rebuilt") ? Totals::rebuilt : Totals::own;
  if (table.has("remembered_releases")) policy.remembered_releases = static_cast<int>(table.integer("remembered_releases", 1, 24));
  if (table.has("most_hidden_percent")) policy.most_hidden_percent = static_cast<int>(table.integer("most_hidden_percent", 0, 100));
  policy.crossings = table.texts("crossings");
  for (const std::string& crossing : policy.crossings) {
    if (std::find(known_crossings.begin(), known_crossings.end(), crossing) == known_crossings.end())
      table.error("crossings", "'" + crossing + "' is no crossing of two groups", "write 'ethnicity_deprivation' or 'age_sex'");
    else if (std::count(policy.crossings.begin(), policy.crossings.end(), crossing) > 1)
      table.error("crossings", "'" + crossing + "' is there twice", "name it once");
  }
  table.finish();
  return policy;
}

}  // namespace

std::string name_of(const Policy& policy) { return policy.id + " " + policy.version; }

std::vector<Policy> load_policies(system::Definitions& definitions) {
  std::vector<Policy> policies;
  if (definitions.has(file)) {
    if (const auto value = system::read_toml(definitions, file)) {
      system::TomlTable whole(definitions, file, *value);
      std::set<std::string> versions;
      std::set<std::optional<Date>> days;
      for (system::TomlTable& table : whole.tables("policy")) {
        Policy policy = read(table);
        if (!versions.insert(name_of(policy)).second) table.error("version", "'" + name_of(policy) + "' is there twice", "give each its own version");
        if (!days.insert(policy.from).second) table.error("from", "two policies begin on the same day", "say which follows the other");
        policies.push_back(std::move(policy));
      }
      whole.finish();
    }
  }
  if (policies.empty()) policies.emplace_back();
  std::stable_sort(policies.begin(), policies.end(), [](const Policy& a, const Policy& b) { return a.from < b.from; });
  return policies;
}

const Policy& policy_on(const std::vector<Policy>& policies, Date day) {
  if (policies.empty()) throw Error(ErrorKind::bug, "there is no disclosure policy at all");
  const Policy* found = &policies.front();
  for (const Policy& each : policies)
    if (!each.from || *each.from <= day) found = &each;
  return *found;
}

}  // namespace catchment::disclosure
