// RFC 4180 CSV over bytes: no files, no types. Reading is lenient about line ends and a leading
// byte-order mark and strict about quotes, which it reports rather than guesses.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace catchment {

/// A whole small table in memory: definitions, fixtures, command-line filters. Large feeds have
/// their own reader in intake.
struct CsvTable {
  std::vector<std::string> header;
  std::vector<std::vector<std::string>> rows;
  std::vector<int> lines;  // 1-based line on which each row starts

  /// Index of a column, or -1. Names compare exactly.
  int column(std::string_view name) const;
};

struct CsvFault {
  int line = 0;
  std::string message;
};

/// Parses bytes into a table. Faults (a row with another number of cells than the header, an
/// unclosed quote) are returned beside the rows that could be read; a faulty row is left out.
CsvTable read_csv(std::string_view bytes, std::vector<CsvFault>& faults, char separator = ',');

/// One cell as CSV: quoted when it holds a separator, a quote, a line end or outer blanks.
std::string csv_cell(std::string_view text);
/// One line with its line end.
std::string csv_line(const std::vector<std::string>& cells);

}  // namespace catchment
