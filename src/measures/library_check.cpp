#include <fmt/core.h>

#include <algorithm>
#include <set>

#include "base/hash.h"
#include "measures/library_reading.h"

namespace catchment::measures {

namespace {

constexpr std::string_view value_set_prefix = "codelist:";

/// What some definitions of a program rest on.
struct Reach {
  std::set<std::pair<std::int32_t, std::int32_t>> definitions, functions, value_sets;
};

Reach reach_of(const cql::Program& program, const std::vector<std::int32_t>& main_definitions) {
  Reach reach;
  std::vector<const cql::Node*> bodies;
  const auto define = [&](std::int32_t library, std::int32_t index) {
    if (!reach.definitions.insert({library, index}).second) return;
    const auto& body = program.libraries[static_cast<std::size_t>(library)].definitions[static_cast<std::size_t>(index)].body;
    if (body) bodies.push_back(body.get());
  };
  for (const std::int32_t index : main_definitions) define(program.main, index);
  while (!bodies.empty()) {
    const cql::Node* body = bodies.back();
    bodies.pop_back();
    cql::visit_nodes(*body, [&](const cql::Node& node) {
      if (node.kind == cql::NodeKind::definition_ref) {
        const auto& ref = static_cast<const cql::DefinitionRef&>(node);
        define(ref.library, ref.index);
      } else if (node.kind == cql::NodeKind::function_call) {
        const auto& call = static_cast<const cql::FunctionCall&>(node);
        if (!reach.functions.insert({call.library, call.index}).second) return;
        const auto& inner = program.libraries[static_cast<std::size_t>(call.library)].functions[static_cast<std::size_t>(call.index)].body;
        if (inner) bodies.push_back(inner.get());
      } else if (node.kind == cql::NodeKind::value_set_ref) {
        const auto& ref = static_cast<const cql::ValueSetRef&>(node);
        reach.value_sets.insert({ref.library, ref.index});
      }
    });
  }
  return reach;
}

/// The statements of the library's texts as they parse, so that comments and layout do not change a version.
class Statements {
 public:
  explicit Statements(const std::vector<cql::LibraryText>& texts) {
    for (const cql::LibraryText& text : texts) {
      Diagnostics ignored;
      const cql::syntax::Library library = cql::syntax::parse_library(text.text, text.file, ignored);
      auto& printed = by_library_[library.name];
      for (const auto& statement : library.statements)
        if (statement.body) printed[statement.name] += cql::syntax::print(*statement.body) + "\n";
      for (const auto& code : library.codes) codes_[library.name] += code.name + " " + code.id + " " + code.system + "\n";
      for (const auto& system : library.code_systems) codes_[library.name] += system.name + " " + system.id + "\n";
    }
  }

  void add(const cql::Program& program, const Reach& reach, std::set<std::string>& parts) const {
    const auto one = [&](std::int32_t library, const std::string& name) {
      const std::string& of = program.libraries[static_cast<std::size_t>(library)].name;
      const auto texts = by_library_.find(of);
      if (texts == by_library_.end()) return;
      const auto text = texts->second.find(name);
      if (text != texts->second.end()) parts.insert(of + "." + name + " = " + text->second);
      const auto codes = codes_.find(of);
      if (codes != codes_.end()) parts.insert(of + " codes " + codes->second);
    };
    for (const auto& [library, index] : reach.definitions)
      one(library, program.libraries[static_cast<std::size_t>(library)].definitions[static_cast<std::size_t>(index)].name);
    for (const auto& [library, index] : reach.functions)
      one(library, program.libraries[static_cast<std::size_t>(library)].functions[static_cast<std::size_t>(index)].name);
  }

