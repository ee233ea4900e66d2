// Everything the synthetic population is made from, read once from the definition folder: places,
// areas, practices, codes, rates, names. In: a folder. Out: tables ready to draw from, and every
// fault found. Read-only afterwards, so threads share it.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "base/random.h"
#include "synth/life.h"
#include "system/system.h"

namespace catchment::synth {

inline constexpr int oldest_age = 104;

/// Draws positions with given weights.
class Draw {
 public:
  Draw() = default;
  explicit Draw(const std::vector<double>& weights);
  std::size_t operator()(Random& random) const;
  /// The same distribution at a given point of [0,1), for evenly spread sampling.
  std::size_t at(double point) const;
  bool empty() const { return cumulative_.empty(); }

 private:
  std::vector<double> cumulative_;
};

/// Named scalar rates of synth/rates.csv and fault rates of synth/faults.csv ("fault.feed").
class Rates {
 public:
  void set(const std::string& name, double value) { values_[name] = value; }
  /// Error(user) naming the rate when it is not defined.
  double operator[](std::string_view name) const;
  const std::map<std::string, double, std::less<>>& all() const { return values_; }

 private:
  std::map<std::string, double, std::less<>> values_;
};

struct AreaModel {
  std::string code;
  std::uint8_t place = 0;
  std::uint8_t fifth = 3;   // 1 most deprived
  double residents = 0;
  std::uint32_t first_postcode = 0, postcodes = 0;
  std::uint32_t practice = 0, second_practice = 0;
  bool outside = false;
};

struct PracticeModel {
  std::string code, name;
  std::uint8_t place = 0;
  double list_size = 0;
  bool tpp = false;     // which of the two record systems
  bool absent = false;  // its extract never arrives (planted)
  std::string retired_code;  // a predecessor's code, where there is one
};

struct PlaceModel {
  std::string id, code, name;
  double share = 0;
  std::array<double, oldest_age + 1> ages{};  // shares by single year
  Draw age, practice, fifth;
  std::array<double, 6> fifth_share{};
  std::array<std::vector<std::uint32_t>, 6> areas_of_fifth;
  std::array<Draw, 6> area;                     // within a fifth
  std::array<std::array<Draw, 2>, 6> ethnicity; // by fifth, by head of household under 65 or older
  std::vector<double> ethnic_share;
  std::vector<std::uint32_t> practices;
  std::array<std::array<std::vector<double>, 2>, 6> ethnic_mix;
  std::array<double, 2> life_expectancy{80, 80};  // by Sex
  std::array<double, 2> mortality_level{};
};

struct Ethnicity {
  std::string code;   // one letter of the 2001 census categories the NHS uses
  std::string title, group, pool, snomed;
  double fifth_one = 1, fifth_five = 1, older = 1;
  double wife_keeps_name = 0, double_barrelled = 0;  // shares of couples; the second of those who change it
};

struct NamePool {
  std::string id;
  std::array<std::array<std::vector<std::string>, 3>, 2> given;  // sex; born before 1960, before 1990, after
  std::array<std::array<Draw, 3>, 2> draw_given;
  std::array<std::vector<std::string>, 2> family;
  std::array<Draw, 2> draw_family;
};

/// Relative prevalence at ages 0, 10, ... 90, made to rise only; times a level that meets the published figure.
struct Condition {
  std::string id, title;
  std::vector<std::string> snomed, icd10;  // one of them, the same for a person always
  double figure = 0;       // published percentage
  int from_age = 0;        // of the published denominator
  std::array<double, 10> curve{};
  double men = 1, poorest = 1, asian = 1, black = 1, shared_cause = 0.3;
  double level = 1;
  double mortality = 1;    // hazard ratio
};

struct Medicine {
  std::string id, name, bnf;
  int condition = -1;  // -1: short courses for anybody
  double share = 0;    // of people with the condition, or of all short courses
  int issues_a_year = 0, quantity = 28, pence = 100;
};

struct Vaccine {
  std::string id, snomed, title;
  int dose = 1, due_days = 0, late_days = 0;  // due by age; given a little later as a rule
  int gap_days = 0;                           // at least, after the dose before
  Date introduced{-100'000}, introduced_men{};  // nobody was given it earlier; boys and men from the second
  double figure = 0;                          // published coverage, percent
  double poorest = 0, place_gap = 0;          // on the logit scale: per two fifths of deprivation; in the named place
  int place = -1;
  double level = 0;                           // logit that meets the figure
};

struct Specialty {
  std::string code, title, icd10, opcs, hrg;
  double weight = 1, days = 1, elective = 0.5, emergency = 0.5;
  int from_age = 0, to_age = 120, condition = -1, pence = 0;
  double poorest = 1;  // per two fifths of deprivation
};

struct Emergency {
  std::string snomed, title, icd10;
  double weight = 1, admitted = 0.2;
  int from_age = 0, to_age = 120, acuity = 3, pence = 0;
};

struct CommunityService {
  std::string code, title;
  double weight = 1;
  int contacts = 4, from_age = 0, to_age = 120, condition = -1, minutes = 30;
};

struct Cause {
  std::string icd10, title;
  double weight = 1;
  int condition = -1, from_age = 0, to_age = 120;
};

struct Measurement {
  std::string id, snomed, unit, other_unit;
  double other_factor = 1, other_offset = 0;
};

struct Model {
  system::System system;
  std::uint64_t seed = 0, people = 0;
  Date from, as_of;  // the ten years: [from, as_of]
  Rates rates;
  std::vector<PlaceModel> places;
  std::vector<AreaModel> areas;
  std::vector<std::uint32_t> outside_areas;
  std::vector<std::string> postcodes;
  std::vector<PracticeModel> practices;
  std::vector<Ethnicity> ethnicities;
  std::vector<NamePool> pools;
  std::vector<std::string> streets;
  std::map<std::string, std::vector<std::string>, std::less<>> nicknames;
  std::vector<Condition> conditions;
  std::vector<Medicine> medicines;
  std::vector<Vaccine> vaccines;
  std::vector<Specialty> specialties;
  std::vector<Emergency> emergencies;
  std::vector<CommunityService> community_services;
  std::vector<Cause> causes;
  std::vector<Measurement> measurements;
  Draw place;
  // Who provides what where, from the organisations of the system: positions by place.
  std::vector<std::string> hospital, community, mental_health, ambulance, urgent, council;
  std::vector<std::string> outside_hospitals;
  std::vector<double> outside_shares;
  std::vector<std::string> fhir_senders;
  std::string board;
  std::string late_council;  // its last quarter has not arrived (planted)
  struct Commissioner {
    std::string code;
    Date first, last;
    std::vector<std::size_t> places;  // empty: all of them
  };
  std::vector<Commissioner> commissioners;  // care boards and the groups before them, with their times
  std::vector<std::pair<std::string, Date>> retired_organisations;  // codes that stand for nobody any more, and their last day
  double deaths = 0;  // in the ten years, for each resident at their end
  std::vector<std::vector<std::uint64_t>> nhs_ranges;  // valid numbers under 999, then 998, ..., each shuffled

