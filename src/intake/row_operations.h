// The compiled parts of a RowProgram. Internal to intake.
#pragma once

#include <optional>

#include "intake/row_program.h"

namespace catchment::intake {

struct RowProgram::ColumnOp {
  const FeedColumn* column = nullptr;
  int cell = -1;
  const CompiledMap* map = nullptr;
  std::vector<DatePattern> patterns;
  const std::unordered_set<std::string>* codelist = nullptr;
  // Of an organisation: what the register said of the last row's code.
  std::string last_code;
  const OrganisationRegister::Times* last_times = nullptr;
};

struct RowProgram::FieldOp {
  const Expression* expression = nullptr;
  const CompiledMap* map = nullptr;
  std::string_view allowed;              // closed list of a word
  Slot constant;                         // of a constant
  // What the last row had, so that a repeated value costs a comparison.
  std::string last_text;
  std::string last_system;
  std::int32_t last_id = 0;
  std::string last_word;
  std::optional<int> last_place;  // of last_word in `allowed`
};

struct RowProgram::RecordOp {
  const RecordRule* rule = nullptr;
  const records::Table* table = nullptr;
  mutable std::vector<FieldOp> fields;
  int value = -1, unit = -1, code = -1;  // columns of the table that take part in unit conversion
  std::string_view column_unit;          // unit of the value's column
  int event = -1;                        // first date column
  bool convert = false;                  // observation: to the code's canonical unit
  // Per local code id: its units, looked up once.
  mutable std::vector<std::pair<bool, const CodeUnits*>> units_of_code;
};

}  // namespace catchment::intake
