#include <fmt/core.h>

#include "base/hash.h"
#include "indicators/indicators.h"

namespace catchment::indicators {

namespace {

constexpr const char* indicators_file = "indicators.csv";

std::string ages(const Indicator& i) {
  if (i.from_age && i.to_age) return *i.from_age == *i.to_age ? fmt::format(" aged {}", *i.from_age) : fmt::format(" aged {} to {}", *i.from_age, *i.to_age);
  if (i.from_age) return fmt::format(" aged {} and over", *i.from_age);
  if (i.to_age) return fmt::format(" aged up to {}", *i.to_age);
  return "";
}

// What the rule does, in words that cannot drift from it: they are made from the same fields.
void describe(Indicator& indicator, const terminology::Codelist& list) {
  if (indicator.kind == IndicatorKind::condition) {
    indicator.denominator =
        fmt::format("Residents{} registered with a practice of the system on the as-of date who have not opted out of planning and research", ages(indicator));
    indicator.numerator = fmt::format("Those whose latest problem-list record of a code of \"{}\" is not resolved, ended or entered in error", list.title);
  } else {
    indicator.denominator = fmt::format("Residents{} on the as-of date who have not opted out of planning and research", ages(indicator));
    indicator.numerator =
        fmt::format("Those with at least {} vaccinations of \"{}\" given, 28 days or more apart, after the first and before the {}th birthday", indicator.doses,
                    list.title, indicator.to_age.value_or(0));
  }
  indicator.rule = indicator.numerator + ", of " + static_cast<char>(std::tolower(indicator.denominator[0])) + indicator.denominator.substr(1) + ".";
  indicator.version = to_hex(sha256(indicator.id + '\0' + indicator.rule + '\0' + list.hash)).substr(0, 12);
}

Indicator population(std::string id, std::string title, std::string rule) {
  Indicator indicator;
  indicator.id = std::move(id);
  indicator.title = std::move(title);
  indicator.kind = IndicatorKind::population;
  indicator.good_direction = "neither";
  indicator.purpose = "Who lives here and who is registered here.";
  indicator.rule = indicator.numerator = std::move(rule);
  indicator.version = to_hex(sha256(indicator.id + '\0' + indicator.rule)).substr(0, 12);
  return indicator;
}

std::optional<int> age_of(system::Row& row, std::string_view column) {
  if (!row.has(column)) return {};
  return static_cast<int>(row.integer(column, 0, 120));
}

}  // namespace

std::vector<Indicator> load_indicators(system::Definitions& definitions, const terminology::Codelists& codelists) {
  std::vector<Indicator> found;
  found.push_back(population("residents", "Residents",
                             "People alive on the as-of date whose address is in a small area of the system and who are registered with a practice, or have an "
                             "NHS number and were not taken off a list without joining another."));
  found.push_back(population("registered", "Registered people", "People alive on the as-of date with a registration running at a practice of the system."));
  found.push_back(population("registered-against-resident", "Registered against resident",
                             "Everyone who is resident or registered: both, resident only, or registered only."));
  found.push_back(population(std::string(not_met), "Residents no partner has met in three years",
                             "Residents aged three and over without an attended contact with any partner in the three years to the as-of date. Some are well; "
                             "some have moved away and are still on a list."));
  found.push_back(population(std::string(opted_out), "Residents who opted out of planning and research",
                             "Residents with a national data opt-out or a type 1 opt-out. Their own care teams see their records; figures about health leave "
                             "them out, above and below the line."));
  if (!definitions.has(indicators_file)) return found;
  system::Table table(definitions, indicators_file,
                      {{"id", "title", "kind", "codelist", "purpose"}, {"from_age", "to_age", "doses", "good_direction", "goal_percent"}});
  system::KnownIds ids = {{"residents", 0}, {"registered", 0}, {std::string(basis), 0}, {std::string(not_met), 0}, {std::string(opted_out), 0}}, lists;
  for (const terminology::Codelist& list : codelists.lists) lists.emplace(list.id, 0);
  for (system::Row row : table) {
    Indicator indicator;
    indicator.id = row.id("id", ids);
    indicator.title = row.text("title");
    indicator.kind = row.one_of("kind", {"condition", "doses_by_age"}) == 0 ? IndicatorKind::condition : IndicatorKind::doses_by_age;
    indicator.codelist = row.reference("codelist", lists, "the codelists");
    indicator.from_age = age_of(row, "from_age");
    indicator.to_age = age_of(row, "to_age");
    if (row.has("doses")) indicator.doses = static_cast<int>(row.integer("doses", 1, 10));
    static constexpr std::string_view directions[] = {"higher", "lower", "neither"};
    indicator.good_direction = row.has("good_direction") ? directions[row.one_of("good_direction", {"higher", "lower", "neither"})] : "neither";
    indicator.goal_percent = row.number("goal_percent", 0, 100);
    indicator.purpose = row.text("purpose");
    if (indicator.kind == IndicatorKind::doses_by_age && (indicator.doses == 0 || !indicator.to_age || !indicator.from_age))
      row.error("doses", "a coverage by an age needs doses, from_age and to_age", "for two doses by five among five-year-olds: from_age 5, to_age 5, doses 2");
    const terminology::Codelist* list = terminology::find_codelist(codelists, indicator.codelist);
    if (list == nullptr || indicator.id.empty()) continue;
    describe(indicator, *list);
    found.push_back(std::move(indicator));
  }
  return found;
}

}  // namespace catchment::indicators
