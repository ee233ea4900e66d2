// General practice extracts: one set of files for each of two record systems, which name and write
// the same facts differently. Every event goes to the practice the person was registered with that day.
#include <fmt/format.h>

#include "synth/feed.h"

namespace catchment::synth {
namespace {

class GeneralPractice final : public Feed {
 public:
  GeneralPractice(const Shared& shared, Sheets& sheets) : shared_(shared), source_(shared.faults.source("gp")) {
    emis_ = sheets.add({"extracts/gp-emis/patient",
                        {{"PatientGuid"}, {"OrganisationCode"}, {"NhsNumber"}, {"Surname"}, {"GivenName"}, {"MiddleNames"}, {"DateOfBirth", CellKind::date},
                         {"Sex"}, {"EthnicOrigin"}, {"HouseNameFlatNumber"}, {"NumberAndStreet"}, {"Postcode"}, {"LowerSuperOutputArea"}, {"MobilePhone"},
                         {"DateOfRegistration", CellKind::date}, {"DateOfDeactivation", CellKind::date}, {"DateOfDeath", CellKind::date},
                         {"PatientType"}, {"MainSpokenLanguage"}, {"InterpreterRequired"}, {"CareHome"}},
                        SheetForm::csv, DateStyle::slashed});
    tpp_ = sheets.add({"extracts/gp-tpp/SRPatient",
                       {{"RowIdentifier"}, {"IDOrganisation"}, {"NHSNumber"}, {"FirstName"}, {"MiddleNames"}, {"Surname"}, {"DateBirth", CellKind::date},
                        {"Gender"}, {"Ethnicity"}, {"HouseNumber"}, {"Road"}, {"FullPostCode"}, {"LSOA"}, {"MobileNumber"},
                        {"DateRegistration", CellKind::date}, {"DateDeRegistration", CellKind::date}, {"DateDeath", CellKind::date},
                        {"RegistrationStatus"}, {"SpokenLanguage"}, {"InterpreterNeeded"}, {"CareHomeFlag"}},
                       SheetForm::csv, DateStyle::named});
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    for (const auto& registration : life.registrations) patient(life, registration, blocks);
  }

 private:
  void patient(const Life& life, const Registration& registration, Blocks& blocks) const {
    const Model& model = shared_.model;
    const PracticeModel& practice = model.practices[registration.practice];
    if (practice.absent) return;
    const std::string key = practice.tpp ? fmt::format("{}", 400000000 + registration.serial) : fmt::format("{{{:08X}-E315-4A7B-9C1D-{:012X}}}", registration.serial, life.id);
    const Date until = registration.to ? registration.to->plus_days(-1) : model.as_of;
    Random random = person_stream(model, life, Purpose::gp, registration.serial);
    Source source = source_;
    source.number += registration.practice;  // each practice makes its own mistakes
    const Seen seen = shared_.faults.see(life, source, std::min(until, life.exits.plus_days(-1)));
    Block& out = blocks[practice.tpp ? tpp_ : emis_];
    out.text(key).text(practice.code);
    const auto number = shared_.faults.number_on_row(seen, source, random);
    if (practice.tpp) out.text(number).text(seen.given).text(seen.middle).text(seen.family);
    else out.text(number).text(seen.family).text(seen.given).text(seen.middle);
    out.date(seen.birth).text(practice.tpp ? (seen.sex == Sex::female ? "Female" : "Male") : (seen.sex == Sex::female ? "F" : "M")).text(seen.ethnicity);
    if (practice.tpp) {
      out.text(fmt::format("{}", seen.address.number)).text(model.streets[seen.address.street]);
    } else {
      if (life.care_home) out.text("Care home");
      else out.blank();
      out.text(fmt::format("{} {}", seen.address.number, model.streets[seen.address.street]));
    }
    out.text(seen.postcode).text(model.areas[seen.address.area].code).text(life.phone).date(registration.from);
    registration.to ? out.date(*registration.to) : out.blank();
    life.death && !registration.ghost && registration.to ? out.date(*life.death) : out.blank();
    if (practice.tpp) out.text(registration.to ? "Deducted" : registration.duplicate ? "Applied" : "GMS");
    else out.text(registration.duplicate ? "Temporary" : "Regular");
    out.text(life.language_other ? "Other" : "English").text(life.language_other ? "Y" : "N").text(life.care_home ? "Y" : "N").end();
    shared_.truth.key(blocks, "gp", key, life);
    shared_.truth.planted(blocks, "gp", key, life, seen.faults);
    if (number.empty()) shared_.truth.planted(blocks, "gp", key, life, Fault::missing_nhs_number);
    if (registration.duplicate) shared_.truth.planted(blocks, "gp", key, life, Fault::registered_twice);
  }

  const Shared& shared_;
  Source source_;
  std::size_t emis_ = 0, tpp_ = 0;
};

}  // namespace

std::unique_ptr<Feed> general_practice_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<GeneralPractice>(shared, sheets); }

Feeds all_feeds(const Shared& shared, Sheets& sheets) {
  Feeds feeds;
  feeds.push_back(general_practice_feed(shared, sheets));
  return feeds;
}

}  // namespace catchment::synth
