#include "linkage/model/guess.h"

#include <fmt/core.h>

#include <algorithm>
#include <array>

#include "linkage/model/column_look.h"

namespace catchment::linkage {
namespace {

enum class Word : std::uint8_t { label, middle, other };

struct HeaderWords {
  FieldKind kind;
  std::string_view words;  // blank-separated, in the form of header_key
};

// Headers as people write them, most telling first. "first_name" also matches "patient_first_name".
constexpr std::array<HeaderWords, 20> headers{{
    {FieldKind::nhs_number, "nhs_number nhs_no nhsnumber nhs_num nhs nhs_id"},
    {FieldKind::email, "email e_mail mail email_address emailaddress email_addr"},
    {FieldKind::telephone,
     "phone telephone tel mobile cell phone_number phone_no telephone_number phonenumber mobile_number home_phone work_phone cell_phone contact_number tel_no "
     "full_phone_num landline telefon"},
    {FieldKind::birth_date,
     "dob date_of_birth birth_date birthdate birthday dateofbirth d_o_b dte_of_birth birth_dt dob_date born geburtsdatum date_naissance fecha_nacimiento "
     "person_birth_date"},
    {FieldKind::birth_year, "by birth_year year_of_birth yob byear birthyear dob_year dob_y dob_yyyy dob_yy"},
    {FieldKind::birth_month, "bm birth_month month_of_birth mob bmonth birthmonth dob_month dob_m dob_mon birth_mon mon_birth dob_mm"},
    {FieldKind::birth_day, "bd birth_day day_of_birth bday dob_day dob_d dob_dd"},
    {FieldKind::age, "age age_years age_at"},
    {FieldKind::sex, "sex gender sex_code gender_code geschlecht sexe phenotypic_sex stated_gender"},
    {FieldKind::identifier,
     "ssn soc_sec_id soc_sec social_security social_security_number soc_sec_num nino ni_number national_insurance national_insurance_number passport "
     "passport_number passport_no driving_licence drivers_license driver_license licence_number license_number national_id medicare medicare_number medicaid "
     "hospital_number mrn chi chi_number health_card insurance_number tax_id tfn pesel identifier id_number id_card ssn4 voter_reg_num"},
    {FieldKind::given_name,
     "given given_name given_names first first_name firstname first_names fname f_name forename forenames christian_name givenname givennames prenom vorname "
     "nombre imie fname_c1 name_first person_given_name known_as"},
    {FieldKind::family_name,
     "surname last last_name lastname lname l_name family family_name familyname sname nachname nom apellido nazwisko lname_c1 name_last person_family_name "
     "surnames"},
    {FieldKind::full_name, "name full_name fullname patient_name person_name first_and_surname whole_name display_name customer_name client_name"},
    {FieldKind::postcode, "postcode post_code zip zipcode zip_code postal_code postalcode pcode plz zip5 postcode_fake pc postal post zip_cd"},
    {FieldKind::house_number, "street_number house_number house_no houseno street_no building_number housenumber house house_num streetnumber hno door_number"},
    {FieldKind::address,
     "address addr street street_address street_name streetname road address_line address_line_1 address_line1 address1 address_1 addr1 addr_1 "
     "res_street_address home_address street_addr line_1 address_line_2 address2 address_2 addr2 address_line2 line_2 full_address strasse"},
    {FieldKind::locality,
     "city town suburb locality place birth_place birthplace village district municipality city_desc res_city_desc post_town posttown ort ville county "
     "place_of_birth"},
    {FieldKind::category,
     "state region race ethnicity ethnic ethnic_group ethnic_code race_code ethnic_origin marital_status language country nationality suffix name_suffix title "
     "st province religion party party_cd name_sufx_cd name_suffix_lbl state_cd"},
    {FieldKind::source, "source source_dataset dataset data_source datasource source_system source_file file_name origin provider_code src"},
    {FieldKind::row_id,
     "id rec_id record_id recid row_id unique_id uniqueid rowid index row key uuid guid seq sequence record_number recordid row_number rownum no record rid "
     "test_case"},
}};

constexpr std::string_view label_words =
    " cluster cluster_id clusterid entity entity_id entityid person_id personid true_id truth true_cluster true_label label match_id matchid match_group group "
    "group_id groupid "
    "master_id ground_truth gold_id gold duplicate_of dup_of ent_id ncid real_id identity truth_id true_person true_entity cluster_label dup_group "
    "is_duplicate duplicate "
    "expected expected_result golden_id canonical_id original_id person_uid ";
constexpr std::string_view other_name_words =
    " middle middle_name midl_name middlename mname middle_names second_name maiden maiden_name previous_surname birth_name other_names fname_c2 lname_c2 "
    "alias nickname middle_initial mi previous_name former_name ";

std::string header_key(std::string_view header) {
  std::string out;
  char before = 0;
  for (const char c : header) {
    const bool upper = c >= 'A' && c <= 'Z', low = c >= 'a' && c <= 'z', digit = c >= '0' && c <= '9';
    if (upper && before >= 'a' && before <= 'z' && !out.empty()) out.push_back('_');  // dateOfBirth
    if (upper || low || digit) out.push_back(upper ? static_cast<char>(c | 0x20) : c);
    else if (!out.empty() && out.back() != '_') out.push_back('_');
    before = c;
  }
  while (!out.empty() && out.back() == '_') out.pop_back();
  return out;
}

bool listed(std::string_view words, std::string_view key) {
  const std::size_t at = (std::string(" ") + std::string(words) + " ").find(" " + std::string(key) + " ");
  return at != std::string::npos;
}

// The header, then the header without what says whose it is or which of several.
std::vector<std::string> header_forms(const std::string& key) {
  std::vector<std::string> out{key};
  std::string rest = key;
  const std::size_t tail = rest.find_last_not_of("0123456789_");
  if (tail != std::string::npos && tail + 1 < rest.size()) out.push_back(rest = rest.substr(0, tail + 1));
  for (const std::string_view whose : {"patient_", "person_", "pt_", "client_", "customer_", "member_", "resident_", "rec_", "the_", "subject_", "res_",
                                       "home_", "voter_", "current_", "usual_", "main_", "primary_"})
    if (rest.rfind(whose, 0) == 0) out.push_back(rest.substr(whose.size()));
  for (const std::string_view which : {"_l", "_r", "_text", "_value", "_code", "_cd", "_clean", "_raw", "_txt", "_str", "_desc", "_field"})
    if (rest.size() > which.size() && rest.compare(rest.size() - which.size(), which.size(), which) == 0)
      out.push_back(rest.substr(0, rest.size() - which.size()));
  return out;
}

struct Guess {
  FieldKind kind = FieldKind::ignore;
  std::string why;
};

bool looks_right(FieldKind kind, const Look& look) {
  switch (kind) {
    case FieldKind::birth_date: return look.share(look.dates) > 0.3 || look.share(look.birth_years) > 0.5;
    case FieldKind::email: return look.share(look.emails) > 0.3;
    case FieldKind::birth_year: return look.share(look.numeric) > 0.3;
    case FieldKind::birth_month:
    case FieldKind::birth_day: return look.share(look.numeric) > 0.3 && look.distinct < 2000;
    case FieldKind::age: return look.share(look.numeric) > 0.3 && look.distinct < 400;
    case FieldKind::source: return look.distinct <= 50;
    case FieldKind::given_name:
    case FieldKind::family_name:
    case FieldKind::full_name: return look.share(look.numeric) < 0.7;
    case FieldKind::locality: return look.share(look.uk_postcodes) < 0.5;
    default: return true;
  }
}

// Whole numbers that fill their range: row numbers and cluster labels, not facts about people.
bool runs_in_sequence(const Look& look) {
  return look.share(look.numeric) > 0.98 && look.distinct > 20 && look.highest - look.lowest < 1.6 * look.distinct + 10 && look.distinct > 0.08 * look.rows;
}

Guess by_values(const Look& look, bool first_column, bool has_birth_date) {
  const bool row_numbers = look.distinct >= 0.999 * look.filled && look.filled > 20;
  if (first_column && row_numbers) return {FieldKind::row_id, "first column, every value different"};
  if (look.share(look.emails) > 0.6) return {FieldKind::email, "values hold @"};
  if (look.distinct <= 6 && look.share(look.sexes) > 0.6) return {FieldKind::sex, "values M and F"};
  if (look.share(look.nhs) > 0.9 && look.distinct > 20) return {FieldKind::nhs_number, "ten digits with a right check digit"};
  if (look.share(look.uk_postcodes) > 0.6) return {FieldKind::postcode, "shape of a postcode"};
  if (look.share(look.dates) > 0.8 && !has_birth_date && look.share(look.birth_years) > 0.8) return {FieldKind::birth_date, "dates over many years"};
  if (look.share(look.dates) > 0.8) return {FieldKind::category, "dates"};
  if (runs_in_sequence(look)) return {FieldKind::ignore, "numbers in sequence: a label, not a fact"};
  if (look.share(look.phones) > 0.8 && look.distinct > 0.2 * look.filled) return {FieldKind::telephone, "long numbers"};
  if (look.share(look.numeric) > 0.9) {
    if (look.distinct > 0.3 * look.filled && look.length / std::max(1.0, look.seen) >= 5) return {FieldKind::identifier, "many different numbers"};
    if (look.highest <= 120 && look.distinct > 30) return {FieldKind::age, "numbers up to 120"};
    return {FieldKind::category, "numbers"};
  }
  if (look.distinct <= 30) return {FieldKind::category, "few different values"};
  if (look.share(look.lettered) > 0.8 && look.share(look.spaced) < 0.35 && look.first_named > 0.25) return {FieldKind::given_name, "known given names"};
  if (look.share(look.lettered) > 0.8 && look.share(look.spaced) > 0.7 && look.named > 0.25 && look.length / std::max(1.0, look.seen) < 40)
    return {FieldKind::full_name, "words with known given names"};
  if (look.share(look.spaced) > 0.6 && look.share(look.lettered) < 0.4) return {FieldKind::address, "words and numbers"};
  return {FieldKind::text, "text"};
}

Guess by_header(const std::string& key, const Look& look) {
  for (const std::string& form : header_forms(key)) {
    if (listed(label_words, form)) return {FieldKind::ignore, "a label of who is who, not a fact"};
    if (listed(other_name_words, form)) return {FieldKind::text, "a further name"};
    for (const HeaderWords& h : headers)
      if (listed(h.words, form) && looks_right(h.kind, look)) return {h.kind, "header"};
  }
  // A telling word inside a longer header: "client_date_of_birth_recorded".
  for (const HeaderWords& h : headers) {
    if (h.kind == FieldKind::row_id || h.kind == FieldKind::category || h.kind == FieldKind::source) continue;
    std::string_view words = h.words;
    while (!words.empty()) {
      const std::string_view word = words.substr(0, words.find(' '));
      words.remove_prefix(std::min(words.size(), word.size() + 1));
      if (word.size() >= 5 && ("_" + key + "_").find("_" + std::string(word) + "_") != std::string::npos && looks_right(h.kind, look))
        return {h.kind, "header"};
    }
  }
  return {FieldKind::ignore, ""};
}

std::string usual_name(FieldKind kind) { return std::string(to_string(kind)); }

}  // namespace

Model guess_model(const Tables& tables, const std::vector<std::string>& left_out, std::vector<std::string>& notes) {
  Model model;
  struct Found {
    const Tables::Column* column;
    Guess guess;
    Look look;
  };
  std::vector<Found> found;
  for (const auto& column : tables.columns()) {
    Found f{column.get(), {}, look_at(*column, tables.rows())};
    const std::string key = header_key(column->name);
    if (std::find(left_out.begin(), left_out.end(), column->name) != left_out.end())
      f.guess = {FieldKind::ignore, "truth, never read before the answer is fixed"};
    else if (f.look.filled == 0) f.guess = {FieldKind::ignore, "empty"};
    else f.guess = by_header(key, f.look);
    const bool all_different = f.look.distinct >= 0.999 * f.look.filled;
    if (f.guess.kind == FieldKind::row_id && !all_different && !tables.is_first_column(column->name)) f.guess = {};
    if (tables.is_first_column(column->name) && f.guess.why != "header" && all_different && f.look.filled > 20)
      f.guess = {FieldKind::row_id, "first column, every value different"};
    found.push_back(std::move(f));
  }
  const auto has = [&](std::uint16_t source, FieldKind kind) {
    return std::any_of(found.begin(), found.end(), [&](const Found& f) {
      return f.guess.kind == kind && std::find(f.column->sources.begin(), f.column->sources.end(), source) != f.column->sources.end();
    });
  };
  for (Found& f : found) {
    const auto& sources = f.column->sources;
    const bool born =
        std::any_of(sources.begin(), sources.end(), [&](std::uint16_t s) { return has(s, FieldKind::birth_date) || has(s, FieldKind::birth_year); });
    if (f.guess.why.empty()) f.guess = by_values(f.look, tables.is_first_column(f.column->name), born);
    if (f.guess.kind != FieldKind::ignore && f.look.distinct <= 1 && f.guess.kind != FieldKind::row_id) f.guess = {FieldKind::ignore, "one value only"};
  }
  // Beside a given name, the text of many different single words is the family name, whatever its header.
  for (const Found& f : found) {
    if (f.guess.kind != FieldKind::given_name) continue;
    for (const std::uint16_t source : f.column->sources) {
      if (has(source, FieldKind::family_name)) continue;
      Found* best = nullptr;
      for (Found& other : found) {
        const bool here = std::find(other.column->sources.begin(), other.column->sources.end(), source) != other.column->sources.end();
        const double length = other.look.length / std::max(1.0, other.look.seen);
        const bool names = other.guess.kind == FieldKind::text && other.guess.why == "text" && other.look.share(other.look.lettered) > 0.8 &&
            other.look.share(other.look.spaced) < 0.35 && length >= 3 && length <= 15;
        if (here && names && (best == nullptr || other.look.distinct > best->look.distinct)) best = &other;
      }
      if (best != nullptr) best->guess = {FieldKind::family_name, "many different words beside a given name"};
    }
  }
  // A whole name beside both parts serves the rows that lack them; a second whole name says nothing more.
  std::vector<bool> named(tables.source_names().size());
  for (Found& f : found) {
    if (f.guess.kind != FieldKind::full_name) continue;
    const auto& sources = f.column->sources;
    const auto all = [&](const auto& holds) { return std::all_of(sources.begin(), sources.end(), holds); };
    if (all([&](std::uint16_t s) { return named[s]; })) f.guess = {FieldKind::ignore, "the name again"};
    else if (all([&](std::uint16_t s) { return has(s, FieldKind::family_name) && !has(s, FieldKind::given_name); }))
      f.guess = {FieldKind::given_name, "a name beside a family name"};
    for (const std::uint16_t source : sources) named[source] = true;
  }
  for (const Found& f : found) {
    notes.push_back(fmt::format("{}: {} ({})", f.column->name, to_string(f.guess.kind), f.guess.why));
    // Columns of one kind from different files are one field; from the same file they are two.
    Field* same = nullptr;
    for (Field& field : model.fields) {
      if (field.kind != f.guess.kind || f.guess.kind == FieldKind::ignore) continue;
      bool apart = true;
      for (const std::string& name : field.columns)
        for (const std::uint16_t source : tables.column(name)->sources)
          apart = apart && std::find(f.column->sources.begin(), f.column->sources.end(), source) == f.column->sources.end();
      if (apart && same == nullptr) same = &field;
    }
    if (same != nullptr) {
      same->columns.push_back(f.column->name);
      continue;
    }
    const bool taken = std::any_of(model.fields.begin(), model.fields.end(), [&](const Field& field) { return field.kind == f.guess.kind; });
    const bool plain = !taken && f.guess.kind != FieldKind::ignore && f.guess.kind != FieldKind::text && f.guess.kind != FieldKind::category &&
        f.guess.kind != FieldKind::identifier;
    model.fields.push_back({plain ? usual_name(f.guess.kind) : f.column->name, {f.column->name}, f.guess.kind});
  }
  return model;
}

}  // namespace catchment::linkage
