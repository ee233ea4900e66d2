// The files that one feed writes about the example population, in memory.
#pragma once

#include <doctest/doctest.h>

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "base/csv.h"
#include "example.h"
#include "synth/feeds/partner.h"

namespace catchment::synth {

/// The files one feed writes about the example population, read back.
class Written {
 public:
  using Maker = std::unique_ptr<Feed> (*)(const Shared&, Sheets&);
  explicit Written(Maker make, std::size_t first = 0, std::size_t last = SIZE_MAX)
      : faults_(example_model()), sheets_(false), truth_(sheets_), shared_{example_model(), faults_, truth_}, feed_(make(shared_, sheets_)) {
    for (const auto& sheet : sheets_.all()) blocks_.emplace_back(*sheet);
    for (std::size_t c = first; c < std::min(last, chunks().size()); ++c)
      for (std::size_t i = 0; i < chunks()[c].size(); ++i) feed_->person(chunks()[c], i, blocks_);
    feed_->finish(blocks_);
  }

  std::uint64_t rows(std::string_view ending) const {
    std::uint64_t total = 0;
    for (std::size_t s = 0; s < blocks_.size(); ++s)
      if (sheets_.all()[s]->path.ends_with(ending)) total += blocks_[s].rows();
    return total;
  }

  /// Every file whose path ends so, as one table. Lines with planted damage are left out.
  CsvTable table(std::string_view ending) const {
    CsvTable all;
    for (std::size_t s = 0; s < blocks_.size(); ++s) {
      const Sheet& sheet = *sheets_.all()[s];
      if (!sheet.path.ends_with(ending)) continue;
      std::string text;
      for (const auto& column : sheet.columns) text += (text.empty() ? "" : std::string(1, sheet.separator)) + column.name;
      std::vector<CsvFault> ignored;
      CsvTable one = read_csv(text + "\r\n" + blocks_[s].bytes(), ignored, sheet.separator);
      all.header = one.header;
      for (auto& row : one.rows) all.rows.push_back(std::move(row));
    }
    REQUIRE_FALSE(all.rows.empty());
    return all;
  }

  /// The bytes of every file whose path ends so.
  std::vector<std::string> texts(std::string_view ending) const {
    std::vector<std::string> all;
    for (std::size_t s = 0; s < blocks_.size(); ++s)
      if (sheets_.all()[s]->path.ends_with(ending)) all.push_back(blocks_[s].bytes());
    return all;
  }

  const std::string& lines(std::string_view ending) const {
    for (std::size_t s = 0; s < blocks_.size(); ++s)
      if (sheets_.all()[s]->path.ends_with(ending)) return blocks_[s].bytes();
    FAIL("no such file");
    return blocks_[0].bytes();
  }

 private:
  Faults faults_;
  Sheets sheets_;
  Truth truth_;
  Shared shared_;
  std::unique_ptr<Feed> feed_;
  Blocks blocks_;
};

}  // namespace catchment::synth
