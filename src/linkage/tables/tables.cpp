#include "linkage/tables/tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>

#include "base/error.h"
#include "base/random.h"
#include "linkage/compare/large_pages.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Cells of CSV records in turn.
class Scanner {
 public:
  Scanner(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(&file) {
    if (bytes_.rfind("\xEF\xBB\xBF", 0) == 0) at_ = 3;
    const std::string_view header = bytes_.substr(at_, bytes_.find('\n', at_) - at_);
    const auto most = [&](char c) { return std::count(header.begin(), header.end(), c); };
    for (const char c : {';', '\t', '|'})
      if (most(c) > most(separator_)) separator_ = c;
  }

  /// Goes on from where another stands, as far as `end`, which must be where a record starts.
  Scanner(const Scanner& other, std::size_t end) : bytes_(other.bytes_.substr(0, end)), file_(other.file_), at_(other.at_), separator_(other.separator_) {}
  std::size_t at() const { return at_; }
  std::string_view bytes() const { return bytes_; }
  void go_to(std::size_t at) { at_ = at; }

  void forget() { scratch_used_ = 0; }
  /// The next record's cells; views are good until the one after.
  bool next(std::vector<std::string_view>& cells) {
    cells.clear();
    forget();
    return next_too(cells);
  }
  /// Adds the next record's cells to those there are; views stay good until what was read is forgotten.
  bool next_too(std::vector<std::string_view>& cells) {
    while (at_ < bytes_.size() && (bytes_[at_] == '\n' || bytes_[at_] == '\r')) ++at_;
    if (at_ >= bytes_.size()) return false;
    while (true) {
      const std::size_t from = bytes_.find_first_not_of(" \t", at_);
      if (from != std::string_view::npos && bytes_[from] == '"' && separator_ != bytes_[from]) {
        at_ = from;
        cells.push_back(quoted());
      } else {
        std::size_t end = at_;
        while (end < bytes_.size() && bytes_[end] != separator_ && bytes_[end] != '\n') ++end;
        cells.push_back(trimmed(bytes_.substr(at_, end - at_)));
        at_ = end;
      }
      if (at_ >= bytes_.size()) return true;
      if (bytes_[at_] == '\n') {
        ++at_;
        return true;
      }
      ++at_;
    }
  }

 private:
  std::string_view quoted() {
    const auto opened = bytes_.begin() + static_cast<std::ptrdiff_t>(at_);
    if (scratch_used_ == scratch_.size()) scratch_.emplace_back();
    std::string& text = scratch_[scratch_used_++];
    text.clear();
    ++at_;
    while (true) {
      if (at_ >= bytes_.size())
        throw Error(ErrorKind::user, fmt::format("{}:{}: a quoted cell is not closed", *file_, 1 + std::count(bytes_.begin(), opened, '\n')),
                    "close the quote or double it inside the cell");
      const char c = bytes_[at_++];
      if (c == '"') {
        if (at_ < bytes_.size() && bytes_[at_] == '"') {
          text.push_back('"');
          ++at_;
          continue;
        }
        break;
      }
      text.push_back(c);
    }
    while (at_ < bytes_.size() && bytes_[at_] != separator_ && bytes_[at_] != '\n') ++at_;
    return trimmed(text);
  }

  std::string_view bytes_;
  const std::string* file_;
  std::size_t at_ = 0;
  char separator_ = ',';
  std::deque<std::string> scratch_;  // views into it stay good as it grows
  std::size_t scratch_used_ = 0;
};

}  // namespace

namespace {

constexpr std::size_t records_tried = 4096;          // a first column all different so far is taken for row names
constexpr std::size_t bytes_worth_sharing = 4U << 20;

// The records of one stretch of a file, with dictionaries of its own.
struct Stretch {
  std::vector<Dictionary> texts;
  std::vector<std::vector<TextId>> cells;
  std::uint64_t rows = 0, ragged = 0;

