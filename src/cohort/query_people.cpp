// People made up for a program written by hand: what it reads says which rows can matter, what it names which days and
// numbers; of the changes these allow, those are taken one by one that bring more of its conditions about.
#include "cohort/query_people.h"

#include <fmt/core.h>

#include <algorithm>
#include <chrono>
#include <map>

#include "base/error.h"
#include "cohort/words.h"
#include "measures/program_reads.h"

namespace catchment::cohort {

namespace {

using cql::NodeKind;

template <typename T>
const T& as(const cql::Node& node) {
  return static_cast<const T&>(node);
}

/// The bodies that a definition rests on, functions' included, each once.
class Bodies {
 public:
  Bodies(const cql::Program& program, std::int32_t definition) : program_(program) { add_definition(program.main, definition); }
  const std::vector<const cql::Node*>& all() const { return bodies_; }
  const std::vector<std::pair<std::int32_t, std::int32_t>>& definitions() const { return definitions_; }

 private:
  void add_definition(std::int32_t library, std::int32_t index) {
    const auto& definition = program_.libraries[static_cast<std::size_t>(library)].definitions[static_cast<std::size_t>(index)];
    if (!definition.body || std::find(definitions_.begin(), definitions_.end(), std::pair(library, index)) != definitions_.end()) return;
    definitions_.emplace_back(library, index);
    add(*definition.body);
  }
  void add(const cql::Node& body) {
    if (std::find(bodies_.begin(), bodies_.end(), &body) != bodies_.end()) return;
    bodies_.push_back(&body);
    cql::visit_nodes(body, [this](const cql::Node& node) {
      if (node.kind == NodeKind::definition_ref) add_definition(as<cql::DefinitionRef>(node).library, as<cql::DefinitionRef>(node).index);
      if (node.kind != NodeKind::function_call) return;
      const auto& call = as<cql::FunctionCall>(node);
      const auto& called = program_.libraries[static_cast<std::size_t>(call.library)].functions[static_cast<std::size_t>(call.index)];
      if (called.body) add(*called.body);
    });
  }

  const cql::Program& program_;
  std::vector<const cql::Node*> bodies_;
  std::vector<std::pair<std::int32_t, std::int32_t>> definitions_;
};

/// A condition that is not all, any or not of others.
struct Condition {
  const cql::Node* node = nullptr;
  std::string words;
};

/// The conditions a Boolean rests on, and how far a person is from making it true.
class Conditions {
 public:
  Conditions(const cql::Program& program, std::int32_t definition) : program_(program) {
    const auto& main = program.main_library().definitions[static_cast<std::size_t>(definition)];
    root_ = main.body.get();
    collect(*root_, main.name, program.main);
  }

  const std::vector<Condition>& all() const { return conditions_; }
  double distance(const cql::Trace& trace) const { return distance(*root_, true, trace); }
  static cql::Truth truth(const cql::Node& node, const cql::Trace& trace) {
    if (node.id >= trace.clauses().size()) return cql::Truth::unknown;
    const cql::ClauseOutcome& seen = trace.clauses()[node.id];
    return seen.yes > 0 ? cql::Truth::yes : seen.no > 0 ? cql::Truth::no : cql::Truth::unknown;
  }

 private:
  static constexpr double not_asked = 0.5;

  static std::string_view joined_by(const cql::Node& node) {
    return node.kind == NodeKind::operator_call ? as<cql::OperatorCall>(node).overload->name : std::string_view();
  }
  const cql::TypedDefinition* named(const cql::Node& node) const {
    if (node.kind != NodeKind::definition_ref || as<cql::DefinitionRef>(node).for_everyone) return nullptr;
    const auto& ref = as<cql::DefinitionRef>(node);
    const auto& definition = program_.libraries[static_cast<std::size_t>(ref.library)].definitions[static_cast<std::size_t>(ref.index)];
    return definition.body && definition.type.is(cql::TypeKind::boolean) ? &definition : nullptr;
  }

