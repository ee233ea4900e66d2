#include "measures/population_logic.h"

#include <fmt/core.h>

#include <algorithm>
#include <set>

namespace catchment::measures {

using cql::Kind;
using cql::Value;

namespace {

/// What makes two episodes the same.
std::string key_of(const Value& value) {
  if (value.is(Kind::object)) {
    const std::string label = value.as_object().label();
    if (label.find('/') != std::string::npos && !label.ends_with("/")) return label;
  }
  return fhir::to_json(value);
}

using Keys = std::set<std::string>;

Keys keys_of(const std::vector<Value>& members) {
  Keys keys;
  for (const Value& member : members) keys.insert(key_of(member));
  return keys;
}

PopulationResult of(const Group& group, const Value& value) {
  PopulationResult result;
  if (group.boolean_basis) {
    // A list where a Boolean was meant: in the population when there is any.
    result.count = value.is_true() || (value.is(Kind::list) && !value.as_list().empty()) ? 1 : 0;
    return result;
  }
  if (value.is(Kind::list)) {
    Keys seen;
    for (const Value& member : value.as_list()) {
      if (!member.is_null() && seen.insert(key_of(member)).second) result.members.push_back(member);
    }
  } else if (!value.is_null() && !value.is(Kind::boolean)) {
    result.members.push_back(value);
  }
  result.count = result.members.size();
  return result;
}

class GroupLogic {
 public:
  GroupLogic(const Group& group, fhir::Answers& answers) : group_(group), answers_(answers) {}

  GroupResult run() {
    for (const Population& population : group_.populations) {
      const bool observed = population.kind == PopulationKind::measure_observation;
      const bool asked = !observed && !population.expression.empty();
      result_.populations.push_back(asked ? of(group_, answers_.definition(population.expression)) : PopulationResult{});
    }
    apply_rules();
    observe();
    stratify();
    return std::move(result_);
  }

 private:
  PopulationResult* find(PopulationKind kind) {
    for (std::size_t i = 0; i < group_.populations.size(); ++i) {
      if (group_.populations[i].kind == kind) return &result_.populations[i];
    }
    return nullptr;
  }

  std::size_t count_of(PopulationKind kind) const {
    return static_cast<std::size_t>(
        std::count_if(group_.populations.begin(), group_.populations.end(), [kind](const Population& p) { return p.kind == kind; }));
  }

  void keep_within(PopulationResult* inner, const PopulationResult* outer) {
    if (inner == nullptr || outer == nullptr) return;
    if (group_.boolean_basis) {
      inner->count = inner->count > 0 && outer->count > 0 ? 1 : 0;
      return;
    }
    const Keys keys = keys_of(outer->members);
    std::erase_if(inner->members, [&keys](const Value& v) { return keys.count(key_of(v)) == 0; });
    inner->count = inner->members.size();
  }

  void leave_out(PopulationResult* from, const PopulationResult* excluded) {
    if (from == nullptr || excluded == nullptr) return;
    if (group_.boolean_basis) {
      if (excluded->count > 0) from->count = 0;
      return;
    }
    const Keys keys = keys_of(excluded->members);
    std::erase_if(from->members, [&keys](const Value& v) { return keys.count(key_of(v)) > 0; });
    from->count = from->members.size();
  }

  /// The initial population one of a ratio's populations rests on; the only one where there is one.
  PopulationResult* initial_of(PopulationKind kind) {
    for (const Population& population : group_.populations) {
      if (population.kind != kind) continue;
      const std::string& id = !population.input_population.empty() ? population.input_population : population.criteria_reference;
      for (std::size_t i = 0; i < group_.populations.size(); ++i) {
        if (group_.populations[i].kind == PopulationKind::initial_population && !id.empty() && group_.populations[i].id == id) return &result_.populations[i];
      }
    }
    return find(PopulationKind::initial_population);
  }

