// How many people of a snapshot are in a cohort, and who they are.
#include <array>
#include <memory>
#include <mutex>
#include <unordered_map>

#include "base/error.h"
#include "cohort/cohort.h"
#include "cohort/sql.h"
#include "cohort/words.h"

namespace catchment::cohort {

namespace {

constexpr std::array<std::string_view, 4> dimensions = {"sex", "age", "place", "deprivation"};
constexpr std::array<std::string_view, 7> age_bands = {"0-4", "5-17", "18-39", "40-64", "65-84", "85+", "unknown"};
using Members = std::unordered_map<std::int64_t, std::vector<bool>>;  // person -> in it, by month

std::string_view age_band(std::optional<Date> born, Date on) {
  if (!born || *born > on) return age_bands[6];
  const int age = age_in_years(*born, on);
  return age_bands[age < 5 ? 0 : age < 18 ? 1 : age < 40 ? 2 : age < 65 ? 3 : age < 85 ? 4 : 5];
}

/// Keeps who is in it, chunk by chunk; a chunk is one thread's.
class Keeping final : public measures::AskingSink {
 public:
  Keeping(std::int32_t library, std::int32_t definition, std::function<bool()> give_up)
      : library_(library), definition_(definition), give_up_(std::move(give_up)) {}

  void ask(std::size_t chunk, std::size_t, const records::PersonSummary& person, cql::PlannedRun& run, bool) override {
    if (give_up_ && give_up_()) throw Error(ErrorKind::user, "the count was given up", "ask for fewer months, or for less of each person");
    std::vector<bool> in(run.requests());
    bool any = false;
    for (std::size_t m = 0; m < in.size(); ++m) {
      try {
        run.turn_to(m);
        in[m] = run.definition(library_, definition_).is_true();
      } catch (const cql::EvaluationError& error) {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++errors_[error.what()];
      }
      any = any || in[m];
    }
    if (any) members_of(chunk).emplace(person.person.value, std::move(in));
  }

  Members members() {
    Members all;
    for (auto& [chunk, members] : chunks_) all.merge(*members);
    return all;
  }
  const std::map<std::string, std::uint64_t>& errors() const { return errors_; }

 private:
  Members& members_of(std::size_t chunk) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& members = chunks_[chunk];
    if (!members) members = std::make_unique<Members>();
    return *members;
  }

  std::int32_t library_, definition_;
  std::function<bool()> give_up_;
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<Members>> chunks_;
  std::map<std::string, std::uint64_t> errors_;
};

/// Counts those members who have not opted out, and says who they are in the last month.
void add_counts(const records::Snapshot& snapshot, const Members& members, ExactCounts& counts) {
  counts.who.resize(counts.months.size());
  std::array<std::map<std::string, std::vector<std::uint32_t>>, dimensions.size()> groups;
  std::uint32_t place = 0;
  db::Connection population = snapshot.population();
  db::Rows rows = population.query(sql::person_groups);
  db::Chunk chunk;
  while (rows.next(chunk)) {
    for (std::size_t r = 0; r < chunk.rows(); ++r, ++place) {
      const auto found = members.find(chunk.integer(0, r));
      if (found == members.end()) continue;
      for (std::size_t m = 0; m < counts.who.size(); ++m)
        if (found->second[m]) counts.who[m].push_back(place);
      if (!found->second.back()) continue;
      const auto born = chunk.is_null(2, r) ? std::nullopt : std::optional<Date>(chunk.date(2, r));
      groups[0][std::string(chunk.text(1, r))].push_back(place);
      groups[1][std::string(age_band(born, counts.months.back()))].push_back(place);
      groups[2][std::string(chunk.text(3, r))].push_back(place);
      groups[3][std::string(chunk.text(4, r))].push_back(place);
    }
  }
  for (const auto& who : counts.who) counts.members.push_back(static_cast<std::int64_t>(who.size()));
  for (std::size_t d = 0; d < dimensions.size(); ++d) {
    std::vector<std::string> order;
    if (d == 1) order.assign(age_bands.begin(), age_bands.end());
    else
      for (const auto& [group, who] : groups[d]) order.push_back(group);
    for (const std::string& group : order)
      if (const auto found = groups[d].find(group); found != groups[d].end())
        counts.profile.push_back({std::string(dimensions[d]), group, static_cast<std::int64_t>(found->second.size()), std::move(found->second)});
  }
}

/// The requests of the months; their parameters are frozen and must be dropped after the runs.
struct Requests {
  std::vector<cql::Request> all;
  ~Requests() {
    for (cql::Request& request : all) measures::drop_parameters(request);
  }
};

}  // namespace