  void collect(const cql::Node& node, const std::string& within, std::int32_t library) {
    const std::string_view name = joined_by(node);
    if (name == "And" || name == "Or" || name == "Not") {
      for (const cql::NodePtr& operand : as<cql::OperatorCall>(node).operands) collect(*operand, within, library);
      return;
    }
    if (const cql::TypedDefinition* definition = named(node)) return collect(*definition->body, definition->name, as<cql::DefinitionRef>(node).library);
    if (node.kind == NodeKind::literal) return;
    const auto same = [&](const Condition& each) { return each.node == &node; };
    if (std::any_of(conditions_.begin(), conditions_.end(), same)) return;
    const cql::TypedLibrary& own = program_.libraries[static_cast<std::size_t>(library)];
    const bool whole = std::any_of(own.definitions.begin(), own.definitions.end(), [&](const auto& each) { return each.body.get() == &node; });
    std::string words = (library == program_.main ? "\"" : own.name + ".\"") + within + "\"";
    if (!whole) words += fmt::format(", line {} column {}", node.at.line, node.at.column);
    conditions_.push_back({&node, std::move(words)});
  }

  double distance(const cql::Node& node, bool wanted, const cql::Trace& trace) const {
    const std::string_view name = joined_by(node);
    if (name == "Not") return distance(*as<cql::OperatorCall>(node).operands.front(), !wanted, trace);
    if (name == "And" || name == "Or") {
      const bool every = (name == "And") == wanted;
      double sum = 0, least = 1e9;
      for (const cql::NodePtr& operand : as<cql::OperatorCall>(node).operands) {
        const double one = distance(*operand, wanted, trace);
        sum += one;
        least = std::min(least, one);
      }
      return every ? sum : least;
    }
    if (const cql::TypedDefinition* definition = named(node)) return distance(*definition->body, wanted, trace);
    if (node.id >= trace.clauses().size() || trace.clauses()[node.id].evaluated == 0) return not_asked;
    const cql::Truth is = truth(node, trace);
    if (wanted) return is == cql::Truth::yes ? 0 : 1;
    return is == cql::Truth::no ? 0 : 1;
  }

  const cql::Program& program_;
  const cql::Node* root_ = nullptr;
  std::vector<Condition> conditions_;
};

/// Codes that a code filter takes, the first of them.
std::optional<std::pair<std::string, std::string>> first_code(const cql::Value& filter) {
  switch (filter.kind()) {
    case cql::Kind::code: return std::pair(filter.as_code().system, filter.as_code().code);
    case cql::Kind::concept_: return filter.as_concept().codes.empty() ? std::nullopt : first_code(filter.as_concept().codes.front());
    case cql::Kind::list: return filter.as_list().empty() ? std::nullopt : first_code(filter.as_list().front());
    case cql::Kind::value_set: {
      const auto* members = filter.as_vocabulary().members;
      const auto codes = members == nullptr ? std::vector<cql::Value>() : members->codes();
      return codes.empty() ? std::nullopt : first_code(codes.front());
    }
    default: return std::nullopt;
  }
}

/// Columns a row has unless a rule asks otherwise.
std::vector<measures::CellText> usual_cells(std::string_view table) {
  if (table == "condition") return {{"status", "active"}, {"category", "problem"}};
  if (table == "observation") return {{"status", "final"}};
  if (table == "medication") return {{"kind", "issue"}, {"status", "completed"}};
  if (table == "immunisation" || table == "procedure") return {{"status", "completed"}};
  if (table == "encounter") return {{"status", "finished"}};
  return {};
}

/// Our own words stand in a column of their own.
std::string column_of(const std::string& system) {
  if (system == measures::encounter_kind_system || system == measures::care_service_kind_system) return "kind";
  if (system == measures::care_service_setting_system) return "setting";
  if (system == measures::place_of_death_system) return "place";
  return system == measures::screening_result_system ? "result" : "code";
}

class Maker {
 public:
  Maker(const cql::Program& program, const Known& known, Date at, int milliseconds)
      : program_(program),
        known_(known),
        last_(end_of_month(at)),
        definition_(cohort_definition(program)),
        plan_(program, true),
        sets_(*known.codelists),
        bodies_(program, definition_),
        conditions_(program, definition_),
        end_(std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds)) {
    request_.time = *cql::Temporal::parse_datetime(to_string(last_) + "T12:00:00.000Z");
    request_.value_sets = &sets_;
    measures::set_month(program, at, request_);
  }
  ~Maker() { measures::drop_parameters(request_); }
  Maker(const Maker&) = delete;
  Maker& operator=(const Maker&) = delete;

