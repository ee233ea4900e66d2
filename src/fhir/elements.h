// The one two-way mapping: for each resource type, which element fills which column. Internal to fhir.
//
// A path is names with dots; "[]" marks a list (its first entry is read, a list of one is written); alternatives stand with '|', the
// first that is there is read and the first of all is written.
#pragma once

#include <array>
#include <span>
#include <string_view>

namespace catchment::fhir {

enum class How : std::uint8_t { codeable, word, label_word, coding_word, date, instant, integer, number, text, reference, organisation };

struct WordPair {
  std::string_view fhir, ours;
};

struct Element {
  std::string_view column;
  How how;
  std::string_view path;
  std::span<const WordPair> words = {};
  std::string_view system = {};   // of a label_word or coding_word when written
};

struct Constant {
  std::string_view path;
  std::string_view value;
};

struct ResourceMap {
  std::string_view type;
  std::string_view table;
  std::string_view patient;       // path of the reference to the Patient
  std::string_view organisation;  // path of the reference to who recorded it; may be empty
  std::span<const Element> elements;
  std::string_view kind = {};     // constant of the column `kind`
  std::span<const Constant> constants = {};
};

std::span<const ResourceMap> resource_maps();

}  // namespace catchment::fhir
