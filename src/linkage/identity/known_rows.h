// What is known of all rows before likeness is asked: what each says, whom numbers join, what people decided.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/identity/identities.h"
#include "linkage/identity/number_spine.h"
#include "linkage/linkage.h"
#include "linkage/person/persons.h"

namespace catchment::linkage {

struct KnownRows {
  /// All three must outlive it.
  KnownRows(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings);

  const IdentityTable& table;
  const PersonRegister& previous;
  const LinkSettings& settings;
  unsigned threads;
  std::vector<std::uint32_t> order;  // of rows, whatever order they came in
  Model model;
  Identities identities;
  NumberSpine spine;
  Subjects subjects;
  Units units;

  std::uint32_t row_of(std::uint32_t unit) const { return subjects.first_row[units.subjects[unit][0]]; }
  /// Of a loose unit, a row of each subject: they say the same, so that one decision is about all. Of a person, one row.
  std::vector<std::uint32_t> rows_said(std::uint32_t unit) const;
  /// Per unit a hash of the subject that gives it its place among units.
  std::vector<std::uint64_t> names_of_units() const;
  /// Every row that says one of these identities, in order.
  std::vector<std::uint32_t> rows_that_say(const std::vector<std::uint32_t>& some) const;
};

}  // namespace catchment::linkage