  /// Makes room for as many rows as `bytes` are likely to hold.
  void read(Scanner scanner, std::size_t columns, bool row_names, std::size_t bytes) {
    texts.resize(columns), cells.resize(columns);
    const std::size_t rows_likely = std::min(rows_in(scanner.bytes().substr(scanner.at()), bytes), bytes / columns);
    for (std::vector<TextId>& column : cells) make_room(column, rows_likely);
    std::vector<std::string_view> found;
    std::vector<std::uint64_t> hashes(records_at_once * columns);
    for (std::size_t records = records_at_once; records == records_at_once;) {
      found.clear(), scanner.forget();
      for (records = 0; records < records_at_once; ++records) {
        const std::size_t before = found.size();
        bool more = scanner.next_too(found);
        for (; more && found.size() == before + 1 && found[before].empty(); more = scanner.next_too(found)) found.pop_back();
        if (!more) break;
        const std::size_t own = found.size() - before;
        const bool trailing_blank = own == columns + 1 && found.back().empty();
        if (own != columns && !trailing_blank) ++ragged;
        found.resize(before + columns);
      }
      take(found, records, columns, row_names, hashes);
    }
  }

  void move_to(Tables::Column& column, std::size_t c) {
    std::vector<TextId> own;
    own.swap(cells[c]);
    if (column.cells.empty() && column.texts.size() == 1) {
      column.texts = std::move(texts[c]), column.cells = std::move(own);
      return;
    }
    make_room(column.cells, column.cells.size() + own.size());
    if (column.appended) {
      const TextId before = column.texts.append_all(texts[c]);
      for (const TextId id : own) column.cells.push_back(id == 0 ? 0 : before + id);
    } else {
      const std::vector<TextId> id = column.texts.add_all(texts[c]);
      for (const TextId old : own) column.cells.push_back(id[old]);
    }
    texts[c] = Dictionary();
  }

 private:
  static constexpr std::size_t records_at_once = 32;  // so that memory answers for all their cells at once

  static std::size_t rows_in(std::string_view bytes, std::size_t of) {
    const std::string_view some = bytes.substr(0, 1U << 16);
    const auto lines = static_cast<std::size_t>(std::count(some.begin(), some.end(), '\n'));
    return of / std::max<std::size_t>(1, some.size()) * (lines + lines / 32) + lines;
  }

  void take(const std::vector<std::string_view>& found, std::size_t records, std::size_t columns, bool row_names, std::vector<std::uint64_t>& hashes) {
    if (row_names)
      for (std::size_t k = 0; k < records; ++k) cells[0].push_back(texts[0].append(found[k * columns]));
    const auto each = [&](const auto& work) {
      for (std::size_t c = row_names ? 1 : 0; c < columns; ++c)
        for (std::size_t k = 0; k < records; ++k) work(c, k * columns + c);
    };
    each([&](std::size_t c, std::size_t i) { texts[c].fetch_slot(hashes[i] = hash_text(found[i])); });
    each([&](std::size_t c, std::size_t i) { texts[c].fetch_place(hashes[i]); });
    each([&](std::size_t c, std::size_t i) { texts[c].fetch_text(hashes[i]); });
    each([&](std::size_t c, std::size_t i) { cells[c].push_back(texts[c].add(found[i], hashes[i])); });
    rows += records;
  }
};

bool first_cells_differ(Scanner scanner) {
  Dictionary seen;
  std::vector<std::string_view> cells;
  std::size_t records = 0;
  for (; records < records_tried && scanner.next(cells); ++records) {
    const std::size_t before = seen.size();
    seen.add(cells[0]);
    if (seen.size() == before) return false;
  }
  return records == records_tried;
}

// Where records start that part the rest of the file into stretches of about one size.
std::vector<Scanner> stretches_of(const Scanner& body, unsigned threads) {
  const std::string_view all = body.bytes();
  const std::size_t left = all.size() - body.at(), count = left < bytes_worth_sharing ? 1 : std::min(threads, 16U);
  const bool quotes = count > 1 && all.find('"', body.at()) != std::string_view::npos;
  std::vector<Scanner> out;
  Scanner from = body;
  std::vector<std::string_view> cells;
  for (std::size_t k = 1; k < count; ++k) {
    const std::size_t wanted = std::max(from.at(), body.at() + left * k / count);
    Scanner to = from;
    if (quotes) {
      while (to.at() < wanted && to.next(cells)) {}
    } else {
      to.go_to(std::min(all.size(), all.find('\n', wanted)));
    }
    out.emplace_back(from, to.at());
    from = to;
  }
  out.emplace_back(from, all.size());
  return out;
}

}  // namespace

