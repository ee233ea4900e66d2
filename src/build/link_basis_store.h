// What link weights follow from, kept with the person register in authored.sqlite: found by a build that trains, used by every build until one trains again.
//
// Always: written whole or not at all, in the transaction that keeps the register of the build that found it.
#pragma once

#include <map>
#include <optional>
#include <string>

#include "db/db.h"
#include "linkage/linkage.h"

namespace catchment::build {

/// A basis with the hash of the model definition it was found for.
struct TrainedBasis {
  linkage::LinkBasis basis;
  std::string definition;
};

struct KeptBasis {
  TrainedBasis found;
  std::string snapshot;  // of the build that found it
  std::string built_at;
};

/// Throws Error when it is damaged.
std::optional<KeptBasis> read_link_basis(db::Sqlite& authored);
void keep_link_basis(db::Sqlite& authored, const KeptBasis& basis);

/// Blobs by name.
using NamedBytes = std::map<std::string, std::string>;
/// Shares of values and counts of given names as blobs; the share of unknown seekers is not among them.
NamedBytes bytes_of(const linkage::SearchCounts& counts);
/// The same back. Throws DamagedBytes.
linkage::SearchCounts counts_of(const NamedBytes& bytes);

}  // namespace catchment::build
