// One resident's packed block shown to CQL as the snapshot shows the resident's rows.
// In: a block as the reader may see it, the snapshot's dictionaries. Out: a DataProvider. Always: rows in the order of
// their table (code, date, source, line); the resident's number is left out, Patient.id is 0.
#pragma once

#include "measures/record_view.h"

namespace catchment::measures {

class BlockRecord {
 public:
  /// `words` must outlive this. For a protected location the practice and every other organisation are left out
  /// unless `with_organisations`.
  BlockRecord(const records::PersonBlock& block, const records::Dictionaries& words, bool with_organisations);
  const cql::DataProvider& data() const { return view_; }

 private:
  RecordColumns columns_;
  RecordView view_;
};

}  // namespace catchment::measures
