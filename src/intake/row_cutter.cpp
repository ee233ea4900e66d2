#include "intake/row_cutter.h"

#include <algorithm>
#include <cstring>

namespace catchment::intake {

namespace {

constexpr std::size_t longest_quoted = std::size_t{1} << 16;  // of a row with line ends in quotes
constexpr std::size_t kept_of_long = 1024;

const char* find(const char* from, char what, std::size_t n) { return static_cast<const char*>(std::memchr(from, what, n)); }

}  // namespace

void RowCutter::fill(Block& block) {
  const std::size_t room = std::max(options_.block, tail_.size() + options_.block / 2);
  if (block.bytes.size() < room) block.bytes.resize(room);
  std::copy(tail_.begin(), tail_.end(), block.bytes.begin());
  block.filled = tail_.size();
  tail_.clear();
  while (!ended_ && block.filled < block.bytes.size()) {
    const std::size_t n = read_(block.bytes.data() + block.filled, block.bytes.size() - block.filled);
    if (n == 0) ended_ = true;
    block.filled += n;
  }
}

RowCutter::Quoted RowCutter::scan_quoted(const char* bytes, std::size_t begin, std::size_t filled) const {
  std::size_t at = begin;
  std::size_t cells = 1;
  std::uint64_t lines = 1;
  while (true) {  // at the start of a cell
    if (at < filled && bytes[at] == options_.quote) {
      ++at;
      while (true) {
        if (at >= filled) return {ended_ || at - begin > longest_quoted ? Quoted::Result::broken : Quoted::Result::needs_more, 0, 0};
        if (bytes[at] == '\n') {
          ++lines;
          if (at - begin > longest_quoted) return {Quoted::Result::broken, 0, 0};
        } else if (bytes[at] == options_.quote) {
          if (at + 1 >= filled && !ended_) return {Quoted::Result::needs_more, 0, 0};
          if (at + 1 < filled && bytes[at + 1] == options_.quote) {
            ++at;
          } else {
            break;
          }
        }
        ++at;
      }
      ++at;
      while (at < filled && bytes[at] == ' ') ++at;
      if (at < filled && bytes[at] == '\r' && (at + 1 >= filled || bytes[at + 1] == '\n')) ++at;
      if (at < filled && bytes[at] != options_.separator && bytes[at] != '\n') return {Quoted::Result::broken, 0, 0};
    } else {
      while (at < filled && bytes[at] != options_.separator && bytes[at] != '\n') ++at;
    }
    if (at >= filled) {
      if (!ended_) return {Quoted::Result::needs_more, 0, 0};
      break;
    }
    if (bytes[at] == '\n') break;
    ++at;
    ++cells;
  }
  if (lines > 1 && cells_ != 0 && cells != cells_) return {Quoted::Result::broken, 0, 0};
  return {Quoted::Result::row, at, lines};
}

void RowCutter::skip_long_line(Block& block, std::size_t begin, std::size_t& at) {
  // The first bytes stay; the rest of the line is read past.
  block.rows.push_back({static_cast<std::uint32_t>(begin), static_cast<std::uint32_t>(begin + kept_of_long), line_, RowState::too_long});
  ++line_;
  std::vector<char> passing(std::size_t{1} << 18);
  const std::size_t keep = begin + kept_of_long;
  while (!ended_) {
    const std::size_t n = read_(passing.data(), passing.size());
    if (n == 0) {
      ended_ = true;
      break;
    }
    const char* end = find(passing.data(), '\n', n);
    if (end == nullptr) continue;
    tail_.assign(end + 1, static_cast<const char*>(passing.data()) + n);
    break;
  }
  block.filled = keep;
  at = keep;
}

bool RowCutter::cut_one(Block& block, std::size_t& at) {
  const char* bytes = block.bytes.data();
  const std::size_t left = block.filled - at;
  if (left == 0) return false;
  const char* newline = find(bytes + at, '\n', left);
  if (newline == nullptr && !ended_) {
    if (left > options_.longest_row) {
      skip_long_line(block, at, at);
      return false;
    }
    return false;
  }
  std::size_t end = newline != nullptr ? static_cast<std::size_t>(newline - bytes) : block.filled;
  RowState state = RowState::good;
  std::uint64_t lines = 1;
  if (end - at > options_.longest_row) {
    block.rows.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(at + kept_of_long), line_++, RowState::too_long});
    at = newline != nullptr ? end + 1 : end;
    return true;
  }
  if (options_.quote != '\0' && find(bytes + at, options_.quote, end - at) != nullptr) {
    const Quoted quoted = scan_quoted(bytes, at, block.filled);
    if (quoted.result == Quoted::Result::needs_more) return false;
    if (quoted.result == Quoted::Result::broken) {
      state = RowState::broken_quote;
    } else {
      state = RowState::quoted;
      end = quoted.end;
      lines = quoted.lines;
    }
  }
  const bool terminated = end < block.filled;
  const std::size_t next = terminated ? end + 1 : end;
  if (!terminated && truncated_ && truncated_()) state = RowState::unfinished;
  if (end > at && bytes[end - 1] == '\r') --end;
  if (end > at) block.rows.push_back({static_cast<std::uint32_t>(at), static_cast<std::uint32_t>(end), line_, state});
  line_ += lines;
  at = next;
  return true;
}

bool RowCutter::next(Block& block) {
  block.rows.clear();
  while (true) {
    fill(block);
    if (block.filled == 0) return false;
    std::size_t at = 0;
    while (cut_one(block, at)) {}
    if (at < block.filled) tail_.assign(block.bytes.data() + at, block.bytes.data() + block.filled);
    if (!block.rows.empty()) return true;
    if (ended_ && tail_.empty()) return false;
  }
}

}  // namespace catchment::intake
