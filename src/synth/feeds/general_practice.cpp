// General practice extracts: one set of files for each of two record systems, which name and write
// the same facts differently. Care goes to the practice the person was registered with on the day;
// problems and vaccinations move with the record to the last practice. Prescribing cost is the sum.
#include <fmt/format.h>

#include <atomic>

#include "synth/feed.h"
#include "synth/feeds/practice_care.h"

namespace catchment::synth {
namespace {

constexpr CellKind day = CellKind::date, whole = CellKind::whole, decimal = CellKind::decimal;

/// The sheets of one record system.
struct Files {
  std::size_t patient, observation, problem, issue, vaccination, appointment;
};

struct Window {
  const Registration* registration;
  std::string key;
  bool tpp;
  const Files* files;
  Date from, to;
};

class GeneralPractice final : public Feed {
 public:
  GeneralPractice(const Shared& shared, Sheets& sheets)
      : shared_(shared),
        source_(shared.faults.source("gp")),
        rates_(shared.model),
        other_unit_(shared.model.rates["other_unit"]),
        months_(static_cast<std::size_t>((shared.model.as_of.year() - shared.model.from.year()) * 12 + shared.model.as_of.month())),
        items_(shared.model.practices.size() * months_ * shared.model.medicines.size()) {
    const std::string period = to_string(shared.model.as_of).substr(0, 7);
    declare_emis(sheets, "extracts/gp-emis/" + shared.model.board + "/" + period + "/");
    declare_tpp(sheets, "extracts/gp-tpp/" + shared.model.board + "/" + period + "/");
    cost_ = sheets.add({"extracts/prescribing-cost/" + shared.model.board + "/" + period + "/epd",
                        {{"YEAR_MONTH"},
                         {"ICB_CODE"},
                         {"PRACTICE_CODE"},
                         {"PRACTICE_NAME"},
                         {"BNF_CHEMICAL_SUBSTANCE"},
                         {"BNF_DESCRIPTION"},
                         {"ITEMS", whole},
                         {"TOTAL_QUANTITY", whole},
                         {"NIC", decimal},
                         {"ACTUAL_COST", decimal}}});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    const Registration* last = nullptr;
    for (const auto& registration : life.registrations)
      if (!registration.duplicate) last = &registration;
    thread_local PracticeCare care;
    for (const auto& registration : life.registrations) {
      const PracticeModel& practice = shared_.model.practices[registration.practice];
      Window window{&registration,
                    "",
                    practice.tpp,
                    practice.tpp ? &tpp_ : &emis_,
                    std::max(registration.from, shared_.model.from),
                    std::min(registration.to.value_or(shared_.model.as_of.plus_days(1)), life.exits)};
      if (registration.duplicate) window.from = std::max(window.from, window.to.plus_days(-200));
      Random random = person_stream(shared_.model, life, Purpose::gp, registration.serial);
      rates_.care_for(life, window.from, window.to, random, care);
      for (const auto& issue : care.issues) items_[item(registration.practice, issue.on, *issue.medicine)].fetch_add(1, std::memory_order_relaxed);
      if (practice.absent) continue;
      window.key = practice.tpp ? fmt::format("{}", 400000000 + registration.serial)
                                : fmt::format("{:08X}-{:04X}", registration.serial, mix64(registration.serial) & 0xffff);
      patient(life, window, random, blocks);
      appointments(care, practice, window, blocks);
      observations(life, care, practice, window, random, blocks);
      issues(care, practice, window, blocks);
      if (&registration == last) history(life, practice, window, random, blocks);
    }
  }

