#include "measures/population_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <functional>
#include <mutex>
#include <set>
#include <thread>
#include <tuple>

#include "base/error.h"
#include "measures/population_everyone.h"
#include "measures/program_scans.h"

namespace catchment::measures {

namespace {

constexpr std::size_t chunk_persons = 2048;

double seconds_since(std::chrono::steady_clock::time_point start) { return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count(); }

/// The days of rows that any of the requests needs.
RetrieveDays days_needed(const cql::Program& program, std::span<const cql::Request* const> requests, const PopulationOptions& options) {
  if (options.tree_walk) return {};
  RetrieveDays all;
  for (const cql::Request* request : requests) {
    RetrieveDays days = retrieve_days(program, options.definitions, *request);
    if (request == requests.front()) {
      all = std::move(days);
      continue;
    }
    for (auto& [retrieve, of_shapes] : all)
      for (auto& [shape, known] : of_shapes) known = either(known, days[retrieve][shape]);
  }
  return all;
}

ScanPlan scans_of(const cql::Plan& plan, std::span<const cql::Request* const> requests, const ProgramReads& reads, const records::Dictionaries& words,
                  const PopulationOptions& options) {
  return plan_scans(reads, bound_retrieves(plan, requests, reads, words), days_needed(plan.program(), requests, options),
                    needs_labels(plan.program(), options.answers_written ? options.definitions : std::vector<std::int32_t>(), reads));
}

}  // namespace

std::vector<std::int32_t> answerable_definitions(const cql::Program& program) {
  std::vector<std::int32_t> result;
  const auto& definitions = program.main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].body && definitions[i].access == cql::Access::public_) result.push_back(static_cast<std::int32_t>(i));
  return result;
}

namespace {

ProgramReads reads_of(const cql::Program& program, const PopulationOptions& options) {
  ProgramReads reads = program_reads(program, options.definitions);
  reads.sent = reads.sent && options.resources;
  return reads;
}

}  // namespace

struct PopulationProgram::State {
  State(const cql::Program& p, std::vector<const cql::Request*> r, const records::Snapshot& s, PopulationOptions o)
      : program(p),
        requests(std::move(r)),
        snapshot(s),
        options(std::move(o)),
        plan(p),
        reads(reads_of(p, options)),
        scans(scans_of(plan, requests, reads, s.dictionaries(), options)) {}

  const cql::Program& program;
  std::vector<const cql::Request*> requests;
  const records::Snapshot& snapshot;
  PopulationOptions options;
  cql::Plan plan;
  ProgramReads reads;
  ScanPlan scans;
};

PopulationProgram::PopulationProgram(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot, PopulationOptions options)
    : PopulationProgram(program, std::vector<const cql::Request*>{&request}, snapshot, std::move(options)) {}
PopulationProgram::PopulationProgram(const cql::Program& program, std::vector<const cql::Request*> requests, const records::Snapshot& snapshot,
                                     PopulationOptions options)
    : state_(std::make_unique<State>(program, std::move(requests), snapshot, std::move(options))) {}
PopulationProgram::~PopulationProgram() = default;

const ScanPlan& PopulationProgram::scans() const { return state_->scans; }
const ProgramReads& PopulationProgram::reads() const { return state_->reads; }
const cql::Plan& PopulationProgram::plan() const { return state_->plan; }

namespace {

/// One thread's answers of the first request: by the plan, or by the tree walk to compare with.
class Answerer {
 public:
  Answerer(const cql::Program& program, const cql::Request& request, const PopulationOptions& options, RecordView& view, const UnfilteredAnswers& known)
      : program_(program), request_(request), options_(options), view_(view), values_(options.definitions.size()), refused_(options.definitions.size()) {
    if (options.answers_written)
      for (std::size_t i = 0; i < refused_.size(); ++i) refused_[i] = known.too_long(options.definitions[i]);
    context_.request_time = request.time;
    context_.birth_date = [this]() -> cql::Value {
      const cql::Value subject = view_.subject();
      return subject.as_object().element("birthDate", "Date");
    };
  }

  std::span<const cql::Value> person(cql::PlannedRun& run, std::map<std::string, std::uint64_t>& errors) {
    std::fill(values_.begin(), values_.end(), cql::Value());
    std::optional<cql::TreeWalk> walk;
    if (options_.tree_walk) walk.emplace(program_, request_, &view_, context_);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const std::int32_t index = options_.definitions[i];
      try {
        if (!refused_[i].empty()) throw cql::EvaluationError(refused_[i]);
        values_[i] = walk ? walk->definition(program_.main, index) : run.definition(program_.main, index);
      } catch (const cql::EvaluationError& error) {
        if (errors.size() < 1000) ++errors[program_.main_library().definitions[static_cast<std::size_t>(index)].name + ": " + error.what()];
      }
    }
    return values_;
  }

