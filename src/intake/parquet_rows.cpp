#include "intake/parquet_rows.h"

#include <array>
#include <charconv>

namespace catchment::intake {

namespace {

/// The row as one line of text, for the quarantine.
std::string_view raw_of(std::span<const Cell> cells, Arena& arena) {
  std::string text;
  for (const Cell& c : cells) {
    if (&c != cells.data()) text += ',';
    switch (c.kind) {
      case Cell::Kind::text: text += c.text; break;
      case Cell::Kind::integer:
      case Cell::Kind::instant: text += std::to_string(c.integer); break;
      case Cell::Kind::date: text += to_string(Date{static_cast<std::int32_t>(c.integer)}); break;
      case Cell::Kind::number: {
        std::array<char, 40> room{};
        const auto end = std::to_chars(room.data(), room.data() + room.size(), c.number).ptr;
        text.append(room.data(), end);
        break;
      }
      case Cell::Kind::null: break;
    }
  }
  return arena.keep(text);
}

}  // namespace

void run_chunks(RowProgram& program, const Work& work, bool keep_raw, Batch& batch) {
  std::vector<Cell> cells(work.types.size());
  std::uint64_t line = work.first_line;
  for (std::size_t k = 0; k < work.chunk_count; ++k) {
    const db::Chunk& chunk = work.chunks[k];
    for (std::size_t r = 0; r < chunk.rows(); ++r, ++line) {
      for (std::size_t c = 0; c < cells.size(); ++c) {
        Cell& cell = cells[c];
        if (chunk.is_null(c, r)) {
          cell.kind = Cell::Kind::null;
          continue;
        }
        switch (work.types[c]) {
          case db::ColumnType::text:
            cell.kind = Cell::Kind::text;
            cell.text = chunk.text(c, r);
            break;
          case db::ColumnType::date:
            cell.kind = Cell::Kind::date;
            cell.integer = chunk.integer(c, r);
            break;
          case db::ColumnType::timestamp: {
            cell.kind = Cell::Kind::instant;
            const std::int64_t us = chunk.integer(c, r);
            cell.integer = us >= 0 ? us / 1000 : (us - 999) / 1000;
            break;
          }
          case db::ColumnType::number:
            cell.kind = Cell::Kind::number;
            cell.number = chunk.number(c, r);
            break;
          default: cell.kind = Cell::Kind::integer; cell.integer = chunk.integer(c, r);
        }
      }
      const std::string_view raw = keep_raw ? raw_of(cells, batch.arena) : std::string_view{};
      program.run_cells(line, raw, cells, batch);
      InputRow& row = batch.rows.back();
      if (row.quarantined && row.raw.empty()) row.raw = raw_of(cells, batch.arena);
    }
  }
}

}  // namespace catchment::intake
