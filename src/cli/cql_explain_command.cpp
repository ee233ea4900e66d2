// catchment cql explain: what a program reads and what its definitions are.
#include <fmt/core.h>

#include <CLI/CLI.hpp>
#include <map>
#include <memory>
#include <set>

#include "cli/run.h"
#include "cli/cql_program.h"

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
    default: return "codes worked out";
  }
}

struct Read {
  std::string profile;
  int uses = 0;
};

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
      if (retrieve.comparison != cql::CodeComparison::none) text += fmt::format(" where {} is in {}", retrieve.code_path, terminology_text(program, retrieve.terminology.get()));
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
  fmt::print("\nreads ({} retrieves known before any person is looked at):\n", reads.size());
  for (const auto& [text, read] : reads) fmt::print("  {}{}\n", text, read.uses > 1 ? fmt::format(", asked {} times and read once", read.uses) : "");
  fmt::print("\ndefinitions ({} clauses in all):\n", clauses);
  for (std::size_t l = 0; l < program.libraries.size(); ++l) {
    const cql::TypedLibrary& library = program.libraries[l];
    for (std::size_t i = 0; i < library.definitions.size(); ++i) {
      const cql::TypedDefinition& definition = library.definitions[i];
      if (!definition.body) continue;
      const int count = uses[{static_cast<std::int32_t>(l), static_cast<std::int32_t>(i)}];
      fmt::print("  {}.\"{}\": {}{}{}\n", library.name, definition.name, cql::to_string(definition.type), definition.context == cql::EvaluationContext::unfiltered ? " (once for all)" : "",
                 count > 1 ? fmt::format(", used {} times and worked out once a person", count) : "");
    }
  }
}

}  // namespace

void add_cql_explain_command(CLI::App& cql, Run& run) {
  auto* command = cql.add_subcommand("explain", "Say what a library reads and what its definitions are");
  auto options = std::make_shared<ProgramOptions>();
  command->add_option("--main", options->main, "The library: NAME, NAME|VERSION or a .cql file")->required();
  command->add_option("--libraries", options->libraries, "Folder (or file) of libraries");
  command->add_option("--models", options->models, "Folder (or file) of further model info");
  command->footer("Example:\n  catchment cql explain --main Diabetes --libraries cql");
  command->callback([options, &run] {
    run = [options] {
      const auto program = load_program(*options);
      if (!program) return exit_check_failed;
      explain(*program);
      return exit_done;
    };
  });
}

}  // namespace catchment::cli
