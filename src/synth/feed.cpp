#include "synth/feed.h"

namespace catchment::synth {

std::size_t Sheets::add(Sheet sheet, bool large) {
  if (large && large_as_parquet_) sheet.form = SheetForm::parquet;
  sheets_.push_back(std::make_unique<Sheet>(std::move(sheet)));
  return sheets_.size() - 1;
}

Truth::Truth(Sheets& sheets) {
  keys_ = sheets.add({"truth/keys", {{"domain"}, {"key"}, {"person", CellKind::whole}}}, true);
  planted_ = sheets.add({"truth/planted", {{"domain"}, {"key"}, {"person", CellKind::whole}, {"fault"}}});
  people_ = sheets.add({"truth/people",
                        {{"person", CellKind::whole},
                         {"standing"},
                         {"nhs_number"},
                         {"given"},
                         {"middle"},
                         {"family"},
                         {"family_before"},
                         {"renamed", CellKind::date},
                         {"sex"},
                         {"birth", CellKind::date},
                         {"death", CellKind::date},
                         {"ethnicity"},
                         {"place"},
                         {"small_area"},
                         {"postcode"},
                         {"deprivation_fifth", CellKind::whole},
                         {"practice"},
                         {"registered", CellKind::whole},
                         {"household", CellKind::whole},
                         {"mother", CellKind::whole},
                         {"twin", CellKind::whole},
                         {"care_home", CellKind::whole},
                         {"enters", CellKind::date},
                         {"exits", CellKind::date}}});
  conditions_ = sheets.add({"truth/conditions", {{"person", CellKind::whole}, {"condition"}, {"onset", CellKind::date}}});
}

void Truth::key(Blocks& blocks, std::string_view domain, std::string_view key, const Life& life) const {
  blocks[keys_].text(domain).text(key).whole(static_cast<std::int64_t>(life.id)).end();
}

void Truth::planted(Blocks& blocks, std::string_view domain, std::string_view key, const Life& life, Fault fault) const {
  blocks[planted_].text(domain).text(key).whole(static_cast<std::int64_t>(life.id)).text(to_string(fault)).end();
}

void Truth::planted(Blocks& blocks, std::string_view domain, std::string_view key, const Life& life, FaultSet faults) const {
  if (faults.bits() == 0) return;
  for (unsigned f = 0; f < static_cast<unsigned>(Fault::count); ++f)
    if (faults.has(static_cast<Fault>(f))) planted(blocks, domain, key, life, static_cast<Fault>(f));
}

void Truth::person(Blocks& blocks, const Model& model, const std::vector<Life>& lives, const Life& life) const {
  constexpr std::array<std::string_view, 4> standings = {"resident", "died", "left", "outside"};
  const Address& home = life.addresses.back();
  const AreaModel& area = model.areas[home.area];
  const Registration* practice = life.registration(model.as_of);
  Block& out = blocks[people_];
  const auto date = [&](const std::optional<Date>& value) { value ? out.date(*value) : out.blank(); };
  out.whole(static_cast<std::int64_t>(life.id)).text(standings[static_cast<std::size_t>(life.standing)]).text(to_digits(life.nhs));
  out.text(life.given).text(life.middle).text(life.family).text(life.family_before);
  date(life.renamed);
  out.text(life.sex == Sex::female ? "female" : "male").date(life.birth);
  date(life.death);
  out.text(model.ethnicities[life.ethnicity].code).text(area.outside ? "" : model.places[area.place].id).text(area.code);
  out.text(model.postcodes[home.postcode]).whole(area.fifth).text(practice ? model.practices[practice->practice].code : "");
  out.whole(practice != nullptr).whole(static_cast<std::int64_t>(life.household));
  life.mother >= 0 ? out.whole(static_cast<std::int64_t>(lives[static_cast<std::size_t>(life.mother)].id)) : out.blank();
  out.whole(life.twin).whole(life.care_home).date(life.enters).date(life.exits).end();
  for (std::size_t c = 0; c < model.conditions.size(); ++c)
    if (life.onset[c] != Life::never)
      blocks[conditions_].whole(static_cast<std::int64_t>(life.id)).text(model.conditions[c].id).date(Date{life.onset[c]}).end();
}

}  // namespace catchment::synth