 private:
  const cql::Program& program_;
  const cql::Request& request_;
  const PopulationOptions& options_;
  RecordView& view_;
  cql::Context context_;
  std::vector<cql::Value> values_;
  std::vector<std::string> refused_;  // by definition: why its answer is not written for each person
};

/// One thread's share of the persons: the view of the rows and the run.
struct Worker {
  Worker(const RecordColumns& columns, const cql::Plan& plan, std::span<const cql::Request* const> requests, const records::Dictionaries& words)
      : view(columns, words), run(plan, requests, context) {
    context.request_time = requests.front()->time;
  }
  void begin(const RowRanges& rows, const records::PersonSummary& person) {
    view.begin(person, rows);
    run.begin(&view, view.found());
  }

  std::unique_ptr<SentResources> sent;  // its documents stand longer than what is asked of them
  RecordView view;
  cql::Context context;
  cql::PlannedRun run;
  std::size_t first_place = 0;  // of the slice, among everyone
};

struct Shared {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::map<std::string, std::uint64_t> errors;
  std::uint64_t evaluated = 0;
};

/// What is known beforehand of a person's answers.
enum class Known : std::uint8_t {
  nothing,
  as_alike,  // no rows: as of whoever else has none and is alike
  as_rest,   // no rows: as of whoever else has none
};

/// What the record says of a person, but for who it is.
struct Likeness {
  explicit Likeness(const records::PersonSummary& person)
      : birth_date(person.birth_date), death_date(person.death_date), practice(person.practice), sex(person.sex), birth_precision(person.birth_precision) {}
  auto operator<=>(const Likeness&) const = default;

  std::optional<Date> birth_date, death_date;
  OrganisationId practice;
  records::Sex sex;
  char birth_precision;
};

/// What a thread does with each person of a slice.
class Asker {
 public:
  virtual ~Asker() = default;
  virtual void person(std::size_t chunk, std::size_t place, const records::PersonSummary& person, const RowRanges& rows, Known known) = 0;
  virtual void chunk_done(std::size_t chunk) = 0;
  virtual void finish(Shared& shared) = 0;  // under the lock
};

class AnsweringAsker final : public Asker {
 public:
  AnsweringAsker(AnswerSink& sink, Worker& worker, std::unique_ptr<Answerer> answerer) : sink_(sink), worker_(worker), answerer_(std::move(answerer)) {}
  void person(std::size_t chunk, std::size_t, const records::PersonSummary& person, const RowRanges& rows, Known known) override {
    if (known == Known::nothing) {
      sink_.person(chunk, person, answers(person, rows, errors_), false);
    } else if (known == Known::as_rest) {
      give(rest_, chunk, person, rows, true);
    } else if (const auto found = alike_.find(Likeness(person)); found != alike_.end()) {
      give(found->second, chunk, person, rows, false);
    } else if (alike_.size() < most_alike) {
      give(alike_[Likeness(person)], chunk, person, rows, false);
    } else {
      sink_.person(chunk, person, answers(person, rows, errors_), false);
    }
  }
  void chunk_done(std::size_t chunk) override { sink_.chunk_done(chunk); }
  void finish(Shared& shared) override {
    for (const auto& [text, count] : errors_) shared.errors[text] += count;
    shared.evaluated += evaluated_;
  }

 private:
  static constexpr std::size_t most_alike = 100'000;
  using Errors = std::map<std::string, std::uint64_t>;
  struct Kept {
    bool known = false;
    std::vector<cql::Value> values;
    Errors errors;
  };

  std::span<const cql::Value> answers(const records::PersonSummary& person, const RowRanges& rows, Errors& errors) {
    worker_.begin(rows, person);
    ++evaluated_;
    return answerer_->person(worker_.run, errors);
  }
  void give(Kept& kept, std::size_t chunk, const records::PersonSummary& person, const RowRanges& rows, bool rest) {
    if (!kept.known) {
      const auto values = answers(person, rows, kept.errors);
      kept.values.assign(values.begin(), values.end());
      kept.known = true;
    }
    sink_.person(chunk, person, kept.values, rest);
    for (const auto& [text, count] : kept.errors) errors_[text] += count;
  }

