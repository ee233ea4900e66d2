// The only file of this module that sees the TOML library.
#include <fmt/core.h>

#include <algorithm>

#include "base/toml_library.h"
#include "system/definitions.h"

namespace catchment::system {

namespace {

TomlValue converted(const toml::node& node) {
  TomlValue out;
  out.line = static_cast<int>(node.source().begin.line);
  out.column = static_cast<int>(node.source().begin.column);
  if (const auto* text = node.as_string()) {
    out.value = text->get();
  } else if (const auto* whole = node.as_integer()) {
    out.value = whole->get();
  } else if (const auto* number = node.as_floating_point()) {
    out.value = number->get();
  } else if (const auto* yes = node.as_boolean()) {
    out.value = yes->get();
  } else if (const auto* date = node.as_date()) {
    const toml::date d = date->get();
    if (Date::is_real(d.year, d.month, d.day)) out.value = Date::from_ymd(d.year, d.month, d.day);
  } else if (const auto* array = node.as_array()) {
    TomlValue::List list;
    for (const toml::node& each : *array) list.push_back(converted(each));
    out.value = std::move(list);
  } else if (const auto* table = node.as_table()) {
    TomlValue::Entries entries;
    for (const auto& [key, each] : *table) entries.emplace(std::string(key.str()), converted(each));
    out.value = std::move(entries);
  }
  return out;
}

}  // namespace

std::optional<TomlValue> read_toml(Definitions& definitions, const std::string& file) {
  const std::optional<std::string> bytes = definitions.bytes(file);
  if (!bytes) return std::nullopt;
  const toml::parse_result parsed = toml::parse(*bytes);
  if (!parsed) {
    const toml::parse_error& fault = parsed.error();
    definitions.error(file, static_cast<int>(fault.source().begin.line), static_cast<int>(fault.source().begin.column), std::string(fault.description()),
                      "correct the TOML here; text stands in double quotes");
    return std::nullopt;
  }
  return converted(parsed.table());
}

TomlTable::TomlTable(Definitions& definitions, std::string file, const TomlValue& value) : definitions_(&definitions), file_(std::move(file)), value_(&value) {}

const TomlValue* TomlTable::find(std::string_view key) {
  if (std::find(asked_.begin(), asked_.end(), key) == asked_.end()) asked_.emplace_back(key);
  const auto* entries = std::get_if<TomlValue::Entries>(&value_->value);
  if (entries == nullptr) return nullptr;
  const auto at = entries->find(key);
  return at == entries->end() ? nullptr : &at->second;
}

bool TomlTable::has(std::string_view key) const {
  const auto* entries = std::get_if<TomlValue::Entries>(&value_->value);
  return entries != nullptr && entries->find(key) != entries->end();
}

void TomlTable::error(std::string_view key, std::string message, std::string fix) {
  const TomlValue* at = find(key);
  if (at == nullptr) at = value_;
  definitions_->error(file_, at->line, at->column, std::move(message), std::move(fix));
}

template <typename T>
const T* TomlTable::typed(std::string_view key, std::string_view wanted, bool required) {
  const TomlValue* found = find(key);
  if (found == nullptr) {
    if (required) error(key, fmt::format("'{}' is missing", key), fmt::format("add {} = {}", key, wanted));
    return nullptr;
  }
  const T* value = std::get_if<T>(&found->value);
  if (value == nullptr) error(key, fmt::format("'{}' is not of the right kind", key), fmt::format("write {} = {}", key, wanted));
  return value;
}

std::string TomlTable::text(std::string_view key) {
  const std::string* value = typed<std::string>(key, "\"text\"", true);
  if (value != nullptr && value->empty()) error(key, fmt::format("'{}' is empty", key), "write a value");
  return value == nullptr ? std::string() : *value;
}

std::string TomlTable::optional_text(std::string_view key) {
  const std::string* value = typed<std::string>(key, "\"text\"", false);
  return value == nullptr ? std::string() : *value;
}

std::int64_t TomlTable::integer(std::string_view key, std::int64_t low, std::int64_t high) {
  const std::int64_t* value = typed<std::int64_t>(key, "a whole number", true);
  if (value == nullptr) return low;
  if (*value < low || *value > high) {
    error(key, fmt::format("{} is outside {} to {}", *value, low, high), fmt::format("check '{}'", key));
    return low;
  }
  return *value;
}

std::optional<double> TomlTable::number(std::string_view key, double low, double high) {
  const TomlValue* found = find(key);
  if (found == nullptr) return std::nullopt;
  double value = 0;
  if (const auto* whole = std::get_if<std::int64_t>(&found->value)) {
    value = static_cast<double>(*whole);
  } else if (const double* number = typed<double>(key, "a number", false)) {
    value = *number;
  } else {
    return std::nullopt;
  }
  if (!(value >= low && value <= high)) {
    error(key, fmt::format("{} is outside {} to {}", value, low, high), fmt::format("check '{}'", key));
    return std::nullopt;
  }
  return value;
}

bool TomlTable::yes_no(std::string_view key, bool otherwise) {
  const bool* value = typed<bool>(key, "true or false", false);
  return value == nullptr ? otherwise : *value;
}

std::optional<Date> TomlTable::date(std::string_view key) {
  const Date* value = typed<Date>(key, "a date like 2026-03-31 without quotes", false);
  return value == nullptr ? std::nullopt : std::optional<Date>(*value);
}

std::vector<std::string> TomlTable::texts(std::string_view key) {
  std::vector<std::string> out;
  const auto* list = typed<TomlValue::List>(key, "[\"text\", \"text\"]", false);
  if (list == nullptr) return out;
  for (const TomlValue& each : *list) {
    if (const auto* text = std::get_if<std::string>(&each.value)) {
      out.push_back(*text);
    } else {
      definitions_->error(file_, each.line, each.column, fmt::format("an entry of '{}' is not text", key), "put it in quotes");
    }
  }
  return out;
}

std::vector<TomlTable> TomlTable::tables(std::string_view key) {
  std::vector<TomlTable> out;
  const TomlValue* found = find(key);
  if (found == nullptr) return out;
  if (std::holds_alternative<TomlValue::Entries>(found->value)) {
    out.emplace_back(*definitions_, file_, *found);
  } else if (const auto* list = std::get_if<TomlValue::List>(&found->value)) {
    for (const TomlValue& each : *list) {
      if (std::holds_alternative<TomlValue::Entries>(each.value)) {
        out.emplace_back(*definitions_, file_, each);
      } else {
        definitions_->error(file_, each.line, each.column, fmt::format("an entry of '{}' is not a table", key), fmt::format("start each with [[{}]]", key));
      }
    }
  } else {
    error(key, fmt::format("'{}' is not a table", key), fmt::format("start it with [{}]", key));
  }
  return out;
}

void TomlTable::finish() {
  const auto* entries = std::get_if<TomlValue::Entries>(&value_->value);
  if (entries == nullptr) return;
  for (const auto& [key, value] : *entries) {
    if (std::find(asked_.begin(), asked_.end(), key) != asked_.end()) continue;
    const std::string near = nearest(key, asked_);
    definitions_->warning(file_, value.line, value.column, fmt::format("'{}' is not known and is not read", key),
                          near.empty() ? "remove it" : fmt::format("did you mean '{}'?", near));
  }
}

}  // namespace catchment::system
