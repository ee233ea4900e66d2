#include "cql_people.h"

#include <fmt/core.h>

#include <algorithm>
#include <cstdio>
#include <map>
#include <memory>
#include <set>
#include <vector>

#include "base/error.h"
#include "json/json.h"
#include "measures/measures.h"

namespace catchment {

namespace {

using cql::Kind;
using cql::Value;

/// What may stand in an element of this class, in FHIR's order.
const std::vector<std::string_view>& elements_of(std::string_view type) {
  static const std::vector<std::string_view> quantity{"value", "comparator", "unit", "system", "code"};
  static const std::map<std::string_view, std::vector<std::string_view>> all = [] {
    std::map<std::string_view, std::vector<std::string_view>> map{
        {"FHIR.Patient", {"id", "gender", "birthDate", "deceasedDateTime", "managingOrganization"}},
        {"FHIR.CodeableConcept", {"coding", "text"}},
        {"FHIR.Coding", {"system", "code", "display"}},
        {"FHIR.Quantity", quantity},
        {"FHIR.SimpleQuantity", quantity},
        {"FHIR.Duration", quantity},
        {"FHIR.Period", {"start", "end"}},
        {"FHIR.Reference", {"reference"}},
        {"FHIR.Extension", {"url", "valuePositiveInt"}},
        {"FHIR.Encounter.Hospitalization", {"admitSource", "dischargeDisposition"}},
        {"FHIR.MedicationRequest.DispenseRequest", {"quantity", "expectedSupplyDuration"}},
        {"FHIR.Immunization.ProtocolApplied", {"doseNumberPositiveInt"}},
        {"FHIR.Immunization.Performer", {"actor"}},
        {"FHIR.Observation.Component", {"code", "valueCodeableConcept"}},
    };
    // A resource type may be rows of several tables.
    static const std::set<std::string> names = [] {
      std::set<std::string> types;
      for (const measures::ShapeMap& shape : measures::shapes()) types.insert("FHIR." + std::string(shape.resource));
      return types;
    }();
    for (const measures::ShapeMap& shape : measures::shapes()) {
      auto& keys = map[*names.find("FHIR." + std::string(shape.resource))];
      const auto add = [&keys](std::string_view key) {
        if (std::find(keys.begin(), keys.end(), key) == keys.end()) keys.push_back(key);
      };
      add("id");
      for (const measures::ElementMap& element : shape.elements) add(element.key);
    }
    return map;
  }();
  const auto found = all.find(type);
  if (found == all.end()) throw Error(ErrorKind::bug, fmt::format("it is not known how {} is written", type));
  return found->second;
}

void write(const Value& value, json::Writer& out);

/// The elements of an object that has some of them; `id` instead of its own where it is given.
void write_elements(const cql::Object& object, const std::string& id, json::Writer& out) {
  for (const std::string_view key : elements_of(object.type_name())) {
    const Value value = object.element(key, {});
    if (value.is_null()) continue;
    out.key(key);
    if (key == "id" && !id.empty()) out.string(id);
    else write(value, out);
  }
}

void write(const Value& value, json::Writer& out) {
  switch (value.kind()) {
    case Kind::string: out.string(value.as_string()); return;
    case Kind::integer: out.integer(value.as_integer()); return;
    case Kind::decimal: out.number_text(cql::to_cql(value)); return;
    case Kind::date:
    case Kind::datetime: out.string(value.as_temporal().text()); return;
    case Kind::list:
      out.begin_array();
      for (const Value& item : value.as_list()) write(item, out);
      out.end_array();
      return;
    case Kind::object:
      out.begin_object();
      write_elements(value.as_object(), {}, out);
      out.end_object();
      return;
    default: throw Error(ErrorKind::bug, fmt::format("it is not known how a {} is written", cql::kind_name(value.kind())));
  }
}

std::set<std::string> resource_types() {
  std::set<std::string> types;
  for (const measures::ShapeMap& shape : measures::shapes()) types.insert(std::string(shape.resource));
  return types;
}

/// One definition a resource type. The last makes every column be read, whoever asks for what.
std::string library_text() {
  std::string text = "library People using FHIR version '4.0.1' context Patient define \"Patients\": [Patient]\n";
  for (const std::string& type : resource_types()) text += fmt::format("define \"{0}\": [{0}]\n", type);
  return text + "define \"Every element\": Descendents(Patient)\n";
}

class Writing final : public measures::AskingSink {
 public:
  explicit Writing(const std::filesystem::path& folder) {
    file(folder, "Patient", "Patients");
    for (const std::string& type : resource_types()) file(folder, type, type);
  }

  void ask(std::size_t, std::size_t, const records::PersonSummary&, cql::PlannedRun& run, bool) override {
    for (const File& file : files_) {
      std::map<std::string, int> ids;  // a line of a source may be several rows
      const Value rows = run.definition(file.definition);
      for (const Value& row : rows.as_list()) {
        const cql::Object& object = row.as_object();
        const Value own = object.element("id", {});
        const int which = ++ids[own.as_string()];
        json::Writer out;
        out.begin_object().key("resourceType").string(object.type_name().substr(5));
        write_elements(object, which == 1 ? own.as_string() : fmt::format("{}-{}", own.as_string(), which), out);
        out.end_object();
        const std::string line = out.take() + "\n";
        if (std::fwrite(line.data(), 1, line.size(), file.stream.get()) != line.size()) throw full();
      }
    }
  }

  void close() {
    for (File& file : files_)
      if (std::fclose(file.stream.release()) != 0) throw full();
  }

 private:
  struct Close {
    void operator()(std::FILE* stream) const { std::fclose(stream); }
  };
  struct File {
    std::string definition;
    std::unique_ptr<std::FILE, Close> stream;
  };
  static Error full() { return {ErrorKind::environment, "the files cannot be written", "see that the disk has room"}; }
  void file(const std::filesystem::path& folder, const std::string& type, const std::string& definition) {
    files_.push_back({definition, std::unique_ptr<std::FILE, Close>(std::fopen((folder / (type + ".ndjson")).c_str(), "wb"))});
    if (!files_.back().stream) throw full();
  }

  std::vector<File> files_;
};

}  // namespace

void write_people(const records::Snapshot& snapshot, const std::filesystem::path& folder) {
  std::filesystem::create_directories(folder);
  const cql::Models models;
  Diagnostics diagnostics;
  const cql::LibraryText text{"People.cql", library_text()};
  const auto program = cql::check_library(text, cql::Libraries(), models, diagnostics);
  for (const Diagnostic& d : diagnostics) fmt::print(stderr, "{}\n", to_string(d));
  if (!program || has_errors(diagnostics)) throw Error(ErrorKind::bug, "the library of everyone's rows has errors");
  cql::Request request;
  request.time = *cql::Temporal::parse_datetime("2026-03-31T12:00:00.000+00:00");
  measures::PopulationOptions options;
  options.threads = 1;
  options.definitions = measures::answerable_definitions(*program);
  const measures::PopulationProgram prepared(*program, request, snapshot, options);
  Writing writing(folder);
  SilentProgress silent;
  prepared.run(writing, silent);
  writing.close();
}

}  // namespace catchment
