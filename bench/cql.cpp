// The benchmark of CQL: the FHIR files that the peer reads, and everyone of a snapshot.
//   bench_cql fhir LIBRARIES MAIN DATA OUT.csv [DAY]
//     one thread; OUT.csv is what bench/cql_peer/peer.mjs writes too; with DAY the Measurement Period is the
//     year that ends with it
//   bench_cql check LIBRARIES MAIN DATA [DAY]
//     holds those answers against the tree walk over every resource
//   bench_cql snapshot LIBRARIES MAIN WORKSPACE [THREADS]
//     holds some of its answers against the tree walk
//   bench_cql people WORKSPACE FOLDER
//     writes everyone of a synthetic snapshot as FHIR files
//   bench_cql same LIBRARIES MAIN WORKSPACE OUT.csv
//     one thread, again and again; OUT.csv is everyone's answers as `fhir` writes them for those files
//   bench_cql months SYSTEM WORKSPACE STORE [MONTHS] [THREADS] [MEGABYTES]
//     the measure library, month by month
#include <fmt/core.h>
#include <sys/resource.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <mutex>

#include "base/error.h"
#include "cql_people.h"
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

/// At noon of `day`, of the year that ends with it; of the libraries' own year without one.
cql::Request request_on(const std::string& day, const cql::Program& program) {
  if (day.empty()) return request_at("2018-03-31T12:00:00.000+00:00");
  cql::Request request = request_at((day + "T12:00:00.000+00:00").c_str());
  cql::Temporal last = *cql::Temporal::parse_datetime(day + "T23:59:59.999+00:00");
  cql::Temporal first = *cql::Temporal::parse_datetime(fmt::format("{}{}T00:00:00.000+00:00", std::stoi(day.substr(0, 4)) - 1, day.substr(4)));
  constexpr std::int64_t day_ms = 86'400'000;
  first.local_ms += day_ms;
  cql::Value period = cql::Value::interval(cql::Value::temporal(first), cql::Value::temporal(last), true, true);
  period.freeze();
  for (const cql::TypedLibrary& library : program.libraries)
    for (const cql::TypedParameter& parameter : library.parameters)
      if (parameter.name == "Measurement Period") request.parameters[library.name + "." + parameter.name] = period;
  return request;
}

/// The definitions by name, as the peer writes them.
std::map<std::string, std::int32_t> by_name(const cql::Program& program, const std::vector<std::int32_t>& definitions) {
  std::map<std::string, std::int32_t> order;
  for (const std::int32_t d : definitions) order[program.main_library().definitions[static_cast<std::size_t>(d)].name] = d;
  return order;
}

std::string header_of(const std::map<std::string, std::int32_t>& order) {
  std::string text = "patient";
  for (const auto& [name, d] : order) text += "," + name;
  return text + "\n";
}

std::string cell_of(const cql::Value& answer) { return answer.is(cql::Kind::list) ? fmt::format("[{}]", answer.as_list().size()) : fhir::to_cell(answer); }

