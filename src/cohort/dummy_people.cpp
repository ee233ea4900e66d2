// Made-up people for a cohort: one who is in it, and for each clause one who differs by that clause alone.
#include <algorithm>
#include <chrono>
#include <map>

#include "base/error.h"
#include "cohort/cohort.h"
#include "cohort/words.h"

namespace catchment::cohort {

namespace {

using Truths = std::map<const Clause*, bool>;  // what each leaf is to be

void leaves_of(const Clause& clause, std::vector<const Clause*>& leaves) {
  const bool inner = clause.kind == ClauseKind::all || clause.kind == ClauseKind::any || clause.kind == ClauseKind::no;
  if (!inner) leaves.push_back(&clause);
  for (const Clause& part : clause.parts) leaves_of(part, leaves);
}

/// Chooses leaves so that the clause is `wanted`; of an any, the first part makes it true and the others stay false.
void choose(const Clause& clause, bool wanted, Truths& truths) {
  switch (clause.kind) {
    case ClauseKind::no: return choose(clause.parts.at(0), !wanted, truths);
    case ClauseKind::all:
      for (std::size_t i = 0; i < clause.parts.size(); ++i) choose(clause.parts[i], wanted || i > 0, truths);
      return;
    case ClauseKind::any:
      for (std::size_t i = 0; i < clause.parts.size(); ++i) choose(clause.parts[i], wanted && i == 0, truths);
      return;
    default: truths[&clause] = wanted;
  }
}

bool holds(const Clause& clause, const Truths& truths) {
  const auto part = [&](const Clause& each) { return holds(each, truths); };
  switch (clause.kind) {
    case ClauseKind::no: return !part(clause.parts.at(0));
    case ClauseKind::all: return std::all_of(clause.parts.begin(), clause.parts.end(), part);
    case ClauseKind::any: return std::any_of(clause.parts.begin(), clause.parts.end(), part);
    default: return truths.at(&clause);
  }
}

std::string code_of(const std::string& codelist, const Known& known) {
  const terminology::Codelist* list = terminology::find_codelist(*known.codelists, codelist);
  if (list == nullptr || list->entries.empty()) throw Error(ErrorKind::user, "codelist '" + codelist + "' has no code to make a person with", "choose another");
  return list->entries.front().system + "|" + list->entries.front().code;
}

/// The decimal a step above or below one written as text: the last place counts.
std::string beside(const std::string& number, int step) {
  const std::size_t point = number.find('.');
  const std::size_t places = point == std::string::npos ? 0 : number.size() - point - 1;
  std::string digits = number;
  if (point != std::string::npos) digits.erase(point, 1);
  std::string moved = std::to_string(std::stoll(digits) + step);
  const bool minus = moved.starts_with("-");
  if (minus) moved.erase(0, 1);
  if (places > 0) {
    if (moved.size() <= places) moved.insert(0, places + 1 - moved.size(), '0');
    moved.insert(moved.size() - places, ".");
  }
  return (minus ? "-" : "") + moved;
}

class Making {
 public:
  Making(const Cohort& cohort, const Known& known, Date at) : cohort_(cohort), known_(known), last_(end_of_month(at)) {}

  DummyPerson person(const Truths& truths) {
    rows_.clear();
    sex_.clear();
    birth_ = last_.plus_months(-12 * 45).plus_days(-100);
    practice_.clear();
    std::vector<const Clause*> leaves;
    leaves_of(cohort_.who, leaves);
    for (const Clause* leaf : leaves) add(*leaf, truths.at(leaf));
    DummyPerson person;
    std::vector<measures::CellText> who = {{"birth_date", to_string(birth_)}};
    if (!sex_.empty()) who.push_back({"sex", sex_});
    person.rows.push_back({"person", who});
    std::vector<measures::CellText> registration = {{"start_date", "2000-01-01"}};
    if (!practice_.empty()) registration.push_back({"practice", practice_});
    person.rows.push_back({"registration", registration});
    person.rows.insert(person.rows.end(), rows_.begin(), rows_.end());
    person.expected = holds(cohort_.who, truths);
    return person;
  }

 private:
  void add(const Clause& leaf, bool wanted) {
    switch (leaf.kind) {
      case ClauseKind::age: add_age(leaf, wanted); break;
      case ClauseKind::sex: sex_ = wanted == (leaf.sex == "female") ? "female" : "male"; break;
      case ClauseKind::on_register:
        // Who is not on it any more was on it once: resolved after the diagnosis.
        rows_.push_back(
            {"condition",
             {{"code", code_of(leaf.codelist, known_)}, {"onset_date", to_string(last_.plus_months(-36))}, {"status", "active"}, {"category", "problem"}}});
        if (!wanted) rows_.back().cells[2].value = "resolved", rows_.back().cells.push_back({"abatement_date", to_string(last_.plus_months(-3))});
        break;
      case ClauseKind::event: add_event(leaf, wanted); break;
      case ClauseKind::value: add_value(leaf, wanted); break;
      default: add_practice(leaf, wanted);
    }
  }

