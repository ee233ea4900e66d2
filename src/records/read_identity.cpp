#include <algorithm>

#include "records/read_cells.h"

namespace catchment::records {

std::string text_or_empty(const db::Chunk& chunk, std::size_t column, std::size_t row) {
  return chunk.is_null(column, row) ? std::string() : std::string(chunk.text(column, row));
}

Identity read_identity(const db::Chunk& chunk, std::size_t row, const RowFilter& filter) {
  Identity identity;
  const auto text = [&](std::size_t column) { return text_or_empty(chunk, column, row); };
  identity.person.value = chunk.integer(0, row);
  identity.nhs_number = text(1);
  identity.number_status = text(2);
  identity.given = text(3);
  identity.family = text(4);
  identity.previous_family = text(5);
  if (!chunk.is_null(6, row)) identity.birth_date = chunk.date(6, row);
  identity.sex = text(7);
  identity.restricted = !chunk.is_null(14, row) && chunk.integer(14, row) != 0;
  if (!identity.restricted || filter.sees_restricted_addresses()) {
    identity.address = text(8);
    identity.postcode = text(9);
    identity.telephone = text(10);
    identity.email = text(11);
  }
  identity.language = text(12);
  if (!chunk.is_null(13, row)) identity.death_date = chunk.date(13, row);
  return identity;
}

namespace {

bool hidden(const BlockTable& table, std::size_t row, const RowFilter& filter) {
  if (filter.hides_source(table.source(row))) return true;
  for (std::size_t c = 0; c < table.cells.size(); ++c)
    if (table.table->columns[c].kind == Kind::code && filter.hides(table.code(c, row))) return true;
  return false;
}

void keep(std::vector<std::int64_t>& cells, const std::vector<std::size_t>& rows) {
  for (std::size_t i = 0; i < rows.size(); ++i) cells[i] = cells[rows[i]];
  cells.resize(rows.size());
}

}  // namespace

void hide_rows(PersonBlock& block, const RowFilter& filter) {
  if (filter.terms().hidden_tables.empty() && filter.terms().hidden_codes.empty() && filter.terms().hidden_sources.empty()) return;
  for (BlockTable& table : block.tables) {
    std::vector<std::size_t> rows;
    if (!filter.hides_table(table.table->name))
      for (std::size_t row = 0; row < table.rows(); ++row)
        if (!hidden(table, row, filter)) rows.push_back(row);
    if (rows.size() == table.rows()) continue;
    keep(table.sources, rows);
    keep(table.lines, rows);
    keep(table.organisations, rows);
    for (auto& cells : table.cells) keep(cells, rows);
  }
  std::erase_if(block.tables, [](const BlockTable& table) { return table.rows() == 0; });
}

}  // namespace catchment::records
