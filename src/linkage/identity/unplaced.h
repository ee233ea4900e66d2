// Identities that found nobody among the persons known by number, held against one another.
#pragma once

#include <cstdint>
#include <vector>

#include "base/progress.h"
#include "linkage/identity/joined_units.h"
#include "linkage/identity/link_findings.h"
#include "linkage/identity/review_offers.h"
#include "linkage/identity/two_names.h"

namespace catchment::linkage {

class Unplaced {
 public:
  Unplaced(const KnownRows& known, JoinedUnits& joined, ReviewOffers& offers, const TwoNames& two_names, LinkResult& result, Progress& progress);

  /// `units` in order. `copies` of those that say the same are compared: more than one where saying it may not be evidence enough.
  /// Rows that blocking left out are added to `left_out`.
  void link(const std::vector<std::uint32_t>& units, std::size_t copies, std::vector<LeftOut>& left_out);

 private:
  PackedRows rows_of(const std::vector<std::uint32_t>& units, std::size_t most_copies);
  TextId said(std::uint32_t row, IdentityField field) const { return cells_[static_cast<std::size_t>(row) * identity_fields + field]; }
  std::string_view birth(std::uint32_t row) const { return known_.identities.rows.texts(id_birth).text(said(row, id_birth)); }
  bool may_be_twins(std::uint32_t x, std::uint32_t y) const;
  bool numbers_apart(std::uint32_t a, std::uint32_t b) const;
  bool apart(std::uint32_t x, std::uint32_t y);
  std::vector<std::pair<std::uint32_t, std::uint32_t>> rows_together();
  void tell_left_out(const RowLinks& links, std::vector<LeftOut>& left_out) const;
  void offer_pairs(const RowLinks& links, const Model& model);
  void settle_copies(const RowLinks& links);

  const KnownRows& known_;
  JoinedUnits& joined_;
  ReviewOffers& offers_;
  const TwoNames& two_names_;
  LinkResult& result_;
  Progress& progress_;
  std::vector<std::uint32_t> unit_of_row_;
  std::vector<TextId> cells_;
};

}  // namespace catchment::linkage
