// Adult social care client level data from each council (the columns of the national return), one file
// a council and quarter for the last year with one for all that went before; and the voluntary sector.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <map>

#include "synth/feeds/partner.h"

namespace catchment::synth {
namespace {

class SocialCare final : public Partner {
 public:
  SocialCare(const Shared& shared, Sheets& sheets)
      : Partner(shared, "cld"),
        users_(model_.rates["social_care_users"]),
        quoting_(model_.rates["broken_quoting.cld"]),
        encoding_(model_.rates["wrong_encoding.cld"]),
        moderate_(model_.condition("frailty_moderate")),
        severe_(model_.condition("frailty_severe")),
        dementia_(model_.condition("dementia")),
        learning_(model_.condition("learning_disability")) {
    for (int quarter = 0; quarter <= 4; ++quarter) starts_.push_back(quarter == 0 ? model_.from : model_.as_of.plus_days(1).plus_months(-15 + 3 * quarter));
    starts_.push_back(model_.as_of.plus_days(1));
    for (std::size_t place = 0; place < model_.council.size(); ++place)
      for (std::size_t quarter = 0; quarter < 5; ++quarter) {
        const bool late = quarter == 4 && model_.council[place] == model_.late_council;
        const std::string period = to_string(starts_[quarter + 1].plus_days(-1)).substr(0, 7);
        files_.push_back(late ? none
                              : sheets.add({"extracts/cld/" + model_.council[place] + "/" + period + "/cld", columns(), SheetForm::csv, DateStyle::slashed}));
      }
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (life.standing == Standing::outside || !window(life, from, to) || life.age(to) < 18) return;
    Random random = person_stream(model_, life, Purpose::social);
    const Date late{from.days + (to.days - from.days) * 3 / 4};
    const int age = life.age(late);
    double share = users_ * (age < 65 ? 0.32 : age < 75 ? 1.1 : age < 85 ? 3.2 : 8.5);
    if (has(life, moderate_, late)) share += 0.25;
    if (has(life, severe_, late)) share += 0.4;
    if (has(life, dementia_, late)) share += 0.25;
    if (has(life, learning_, late)) share += 0.45;
    if (life.care_home) share = 0.7;
    share *= std::pow(1.2, (3 - model_.areas[life.addresses.back().area].fifth) / 2.0);
    if (!random.chance(std::min(0.97, share)) || age < 18) return;
    client(life, std::max(from, life.birth.plus_months(12 * 18)), to, random, blocks);
  }

 private:
  static constexpr std::size_t none = SIZE_MAX;

  static std::vector<Column> columns() {
    return {{"LA Code"},
            {"Reporting Period Start Date", day},
            {"Reporting Period End Date", day},
            {"NHS Number"},
            {"LA Person Unique Identifier"},
            {"First Name"},
            {"Last Name"},
            {"Date of Birth", day},
            {"Postcode"},
            {"GP Practice Code"},
            {"Gender"},
            {"Ethnicity"},
            {"Client Type"},
            {"Primary Support Reason"},
            {"Accommodation Status"},
            {"Employment Status"},
            {"Has Unpaid Carer"},
            {"Autism Spectrum Disorder (ASD)"},
            {"Visual Impairment"},
            {"Hearing Impairment"},
            {"Dementia"},
            {"Client Funding Status"},
            {"Event Type"},
            {"Event Reference"},
            {"Event Start Date", day},
            {"Event End Date", day},
            {"Event Description"},
            {"Event Outcome"},
            {"Request: Route of Access"},
            {"Assessment Type"},
            {"Eligible Needs Identified"},
            {"Method of Assessment"},
            {"Total Hrs Caring per week"},
            {"Service Type"},
            {"Service Component"},
            {"Delivery Mechanism"},
            {"Provider CQC Location Name"},
            {"Provider CQC Location ID"},
            {"Review Reason"},
            {"Review Outcomes Achieved"},
            {"Method of Review"},
            {"Unit Cost", decimal},
            {"Cost Frequency (Unit Type)"},
            {"Planned units per week", whole},
            {"Full cost client"}};
  }

  static bool has(const Life& life, int condition, Date on) { return condition >= 0 && life.has(static_cast<std::size_t>(condition), on); }

  struct Event {
    std::string_view type, outcome, service, component, description;
    Date start;
    std::optional<Date> end;
    int pence = 0;
  };

