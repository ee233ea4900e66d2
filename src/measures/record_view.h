// One person's rows of the record, answering the retrieves of a CQL program as FHIR R4 resources.
// In: columns of rows (of one person or of many), the person's own data, the dictionaries their ids point
// into. Out: a DataProvider; resources are views of rows, made when asked for, without JSON. Always: rows
// come in the order of their table; values of one person must not be used after the next person has begun.
// docs/reference/record-as-fhir.md says which column is which element.
#pragma once

#include <array>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cql/cql.h"
#include "measures/record_model.h"
#include "measures/sent_resources.h"
#include "records/records.h"

namespace catchment::measures {

/// One column of rows, as numbers: ids, days since 1970, UTC milliseconds, the bits of a number, the place in
/// the closed list of words, 0 or 1. Columns nobody reads stay empty and are null everywhere.
class CellColumn {
 public:
  void use_narrow() { wide_ = false; }
  void reserve(std::size_t rows) { wide_ ? wide_cells_.reserve(rows) : narrow_cells_.reserve(rows); }
  void resize(std::size_t rows) { wide_ ? wide_cells_.resize(rows, records::no_value) : narrow_cells_.resize(rows, no_narrow); }
  void push(std::int64_t value) { wide_ ? wide_cells_.push_back(value) : narrow_cells_.push_back(narrowed(value)); }
  void set(std::size_t row, std::int64_t value) { wide_ ? wide_cells_[row] = value : narrow_cells_[row] = narrowed(value), void(); }
  std::int64_t at(std::size_t row) const {
    if (!wide_) return row < narrow_cells_.size() && narrow_cells_[row] != no_narrow ? narrow_cells_[row] : records::no_value;
    return row < wide_cells_.size() ? wide_cells_[row] : records::no_value;
  }

 private:
  static constexpr std::int32_t no_narrow = INT32_MIN;
  static std::int32_t narrowed(std::int64_t value) { return value == records::no_value ? no_narrow : static_cast<std::int32_t>(value); }
  bool wide_ = true;
  std::vector<std::int32_t> narrow_cells_;
  std::vector<std::int64_t> wide_cells_;
};

/// Rows of one table; `cells` follow the columns of records/schema.h.
struct RowColumns {
  std::vector<CellColumn> cells;
  CellColumn sources, lines, organisations;
  std::vector<std::string> texts;  // what cells of local identifiers point to
  std::size_t rows = 0;
};

using RecordColumns = std::array<RowColumns, records::table_count>;

/// From which row to which, by table.
struct RowRange {
  std::size_t begin = 0, end = 0;
};
using RowRanges = std::array<RowRange, records::table_count>;

/// A row, so that evidence can name it.
struct RowAddress {
  std::string table;
  SourceId source;
  std::int64_t line = 0;
};

struct BoundRetrieve;

class RecordView final : public cql::DataProvider {
 public:
  /// Both must outlive the view. One view belongs to one thread.
  RecordView(const RecordColumns& columns, const records::Dictionaries& words);
  ~RecordView() override;
  RecordView(const RecordView&) = delete;
  RecordView& operator=(const RecordView&) = delete;

  /// Starts a person; forgets the one before.
  void begin(const records::PersonSummary& person, const RowRanges& rows);
  /// Retrieves whose codes are known in advance; must outlive the view. Their rows are found as a person
  /// begins.
  void use(const std::vector<BoundRetrieve>& retrieves);
  /// Which of them may have rows of this person, for cql::PlannedRun::begin; empty without `use`.
  std::span<const std::uint64_t> found() const;
  /// The rows given to `begin` are of several persons, `owner` says whose each is, by table and row: a retrieve of the
  /// Unfiltered context gives all of them. Resources stand as long as the view, whoever begins.
  void hold_everyone(std::function<PersonId(std::size_t table, std::size_t row)> owner);
  /// Answers what is asked about everyone at once; without it such a question is an error.
  void set_everyone(const cql::DataProvider* everyone) { everyone_ = everyone; }
  /// Where to read elements that are no column; without it they are absent. Rows need their labels for it.
  void read_sent(SentResources* sent);
  /// The class `Patient` is seen as; FHIR.Patient unless said.
  void set_patient_class(std::string name) { patient_class_ = std::move(name); }

  cql::Value subject() const override;
  cql::Retrieved retrieve(const cql::Retrieve& retrieve, const cql::Value& terminology, const cql::Value& context) const override;
  std::optional<bool> finds(const cql::Retrieve& retrieve) const override;
  std::vector<const cql::DataProvider*> everyone() const override;

  struct State;

 private:
  std::unique_ptr<State> state_;
  const cql::DataProvider* everyone_ = nullptr;
  std::string patient_class_ = "FHIR.Patient";
};

/// The row a resource views, by its label ("Condition/condition-12-3456"); nothing for anything else.
std::optional<RowAddress> row_address(std::string_view label);

}  // namespace catchment::measures
