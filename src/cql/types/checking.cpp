// Libraries: what they declare, what they include, and the order in which their bodies are checked.
#include "cql/types/checking.h"

#include <fmt/core.h>

#include <algorithm>

namespace catchment::cql {

namespace {

constexpr std::size_t max_diagnostics = 200;
constexpr std::size_t max_include_depth = 64;

Access access_of(const syntax::Declared& declared) { return declared.access == syntax::AccessModifier::private_ ? Access::private_ : Access::public_; }

std::string last_part(const std::string& name) { return name.substr(name.rfind('.') + 1); }

template <typename Names>
std::string join(const Names& names) {
  std::string text;
  for (const std::string& name : names) text += (text.empty() ? "" : ", ") + name;
  return text;
}

}  // namespace

void Checking::error(std::int32_t library, const SourcePosition& at, const std::string& message, const std::string& fix) {
  if (diagnostics.size() >= max_diagnostics) return;
  Diagnostic diagnostic{state(library).file, at.line, at.column, Severity::error, message, fix};
  if (std::find(diagnostics.begin(), diagnostics.end(), diagnostic) == diagnostics.end()) diagnostics.push_back(std::move(diagnostic));
}

void Checking::warn(std::int32_t library, const SourcePosition& at, const std::string& message, const std::string& fix) {
  if (diagnostics.size() >= max_diagnostics) return;
  Diagnostic diagnostic{state(library).file, at.line, at.column, Severity::warning, message, fix};
  if (std::find(diagnostics.begin(), diagnostics.end(), diagnostic) == diagnostics.end()) diagnostics.push_back(std::move(diagnostic));
}

std::vector<std::string> Checking::names_of(std::int32_t library) {
  std::vector<std::string> names;
  for (const auto& [name, symbol] : state(library).symbols) names.push_back(name);
  return names;
}

std::int32_t Checking::load(const LibraryText& text, syntax::Library tree) {
  const auto index = static_cast<std::int32_t>(states.size());
  states.push_back(std::make_unique<LibraryState>());
  program.libraries.emplace_back();
  LibraryState& own = state(index);
  own.file = text.file;
  own.tree = std::move(tree);
  TypedLibrary& library = typed(index);
  library.name = own.tree.name;
  library.version = own.tree.version;
  library.file = text.file;
  loaded_[library.name + "|" + library.version] = index;
  const std::string key = library.name + "|" + library.version;
  loading_.push_back(key);
  declare_usings(index);
  declare_includes(index);
  loading_.pop_back();
  declare_terminology(index);
  declare_parameters(index);
  declare_statements(index);
  return index;
}

void Checking::declare_usings(std::int32_t library) {
  for (const syntax::Using& item : state(library).tree.usings) {
    if (item.name == "System") continue;
    const Model* model = models.find(item.name, item.version);
    if (model == nullptr && item.name == "FHIR" && item.version == "4.0.0") {
      // 4.0.1 is its technical correction and has the same classes.
      model = models.find("FHIR", "4.0.1");
      if (model != nullptr)
        warn(library, item.at, fmt::format("FHIR version '{}' is read as version '4.0.1'", item.version), "write using FHIR version '4.0.1'");
    }
    if (model == nullptr) {
      state(library).model_missing = true;
      const std::string versions = models.versions(item.name);
      const std::string near = nearest(item.name, models.names());
      std::string fix = "give its model info file with --models";
      if (!versions.empty()) fix = fmt::format("the versions at hand are {}; others are given with --models", versions);
      else if (!near.empty()) fix = fmt::format("did you mean {}? Others are given with --models", near);
      error(library, item.at, fmt::format("there is no data model {}{}", item.name, item.version.empty() ? "" : " version '" + item.version + "'"), fix);
      continue;
    }
    LibraryState& own = state(library);
    own.models[item.alias.empty() ? item.name : item.alias] = model;
    if (own.default_model == nullptr) {
      own.default_model = model;
      typed(library).patient_class = model->patient_class;
    }
    types.use(model);
    // Models that rest on FHIR classes and conversions need them too.
    if (const Model* fhir = models.find("FHIR", "")) {
      const bool chosen = std::any_of(types.models().begin(), types.models().end(), [](const Model* m) { return m->name == "FHIR"; });
      if (!chosen) types.use(fhir);
    }
  }
}

void Checking::declare_includes(std::int32_t library) {
  const std::size_t count = state(library).tree.includes.size();
  state(library).include_targets.assign(count, -1);
  for (std::size_t i = 0; i < count; ++i) {
    const syntax::Include item = [&] {
      const syntax::Include& from = state(library).tree.includes[i];
      syntax::Include copy;
      copy.name = from.name;
      copy.version = from.version;
      copy.alias = from.alias;
      copy.at = from.at;
      return copy;
    }();
    const std::string alias = item.alias.empty() ? last_part(item.name) : item.alias;
    syntax::Declared declared = item;
    declared.name = alias;
    declare(library, declared, {Symbol::Kind::include, static_cast<std::int32_t>(i), item.at}, "library");
    const LibraryText* text = libraries.find(item.name, item.version);
    LibraryText built_in;
    if (text == nullptr && last_part(item.name) == "FHIRHelpers") {
      // Its conversions are built in, so another version than the ones at hand is no reason to stop.
      if (const auto versions = libraries.versions(item.name); !versions.empty()) {
        warn(library, item.at, fmt::format("there is no library {} version '{}': the built-in one is used", item.name, item.version),
             fmt::format("the versions at hand are {}", join(versions)));
      }
      built_in = {"FHIRHelpers (built in)", std::string(fhir_helpers_text())};
      text = &built_in;
    }
    if (text == nullptr) {
      const auto versions = libraries.versions(item.name);
      const std::string near = nearest(item.name, libraries.names());
      std::string fix = "give the folder that holds it with --libraries";
      if (!versions.empty()) fix = fmt::format("the versions at hand are {}", join(versions));
      else if (!near.empty()) fix = fmt::format("did you mean {}?", near);
      error(library, item.at, fmt::format("there is no library {}{}", item.name, item.version.empty() ? "" : " version '" + item.version + "'"), fix);
      continue;
    }
    Diagnostics found;
    syntax::Library tree = syntax::parse_library(text->text, text->file, found);
    if (tree.name.empty()) tree.name = item.name;
    const std::string key = tree.name + "|" + tree.version;
    if (std::find(loading_.begin(), loading_.end(), key) != loading_.end()) {
      error(library, item.at, fmt::format("the libraries include one another in a circle: {} includes {}", join(loading_), tree.name),
            "move what both need into a third library");
      continue;
    }
    if (const auto known = loaded_.find(key); known != loaded_.end()) {
      state(library).include_targets[i] = known->second;
      continue;
    }
    if (loading_.size() >= max_include_depth) {
      error(library, item.at, "libraries are included more than 64 deep", "include what is needed directly");
      continue;
    }
    for (Diagnostic& d : found) {
      if (diagnostics.size() < max_diagnostics) diagnostics.push_back(std::move(d));
    }
    const LibraryText name_only{text->file, {}};
    const std::int32_t target = load(name_only, std::move(tree));
    state(library).include_targets[i] = target;
  }
}

bool Checking::declare(std::int32_t library, const syntax::Declared& declared, Symbol symbol, const char* what) {
  symbol.at = declared.at;
  const auto [entry, is_new] = state(library).symbols.try_emplace(declared.name, symbol);
  if (is_new) return true;
  error(library, declared.at, fmt::format("{} \"{}\" is already declared on line {}", what, declared.name, entry->second.at.line),
        "give one of them another name");
  return false;
}

std::optional<CodeValue> Checking::resolve_code(std::int32_t library, const std::string& name, const SourcePosition& at) {
  std::int32_t from = library;
  std::string code = name;
  if (const std::size_t dot = name.rfind('.'); dot != std::string::npos && state(library).symbols.count(name) == 0) {
    const auto include = state(library).symbols.find(name.substr(0, dot));
    if (include != state(library).symbols.end() && include->second.kind == Symbol::Kind::include) {
      from = state(library).include_targets[static_cast<std::size_t>(include->second.index)];
      code = name.substr(dot + 1);
      if (from < 0) return std::nullopt;
    }
  }
  const auto found = state(from).symbols.find(code);
  if (found == state(from).symbols.end() || found->second.kind != Symbol::Kind::code) {
    std::vector<std::string> names;
    for (const auto& c : state(from).tree.codes) names.push_back(c.name);
    const std::string near = nearest(code, names);
    error(library, at, fmt::format("there is no code \"{}\"", name),
          near.empty() ? "declare it before the concept: code \"" + code + "\": '...' from \"...\"" : "did you mean \"" + near + "\"?");
    return std::nullopt;
  }
  return state(from).codes[static_cast<std::size_t>(found->second.index)];
}

void Checking::declare_terminology(std::int32_t library) {
  LibraryState& own = state(library);
  TypedLibrary& out = typed(library);
  for (const syntax::CodeSystem& item : own.tree.code_systems) {
    declare(library, item, {Symbol::Kind::code_system, static_cast<std::int32_t>(out.code_systems.size()), item.at}, "code system");
    out.code_systems.push_back({item.name, item.id, item.version, access_of(item)});
  }
  for (const syntax::ValueSet& item : own.tree.value_sets) {
    declare(library, item, {Symbol::Kind::value_set, static_cast<std::int32_t>(out.value_sets.size()), item.at}, "value set");
    TypedValueSet set{item.name, item.id, item.version, {}, access_of(item)};
    // A version may also stand in the URL: 'http://...|2024'.
    if (const std::size_t bar = set.url.find('|'); bar != std::string::npos && set.version.empty()) {
      set.version = set.url.substr(bar + 1);
      set.url.resize(bar);
    }
    out.value_sets.push_back(std::move(set));
  }
  for (const syntax::Code& item : own.tree.codes) {
    declare(library, item, {Symbol::Kind::code, static_cast<std::int32_t>(own.codes.size()), item.at}, "code");
    Body body(*this, library, EvaluationContext::patient);
    syntax::Expression e;
    e.kind = syntax::Kind::code;
    e.at = item.at;
    e.text = item.id;
    e.display = item.display;
    if (!item.system_qualifier.empty()) e.names.push_back(item.system_qualifier);
    e.names.push_back(item.system);
    own.codes.push_back(body.code_value(e).value_or(CodeValue{}));
  }
  for (const syntax::Concept& item : own.tree.concepts) {
    declare(library, item, {Symbol::Kind::concept_, static_cast<std::int32_t>(own.concepts.size()), item.at}, "concept");
    std::vector<CodeValue> codes;
    for (const std::string& name : item.codes) {
      if (const auto code = resolve_code(library, name, item.at)) codes.push_back(*code);
    }
    own.concepts.push_back(std::move(codes));
  }
}

void Checking::declare_parameters(std::int32_t library) {
  LibraryState& own = state(library);
  for (const syntax::Parameter& item : own.tree.parameters) {
    TypedLibrary& out = typed(library);
    declare(library, item, {Symbol::Kind::parameter, static_cast<std::int32_t>(out.parameters.size()), item.at}, "parameter");
    TypedParameter parameter;
    parameter.name = item.name;
    parameter.access = access_of(item);
    parameter.at = item.at;
    if (item.type) parameter.type = resolve_type(library, *item.type).value_or(Type::any());
    typed(library).parameters.push_back(std::move(parameter));
    own.parameter_progress.push_back(Progress::not_begun);
  }
}

void Checking::check_parameter(std::int32_t library, std::int32_t index) {
  const auto i = static_cast<std::size_t>(index);
  LibraryState& own = state(library);
  if (own.parameter_progress[i] != Progress::not_begun) return;
  own.parameter_progress[i] = Progress::under_way;
  const syntax::Parameter& item = own.tree.parameters[i];
  if (item.default_value) {
    Body body(*this, library, EvaluationContext::unfiltered);
    NodePtr node = body.check(*item.default_value);
    TypedParameter& parameter = typed(library).parameters[i];
    if (node && item.type) node = body.converted(std::move(node), parameter.type, fmt::format("the default of the parameter \"{}\"", item.name));
    if (node && !item.type) parameter.type = node->type;
    typed(library).parameters[i].default_value = std::move(node);
    typed(library).parameters[i].slot_count = body.slots();
  } else if (!item.type) {
    error(library, item.at, fmt::format("the parameter \"{}\" has neither a type nor a default", item.name),
          "give its type, as in: parameter " + syntax::print_name(item.name) + " Interval<DateTime>");
  }
  own.parameter_progress[i] = Progress::done;
}

void Checking::declare_function(std::int32_t library, const syntax::Statement& statement, EvaluationContext context) {
  LibraryState& own = state(library);
  const auto index = static_cast<std::int32_t>(typed(library).functions.size());
  TypedFunction function;
  function.name = statement.name;
  function.fluent = statement.fluent;
  function.external = statement.external;
  function.access = access_of(statement);
  function.at = statement.at;
  bool good = true;
  for (const syntax::Operand& operand : statement.operands) {
    const auto type = resolve_type(library, operand.type);
    good = good && type;
    function.parameters.push_back({operand.name, type.value_or(Type::any())});
  }
  if (statement.fluent && statement.operands.empty()) {
    error(library, statement.at, fmt::format("the fluent function \"{}\" has no argument", statement.name), "its first argument is what stands before the dot");
  }
  for (const std::int32_t other : own.functions[statement.name]) {
    const TypedFunction& known = typed(library).functions[static_cast<std::size_t>(other)];
    bool same = good && known.parameters.size() == function.parameters.size();
    for (std::size_t i = 0; same && i < known.parameters.size(); ++i) same = known.parameters[i].type == function.parameters[i].type;
    if (same) {
      error(library, statement.at, fmt::format("the function \"{}\" with these argument types is already defined on line {}", statement.name, known.at.line),
            "remove one, or give it other argument types");
    }
  }
  own.functions[statement.name].push_back(index);
  own.function_statements.push_back(&statement);
  own.function_progress.push_back(Progress::not_begun);
  own.function_signature_ok.push_back(good);
  if (own.symbols.count(statement.name) == 0) own.symbols[statement.name] = {Symbol::Kind::function, index, statement.at};
  (void)context;
  typed(library).functions.push_back(std::move(function));
}

void Checking::declare_statements(std::int32_t library) {
  LibraryState& own = state(library);
  EvaluationContext context = EvaluationContext::patient;
  for (const syntax::Statement& statement : own.tree.statements) {
    if (statement.kind == syntax::Statement::Kind::context) {
      if (statement.name == "Unfiltered" || statement.name == "Population") {
        context = EvaluationContext::unfiltered;
      } else if (statement.name == "Patient") {
        context = EvaluationContext::patient;
      } else if (statement.name == "Practitioner") {
        error(library, statement.at, "the Practitioner context is not supported", "use context Patient or context Unfiltered");
      } else {
        const std::string near = nearest(statement.name, {"Patient", "Unfiltered"});
        error(library, statement.at, fmt::format("there is no context {}", statement.name),
              near.empty() ? "use context Patient or context Unfiltered" : "did you mean " + near + "?");
      }
      continue;
    }
    if (statement.kind == syntax::Statement::Kind::function) {
      declare_function(library, statement, context);
      continue;
    }
    const auto index = static_cast<std::int32_t>(typed(library).definitions.size());
    const auto known = own.symbols.find(statement.name);
    if (known != own.symbols.end() && known->second.kind == Symbol::Kind::function) own.symbols.erase(known);
    declare(library, statement, {Symbol::Kind::definition, index, statement.at}, "definition");
    TypedDefinition definition;
    definition.name = statement.name;
    definition.context = context;
    definition.access = access_of(statement);
    definition.at = statement.at;
    typed(library).definitions.push_back(std::move(definition));
    own.definition_statements.push_back(&statement);
    own.definition_progress.push_back(Progress::not_begun);
  }
}

void Checking::check_definition(std::int32_t library, std::int32_t index) {
  const auto i = static_cast<std::size_t>(index);
  if (state(library).definition_progress[i] != Progress::not_begun) return;
  state(library).definition_progress[i] = Progress::under_way;
  const syntax::Statement& statement = *state(library).definition_statements[i];
  if (statement.body) {
    Body body(*this, library, typed(library).definitions[i].context);
    NodePtr node = body.check(*statement.body);
    TypedDefinition& definition = typed(library).definitions[i];
    if (node) definition.type = node->type;
    definition.body = std::move(node);
    definition.slot_count = body.slots();
  }
  state(library).definition_progress[i] = Progress::done;
}

void Checking::check_function(std::int32_t library, std::int32_t index) {
  const auto i = static_cast<std::size_t>(index);
  if (state(library).function_progress[i] != Progress::not_begun) return;
  state(library).function_progress[i] = Progress::under_way;
  const syntax::Statement& statement = *state(library).function_statements[i];
  if (statement.body && state(library).function_signature_ok[i]) {
    Body body(*this, library, EvaluationContext::patient);
    const std::vector<TupleElement> parameters = typed(library).functions[i].parameters;
    for (const TupleElement& parameter : parameters) body.add_name(parameter.name, parameter.type, body.new_slot());
    NodePtr node = body.check(*statement.body);
    if (statement.returns) {
      const auto type = resolve_type(library, *statement.returns);
      node = type ? body.converted(std::move(node), *type, fmt::format("what the function \"{}\" returns", statement.name)) : nullptr;
    }
    TypedFunction& function = typed(library).functions[i];
    if (node) function.type = node->type;
    function.body = std::move(node);
    function.slot_count = body.slots();
  } else if (statement.external && statement.returns) {
    typed(library).functions[i].type = resolve_type(library, *statement.returns).value_or(Type::any());
  }
  state(library).function_progress[i] = Progress::done;
}

void Checking::check_everything(std::int32_t library) {
  for (std::size_t i = 0; i < typed(library).parameters.size(); ++i) check_parameter(library, static_cast<std::int32_t>(i));
  for (std::size_t i = 0; i < typed(library).functions.size(); ++i) check_function(library, static_cast<std::int32_t>(i));
  for (std::size_t i = 0; i < typed(library).definitions.size(); ++i) check_definition(library, static_cast<std::int32_t>(i));
}

std::optional<Type> Checking::resolve_type(std::int32_t library, const syntax::TypeSpecifier& s) {
  using K = syntax::TypeSpecifier::Kind;
  if (s.kind != K::named) {
    std::vector<Type> arguments;
    for (const auto& argument : s.arguments) {
      const auto type = resolve_type(library, argument);
      if (!type) return std::nullopt;
      arguments.push_back(*type);
    }
    if (s.kind == K::list) return Type::list(arguments[0]);
    if (s.kind == K::interval) return Type::interval(arguments[0]);
    if (s.kind == K::choice) return Type::choice(arguments);
    std::vector<TupleElement> elements;
    elements.reserve(arguments.size());
    for (std::size_t i = 0; i < arguments.size(); ++i) elements.push_back({s.element_names[i], arguments[i]});
    return Type::tuple(std::move(elements));
  }
  std::string name = join(std::vector<std::string>{});
  for (const std::string& part : s.name) name += (name.empty() ? "" : ".") + part;
  LibraryState& own = state(library);
  if (s.name.size() > 1) {
    if (s.name[0] == "System") {
      if (auto type = system_type(name)) return type;
    }
    if (const auto model = own.models.find(s.name[0]); model != own.models.end()) {
      const std::string rest = name.substr(s.name[0].size() + 1);
      if (const ModelClass* item = model->second->find(rest)) return Type::named(item->qualified);
      std::vector<std::string> names;
      for (const auto& [class_name, item] : model->second->classes) names.push_back(class_name);
      const std::string near = nearest(rest, names);
      error(library, s.at, fmt::format("{} has no type '{}'", s.name[0], rest),
            near.empty() ? "check its name in the data model" : "did you mean " + s.name[0] + "." + near + "?");
      return std::nullopt;
    }
    // FHIR.X in a library that uses QICore only: FHIR rests below it.
    for (const Model* model : types.models()) {
      if (model->name != s.name[0]) continue;
      if (const ModelClass* item = model->find(name.substr(s.name[0].size() + 1))) return Type::named(item->qualified);
    }
  }
  if (own.default_model != nullptr) {
    if (const ModelClass* item = own.default_model->find(name)) {
      // A class that only renames a system type is that type.
      if (item->elements.empty() && !item->base.is_named() && !item->base.is_any()) return item->base;
      return Type::named(item->qualified);
    }
  }
  if (auto type = system_type(name)) return type;
  for (const auto& [alias, model] : own.models) {
    if (const ModelClass* item = model->find(name)) return Type::named(item->qualified);
  }
  if (own.model_missing) return std::nullopt;
  std::vector<std::string> names{"Boolean",  "Integer", "Long", "Decimal", "String",   "Date",       "DateTime", "Time",
                                 "Quantity", "Ratio",   "Code", "Concept", "ValueSet", "CodeSystem", "Any"};
  if (own.default_model != nullptr) {
    for (const auto& [class_name, item] : own.default_model->classes) names.push_back(class_name);
  }
  const std::string near = nearest(name, names);
  std::string fix = near.empty() ? "check its name" : "did you mean " + near + "?";
  if (own.default_model == nullptr && models.find("FHIR", "")->find(name) != nullptr) fix = "name the data model first: using FHIR version '4.0.1'";
  error(library, s.at, fmt::format("there is no type '{}'", name), fix);
  return std::nullopt;
}

std::unique_ptr<Program> check_library(const LibraryText& main, const Libraries& libraries, const Models& models, Diagnostics& diagnostics) {
  auto program = std::make_unique<Program>();
  Checking checking(*program, libraries, models, diagnostics);
  syntax::Library tree = syntax::parse_library(main.text, main.file, diagnostics);
  program->main = checking.load(main, std::move(tree));
  checking.check_everything(program->main);
  return program;
}

std::unique_ptr<Program> check_expression(std::string_view source, const Models& models, Diagnostics& diagnostics) {
  auto program = std::make_unique<Program>();
  const Libraries libraries;
  Checking checking(*program, libraries, models, diagnostics);
  syntax::Library tree;
  syntax::Statement statement;
  statement.name = "expression";
  statement.body = syntax::parse_expression(source, "expression", diagnostics);
  statement.broken = !statement.body;
  tree.statements.push_back(std::move(statement));
  program->main = checking.load({"expression", {}}, std::move(tree));
  checking.check_everything(program->main);
  return program;
}

}  // namespace catchment::cql
