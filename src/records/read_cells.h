// From rows of the snapshot's databases to the structs of snapshot.h.
#pragma once

#include "db/db.h"
#include "records/snapshot.h"

namespace catchment::records {

/// Columns every identity statement begins with: person, nhs_number, number_status, given, family, previous_family, birth_date,
/// sex, address, postcode, telephone, email, language, death_date, restricted.
inline constexpr std::size_t identity_columns = 15;

std::string text_or_empty(const db::Chunk& chunk, std::size_t column, std::size_t row);
Identity read_identity(const db::Chunk& chunk, std::size_t row, const RowFilter& filter);
Dictionaries read_dictionaries(db::Connection& connection);
std::vector<Receipt> read_receipts(db::Connection& connection, const Dictionaries& words);
std::vector<Finding> read_findings(db::Connection& connection, const FindingQuery& query);
std::vector<Drift> read_drift(db::Connection& connection);
FaultyRows read_faulty_rows(db::Connection& connection, const FaultyRowQuery& query, const Dictionaries& words);
std::vector<QuarantinedRow> read_quarantine(db::Connection& connection, const QuarantineQuery& query, const Dictionaries& words);
std::vector<CountRow> count_population(db::Connection& connection, const CountQuery& query, Date as_of);
/// Takes out of a block what the filter hides.
void hide_rows(PersonBlock& block, const RowFilter& filter);

}  // namespace catchment::records