  QueryPeople made() {
    find_kinds();
    find_worth();
    Draft in;
    in.birth = last_.plus_months(-12 * 45).plus_days(-100);
    in.registered = Date::from_ymd(2000, 1, 1);
    Tried of_in = tried(in);
    for (int round = 0; round < most_rounds && !of_in.in && in_time(); ++round)
      if (!nearer(in, of_in)) break;
    add_person(in, of_in, of_in.in ? "is in it" : "as near as was found");
    if (of_in.in) misses(in, of_in);
    else unmet(of_in);
    return std::move(result_);
  }

 private:
  static constexpr int most_rounds = 40;

  struct Tried {
    bool in = false;
    double distance = 0;
    std::vector<cql::Truth> truths;  // by condition
    std::string error;
  };

  bool in_time() const { return std::chrono::steady_clock::now() < end_; }

  Tried tried(const Draft& draft) {
    measures::RecordRows rows;
    Diagnostics faults;
    int line = 0;
    for (const DummyPerson::Row& row : rows_of(draft, kinds_)) rows.add("0", row.table, row.cells, "people", ++line, faults);
    cql::Context context;
    context.request_time = request_.time;
    context.steps_left = 200'000;
    context.most_elements = 100'000;
    context.is_out_of_time = [this] { return !in_time(); };
    cql::Trace trace;
    cql::PlannedRun run(plan_, request_, context);
    run.set_trace(&trace);
    const auto view = rows.view("0");
    run.begin(view.get());
    Tried of;
    try {
      of.in = run.definition(program_.main, definition_).is_true();
    } catch (const cql::EvaluationError& error) { of.error = error.what(); }
    run.begin(nullptr);
    of.distance = of.error.empty() ? conditions_.distance(trace) : 1e9;
    for (const Condition& condition : conditions_.all()) of.truths.push_back(Conditions::truth(*condition.node, trace));
    return of;
  }

  /// Takes the change that brings the draft nearest to being in; false when none does.
  bool nearer(Draft& draft, Tried& of) {
    std::optional<Draft> best;
    Tried of_best = of;
    int size = 0;
    for (Move& move : moves(draft, kinds_, worth_, last_)) {
      if (!in_time()) break;
      Tried next = tried(move.to);
      const bool better = next.distance < of_best.distance || (best && next.distance == of_best.distance && move.size < size);
      if (!better) continue;
      best = std::move(move.to);
      of_best = std::move(next);
      size = move.size;
    }
    if (!best) return false;
    draft = std::move(*best);
    of = std::move(of_best);
    return true;
  }

  void add_person(const Draft& draft, const Tried& of, std::string shows) {
    DummyPerson person;
    person.shows = std::move(shows);
    person.expected = of.in;
    person.rows = rows_of(draft, kinds_);
    result_.people.push_back(std::move(person));
  }

