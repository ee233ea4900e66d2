// Whether the codes of a resource are among those that a retrieve asks for.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "cql/cql.h"
#include "json/json.h"

namespace catchment::fhir {

class CodeMatch {
 public:
  /// A Code, Concept, list of codes, value set or code system, which must outlive the match.
  explicit CodeMatch(const cql::Value& terminology);
  /// A code, Coding, CodeableConcept, or an array of them. A plain code has no system and matches by itself.
  bool matches(json::Value coded) const;
  /// The address of the value set or code system; empty for anything else.
  const std::string& vocabulary() const { return vocabulary_; }

 private:
  struct Wanted {
    std::string_view code;
    std::string_view system;
  };
  void collect(const cql::Value& terminology);
  bool matches_coding(json::Value coding) const;

  const cql::CodeSet* members_ = nullptr;
  std::string vocabulary_;
  std::vector<Wanted> wanted_;  // by code
};

}  // namespace catchment::fhir
