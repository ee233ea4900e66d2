// Where things stand in a workspace.
#pragma once

#include <filesystem>
#include <optional>
#include <string>

namespace catchment::records {

struct Workspace {
  std::filesystem::path root;

  std::filesystem::path extracts() const { return root / "extracts"; }
  std::filesystem::path snapshots() const { return root / "snapshots"; }
  std::filesystem::path current() const { return root / "current"; }
  std::filesystem::path authored() const { return root / "authored.sqlite"; }
  std::filesystem::path audit() const { return root / "audit.sqlite"; }
  std::filesystem::path keys() const { return root / "keys"; }
  std::filesystem::path system_choice() const { return root / "system.path"; }  // the definition folder of the last build

  /// The folder `current` points to, or nothing before the first build.
  std::optional<std::filesystem::path> current_snapshot() const;
};

/// The files of one snapshot folder.
struct SnapshotFiles {
  std::filesystem::path folder;

  std::filesystem::path population() const { return folder / "population.duckdb"; }
  std::filesystem::path identity() const { return folder / "identity.duckdb"; }
  std::filesystem::path people() const { return folder / "people.sqlite"; }
  std::filesystem::path manifest() const { return folder / "manifest.json"; }
  std::filesystem::path receipt() const { return folder / "receipt.json"; }
  std::filesystem::path staged() const { return folder / "staged.duckdb"; }  // only while building
};

}  // namespace catchment::records
