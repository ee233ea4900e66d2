// The benchmark of CQL: the FHIR files that the peer reads, and everyone of a snapshot.
//   bench_cql fhir LIBRARIES MAIN DATA OUT.csv
//     one thread; OUT.csv is what bench/cql_peer/peer.mjs writes too
//   bench_cql check LIBRARIES MAIN DATA
//     holds those answers against the tree walk over every resource
//   bench_cql snapshot LIBRARIES MAIN WORKSPACE [THREADS]
//     holds some of its answers against the tree walk
//   bench_cql months SYSTEM WORKSPACE STORE [MONTHS] [THREADS] [MEGABYTES]
//     the measure library, month by month
#include <fmt/core.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "base/error.h"
#include "fhir/fhir.h"
#include "measures/measures.h"

using namespace catchment;

namespace {

/// Of this process, the system's work for it included.
double processor_seconds() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) { return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6; };
  return seconds(usage.ru_utime) + seconds(usage.ru_stime);
}

long peak_megabytes() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

struct Stopwatch {
  std::chrono::steady_clock::time_point wall = std::chrono::steady_clock::now();
  double processor = processor_seconds();
  double seconds() const { return std::chrono::duration<double>(std::chrono::steady_clock::now() - wall).count(); }
  double cpu() const { return processor_seconds() - processor; }
};

std::unique_ptr<cql::Program> load(const std::string& folder, const std::string& main) {
  cql::Libraries libraries;
  const cql::Models models;
  Diagnostics diagnostics;
  fhir::read_libraries(folder, libraries, diagnostics);
  const cql::LibraryText* text = libraries.find(main, "");
  if (text == nullptr) throw Error(ErrorKind::user, "there is no library " + main, "give the folder it is in");
  auto program = cql::check_library(*text, libraries, models, diagnostics);
  for (const Diagnostic& d : diagnostics) fmt::print(stderr, "{}\n", to_string(d));
  if (has_errors(diagnostics)) throw Error(ErrorKind::user, "the library has errors");
  return program;
}

cql::Request request_at(const char* time) {
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime(time);
  return request;
}

/// Reading and evaluating once, as the peer does, then evaluating again and again for a steadier figure;
/// times are processor seconds. The last line is JSON, for bench/cql_peer/compare.mjs.
int over_files(const cql::Program& program, const std::string& data, const std::string& out) {
  const cql::Request request = request_at("2018-03-31T12:00:00.000+00:00");
  Stopwatch planning;
  const cql::Plan plan(program);
  const fhir::NeededResources needed(plan, request);
  const double planned = planning.cpu();
  Stopwatch reading;
  auto read = fhir::read_subjects(data, &needed);
  const double read_seconds = reading.cpu();
  cql::Context context;
  context.request_time = request.time;
  cql::PlannedRun run(plan, request, context);
  const auto definitions = measures::answerable_definitions(program);
  const auto evaluate_all = [&] {
    Stopwatch evaluating;
    for (const auto& subject : read.subjects) {
      run.begin(subject.get());
      for (const std::int32_t d : definitions) run.definition(program.main, d);
    }
    return evaluating.cpu();
  };
  const double first = evaluate_all();
  constexpr int rounds = 10;
  double again = 0;
  for (int round = 0; round < rounds; ++round) again += evaluate_all() / rounds;
  std::map<std::string, std::size_t> order;  // as the peer writes them: by name
  for (const std::int32_t d : definitions) order[program.main_library().definitions[static_cast<std::size_t>(d)].name] = static_cast<std::size_t>(d);
  std::ofstream file(out, std::ios::binary);
  file << "patient";
  for (const auto& [name, d] : order) file << ',' << name;
  file << '\n';
  for (const auto& subject : read.subjects) {
    run.begin(subject.get());
    file << subject->id();
    for (const auto& [name, d] : order) {
      const cql::Value answer = run.definition(program.main, static_cast<std::int32_t>(d));
      file << ',' << (answer.is(cql::Kind::list) ? fmt::format("[{}]", answer.as_list().size()) : fhir::to_cell(answer));
    }
    file << '\n';
  }
  fmt::print(
      "{{\"patients\":{},\"definitions\":{},\"planning\":{:.5f},\"reading\":{:.5f},\"evaluating\":{:.5f},"
      "\"evaluating_again\":{:.5f}}}\n",
      read.subjects.size(), definitions.size(), planned, read_seconds, first, again);
  return 0;
}

