#include "cql/syntax/lexer.h"

#include <fmt/core.h>

namespace catchment::cql {

namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }

class Lexer {
 public:
  Lexer(std::string_view source, const std::string& file, Diagnostics& diagnostics) : source_(source), file_(file), diagnostics_(diagnostics) {}

  Tokens run() {
    if (source_.starts_with("\xEF\xBB\xBF")) position_ = line_start_ = 3;
    if (source_.size() > max_source_bytes) {
      report(fmt::format("the source is {} bytes; the most that is read is {}", source_.size(), max_source_bytes),
             "split the library into several and include them");
      source_ = {};
      position_ = line_start_ = 0;
    }
    while (skip_blank()) next();
    mark();
    add(TokenKind::end, 0);
    return std::move(result_);
  }

 private:
  char peek(std::size_t ahead = 0) const { return position_ + ahead < source_.size() ? source_[position_ + ahead] : '\0'; }

  void report(const std::string& message, const std::string& fix = {}) {
    diagnostics_.push_back({file_, line_, static_cast<int>(position_ - line_start_) + 1, Severity::error, message, fix});
  }

  void mark() {
    start_ = position_;
    at_ = {line_, static_cast<std::int32_t>(position_ - line_start_) + 1, 0};
  }

  void add(TokenKind kind, std::size_t length) {
    at_.length = static_cast<std::int32_t>(length);
    result_.tokens.push_back({kind, source_.substr(start_, length), at_});
    position_ = start_ + length;
  }

  void newline() {
    ++line_;
    line_start_ = position_;
  }

  /// Moves to the next token; false at the end.
  bool skip_blank() {
    while (position_ < source_.size()) {
      const char c = peek();
      if (c == '\n') {
        ++position_;
        newline();
      } else if (c == ' ' || c == '\t' || c == '\r' || c == '\f') {
        ++position_;
      } else if (c == '\xC2' && peek(1) == '\xA0') {
        position_ += 2;
      } else if (c == '/' && peek(1) == '/') {
        const std::size_t from = position_;
        while (position_ < source_.size() && peek() != '\n') ++position_;
        comment(from);
      } else if (c == '/' && peek(1) == '*') {
        block_comment();
      } else {
        return true;
      }
    }
    return false;
  }

  void comment(std::size_t from) {
    std::string_view text = source_.substr(from, position_ - from);
    if (text.ends_with('\r')) text.remove_suffix(1);
    result_.comments.push_back({result_.tokens.size(), text});
  }

  void block_comment() {
    const std::size_t from = position_;
    const std::size_t close = source_.find("*/", position_ + 2);
    if (close == std::string_view::npos) report("the comment is never closed", "end it with */");
    const std::size_t stop = close == std::string_view::npos ? source_.size() : close + 2;
    while (position_ < stop) {
      if (source_[position_++] == '\n') newline();
    }
    comment(from);
  }

  void next() {
    mark();
    const char c = peek();
    if (is_letter(c)) {
      std::size_t length = 1;
      while (is_letter(peek(length)) || is_digit(peek(length))) ++length;
      add(TokenKind::word, length);
    } else if (is_digit(c)) {
      number();
    } else if (c == '\'' || c == '"' || c == '`') {
      quoted(c);
    } else if (c == '@') {
      temporal();
    } else {
      symbol();
    }
  }

  void number() {
    std::size_t length = 1;
    while (is_digit(peek(length))) ++length;
    if (peek(length) == 'L') return add(TokenKind::long_number, length + 1);
    if (peek(length) == '.' && is_digit(peek(length + 1))) {
      ++length;
      while (is_digit(peek(length))) ++length;
    }
    add(TokenKind::number, length);
  }

  void quoted(char quote) {
    std::size_t end = position_ + 1;
    int lines = 0;
    std::size_t last_line = line_start_;
    while (end < source_.size() && source_[end] != quote) {
      if (source_[end] == '\\' && end + 1 < source_.size()) ++end;
      if (source_[end] == '\n') {
        ++lines;
        last_line = end + 1;
      }
      ++end;
    }
    const TokenKind kind = quote == '\'' ? TokenKind::string : quote == '"' ? TokenKind::quoted : TokenKind::delimited;
    if (end >= source_.size()) {
      report(fmt::format("{} is never closed", quote == '\'' ? "the string" : "the quoted name"), fmt::format("end it with {} on the same line", quote));
      // Read on at the next line, so that what follows is still checked.
      const std::size_t stop = source_.find('\n', position_);
      std::size_t length = (stop == std::string_view::npos ? source_.size() : stop) - start_;
      return add(kind, length);
    }
    add(kind, end + 1 - start_);
    line_ += lines;
    line_start_ = last_line;
  }

  std::size_t digits(std::size_t from, std::size_t most) const {
    std::size_t n = 0;
    while (n < most && is_digit(peek(from + n))) ++n;
    return n;
  }

  /// Length of hh[:mm[:ss[.fff]]] at `from`, 0 when there is none.
  std::size_t time_length(std::size_t from) const {
    if (digits(from, 2) != 2) return 0;
    std::size_t n = from + 2;
    for (int part = 0; part < 2 && peek(n) == ':' && digits(n + 1, 2) == 2; ++part) {
      n += 3;
      if (part == 1 && peek(n) == '.' && is_digit(peek(n + 1))) {
        ++n;
        while (is_digit(peek(n))) ++n;
      }
    }
    return n - from;
  }

