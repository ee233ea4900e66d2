#include "measures/run_months.h"

#include <fmt/core.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <exception>
#include <mutex>
#include <set>
#include <thread>

#include "base/csv.h"
#include "base/error.h"
#include "measures/population_rows.h"
#include "measures/standing.h"

namespace catchment::measures {

namespace {

constexpr std::size_t chunk_persons = 2048;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

/// One measure of the program in one month.
struct Job {
  std::size_t measure = 0, month = 0;  // places in Work
  std::size_t cell = 0;
};

/// What is to be worked out.
struct Work {
  std::vector<const LibraryMeasure*> measures;  // of the program
  std::vector<Date> months;
  std::vector<Job> jobs;                        // by month, then measure
};

/// A thread's members of one job so far.
struct Collected {
  std::vector<std::uint32_t> denominator, excluded, numerator;  // of the chunk
  MonthMembers members;

  void add(std::uint32_t place, const Standing& standing) {
    if (standing.excluded) excluded.push_back(place);
    if (!standing.denominator) return;
    denominator.push_back(place);
    if (standing.numerator == 0) return;
    numerator.push_back(place);
    if (standing.numerator > 1) members.more.emplace_back(place, standing.numerator);
  }
  void end_chunk() {
    members.denominator.add(denominator);
    members.excluded.add(excluded);
    members.numerator.add(numerator);
    denominator.clear();
    excluded.clear();
    numerator.clear();
  }
};

struct Shared {
  std::atomic<std::size_t> next{0};
  std::mutex mutex;
  std::exception_ptr failure;
  std::map<std::string, std::uint64_t> errors;
};

/// The program and everything that is the same for each thread.
struct Prepared {
  Prepared() = default;
  Prepared(Prepared&&) = default;
  ~Prepared() {
    for (cql::Request& request : requests) drop_parameters(request);
  }
  std::unique_ptr<cql::Program> program;
  std::unique_ptr<cql::Plan> plan;
  std::vector<cql::Request> requests;  // by month
  ProgramReads reads;
  ScanPlan scans;
};

Prepared prepare(const MeasureLibrary& library, const CodelistSets& sets, const records::Snapshot& snapshot, const Work& work) {
  Prepared prepared;
  Diagnostics diagnostics;
  prepared.program = program_of(library, work.measures, diagnostics);
  if (!prepared.program) throw Error(ErrorKind::user, "the measures do not make a program: " + to_string(diagnostics.front()), "run: catchment measure lint");
  prepared.plan = std::make_unique<cql::Plan>(*prepared.program);
  for (const Date month : work.months) {
    cql::Request request;
    request.time = *cql::Temporal::parse_datetime(to_string(month) + "T12:00:00.000Z");
    request.value_sets = &sets;
    set_month(*prepared.program, month, request);
    prepared.requests.push_back(std::move(request));
  }
  std::vector<std::int32_t> definitions;
  for (std::size_t i = 0; i < prepared.program->main_library().definitions.size(); ++i) definitions.push_back(static_cast<std::int32_t>(i));
  prepared.reads = program_reads(*prepared.program, definitions);
  cql::Context context;
  context.request_time = prepared.requests.front().time;
  cql::PlannedRun run(*prepared.plan, prepared.requests.front(), context);
  run.begin(nullptr);
  std::vector<BoundRetrieve> bound;
  for (const cql::PlannedRetrieve& retrieve : prepared.plan->retrieves()) {
    if (std::find(prepared.reads.retrieves.begin(), prepared.reads.retrieves.end(), retrieve.node) == prepared.reads.retrieves.end()) continue;
    if (retrieve.node->resource_type == "Patient") continue;
    bound.push_back(retrieve.terminology_is_known ? bind_retrieve(*retrieve.node, run.terminology_of(retrieve), snapshot.dictionaries()) : unknown_retrieve(*retrieve.node));
  }
  bool labels = false;
  for (const ShapeMap& shape : shapes()) labels = labels || prepared.reads.reads(shape.resource, "id");
  prepared.scans = plan_scans(prepared.reads, std::move(bound), labels);
  return prepared;
}

/// One thread's runs, one a month, over one view.
class Evaluator {
 public:
  Evaluator(const Prepared& prepared, const Work& work, RecordView& view) : prepared_(prepared), work_(work), view_(view), contexts_(work.months.size()) {
    for (std::size_t i = 0; i < work.months.size(); ++i) {
      contexts_[i].request_time = prepared.requests[i].time;
      runs_.push_back(std::make_unique<cql::PlannedRun>(*prepared.plan, prepared.requests[i], contexts_[i]));
    }
  }

