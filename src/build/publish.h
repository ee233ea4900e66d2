// From a finished building folder to the live snapshot.
#pragma once

#include <filesystem>
#include <string>

#include "base/date.h"
#include "records/records.h"

namespace catchment::build {

/// "20260331T101500Z", with -2, -3 ... when that folder exists.
std::string new_snapshot_id(const records::Workspace& workspace, Instant at);

/// Writes bytes to a new file and makes sure they are on disk.
void write_durably(const std::filesystem::path& file, const std::string& bytes);
/// Makes sure every file of a folder, and the folder, are on disk.
void sync_folder(const std::filesystem::path& folder);

/// Renames the building folder to its id. The live snapshot does not change.
void settle(const records::Workspace& workspace, const std::filesystem::path& building, const std::string& id);
/// Points `current` to the snapshot, by one rename.
void make_current(const records::Workspace& workspace, const std::string& id);
/// Removes all but the newest `keep` snapshots (never the live one) and what dead builds left.
void remove_old_snapshots(const records::Workspace& workspace, std::size_t keep);

}  // namespace catchment::build
