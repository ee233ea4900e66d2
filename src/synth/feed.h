// What writes a partner's files. A feed declares its sheets when it is made and then renders one
// person at a time into the blocks of the current chunk; it never keeps a person.
#pragma once

#include <memory>
#include <vector>

#include "synth/population.h"
#include "synth/seen.h"
#include "synth/sheet.h"

namespace catchment::synth {

/// Every sheet of a run, extracts and truth, in the order declared.
class Sheets {
 public:
  Sheets(bool large_as_parquet) : large_as_parquet_(large_as_parquet) {}
  /// `large` sheets become Parquet at large sizes. Paths are below the output folder.
  std::size_t add(Sheet sheet, bool large = false);
  const std::vector<std::unique_ptr<Sheet>>& all() const { return sheets_; }

 private:
  bool large_as_parquet_;
  std::vector<std::unique_ptr<Sheet>> sheets_;
};

using Blocks = std::vector<Block>;

/// The truth beside the extracts: which person a source's key stands for, and what was planted.
class Truth {
 public:
  explicit Truth(Sheets& sheets);
  void key(Blocks& blocks, std::string_view domain, std::string_view key, const Life& life) const;
  void planted(Blocks& blocks, std::string_view domain, std::string_view key, const Life& life, Fault fault) const;
  void planted(Blocks& blocks, std::string_view domain, std::string_view key, const Life& life, FaultSet faults) const;
  void person(Blocks& blocks, const Model& model, const std::vector<Life>& lives, const Life& life) const;

 private:
  std::size_t keys_, planted_, people_, conditions_;
};

struct Shared {
  const Model& model;
  const Faults& faults;
  const Truth& truth;
};

class Feed {
 public:
  virtual ~Feed() = default;
  /// Renders what this partner knows of `lives[i]`. Safe on several threads at once.
  virtual void person(const std::vector<Life>& lives, std::size_t i, Blocks& blocks) const = 0;
  /// Files that are not about one person (price lists, sums), once, at the end.
  virtual void finish(Blocks&) const {}
};

using Feeds = std::vector<std::unique_ptr<Feed>>;

Feeds all_feeds(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> general_practice_feed(const Shared& shared, Sheets& sheets);

}  // namespace catchment::synth
