// The policy as a table: who, for which purpose, may see which kind of thing. What it does not say is refused.
#include "access/decide.h"
#include "access/sensitivity.h"

namespace catchment::access {

namespace {

constexpr std::array everybody = all_roles;
constexpr std::array any_purpose = all_purposes;
constexpr std::array data_roles = {Role::data_steward, Role::analyst, Role::finance, Role::board, Role::administrator};
constexpr std::array data_purposes = {Purpose::data_quality, Purpose::population_health, Purpose::commissioning, Purpose::governance,
                                      Purpose::system_administration};
constexpr std::array quarantine_roles = {Role::data_steward, Role::analyst};
constexpr std::array quarantine_purposes = {Purpose::data_quality, Purpose::population_health};
constexpr std::array cohort_roles = {Role::analyst};
constexpr std::array cohort_purposes = {Purpose::population_health};
constexpr std::array review_roles = {Role::data_steward};
constexpr std::array review_purposes = {Purpose::data_quality};
constexpr std::array care_roles = {Role::care_professional, Role::neighbourhood_team};
constexpr std::array care_purposes = {Purpose::direct_care};
constexpr std::array running_roles = {Role::administrator};
constexpr std::array running_purposes = {Purpose::system_administration};

constexpr std::array lines = {
    PolicyLine{ObjectKind::start, everybody, any_purpose, "counts of everyone, small ones hidden"},
    PolicyLine{ObjectKind::search, everybody, any_purpose, "finds places, measures and bodies, never people"},
    PolicyLine{ObjectKind::feeds, data_roles, data_purposes, "counts of rows, no person"},
    PolicyLine{ObjectKind::feed, data_roles, data_purposes, "counts of rows and of findings, no person"},
    PolicyLine{ObjectKind::quarantine, quarantine_roles, quarantine_purposes, "file, line and rule; values only for data quality"},
    PolicyLine{ObjectKind::population, everybody, any_purpose, "counts of groups, small ones hidden"},
    PolicyLine{ObjectKind::measure, everybody, any_purpose, "rates of groups, small numbers hidden"},
    PolicyLine{ObjectKind::figure, everybody, any_purpose, "the rule and the feeds behind a figure"},
    PolicyLine{ObjectKind::structure, everybody, any_purpose, "who is responsible is public"},
    PolicyLine{ObjectKind::strategy, everybody, any_purpose, "what was promised is public"},
    PolicyLine{ObjectKind::services, everybody, any_purpose, "what is commissioned is public"},
    PolicyLine{ObjectKind::resident_search, care_roles, care_purposes, "to find a resident in one's care"},
    PolicyLine{ObjectKind::resident_record, care_roles, care_purposes, "to care for that resident"},
    PolicyLine{ObjectKind::accounts, running_roles, running_purposes, "accounts belong to the running of the system"},
    PolicyLine{ObjectKind::audit_trail, running_roles, running_purposes, "the trail is checked by those who run the system"},
    PolicyLine{ObjectKind::backup, running_roles, running_purposes, "copies are made by those who run the system"},
    PolicyLine{ObjectKind::cohort, cohort_roles, cohort_purposes, "groups of people defined and counted, small counts hidden"},
    PolicyLine{ObjectKind::linkage_review, review_roles, review_purposes, "to say whether two partners' rows are one person: identities, nothing clinical"},
    PolicyLine{ObjectKind::sent_resource, cohort_roles, cohort_purposes, "elements that are no column, for a library asked of everyone; never who somebody is"},
};
static_assert(lines.size() == object_kinds);

constexpr std::array<std::string_view, object_kinds> object_words = {
    "start",    "search",          "feeds",           "feed",     "quarantine",  "population", "measure", "figure",         "structure",    "strategy",
    "services", "resident-search", "resident-record", "accounts", "audit-trail", "backup",     "cohort",  "linkage-review", "sent-resource"};

template <typename T>
bool holds(std::span<const T> all, T one) {
  for (const T each : all)
    if (each == one) return true;
  return false;
}

bool reaches_identity(ObjectKind kind) {
  return kind == ObjectKind::resident_search || kind == ObjectKind::resident_record || kind == ObjectKind::linkage_review;
}

bool reaches_counts(ObjectKind kind) {
  switch (kind) {
    case ObjectKind::start:
    case ObjectKind::population:
    case ObjectKind::measure:
    case ObjectKind::figure:
    case ObjectKind::strategy:
    case ObjectKind::cohort: return true;
    default: return false;
  }
}

}  // namespace

std::string_view to_string(ObjectKind kind) { return object_words[static_cast<std::size_t>(kind)]; }

std::optional<ObjectKind> object_named(std::string_view word) {
  for (std::size_t i = 0; i < object_words.size(); ++i)
    if (object_words[i] == word) return static_cast<ObjectKind>(i);
  return std::nullopt;
}

std::string_view to_string(Reason reason) {
  switch (reason) {
    case Reason::allowed: return "allowed";
    case Reason::role_lacks_purpose: return "role-lacks-purpose";
    case Reason::not_for_role: return "not-for-role";
    case Reason::not_visible: return "not-visible";
  }
  return "not-for-role";
}

std::string_view sentence(Reason reason) {
  switch (reason) {
    case Reason::allowed: return "You may see this.";
    case Reason::role_lacks_purpose: return "Your role may not work for this purpose.";
    case Reason::not_for_role: return "Your role, for this purpose, may not see this.";
    case Reason::not_visible: return "There is no such resident, or not one your account covers.";
  }
  return "You may not see this.";
}

std::span<const PolicyLine> policy() { return lines; }

Decision decide(const Subject& subject, Purpose purpose, const Object& object) {
  const PolicyLine& line = lines[static_cast<std::size_t>(object.kind)];
  Decision decision;
  decision.rule = std::string(to_string(object.kind)) + ": " + std::string(line.why);
  const auto own = purposes_of(subject.role);
  if (!holds(std::span<const Purpose>(own), purpose)) {
    decision.reason = Reason::role_lacks_purpose;
  } else if (!holds(line.roles, subject.role) || !holds(line.purposes, purpose)) {
    decision.reason = Reason::not_for_role;
  } else {
    decision.permitted = true;
    decision.reason = Reason::allowed;
    decision.identity_visible = reaches_identity(object.kind);
    decision.resources_visible = object.kind == ObjectKind::sent_resource;
    decision.persons_visible = decision.identity_visible || decision.resources_visible;
    if (decision.persons_visible && object.kind != ObjectKind::linkage_review) decision.rows_shared_for = std::string(to_string(purpose));
    const std::string left_out = decision.rows_shared_for.empty() ? std::string() : left_out_for(subject.role);
    if (!left_out.empty()) decision.rule += "; " + left_out;
    decision.counts_visible = reaches_counts(object.kind);
    decision.review_visible = object.kind == ObjectKind::linkage_review;
    decision.values_visible = object.kind == ObjectKind::quarantine && subject.role == Role::data_steward && purpose == Purpose::data_quality;
  }
  return decision;
}

}  // namespace catchment::access
