#include "build/build.h"

#include <sys/resource.h>

#include <algorithm>
#include <array>
#include <chrono>
#include <fstream>
#include <iterator>
#include <sstream>

#include "base/error.h"
#include "base/hash.h"
#include "build/accuracy.h"
#include "build/authored.h"
#include "build/content_hash.h"
#include "build/definition_folder.h"
#include "build/link_stage.h"
#include "build/lock.h"
#include "build/lookup_store.h"
#include "build/publish.h"
#include "build/review_queue.h"
#include "build/sql.h"
#include "indicators/indicators.h"
#include "intake/intake.h"
#include "measures/measures.h"
#include "records/records.h"

namespace catchment::build {

namespace fs = std::filesystem;

namespace {

constexpr std::size_t measures_stage_at = std::size(stages) - 1;

class Build {
 public:
  Build(const BuildSettings& settings, const Clock& clock, Progress& progress)
      : settings_(settings),
        progress_(progress),
        workspace_{settings.workspace},
        lock_(settings.workspace),
        definitions_(load_definition_folder(settings.system)),
        files_{workspace_.snapshots() / "building"},
        now_(clock.now()) {
    as_of_ = settings.as_of.value_or(definitions_.system.as_of);
    options_.memory_limit = settings.memory_limit;
    options_.threads = static_cast<int>(settings.threads);
    options_.temporary_directory = files_.folder / "spill";
  }

  Receipt run() {
    receipt_.stage = settings_.stage;
    receipt_.system_name = definitions_.system.name;
    receipt_.synthetic = definitions_.system.synthetic;
    receipt_.represented_population = definitions_.system.represented_population;
    receipt_.as_of = as_of_;
    receipt_.built_at = now_;
    for (std::size_t i = 0; i < std::size(stages); ++i) {
      if (!settings_.stage.empty() && stages[i] != settings_.stage) continue;
      const auto started = std::chrono::steady_clock::now();
      progress_.step("stage " + std::to_string(i + 1) + " of " + std::to_string(std::size(stages)) + ": " + std::string(stages[i]), 0, "stage");
      run_stage(i);
      receipt_.times.push_back({std::string(stages[i]), std::chrono::duration<double>(std::chrono::steady_clock::now() - started).count()});
    }
    struct rusage usage{};
    ::getrusage(RUSAGE_SELF, &usage);
    receipt_.peak_memory_bytes = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
    return receipt_;
  }

 private:
  void run_stage(std::size_t stage) {
    if (stage == 0) begin();
    else if (stage != measures_stage_at) require_before(stage);
    switch (stage) {
      case 0: intake_stage(); break;
      case 1: linkage_stage(); break;
      case 2: records_stage(); break;
      case 3: publish_stage(); return;  // the building folder is gone
      default: measures_stage(); return;
    }
    mark(stage);
  }

  // A fresh building folder: what a dead build left is removed, the live snapshot is not touched.
  void begin() {
    fs::create_directories(workspace_.snapshots());
    fs::remove_all(files_.folder);
    remove_old_snapshots(workspace_, settings_.keep_snapshots);
    fs::create_directories(options_.temporary_directory);
    fs::permissions(files_.folder, fs::perms::owner_all);
  }

  fs::path marks() const { return files_.folder / "stages.done"; }

  // The first line says what the building folder was made from; the others are the finished stages.
  std::string basis() const { return definitions_.hash + " " + to_string(as_of_); }

  std::vector<std::string> read_marks() const {
    std::vector<std::string> lines;
    std::ifstream file(marks());
    for (std::string line; std::getline(file, line);) lines.push_back(line);
    return lines;
  }

  void mark(std::size_t stage) {
    std::string text = basis() + "\n";
    for (std::size_t i = 0; i <= stage; ++i) text += std::string(stages[i]) + "\n";
    write_durably(marks(), text);
  }

  void require_before(std::size_t stage) {
    const std::vector<std::string> lines = read_marks();
    const std::string before(stages[stage - 1]);
    const std::string fix = "catchment build --workspace " + settings_.workspace.string() + " (all stages), or --stage " + before + " first";
    if (lines.empty() || std::find(lines.begin() + 1, lines.end(), before) == lines.end())
      throw Error(ErrorKind::user, "stage " + std::string(stages[stage]) + " needs stage " + before + ", which has not been run", fix);
    if (lines[0] != basis())
      throw Error(ErrorKind::user, "the definition folder or the as-of date changed since stage intake",
                  "catchment build --workspace " + settings_.workspace.string() + " (all stages)");
  }

  void intake_stage() {
    intake::IntakeSettings settings;
    settings.extracts = workspace_.extracts();
    settings.snapshot = files_.folder;
    settings.temporary_directory = options_.temporary_directory;
    settings.memory_limit = settings_.memory_limit;
    settings.threads = settings_.threads;
    settings.as_of = as_of_;
    settings.zone = definitions_.system.zone;
    const intake::IntakeResult result = intake::stage_extracts(definitions_.feeds, settings, progress_);
    std::string failures;
    for (const std::string& failure : result.failures) failures += failure + "\n";
    write_durably(files_.folder / "failures.txt", failures);
  }

