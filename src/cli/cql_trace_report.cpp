#include "cli/cql_trace_report.h"

#include <fmt/core.h>

#include <filesystem>
#include <map>
#include <set>

namespace catchment::cli {

namespace {

struct Clause {
  const cql::TypedLibrary* library = nullptr;
  std::string name;
  cql::SourcePosition at;
  bool is_query = false;
};

/// Bodies a body rests on, itself first: of definitions and of functions.
class Behind {
 public:
  explicit Behind(const cql::Program& program) : program_(program) {}

  /// By node, where it stands.
  std::map<std::uint32_t, Clause> of(const cql::TypedLibrary& library, const cql::TypedDefinition& definition) {
    clauses_.clear();
    seen_.clear();
    if (definition.body) add(library, definition.name, *definition.body);
    return std::move(clauses_);
  }

 private:
  void add(const cql::TypedLibrary& library, const std::string& name, const cql::Node& body) {
    if (!seen_.insert(body.id).second) return;
    cql::visit_nodes(body, [&](const cql::Node& node) {
      clauses_.try_emplace(node.id, Clause{&library, name, node.at, node.kind == cql::NodeKind::query});
      if (node.kind == cql::NodeKind::definition_ref) {
        const auto& ref = static_cast<const cql::DefinitionRef&>(node);
        const cql::TypedLibrary& other = program_.libraries[static_cast<std::size_t>(ref.library)];
        const auto& called = other.definitions[static_cast<std::size_t>(ref.index)];
        if (called.body) add(other, called.name, *called.body);
      } else if (node.kind == cql::NodeKind::function_call) {
        const auto& call = static_cast<const cql::FunctionCall&>(node);
        const cql::TypedLibrary& other = program_.libraries[static_cast<std::size_t>(call.library)];
        const auto& called = other.functions[static_cast<std::size_t>(call.index)];
        if (called.body) add(other, called.name, *called.body);
      }
    });
  }

  const cql::Program& program_;
  std::map<std::uint32_t, Clause> clauses_;
  std::set<std::uint32_t> seen_;
};

std::string shown(const cql::Value& value) {
  if (value.is_null()) return "null";
  if (value.is(cql::Kind::list)) return fmt::format("{} row{}", value.as_list().size(), value.as_list().size() == 1 ? "" : "s");
  return fhir::to_cell(value);
}

/// What was seen of the clauses that begin on one line.
struct Line {
  std::size_t clauses = 0, reached = 0, one_sided = 0;
};

using Lines = std::map<int, Line>;

void note(const cql::Node& body, const cql::Trace& trace, Lines& lines, std::size_t& all, std::size_t& reached) {
  cql::visit_nodes(body, [&](const cql::Node& node) {
    const cql::ClauseOutcome seen = node.id < trace.clauses().size() ? trace.clauses()[node.id] : cql::ClauseOutcome{};
    Line& line = lines[node.at.line];
    ++line.clauses;
    ++all;
    if (seen.evaluated == 0) return;
    ++line.reached;
    ++reached;
    const bool test = node.type.is(cql::TypeKind::boolean) && node.kind != cql::NodeKind::literal;
    if (test && (seen.yes == 0 || seen.yes == seen.evaluated)) ++line.one_sided;
  });
}

char mark_of(const Lines& lines, int line) {
  const auto found = lines.find(line);
  if (found == lines.end()) return ' ';
  const Line& seen = found->second;
  if (seen.reached == 0) return '!';
  if (seen.reached < seen.clauses) return '~';
  return seen.one_sided > 0 ? '?' : '+';
}

std::string marked_source(const cql::TypedLibrary& library, const Lines& lines) {
  std::error_code none;
  if (!std::filesystem::is_regular_file(library.file, none) || !library.file.ends_with(".cql")) return {};
  const std::string text = fhir::read_file(library.file);
  std::string out = fmt::format("\n{} ({})\n", library.name, library.file);
  std::size_t begin = 0;
  for (int line = 1; begin < text.size(); ++line) {
    const std::size_t end = std::min(text.find('\n', begin), text.size());
    std::string_view row(text.data() + begin, end - begin);
    if (row.ends_with('\r')) row.remove_suffix(1);
    out += fmt::format("{} {:>5}  {}\n", mark_of(lines, line), line, row);
    begin = end + 1;
  }
  return out;
}

}  // namespace

void print_evidence(const cql::Program& program, const cql::Trace& trace, const std::vector<cql::Value>& answers) {
  Behind behind(program);
  const cql::TypedLibrary& main = program.main_library();
  for (std::size_t i = 0; i < main.definitions.size(); ++i) {
    const cql::TypedDefinition& definition = main.definitions[i];
    if (!definition.body || definition.access != cql::Access::public_) continue;
    fmt::print("{}: {}\n", definition.name, i < answers.size() ? shown(answers[i]) : "null");
    const auto clauses = behind.of(main, definition);
    // A query begins where its source does: the rows that passed it are told, not those it chose from.
    struct Rows {
      bool of_query = false;
      std::set<std::string> labels;
    };
    std::map<std::tuple<std::string, std::string, int, int>, Rows> places;
    const auto place_of = [](const Clause& clause) { return std::tuple(clause.library->name, clause.name, clause.at.line, clause.at.column); };
    for (const auto& [node, clause] : clauses) {
      if (clause.is_query) places[place_of(clause)].of_query = true;
    }
    for (const cql::EvidenceRow& row : trace.rows()) {
      const auto found = clauses.find(row.node);
      if (found == clauses.end() || row.label.find('/') == std::string::npos) continue;
      Rows& rows = places[place_of(found->second)];
      if (rows.of_query == found->second.is_query) rows.labels.insert(row.label);
    }
    for (const auto& [place, rows] : places) {
      if (rows.labels.empty()) continue;
      const auto& [library, name, line, column] = place;
      std::string text;
      for (const std::string& label : rows.labels) text += (text.empty() ? "" : ", ") + label;
      fmt::print("  {}.\"{}\" {}:{}  {}\n", library, name, line, column, text);
    }
  }
}

std::string coverage_text(const cql::Program& program, const cql::Trace& trace, std::size_t subjects) {
  std::string summary =
      fmt::format("clauses reached over {} patient{} ('!' a line never reached, '~' partly, '?' only ever true or only ever false, '+' all of it)\n", subjects,
                  subjects == 1 ? "" : "s");
  std::string sources;
  std::size_t all = 0;
  std::size_t reached = 0;
  for (const cql::TypedLibrary& library : program.libraries) {
    Lines lines;
    auto add = [&](const std::string& name, const cql::NodePtr& body) {
      if (!body) return;
      std::size_t own = 0;
      std::size_t own_reached = 0;
      note(*body, trace, lines, own, own_reached);
      summary += fmt::format("{:>5}/{:<5} {}.\"{}\"\n", own_reached, own, library.name, name);
      all += own;
      reached += own_reached;
    };
    for (const auto& definition : library.definitions) add(definition.name, definition.body);
    for (const auto& function : library.functions) add(function.name, function.body);
    if (!lines.empty()) sources += marked_source(library, lines);
  }
  return summary + fmt::format("{:>5}/{:<5} in all\n", reached, all) + sources;
}

}  // namespace catchment::cli
