// POST /fhir/R4/$cql: one expression of CQL, without anybody's data, as FHIR Parameters.
// GET /fhir/R4/metadata: what a FHIR client may ask here.
#include <array>
#include <chrono>
#include <mutex>

#include "api/visitor.h"
#include "cql/cql.h"
#include "fhir/fhir.h"

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

constexpr std::size_t longest_expression = 32 * 1024;
constexpr std::size_t longest_answer = 1024 * 1024;
constexpr std::uint64_t most_steps = 1'000'000;
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

/// The expression of the Parameters that were sent. Whatever else the operation defines needs data, and is refused.
std::string expression_of(Visitor& v) {
  const std::string& type = v.request.content_type;
  if (!type.starts_with("application/json") && !type.starts_with("application/fhir+json"))
    refuse(415, "not-supported", "Not understood", "The body must be application/fhir+json.");
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(v.request.body, fault);
  if (!document || document->root()["resourceType"].string() != "Parameters")
    refuse(400, "structure", "Not understood", "The body is not a FHIR Parameters resource.");
  std::string expression;
  for (const json::Value parameter : document->root()["parameter"]) {
    const std::string_view name = parameter["name"].string();
    if (name == "expression" && parameter["valueString"].is_string() && expression.empty()) expression = parameter["valueString"].string();
    else if (name == "expression") refuse(400, "structure", "Not understood", "The parameter expression is one valueString.");
    else if (name != "useServerData" || parameter["valueBoolean"].boolean())
      refuse(400, "not-supported", "Not understood", "Only the parameter expression is answered here: without a subject, libraries or data.");
  }
  if (expression.empty()) refuse(400, "required", "Not understood", "The parameter expression is missing.");
  if (expression.size() > longest_expression) refuse(413, "too-long", "Too large", "The expression is longer than this server reads.");
  return expression;
}

void evaluate_cql(Visitor& v) {
  v.response.content_type = "application/fhir+json";
  v.allow_parameters({"_format"});
  const std::string expression = expression_of(v);
  Diagnostics diagnostics;
  const auto program = cql::check_expression(expression, v.models().get(), diagnostics);
  if (has_errors(diagnostics) || !program) {
    std::vector<Issue> issues;
    for (const Diagnostic& each : diagnostics)
      if (each.severity == Severity::error) issues.push_back({"invalid", to_string(each)});
    return answer_outcome(v, 400, issues);
  }
  const Instant now = v.now();
  cql::Request request;
  request.time = {now.utc_ms + now.offset_minutes * std::int64_t{60'000}, now.offset_minutes, cql::Precision::millisecond, cql::TemporalKind::datetime};
  cql::Context context;
  context.request_time = request.time;
  context.steps_left = most_steps;
  context.most_elements = most_elements;
  context.longest_text = longest_text;
  const auto end = std::chrono::steady_clock::now() + longest_time;
  context.is_out_of_time = [end] { return std::chrono::steady_clock::now() > end; };
  try {
    const cql::Value value = cql::TreeWalk(*program, request, nullptr, context).definition("expression");
    v.response.body = fhir::to_parameters(context, value, longest_answer);
  } catch (const cql::EvaluationError& error) { answer_outcome(v, 422, {{"processing", error.what()}}); }
}

/// A FHIR R4 CapabilityStatement: the public CQL test runner asks for it before its first expression.
void describe_server(Visitor& v) {
  v.response.content_type = "application/fhir+json";
  v.allow_parameters({"_format"});
  json::Writer out;
  out.begin_object().key("resourceType").string("CapabilityStatement").key("status").string("active").key("date").string(to_string(v.now()));
  out.key("kind").string("instance").key("software").begin_object().key("name").string("Catchment").end_object();
  out.key("implementation")
      .begin_object()
      .key("description")
      .string("Clinical Quality Language 1.5.3, one expression at a time, without anybody's data")
      .end_object();
  out.key("fhirVersion").string("4.0.1").key("format").begin_array().string("json").end_array();
  out.key("rest").begin_array().begin_object().key("mode").string("server").key("operation").begin_array().begin_object();
  out.key("name").string("cql").key("definition").string("http://hl7.org/fhir/uv/cql/OperationDefinition/cql-cql");
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
