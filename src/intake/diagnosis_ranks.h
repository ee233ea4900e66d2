// The place of a diagnosis in its encounter, from FHIR: the Encounter tells it of a Condition that may stand anywhere else among the files
// of the same system, before or after. References are gathered while files are read and followed once all have been.
#pragma once

#include <cstdint>
#include <functional>

#include "db/db.h"
#include "intake/batch.h"
#include "intake/delivery.h"

namespace catchment::intake {

class DiagnosisRanks {
 public:
  DiagnosisRanks(db::Connection& connection, db::AppendThread& thread);

  /// What row `row` of the batch names, and what it is named. Rows come in order. `subject` 0: about nobody, nothing is kept.
  void add(const Delivery& delivery, const Batch& batch, std::uint32_t row, std::uint32_t subject);
  /// No more rows. The connection is the caller's again.
  void close();
  /// Gives staged conditions their rank. `missing` gets the encounter's source and line for each diagnosis that is nowhere, or somebody
  /// else's. All appenders of the connection are closed.
  void settle(db::Connection& connection, const std::function<void(std::int32_t source, std::uint64_t line)>& missing);

 private:
  db::Appender targets_;
  db::Appender diagnoses_;
  std::size_t next_target_ = 0, next_diagnosis_ = 0;  // of the batch in hand
  bool named_ = false;                                // any diagnosis at all
};

}  // namespace catchment::intake
