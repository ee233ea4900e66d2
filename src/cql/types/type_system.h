// Which type may stand for which: subtypes, implicit conversions and their order (CQL 1.5.3, Developer's Guide,
// "Conversion Precedence"), and the choice of an overload.
// In: types and the models in use. Out: conversions with a cost; the cheapest overload. Always: no conversion
// is found twice with different results; a cost is the sum over operands.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "cql/operators/operators.h"
#include "cql/types/model.h"
#include "cql/types/typed.h"

namespace catchment::cql {

/// Costs of the steps, in the specification's order of precedence.
enum ConversionCost : int {
  cost_exact = 0,
  cost_subtype = 1,
  cost_compatible = 2,   // null, Any
  cost_cast = 3,         // choice to one of its alternatives
  cost_simple = 4,       // to a simple type: Integer to Decimal, FHIR.string to String
  cost_complex = 5,      // to a structured type: Integer to Quantity, Code to Concept
  cost_untyped = 8,      // any value where the parameter is Any: what else fits is better
};

struct FoundConversion {
  Conversion conversion;
  int cost = 0;
};

struct ResolvedOverload {
  const Overload* overload = nullptr;
  std::vector<Conversion> conversions;  // one an operand
  Type result;
  int cost = 0;
};

class TypeSystem {
 public:
  explicit TypeSystem(std::vector<const Model*> models = {}) : models_(std::move(models)) {}
  void use(const Model* model);
  const std::vector<const Model*>& models() const { return models_; }

  /// The class of a named type; null for a class of no model in use.
  const ModelClass* find_class(const Type& type) const;
  /// Element of a class or of the classes it is based on.
  const ModelElement* find_element(const Type& type, std::string_view name) const;
  std::vector<std::string> element_names(const Type& type) const;
  /// `type` and every class based on it, for run-time type tests.
  std::vector<Type> with_subtypes(const Type& type) const;

  bool is_subtype(const Type& type, const Type& of) const;
  /// An implicit conversion, or nothing. `from_null`: the operand is a null literal.
  std::optional<FoundConversion> convert(const Type& from, const Type& to) const;
  /// The system type a model class converts to (FHIR.Period to Interval<DateTime>), or nothing.
  std::optional<Type> system_form(const Type& type) const;
  /// The one type both may be seen as, or a choice of the two.
  Type common_type(const Type& a, const Type& b) const;

  /// The cheapest overload for these operands; ties go to the earlier row.
  std::optional<ResolvedOverload> resolve(std::span<const Overload> overloads, const std::vector<Type>& operands) const;

 private:
  std::optional<FoundConversion> convert(const Type& from, const Type& to, int depth) const;
  std::optional<FoundConversion> convert_choice(const Type& from, const Type& to, int depth) const;
  std::optional<FoundConversion> convert_to_choice(const Type& from, const Type& to, int depth) const;
  std::optional<FoundConversion> convert_simple(const Type& from, const Type& to) const;
  std::optional<FoundConversion> convert_model(const Type& from, const Type& to) const;
  std::optional<FoundConversion> convert_elements(const Type& from, const Type& to, int depth) const;
  const ModelConversionRule* model_rule(const Type& from, const Type* to) const;
  void bind(const Type& parameter, const Type& operand, std::vector<Type>& candidates) const;
  void add_forms(const Type& type, std::vector<Type>& forms) const;
  std::optional<ResolvedOverload> apply(const Overload& overload, const std::vector<Type>& operands, const Type& variable) const;

  std::vector<const Model*> models_;
};

/// `parameter` with its variable replaced.
Type substitute(const Type& parameter, const Type& variable);

}  // namespace catchment::cql
