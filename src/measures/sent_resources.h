// The FHIR resources that rows of a snapshot came from, for elements that are no column of the record.
// In: a snapshot and who asks. Out: one element of the resource of a row, as CQL sees it. Always: nothing is read before
// an element is asked for; then the person's resources are looked up once, and each is parsed when it is asked; a row
// whose feed sent no FHIR, or that the filter hides, has no such element, and no row has one of those that say in words
// or by number who the resident is. Belongs to one thread.
#pragma once

#include <memory>
#include <string_view>

#include "cql/cql.h"
#include "records/records.h"

namespace catchment::measures {

class SentResources {
 public:
  /// Both must outlive this.
  SentResources(const records::Snapshot& snapshot, const records::RowFilter& filter);
  ~SentResources();
  SentResources(const SentResources&) = delete;
  SentResources& operator=(const SentResources&) = delete;

  /// Starts a person. Values given before must not be used any more.
  void begin(PersonId person);
  /// An element of the resource that the row at (source, line) came from, when it is of this type ("Observation").
  cql::Value element(SourceId source, std::int64_t line, std::string_view resource_type, std::string_view key, std::string_view type);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::measures
