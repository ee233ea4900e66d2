// catchment cql explain: what a program reads and what its definitions are.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <set>

#include "cli/cql_program.h"
#include "cli/cql_request.h"
#include "cli/run.h"
#include "measures/measures.h"

namespace catchment::cli {

namespace {

std::string terminology_text(const cql::Program& program, const cql::Node* node) {
  if (node == nullptr) return "any";
  switch (node->kind) {
    case cql::NodeKind::value_set_ref: {
      const auto& ref = static_cast<const cql::ValueSetRef&>(*node);
      const auto& set = program.libraries[static_cast<std::size_t>(ref.library)].value_sets[static_cast<std::size_t>(ref.index)];
      return fmt::format("value set \"{}\" {}", set.name, set.url);
    }
    case cql::NodeKind::code_literal: {
      const auto& code = static_cast<const cql::CodeLiteral&>(*node).value;
      return fmt::format("code {}|{}", code.system, code.code);
    }
    case cql::NodeKind::convert: return terminology_text(program, static_cast<const cql::Convert&>(*node).operand.get());
    case cql::NodeKind::list_selector: {
      std::string text;
      for (const cql::NodePtr& item : static_cast<const cql::ListSelector&>(*node).values)
        text += (text.empty() ? "" : " or ") + terminology_text(program, item.get());
      return text;
    }
    case cql::NodeKind::definition_ref: {
      const auto& ref = static_cast<const cql::DefinitionRef&>(*node);
      const auto& library = program.libraries[static_cast<std::size_t>(ref.library)];
      return fmt::format("the codes of {}.\"{}\"", library.name, library.definitions[static_cast<std::size_t>(ref.index)].name);
    }
    default: return fmt::format("codes worked out at {}:{}", node->at.line, node->at.column);
  }
}

struct Read {
  std::string profile;
  int uses = 0;
};

/// How often the clauses of a body are worked out: once a person, once a row, once for each pair of rows or more.
struct Cost {
  std::uint32_t person = 0, row = 0, pair = 0;
};

Cost cost_of(const cql::Node& body) {
  std::map<std::uint32_t, int> depth;
  const auto deepen = [&depth](const cql::NodePtr& part) {
    if (part) cql::visit_nodes(*part, [&depth](const cql::Node& node) { ++depth[node.id]; });
  };
  cql::visit_nodes(body, [&](const cql::Node& node) {
    depth.try_emplace(node.id, 0);
    if (node.kind == cql::NodeKind::iteration) deepen(static_cast<const cql::Iteration&>(node).body);
    if (node.kind != cql::NodeKind::query) return;
    const auto& query = static_cast<const cql::Query&>(node);
    for (const auto& let : query.lets) deepen(let.value);
    for (const auto& relation : query.relations) {
      deepen(relation.such_that);
      deepen(relation.such_that);  // for each row of the relation as well
    }
    deepen(query.where);
    deepen(query.result);
    deepen(query.aggregate);
    for (const auto& sort : query.sort) deepen(sort.key);
  });
  Cost cost;
  for (const auto& [id, times] : depth) ++(times == 0 ? cost.person : times == 1 ? cost.row : cost.pair);
  return cost;
}

void explain_plan(const cql::Program& program) {
  const cql::Plan plan(program);
  std::size_t known = 0;
  for (const cql::PlannedRetrieve& retrieve : plan.retrieves()) known += retrieve.terminology_is_known ? 1 : 0;
  fmt::print("\npushed down: {} of {} retrieves have codes known before any person is looked at\n", known, plan.retrieves().size());
  for (const cql::PlannedRetrieve& retrieve : plan.retrieves())
    if (!retrieve.terminology_is_known)
      fmt::print("  not {} at {}:{}: its codes depend on the person, so every row is read\n", retrieve.node->resource_type, retrieve.node->at.line,
                 retrieve.node->at.column);
  const auto shared = plan.shared();
  fmt::print("\nshared: {} expressions are used more than once and worked out once\n", shared.size());
  std::size_t shown = 0;
  for (const cql::SharedExpression& expression : shared) {
    if (++shown > 25) break;
    fmt::print("  {} {}:{}, {} times, once a {}\n", expression.library, expression.at.line, expression.at.column, expression.uses,
               expression.once_a_run ? "run" : "person");
  }
  if (shared.size() > 25) fmt::print("  ... and {} more\n", shared.size() - 25);
  fmt::print("\nestimated cost (clauses worked out once a person, once a row, once for each pair of rows):\n");
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const auto& definition : library.definitions) {
      if (!definition.body) continue;
      const Cost cost = cost_of(*definition.body);
      fmt::print("  {}.\"{}\": {}, {}, {}\n", library.name, definition.name, cost.person, cost.row, cost.pair);
    }
  }
}

struct SnapshotOptions {
  ProgramOptions program;
  DataOptions data;
  std::string workspace;
};

