// A linkage model: which column is what, how each field is compared, how rows are blocked, and what the
// levels weigh. The definition is written by people (TOML); the trained numbers stand in a file beside it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace catchment::linkage {

class Nicknames;

/// What a column holds.
enum class FieldKind : std::uint8_t {
  ignore,
  row_id,
  source,
  given_name,
  family_name,
  full_name,
  birth_date,
  birth_year,
  birth_month,
  birth_day,
  age,
  sex,
  postcode,
  house_number,
  address,
  locality,
  category,
  telephone,
  email,
  nhs_number,
  identifier,
  text,
};
std::string_view to_string(FieldKind kind);
bool read_field_kind(std::string_view text, FieldKind& kind);

/// One column of one or more inputs. Several columns of the same name are one field; a full name is parted
/// into given and family name, and day, month and year of birth are put together, before comparison.
struct Field {
  std::string name;                  // the field's own name
  std::vector<std::string> columns;  // header names that feed it, one input each or several
  FieldKind kind = FieldKind::ignore;
};

/// A test on two normalised texts. The first level whose test holds is the level of the pair.
enum class Test : std::uint8_t {
  exact,            // the same
  nickname,         // names of one nickname group
  contained,        // every word of one is in the other, or its initial
  jaro_winkler,     // at least `value`
  edit,             // at most `value` edits (swapped neighbours count one)
  phonetic,         // same phonetic key
  prefix,           // first `value` characters agree
  overlap,          // share of common words at least `value`
  same_numbers,     // house numbers agree
  date_swapped,     // day and month exchanged
  date_digit,       // one digit differs, or two neighbours are swapped
  date_two_parts,   // two of year, month, day agree
  date_partial,     // one lacks a part; what both hold agrees: the year, or month and day
  date_years,       // at most `value` years apart
  postcode_part,    // unit 4, sector 3, district 2, area 1: the first `value` parts agree
  local_part,       // e-mail before the '@' agrees
  within,           // numbers at most `value` apart
  otherwise,        // anything else
};
struct Level {
  Test test = Test::otherwise;
  double value = 0;
  double m = 0;  // chance of this level for two rows of one person
  double u = 0;  // chance of this level for rows of two people taken at random
};
std::string to_string(const Level& level);
bool read_level(std::string_view text, Level& level);

/// Who shares a value: one person only, or the people of a household.
enum class Sharing : std::uint8_t { personal, name, household, contact };

struct Comparison {
  std::string field;
  Sharing sharing = Sharing::personal;
  bool term_frequency = true;
  bool identifying = false;  // given name, date of birth, identifier: an automatic link needs one of them
  std::vector<Level> levels;
};

/// How part of a blocking key is made from a field.
enum class KeyForm : std::uint8_t { whole, phonetic, soundex, first, year, year_month, month_day, sector, district, digits, last, sorted_names };
struct KeyPart {
  std::string field;
  KeyForm form = KeyForm::whole;
  int length = 0;  // letters for first and last
};
std::string to_string(const KeyPart& part);
bool read_key_part(std::string_view text, KeyPart& part);

struct BlockingRule {
  std::vector<KeyPart> parts;
  std::uint32_t largest_block = 0;  // 0 = the model's
};
std::string to_string(const BlockingRule& rule);

enum class LinkMode : std::uint8_t { automatic, dedupe, link_only };

struct Model {
  std::vector<Field> fields;
  std::vector<Comparison> comparisons;
  std::vector<BlockingRule> blocking;
  std::vector<KeyPart> refinements;  // added, in order, to a key that too many rows share
  std::uint32_t largest_block = 400;
  std::uint64_t most_pairs_a_row = 0;  // of one rule; above it blocks are parted smaller; 0 = as many as there are
  bool names_cross = false;          // given and family name may stand in each other's column
  double crossed_m = 0.02;           // chance of that for two rows of one person
  double log2_prior = -20;           // odds that two rows taken at random are one person
  double moved = 0;                  // share of pairs of one person whose home fields all changed
  double household = 0, twin = 0, namesake = 0;  // shares of pairs of different people that share a home
  double same_name = 0;                          // share of pairs of strangers of one name beyond chance
  double link_threshold = 0.5;       // probability
  double review_threshold = 0.1;
  LinkMode mode = LinkMode::automatic;
  std::vector<std::string> unique_sources;  // hold nobody twice
  std::shared_ptr<const Nicknames> nicknames;  // none = the usual list
  std::uint64_t seed = 1;
  bool trained = false;
};

/// The levels usually declared for a kind of field.
Comparison usual_comparison(std::string_view field, FieldKind kind);

}  // namespace catchment::linkage
