#include "measures/population_run.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <mutex>
#include <thread>

#include "base/error.h"

namespace catchment::measures {

namespace {

constexpr std::size_t chunk_persons = 2048;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// Whether values of the type may be resources, which are written by their label.
bool holds_resources(const cql::Type& type) {
  if (type.is_named() || type.is_any()) return true;
  if (type.is_list() || type.is_interval()) return holds_resources(type.element());
  if (type.is(cql::TypeKind::choice)) return std::any_of(type.alternatives().begin(), type.alternatives().end(), holds_resources);
  if (type.is(cql::TypeKind::tuple))
    return std::any_of(type.elements().begin(), type.elements().end(), [](const cql::TupleElement& e) { return holds_resources(e.type); });
  return false;
}

bool needs_labels(const cql::Program& program, const std::vector<std::int32_t>& definitions, const ProgramReads& reads) {
  for (const std::int32_t index : definitions)
    if (holds_resources(program.main_library().definitions[static_cast<std::size_t>(index)].type)) return true;
  for (const ShapeMap& shape : shapes()) {
    if (reads.reads(shape.resource, "id")) return true;
    for (const ElementMap& element : shape.elements)
      if (element.how == How::organisation && element.column == no_column && reads.reads(shape.resource, element.key)) return true;
  }
  return false;
}

ScanPlan scans_of(const cql::Plan& plan, const cql::Request& request, const ProgramReads& reads, const records::Dictionaries& words, bool labels) {
  cql::Context context;
  context.request_time = request.time;
  cql::PlannedRun run(plan, request, context);
  run.begin(nullptr);
  std::vector<BoundRetrieve> bound;
  for (const cql::PlannedRetrieve& retrieve : plan.retrieves()) {
    if (std::find(reads.retrieves.begin(), reads.retrieves.end(), retrieve.node) == reads.retrieves.end()) continue;
    if (retrieve.node->resource_type == "Patient") continue;
    bound.push_back(retrieve.terminology_is_known ? bind_retrieve(*retrieve.node, run.terminology_of(retrieve), words) : unknown_retrieve(*retrieve.node));
  }
  return plan_scans(reads, std::move(bound), labels);
}

std::string patient_class_of(const cql::Program& program) {
  const std::string& name = program.main_library().patient_class;
  return name.empty() ? "FHIR.Patient" : name;
}

}  // namespace

std::vector<std::int32_t> answerable_definitions(const cql::Program& program) {
  std::vector<std::int32_t> result;
  const auto& definitions = program.main_library().definitions;
  for (std::size_t i = 0; i < definitions.size(); ++i)
    if (definitions[i].body && definitions[i].access == cql::Access::public_) result.push_back(static_cast<std::int32_t>(i));
  return result;
}

struct PopulationProgram::State {
  State(const cql::Program& p, const cql::Request& r, const records::Snapshot& s, PopulationOptions o)
      : program(p), request(r), snapshot(s), options(std::move(o)), plan(p), reads(program_reads(p, options.definitions)),
        scans(scans_of(plan, r, reads, s.dictionaries(), needs_labels(p, options.definitions, reads))) {}

  const cql::Program& program;
  const cql::Request& request;
  const records::Snapshot& snapshot;
  PopulationOptions options;
  cql::Plan plan;
  ProgramReads reads;
  ScanPlan scans;
};

PopulationProgram::PopulationProgram(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot, PopulationOptions options)
    : state_(std::make_unique<State>(program, request, snapshot, std::move(options))) {}
PopulationProgram::~PopulationProgram() = default;

const ScanPlan& PopulationProgram::scans() const { return state_->scans; }
const ProgramReads& PopulationProgram::reads() const { return state_->reads; }

namespace {

/// One thread's way of answering: the plan, or the tree walk to compare with.
class Answerer {
 public:
  Answerer(const cql::Program& program, const cql::Plan& plan, const cql::Request& request, const PopulationOptions& options, RecordView& view)
      : program_(program), request_(request), options_(options), view_(view), run_(plan, request, context_) {
    context_.request_time = request.time;
    values_.resize(options.definitions.size());
  }