/// What a run over the snapshot would read: one ordered scan a table.
void explain_scans(const cql::Program& program, const SnapshotOptions& options) {
  RequestValueSets value_sets;
  const cql::Request request = make_request(program, options.data, value_sets);
  const auto snapshot = records::Snapshot::open(records::Workspace{options.workspace});
  measures::PopulationOptions settings;
  settings.definitions = measures::answerable_definitions(program);
  const measures::PopulationProgram prepared(program, request, *snapshot, settings);
  db::Connection connection = snapshot->population();
  const std::vector<std::uint64_t> rows = measures::count_rows(connection, prepared.scans(), {});
  fmt::print("\nscans of the snapshot, each in the order of its table:\n");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const measures::TableScan& scan = prepared.scans().scans[i];
    std::string columns;
    for (const std::int16_t column : scan.columns)
      columns += (columns.empty() ? "" : ", ") + std::string(records::tables[scan.table].columns[static_cast<std::size_t>(column)].name);
    fmt::print("  {} (as {}): {}, {} rows, {} MB; columns {}\n", records::tables[scan.table].name, scan.resources, measures::describe(scan), rows[i],
               rows[i] * measures::row_bytes(scan, prepared.scans().labels) >> 20, columns.empty() ? "none" : columns);
  }
  if (rows.empty()) fmt::print("  none: the snapshot has no row with a code that is asked for\n");
  fmt::print("{}\n",
             prepared.reads().patient ? "the person's own data are read: everyone is evaluated"
                                      : "the person's own data are not read: who has no such row is answered once for all");
}

void explain(const cql::Program& program) {
  for (const cql::TypedLibrary& library : program.libraries) {
    fmt::print("library {}{}{}\n", library.name, library.version.empty() ? "" : "|" + library.version, &library == &program.main_library() ? " (main)" : "");
  }
  std::map<std::string, Read> reads;
  std::uint32_t clauses = 0;
  std::map<std::pair<std::int32_t, std::int32_t>, int> uses;
  auto visit = [&](const cql::NodePtr& body) {
    if (!body) return;
    cql::visit_nodes(*body, [&](const cql::Node& node) {
      ++clauses;
      if (node.kind == cql::NodeKind::definition_ref) {
        const auto& ref = static_cast<const cql::DefinitionRef&>(node);
        ++uses[{ref.library, ref.index}];
      }
      if (node.kind != cql::NodeKind::retrieve) return;
      const auto& retrieve = static_cast<const cql::Retrieve&>(node);
      std::string text = retrieve.resource_type;
      if (retrieve.comparison != cql::CodeComparison::none)
        text += fmt::format(" where {} is in {}", retrieve.code_path, terminology_text(program, retrieve.terminology.get()));
      if (retrieve.negation) text += " (recorded as not done)";
      Read& read = reads[text];
      read.profile = retrieve.profile;
      ++read.uses;
    });
  };
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const auto& definition : library.definitions) visit(definition.body);
    for (const auto& function : library.functions) visit(function.body);
  }
  fmt::print("\nreads ({} different retrieves):\n", reads.size());
  for (const auto& [text, read] : reads) fmt::print("  {}{}\n", text, read.uses > 1 ? fmt::format(", asked {} times and read once", read.uses) : "");
  fmt::print("\ndefinitions ({} clauses in all):\n", clauses);
  for (std::size_t l = 0; l < program.libraries.size(); ++l) {
    const cql::TypedLibrary& library = program.libraries[l];
    for (std::size_t i = 0; i < library.definitions.size(); ++i) {
      const cql::TypedDefinition& definition = library.definitions[i];
      if (!definition.body) continue;
      const int count = uses[{static_cast<std::int32_t>(l), static_cast<std::int32_t>(i)}];
      fmt::print("  {}.\"{}\": {}{}{}\n", library.name, definition.name, cql::to_string(definition.type),
                 definition.context == cql::EvaluationContext::unfiltered ? " (once for all)" : "",
                 count > 1 ? fmt::format(", used {} times and worked out once a person", count) : "");
    }
  }
}

}  // namespace

void add_cql_explain_command(CLI::App& cql, Run& run) {
  auto* command = cql.add_subcommand("explain", "Say what a library reads and what its definitions are");
  auto options = std::make_shared<SnapshotOptions>();
  command->add_option("--main", options->program.main, "The library: NAME, NAME|VERSION or a .cql file")->required();
  command->add_option("--libraries", options->program.libraries, "Folder (or file) of libraries");
  command->add_option("--models", options->program.models, "Folder (or file) of further model info");
  command->add_option("--workspace", options->workspace, "Also say what a run over its published snapshot would read");
  command->add_option("--period", options->data.period, "The Measurement Period of that run, START..END");
  command->add_option("--value-sets", options->data.value_sets, "Its value sets");
  command->footer(
      "Examples:\n  catchment cql explain --main Diabetes --libraries cql\n  catchment cql explain --main Diabetes --libraries cql --workspace w --value-sets "
      "vs");
  command->callback([options, &run] {
    run = [options] {
      const auto program = load_program(options->program);
      if (!program) return exit_check_failed;
      explain(*program);
      explain_plan(*program);
      if (!options->workspace.empty()) explain_scans(*program, *options);
      return exit_done;
    };
  });
}

}  // namespace catchment::cli
