// The files under extracts/, and which of them are to be read.
#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "intake/batch.h"
#include "intake/feed.h"

namespace catchment::intake {

struct Delivery {
  std::int32_t source = 0;               // from 1, in path order
  std::filesystem::path path;
  std::string file;                      // relative to extracts/, with '/'
  const Feed* feed = nullptr;
  Format format = Format::csv;
  std::string partner, period, delivery;
  std::uint64_t bytes = 0;
  std::string sha256;                    // when it was needed before reading
  std::string status;                    // empty: to be read
  std::optional<Rule> finding;           // why it is not read
};

/// All files, in path order. Throws Error when the folder cannot be read or a file fits two feeds.
std::vector<Delivery> find_deliveries(const std::filesystem::path& extracts, const FeedDefinitions& definitions);

}  // namespace catchment::intake
