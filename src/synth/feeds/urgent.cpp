// Calls for help: ambulance incidents, NHS 111 and out-of-hours general practice. Callers give names
// and an age; few have a number to hand, and the place is where it happened.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "synth/feeds/partner.h"

namespace catchment::synth {
namespace {

class Urgent final : public Partner {
 public:
  Urgent(const Shared& shared, Sheets& sheets)
      : Partner(shared, "ambulance"),
        phone_source_(shared.faults.source("iuc")),
        ambulance_(model_.rates["ambulance_calls"]),
        calls_(model_.rates["calls_111"]),
        out_of_hours_(model_.rates["out_of_hours"]) {
    incidents_ = sheets.add({at("ambulance", model_.board, "incidents"),
                             {{"IncidentNumber"},
                              {"AmbulanceTrust"},
                              {"CallDate", day},
                              {"CallTime"},
                              {"NHSNumber"},
                              {"PatientForename"},
                              {"PatientSurname"},
                              {"PatientDateOfBirth", day},
                              {"PatientAge", whole},
                              {"PatientGender"},
                              {"IncidentPostcode"},
                              {"ChiefComplaintSnomed"},
                              {"ResponseCategory"},
                              {"OutcomeOfIncident"},
                              {"ConveyedToTrust"}}});
    phone_ = sheets.add({at("iuc", model_.board, "calls"),
                         {{"CallIdentifier"},
                          {"Provider"},
                          {"CallDate", day},
                          {"CallTime"},
                          {"NHSNumber"},
                          {"Forename"},
                          {"Surname"},
                          {"DateOfBirth", day},
                          {"Gender"},
                          {"Postcode"},
                          {"GPPractice"},
                          {"SymptomSnomed"},
                          {"Disposition"},
                          {"ServiceType"}}});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (!window(life, from, to)) return;
    Random random = person_stream(model_, life, Purpose::other);
    const double years = (to.days - from.days) / 365.25;
    const int age = life.age(Date{(from.days + to.days) / 2});
    const double need = std::exp(0.4 * life.frailty - 0.08) * std::pow(1.25, (3 - model_.areas[life.addresses.back().area].fifth) / 2.0);
    const double old = age < 18 ? 0.35 : age < 65 ? 0.7 : age < 80 ? 1.8 : 4.2;
    int serial = 0;
    for (int n = random.poisson(ambulance_ * need * old * years); n > 0; --n) incident(life, some_day(from, to, random), serial++, random, blocks);
    const double young = age < 5 ? 2.6 : age < 18 ? 1 : age < 65 ? 0.85 : 1.2;
    for (int n = random.poisson(calls_ * need * young * years); n > 0; --n) call(life, some_day(from, to, random), false, serial++, random, blocks);
    for (int n = random.poisson(out_of_hours_ * need * young * years); n > 0; --n) call(life, some_day(from, to, random), true, serial++, random, blocks);
  }

 private:
  const Emergency& complaint(int age, Random& random) const {
    std::vector<double> weights;
    weights.reserve(model_.emergencies.size());
    for (const auto& one : model_.emergencies) weights.push_back(age >= one.from_age && age <= one.to_age ? one.weight : 0.0001);
    return model_.emergencies[random.pick(weights)];
  }

  void incident(const Life& life, Date on, int serial, Random& random, Blocks& blocks) const {
    const std::size_t place = home_place(life, on);
    const std::string_view trust = model_.ambulance[place];
    const std::string key = fmt::format("{}{}{:08}{:02}", trust, on.year(), life.id, serial);
    const Seen seen = see(life, on, random);
    const int age = life.age(on);
    const Emergency& what = complaint(age, random);
    Block& out = blocks[incidents_];
    const bool unknown = random.chance(0.06), known_birth = !unknown && random.chance(0.62);
    out.text(key).text(trust).date(on).text(clock_text(busy_minute(random))).text(seen.nhs);
    out.text(unknown ? "Unknown" : std::string_view(seen.given)).text(unknown ? "Unknown" : std::string_view(seen.family));
    known_birth ? out.date(seen.birth) : out.blank();
    random.chance(0.9) ? out.whole(std::max(0, age + (random.chance(0.1) ? static_cast<int>(random.below(5)) - 2 : 0))) : out.blank();
    out.text(seen.sex == Sex::male ? "M" : "F");
    const bool home = random.chance(0.72);
    const AreaModel& area = model_.areas[life.address(on).area];
    out.text(home ? std::string_view(model_.postcodes[life.address(on).postcode])
                  : std::string_view(model_.postcodes[area.first_postcode + random.below(area.postcodes)]));
    const double outcome = random.uniform();
    out.text(what.snomed).text(std::string_view("12345").substr(static_cast<std::size_t>(std::max(1, what.acuity)) - 1, 1));
    out.text(outcome < 0.55 ? "See and convey" : outcome < 0.87 ? "See and treat" : "Hear and treat");
    out.text(outcome < 0.55 ? std::string_view(model_.hospital[place]) : std::string_view{}).end();
    remember(blocks, key, life, seen);
  }

  void call(const Life& life, Date on, bool out_of_hours, int serial, Random& random, Blocks& blocks) const {
    const std::string_view provider = model_.urgent[home_place(life, on)];
    const std::string key = fmt::format("{}{:08}{:03}", provider, life.id, serial);
    Seen seen = shared_.faults.see(life, phone_source_, std::max(on, life.birth));
    if (shared_.faults.missing_on_row(phone_source_, random)) seen.nhs.clear(), seen.faults.add(Fault::missing_nhs_number);
    const double outcome = random.uniform();
    Block& out = blocks[phone_];
    out.text(key).text(provider).date(on).text(clock_text(busy_minute(random))).text(seen.nhs).text(seen.given).text(seen.family).date(seen.birth);
    out.text(sex_digit(seen.sex)).text(seen.postcode).text(practice_code(life, on)).text(complaint(life.age(on), random).snomed);
    out.text(outcome < 0.1        ? "Ambulance"
                 : outcome < 0.2  ? "Emergency department"
                 : outcome < 0.65 ? "Primary care"
                 : outcome < 0.8  ? "Other service"
                                  : "Self care");
    out.text(out_of_hours ? "OOH" : "111").end();
    shared_.truth.key(blocks, "iuc", key, life);
    shared_.truth.planted(blocks, "iuc", key, life, seen.faults);
  }

  Source phone_source_;
  double ambulance_, calls_, out_of_hours_;
  std::size_t incidents_ = 0, phone_ = 0;
};

}  // namespace

std::unique_ptr<Feed> urgent_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Urgent>(shared, sheets); }

}  // namespace catchment::synth
