// The system, its clock and snapshot, the session, problems and search.
#pragma once

#include "api/model/values.h"

namespace catchment::api {

struct Clock {
  Date today;
  bool demonstration = false;
  void fields(auto& f) const { f("today", today)("demonstration", demonstration); }
};

struct SnapshotInfo {
  std::string id;
  Date as_of;
  std::optional<Instant> published_at;
  std::int64_t people = 0, format = 0;
  std::string product_version;
  void fields(auto& f) const {
    f("id", id)("as_of", as_of)("published_at", published_at)("people", people)("format", format)("product_version", product_version);
  }
};

struct SystemInfo {
  std::string product = "Catchment", version, id, name, short_name, title;
  bool synthetic = false;
  Text synthetic_notice;
  Count represented_population;
  Clock clock;
  std::optional<SnapshotInfo> snapshot;
  void fields(auto& f) const {
    f("product", product)("version", version)("id", id)("name", name)("short_name", short_name)("title", title)("synthetic", synthetic);
    f("synthetic_notice", synthetic_notice)("represented_population", represented_population)("clock", clock)("snapshot", snapshot);
  }
};

struct Named {  // RoleOption, PurposeOption: the first member's name differs
  std::string_view key;
  std::string word, title, description;
  void fields(auto& f) const { f(key, word)("title", title)("description", description); }
};

struct AccountInfo {
  std::string name, display_name;
  std::vector<Named> roles;
  std::vector<std::string> places;
  void fields(auto& f) const { f("name", name)("display_name", display_name)("roles", roles)("places", places); }
};

struct DemonstrationSignIn {
  std::string name, password, role, role_title, description;
  void fields(auto& f) const { f("name", name)("password", password)("role", role)("role_title", role_title)("description", description); }
};

struct SessionInfo {
  bool signed_in = false;
  std::optional<AccountInfo> account;
  Text role, purpose;
  std::vector<Named> purposes;
  std::vector<std::string> sections;
  bool may_search_residents = false, may_see_quarantine_values = false, may_build_cohorts = false, may_review_linkage = false;
  Text csrf_token;
  Count idle_seconds;
  std::optional<Instant> ends_at;
  std::vector<DemonstrationSignIn> demonstration_sign_ins;
  SystemInfo system;
  void fields(auto& f) const {
    f("signed_in", signed_in)("account", account)("role", role)("purpose", purpose)("purposes", purposes)("sections", sections);
    f("may_search_residents", may_search_residents)("may_see_quarantine_values", may_see_quarantine_values)("may_build_cohorts", may_build_cohorts)(
        "may_review_linkage", may_review_linkage)("csrf_token", csrf_token);
    f("idle_seconds", idle_seconds)("ends_at", ends_at)("demonstration_sign_ins", demonstration_sign_ins)("system", system);
  }
};

struct Link {
  std::string page;
  Text id;
  void fields(auto& f) const { f("page", page)("id", id); }
};

struct SearchHit {
  std::string kind, id, title, detail;
  void fields(auto& f) const { f("kind", kind)("id", id)("title", title)("detail", detail); }
};

struct SearchHits {
  std::vector<SearchHit> hits;
  void fields(auto& f) const { f("hits", hits); }
};

struct Problem {
  std::string type, title;
  std::int64_t status = 500;
  std::string detail;
  Text fix;
  std::string reference;
  void fields(auto& f) const { f("type", type)("title", title)("status", status)("detail", detail)("fix", fix)("reference", reference); }
};

}  // namespace catchment::api
