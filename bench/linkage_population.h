// A population of known persons and the rows partners would hold about them, written for the benchmark alone:
// it shares no code with the synthetic population of the product.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

#include "linkage/linkage.h"

namespace catchment::bench {

/// What is wrong with a row, combined with |.
enum Fault : std::uint8_t { fault_middle_name = 1, fault_former_surname = 2, fault_typing = 4, fault_names_swapped = 8, fault_date = 16, fault_moved = 32 };

/// What a person belongs to, each by its place in `group_names`.
enum GroupKind : std::uint8_t { by_ethnicity, by_deprivation, by_age, by_sex, group_kinds };
using PersonGroups = std::array<std::uint8_t, group_kinds>;
const std::vector<std::string>& group_names(GroupKind kind);

struct Population {
  linkage::IdentityTable table;
  std::vector<std::uint32_t> truth;    // per row: person, from 1
  std::vector<std::uint8_t> numbered;  // per row: holds a valid number
  std::vector<std::uint8_t> named;   // per row: holds given and family name, whole birthday and home postcode
  std::vector<std::uint8_t> faults;  // per row
  std::vector<PersonGroups> groups;  // per person; the first belongs to nobody
  std::vector<linkage::SourceRules> sources;
};

/// About eight rows a person from eight sources. `hostile` adds a hostel, a default number, "UNKNOWN
/// UNKNOWN", emoji and empty rows. With `unequal`, records of minority groups and of deprived places carry
/// more faults than those of others.
Population make_population(std::size_t people, std::uint64_t seed, bool hostile, bool unequal);

struct Scored {
  std::uint64_t true_pairs = 0, said = 0, right = 0;
  double precision() const { return said == 0 ? 1 : static_cast<double>(right) / static_cast<double>(said); }
  double recall() const { return true_pairs == 0 ? 1 : static_cast<double>(right) / static_cast<double>(true_pairs); }
};
struct Strata {
  Scored numbers, held, without, all;
};
/// Pairs of rows of one person, by what both rows hold.
/// Named rows without a number that stand apart from most of their person's rows, counted by what is wrong
/// with them, most first.
struct Missed {
  std::string faults;
  std::uint64_t rows = 0, missed = 0, for_review = 0;
};
std::vector<Missed> missed_rows(const Population& population, const linkage::LinkResult& result);

Strata score(const Population& population, const std::vector<std::uint32_t>& person);

}  // namespace catchment::bench
