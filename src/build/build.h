// build: the order of the path, and publication. Nothing else publishes.
//
// In:     a workspace (extracts/ beside it), a definition folder, what people authored (authored.sqlite), an as-of date.
// Out:    snapshots/<id> and `current` pointing to it, its review queue with it; a receipt; the person register for the next build.
// Always: the live snapshot is served until the one rename that replaces it, whatever happens before. The
//         content hash depends on extracts, definitions, authored register (with its link weights) and as-of date only. No stage
//         reads truth/; only the report of linkage accuracy does, after everything else.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/date.h"
#include "base/progress.h"
#include "build/lookup_store.h"
#include "build/queue_reader.h"
#include "build/receipt.h"
#include "build/review_store.h"

namespace catchment::build {

/// The stages in order. `publish` counts everyone and makes the result current; `measures` works out the measure library beside it.
inline constexpr std::string_view stages[] = {"intake", "linkage", "records", "publish", "measures"};

struct BuildSettings {
  std::filesystem::path workspace;
  std::filesystem::path system;        // definition folder
  std::optional<Date> as_of;           // default: the system's
  std::string stage;                   // one stage only; empty = all of them
  bool train = false;                  // find link weights anew; else those of an earlier build are used while the linkage model is the same
  bool place_all = false;              // place every loose identity again; the answer is the same
  int measure_months = 13;             // of the measure library, to the as-of date: a year and the month before it began; 0 = none
  std::string memory_limit = "6GB";    // of the columnar store
  unsigned threads = 2;
  std::size_t keep_snapshots = 3;      // the newest, the live one always among them
  std::string product_version;
};

/// Throws Error when it cannot continue: another build is running, the disk is full, definitions are
/// wrong, a stage was asked for out of order.
Receipt build_workspace(const BuildSettings& settings, const Clock& clock, Progress& progress);

}  // namespace catchment::build
