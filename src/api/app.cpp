#include <array>

#include "api/cohort_desk.h"
#include "api/visitor.h"

namespace catchment::api {

namespace {

using access::ObjectKind;

void get_start(Visitor& v) {
  auto start = v.source->start(v.filter());
  add_review_attention(v, start);
  v.answer(start);
}

void search(Visitor& v) {
  const auto body = v.body({"text"});
  const std::string text(body.root()["text"].string());
  if (text.empty() || text.size() > 100) refuse(400, "bad-request", "Not understood", "text has 1 to 100 characters.");
  v.answer(v.source->search(text, v.filter()));
}

void list_feeds(Visitor& v) { v.answer(v.source->feeds(v.filter())); }
void get_feed(Visitor& v) { v.answer(v.source->feed(v.parts["feed"], v.filter())); }

void get_quarantine(Visitor& v) {
  v.allow_parameters({"rule", "column", "offset", "limit"});
  v.answer(v.source->quarantine(
      {v.parts["feed"], v.parameter("rule"), v.parameter("column"), v.whole_parameter("offset", 0, 10'000'000, 0), v.whole_parameter("limit", 1, 200, 50)},
      v.filter()));
}

bool resident_basis(Visitor& v, std::string_view usual) {
  const auto basis = v.parameter("basis").value_or(std::string(usual));
  if (basis != "resident" && basis != "registered") refuse(400, "bad-request", "Not understood", "basis is resident or registered.");
  return basis == "resident";
}

void list_places(Visitor& v) { v.answer(v.source->places(v.filter())); }

void get_population(Visitor& v) {
  v.allow_parameters({"place", "basis"});
  v.answer(v.source->population(v.parameter("place"), !resident_basis(v, "resident"), v.filter()));
}

void get_conditions(Visitor& v) {
  v.allow_parameters({"place"});
  v.answer(v.source->conditions(v.parameter("place"), v.filter()));
}

void get_areas(Visitor& v) {
  v.allow_parameters({"measure", "place", "by"});
  const auto by = v.parameter("by").value_or("area");
  if (by != "area" && by != "neighbourhood") refuse(400, "bad-request", "Not understood", "by is area or neighbourhood.");
  v.answer(v.source->areas(v.parameter("measure"), v.parameter("place"), by == "neighbourhood", v.filter()));
}

void list_measures(Visitor& v) { v.answer(v.source->measures(v.filter())); }

void get_measure(Visitor& v) {
  v.allow_parameters({"place", "basis", "index"});
  v.answer(v.source->measure(v.parts["measure"], {v.parameter("place"), resident_basis(v, "registered"), v.parameter("index")}, v.filter()));
}

void get_change(Visitor& v) {
  v.allow_parameters({"place", "from"});
  v.answer(v.source->change(v.parts["measure"], v.parameter("place"), v.parameter("from"), v.filter()));
}

void get_measure_cases(Visitor& v) {
  v.allow_parameters({});
  v.answer(v.source->measure_cases(v.parts["measure"], v.filter()));
}

void get_inequalities(Visitor& v) {
  v.allow_parameters({"by", "place", "basis"});
  v.answer(
      v.source->inequalities(v.parameter("by").value_or("deprivation"), {v.parameter("place"), resident_basis(v, "registered"), std::nullopt}, v.filter()));
}

void get_place_profile(Visitor& v) { v.answer(v.source->place_profile(v.parts["place"], v.filter())); }
void get_scorecard(Visitor& v) { v.answer(v.source->scorecard(v.filter())); }

void get_why(Visitor& v) { v.answer(v.source->why(v.parts["figure"], v.filter())); }

void get_structure(Visitor& v) {
  v.allow_parameters({"on"});
  Day on;
  if (const auto text = v.parameter("on")) {
    on = Date::parse(*text);
    if (!on || text->size() != 10) refuse(400, "bad-request", "Not understood", "on is a date such as 2026-03-14.");
  }
  v.answer(v.source->structure(on, v.filter()));
}

void get_body(Visitor& v) { v.answer(v.source->body(v.parts["body"], v.filter())); }
void get_strategy(Visitor& v) { v.answer(v.source->strategy(v.filter())); }
void follow_priority(Visitor& v) { v.answer(v.source->follow(v.parts["priority"], v.filter())); }

void list_services(Visitor& v) {
  v.allow_parameters({"place"});
  v.answer(v.source->services(v.parameter("place"), v.filter()));
}

constexpr std::array table = {
    Route{"GET", "/system", std::nullopt, false, get_system},
    Route{"GET", "/session", std::nullopt, false, get_session},
    Route{"POST", "/session", std::nullopt, false, sign_in},
    Route{"DELETE", "/session", std::nullopt, true, sign_out},
    Route{"PUT", "/session/role", std::nullopt, true, choose_role},
    Route{"GET", "/start", ObjectKind::start, true, get_start},
    Route{"POST", "/search", ObjectKind::search, true, search},
    Route{"GET", "/feeds", ObjectKind::feeds, true, list_feeds},
    Route{"GET", "/feeds/{feed}", ObjectKind::feed, true, get_feed},
    Route{"GET", "/feeds/{feed}/quarantine", ObjectKind::quarantine, true, get_quarantine},
    Route{"GET", "/places", ObjectKind::population, true, list_places},
    Route{"GET", "/population", ObjectKind::population, true, get_population},
    Route{"GET", "/population/conditions", ObjectKind::population, true, get_conditions},
    Route{"GET", "/population/areas", ObjectKind::population, true, get_areas},
    Route{"GET", "/measures", ObjectKind::measure, true, list_measures},
    Route{"GET", "/measures/{measure}", ObjectKind::measure, true, get_measure},
    Route{"GET", "/measures/{measure}/change", ObjectKind::measure, true, get_change},
    Route{"GET", "/measures/{measure}/cases", ObjectKind::measure, true, get_measure_cases},
    Route{"GET", "/cohorts", ObjectKind::cohort, true, list_cohorts},
    Route{"POST", "/cohorts", ObjectKind::cohort, true, save_cohort},
    Route{"GET", "/cohorts/words", ObjectKind::cohort, true, get_cohort_words},
    Route{"POST", "/cohorts/check", ObjectKind::cohort, true, check_cohort},
    Route{"POST", "/cohorts/people", ObjectKind::cohort, true, make_cohort_people},
    Route{"POST", "/cohorts/count", ObjectKind::cohort, true, start_cohort_count},
    Route{"GET", "/cohorts/count", ObjectKind::cohort, true, get_cohort_count},
    Route{"DELETE", "/cohorts/count", ObjectKind::cohort, true, give_up_cohort_count},
    Route{"GET", "/cohorts/{cohort}", ObjectKind::cohort, true, get_cohort},
    Route{"GET", "/inequalities", ObjectKind::measure, true, get_inequalities},
    Route{"GET", "/places/{place}/profile", ObjectKind::population, true, get_place_profile},
    Route{"GET", "/scorecard", ObjectKind::strategy, true, get_scorecard},
    Route{"GET", "/figures/{figure}/why", ObjectKind::figure, true, get_why},
    Route{"GET", "/structure", ObjectKind::structure, true, get_structure},
    Route{"GET", "/structure/{body}", ObjectKind::structure, true, get_body},
    Route{"GET", "/strategy", ObjectKind::strategy, true, get_strategy},
    Route{"GET", "/strategy/{priority}/follow", ObjectKind::strategy, true, follow_priority},
    Route{"GET", "/services", ObjectKind::services, true, list_services},
    Route{"POST", "/residents/search", ObjectKind::resident_search, true, search_residents},
    Route{"GET", "/residents/{handle}", ObjectKind::resident_record, true, get_resident},
    Route{"GET", "/residents/{handle}/tables/{kind}", ObjectKind::resident_record, true, get_resident_table},
    Route{"GET", "/residents/{handle}/measures", ObjectKind::resident_record, true, get_resident_measures},
    Route{"GET", "/residents/{handle}/measures/{measure}", ObjectKind::resident_record, true, get_resident_evidence},
    Route{"GET", "/review", ObjectKind::linkage_review, true, list_review},
    Route{"GET", "/review/{item}", ObjectKind::linkage_review, true, get_review_item},
    Route{"GET", "/review/{item}/why/{side}", ObjectKind::linkage_review, true, get_review_why},
    Route{"POST", "/review/{item}/decision", ObjectKind::linkage_review, true, decide_review},
    Route{"POST", "/review/undo", ObjectKind::linkage_review, true, undo_review},
};

std::vector<std::string_view> segments(std::string_view path) {
  std::vector<std::string_view> all;
  std::size_t at = 1;
  while (at <= path.size()) {
    const auto end = std::min(path.find('/', at), path.size());
    all.push_back(path.substr(at, end - at));
    at = end + 1;
    if (all.size() > 8) break;
  }
  return all;
}

/// True when the path fits the template; `parts` then holds the decoded parts.
bool fits(std::string_view pattern, const std::vector<std::string_view>& path, std::map<std::string, std::string, std::less<>>& parts) {
  const auto wanted = segments(pattern);
  if (wanted.size() != path.size()) return false;
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (!wanted[i].starts_with('{')) {
      if (wanted[i] != path[i]) return false;
      continue;
    }
    auto value = decoded(path[i]);
    if (!value || value->empty() || value->size() > 200) return false;
    parts[std::string(wanted[i].substr(1, wanted[i].size() - 2))] = std::move(*value);
  }
  return true;
}

void read_query(std::string_view query, std::map<std::string, std::string, std::less<>>& parameters) {
  std::size_t at = 0;
  while (at < query.size()) {
    const auto end = std::min(query.find('&', at), query.size());
    const auto pair = query.substr(at, end - at);
    at = end + 1;
    if (pair.empty()) continue;
    const auto equals = std::min(pair.find('='), pair.size());
    auto name = decoded(pair.substr(0, equals), true);
    auto value = decoded(equals < pair.size() ? pair.substr(equals + 1) : std::string_view{}, true);
    if (!name || !value || value->size() > 200 || parameters.size() >= 16 || !parameters.emplace(std::move(*name), std::move(*value)).second)
      refuse(400, "bad-request", "Not understood", "The part of the address after the question mark is not well formed.");
  }
}

bool is_fhir(const Request& request) { return std::string_view(request.path).starts_with(fhir_prefix); }

void write_problem(const Request& request, Response& response, const Refusal& refusal) {
  Problem problem{refusal.type, refusal.title, refusal.status, refusal.detail, refusal.fix, access::base64url(access::random_bytes(9))};
  response.status = refusal.status;
  response.content_type = "application/problem+json";
  response.body = to_json(problem);
  if (is_fhir(request)) {
    response.content_type = "application/fhir+json";
    response.body = operation_outcome(refusal);
  }
  response.reference = problem.reference;
  if (refusal.retry_after_seconds > 0) response.headers.emplace_back("Retry-After", std::to_string(refusal.retry_after_seconds));
}

Refusal refusal_of(const Error& error) {
  if (error.kind() == ErrorKind::user) return {400, "bad-request", "Not understood", error.what(), error.fix().empty() ? Text{} : Text{error.fix()}};
  if (error.kind() == ErrorKind::environment)
    return {503, "fault", "The server cannot answer now", "Something the server needs is not working; nothing was shown.",
            "try again, and tell an administrator if it lasts"};
  return {500, "fault", "A fault in Catchment", "Nothing was shown and nothing was lost.", "quote the reference to an administrator"};
}

}  // namespace

