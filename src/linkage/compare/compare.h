// Two rows in, one pattern out: four bits per comparison, 0 where either side has nothing, else the level
// (1 = the first declared). Name similarities are remembered per pair of values, not per pair of rows.
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string_view>
#include <vector>

#include "linkage/model/model.h"
#include "linkage/normalise/nicknames.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

using Pattern = std::uint64_t;
inline constexpr std::size_t most_comparisons = 15;

inline unsigned level_at(Pattern pattern, std::size_t comparison) { return static_cast<unsigned>(pattern >> (4 * comparison)) & 15U; }

/// A date as its eight characters and its parts; text 0 = no date.
struct DateValue {
  std::uint64_t text = 0;
  int year = 0, month = 0, day = 0;
};

/// A date written YYYYMMDD, its parts 0 when not known; no date for any other text.
DateValue date_value(std::string_view text);
/// Whether one of the tests of dates holds; never where either is no date.
bool date_agrees(Test test, double value, const DateValue& x, const DateValue& y);

/// How many characters are the area, district, sector and unit of a postal code.
using PostcodeParts = std::array<std::uint8_t, 4>;

class Comparer {
 public:
  /// Comparisons whose field is not in the rows never have a level.
  Comparer(const PackedRows& rows, const Model& model, const Nicknames& nicknames, unsigned threads = 1);

  /// What one thread remembers. Never shared.
  class Memory {
   public:
    explicit Memory(std::size_t comparisons);

   private:
    friend class Comparer;
    std::vector<std::uint64_t> slots_;  // thirty bits of each of two ids, then four of their level
  };

  Pattern compare(std::uint32_t a, std::uint32_t b, Memory& memory) const { return compare(rows_.row(a), rows_.row(b), memory); }
  /// Two rows' values, one id a field. `known` holds levels found before.
  Pattern compare(const TextId* x, const TextId* y, Memory& memory, Pattern known = 0) const;
  /// Level of two values of a field, remembered.
  unsigned level(std::size_t comparison, TextId a, TextId b, Memory& memory) const;
  /// How well a row's names and another's agree, straight or crossed; whole agreement is 8.
  int name_likeness(const TextId* x, TextId given, TextId family, Memory& memory) const;
  bool compares_names() const { return cross_; }
  std::size_t given_comparison() const { return given_; }
  std::size_t family_comparison() const { return family_; }
  int given_field() const { return comparisons_[given_].field; }
  int family_field() const { return comparisons_[family_].field; }
  /// The slot after the comparisons: 1 names stand straight, 2 crossed, 0 a name is missing on both.
  std::size_t order_slot() const { return comparisons_.size(); }
  std::size_t size() const { return comparisons_.size(); }
  int field_of(std::size_t comparison) const { return comparisons_[comparison].field; }
  /// What a text sounds like, 0 for nothing, and whether it has nicknames, whichever name it stands in.
  static std::uint32_t sound_of(std::string_view text);
  bool has_nicknames(std::size_t comparison, TextId text) const {
    const auto& groups = comparisons_[comparison].looks->nicknames;
    return !groups.empty() && !groups[text].empty();
  }
  /// The same of a value of names or of a field whose levels ask for sounds.
  std::uint32_t sound(std::size_t comparison, TextId text) const { return comparisons_[comparison].looks->sound[text]; }
  /// Level of two values of a field, 1 is the first.
  unsigned level_of_values(std::size_t comparison, TextId a, TextId b) const;

 private:
  // What the texts of a dictionary look like, per value.
  struct Looks {
    const Dictionary* texts = nullptr;
    std::vector<std::uint8_t> one_word;                 // more than a letter and no blank
    std::vector<std::uint64_t> letters;                 // one bit a class of characters that occurs
    std::vector<std::uint32_t> sound;                   // hash of the phonetic key, 0 = none; only where asked for
    std::vector<std::vector<std::uint32_t>> nicknames;  // nickname groups of the first word; only where asked for
  };
  struct Planned {
    int field = -1;
    FieldKind kind = FieldKind::text;
    const Dictionary* texts = nullptr;
    const std::vector<Level>* levels = nullptr;
    unsigned exact = 0;                                 // level of equal values, 0 when not declared
    const Looks* looks = nullptr;
    std::vector<PostcodeParts> postcodes;  // per value, where levels ask for parts
    std::vector<DateValue> dates;          // per value, where levels ask for dates
  };
  int quality(std::size_t comparison, unsigned level) const;
  void look_at(Planned& planned, bool sounds, bool nicknames, unsigned threads);

  const PackedRows& rows_;
  const Nicknames& nicknames_;
  std::vector<std::unique_ptr<Looks>> looks_;  // one a dictionary
  std::vector<Planned> comparisons_;
  bool cross_ = false;
  std::size_t given_ = 0, family_ = 0;
};

}  // namespace catchment::linkage
