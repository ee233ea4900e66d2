// The first rule: rows with the same valid NHS number whose demographics do not contradict it.
#pragma once

#include <cstdint>
#include <string_view>
#include <vector>

#include "linkage/cluster/union_find.h"
#include "linkage/identity/identities.h"
#include "linkage/normalise/normalise.h"

namespace catchment::linkage {

/// What the cross-check reads of a row.
struct SpineRow {
  BirthDate birth;
  std::string_view given;  // normalised
  std::string_view family;
  bool newborn = false;  // may carry the mother's number: stands only with the very same birthday
};

/// Following NHS MPS: the name agrees when either name is equal in either place, or the first initial and the
/// first three letters of the surname are; the date when two of three parts agree (a year only one
/// digit away), or day and month are swapped.
enum class Agreement : std::uint8_t { unknown, agrees, disagrees };
Agreement names_agree(const SpineRow& a, const SpineRow& b);
Agreement births_agree(const BirthDate& a, const BirthDate& b);
/// Birthdays that speak against an automatic link by likeness: they disagree, or lie a generation apart (a father and son of one name).
bool births_contradict(std::string_view a, std::string_view b);
/// Same number: one person unless name and date of birth both disagree, or one disagrees and the other is unknown.
/// Where the birthdays disagree the given name must agree: a mother and her baby share a family name.
bool number_stands(const SpineRow& a, const SpineRow& b);

/// What the numbers say. Identities of one number that bear one another out are joined in `sets`.
struct NumberSpine {
  std::vector<std::uint8_t> disputed;        // per identity: carries a number its name and birthday contradict; the number counts for nothing
  std::vector<std::uint32_t> contradicted;   // identities of numbers that different people use
  std::vector<std::uint32_t> widely_shared;  // identities of numbers that very many rows or people use
};
NumberSpine join_by_number(const Identities& identities, UnionFind& sets, unsigned threads = 1);

}  // namespace catchment::linkage