  /// For each condition the nearest change that turns it and takes the person out, changing as little else as may be.
  void misses(const Draft& in, const Tried& of_in) {
    struct Best {
      std::optional<Move> move;
      Tried of;
      std::size_t others = SIZE_MAX;
      bool turned = false;  // by some change, whether or not it takes the person out
    };
    std::vector<Best> bests(conditions_.all().size());
    for (Move& move : moves(in, kinds_, worth_, last_)) {
      if (!in_time()) break;
      const Tried next = tried(move.to);
      std::vector<std::size_t> turned;
      for (std::size_t c = 0; c < bests.size(); ++c)
        if (next.truths[c] != of_in.truths[c] && of_in.truths[c] != cql::Truth::unknown && next.truths[c] != cql::Truth::unknown) turned.push_back(c);
      for (const std::size_t c : turned) {
        Best& best = bests[c];
        best.turned = true;
        if (next.in || !next.error.empty()) continue;
        const std::size_t others = turned.size() - 1;
        if (best.move && std::pair(others, move.size) >= std::pair(best.others, best.move->size)) continue;
        best.move = move;
        best.of = next;
        best.others = others;
      }
    }
    for (std::size_t c = 0; c < bests.size(); ++c) {
      const Condition& condition = conditions_.all()[c];
      if (bests[c].move) {
        const bool was = of_in.truths[c] == cql::Truth::yes;
        add_person(bests[c].move->to, bests[c].of, fmt::format("out of it by {}: {}", was ? condition.words : "not " + condition.words, bests[c].move->words));
      } else if (of_in.truths[c] == cql::Truth::unknown) {
        result_.not_made.push_back(condition.words + " was not asked of the person who is in it: another condition settles it.");
      } else if (bests[c].turned) {
        result_.not_made.push_back(condition.words + " turns, and the person stays in: another condition stands for it.");
      } else {
        result_.not_made.push_back("no single change was found that turns " + condition.words + ".");
      }
    }
  }

  void unmet(const Tried& of) {
    if (!of.error.empty()) result_.not_made.push_back("it could not be asked: " + of.error);
    else if (!in_time()) result_.not_made.push_back("nobody who is in it was found in the time there is.");
    else result_.not_made.push_back("nobody who is in it was found; the person shown is as near as single changes come.");
  }

  void find_kinds() {
    const auto reads = measures::program_reads(program_, {definition_});
    if (!reads.unfiltered.empty()) result_.not_made.push_back("definitions of everyone at once (context Unfiltered): people are made up one by one.");
    for (const std::string& element : reads.elements)
      if (!has_column(element)) result_.not_made.push_back(element + ": no column of the record holds it, so made-up rows are without it.");
    cql::Context context;
    cql::PlannedRun run(plan_, request_, context);
    for (const cql::Retrieve* retrieve : reads.retrieves) {
      if (retrieve->resource_type == "EpisodeOfCare" || retrieve->resource_type == "Patient") continue;  // the registration and the person
      const std::string what = fmt::format("[{}] of line {} column {}", retrieve->resource_type, retrieve->at.line, retrieve->at.column);
      if (retrieve->context) {
        result_.not_made.push_back(what + ": rows reached from another row.");
        continue;
      }
      const auto planned = std::find_if(plan_.retrieves().begin(), plan_.retrieves().end(), [&](const auto& each) { return each.node == retrieve; });
      std::optional<std::pair<std::string, std::string>> code;
      std::string name;
      if (retrieve->terminology) {
        if (planned == plan_.retrieves().end() || !planned->terminology_is_known) {
          result_.not_made.push_back(what + ": its codes depend on the person.");
          continue;
        }
        const cql::Value filter = run.terminology_of(*planned);
        code = first_code(filter);
        if (filter.is(cql::Kind::value_set)) name = filter.as_vocabulary().id;
        if (!code) {
          result_.not_made.push_back(what + ": no code of it is known.");
          continue;
        }
      }
      if (!add_kinds(*retrieve, code, name)) result_.not_made.push_back(what + ": no table of the record holds it.");
    }
  }

