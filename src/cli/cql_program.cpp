#include "cli/cql_program.h"

#include <fmt/core.h>

#include <algorithm>
#include <filesystem>
#include <set>

#include "base/error.h"
#include "cli/cql_request.h"

namespace catchment::cli {

void print_diagnostics(const Diagnostics& diagnostics) {
  std::size_t shown = 0;
  for (const Diagnostic& d : diagnostics) {
    if (++shown > 50) {
      fmt::print(stderr, "... and {} more\n", diagnostics.size() - 50);
      return;
    }
    fmt::print(stderr, "{}\n", to_string(d));
  }
}

std::unique_ptr<cql::Program> load_program(const ProgramOptions& options) {
  cql::Models models;
  cql::Libraries libraries;
  Diagnostics diagnostics;
  for (const std::string& path : options.models) fhir::read_models(path, models, diagnostics);
  for (const std::string& path : options.libraries) fhir::read_libraries(path, libraries, diagnostics);
  const cql::LibraryText* main = nullptr;
  cql::LibraryText file;
  if (options.main.ends_with(".cql")) {
    file = {options.main, fhir::read_file(options.main)};
    const std::string folder = std::filesystem::path(options.main).parent_path().string();
    if (options.libraries.empty()) fhir::read_libraries(folder.empty() ? "." : folder, libraries, diagnostics);
    main = &file;
  } else {
    const std::size_t bar = options.main.find('|');
    const std::string name = options.main.substr(0, bar);
    main = libraries.find(name, bar == std::string::npos ? "" : options.main.substr(bar + 1));
    if (main == nullptr) {
      const std::string near = nearest(name, libraries.names());
      throw Error(ErrorKind::user, fmt::format("there is no library {}", options.main),
                  near.empty() ? "give its folder with --libraries" : "did you mean " + near + "?");
    }
  }
  auto program = cql::check_library(*main, libraries, models, diagnostics);
  print_diagnostics(diagnostics);
  return has_errors(diagnostics) ? nullptr : std::move(program);
}

void RequestValueSets::read(const std::vector<std::string>& paths) {
  Diagnostics diagnostics;
  for (const std::string& path : paths) {
    for (const auto& file : fhir::files_under(path, {".json", ".csv"})) {
      if (file.extension() == ".csv") store_.add_csv(fhir::read_file(file), file.string(), diagnostics);
      else store_.add_json(fhir::read_file(file), file.string(), diagnostics);
    }
  }
  store_.finish(diagnostics);
  print_diagnostics(diagnostics);
}

const cql::CodeSet* RequestValueSets::value_set(const std::string& url, const std::string& version) const {
  const cql::CodeSet* set = store_.value_set(url, version);
  return set == nullptr && allow_missing_ ? &none_ : set;
}

namespace {

using ValueSetNames = std::set<std::pair<std::int32_t, std::int32_t>>;

/// The value sets bodies name, with what the definitions and functions they call on name.
class ValueSetsRead {
 public:
  explicit ValueSetsRead(const cql::Program& program) : program_(program) {}

  ValueSetNames all() {
    for (const cql::TypedLibrary& library : program_.libraries) {
      for (const auto& definition : library.definitions) visit(definition.body);
      for (const auto& function : library.functions) visit(function.body);
    }
    return std::move(read_);
  }

  ValueSetNames by(const std::set<std::string>& names) {
    for (const auto& definition : program_.main_library().definitions) {
      if (names.contains(definition.name)) visit(definition.body);
    }
    for (const auto& function : program_.main_library().functions) {
      if (names.contains(function.name)) visit(function.body);
    }
    return std::move(read_);
  }

