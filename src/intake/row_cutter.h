// Cuts a stream of text into rows: CSV rows (a quoted cell may hold line ends) or plain lines.
// In: bytes. Out: blocks of about a megabyte with the place and line of each row. Always: every
// byte of a non-blank line is in exactly one row; a row is at most `longest_row` bytes, a longer line is one
// row marked too_long with its first bytes; a quote that never closes, or closes in the middle of a cell,
// marks its own line and reading goes on at the next.
#pragma once

#include <cstdint>
#include <functional>
#include <vector>

namespace catchment::intake {

enum class RowState : std::uint8_t { good, quoted, broken_quote, too_long, unfinished };

struct RowSpan {
  std::uint32_t begin = 0;
  std::uint32_t end = 0;       // without the line end
  std::uint64_t line = 0;      // 1-based
  RowState state = RowState::good;
};

struct Block {
  std::vector<char> bytes;
  std::size_t filled = 0;
  std::vector<RowSpan> rows;
};

struct CutterOptions {
  char quote = '\0';           // '\0': plain lines
  char separator = ',';
  std::size_t longest_row = std::size_t{1} << 20;
  std::size_t block = std::size_t{1} << 20;
};

class RowCutter {
 public:
  using Read = std::function<std::size_t(char*, std::size_t)>;
  RowCutter(Read read, CutterOptions options) : read_(std::move(read)), options_(options) {}

  /// The next rows; false when there are none left. `more_may_come` is false on the last block.
  bool next(Block& block);
  /// Cells a row should have: a row of several lines with another number is taken for a broken quote. 0 = not known.
  void expect_cells(std::size_t cells) { cells_ = cells; }
  void set_separator(char separator) { options_.separator = separator; }
  /// Marks a last line without a line end as unfinished (the file was cut short). Ask before each `next`.
  void set_truncated(std::function<bool()> truncated) { truncated_ = std::move(truncated); }

 private:
  struct Quoted {
    enum class Result : std::uint8_t { row, broken, needs_more } result;
    std::size_t end = 0;
    std::uint64_t lines = 1;
  };
  void fill(Block& block);
  bool cut_one(Block& block, std::size_t& at);
  Quoted scan_quoted(const char* bytes, std::size_t begin, std::size_t filled) const;
  void skip_long_line(Block& block, std::size_t begin, std::size_t& at);

  Read read_;
  CutterOptions options_;
  std::function<bool()> truncated_;
  std::vector<char> tail_;      // what the last block left over
  std::uint64_t line_ = 1;
  std::size_t cells_ = 0;
  bool ended_ = false;
};

}  // namespace catchment::intake
