// The official suite through POST /fhir/R4/$cql, as the public test runner sends it: nothing may be lost on the way.
#include <doctest/doctest.h>

#include <algorithm>
#include <cstdlib>
#include <filesystem>

#include "../api/app_fixture.h"
#include "cli/conformance_suite.h"

using namespace catchment;

namespace {

std::vector<std::string> suite_files() {
  const char* given = std::getenv("CATCHMENT_SHARED");
  const std::filesystem::path folder =
      (given != nullptr ? std::filesystem::path(given) : std::filesystem::path(CATCHMENT_SOURCE_DIR) / ".." / "shared") / "conformance" / "cql-tests";
  std::vector<std::string> files;
  std::error_code missing;
  for (const auto& entry : std::filesystem::directory_iterator(folder, missing))
    if (entry.path().extension() == ".xml") files.push_back(entry.path().string());
  std::sort(files.begin(), files.end());
  return files;
}

std::string number(std::string_view text) {
  const auto parsed = cql::Decimal::parse(text);
  return parsed ? parsed->text(8) : std::string(text);
}

/// A parameter as the runner compares it: by value, whatever the number's type; the type's extension is left out.
std::string compared(json::Value value) {
  if (value.is_number()) return number(value.number_text());
  if (value.is_array()) {
    std::string text = "[";
    for (const json::Value item : value) text += compared(item) + ",";
    return text + "]";
  }
  if (!value.is_object()) return value.is_boolean() ? (value.boolean() ? "true" : "false") : "'" + std::string(value.string()) + "'";
  std::string text = "{";
  for (const json::Value member : value) {
    std::string key(member.key());
    if (key == "extension" && value.has("name")) continue;
    if (key == "valueInteger" || key == "valueDecimal") key = "number";
    text += key + ":" + compared(member) + ",";
  }
  return text + "}";
}

struct Answer {
  int status = 0;
  std::string compared_text;
};

Answer ask(api::App& app, const std::string& expression) {
  json::Writer body;
  body.begin_object().key("resourceType").string("Parameters").key("parameter").begin_array().begin_object();
  body.key("name").string("expression").key("valueString").string(expression).end_object().end_array().end_object();
  api::Request request;
  request.method = "POST";
  request.path = "/fhir/R4/$cql";
  request.body = body.take();
  request.content_type = "application/json";
  const api::Response response = app.handle(request);
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(response.body, fault);
  REQUIRE(document);
  return {response.status, compared(document->root()["parameter"])};
}

}  // namespace

TEST_CASE("the official suite passes over POST $cql as it does without a server") {
  const std::vector<std::string> files = suite_files();
  if (files.empty()) {
    MESSAGE("skipped: the official suite is not here");
    return;
  }
  const cli::SuiteExceptions exceptions = cli::read_suite_exceptions(cli::built_in_suite_exceptions(), "built-in exceptions");
  api::Fixture fixture;
  api::Settings settings;
  settings.open_cql = true;
  api::App app(*fixture.accounts, fixture.sessions, fixture.limiter, *fixture.gate, fixture.sources, fixture.clock, settings);
  int passed = 0, total = 0;
  for (const std::string& file : files) {
    for (const cql::ConformanceCase& test : cli::read_suite(file)) {
      if (exceptions.contains(test.file + "/" + test.name)) continue;
      ++total;
      CAPTURE(test.name);
      CAPTURE(test.expression);
      const Answer actual = ask(app, test.expression);
      if (test.invalid != cql::Invalid::no) {
        const bool failed = actual.status == 400 || actual.status == 422;
        CHECK(failed);
        passed += failed ? 1 : 0;
        continue;
      }
      CHECK(actual.status == 200);
      const Answer expected = ask(app, test.output);
      const bool same = actual.compared_text == expected.compared_text;
      if (!same) MESSAGE(test.name << ": " << actual.compared_text << " for " << expected.compared_text);
      passed += same ? 1 : 0;
    }
  }
  MESSAGE(passed << " of " << total << " over $cql");
  CHECK(passed == total);
}