 private:
  std::map<std::string, std::map<std::string, std::string>> by_library_;
  std::map<std::string, std::string> codes_;
};

std::int32_t definition_index(const cql::TypedLibrary& library, const std::string& name) {
  for (std::size_t i = 0; i < library.definitions.size(); ++i)
    if (library.definitions[i].name == name) return static_cast<std::int32_t>(i);
  return -1;
}

bool counts(const cql::Type& type, MeasureKind kind) {
  if (type.is(cql::TypeKind::boolean)) return kind != MeasureKind::count;
  return kind == MeasureKind::count && (type.is_list() || type.is(cql::TypeKind::integer));
}

struct Checked {
  std::map<std::string, std::unique_ptr<cql::Program>> programs;  // by library; null when it has errors
};

/// Index of a named definition, reported when it is missing or of the wrong type.
std::int32_t named(system::Definitions& definitions, const LibraryMeasure& measure, const cql::TypedLibrary& library, const std::string& name, bool counted) {
  if (name.empty()) return -1;
  const std::int32_t index = definition_index(library, name);
  if (index < 0) {
    std::vector<std::string> names;
    names.reserve(library.definitions.size());
    for (const auto& definition : library.definitions) names.push_back(definition.name);
    const std::string near = nearest(name, names);
    definitions.error(measure.file, measure.line, 1, fmt::format("'{}': {}.cql has no definition \"{}\"", measure.words.id, measure.library, name),
                      near.empty() ? "define it there" : "did you mean \"" + near + "\"?");
    return -1;
  }
  const cql::Type& type = library.definitions[static_cast<std::size_t>(index)].type;
  if (counted ? !counts(type, measure.kind) : !type.is(cql::TypeKind::boolean)) {
    const bool list = counted && measure.kind == MeasureKind::count;
    definitions.error(measure.file, measure.line, 1,
                      fmt::format("'{}': \"{}\" is {}, not {}", measure.words.id, name, cql::to_string(type), list ? "a list or an Integer" : "a Boolean"),
                      list                            ? "count events, or write kind = \"proportion\""
                          : counted && type.is_list() ? "write kind = \"count\", or exists (...)"
                                                      : "define it as a condition");
  }
  return index;
}

void use_codelists(LibraryReading& reading, LibraryMeasure& measure, const cql::Program& program, const Reach& reach) {
  for (const auto& [library, index] : reach.value_sets) {
    const cql::TypedValueSet& set = program.libraries[static_cast<std::size_t>(library)].value_sets[static_cast<std::size_t>(index)];
    if (!set.url.starts_with(value_set_prefix)) continue;  // reported with the library
    if (const auto* list = terminology::find_codelist(reading.codelists, set.url.substr(value_set_prefix.size()))) {
      measure.codelists.push_back({list->id, list->version, list->hash.substr(0, 16)});
    }
  }
  std::sort(measure.codelists.begin(), measure.codelists.end());
  measure.codelists.erase(std::unique(measure.codelists.begin(), measure.codelists.end()), measure.codelists.end());
}

void check_value_sets(LibraryReading& reading, const std::string& file, const cql::LibraryText& text, const cql::TypedLibrary& library) {
  std::vector<std::string> ids;
  ids.reserve(reading.codelists.lists.size());
  for (const auto& list : reading.codelists.lists) ids.push_back(list.id);
  for (const cql::TypedValueSet& set : library.value_sets) {
    const std::size_t at = text.text.find("'" + set.url + "'");
    const int line =
        at == std::string::npos ? 1 : 1 + static_cast<int>(std::count(text.text.begin(), text.text.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    if (!set.url.starts_with(value_set_prefix)) {
      reading.definitions.error(file, line, 1, fmt::format("value set \"{}\" is not one of the codelists", set.name),
                                "write 'codelist:ID' with an id of codelists/index.csv");
    } else if (const std::string id = set.url.substr(value_set_prefix.size()); terminology::find_codelist(reading.codelists, id) == nullptr) {
      const std::string near = nearest(id, ids);
      reading.definitions.error(file, line, 1, fmt::format("there is no codelist '{}'", id),
                                near.empty() ? "add it to codelists/index.csv" : "did you mean '" + near + "'?");
    }
  }
}

}  // namespace

void LibraryReading::check_logic() {
  const cql::Models models;
  const Statements statements(library.texts);
  std::map<std::string, std::unique_ptr<cql::Program>> programs;
  std::set<Diagnostic> reported;
  for (const cql::LibraryText& text : library.texts) {
    Diagnostics found;
    auto program = cql::check_library(text, library.libraries, models, found);
    for (const Diagnostic& each : found)
      if (reported.insert(each).second) definitions.diagnostics().push_back(each);
    const std::string name = std::filesystem::path(text.file).stem().string();
    if (program->main_library().name != name) {
      definitions.error(text.file, 1, 1, fmt::format("the library calls itself {}", program->main_library().name), "write library " + name);
    }
    check_value_sets(*this, text.file, text, program->main_library());
    if (!has_errors(found)) programs[name] = std::move(program);
  }
  for (LibraryMeasure& measure : library.measures) {
    const auto at = programs.find(measure.library);
    if (at == programs.end()) continue;
    const cql::Program& program = *at->second;
    std::vector<std::int32_t> used;
    for (const auto& [name, counted] : {std::pair{measure.denominator, false}, {measure.numerator, true}, {measure.exclusions, false}}) {
      const std::int32_t index = named(definitions, measure, program.main_library(), name, counted);
      if (index >= 0) used.push_back(index);
    }
    const Reach reach = reach_of(program, used);
    use_codelists(*this, measure, program, reach);
    std::set<std::string> parts;
    statements.add(program, reach, parts);
    Sha256 hash;
    hash.add(fmt::format("{}|{}|{}|{}|", word_of(measure.kind), measure.denominator, measure.numerator, measure.exclusions));
    for (const std::string& part : parts) hash.add(part);
    for (const CodelistUse& use : measure.codelists) hash.add(use.id + use.version + use.hash);
    measure.version = to_hex(hash.finish()).substr(0, 12);
  }
}

void LibraryReading::check_lock() {
  const std::string file = "measures/codelists.csv";
  if (library.measures.empty() && !definitions.has(file)) return;
  system::Table table(definitions, file, {{"library", "codelist", "version", "hash"}});
  std::map<std::pair<std::string, std::string>, CodelistUse> wanted;
  for (const LibraryMeasure& measure : library.measures)
    for (const CodelistUse& use : measure.codelists) wanted[{measure.library, use.id}] = use;
  const std::string fix = "look at what changed in the codelist, then run: catchment measure lint --pin";
  for (system::Row row : table) {
    const auto key = std::pair{row.text("library"), row.text("codelist")};
    const auto at = wanted.find(key);
    if (at == wanted.end()) {
      row.warning("codelist", fmt::format("no measure of {} reads the codelist '{}'", key.first, key.second), fix);
      continue;
    }
    const std::string version = row.text("version"), hash = row.text("hash");
    if (version != at->second.version || hash != at->second.hash) {
      row.error("hash",
                fmt::format("the codelist '{}' is not the one that {} was written for ({} {}, now {} {})", key.second, key.first, version, hash,
                            at->second.version, at->second.hash),
                fix);
    }
    wanted.erase(at);
  }
  if (!table.whole()) return;
  for (const auto& [key, use] : wanted) {
    definitions.error(file, 1, 1, fmt::format("{} reads the codelist '{}' and the state of it is not written down", key.first, key.second), fix);
  }
}

std::unique_ptr<cql::Program> program_of(const MeasureLibrary& library, const std::vector<const LibraryMeasure*>& measures, Diagnostics& diagnostics) {
  std::string text = "library EveryMeasure\n\nusing FHIR version '4.0.1'\n\n";
  std::set<std::string> included;
  for (const LibraryMeasure* measure : measures) {
    if (!included.insert(measure->library).second) continue;
    const auto versions = library.libraries.versions(measure->library);
    const std::string version = versions.empty() || versions.back().empty() ? "" : fmt::format(" version '{}'", versions.back());
    text += fmt::format("include {}{} called {}\n", measure->library, version, measure->library);
  }
  text += "\nparameter \"Measurement Period\" Interval<DateTime>\n\ncontext Patient\n\n";
  for (std::size_t i = 0; i < measures.size(); ++i) {
    const LibraryMeasure& m = *measures[i];
    text += fmt::format("define \"denominator {}\": {}.\"{}\"\n", i, m.library, m.denominator);
    text += fmt::format("define \"numerator {}\": {}.\"{}\"\n", i, m.library, m.numerator);
    text += m.exclusions.empty() ? fmt::format("define \"exclusions {}\": false\n", i)
                                 : fmt::format("define \"exclusions {}\": {}.\"{}\"\n", i, m.library, m.exclusions);
  }
  const cql::Models models;
  Diagnostics found;
  auto program = cql::check_library({"every measure", text}, library.libraries, models, found);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  if (has_errors(found)) return nullptr;
  return program;
}

void set_month(const cql::Program& program, Date month, cql::Request& request) {
  const Date first = Date::from_ymd(month.year(), month.month(), 1);
  const Date last = first.plus_months(1).plus_days(-1);
  const auto moment = [&request](Date day, const char* time) {
    auto at = cql::Temporal::parse_datetime(to_string(day) + time);
    at->offset_minutes = request.time.offset_minutes == cql::Temporal::no_offset ? std::int16_t{0} : request.time.offset_minutes;
    return cql::Value::temporal(*at);
  };
  for (const cql::TypedLibrary& library : program.libraries) {
    for (const cql::TypedParameter& parameter : library.parameters) {
      if (parameter.name != "Measurement Period") continue;
      cql::Value value = cql::Value::interval(moment(first, "T00:00:00.000"), moment(last, "T23:59:59.999"), true, true);
      value.freeze();
      request.parameters[&library == &program.main_library() ? parameter.name : library.name + "." + parameter.name] = value;
    }
  }
}

void drop_parameters(cql::Request& request) {
  for (auto& [name, value] : request.parameters) value.thaw();
  request.parameters.clear();
}

}  // namespace catchment::measures