  // Publication links again when stages were run one by one: it trains when they did.
  fs::path trained_mark() const { return files_.folder / "trained"; }

  LinkOptions link_options(bool train) const {
    LinkOptions out;
    out.model = definitions_.linkage_model;
    out.definition = to_hex(sha256(definitions_.linkage_texts.model.value_or("") + "\n" + definitions_.linkage_texts.nicknames.value_or("")));
    out.placements = workspace_.root / "placements.sqlite";
    out.train = train, out.place_all = settings_.place_all;
    return out;
  }

  void linkage_stage() {
    Authored authored(workspace_.authored());
    LinkStage stage = link_subjects(files_.staged(), options_, authored, now_, receipt_, progress_, link_options(settings_.train));
    if (stage.trained) write_durably(trained_mark(), "");
    write_lookup(lookup_file(files_.folder), stage.lookup, definitions_.linkage_texts);
    stage.lookup.reset();
    linked_ = std::move(stage);
  }

  void records_stage() {
    records::AssembleSettings settings;
    settings.folder = files_.folder;
    settings.temporary_directory = options_.temporary_directory;
    settings.as_of = as_of_;
    settings.memory_limit = settings_.memory_limit;
    settings.threads = settings_.threads;
    const records::AssembleResult result = records::assemble(definitions_.reference, settings, progress_);
    keep_queue(files_.staged(), files_.identity(), options_);
    write_durably(files_.folder / "blocks.sha256", {reinterpret_cast<const char*>(result.digest.data()), result.digest.size()});
  }

  // Held against what was published before: not a part of the snapshot, whose content hash depends on what it was made from alone.
  void count_everyone(const std::string& content_hash) {
    db::DuckOptions reading = options_;
    reading.read_only = true;
    const db::Duck population(files_.population(), reading);
    db::Connection connection = population.connect();
    const auto counts = indicators::publish_head_counts(connection, definitions_.system, as_of_, indicators::figures_file(workspace_.root, content_hash));
    receipt_.results = counts.counts;
    receipt_.suppressed = counts.hidden;
  }

  Digest block_digest() const {
    std::ifstream file(files_.folder / "blocks.sha256", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), {});
    Digest digest{};
    std::copy_n(bytes.begin(), std::min(bytes.size(), digest.size()), digest.begin());
    return digest;
  }

  void read_failures() {
    std::ifstream file(files_.folder / "failures.txt");
    for (std::string line; std::getline(file, line);) receipt_.failures.push_back(line);
  }

  void publish_stage() {
    progress_.step("checking and publishing", 0, "");
    if (!linked_) relink();
    read_failures();
    describe_snapshot(files_.population(), options_, receipt_);
    records::Manifest manifest = make_manifest();
    receipt_.content_hash = manifest.content_hash;
    receipt_.snapshot = manifest.id;
    count_everyone(manifest.content_hash);
    receipt_.accuracy = measure_accuracy(settings_.workspace, files_.staged(), options_);
    for (const char* leftover : {"staged.duckdb", "staged.duckdb.wal", "stages.done", "blocks.sha256", "failures.txt", "trained"})
      fs::remove(files_.folder / leftover);
    fs::remove_all(options_.temporary_directory);
    for (const auto& entry : fs::directory_iterator(files_.folder)) receipt_.disk_bytes += entry.file_size();
    write_durably(files_.receipt(), to_json(receipt_));
    write_durably(files_.manifest(), records::to_json(manifest));
    settle(workspace_, files_.folder, manifest.id);
    records::Snapshot::open_folder(workspace_.snapshots() / manifest.id);  // it opens, or it is not published
    // The register first: an id that was given out must never be given to somebody else, whatever happens next.
    Authored authored(workspace_.authored());
    authored.keep(linked_->previous, linked_->next, linked_->events, manifest.id, now_, manifest.content_hash, to_json(receipt_), linked_->trained);
    make_current(workspace_, manifest.id);
    write_durably(workspace_.system_choice(), fs::absolute(settings_.system).string() + "\n");
    remove_old_snapshots(workspace_, settings_.keep_snapshots);
    progress_.done();
  }