 private:
  void visit(const cql::NodePtr& body) {
    if (!body || !seen_.insert(body->id).second) return;
    cql::visit_nodes(*body, [this](const cql::Node& node) {
      if (node.kind == cql::NodeKind::value_set_ref) {
        const auto& ref = static_cast<const cql::ValueSetRef&>(node);
        read_.insert({ref.library, ref.index});
      } else if (node.kind == cql::NodeKind::definition_ref) {
        const auto& ref = static_cast<const cql::DefinitionRef&>(node);
        visit(program_.libraries[static_cast<std::size_t>(ref.library)].definitions[static_cast<std::size_t>(ref.index)].body);
      } else if (node.kind == cql::NodeKind::function_call) {
        const auto& call = static_cast<const cql::FunctionCall&>(node);
        visit(program_.libraries[static_cast<std::size_t>(call.library)].functions[static_cast<std::size_t>(call.index)].body);
      }
    });
  }

  const cql::Program& program_;
  ValueSetNames read_;
  std::set<std::uint32_t> seen_;
};

std::string missing_text(const cql::Program& program, const RequestValueSets& sets, const ValueSetNames& read, int& count) {
  std::string missing;
  for (const auto& [library, index] : read) {
    const cql::TypedValueSet& set = program.libraries[static_cast<std::size_t>(library)].value_sets[static_cast<std::size_t>(index)];
    if (sets.has(set.url, set.version)) continue;
    if (++count <= 20) missing += fmt::format("\n  \"{}\" ({}{})", set.name, set.url, set.version.empty() ? "" : "|" + set.version);
  }
  return missing;
}

void require_value_sets(const cql::Program& program, const RequestValueSets& sets, const std::set<std::string>& asked) {
  int count = 0;
  const ValueSetNames all = ValueSetsRead(program).all();
  const ValueSetNames needed = asked.empty() ? all : ValueSetsRead(program).by(asked);
  const std::string missing = missing_text(program, sets, needed, count);
  if (count > 0) {
    throw Error(ErrorKind::user, fmt::format("{} value set{} not given:{}", count, count == 1 ? " is" : "s are", missing),
                "give their files with --value-sets, or take them as empty with --allow-missing-value-sets");
  }
  const std::string others = missing_text(program, sets, all, count);
  if (count > 0) fmt::print(stderr, "warning: value sets that no population asks for are not given:{}\n", others);
}

cql::Value moment(const std::string& text, bool end, const cql::Type& point, std::int16_t offset) {
  if (point.is(cql::TypeKind::date)) {
    const auto date = cql::Temporal::parse_date(text.substr(0, text.find('T')));
    if (date) return cql::Value::temporal(*date);
  } else if (text.find('T') == std::string::npos) {
    auto parsed = cql::Temporal::parse_datetime(text + (end ? "T23:59:59.999" : "T00:00:00.000"));
    if (parsed) {
      parsed->offset_minutes = offset;
      return cql::Value::temporal(*parsed);
    }
  } else if (auto parsed = cql::Temporal::parse_datetime(text)) {
    return cql::Value::temporal(*parsed);
  }
  throw Error(ErrorKind::user, fmt::format("'{}' is not a date", text), "write --period 2025-01-01..2025-12-31");
}

void add_period(const cql::Program& program, const std::string& period, cql::Request& request) {
  const std::size_t dots = period.find("..");
  bool used = false;
  if (dots == std::string::npos) throw Error(ErrorKind::user, fmt::format("'{}' is not a period", period), "write --period 2025-01-01..2025-12-31");
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const cql::TypedParameter& parameter : library.parameters) {
      if (parameter.name != "Measurement Period" || !parameter.type.is_interval()) continue;
      const cql::Type& point = parameter.type.element();
      cql::Value value = cql::Value::interval(moment(period.substr(0, dots), false, point, request.time.offset_minutes),
                                              moment(period.substr(dots + 2), true, point, request.time.offset_minutes), true, true);
      value.freeze();
      used = true;
      const auto& bounds = value.as_interval();
      if (bounds.low.as_temporal().instant(request.time.offset_minutes) > bounds.high.as_temporal().instant(request.time.offset_minutes))
        throw Error(ErrorKind::user, fmt::format("the period {} ends before it starts", period), "write its first day first");
      const bool main = &library == &program.main_library();
      request.parameters[main ? parameter.name : library.name + "." + parameter.name] = value;
    }
  }
  if (!used) fmt::print(stderr, "warning: no library has a parameter \"Measurement Period\": --period changes nothing\n");
}

