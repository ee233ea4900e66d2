// A person as one partner has them on file: right mostly, wrong at the rates of synth/faults.csv.
// In: a life and a source. Out: the identity that source would send, with the list of what is wrong
// with it for the truth folder. Errors belong to a person and a source, so a hospital that spells a
// name wrongly does so on every row; a missing NHS number is drawn anew for each row.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "synth/life.h"
#include "synth/model.h"

namespace catchment::synth {

enum class Fault : std::uint8_t {
  missing_nhs_number,
  invalid_nhs_number,
  swapped_nhs_number,
  name_error,
  nickname,
  names_swapped,
  birth_date_error,
  old_address,
  previous_family_name,
  registered_twice,
  newborn_without_number,
  baby_placeholder_name,
  sex_error,
  ethnicity_not_stated,
  retired_organisation_code,
  wrong_unit,
  impossible_date,
  broken_quoting,
  wrong_encoding,
  duplicate_row,
  unknown_code,
  twin,
  count
};
std::string_view to_string(Fault fault);

class FaultSet {
 public:
  void add(Fault fault) { bits_ |= 1u << static_cast<unsigned>(fault); }
  bool has(Fault fault) const { return bits_ >> static_cast<unsigned>(fault) & 1u; }
  std::uint32_t bits() const { return bits_; }

 private:
  std::uint32_t bits_ = 0;
};

/// A partner's register of people.
struct Source {
  std::string id;              // "apc"
  std::uint64_t number = 0;    // of its random streams
  double missing_number = 0;
  bool hospital = false;       // keeps more stale postcodes
};

struct Seen {
  std::string nhs;  // ten digits, or empty
  std::string given, middle, family;
  Date birth;
  Sex sex = Sex::female;
  Address address;
  std::string_view postcode;
  std::string_view ethnicity;  // one letter; Z not stated
  FaultSet faults;
};

/// Fault rates of one definition folder, looked up once.
class Faults {
 public:
  explicit Faults(const Model& model);
  Source source(std::string_view id, bool hospital = false) const;
  /// What `source` has on file about the person on that day.
  Seen see(const Life& life, const Source& source, Date on) const;
  /// The NHS number of one row: mostly the one on file, sometimes none.
  std::string_view number_on_row(const Seen& seen, const Source& source, Random& random) const;
  bool missing_on_row(const Source& source, Random& random) const { return random.chance(source.missing_number); }

  double retired_code = 0, wrong_unit = 0, impossible_date = 0, duplicate_row = 0, unknown_code = 0;

 private:
  const Model& model_;
  double invalid_, swapped_, name_, nickname_, names_swapped_, birth_, old_hospital_, old_, previous_name_, newborn_, baby_, sex_, ethnicity_;
};

/// One letter wrong, missing, doubled or in its neighbour's place; ASCII letters only are touched.
std::string mistype(const std::string& name, Random& random);

}  // namespace catchment::synth