  /// On the birthday that just makes the age, or just does not.
  void add_age(const Clause& leaf, bool wanted) {
    const auto born = [&](int age, int days) { birth_ = last_.plus_months(-12 * age).plus_days(days); };
    if (wanted) {
      born(leaf.from_age.value_or(leaf.to_age.value_or(0)), 0);
    } else if (leaf.from_age && *leaf.from_age > 0) {
      born(*leaf.from_age, 1);
    } else {
      born(leaf.to_age.value_or(0) + 1, 0);
    }
  }

  /// On the first days of the window; to miss it one day fewer, or for a single day the day before.
  void add_event(const Clause& leaf, bool wanted) {
    const Date last = last_day(leaf.within, last_), first = first_day(leaf.within, last_).value_or(last.plus_days(-30 - leaf.at_least_days));
    const int days = wanted ? leaf.at_least_days : leaf.at_least_days - 1;
    for (int i = 0; i < days; ++i) rows_.push_back(event(leaf, std::min(first.plus_days(i), last)));
    if (!wanted && first_day(leaf.within, last_)) rows_.push_back(event(leaf, first.plus_days(-1)));
  }

  DummyPerson::Row event(const Clause& leaf, Date day) const {
    const terminology::Codelist* list = terminology::find_codelist(*known_.codelists, leaf.codelist);
    const std::string kind = list == nullptr ? "" : list->kind, on = to_string(day);
    const measures::CellText code{"code", code_of(leaf.codelist, known_)};
    if (kind == "vaccine") return {"immunisation", {code, {"date", on}, {"status", "completed"}}};
    if (kind == "medicine") return {"medication", {code, {"date", on}, {"kind", "issue"}, {"status", "completed"}}};
    if (kind == "register") return {"condition", {code, {"onset_date", on}, {"status", "active"}, {"category", "problem"}}};
    if (kind == "event") return {"encounter", {code, {"kind", "emergency"}, {"start_date", on}, {"status", "finished"}}};
    return {"observation", {code, {"date", on}, {"status", "final"}}};
  }

  /// At the bound that is nearest, on the last day of the window.
  void add_value(const Clause& leaf, bool wanted) {
    std::string value;
    if (!leaf.low.empty()) {
      value = beside(leaf.low, (wanted ? 1 : 0) - (leaf.low_included ? 1 : 0));
    } else {
      value = beside(leaf.high, (wanted ? -1 : 0) + (leaf.high_included ? 1 : 0));
    }
    const terminology::Codelist* list = terminology::find_codelist(*known_.codelists, leaf.codelist);
    std::vector<measures::CellText> cells = {
        {"code", code_of(leaf.codelist, known_)}, {"date", to_string(last_day(leaf.within, last_))}, {"status", "final"}, {"value", value}};
    if (list != nullptr && !list->unit.empty()) cells.push_back({"unit", list->unit});
    rows_.push_back({"observation", cells});
  }

  void add_practice(const Clause& leaf, bool wanted) {
    const std::vector<std::string> codes = practices_of(leaf, *known_.system);
    if (wanted) {
      if (!codes.empty()) practice_ = codes.front();
      return;
    }
    for (const system::Practice& practice : known_.system->practices)
      if (!std::binary_search(codes.begin(), codes.end(), practice.code)) practice_ = practice.code;
  }

