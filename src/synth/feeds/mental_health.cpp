// Mental health services in the shape of their national data set (MHSDS): referrals and contacts, stays in hospital, and within stays
// periods under the Mental Health Act and restrictive interventions.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "synth/feeds/referrals.h"

namespace catchment::synth {
namespace {

class MentalHealth final : public Referrals {
 public:
  MentalHealth(const Shared& shared, Sheets& sheets)
      : Referrals(shared, "mhsds"),
        referrals_a_year_(model_.rates["mental_health_referrals"]),
        admitted_smi_(model_.rates["mental_health_admitted_smi"]),
        admitted_other_(model_.rates["mental_health_admitted_other"]),
        admitted_learning_(model_.rates["mental_health_admitted_learning"]),
        admitted_poorest_(model_.rates["mental_health_admitted_poorest"]),
        admitted_black_(model_.rates["mental_health_admitted_black"]),
        learning_days_(model_.rates["mental_health_learning_days"]),
        detained_(model_.rates["mental_health_detained"]),
        restrained_(model_.rates["mental_health_restrained"]),
        learning_(model_.condition("learning_disability")),
        smi_(model_.condition("severe_mental_illness")),
        depression_(model_.condition("depression")),
        dementia_(model_.condition("dementia")) {
    patients_ =
        sheets.add({at("mhsds", model_.board, "MHS001MPI"),
                    {{"LocalPatientId"}, {"OrgIDProv"}, {"NHSNumber"}, {"PersonBirthDate", day}, {"Gender"}, {"EthnicCategory"}, {"Postcode"}, {"GMPReg"}}});
    referrals_ = sheets.add({at("mhsds", model_.board, "MHS101Referral"),
                             {{"ServiceRequestId"},
                              {"LocalPatientId"},
                              {"OrgIDProv"},
                              {"OrgIDComm"},
                              {"ReferralRequestReceivedDate", day},
                              {"SourceOfReferralMH"},
                              {"ClinRespPriorityType"},
                              {"PrimReasonReferralMH"},
                              {"ServDischDate", day},
                              {"ReferRejectReason"}}});
    visits_ = sheets.add({at("mhsds", model_.board, "MHS201CareContact"),
                          {{"CareContactId"},
                           {"ServiceRequestId"},
                           {"LocalPatientId"},
                           {"OrgIDProv"},
                           {"CareContDate", day},
                           {"CareContTime"},
                           {"ConsMechanismMH"},
                           {"AttendStatus"},
                           {"ClinContDurOfCareCont", whole}}},
                         true);
    spells_ = sheets.add({at("mhsds", model_.board, "MHS501HospProvSpell"),
                          {{"HospProvSpellID"},
                           {"ServiceRequestId"},
                           {"LocalPatientId"},
                           {"OrgIDProv"},
                           {"StartDateHospProvSpell", day},
                           {"AdmMethCode"},
                           {"PlannedDischDateHospProvSpell", day},
                           {"DischDateHospProvSpell", day},
                           {"DestOfDischHospProvSpell"}}});
    detentions_ = sheets.add({at("mhsds", model_.board, "MHS401MHActPeriod"),
                              {{"MHActLegalStatusClassPeriodId"},
                               {"LocalPatientId"},
                               {"OrgIDProv"},
                               {"StartDateMHActLegalStatusClass", day},
                               {"EndDateMHActLegalStatusClass", day},
                               {"LegalStatusCode"}}});
    interventions_ = sheets.add(
        {at("mhsds", model_.board, "MHS515RestrictiveInterventType"),
         {{"RestrictiveIntTypeID"}, {"RestrictiveIntIncID"}, {"LocalPatientId"}, {"OrgIDProv"}, {"StartDateRestrictiveIntType", day}, {"RestrictiveIntType"}}});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (life.standing == Standing::outside || !window(life, from, to)) return;
    Random random = person_stream(model_, life, Purpose::community, 1);
    const Date middle{(from.days + to.days) / 2};
    const int age = life.age(middle);
    const bool smi = has(life, smi_, middle);
    double rate = referrals_a_year_ * (age < 5 ? 0.02 : age < 18 ? 1.5 : age < 30 ? 1.3 : 0.8) * std::exp(0.15 * life.frailty);
    rate *= std::pow(1.25, (3 - model_.areas[life.addresses.back().area].fifth) / 2.0);
    if (smi) rate += 0.3;
    if (has(life, depression_, middle)) rate += 0.06;
    if (has(life, dementia_, middle)) rate += 0.25;
    std::string key;
    int serial = 0;
    for (int n = random.poisson(rate * (to.days - from.days) / 365.25); n > 0; --n) {
      const Date received = some_day(from, to, random);
      const std::string_view provider = model_.mental_health[home_place(life, received)];
      const std::string local = fmt::format("M{}{:08}", provider, life.id * 7 + 3);
      introduce(life, received, provider, local, key, random, blocks);
      refer(life, received, to, provider, local, smi, serial++, random, blocks);
    }
  }

