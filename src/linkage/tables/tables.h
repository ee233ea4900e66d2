// Person tables as files send them: CSV in, columns of distinct texts out.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "linkage/tables/packed_rows.h"

namespace catchment::linkage {

/// One or several CSV tables. A column of the same header in several files is one column.
class Tables {
 public:
  /// Adds a file's bytes. The header is the first line. `name` is the source in the answer.
  /// Throws Error (user) naming the file and line for what is not CSV.
  void add(const std::string& name, const std::string& file, std::string_view bytes, unsigned threads = 1);

  std::size_t rows() const { return source_.size(); }
  const std::vector<std::string>& source_names() const { return source_names_; }
  std::uint16_t source(std::size_t row) const { return source_[row]; }
  /// The value in the row's first column.
  std::string_view row_key(std::size_t row) const {
    return columns_[first_column_[source_[row]]]->texts.text(columns_[first_column_[source_[row]]]->cells[row]);
  }

  struct Column {
    std::string name;
    Dictionary texts;
    std::vector<TextId> cells;
    std::vector<std::uint16_t> sources;  // files that have it
    bool appended = false;               // a first column of row names: texts may hold one text twice
    /// Different texts, about as many where appended.
    std::uint64_t distinct() const;
  };
  const std::vector<std::unique_ptr<Column>>& columns() const { return columns_; }
  const Column* column(std::string_view name) const;
  bool is_first_column(std::string_view name) const;
  std::uint64_t ragged_rows() const { return ragged_; }

  /// Views for packing; the tables must outlive it.
  RawRows raw(unsigned threads = 1) const;

 private:
  std::vector<Column*> columns_of_file(const std::vector<std::string_view>& header, std::uint16_t source);
  std::vector<std::unique_ptr<Column>> columns_;
  std::vector<std::string> source_names_;
  std::vector<std::uint16_t> source_;
  std::vector<std::size_t> first_column_;
  std::uint64_t ragged_ = 0;
};

}  // namespace catchment::linkage