/// Reading and evaluating once, as the peer does, then evaluating again and again for a steadier figure;
/// times are processor seconds. The last line is JSON, for bench/cql_peer/compare.mjs.
int over_files(const cql::Program& program, const std::string& data, const std::string& out, const std::string& day) {
  const cql::Request request = request_on(day, program);
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
  const auto order = by_name(program, definitions);
  std::ofstream file(out, std::ios::binary);
  file << header_of(order);
  for (const auto& subject : read.subjects) {
    run.begin(subject.get());
    file << subject->id();
    for (const auto& [name, d] : order) file << ',' << cell_of(run.definition(program.main, d));
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
int check_files(const cql::Program& program, const std::string& data, const std::string& day) {
  const cql::Request request = request_on(day, program);
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

constexpr const char* snapshot_day = "2026-03-31";

int over_snapshot(const cql::Program& program, const std::string& workspace, unsigned threads) {
  const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
  const cql::Request request = request_on(snapshot_day, program);
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

/// Everyone's answers by the id that write_people gives them.
class Rows final : public measures::AnswerSink {
 public:
  explicit Rows(std::vector<std::size_t> order) : order_(std::move(order)) {}
  void person(std::size_t, const records::PersonSummary& person, std::span<const cql::Value> values, bool) override {
    std::string& text = rows[std::to_string(person.person.value)];
    for (const std::size_t place : order_) text += "," + cell_of(values[place]);
  }
  std::map<std::string, std::string> rows;

 private:
  std::vector<std::size_t> order_;
};

/// Opening the snapshot, planning, reading and evaluating, again and again; times are processor seconds.
int over_same_people(const cql::Program& program, const std::string& workspace, const std::string& out) {
  const cql::Request request = request_on(snapshot_day, program);
  SilentProgress silent;
  measures::PopulationOptions options;
  options.threads = 1;
  options.definitions = measures::answerable_definitions(program);
  const auto order = by_name(program, options.definitions);
  constexpr int rounds = 15;
  std::vector<double> opening, answering;
  measures::PopulationRunResult result;
  for (int round = 0; round < rounds; ++round) {
    Stopwatch open;
    const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
    opening.push_back(open.cpu());
    Stopwatch watch;
    const measures::PopulationProgram prepared(program, request, *snapshot, options);
    Counting counting(options.definitions.size(), 0);
    result = prepared.run(counting, silent);
    answering.push_back(watch.cpu());
  }
  const auto snapshot = records::Snapshot::open(records::Workspace{workspace});
  const measures::PopulationProgram prepared(program, request, *snapshot, options);
  std::vector<std::size_t> places;
  for (const auto& [name, d] : order)
    places.push_back(static_cast<std::size_t>(std::find(options.definitions.begin(), options.definitions.end(), d) - options.definitions.begin()));
  Rows rows(places);
  prepared.run(rows, silent);
  std::ofstream file(out, std::ios::binary);
  file << header_of(order);
  for (const auto& [id, row] : rows.rows) file << id << row << '\n';
  std::sort(opening.begin(), opening.end());
  std::sort(answering.begin(), answering.end());
  fmt::print("{{\"persons\":{},\"evaluated\":{},\"rows\":{},\"opening\":{:.5f},\"answering\":{:.5f},\"slowest\":{:.5f}}}\n", result.persons, result.evaluated,
             result.rows, opening[rounds / 2], answering[rounds / 2], answering.back());
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
  const std::map<std::string, std::size_t> fewest{{"fhir", 5}, {"check", 4}, {"snapshot", 4}, {"months", 4}, {"people", 3}, {"same", 5}};
  const auto asked = a.empty() ? fewest.end() : fewest.find(a[0]);
  if (asked == fewest.end() || a.size() < asked->second) {
    fmt::print(stderr,
               "bench_cql fhir LIBRARIES MAIN DATA OUT.csv [DAY]\nbench_cql check LIBRARIES MAIN DATA [DAY]\n"
               "bench_cql snapshot LIBRARIES MAIN WORKSPACE [THREADS]\nbench_cql people WORKSPACE FOLDER\n"
               "bench_cql same LIBRARIES MAIN WORKSPACE OUT.csv\nbench_cql months SYSTEM WORKSPACE STORE "
               "[MONTHS] [THREADS] [MEGABYTES]\n");
    return 2;
  }
  const auto number = [&a](std::size_t place, int otherwise) { return a.size() > place ? std::atoi(a[place].c_str()) : otherwise; };
  const auto text = [&a](std::size_t place) { return a.size() > place ? a[place] : std::string(); };
  try {
    if (a[0] == "months") return over_months(a[1], a[2], a[3], number(4, 12), static_cast<unsigned>(number(5, 2)), static_cast<std::uint64_t>(number(6, 3072)));
    if (a[0] == "people") {
      write_people(*records::Snapshot::open(records::Workspace{a[1]}), a[2]);
      return 0;
    }
    const auto program = load(a[1], a[2]);
    if (a[0] == "check") return check_files(*program, a[3], text(4));
    if (a[0] == "same") return over_same_people(*program, a[3], a[4]);
    return a[0] == "fhir" ? over_files(*program, a[3], a[4], text(5)) : over_snapshot(*program, a[3], static_cast<unsigned>(number(4, 2)));
  } catch (const Error& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
  }
}
