#include "measures/library_program.h"

#include <algorithm>
#include <map>

#include "base/error.h"

namespace catchment::measures {

namespace {

/// One month's request; what it freezes is given up after the runs over it.
struct MonthRequest {
  MonthRequest(const cql::Program& program, const cql::ValueSets& sets, Date on) {
    request.time = *cql::Temporal::parse_datetime(to_string(on) + "T12:00:00.000Z");
    request.value_sets = &sets;
    set_month(program, on, request);
  }
  ~MonthRequest() { drop_parameters(request); }
  MonthRequest(const MonthRequest&) = delete;
  MonthRequest& operator=(const MonthRequest&) = delete;
  cql::Request request;
};

std::vector<const LibraryMeasure*> every(const MeasureLibrary& library) {
  std::vector<const LibraryMeasure*> all;
  all.reserve(library.measures.size());
  for (const LibraryMeasure& measure : library.measures) all.push_back(&measure);
  return all;
}

std::unique_ptr<cql::Program> checked(const MeasureLibrary& library) {
  Diagnostics diagnostics;
  auto program = program_of(library, every(library), diagnostics);
  if (!program)
    throw Error(ErrorKind::environment, "the measure library has faults; the first is " + to_string(diagnostics.front()), "run catchment measure lint");
  return program;
}

}  // namespace

struct LibraryProgram::State {
  State(const MeasureLibrary& of, const terminology::Codelists& codelists) : library(of), sets(codelists), program(checked(of)), plan(*program, true) {}
  const MeasureLibrary& library;
  CodelistSets sets;
  std::unique_ptr<cql::Program> program;
  cql::Plan plan;
};

LibraryProgram::LibraryProgram(const MeasureLibrary& library, const terminology::Codelists& codelists) : state_(std::make_unique<State>(library, codelists)) {}
LibraryProgram::~LibraryProgram() = default;

const LibraryMeasure& LibraryProgram::measure(std::size_t place) const { return state_->library.measures.at(place); }

std::optional<std::size_t> LibraryProgram::place_of(std::string_view id, Date on, std::string_view year) const {
  const auto& measures = state_->library.measures;
  const LibraryMeasure* found = nullptr;
  if (year.empty()) found = find_measure(state_->library, id, on);
  for (const LibraryMeasure& measure : measures)
    if (!year.empty() && measure.words.id == id && measure.year == year) found = &measure;
  if (found == nullptr) return std::nullopt;
  return static_cast<std::size_t>(found - measures.data());
}

std::vector<std::size_t> LibraryProgram::holding(Date on) const {
  std::vector<std::size_t> places;
  std::string_view last;
  for (const LibraryMeasure& measure : state_->library.measures) {
    if (measure.words.id == last) continue;
    last = measure.words.id;
    places.push_back(*place_of(measure.words.id, on));
  }
  return places;
}

std::vector<std::optional<Standing>> LibraryProgram::standings(const cql::DataProvider& person, Date on, const std::vector<std::size_t>& places) const {
  const MonthRequest month(*state_->program, state_->sets, on);
  cql::Context context;
  context.request_time = month.request.time;
  cql::PlannedRun run(state_->plan, month.request, context);
  run.begin(&person);
  std::vector<std::optional<Standing>> all;
  all.reserve(places.size());
  for (const std::size_t place : places) {
    try {
      all.emplace_back(standing_of(run, *state_->program, place));
    } catch (const cql::EvaluationError&) { all.emplace_back(std::nullopt); }
  }
  run.begin(nullptr);
  return all;
}

StandingBehind LibraryProgram::behind(const cql::DataProvider& person, Date on, std::size_t place) const {
  const MonthRequest month(*state_->program, state_->sets, on);
  try {
    return standing_behind(state_->plan, month.request, person, place);
  } catch (const cql::EvaluationError& error) {
    throw Error(ErrorKind::user, "the measure cannot be worked out: " + std::string(error.what()), "tell the measure's owner");
  }
}

std::vector<CaseBehind> cases_behind(const LibraryProgram& program, const std::vector<MeasureCase>& cases, std::string_view measure) {
  std::vector<CaseBehind> all;
  for (const MeasureCase& one : cases) {
    for (const Expected& expected : one.expected) {
      const auto place = expected.measure == measure ? program.place_of(measure, one.at, one.year) : std::nullopt;
      if (!place) continue;
      RecordRows rows;
      Diagnostics faults;
      std::map<int, std::vector<const CaseRow*>> by_person;
      for (const CaseRow& row : one.rows) {
        rows.add(std::to_string(row.person), row.table, row.cells, one.file, row.line, faults);
        by_person[row.person].push_back(&row);
      }
      if (has_errors(faults)) continue;
      CaseBehind behind;
      behind.of = &one;
      behind.expected = &expected;
      Expected came;
      for (auto& [person, own] : by_person) {
        const auto view = rows.view(std::to_string(person));
        CasePersonBehind made{std::move(own), program.behind(*view, one.at, *place)};
        came.denominator += made.behind.standing.denominator;
        came.excluded += made.behind.standing.excluded;
        came.numerator += made.behind.standing.numerator;
        behind.people.push_back(std::move(made));
      }
      behind.as_expected = came.denominator == expected.denominator && came.numerator == expected.numerator && came.excluded == expected.excluded;
      all.push_back(std::move(behind));
    }
  }
  return all;
}

}  // namespace catchment::measures
