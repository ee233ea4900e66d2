// NHS Talking Therapies in the shapes of the IAPT data set, version 2: a patient index, referrals, and the scores of
// depression (PHQ-9) and anxiety (GAD-7) that people give at the start and at the end of their therapy.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "synth/feeds/partner.h"

namespace catchment::synth {
namespace {

constexpr std::string_view phq9 = "720433000", gad7 = "445455005";
constexpr int phq9_case = 10, gad7_case = 8;  // caseness: this score or more

struct Scores {
  int depression, anxiety;
  bool caseness() const { return depression >= phq9_case || anxiety >= gad7_case; }
};

Scores scores_at_start(Random& random) {
  return {static_cast<int>(std::clamp(random.normal(15.5, 5), 0.0, 27.0)), static_cast<int>(std::clamp(random.normal(14, 4.5), 0.0, 21.0))};
}

Scores scores_at_end(const Scores& start, bool recovered, Random& random) {
  if (recovered) return {static_cast<int>(random.below(phq9_case)), static_cast<int>(random.below(gad7_case))};
  Scores end{std::max(0, start.depression - random.poisson(2.5)), std::max(0, start.anxiety - random.poisson(2))};
  if (!end.caseness()) end.depression = phq9_case;
  return end;
}

class TalkingTherapies final : public Partner {
 public:
  TalkingTherapies(const Shared& shared, Sheets& sheets)
      : Partner(shared, "iapt"),
        referrals_a_year_(model_.rates["talking_therapies_referrals"]),
        treated_(model_.rates["talking_therapies_treated"]),
        completed_(model_.rates["talking_therapies_completed"]),
        recovered_(model_.rates["talking_therapies_recovered"]),
        recovered_step_(model_.rates["talking_therapies_recovered_step"]),
        depression_(model_.condition("depression")) {
    patients_ = sheets.add(
        {at("iapt", model_.board, "IDS001MPI"),
         {{"LocalPatientId"}, {"OrgIDProv"}, {"NHSNumber"}, {"PersonBirthDate", day}, {"Gender"}, {"EthnicCategory"}, {"Postcode"}, {"GMPCodeReg"}}});
    referrals_ = sheets.add({at("iapt", model_.board, "IDS101Referral"),
                             {{"ServiceRequestId"},
                              {"LocalPatientId"},
                              {"OrgIDProv"},
                              {"OrgIDComm"},
                              {"ReferralRequestReceivedDate", day},
                              {"SourceOfReferralMH"},
                              {"ServDischDate", day},
                              {"EndCode"}}});
    scores_ = sheets.add({at("iapt", model_.board, "IDS606CodedScoreAssessmentRefer"),
                          {{"ServiceRequestId"}, {"LocalPatientId"}, {"OrgIDProv"}, {"AssToolCompDate", day}, {"CodedAssToolType"}, {"PersScore", whole}}});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (life.standing == Standing::outside || !window(life, from, to)) return;
    from = std::max(from, Date::from_ymd(2020, 9, 1));  // version 2 of the data set began then
    if (from >= to || life.age(to) < 16) return;
    Random random = person_stream(model_, life, Purpose::community, 2);
    const int age = life.age(Date{(from.days + to.days) / 2});
    const bool depressed = depression_ >= 0 && life.has(static_cast<std::size_t>(depression_), to);
    const double rate = referrals_a_year_ * (age < 35 ? 1.6 : age < 65 ? 1.0 : 0.35) * (life.sex == Sex::female ? 1.32 : 0.67) * (depressed ? 2 : 0.87);
    bool known = false;
    int serial = 0;
    for (int n = random.poisson(rate * (to.days - from.days) / 365.25); n > 0; --n) {
      const Date received = some_day(from, to, random);
      if (life.age(received) < 16) continue;
      const std::string_view provider = model_.mental_health[home_place(life, life.addresses.back().from)];
      const std::string local = fmt::format("T{}{:08}", provider, life.id * 11 + 5);
      if (!known) introduce(life, received, provider, local, random, blocks);
      known = true;
      refer(life, received, to, provider, local, serial++, random, blocks);
    }
  }

 private:
  void introduce(const Life& life, Date on, std::string_view provider, const std::string& local, Random& random, Blocks& blocks) const {
    const Seen seen = see(life, on, random);
    Block& out = blocks[patients_];
    out.text(local).text(provider).text(seen.nhs).date(seen.birth).text(sex_digit(seen.sex)).text(seen.ethnicity).text(seen.postcode);
    out.text(practice_code(life, on)).end();
    remember(blocks, local, life, seen);
  }

  void refer(const Life& life, Date received, Date to, std::string_view provider, std::string_view local, int serial, Random& random, Blocks& blocks) const {
    const std::string id = fmt::format("{}T{:08}{:03}", provider, life.id, serial);
    const bool treated = random.chance(treated_), completed = treated && random.chance(completed_);
    const Date began = received.plus_days(7 + static_cast<int>(random.exponential(25)));
    const Date ended = !treated ? received.plus_days(21) : began.plus_days(completed ? 42 + static_cast<int>(random.exponential(60)) : 14);
    Block& out = blocks[referrals_];
    out.text(id).text(local).text(provider).text(commissioner(random, received, home_place(life, received))).date(received).text("B1");
    ended < to ? out.date(ended) : out.blank();
    out.text(ended >= to ? "" : completed ? "46" : treated ? "47" : "50").end();
    if (!treated || began >= to) return;
    const Scores start = scores_at_start(random);
    score(id, local, provider, began, start, blocks);
    const int fifth = model_.areas[life.addresses.back().area].fifth;
    const Scores end = scores_at_end(start, random.chance(recovered_ + recovered_step_ * (fifth - 3)), random);
    if (completed && ended < to) score(id, local, provider, ended, end, blocks);
  }

  void score(std::string_view id, std::string_view local, std::string_view provider, Date on, const Scores& scores, Blocks& blocks) const {
    Block& out = blocks[scores_];
    out.text(id).text(local).text(provider).date(on).text(phq9).whole(scores.depression).end();
    out.text(id).text(local).text(provider).date(on).text(gad7).whole(scores.anxiety).end();
  }

  double referrals_a_year_, treated_, completed_, recovered_, recovered_step_;
  int depression_;
  std::size_t patients_ = 0, referrals_ = 0, scores_ = 0;
};

}  // namespace

std::unique_ptr<Feed> talking_therapies_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<TalkingTherapies>(shared, sheets); }

}  // namespace catchment::synth
