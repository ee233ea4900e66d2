// A CQL program answered for everyone of a snapshot.
// In: a checked program, the request, a published snapshot. Out: each person's answers, handed over chunk by
// chunk; what was read; run-time errors counted by their text. Always: rows of the codes asked for are
// scanned once (once for each slice of persons when they would not fit the memory given); the answers are
// those of the tree walk over the same rows, on any number of threads; an error ends that definition for that
// person only.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/progress.h"
#include "cql/cql.h"
#include "measures/population_rows.h"
#include "records/records.h"

namespace catchment::measures {

struct PopulationOptions {
  unsigned threads = 2;
  std::uint64_t memory_bytes = std::uint64_t{2} << 30;     // for rows; a slice of persons at a time when they need more
  std::vector<std::int32_t> definitions;  // of the main library: those that may be asked
  std::size_t first_persons = 0;          // only so many; 0 = everyone
  bool tree_walk = false;                 // answer by the tree walk over every row: slow, to compare with
  bool answers_written = true;            // else rows among the answers need no label
  /// For who may see resources as they were sent: elements that are no column are read from those; else they are absent.
  std::optional<records::RowFilter> resources;
};

/// Takes answers. Persons of one chunk come in order from one thread; chunks are numbered in the order of
/// persons and may come from several threads at once.
class AnswerSink {
 public:
  virtual ~AnswerSink() = default;
  /// Values follow PopulationOptions::definitions and stand until the call returns. `without_rows`: the
  /// answers everyone has who has no row of what the program reads, when it reads nothing of the person.
  virtual void person(std::size_t chunk, const records::PersonSummary& person, std::span<const cql::Value> values, bool without_rows) = 0;
  virtual void chunk_done(std::size_t) {}
  /// False for a sink that only counts: when nothing of the person is read, those without rows are told
  /// together, once all others are done, and of the others only the number is known.
  virtual bool wants_everyone() const { return true; }
  virtual void rest(std::uint64_t, std::span<const cql::Value>) {}
};

/// Asks for what it wants itself, of a run begun for the person. Errors are its own to catch.
class AskingSink {
 public:
  virtual ~AskingSink() = default;
  /// As AnswerSink::person; `place` counts the snapshot's persons from 0. The run's requests are those the
  /// program was made with.
  virtual void ask(std::size_t chunk, std::size_t place, const records::PersonSummary& person, cql::PlannedRun& run, bool without_rows) = 0;
  virtual void chunk_done(std::size_t) {}
};

struct PopulationRunResult {
  std::uint64_t persons = 0, evaluated = 0, rows = 0;
  std::size_t slices = 1;
  double scan_seconds = 0, evaluate_seconds = 0;
  std::map<std::string, std::uint64_t> errors;  // "Definition: what happened", persons; without person data
};

/// A program made ready for a snapshot.
class PopulationProgram {
 public:
  /// All must outlive this. The request's values must be frozen.
  PopulationProgram(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot, PopulationOptions options);
  /// The same program for several requests (one for each month, say) over one reading of the rows; as
  /// PlannedRun says, they differ in time and parameters only.
  PopulationProgram(const cql::Program& program, std::vector<const cql::Request*> requests, const records::Snapshot& snapshot, PopulationOptions options);
  ~PopulationProgram();
  PopulationProgram(const PopulationProgram&) = delete;
  PopulationProgram& operator=(const PopulationProgram&) = delete;

  const ScanPlan& scans() const;
  const ProgramReads& reads() const;
  const cql::Plan& plan() const;
  /// Answers of the first request.
  PopulationRunResult run(AnswerSink& sink, Progress& progress) const;
  PopulationRunResult run(AskingSink& sink, Progress& progress) const;

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A row that made a definition what it is, of one person.
struct Evidence {
  std::string library, definition;
  cql::SourcePosition at;  // of the query or retrieve that gave it
  std::string resource;    // "Condition/condition-12-3456"
  RowAddress row;
};

struct PersonEvidence {
  std::vector<std::string> answers;  // as CQL, by PopulationOptions::definitions
  std::vector<Evidence> rows;
};

/// One person's answers with the rows behind them. Nothing when the snapshot has no such person.
std::optional<PersonEvidence> person_evidence(const cql::Program& program, const cql::Request& request, const records::Snapshot& snapshot,
                                              const std::vector<std::int32_t>& definitions, PersonId person,
                                              const std::optional<records::RowFilter>& resources = {});

/// The public definitions of the main library that can be evaluated.
std::vector<std::int32_t> answerable_definitions(const cql::Program& program);

}  // namespace catchment::measures