  void apply_rules() {
    using K = PopulationKind;
    PopulationResult* denominator = find(K::denominator);
    PopulationResult* numerator = find(K::numerator);
    PopulationResult* exclusion = find(K::denominator_exclusion);
    PopulationResult* exception = find(K::denominator_exception);
    PopulationResult* numerator_exclusion = find(K::numerator_exclusion);
    keep_within(denominator, initial_of(K::denominator));
    keep_within(exclusion, denominator);
    if (group_.scoring == Scoring::ratio && count_of(K::initial_population) > 1) {
      keep_within(numerator, initial_of(K::numerator));
    } else {
      keep_within(numerator, denominator);
      leave_out(numerator, exclusion);
    }
    keep_within(numerator_exclusion, numerator);
    keep_within(exception, denominator);
    leave_out(exception, exclusion);
    leave_out(exception, numerator);
    PopulationResult* measured = find(K::measure_population);
    keep_within(measured, find(K::initial_population));
    keep_within(find(K::measure_population_exclusion), measured);
  }

  /// The population an observation looks at, less its exclusions.
  PopulationResult observed_population(const Population& observation) {
    PopulationKind kind = PopulationKind::measure_population;
    for (const Population& population : group_.populations) {
      if (!observation.criteria_reference.empty() && population.id == observation.criteria_reference) kind = population.kind;
    }
    const PopulationResult* found = find(kind);
    if (found == nullptr) return {};
    PopulationResult copy = *found;
    if (kind == PopulationKind::measure_population) leave_out(&copy, find(PopulationKind::measure_population_exclusion));
    if (kind == PopulationKind::denominator) leave_out(&copy, find(PopulationKind::denominator_exclusion));
    if (kind == PopulationKind::numerator) leave_out(&copy, find(PopulationKind::numerator_exclusion));
    return copy;
  }

  void add_observation(const Value& value, std::vector<cql::Decimal>& out) {
    if (value.is(Kind::integer) || value.is(Kind::long_integer)) out.push_back(cql::Decimal::of(value.as_long()));
    if (value.is(Kind::decimal)) out.push_back(value.as_decimal());
    if (value.is(Kind::quantity)) out.push_back(value.as_quantity().value);
  }

  /// An observation may be of an episode: then it has the episode's key.
  struct Observed {
    std::string key;
    cql::Decimal value;
  };

  void observe() {
    for (std::size_t i = 0; i < group_.populations.size(); ++i) {
      const Population& observation = group_.populations[i];
      if (observation.kind != PopulationKind::measure_observation) continue;
      std::vector<Observed> observed;
      const PopulationResult looked_at = observation.expression.empty() ? PopulationResult{} : observed_population(observation);
      auto observe_one = [&](const std::string& key, const std::vector<Value>& arguments) {
        std::vector<cql::Decimal> values;
        add_observation(answers_.function_or_definition(observation.expression, arguments), values);
        for (const cql::Decimal value : values) observed.push_back({key, value});
      };
      if (group_.boolean_basis) {
        if (looked_at.count > 0) observe_one({}, {});
      } else {
        for (const Value& member : looked_at.members) observe_one(key_of(member), {member});
      }
      result_.populations[i].count = observed.size();
      std::vector<cql::Decimal> values;
      values.reserve(observed.size());
      for (const Observed& one : observed) values.push_back(one.value);
      result_.observations.push_back(std::move(values));
      observed_.push_back(std::move(observed));
    }
  }

  std::string text_of(const Value& value) const {
    if (value.is_null()) return "null";
    if (value.is(Kind::string) && value.as_string().empty()) return "(empty)";
    if (value.is(Kind::code)) return value.as_code().display.empty() ? value.as_code().code : value.as_code().display;
    if (value.is(Kind::concept_) && !value.as_concept().codes.empty()) {
      return value.as_concept().display.empty() ? text_of(value.as_concept().codes.front()) : value.as_concept().display;
    }
    return fhir::to_cell(value);
  }

  /// One stratum with the members `keep` says yes to.
  template <typename Keep>
  StratumResult stratum(std::vector<std::string> values, Keep keep) const {
    StratumResult result;
    result.values = std::move(values);
    Keys kept;
    for (const PopulationResult& population : result_.populations) {
      PopulationResult part = population;
      std::erase_if(part.members, [&keep](const Value& v) { return !keep(v); });
      if (!group_.boolean_basis) part.count = part.members.size();
      for (const Value& member : part.members) kept.insert(key_of(member));
      result.populations.push_back(std::move(part));
    }
    for (const auto& observed : observed_) {
      std::vector<cql::Decimal> part;
      for (const Observed& one : observed) {
        if (one.key.empty() || kept.count(one.key) > 0) part.push_back(one.value);
      }
      result.observations.push_back(std::move(part));
    }
    std::size_t next = 0;
    for (std::size_t i = 0; i < group_.populations.size(); ++i) {
      if (group_.populations[i].kind == PopulationKind::measure_observation) result.populations[i].count = result.observations[next++].size();
    }
    return result;
  }

