// How many people of a snapshot are in a cohort, and who they are.
#include <fmt/core.h>

#include <array>
#include <memory>
#include <mutex>
#include <unordered_set>

#include "cohort/cohort.h"
#include "cohort/sql.h"
#include "cohort/words.h"

namespace catchment::cohort {

namespace {

constexpr std::array<std::string_view, 4> dimensions = {"sex", "age", "place", "deprivation"};
using Groups = std::map<std::pair<std::string_view, std::string>, std::int64_t>;

struct Tally {
  std::vector<std::int64_t> members;
  Groups groups;
};

std::string age_band(const records::PersonSummary& person, Date on) {
  if (!person.birth_date || *person.birth_date > on) return "unknown";
  const int age = age_in_years(*person.birth_date, on);
  if (age >= 85) return "85+";
  const int from = age < 5 ? 0 : age < 18 ? 5 : age < 65 ? (age < 40 ? 18 : 40) : 65;
  return from == 0 ? "0-4" : from == 5 ? "5-17" : from == 18 ? "18-39" : from == 40 ? "40-64" : "65-84";
}

/// Counts chunk by chunk; each chunk is one thread's.
class Counting final : public measures::AskingSink {
 public:
  Counting(std::int32_t library, std::int32_t definition, Date last, const records::Dictionaries& words, std::unordered_set<std::int64_t> left_out)
      : library_(library), definition_(definition), last_(last), words_(words), left_out_(std::move(left_out)) {}

  void ask(std::size_t chunk, const records::PersonSummary& person, std::span<cql::PlannedRun* const> runs, bool) override {
    if (left_out_.contains(person.person.value)) return;
    Tally& tally = tally_of(chunk);
    tally.members.resize(runs.size());
    for (std::size_t m = 0; m < runs.size(); ++m) {
      try {
        if (!runs[m]->definition(library_, definition_).is_true()) continue;
      } catch (const cql::EvaluationError& error) {
        const std::lock_guard<std::mutex> lock(mutex_);
        ++errors_[error.what()];
        continue;
      }
      ++tally.members[m];
      if (m + 1 == runs.size()) add_groups(tally.groups, person);
    }
  }

  ExactCounts total(std::size_t months) const {
    ExactCounts counts;
    counts.members.resize(months);
    Groups groups;
    for (const auto& [chunk, tally] : tallies_) {
      for (std::size_t m = 0; m < tally->members.size(); ++m) counts.members[m] += tally->members[m];
      for (const auto& [group, count] : tally->groups) groups[group] += count;
    }
    for (const std::string_view dimension : dimensions)
      for (const auto& [group, count] : groups)
        if (group.first == dimension) counts.profile.push_back({std::string(dimension), group.second, count});
    counts.errors = errors_;
    return counts;
  }

 private:
  Tally& tally_of(std::size_t chunk) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& tally = tallies_[chunk];
    if (!tally) tally = std::make_unique<Tally>();
    return *tally;
  }

  void add_groups(Groups& groups, const records::PersonSummary& person) const {
    ++groups[{dimensions[0], std::string(to_string(person.sex))}];
    ++groups[{dimensions[1], age_band(person, last_)}];
    ++groups[{dimensions[2], person.place > 0 ? words_.place(person.place).id : "elsewhere or unknown"}];
    ++groups[{dimensions[3], person.deprivation_fifth > 0 ? std::to_string(person.deprivation_fifth) : "unknown"}];
  }

  std::int32_t library_, definition_;
  Date last_;
  const records::Dictionaries& words_;
  std::unordered_set<std::int64_t> left_out_;
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<Tally>> tallies_;
  std::map<std::string, std::uint64_t> errors_;
};

std::unordered_set<std::int64_t> opted_out(const records::Snapshot& snapshot) {
  std::unordered_set<std::int64_t> persons;
  db::Connection population = snapshot.population();
  db::Rows rows = population.query(sql::opted_out);
  db::Chunk chunk;
  while (rows.next(chunk))
    for (std::size_t r = 0; r < chunk.rows(); ++r) persons.insert(chunk.integer(0, r));
  return persons;
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
  std::vector<Date> months;
  for (int back = std::max(1, options.months) - 1; back >= 0; --back) months.push_back(end_of_month(Date::from_ymd(options.last.year(), options.last.month(), 1).plus_months(-back)));
  Requests requests;
  requests.all.resize(months.size());
  std::vector<const cql::Request*> asked;
  for (std::size_t m = 0; m < months.size(); ++m) {
    cql::Request& request = requests.all[m];
    request.time = *cql::Temporal::parse_datetime(to_string(months[m]) + "T12:00:00.000Z");
    request.value_sets = &sets;
    measures::set_month(program, months[m], request);
    asked.push_back(&request);
  }
  measures::PopulationOptions settings;
  settings.threads = options.threads;
  settings.memory_bytes = options.memory_bytes;
  settings.definitions = {cohort_definition(program)};
  ExactCounts counts;
  {
    const measures::PopulationProgram prepared(program, asked, snapshot, settings);
    Counting counting(program.main, settings.definitions.front(), months.back(), snapshot.dictionaries(), opted_out(snapshot));
    const measures::PopulationRunResult result = prepared.run(counting, progress);
    counts = counting.total(months.size());
    for (const auto& [error, persons] : result.errors) counts.errors[error] += persons;
  }
  counts.months = std::move(months);
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

}  // namespace catchment::cohort
