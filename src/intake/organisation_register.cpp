#include "intake/organisation_register.h"

#include <algorithm>

#include "records/schema.h"

namespace catchment::intake {

bool fills_register(const Feed& feed) {
  return std::any_of(feed.records.begin(), feed.records.end(), [](const RecordRule& rule) {
    return rule.table >= 0 && records::table_at(static_cast<std::size_t>(rule.table)).name == "organisation_entry";
  });
}

bool OrganisationRegister::Times::open_on(std::int32_t day) const {
  return std::any_of(spans.begin(), spans.end(), [&](const auto& span) { return span.first <= day && day <= span.second; });
}

OrganisationRegister::OrganisationRegister(const std::vector<OrganisationTime>& known) {
  for (const auto& one : known) add(one.code, one.opened ? one.opened->days : INT32_MIN, one.closed ? one.closed->days : INT32_MAX);
}

void OrganisationRegister::add(const std::string& code, std::int32_t first_day, std::int32_t last_day) { times_[code].spans.emplace_back(first_day, last_day); }

const OrganisationRegister::Times* OrganisationRegister::times_of(const std::string& code) const {
  const auto found = times_.find(code);
  return found == times_.end() ? nullptr : &found->second;
}

}  // namespace catchment::intake
