// Files of rows, as a partner would send them. A sheet is one file; a worker fills a block of its
// rows for one chunk of people; an outlet appends blocks in chunk order, so the bytes do not depend
// on how many threads worked.
#pragma once

#include <cstdio>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/date.h"
#include "synth/parquet.h"

namespace catchment::synth {

enum class DateStyle : std::uint8_t { iso, compact, slashed, named };  // 2024-03-31, 20240331, 31/03/2024, 31-Mar-2024
enum class SheetForm : std::uint8_t { csv, parquet, lines };          // lines: one text a row (NDJSON)

struct Column {
  std::string name;
  CellKind kind = CellKind::text;
};

struct Sheet {
  std::string path;  // below the output folder, without an extension for csv and parquet
  std::vector<Column> columns;
  SheetForm form = SheetForm::csv;
  DateStyle dates = DateStyle::iso;
  char separator = ',';
};

/// `date` in a style; the view is good until the next 8 calls on this thread.
std::string_view date_text(Date date, DateStyle style);

/// Rows of one sheet for one chunk. Cells come in column order; end() closes the row.
class Block {
 public:
  explicit Block(const Sheet& sheet);
  Block& text(std::string_view value);
  Block& date(Date value);
  Block& whole(std::int64_t value);
  Block& decimal(double value, int places);
  Block& blank();
  /// A date cell that holds something which is not a date. Blank in Parquet, whose dates are typed.
  Block& not_a_date(std::string_view value);
  void end();
  /// One whole line of a `lines` sheet.
  void line(std::string_view value);
  /// Damages the bytes of the last row (CSV only): its last cell with bare quotes inside quotes, or its
  /// UTF-8 letters written in Windows-1252. Says whether it did.
  bool break_quoting();
  bool write_in_windows_1252();
  std::uint64_t rows() const { return rows_; }
  const std::string& bytes() const { return bytes_; }  // of csv and lines, without a header

 private:
  friend class Outlet;
  void separate();

  const Sheet* sheet_;
  std::string bytes_;
  std::vector<ParquetColumn> columns_;
  std::size_t at_ = 0;
  std::size_t row_start_ = 0;
  std::uint64_t rows_ = 0;
  std::uint64_t last_row_end_ = 0;
};

/// Writes one sheet's file. Throws Error(environment) when the disk refuses.
class Outlet {
 public:
  Outlet(const std::filesystem::path& folder, const Sheet& sheet);
  ~Outlet();
  Outlet(Outlet&&) noexcept;
  /// Turns a worker's block into bytes; call it outside any lock.
  static void seal(Block& block, ParquetGroup& group);
  void append(const Block& block, ParquetGroup&& group);
  void close();
  std::uint64_t rows() const { return rows_; }
  std::uint64_t bytes() const { return bytes_; }
  const std::filesystem::path& path() const { return path_; }
  std::string relative_path() const;

 private:
  void put(std::string_view bytes);

  const Sheet* sheet_;
  std::filesystem::path path_;
  std::FILE* file_ = nullptr;
  std::uint64_t rows_ = 0;
  std::uint64_t bytes_ = 0;
  std::vector<ParquetGroup> groups_;
  std::vector<std::int64_t> group_offsets_;
};

}  // namespace catchment::synth