std::vector<Tables::Column*> Tables::columns_of_file(const std::vector<std::string_view>& cells, std::uint16_t source) {
  std::vector<Column*> mine;
  for (std::size_t c = 0; c < cells.size(); ++c) {
    std::string header(cells[c]);
    if (header.empty()) header = fmt::format("column {}", c + 1);
    const auto taken = [&] { return std::any_of(mine.begin(), mine.end(), [&](const Column* other) { return other->name == header; }); };
    for (int again = 2; taken(); ++again) header = fmt::format("{} {}", std::string(cells[c]), again);
    auto at = std::find_if(columns_.begin(), columns_.end(), [&](const auto& column) { return column->name == header; });
    if (at == columns_.end()) {
      columns_.push_back(std::make_unique<Column>());
      columns_.back()->name = header;
      columns_.back()->cells.assign(rows(), 0);
      at = columns_.end() - 1;
    }
    (*at)->sources.push_back(source);
    if (c == 0) first_column_.push_back(static_cast<std::size_t>(at - columns_.begin()));
    mine.push_back(at->get());
  }
  return mine;
}

void Tables::add(const std::string& name, const std::string& file, std::string_view bytes, unsigned threads) {
  if (bytes.starts_with("\xff\xfe") || bytes.starts_with("\xfe\xff")) throw Error(ErrorKind::user, file + ":1: the file is UTF-16", "save it as CSV in UTF-8");
  if (bytes.starts_with("\x1f\x8b") || bytes.starts_with("PK\x03\x04"))
    throw Error(ErrorKind::user, file + ":1: the file is packed", "unpack it, or export it as CSV");
  Scanner scanner(bytes, file);
  std::vector<std::string_view> cells;
  if (!scanner.next(cells)) throw Error(ErrorKind::user, file + ":1: the file is empty", "the first line must be the header");
  if (source_names_.size() >= 60000) throw Error(ErrorKind::user, "more than 60000 input files", "link them in batches");
  const auto source = static_cast<std::uint16_t>(source_names_.size());
  source_names_.push_back(name);
  const std::vector<Column*> mine = columns_of_file(cells, source);
  const bool row_names = first_cells_differ(Scanner(scanner, bytes.size()));
  mine[0]->appended = mine[0]->appended || row_names;
  const std::vector<Scanner> parts = stretches_of(scanner, std::max(1U, threads));
  std::vector<Stretch> stretches(parts.size());
  share_out(parts.size(), threads, [&](std::size_t k, unsigned) {
    // The first stretch's cells become the column's, so that they have room for all.
    const std::size_t here = parts[k].bytes().size() - parts[k].at(), left = bytes.size() - parts[k].at();
    stretches[k].read(Scanner(parts[k], parts[k].bytes().size()), mine.size(), row_names, k == 0 && rows() == 0 ? left : here);
  });
  std::uint64_t found = 0;
  for (const Stretch& stretch : stretches) found += stretch.rows, ragged_ += stretch.ragged;
  if (rows() + found >= 0xfffffff0ULL) throw Error(ErrorKind::user, "more than four billion rows", "link them in batches");
  share_out(mine.size(), threads, [&](std::size_t c, unsigned) {
    for (Stretch& stretch : stretches) stretch.move_to(*mine[c], c);
  });
  source_.insert(source_.end(), found, source);
  for (const auto& column : columns_) column->cells.resize(rows(), 0);
}

std::uint64_t Tables::Column::distinct() const {
  if (!appended) return texts.size() - 1;
  std::vector<std::uint64_t> some;  // one text in 64, chosen by what it says
  for (TextId id = 1; id < texts.size(); ++id)
    if (const std::uint64_t hash = hash_text(texts.text(id)); (hash & 63U) == 0) some.push_back(hash);
  const std::size_t seen = some.size();
  std::sort(some.begin(), some.end());
  const auto different = static_cast<std::size_t>(std::unique(some.begin(), some.end()) - some.begin());
  return seen == different ? texts.size() - 1 : (texts.size() - 1) * different / seen;
}

const Tables::Column* Tables::column(std::string_view name) const {
  for (const auto& c : columns_)
    if (c->name == name) return c.get();
  return nullptr;
}

bool Tables::is_first_column(std::string_view name) const {
  for (const std::size_t first : first_column_)
    if (columns_[first]->name == name) return true;
  return false;
}

RawRows Tables::raw(unsigned threads) const {
  RawRows out;
  out.rows = rows();
  out.source_names = source_names_;
  out.source = source_;
  for (const auto& column : columns_) out.columns.push_back({column->name, &column->texts, &column->cells});
  out.key_hash.resize(rows());
  share_range(rows(), threads, [&](std::size_t from, std::size_t to) {
    for (std::size_t row = from; row < to; ++row) out.key_hash[row] = hash_text(row_key(row));
  });
  return out;
}

}  // namespace catchment::linkage