  std::size_t pool_of(std::size_t ethnicity) const { return pool_index[ethnicity]; }
  std::vector<std::size_t> pool_index;
  bool sends_fhir(std::string_view organisation) const;
  int condition(std::string_view id) const;    // -1 when the definitions lack it
  int measurement(std::string_view id) const;
};

struct LoadedModel {
  Model model;
  Diagnostics diagnostics;
};

/// Reads the folder for a population of `people`; errors in the diagnostics mean the model is unusable.
LoadedModel load_model(const std::filesystem::path& folder, std::uint64_t people, std::uint64_t seed);
/// Reads the tables of synth/*.csv into `model`, whose system is already read.
void load_definitions(system::Definitions& definitions, Model& model);
void load_providers(system::Definitions& definitions, Model& model);
void load_care(system::Definitions& definitions, Model& model);
/// Everything that follows from the definitions: draws, mortality and prevalence levels, NHS numbers.
void prepare(Model& model);

/// Expected share of people of that age, sex, fifth and ethnicity who have the condition.
double prevalence(const Model& model, const Condition& condition, double age, Sex sex, int fifth, std::size_t ethnicity);
/// The age at which the prevalence curve of such a person reaches `threshold`; nothing when it never does.
std::optional<double> onset_age(const Model& model, const Condition& condition, double threshold, Sex sex, int fifth, std::size_t ethnicity);
/// The share of children (or older people) of that place and fifth who have the vaccine in the end.
double coverage(const Vaccine& vaccine, std::size_t place, int fifth);
/// Yearly probability of dying.
double mortality(const Model& model, int age, Sex sex, std::size_t place, int fifth);
/// The person's NHS number: from the 999 range while it lasts (some 909,000 numbers), then from 998.
NhsNumber nhs_number(const Model& model, std::uint64_t person);

}  // namespace catchment::synth