  AnswerSink& sink_;
  Worker& worker_;
  std::unique_ptr<Answerer> answerer_;
  Errors errors_;
  Kept rest_;
  std::map<Likeness, Kept> alike_;
  std::uint64_t evaluated_ = 0;
};

class PassingAsker final : public Asker {
 public:
  PassingAsker(AskingSink& sink, Worker& worker) : sink_(sink), worker_(worker), first_(worker.first_place) {}
  void person(std::size_t chunk, std::size_t place, const records::PersonSummary& person, const RowRanges& rows, Known known) override {
    worker_.begin(rows, person);
    ++evaluated_;
    sink_.ask(chunk, first_ + place, person, worker_.run, known == Known::as_rest);
  }
  void chunk_done(std::size_t chunk) override { sink_.chunk_done(chunk); }
  void finish(Shared& shared) override { shared.evaluated += evaluated_; }

 private:
  AskingSink& sink_;
  Worker& worker_;
  std::size_t first_;
  std::uint64_t evaluated_ = 0;
};

using MakeAsker = std::function<std::unique_ptr<Asker>(Worker&)>;

struct Slice {
  std::span<const records::PersonSummary> persons;
  std::size_t first_chunk = 0;
  Known without_rows = Known::nothing;
};

void ask_slice(const Slice& slice, unsigned threads, const std::function<std::unique_ptr<Worker>()>& make_worker, const MakeAsker& make_asker,
               const PopulationRows& rows, Shared& shared, Progress& progress) {
  shared.next = 0;
  const auto work = [&] {
    try {
      const std::unique_ptr<Worker> worker = make_worker();
      const std::unique_ptr<Asker> asker = make_asker(*worker);
      for (std::size_t chunk = shared.next++; chunk * chunk_persons < slice.persons.size(); chunk = shared.next++) {
        const std::size_t end = std::min(slice.persons.size(), (chunk + 1) * chunk_persons);
        for (std::size_t i = chunk * chunk_persons; i < end; ++i)
          asker->person(slice.first_chunk + chunk, i, slice.persons[i], rows.rows_of(i), rows.has_rows(i) ? Known::nothing : slice.without_rows);
        asker->chunk_done(slice.first_chunk + chunk);
        progress.advance(end - chunk * chunk_persons);
      }
      const std::lock_guard<std::mutex> lock(shared.mutex);
      asker->finish(shared);
    } catch (...) {
      const std::lock_guard<std::mutex> lock(shared.mutex);
      shared.failure = std::current_exception();
      shared.next = slice.persons.size();
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < threads; ++i) workers.emplace_back(work);
  work();
  for (std::thread& worker : workers) worker.join();
  if (shared.failure) std::rethrow_exception(shared.failure);
}

/// How many slices the rows must be read in, to stay within the memory given.
std::size_t slices_for(db::Connection& connection, const ScanPlan& scans, const PopulationOptions& options, std::uint64_t persons, PersonRange range,
                       std::uint64_t& rows) {
  if (persons == 0) return 1;
  const std::vector<std::uint64_t> counts = count_rows(connection, scans, range);
  std::uint64_t bytes = persons * 8 * scans.scans.size();
  for (std::size_t i = 0; i < counts.size(); ++i) {
    rows += counts[i];
    bytes += counts[i] * row_bytes(scans.scans[i], scans.labels);
  }
  const std::uint64_t memory = std::max<std::uint64_t>(1, options.memory_bytes);
  return std::min<std::size_t>(persons, std::max<std::size_t>(1, static_cast<std::size_t>((bytes + memory - 1) / memory)));
}

std::unique_ptr<Worker> worker_over(const RecordColumns& columns, const cql::Plan& plan, std::span<const cql::Request* const> requests,
                                    const records::Snapshot& snapshot, const ScanPlan& scans, const UnfilteredAnswers& known,
                                    const std::optional<records::RowFilter>& resources) {
  auto worker = std::make_unique<Worker>(columns, plan, requests, snapshot.dictionaries());
  if (resources && scans.labels) {
    worker->sent = std::make_unique<SentResources>(snapshot, *resources);
    worker->view.read_sent(worker->sent.get());
  }
  worker->view.use(scans.retrieves);
  worker->view.set_patient_class(patient_class_of(plan.program()));
  worker->view.set_everyone(known.everyone());
  known.tell(worker->run);
  return worker;
}

PopulationRunResult run_slices(std::span<const cql::Request* const> requests, const records::Snapshot& snapshot, const PopulationOptions& options,
                               const cql::Plan& plan, const ProgramReads& reads, const ScanPlan& scans, const UnfilteredAnswers& known,
                               const MakeAsker& make_asker, Progress& progress) {
  PopulationRunResult result;
  auto started = std::chrono::steady_clock::now();
  std::vector<records::PersonSummary> persons;
  {
    db::Connection connection = snapshot.population();
    persons = read_persons(connection, reads.patient);
    if (options.first_persons > 0 && persons.size() > options.first_persons) persons.resize(options.first_persons);
    const PersonRange range =
        options.first_persons == 0 || persons.empty() ? PersonRange{} : PersonRange{persons.front().person.value, persons.back().person.value};
    result.slices = slices_for(connection, scans, options, persons.size(), range, result.rows);
  }
  result.persons = persons.size();
  result.scan_seconds = seconds_since(started);
  const std::size_t slice_persons = (persons.size() + result.slices - 1) / std::max<std::size_t>(1, result.slices);
  progress.step("evaluating", persons.size(), "persons");
  Slice slice;
  if (!options.tree_walk)
    slice.without_rows = !reads.patient ? Known::as_rest : same_for_alike(plan.program(), options.definitions, reads) ? Known::as_alike : Known::nothing;
  Shared shared;
  for (std::size_t first = 0; first < persons.size(); first += slice_persons) {
    slice.persons = {persons.data() + first, std::min(slice_persons, persons.size() - first)};
    const bool whole = slice.persons.size() == persons.size() && options.first_persons == 0;
    started = std::chrono::steady_clock::now();
    const PopulationRows rows([&] { return snapshot.population(); }, options.threads, scans, slice.persons,
                              whole ? PersonRange{} : PersonRange{slice.persons.front().person.value, slice.persons.back().person.value});
    result.scan_seconds += seconds_since(started);
    started = std::chrono::steady_clock::now();
    const auto make_worker = [&] {
      auto worker = worker_over(rows.columns(), plan, requests, snapshot, scans, known, options.resources);
      worker->first_place = first;
      return worker;
    };
    ask_slice(slice, known.for_one_thread() ? 1 : options.threads, make_worker, make_asker, rows, shared, progress);
    slice.first_chunk += (slice.persons.size() + chunk_persons - 1) / chunk_persons;
    result.evaluate_seconds += seconds_since(started);
  }
  progress.done();
  result.evaluated = shared.evaluated;
  result.errors = std::move(shared.errors);
  return result;
}

/// As run_slices, of those who have rows; how many those are comes back in `evaluated`.
PopulationRunResult run_found(std::span<const cql::Request* const> requests, const records::Snapshot& snapshot, const PopulationOptions& options,
                              const cql::Plan& plan, const ScanPlan& scans, const UnfilteredAnswers& known, const MakeAsker& make_asker, Progress& progress) {
  PopulationRunResult result;
  auto started = std::chrono::steady_clock::now();
  PersonBounds everyone;
  {
    db::Connection connection = snapshot.population();
    everyone = person_bounds(connection);
    result.slices = slices_for(connection, scans, options, everyone.persons, {}, result.rows);
  }
  result.persons = everyone.persons;
  progress.step("evaluating", everyone.persons, "persons");
  Shared shared;
  Slice slice;
  const std::int64_t width = everyone.ids.last - everyone.ids.first + 1, step = width / static_cast<std::int64_t>(result.slices) + 1;
  for (std::int64_t first = everyone.ids.first; first <= everyone.ids.last; first += step) {
    const PopulationRows rows([&] { return snapshot.population(); }, options.threads, scans, PersonRange{first, std::min(first + step - 1, everyone.ids.last)});
    result.scan_seconds += seconds_since(started);
    started = std::chrono::steady_clock::now();
    slice.persons = rows.persons();
    const auto make_worker = [&] { return worker_over(rows.columns(), plan, requests, snapshot, scans, known, options.resources); };
    ask_slice(slice, known.for_one_thread() ? 1 : options.threads, make_worker, make_asker, rows, shared, progress);
    slice.first_chunk += (slice.persons.size() + chunk_persons - 1) / chunk_persons;
    result.evaluate_seconds += seconds_since(started);
    started = std::chrono::steady_clock::now();
  }
  progress.done();
  result.evaluated = shared.evaluated;
  result.errors = std::move(shared.errors);
  return result;
}

/// Answers of someone of whom nothing is known.
void answer_rest(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot, const PopulationOptions& options,
                 const cql::Plan& plan, const ScanPlan& scans, const UnfilteredAnswers& known, AnswerSink& sink, PopulationRunResult& result) {
  const std::uint64_t rest = result.persons - std::min(result.persons, result.evaluated);
  if (rest == 0) return;
  const RecordColumns none;
  const cql::Request* const requests[] = {&request};
  const auto worker = worker_over(none, plan, requests, snapshot, scans, known, {});
  Answerer answerer(program, request, options, worker->view, known);
  std::map<std::string, std::uint64_t> errors;
  worker->begin({}, {});
  sink.rest(rest, answerer.person(worker->run, errors));
  for (const auto& [text, count] : errors) result.errors[text] += rest;
}

}  // namespace

