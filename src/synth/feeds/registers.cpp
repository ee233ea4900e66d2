// Deaths, child health, screening, the national demographics trace, the organisation file and opt-outs.
#include <fmt/format.h>

#include <algorithm>
#include <cmath>

#include "synth/feeds/partner.h"
#include "synth/feeds/practice_care.h"

namespace catchment::synth {
namespace {

class Deaths final : public Partner {
 public:
  Deaths(const Shared& shared, Sheets& sheets) : Partner(shared, "deaths") {
    file_ = sheets.add({at("deaths", model_.board, "registrations"),
                        {{"REG_ID"},
                         {"DEC_NHS_NUMBER"},
                         {"DEC_FORENAME"},
                         {"DEC_SURNAME"},
                         {"DEC_DATE_OF_BIRTH", day},
                         {"DEC_SEX"},
                         {"DEC_POSTCODE"},
                         {"REG_DATE_OF_DEATH", day},
                         {"REG_DATE", day},
                         {"POD_TYPE"},
                         {"S_UNDERLYING_COD_ICD10"},
                         {"S_COD_CODE_1"},
                         {"S_COD_CODE_2"},
                         {"GP_PRACTICE"}},
                        SheetForm::csv,
                        DateStyle::compact});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    constexpr std::string_view places[] = {"HOME", "CARE HOME", "HOSPITAL", "HOSPICE", "ELSEWHERE"};
    const Life& life = lives[i];
    if (!life.death || *life.death > model_.as_of.plus_days(-5)) return;
    Random random = person_stream(model_, life, Purpose::other, 5);
    const int age = life.age(*life.death);
    std::vector<double> weights;
    for (const auto& cause : model_.causes) {
      double weight = age >= cause.from_age && age <= cause.to_age ? cause.weight : 0.0001;
      if (cause.condition >= 0) weight *= life.has(static_cast<std::size_t>(cause.condition), *life.death) ? 8 : 0.25;
      weights.push_back(weight);
    }
    const Cause& cause = model_.causes[random.pick(weights)];
    const Cause& other = model_.causes[random.pick(weights)];
    const bool cancer = cause.icd10[0] == 'C';
    const double home = life.care_home ? 0.02 : 0.3, care = life.care_home ? 0.72 : 0.03, hospice = cancer ? 0.16 : 0.02;
    const std::size_t place = random.pick(std::array<double, 5>{home, care, 1 - home - care - hospice - 0.02, hospice, 0.02});
    const Seen seen = see(life, *life.death, random);
    const std::string key = fmt::format("D{:08}", life.id);
    Block& out = blocks[file_];
    out.text(key).text(seen.nhs).text(seen.given).text(seen.family).date(seen.birth).text(sex_digit(seen.sex)).text(seen.postcode).date(*life.death);
    out.date(std::min(model_.as_of, life.death->plus_days(4 + static_cast<int>(random.exponential(6))))).text(places[place]).text(cause.icd10);
    out.text(cause.icd10).text(other.icd10 == cause.icd10 ? "" : other.icd10).text(practice_code(life, life.death->plus_days(-1))).end();
    remember(blocks, key, life, seen);
  }

 private:
  std::size_t file_ = 0;
};

class ChildHealth final : public Partner {
 public:
  ChildHealth(const Shared& shared, Sheets& sheets) : Partner(shared, "chis") {
    file_ = sheets.add({at("chis", model_.board, "immunisations"),
                        {{"CHIS_ID"},
                         {"NHS_NUMBER"},
                         {"FORENAME"},
                         {"SURNAME"},
                         {"DATE_OF_BIRTH", day},
                         {"SEX"},
                         {"POSTCODE"},
                         {"GP_PRACTICE"},
                         {"VACCINE_SNOMED"},
                         {"DOSE", whole},
                         {"DATE_GIVEN", day}},
                        SheetForm::csv,
                        DateStyle::compact});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    if (life.standing == Standing::outside || life.age(model_.as_of) >= 19) return;
    Random random = person_stream(model_, life, Purpose::other, 6);
    const std::string key = fmt::format("CH{:08}", life.id);
    const Seen seen = see(life, std::min(model_.as_of, life.exits.plus_days(-1)), random);
    bool any = false;
    for (const auto& one : vaccinations(model_, life)) {
      if (one.vaccine >= model_.vaccines.size() || one.on > model_.as_of || random.chance(0.004)) continue;
      blocks[file_]
          .text(key)
          .text(seen.nhs)
          .text(seen.given)
          .text(seen.family)
          .date(seen.birth)
          .text(sex_digit(seen.sex))
          .text(seen.postcode)
          .text(practice_code(life, one.on))
          .text(one.snomed)
          .whole(one.dose)
          .date(one.on)
          .end();
      any = true;
    }
    if (any) remember(blocks, key, life, seen);
  }

