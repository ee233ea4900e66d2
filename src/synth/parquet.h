// Parquet, written a row group at a time and byte for byte the same on every run: columns of text
// (dictionary encoded where that is smaller), dates, whole numbers and decimals, all optional, zstd pages.
// In: cell values row by row. Out: the bytes of one row group, then the footer. No files, no threads.
// Apache Parquet format 2.10, data page version 1.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace catchment::synth {

enum class CellKind : std::uint8_t { text, date, whole, decimal };

/// Where one encoded column chunk stands inside its row group, for the footer.
struct ParquetChunk {
  std::int64_t offset = 0;             // of the chunk's first page, from the start of the row group
  std::int64_t dictionary_offset = -1; // -1 without a dictionary page
  std::int64_t data_offset = 0;
  std::int64_t compressed_bytes = 0;
  std::int64_t raw_bytes = 0;
  std::int64_t values = 0;
};

struct ParquetGroup {
  std::string bytes;
  std::vector<ParquetChunk> chunks;
  std::int64_t rows = 0;
};

/// One column's cells of the row group being filled.
class ParquetColumn {
 public:
  explicit ParquetColumn(CellKind kind) : kind_(kind) {}
  void text(std::string_view value);
  void date(std::int32_t days) { defined_.push_back(1), days_.push_back(days); }
  void whole(std::int64_t value) { defined_.push_back(1), wholes_.push_back(value); }
  void decimal(double value) { defined_.push_back(1), decimals_.push_back(value); }
  void blank() { defined_.push_back(0); }
  CellKind kind() const { return kind_; }
  /// Appends the column's pages to `group` and forgets the cells.
  void encode_into(ParquetGroup& group);

 private:
  CellKind kind_;
  std::vector<std::uint8_t> defined_;
  std::vector<std::int32_t> days_;
  std::vector<std::int64_t> wholes_;
  std::vector<double> decimals_;
  std::vector<std::uint32_t> symbols_;                       // text cells as positions in the dictionary
  std::unordered_map<std::string_view, std::uint32_t> seen_; // views into words_
  std::vector<std::pair<std::size_t, std::uint32_t>> spans_; // of each word in words_
  std::string words_;
  std::uint32_t last_ = 0;
};

inline constexpr std::string_view parquet_magic = "PAR1";

struct ParquetField {
  std::string name;
  CellKind kind = CellKind::text;
};

/// The footer of a file that began with parquet_magic and continued with groups at `group_offsets`.
std::string parquet_footer(const std::vector<ParquetField>& fields, const std::vector<ParquetGroup>& groups, const std::vector<std::int64_t>& group_offsets);

}  // namespace catchment::synth
