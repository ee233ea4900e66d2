#include "measures/run_months.h"

#include <fmt/core.h>

#include <algorithm>
#include <bit>
#include <memory>
#include <mutex>
#include <set>

#include "base/csv.h"
#include "base/error.h"
#include "measures/outside_memory.h"
#include "measures/population_run.h"
#include "measures/standing.h"

namespace catchment::measures {

namespace {

/// One measure of the program in one month.
struct Job {
  std::size_t measure = 0, month = 0;  // places in Work
  std::size_t cell = 0;
};

/// What is to be worked out.
struct Work {
  std::vector<const LibraryMeasure*> measures;  // of the program
  std::vector<Date> months;
  std::vector<Job> jobs;  // by measure, then month
};

/// The members of one job among the persons of a chunk.
struct Collected {
  std::vector<std::uint32_t> denominator, excluded, numerator;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> more;
  std::uint64_t errors = 0;

  void add(std::uint32_t place, const Standing& standing) {
    if (standing.excluded) excluded.push_back(place);
    if (!standing.denominator) return;
    denominator.push_back(place);
    if (standing.numerator == 0) return;
    numerator.push_back(place);
    if (standing.numerator > 1) more.emplace_back(place, standing.numerator);
  }
  void move_into(MonthMembers& members) {
    if (!denominator.empty()) members.denominator.add(denominator);
    if (!excluded.empty()) members.excluded.add(excluded);
    if (!numerator.empty()) members.numerator.add(numerator);
    members.more.insert(members.more.end(), more.begin(), more.end());
    members.errors += errors;
    denominator.clear();
    excluded.clear();
    numerator.clear();
    more.clear();
    errors = 0;
  }
};

/// Asks every month's run how the person stands to each measure, and gathers the members chunk by chunk.
class MonthsSink final : public AskingSink {
 public:
  MonthsSink(const cql::Plan& plan, const Work& work) : plan_(plan), work_(work), total_(work.jobs.size()) {
    for (const Job& job : work.jobs) measure_of_.push_back(job.measure);
  }

  void ask(std::size_t chunk, std::size_t place, const records::PersonSummary& person, cql::PlannedRun& run, bool) override {
    Chunk& mine = of(chunk);
    mine.open = mine.memory.begin(person, run.found());
    for (std::size_t word = 0; word < mine.open.size(); ++word)
      while (mine.open[word] != 0)
        ask_job(mine, word * 64 + static_cast<std::size_t>(std::countr_zero(mine.open[word])), static_cast<std::uint32_t>(place), run);
  }

  void chunk_done(std::size_t chunk) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    const auto found = open_.find(chunk);
    if (found == open_.end()) return;
    Chunk& done = *found->second;
    for (std::size_t j = 0; j < total_.size(); ++j) done.jobs[j].move_into(total_[j]);
    for (const auto& [text, count] : done.errors) errors_[text] += count;
    done.errors.clear();
    free_.push_back(std::move(found->second));
    open_.erase(found);
  }

  /// By job, once everyone has been asked.
  std::vector<MonthMembers>& total() { return total_; }
  std::map<std::string, std::uint64_t>& errors() { return errors_; }

 private:
  struct Chunk {
    Chunk(const cql::Plan& plan, std::span<const std::size_t> measure_of) : jobs(measure_of.size()), memory(plan, measure_of) {}
    std::vector<Collected> jobs;
    std::vector<std::uint64_t> open;  // bits: jobs the person has still to be asked
    OutsideMemory memory;
    std::map<std::string, std::uint64_t> errors;
  };
  /// Asks one job, and settles with it the measure's other months for which the answers are the same.
  void ask_job(Chunk& mine, std::size_t j, std::uint32_t place, cql::PlannedRun& run) {
    const Job& job = work_.jobs[j];
    const auto close = [&mine](std::size_t i) { mine.open[i / 64] &= ~(std::uint64_t{1} << (i % 64)); };
    try {
      run.turn_to(job.month);
      const Standing standing = standing_of(run, plan_.program(), job.measure);
      for (std::size_t i = j; i < work_.jobs.size() && work_.jobs[i].measure == job.measure; ++i) {
        if ((run.alike() >> work_.jobs[i].month & 1) == 0 || (mine.open[i / 64] >> (i % 64) & 1) == 0) continue;
        close(i);
        if (standing.denominator || standing.excluded) mine.jobs[i].add(place, standing);
        else mine.memory.outside(i);
      }
    } catch (const cql::EvaluationError& error) {
      close(j);
      ++mine.jobs[j].errors;
      if (mine.errors.size() < 1000) ++mine.errors[work_.measures[job.measure]->words.id + ": " + error.what()];
    }
  }
  Chunk& of(std::size_t chunk) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& mine = open_[chunk];
    if (mine) return *mine;
    if (!free_.empty()) {
      mine = std::move(free_.back());
      free_.pop_back();
    } else {
      mine = std::make_unique<Chunk>(plan_, measure_of_);
    }
    return *mine;
  }