std::span<const Route> routes() { return table; }

App::App(access::Accounts& accounts, access::Sessions& sessions, access::AttemptLimiter& limiter, access::Gate& gate, Sources& sources,
         const catchment::Clock& clock, Settings settings)
    : accounts_(accounts),
      sessions_(sessions),
      limiter_(limiter),
      gate_(gate),
      sources_(sources),
      clock_(clock),
      settings_(std::move(settings)),
      models_(language_models()),
      cohorts_(std::make_unique<CohortDesk>(settings_.authored)) {}

App::~App() = default;

Response App::handle(const Request& request) {
  Response response;
  response.route = "unknown";
  try {
    dispatch(request, response);
  } catch (const Refusal& refusal) { write_problem(request, response, refusal); } catch (const Error& error) {
    write_problem(request, response, refusal_of(error));
  } catch (const std::exception&) { write_problem(request, response, refusal_of(Error(ErrorKind::bug, ""))); }
  response.headers.emplace_back("Cache-Control", "no-store");
  return response;
}

void App::dispatch(const Request& request, Response& response) {
  const bool fhir = is_fhir(request);
  if (!fhir && !std::string_view(request.path).starts_with(prefix)) refuse(404, "not-found", "Not found", "There is no such address.");
  if (request.body.size() > longest_body) refuse(413, "too-large", "Too large", "The body is larger than this server reads.");
  const auto path = segments(std::string_view(request.path).substr(fhir ? 0 : prefix.size()));
  bool other_method = false;
  for (Route route : fhir ? fhir_routes() : routes()) {
    if (fhir && settings_.open_cql) route.signed_in = false;
    Visitor visitor(*this, request, response, route);
    if (!fits(route.path, path, visitor.parts)) continue;
    if (route.method != request.method) {
      other_method = true;
      continue;
    }
    response.route = route.path;
    read_query(request.query, visitor.parameters);
    visitor.admit();
    route.answer(visitor);
    return;
  }
  if (other_method) refuse(405, "bad-request", "Not understood", "This address does not know that method.");
  refuse(404, "not-found", "Not found", "There is no such address.");
}

}  // namespace catchment::api
