// Format 1 of a person block. Numbers are the varints of bytes.h.
//
//   format
//   summary: the fields of PersonSummary in order; a missing date is 0, a date is days + 2^24
//   for each table with rows: its number in schema.h + 1, rows, then columns
//     source, line, organisation and the table's own; each is
//       0                      every cell is missing
//       1 value                every cell has this value
//       2 value difference...  no cell is missing: the first, then each less the one before
//       3 bits value...        some are missing: one bit a row, then as 2 over those present
//     a number column begins with its scale s: 0-6 = whole numbers of 10^-s that read back exactly, as
//     above; 7 = the bits of the double, as above
//     a local_id column begins with its texts (count, then length and bytes of each), then positions
//   0
#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

#include "records/block.h"
#include "records/bytes.h"

namespace catchment::records {
namespace {

constexpr std::array<double, 7> powers = {1, 10, 100, 1000, 10000, 100000, 1000000};
constexpr std::uint64_t bits_scale = 7;
constexpr std::uint64_t maximum_rows = 1U << 24;

void put_deltas(std::string& out, const std::vector<std::int64_t>& cells) {
  std::int64_t before = 0;
  for (const std::int64_t cell : cells) {
    if (cell == no_value) continue;
    put(out, zigzag(static_cast<std::int64_t>(static_cast<std::uint64_t>(cell) - static_cast<std::uint64_t>(before))));
    before = cell;
  }
}

void put_column(std::string& out, const std::vector<std::int64_t>& cells) {
  std::size_t missing = 0;
  bool same = true;
  for (const std::int64_t cell : cells) {
    missing += cell == no_value ? 1U : 0U;
    same = same && cell == cells[0];
  }
  if (missing == cells.size()) {
    out += '\0';
  } else if (same) {
    out += '\1';
    put_signed(out, cells[0]);
  } else if (missing == 0) {
    out += '\2';
    put_deltas(out, cells);
  } else {
    out += '\3';
    for (std::size_t i = 0; i < cells.size(); i += 8) {
      unsigned bits = 0;
      for (std::size_t j = i; j < std::min(i + 8, cells.size()); ++j)
        if (cells[j] != no_value) bits |= 1U << (j - i);
      out += static_cast<char>(bits);
    }
    put_deltas(out, cells);
  }
}

void read_column(ByteReader& in, std::size_t rows, std::vector<std::int64_t>& cells) {
  cells.assign(rows, no_value);
  auto next = [&, before = std::uint64_t{0}]() mutable {
    before += static_cast<std::uint64_t>(in.signed_number());
    return static_cast<std::int64_t>(before);
  };
  switch (in.byte()) {
    case 0: break;
    case 1: cells.assign(rows, in.signed_number()); break;
    case 2:
      for (std::int64_t& cell : cells) cell = next();
      break;
    case 3: {
      const std::string_view bits = in.bytes((rows + 7) / 8);
      for (std::size_t i = 0; i < rows; ++i)
        if (static_cast<unsigned char>(bits[i / 8]) >> (i % 8) & 1) cells[i] = next();
      break;
    }
    default: ByteReader::damaged();
  }
}

// The smallest scale at which every number is a whole number of units and reads back to the same bits.
std::uint64_t scale_of(const std::vector<std::int64_t>& cells) {
  std::uint64_t scale = 0;
  for (const std::int64_t cell : cells) {
    if (cell == no_value) continue;
    const double value = std::bit_cast<double>(cell);
    for (;; ++scale) {
      if (scale == bits_scale) return bits_scale;
      const double scaled = std::nearbyint(value * powers[scale]);
      if (std::fabs(scaled) < 9e15 && std::bit_cast<std::int64_t>(scaled / powers[scale] + 0.0) == cell) break;
    }
  }
  return scale;
}

void put_numbers(std::string& out, const std::vector<std::int64_t>& cells) {
  const std::uint64_t scale = scale_of(cells);
  put(out, scale);
  if (scale == bits_scale) return put_column(out, cells);
  std::vector<std::int64_t> whole = cells;
  for (std::int64_t& cell : whole)
    if (cell != no_value) cell = static_cast<std::int64_t>(std::nearbyint(std::bit_cast<double>(cell) * powers[scale]));
  put_column(out, whole);
}

void read_numbers(ByteReader& in, std::size_t rows, std::vector<std::int64_t>& cells) {
  const std::uint64_t scale = in.number();
  if (scale > bits_scale) ByteReader::damaged();
  read_column(in, rows, cells);
  if (scale == bits_scale) return;
  for (std::int64_t& cell : cells)
    if (cell != no_value) cell = std::bit_cast<std::int64_t>(static_cast<double>(cell) / powers[scale] + 0.0);
}

void put_texts(std::string& out, const BlockTable& table, const std::vector<std::int64_t>& cells) {
  std::vector<std::int64_t> positions = cells;
  std::vector<std::int64_t> place(table.texts.size(), no_value);  // of a text among those this column uses
  std::vector<std::int64_t> used;
  for (std::int64_t& cell : positions) {
    if (cell == no_value) continue;
    std::int64_t& at = place[static_cast<std::size_t>(cell)];
    if (at == no_value) {
      at = static_cast<std::int64_t>(used.size());
      used.push_back(cell);
    }
    cell = at;
  }
  put(out, used.size());
  for (const std::int64_t text : used) {
    const std::string& bytes = table.texts[static_cast<std::size_t>(text)];
    put(out, bytes.size());
    out += bytes;
  }
  put_column(out, positions);
}

void read_texts(ByteReader& in, BlockTable& table, std::size_t rows, std::vector<std::int64_t>& cells) {
  const std::size_t first = table.texts.size();
  const std::uint64_t count = in.number();
  if (count > rows) ByteReader::damaged();
  for (std::uint64_t i = 0; i < count; ++i) table.texts.emplace_back(in.bytes(in.number()));
  read_column(in, rows, cells);
  for (std::int64_t& cell : cells) {
    if (cell == no_value) continue;
    if (cell < 0 || static_cast<std::uint64_t>(cell) >= count) ByteReader::damaged();
    cell += static_cast<std::int64_t>(first);
  }
}

constexpr std::int64_t date_base = 1 << 24;

void put_date(std::string& out, const std::optional<Date>& date) { put(out, date ? static_cast<std::uint64_t>(date->days + date_base) : 0); }

std::optional<Date> read_date(ByteReader& in) {
  const std::uint64_t v = in.number();
  if (v == 0) return {};
  return Date{static_cast<std::int32_t>(static_cast<std::int64_t>(v) - date_base)};
}

std::int32_t read_id(ByteReader& in) { return static_cast<std::int32_t>(in.number()); }

void put_summary(std::string& out, const PersonSummary& s) {
  const auto id = [&](std::int32_t v) { put(out, static_cast<std::uint32_t>(v)); };
  put_signed(out, s.person.value);
  put_date(out, s.birth_date);
  out += s.birth_precision;
  out += static_cast<char>(s.sex);
  id(s.ethnicity.value);
  out += static_cast<char>(s.ethnic_group);
  put_date(out, s.death_date);
  id(s.area);
  id(s.place);
  id(s.practice.value);
  out += static_cast<char>((s.resident ? 1 : 0) | (s.registered ? 2 : 0) | (s.restricted ? 4 : 0));
  id(s.deprivation_fifth);
  id(s.identity_rows);
}

PersonSummary read_summary(ByteReader& in) {
  PersonSummary s;
  s.person.value = in.signed_number();
  s.birth_date = read_date(in);
  s.birth_precision = static_cast<char>(in.byte());
  s.sex = static_cast<Sex>(std::min<std::uint8_t>(in.byte(), static_cast<std::uint8_t>(Sex::unknown)));
  s.ethnicity.value = read_id(in);
  s.ethnic_group = static_cast<EthnicGroup>(std::min<std::uint8_t>(in.byte(), static_cast<std::uint8_t>(EthnicGroup::unknown)));
  s.death_date = read_date(in);
  s.area = read_id(in);
  s.place = read_id(in);
  s.practice.value = read_id(in);
  const std::uint8_t flags = in.byte();
  s.resident = (flags & 1) != 0;
  s.registered = (flags & 2) != 0;
  s.restricted = (flags & 4) != 0;
  s.deprivation_fifth = read_id(in);
  s.identity_rows = read_id(in);
  return s;
}

}  // namespace

std::string pack(const PersonBlock& block) {
  std::string out;
  put(out, block_format);
  put_summary(out, block.summary);
  for (const BlockTable& table : block.tables) {
    put(out, static_cast<std::uint64_t>(table.table - tables) + 1);
    put(out, table.rows());
    put_column(out, table.sources);
    put_column(out, table.lines);
    put_column(out, table.organisations);
    for (std::size_t c = 0; c < table.table->columns.size(); ++c) {
      const Kind kind = table.table->columns[c].kind;
      if (kind == Kind::number) put_numbers(out, table.cells[c]);
      else if (kind == Kind::local_id) put_texts(out, table, table.cells[c]);
      else put_column(out, table.cells[c]);
    }
  }
  put(out, 0);
  return out;
}

namespace {
void check_format(ByteReader& in) {
  if (in.number() != block_format)
    throw Error(ErrorKind::environment, "a person block has a format this program does not read", "rebuild the snapshot: catchment build --workspace DIR");
}
}  // namespace

PersonSummary unpack_summary(std::string_view bytes) {
  ByteReader in(bytes);
  check_format(in);
  return read_summary(in);
}

PersonBlock unpack(std::string_view bytes) {
  ByteReader in(bytes);
  check_format(in);
  PersonBlock block;
  block.summary = read_summary(in);
  while (const std::uint64_t number = in.number()) {
    if (number > table_count) ByteReader::damaged();
    BlockTable& table = block.tables.emplace_back();
    table.table = &tables[number - 1];
    const std::uint64_t rows = in.number();
    if (rows > maximum_rows) ByteReader::damaged();
    read_column(in, rows, table.sources);
    read_column(in, rows, table.lines);
    read_column(in, rows, table.organisations);
    table.cells.resize(table.table->columns.size());
    for (std::size_t c = 0; c < table.cells.size(); ++c) {
      const Kind kind = table.table->columns[c].kind;
      if (kind == Kind::number) read_numbers(in, rows, table.cells[c]);
      else if (kind == Kind::local_id) read_texts(in, table, rows, table.cells[c]);
      else read_column(in, rows, table.cells[c]);
    }
  }
  return block;
}

}  // namespace catchment::records