  void stratify() {
    for (const Stratifier& stratifier : group_.stratifiers) {
      std::vector<StratumResult> strata;
      if (!group_.boolean_basis && stratifier.components.size() == 1) {
        strata = stratify_episodes(stratifier.components[0].expression);
      } else {
        std::vector<std::string> values;
        values.reserve(stratifier.components.size());
        for (const StratifierComponent& component : stratifier.components) values.push_back(text_of(answers_.definition(component.expression)));
        strata.push_back(stratum(std::move(values), [](const Value&) { return true; }));
      }
      result_.strata.push_back(std::move(strata));
    }
  }

  std::vector<StratumResult> stratify_episodes(const std::string& expression) {
    std::vector<StratumResult> strata;
    if (answers_.has_function(expression)) {
      std::map<std::string, Keys> by_value;
      for (const PopulationResult& population : result_.populations) {
        for (const Value& member : population.members) by_value[text_of(answers_.function_or_definition(expression, {member}))].insert(key_of(member));
      }
      for (const auto& [value, keys] : by_value) {
        strata.push_back(stratum({value}, [&keys = keys](const Value& v) { return keys.count(key_of(v)) > 0; }));
      }
      return strata;
    }
    const Value value = answers_.definition(expression);
    if (!value.is(Kind::list)) {
      strata.push_back(stratum({text_of(value)}, [](const Value&) { return true; }));
      return strata;
    }
    const Keys keys = keys_of(value.as_list());
    strata.push_back(stratum({"true"}, [&keys](const Value& v) { return keys.count(key_of(v)) > 0; }));
    strata.push_back(stratum({"false"}, [&keys](const Value& v) { return keys.count(key_of(v)) == 0; }));
    return strata;
  }

  const Group& group_;
  fhir::Answers& answers_;
  GroupResult result_;
  std::vector<std::vector<Observed>> observed_;   // by observation, as result_.observations
};

}  // namespace

SubjectResult evaluate_subject(const Measure& measure, fhir::Answers& answers, const std::string& subject) {
  SubjectResult result;
  result.subject = subject;
  for (const Group& group : measure.groups) result.groups.push_back(GroupLogic(group, answers).run());
  for (const SupplementalData& item : measure.supplemental) result.supplemental.push_back(answers.definition(item.expression));
  result.errors = answers.errors();
  return result;
}

void check_expressions(const Measure& measure, const cql::Program& program, const std::string& file, Diagnostics& diagnostics) {
  const cql::TypedLibrary& library = program.main_library();
  std::vector<std::string> names;
  std::set<std::string> known;
  for (const auto& definition : library.definitions) {
    names.push_back(definition.name);
    known.insert(definition.name);
  }
  for (const auto& function : library.functions) known.insert(function.name);
  auto check = [&](const std::string& expression, const std::string& what) {
    if (known.count(expression) > 0) return;
    const std::string near = nearest(expression, names);
    diagnostics.push_back({file, 0, 0, Severity::error, fmt::format("{} names \"{}\", which the library {} does not define", what, expression, library.name),
                           near.empty() ? "correct the criteria's expression" : "did you mean \"" + near + "\"?"});
  };
  for (const Group& group : measure.groups) {
    for (const Population& population : group.populations) {
      if (!population.expression.empty()) {
        check(population.expression, "the population " + population.code);
        continue;
      }
      const bool needed = population.kind == PopulationKind::initial_population || population.kind == PopulationKind::denominator ||
          population.kind == PopulationKind::numerator || population.kind == PopulationKind::measure_population;
      diagnostics.push_back({file, 0, 0, needed ? Severity::error : Severity::warning, fmt::format("the population {} has no criteria", population.code),
                             needed ? "give its criteria's expression the name of a definition" : "nobody is in it; leave the population out"});
    }
    for (const Stratifier& stratifier : group.stratifiers) {
      for (const StratifierComponent& component : stratifier.components) check(component.expression, "a stratifier");
    }
  }
  for (const SupplementalData& item : measure.supplemental) check(item.expression, "supplemental data");
}

}  // namespace catchment::measures
