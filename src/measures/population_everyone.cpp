#include "measures/population_everyone.h"

#include <fmt/core.h>

#include <algorithm>

#include "measures/person_object.h"
#include "measures/population_rows.h"
#include "measures/population_scans.h"
#include "measures/program_scans.h"

namespace catchment::measures {

namespace {

/// What a row made a resource takes beside its columns, and a person.
constexpr std::uint64_t object_bytes = 160, person_bytes = 128;

/// Elements of a list times the persons it would be written for.
constexpr std::uint64_t most_written = 10'000'000;

}  // namespace

/// The rows of everyone, and a provider for each person over them. For one thread.
class UnfilteredAnswers::Everyone final : public cql::DataProvider {
 public:
  Everyone(const records::Snapshot& snapshot, unsigned threads, ScanPlan scans, std::vector<records::PersonSummary> persons, bool kept,
           std::string patient_class)
      : words_(snapshot.dictionaries()),
        patient_class_(std::move(patient_class)),
        persons_(std::move(persons)),
        scans_(std::move(scans)),
        rows_([&] { return snapshot.population(); }, threads, scans_, persons_, {}),
        all_(rows_.columns(), words_),
        one_(rows_.columns(), words_) {
    const auto owner = [this](std::size_t table, std::size_t row) { return persons_[rows_.person_of(table, row)].person; };
    all_.hold_everyone(owner);
    all_.use(scans_.retrieves);
    all_.begin({}, rows_.all_rows());
    if (kept) one_.hold_everyone(owner);
    one_.use(scans_.retrieves);
    providers_.reserve(persons_.size());
    for (std::size_t place = 0; place < persons_.size(); ++place) providers_.emplace_back(*this, place);
  }

  cql::Value subject() const override { return {}; }
  cql::Retrieved retrieve(const cql::Retrieve& retrieve, const cql::Value& terminology, const cql::Value& context) const override {
    if (retrieve.resource_type != "Patient") return all_.retrieve(retrieve, terminology, context);
    std::vector<cql::Value> patients;
    patients.reserve(persons_.size());
    for (const records::PersonSummary& person : persons_) patients.push_back(person_object(person, words_, patient_class_));
    return {cql::Value::list(std::move(patients)), true};
  }
  std::vector<const cql::DataProvider*> everyone() const override {
    std::vector<const cql::DataProvider*> all;
    all.reserve(providers_.size());
    for (const One& one : providers_) all.push_back(&one);
    return all;
  }

 private:
  class One final : public cql::DataProvider {
   public:
    One(const Everyone& everyone, std::size_t place) : everyone_(everyone), place_(place) {}
    cql::Value subject() const override { return person_object(everyone_.persons_[place_], everyone_.words_, everyone_.patient_class_); }
    cql::Retrieved retrieve(const cql::Retrieve& retrieve, const cql::Value& terminology, const cql::Value& context) const override {
      if (retrieve.unfiltered) return everyone_.retrieve(retrieve, terminology, context);
      if (retrieve.resource_type == "Patient") return {cql::Value::list({subject()}), true};
      return everyone_.turned_to(place_).retrieve(retrieve, terminology, context);
    }
    std::vector<const cql::DataProvider*> everyone() const override { return everyone_.everyone(); }

   private:
    const Everyone& everyone_;
    std::size_t place_;
  };

  const RecordView& turned_to(std::size_t place) const {
    if (place != turned_to_) one_.begin(persons_[place], rows_.rows_of(place));
    turned_to_ = place;
    return one_;
  }

  const records::Dictionaries& words_;
  std::string patient_class_;
  std::vector<records::PersonSummary> persons_;
  ScanPlan scans_;
  PopulationRows rows_;
  RecordView all_;
  mutable RecordView one_;
  mutable std::size_t turned_to_ = SIZE_MAX;
  std::vector<One> providers_;
};

UnfilteredAnswers::UnfilteredAnswers(const cql::Plan& plan, std::span<const cql::Request* const> requests, const records::Snapshot& snapshot,
                                     const PopulationOptions& options, const ProgramReads& reads)
    : main_(plan.program().main) {
  if (reads.unfiltered.empty()) return;
  const cql::Program& program = plan.program();
  const EveryoneReads everyone = everyone_reads(program, reads);
  const bool labels = needs_labels(program, options.answers_written ? options.definitions : std::vector<std::int32_t>(), everyone.reads);
  ScanPlan scans = plan_scans(everyone.reads, bound_retrieves(plan, requests, everyone.reads, snapshot.dictionaries()), {}, labels);
  const bool objects = everyone.rows || everyone.kept;
  std::vector<records::PersonSummary> persons;
  std::uint64_t bytes = 0;
  {
    db::Connection connection = snapshot.population();
    persons = read_persons(connection, true);
    bytes = persons.size() * person_bytes;
    const std::vector<std::uint64_t> counts = count_rows(connection, scans, {});
    for (std::size_t i = 0; i < counts.size(); ++i) bytes += counts[i] * (row_bytes(scans.scans[i], scans.labels) + (objects ? object_bytes : 0));
  }
  if (bytes > options.memory_bytes) {
    const cql::EvaluationError error(
        fmt::format("everyone's rows at once take about {} MB and {} MB are given: allow more (--memory), ask for fewer codes, or "
                    "count the answers of a Patient definition",
                    (bytes >> 20) + 1, options.memory_bytes >> 20));
    for (const auto& definition : reads.unfiltered) answers_[definition] = std::vector<cql::KnownAnswer>(requests.size(), {cql::Value(), error});
    return;
  }
  persons_ = options.first_persons > 0 ? std::min(options.first_persons, persons.size()) : persons.size();
  everyone_ = std::make_unique<Everyone>(snapshot, options.threads, std::move(scans), std::move(persons), everyone.kept, patient_class_of(program));
  cql::Context context;
  context.request_time = requests.front()->time;
  cql::PlannedRun run(plan, requests, context);
  run.begin(everyone_.get());
  for_one_thread_ = options.tree_walk;
  for (const auto& definition : reads.unfiltered) {
    std::vector<cql::KnownAnswer>& answers = answers_[definition];
    for (std::size_t request = 0; request < requests.size(); ++request) {
      run.turn_to(request);
      try {
        answers.push_back({run.definition(definition.first, definition.second), std::nullopt});
        for_one_thread_ = for_one_thread_ || answers.back().value.kind() >= cql::Kind::string;  // counted, and not by several threads at once
      } catch (const cql::EvaluationError& error) { answers.push_back({cql::Value(), error}); }
    }
  }
}

UnfilteredAnswers::~UnfilteredAnswers() = default;

void UnfilteredAnswers::tell(cql::PlannedRun& run) const {
  for (const auto& [definition, answers] : answers_) run.know(definition.first, definition.second, answers);
}

const cql::DataProvider* UnfilteredAnswers::everyone() const { return for_one_thread_ ? everyone_.get() : nullptr; }

std::string UnfilteredAnswers::too_long(std::int32_t definition) const {
  const auto found = answers_.find({main_, definition});
  if (found == answers_.end() || !found->second.front().value.is(cql::Kind::list)) return {};
  const std::size_t length = found->second.front().value.as_list().size();
  if (length * persons_ <= most_written) return {};
  return fmt::format("a list of {} is not written for each of {} persons: count it, or make the definition private", length, persons_);
}

}  // namespace catchment::measures