/// Every resource read, and the tree walk: the answers that the planned evaluator over needed resources must
/// give.
int check_files(const cql::Program& program, const std::string& data) {
  const cql::Request request = request_at("2018-03-31T12:00:00.000+00:00");
  const cql::Plan plan(program);
  const fhir::NeededResources needed(plan, request);
  const auto some = fhir::read_subjects(data, &needed);
  const auto all = fhir::read_subjects(data);
  cql::Context context;
  context.request_time = request.time;
  cql::PlannedRun run(plan, request, context);
  std::size_t different = some.subjects.size() == all.subjects.size() ? 0 : 1;
  for (std::size_t i = 0; i < std::min(some.subjects.size(), all.subjects.size()); ++i) {
    run.begin(some.subjects[i].get());
    fhir::Answers truth(program, request, *all.subjects[i]);
    for (const std::int32_t d : measures::answerable_definitions(program))
      if (fhir::to_json(truth.definition(static_cast<std::size_t>(d))) != fhir::to_json(run.definition(program.main, d))) ++different;
  }
  fmt::print("{{\"patients\":{},\"different\":{}}}\n", all.subjects.size(), different);
  return different == 0 ? 0 : 1;
}

/// Counts the people each definition is true or not empty for, and keeps the answers of the first ones.
class Counting final : public measures::AnswerSink {
 public:
  Counting(std::size_t definitions, std::int64_t sample) : sample_(sample), counts(definitions) {}
  bool wants_everyone() const override { return false; }
  void rest(std::uint64_t persons, std::span<const cql::Value> values) override {
    for (std::size_t i = 0; i < values.size(); ++i) {
      rest_ += fhir::to_json(values[i]) + ",";
      if (is_counted(values[i])) counts[i] += persons;
    }
  }
  /// Of one of the first persons; those who have no rows are answered together.
  const std::string& answer(std::int64_t person) const {
    const auto found = answers.find(person);
    return found == answers.end() ? rest_ : found->second;
  }
  void person(std::size_t, const records::PersonSummary& person, std::span<const cql::Value> values, bool) override {
    const bool kept = person.person.value <= sample_;
    std::string text;
    for (std::size_t i = 0; i < values.size(); ++i) {
      if (kept) text += fhir::to_json(values[i]) + ",";
      if (is_counted(values[i])) ++counts[i];
    }
    if (!kept) return;
    const std::lock_guard<std::mutex> lock(mutex_);
    answers[person.person.value] = text;
  }

 private:
  static bool is_counted(const cql::Value& value) { return value.is_true() || (value.is(cql::Kind::list) && !value.as_list().empty()); }
  std::int64_t sample_;
  std::mutex mutex_;
  std::string rest_;

 public:
  std::vector<std::atomic<std::uint64_t>> counts;
  std::map<std::int64_t, std::string> answers;
};

