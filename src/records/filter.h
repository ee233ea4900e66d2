// What one reader may see of the population. A RowFilter is the proof that the door was passed: only
// module access can make one, and every retrieval asks for it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/ids.h"

namespace catchment::access {
class FilterMaker;  // declared and defined by module access; the only maker of a RowFilter
}

namespace catchment::records {

struct PersonSummary;

/// The terms of one permission. The default permits nothing.
struct FilterTerms {
  bool everyone = false;                     // any person; otherwise the union of the next three
  std::vector<PersonId> persons;             // these persons
  std::vector<OrganisationId> practices;     // persons registered at these practices
  std::vector<std::int32_t> places;          // persons resident in these places (table place)
  bool counts = false;                       // may ask for counts of the population
  bool resources = false;                    // clinical FHIR resources as they were sent
  bool identity = false;                     // names, numbers, dates of birth, addresses, contacts
  bool restricted_addresses = false;         // also those of persons with a protected location
  bool quarantine = false;                   // rejected rows as they were received
  std::vector<CodeId> hidden_codes;          // rows with one of these codes are left out
  std::vector<std::string> hidden_tables;    // tables of schema.h that are left out
  std::vector<SourceId> hidden_sources;      // files whose partner does not share them for this purpose: their rows are left out
};

class RowFilter {
 public:
  bool sees(const PersonSummary& person) const;
  bool sees_counts() const { return terms_.counts; }
  bool sees_identity() const { return terms_.identity; }
  bool sees_resources() const { return terms_.resources; }
  bool sees_restricted_addresses() const { return terms_.restricted_addresses; }
  bool sees_quarantine() const { return terms_.quarantine; }
  bool hides(CodeId code) const;
  bool hides_table(std::string_view table) const;
  bool hides_source(SourceId source) const;
  const FilterTerms& terms() const { return terms_; }

 private:
  friend class access::FilterMaker;
  explicit RowFilter(FilterTerms terms);
  FilterTerms terms_;
};

}  // namespace catchment::records
