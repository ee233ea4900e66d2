#include "api/cql_operation.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

namespace catchment::api {

namespace {

constexpr std::size_t longest_expression = 32 * 1024;

/// Of the operation, and not answered here.
constexpr std::array<std::string_view, 4> unsupported = {"prefetchData", "dataEndpoint", "contentEndpoint", "terminologyEndpoint"};

[[noreturn]] void refuse_parameter(std::string_view name, std::string_view why, std::string_view code = "structure") {
  refuse(400, std::string(code), "Not understood", fmt::format("The parameter {} {}.", name, why));
}

/// A name that may be repeated to whoever sent it.
std::string shown_name(std::string_view name) {
  const bool plain = name.size() <= 40 &&
      std::all_of(name.begin(), name.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-'; });
  return name.empty() || !plain ? "without a proper name" : std::string(name);
}

void read_library(json::Value parameter, CqlOperation& operation) {
  CqlOperation::Include include;
  std::string url;
  for (const json::Value part : parameter["part"]) {
    const std::string_view name = part["name"].string();
    if (name == "url") url = part.has("valueCanonical") ? part["valueCanonical"].string() : part["valueUri"].string();
    else if (name == "name") include.called = part["valueString"].string();
    else refuse_parameter("library", "has the parts url and name");
  }
  if (const std::size_t bar = url.find('|'); bar != std::string::npos) {
    include.version = url.substr(bar + 1);
    url.resize(bar);
  }
  include.name = url.substr(url.find_last_of("/:") + 1);
  if (include.called.empty()) include.called = include.name;
  const std::string all = include.name + include.version + include.called;
  if (include.name.empty() || all.find_first_of("\"'\\`\n\r") != std::string::npos)
    refuse_parameter("library", "needs the canonical url of a library, urn:catchment:library:NAME, as valueCanonical of its part url");
  operation.libraries.push_back(std::move(include));
}

void read_data(json::Value parameter, CqlOperation& operation) {
  if (operation.has_data || parameter["resource"]["resourceType"].string() != "Bundle") refuse_parameter("data", "is one Bundle, as resource");
  fhir::SubjectReader reader;
  reader.add(parameter["resource"].raw(), "data", "");
  operation.data = reader.take();
  operation.has_data = true;
  if (has_errors(reader.diagnostics())) refuse_parameter("data", "holds what is no FHIR resource");
}

/// Once each but for library.
void once(bool was_there, std::string_view name) {
  if (was_there) refuse_parameter(name, "is given once");
}

}  // namespace

CqlOperation read_operation(const Request& request) {
  const std::string& type = request.content_type;
  if (!type.starts_with("application/json") && !type.starts_with("application/fhir+json"))
    refuse(415, "not-supported", "Not understood", "The body must be application/fhir+json.");
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(request.body, fault);
  if (!document || document->root()["resourceType"].string() != "Parameters")
    refuse(400, "structure", "Not understood", "The body is not a FHIR Parameters resource.");
  CqlOperation operation;
  std::optional<bool> use_server_data;
  for (const json::Value parameter : document->root()["parameter"]) {
    const std::string_view name = parameter["name"].string();
    if (name == "expression") {
      once(!operation.expression.empty(), name);
      if (!parameter["valueString"].is_string()) refuse_parameter(name, "is a valueString");
      operation.expression = parameter["valueString"].string();
    } else if (name == "subject") {
      once(!operation.subject.empty(), name);
      const std::string_view subject = parameter["valueString"].string();
      if (!subject.starts_with("Patient/") || subject.size() == 8) refuse_parameter(name, "is a valueString such as Patient/123");
      operation.subject = subject.substr(8);
    } else if (name == "parameters") {
      once(!operation.parameters.empty(), name);
      if (parameter["resource"]["resourceType"].string() != "Parameters") refuse_parameter(name, "is a Parameters resource, as resource");
      std::string what;
      auto inputs = fhir::input_parameters(parameter["resource"], what);
      if (!inputs) refuse_parameter(name, "has " + what, "not-supported");
      operation.parameters = std::move(*inputs);
    } else if (name == "library") {
      read_library(parameter, operation);
    } else if (name == "data") {
      read_data(parameter, operation);
    } else if (name == "useServerData") {
      if (!parameter["valueBoolean"].is_boolean()) refuse_parameter(name, "is a valueBoolean");
      use_server_data = parameter["valueBoolean"].boolean();
    } else if (std::find(unsupported.begin(), unsupported.end(), name) != unsupported.end()) {
      refuse_parameter(name, "is not answered here: nothing is fetched from other servers, give data", "not-supported");
    } else {
      refuse_parameter(shown_name(name), "is not one of the operation", "not-supported");
    }
  }
  if (operation.expression.empty()) refuse(400, "required", "Not understood", "The parameter expression is missing.");
  if (operation.expression.size() > longest_expression) refuse(413, "too-long", "Too large", "The expression is longer than this server reads.");
  if (operation.has_data && use_server_data == true)
    refuse_parameter("useServerData", "is false where data is given: the two are not joined here", "not-supported");
  if (!operation.subject.empty() && !operation.has_data && use_server_data == false)
    refuse_parameter("subject", "needs data where useServerData is false", "required");
  return operation;
}

std::string CqlOperation::library_text() const {
  std::string text = "library Expression using FHIR version '4.0.1' include FHIRHelpers version '4.0.1' called FHIRHelpers ";
  for (const Include& include : libraries)
    text += fmt::format("include \"{}\" {}called \"{}\" ", include.name, include.version.empty() ? "" : "version '" + include.version + "' ", include.called);
  for (const fhir::InputParameter& parameter : parameters) text += fmt::format("parameter \"{}\" default {} ", parameter.name, parameter.expression);
  return text + "context Patient define \"expression\":\n" + expression;
}

}  // namespace catchment::api
