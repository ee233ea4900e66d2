// Maternity (MSDS), the waiting list (WLMDS) and NHS continuing healthcare.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "synth/feeds/partner.h"
#include "synth/feeds/practice_care.h"

namespace catchment::synth {
namespace {

class Maternity final : public Partner {
 public:
  Maternity(const Shared& shared, Sheets& sheets)
      : Partner(shared, "msds", true),
        preterm_(model_.rates["preterm_births"]),
        preterm_twins_(model_.rates["preterm_twins"]),
        preterm_poorest_(model_.rates["preterm_poorest"]) {
    mothers_ = sheets.add({at("msds", model_.board, "MSD001MotherDemog"),
                           {{"LPIDMother"},
                            {"OrgIDProvider"},
                            {"NHSNumberMother"},
                            {"PersonFamilyName"},
                            {"PersonGivenName"},
                            {"PersonBirthDateMother", day},
                            {"EthnicCategoryMother"},
                            {"Postcode"},
                            {"OrgIDGP"}}});
    bookings_ = sheets.add({at("msds", model_.board, "MSD101PregnancyBooking"),
                            {{"PregnancyID"},
                             {"LPIDMother"},
                             {"OrgIDProvider"},
                             {"AntenatalAppDate", day},
                             {"EDDAgreed", day},
                             {"SmokingStatusBooking"},
                             {"PersonBMIatBooking", decimal},
                             {"ComplexSocialFactors"},
                             {"ContinuityOfCarer"}}});
    labours_ = sheets.add({at("msds", model_.board, "MSD301LabourDelivery"),
                           {{"LabourDeliveryID"}, {"PregnancyID"}, {"LPIDMother"}, {"OrgIDProvider"}, {"LabourOnsetDate", day}, {"DeliveryMethodCode"}}});
    babies_ = sheets.add({at("msds", model_.board, "MSD401BabyDemographics"),
                          {{"LPIDBaby"},
                           {"LabourDeliveryID"},
                           {"LPIDMother"},
                           {"OrgIDProvider"},
                           {"NHSNumberBaby"},
                           {"BabyFamilyName"},
                           {"BabyGivenName"},
                           {"PersonBirthDateBaby", day},
                           {"PersonPhenSex"},
                           {"BirthWeight", whole},
                           {"GestationLengthBirth", whole},
                           {"BirthOrderMaternitySUS", whole},
                           {"Postcode"}}});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (!window(life, from, to)) return;
    if (life.mother >= 0 && life.birth >= from && life.birth < to) baby(lives, life, blocks);
    Random random = person_stream(model_, life, Purpose::other, 1);
    Date before{};
    bool known = false;
    for (const Date born : life.births) {
      if (born < from || born >= to || born == before) continue;
      before = born;
      const std::string_view trust = model_.hospital[home_place(life, born)];
      const std::string local = fmt::format("MW{}{:08}", trust, life.id);
      const Seen seen = see(life, born, random);
      if (!known) {
        blocks[mothers_]
            .text(local)
            .text(trust)
            .text(seen.nhs)
            .text(seen.family)
            .text(seen.given)
            .date(seen.birth)
            .text(seen.ethnicity)
            .text(seen.postcode)
            .text(practice_code(life, born))
            .end();
        remember(blocks, local, life, seen);
        known = true;
      }
      const std::string pregnancy = fmt::format("{}-{}", local, born.days);
      const AreaModel& area = model_.areas[life.address(born).area];
      const int late = random.chance(0.35 - 0.04 * area.fifth) ? 30 + static_cast<int>(random.below(60)) : 0;  // booked after ten weeks
      blocks[bookings_].text(pregnancy).text(local).text(trust).date(born.plus_days(-217 + late)).date(born.plus_days(-3 + static_cast<int>(random.below(9))));
      const int smoking = smoking_on(model_, life, born.plus_days(-217 + late));
      blocks[bookings_].text(smoking == 2 ? "Current" : smoking == 1 ? "Ex" : "Never").decimal(std::min(life.bmi, 50.0), 1);
      blocks[bookings_].text(random.chance(area.fifth == 1 ? 0.16 : 0.07) ? "Y" : "N").text(random.chance(0.3) ? "Y" : "N").end();
      blocks[labours_]
          .text(pregnancy + "L")
          .text(pregnancy)
          .text(local)
          .text(trust)
          .date(born)
          .text(random.chance(0.33)       ? "7"
                    : random.chance(0.15) ? "3"
                                          : "0")
          .end();
    }
  }

