// The stage: files are found, read, parsed by several workers and committed in order.
#include <algorithm>
#include <condition_variable>
#include <exception>
#include <iterator>
#include <mutex>
#include <thread>
#include <unordered_map>

#include "base/error.h"
#include "intake/fhir_rows.h"
#include "intake/intake.h"
#include "intake/parquet_rows.h"
#include "intake/reading.h"
#include "intake/staged_store.h"

namespace catchment::intake {

namespace {

/// Takes turns: worker n+1 commits after worker n. The first failure stops all.
class Turns {
 public:
  bool wait(std::uint64_t sequence) {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [&] { return now_ == sequence || failed_; });
    return !failed_;
  }
  void done() {
    const std::lock_guard lock(mutex_);
    ++now_;
    changed_.notify_all();
  }
  void fail(const std::exception_ptr& error) {
    const std::lock_guard lock(mutex_);
    if (!failed_) failed_ = error;
    changed_.notify_all();
  }
  bool failed() {
    const std::lock_guard lock(mutex_);
    return failed_ != nullptr;
  }
  void rethrow() {
    if (failed_) std::rethrow_exception(failed_);
  }

 private:
  std::mutex mutex_;
  std::condition_variable changed_;
  std::uint64_t now_ = 0;
  std::exception_ptr failed_;
};

/// Reads the organisation files among the deliveries into the register, ahead of the rows that are checked against it.
OrganisationRegister read_register(const FeedDefinitions& definitions, const IntakeSettings& settings, const std::vector<Delivery>& deliveries,
                                   RunContext context) {
  OrganisationRegister out(definitions.organisations);
  std::vector<Delivery> files;
  std::copy_if(deliveries.begin(), deliveries.end(), std::back_inserter(files),
               [](const Delivery& d) { return d.status.empty() && d.feed != nullptr && fills_register(*d.feed); });
  if (files.empty()) return out;
  context.organisations = nullptr;
  Reader reader(files, settings);
  LocalDictionary dictionary;
  Batch batch;
  for (Work piece; reader.next(piece);) {
    const Feed& feed = *piece.delivery->feed;
    if (!piece.plan || piece.plan->where.empty()) continue;
    batch.start(feed.columns.size());
    RowProgram program(*piece.plan, context, dictionary);
    if (!piece.block.rows.empty()) program.run(piece.block, batch);
    if (piece.chunk_count > 0) run_chunks(program, piece, feed.has_unique_check(), batch);
    for (const StagedRow& row : batch.staged) {
      if (records::table_at(row.table).name != "organisation_entry") continue;
      const Slot* slot = &batch.slots[row.first_slot];  // code, name, parent, opened, closed
      if (!slot[0].present) continue;
      out.add(dictionary.entry(Word::organisation, static_cast<std::int32_t>(slot[0].integer)).code,
              slot[3].present ? static_cast<std::int32_t>(slot[3].integer) : INT32_MIN,
              slot[4].present ? static_cast<std::int32_t>(slot[4].integer) : INT32_MAX);
      out.make_complete();
    }
  }
  return out;
}

class Stage {
 public:
  Stage(const FeedDefinitions& definitions, const IntakeSettings& settings, Progress& progress)
      : progress_(progress),
        deliveries_(find_deliveries(settings.extracts, definitions)),
        units_(definitions.units),
        zone_(settings.zone),
        register_(read_register(definitions, settings, deliveries_, {&definitions, &units_, &zone_, nullptr, settings.as_of})),
        context_{&definitions, &units_, &zone_, &register_, settings.as_of},
        store_(settings),
        reader_(deliveries_, settings) {
    std::uint64_t total = 0;
    for (const auto& d : deliveries_)
      if (d.status.empty()) total += d.bytes;
    progress_.step("intake", total, "bytes");
    const unsigned threads = std::clamp(settings.threads, 1U, 16U);
    std::vector<std::thread> workers;
    for (unsigned i = 1; i < threads; ++i) workers.emplace_back([this] { work(); });
    work();
    for (auto& worker : workers) worker.join();
    turns_.rethrow();
  }

  IntakeResult finish() {
    auto result = store_.finish();
    progress_.done();
    return result;
  }

 private:
  void work() {
    try {
      LocalDictionary dictionary;
      Work piece;
      Batch batch;
      std::shared_ptr<const FilePlan> plan;
      std::unique_ptr<RowProgram> program;
      FhirRows fhir(context_, dictionary);
      while (!turns_.failed()) {
        {
          const std::lock_guard lock(reading_);
          if (!reader_.next(piece)) return;
        }
        if (piece.plan != plan || !piece.plan) {
          program.reset();
          plan = piece.plan;
        }
        const Feed* feed = piece.delivery->feed;
        batch.start(feed == nullptr ? 0 : feed->columns.size());
        if (plan && feed != nullptr && feed->is_fhir()) {
          fhir.run(*plan, piece.block, piece.delivery->format == Format::fhir_bundle, batch);
        } else if (plan && !plan->where.empty()) {
          if (!program) program = std::make_unique<RowProgram>(*plan, context_, dictionary);
          if (!piece.block.rows.empty()) program->run(piece.block, batch);
          if (piece.chunk_count > 0) run_chunks(*program, piece, feed->has_unique_check(), batch);
        }
        if (!turns_.wait(piece.sequence)) return;
        commit(piece, batch, dictionary);
        turns_.done();
      }
    } catch (...) { turns_.fail(std::current_exception()); }
  }

  void commit(const Work& piece, const Batch& batch, LocalDictionary& dictionary) {
    for (const auto& [rule, column] : piece.file_findings) store_.file_finding(*piece.delivery, rule, column);
    store_.commit(*piece.delivery, batch, dictionary);
    if (piece.last) {
      store_.finish_file(*piece.delivery, piece.status, piece.sha256, piece.bytes);
      progress_.advance(piece.delivery->bytes);
    }
  }

  Progress& progress_;
  std::vector<Delivery> deliveries_;
  UnitTable units_;
  LocalTime zone_;
  OrganisationRegister register_;
  RunContext context_;
  StagedStore store_;
  Reader reader_;
  std::mutex reading_;
  Turns turns_;
};

}  // namespace

IntakeResult stage_extracts(const FeedDefinitions& definitions, const IntakeSettings& settings, Progress& progress) {
  Stage stage(definitions, settings, progress);
  return stage.finish();
}

}  // namespace catchment::intake
