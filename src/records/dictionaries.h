// The small tables every row points into. Held in memory while a snapshot is open.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/date.h"
#include "base/ids.h"

namespace catchment::records {

struct CodeEntry {
  std::string system;   // "snomed", "icd-10", ... as staged
  std::string code;
  std::string display;  // the best label a source gave; may be empty
};

struct OrganisationEntry {
  std::string code;  // as sent (ODS code)
  std::string name;  // from the definition folder, else empty
  std::string kind;  // "practice" or a kind of the definition folder; empty when not known
};

struct PlaceEntry {
  std::string id;  // of the definition folder: "luton"
  std::string name;
};

struct AreaEntry {
  std::string code;
  std::string name;
  std::string neighbourhood;          // name; empty when not known
  std::int32_t place = 0;             // table place; 0 = outside the system
  std::int32_t deprivation_fifth = 0; // 1 = most deprived, by the system's usual index; 0 = not known
};

struct SourceEntry {
  std::string feed;
  std::string file;  // as received, relative to extracts/
  std::string purposes;  // for which its partner shares it, comma separated; empty: not declared
};

/// Every id is an index; 0 means "not said" and is an empty entry.
struct Dictionaries {
  std::vector<CodeEntry> codes;
  std::vector<std::string> units;
  std::vector<OrganisationEntry> organisations;
  std::vector<PlaceEntry> places;
  std::vector<AreaEntry> areas;
  std::vector<SourceEntry> sources;

  const CodeEntry& code(CodeId id) const;
  const std::string& unit(std::int32_t id) const;
  const OrganisationEntry& organisation(OrganisationId id) const;
  const PlaceEntry& place(std::int32_t id) const;
  const AreaEntry& area(std::int32_t id) const;
  const SourceEntry& source(SourceId id) const;
  /// The id of a code, or nothing when no row of the snapshot uses it.
  std::optional<CodeId> find_code(std::string_view system, std::string_view code) const;
  std::optional<OrganisationId> find_organisation(std::string_view code) const;
  std::optional<std::int32_t> find_place(std::string_view id) const;

  /// Builds the look-ups; call once after filling.
  void index();

 private:
  std::unordered_map<std::string, std::int32_t> code_index_;
  std::unordered_map<std::string, std::int32_t> organisation_index_;
};

}  // namespace catchment::records