int over_snapshot(const cql::Program& program, const std::string& workspace, unsigned threads) {
  const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
  cql::Request request = request_at("2026-03-31T12:00:00.000+00:00");
  cql::Value period = cql::Value::interval(cql::Value::temporal(*cql::Temporal::parse_datetime("2025-04-01T00:00:00.000+00:00")),
                                           cql::Value::temporal(*cql::Temporal::parse_datetime("2026-03-31T23:59:59.999+00:00")), true, true);
  period.freeze();
  for (const cql::TypedLibrary& library : program.libraries)
    for (const cql::TypedParameter& parameter : library.parameters)
      if (parameter.name == "Measurement Period") request.parameters[library.name + "." + parameter.name] = period;
  SilentProgress silent;
  measures::PopulationOptions options;
  options.threads = threads;
  options.definitions = measures::answerable_definitions(program);
  constexpr std::int64_t sample = 2000;
  measures::PopulationRunResult result;
  double processor = 0;
  for (const char* which : {"first", "again"}) {
    Stopwatch watch;
    const measures::PopulationProgram prepared(program, request, *snapshot, options);
    Counting counting(options.definitions.size(), sample);
    result = prepared.run(counting, silent);
    processor = watch.cpu();
    fmt::print(
        "{} run: {:.3f} s ({:.3f} s of processor time), scanning {:.3f} s, evaluating {:.3f} s; {} rows, {} "
        "of {} persons evaluated, {} slices, {} MB\n",
        which, watch.seconds(), processor, result.scan_seconds, result.evaluate_seconds, result.rows, result.evaluated, result.persons, result.slices,
        peak_megabytes());
    if (std::string_view(which) == "first") continue;
    for (std::size_t i = 0; i < options.definitions.size(); ++i)
      fmt::print("  {}: {}\n", program.main_library().definitions[static_cast<std::size_t>(options.definitions[i])].name, counting.counts[i].load());
    options.tree_walk = true;
    options.first_persons = static_cast<std::size_t>(sample);
    const measures::PopulationProgram walked(program, request, *snapshot, options);
    Counting truth(options.definitions.size(), sample);
    walked.run(truth, silent);
    std::size_t different = 0;
    for (const auto& [person, text] : truth.answers) {
      if (counting.answer(person) == text) continue;
      if (different++ == 0) fmt::print("the first of those who differ: {}\n  planned   {}\n  tree walk {}\n", person, counting.answer(person), text);
    }
    fmt::print("of {} persons, differing from the tree walk: {}\n", truth.answers.size(), different);
    if (different != 0) return 1;
    fmt::print("{{\"persons\":{},\"evaluated\":{},\"processor\":{:.5f}}}\n", result.persons, result.evaluated, processor);
  }
  return result.errors.empty() ? 0 : 1;
}

int over_months(const std::string& system, const std::string& workspace, const std::string& store, int months, unsigned threads, std::uint64_t megabytes) {
  const measures::LoadedMeasures loaded = measures::load_measures(system);
  const auto codelists = terminology::load_codelists(system);
  const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
  measures::MonthsOptions options;
  options.last = snapshot->manifest().as_of;
  options.months = months;
  options.threads = threads;
  options.memory_bytes = megabytes << 20;
  options.again = true;
  SilentProgress silent;
  Stopwatch watch;
  const measures::MembersStore members(store);
  const measures::MonthsResult result = measures::run_months(loaded.library, codelists.codelists, *snapshot, members, options, silent);
  fmt::print(
      "{} measure months: {:.2f} s ({:.2f} s of processor time), scanning {:.2f} s, evaluating {:.2f} s; {} "
      "rows, {} persons, {} slices, {} MB\n",
      result.cells.size(), watch.seconds(), watch.cpu(), result.scan_seconds, result.evaluate_seconds, result.rows, result.persons, result.slices,
      peak_megabytes());
  for (const auto& [error, count] : result.errors) fmt::print("  {} ({} times)\n", error, count);
  std::ofstream(std::filesystem::path(store) / "months.csv") << measures::months_csv(result, members, snapshot->manifest().content_hash);
  return result.errors.empty() ? 0 : 1;
}

}  // namespace

int main(int count, char** arguments) {
  const std::vector<std::string> a(arguments + 1, arguments + count);
  if (a.size() < 4 || (a[0] != "snapshot" && a[0] != "months" && a[0] != "check" && (a[0] != "fhir" || a.size() < 5))) {
    fmt::print(stderr,
               "bench_cql fhir LIBRARIES MAIN DATA OUT.csv\nbench_cql check LIBRARIES MAIN DATA\nbench_cql "
               "snapshot LIBRARIES MAIN WORKSPACE [THREADS]\nbench_cql months SYSTEM WORKSPACE STORE "
               "[MONTHS] [THREADS] [MEGABYTES]\n");
    return 2;
  }
  const auto number = [&a](std::size_t place, int otherwise) { return a.size() > place ? std::atoi(a[place].c_str()) : otherwise; };
  try {
    if (a[0] == "months") return over_months(a[1], a[2], a[3], number(4, 12), static_cast<unsigned>(number(5, 2)), static_cast<std::uint64_t>(number(6, 3072)));
    const auto program = load(a[1], a[2]);
    if (a[0] == "check") return check_files(*program, a[3]);
    return a[0] == "fhir" ? over_files(*program, a[3], a[4])
                          : over_snapshot(*program, a[3], a.size() > 4 ? static_cast<unsigned>(std::atoi(a[4].c_str())) : 2U);
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
  }
}
