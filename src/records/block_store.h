// people.sqlite: person id -> one compressed block. Written once in person order, then only read.
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"

namespace catchment::records {

/// Compresses blocks alike, with a dictionary learnt from examples (empty = none). One per thread.
class BlockCompressor {
 public:
  explicit BlockCompressor(std::string_view dictionary);
  ~BlockCompressor();
  BlockCompressor(BlockCompressor&&) noexcept;
  std::string compress(std::string_view block);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// A zstd dictionary for blocks like these; empty when there are too few to learn from.
std::string learn_dictionary(const std::vector<std::string>& examples);

class BlockWriter {
 public:
  BlockWriter(const std::filesystem::path& file, std::string_view dictionary);
  ~BlockWriter();
  void add(PersonId person, std::string_view compressed);  // ids must rise
  void close();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// One per thread at a time.
class BlockReader {
 public:
  explicit BlockReader(const std::filesystem::path& file);
  ~BlockReader();
  BlockReader(BlockReader&&) noexcept;
  /// The block as packed, or nothing when there is no such person.
  std::optional<std::string> read(PersonId person);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace catchment::records