PopulationRunResult PopulationProgram::run(AnswerSink& sink, Progress& progress) const {
  const State& s = *state_;
  const auto first = std::span(s.requests).first(1);
  const UnfilteredAnswers known(s.plan, first, s.snapshot, s.options, s.reads);
  const MakeAsker make = [&](Worker& worker) {
    return std::make_unique<AnsweringAsker>(sink, worker, std::make_unique<Answerer>(s.program, *s.requests.front(), s.options, worker.view, known));
  };
  if (sink.wants_everyone() || s.reads.patient || s.options.tree_walk || s.options.first_persons > 0)
    return run_slices(first, s.snapshot, s.options, s.plan, s.reads, s.scans, known, make, progress);
  PopulationRunResult result = run_found(first, s.snapshot, s.options, s.plan, s.scans, known, make, progress);
  answer_rest(s.program, *s.requests.front(), s.snapshot, s.options, s.plan, s.scans, known, sink, result);
  return result;
}

PopulationRunResult PopulationProgram::run(AskingSink& sink, Progress& progress) const {
  const State& s = *state_;
  const MakeAsker make = [&](Worker& worker) { return std::make_unique<PassingAsker>(sink, worker); };
  const UnfilteredAnswers known(s.plan, s.requests, s.snapshot, s.options, s.reads);
  return run_slices(s.requests, s.snapshot, s.options, s.plan, s.reads, s.scans, known, make, progress);
}

