// Distinct identities: what rows say, said once. The fifteen episodes of one hospital stay carry one identity;
// everything after this compares identities, not rows.
//
// Always: identities stand in an order that depends on what they say, never on where rows stood. Identity 0
//         says nothing at all.
#pragma once

#include <cstdint>
#include <vector>

#include "linkage/identity/identity_table.h"
#include "linkage/linkage.h"
#include "linkage/model/model.h"
#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// Fields of a packed identity, in this order.
enum IdentityField : std::uint8_t { id_given, id_family, id_birth, id_sex, id_postcode, id_address, id_telephone, id_email, identity_fields };

/// The identity columns as a model: the same fields everywhere, so none need be guessed.
Model identity_model(const LinkSettings& settings);

struct Identities {
  PackedRows rows;                     // one per distinct identity; input_row is a table row that says it
  std::vector<std::uint64_t> hash;     // of all it says: the same in every build; 0 = says nothing. Empty for identities made by hand
  std::vector<std::uint64_t> number;   // usable NHS number, superseded ones followed; 0 = none
  std::vector<std::uint16_t> flags;    // verified, newborn and reissued only
  std::vector<std::uint32_t> copies;   // table rows that say it
  std::vector<std::uint32_t> of_row;   // table row -> identity
  std::size_t size() const { return number.size(); }
};

Identities distinct_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, const Model& model,
                               unsigned threads = 1);

}  // namespace catchment::linkage
