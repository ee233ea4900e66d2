// What the tests over a small staged population share: its one GP file, the published snapshot, a checked program.
#pragma once

#include <doctest/doctest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "../records/staged_fixture.h"
#include "measures/measures.h"

namespace catchment::measures::testing {

/// Source 1: a practice's file.
inline void stage_gp_file(records::testing::Staged& staged) {
  staged.run(
      "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/1.csv' AS file, 'gp' AS feed, 'P1' AS partner, 'general-practice' AS setting, 'complete' AS status, "
      "'local_id' AS key_kind, 10 AS rows_read, 9 AS rows_accepted, 1 AS rows_quarantined, 0.05 AS tolerance, false AS postcode_is_incident");
}

/// The snapshot of what was staged in the folder.
inline std::shared_ptr<const records::Snapshot> published(const std::filesystem::path& folder) {
  SilentProgress silent;
  records::assemble(records::testing::small_reference(), records::testing::settings_for(folder), silent);
  records::testing::write_manifest(folder);
  return records::Snapshot::open_folder(folder);
}

/// A library without a fault.
inline std::unique_ptr<cql::Program> checked(const std::string& text) {
  static const cql::Models models;
  Diagnostics diagnostics;
  auto program = cql::check_library({"S.cql", text}, {}, models, diagnostics);
  for (const Diagnostic& d : diagnostics) MESSAGE(to_string(d));
  REQUIRE_FALSE(has_errors(diagnostics));
  return program;
}

}  // namespace catchment::measures::testing
