#include "build/link_basis_store.h"

#include "base/error.h"
#include "build/packed_bytes.h"
#include "build/sql.h"

namespace catchment::build {
namespace {

std::string_view blob_named(const NamedBytes& bytes, const std::string& name) {
  const auto at = bytes.find(name);
  if (at == bytes.end()) throw DamagedBytes();
  return at->second;
}

}  // namespace

NamedBytes bytes_of(const linkage::SearchCounts& counts) {
  NamedBytes out;
  std::string& unseen = out["unseen"];
  for (const float share : counts.frequencies.unseen) put(unseen, share);
  for (std::size_t c = 0; c < counts.frequencies.log2_share.size(); ++c) out["shares " + std::to_string(c)] = pairs_as_bytes(counts.frequencies.log2_share[c]);
  out["given names"] = pairs_as_bytes(counts.given_names);
  return out;
}

linkage::SearchCounts counts_of(const NamedBytes& bytes) {
  linkage::SearchCounts out;
  std::string_view unseen = blob_named(bytes, "unseen");
  while (!unseen.empty()) out.frequencies.unseen.push_back(take<float>(unseen));
  for (std::size_t c = 0; c < out.frequencies.unseen.size(); ++c)
    out.frequencies.log2_share.push_back(pairs_of<std::uint64_t, float>(blob_named(bytes, "shares " + std::to_string(c))));
  out.given_names = pairs_of<std::uint64_t, std::uint32_t>(blob_named(bytes, "given names"));
  return out;
}

std::optional<KeptBasis> read_link_basis(db::Sqlite& authored) {
  NamedBytes bytes;
  db::Statement read = authored.prepare(sql::link_basis_read);
  while (read.step()) bytes.emplace(read.text(0), read.blob(1));
  if (bytes.empty()) return {};
  try {
    KeptBasis out;
    out.found.basis.trained = blob_named(bytes, "trained");
    out.found.basis.counts = counts_of(bytes);
    std::string_view unknown = blob_named(bytes, "unknown");
    out.found.basis.counts.unknown = take<double>(unknown);
    out.found.definition = blob_named(bytes, "definition");
    out.snapshot = blob_named(bytes, "snapshot");
    out.built_at = blob_named(bytes, "built at");
    return out;
  } catch (const DamagedBytes&) {
    throw Error(ErrorKind::environment, "the link weights kept in authored.sqlite are damaged", "restore a backup, or find them anew: catchment build --train");
  }
}

void keep_link_basis(db::Sqlite& authored, const KeptBasis& basis) {
  NamedBytes bytes = bytes_of(basis.found.basis.counts);
  bytes["trained"] = basis.found.basis.trained;
  put(bytes["unknown"], basis.found.basis.counts.unknown);
  bytes["definition"] = basis.found.definition;
  bytes["snapshot"] = basis.snapshot;
  bytes["built at"] = basis.built_at;
  authored.prepare(sql::link_basis_clear).run();
  db::Statement add = authored.prepare(sql::link_basis_add);
  for (const auto& [name, value] : bytes) add.bind(name).bind_blob(value).run();
}

}  // namespace catchment::build
