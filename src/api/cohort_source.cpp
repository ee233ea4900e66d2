// Cohorts over a snapshot: what they may name, how many people are in them.
#include <fmt/core.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "api/figures.h"
#include "api/snapshot_source.h"
#include "api/sql.h"

namespace catchment::api {

namespace {

std::string dimension_title(std::string_view dimension) {
  if (dimension == "sex") return "By sex";
  if (dimension == "age") return "By age";
  return dimension == "place" ? "By place of residence" : "By deprivation, in national fifths";
}

std::string group_label(const std::string& dimension, const std::string& group, const system::System& system) {
  if (group == "unknown") return "Not known";
  if (dimension == "place") {
    const auto* place = system::find_place(system, group);
    return place == nullptr ? "Elsewhere or not known" : place->name;
  }
  if (dimension == "deprivation") return group == "1" ? "1, most deprived" : group == "5" ? "5, least deprived" : group;
  if (dimension == "age") {
    const std::size_t dash = group.find('-');
    return dash == std::string::npos ? group.substr(0, group.find('+')) + " and over" : group.substr(0, dash) + " to " + group.substr(dash + 1);
  }
  std::string label = group;
  if (!label.empty() && label[0] >= 'a' && label[0] <= 'z') label[0] = static_cast<char>(label[0] - 'a' + 'A');
  return label;
}

std::string sentence_of(const cohort::ShownMembers& shown) {
  if (shown.members.empty()) return "Nobody was asked about.";
  const auto& last = shown.members.back();
  const std::string month = month_words(shown.months.back());
  if (last.hidden() && !shown.held_back.empty()) return shown.held_back.front();
  if (last.hidden()) return "Too few people in " + month + " to show: counts of so few are hidden to protect people.";
  std::string text = *last.shown == 0 ? "Nobody is in it in " + month : fmt::format("{} people are in it in {}", with_commas(*last.shown), month);
  const auto& first = shown.members.front();
  if (shown.members.size() > 1 && !first.hidden()) {
    const auto change = *last.shown - *first.shown;
    text += change == 0 ? ", as many as in " + month_words(shown.months.front())
                        : fmt::format(", {} {} than in {}", with_commas(std::abs(change)), change > 0 ? "more" : "fewer", month_words(shown.months.front()));
  }
  return text + ".";
}

using Everyone = std::map<std::pair<std::string, std::string>, std::int64_t>;  // by dimension and group

Everyone everyone_on(const records::Snapshot& snapshot, Date day) {
  Everyone everyone;
  db::Connection connection = snapshot.population();
  db::Rows rows = connection.query(sql::everyone_by_group, {db::Cell{Date::from_ymd(day.year(), day.month(), 1).plus_months(1).plus_days(-1)}});
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) everyone[{std::string(chunk.text(0, r)), std::string(chunk.text(1, r))}] = chunk.integer(2, r);
  return everyone;
}

}  // namespace

const cohort::Known& DefinitionSet::known() const {
  std::call_once(once_, [this] {
    auto loaded = measures::load_measures(system::Definitions(folder), system, codelists);
    const auto fault =
        std::find_if(loaded.diagnostics.begin(), loaded.diagnostics.end(), [](const Diagnostic& each) { return each.severity == Severity::error; });
    if (fault != loaded.diagnostics.end())
      throw Error(ErrorKind::environment, "the measure library has faults; the first is " + to_string(*fault), "run catchment measure lint");
    library_ = std::move(loaded.library);
    models_ = std::make_unique<const cql::Models>();
    known_ = {&system, &codelists, &library_, models_.get()};
  });
  return known_;
}

disclosure::Policy DefinitionSet::policy(Date on) const {
  system::Definitions definitions(folder);
  return disclosure::policy_on(disclosure::load_policies(definitions), on);
}

const cohort::Known& SnapshotSource::cohort_known(const Filter&) const { return definitions_->known(); }

CohortCounts SnapshotSource::count_cohort(const cql::Program& program, const CohortAsk& ask, Progress& progress, const Filter& filter) const {
  if (!filter.sees_counts()) throw Error(ErrorKind::bug, "a cohort was counted for someone who sees no counts");
  cohort::CountOptions options;
  options.last = ask.last;
  options.months = ask.months;
  options.give_up = ask.give_up;
  const auto exact = cohort::count(program, definitions_->known(), *snapshot_, options, progress);
  const auto policy = definitions_->policy(ask.last);
  cohort::AnswerStore answers(cohort::answers_file(snapshot_->files().folder.parent_path().parent_path(), snapshot_->manifest().content_hash));
  const auto shown = cohort::shown(policy, exact, answers);
  CohortCounts counts;
  counts.month = shown.months.back();
  counts.members = shown.members.back().shown;
  counts.sentence = sentence_of(shown);
  for (const std::string& why : shown.held_back)
    if (why != counts.sentence) counts.sentence += " " + why;
  counts.rules = disclosure::in_words(policy.rules);
  counts.policy = disclosure::name_of(policy);
  counts.unseen = unseen(std::nullopt, true, filter).sentence;
  for (std::size_t m = 0; m < shown.months.size(); ++m) counts.months.push_back({shown.months[m], shown.members[m].shown});
  const auto everyone = everyone_on(*snapshot_, ask.last);
  for (std::size_t g = 0; g < shown.profile.size(); ++g) {
    const auto& group = shown.profile[g];
    if (counts.profile.empty() || counts.profile.back().dimension != group.dimension)
      counts.profile.push_back({group.dimension, dimension_title(group.dimension), {}});
    CohortGroup one{group.group, group_label(group.dimension, group.group, definitions_->system), group.members.shown, std::nullopt, std::nullopt};
    if (const auto all = everyone.find({group.dimension, group.group}); all != everyone.end()) {
      // The share stands only where members are shown beside the other groups, and neither they nor the rest
      // are few.
      const auto share = disclosure::protect_share(std::min(exact.profile[g].members, all->second), all->second, policy.rules);
      one.everyone = share.denominator.shown;
      if (one.members && share.share) one.share = std::round(static_cast<double>(*one.members) / static_cast<double>(*one.everyone) * 1000) / 10;
    }
    counts.profile.back().groups.push_back(std::move(one));
  }
  for (auto& split : counts.profile)  // who belongs to no group stands last
    std::stable_partition(split.groups.begin(), split.groups.end(),
                          [](const auto& group) { return group.group != "unknown" && !group.group.starts_with("elsewhere"); });
  for (const auto& [text, people] : exact.errors) counts.errors.push_back({text, disclosure::protect(static_cast<std::int64_t>(people), policy.rules).shown});
  return counts;
}

}  // namespace catchment::api
