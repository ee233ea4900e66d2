#include "cohort/words.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"

namespace catchment::cohort {

namespace {

std::string title_of(const std::string& codelist, const Known& known) {
  const terminology::Codelist* list = terminology::find_codelist(*known.codelists, codelist);
  return list == nullptr || list->title.empty() ? codelist : list->title;
}

std::string window_words(const Window& within) {
  if (within.months > 0) return within.months == 1 ? " in the last month" : fmt::format(" in the last {} months", within.months);
  if (within.from && within.to) return fmt::format(" from {} to {}", to_string(*within.from), to_string(*within.to));
  if (within.from) return " since " + to_string(*within.from);
  return within.to ? " up to " + to_string(*within.to) : "";
}

std::string age_words(const Clause& clause) {
  if (clause.from_age && clause.to_age)
    return *clause.from_age == *clause.to_age ? fmt::format("aged {}", *clause.from_age) : fmt::format("aged {} to {}", *clause.from_age, *clause.to_age);
  return clause.from_age ? fmt::format("aged {} or over", *clause.from_age) : fmt::format("aged {} or under", clause.to_age.value_or(0));
}

std::string value_words(const Clause& clause, const Known& known) {
  std::string text = "latest " + title_of(clause.codelist, known) + window_words(clause.within);
  if (!clause.low.empty()) text += fmt::format(" {} {}", clause.low_included ? "at least" : "above", clause.low);
  if (!clause.high.empty()) text += fmt::format("{} {} {}", clause.low.empty() ? "" : " and", clause.high_included ? "at most" : "below", clause.high);
  return text;
}

std::string practice_words(const Clause& clause, const Known& known) {
  std::vector<std::string> names;
  for (const std::string& id : clause.places) {
    const auto* place = system::find_place(*known.system, id);
    names.push_back(place == nullptr ? id : place->name);
  }
  for (const std::string& id : clause.networks) {
    const auto* network = system::find_network(*known.system, id);
    names.push_back(network == nullptr ? id : network->name);
  }
  names.insert(names.end(), clause.practices.begin(), clause.practices.end());
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 4; ++i) text += (i == 0 ? "" : ", ") + names[i];
  if (names.size() > 4) text += fmt::format(" and {} more", names.size() - 4);
  return "registered with a practice of " + text;
}

std::string phrase(const Clause& clause, const Known& known, bool inner) {
  if (clause.kind == ClauseKind::no) return "not " + phrase(clause.parts.at(0), known, true);
  if (clause.kind != ClauseKind::all && clause.kind != ClauseKind::any) return words_of(clause, known);
  std::string text;
  for (const Clause& part : clause.parts) text += (text.empty() ? "" : clause.kind == ClauseKind::all ? ", and " : ", or ") + phrase(part, known, true);
  return inner && clause.parts.size() > 1 ? "(" + text + ")" : text;
}

}  // namespace

std::string words_of(const Clause& clause, const Known& known) {
  switch (clause.kind) {
    case ClauseKind::on_register: return "on the register of " + title_of(clause.codelist, known);
    case ClauseKind::age: return age_words(clause);
    case ClauseKind::sex: return clause.sex;
    case ClauseKind::event:
      return title_of(clause.codelist, known) + window_words(clause.within) +
          (clause.at_least_days > 1 ? fmt::format(" on at least {} days", clause.at_least_days) : "");
    case ClauseKind::value: return value_words(clause, known);
    case ClauseKind::practice: return practice_words(clause, known);
    default: return phrase(clause, known, false);
  }
}

std::string in_words(const Cohort& cohort, const Known& known) {
  return fmt::format("Everyone alive{} who is: {}.", cohort.registered ? " and registered" : "", phrase(cohort.who, known, false));
}

std::int32_t cohort_definition(const cql::Program& program) {
  const auto& definitions = program.main_library().definitions;
  const auto found = std::find_if(definitions.begin(), definitions.end(), [](const auto& each) { return each.name == "Cohort"; });
  if (found == definitions.end()) throw Error(ErrorKind::bug, "a cohort's program has no definition \"Cohort\"");
  return static_cast<std::int32_t>(found - definitions.begin());
}

Date end_of_month(Date day) { return Date::from_ymd(day.year(), day.month(), 1).plus_months(1).plus_days(-1); }

std::optional<Date> first_day(const Window& within, Date last) {
  if (within.months > 0) return last.plus_months(-within.months).plus_days(1);
  return within.from;
}

Date last_day(const Window& within, Date last) { return within.to ? std::min(*within.to, last) : last; }

}  // namespace catchment::cohort
