#include "measures/clause_evidence.h"

#include <fmt/core.h>

#include <algorithm>
#include <map>
#include <set>

#include "cql/values/evaluation_error.h"

namespace catchment::measures {

namespace {

using cql::NodeKind;

template <typename T>
const T& as(const cql::Node& node) {
  return static_cast<const T&>(node);
}

std::string day_words(const cql::Value& value) {
  const cql::Temporal at = value.as_temporal();
  if (!at.has(cql::Precision::day)) return at.text();
  const auto fields = at.fields();
  return to_long_string(Date::from_ymd(fields.year, fields.month, fields.day));
}

std::string list_words(const std::vector<cql::Value>& items) {
  constexpr std::size_t most = 5;
  const auto is_row = [](const cql::Value& item) { return item.is(cql::Kind::object) || item.is(cql::Kind::tuple); };
  if (items.empty()) return "none";
  if (std::all_of(items.begin(), items.end(), is_row)) return fmt::format("{} {}", items.size(), items.size() == 1 ? "row" : "rows");
  std::string text;
  for (std::size_t i = 0; i < items.size() && i < most; ++i) text += (i == 0 ? "" : ", ") + answer_words(items[i]);
  return items.size() > most ? fmt::format("{} and {} more", text, items.size() - most) : text;
}

bool gives_rows(const cql::Type& type) {
  if (type.is_list()) return gives_rows(type.element());
  if (type.is_choice()) return std::all_of(type.alternatives().begin(), type.alternatives().end(), gives_rows);
  return type.is_named();
}

/// The retrieve whose rows pass through the node, if it is one alone.
const cql::Node* first_source(const cql::Node& node) {
  switch (node.kind) {
    case NodeKind::retrieve: return &node;
    case NodeKind::query: {
      const auto& sources = as<cql::Query>(node).sources;
      return sources.size() == 1 ? first_source(*sources.front().source) : nullptr;
    }
    case NodeKind::function_call: {
      const auto& arguments = as<cql::FunctionCall>(node).arguments;
      return arguments.empty() || !arguments.front() ? nullptr : first_source(*arguments.front());
    }
    case NodeKind::convert: return first_source(*as<cql::Convert>(node).operand);
    case NodeKind::as_type: return first_source(*as<cql::AsType>(node).operand);
    default: return nullptr;
  }
}

/// Bodies of functions that a body calls, itself first.
class Bodies {
 public:
  explicit Bodies(const cql::Program& program) : program_(program) {}

  std::vector<const cql::Node*> of(const cql::Node& body) {
    all_.clear();
    add(body);
    return all_;
  }

  const cql::Node* body_of(const cql::FunctionCall& call) const {
    return program_.libraries[static_cast<std::size_t>(call.library)].functions[static_cast<std::size_t>(call.index)].body.get();
  }

 private:
  void add(const cql::Node& body) {
    if (std::find(all_.begin(), all_.end(), &body) != all_.end()) return;
    all_.push_back(&body);
    cql::visit_nodes(body, [this](const cql::Node& node) {
      if (node.kind != NodeKind::function_call) return;
      if (const cql::Node* called = body_of(as<cql::FunctionCall>(node))) add(*called);
    });
  }

  const cql::Program& program_;
  std::vector<const cql::Node*> all_;
};

class Clauses {
 public:
  Clauses(cql::PlannedRun& run, const cql::Program& program, const cql::Trace& trace) : run_(run), program_(program), trace_(trace), bodies_(program) {
    for (const cql::EvidenceRow& row : trace.rows()) rows_[row.node].insert(row.label);
  }

  void add(std::int32_t library, std::int32_t index, int depth) {
    if (!seen_.insert({library, index}).second) return;
    const cql::TypedLibrary& own = program_.libraries[static_cast<std::size_t>(library)];
    const cql::TypedDefinition& definition = own.definitions[static_cast<std::size_t>(index)];
    if (!definition.body || evaluated(*definition.body) == 0) return;
    ClauseBehind clause{own.name, definition.name, depth, answer(library, index), {}};
    const auto bodies = bodies_.of(*definition.body);
    for (const cql::Node* body : bodies) add_rows(*body, clause);
    clauses.push_back(std::move(clause));
    // What a function names is told where it is about the person; its days are those of the call.
    for (const cql::Node* body : bodies) add_named(*body, body == definition.body.get(), depth + 1);
  }

  std::vector<ClauseBehind> clauses;

 private:
  std::uint32_t evaluated(const cql::Node& node) const { return node.id < trace_.clauses().size() ? trace_.clauses()[node.id].evaluated : 0; }

  std::string answer(std::int32_t library, std::int32_t index) {
    try {
      return answer_words(run_.definition(library, index));
    } catch (const cql::EvaluationError& error) { return fmt::format("an error: {}", error.what()); }
  }

  void add_named(const cql::Node& body, bool own, int depth) {
    cql::visit_nodes(body, [&](const cql::Node& node) {
      if (node.kind != NodeKind::definition_ref || evaluated(node) == 0) return;
      const auto& named = as<cql::DefinitionRef>(node);
      if (named.for_everyone) return;
      const bool of_days = node.type.is(cql::TypeKind::date) || node.type.is(cql::TypeKind::date_time) || node.type.is_interval();
      if (own || !of_days) add(named.library, named.index, depth);
    });
  }

