// A person's rows by the retrieve that asks for them, found in one pass over the rows.
// In: retrieves whose codes are known, then one person's rows after another. Out: the rows of each source of each
// retrieve. Always: rows of a source keep the order of their table. Private to measures.
#pragma once

#include <cstdint>
#include <vector>

#include "measures/record_retrieve.h"
#include "measures/record_view.h"

namespace catchment::measures {

class RowIndex {
 public:
  /// `retrieves` must outlive the index.
  void use(const std::vector<BoundRetrieve>& retrieves, std::size_t codes);
  /// Finds a person's rows and forgets those of the one before.
  void begin(const RecordColumns& columns, const RowRanges& rows);
  /// Of source `source` of retrieve `retrieve`, by their places in BoundRetrieve::sources and the list given.
  /// Not for sources that take every row.
  const std::vector<std::uint32_t>& rows(std::size_t retrieve, std::size_t source) const { return found_[first_source_[retrieve] + source]; }
  /// Whether the rows of this retrieve are found here: not when nothing that is asked reaches it or one like it.
  bool holds(std::size_t retrieve) const { return first_source_[retrieve] != nowhere; }
  /// Bits, by BoundRetrieve::planned: those that may have rows. Retrieves whose codes were not known always may.
  const std::vector<std::uint64_t>& found() const { return bits_; }

 private:
  static constexpr std::size_t nowhere = SIZE_MAX;
  struct Source {
    const RetrieveSource* source = nullptr;
    std::size_t alike = 0;               // of which retrieves, in `alike_`
    std::int16_t first_word = no_column, second_word = no_column;
  };
  struct Table {
    std::size_t table = 0;
    std::int16_t code_column = no_column;
    std::vector<std::uint32_t> code_starts, code_sources;  // sources by code, one list after another
    std::vector<std::uint32_t> worded;                     // sources that also take rows by a word
    std::vector<std::size_t> every;                        // retrieves, in `alike_`, that take every row
  };
  void mark(std::size_t alike);
  void add_table(std::size_t table, std::size_t codes);
  void take(std::uint32_t source, std::size_t row);
  bool wanted(const Source& source, const RowColumns& table, std::int64_t code, std::size_t row) const;

  std::vector<Table> tables_;
  std::vector<Source> sources_;                     // one after another; retrieves that are alike share theirs
  std::vector<std::size_t> first_source_;           // by retrieve
  std::vector<std::vector<std::size_t>> alike_;     // BoundRetrieve::planned of retrieves of the same rows
  std::vector<std::vector<std::uint32_t>> found_;   // by source
  std::vector<std::uint32_t> filled_;               // sources with rows
  std::vector<std::uint64_t> bits_, always_;
};

}  // namespace catchment::measures
