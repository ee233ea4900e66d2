// catchment cql run --workspace: a library answered for everyone of a published snapshot.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <fstream>
#include <map>
#include <mutex>
#include <optional>
#include <thread>

#include "access/access.h"
#include "base/clock.h"
#include "base/error.h"
#include "cli/command_subject.h"
#include "cli/cql_answer_rows.h"
#include "cli/cql_population_run.h"
#include "cli/run.h"
#include "cli/terminal_progress.h"
#include "measures/measures.h"

namespace catchment::cli {

namespace {

/// Writes chunks in their order as they come.
class RowSink final : public measures::AnswerSink {
 public:
  RowSink(const std::vector<AnswerColumn>& columns, std::FILE* file, bool ndjson) : columns_(columns), file_(file), ndjson_(ndjson) {}

  void person(std::size_t chunk, const records::PersonSummary& person, std::span<const cql::Value> values, bool without_rows) override {
    std::string& text = text_of(chunk);
    const std::string id = std::to_string(person.person.value);
    if (!without_rows) {
      text += row(id, values);
      return;
    }
    const std::string& rest = row_of_the_rest(values);
    text.append(rest, 0, rest_id_).append(id).append(rest, rest_id_ + 1);
  }

  void chunk_done(std::size_t chunk) override {
    const std::lock_guard<std::mutex> lock(mutex_);
    done_[chunk] = true;
    for (auto next = texts_.find(next_); next != texts_.end() && done_[next_]; next = texts_.find(++next_)) {
      if (std::fwrite(next->second->data(), 1, next->second->size(), file_) != next->second->size())
        throw Error(ErrorKind::environment, "the answers cannot be written", "see that the disk has room");
      done_.erase(next_);
      texts_.erase(next);
    }
  }

 private:
  std::string row(const std::string& id, std::span<const cql::Value> values) const {
    return ndjson_ ? json_row("person", id, columns_, values) : csv_row(id, columns_, values);
  }
  std::string& text_of(std::size_t chunk) {
    const std::lock_guard<std::mutex> lock(mutex_);
    auto& text = texts_[chunk];
    if (!text) text = std::make_unique<std::string>();
    return *text;
  }
  /// The same for everyone without rows but for the id, whose place is kept.
  const std::string& row_of_the_rest(std::span<const cql::Value> values) {
    const std::lock_guard<std::mutex> lock(mutex_);
    if (rest_.empty()) {
      rest_ = row("0", values);
      rest_id_ = rest_.find('0');
    }
    return rest_;
  }