 private:
  std::size_t file_ = 0;
};

class Screening final : public Partner {
 public:
  Screening(const Shared& shared, Sheets& sheets) : Partner(shared, "screening") {
    file_ = sheets.add({at("screening", model_.board, "invitations"),
                        {{"NHS_NUMBER"},
                         {"SURNAME"},
                         {"FORENAME"},
                         {"DATE_OF_BIRTH", day},
                         {"SEX"},
                         {"POSTCODE"},
                         {"GP_PRACTICE"},
                         {"PROGRAMME"},
                         {"INVITED_DATE", day},
                         {"SCREENED_DATE", day},
                         {"RESULT"}},
                        SheetForm::csv,
                        DateStyle::compact});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (!window(life, from, to) || !life.registration(std::min(model_.as_of, to.plus_days(-1)))) return;
    Random random = person_stream(model_, life, Purpose::prevention, 1);
    const AreaModel& area = model_.areas[life.addresses.back().area];
    const double unfair = 4.5 * (area.fifth - 3.2) + 4 * life.engagement;  // percentage points
    const Seen seen = see(life, model_.as_of < to ? model_.as_of : to.plus_days(-1), random);
    bool any = false;
    const auto round = [&](std::string_view programme, int low, int high, int months, double covered) {
      Date on = life.birth.plus_months(12 * low + static_cast<int>(life.id % 12));
      // Coverage counts anybody screened within the interval; one invitation is answered less often.
      const double answers = std::clamp((covered + unfair) / 100, 0.02, 0.98);
      const bool refuses = random.chance(std::clamp((1 - answers) * 0.75, 0.0, 0.9));
      for (; on < to && life.age(on) < high; on = on.plus_months(months)) {
        if (on < from) continue;
        const bool comes = !refuses && random.chance(std::min(0.98, answers / (1 - (1 - answers) * 0.75)));
        const Date screened = on.plus_days(10 + static_cast<int>(random.below(70)));
        Block& out = blocks[file_];
        out.text(seen.nhs)
            .text(seen.family)
            .text(seen.given)
            .date(seen.birth)
            .text(sex_digit(seen.sex))
            .text(seen.postcode)
            .text(practice_code(life, on))
            .text(programme)
            .date(on);
        const bool done = comes && screened < to;
        done ? out.date(screened) : out.blank();
        out.text(!done                     ? (refuses && random.chance(0.2) ? "declined" : "did-not-attend")
                     : random.chance(0.03) ? "abnormal"
                     : random.chance(0.02) ? "inadequate"
                                           : "normal")
            .end();
        any = true;
      }
    };
    if (life.sex == Sex::female) {
      round("cervical", 25, 50, 36, model_.rates["screening_cervical_25"]);
      round("cervical", 50, 65, 60, model_.rates["screening_cervical_50"]);
      round("breast", 50, 71, 36, model_.rates["screening_breast"]);
    }
    round("bowel", 54, 75, 24, model_.rates["screening_bowel"]);
    if (any) shared_.truth.planted(blocks, feed_, to_digits(life.nhs), life, seen.faults);
  }

