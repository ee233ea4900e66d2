#include <charconv>
#include <cmath>

#include "json/json.h"

namespace catchment::json {

Value Value::operator[](std::string_view name) const {
  if (!is_object()) return {};
  // The hottest lines of all that read FHIR: most keys differ in length or in their first letter.
  const detail::Node* const members = nodes_ + node().first;
  for (std::uint32_t i = 0; i < node().count; ++i) {
    const std::string_view key = members[i].key;
    if (key.size() != name.size() || (!key.empty() && key[0] != name[0])) continue;
    if (key == name) return {nodes_, node().first + i};
  }
  return {};
}

std::optional<std::int64_t> Value::integer() const {
  const std::string_view text = number_text();
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

std::optional<double> Value::number() const {
  const std::string_view text = number_text();
  double value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (text.empty() || error != std::errc{} || end != text.data() + text.size()) return std::nullopt;
  return value;
}

namespace {

// Length of the valid UTF-8 sequence at text[at], or 0.
std::size_t sequence_length(std::string_view text, std::size_t at) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(at);
  std::size_t length = first < 0x80 ? 1 : first >= 0xC2 && first < 0xE0 ? 2 : first >= 0xE0 && first < 0xF0 ? 3 : first >= 0xF0 && first < 0xF5 ? 4 : 0;
  if (length == 0 || at + length > text.size()) return 0;
  for (std::size_t i = 1; i < length; ++i)
    if ((byte(at + i) & 0xC0) != 0x80) return 0;
  if (length == 3 && ((first == 0xE0 && byte(at + 1) < 0xA0) || (first == 0xED && byte(at + 1) > 0x9F))) return 0;
  if (length == 4 && ((first == 0xF0 && byte(at + 1) < 0x90) || (first == 0xF4 && byte(at + 1) > 0x8F))) return 0;
  return length;
}

void append_quoted(std::string& out, std::string_view text) {
  static constexpr char figures[] = "0123456789abcdef";
  out += '"';
  for (std::size_t at = 0; at < text.size();) {
    const unsigned char c = static_cast<unsigned char>(text[at]);
    if (c == '"' || c == '\\') {
      out += '\\', out += static_cast<char>(c), ++at;
    } else if (c == '\n') {
      out += "\\n", ++at;
    } else if (c == '\r') {
      out += "\\r", ++at;
    } else if (c == '\t') {
      out += "\\t", ++at;
    } else if (c < 0x20) {
      out += "\\u00", out += figures[c >> 4], out += figures[c & 15], ++at;
    } else if (c < 0x80) {
      out += static_cast<char>(c), ++at;
    } else if (const std::size_t length = sequence_length(text, at); length > 0) {
      out.append(text.substr(at, length)), at += length;
    } else {
      out += "\xEF\xBF\xBD", ++at;
    }
  }
  out += '"';
}

}  // namespace

std::string quoted(std::string_view text) {
  std::string out;
  append_quoted(out, text);
  return out;
}

void Writer::before_value() {
  if (after_key_) {
    after_key_ = false;
    return;
  }
  if (!has_items_.empty()) {
    if (has_items_.back()) text_ += ',';
    has_items_.back() = true;
  }
}

Writer& Writer::begin_object() { return before_value(), text_ += '{', has_items_.push_back(false), *this; }
Writer& Writer::end_object() { return text_ += '}', has_items_.pop_back(), *this; }
Writer& Writer::begin_array() { return before_value(), text_ += '[', has_items_.push_back(false), *this; }
Writer& Writer::end_array() { return text_ += ']', has_items_.pop_back(), *this; }

Writer& Writer::key(std::string_view name) {
  before_value();
  append_quoted(text_, name);
  text_ += ':';
  after_key_ = true;
  return *this;
}

Writer& Writer::string(std::string_view text) { return before_value(), append_quoted(text_, text), *this; }
Writer& Writer::integer(std::int64_t value) { return before_value(), text_ += std::to_string(value), *this; }

Writer& Writer::number(double value) {
  if (!std::isfinite(value)) return null();
  before_value();
  char buffer[40];
  const auto result = std::to_chars(buffer, buffer + sizeof buffer, value);
  text_.append(buffer, result.ptr);
  return *this;
}

Writer& Writer::number_text(std::string_view text) { return before_value(), text_ += text, *this; }
Writer& Writer::boolean(bool value) { return before_value(), text_ += value ? "true" : "false", *this; }
Writer& Writer::null() { return before_value(), text_ += "null", *this; }
Writer& Writer::raw(std::string_view json) { return before_value(), text_ += json, *this; }

}  // namespace catchment::json