/// What was given for a parameter, converted to its type as a default would be.
cql::Value parameter_value(const cql::TypedParameter& parameter, const std::string& text, const cql::Models& models, const cql::Request& request) {
  const std::string type = to_string(parameter.type);
  const std::string source = fmt::format("library Given\n{}parameter Given {} default ({}\n)\ndefine expression: Given\n",
                                         type.find("FHIR.") == std::string::npos ? "" : "using FHIR version '4.0.1'\n", type, text);
  Diagnostics diagnostics;
  const auto program = cql::check_library({"--parameter", source}, cql::Libraries(), models, diagnostics);
  for (const Diagnostic& each : diagnostics)
    if (each.severity == Severity::error)
      throw Error(ErrorKind::user, fmt::format("--parameter \"{}\" is of type {}: {}", parameter.name, type, each.message), each.fix);
  cql::Context context;
  context.request_time = request.time;
  cql::Request alone;
  alone.time = request.time;
  try {
    cql::Value value = cql::TreeWalk(*program, alone, nullptr, context).definition("expression");
    value.freeze();
    return value;
  } catch (const cql::EvaluationError& error) {
    throw Error(ErrorKind::user, fmt::format("--parameter \"{}\": {}", parameter.name, error.what()), error.fix());
  }
}

}  // namespace

cql::Request make_request(const cql::Program& program, const DataOptions& options, RequestValueSets& value_sets, const std::set<std::string>& asked) {
  cql::Request request;
  request.time = request_time(options.at);
  value_sets.read(options.value_sets);
  if (options.allow_missing_value_sets) value_sets.allow_missing();
  else require_value_sets(program, value_sets, asked);
  request.value_sets = &value_sets;
  if (!options.period.empty()) add_period(program, options.period, request);
  const cql::Models models;
  for (const std::string& text : options.parameters) {
    const std::size_t equals = text.find('=');
    const std::string name = text.substr(0, equals);
    const auto& known = program.main_library().parameters;
    const auto found = std::find_if(known.begin(), known.end(), [&name](const auto& p) { return p.name == name; });
    if (equals == std::string::npos && found != known.end())
      throw Error(ErrorKind::user, fmt::format("the parameter \"{}\" is given without a value", name), "write --parameter NAME=EXPRESSION");
    if (found == known.end()) {
      std::vector<std::string> names;
      for (const auto& parameter : known) names.push_back(parameter.name);
      const std::string near = nearest(name, names);
      throw Error(ErrorKind::user, fmt::format("there is no parameter \"{}\"", name),
                  near.empty() ? "write --parameter NAME=EXPRESSION" : "did you mean \"" + near + "\"?");
    }
    request.parameters[name] = parameter_value(*found, text.substr(equals + 1), models, request);
  }
  return request;
}

std::vector<std::unique_ptr<fhir::Subject>> load_subjects(const std::string& path, const cql::Plan& plan, const cql::Request& request) {
  const cql::Program& program = plan.program();
  const fhir::NeededResources needed(plan, request);
  fhir::ReadSubjects read = fhir::read_subjects(path, &needed);
  print_diagnostics(read.diagnostics);
  if (read.subjects.empty())
    throw Error(ErrorKind::user, "there is no patient in " + path, "give a folder of FHIR JSON or NDJSON that holds Patient resources");
  std::string patient_class;
  for (const cql::TypedLibrary& library : program.libraries) {
    if (patient_class.empty()) patient_class = library.patient_class;
  }
  if (!program.main_library().patient_class.empty()) patient_class = program.main_library().patient_class;
  for (auto& subject : read.subjects) {
    if (!patient_class.empty()) subject->set_patient_class(patient_class);
  }
  return std::move(read.subjects);
}

}  // namespace catchment::cli
