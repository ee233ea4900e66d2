// What a snapshot says of itself: manifest.json.
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "base/date.h"

namespace catchment::records {

/// Raised whenever the files of a snapshot change shape. A reader refuses any other number.
inline constexpr int snapshot_format = 1;

/// The rule by which one ethnicity, address and practice is chosen where sources disagree: see
/// sql/person_create.sql and sql/identity_create.sql. Raised whenever it would choose differently.
inline constexpr int conflict_rule = 1;

struct FileHash {
  std::string path;  // relative to the definition folder or to extracts/
  std::string sha256;
};

struct Manifest {
  int format = snapshot_format;
  int rule = conflict_rule;  // that chose between sources
  std::string product_version;
  std::string id;           // the snapshot's folder name
  std::string system;       // "blmk"
  std::string system_name;
  bool synthetic = false;
  std::int64_t represented_population = 0;
  Date as_of;
  Instant built_at;
  std::string content_hash;      // of everything derived; the same for the same inputs on any number of threads
  std::string definitions_hash;  // over `definitions`
  std::string extracts_hash;     // over `extracts`
  std::int64_t persons = 0;
  std::vector<FileHash> definitions;
  std::vector<FileHash> extracts;
};

std::string to_json(const Manifest& manifest);
/// Throws when the file is missing, damaged, or of a format this program does not read; the fix names
/// the command that rebuilds it.
Manifest read_manifest(const std::filesystem::path& snapshot_folder);

}  // namespace catchment::records
