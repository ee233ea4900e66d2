// api: the app's JSON API without sockets.
// In: a Request (method, path, query, body and the few headers that matter). Out: a Response, with the
// template of the route that answered, which is all a log may know of the path.
// Always holds: a route that is not public is answered only to a live session, only with the CSRF token
// when it changes anything or carries a body, and only after the gate has admitted it, so that its audit row is on disk
// first; no path, query, body or person data is in an error (but of an expression of CQL, which has none and is
// answered with what is wrong with it); every answer below `prefix` fits api/openapi.json, every one below
// `fhir_prefix` is a FHIR R4 resource.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "access/access.h"
#include "api/model.h"
#include "api/source.h"
#include "base/clock.h"

namespace catchment::api {

inline constexpr std::string_view prefix = "/api/v1";
inline constexpr std::string_view fhir_prefix = "/fhir/R4";
inline constexpr std::string_view session_cookie = "catchment_session";
inline constexpr std::size_t longest_body = 64 * 1024;

struct Request {
  std::string method;        // "GET"
  std::string path;          // as sent, without the query: "/api/v1/places"
  std::string query;         // as sent, without '?'
  std::string body;
  std::string content_type;
  std::string cookie;        // the Cookie header
  std::string csrf_token;    // X-Catchment-Token
  std::string origin, host, fetch_site;
  std::string address;       // of the client, for slowing guesses; never stored
};

struct Response {
  int status = 200;
  std::string content_type = "application/json";
  std::string body;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string route;      // template: "/residents/{handle}"; "unknown" when none
  std::string reference;  // of a problem, for the log
};

struct Settings {
  std::string version = "0.1.0";
  bool secure_cookie = false;  // served over TLS
  bool open_cql = false;       // POST /fhir/R4/$cql is answered without a session: it reads nobody's data
  std::filesystem::path authored;  // authored.sqlite, where cohorts are kept; empty: none is
  build::ReviewStore* reviews = nullptr;  // where decisions of linkage review are kept; without, the queue is not answered
  std::vector<DemonstrationSignIn> demonstration_sign_ins;  // synthetic workspace on loopback only
};

class Visitor;
class CohortDesk;
struct LanguageModels;

/// One route. The table of all of them is what the server, the metrics and the tests go by.
struct Route {
  std::string_view method;
  std::string_view path;                      // template below the prefix; of a FHIR route, the whole of it
  std::optional<access::ObjectKind> object;   // nothing: answers without person data or counts
  bool signed_in = true;
  void (*answer)(Visitor&) = nullptr;
};
std::span<const Route> routes();
std::span<const Route> fhir_routes();

class App {
 public:
  App(access::Accounts& accounts, access::Sessions& sessions, access::AttemptLimiter& limiter, access::Gate& gate, Sources& sources,
      const catchment::Clock& clock, Settings settings);

  ~App();
  /// Never throws. Safe from several threads.
  Response handle(const Request& request);

 private:
  friend class Visitor;
  void dispatch(const Request& request, Response& response);
  access::Accounts& accounts_;
  access::Sessions& sessions_;
  access::AttemptLimiter& limiter_;
  access::Gate& gate_;
  Sources& sources_;
  const catchment::Clock& clock_;
  Settings settings_;
  std::shared_ptr<LanguageModels> models_;
  std::unique_ptr<CohortDesk> cohorts_;
};

/// Percent-decoded; nothing when malformed, not UTF-8, or holding a control character.
std::optional<std::string> decoded(std::string_view text, bool plus_is_blank = false);
/// The value of a cookie, or "".
std::string_view cookie_value(std::string_view header, std::string_view name);

}  // namespace catchment::api
