// An App over the fake source, with accounts, audit and a clock the test moves.
#pragma once

#include <doctest/doctest.h>

#include <atomic>
#include <filesystem>

#include "build/authored.h"
#include "fake_source.h"
#include "json/json.h"

namespace catchment::api {

class MovingClock final : public catchment::Clock {
 public:
  std::atomic<std::int64_t> ms{1'775'000'000'000};
  Instant now() const override { return Instant{ms, 0}; }
};

/// The JSON of an answer.
inline json::Document parsed(const Response& response) {
  json::Parser parser;
  json::Fault fault;
  auto document = parser.parse(response.body, fault);
  REQUIRE(document);
  return std::move(*document);
}

struct Fixture {
  std::filesystem::path folder;
  MovingClock clock;
  FakeSources sources;
  std::unique_ptr<access::Accounts> accounts;
  std::unique_ptr<access::AuditWriter> audit;
  access::Sessions sessions;
  access::AttemptLimiter limiter;
  std::unique_ptr<access::Gate> gate;
  std::unique_ptr<build::ReviewStore> reviews;
  std::unique_ptr<App> app;

  Fixture() {
    char name[] = "/tmp/catchment-api-XXXXXX";
    folder = mkdtemp(name);
    accounts = std::make_unique<access::Accounts>(folder / "authored.sqlite", access::PasswordCost{64, 1});
    for (const auto role : access::all_roles) {
      const std::string word(to_string(role));
      accounts->add({"the-" + word, "The " + word, {role}, {}}, password());
    }
    build::Authored authored(folder / "authored.sqlite");
    for (const char* practice : {"P1", "P2"}) (void)authored.link_source("local_id", "gp", practice);  // sources 1 and 2 of the queue
    audit = std::make_unique<access::AuditWriter>(folder / "audit.sqlite");
    gate = std::make_unique<access::Gate>(*audit, clock);
    cohort::CohortStore(folder / "authored.sqlite").save_cql("grown-ups", "Grown-ups", grown_ups(), "the-analyst", clock.now());
    app = std::make_unique<App>(*accounts, sessions, limiter, *gate, sources, clock, settings());
  }
  Settings settings() {
    if (!reviews) reviews = std::make_unique<build::ReviewStore>(folder / "authored.sqlite");
    Settings settings;
    settings.authored = folder / "authored.sqlite";
    settings.reviews = reviews.get();
    return settings;
  }
  ~Fixture() {
    app.reset();
    reviews.reset();
    audit.reset();
    accounts.reset();
    std::filesystem::remove_all(folder);
  }
  static const char* grown_ups() {
    return "library Grown\nusing FHIR version '4.0.1'\ninclude FHIRHelpers version '4.0.1' called FHIRHelpers\ninclude Record version '1' called Record\n"
           "parameter \"Measurement Period\" Interval<DateTime>\ncontext Patient\ndefine \"Cohort\": Record.\"Age\" >= 18\n";
  }
  static const char* password() { return "correct horse battery"; }
  std::int64_t audit_rows() const { return access::verify_audit(folder / "audit.sqlite").rows; }
};

/// A browser of sorts: keeps the cookie and the token.
struct Browser {
  Fixture& fixture;
  std::string cookie = {}, csrf = {};

  Response ask(const std::string& method, const std::string& path, const std::string& body = {}, const std::string& query = {}) {
    Request request;
    request.method = method;
    request.path = std::string(prefix) + path;
    request.query = query;
    request.body = body;
    request.content_type = body.empty() ? "" : "application/json";
    request.cookie = cookie;
    request.csrf_token = csrf;
    request.host = "localhost:8080";
    request.address = "127.0.0.1";
    Response response = fixture.app->handle(request);
    for (const auto& [name, value] : response.headers)
      if (name == "Set-Cookie") cookie = value.substr(0, value.find(';'));
    return response;
  }
  Response sign_in(const std::string& name, const std::string& password = Fixture::password()) {
    Response response = ask("POST", "/session", R"({"name":")" + name + R"(","password":")" + password + "\"}");
    remember(response);
    return response;
  }
  void remember(const Response& response) {
    json::Parser parser;
    json::Fault fault;
    const auto document = parser.parse(response.body, fault);
    if (document && document->root().has("csrf_token")) csrf = document->root()["csrf_token"].string();
  }
};

}  // namespace catchment::api
