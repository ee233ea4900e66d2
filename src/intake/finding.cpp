#include <fmt/core.h>

#include "intake/batch.h"

namespace catchment::intake {

std::string_view to_string(Rule rule) {
  static constexpr std::string_view names[] = {"required",
                                               "type",
                                               "range",
                                               "list",
                                               "code-shape",
                                               "code-unknown",
                                               "nhs-number",
                                               "unit-unknown",
                                               "future-date",
                                               "length",
                                               "date-order",
                                               "duplicate-key",
                                               "any-of",
                                               "word",
                                               "local-time",
                                               "organisation-unknown",
                                               "organisation-retired",
                                               "cells",
                                               "quoting",
                                               "encoding",
                                               "line-too-long",
                                               "json",
                                               "resource-type",
                                               "reference",
                                               "nothing-to-stage",
                                               "empty-file",
                                               "not-a-file",
                                               "unreadable",
                                               "truncated",
                                               "column-absent",
                                               "duplicate-file",
                                               "superseded",
                                               "no-feed",
                                               "drift-volume",
                                               "drift-completeness"};
  static_assert(std::size(names) == static_cast<std::size_t>(Rule::rules));
  return names[static_cast<std::size_t>(rule)];
}

ValueClass value_class(std::string_view text) {
  using Kind = ValueClass::Kind;
  ValueClass out{Kind::empty, static_cast<std::uint32_t>(text.size())};
  if (text.empty()) return out;
  bool digits = false;
  bool letters = false;
  bool other = false;
  bool numeric = true;
  int marks = 0;
  for (const char c : text) {
    if (c >= '0' && c <= '9') digits = true;
    else if ((c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z')) letters = true, numeric = false;
    else if (static_cast<unsigned char>(c) >= 0x80) return {Kind::not_ascii, out.length};
    else {
      other = true;
      if (c == '-' || c == '/') ++marks;
      if (c != '.' && c != '-' && c != '+') numeric = false;
    }
  }
  if (digits && !letters && !other) out.kind = Kind::digits;
  else if (letters && !digits && !other) out.kind = Kind::letters;
  else if (letters && digits && !other) out.kind = Kind::letters_and_digits;
  else if (digits && marks == 2 && text.size() >= 8 && text.size() <= 11) out.kind = Kind::date_like;
  else if (digits && numeric) out.kind = Kind::number;
  else out.kind = Kind::punctuated;
  return out;
}

std::string to_string(ValueClass value) {
  static constexpr std::string_view names[] = {"", "empty", "digits", "letters", "letters-and-digits", "number", "date-like", "punctuated", "not-ascii"};
  const auto name = names[static_cast<std::size_t>(value.kind)];
  if (value.kind == ValueClass::Kind::none || value.kind == ValueClass::Kind::empty) return std::string(name);
  return fmt::format("{}:{}", name, value.length);
}

}  // namespace catchment::intake
