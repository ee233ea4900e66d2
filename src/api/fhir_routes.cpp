// POST /fhir/R4/$cql: one expression of CQL, of nobody, of data that are sent, or of a resident, as FHIR Parameters.
// GET /fhir/R4/metadata: what a FHIR client may ask here.
#include <algorithm>
#include <array>
#include <chrono>
#include <mutex>

#include "api/cql_operation.h"
#include "api/visitor.h"
#include "cql/cql.h"
#include "fhir/fhir.h"
#include "measures/measures.h"

namespace catchment::api {

struct LanguageModels {
  std::once_flag read;
  std::unique_ptr<const cql::Models> models;

  const cql::Models& get() {
    std::call_once(read, [this] { models = std::make_unique<cql::Models>(); });
    return *models;
  }
};

std::shared_ptr<LanguageModels> language_models() { return std::make_shared<LanguageModels>(); }

namespace {

constexpr std::size_t longest_answer = 1024 * 1024;
constexpr std::uint64_t most_steps = 1'000'000;
constexpr std::uint64_t most_steps_of_data = 20'000'000;  // a long record and a measure's library
constexpr std::size_t most_elements = 10'000;
constexpr std::size_t longest_text = 32 * 1024;
constexpr std::chrono::seconds longest_time{5};

struct Issue {
  std::string_view code;
  std::string text;
};

std::string outcome(const std::vector<Issue>& issues) {
  json::Writer out;
  out.begin_object().key("resourceType").string("OperationOutcome").key("issue").begin_array();
  for (const Issue& issue : issues)
    out.begin_object()
        .key("severity")
        .string("error")
        .key("code")
        .string(issue.code)
        .key("details")
        .begin_object()
        .key("text")
        .string(issue.text)
        .end_object()
        .end_object();
  out.end_array().end_object();
  return out.take();
}

void answer_outcome(Visitor& v, int status, const std::vector<Issue>& issues) {
  v.response.status = status;
  v.response.body = outcome(issues);
}

/// Program and everything it was checked with.
struct Checked {
  std::unique_ptr<cql::Program> program;
  Diagnostics diagnostics;
};

bool is_one_expression(const cql::Program& program, const CqlOperation& operation) {
  const cql::TypedLibrary& main = program.main_library();
  return main.definitions.size() == 1 && main.functions.empty() && main.parameters.size() == operation.parameters.size();
}

/// With a session the libraries of the definition folder are at hand; `known` is null without.
Checked check_operation(Visitor& v, const CqlOperation& operation, const cohort::Known* known) {
  Checked checked;
  if (operation.is_plain()) {
    checked.program = cql::check_expression(operation.expression, v.models().get(), checked.diagnostics);
    return checked;
  }
  static const cql::Libraries none;
  const cql::Libraries& libraries = known == nullptr ? none : known->library->libraries;
  for (const CqlOperation::Include& include : operation.libraries)
    if (libraries.find(include.name, include.version) == nullptr)
      refuse(404, "not-found", "Not found", "The parameter library names a library that is not here.");
  checked.program = cql::check_library({"expression", operation.library_text()}, libraries, v.models().get(), checked.diagnostics);
  for (Diagnostic& each : checked.diagnostics)
    if (each.file == "expression") each.line = std::max(1, each.line - 1);
  if (checked.program && !has_errors(checked.diagnostics) && !is_one_expression(*checked.program, operation))
    checked.diagnostics.push_back({"expression", 1, 1, Severity::error, "this is more than one expression", "send one expression, without definitions"});
  return checked;
}

/// The included libraries' parameters of the same name and type get the value too.
void give_parameters(const cql::Program& program, const cql::Models& models, const CqlOperation& operation, cql::Request& request) {
  for (const fhir::InputParameter& given : operation.parameters) {
    const cql::Value value = cql::evaluate_expression(given.expression, models, request);
    const auto& own = program.main_library().parameters;
    const auto mine = std::find_if(own.begin(), own.end(), [&given](const cql::TypedParameter& parameter) { return parameter.name == given.name; });
    for (const cql::TypedLibrary& library : program.libraries)
      for (const cql::TypedParameter& parameter : library.parameters)
        if (parameter.name == given.name && mine != own.end() && parameter.type == mine->type) request.parameters[library.name + "." + given.name] = value;
  }
}

/// Whose data: of the Bundle that was sent, or a resident's through the gate. Null without a subject.
std::shared_ptr<const cql::DataProvider> data_of(Visitor& v, CqlOperation& operation) {
  if (operation.has_data) {
    for (const auto& subject : operation.data) subject->set_everyone(&operation.data);
    const auto found = std::find_if(operation.data.begin(), operation.data.end(),
                                    [&](const auto& one) { return operation.subject.empty() ? operation.data.size() == 1 : one->id() == operation.subject; });
    if (found == operation.data.end())
      refuse(400, "required", "Not understood", "The parameter subject must name a Patient of data, unless data has just one.");
    return {std::shared_ptr<void>(), found->get()};
  }
  if (operation.subject.empty()) return nullptr;
  auto data = v.source->resident_data(*v.object.person, v.filter());
  if (!data) {
    v.gate().record_not_visible(v.subject(), v.object);
    refuse(404, "not-found", "Not found", std::string(access::sentence(access::Reason::not_visible)));
  }
  return data;
}

/// What reads the server's own data or definitions needs a session, whether or not the operation is open, and passes
/// the gate. A subject is a resident's handle of the session, as the app's addresses have it.
const cohort::Known* enter_operation(Visitor& v, const CqlOperation& operation) {
  const bool record = !operation.subject.empty() && !operation.has_data;
  if (!record && operation.libraries.empty()) return nullptr;
  v.require_session();
  if (record) {
    v.object.person = access::open_handle(v.visit->handle_key, operation.subject);
    if (!v.object.person)
      refuse(404, "not-found", "Not found", "The parameter subject means nobody in your present session: Patient/ and a resident's handle.");
  }
  v.object.detail = "$cql";
  v.enter(record ? access::ObjectKind::resident_record : access::ObjectKind::measure);
  return operation.libraries.empty() ? nullptr : &v.source->cohort_known(v.filter());
}

void evaluate_cql(Visitor& v) {
  v.response.content_type = "application/fhir+json";
  v.allow_parameters({"_format"});
  CqlOperation operation = read_operation(v.request);
  const cohort::Known* known = enter_operation(v, operation);
  const Checked checked = check_operation(v, operation, known);
  if (has_errors(checked.diagnostics) || !checked.program) {
    std::vector<Issue> issues;
    for (const Diagnostic& each : checked.diagnostics)
      if (each.severity == Severity::error) issues.push_back({"invalid", to_string(each)});
    return answer_outcome(v, 400, issues);
  }
  const Instant now = v.now();
  cql::Request request;
  request.time = {now.utc_ms + now.offset_minutes * std::int64_t{60'000}, now.offset_minutes, cql::Precision::millisecond, cql::TemporalKind::datetime};
  std::optional<measures::CodelistSets> sets;
  if (known != nullptr) request.value_sets = &sets.emplace(*known->codelists);
  const auto data = data_of(v, operation);
  cql::Context context;
  context.request_time = request.time;
  context.steps_left = data ? most_steps_of_data : most_steps;
  context.most_elements = most_elements;
  context.longest_text = longest_text;
  const auto end = std::chrono::steady_clock::now() + longest_time;
  context.is_out_of_time = [end] { return std::chrono::steady_clock::now() > end; };
  try {
    give_parameters(*checked.program, v.models().get(), operation, request);
    cql::TreeWalk walk(*checked.program, request, data.get(), context);
    v.response.body = fhir::to_parameters(context, walk.definition("expression"), longest_answer);
  } catch (const cql::EvaluationError& error) { answer_outcome(v, 422, {{"processing", error.what()}}); }
}

/// A FHIR R4 CapabilityStatement: the public CQL test runner asks for it before its first expression.
void describe_server(Visitor& v) {
  v.response.content_type = "application/fhir+json";
  v.allow_parameters({"_format"});
  json::Writer out;
  out.begin_object().key("resourceType").string("CapabilityStatement").key("status").string("active").key("date").string(to_string(v.now()));
  out.key("kind").string("instance").key("software").begin_object().key("name").string("Catchment").end_object();
  out.key("implementation").begin_object().key("description").string("Clinical Quality Language 1.5.3, one expression at a time").end_object();
  out.key("fhirVersion").string("4.0.1").key("format").begin_array().string("json").end_array();
  out.key("rest").begin_array().begin_object().key("mode").string("server").key("operation").begin_array().begin_object();
  out.key("name").string("cql").key("definition").string("http://hl7.org/fhir/uv/cql/OperationDefinition/cql-cql");
  out.key("documentation")
      .string(
          "Answers expression, subject, parameters, library, data and useServerData. subject is Patient/ and the id of a Patient of data, or a "
          "resident's handle of the session; library is urn:catchment:library:NAME. data and the server's data are not joined. prefetchData, "
          "dataEndpoint, contentEndpoint and terminologyEndpoint are refused.");
  out.end_object().end_array().end_object().end_array().end_object();
  v.response.body = out.take();
}

constexpr std::array fhir_table = {
    Route{"GET", "/fhir/R4/metadata", std::nullopt, true, describe_server},
    Route{"POST", "/fhir/R4/$cql", std::nullopt, true, evaluate_cql},
};

}  // namespace

std::span<const Route> fhir_routes() { return fhir_table; }

std::string operation_outcome(const Refusal& refusal) {
  const bool known = refusal.type == "structure" || refusal.type == "required" || refusal.type == "not-supported" || refusal.type == "too-long";
  const std::string_view code = known ? std::string_view(refusal.type)
      : refusal.status == 401         ? "login"
      : refusal.status == 403         ? "forbidden"
      : refusal.status == 404         ? "not-found"
      : refusal.status == 413         ? "too-long"
      : refusal.status >= 500         ? "exception"
                                      : "invalid";
  return outcome({{code, refusal.title + ". " + refusal.detail}});
}

}  // namespace catchment::api
