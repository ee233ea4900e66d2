#include "linkage/tables/tables.h"

#include <fmt/core.h>

#include <algorithm>
#include <deque>

#include "base/error.h"
#include "base/random.h"
#include "linkage/compare/parallel.h"

namespace catchment::linkage {
namespace {

std::string_view trimmed(std::string_view text) {
  const auto blank = [](char c) { return c == ' ' || c == '\t' || c == '\r'; };
  while (!text.empty() && blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && blank(text.back())) text.remove_suffix(1);
  return text;
}

// Cells of CSV records in turn. Views are good until the next record.
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
  Scanner(const Scanner& other, std::size_t end)
      : bytes_(other.bytes_.substr(0, end)), file_(other.file_), at_(other.at_), line_(other.line_), separator_(other.separator_) {}
  std::size_t at() const { return at_; }
  std::string_view bytes() const { return bytes_; }
  void go_to(std::size_t at) {
    line_ += static_cast<int>(std::count(bytes_.begin() + static_cast<std::ptrdiff_t>(at_), bytes_.begin() + static_cast<std::ptrdiff_t>(at), '\n'));
    at_ = at;
  }

  bool next(std::vector<std::string_view>& cells) {
    cells.clear();
    scratch_used_ = 0;
    while (at_ < bytes_.size() && (bytes_[at_] == '\n' || bytes_[at_] == '\r')) line_ += bytes_[at_++] == '\n';
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
        ++at_, ++line_;
        return true;
      }
      ++at_;
    }
  }

 private:
  std::string_view quoted() {
    const int opened = line_;
    if (scratch_used_ == scratch_.size()) scratch_.emplace_back();
    std::string& text = scratch_[scratch_used_++];
    text.clear();
    ++at_;
    while (true) {
      if (at_ >= bytes_.size())
        throw Error(ErrorKind::user, fmt::format("{}:{}: a quoted cell is not closed", *file_, opened), "close the quote or double it inside the cell");
      const char c = bytes_[at_++];
      if (c == '"') {
        if (at_ < bytes_.size() && bytes_[at_] == '"') {
          text.push_back('"');
          ++at_;
          continue;
        }
        break;
      }
      line_ += c == '\n';
      text.push_back(c);
    }
    while (at_ < bytes_.size() && bytes_[at_] != separator_ && bytes_[at_] != '\n') ++at_;
    return trimmed(text);
  }

  std::string_view bytes_;
  const std::string* file_;
  std::size_t at_ = 0;
  int line_ = 1;
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

  void read(Scanner scanner, std::size_t columns, bool row_names) {
    texts.resize(columns), cells.resize(columns);
    std::vector<std::string_view> found;
    std::vector<std::uint64_t> hashes(columns);
    while (scanner.next(found)) {
      if (found.size() == 1 && found[0].empty()) continue;
      const std::size_t extra = found.size() > columns ? found.size() - columns : 0;
      const bool trailing_blank = extra == 1 && found.back().empty();
      if (found.size() != columns && !trailing_blank) ++ragged;
      // Memory answers for all columns at once.
      const std::size_t first = row_names ? 1 : 0, there = std::min(columns, found.size());
      for (std::size_t c = first; c < there; ++c) {
        hashes[c] = hash_text(found[c]);
        texts[c].fetch(hashes[c]);
      }
      if (row_names) cells[0].push_back(there == 0 ? 0 : texts[0].append(found[0]));
      for (std::size_t c = first; c < there; ++c) cells[c].push_back(texts[c].add(found[c], hashes[c]));
      for (std::size_t c = std::max(first, there); c < columns; ++c) cells[c].push_back(0);
      ++rows;
    }
  }

  void move_to(Tables::Column& column, std::size_t c) {
    std::vector<TextId> id(texts[c].size(), 0);
    if (column.appended) column.texts.reserve(id.size(), 0);
    for (TextId old = 1; old < id.size(); ++old) id[old] = column.appended ? column.texts.append(texts[c].text(old)) : column.texts.add(texts[c].text(old));
    for (const TextId old : cells[c]) column.cells.push_back(id[old]);
    texts[c] = Dictionary();
    std::vector<TextId>().swap(cells[c]);
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
  share_out(parts.size(), threads, [&](std::size_t k, unsigned) { stretches[k].read(Scanner(parts[k], parts[k].bytes().size()), mine.size(), row_names); });
  std::uint64_t found = 0;
  for (const Stretch& stretch : stretches) found += stretch.rows, ragged_ += stretch.ragged;
  if (rows() + found >= 0xfffffff0ULL) throw Error(ErrorKind::user, "more than four billion rows", "link them in batches");
  share_out(mine.size(), threads, [&](std::size_t c, unsigned) {
    mine[c]->cells.reserve(rows() + found);
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
