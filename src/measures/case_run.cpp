#include <algorithm>
#include <set>

#include "base/error.h"
#include "measures/case.h"
#include "measures/standing.h"

namespace catchment::measures {

namespace {

const LibraryMeasure* measure_of(const MeasureLibrary& library, const Expected& expected, const MeasureCase& one, Diagnostics& diagnostics) {
  for (const LibraryMeasure& measure : library.measures)
    if (measure.words.id == expected.measure && !one.year.empty() && measure.year == one.year) return &measure;
  const LibraryMeasure* found = one.year.empty() ? find_measure(library, expected.measure, one.at) : nullptr;
  if (found == nullptr) {
    std::vector<std::string> ids;
    ids.reserve(library.measures.size());
    for (const LibraryMeasure& measure : library.measures) ids.push_back(measure.words.id);
    const std::string near = nearest(expected.measure, ids);
    diagnostics.push_back({one.file, expected.line, 1, Severity::error,
                           "there is no measure '" + expected.measure + "'" + (one.year.empty() ? "" : " for " + one.year),
                           near.empty() ? "name one with: measure ID" : "did you mean '" + near + "'?"});
  }
  return found;
}

/// The people of a case as rows of the record.
bool fill(RecordRows& rows, const MeasureCase& one, Diagnostics& diagnostics) {
  bool whole = true;
  for (const CaseRow& row : one.rows) whole = rows.add(std::to_string(row.person), row.table, row.cells, one.file, row.line, diagnostics) && whole;
  return whole;
}

}  // namespace

CaseResults run_cases(const MeasureLibrary& library, const terminology::Codelists& codelists, const std::vector<MeasureCase>& cases, Diagnostics& diagnostics) {
  CaseResults results;
  std::vector<const LibraryMeasure*> measures;
  std::set<std::string> ids;
  struct Job {
    const MeasureCase* of;
    const Expected* expected;
    std::size_t measure;
  };
  std::vector<Job> jobs;
  for (const MeasureCase& one : cases) {
    for (const Expected& expected : one.expected) {
      const LibraryMeasure* measure = measure_of(library, expected, one, diagnostics);
      if (measure == nullptr) continue;
      ids.insert(measure->words.id);
      const auto at = std::find(measures.begin(), measures.end(), measure);
      jobs.push_back({&one, &expected, static_cast<std::size_t>(at - measures.begin())});
      if (at == measures.end()) measures.push_back(measure);
    }
  }
  results.measures.assign(ids.begin(), ids.end());
  const auto program = program_of(library, measures, diagnostics);
  if (!program) return results;
  const cql::Plan plan(*program);
  const CodelistSets sets(codelists);
  for (const Job& job : jobs) {
    RecordRows rows;
    if (!fill(rows, *job.of, diagnostics)) continue;
    cql::Request request;
    request.time = *cql::Temporal::parse_datetime(to_string(job.of->at) + "T12:00:00.000Z");
    request.value_sets = &sets;
    set_month(*program, job.of->at, request);
    const struct Dropping {  // after the run, which is made below
      cql::Request& request;
      ~Dropping() { drop_parameters(request); }
    } dropping{request};
    cql::Context context;
    cql::PlannedRun run(plan, request, context);
    CaseFailure outcome;
    outcome.of = job.of;
    outcome.expected = *job.expected;
    outcome.came.measure = job.expected->measure;
    try {
      for (const std::string& person : rows.people()) {
        const auto view = rows.view(person);
        run.begin(view.get());
        const Standing standing = standing_of(run, *program, job.measure);
        outcome.came.denominator += standing.denominator;
        outcome.came.excluded += standing.excluded;
        outcome.came.numerator += standing.numerator;
        run.begin(nullptr);
      }
    } catch (const Error& error) { outcome.error = error.what(); }
    const bool same = outcome.error.empty() && outcome.came.denominator == outcome.expected.denominator &&
        outcome.came.numerator == outcome.expected.numerator && outcome.came.excluded == outcome.expected.excluded;
    if (same) ++results.passed;
    else results.failures.push_back(std::move(outcome));
  }
  return results;
}

}  // namespace catchment::measures
