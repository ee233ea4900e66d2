// Which retrieves the value of an expression rests on, and whether on anything else of the subject.
// Private to evaluate/.
#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "cql/evaluate/plan.h"

namespace catchment::cql {

struct Dependence {
  bool request = false;                 // a parameter, the clock
  bool own = false;                     // the subject's own resource, a message, rows found in a way not known in advance
  std::vector<std::uint64_t> retrieves; // bits, in the order of Plan::retrieves()
};

class DependenceFinder {
 public:
  DependenceFinder(const Program& program, const std::vector<PlannedRetrieve>& retrieves);
  /// Says too much rather than too little.
  Dependence of(const Node& node);

 private:
  struct Known {
    bool running = false, known = false;
    Dependence value;
  };
  const Dependence& body(Known& known, const NodePtr& body);
  void conversion(const Conversion& used, Dependence& into);
  void function(std::int32_t library, std::int32_t index, Dependence& into);

  const Program& program_;
  std::size_t words_;
  std::unordered_map<const Node*, std::size_t> places_;  // of retrieves known in advance
  std::vector<std::vector<Known>> definitions_, functions_;
};

}  // namespace catchment::cql
