// One request on its way through a route. Internal to api.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "api/api.h"
#include "api/write.h"
#include "base/error.h"
#include "json/json.h"

namespace catchment::api {

/// Ends a request with a problem. Texts never hold what was sent.
struct Refusal {
  int status;
  std::string type, title, detail;
  Text fix = {};
  int retry_after_seconds = 0;
};

[[noreturn]] void refuse(int status, std::string type, std::string title, std::string detail, Text fix = {});

class Visitor {
 public:
  Visitor(App& the_app, const Request& asked, Response& given, const Route& taken) : app(the_app), request(asked), response(given), route(taken) {}

  App& app;
  const Request& request;
  Response& response;
  const Route& route;
  std::map<std::string, std::string, std::less<>> parts;       // of the path template
  std::map<std::string, std::string, std::less<>> parameters;  // of the query
  std::optional<access::Visit> visit;
  std::shared_ptr<const Source> source;
  std::optional<access::Admission> admission;
  access::Object object;

  /// What the route template requires before its answer may run: session, token, snapshot, gate.
  void admit();
  /// A live session with its token; what admit() asks for unless the route is open.
  void require_session() const;
  /// The gate, for this kind of object: from here on there is a source and a filter.
  void enter(access::ObjectKind kind);
  const records::RowFilter& filter() const;
  const access::Subject& subject() const { return visit->subject; }

  std::optional<std::string> parameter(std::string_view name) const;
  std::int64_t whole_parameter(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t otherwise) const;
  void allow_parameters(std::initializer_list<std::string_view> names) const;
  /// The body as JSON with exactly these members; `required` ones must be there.
  json::Document body(std::initializer_list<std::string_view> required, std::initializer_list<std::string_view> optional = {}) const;

  template <typename T>
  void answer(const T& value) {
    response.body = to_json(value);
  }
  template <typename T>
  void answer(const std::optional<T>& value) {
    if (!value) refuse(404, "not-found", "Not found", "There is nothing here of that name.", "go back and choose from the list");
    answer(*value);
  }

  void set_session_cookie(const std::string& token);
  void clear_session_cookie();

  // For routes in files of their own.
  access::Accounts& accounts() { return app.accounts_; }
  access::Sessions& sessions() { return app.sessions_; }
  access::AttemptLimiter& limiter() { return app.limiter_; }
  access::Gate& gate() { return app.gate_; }
  Sources& sources() { return app.sources_; }
  LanguageModels& models() { return *app.models_; }
  CohortDesk& cohorts() { return *app.cohorts_; }
  const Settings& settings() const { return app.settings_; }
  std::int64_t now_ms() const { return now().utc_ms; }
  Instant now() const { return app.clock_.now(); }

 private:
  void require_same_origin() const;
};

/// The data models of CQL, read when the first expression asks for them.
std::shared_ptr<LanguageModels> language_models();
/// A refusal as a FHIR OperationOutcome, for addresses below fhir_prefix.
std::string operation_outcome(const Refusal& refusal);

// Answers of routes.
void get_system(Visitor& visitor);
void get_session(Visitor& visitor);
void sign_in(Visitor& visitor);
void sign_out(Visitor& visitor);
void choose_role(Visitor& visitor);
void search_residents(Visitor& visitor);
void get_resident(Visitor& visitor);
void get_resident_table(Visitor& visitor);
void get_resident_measures(Visitor& visitor);
void get_resident_evidence(Visitor& visitor);
void list_cohorts(Visitor& visitor);
void save_cohort(Visitor& visitor);
void get_cohort(Visitor& visitor);
void get_cohort_words(Visitor& visitor);
void check_cohort(Visitor& visitor);
void make_cohort_people(Visitor& visitor);
void start_cohort_count(Visitor& visitor);
void get_cohort_count(Visitor& visitor);
void give_up_cohort_count(Visitor& visitor);
void list_review(Visitor& visitor);
void get_review_item(Visitor& visitor);
void get_review_why(Visitor& visitor);
void decide_review(Visitor& visitor);
void undo_review(Visitor& visitor);
/// Says on Start what waits for review, to those who may decide it.
void add_review_attention(Visitor& visitor, Start& start);

}  // namespace catchment::api
