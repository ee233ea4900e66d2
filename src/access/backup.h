// What people authored, who looked at what, the keys, and what has been published, as one file: an ordinary tar archive (ustar) whose first
// member, backup.json, names every other with its size and SHA-256. Extracts and snapshots are not in it: the first
// are kept as received, the second are built again.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/date.h"

namespace catchment::access {

inline constexpr int backup_format = 1;

struct BackupFile {
  std::string name;  // "authored.sqlite", "published.sqlite", "keys/..."
  std::uint64_t bytes = 0;
  std::string sha256;
};

struct BackupReceipt {
  Instant made_at;
  std::string product_version;
  std::string audit_head;  // seal of the last audit row in it
  std::int64_t audit_rows = 0;
  std::vector<BackupFile> files;
};

/// Copies while the workspace is in use. The file appears whole (mode 0600) or not at all.
BackupReceipt back_up(const std::filesystem::path& workspace, const std::filesystem::path& file, Instant now, const std::string& product_version);

/// Checks the whole archive and its audit chain first, then puts the files in place. With `replace`, what is there is moved to
/// before-restore-<number>/, but for the memory of what was published, which stays; without, a workspace that has authored data is refused. A restore that was cut short leaves a
/// mark: the workspace is not served until a restore has finished.
BackupReceipt restore(const std::filesystem::path& file, const std::filesystem::path& workspace, bool replace);

/// True while a restore has not finished.
bool restore_unfinished(const std::filesystem::path& workspace);

/// Held while a workspace is served or restored, so that the two exclude each other. Throws when another process holds it.
class WorkspaceLock {
 public:
  explicit WorkspaceLock(const std::filesystem::path& workspace);
  ~WorkspaceLock();
  WorkspaceLock(const WorkspaceLock&) = delete;
  WorkspaceLock& operator=(const WorkspaceLock&) = delete;

 private:
  int descriptor_ = -1;
};

}  // namespace catchment::access
