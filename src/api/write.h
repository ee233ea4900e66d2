// Any struct of model.h as JSON.
#pragma once

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "api/model.h"
#include "json/json.h"

namespace catchment::api {

class FieldWriter {
 public:
  explicit FieldWriter(json::Writer& out) : out_(out) {}

  template <typename T>
  FieldWriter& operator()(std::string_view name, const T& value) {
    out_.key(name);
    write(value);
    return *this;
  }

  void write(const std::string& text) { out_.string(text); }
  void write(bool value) { out_.boolean(value); }
  void write(std::int64_t value) { out_.integer(value); }
  void write(double value) { out_.number(value); }
  void write(Date date) { out_.string(to_string(date)); }
  void write(Instant instant) { out_.string(to_string(instant)); }
  void write(const TableCell& cell) {
    if (std::holds_alternative<std::monostate>(cell)) out_.null();
    else if (const auto* text = std::get_if<std::string>(&cell)) write(*text);
    else if (const auto* whole = std::get_if<std::int64_t>(&cell)) write(*whole);
    else if (const auto* number = std::get_if<double>(&cell)) write(*number);
    else write(std::get<bool>(cell));
  }
  template <typename T>
  void write(const std::optional<T>& value) {
    if (value) write(*value);
    else out_.null();
  }
  template <typename T>
  void write(const std::vector<T>& values) {
    out_.begin_array();
    for (const auto& value : values) write(value);
    out_.end_array();
  }
  template <typename T>
    requires requires(const T& value, FieldWriter& writer) { value.fields(writer); }
  void write(const T& value) {
    out_.begin_object();
    value.fields(*this);
    out_.end_object();
  }

 private:
  json::Writer& out_;
};

template <typename T>
std::string to_json(const T& value) {
  json::Writer out;
  FieldWriter(out).write(value);
  return out.take();
}

}  // namespace catchment::api