  std::size_t offset_length(std::size_t from) const {
    if (peek(from) == 'Z') return 1;
    if ((peek(from) == '+' || peek(from) == '-') && digits(from + 1, 2) == 2 && peek(from + 3) == ':' && digits(from + 4, 2) == 2) { return 6; }
    return 0;
  }

  void temporal() {
    if (peek(1) == 'T') {
      const std::size_t time = time_length(2);
      if (time == 0) return bad_temporal();
      return add(TokenKind::time, 2 + time);
    }
    if (digits(1, 4) != 4) return bad_temporal();
    std::size_t n = 5;
    for (int part = 0; part < 2 && peek(n) == '-' && digits(n + 1, 2) == 2; ++part) n += 3;
    if (peek(n) != 'T') return add(TokenKind::date, n);
    ++n;
    n += time_length(n);
    n += offset_length(n);
    add(TokenKind::date_time, n);
  }

  void bad_temporal() {
    report("@ begins a date or time, and none follows", "write @2026, @2026-03-14, @2026-03-14T09:30 or @T09:30");
    add(TokenKind::date, 1);
    result_.tokens.pop_back();
  }

  void symbol() {
    static constexpr std::string_view longest[] = {"<=", ">=", "!=", "!~", "->"};
    for (std::string_view text : longest) {
      if (source_.substr(position_).starts_with(text)) return add(TokenKind::symbol, text.size());
    }
    static constexpr std::string_view single = "()[]{}<>=~+-*/^&|,.:$%#;";
    if (single.find(peek()) != std::string_view::npos) return add(TokenKind::symbol, 1);
    const auto lead = static_cast<unsigned char>(peek());
    std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC0 ? 2 : 1;
    if (length > source_.size() - position_) length = source_.size() - position_;
    const std::string_view text = source_.substr(position_, length);
    std::string fix = "remove it";
    if (text == "\xE2\x80\x98" || text == "\xE2\x80\x99") fix = "write the plain quote '";
    if (text == "\xE2\x80\x9C" || text == "\xE2\x80\x9D") fix = "write the plain quote \"";
    if (text == "\xE2\x80\x93" || text == "\xE2\x80\x94") fix = "write the plain minus -";
    if (text == "!") fix = "write != for not equal, or the word not";
    if (length == 1 && (lead < 0x20 || lead >= 0x7F)) {
      report(fmt::format("byte 0x{:02X} is not part of the language", lead), "save the file as UTF-8 text");
    } else {
      report(fmt::format("'{}' is not part of the language", text), fix);
    }
    position_ += length;
  }

  std::string_view source_;
  const std::string& file_;
  Diagnostics& diagnostics_;
  Tokens result_;
  std::size_t position_ = 0;
  std::size_t line_start_ = 0;
  std::size_t start_ = 0;
  int line_ = 1;
  SourcePosition at_;
};

void append_utf8(std::string& out, unsigned code) {
  if (code < 0x80) {
    out += static_cast<char>(code);
  } else if (code < 0x800) {
    out += static_cast<char>(0xC0 | (code >> 6));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else if (code < 0x10000) {
    out += static_cast<char>(0xE0 | (code >> 12));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  } else {
    out += static_cast<char>(0xF0 | (code >> 18));
    out += static_cast<char>(0x80 | ((code >> 12) & 0x3F));
    out += static_cast<char>(0x80 | ((code >> 6) & 0x3F));
    out += static_cast<char>(0x80 | (code & 0x3F));
  }
}

/// Four hexadecimal digits at `from`, or -1.
int hex4(std::string_view text, std::size_t from) {
  if (from + 4 > text.size()) return -1;
  int value = 0;
  for (char c : text.substr(from, 4)) {
    const int digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
    if (digit < 0) return -1;
    value = value * 16 + digit;
  }
  return value;
}

}  // namespace

Tokens tokenize(std::string_view source, const std::string& file, Diagnostics& diagnostics) { return Lexer(source, file, diagnostics).run(); }

std::string unescape(std::string_view token) {
  std::string out;
  if (token.empty()) return out;
  const char quote = token.front();
  token.remove_prefix(1);
  if (token.ends_with(quote)) token.remove_suffix(1);
  for (std::size_t i = 0; i < token.size(); ++i) {
    if (token[i] != '\\' || i + 1 == token.size()) {
      out += token[i];
      continue;
    }
    const char c = token[++i];
    switch (c) {
      case 'f': out += '\f'; break;
      case 'n': out += '\n'; break;
      case 'r': out += '\r'; break;
      case 't': out += '\t'; break;
      case 'u': {
        int code = hex4(token, i + 1);
        if (code < 0) {
          out += 'u';
          break;
        }
        i += 4;
        if (code >= 0xD800 && code < 0xDC00 && token.substr(i + 1, 2) == "\\u") {
          const int low = hex4(token, i + 3);
          if (low >= 0xDC00 && low < 0xE000) {
            code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
            i += 6;
          }
        }
        append_utf8(out, code >= 0xD800 && code < 0xE000 ? 0xFFFDU : static_cast<unsigned>(code));
        break;
      }
      default: out += c;
    }
  }
  return out;
}

std::string escape(std::string_view text, char quote) {
  std::string out(1, quote);
  for (char c : text) {
    switch (c) {
      case '\\': out += "\\\\"; break;
      case '\f': out += "\\f"; break;
      case '\n': out += "\\n"; break;
      case '\r': out += "\\r"; break;
      case '\t': out += "\\t"; break;
      default:
        if (c == quote) out += '\\';
        out += c;
    }
  }
  out += quote;
  return out;
}

}  // namespace catchment::cql
