// The files of a hospital that sends FHIR R4 (UK Core shapes) instead of CSV: one resource a line, a
// file a type. Patients come once, when their first event is written.
#pragma once

#include <string>
#include <vector>

#include "synth/feed.h"
#include "synth/feeds/hospital_care.h"

namespace catchment::synth {

class FhirFiles {
 public:
  FhirFiles(Sheets& sheets, const std::string& folder);
  void stay(const Shared& shared, const Source& source, const Life& life, const Stay& stay, std::string_view id, std::string_view patient, Blocks& blocks,
            std::vector<std::string_view>& known) const;
  void attendance(const Shared& shared, const Source& source, const Life& life, const Attendance& one, std::string_view id, std::string_view patient,
                  Blocks& blocks, std::vector<std::string_view>& known) const;
  void appointment(const Shared& shared, const Source& source, const Life& life, const Outpatient& one, std::string_view id, std::string_view patient,
                   Blocks& blocks, std::vector<std::string_view>& known) const;

 private:
  void introduce(const Shared& shared, const Source& source, const Life& life, Date on, std::string_view trust, std::string_view patient, Blocks& blocks,
                 std::vector<std::string_view>& known) const;
  void condition(std::string_view id, std::string_view patient, std::string_view encounter, std::string_view code, bool snomed, Date on, int rank,
                 Blocks& blocks) const;

  std::size_t patients_, encounters_, conditions_, procedures_;
};

}  // namespace catchment::synth
