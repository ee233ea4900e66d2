// Which resources of FHIR files the retrieves of a program can find, so that a reader may pass over the
// others. In: a plan and the request it will run with. Out: yes or no for a resource. Always: yes for every
// resource that a retrieve would give; where the codes a retrieve asks for are not known in advance, yes for
// all of its type.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "fhir/data/code_match.h"

namespace catchment::fhir {

class NeededResources {
 public:
  /// Both must outlive it.
  NeededResources(const cql::Plan& plan, const cql::Request& request);
  NeededResources(const NeededResources&) = delete;
  NeededResources& operator=(const NeededResources&) = delete;

  bool needs(json::Value resource) const;
  /// As needs, from the text of a resource of this type, of which no more is read than decides it. Yes when
  /// it cannot be read. The text has json::padding behind it. Not for two threads at once.
  bool needs(std::string_view type, std::string_view text, json::Parser& parser) const;

 private:
  struct Codes {
    std::vector<std::string> keys;  // "code"; "medicationCodeableConcept" and others
    cql::Value terminology;         // what the match views
    CodeMatch match;
  };
  struct TextHash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const { return std::hash<std::string_view>()(text); }
  };
  struct Type {
    std::string name;
    bool whole = false;  // every resource of the type
    std::vector<Codes> codes;
    std::vector<std::string_view> keys;  // of all of them, once each
    // A few codes stand in very many resources: what was found of an element's text, by key.
    mutable std::vector<std::unordered_map<std::string, bool, TextHash, std::equal_to<>>> known;
  };
  const Type* type(std::string_view name) const;
  static bool any_code(const Type& type, std::string_view key, json::Value coded);

  std::vector<Type> types_;
};

}  // namespace catchment::fhir
