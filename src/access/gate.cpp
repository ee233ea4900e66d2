#include "access/decide.h"

namespace catchment::access {

namespace {

AuditRow row_of(const Subject& subject, std::int64_t at_ms) {
  AuditRow row;
  row.at_ms = at_ms;
  row.account = subject.account;
  row.display_name = subject.display_name;
  row.role = to_string(subject.role);
  row.purpose = to_string(subject.purpose);
  row.session = subject.session;
  return row;
}

}  // namespace

bool RowFilter::sees_place(std::string_view place) const {
  if (places_.empty()) return true;
  for (const auto& each : places_)
    if (each == place) return true;
  return false;
}

Admission Gate::admit(const Subject& subject, const Object& object) {
  Admission admission{decide(subject, subject.purpose, object), std::nullopt};
  AuditRow row = row_of(subject, clock_.now().utc_ms);
  row.action = "see";
  row.object = to_string(object.kind);
  row.detail = object.detail;
  row.person = object.person;
  row.snapshot = object.snapshot;
  row.outcome = admission.decision.permitted ? "permitted" : "refused";
  row.reason = to_string(admission.decision.reason);
  const std::int64_t number = audit_.append(std::span(&row, 1));
  if (!admission.decision.permitted) return admission;
  RowFilter filter;
  filter.identity_visible_ = admission.decision.identity_visible;
  filter.values_visible_ = admission.decision.values_visible;
  filter.places_ = subject.places;
  filter.object_ = object.kind;
  filter.audit_row_ = number;
  admission.filter = std::move(filter);
  return admission;
}

void Gate::record_disclosed(const Subject& subject, const RowFilter& filter, const std::string& snapshot, std::span<const PersonId> persons) {
  if (persons.empty()) return;
  std::vector<AuditRow> rows;
  rows.reserve(persons.size());
  for (const PersonId person : persons) {
    AuditRow row = row_of(subject, clock_.now().utc_ms);
    row.action = "shown";
    row.object = to_string(filter.object());
    row.detail = "row " + std::to_string(filter.audit_row());
    row.person = person;
    row.snapshot = snapshot;
    row.outcome = "permitted";
    row.reason = to_string(Reason::allowed);
    rows.push_back(std::move(row));
  }
  audit_.append(rows);
}

void Gate::record_event(const Subject& subject, std::string_view action, bool good, std::string_view reason, std::string_view detail) {
  AuditRow row = row_of(subject, clock_.now().utc_ms);
  row.action = action;
  row.object = "session";
  row.detail = detail;
  row.outcome = good ? "permitted" : "refused";
  row.reason = reason;
  audit_.append(std::span(&row, 1));
}

}  // namespace catchment::access
