// Files to pieces of work, in order. One Reader is shared by the workers: each takes the next piece under a
// lock and parses it alone.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "db/db.h"
#include "intake/byte_source.h"
#include "intake/delivery.h"
#include "intake/intake.h"
#include "intake/row_cutter.h"
#include "intake/row_program.h"

namespace catchment::intake {

/// A piece of one file; memory is used again for the next.
struct Work {
  std::uint64_t sequence = 0;
  const Delivery* delivery = nullptr;
  std::shared_ptr<const FilePlan> plan;
  Block block;                            // csv, fhir-ndjson; bundles: one row, the whole document
  std::vector<db::Chunk> chunks;          // parquet
  std::size_t chunk_count = 0;
  std::vector<db::ColumnType> types;
  std::uint64_t first_line = 1;           // parquet: of the first chunk
  bool last = false;                      // nothing more of this file
  std::vector<std::pair<Rule, std::string>> file_findings;
  std::string status;                     // with last
  std::string sha256;
  std::uint64_t bytes = 0;
};

class Reader {
 public:
  Reader(const std::vector<Delivery>& deliveries, const IntakeSettings& settings);
  ~Reader();
  /// False when every file was read.
  bool next(Work& work);

 private:
  struct Open;
  bool open(const Delivery& delivery, Work& work);
  void open_csv(Open& o, Work& work);
  void open_lines(Open& o);
  void open_bundle(Open& o, Work& work);
  void open_parquet(Open& o, Work& work);
  bool match_columns(Open& o, const std::vector<std::string>& names, Work& work);
  void read_on(Work& work);
  void close(Work& work);

  std::vector<const Delivery*> order_;
  std::size_t at_ = 0;
  std::uint64_t sequence_ = 0;
  const IntakeSettings& settings_;
  std::unique_ptr<Open> open_;
  std::unique_ptr<db::Duck> duck_;        // reads Parquet
};

/// The separator of a header line: of comma, semicolon, tab and bar the one that stands there most often.
char find_separator(std::string_view header, char quote);
/// A header name without case, blanks, '_', '-' and '.'.
std::string folded_name(std::string_view name);

}  // namespace catchment::intake
