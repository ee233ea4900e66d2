// The tables of synth/*.csv about care: measurements, medicines, vaccines, services, causes of death.
#include <algorithm>

#include "synth/model.h"

namespace catchment::synth {
namespace {

using system::Definitions;
using system::Row;
using system::Table;

int condition_index(const Model& model, Row& row) {
  const std::string id = row.optional_text("condition");
  if (id.empty()) return -1;
  const int found = model.condition(id);
  if (found < 0) row.error("condition", "there is no condition '" + id + "'", "use an id of synth/conditions.csv, or leave it empty");
  return found;
}

double number(Row& row, std::string_view column, double low = 0, double high = 1e9) { return row.number(column, low, high).value_or(0); }

int whole(Row& row, std::string_view column, int high = 100'000'000) { return static_cast<int>(row.integer(column, 0, high)); }

void load_measurements(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/measurements.csv", {{"id", "snomed", "unit"}, {"other_unit", "other_factor", "other_offset"}});
  system::KnownIds ids;
  for (Row row : table) {
    Measurement one;
    one.id = row.id("id", ids);
    one.snomed = row.text("snomed");
    one.unit = row.optional_text("unit");
    one.other_unit = row.optional_text("other_unit");
    if (row.has("other_factor")) one.other_factor = number(row, "other_factor");
    if (row.has("other_offset")) one.other_offset = number(row, "other_offset");
    model.measurements.push_back(std::move(one));
  }
}

void load_medicines(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/medicines.csv", {{"id", "name", "bnf", "condition", "share", "issues_a_year", "quantity", "pence"}});
  system::KnownIds ids;
  for (Row row : table) {
    Medicine one;
    one.id = row.id("id", ids);
    one.name = row.text("name");
    one.bnf = row.text("bnf");
    one.condition = condition_index(model, row);
    one.share = number(row, "share", 0, 1);
    one.issues_a_year = whole(row, "issues_a_year", 366);
    one.quantity = whole(row, "quantity");
    one.pence = whole(row, "pence");
    model.medicines.push_back(std::move(one));
  }
}

void load_vaccines(Definitions& definitions, Model& model) {
  Table table(
      definitions, "synth/vaccines.csv",
      {{"id", "snomed", "title", "dose", "due_days", "late_days", "gap_days", "introduced", "introduced_men", "figure", "poorest", "place", "place_gap"}});
  system::KnownIds ids;
  for (Row row : table) {
    Vaccine one;
    one.id = row.id("id", ids);
    one.snomed = row.text("snomed");
    one.title = row.text("title");
    one.dose = whole(row, "dose", 20);
    one.due_days = whole(row, "due_days", 45'000);
    one.late_days = whole(row, "late_days", 5'000);
    if (!row.optional_text("gap_days").empty()) one.gap_days = whole(row, "gap_days", 5'000);
    if (const auto from = row.date("introduced")) one.introduced = *from;
    one.introduced_men = row.date("introduced_men").value_or(one.introduced);
    one.figure = number(row, "figure", 1, 99);
    one.poorest = number(row, "poorest", 0, 5);
    one.place_gap = number(row, "place_gap", 0, 5);
    const std::string place = row.optional_text("place");
    for (std::size_t p = 0; p < model.places.size(); ++p)
      if (model.places[p].id == place) one.place = static_cast<int>(p);
    if (!place.empty() && one.place < 0) row.error("place", "there is no place '" + place + "'", "use an id of places.csv, or leave it empty");
    model.vaccines.push_back(std::move(one));
  }
}

template <typename Service>
void read_ages_and_condition(const Model& model, Row& row, Service& one) {
  one.weight = number(row, "weight");
  one.from_age = whole(row, "from_age", 120);
  one.to_age = whole(row, "to_age", 120);
  one.condition = condition_index(model, row);
}

void load_hospital(Definitions& definitions, Model& model) {
  Table specialties(
      definitions, "synth/specialties.csv",
      {{"code", "title", "weight", "from_age", "to_age", "condition", "icd10", "opcs", "hrg", "pence", "days", "elective", "emergency"}, {"poorest"}});
  for (Row row : specialties) {
    Specialty one;
    one.code = row.text("code");
    one.title = row.text("title");
    read_ages_and_condition(model, row, one);
    one.icd10 = row.text("icd10");
    one.opcs = row.optional_text("opcs");
    one.hrg = row.text("hrg");
    one.pence = whole(row, "pence");
    one.days = number(row, "days");
    one.elective = number(row, "elective", 0, 1);
    one.emergency = number(row, "emergency", 0, 1);
    if (row.has("poorest")) one.poorest = number(row, "poorest", 0.1, 10);
    model.specialties.push_back(std::move(one));
  }
  Table emergencies(definitions, "synth/emergencies.csv", {{"snomed", "title", "weight", "from_age", "to_age", "acuity", "admitted", "pence", "icd10"}});
  for (Row row : emergencies) {
    Emergency one;
    one.snomed = row.text("snomed");
    one.title = row.text("title");
    one.weight = number(row, "weight");
    one.from_age = whole(row, "from_age", 120);
    one.to_age = whole(row, "to_age", 120);
    one.acuity = whole(row, "acuity", 5);
    one.admitted = number(row, "admitted", 0, 1);
    one.pence = whole(row, "pence");
    one.icd10 = row.text("icd10");
    model.emergencies.push_back(std::move(one));
  }
}

void load_other_services(Definitions& definitions, Model& model) {
  Table community(definitions, "synth/community_services.csv", {{"code", "title", "weight", "contacts", "from_age", "to_age", "condition", "minutes"}});
  for (Row row : community) {
    CommunityService one;
    one.code = row.text("code");
    one.title = row.text("title");
    read_ages_and_condition(model, row, one);
    one.contacts = whole(row, "contacts", 500);
    one.minutes = whole(row, "minutes", 600);
    model.community_services.push_back(std::move(one));
  }
  Table causes(definitions, "synth/causes_of_death.csv", {{"icd10", "title", "weight", "condition", "from_age", "to_age"}});
  for (Row row : causes) {
    Cause one;
    one.icd10 = row.text("icd10");
    one.title = row.text("title");
    read_ages_and_condition(model, row, one);
    model.causes.push_back(std::move(one));
  }
}

/// The code of the organisation of a kind that mainly serves each place; one that names no places serves the rest.
std::vector<std::string> serving(const Model& model, system::OrganisationKind kind) {
  std::vector<std::string> codes(model.places.size());
  for (std::size_t p = 0; p < model.places.size(); ++p)
    for (const bool named : {true, false})
      for (const auto& organisation : model.system.organisations) {
        if (organisation.kind != kind || !organisation.in_area || organisation.closed || !codes[p].empty()) continue;
        const auto& places = organisation.places;
        if (named ? std::find(places.begin(), places.end(), model.places[p].id) != places.end() : places.empty()) codes[p] = organisation.code;
      }
  return codes;
}

void load_commissioners(Model& model) {
  using system::OrganisationKind;
  for (const auto& one : model.system.organisations) {
    if ((one.kind != OrganisationKind::clinical_commissioning_group && one.kind != OrganisationKind::care_board) || one.expected) continue;
    Model::Commissioner added{one.code, one.opened.value_or(Date::from_ymd(1948, 7, 5)), one.closed.value_or(Date::from_ymd(2999, 12, 31)), {}};
    for (std::size_t p = 0; p < model.places.size(); ++p)
      if (std::find(one.places.begin(), one.places.end(), model.places[p].id) != one.places.end()) added.places.push_back(p);
    const auto* holder = system::find_organisation_by_code(model.system, one.code, model.as_of);  // a code may be used again
    if (one.closed && *one.closed < model.as_of && (holder == nullptr || (holder->closed && *holder->closed < model.as_of)))
      model.retired_organisations.emplace_back(one.code, *one.closed);
    model.commissioners.push_back(std::move(added));
  }
}

}  // namespace

void load_providers(Definitions& definitions, Model& model) {
  using system::OrganisationKind;
  model.hospital = serving(model, OrganisationKind::hospital_trust);
  model.mental_health = serving(model, OrganisationKind::mental_health_trust);
  model.community = serving(model, OrganisationKind::community_trust);
  for (std::size_t p = 0; p < model.places.size(); ++p)
    if (model.community[p].empty()) model.community[p] = model.mental_health[p];  // such trusts run community services too
  model.ambulance = serving(model, OrganisationKind::ambulance_trust);
  model.urgent = serving(model, OrganisationKind::urgent_care_provider);
  for (const auto& place : model.system.places) {
    const auto* council = system::find_organisation(model.system, place.council);
    model.council.push_back(council ? council->code : place.code);
  }
  for (const auto* list : {&model.hospital, &model.mental_health, &model.ambulance, &model.urgent})
    for (const auto& code : *list)
      if (code.empty())
        definitions.error("organisations.csv", 0, 0, "some place has no hospital, mental health, ambulance or urgent care organisation",
                          "name the places each one serves");
  for (const auto& organisation : model.system.organisations) {
    if (organisation.kind == OrganisationKind::hospital_trust && !organisation.in_area) {
      model.outside_hospitals.push_back(organisation.code);
      model.outside_shares.push_back(organisation.share_from_area.value_or(0.02));
    }
  }
  load_commissioners(model);
  if (const auto* board = system::find_organisation(model.system, model.system.board)) model.board = board->code;
  Table table(definitions, "synth/providers.csv", {{"organisation", "form"}, {"late"}});
  for (Row row : table) {
    const std::string id = row.text("organisation");
    const auto* organisation = system::find_organisation(model.system, id);
    if (!organisation) row.error("organisation", "there is no organisation '" + id + "'", "use an id of organisations.csv");
    else if (row.one_of("form", {"csv", "fhir"}) == 1) model.fhir_senders.push_back(organisation->code);
    else if (row.yes_no("late", false)) model.late_council = organisation->code;
  }
  Table absent(definitions, "synth/absent_practices.csv", {{"practice"}, {"why"}});
  for (Row row : absent) {
    const std::string code = row.text("practice");
    bool found = false;
    for (auto& practice : model.practices)
      if (practice.code == code) practice.absent = found = true;
    if (!found) row.error("practice", "there is no open practice '" + code + "'", "use a code of practices.csv");
  }
}

void load_care(Definitions& definitions, Model& model) {
  load_measurements(definitions, model);
  load_medicines(definitions, model);
  load_vaccines(definitions, model);
  load_hospital(definitions, model);
  load_other_services(definitions, model);
}

}  // namespace catchment::synth
