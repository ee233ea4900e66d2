// Source text to tokens. In: the bytes of one library or expression. Out: tokens ending with one `end`
// token, and a diagnostic for everything that is not a token. Always: token texts view the source, which
// must outlive them; comments are kept beside, by the index of the token that follows them.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/diagnostic.h"
#include "cql/syntax/position.h"

namespace catchment::cql {

enum class TokenKind : std::uint8_t {
  word,          // bare identifier or keyword
  quoted,        // "quoted identifier"
  delimited,     // `delimited identifier`
  string,        // 'string'
  number,        // 12, 12.5
  long_number,   // 12L
  date,          // @2014-01
  date_time,     // @2014-01-01T10
  time,          // @T10:30
  symbol,        // punctuation
  end,
};

struct Token {
  TokenKind kind = TokenKind::end;
  std::string_view text;  // as written
  SourcePosition at;
};

struct Comment {
  std::size_t before = 0;  // index of the token that follows
  std::string_view text;   // as written
};

struct Tokens {
  std::vector<Token> tokens;
  std::vector<Comment> comments;
};

/// Longest source accepted, in bytes.
inline constexpr std::size_t max_source_bytes = std::size_t{8} << 20;

Tokens tokenize(std::string_view source, const std::string& file, Diagnostics& diagnostics);

/// The value of a string or quoted identifier token: quotes off, escapes resolved.
std::string unescape(std::string_view token);
/// `text` between `quote`s with the escapes CQL asks for.
std::string escape(std::string_view text, char quote);

}  // namespace catchment::cql
