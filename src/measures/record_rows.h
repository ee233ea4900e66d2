// Rows of the record written as text: people made by hand, for cases of measures.
// In: rows as (table, column, value) texts; columns and words are those of records/schema.h, and a table `person`.
// Out: a DataProvider a person, answering as the snapshot does. Always: a fault is a diagnostic with file, line and
// fix, and its row is left out.
//
// Values: dates 2025-04-01 (birth_date also 2025-04 and 2025); codes SYSTEM|CODE or SYSTEM|CODE|DISPLAY where SYSTEM
// is a short name (snomed, icd10, bnf, ...) or an address, and a number alone is SNOMED CT; words of the column's
// closed list; moments 2025-04-01T10:30:00Z; organisations by their code; an empty text is no value.
#pragma once

#include <map>
#include <memory>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "measures/record_view.h"

namespace catchment::measures {

struct CellText {
  std::string column, value;
};

class RecordRows {
 public:
  RecordRows();
  ~RecordRows();
  RecordRows(const RecordRows&) = delete;
  RecordRows& operator=(const RecordRows&) = delete;

  /// Table `person` has the columns birth_date, sex, death_date, practice; a person need not have a row of it.
  bool add(const std::string& person, const std::string& table, const std::vector<CellText>& cells, const std::string& file, int line,
           Diagnostics& diagnostics);
  /// In the order they were first named.
  const std::vector<std::string>& people() const { return people_; }
  /// The person's provider (of no rows for a name never given); stands until the next `add`. Its rows are labelled
  /// by the line they were given with.
  std::unique_ptr<RecordView> view(const std::string& person);

 private:
  struct Person;
  std::int64_t code_id(const std::string& text);
  bool add_person(Person& person, const std::vector<CellText>& cells, const std::string& file, int line, Diagnostics& diagnostics);
  bool read_cell(const records::Column& column, const std::string& text, RowColumns& table, std::int64_t& cell);

  records::Dictionaries words_;
  bool indexed_ = false;
  std::map<std::string, std::int64_t> code_ids_, unit_ids_, organisation_ids_, area_ids_;
  std::vector<std::string> people_;
  std::map<std::string, std::unique_ptr<Person>> by_name_;
};

}  // namespace catchment::measures