  /// The labels a call gave, where its body is a query: of every call of it, so that only a row that is not there
  /// is told for certain, unless it was called once.
  struct Given {
    const std::set<std::string>* labels = nullptr;
    bool certain = false;
  };
  Given given_by(const cql::Node& node) const {
    static const std::set<std::string> none;
    const auto labels_of = [this](const cql::Node& from) {
      const auto found = rows_.find(from.id);
      return found == rows_.end() ? &none : &found->second;
    };
    if (node.kind == NodeKind::query) return evaluated(node) == 0 ? Given{} : Given{labels_of(node), evaluated(node) == 1};
    const cql::Node* body = bodies_.body_of(as<cql::FunctionCall>(node));
    if (body == nullptr || body->kind != NodeKind::query || evaluated(*body) == 0) return {};
    return {labels_of(*body), evaluated(*body) == 1};
  }

  void add_rows(const cql::Node& body, ClauseBehind& clause) const {
    std::map<const cql::Node*, Given> through;  // of each retrieve, the outermost that passes its rows on
    cql::visit_nodes(body, [&](const cql::Node& node) {
      if ((node.kind != NodeKind::query && node.kind != NodeKind::function_call) || !gives_rows(node.type)) return;
      const cql::Node* retrieve = first_source(node);
      if (retrieve != nullptr && !through.contains(retrieve))
        if (const Given given = given_by(node); given.labels != nullptr) through[retrieve] = given;
    });
    cql::visit_nodes(body, [&](const cql::Node& node) {
      const auto found = rows_.find(node.id);
      if (node.kind != NodeKind::retrieve || found == rows_.end()) return;
      const auto passed = through.find(&node);
      for (const std::string& label : found->second) {
        const auto address = row_address(label);
        if (!address) continue;
        RowUse use = RowUse::read;
        if (passed != through.end()) {
          const bool there = passed->second.labels->contains(label);
          use = !there ? RowUse::left_out : passed->second.certain ? RowUse::passed : RowUse::read;
        }
        add_row(clause, {*address, use});
      }
    });
  }

  /// A row that two retrieves of one clause gave is told once, for what it did most.
  static void add_row(ClauseBehind& clause, const RowBehind& row) {
    for (RowBehind& known : clause.rows) {
      if (known.row.table != row.row.table || known.row.source != row.row.source || known.row.line != row.row.line) continue;
      if (known.use != row.use) known.use = known.use == RowUse::passed || row.use == RowUse::passed ? RowUse::passed : RowUse::read;
      return;
    }
    clause.rows.push_back(row);
  }

  cql::PlannedRun& run_;
  const cql::Program& program_;
  const cql::Trace& trace_;
  Bodies bodies_;
  std::map<std::uint32_t, std::set<std::string>> rows_;  // by node
  std::set<std::pair<std::int32_t, std::int32_t>> seen_;
};

}  // namespace

std::string_view to_string(RowUse use) {
  switch (use) {
    case RowUse::read: return "read";
    case RowUse::passed: return "passed";
    case RowUse::left_out: return "left_out";
  }
  return "";
}

std::string answer_words(const cql::Value& value) {
  switch (value.kind()) {
    case cql::Kind::null: return "nothing recorded";
    case cql::Kind::boolean: return value.is_true() ? "yes" : "no";
    case cql::Kind::date:
    case cql::Kind::datetime: return day_words(value);
    case cql::Kind::string: return value.as_string();
    case cql::Kind::interval: {
      const auto& interval = value.as_interval();
      if (!interval.low_closed || !interval.high_closed || !interval.low.is_temporal() || !interval.high.is_temporal()) return cql::to_cql(value);
      return day_words(interval.low) + " to " + day_words(interval.high);
    }
    case cql::Kind::list: return list_words(value.as_list());
    case cql::Kind::object: return "1 row";
    default: return cql::to_cql(value);
  }
}

std::vector<ClauseBehind> clauses_behind(cql::PlannedRun& run, const cql::Program& program, const cql::Trace& trace, std::int32_t library, std::int32_t index) {
  Clauses clauses(run, program, trace);
  clauses.add(library, index, 0);
  return std::move(clauses.clauses);
}

StandingBehind standing_behind(const cql::Plan& plan, const cql::Request& request, const cql::DataProvider& person, std::size_t measure) {
  const cql::Program& program = plan.program();
  cql::Context context;
  context.request_time = request.time;
  cql::Trace trace;
  cql::PlannedRun run(plan, request, context);
  run.set_trace(&trace);
  run.begin(&person);
  StandingBehind behind;
  behind.standing = standing_of(run, program, measure);
  const bool denominator = behind.standing.denominator || behind.standing.excluded;
  const auto tell = [&](const char* part, std::size_t which) {
    const auto index = static_cast<std::int32_t>(3 * measure + which);
    const cql::Node* body = program.main_library().definitions[static_cast<std::size_t>(index)].body.get();
    // The main library only names what the measure's own library defines; without exclusions it names nothing.
    while (body != nullptr && body->kind == NodeKind::convert) body = as<cql::Convert>(*body).operand.get();
    if (body == nullptr || body->kind != NodeKind::definition_ref) return;
    const auto& named = as<cql::DefinitionRef>(*body);
    auto clauses = clauses_behind(run, program, trace, named.library, named.index);
    if (!clauses.empty()) behind.parts.push_back({part, clauses.front().answer, std::move(clauses)});
  };
  tell("denominator", 0);
  if (denominator) tell("exclusions", 2);
  if (behind.standing.denominator) tell("numerator", 1);
  run.begin(nullptr);
  return behind;
}

}  // namespace catchment::measures