  std::span<const cql::Value> person(std::map<std::string, std::uint64_t>& errors) {
    std::fill(values_.begin(), values_.end(), cql::Value());
    std::optional<cql::TreeWalk> walk;
    run_.begin(&view_);
    if (options_.tree_walk) walk.emplace(program_, request_, &view_, context_);
    for (std::size_t i = 0; i < values_.size(); ++i) {
      const std::int32_t index = options_.definitions[i];
      try {
        values_[i] = walk ? walk->definition(program_.main, index) : run_.definition(program_.main, index);
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
  std::vector<cql::Value> values_;  // gone before the run that they may come from
  cql::PlannedRun run_;
};

struct Shared {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::map<std::string, std::uint64_t> errors;
  std::atomic<std::uint64_t> evaluated{0};
};

}  // namespace

PopulationRunResult PopulationProgram::run(AnswerSink& sink, Progress& progress) const {
  const State& s = *state_;
  PopulationRunResult result;
  auto started = std::chrono::steady_clock::now();
  std::vector<records::PersonSummary> persons;
  {
    db::Connection connection = s.snapshot.population();
    persons = read_persons(connection, s.reads.patient);
    if (s.options.first_persons > 0 && persons.size() > s.options.first_persons) persons.resize(s.options.first_persons);
    std::uint64_t bytes = persons.size() * 8 * s.scans.scans.size();
    if (!persons.empty()) {
      const PersonRange all = s.options.first_persons > 0 ? PersonRange{persons.front().person.value, persons.back().person.value} : PersonRange{};
      const std::vector<std::uint64_t> counts = count_rows(connection, s.scans, all);
      for (std::size_t i = 0; i < counts.size(); ++i) bytes += counts[i] * row_bytes(s.scans.scans[i], s.scans.labels);
      for (const std::uint64_t count : counts) result.rows += count;
    }
    result.slices = std::max<std::size_t>(1, static_cast<std::size_t>((bytes + s.options.memory_bytes - 1) / std::max<std::uint64_t>(1, s.options.memory_bytes)));
  }
  result.slices = std::min(result.slices, std::max<std::size_t>(1, persons.size()));
  result.persons = persons.size();
  const bool rest_is_one = !s.reads.patient && !s.options.tree_walk;
  const std::string patient_class = patient_class_of(s.program);
  const std::size_t slice_persons = (persons.size() + result.slices - 1) / result.slices;
  result.scan_seconds = seconds_since(started);
  progress.step("evaluating", persons.size(), "persons");
  std::size_t chunk_base = 0;
  Shared shared;
  for (std::size_t first = 0; first < persons.size(); first += slice_persons) {
    const std::span<const records::PersonSummary> slice(persons.data() + first, std::min(slice_persons, persons.size() - first));
    started = std::chrono::steady_clock::now();
    const bool whole = slice.size() == persons.size() && s.options.first_persons == 0;
    const PopulationRows rows([&] { return s.snapshot.population(); }, s.options.threads, s.scans, slice,
                              whole ? PersonRange{} : PersonRange{slice.front().person.value, slice.back().person.value});
    result.scan_seconds += seconds_since(started);
    started = std::chrono::steady_clock::now();
    shared.next = 0;
    const auto work = [&] {
      try {
        RecordView view(rows.columns(), s.snapshot.dictionaries());
        view.use(s.scans.retrieves);
        view.set_patient_class(patient_class);
        Answerer answerer(s.program, s.plan, s.request, s.options, view);
        std::map<std::string, std::uint64_t> errors;
        std::vector<cql::Value> rest;
        bool rest_known = false;
        std::map<std::string, std::uint64_t> rest_errors;
        std::uint64_t evaluated = 0;
        for (std::size_t chunk = shared.next++; chunk * chunk_persons < slice.size(); chunk = shared.next++) {
          const std::size_t end = std::min(slice.size(), (chunk + 1) * chunk_persons);
          for (std::size_t i = chunk * chunk_persons; i < end; ++i) {
            const bool alike = rest_is_one && !rows.has_rows(i);
            if (alike && rest_known) {
              sink.person(chunk_base + chunk, slice[i], rest, true);
              for (const auto& [text, count] : rest_errors) errors[text] += count;
              continue;
            }
            view.begin(slice[i], rows.rows_of(i));
            ++evaluated;
            std::map<std::string, std::uint64_t>& into = alike ? rest_errors : errors;
            const auto values = answerer.person(into);
            sink.person(chunk_base + chunk, slice[i], values, alike);
            if (!alike) continue;
            rest.assign(values.begin(), values.end());
            rest_known = true;
            for (const auto& [text, count] : rest_errors) errors[text] += count;
          }
          sink.chunk_done(chunk_base + chunk);
          progress.advance(end - chunk * chunk_persons);
        }
        const std::lock_guard<std::mutex> lock(shared.mutex);
        for (const auto& [text, count] : errors) shared.errors[text] += count;
        shared.evaluated += evaluated;
      } catch (...) {
        const std::lock_guard<std::mutex> lock(shared.mutex);
        shared.failure = std::current_exception();
        shared.next = slice.size();
      }
    };
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < s.options.threads; ++i) workers.emplace_back(work);
    work();
    for (std::thread& worker : workers) worker.join();
    if (shared.failure) std::rethrow_exception(shared.failure);
    chunk_base += (slice.size() + chunk_persons - 1) / chunk_persons;
    result.evaluate_seconds += seconds_since(started);
  }
  progress.done();
  result.evaluated = shared.evaluated;
  result.errors = std::move(shared.errors);
  return result;
}

std::optional<PersonEvidence> person_evidence(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot,
                                              const std::vector<std::int32_t>& definitions, PersonId person) {
  const cql::Plan plan(program, true);
  ProgramReads reads = program_reads(program, definitions);
  const ScanPlan scans = scans_of(plan, request, reads, snapshot.dictionaries(), true);
  std::vector<records::PersonSummary> persons;
  {
    db::Connection connection = snapshot.population();
    for (records::PersonSummary& one : read_persons(connection, true))
      if (one.person == person) persons.push_back(one);
  }
  if (persons.empty()) return std::nullopt;
  const PopulationRows rows([&] { return snapshot.population(); }, 1, scans, persons, {person.value, person.value});
  RecordView view(rows.columns(), snapshot.dictionaries());
  view.use(scans.retrieves);
  view.set_patient_class(patient_class_of(program));
  view.begin(persons.front(), rows.rows_of(0));
  cql::Context context;
  context.request_time = request.time;
  cql::Trace trace;
  PersonEvidence evidence;
  cql::PlannedRun run(plan, request, context);
  run.set_trace(&trace);
  run.begin(&view);
  for (const std::int32_t index : definitions) {
    try {
      evidence.answers.push_back(cql::to_cql(run.definition(program.main, index)));
    } catch (const cql::EvaluationError& error) {
      evidence.answers.push_back(fmt::format("error: {}", error.what()));
    }
  }
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const cql::TypedDefinition& definition : library.definitions) {
      if (!definition.body) continue;
      std::map<std::uint32_t, cql::SourcePosition> places;
      cql::visit_nodes(*definition.body, [&](const cql::Node& node) { places[node.id] = node.at; });
      for (const cql::EvidenceRow& row : trace.rows_behind(definition))
        if (const auto address = row_address(row.label)) evidence.rows.push_back({library.name, definition.name, places[row.node], row.label, *address});
    }
  }
  return evidence;
}

}  // namespace catchment::measures
