// What an evaluation reads from outside: one subject's rows, and the members of value sets.
// Implemented by readers of FHIR files and of the snapshot; a test may hold everything in memory.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "cql/types/typed.h"
#include "cql/values/value.h"

namespace catchment::cql {

struct Retrieved {
  Value rows;             // a list of objects
  bool filtered = false;  // the code filter was applied already
};

/// One subject's data. In the Unfiltered context a provider answers for everyone it holds.
class DataProvider {
 public:
  virtual ~DataProvider() = default;
  /// The subject's own resource (`Patient`), or null.
  virtual Value subject() const = 0;
  /// The rows a retrieve asks for. `terminology` is the evaluated right-hand side of its code filter (a
  /// ValueSet, Code, Concept, list of codes; null without one), `context` the expression before `->`.
  virtual Retrieved retrieve(const Retrieve& retrieve, const Value& terminology, const Value& context) const = 0;
  /// Whether `retrieve` would find rows of a filter that needs nothing of the subject; nothing when only
  /// making them tells.
  virtual std::optional<bool> finds(const Retrieve&) const { return std::nullopt; }
  /// Everyone's data, in the order of the answers, for definitions of the Unfiltered context; empty when only
  /// one subject is at hand.
  virtual std::vector<const DataProvider*> everyone() const { return {}; }
};

class ValueSets {
 public:
  virtual ~ValueSets() = default;
  /// Null when the value set is not loaded; version "" asks for any.
  virtual const CodeSet* value_set(const std::string& url, const std::string& version) const = 0;
  /// Null when only the address of the code system is known.
  virtual const CodeSet* code_system(const std::string&, const std::string&) const { return nullptr; }
};

/// The request: everything beside the program that decides an answer.
struct Request {
  Temporal time;  // a DateTime to the millisecond, with its offset
  /// By "Name" for the main library's parameters, "Library.Name" for any.
  std::map<std::string, Value> parameters;
  const ValueSets* value_sets = nullptr;
};

}  // namespace catchment::cql
