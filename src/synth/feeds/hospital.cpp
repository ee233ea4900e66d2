// Hospital activity as it reaches a care board: inpatient episodes, outpatient appointments and
// emergency attendances, identifiable from each partner trust that sends files, from hospitals over
// the border in one set, and once more for every provider under a pseudonym.
#include <fmt/format.h>

#include <map>

#include "synth/feeds/hospital_care.h"
#include "synth/feeds/hospital_fhir.h"
#include "synth/feeds/partner.h"

namespace catchment::synth {
namespace {

struct HospitalFiles {
  std::size_t apc = 0, op = 0, ecds = 0;
};

class Hospital final : public Partner {
 public:
  Hospital(const Shared& shared, Sheets& sheets)
      : Partner(shared, "apc", true),
        rates_(shared.model),
        op_(shared.faults.source("op", true)),
        ecds_(shared.faults.source("ecds", true)),
        outside_source_(shared.faults.source("out_of_area", true)) {
    op_.number = ecds_.number = source_.number;  // one patient index a trust: the same mistakes in every file
    for (const auto& trust : model_.hospital) {
      if (trusts_.contains(trust)) continue;
      if (model_.sends_fhir(trust)) fhir_.emplace(trust, FhirFiles(sheets, at("fhir", trust, "")));
      else trusts_[trust] = declare(sheets, "sus", trust, false);
    }
    outside_ = declare(sheets, "out-of-area", model_.board, false);
    pseudonymised_ = declare(sheets, "sus-pseudonymised", model_.board, true);
  }

  void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const override {
    const Life& life = lives[i];
    Date from, to;
    if (!window(life, from, to)) return;
    thread_local HospitalCare care;
    rates_.care_for(life, from, to, care);
    Random random = person_stream(model_, life, Purpose::hospital, 1);
    std::vector<std::string_view> known;  // trusts that have this person on file
    int serial = 0;
    for (const auto& stay : care.stays) episodes(life, stay, serial++, random, blocks, known);
    for (const auto& one : care.attendances)
      contact(life, one, 'E', &HospitalFiles::ecds, ecds_, serial++, random, blocks, known, &FhirFiles::attendance, &Hospital::attendance_cells);
    for (const auto& one : care.outpatients)
      contact(life, one, 'O', &HospitalFiles::op, op_, serial++, random, blocks, known, &FhirFiles::appointment, &Hospital::appointment_cells);
  }

 private:
  HospitalFiles declare(Sheets& sheets, std::string_view feed, std::string_view partner, bool pseudonymised) const {
    std::vector<Column> who;
    if (pseudonymised) {
      who = {{"patient.identity.pseudo_nhs_number"},
             {"patient.identity.birth_month"},
             {"patient.identity.gender"},
             {"patient.identity.ethnic_category"},
             {"patient.residence.lsoa_21"}};
    } else {
      who = {{"patient.identity.nhs_number"}, {"patient.identity.local_patient_identifier"}, {"patient.identity.birth_date", day},
             {"patient.identity.gender"},     {"patient.identity.ethnic_category"},          {"patient.residence.postcode"}};
    }
    for (const char* name :
         {"patient.registration.general_practice", "commissioning.service_agreement.provider", "commissioning.service_agreement.commissioner"})
      who.push_back({name});
    const auto with = [&](std::vector<Column> more) {
      std::vector<Column> all = who;
      all.insert(all.end(), more.begin(), more.end());
      return all;
    };
    HospitalFiles files;
    files.apc = sheets.add({at(feed, partner, "apc"),
                            with({{"spell.identifier"},
                                  {"episode.number", whole},
                                  {"admission.method"},
                                  {"admission.source"},
                                  {"admission.date", day},
                                  {"admission.patient_classification"},
                                  {"episode.start_date", day},
                                  {"episode.end_date", day},
                                  {"discharge.date", day},
                                  {"discharge.destination"},
                                  {"discharge.method"},
                                  {"clinical_coding.primary_diagnosis"},
                                  {"clinical_coding.secondary_diagnosis_1"},
                                  {"clinical_coding.secondary_diagnosis_2"},
                                  {"clinical_coding.primary_procedure"},
                                  {"clinical_coding.primary_procedure_date", day},
                                  {"care_professional.treatment_function"},
                                  {"commissioning.grouping.core_hrg"},
                                  {"commissioning.tariff_calculation.final_price", decimal},
                                  {"commissioning.service_agreement.commissioning_serial_number"},
                                  {"commissioning.service_agreement.line_number"}})},
                           true);
    files.op = sheets.add({at(feed, partner, "op"),
                           with({{"attendance.identifier"},
                                 {"attendance.date", day},
                                 {"attendance.attended_or_did_not_attend"},
                                 {"attendance.first_attendance"},
                                 {"care_professional.treatment_function"},
                                 {"commissioning.tariff_calculation.final_price", decimal}})},
                          true);
    files.ecds = sheets.add({at(feed, partner, "ecds"),
                             with({{"attendance.identifier"},
                                   {"attendance.arrival.date", day},
                                   {"attendance.arrival.time"},
                                   {"attendance.arrival.arrival_mode"},
                                   {"attendance.arrival.attendance_category"},
                                   {"attendance.departure.date", day},
                                   {"attendance.departure.time"},
                                   {"clinical.chief_complaint"},
                                   {"clinical.acuity"},
                                   {"clinical.diagnoses_snomed"},
                                   {"discharge.status"},
                                   {"discharge.destination"},
                                   {"national_pricing.final_price", decimal}})},
                            true);
    return files;
  }