  /// "onset" of "onsetDateTime" and of "onsetAge": of a choice, one kind with a column will do.
  static std::string_view stem(std::string_view key) {
    const auto upper = std::find_if(key.begin(), key.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
    return key.substr(0, static_cast<std::size_t>(upper - key.begin()));
  }

  /// Of "Condition.onsetDateTime"; what is not about a table of the record is no element of its rows.
  static bool has_column(const std::string& element) {
    const std::size_t point = element.find('.');
    const std::string resource = element.substr(0, point), key = element.substr(point + 1);
    bool shown = false;
    for (const measures::ShapeMap& shape : measures::shapes()) {
      if (shape.resource != resource) continue;
      shown = true;
      if (std::any_of(shape.elements.begin(), shape.elements.end(), [&](const auto& each) { return stem(each.key) == stem(key); })) return true;
    }
    return !shown || key == "id";
  }

  bool add_kinds(const cql::Retrieve& retrieve, const std::optional<std::pair<std::string, std::string>>& code, const std::string& value_set) {
    bool any = false;
    for (const measures::ShapeMap& shape : measures::shapes()) {
      if (shape.resource != retrieve.resource_type) continue;
      const std::string column = code ? column_of(code->first) : "";
      if (code && column == "code" && shape.code_column == measures::no_column) continue;
      RowKind kind{&shape, usual_cells(shape.table), {}};
      const std::string_view short_name = code ? terminology::system_short_name(code->first) : std::string_view();
      if (code)
        kind.cells.insert(kind.cells.begin(),
                          {column, column == "code" ? (short_name.empty() ? code->first : std::string(short_name)) + "|" + code->second : code->second});
      const auto* list = value_set.starts_with("codelist:") ? terminology::find_codelist(*known_.codelists, value_set.substr(9)) : nullptr;
      if (list != nullptr && !list->unit.empty() && shape.table == "observation") kind.cells.push_back({"unit", list->unit});
      std::string table(shape.table);
      std::replace(table.begin(), table.end(), '_', ' ');
      kind.words = fmt::format("{}{}", table, list != nullptr ? " of " + list->title : code ? " of " + code->second : "");
      const auto same = [&](const RowKind& each) { return each.shape == kind.shape && each.words == kind.words; };
      if (std::none_of(kinds_.begin(), kinds_.end(), same)) kinds_.push_back(std::move(kind));
      any = true;
    }
    return any;
  }

  /// Days and numbers of literals, and of definitions that need nobody; with what stands just beside each.
  void find_worth() {
    const auto day = [this](const cql::Value& value) {
      if (!value.is_temporal() || value.is(cql::Kind::time)) return;
      const auto lowest = value.as_temporal().lowest().fields();
      const Date known = Date::from_ymd(lowest.year, lowest.month, lowest.day);
      for (const int days : {-1, 0, 1}) worth_.days.insert(known.plus_days(days));
    };
    cql::Context context;
    context.request_time = request_.time;
    cql::PlannedRun run(plan_, request_, context);
    run.begin(nullptr);
    for (const auto& [library, index] : bodies_.definitions()) {
      const auto basis = plan_.basis_of(library, index);
      if (basis.own || std::any_of(basis.retrieves.begin(), basis.retrieves.end(), [](std::uint64_t bits) { return bits != 0; })) continue;
      try {
        const cql::Value value = run.definition(library, index);
        day(value);
        if (value.is(cql::Kind::interval)) day(value.as_interval().low), day(value.as_interval().high);
      } catch (const cql::EvaluationError&) { continue; }
    }
    for (const cql::Node* body : bodies_.all())
      cql::visit_nodes(*body, [&](const cql::Node& node) {
        if (node.kind != NodeKind::literal) return;
        const auto& literal = as<cql::Literal>(node);
        if (node.type.is(cql::TypeKind::integer) || node.type.is(cql::TypeKind::decimal)) number(literal.text);
        if (node.type.is(cql::TypeKind::date) || node.type.is(cql::TypeKind::date_time))
          if (const auto known = Date::parse(literal.text.substr(0, 10))) day(cql::Value::temporal(*cql::Temporal::parse_date(to_string(*known))));
        if (!node.type.is(cql::TypeKind::quantity)) return;
        if (literal.calendar_unit) span(literal.text, literal.unit);
        else number(literal.text);
      });
    for (const int days : {-1, 0, 1}) worth_.days.insert(last_.plus_days(days));
    worth_.stays.insert({0, 1});
    while (worth_.numbers.size() > most_numbers) worth_.numbers.pop_back();
  }

  void number(const std::string& text) {
    constexpr double most_age = 120;
    const double value = std::strtod(text.c_str(), nullptr);
    const std::size_t point = text.find('.');
    const int places = point == std::string::npos ? 0 : static_cast<int>(text.size() - point - 1);
    const double step = places == 0 ? 1 : places == 1 ? 0.1 : 0.01;
    for (const double each : {value, value - step, value + step}) {
      const std::string written = fmt::format("{:.{}f}", each, places);
      if (std::find(worth_.numbers.begin(), worth_.numbers.end(), written) == worth_.numbers.end()) worth_.numbers.push_back(written);
    }
    if (places == 0 && value >= 0 && value <= most_age)
      for (const int years : {0, 1}) worth_.ages.insert(static_cast<int>(value) + years);
  }

  /// So long before the last day of the month: the first day that is not too long ago, and the day before it.
  void span(const std::string& text, const std::string& unit) {
    const int count = std::atoi(text.c_str());
    const bool years = unit.starts_with("year"), months = unit.starts_with("month");
    if (count <= 0 || count > 1500) return;
    const Date then = years || months ? last_.plus_months(-count * (years ? 12 : 1)) : last_.plus_days(-count * (unit.starts_with("week") ? 7 : 1));
    for (const int days : {-1, 0, 1, 2}) worth_.days.insert(then.plus_days(days));
    for (const int days : {-1, 0}) worth_.since_birth.insert(years || months ? std::pair(count * (years ? 12 : 1), days) : std::pair(0, count + days));
    if (!years && !months)
      for (const int days : {-1, 0, 1}) worth_.stays.insert(count + days);
    if (years && count <= 110) worth_.ages.insert({count, count + 1});
  }

  static constexpr std::size_t most_numbers = 60;
  const cql::Program& program_;
  const Known& known_;
  Date last_;
  std::int32_t definition_;
  cql::Plan plan_;
  measures::CodelistSets sets_;
  cql::Request request_;
  Bodies bodies_;
  Conditions conditions_;
  std::chrono::steady_clock::time_point end_;
  std::vector<RowKind> kinds_;
  Worth worth_;
  QueryPeople result_;
};

}  // namespace

QueryPeople people_for(const cql::Program& program, const Known& known, Date at, int milliseconds) { return Maker(program, known, at, milliseconds).made(); }

std::vector<std::vector<measures::ClauseBehind>> reasons(const cql::Program& program, const Known& known, const std::vector<DummyPerson>& people, Date at) {
  const cql::Plan plan(program, true);
  const measures::CodelistSets sets(*known.codelists);
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime(to_string(end_of_month(at)) + "T12:00:00.000Z");
  request.value_sets = &sets;
  measures::set_month(program, at, request);
  const struct Dropping {  // after the runs, which are made below
    cql::Request& request;
    ~Dropping() { measures::drop_parameters(request); }
  } dropping{request};
  const std::int32_t definition = cohort_definition(program);
  std::vector<std::vector<measures::ClauseBehind>> all;
  for (const DummyPerson& person : people) {
    measures::RecordRows rows;
    Diagnostics faults;
    int line = 0;
    for (const DummyPerson::Row& row : person.rows) rows.add("0", row.table, row.cells, "people", ++line, faults);
    cql::Context context;
    context.request_time = request.time;
    context.steps_left = 1'000'000;
    cql::Trace trace;
    cql::PlannedRun run(plan, request, context);
    run.set_trace(&trace);
    const auto view = rows.view("0");
    run.begin(view.get());
    try {
      run.definition(program.main, definition);
      all.push_back(measures::clauses_behind(run, program, trace, program.main, definition));
    } catch (const cql::EvaluationError&) { all.emplace_back(); }
    run.begin(nullptr);
  }
  return all;
}

}  // namespace catchment::cohort