 private:
  std::size_t file_ = 0;
};

class Demographics final : public Partner {
 public:
  Demographics(const Shared& shared, Sheets& sheets) : Partner(shared, "pds") {
    trace_ = sheets.add({at("pds", model_.board, "trace"),
                         {{"NHS_NUMBER"},
                          {"FAMILY_NAME"},
                          {"GIVEN_NAME"},
                          {"OTHER_GIVEN_NAME"},
                          {"PREVIOUS_FAMILY_NAME"},
                          {"GENDER"},
                          {"DATE_OF_BIRTH", day},
                          {"DATE_OF_DEATH", day},
                          {"POSTCODE"},
                          {"ADDRESS_LINE1"},
                          {"PREVIOUS_POSTCODE"},
                          {"ADDRESS_FROM", day},
                          {"GP_PRACTICE_CODE"},
                          {"GP_REGISTRATION_DATE", day},
                          {"REASON_FOR_REMOVAL"},
                          {"PREFERRED_LANGUAGE"},
                          {"INTERPRETER_REQUIRED"}},
                         SheetForm::csv,
                         DateStyle::compact});
    type1_ = sheets.add({at("optouts", model_.board, "type1"), {{"NHS_NUMBER"}, {"PRACTICE_CODE"}, {"OPT_OUT_TYPE"}, {"OPT_OUT_DATE", day}}});
    national_ = sheets.add({at("optouts", model_.board, "national"), {{"NHS_NUMBER"}, {"OPT_OUT_TYPE"}, {"OPT_OUT_DATE", day}}});
    practices_ = sheets.add({at("organisations", model_.board, "epraccur"),
                             {{"Organisation Code"},
                              {"Name"},
                              {"National Grouping"},
                              {"High Level Health Geography"},
                              {"Address Line 1"},
                              {"Postcode"},
                              {"Open Date", day},
                              {"Close Date", day},
                              {"Status Code"},
                              {"Commissioner"},
                              {"Prescribing Setting"}},
                             SheetForm::csv,
                             DateStyle::compact});
    successors_ = sheets.add({at("organisations", model_.board, "successors"),
                              {{"Old Organisation Code"}, {"New Organisation Code"}, {"Reason"}, {"Effective Date", day}},
                              SheetForm::csv,
                              DateStyle::compact});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    if (life.registrations.empty()) return;
    const Registration* current = life.registration(model_.as_of);
    const Date last = std::min(model_.as_of, life.exits.plus_days(-1));
    const Address& home = life.address(std::max(last, life.birth));
    const std::string number = to_digits(life.nhs);
    Block& out = blocks[trace_];
    out.text(number)
        .text(life.family_on(model_.as_of))
        .text(life.given)
        .text(life.middle)
        .text(life.renamed ? std::string_view(life.family_before) : std::string_view{});
    out.text(sex_digit(life.sex)).date(life.birth);
    life.death ? out.date(*life.death) : out.blank();
    if (life.standing == Standing::left && !current) {  // they registered somewhere else: the service knows where they went
      const AreaModel& area = model_.areas[model_.outside_areas[life.id % model_.outside_areas.size()]];
      out.text(model_.postcodes[area.first_postcode + life.id / 7 % area.postcodes]).text(fmt::format("{} {}", home.number, model_.streets[home.street]));
      out.text(model_.postcodes[home.postcode]).date(life.exits).blank();
    } else {
      out.text(model_.postcodes[home.postcode]).text(fmt::format("{} {}", home.number, model_.streets[home.street]));
      out.text(life.addresses.size() > 1 ? std::string_view(model_.postcodes[life.addresses[life.addresses.size() - 2].postcode]) : std::string_view{});
      out.date(std::max(home.from, life.birth)).text(current ? std::string_view(model_.practices[current->practice].code) : std::string_view{});
    }
    current ? out.date(current->from) : out.blank();
    out.text(life.death && !current ? "DEA" : life.standing == Standing::left && !current ? "RDI" : "").text(life.language_other ? "other" : "en");
    out.text(life.language_other ? "Y" : "N").end();
    shared_.truth.key(blocks, "nhs_number", number, life);
    if (life.type1_opt_out && *life.type1_opt_out <= model_.as_of && current)
      blocks[type1_].text(number).text(model_.practices[current->practice].code).text("type-1").date(*life.type1_opt_out).end();
    if (life.national_opt_out && *life.national_opt_out <= model_.as_of) blocks[national_].text(number).text("national").date(*life.national_opt_out).end();
  }

  void finish(Blocks& blocks) const override {
    for (const auto& practice : model_.system.practices) {
      Block& out = blocks[practices_];
      out.text(practice.code).text(practice.name).blank().text(model_.board).text("1 Example Street").blank();
      practice.opened ? out.date(*practice.opened) : out.date(Date::from_ymd(1974, 4, 1));
      practice.closed ? out.date(*practice.closed) : out.blank();
      out.text(practice.closed ? "C" : "A").text(model_.board).text("4").end();
    }
    for (const auto& one : model_.system.successions) {
      const auto* from = system::find_organisation(model_.system, one.from);
      const auto* to = system::find_organisation(model_.system, one.to);
      if (from && to && !one.expected) blocks[successors_].text(from->code).text(to->code).text(one.what).date(one.on).end();
    }
  }

 private:
  std::size_t trace_ = 0, type1_ = 0, national_ = 0, practices_ = 0, successors_ = 0;
};

}  // namespace

std::unique_ptr<Feed> deaths_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Deaths>(shared, sheets); }
std::unique_ptr<Feed> child_health_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<ChildHealth>(shared, sheets); }
std::unique_ptr<Feed> screening_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Screening>(shared, sheets); }
std::unique_ptr<Feed> demographics_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Demographics>(shared, sheets); }

}  // namespace catchment::synth
