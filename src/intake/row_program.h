// A feed definition made ready to run over the rows of one file: each column becomes a reader, each record
// rule a list of fetches. One RowProgram belongs to one worker.
#pragma once

#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "intake/batch.h"
#include "intake/dictionaries.h"
#include "intake/feed.h"
#include "intake/local_time.h"
#include "intake/organisation_register.h"
#include "intake/parse_values.h"
#include "intake/row_cutter.h"
#include "intake/units.h"
#include "records/schema.h"

namespace catchment::intake {

/// What every file of a run shares.
struct RunContext {
  const FeedDefinitions* definitions = nullptr;
  const UnitTable* units = nullptr;
  const LocalTime* zone = nullptr;
  const OrganisationRegister* organisations = nullptr;
  Date as_of;
};

/// One file of one feed, once its header is known.
struct FilePlan {
  const Feed* feed = nullptr;
  std::int32_t source = 0;
  std::string file;
  std::string partner;
  char separator = ',';
  std::size_t cells = 0;                 // in a full row
  std::vector<int> where;                // feed column -> cell, or -1
};

/// A cell as it comes from a reader: text, or already a value (Parquet).
struct Cell {
  enum class Kind : std::uint8_t { null, text, integer, number, date, instant } kind = Kind::null;
  std::string_view text;
  std::int64_t integer = 0;              // also days of a date, UTC milliseconds of an instant
  double number = 0;
};

/// A column's value in the row at hand.
struct Value {
  enum class State : std::uint8_t { missing, good, bad } state = State::missing;
  Precision precision = Precision::day;
  std::int32_t days = 0;
  std::string_view text;                 // trimmed, mapped, tidied
  union {
    std::int64_t integer = 0;
    double number;
  };
  bool good() const { return state == State::good; }
};

class CompiledMap {
 public:
  explicit CompiledMap(const Map& map);
  /// The mapped text; the text itself when the map says nothing about it.
  std::string_view apply(std::string_view text) const;

 private:
  std::vector<std::pair<std::string_view, std::string_view>> slots_;
  std::vector<bool> used_;
  const Map* map_;
};

class RowProgram {
 public:
  RowProgram(const FilePlan& plan, const RunContext& context, LocalDictionary& dictionary);
  ~RowProgram();
  RowProgram(const RowProgram&) = delete;
  RowProgram& operator=(const RowProgram&) = delete;

  /// Rows of a CSV block. Texts of the batch point into the block.
  void run(const Block& block, Batch& batch);
  /// One row whose cells are already apart (`cells` in file order).
  void run_cells(std::uint64_t line, std::string_view raw, std::span<const Cell> cells, Batch& batch);

 private:
  struct ColumnOp;
  struct FieldOp;
  struct RecordOp;

  void split(std::string_view row, bool quoted, Batch& batch);
  void row_fault(const Block& block, const RowSpan& span, Rule rule, Batch& batch);
  void begin_row(std::uint64_t line, std::string_view raw, Batch& batch);
  void finish_row(Batch& batch);
  void read_column(std::size_t index, const Cell& cell, Batch& batch);
  bool read_text(const ColumnOp& op, std::string_view text, Value& value, Batch& batch, Rule& rule);
  bool read_date(const ColumnOp& op, std::string_view text, Value& value, Batch& batch, Rule& rule);
  bool within(const ColumnOp& op, Value& value, Rule& rule) const;
  void fail(std::size_t index, Rule rule, std::string_view text, Batch& batch);
  void checks(Batch& batch);
  void check_organisations(Batch& batch);
  void subject(InputRow& row, Batch& batch);
  void identity(InputRow& row, Batch& batch);
  void record(const RecordOp& op, int member, Batch& batch);
  bool holds(const RecordOp& op) const;
  Slot fetch(FieldOp& op, records::Kind target, int member, Batch& batch, std::string_view* unit_text);
  std::int32_t code_id(FieldOp& op, std::size_t column);
  void canonical_value(const RecordOp& op, std::size_t first, std::string_view unit, Batch& batch);
  std::string_view text_of(const FieldOp& op, int member, Batch& batch) const;
  void quarantine(InputRow& row, Rule rule, std::int32_t column) const;

  const FilePlan& plan_;
  const Feed& feed_;
  RunContext context_;
  LocalDictionary& dictionary_;
  std::vector<ColumnOp> columns_;
  std::vector<std::size_t> used_;        // columns present in the file
  std::vector<RecordOp> records_;
  std::vector<FieldOp> identity_;
  std::unordered_map<std::string, std::unique_ptr<CompiledMap>> maps_;
  std::vector<Value> values_;
  std::vector<std::string_view> cells_;
  std::vector<Cell> cell_values_;
  const CheckRule* unique_ = nullptr;
  std::int32_t partner_id_ = 0;
  std::int32_t latest_day_ = 0;
  std::int32_t row_day_ = 0;             // latest event of the row at hand
  std::vector<std::size_t> organisation_columns_;  // of those checked against the register
  std::string scratch_;
};

}  // namespace catchment::intake
