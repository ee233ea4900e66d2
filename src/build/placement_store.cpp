#include "build/placement_store.h"

#include <gnu/libc-version.h>

#include <fstream>
#include <type_traits>
#include <vector>

#include "base/error.h"
#include "base/hash.h"
#include "build/packed_bytes.h"
#include "build/sql.h"
#include "db/db.h"

namespace catchment::build {

namespace fs = std::filesystem;

namespace {

static_assert(sizeof(linkage::KeptPlacement) == 24 && std::is_trivially_copyable_v<linkage::KeptPlacement>, "kept without padding");

std::string_view placement_bytes(const linkage::KeptPlacements& kept) {
  return {reinterpret_cast<const char*>(kept.all.data()), kept.all.size() * sizeof(linkage::KeptPlacement)};
}

linkage::KeptPlacements placements_of(std::string_view bytes) {
  linkage::KeptPlacements out;
  out.all.resize(bytes.size() / sizeof(linkage::KeptPlacement));
  for (linkage::KeptPlacement& one : out.all) one = take<linkage::KeptPlacement>(bytes);
  if (!bytes.empty()) throw DamagedBytes();
  return out;
}

std::string why_others(const PlacementsHold& kept, const PlacementsHold& wanted) {
  if (kept.program != wanted.program || wanted.program.empty()) return "they were kept by another version of the program";
  if (kept.definition != wanted.definition) return "the linkage model changed";
  return "they were kept with other link weights";
}

}  // namespace

std::string program_hash() {
  std::ifstream file("/proc/self/exe", std::ios::binary);
  if (!file) return {};
  Sha256 hash;
  hash.add(gnu_get_libc_version());
  std::vector<char> part(1U << 20);
  while (file.read(part.data(), static_cast<std::streamsize>(part.size())) || file.gcount() > 0)
    hash.add({part.data(), static_cast<std::size_t>(file.gcount())});
  return to_hex(hash.finish());
}

ReadPlacements read_placements(const fs::path& file, const PlacementsHold& hold) {
  if (!fs::exists(file)) return {{}, "none were kept"};
  const auto damaged = [] { return ReadPlacements{{}, "the file they were kept in is damaged"}; };
  try {
    db::Sqlite database(file, db::SqliteMode::read_only);
    db::Statement read = database.prepare(sql::placements_read);
    if (!read.step()) throw DamagedBytes();
    const PlacementsHold kept{std::string(read.text(0)), std::string(read.text(1)), std::string(read.text(2))};
    if (kept != hold || hold.program.empty()) return {{}, why_others(kept, hold)};
    if (to_hex(sha256(read.blob(4))) != read.text(3)) throw DamagedBytes();
    return {placements_of(read.blob(4)), {}};
  } catch (const DamagedBytes&) { return damaged(); } catch (const Error&) {
    return damaged();
  }
}

void write_placements(const fs::path& file, const PlacementsHold& hold, const linkage::KeptPlacements& kept) {
  const fs::path next = file.string() + ".next";
  fs::remove(next);
  {
    db::Sqlite database(next, db::SqliteMode::create);
    fs::permissions(next, fs::perms::owner_read | fs::perms::owner_write);
    // Nobody reads it before it is complete, and it can be made again.
    database.execute("PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF");
    database.execute(sql::placements_create);
    const std::string_view bytes = placement_bytes(kept);
    database.prepare(sql::placements_add).bind(hold.program).bind(hold.definition).bind(hold.basis).bind(to_hex(sha256(bytes))).bind_blob(bytes).run();
  }
  fs::rename(next, file);
}

}  // namespace catchment::build