ExactCounts count(const cql::Program& program, const Known& known, const records::Snapshot& snapshot, const CountOptions& options, Progress& progress) {
  const measures::CodelistSets sets(*known.codelists);
  ExactCounts counts;
  for (int back = std::max(1, options.months) - 1; back >= 0; --back)
    counts.months.push_back(end_of_month(Date::from_ymd(options.last.year(), options.last.month(), 1).plus_months(-back)));
  Requests requests;
  requests.all.resize(counts.months.size());
  std::vector<const cql::Request*> asked;
  for (std::size_t m = 0; m < counts.months.size(); ++m) {
    cql::Request& request = requests.all[m];
    request.time = *cql::Temporal::parse_datetime(to_string(counts.months[m]) + "T12:00:00.000Z");
    request.value_sets = &sets;
    measures::set_month(program, counts.months[m], request);
    asked.push_back(&request);
  }
  measures::PopulationOptions settings;
  settings.threads = options.threads;
  settings.memory_bytes = options.memory_bytes;
  settings.definitions = {cohort_definition(program)};
  const measures::PopulationProgram prepared(program, asked, snapshot, settings);
  Keeping keeping(program.main, settings.definitions.front(), options.give_up);
  const measures::PopulationRunResult result = prepared.run(keeping, progress);
  counts.errors = keeping.errors();
  for (const auto& [error, persons] : result.errors) counts.errors[error] += persons;
  add_counts(snapshot, keeping.members(), counts);
  return counts;
}

ShownMembers shown(const disclosure::Policy& policy, const ExactCounts& counts) {
  std::vector<disclosure::CountLine> lines = {{"members", counts.members.empty() ? 0 : counts.members.back()}};
  std::map<std::string, disclosure::NamedSum> sums;
  for (const ExactCounts::Group& group : counts.profile) {
    lines.push_back({group.dimension + " " + group.group, group.members});
    disclosure::NamedSum& sum = sums[group.dimension];
    sum.whole = "members";
    sum.parts.push_back(lines.back().key);
  }
  std::vector<disclosure::NamedSum> named;
  named.reserve(sums.size());
  for (auto& [dimension, sum] : sums) named.push_back(std::move(sum));
  const disclosure::ShownCounts all = protect_counts(policy, lines, named);
  ShownMembers result;
  result.months = counts.months;
  result.loss = all.loss;
  for (std::size_t m = 0; m + 1 < counts.members.size(); ++m) result.members.push_back(disclosure::protect(counts.members[m], policy.rules));
  if (!counts.members.empty()) result.members.push_back(all.counts[0]);
  for (std::size_t g = 0; g < counts.profile.size(); ++g) result.profile.push_back({counts.profile[g].dimension, counts.profile[g].group, all.counts[g + 1]});
  return result;
}

ShownMembers shown(const disclosure::Policy& policy, const ExactCounts& counts, AnswerStore& answers) {
  ShownMembers result = shown(policy, counts);
  std::vector<AskedSet> sets;
  std::vector<disclosure::Count*> of;  // nothing that is hidden already is asked about
  const auto ask = [&](disclosure::Count& count, Date month, const std::string& group, const std::vector<std::uint32_t>& who) {
    if (!count.hidden()) sets.push_back({month, group, who}), of.push_back(&count);
  };
  for (std::size_t m = 0; m < counts.who.size(); ++m) ask(result.members[m], counts.months[m], "", counts.who[m]);
  for (std::size_t g = 0; g < counts.profile.size(); ++g) {
    const auto& group = counts.profile[g];
    ask(result.profile[g].members, counts.months.back(), group.dimension + " " + group.group, group.who);
  }
  const std::vector<bool> may = answers.ask(policy, sets);
  for (std::size_t s = 0; s < sets.size(); ++s)
    if (!may[s]) of[s]->shown.reset();
  std::size_t months = 0;
  for (std::size_t s = 0; s < sets.size(); ++s) months += sets[s].group.empty() && !may[s] ? 1 : 0;
  const bool last = !result.members.empty() && result.members.back().hidden();
  std::map<std::string, bool> splits;  // by dimension: one of its groups may not be shown
  for (std::size_t s = 0; s < sets.size(); ++s)
    if (!sets[s].group.empty() && !may[s]) splits[sets[s].group.substr(0, sets[s].group.find(' '))] = true;
  for (ShownGroup& group : result.profile)
    if (last || splits.contains(group.dimension)) group.members.shown.reset();
  if (months > 0) {
    result.held_back.push_back(
        months == 1 ? "The count of one month is not shown: it differs by a few people from a cohort that was counted before, or from two of them "
                      "put together. Change the cohort by more than a few people, or use the count of before."
                    : "The counts of " + std::to_string(months) +
                " months are not shown: they differ by a few people from cohorts that were counted before, or from two of them put together. "
                "Change the cohort by more than a few people, or use the counts of before.");
  }
  if (!splits.empty() && !last)
    result.held_back.emplace_back(
        "Part of the profile is not shown: a group in it differs by a few people from one of a cohort that was counted before. Change the cohort by more.");
  return result;
}

}  // namespace catchment::cohort
