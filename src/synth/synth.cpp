#include "synth/synth.h"

#include <condition_variable>
#include <exception>
#include <fstream>
#include <mutex>
#include <thread>
#include <utility>

#include "base/error.h"
#include "synth/feed.h"

namespace catchment::synth {
namespace {

constexpr std::uint64_t parquet_from_people = 200'000;

/// Makes room for a run: a new folder, or one that holds an earlier synthetic population.
void clear_for_writing(const std::filesystem::path& out) {
  namespace fs = std::filesystem;
  const bool ours = fs::exists(out / "extracts" / "SYNTHETIC.txt");
  if (fs::exists(out / "extracts") && !fs::is_empty(out / "extracts") && !ours)
    throw Error(ErrorKind::user, out.string() + "/extracts holds files that are not a synthetic population",
                "choose another folder with --out, or move those files away");
  std::error_code failed;
  fs::remove_all(out / "extracts", failed);
  fs::remove_all(out / "truth", failed);
  fs::remove_all(out / "reference", failed);
  fs::create_directories(out / "extracts", failed);
  fs::create_directories(out / "truth", failed);
  if (failed) throw Error(ErrorKind::environment, "cannot make folders in " + out.string() + ": " + failed.message(), "choose another folder with --out");
}

void write_text(const std::filesystem::path& path, const std::string& text) {
  std::ofstream file(path, std::ios::binary | std::ios::trunc);
  file << text;
  file.close();
  if (!file) throw Error(ErrorKind::environment, "cannot write " + path.string(), "free some disk space or choose another folder with --out");
}

/// Lets blocks through in chunk order: worker threads wait their turn to append.
class Turnstile {
 public:
  /// False when another thread failed.
  bool wait(std::uint64_t chunk) {
    std::unique_lock lock(mutex_);
    turned_.wait(lock, [&] { return next_ == chunk || failure_; });
    return !failure_;
  }
  void pass() {
    const std::lock_guard lock(mutex_);
    ++next_;
    turned_.notify_all();
  }
  void fail(std::exception_ptr failure) {
    const std::lock_guard lock(mutex_);
    if (!failure_) failure_ = std::move(failure);
    turned_.notify_all();
  }
  std::uint64_t take() {
    const std::lock_guard lock(mutex_);
    return taken_++;
  }
  void rethrow() const {
    if (failure_) std::rethrow_exception(failure_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable turned_;
  std::uint64_t next_ = 0, taken_ = 0;
  std::exception_ptr failure_;
};

class Run {
 public:
  Run(const Model& model, const Options& options, Progress& progress)
      : model_(model),
        progress_(progress),
        faults_(model),
        sheets_(options.format == Format::parquet || (options.format == Format::automatic && options.people >= parquet_from_people)),
        truth_(sheets_),
        shared_{model_, faults_, truth_},
        feeds_(all_feeds(shared_, sheets_)) {
    for (const auto& sheet : sheets_.all()) outlets_.emplace_back(options.out, *sheet);
  }

  Report write(unsigned threads) {
    Report report;
    const std::uint64_t chunks = chunk_count(model_);
    const Counts counts = counts_before(model_, chunks);
    report.residents = counts.residents;
    report.people = counts.all();
    progress_.step("People and their care", model_.people, "people");
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i) workers.emplace_back([&] { work(chunks); });
    work(chunks);
    for (auto& worker : workers) worker.join();
    turnstile_.rethrow();
    Blocks last = blocks();
    for (const auto& feed : feeds_) feed->finish(last);
    append(last);
    for (auto& outlet : outlets_) {
      outlet.close();
      report.files.push_back({outlet.relative_path(), outlet.rows(), outlet.bytes()});
    }
    progress_.done();
    return report;
  }

 private:
  Blocks blocks() const {
    Blocks made;
    made.reserve(outlets_.size());
    for (const auto& sheet : sheets_.all()) made.emplace_back(*sheet);
    return made;
  }

  void append(Blocks& filled) {
    for (std::size_t i = 0; i < filled.size(); ++i) {
      ParquetGroup group;
      Outlet::seal(filled[i], group);
      outlets_[i].append(filled[i], std::move(group));
    }
  }

  void work(std::uint64_t chunks) {
    try {
      for (std::uint64_t chunk = turnstile_.take(); chunk < chunks; chunk = turnstile_.take()) {
        const std::vector<Life> lives = people_of_chunk(model_, chunk);
        Blocks filled = blocks();
        for (std::size_t i = 0; i < lives.size(); ++i) {
          truth_.person(filled, model_, lives, lives[i]);
          for (const auto& feed : feeds_) feed->person(lives, i, filled);
        }
        std::vector<ParquetGroup> groups(filled.size());
        for (std::size_t i = 0; i < filled.size(); ++i) Outlet::seal(filled[i], groups[i]);
        if (!turnstile_.wait(chunk)) return;
        for (std::size_t i = 0; i < filled.size(); ++i) outlets_[i].append(filled[i], std::move(groups[i]));
        turnstile_.pass();
        progress_.advance(std::min<std::uint64_t>(residents_in_chunk, model_.people - chunk * residents_in_chunk));
      }
    } catch (...) { turnstile_.fail(std::current_exception()); }
  }

  const Model& model_;
  Progress& progress_;
  Faults faults_;
  Sheets sheets_;
  Truth truth_;
  Shared shared_;
  Feeds feeds_;
  std::vector<Outlet> outlets_;
  Turnstile turnstile_;
};

std::string notice(const Model& model, bool complete) {
  return "SYNTHETIC DATA: invented people, not real people or performance.\n"
         "system: " +
      model.system.id + "\nstate: " + (complete ? "complete" : "being written") + "\npeople: " + std::to_string(model.people) +
      "\nrepresents: " + std::to_string(model.system.represented_population) + "\nseed: " + std::to_string(model.seed) + "\nfrom: " + to_string(model.from) +
      "\nto: " + to_string(model.as_of) + "\nversion: 1\n";
}

std::string manifest(const Model& model, const Report& report) {
  std::string text = "{\n  \"synthetic\": true,\n  \"format_version\": 1,\n  \"system\": \"" + model.system.id +
      "\",\n  \"people\": " + std::to_string(model.people) + ",\n  \"represents\": " + std::to_string(model.system.represented_population) +
      ",\n  \"seed\": " + std::to_string(model.seed) + ",\n  \"from\": \"" + to_string(model.from) + "\",\n  \"to\": \"" + to_string(model.as_of) +
      "\",\n  \"files\": [";
  bool first = true;
  for (const auto& file : report.files) {
    if (!file.path.starts_with("extracts/")) continue;
    text += std::string(first ? "" : ",") + "\n    {\"path\": \"" + file.path.substr(9) + "\", \"rows\": " + std::to_string(file.rows) + "}";
    first = false;
  }
  return text + "\n  ]\n}\n";
}

}  // namespace

Report synthesise(const Options& options, Progress& progress) {
  if (options.people < 1 || options.people > 5'000'000)
    throw Error(ErrorKind::user, "--people must be between 1 and 5,000,000", "ask for a number in that range");
  LoadedModel loaded = load_model(options.system, options.people, options.seed);
  if (has_errors(loaded.diagnostics)) {
    Report failed;
    failed.diagnostics = std::move(loaded.diagnostics);
    return failed;
  }
  const Model& model = loaded.model;
  clear_for_writing(options.out);
  write_text(options.out / "extracts" / "SYNTHETIC.txt", notice(model, false));
  Run run(model, options, progress);
  Report report = run.write(options.threads == 0 ? 1 : options.threads);
  report.diagnostics = std::move(loaded.diagnostics);
  write_text(options.out / "extracts" / "manifest.json", manifest(model, report));
  write_text(options.out / "extracts" / "SYNTHETIC.txt", notice(model, true));
  return report;
}

}  // namespace catchment::synth