  const cql::Plan& plan_;
  const Work& work_;
  std::vector<std::size_t> measure_of_;  // by job
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<Chunk>> open_;
  std::vector<std::unique_ptr<Chunk>> free_;
  std::vector<MonthMembers> total_;
  std::map<std::string, std::uint64_t> errors_;
};

/// The requests of the months; gives up their parameters when it goes.
struct Requests {
  Requests(const cql::Program& program, const std::vector<Date>& months, const CodelistSets& sets) {
    for (const Date month : months) {
      cql::Request& request = all.emplace_back();
      request.time = *cql::Temporal::parse_datetime(to_string(month) + "T12:00:00.000Z");
      request.value_sets = &sets;
      set_month(program, month, request);
    }
  }
  ~Requests() {
    for (cql::Request& request : all) drop_parameters(request);
  }
  Requests(const Requests&) = delete;
  Requests& operator=(const Requests&) = delete;
  std::vector<const cql::Request*> pointers() const {
    std::vector<const cql::Request*> result;
    result.reserve(all.size());
    for (const cql::Request& request : all) result.push_back(&request);
    return result;
  }
  std::vector<cql::Request> all;
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
      auto at = std::find_if(work.measures.begin(), work.measures.end(),
                             [&](const LibraryMeasure* m) { return m->words.id == id && m->version == measure->version; });
      if (at == work.measures.end()) at = work.measures.insert(work.measures.end(), measure);
      auto when = std::find(work.months.begin(), work.months.end(), month);
      if (when == work.months.end()) when = work.months.insert(work.months.end(), month);
      work.jobs.push_back(
          {static_cast<std::size_t>(at - work.measures.begin()), static_cast<std::size_t>(when - work.months.begin()), result.cells.size() - 1});
    }
  }
  std::stable_sort(work.jobs.begin(), work.jobs.end(), [](const Job& a, const Job& b) { return a.measure < b.measure; });
  return work;
}

/// So many months as a run takes at once, from the month at `first`.
Work part_of(const Work& work, std::size_t first) {
  const std::size_t end = std::min(work.months.size(), first + cql::PlannedRun::most_requests);
  Work part;
  part.measures = work.measures;
  part.months.assign(work.months.begin() + static_cast<std::ptrdiff_t>(first), work.months.begin() + static_cast<std::ptrdiff_t>(end));
  for (const Job& job : work.jobs)
    if (job.month >= first && job.month < end) part.jobs.push_back({job.measure, job.month - first, job.cell});
  return part;
}

/// One reading of the rows.
void work_out(const Work& work, const cql::Program& program, const CodelistSets& sets, const records::Snapshot& snapshot, const MembersStore& store,
              const MonthsOptions& options, MonthsResult& result, Progress& progress) {
  const std::string& content_hash = snapshot.manifest().content_hash;
  const Requests requests(program, work.months, sets);
  PopulationOptions settings;
  settings.threads = options.threads;
  settings.memory_bytes = options.memory_bytes;
  settings.answers_written = false;
  for (std::size_t i = 0; i < program.main_library().definitions.size(); ++i) settings.definitions.push_back(static_cast<std::int32_t>(i));
  const PopulationProgram prepared(program, requests.pointers(), snapshot, std::move(settings));
  MonthsSink sink(prepared.plan(), work);
  const PopulationRunResult run = prepared.run(sink, progress);
  for (std::size_t j = 0; j < work.jobs.size(); ++j) {
    const MonthCell& cell = result.cells[work.jobs[j].cell];
    MonthMembers& members = sink.total()[j];
    std::sort(members.more.begin(), members.more.end());
    store.write({content_hash, cell.measure->words.id, cell.measure->version, cell.month}, members);
  }
  result.persons = run.persons;
  result.rows += run.rows;
  result.slices += run.slices;
  result.scan_seconds += run.scan_seconds;
  result.evaluate_seconds += run.evaluate_seconds;
  for (const auto& [text, count] : sink.errors()) result.errors[text] += count;
}

}  // namespace

MonthsResult run_months(const MeasureLibrary& library, const terminology::Codelists& codelists, const records::Snapshot& snapshot, const MembersStore& store,
                        const MonthsOptions& options, Progress& progress) {
  MonthsResult result;
  const Work work = work_of(library, store, snapshot.manifest().content_hash, options, result);
  if (work.jobs.empty()) return result;
  const CodelistSets sets(codelists);
  Diagnostics diagnostics;
  const std::unique_ptr<cql::Program> program = program_of(library, work.measures, diagnostics);
  if (!program) throw Error(ErrorKind::user, "the measures do not make a program: " + to_string(diagnostics.front()), "run: catchment measure lint");
  for (std::size_t first = 0; first < work.months.size(); first += cql::PlannedRun::most_requests)
    work_out(part_of(work, first), *program, sets, snapshot, store, options, result, progress);
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
                      std::to_string(members->excluded.count()), std::to_string(members->numerator.count()), std::to_string(events), value,
                      fmt::format("{:g}", cell.measure->per)});
  }
  return text;
}

}  // namespace catchment::measures