  void finish(Blocks& blocks) const override {
    const Model& model = shared_.model;
    Block& out = blocks[cost_];
    for (std::size_t p = 0; p < model.practices.size(); ++p)
      for (std::size_t m = months_ < 36 ? 0 : months_ - 36; m < months_; ++m)  // partners send three years of prices
        for (std::size_t k = 0; k < model.medicines.size(); ++k) {
          const std::uint32_t items = items_[(p * months_ + m) * model.medicines.size() + k].load();
          if (items == 0) continue;
          const Medicine& medicine = model.medicines[k];
          const double pounds = items * medicine.pence / 100.0;
          out.text(fmt::format("{}{:02}", model.from.year() + static_cast<int>(m / 12), m % 12 + 1)).text(model.board).text(model.practices[p].code);
          out.text(model.practices[p].name).text(medicine.bnf).text(medicine.name).whole(items).whole(std::int64_t{items} * medicine.quantity);
          out.decimal(pounds, 2).decimal(pounds * 0.94, 2).end();
        }
  }

 private:
  void declare_emis(Sheets& sheets, const std::string& at) {
    const auto add = [&](const std::string& name, std::vector<Column> columns, bool large) {
      columns.insert(columns.begin(), {{"PatientGuid"}, {"OrganisationCode"}});
      return sheets.add({at + name, std::move(columns), SheetForm::csv, DateStyle::slashed}, large);
    };
    emis_.patient = add("patient",
                        {{"NhsNumber"},
                         {"Surname"},
                         {"GivenName"},
                         {"MiddleNames"},
                         {"DateOfBirth", day},
                         {"Sex"},
                         {"EthnicOrigin"},
                         {"HouseNameFlatNumber"},
                         {"NumberAndStreet"},
                         {"Postcode"},
                         {"LowerSuperOutputArea"},
                         {"MobilePhone"},
                         {"DateOfRegistration", day},
                         {"DateOfDeactivation", day},
                         {"DateOfDeath", day},
                         {"PatientType"},
                         {"MainSpokenLanguage"},
                         {"InterpreterRequired"},
                         {"CareHome"}},
                        false);
    emis_.observation = add("observation", {{"EffectiveDate", day}, {"SnomedCTConceptId"}, {"NumericValue", decimal}, {"NumericUnit"}}, true);
    emis_.problem = add("problem", {{"EffectiveDate", day}, {"SnomedCTConceptId"}, {"ProblemStatus"}}, true);
    emis_.issue = add("issuerecord", {{"IssueDate", day}, {"BnfCode"}, {"Quantity", whole}, {"CourseDurationInDays", whole}}, true);
    emis_.vaccination = add("immunisation", {{"EffectiveDate", day}, {"SnomedCTConceptId"}, {"DoseNumber", whole}}, true);
    emis_.appointment = add("slot", {{"AppointmentDate", day}, {"StartTime"}, {"SlotStatus"}, {"ContactMode"}, {"ClinicianRole"}, {"BookedSameDay"}}, true);
  }

  void declare_tpp(Sheets& sheets, const std::string& at) {
    const auto add = [&](const std::string& name, std::vector<Column> columns, bool large) {
      columns.insert(columns.begin(), {{"IDPatient"}, {"IDOrganisation"}});
      return sheets.add({at + name, std::move(columns), SheetForm::csv, DateStyle::named}, large);
    };
    tpp_.patient = add("SRPatient",
                       {{"NHSNumber"},
                        {"FirstName"},
                        {"MiddleNames"},
                        {"Surname"},
                        {"DateBirth", day},
                        {"Gender"},
                        {"Ethnicity"},
                        {"HouseNumber"},
                        {"Road"},
                        {"FullPostCode"},
                        {"LSOA"},
                        {"MobileNumber"},
                        {"DateRegistration", day},
                        {"DateDeRegistration", day},
                        {"DateDeath", day},
                        {"RegistrationStatus"},
                        {"SpokenLanguage"},
                        {"InterpreterNeeded"},
                        {"CareHomeFlag"}},
                       false);
    tpp_.observation = add("SRCode", {{"DateEvent", day}, {"SNOMEDCode"}, {"NumericValue", decimal}, {"NumericUnit"}}, true);
    tpp_.problem = add("SRProblem", {{"DateBegin", day}, {"SNOMEDCode"}, {"Severity"}}, true);
    tpp_.issue = add("SRPrimaryCareMedication", {{"DateMedicationStart", day}, {"BNFCode"}, {"MedicationQuantity", whole}, {"MedicationDays", whole}}, true);
    tpp_.vaccination = add("SRImmunisation", {{"DateEvent", day}, {"SNOMEDCode"}, {"Dose", whole}}, true);
    tpp_.appointment = add("SRAppointment", {{"DateStart", day}, {"TimeStart"}, {"CurrentStatus"}, {"ContactType"}, {"StaffRole"}, {"SameDay"}}, true);
  }

