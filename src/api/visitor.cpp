#include "api/visitor.h"

#include <algorithm>
#include <charconv>

namespace catchment::api {

void refuse(int status, std::string type, std::string title, std::string detail, Text fix) {
  throw Refusal{status, std::move(type), std::move(title), std::move(detail), std::move(fix), 0};
}

void Visitor::require_same_origin() const {
  const std::string& origin = request.origin;
  const bool same = origin.empty() || origin == "http://" + request.host || origin == "https://" + request.host;
  const bool from_here = request.fetch_site.empty() || request.fetch_site == "same-origin" || request.fetch_site == "none";
  if (!same || !from_here) refuse(403, "not-allowed", "Not from this site", "The request came from another site.", "use the app itself");
}

void Visitor::admit() {
  if (request.method != "GET") require_same_origin();
  const std::string_view token = cookie_value(request.cookie, session_cookie);
  if (!token.empty()) visit = sessions().find(token, now_ms());
  if (visit && visit->new_token) set_session_cookie(*visit->new_token);
  if (!route.signed_in) return;
  require_session();
  if (!route.object) return;
  enter(*route.object);
}

void Visitor::require_session() const {
  if (!visit) refuse(401, "not-signed-in", "Not signed in", "You are not signed in, or were signed out after a time without use.", "sign in");
  if (request.method != "GET" && !access::same_secret(request.csrf_token, visit->csrf_token))
    refuse(403, "not-allowed", "The request could not be trusted", "It did not carry the token of your session.", "reload the page and try again");
}

void Visitor::enter(access::ObjectKind kind) {
  source = sources().current();
  const auto info = source->system();
  object.kind = kind;
  if (info.snapshot) object.snapshot = info.snapshot->id;
  for (const auto& [name, value] : parts) {
    if (name == "handle") {
      object.person = access::open_handle(visit->handle_key, value);
      if (!object.person) refuse(404, "not-found", "Not found", "This address means nothing in your present session.", "search for the resident again");
    } else {
      object.detail = value.substr(0, 80);
    }
  }
  admission = gate().admit(subject(), object, source->dictionaries());
  if (!admission->filter)
    refuse(403, "not-allowed", "Not allowed", std::string(access::sentence(admission->decision.reason)), "change role or purpose, or ask an administrator");
}

const records::RowFilter& Visitor::filter() const {
  if (!admission || !admission->filter) throw Error(ErrorKind::bug, "a route answered without passing the gate");
  return *admission->filter;
}

std::optional<std::string> Visitor::parameter(std::string_view name) const {
  const auto found = parameters.find(name);
  if (found == parameters.end()) return std::nullopt;
  return found->second;
}

void Visitor::allow_parameters(std::initializer_list<std::string_view> names) const {
  for (const auto& [name, value] : parameters)
    if (std::find(names.begin(), names.end(), name) == names.end())
      refuse(400, "bad-request", "Not understood", "The address has a parameter that this page does not know.");
}

std::int64_t Visitor::whole_parameter(std::string_view name, std::int64_t low, std::int64_t high, std::int64_t otherwise) const {
  const auto text = parameter(name);
  if (!text) return otherwise;
  std::int64_t value = 0;
  const auto [end, code] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (code != std::errc{} || end != text->data() + text->size() || value < low || value > high)
    refuse(400, "bad-request", "Not understood", std::string(name) + " is a whole number from " + std::to_string(low) + " to " + std::to_string(high) + ".");
  return value;
}

json::Document Visitor::body(std::initializer_list<std::string_view> required, std::initializer_list<std::string_view> optional) const {
  if (!request.content_type.starts_with("application/json")) refuse(415, "bad-request", "Not understood", "The body must be application/json.");
  json::Parser parser;
  json::Fault fault;
  auto document = parser.parse(request.body, fault);
  if (!document || !document->root().is_object()) refuse(400, "bad-request", "Not understood", "The body is not a JSON object.");
  const json::Value root = document->root();
  for (const auto name : required)
    if (!root.has(name)) refuse(400, "bad-request", "Not understood", "The body lacks " + std::string(name) + ".");
  for (const json::Value member : root) {
    const bool known = std::find(required.begin(), required.end(), member.key()) != required.end() ||
        std::find(optional.begin(), optional.end(), member.key()) != optional.end();
    if (!known) refuse(400, "bad-request", "Not understood", "The body has a member that is not known here.");
  }
  return std::move(*document);
}

void Visitor::set_session_cookie(const std::string& token) {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "Set-Cookie"; });
  response.headers.emplace_back(
      "Set-Cookie", std::string(session_cookie) + "=" + token + "; Path=/; HttpOnly; SameSite=Strict" + (settings().secure_cookie ? "; Secure" : ""));
}

void Visitor::clear_session_cookie() {
  std::erase_if(response.headers, [](const auto& header) { return header.first == "Set-Cookie"; });
  response.headers.emplace_back("Set-Cookie",
                                std::string(session_cookie) + "=; Path=/; HttpOnly; SameSite=Strict; Max-Age=0" + (settings().secure_cookie ? "; Secure" : ""));
}

}  // namespace catchment::api
