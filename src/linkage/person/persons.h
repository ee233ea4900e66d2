// Who there is before likeness is asked: people known by a number, each with every value their rows have
// given, and loose identities that carry no usable number and look for a person.
//
// Always: numbered in an order that does not depend on where rows stood.
#pragma once

#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "linkage/identity/identities.h"
#include "linkage/identity/number_spine.h"

namespace catchment::linkage {

/// Rows of one (source, key) are one subject.
struct Subjects {
  std::vector<std::uint32_t> of_row;     // table row -> subject
  std::vector<std::uint32_t> first_row;  // a table row of each
  std::size_t size() const { return first_row.size(); }
};
Subjects find_subjects(const IdentityTable& table, const std::vector<std::uint32_t>& canonical_order, unsigned threads = 1);

/// Review decisions between subjects, in order of time.
struct SubjectDecision {
  std::uint32_t a, b;
  Verdict verdict;
};

/// Lists of numbers, one after another.
struct Lists {
  std::vector<std::uint64_t> start{0};
  std::vector<std::uint32_t> members;
  std::span<const std::uint32_t> operator[](std::size_t i) const { return {members.data() + start[i], static_cast<std::size_t>(start[i + 1] - start[i])}; }
  std::size_t size() const { return start.size() - 1; }
};
/// Items by the list they are in.
Lists lists_of(const std::vector<std::uint32_t>& list_of_item, std::size_t lists);

/// A unit is what is placed as a whole: a person known by number, or a loose identity. Loose subjects that
/// say the same are one unit; those that a decision speaks of, or that say several things, are their own.
struct Units {
  std::vector<std::uint32_t> of_subject;
  Lists identities;                  // of each unit
  Lists subjects;                    // of each unit
  std::vector<std::uint8_t> person;  // known by number
  std::vector<std::uint32_t> person_of_identity;  // unit that holds the identity as a person; none for loose ones
  std::vector<std::uint8_t> alone;   // joined by number only, never by likeness
  std::vector<std::pair<std::uint32_t, std::uint32_t>> together, apart;  // by decision
  std::vector<std::pair<std::uint32_t, std::uint32_t>> unsure;  // those of `apart` that somebody could not decide
  std::size_t size() const { return person.size(); }
};
inline constexpr std::uint32_t no_unit = 0xffffffffU;

Units gather_units(const Identities& identities, const Subjects& subjects, const NumberSpine& spine, UnionFind& sets,
                   const std::vector<SubjectDecision>& decisions, unsigned threads = 1);

}  // namespace catchment::linkage
