#include "measures/record_retrieve.h"

#include <algorithm>

namespace catchment::measures {

using cql::Kind;
using cql::Value;

namespace {

struct Wanted {
  const cql::CodeSet* members = nullptr;
  std::vector<const cql::CodePayload*> codes;

  bool matches(std::string_view code, std::string_view system) const {
    if (code.empty()) return false;
    if (members != nullptr) return members->contains(code, system);
    return std::any_of(codes.begin(), codes.end(), [&](const cql::CodePayload* w) { return w->code == code && w->system == system; });
  }
};

void collect(const Value& terminology, Wanted& out) {
  switch (terminology.kind()) {
    case Kind::code: out.codes.push_back(&terminology.as_code()); break;
    case Kind::concept_:
      for (const Value& code : terminology.as_concept().codes) collect(code, out);
      break;
    case Kind::list:
      for (const Value& item : terminology.as_list()) collect(item, out);
      break;
    default: break;
  }
}

std::uint32_t word_mask(const ShapeMap& shape, std::int16_t column, std::string_view system, const Wanted& wanted) {
  const auto list = records::words_of(records::tables[shape.table_index].columns[static_cast<std::size_t>(column)]);
  std::uint32_t mask = 0;
  for (std::size_t i = 0; i < list.size() && i < 32; ++i)
    if (wanted.matches(list[i], system)) mask |= 1U << i;
  return mask;
}

void match_codes(const ShapeMap& shape, const ElementMap& element, const Wanted& wanted, const records::Dictionaries& words, RetrieveSource& out) {
  if (element.how == How::own_code) {
    out.every = wanted.matches(element.constant, element.system);
    return;
  }
  out.has_code.assign(words.codes.size(), false);
  if (wanted.members == nullptr) {
    for (const cql::CodePayload* code : wanted.codes)
      if (const auto id = words.find_code(code->system, code->code)) out.has_code[static_cast<std::size_t>(id->value)] = true;
  } else {
    for (std::size_t id = 1; id < words.codes.size(); ++id)
      if (wanted.matches(words.codes[id].code, words.codes[id].system)) out.has_code[id] = true;
  }
  for (std::size_t id = 1; id < words.codes.size(); ++id)
    if (out.has_code[id]) out.codes.push_back(static_cast<std::int32_t>(id));
  if (element.how == How::kinds) out.first_words = word_mask(shape, element.other, encounter_kind_system, wanted);
  if (element.how == How::services) {
    out.first_words = word_mask(shape, element.other, care_service_kind_system, wanted);
    out.second_words = word_mask(shape, static_cast<std::int16_t>(element.other + 1), care_service_setting_system, wanted);
  }
}

}  // namespace

const ElementMap* code_element(const ShapeMap& shape) {
  for (const ElementMap& element : shape.elements)
    if (element.key == shape.code_key) return &element;
  return nullptr;
}

BoundRetrieve bind_retrieve(const cql::Retrieve& retrieve, const Value& terminology, const records::Dictionaries& words) {
  BoundRetrieve bound;
  bound.node = &retrieve;
  const bool coded = retrieve.comparison != cql::CodeComparison::none;
  if (coded && terminology.is_null()) return bound;  // nothing is a member of nothing
  Wanted wanted;
  const bool vocabulary = terminology.is(Kind::value_set) || terminology.is(Kind::code_system);
  if (vocabulary) wanted.members = terminology.as_vocabulary().members;
  else collect(terminology, wanted);
  // A value set that is not loaded is the evaluator's to report.
  const bool can_match = coded && (!vocabulary || wanted.members != nullptr);
  bound.filtered = !coded || can_match;
  const auto all = shapes();
  for (std::size_t i = 0; i < all.size(); ++i) {
    const ShapeMap& shape = all[i];
    if (shape.resource != retrieve.resource_type) continue;
    RetrieveSource source;
    source.shape = i;
    const ElementMap* element = code_element(shape);
    const bool by_own_key = std::any_of(retrieve.code_alternatives.begin(), retrieve.code_alternatives.end(),
                                        [&](const cql::PropertyAlternative& a) { return a.key == shape.code_key; });
    if (coded && (!can_match || !by_own_key)) {
      bound.filtered = false;
      source.every = true;
    } else if (!coded) {
      source.every = true;
    } else if (element != nullptr) {
      match_codes(shape, *element, wanted, words, source);
    }
    if (source.every || !source.codes.empty() || source.first_words != 0 || source.second_words != 0) bound.sources.push_back(std::move(source));
  }
  return bound;
}

BoundRetrieve unknown_retrieve(const cql::Retrieve& retrieve) {
  BoundRetrieve bound;
  bound.node = &retrieve;
  bound.known = false;
  bound.filtered = false;
  const auto all = shapes();
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].resource != retrieve.resource_type) continue;
    RetrieveSource source;
    source.shape = i;
    source.every = true;
    bound.sources.push_back(std::move(source));
  }
  return bound;
}

}  // namespace catchment::measures