  const Cohort& cohort_;
  const Known& known_;
  Date last_;
  std::vector<DummyPerson::Row> rows_;
  Date birth_;
  std::string sex_, practice_;
};

/// `truths` with one leaf the other way round, and the whole changed by it: parts that hide the leaf are set so that it decides.
bool decide_by(const Clause& clause, const Clause* leaf, bool wanted, Truths& truths) {
  if (&clause == leaf) return truths[leaf] = wanted, true;
  for (const Clause& part : clause.parts) {
    Truths tried = truths;
    if (!decide_by(part, leaf, clause.kind == ClauseKind::no ? !wanted : wanted, tried)) continue;
    for (const Clause& other : clause.parts)
      if (&other != &part) choose(other, clause.kind == ClauseKind::all, tried);
    truths = tried;
    return true;
  }
  return false;
}

/// What "Cohort" is for each person of the rows.
template <typename Take>
void ask_each(const cql::Program& program, const Known& known, measures::RecordRows& rows, Date at, cql::Context& context, Take take) {
  const cql::Plan plan(program);
  const measures::CodelistSets sets(*known.codelists);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime(to_string(end_of_month(at)) + "T12:00:00.000Z");
  request.value_sets = &sets;
  context.request_time = request.time;
  measures::set_month(program, at, request);
  const struct Dropping {  // after the run, which is made below
    cql::Request& request;
    ~Dropping() { measures::drop_parameters(request); }
  } dropping{request};
  cql::PlannedRun run(plan, request, context);
  const std::int32_t definition = cohort_definition(program);
  for (const std::string& person : rows.people()) {
    const auto view = rows.view(person);
    run.begin(view.get());
    take(run.definition(program.main, definition));
    run.begin(nullptr);
  }
}

}  // namespace

std::vector<DummyPerson> dummy_people(const Cohort& cohort, const Known& known, Date at) {
  Making making(cohort, known, at);
  std::vector<const Clause*> leaves;
  leaves_of(cohort.who, leaves);
  Truths in;
  choose(cohort.who, true, in);
  std::vector<DummyPerson> people{making.person(in)};
  people.back().shows = "is in it";
  for (const Clause* leaf : leaves) {
    for (const bool wanted : {true, false}) {
      Truths truths = in;
      decide_by(cohort.who, leaf, wanted, truths);
      DummyPerson person = making.person(truths);
      person.shows = (wanted ? "in it by " : "out of it by ") + words_of(*leaf, known);
      const auto same = std::find_if(people.begin(), people.end(), [&](const DummyPerson& each) {
        return each.rows.size() == person.rows.size() && std::equal(each.rows.begin(), each.rows.end(), person.rows.begin(), [](const auto& a, const auto& b) {
                 return a.table == b.table && std::equal(a.cells.begin(), a.cells.end(), b.cells.begin(), b.cells.end(), [](const auto& x, const auto& y) {
                          return x.column == y.column && x.value == y.value;
                        });
               });
      });
      if (same == people.end()) people.push_back(std::move(person));
    }
  }
  return people;
}

std::vector<bool> answers(const cql::Program& program, const Known& known, const std::vector<DummyPerson>& people, Date at) {
  measures::RecordRows rows;
  Diagnostics faults;
  int line = 0;
  for (std::size_t p = 0; p < people.size(); ++p)
    for (const DummyPerson::Row& row : people[p].rows)
      if (!rows.add(std::to_string(p), row.table, row.cells, "people", ++line, faults))
        throw Error(ErrorKind::bug, "a made-up person cannot be read: " + (faults.empty() ? std::string() : faults.back().message));
  cql::Context context;
  std::vector<bool> result;
  ask_each(program, known, rows, at, context, [&](const cql::Value& answer) { result.push_back(answer.is_true()); });
  return result;
}

void try_out(const cql::Program& program, const Known& known, Date at, std::uint64_t steps, int milliseconds) {
  measures::RecordRows rows;
  Diagnostics faults;
  rows.add("0", "person", {{"birth_date", "1980-01-01"}}, "people", 1, faults);
  rows.add("0", "registration", {{"start_date", "2000-01-01"}}, "people", 2, faults);
  cql::Context context;
  context.steps_left = steps;
  context.most_elements = 100'000;
  const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
  context.is_out_of_time = [end] { return std::chrono::steady_clock::now() > end; };
  try {
    ask_each(program, known, rows, at, context, [](const cql::Value&) {});
  } catch (const cql::EvaluationError& error) {
    throw Error(ErrorKind::user, std::string("asked of one made-up person: ") + error.what(), "ask for less of each person");
  }
}

std::string people_text(const std::vector<DummyPerson>& people, const std::vector<bool>& answers,
                        const std::vector<std::vector<measures::ClauseBehind>>& reasons) {
  std::string text;
  for (std::size_t p = 0; p < people.size(); ++p) {
    text += std::string(answers.at(p) ? "in   " : "out  ") + people[p].shows + "\n";
    for (const DummyPerson::Row& row : people[p].rows) {
      text += "       " + row.table;
      for (const measures::CellText& cell : row.cells) text += " " + cell.column + "=" + cell.value;
      text += "\n";
    }
    if (p >= reasons.size()) continue;
    for (const measures::ClauseBehind& clause : reasons[p])
      text += "       " + std::string(static_cast<std::size_t>(2 * clause.depth), ' ') + (clause.depth == 0 ? "because " : "") + "\"" + clause.definition +
          "\" is " + clause.answer + "\n";
  }
  return text;
}

}  // namespace catchment::cohort
