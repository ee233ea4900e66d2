// The FHIR resources that rows of a snapshot came from, for elements that are no column of the record.
// In: the identities of a snapshot, which keep each resource as it was sent. Out: one element of the resource of a row, as
// CQL sees it. Always: nothing is read before an element is asked for; then the person's resources are looked up once, and
// each is parsed when it is asked; a row whose feed sent no FHIR has no such element.
#pragma once

#include <memory>
#include <string_view>

#include "cql/cql.h"
#include "records/records.h"

namespace catchment::measures {

class RawResources {
 public:
  /// Opens the identities for reading: persons' names among them, so never for a reader who may not see those.
  explicit RawResources(const records::SnapshotFiles& files);
  ~RawResources();
  RawResources(const RawResources&) = delete;
  RawResources& operator=(const RawResources&) = delete;

  /// One thread's reader.
  class Reader {
   public:
    explicit Reader(const RawResources& resources);
    ~Reader();
    Reader(const Reader&) = delete;
    Reader& operator=(const Reader&) = delete;

    /// Starts a person. Values given before must not be used any more.
    void begin(PersonId person);
    /// An element of the resource that the row at (source, line) came from, when it is of this type ("Observation").
    cql::Value element(SourceId source, std::int64_t line, std::string_view resource_type, std::string_view key, std::string_view type);

   private:
    struct State;
    std::unique_ptr<State> state_;
  };

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::measures