 private:
  /// Days of gestation at birth; 259 are 37 weeks.
  int gestation(const Life& life, const Life& mother, Random& random) const {
    const int fifth = model_.areas[mother.address(life.birth).area].fifth;
    const double early = (life.twin ? preterm_twins_ : preterm_ * std::pow(preterm_poorest_, (3 - fifth) / 2.0)) * (mother.smoking == 2 ? 1.27 : 1);
    if (random.chance(early)) return std::max(161, 258 - static_cast<int>(random.exponential(15)));
    return static_cast<int>(std::clamp(random.normal(278, 8), 259.0, 300.0));
  }

  void baby(const std::vector<Life>& lives, const Life& life, Blocks& blocks) const {
    const Life& mother = lives[static_cast<std::size_t>(life.mother)];
    const std::string_view trust = model_.hospital[home_place(mother, life.birth)];
    const std::string local = fmt::format("MB{}{:08}", trust, life.id), mothers = fmt::format("MW{}{:08}", trust, mother.id);
    Random random = person_stream(model_, life, Purpose::other, 2);
    const Seen seen = see(life, life.birth, random);
    Block& out = blocks[babies_];
    out.text(local)
        .text(fmt::format("{}-{}L", mothers, life.birth.days))
        .text(mothers)
        .text(trust)
        .text(seen.nhs)
        .text(seen.family)
        .text(seen.given)
        .date(seen.birth);
    // Each twin draws for the pair, so both are born as early.
    Random pair = person_stream(model_, mother, Purpose::other, 1000 + static_cast<std::uint64_t>(life.birth.days));
    const int days = gestation(life, mother, pair);
    const double weight = (life.twin ? 2700 : 3400) - (mother.smoking == 2 ? 180 : 0) - 26 * std::max(0, 266 - days) + random.normal(0, 430);
    out.text(sex_digit(seen.sex)).whole(static_cast<std::int64_t>(std::clamp(weight, 500.0, 5500.0))).whole(days);
    out.whole(life.twin && life.id % 2 == 0 ? 2 : 1).text(seen.postcode).end();
    remember(blocks, local, life, seen);
  }

  double preterm_, preterm_twins_, preterm_poorest_;
  std::size_t mothers_ = 0, bookings_ = 0, labours_ = 0, babies_ = 0;
};

class WaitingList final : public Partner {
 public:
  WaitingList(const Shared& shared, Sheets& sheets) : Partner(shared, "waiting", true), waiting_(model_.rates["waiting_now"]) {
    for (const auto& trust : model_.hospital)
      if (!files_.contains(trust))
        files_[trust] = sheets.add({at("wlmds", trust, "open_pathways"),
                                    {{"PATHWAY_ID"},
                                     {"PROVIDER_CODE"},
                                     {"LOCAL_PATIENT_ID"},
                                     {"NHS_NUMBER"},
                                     {"DATE_OF_BIRTH", day},
                                     {"SEX"},
                                     {"ETHNIC_CATEGORY"},
                                     {"POSTCODE"},
                                     {"GP_PRACTICE"},
                                     {"COMMISSIONER"},
                                     {"TREATMENT_FUNCTION"},
                                     {"REFERRAL_RECEIVED_DATE", day},
                                     {"CLOCK_START_DATE", day},
                                     {"PRIORITY"},
                                     {"WAITING_LIST_TYPE"},
                                     {"INTENDED_PROCEDURE"},
                                     {"DECISION_TO_ADMIT_DATE", day}}});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    if (life.standing != Standing::resident) return;
    Random random = person_stream(model_, life, Purpose::other, 3);
    const int age = life.age(model_.as_of);
    const double share = waiting_ * (age < 18 ? 0.4 : age < 45 ? 0.7 : age < 65 ? 1.2 : 1.7) * std::exp(0.25 * life.frailty);
    for (int n = random.poisson(share), k = 0; k < n; ++k) {
      std::vector<double> weights;
      weights.reserve(model_.specialties.size());
      for (const auto& one : model_.specialties) weights.push_back(age >= one.from_age && age <= one.to_age ? one.weight * one.elective : 0.0001);
      const Specialty& specialty = model_.specialties[random.pick(weights)];
      const AreaModel& area = model_.areas[life.addresses.back().area];
      const Date referred = std::max(life.birth, model_.as_of.plus_days(-static_cast<int>(std::min(random.exponential(105 + 8 * (3 - area.fifth)), 700.0))));
      const std::string_view trust = model_.hospital[area.place];
      const std::string local = fmt::format("{}{:08}", trust, life.id * 3 + 1);
      const Seen seen = see(life, referred, random);
      Block& out = blocks[files_.at(std::string(trust))];
      const bool admitted = random.chance(0.22);
      out.text(fmt::format("{}W{:08}{}", trust, life.id, k))
          .text(trust)
          .text(local)
          .text(seen.nhs)
          .date(seen.birth)
          .text(sex_digit(seen.sex))
          .text(seen.ethnicity);
      out.text(seen.postcode)
          .text(practice_code(life, referred))
          .text(commissioner(random, referred, home_place(life, referred)))
          .text(specialty.code)
          .date(referred)
          .date(referred);
      out.text(random.chance(0.08) ? "2" : "1").text(admitted ? "IRTT" : "ORTT").text(admitted ? specialty.opcs : std::string());
      admitted ? out.date(std::min(model_.as_of, referred.plus_days(60))) : out.blank();
      out.end();
      shared_.truth.key(blocks, "hospital", local, life);
      shared_.truth.planted(blocks, "waiting", local, life, seen.faults);
    }
  }

