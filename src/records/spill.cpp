#include "records/spill.h"

#include <fcntl.h>
#include <fmt/core.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cmath>
#include <cstring>

#include "base/error.h"
#include "records/bytes.h"

namespace catchment::records {

namespace {

constexpr std::uint64_t bytes_a_row = 32;
constexpr std::uint64_t bytes_a_file = 24U << 20;
constexpr std::uint64_t maximum_files = 400;  // well below the usual limit of open files

[[noreturn]] void fail(const char* what) {
  const int code = errno;
  if (code == ENOSPC || code == EDQUOT)
    throw Error(ErrorKind::environment, "the disk is full", "free space (the temporary folder needs about 35 bytes a row), then build again");
  throw Error(ErrorKind::environment, fmt::format("{}: {}", what, std::strerror(code)), "check that the workspace may be written");
}

// The column that orders rows in time: the first date, or none.
std::size_t date_column(const Table& table) {
  for (std::size_t c = 0; c < table.columns.size(); ++c)
    if (table.columns[c].kind == Kind::date) return c;
  return table.columns.size();
}

void put_cell(std::string& out, std::int64_t value) { put(out, zigzag(value) + 1); }

std::int64_t read_cell(ByteReader& in) {
  const std::uint64_t v = in.number();
  return v == 0 ? no_value : unzigzag(v - 1);
}

// 0 = missing, 1 = thousandths, 2 = the bits.
void put_number(std::string& out, double value) {
  value += 0.0;  // no negative zero: its bits mean "missing" in a block
  const double thousandths = std::nearbyint(value * 1000);
  if (std::fabs(thousandths) < 1e12 && thousandths / 1000 == value) {
    out += '\1';
    put_signed(out, static_cast<std::int64_t>(thousandths));
    return;
  }
  const auto bits = std::bit_cast<std::array<char, 8>>(value);
  out += '\2';
  out.append(bits.data(), bits.size());
}

std::int64_t read_number(ByteReader& in) {
  const std::uint8_t tag = in.byte();
  if (tag == 0) return no_value;
  if (tag == 1) return std::bit_cast<std::int64_t>(static_cast<double>(in.signed_number()) / 1000 + 0.0);
  std::array<char, 8> bits{};
  std::memcpy(bits.data(), in.bytes(8).data(), 8);
  return std::bit_cast<std::int64_t>(bits);
}

}  // namespace

PersonRanks::PersonRanks(std::vector<std::int64_t> ids) : ids_(std::move(ids)) {
  if (ids_.empty()) return;
  const auto span = static_cast<std::uint64_t>(ids_.back() - ids_.front()) + 1;
  if (span > 16 * ids_.size() + (1U << 20)) return;
  direct_.assign(span, 0);
  for (std::size_t i = 0; i < ids_.size(); ++i) direct_[static_cast<std::size_t>(ids_[i] - ids_.front())] = static_cast<std::uint32_t>(i);
}

std::uint32_t PersonRanks::rank(std::int64_t person) const {
  if (!direct_.empty()) return direct_[static_cast<std::size_t>(person - ids_.front())];
  return static_cast<std::uint32_t>(std::lower_bound(ids_.begin(), ids_.end(), person) - ids_.begin());
}

SpillFiles::SpillFiles(std::filesystem::path folder, std::size_t persons, std::uint64_t rows) : folder_(std::move(folder)) {
  const std::uint64_t wanted = std::clamp<std::uint64_t>(rows * bytes_a_row / bytes_a_file, 1, maximum_files);
  persons_each_ = static_cast<std::uint32_t>(std::max<std::uint64_t>(1, (persons + wanted - 1) / wanted));
  const std::size_t count = (persons + persons_each_ - 1) / persons_each_;
  for (std::size_t i = 0; i < count; ++i) {
    files_.push_back(std::make_unique<File>());
    files_.back()->descriptor = ::open(name(i).c_str(), O_RDWR | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
    if (files_.back()->descriptor < 0) fail("a temporary file could not be made");
  }
}

SpillFiles::~SpillFiles() {
  for (std::size_t i = 0; i < files_.size(); ++i) {
    if (files_[i]->descriptor < 0) continue;
    ::close(files_[i]->descriptor);
    ::unlink(name(i).c_str());
  }
}

std::filesystem::path SpillFiles::name(std::size_t file) const { return folder_ / fmt::format("persons-{:04}.spill", file); }

void SpillFiles::append(std::size_t file, std::string_view bytes) {
  const std::lock_guard lock(files_[file]->mutex);
  while (!bytes.empty()) {
    const ssize_t written = ::write(files_[file]->descriptor, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail("a temporary file could not be written");
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

std::string SpillFiles::take(std::size_t file) {
  const off_t size = ::lseek(files_[file]->descriptor, 0, SEEK_END);
  if (size < 0) fail("a temporary file could not be read");
  std::string bytes(static_cast<std::size_t>(size), '\0');
  for (std::size_t at = 0; at < bytes.size();) {
    const ssize_t got = ::pread(files_[file]->descriptor, bytes.data() + at, bytes.size() - at, static_cast<off_t>(at));
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) fail("a temporary file could not be read");
    at += static_cast<std::size_t>(got);
  }
  ::close(files_[file]->descriptor);
  files_[file]->descriptor = -1;
  ::unlink(name(file).c_str());
  return bytes;
}

std::string spill_statement(const Table& table) {
  std::string sql = "SELECT person, source, line, organisation";
  for (const Column& column : table.columns) sql += ", " + db::quoted_name(column.name);
  return sql + " FROM " + db::quoted_name(table.name);
}

void put_record(std::string& out, std::string& scratch, const Table& table, const db::Chunk& chunk, std::size_t row, std::uint32_t rank) {
  constexpr std::size_t first = 4;
  const std::size_t date = date_column(table);
  scratch.clear();
  put(scratch, rank);
  scratch += static_cast<char>(&table - tables);
  if (date == table.columns.size() || chunk.is_null(first + date, row)) put(scratch, 0);
  else put_cell(scratch, chunk.integer(first + date, row));
  for (std::size_t c = 1; c < first; ++c) {
    if (chunk.is_null(c, row)) put(scratch, 0);
    else put_cell(scratch, chunk.integer(c, row));
  }
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    if (c == date) continue;
    const Kind kind = table.columns[c].kind;
    if (chunk.is_null(first + c, row)) {
      put(scratch, 0);
    } else if (kind == Kind::number) {
      put_number(scratch, chunk.number(first + c, row));
    } else if (kind == Kind::local_id) {
      const std::string_view text = chunk.text(first + c, row);
      put(scratch, text.size() + 1);
      scratch += text;
    } else {
      const std::int64_t value = chunk.integer(first + c, row);
      put_cell(scratch, kind == Kind::instant ? value / 1000 : value);
    }
  }
  put(out, scratch.size());
  out += scratch;
}

std::vector<SpilledRow> sorted_rows(std::string_view file, std::uint32_t persons) {
  std::vector<SpilledRow> found;
  std::vector<std::uint32_t> starts(persons + 1ULL, 0);
  for (ByteReader in(file); !in.done();) {
    SpilledRow& row = found.emplace_back();
    row.record = in.bytes(in.number());
    ByteReader record(row.record);
    row.rank = static_cast<std::uint32_t>(record.number());
    row.table = record.byte();
    row.date = read_cell(record);
    row.source = read_cell(record);
    row.line = read_cell(record);
    if (row.rank >= persons || row.table >= table_count) ByteReader::damaged();
    ++starts[row.rank + 1ULL];
  }
  for (std::size_t i = 1; i < starts.size(); ++i) starts[i] += starts[i - 1];
  std::vector<SpilledRow> rows(found.size());
  std::vector<std::uint32_t> next(starts.begin(), starts.end());
  for (const SpilledRow& row : found) rows[next[row.rank]++] = row;
  for (std::uint32_t person = 0; person < persons; ++person) {
    std::sort(rows.begin() + starts[person], rows.begin() + starts[person + 1ULL], [](const SpilledRow& a, const SpilledRow& b) {
      if (a.table != b.table) return a.table < b.table;
      if (a.date != b.date) return a.date < b.date;
      if (a.source != b.source) return a.source < b.source;
      if (a.line != b.line) return a.line < b.line;
      return a.record < b.record;
    });
  }
  return rows;
}

void add_row(BlockTable& block, const SpilledRow& row) {
  const Table& table = *block.table;
  const std::size_t date = date_column(table);
  ByteReader in(row.record);
  in.number();
  in.byte();
  const std::int64_t when = read_cell(in);
  block.sources.push_back(read_cell(in));
  block.lines.push_back(read_cell(in));
  block.organisations.push_back(read_cell(in));
  for (std::size_t c = 0; c < table.columns.size(); ++c) {
    std::vector<std::int64_t>& cells = block.cells[c];
    const Kind kind = table.columns[c].kind;
    if (c == date) {
      cells.push_back(when);
    } else if (kind == Kind::number) {
      cells.push_back(read_number(in));
    } else if (kind == Kind::local_id) {
      const std::uint64_t size = in.number();
      if (size == 0) {
        cells.push_back(no_value);
        continue;
      }
      const std::string_view text = in.bytes(size - 1);
      // Rows of one encounter often stand together: look back a little before keeping a text twice.
      std::size_t at = block.texts.size();
      for (std::size_t back = 1; back <= std::min<std::size_t>(8, block.texts.size()); ++back)
        if (block.texts[block.texts.size() - back] == text) at = block.texts.size() - back;
      if (at == block.texts.size()) block.texts.emplace_back(text);
      cells.push_back(static_cast<std::int64_t>(at));
    } else {
      cells.push_back(read_cell(in));
    }
  }
}

}  // namespace catchment::records