  std::string local_id(const Life& life, std::string_view trust) const { return fmt::format("{}{:08}", trust, life.id * 3 + 1); }

  /// The cells that say who, in both forms; notes the truth of the trust's own number once.
  void who(Block& out, const Life& life, Date on, std::string_view trust, bool outside, const Source& source, Random& random, Blocks& blocks,
           std::vector<std::string_view>& known) const {
    Source here = outside ? outside_source_ : source;
    here.number = source_.number + static_cast<unsigned char>(trust[2]) + 256u * static_cast<unsigned char>(trust[1]);
    const Seen seen = shared_.faults.see(life, here, std::max(on, life.birth));
    const std::string key = local_id(life, trust);
    out.text(shared_.faults.missing_on_row(here, random) ? "" : seen.nhs).text(key);
    if (random.chance(shared_.faults.impossible_date)) {
      out.not_a_date("31/02/1900");
      shared_.truth.planted(blocks, "hospital", key, life, Fault::impossible_date);
    } else {
      out.date(seen.birth);
    }
    out.text(sex_digit(seen.sex))
        .text(seen.ethnicity)
        .text(seen.postcode)
        .text(practice_code(life, on))
        .text(trust)
        .text(commissioner(random, on, home_place(life, on)));
    for (const auto& one : known)
      if (one == trust) return;
    known.push_back(trust);
    shared_.truth.key(blocks, "hospital", key, life);
    shared_.truth.planted(blocks, "hospital", key, life, seen.faults);
  }

  void pseudonym(Block& out, const Life& life, Date on, std::string_view trust, Random& random) const {
    const std::uint64_t secret = mix64(life.nhs.digits ^ mix64(model_.seed ^ 0x70736575));
    out.text(fmt::format("{:016X}", secret)).text(to_string(life.birth).substr(0, 7)).text(sex_digit(life.sex)).text(model_.ethnicities[life.ethnicity].code);
    out.text(model_.areas[life.address(on).area].code).text(practice_code(life, on)).text(trust).text(commissioner(random, on, home_place(life, on)));
  }

  const HospitalFiles* files_for(std::string_view trust, bool outside) const {
    if (outside) return &outside_;
    const auto found = trusts_.find(trust);
    return found == trusts_.end() ? nullptr : &found->second;
  }

  void episodes(const Life& life, const Stay& stay, int serial, Random& random, Blocks& blocks, std::vector<std::string_view>& known) const {
    const std::string spell = fmt::format("{}S{:08}{:03}", stay.trust, life.id, serial);
    const HospitalFiles* files = files_for(stay.trust, stay.outside);
    if (!files) fhir_.at(std::string(stay.trust)).stay(shared_, source_, life, stay, spell, local_id(life, stay.trust), blocks, known);
    const int days = stay.discharged.days - stay.admitted.days;
    for (int episode = 1; episode <= stay.episodes; ++episode) {
      const Date start = stay.admitted.plus_days(days * (episode - 1) / stay.episodes);
      const Date end = episode == stay.episodes ? stay.discharged : stay.admitted.plus_days(days * episode / stay.episodes);
      if (files) {
        Block& out = blocks[files->apc];
        who(out, life, start, stay.trust, stay.outside, source_, random, blocks, known);
        episode_cells(out, stay, spell, episode, start, end);
      }
      Block& out = blocks[pseudonymised_.apc];
      pseudonym(out, life, start, stay.trust, random);
      episode_cells(out, stay, fmt::format("{:012X}", mix64(life.id * 1000 + static_cast<std::uint64_t>(serial)) >> 16), episode, start, end);
    }
  }

