#include "fhir/data/code_match.h"

#include <algorithm>

namespace catchment::fhir {

using cql::Kind;

CodeMatch::CodeMatch(const cql::Value& terminology) {
  if (terminology.is(Kind::value_set) || terminology.is(Kind::code_system)) {
    members_ = terminology.as_vocabulary().members;
    vocabulary_ = terminology.as_vocabulary().id;
    return;
  }
  collect(terminology);
  std::sort(wanted_.begin(), wanted_.end(), [](const Wanted& a, const Wanted& b) { return a.code < b.code; });
}

void CodeMatch::collect(const cql::Value& terminology) {
  switch (terminology.kind()) {
    case Kind::code: wanted_.push_back({terminology.as_code().code, terminology.as_code().system}); break;
    case Kind::concept_:
      for (const cql::Value& code : terminology.as_concept().codes) collect(code);
      break;
    case Kind::list:
      for (const cql::Value& item : terminology.as_list()) collect(item);
      break;
    default: break;
  }
}

bool CodeMatch::matches_coding(json::Value coding) const {
  const bool plain = coding.is_string();
  const std::string_view code = plain ? coding.string() : coding["code"].string();
  if (code.empty()) return false;
  if (members_ != nullptr) return plain ? members_->contains(code) : members_->contains(code, coding["system"].string());
  auto at = std::lower_bound(wanted_.begin(), wanted_.end(), code, [](const Wanted& w, std::string_view c) { return w.code < c; });
  for (; at != wanted_.end() && at->code == code; ++at)
    if (plain || at->system == coding["system"].string()) return true;
  return false;
}

bool CodeMatch::matches(json::Value coded) const {
  if (coded.is_array()) {
    for (const json::Value item : coded)
      if (matches(item)) return true;
    return false;
  }
  if (coded.is_object() && coded.has("coding")) return matches(coded["coding"]);
  return matches_coding(coded);
}

}  // namespace catchment::fhir
