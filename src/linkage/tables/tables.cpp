#include "linkage/tables/tables.h"

#include <fmt/core.h>

#include <algorithm>

#include "base/error.h"
#include "base/random.h"

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
  Scanner(std::string_view bytes, const std::string& file) : bytes_(bytes), file_(file) {
    if (bytes_.rfind("\xEF\xBB\xBF", 0) == 0) bytes_.remove_prefix(3);
    const std::string_view header = bytes_.substr(0, bytes_.find('\n'));
    const auto most = [&](char c) { return std::count(header.begin(), header.end(), c); };
    for (const char c : {';', '\t', '|'})
      if (most(c) > most(separator_)) separator_ = c;
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
    if (scratch_used_ == scratch_.size()) scratch_.push_back(std::make_unique<std::string>());
    std::string& text = *scratch_[scratch_used_++];
    text.clear();
    ++at_;
    while (true) {
      if (at_ >= bytes_.size())
        throw Error(ErrorKind::user, fmt::format("{}:{}: a quoted cell is not closed", file_, opened), "close the quote or double it inside the cell");
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
  const std::string& file_;
  std::size_t at_ = 0;
  int line_ = 1;
  char separator_ = ',';
  std::vector<std::unique_ptr<std::string>> scratch_;
  std::size_t scratch_used_ = 0;
};

}  // namespace

void Tables::add(const std::string& name, const std::string& file, std::string_view bytes) {
  Scanner scanner(bytes, file);
  std::vector<std::string_view> cells;
  if (!scanner.next(cells)) throw Error(ErrorKind::user, file + ":1: the file is empty", "the first line must be the header");
  if (source_names_.size() >= 60000) throw Error(ErrorKind::user, "more than 60000 input files", "link them in batches");
  const auto source = static_cast<std::uint16_t>(source_names_.size());
  source_names_.push_back(name);
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
  while (scanner.next(cells)) {
    if (cells.size() == 1 && cells[0].empty()) continue;
    const std::size_t extra = cells.size() > mine.size() ? cells.size() - mine.size() : 0;
    const bool trailing_blank = extra == 1 && cells.back().empty();
    if (cells.size() != mine.size() && !trailing_blank) ++ragged_;
    for (std::size_t c = 0; c < mine.size(); ++c) mine[c]->cells.push_back(c < cells.size() ? mine[c]->texts.add(cells[c]) : 0);
    source_.push_back(source);
    if (source_.size() >= 0xfffffff0ULL) throw Error(ErrorKind::user, "more than four billion rows", "link them in batches");
  }
  for (const auto& column : columns_) column->cells.resize(rows(), 0);
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

RawRows Tables::raw() const {
  RawRows out;
  out.rows = rows();
  out.source_names = source_names_;
  out.source = source_;
  for (const auto& column : columns_) out.columns.push_back({column->name, &column->texts, &column->cells});
  out.key_hash.resize(rows());
  for (std::size_t row = 0; row < rows(); ++row) out.key_hash[row] = hash_text(row_key(row));
  return out;
}

}  // namespace catchment::linkage
