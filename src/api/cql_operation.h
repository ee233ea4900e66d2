// What is sent to POST /fhir/R4/$cql, read: the operation of "Using CQL with FHIR" as far as it is answered here.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "api/visitor.h"
#include "fhir/fhir.h"

namespace catchment::api {

struct CqlOperation {
  struct Include {
    std::string name, version, called;
  };
  std::string expression;
  std::string subject;                            // what stands behind "Patient/"
  std::vector<fhir::InputParameter> parameters;
  std::vector<Include> libraries;
  std::vector<std::unique_ptr<fhir::Subject>> data;
  bool has_data = false;

  /// An expression and nothing beside it.
  bool is_plain() const { return subject.empty() && parameters.empty() && libraries.empty() && !has_data; }
  /// The expression as the only definition, "expression", of a library; its text begins on the second line.
  std::string library_text() const;
};

/// Refuses what is no Parameters resource of the operation, naming the parameter.
CqlOperation read_operation(const Request& request);

}  // namespace catchment::api