  // The published snapshot stands whatever happens here: its measures are kept beside it and can be made again.
  void measures_stage() {
    if (settings_.measure_months <= 0) return;
    const auto snapshot = records::Snapshot::open(workspace_);
    system::Definitions folder(settings_.system);
    const measures::LoadedMeasures loaded = measures::load_measures(std::move(folder), definitions_.system, definitions_.codelists);
    if (has_errors(loaded.diagnostics)) {
      std::string message = "the measure library has faults; the snapshot is published without its measures";
      for (const Diagnostic& d : loaded.diagnostics) message += "\n" + to_string(d);
      throw Error(ErrorKind::user, message, "correct them, then: catchment build --workspace " + settings_.workspace.string() + " --stage measures");
    }
    if (loaded.library.measures.empty()) return;
    measures::MonthsOptions options;
    options.last = snapshot->manifest().as_of;
    options.months = settings_.measure_months;
    options.threads = settings_.threads;
    const measures::MembersStore store(workspace_.root / "measures");
    const measures::MonthsResult result = measures::run_months(loaded.library, definitions_.codelists, *snapshot, store, options, progress_);
    for (const auto& [error, count] : result.errors) receipt_.failures.push_back("measure " + error + " (" + std::to_string(count) + " times)");
    const std::string& content_hash = snapshot->manifest().content_hash;
    const auto figures =
        indicators::publish_measures(*snapshot, definitions_.system, loaded.library, store, indicators::figures_file(workspace_.root, content_hash), progress_);
    remove_old_measures();
    receipt_.measures = static_cast<std::int64_t>(figures.measures + figures.unchanged);
    receipt_.measure_figures = figures.figures;
  }

  // Members and figures of snapshots that are gone.
  void remove_old_measures() const {
    std::vector<fs::path> kept;
    for (const auto& entry : fs::directory_iterator(workspace_.snapshots()))
      if (fs::exists(entry.path() / "manifest.json"))
        kept.push_back(indicators::figures_file(workspace_.root, records::read_manifest(entry.path()).content_hash).parent_path().filename());
    for (const auto& entry : fs::directory_iterator(workspace_.root / "measures"))
      if (entry.is_directory() && std::find(kept.begin(), kept.end(), entry.path().filename()) == kept.end()) fs::remove_all(entry.path());
  }

  // When stages were run one by one, the register's news is made again: it is the same by construction.
  void relink() {
    Authored authored(workspace_.authored());
    const std::string before = person_index_hash(files_.staged(), options_);
    linked_ = link_subjects(files_.staged(), options_, authored, now_, receipt_, progress_, link_options(fs::exists(trained_mark())));
    linked_->lookup.reset();  // stage linkage kept it
    if (person_index_hash(files_.staged(), options_) != before)
      throw Error(ErrorKind::user, "the person register or its reviews changed since stage linkage",
                  "catchment build --workspace " + settings_.workspace.string() + " (all stages)");
  }

  records::Manifest make_manifest() {
    records::Manifest manifest;
    manifest.product_version = settings_.product_version;
    manifest.id = new_snapshot_id(workspace_, now_);
    manifest.system = definitions_.system.id;
    manifest.system_name = definitions_.system.name;
    manifest.synthetic = definitions_.system.synthetic;
    manifest.represented_population = definitions_.system.represented_population;
    manifest.as_of = as_of_;
    manifest.built_at = now_;
    manifest.definitions = definitions_.files;
    manifest.definitions_hash = definitions_.hash;
    manifest.extracts = extract_hashes(files_.population(), options_);
    manifest.extracts_hash = hash_of(manifest.extracts);
    manifest.persons = receipt_.persons;
    manifest.content_hash = content_hash(files_, block_digest(), as_of_, manifest.definitions_hash, options_);
    return manifest;
  }

  const BuildSettings& settings_;
  Progress& progress_;
  records::Workspace workspace_;
  WorkspaceLock lock_;
  DefinitionFolder definitions_;
  records::SnapshotFiles files_;
  Instant now_;
  Date as_of_;
  db::DuckOptions options_;
  std::optional<LinkStage> linked_;
  Receipt receipt_;
};

void check_workspace(const BuildSettings& settings) {
  if (!settings.stage.empty() && std::find(std::begin(stages), std::end(stages), settings.stage) == std::end(stages))
    throw Error(ErrorKind::user, "there is no stage " + settings.stage, "the stages are intake, linkage, records, publish and measures");
  if (!fs::is_directory(settings.workspace))
    throw Error(ErrorKind::user, "there is no workspace " + settings.workspace.string(), "make the folder and put partners' files into its extracts/");
  if (!fs::is_directory(settings.workspace / "extracts"))
    throw Error(ErrorKind::user, "the workspace " + settings.workspace.string() + " has no folder extracts/",
                "put partners' files there, or write a synthetic population: catchment synth --people 5000 --out " + settings.workspace.string());
}

}  // namespace

Receipt build_workspace(const BuildSettings& settings, const Clock& clock, Progress& progress) {
  check_workspace(settings);
  try {
    return Build(settings, clock, progress).run();
  } catch (const fs::filesystem_error& error) {
    if (error.code() == std::errc::no_space_on_device)
      throw Error(ErrorKind::environment, "the disk is full", "free space, then build again; nothing that was published is lost");
    throw Error(ErrorKind::environment, std::string("the workspace could not be used: ") + error.code().message() + ": " + error.path1().string(),
                "check that it may be written");
  }
}

}  // namespace catchment::build
