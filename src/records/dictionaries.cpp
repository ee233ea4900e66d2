#include "records/dictionaries.h"

namespace catchment::records {

namespace {

template <typename Entry>
const Entry& entry(const std::vector<Entry>& entries, std::int32_t id) {
  static const Entry none{};
  return id < 0 || static_cast<std::size_t>(id) >= entries.size() ? none : entries[static_cast<std::size_t>(id)];
}

std::string code_key(std::string_view system, std::string_view code) {
  std::string key(system);
  key += '\0';
  return key += code;
}

}  // namespace

const CodeEntry& Dictionaries::code(CodeId id) const { return entry(codes, id.value); }
const std::string& Dictionaries::unit(std::int32_t id) const { return entry(units, id); }
const OrganisationEntry& Dictionaries::organisation(OrganisationId id) const { return entry(organisations, id.value); }
const PlaceEntry& Dictionaries::place(std::int32_t id) const { return entry(places, id); }
const AreaEntry& Dictionaries::area(std::int32_t id) const { return entry(areas, id); }
const SourceEntry& Dictionaries::source(SourceId id) const { return entry(sources, id.value); }

std::optional<CodeId> Dictionaries::find_code(std::string_view system, std::string_view code) const {
  const auto found = code_index_.find(code_key(system, code));
  if (found == code_index_.end()) return {};
  return CodeId{found->second};
}

std::optional<OrganisationId> Dictionaries::find_organisation(std::string_view code) const {
  const auto found = organisation_index_.find(std::string(code));
  if (found == organisation_index_.end()) return {};
  return OrganisationId{found->second};
}

std::optional<std::int32_t> Dictionaries::find_place(std::string_view id) const {
  for (std::size_t i = 1; i < places.size(); ++i)
    if (places[i].id == id) return static_cast<std::int32_t>(i);
  return {};
}

void Dictionaries::index() {
  code_index_.clear();
  organisation_index_.clear();
  for (std::size_t i = 1; i < codes.size(); ++i) code_index_.emplace(code_key(codes[i].system, codes[i].code), static_cast<std::int32_t>(i));
  for (std::size_t i = 1; i < organisations.size(); ++i) organisation_index_.emplace(organisations[i].code, static_cast<std::int32_t>(i));
}

}  // namespace catchment::records