std::optional<PersonEvidence> person_evidence(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot,
                                              const std::vector<std::int32_t>& definitions, PersonId person,
                                              const std::optional<records::RowFilter>& resources) {
  const cql::Plan plan(program, true);
  const ProgramReads reads = program_reads(program, definitions);
  const cql::Request* const requests[] = {&request};
  const ScanPlan scans = plan_scans(reads, bound_retrieves(plan, requests, reads, snapshot.dictionaries()), {}, true);
  std::vector<records::PersonSummary> persons;
  {
    db::Connection connection = snapshot.population();
    for (records::PersonSummary& one : read_persons(connection, true))
      if (one.person == person) persons.push_back(one);
  }
  if (persons.empty()) return std::nullopt;
  const PopulationRows rows([&] { return snapshot.population(); }, 1, scans, persons, {person.value, person.value});
  const auto sent = resources && reads.sent ? std::make_unique<SentResources>(snapshot, *resources) : nullptr;
  RecordView view(rows.columns(), snapshot.dictionaries());
  view.read_sent(sent.get());
  view.use(scans.retrieves);
  view.set_patient_class(patient_class_of(program));
  view.begin(persons.front(), rows.rows_of(0));
  PopulationOptions options;
  options.definitions = definitions;
  const UnfilteredAnswers known(plan, requests, snapshot, options, reads);
  view.set_everyone(known.everyone());
  cql::Context context;
  context.request_time = request.time;
  cql::Trace trace;
  PersonEvidence evidence;
  cql::PlannedRun run(plan, request, context);
  run.set_trace(&trace);
  known.tell(run);
  run.begin(&view);
  for (const std::int32_t index : definitions) {
    try {
      evidence.answers.push_back(cql::to_cql(run.definition(program.main, index)));
    } catch (const cql::EvaluationError& error) { evidence.answers.push_back(fmt::format("error: {}", error.what())); }
  }
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const cql::TypedDefinition& definition : library.definitions) {
      if (!definition.body) continue;
      std::map<std::uint32_t, cql::SourcePosition> places;
      cql::visit_nodes(*definition.body, [&](const cql::Node& node) { places[node.id] = node.at; });
      // A query and the retrieve it begins with stand at the same place: their rows are named once.
      std::set<std::tuple<int, int, std::string>> named;
      for (const cql::EvidenceRow& row : trace.rows_behind(definition)) {
        const cql::SourcePosition at = places[row.node];
        const auto address = row_address(row.label);
        if (address && named.insert({at.line, at.column, row.label}).second) evidence.rows.push_back({library.name, definition.name, at, row.label, *address});
      }
    }
  }
  return evidence;
}

}  // namespace catchment::measures
