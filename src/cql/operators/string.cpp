// Strings (CQL reference, String Operators). A character is a Unicode code point; positions count from zero.
#include <utf8proc.h>

#include <algorithm>

#include "cql/operators/context.h"
#include "cql/operators/implementations.h"

namespace catchment::cql::implementations {

namespace {

bool starts_character(char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }

std::int64_t length_of(std::string_view text) { return std::count_if(text.begin(), text.end(), starts_character); }

/// Byte position of the nth character; the size of the text when it has fewer.
std::size_t byte_at(std::string_view text, std::int64_t n) {
  for (std::size_t i = 0; i < text.size(); ++i)
    if (starts_character(text[i]) && n-- == 0) return i;
  return text.size();
}

Value integer(std::int64_t value) { return Value::integer(static_cast<std::int32_t>(value)); }

Value position(std::string_view text, std::size_t found) { return integer(found == std::string_view::npos ? -1 : length_of(text.substr(0, found))); }

std::string mapped(const std::string& text, utf8proc_int32_t (*change)(utf8proc_int32_t)) {
  std::string result;
  result.reserve(text.size());
  const auto* at = reinterpret_cast<const utf8proc_uint8_t*>(text.data());
  auto rest = static_cast<utf8proc_ssize_t>(text.size());
  while (rest > 0) {
    utf8proc_int32_t character = 0;
    const utf8proc_ssize_t used = utf8proc_iterate(at, rest, &character);
    if (used <= 0) {  // not UTF-8: kept as it is
      result += static_cast<char>(*at++);
      --rest;
      continue;
    }
    utf8proc_uint8_t buffer[4];
    const utf8proc_ssize_t size = utf8proc_encode_char(change(character), buffer);
    result.append(reinterpret_cast<const char*>(buffer), static_cast<std::size_t>(size));
    at += used;
    rest -= used;
  }
  return result;
}

Value strings(std::vector<std::string> parts) {
  std::vector<Value> result;
  result.reserve(parts.size());
  for (std::string& part : parts) result.push_back(Value::string(std::move(part)));
  return Value::list(std::move(result));
}

}  // namespace

Value combine(const Call& call, Operands o) {
  if (o[0].is_null()) return {};
  const std::string separator = o.size() < 2 || o[1].is_null() ? std::string() : o[1].as_string();
  std::string result;
  bool any = false;
  for (const Value& part : o[0].as_list()) {
    if (part.is_null()) continue;
    if (any) result += separator;
    result += part.as_string();
    call.context.check_text(result.size());
    any = true;
  }
  return any ? Value::string(std::move(result)) : Value();
}

Value concatenate(const Call& call, Operands o) {
  call.context.check_text(o[0].as_string().size() + o[1].as_string().size());
  return Value::string(o[0].as_string() + o[1].as_string());
}

Value concatenate_or_empty(const Call& call, Operands o) {
  if (!o[0].is_null() && !o[1].is_null()) return concatenate(call, o);
  return Value::string((o[0].is_null() ? std::string() : o[0].as_string()) + (o[1].is_null() ? std::string() : o[1].as_string()));
}

Value starts_with(const Call&, Operands o) { return Value::boolean(o[0].as_string().starts_with(o[1].as_string())); }
Value ends_with(const Call&, Operands o) { return Value::boolean(o[0].as_string().ends_with(o[1].as_string())); }

Value string_indexer(const Call&, Operands o) {
  const std::string& text = o[0].as_string();
  if (o[1].as_long() < 0) return {};
  const std::size_t begin = byte_at(text, o[1].as_long());
  if (begin >= text.size()) return {};
  return Value::string(text.substr(begin, byte_at(std::string_view(text).substr(begin), 1)));
}

Value position_of(const Call&, Operands o) { return position(o[1].as_string(), o[1].as_string().find(o[0].as_string())); }
Value last_position_of(const Call&, Operands o) { return position(o[1].as_string(), o[1].as_string().rfind(o[0].as_string())); }

Value string_length(const Call&, Operands o) { return integer(length_of(o[0].as_string())); }
Value lower(const Call&, Operands o) { return Value::string(mapped(o[0].as_string(), utf8proc_tolower)); }
Value upper(const Call&, Operands o) { return Value::string(mapped(o[0].as_string(), utf8proc_toupper)); }

Value matches(const Call& call, Operands o) { return Value::boolean(call.context.patterns.matches(o[0].as_string(), o[1].as_string())); }
Value matches_full(const Call& call, Operands o) { return Value::boolean(call.context.patterns.matches_full(o[0].as_string(), o[1].as_string())); }
Value replace_matches(const Call& call, Operands o) {
  Value replaced = Value::string(call.context.patterns.replace(o[0].as_string(), o[1].as_string(), o[2].as_string()));
  call.context.check_text(replaced.as_string().size());
  return replaced;
}

Value split(const Call&, Operands o) {
  if (o[0].is_null()) return {};
  const std::string& text = o[0].as_string();
  const std::string separator = o[1].is_null() ? std::string() : o[1].as_string();
  if (separator.empty()) return strings({text});
  std::vector<std::string> parts;
  std::size_t begin = 0;
  for (std::size_t end = text.find(separator); end != std::string::npos; end = text.find(separator, begin)) {
    parts.push_back(text.substr(begin, end - begin));
    begin = end + separator.size();
  }
  parts.push_back(text.substr(begin));
  return strings(std::move(parts));
}

Value split_on_matches(const Call& call, Operands o) {
  if (o[0].is_null()) return {};
  if (o[1].is_null()) return strings({o[0].as_string()});
  return strings(call.context.patterns.split(o[0].as_string(), o[1].as_string()));
}

/// Null when the start lies outside the text; a length that reaches past the end stops there.
Value substring(const Call&, Operands o) {
  if (o[0].is_null() || o[1].is_null()) return {};
  const std::string& text = o[0].as_string();
  const std::int64_t start = o[1].as_long();
  if (start < 0) return {};
  const std::size_t begin = byte_at(text, start);
  if (begin >= text.size() && !(text.empty() && start == 0)) return {};
  if (o.size() < 3 || o[2].is_null()) return Value::string(text.substr(begin));
  const std::int64_t length = std::max<std::int64_t>(0, o[2].as_long());
  return Value::string(text.substr(begin, byte_at(std::string_view(text).substr(begin), length)));
}

}  // namespace catchment::cql::implementations