  void client(const Life& life, Date from, Date to, Random& random, Blocks& blocks) const {
    if (to.days - from.days < 60) return;
    Date on = some_day(from, to.plus_days(-30), random);
    if (life.age(to) > 70) on = std::max(on, to.plus_days(-365 * 3));
    std::vector<Event> events;
    events.push_back({"Request", "Progress to Assessment", "", "", "Request for support", on, on.plus_days(3), 0});
    on = on.plus_days(5 + static_cast<int>(random.exponential(14)));
    const bool eligible = random.chance(0.75);
    events.push_back({"Assessment", eligible ? "Progress to Support Planning / Services" : "NFA - Information & Advice / Signposting only", "", "",
                      "Care act assessment", on, on.plus_days(9), 0});
    if (eligible) {
      on = on.plus_days(14);
      if (random.chance(0.4)) {
        events.push_back(
            {"Service", "Progress to End of Life Care", "Short Term Support: ST-Max", "Reablement", "Reablement at home", on, on.plus_days(42), 31'000});
        events.back().outcome = random.chance(0.6) ? "NFA - Support ended: other" : "Progress to Assessment";
        on = on.plus_days(44);
      }
      const bool nursing = life.care_home && random.chance(0.4);
      const std::string_view service = nursing ? "Long Term Support: Nursing Care"
          : life.care_home                     ? "Long Term Support: Residential Care"
                                               : "Long Term Support: Community";
      if (life.care_home || random.chance(0.62))
        events.push_back({"Service", "No change in package", service,
                          nursing              ? "Nursing Care"
                              : life.care_home ? "Residential Care"
                                               : "Home Support",
                          "Long-term support", on, std::nullopt,
                          nursing              ? 98'000
                              : life.care_home ? 84'000
                                               : 2'350});
      for (Date review = on.plus_days(365); review < to; review = review.plus_days(365))
        events.push_back({"Review", "No change in package", "", "", "Planned review", review, review.plus_days(5), 0});
    }
    const std::size_t place = home_place(life, events.front().start);
    const std::string local = fmt::format("L{}{:07}", place + 1, life.id + 100);
    Seen seen = see(life, events.front().start, random);
    bool any = false;
    int serial = 0;
    for (const auto& event : events) {
      if (event.start >= to) continue;
      for (std::size_t quarter = 0; quarter < 5; ++quarter) {
        // A service that runs on is sent again in each quarter, as the return asks.
        const bool runs = event.start < starts_[quarter + 1] && (!event.end || *event.end >= starts_[quarter]) && starts_[quarter] < to;
        const std::size_t file = files_[place * 5 + quarter];
        if (!runs || file == none) continue;
        row(life, seen, local, place, quarter, event, fmt::format("{}-{:02}", local, serial), to, blocks[file], random, blocks);
        any = true;
      }
      ++serial;
    }
    if (any) remember(blocks, local, life, seen);
  }

  void row(const Life& life, const Seen& seen, std::string_view local, std::size_t place, std::size_t quarter, const Event& event, std::string_view reference,
           Date to, Block& out, Random& random, Blocks& blocks) const {
    const bool service = event.type == "Service", request = event.type == "Request", assessment = event.type == "Assessment", review = event.type == "Review";
    out.text(model_.council[place]).date(starts_[quarter]).date(starts_[quarter + 1].plus_days(-1)).text(seen.nhs).text(local);
    out.text(seen.given).text(seen.family).date(seen.birth).text(seen.postcode).text(practice_code(life, event.start));
    out.text(seen.sex == Sex::male ? "Male" : "Female").text(seen.ethnicity == "Z" ? "Refused" : model_.ethnicities[life.ethnicity].title).text("Service User");
    out.text(has(life, learning_, event.start)       ? "Learning Disability Support"
                 : has(life, dementia_, event.start) ? "Support with Memory & Cognition"
                                                     : "Physical Support: Personal Care Support");
    out.text(life.care_home ? "Registered care home" : "Settled mainstream housing").text(life.age(event.start) >= 66 ? "Retired" : "Not in paid employment");
    out.text(life.lives_alone ? "No" : "Yes")
        .text("No")
        .text("No")
        .text("No")
        .text(has(life, dementia_, event.start) ? "Yes" : "No")
        .text(service ? "Council funded" : "");
    out.text(event.type).text(reference);
    if (random.chance(shared_.faults.impossible_date)) {
      out.not_a_date("30/02/2025");
      shared_.truth.planted(blocks, feed_, local, life, Fault::impossible_date);
    } else {
      out.date(event.start);
    }
    const std::optional<Date> end = event.end && *event.end < to ? event.end : life.death && *life.death < starts_[quarter + 1] ? life.death : std::nullopt;
    end && *end >= event.start ? out.date(*end) : out.blank();
    out.text(event.description).text(event.outcome).text(request ? "Community / Other route" : "").text(assessment ? "Long Term Assessment" : "");
    out.text(assessment ? "Yes" : "").text(assessment ? "Face to face" : "").blank().text(event.service).text(event.component);
    out.text(service ? (event.pence < 10'000 && random.chance(0.2) ? "Direct Payment only" : "CASSR Managed Personal Budget") : "");
    out.text(service ? "Example Care Services" : "").text(service ? fmt::format("1-{:09}", 100000000 + place * 37) : "");
    out.text(review ? "Planned" : "").text(review ? "Fully achieved" : "").text(review ? "Face to face" : "");
    if (event.pence > 0) out.decimal(event.pence / 100.0, 2).text(event.pence < 10'000 ? "Hourly" : "Weekly").whole(event.pence < 10'000 ? 10 : 1);
    else out.blank().blank().blank();
    out.text(service ? "No" : "");
    out.end();
    if (random.chance(quoting_) && out.break_quoting()) shared_.truth.planted(blocks, feed_, local, life, Fault::broken_quoting);
    else if (random.chance(encoding_) && out.write_in_windows_1252()) shared_.truth.planted(blocks, feed_, local, life, Fault::wrong_encoding);
  }

  double users_, quoting_, encoding_;
  int moderate_, severe_, dementia_, learning_;
  std::vector<Date> starts_;  // of the first period and the four quarters, and the end of the last
  std::vector<std::size_t> files_;
};

class Voluntary final : public Partner {
 public:
  Voluntary(const Shared& shared, Sheets& sheets)
      : Partner(shared, "voluntary"),
        clients_(model_.rates["voluntary_clients"]),
        quoting_(model_.rates["broken_quoting.voluntary"]),
        encoding_(model_.rates["wrong_encoding.voluntary"]) {
    contacts_ = sheets.add({at("voluntary", model_.board, "contacts"),
                            {{"contact id"},
                             {"organisation"},
                             {"client ref"},
                             {"first name"},
                             {"last name"},
                             {"dob", day},
                             {"sex"},
                             {"post code"},
                             {"phone"},
                             {"nhs no"},
                             {"date of contact", day},
                             {"activity"},
                             {"how"},
                             {"notes"}},
                            SheetForm::csv,
                            DateStyle::slashed,
                            ';'});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    constexpr std::string_view activities[] = {"Befriending", "Benefits advice",     "Carers support",     "Social prescribing",
                                               "Food bank",   "Community transport", "Bereavement support"};
    constexpr std::string_view notes[] = {"Doing well", "Asked for a call back", "Wants help with forms; lives alone", "Referred on, see letter", ""};
    const Life& life = lives[i];
    Date from, to;
    if (life.standing == Standing::outside || !window(life, from, to)) return;
    Random random = person_stream(model_, life, Purpose::social, 1);
    const int age = life.age(Date{(from.days + to.days) / 2});
    const double share = clients_ * 3 *
        (age < 18       ? 0.1
             : age < 65 ? 0.8
                        : 1.6) *
        (life.lives_alone ? 1.7 : 0.8) * std::pow(1.6, (3 - model_.areas[life.addresses.back().area].fifth) / 2.0);
    if (!random.chance(std::min(0.9, share))) return;
    const std::string organisation = fmt::format("VCS{:02}", 1 + random.below(12));
    const std::string local = fmt::format("{}-{:06}", organisation, life.id);
    const std::size_t activity = random.below(7);
    Date on = some_day(from, to, random);
    const Seen seen = see(life, on, random);
    remember(blocks, local, life, seen);
    for (int n = 1 + random.poisson(5), k = 0; k < n && on < to; ++k) {
      Block& out = blocks[contacts_];
      out.text(fmt::format("{}-{:03}", local, k)).text(organisation).text(local).text(seen.given).text(seen.family);
      random.chance(0.8) ? out.date(seen.birth) : out.blank();
      out.text(seen.sex == Sex::male ? "male" : "female")
          .text(random.chance(0.85) ? seen.postcode : std::string_view{})
          .text(life.phone)
          .text(seen.nhs)
          .date(on);
      out.text(activities[activity]).text(random.chance(0.6) ? "in person" : "phone").text(notes[random.below(5)]).end();
      if (random.chance(quoting_) && out.break_quoting()) shared_.truth.planted(blocks, feed_, local, life, Fault::broken_quoting);
      else if (random.chance(encoding_) && out.write_in_windows_1252()) shared_.truth.planted(blocks, feed_, local, life, Fault::wrong_encoding);
      on = on.plus_days(7 + static_cast<int>(random.exponential(21)));
    }
  }

 private:
  double clients_, quoting_, encoding_;
  std::size_t contacts_ = 0;
};

}  // namespace

std::unique_ptr<Feed> social_care_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<SocialCare>(shared, sheets); }
std::unique_ptr<Feed> voluntary_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Voluntary>(shared, sheets); }

}  // namespace catchment::synth
