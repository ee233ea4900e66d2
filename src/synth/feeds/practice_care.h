// What general practice does for one person over the ten years: appointments, observations, medicines
// and vaccinations. In: a life. Out: calls on a recorder, in no particular order of date between kinds.
// The child health feed uses the same vaccinations, so the two sources agree about who had them.
#pragma once

#include <vector>

#include "synth/population.h"

namespace catchment::synth {

struct Vaccination {
  Date on;
  std::size_t vaccine;     // index in Model::vaccines; seasonal ones come after them
  std::string_view snomed;
  int dose;
};

/// Every vaccination of the person's life up to the end of the ten years; childhood ones from birth.
std::vector<Vaccination> vaccinations(const Model& model, const Life& life);

/// 2 smokes, 1 has smoked, 0 never did, on a day: who has smoked by the end of the ten years may have stopped within them.
int smoking_on(const Model& model, const Life& life, Date on);

struct PracticeAppointment {
  Date on;
  std::int16_t minute;      // of the day
  std::uint8_t status;      // 0 attended, 1 did not attend, 2 cancelled
  std::uint8_t mode;        // 0 face to face, 1 telephone, 2 online, 3 home visit
  std::uint8_t clinician;   // 0 general practitioner, 1 other
  bool same_day;
};

struct PracticeObservation {
  Date on;
  const Measurement* what;  // without a unit: a coded finding without a value
  double value;
  int places;
};

struct MedicineIssue {
  Date on;
  const Medicine* medicine;
};

struct PracticeCare {
  std::vector<PracticeAppointment> appointments;
  std::vector<PracticeObservation> observations;
  std::vector<MedicineIssue> issues;
  void clear() { appointments.clear(), observations.clear(), issues.clear(); }
};

/// Rates of practice care, looked up once.
class PracticeRates {
 public:
  explicit PracticeRates(const Model& model);
  /// Fills `care` with what happens to the person between the two days (second not included).
  void care_for(const Life& life, Date from, Date to, Random& random, PracticeCare& care) const;

 private:
  struct Control {  // how well a person's long-term conditions are held
    double systolic, hba1c, cholesterol;
  };
  Control control_of(const Life& life) const;
  double appointment_rate(const Life& life, Date on) const;
  void review(const Life& life, const Control& control, Date on, Random& random, PracticeCare& care) const;
  void passing_measurement(const Life& life, const Control& control, Date on, Random& random, PracticeCare& care) const;
  void medicines(const Life& life, Date from, Date to, Random& random, PracticeCare& care) const;
  void ask_smoking(const Life& life, Date on, PracticeCare& care) const;
  void observe(PracticeCare& care, Date on, int measurement, double value, int places) const;

  const Model& model_;
  double appointments_, dna_, same_day_, face_, gp_, per_contact_, review_, controlled_bp_, controlled_sugar_, smi_, acute_, medicines_, prevention_;
  int systolic_, diastolic_, bmi_, weight_, height_, hba1c_, cholesterol_, hdl_, ldl_, egfr_, creatinine_, acr_, qrisk_, pulse_, haemoglobin_;
  int smoker_, ex_, never_, foot_, plan_, review_code_, prevention_referral_;
  int diabetes_, hypertension_, ckd_, smi_condition_, pre_diabetes_;
  std::vector<std::size_t> acute_medicines_;
  Draw acute_draw_;
};

}  // namespace catchment::synth
