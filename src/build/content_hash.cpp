#include "build/content_hash.h"

#include <fmt/core.h>

namespace catchment::build {

namespace {

// Tables with their rows' order-free hash. Names are ours, never data.
void add_tables(Sha256& hash, const std::filesystem::path& file, std::initializer_list<const char*> tables, const db::DuckOptions& options) {
  db::DuckOptions reading = options;
  reading.read_only = true;
  const db::Duck duck(file, reading);
  db::Connection connection = duck.connect();
  for (const char* table : tables) {
    const auto row = connection
                         .query(fmt::format("SELECT count(*), coalesce(sum(hash(t)::HUGEINT), 0)::VARCHAR, coalesce(bit_xor(hash(t)), 0)::VARCHAR FROM {} t",
                                            db::quoted_name(table)))
                         .all();
    hash.add(fmt::format("{} {} {} {}\n", table, db::to_string(row[0][0]), db::to_string(row[0][1]), db::to_string(row[0][2])));
  }
}

}  // namespace

std::string content_hash(const records::SnapshotFiles& files, const Digest& blocks, Date as_of, const std::string& definitions_hash,
                         const db::DuckOptions& options) {
  Sha256 hash;
  hash.add(fmt::format("format {} as of {} definitions {}\nblocks {}\n", records::snapshot_format, to_string(as_of), definitions_hash, to_hex(blocks)));
  add_tables(hash, files.population(),
             {"place", "code", "unit", "organisation", "area", "area_deprivation", "source", "source_field", "source_table", "finding", "finding_count",
              "drift", "person", "person_alternative", "opt_out", "prescribing_cost", "organisation_entry", "organisation_succession"},
             options);
  add_tables(hash, files.identity(),
             {"identity", "identity_row", "number_index", "name_index", "quarantine", "resource", "review_pair", "review_weight", "link_edge"}, options);
  return to_hex(hash.finish());
}

}  // namespace catchment::build
