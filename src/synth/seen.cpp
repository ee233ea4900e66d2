#include "synth/seen.h"

#include <array>

#include "synth/population.h"

namespace catchment::synth {
namespace {

bool letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

std::uint64_t hash_text(std::string_view text) {
  std::uint64_t hash = 0;
  for (const char c : text) hash = mix64(hash ^ static_cast<unsigned char>(c));
  return hash & 0xffffffff;
}

Date wrong_birth(Date birth, Random& random) {
  if (birth.day() <= 12 && birth.day() != birth.month()) return Date::from_ymd(birth.year(), birth.day(), birth.month());
  if (random.chance(0.5) && birth.year() > 1901) return birth.plus_months(random.chance(0.5) ? -120 : -12);
  return birth.day() > 10 ? birth.plus_days(-10) : birth.plus_days(9);
}

}  // namespace

std::string_view to_string(Fault fault) {
  constexpr std::array<std::string_view, static_cast<std::size_t>(Fault::count)> names = {"missing_nhs_number",
                                                                                          "invalid_nhs_number",
                                                                                          "swapped_nhs_number",
                                                                                          "name_error",
                                                                                          "nickname",
                                                                                          "names_swapped",
                                                                                          "birth_date_error",
                                                                                          "old_address",
                                                                                          "previous_family_name",
                                                                                          "registered_twice",
                                                                                          "newborn_without_number",
                                                                                          "baby_placeholder_name",
                                                                                          "sex_error",
                                                                                          "ethnicity_not_stated",
                                                                                          "retired_organisation_code",
                                                                                          "wrong_unit",
                                                                                          "impossible_date",
                                                                                          "broken_quoting",
                                                                                          "wrong_encoding",
                                                                                          "duplicate_row",
                                                                                          "unknown_code",
                                                                                          "twin"};
  return names[static_cast<std::size_t>(fault)];
}

std::string mistype(const std::string& name, Random& random) {
  for (int tries = 0; tries < 8 && name.size() > 1; ++tries) {
    const std::size_t at = 1 + random.below(name.size() - 1);
    if (!letter(name[at])) continue;
    std::string wrong = name;
    switch (random.below(4)) {
      case 0: wrong[at] = static_cast<char>('a' + random.below(26)); break;
      case 1: wrong.erase(at, 1); break;
      case 2: wrong.insert(at, 1, name[at]); break;
      default:
        if (at + 1 < name.size() && letter(name[at + 1])) std::swap(wrong[at], wrong[at + 1]);
        break;
    }
    if (wrong != name) return wrong;
  }
  return name + "e";
}

Faults::Faults(const Model& model)
    : retired_code(model.rates["retired_organisation_code.any"]),
      wrong_unit(model.rates["wrong_unit.gp"]),
      impossible_date(model.rates["impossible_date.any"]),
      duplicate_row(model.rates["duplicate_row.any"]),
      unknown_code(model.rates["unknown_code.any"]),
      model_(model),
      invalid_(model.rates["invalid_nhs_number.any"]),
      swapped_(model.rates["swapped_nhs_number.any"]),
      name_(model.rates["name_error.any"]),
      nickname_(model.rates["nickname.any"]),
      names_swapped_(model.rates["names_swapped.any"]),
      birth_(model.rates["birth_date_error.any"]),
      old_hospital_(model.rates["old_address.hospital"]),
      old_(model.rates["old_address.any"]),
      previous_name_(model.rates["previous_family_name.any"]),
      newborn_(model.rates["newborn_without_number.any"]),
      baby_(model.rates["baby_placeholder_name.any"]),
      sex_(model.rates["sex_error.any"]),
      ethnicity_(model.rates["ethnicity_not_stated.any"]) {}

Source Faults::source(std::string_view id, bool hospital) const {
  return {std::string(id), hash_text(id), model_.rates["missing_nhs_number." + std::string(id)], hospital};
}

Seen Faults::see(const Life& life, const Source& source, Date on) const {
  Random random = person_stream(model_, life, Purpose::faults, source.number);
  const bool practice = source.id == "gp";
  Seen seen;
  seen.nhs = to_digits(life.nhs);
  const double number_fault = random.uniform();
  if (number_fault < invalid_) {
    const std::size_t at = 3 + random.below(6);
    seen.nhs[at] = static_cast<char>('0' + (seen.nhs[at] - '0' + 1) % 10);  // modulus 11 catches every single wrong digit
    seen.faults.add(Fault::invalid_nhs_number);
  } else if (!practice && number_fault < invalid_ + swapped_) {
    seen.nhs = to_digits(nhs_number(model_, life.id ^ 1));
    seen.faults.add(Fault::swapped_nhs_number);
  }
  seen.given = life.given;
  seen.middle = life.middle;
  seen.family = life.family_on(on);
  if (life.renamed && *life.renamed <= on && random.chance(previous_name_)) seen.family = life.family_before, seen.faults.add(Fault::previous_family_name);
  const auto nicknames = model_.nicknames.find(life.given);
  if (nicknames != model_.nicknames.end() && random.chance(practice ? nickname_ / 4 : nickname_)) {
    seen.given = nicknames->second[random.below(nicknames->second.size())];
    seen.faults.add(Fault::nickname);
  }
  if (random.chance(name_)) {
    std::string& name = random.chance(0.5) ? seen.given : seen.family;
    name = mistype(name, random);
    seen.faults.add(Fault::name_error);
  }
  if (random.chance(names_swapped_)) std::swap(seen.given, seen.family), seen.faults.add(Fault::names_swapped);
  seen.birth = life.birth;
  if (random.chance(birth_)) {
    seen.birth = wrong_birth(life.birth, random);
    if (seen.birth > on) seen.birth = life.birth;
    else seen.faults.add(Fault::birth_date_error);
  }
  seen.sex = life.sex;
  if (random.chance(sex_)) seen.sex = life.sex == Sex::female ? Sex::male : Sex::female, seen.faults.add(Fault::sex_error);
  seen.address = life.address(on);
  if (random.chance(source.hospital ? old_hospital_ : old_)) {
    const Address& present = life.address(model_.as_of);
    const Address* earlier = &life.addresses.front();
    for (std::size_t i = 0; i + 1 < life.addresses.size(); ++i) earlier = &life.addresses[i];
    if (earlier->postcode != present.postcode) {
      seen.address = *earlier;
    } else {  // no earlier home is known: a neighbouring postcode nobody put right
      const AreaModel& area = model_.areas[present.area];
      seen.address.postcode = area.first_postcode + (present.postcode - area.first_postcode + 1) % area.postcodes;
    }
    seen.faults.add(Fault::old_address);
  }
  seen.postcode = model_.postcodes[seen.address.postcode];
  seen.ethnicity = model_.ethnicities[life.ethnicity].code;
  if (random.chance(practice ? ethnicity_ * 0.4 : ethnicity_)) seen.ethnicity = "Z", seen.faults.add(Fault::ethnicity_not_stated);
  const int days_old = on.days - life.birth.days;
  if (!practice && days_old <= 30) {
    if (random.chance(newborn_)) seen.nhs.clear(), seen.faults.add(Fault::newborn_without_number);
    if (random.chance(baby_)) {
      seen.given = life.twin ? (life.id % 2 ? "Twin 1" : "Twin 2") : "Baby";
      seen.middle.clear();
      seen.faults.add(Fault::baby_placeholder_name);
    }
  }
  if (life.twin) seen.faults.add(Fault::twin);
  return seen;
}

std::string_view Faults::number_on_row(const Seen& seen, const Source& source, Random& random) const {
  return missing_on_row(source, random) ? std::string_view{} : std::string_view{seen.nhs};
}

}  // namespace catchment::synth