 private:
  /// A stay in one of the provider's hospitals.
  struct Spell {
    std::string id;
    std::string_view local, provider;
    Date from, left, to;  // left: perhaps after `to`, the end of what is told
    void open(Block& out) const { out.text(local).text(provider); }
  };

  static bool has(const Life& life, int condition, Date on) { return condition >= 0 && life.has(static_cast<std::size_t>(condition), on); }

  void refer(const Life& life, Date received, Date to, std::string_view provider, std::string_view local, bool smi, int serial, Random& random,
             Blocks& blocks) const {
    const std::string id = fmt::format("{}M{:08}{:03}", provider, life.id, serial);
    const bool rejected = random.chance(0.12);
    const int contacts = rejected ? 0 : 1 + random.poisson(smi ? 18 : 5);
    Date on = received.plus_days(static_cast<int>(random.exponential(smi ? 8 : 40)));
    Date last = on;
    for (int k = 0; k < contacts && on < to; ++k) {
      last = on;
      open_contact(id, k, local, provider, on, 540 + static_cast<int>(random.below(16)) * 30, blocks)
          .text(random.chance(0.65) ? "01" : "11")
          .text(random.chance(0.09) ? "3" : "5")
          .whole(30 + static_cast<std::int64_t>(random.below(4)) * 15)
          .end();
      on = on.plus_days(7 + static_cast<int>(random.exponential(9)));
    }
    Block& out = open_referral(life, id, local, provider, received, random, blocks);
    out.text(random.chance(0.5) ? "A1" : "B1").text(random.chance(0.1) ? "2" : "3").text(smi ? "01" : "10");
    const Date closed = last.plus_days(14);
    closed < to && !smi ? out.date(closed) : out.blank();
    out.text(rejected ? "02" : "").end();
    if (rejected || last.plus_days(3) >= to || !random.chance(admitted(life, received, smi))) return;
    const bool learning = has(life, learning_, received);
    const Date left = last.plus_days(3 + static_cast<int>(random.exponential(learning ? learning_days_ : 35)));
    Block& spell = blocks[spells_];
    spell.text(id + "S").text(id).text(local).text(provider).date(last.plus_days(2)).text("21").date(last.plus_days(30));
    left < to ? spell.date(left) : spell.blank();
    spell.text(left < to ? "19" : "").end();
    const Spell stay{id + "S", local, provider, last.plus_days(2), left, to};
    if (random.chance(detained_)) detain(stay, random, blocks);
    if (random.chance(restrained_)) restrain(stay, random, blocks);
  }

  /// The share of referrals that end in a hospital stay: higher with severe illness, deprivation and in Black groups.
  double admitted(const Life& life, Date on, bool smi) const {
    double share = has(life, learning_, on) ? admitted_learning_ : smi ? admitted_smi_ : admitted_other_;
    share *= std::pow(admitted_poorest_, (3 - model_.areas[life.addresses.back().area].fifth) / 2.0);
    if (model_.ethnicities[life.ethnicity].group == "black") share *= admitted_black_;
    return std::min(share, 0.9);
  }

  /// Mostly 28 days for assessment (section 2), at times after a place of safety (136); who stays longer is held for treatment (3).
  void detain(const Spell& stay, Random& random, Blocks& blocks) const {
    const auto period = [&](char letter, Date from, Date until, std::string_view section) {
      if (from >= stay.to) return;
      Block& out = blocks[detentions_];
      out.text(stay.id + letter);
      stay.open(out);
      out.date(from);
      until < stay.to ? out.date(until) : out.blank();
      out.text(section).end();
    };
    const bool assessed = random.chance(0.6);
    if (assessed && random.chance(0.3)) period('P', stay.from.plus_days(-1), stay.from, "20");
    const Date assessment_over = std::min(stay.left, stay.from.plus_days(27));
    if (assessed) period('A', stay.from, assessment_over, "02");
    if (!assessed) period('B', stay.from, stay.left, "03");
    else if (stay.left > assessment_over) period('B', assessment_over.plus_days(1), stay.left, "03");
  }

  void restrain(const Spell& stay, Random& random, Blocks& blocks) const {
    constexpr std::string_view kinds[] = {"05", "07", "08", "09", "11", "13", "14", "01"};
    const int days = std::min(stay.left, stay.to).days - stay.from.days;
    if (days < 1) return;
    const int incidents = 1 + random.poisson(2);
    for (int k = 0; k < incidents; ++k) {
      const std::string incident = fmt::format("{}I{:02}", stay.id, k);
      Block& out = blocks[interventions_];
      out.text(incident + "T").text(incident);
      stay.open(out);
      out.date(some_day(stay.from, stay.from.plus_days(days), random)).text(kinds[random.below(std::size(kinds))]).end();
    }
  }

  double referrals_a_year_, admitted_smi_, admitted_other_, admitted_learning_, admitted_poorest_, admitted_black_, learning_days_, detained_, restrained_;
  int learning_, smi_, depression_, dementia_;
  std::size_t spells_ = 0, detentions_ = 0, interventions_ = 0;
};

}  // namespace

std::unique_ptr<Feed> mental_health_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<MentalHealth>(shared, sheets); }

}  // namespace catchment::synth
