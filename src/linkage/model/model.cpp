#include "linkage/model/model.h"

#include <fmt/core.h>

#include <array>
#include <cstdlib>
#include <utility>

namespace catchment::linkage {
namespace {

template <typename Value>
struct Word {
  Value value;
  std::string_view text;
};

constexpr std::array<Word<FieldKind>, 22> kinds{{{FieldKind::ignore, "ignore"},
                                                 {FieldKind::row_id, "row_id"},
                                                 {FieldKind::source, "source"},
                                                 {FieldKind::given_name, "given_name"},
                                                 {FieldKind::family_name, "family_name"},
                                                 {FieldKind::full_name, "full_name"},
                                                 {FieldKind::birth_date, "birth_date"},
                                                 {FieldKind::birth_year, "birth_year"},
                                                 {FieldKind::birth_month, "birth_month"},
                                                 {FieldKind::birth_day, "birth_day"},
                                                 {FieldKind::age, "age"},
                                                 {FieldKind::sex, "sex"},
                                                 {FieldKind::postcode, "postcode"},
                                                 {FieldKind::house_number, "house_number"},
                                                 {FieldKind::address, "address"},
                                                 {FieldKind::locality, "locality"},
                                                 {FieldKind::category, "category"},
                                                 {FieldKind::telephone, "telephone"},
                                                 {FieldKind::email, "email"},
                                                 {FieldKind::nhs_number, "nhs_number"},
                                                 {FieldKind::identifier, "identifier"},
                                                 {FieldKind::text, "text"}}};

constexpr std::array<Word<Test>, 18> tests{{{Test::exact, "exact"},
                                            {Test::nickname, "nickname"},
                                            {Test::contained, "contained"},
                                            {Test::jaro_winkler, "jaro_winkler"},
                                            {Test::edit, "edit"},
                                            {Test::phonetic, "phonetic"},
                                            {Test::prefix, "prefix"},
                                            {Test::overlap, "overlap"},
                                            {Test::same_numbers, "same_numbers"},
                                            {Test::date_swapped, "date_swapped"},
                                            {Test::date_digit, "date_digit"},
                                            {Test::date_two_parts, "date_two_parts"},
                                            {Test::date_partial, "date_partial"},
                                            {Test::date_years, "date_years"},
                                            {Test::postcode_part, "postcode_part"},
                                            {Test::local_part, "local_part"},
                                            {Test::within, "within"},
                                            {Test::otherwise, "otherwise"}}};

constexpr std::array<Word<KeyForm>, 12> forms{{{KeyForm::whole, "whole"},
                                               {KeyForm::phonetic, "phonetic"},
                                               {KeyForm::soundex, "soundex"},
                                               {KeyForm::first, "first"},
                                               {KeyForm::year, "year"},
                                               {KeyForm::year_month, "year_month"},
                                               {KeyForm::month_day, "month_day"},
                                               {KeyForm::sector, "sector"},
                                               {KeyForm::district, "district"},
                                               {KeyForm::digits, "digits"},
                                               {KeyForm::last, "last"},
                                               {KeyForm::sorted_names, "sorted_names"}}};

template <typename Value, std::size_t N>
std::string_view word_of(Value value, const std::array<Word<Value>, N>& words) {
  for (const auto& word : words)
    if (word.value == value) return word.text;
  return {};
}

template <typename Value, std::size_t N>
bool value_of(std::string_view text, const std::array<Word<Value>, N>& words, Value& value) {
  for (const auto& word : words)
    if (word.text == text) {
      value = word.value;
      return true;
    }
  return false;
}

Comparison with_levels(std::string_view field, Sharing sharing, std::initializer_list<std::pair<Test, double>> tests_and_values) {
  Comparison out;
  out.field = field;
  out.sharing = sharing;
  for (const auto& [test, value] : tests_and_values) out.levels.push_back({test, value, 0, 0});
  out.levels.push_back({Test::otherwise, 0, 0, 0});
  return out;
}

}  // namespace

std::string_view to_string(FieldKind kind) { return word_of(kind, kinds); }
bool read_field_kind(std::string_view text, FieldKind& kind) { return value_of(text, kinds, kind); }

std::string to_string(const Level& level) {
  const std::string_view word = word_of(level.test, tests);
  return level.value == 0 ? std::string(word) : fmt::format("{} {:g}", word, level.value);
}

bool read_level(std::string_view text, Level& level) {
  const std::size_t blank = text.find(' ');
  if (!value_of(text.substr(0, blank), tests, level.test)) return false;
  level.value = blank == std::string_view::npos ? 0 : std::strtod(std::string(text.substr(blank + 1)).c_str(), nullptr);
  return true;
}

std::string to_string(const KeyPart& part) {
  if (part.form == KeyForm::sorted_names) return "sorted_names";
  if (part.form == KeyForm::whole) return part.field;
  if (part.length != 0) return fmt::format("{}:{}{}", part.field, word_of(part.form, forms), part.length);
  return fmt::format("{}:{}", part.field, word_of(part.form, forms));
}

bool read_key_part(std::string_view text, KeyPart& part) {
  part = {};
  if (text == "sorted_names") {
    part.form = KeyForm::sorted_names;
    return true;
  }
  const std::size_t colon = text.find(':');
  part.field = text.substr(0, colon);
  if (part.field.empty()) return false;
  if (colon == std::string_view::npos) return true;
  std::string_view form = text.substr(colon + 1);
  const std::size_t digit = form.find_first_of("0123456789");
  if (digit != std::string_view::npos) {
    part.length = std::atoi(std::string(form.substr(digit)).c_str());
    form = form.substr(0, digit);
  }
  if (!value_of(form, forms, part.form) || part.form == KeyForm::sorted_names) return false;
  const bool counted = part.form == KeyForm::first || part.form == KeyForm::last;
  return counted == (part.length > 0);
}

std::string to_string(const BlockingRule& rule) {
  std::string out;
  for (const KeyPart& part : rule.parts) out += (out.empty() ? "" : " + ") + to_string(part);
  return out;
}

Comparison usual_comparison(std::string_view field, FieldKind kind) {
  using enum Test;
  Comparison out;
  switch (kind) {
    case FieldKind::given_name:
      out = with_levels(field, Sharing::personal,
                        {{exact, 0}, {nickname, 0}, {jaro_winkler, 0.92}, {contained, 0}, {jaro_winkler, 0.82}, {phonetic, 0}, {prefix, 1}});
      out.identifying = true;
      return out;
    case FieldKind::family_name:
      return with_levels(field, Sharing::name, {{exact, 0}, {jaro_winkler, 0.92}, {contained, 0}, {overlap, 0.3}, {jaro_winkler, 0.82}, {phonetic, 0}});
    case FieldKind::birth_date:
      out = with_levels(field, Sharing::personal,
                        {{exact, 0}, {date_partial, 0}, {date_swapped, 0}, {date_digit, 0}, {date_two_parts, 0}, {date_years, 1}, {date_years, 10}});
      out.identifying = true;
      return out;
    case FieldKind::birth_year:
    case FieldKind::age: return with_levels(field, Sharing::personal, {{exact, 0}, {within, 1}, {within, 3}, {within, 10}});
    case FieldKind::postcode:
      return with_levels(field, Sharing::household, {{exact, 0}, {edit, 1}, {postcode_part, 3}, {postcode_part, 2}, {postcode_part, 1}});
    case FieldKind::address:
      return with_levels(field, Sharing::household, {{exact, 0}, {jaro_winkler, 0.92}, {overlap, 0.5}, {jaro_winkler, 0.82}, {overlap, 0.2}});
    case FieldKind::house_number: return with_levels(field, Sharing::household, {{exact, 0}, {contained, 0}, {edit, 1}});
    case FieldKind::locality: return with_levels(field, Sharing::household, {{exact, 0}, {jaro_winkler, 0.92}, {overlap, 0.3}, {jaro_winkler, 0.82}});
    case FieldKind::telephone: return with_levels(field, Sharing::contact, {{exact, 0}, {edit, 1}, {edit, 2}});
    case FieldKind::email: return with_levels(field, Sharing::contact, {{exact, 0}, {edit, 2}, {local_part, 0}, {jaro_winkler, 0.92}});
    case FieldKind::nhs_number:
    case FieldKind::identifier:
      out = with_levels(field, Sharing::personal, {{exact, 0}, {edit, 1}, {edit, 2}});
      out.identifying = true;
      return out;
    case FieldKind::sex:
    case FieldKind::birth_month:
    case FieldKind::birth_day:
    case FieldKind::category: return with_levels(field, Sharing::personal, {{exact, 0}});
    default: return with_levels(field, Sharing::personal, {{exact, 0}, {jaro_winkler, 0.92}, {overlap, 0.3}, {jaro_winkler, 0.82}});
  }
}

}  // namespace catchment::linkage
