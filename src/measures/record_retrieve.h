// Which rows a retrieve asks for, worked out once: tables, codes by their number in the dictionary, words.
// In: a retrieve, the value of its code filter, the dictionaries. Out: a test of rows that compares numbers.
// Private to measures.
#pragma once

#include <cstdint>
#include <vector>

#include "cql/cql.h"
#include "measures/record_model.h"
#include "records/records.h"

namespace catchment::measures {

/// Rows of one shape.
struct RetrieveSource {
  std::size_t shape = 0;               // index into shapes()
  bool every = false;                  // whatever their code
  std::vector<std::int32_t> codes;     // ids, sorted
  std::vector<bool> has_code;          // by id
  std::uint32_t first_words = 0;       // words of `other` that match by themselves (encounter and service kinds)
  std::uint32_t second_words = 0;      // words of the column after it (settings of a care service)
};

struct BoundRetrieve {
  const cql::Retrieve* node = nullptr;
  bool known = true;                   // else its codes depend on the person, and every row may be asked for
  bool asked = true;                   // something that is to be answered reaches it
  bool filtered = true;                // else the evaluator filters by code
  std::size_t planned = 0;             // its place in the plan's retrieves
  std::vector<RetrieveSource> sources;
};

BoundRetrieve bind_retrieve(const cql::Retrieve& retrieve, const cql::Value& terminology, const records::Dictionaries& words);

/// One whose codes depend on the person.
BoundRetrieve unknown_retrieve(const cql::Retrieve& retrieve);

/// The element retrieves of this shape filter by.
const ElementMap* code_element(const ShapeMap& shape);

}  // namespace catchment::measures
