#include "api/review_words.h"

#include <cmath>
#include <span>
#include <utility>

namespace catchment::api {

namespace {

using Words = std::pair<std::string_view, std::string_view>;

std::string looked_up(std::span<const Words> words, std::string_view key) {
  for (const auto& [known, text] : words)
    if (known == key) return std::string(text);
  return std::string(key);
}

constexpr Words field_titles[] = {{"nhs_number", "NHS number"},
                                  {"given_name", "Given name"},
                                  {"family_name", "Family name"},
                                  {"birth_date", "Date of birth"},
                                  {"sex", "Sex"},
                                  {"postcode", "Postcode"},
                                  {"address", "Address"},
                                  {"telephone", "Telephone"},
                                  {"email", "E-mail"},
                                  {"prior", "Before looking"},
                                  {"home", "Home"},
                                  {"name order", "Order of names"},
                                  {"rivals", "Others it could be"}};

constexpr Words agreement_levels[] = {{"exact", "the same"},
                                      {"nickname", "a short form of the same name"},
                                      {"jaro_winkler 0.92", "very alike"},
                                      {"jaro_winkler 0.82", "alike"},
                                      {"contained", "one is part of the other"},
                                      {"phonetic", "sounds alike"},
                                      {"prefix 1", "the same first letter"},
                                      {"overlap 0.5", "half of the words are the same"},
                                      {"overlap 0.3", "some words are the same"},
                                      {"overlap 0.2", "a word is the same"},
                                      {"date_swapped", "day and month exchanged"},
                                      {"date_digit", "one digit differs"},
                                      {"date_two_parts", "two of day, month and year are the same"},
                                      {"date_partial", "the parts of the date that both hold are the same"},
                                      {"date_years 1", "within a year"},
                                      {"date_years 10", "within ten years"},
                                      {"edit 1", "one character differs"},
                                      {"edit 2", "two characters differ"},
                                      {"postcode_part 3", "the same postcode sector"},
                                      {"postcode_part 2", "the same postcode district"},
                                      {"postcode_part 1", "the same postcode area"},
                                      {"local_part", "the same before the @"},
                                      {"otherwise", "different"},
                                      {"two rows taken at random", "two rows at random"},
                                      {"fields that change together when people move, or that a household shares", "moves and shared homes"},
                                      {"others it could be, known here or not", "known here or not"},
                                      {"two names that others carry too", "two names others carry too"},
                                      {"given and family name exchanged", "exchanged"}};

constexpr Words held_back_reasons[] = {{"not-certain-enough", "The evidence is strong, and not certain enough to join them without somebody looking."},
                                       {"no-given-name", "One side has no given name, so that a twin could not be told from the same person."},
                                       {"two-given-names", "Their given names are two names that other people carry too: they may be twins or relatives."},
                                       {"births-contradict", "Their dates of birth contradict each other."},
                                       {"nhs-numbers-differ", "They hold different NHS numbers."},
                                       {"may-be-twins", "They may be twins: born on one day, in one home, with different given names."},
                                       {"groups-disagree", "Other rows of one side speak against it."}};

constexpr Words edge_reasons[] = {{"number-and-demographics", "the same NHS number, and name or date of birth agrees"},
                                  {"likeness", "the evidence of all fields together"},
                                  {"review", "a data steward decided"}};

}  // namespace

std::string field_title(std::string_view field) { return looked_up(field_titles, field); }
std::string level_words(std::string_view level) { return looked_up(agreement_levels, level); }
std::string held_back_words(std::string_view reason) { return looked_up(held_back_reasons, reason); }
std::string edge_words(std::string_view reason) { return looked_up(edge_reasons, reason); }
double percent_of(double weight) { return 100 / (1 + std::exp2(-weight)); }

}  // namespace catchment::api
