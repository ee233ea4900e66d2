// What a program reads when some of its definitions are answered: which retrieves, which elements of which
// resource types, whether anything of the person's own resource.
// In: a checked program and definitions of its main library. Out: the above, for everything those definitions can
// reach. Always: says too much rather than too little.
#pragma once

#include <cstdint>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "cql/cql.h"
#include "measures/record_model.h"

namespace catchment::measures {

struct ProgramReads {
  std::vector<const cql::Retrieve*> retrieves;
  bool patient = false;      // reads the Patient resource, or says something for each person
  bool every_element = false;
  bool messages = false;     // says something for each person
  bool sent = false;         // reads elements of rows that are no columns: of resources as they were sent
  /// Definitions of the Unfiltered context among those or named by them, by library and index; what they read is
  /// not counted.
  std::set<std::pair<std::int32_t, std::int32_t>> unfiltered;
  /// "Condition.code"; "*.code" where the type of the source is not known.
  std::set<std::string, std::less<>> elements;

  bool reads(std::string_view resource, std::string_view key) const;
};

ProgramReads program_reads(const cql::Program& program, const std::vector<std::int32_t>& definitions);

/// What is read of everyone at once for a program that reads `reads` of each person: by its definitions of the
/// Unfiltered context and whatever they name, and of the resources they give.
struct EveryoneReads {
  ProgramReads reads;
  bool rows = false;     // some retrieve gives everyone's rows
  /// A definition about one patient is asked for everyone and its answers hold resources, or rest on another that
  /// is about everyone: then a person's rows must outlast the person's turn.
  bool kept = false;
};
EveryoneReads everyone_reads(const cql::Program& program, const ProgramReads& reads);

/// Whether the answers for persons without rows follow from what the record says of the persons themselves but for who
/// they are: then those of whom it says the same have the same answers.
bool same_for_alike(const cql::Program& program, const std::vector<std::int32_t>& definitions, const ProgramReads& reads);

/// Whether values of the type may be resources, or parts of them.
bool holds_resources(const cql::Type& type);

/// Adds the columns that presenting the element takes.
void add_columns(const ElementMap& element, std::set<std::int16_t>& columns);
/// Columns of the shape's table that presenting these elements takes.
std::set<std::int16_t> columns_read(const ShapeMap& shape, const ProgramReads& reads);

}  // namespace catchment::measures
