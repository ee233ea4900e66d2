#include "access/decide.h"
#include "access/sensitivity.h"

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

AuditRow row_of(const Subject& subject, const Object& object, std::int64_t at_ms) {
  AuditRow row = row_of(subject, at_ms);
  row.action = "see";
  row.object = to_string(object.kind);
  row.detail = object.detail;
  row.person = object.person;
  row.snapshot = object.snapshot;
  return row;
}

}  // namespace

/// Whether a partner shares a file for a purpose. One that declares none (a file no feed takes) holds no rows to hide.
bool shared_for(std::string_view purposes, std::string_view purpose) {
  if (purposes.empty()) return true;
  for (std::size_t at = 0; at <= purposes.size();) {
    const auto end = std::min(purposes.find(',', at), purposes.size());
    if (purposes.substr(at, end - at) == purpose) return true;
    at = end + 1;
  }
  return false;
}

/// The only maker of a records::RowFilter.
class FilterMaker {
 public:
  static records::RowFilter make(const Subject& subject, const Decision& decision, const records::Dictionaries* dictionaries) {
    records::FilterTerms terms;
    terms.counts = decision.counts_visible;
    terms.identity = decision.identity_visible;
    terms.resources = decision.resources_visible;
    terms.quarantine = decision.values_visible;
    // Who the rows of the queue speak of, and nothing clinical about them.
    if (decision.review_visible)
      for (const auto& table : records::tables) terms.hidden_tables.emplace_back(table.name);
    if (decision.persons_visible && subject.places.empty()) terms.everyone = true;
    if (decision.persons_visible && dictionaries != nullptr)
      for (const auto& place : subject.places)
        if (const auto number = dictionaries->find_place(place)) terms.places.push_back(*number);
    if (!decision.rows_shared_for.empty() && dictionaries != nullptr)
      for (std::size_t i = 1; i < dictionaries->sources.size(); ++i)
        if (!shared_for(dictionaries->sources[i].purposes, decision.rows_shared_for)) terms.hidden_sources.push_back({static_cast<std::int32_t>(i)});
    if (!decision.rows_shared_for.empty() && dictionaries != nullptr) terms.hidden_codes = codes_hidden_from(subject.role, *dictionaries);
    return records::RowFilter(std::move(terms));
  }
};

Admission Gate::admit(const Subject& subject, const Object& object, const records::Dictionaries* dictionaries) {
  Admission admission{decide(subject, subject.purpose, object), std::nullopt, 0};
  AuditRow row = row_of(subject, object, clock_.now().utc_ms);
  row.outcome = admission.decision.permitted ? "permitted" : "refused";
  row.reason = to_string(admission.decision.reason);
  admission.audit_row = audit_.append(std::span(&row, 1));
  if (admission.decision.permitted) admission.filter = FilterMaker::make(subject, admission.decision, dictionaries);
  return admission;
}

void Gate::record_not_visible(const Subject& subject, const Object& object) {
  AuditRow row = row_of(subject, object, clock_.now().utc_ms);
  row.outcome = "refused";
  row.reason = to_string(Reason::not_visible);
  audit_.append(std::span(&row, 1));
}

void Gate::record_disclosed(const Subject& subject, const Object& object, std::int64_t audit_row, std::span<const PersonId> persons) {
  std::vector<AuditRow> rows;
  rows.reserve(persons.size());
  for (const PersonId person : persons) {
    AuditRow row = row_of(subject, object, clock_.now().utc_ms);
    row.action = "shown";
    row.detail = "row " + std::to_string(audit_row);
    row.person = person;
    row.outcome = "permitted";
    row.reason = to_string(Reason::allowed);
    rows.push_back(std::move(row));
  }
  audit_.append(rows);
}

void Gate::record_act(const Subject& subject, const Object& object, std::string_view action, bool done, std::string_view reason) {
  AuditRow row = row_of(subject, object, clock_.now().utc_ms);
  row.action = action;
  row.outcome = done ? "permitted" : "refused";
  row.reason = reason;
  audit_.append(std::span(&row, 1));
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