 private:
  double waiting_;
  std::map<std::string, std::size_t> files_;
};

class ContinuingCare final : public Partner {
 public:
  ContinuingCare(const Shared& shared, Sheets& sheets)
      : Partner(shared, "chc"),
        severe_(model_.condition("frailty_severe")),
        dementia_(model_.condition("dementia")),
        palliative_(model_.condition("palliative_care")) {
    packages_ = sheets.add({at("chc", model_.board, "packages"),
                            {{"Package ID"},
                             {"Local ID"},
                             {"NHS Number"},
                             {"Forename"},
                             {"Surname"},
                             {"DOB", day},
                             {"Gender"},
                             {"Postcode"},
                             {"Referral Date", day},
                             {"Care Type"},
                             {"Fast Track"},
                             {"Start Date", day},
                             {"End Date", day},
                             {"Setting"},
                             {"Weekly Cost", decimal},
                             {"Provider"}},
                            SheetForm::csv,
                            DateStyle::slashed});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (life.standing == Standing::outside || !window(life, from, to) || life.age(to) < 18) return;
    Random random = person_stream(model_, life, Purpose::other, 4);
    const Date last = to.plus_days(-1);
    double share = 0.0004;
    if (has(life, severe_, last)) share += 0.07;
    if (has(life, dementia_, last)) share += 0.06;
    const bool dying = has(life, palliative_, last) && life.death;
    if (dying) share += 0.35;
    if (!random.chance(share)) return;
    const Date start = std::max(from, to.plus_days(-1 - static_cast<int>(random.exponential(dying ? 50 : 420))));
    const std::string local = fmt::format("CHC{:07}", life.id);
    const Seen seen = see(life, start, random);
    Block& out = blocks[packages_];
    out.text(local + "-1")
        .text(local)
        .text(seen.nhs)
        .text(seen.given)
        .text(seen.family)
        .date(seen.birth)
        .text(seen.sex == Sex::male ? "M" : "F")
        .text(seen.postcode);
    out.date(start.plus_days(-21)).text(dying || random.chance(0.75) ? "CHC" : "FNC").text(dying ? "Y" : "N").date(start);
    life.death ? out.date(*life.death) : out.blank();
    out.text(life.care_home ? "Nursing home" : "Own home")
        .decimal(life.care_home ? 1150 + 10 * static_cast<double>(random.below(60)) : 700 + 10 * static_cast<double>(random.below(90)), 2);
    out.text("Example Care Services").end();
    remember(blocks, local, life, seen);
  }

 private:
  static bool has(const Life& life, int condition, Date on) { return condition >= 0 && life.has(static_cast<std::size_t>(condition), on); }
  int severe_, dementia_, palliative_;
  std::size_t packages_ = 0;
};

}  // namespace

std::unique_ptr<Feed> maternity_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Maternity>(shared, sheets); }
std::unique_ptr<Feed> waiting_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<WaitingList>(shared, sheets); }
std::unique_ptr<Feed> continuing_care_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<ContinuingCare>(shared, sheets); }

}  // namespace catchment::synth