  void person(std::uint32_t place, std::vector<Collected>& collected, std::map<std::string, std::uint64_t>& errors) {
    std::size_t begun = SIZE_MAX;
    for (std::size_t j = 0; j < work_.jobs.size(); ++j) {
      const Job& job = work_.jobs[j];
      cql::PlannedRun& run = *runs_[job.month];
      if (begun != job.month) {
        if (begun != SIZE_MAX) runs_[begun]->begin(nullptr);
        run.begin(&view_);
        begun = job.month;
      }
      try {
        const Standing standing = standing_of(run, *prepared_.program, job.measure);
        if (standing.denominator || standing.excluded) collected[j].add(place, standing);
      } catch (const cql::EvaluationError& error) {
        ++collected[j].members.errors;
        if (errors.size() < 1000) ++errors[work_.measures[job.measure]->words.id + ": " + error.what()];
      }
    }
    if (begun != SIZE_MAX) runs_[begun]->begin(nullptr);
  }

 private:
  const Prepared& prepared_;
  const Work& work_;
  RecordView& view_;
  std::vector<cql::Context> contexts_;
  std::vector<std::unique_ptr<cql::PlannedRun>> runs_;
};

/// What is asked and not in the store yet.
Work work_of(const MeasureLibrary& library, const MembersStore& store, const std::string& content_hash, const MonthsOptions& options, MonthsResult& result) {
  std::set<std::string> ids;
  for (const LibraryMeasure& measure : library.measures)
    if (options.only.empty() || std::find(options.only.begin(), options.only.end(), measure.words.id) != options.only.end()) ids.insert(measure.words.id);
  for (const std::string& id : options.only)
    if (!ids.contains(id)) throw Error(ErrorKind::user, "there is no measure '" + id + "'", "see the ids with: catchment measure list");
  const Date last = Date::from_ymd(options.last.year(), options.last.month(), 1);
  std::vector<Date> months;
  for (int i = options.months - 1; i >= 0; --i) months.push_back(last.plus_months(-i));
  Work work;
  for (const std::string& id : ids) {
    for (const Date month : months) {
      const LibraryMeasure* measure = find_measure(library, id, month.plus_months(1).plus_days(-1));
      const bool known = !options.again && store.read({content_hash, id, measure->version, month}).has_value();
      result.cells.push_back({measure, month, known});
      if (known) continue;
      auto at = std::find_if(work.measures.begin(), work.measures.end(), [&](const LibraryMeasure* m) { return m->words.id == id && m->version == measure->version; });
      if (at == work.measures.end()) at = work.measures.insert(work.measures.end(), measure);
      auto when = std::find(work.months.begin(), work.months.end(), month);
      if (when == work.months.end()) when = work.months.insert(work.months.end(), month);
      work.jobs.push_back({static_cast<std::size_t>(at - work.measures.begin()), static_cast<std::size_t>(when - work.months.begin()), result.cells.size() - 1});
    }
  }
  std::stable_sort(work.jobs.begin(), work.jobs.end(), [](const Job& a, const Job& b) { return a.month < b.month; });
  return work;
}

/// Members of every job over one slice of persons, added to `total`.
void evaluate_slice(const Prepared& prepared, const Work& work, const PopulationRows& rows, std::span<const records::PersonSummary> slice, std::size_t first,
                    const records::Snapshot& snapshot, unsigned threads, std::vector<MonthMembers>& total, Shared& shared, Progress& progress) {
  shared.next = 0;
  const std::string patient_class = prepared.program->main_library().patient_class.empty() ? "FHIR.Patient" : prepared.program->main_library().patient_class;
  const auto one_thread = [&] {
    try {
      RecordView view(rows.columns(), snapshot.dictionaries());
      view.use(prepared.scans.retrieves);
      view.set_patient_class(patient_class);
      Evaluator evaluator(prepared, work, view);
      std::vector<Collected> collected(work.jobs.size());
      std::map<std::string, std::uint64_t> errors;
      for (std::size_t chunk = shared.next++; chunk * chunk_persons < slice.size(); chunk = shared.next++) {
        const std::size_t end = std::min(slice.size(), (chunk + 1) * chunk_persons);
        for (std::size_t i = chunk * chunk_persons; i < end; ++i) {
          view.begin(slice[i], rows.rows_of(i));
          evaluator.person(static_cast<std::uint32_t>(first + i), collected, errors);
        }
        for (Collected& one : collected) one.end_chunk();
        progress.advance(end - chunk * chunk_persons);
      }
      const std::lock_guard<std::mutex> lock(shared.mutex);
      for (const auto& [text, count] : errors) shared.errors[text] += count;
      for (std::size_t j = 0; j < collected.size(); ++j) {
        MonthMembers& members = collected[j].members;
        total[j].denominator.add(members.denominator);
        total[j].excluded.add(members.excluded);
        total[j].numerator.add(members.numerator);
        total[j].more.insert(total[j].more.end(), members.more.begin(), members.more.end());
        total[j].errors += members.errors;
      }
    } catch (...) {
      const std::lock_guard<std::mutex> lock(shared.mutex);
      shared.failure = std::current_exception();
      shared.next = slice.size();
    }
  };
  std::vector<std::thread> workers;
  for (unsigned i = 1; i < threads; ++i) workers.emplace_back(one_thread);
  one_thread();
  for (std::thread& worker : workers) worker.join();
  if (shared.failure) std::rethrow_exception(shared.failure);
}

}  // namespace

MonthsResult run_months(const MeasureLibrary& library, const terminology::Codelists& codelists, const records::Snapshot& snapshot, const MembersStore& store,
                        const MonthsOptions& options, Progress& progress) {
  MonthsResult result;
  const std::string& content_hash = snapshot.manifest().content_hash;
  const Work work = work_of(library, store, content_hash, options, result);
  if (work.jobs.empty()) return result;
  const CodelistSets sets(codelists);
  auto started = std::chrono::steady_clock::now();
  const Prepared prepared = prepare(library, sets, snapshot, work);
  std::vector<records::PersonSummary> persons;
  std::uint64_t bytes = 0;
  {
    db::Connection connection = snapshot.population();
    persons = read_persons(connection, prepared.reads.patient);
    bytes = persons.size() * 8 * prepared.scans.scans.size();
    const std::vector<std::uint64_t> counts = count_rows(connection, prepared.scans, {});
    for (std::size_t i = 0; i < counts.size(); ++i) bytes += counts[i] * row_bytes(prepared.scans.scans[i], prepared.scans.labels);
    for (const std::uint64_t count : counts) result.rows += count;
  }
  result.persons = persons.size();
  result.slices = std::max<std::size_t>(1, static_cast<std::size_t>((bytes + options.memory_bytes - 1) / std::max<std::uint64_t>(1, options.memory_bytes)));
  result.slices = std::min(result.slices, std::max<std::size_t>(1, persons.size()));
  const std::size_t slice_persons = std::max<std::size_t>(1, (persons.size() + result.slices - 1) / result.slices);
  std::vector<MonthMembers> total(work.jobs.size());
  Shared shared;
  progress.step("measuring", persons.size(), "persons");
  for (std::size_t first = 0; first < persons.size(); first += slice_persons) {
    const std::span<const records::PersonSummary> slice(persons.data() + first, std::min(slice_persons, persons.size() - first));
    const bool whole = slice.size() == persons.size();
    const PopulationRows rows([&] { return snapshot.population(); }, options.threads, prepared.scans, slice,
                              whole ? PersonRange{} : PersonRange{slice.front().person.value, slice.back().person.value});
    result.scan_seconds += seconds_since(started);
    started = std::chrono::steady_clock::now();
    evaluate_slice(prepared, work, rows, slice, first, snapshot, options.threads, total, shared, progress);
    result.evaluate_seconds += seconds_since(started);
    started = std::chrono::steady_clock::now();
  }
  progress.done();
  for (std::size_t j = 0; j < total.size(); ++j) {
    const MonthCell& cell = result.cells[work.jobs[j].cell];
    std::sort(total[j].more.begin(), total[j].more.end());
    store.write({content_hash, cell.measure->words.id, cell.measure->version, cell.month}, total[j]);
  }
  result.errors = std::move(shared.errors);
  return result;
}

std::string months_csv(const MonthsResult& result, const MembersStore& store, const std::string& content_hash) {
  std::string text = "measure,year,version,month,denominator,excluded,numerator,events,value,per\n";
  for (const MonthCell& cell : result.cells) {
    const auto members = store.read({content_hash, cell.measure->words.id, cell.measure->version, cell.month});
    if (!members) continue;
    const std::uint64_t denominator = members->denominator.count(), events = members->events();
    const std::string value = denominator == 0 ? "" : fmt::format("{:.4f}", static_cast<double>(events) / static_cast<double>(denominator) * cell.measure->per);
    text += csv_line({cell.measure->words.id, cell.measure->year, cell.measure->version, to_string(cell.month).substr(0, 7), std::to_string(denominator),
                      std::to_string(members->excluded.count()), std::to_string(members->numerator.count()), std::to_string(events), value, fmt::format("{:g}", cell.measure->per)});
  }
  return text;
}

}  // namespace catchment::measures