  std::size_t item(std::uint32_t practice, Date on, const Medicine& medicine) const {
    const auto month = static_cast<std::size_t>((on.year() - shared_.model.from.year()) * 12 + on.month() - 1);
    return (practice * months_ + std::min(month, months_ - 1)) * shared_.model.medicines.size() +
        static_cast<std::size_t>(&medicine - shared_.model.medicines.data());
  }

  void patient(const Life& life, const Window& window, Random& random, Blocks& blocks) const {
    const Model& model = shared_.model;
    const Registration& registration = *window.registration;
    const Date until = registration.to ? registration.to->plus_days(-1) : model.as_of;
    Source source = source_;
    source.number += registration.practice;  // each practice makes its own mistakes
    const Seen seen = shared_.faults.see(life, source, std::max(life.birth, std::min(until, life.exits.plus_days(-1))));
    const bool none = shared_.faults.missing_on_row(source, random);
    for (int copies = random.chance(shared_.faults.duplicate_row) ? 2 : 1; copies > 0; --copies) {
      if (copies == 2) shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::duplicate_row);
      Block& out = blocks[window.files->patient];
      out.text(window.key).text(model.practices[registration.practice].code).text(none ? "" : seen.nhs);
      if (window.tpp) out.text(seen.given).text(seen.middle).text(seen.family);
      else out.text(seen.family).text(seen.given).text(seen.middle);
      out.date(seen.birth).text(window.tpp ? (seen.sex == Sex::female ? "Female" : "Male") : (seen.sex == Sex::female ? "F" : "M")).text(seen.ethnicity);
      if (window.tpp) out.text(fmt::format("{}", seen.address.number)).text(model.streets[seen.address.street]);
      else out.text(life.care_home ? "Care home" : "").text(fmt::format("{} {}", seen.address.number, model.streets[seen.address.street]));
      out.text(seen.postcode).text(model.areas[seen.address.area].code).text(life.phone).date(registration.from);
      registration.to ? out.date(*registration.to) : out.blank();
      life.death && !registration.ghost && registration.to && *registration.to > *life.death ? out.date(*life.death) : out.blank();
      if (window.tpp) out.text(registration.to ? "Deducted" : registration.duplicate ? "Temporary" : "GMS");
      else out.text(registration.duplicate ? "Temporary" : "Regular");
      out.text(life.language_other ? "Other" : "English").text(life.language_other ? "Y" : "N").text(life.care_home ? "Y" : "N").end();
    }
    shared_.truth.key(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life);
    shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, seen.faults);
    if (none) shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::missing_nhs_number);
    if (registration.duplicate) shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::registered_twice);
  }

  void appointments(const PracticeCare& care, const PracticeModel& practice, const Window& window, Blocks& blocks) const {
    constexpr std::string_view emis_status[] = {"Attended", "DNA", "Cancelled"}, tpp_status[] = {"Finished", "Did Not Attend", "Cancelled by Patient"};
    constexpr std::string_view mode[] = {"Face-to-Face", "Telephone", "Online", "Home Visit"};
    Block& out = blocks[window.files->appointment];
    for (const auto& one : care.appointments) {
      const char time[] = {static_cast<char>('0' + one.minute / 600), static_cast<char>('0' + one.minute / 60 % 10), ':',
                           static_cast<char>('0' + one.minute % 60 / 10), '0'};
      out.text(window.key).text(practice.code).date(one.on).text({time, 5}).text((window.tpp ? tpp_status : emis_status)[one.status]);
      out.text(mode[one.mode]).text(one.clinician == 0 ? "GP" : "Other practice staff").text(one.same_day ? "Y" : "N").end();
    }
  }

  void observations(const Life& life, const PracticeCare& care, const PracticeModel& practice, const Window& window, Random& random, Blocks& blocks) const {
    Block& out = blocks[window.files->observation];
    for (const auto& one : care.observations) {
      const double fault = random.uniform();
      out.text(window.key).text(practice.code);
      if (fault < shared_.faults.impossible_date / 2) {
        out.date(Date::from_ymd(2099, 1, 1));
        shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::impossible_date);
      } else if (fault < shared_.faults.impossible_date) {
        out.not_a_date("00/00/0000");
        shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::impossible_date);
      } else {
        out.date(one.on);
      }
      if (fault > 1 - shared_.faults.unknown_code) {
        out.text("999999999");
        shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::unknown_code);
      } else {
        out.text(one.what->snomed);
      }
      if (one.what->unit.empty()) {
        out.blank().blank().end();
        continue;
      }
      const bool convertible = !one.what->other_unit.empty();
      const double other = one.value * one.what->other_factor + one.what->other_offset;
      if (convertible && random.chance(shared_.faults.wrong_unit)) {  // the number of one unit under the name of another
        out.decimal(other, 2).text(one.what->unit);
        shared_.truth.planted(blocks, window.tpp ? "gp-tpp" : "gp-emis", window.key, life, Fault::wrong_unit);
      } else if (convertible && random.chance(other_unit_)) {
        out.decimal(other, 2).text(one.what->other_unit);
      } else {
        out.decimal(one.value, one.places).text(one.what->unit);
      }
      out.end();
    }
  }

  void issues(const PracticeCare& care, const PracticeModel& practice, const Window& window, Blocks& blocks) const {
    Block& out = blocks[window.files->issue];
    for (const auto& one : care.issues)
      out.text(window.key)
          .text(practice.code)
          .date(one.on)
          .text(one.medicine->bnf)
          .whole(one.medicine->quantity)
          .whole(one.medicine->condition < 0 ? 7 : 28)
          .end();
  }

  void history(const Life& life, const PracticeModel& practice, const Window& window, Random& random, Blocks& blocks) const {
    const Model& model = shared_.model;
    Block& problems = blocks[window.files->problem];
    for (std::size_t c = 0; c < model.conditions.size(); ++c) {
      if (life.onset[c] == Life::never || life.onset[c] >= window.to.days) continue;
      const auto& codes = model.conditions[c].snomed;
      problems.text(window.key).text(practice.code).date(Date{life.onset[c]}).text(codes[mix64(life.id + c) % codes.size()]);
      problems.text(window.tpp ? "Major" : "Active").end();
    }
    for (const auto& one : vaccinations(model, life)) {
      if (one.on >= window.to || random.chance(0.01)) continue;  // a few are known only to child health or pharmacies
      blocks[window.files->vaccination].text(window.key).text(practice.code).date(one.on).text(one.snomed).whole(one.dose).end();
    }
  }

  const Shared& shared_;
  Source source_;
  PracticeRates rates_;
  double other_unit_;
  std::size_t months_;
  mutable std::vector<std::atomic<std::uint32_t>> items_;  // by practice, month, medicine
  Files emis_{}, tpp_{};
  std::size_t cost_ = 0;
};

}  // namespace

std::unique_ptr<Feed> general_practice_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<GeneralPractice>(shared, sheets); }

}  // namespace catchment::synth