  const std::vector<AnswerColumn>& columns_;
  std::FILE* file_;
  bool ndjson_;
  std::mutex mutex_;
  std::map<std::size_t, std::unique_ptr<std::string>> texts_;
  std::map<std::size_t, bool> done_;
  std::size_t next_ = 0;
  std::string rest_;
  std::size_t rest_id_ = 0;
};

void print_timings(const measures::PopulationProgram& program, const measures::PopulationRunResult& result) {
  for (const measures::TableScan& scan : program.scans().scans)
    fmt::print(stderr, "scan {}: {}, {} columns\n", records::tables[scan.table].name, measures::describe(scan), scan.columns.size());
  fmt::print(stderr, "{} rows, {} of {} persons evaluated, {} slice{}, scanning {:.3f} s, evaluating {:.3f} s\n", result.rows, result.evaluated, result.persons,
             result.slices, result.slices == 1 ? "" : "s", result.scan_seconds, result.evaluate_seconds);
}

std::int64_t person_number(const std::string& text) {
  std::int64_t number = 0;
  const auto [end, fault] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (fault != std::errc() || end != text.data() + text.size())
    throw Error(ErrorKind::user, "a person of a snapshot is named by a number", "take a number from a run's output");
  return number;
}

/// Leave to read elements that are no column, asked for only where the library names some.
std::optional<records::RowFilter> leave_to_read_resources(access::Gate& gate, const cql::Program& program, const std::vector<std::int32_t>& definitions,
                                                          const records::Snapshot& snapshot) {
  if (!measures::program_reads(program, definitions).sent) return {};
  access::Subject subject = command_subject();
  subject.role = access::Role::analyst;
  subject.purpose = access::Purpose::population_health;
  return admit_to_rows(gate, subject, {access::ObjectKind::sent_resource, "cql run " + program.main_library().name, {}, snapshot.manifest().id}, snapshot)
      .filter;
}

int print_evidence(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot, const std::vector<std::int32_t>& definitions,
                   std::int64_t person, const std::optional<records::RowFilter>& resources) {
  const auto evidence = measures::person_evidence(program, request, snapshot, definitions, PersonId{person}, resources);
  if (!evidence) throw Error(ErrorKind::user, "the snapshot has no such person", "take a number from a run's output");
  for (std::size_t i = 0; i < definitions.size(); ++i)
    fmt::print("{}: {}\n", program.main_library().definitions[static_cast<std::size_t>(definitions[i])].name, evidence->answers[i]);
  fmt::print("\nrows behind them:\n");
  for (const measures::Evidence& row : evidence->rows) {
    const auto& sources = snapshot.dictionaries().sources;
    const auto source = static_cast<std::size_t>(row.row.source.value);
    fmt::print("  {}.\"{}\" {}:{}  {}  {} line {}\n", row.library, row.definition, row.at.line, row.at.column, row.row.table,
               source < sources.size() ? sources[source].file : "", row.row.line);
  }
  return exit_done;
}

}  // namespace

int run_over_snapshot(const PopulationRun& options) {
  const bool ndjson = options.out.ends_with(".ndjson");
  if (!options.out.empty() && !ndjson && !options.out.ends_with(".csv"))
    throw Error(ErrorKind::user, "the output is neither .csv nor .ndjson: " + options.out, "end its name in .csv or .ndjson");
  const auto program = load_program(options.program);
  if (!program) return exit_check_failed;
  RequestValueSets value_sets;
  const cql::Request request = make_request(*program, options.data, value_sets);
  const records::Workspace workspace{options.workspace};
  const auto snapshot = records::Snapshot::open(workspace);
  const SystemClock clock;
  access::AuditWriter audit(workspace.audit());
  access::Gate gate(audit, clock);
  admit_to_rows(gate, command_subject(),
                {access::ObjectKind::measure, "cql run " + program->main_library().name + ", answers by person", {}, snapshot->manifest().id}, *snapshot);

  const std::vector<std::int32_t> definitions = measures::answerable_definitions(*program);
  const auto resources = leave_to_read_resources(gate, *program, definitions, *snapshot);
  if (!options.evidence.empty()) return print_evidence(*program, request, *snapshot, definitions, person_number(options.evidence), resources);
  measures::PopulationOptions settings;
  settings.threads = options.threads > 0 ? options.threads : std::max(1U, std::thread::hardware_concurrency());
  settings.memory_bytes = options.memory_megabytes << 20;
  settings.definitions = definitions;
  settings.first_persons = options.subjects;
  settings.tree_walk = options.tree_walk;
  settings.resources = resources;
  const std::vector<AnswerColumn> columns = answer_columns(*program);
  const auto close = [](std::FILE* file) { std::fclose(file); };
  std::unique_ptr<std::FILE, decltype(close)> file(options.out.empty() ? nullptr : std::fopen(options.out.c_str(), "wb"), close);
  if (!options.out.empty() && !file) throw Error(ErrorKind::environment, "cannot write " + options.out, "check the folder");
  std::FILE* const to = file ? file.get() : stdout;
  if (!ndjson) std::fputs(csv_header(columns, "person").c_str(), to);
  const measures::PopulationProgram prepared(*program, request, *snapshot, settings);
  RowSink sink(columns, to, ndjson);
  const auto progress = progress_for_standard_error();
  const measures::PopulationRunResult result = prepared.run(sink, *progress);
  if (std::fflush(to) != 0) throw Error(ErrorKind::environment, "the answers cannot be written", "see that the disk has room");
  if (options.timings) print_timings(prepared, result);
  if (!options.out.empty()) fmt::print("{} persons, {} definitions: {}\n", result.persons, columns.size(), options.out);
  for (const auto& [error, count] : result.errors) fmt::print(stderr, "{} ({} person{})\n", error, count, count == 1 ? "" : "s");
  return result.errors.empty() ? exit_done : exit_check_failed;
}

}  // namespace catchment::cli
