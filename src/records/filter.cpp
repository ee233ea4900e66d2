#include "records/filter.h"

#include <algorithm>

#include "records/block.h"

namespace catchment::records {

RowFilter::RowFilter(FilterTerms terms) : terms_(std::move(terms)) {
  std::sort(terms_.persons.begin(), terms_.persons.end());
  std::sort(terms_.practices.begin(), terms_.practices.end());
  std::sort(terms_.places.begin(), terms_.places.end());
  std::sort(terms_.hidden_codes.begin(), terms_.hidden_codes.end());
  std::sort(terms_.hidden_sources.begin(), terms_.hidden_sources.end());
}

bool RowFilter::sees(const PersonSummary& person) const {
  if (terms_.everyone) return true;
  if (std::binary_search(terms_.persons.begin(), terms_.persons.end(), person.person)) return true;
  if (person.practice.value != 0 && std::binary_search(terms_.practices.begin(), terms_.practices.end(), person.practice)) return true;
  return person.place != 0 && std::binary_search(terms_.places.begin(), terms_.places.end(), person.place);
}

bool RowFilter::hides(CodeId code) const { return code.value != 0 && std::binary_search(terms_.hidden_codes.begin(), terms_.hidden_codes.end(), code); }

bool RowFilter::hides_source(SourceId source) const { return std::binary_search(terms_.hidden_sources.begin(), terms_.hidden_sources.end(), source); }

bool RowFilter::hides_table(std::string_view table) const {
  return std::find(terms_.hidden_tables.begin(), terms_.hidden_tables.end(), table) != terms_.hidden_tables.end();
}

}  // namespace catchment::records