  void episode_cells(Block& out, const Stay& stay, std::string_view spell, int episode, Date start, Date end) const {
    constexpr std::string_view method[] = {"11", "21", "31", "82"};
    out.text(spell).whole(episode).text(method[stay.kind]).text(stay.kind == 3 ? "79" : "19").date(stay.admitted).text(stay.day_case ? "2" : "1");
    out.date(start)
        .date(end)
        .date(stay.discharged)
        .text(stay.died ? "79" : "19")
        .text(stay.died ? "4" : "1")
        .text(stay.icd10)
        .text(stay.second)
        .text(stay.third);
    out.text(episode == 1 ? stay.opcs : std::string_view{});
    episode == 1 && !stay.opcs.empty() ? out.date(stay.admitted) : out.blank();
    out.text(stay.kind >= 2 ? "501" : stay.specialty->code).text(stay.hrg).decimal(episode == 1 ? stay.pence / 100.0 : 0, 2);
    out.text(stay.kind == 1 ? "ACUTE1" : stay.kind == 0 ? "ELECT1" : "MATER1").text(stay.kind == 1 ? "0001" : stay.kind == 0 ? "0002" : "0003").end();
  }

  /// An attendance or appointment: identifiable, as CSV or as FHIR resources (`send`), and pseudonymised.
  template <typename Contact, typename Send, typename Cells>
  void contact(const Life& life, const Contact& one, char letter, std::size_t HospitalFiles::* file, const Source& source, int serial, Random& random,
               Blocks& blocks, std::vector<std::string_view>& known, Send send, Cells cells) const {
    const std::string id = fmt::format("{}{}{:08}{:03}", one.trust, letter, life.id, serial);
    if (const HospitalFiles* files = files_for(one.trust, one.outside)) {
      Block& out = blocks[files->*file];
      who(out, life, one.on, one.trust, one.outside, source, random, blocks, known);
      (this->*cells)(out, one, id);
    } else {
      (fhir_.at(std::string(one.trust)).*send)(shared_, source_, life, one, id, local_id(life, one.trust), blocks, known);
    }
    Block& out = blocks[pseudonymised_.*file];
    pseudonym(out, life, one.on, one.trust, random);
    (this->*cells)(out, one, fmt::format("{:012X}", mix64(life.id * 1000 + static_cast<std::uint64_t>(serial)) >> 16));
  }

  void attendance_cells(Block& out, const Attendance& one, std::string_view id) const {
    const int left = one.minute + one.minutes;
    out.text(id).date(one.on).text(clock_text(one.minute)).text(one.ambulance ? "ambulance" : "own-transport").text("1");
    out.date(one.on.plus_days(left / 1440))
        .text(clock_text(left % 1440))
        .text(one.reason->snomed)
        .text(std::string_view("0123456").substr(static_cast<std::size_t>(one.reason->acuity), 1))
        .text(one.reason->snomed);
    out.text(one.admitted ? "admitted" : "treatment-complete").text(one.admitted ? "ward" : "home").decimal(one.reason->pence / 100.0, 2).end();
  }

  void appointment_cells(Block& out, const Outpatient& one, std::string_view id) const {
    out.text(id).date(one.on).text(one.status == 5 ? "5" : one.status == 3 ? "3" : "2").text(one.first ? "1" : "2").text(one.specialty->code);
    out.decimal(one.status == 5 ? (one.first ? 181.0 : 92.0) : 0, 2).end();
  }

  HospitalRates rates_;
  Source op_, ecds_, outside_source_;
  std::map<std::string, HospitalFiles, std::less<>> trusts_;
  std::map<std::string, FhirFiles> fhir_;
  HospitalFiles outside_, pseudonymised_;
};

}  // namespace

std::unique_ptr<Feed> hospital_feed(const Shared& shared, Sheets& sheets) { return std::make_unique<Hospital>(shared, sheets); }

}  // namespace catchment::synth
