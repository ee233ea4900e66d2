// The first rule: rows with the same valid NHS number whose demographics do not contradict it.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/identity_table.h"
#include "linkage/linkage.h"
#include "linkage/normalise.h"
#include "linkage/union_find.h"

namespace catchment::linkage {

/// What the cross-check reads of a row.
struct SpineRow {
  std::uint64_t number = 0;  // 0 = no usable number; superseded numbers already followed
  BirthDate birth;
  std::string given;
  std::string family;
  bool newborn = false;  // may carry the mother's number: stands only with the very same birthday
};

/// Following NHS MPS: the name agrees when either name is equal in either place, or the first initial and the
/// first three letters of the surname are; the date when two of three parts agree (a year only one
/// digit away), or day and month are swapped.
enum class Agreement : std::uint8_t { unknown, agrees, disagrees };
Agreement names_agree(const SpineRow& a, const SpineRow& b);
Agreement births_agree(const BirthDate& a, const BirthDate& b);
/// Same number: one person unless name and date of birth both disagree, or one disagrees and the other is unknown.
bool number_stands(const SpineRow& a, const SpineRow& b);

/// Joins rows in `sets`; adds the edges that joined them and findings about numbers that several people use.
/// The usable number of each row, superseded ones followed; 0 = none.
std::vector<std::uint64_t> usable_numbers(const IdentityTable& table, const PersonRegister& previous);

void join_by_number(const IdentityTable& table, const PersonRegister& previous, const std::vector<std::uint32_t>& order, UnionFind& sets,
                    LinkResult& result);

}  // namespace catchment::linkage
