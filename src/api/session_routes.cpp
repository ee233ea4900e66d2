// Who I am: sign-in, sign-out, role and purpose.
#include <algorithm>

#include "api/visitor.h"

namespace catchment::api {

namespace {

Named named(access::Role role) { return {"role", std::string(to_string(role)), std::string(title(role)), std::string(description(role))}; }
Named named(access::Purpose purpose) { return {"purpose", std::string(to_string(purpose)), std::string(title(purpose)), std::string(description(purpose))}; }

bool may(const access::Subject& subject, access::ObjectKind kind) { return access::decide(subject, subject.purpose, {kind}).permitted; }

std::vector<std::string> sections_of(const access::Subject& subject) {
  std::vector<std::string> sections;
  if (may(subject, access::ObjectKind::start)) sections.emplace_back("start");
  if (may(subject, access::ObjectKind::population)) sections.emplace_back("population");
  if (may(subject, access::ObjectKind::measure)) sections.emplace_back("measures");
  if (may(subject, access::ObjectKind::resident_search)) sections.emplace_back("record");
  if (may(subject, access::ObjectKind::structure)) sections.emplace_back("governance");
  if (may(subject, access::ObjectKind::feeds)) sections.emplace_back("data");
  return sections;
}

SessionInfo session_info(Visitor& visitor) {
  SessionInfo info;
  info.system = visitor.sources().system();
  if (!visitor.visit) {
    info.demonstration_sign_ins = visitor.settings().demonstration_sign_ins;
    return info;
  }
  const auto& visit = *visitor.visit;
  info.signed_in = true;
  info.account = AccountInfo{visit.account.name, visit.account.display_name, {}, visit.account.places};
  for (const auto role : visit.account.roles) info.account->roles.push_back(named(role));
  info.role = std::string(to_string(visit.subject.role));
  info.purpose = std::string(to_string(visit.subject.purpose));
  for (const auto purpose : access::purposes_of(visit.subject.role)) info.purposes.push_back(named(purpose));
  info.sections = sections_of(visit.subject);
  info.may_search_residents = may(visit.subject, access::ObjectKind::resident_search);
  info.may_see_quarantine_values = access::decide(visit.subject, visit.subject.purpose, {access::ObjectKind::quarantine}).values_visible;
  info.may_build_cohorts = may(visit.subject, access::ObjectKind::cohort);
  info.may_review_linkage = may(visit.subject, access::ObjectKind::linkage_review);
  info.csrf_token = visit.csrf_token;
  info.idle_seconds = visitor.sessions().limits().idle_ms / 1000;
  info.ends_at = Instant{visit.ends_at_ms, 0};
  return info;
}

access::Subject unknown_subject(const std::string& name) {
  access::Subject subject;
  // A name that is no account's may be a password typed in the wrong field: it is not kept.
  subject.account = name;
  subject.session = "none";
  return subject;
}

}  // namespace

void get_system(Visitor& visitor) { visitor.answer(visitor.sources().system()); }

void get_session(Visitor& visitor) { visitor.answer(session_info(visitor)); }

void sign_in(Visitor& visitor) {
  const auto body = visitor.body({"name", "password"});
  const std::string name(body.root()["name"].string());
  const std::string password(body.root()["password"].string());
  if (name.empty() || name.size() > 100 || password.empty() || password.size() > access::longest_password)
    refuse(400, "bad-request", "Not understood", "A name and a password are needed.");
  const std::string& address = visitor.request.address;
  if (const auto wait = visitor.limiter().wait_ms(name, address, visitor.now_ms()); wait > 0) {
    Refusal refusal{
        429, "too-many-attempts", "Too many attempts", "There were too many attempts to sign in.", "wait and try again", static_cast<int>((wait + 999) / 1000)};
    throw refusal;
  }
  auto account = visitor.accounts().sign_in(name, password);
  if (account && account->demonstration && visitor.settings().demonstration_sign_ins.empty()) account.reset();  // known passwords: only where offered
  if (!account) {
    visitor.limiter().failed(name, address, visitor.now_ms());
    visitor.gate().record_event(unknown_subject(visitor.accounts().find(name) ? name : "unknown"), "sign-in", false, "wrong-name-or-password");
    refuse(401, "not-signed-in", "Not signed in", "The name or the password is not right.", "check both and try again");
  }
  visitor.limiter().succeeded(name, address);
  const std::string_view before = cookie_value(visitor.request.cookie, session_cookie);
  if (!before.empty()) visitor.sessions().close(before);
  visitor.visit = visitor.sessions().open(*account, visitor.now_ms());
  visitor.gate().record_event(visitor.subject(), "sign-in", true, "allowed");
  visitor.set_session_cookie(*visitor.visit->new_token);
  visitor.answer(session_info(visitor));
}

void sign_out(Visitor& visitor) {
  visitor.gate().record_event(visitor.subject(), "sign-out", true, "allowed");
  visitor.sessions().close(cookie_value(visitor.request.cookie, session_cookie));
  if (visitor.visit->new_token) visitor.sessions().close(*visitor.visit->new_token);
  visitor.visit.reset();
  visitor.clear_session_cookie();
  visitor.answer(session_info(visitor));
}

void choose_role(Visitor& visitor) {
  const auto body = visitor.body({"role", "purpose"});
  const auto role = access::role_named(body.root()["role"].string());
  const auto purpose = access::purpose_named(body.root()["purpose"].string());
  if (!role || !purpose) refuse(400, "bad-request", "Not understood", "The role or the purpose is not one of ours.");
  const auto& own = visitor.visit->account.roles;
  const auto purposes = access::purposes_of(*role);
  if (std::find(own.begin(), own.end(), *role) == own.end() || std::find(purposes.begin(), purposes.end(), *purpose) == purposes.end()) {
    visitor.gate().record_event(visitor.subject(), "choose-role", false, "not-for-role", std::string(to_string(*role)));
    refuse(403, "not-allowed", "Not allowed", "Your account does not hold that role, or the role not that purpose.", "ask an administrator");
  }
  const std::string token = visitor.visit->new_token ? *visitor.visit->new_token : std::string(cookie_value(visitor.request.cookie, session_cookie));
  auto chosen = visitor.sessions().choose(token, *role, *purpose, visitor.now_ms());
  if (!chosen) refuse(401, "not-signed-in", "Not signed in", "Your session has ended.", "sign in");
  visitor.visit = std::move(chosen);
  visitor.gate().record_event(visitor.subject(), "choose-role", true, "allowed");
  visitor.set_session_cookie(*visitor.visit->new_token);
  visitor.answer(session_info(visitor));
}

}  // namespace catchment::api
