// Community services in the shape of their national data set (CSDS).
#include <fmt/format.h>

#include <cmath>

#include "synth/feeds/referrals.h"

namespace catchment::synth {
namespace {

class Community final : public Referrals {
 public:
  Community(const Shared& shared, Sheets& sheets)
      : Referrals(shared, "csds"), contacts_(model_.rates["community_contacts"]), level_(model_.rates["community_level"]) {
    patients_ = sheets.add({at("csds", model_.board, "CYP001MPI"),
                            {{"LocalPatientId"},
                             {"OrgIDProv"},
                             {"NHSNumber"},
                             {"PersonBirthDate", day},
                             {"PersonStatedGenderCode"},
                             {"EthnicCategory"},
                             {"PostcodeUsualAddress"},
                             {"GMPCodeReg"}}});
    referrals_ = sheets.add({at("csds", model_.board, "CYP101Referral"),
                             {{"ServiceRequestId"},
                              {"LocalPatientId"},
                              {"OrgIDProv"},
                              {"OrgIDComm"},
                              {"ReferralRequestReceivedDate", day},
                              {"SourceOfReferral"},
                              {"PriorityTypeCode"},
                              {"PrimReasonReferralCYP"},
                              {"ServiceTypeReferredTo"},
                              {"ServDischDate", day}}},
                            true);
    visits_ = sheets.add({at("csds", model_.board, "CYP201CareContact"),
                          {{"CareContactId"},
                           {"ServiceRequestId"},
                           {"LocalPatientId"},
                           {"OrgIDProv"},
                           {"CareContDate", day},
                           {"CareContTime"},
                           {"ConsMechanism"},
                           {"ActLocTypeCode"},
                           {"AttendOrDNACode"},
                           {"ClinContDurOfCareCont", whole},
                           {"ServiceTypeReferredTo"}}},
                         true);
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (life.standing == Standing::outside || !window(life, from, to)) return;
    Random random = person_stream(model_, life, Purpose::community);
    const double years = (to.days - from.days) / 365.25;
    const Date middle{(from.days + to.days) / 2};
    const int age = life.age(middle);
    std::string key;
    int serial = 0;
    for (const auto& service : model_.community_services) {
      if (age + 5 < service.from_age || age - 5 > service.to_age) continue;
      double rate = contacts_ * level_ * 0.011 * service.weight / service.contacts;  // referrals a year
      if (service.condition >= 0) rate *= life.has(static_cast<std::size_t>(service.condition), middle) ? 13 : 0.35;
      if (age >= 80) rate *= 3;
      else if (age >= 65) rate *= 1.6;
      rate *= std::exp(0.3 * life.frailty);
      for (int n = random.poisson(rate * years); n > 0; --n) {
        const Date received = some_day(from, to, random);
        const int then = life.age(received);
        if (then < service.from_age || then > service.to_age) continue;
        refer(life, service, received, to, serial++, key, random, blocks);
      }
    }
  }

 private:
  void refer(const Life& life, const CommunityService& service, Date received, Date to, int serial, std::string& key, Random& random, Blocks& blocks) const {
    const std::string_view provider = model_.community[home_place(life, received)];
    const std::string local = fmt::format("C{}{:08}", provider, life.id * 5 + 2);
    introduce(life, received, provider, local, key, random, blocks);
    const std::string id = fmt::format("{}R{:08}{:03}", provider, life.id, serial);
    const int contacts = 1 + random.poisson(service.contacts - 1);
    Date on = received.plus_days(static_cast<int>(random.exponential(service.code == "19" ? 0.3 : 18)));
    Date last = on;
    for (int k = 0; k < contacts && on < to; ++k) {
      last = on;
      Block& contact = open_contact(id, k, local, provider, on, 480 + static_cast<int>(random.below(54)) * 10, blocks);
      contact.text(random.chance(0.8) ? "01" : "02").text(random.chance(0.55) ? "A01" : "B01").text(random.chance(0.05) ? "3" : "5");
      contact.whole(service.minutes).text(service.code).end();
      on = on.plus_days(2 + static_cast<int>(random.exponential(service.contacts > 8 ? 6 : 18)));
    }
    Block& out = open_referral(life, id, local, provider, received, random, blocks);
    out.text(random.chance(0.55) ? "01" : "04").text(service.code == "19" ? "2" : "1").text(service.code).text(service.code);
    const Date closed = last.plus_days(7 + static_cast<int>(random.below(40)));
    closed < to ? out.date(closed) : out.blank();
    out.end();
  }

  double contacts_, level_;
};

}  // namespace

std::unique_ptr<Feed> community_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Community>(shared, sheets); }

}  // namespace catchment::synth
