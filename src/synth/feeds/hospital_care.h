// What hospitals do for one person over the ten years. In: a life. Out: stays, emergency attendances
// and outpatient appointments. Every hospital feed (identifiable, pseudonymised, FHIR) renders the same.
#pragma once

#include <string_view>
#include <vector>

#include "synth/population.h"

namespace catchment::synth {

struct Stay {
  Date admitted, discharged;
  std::string_view trust;
  bool outside = false;     // a hospital that is not a partner
  std::uint8_t kind = 0;    // 0 elective, 1 emergency, 2 maternity, 3 birth
  std::uint8_t episodes = 1;
  bool day_case = false, died = false;
  const Specialty* specialty = nullptr;
  std::string_view icd10, opcs, hrg;
  std::string_view second, third;  // further diagnoses
  int pence = 0;
};

struct Attendance {
  Date on;
  int minute = 0, minutes = 180;
  std::string_view trust;
  bool outside = false;
  const Emergency* reason = nullptr;
  bool ambulance = false, admitted = false;
};

struct Outpatient {
  Date on;
  std::string_view trust;
  bool outside = false;
  const Specialty* specialty = nullptr;
  bool first = false;
  std::uint8_t status = 5;  // 5 seen, 3 did not attend, 2 cancelled
};

struct HospitalCare {
  std::vector<Stay> stays;
  std::vector<Attendance> attendances;
  std::vector<Outpatient> outpatients;
};

class HospitalRates {
 public:
  explicit HospitalRates(const Model& model);
  void care_for(const Life& life, Date from, Date to, HospitalCare& care) const;

 private:
  std::string_view trust_for(const Life& life, Date on, Random& random, bool& outside) const;
  const Specialty& specialty(const Life& life, Date on, bool emergency, Random& random) const;
  void add_stay(const Life& life, Date on, std::uint8_t kind, Random& random, HospitalCare& care) const;
  void emergencies(const Life& life, Date from, Date to, double years, Random& random, HospitalCare& care) const;
  /// Emergency stays in the 90 days before death, which have no attendance of their own: many come straight to a ward.
  void last_days(const Life& life, Date from, Date to, HospitalCare& care) const;

  const Model& model_;
  double attendances_, admitted_, elective_, outpatients_, episodes_, level_, last_days_;
  Draw outside_;
};

}  // namespace catchment::synth
