// CQL types (CQL 1.5.3, Author's Guide "Types" and Developer's Guide "Type System").
// In: kinds and element types. Out: a small immutable value that compares by structure.
// Always: choices are flattened, without duplicates and never of one alternative; tuple elements are in
// name order; a named type is "Model.Name" ("FHIR.Patient", "QICore.Encounter").
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace catchment::cql {

enum class TypeKind : std::uint8_t {
  any,          // System.Any: the type of null, the supertype of all
  boolean,
  integer,
  long_integer,
  decimal,
  string,
  date,
  date_time,
  time,
  quantity,
  ratio,
  code,
  concept_,
  vocabulary,   // supertype of value_set and code_system
  value_set,
  code_system,
  list,         // one element type
  interval,     // one point type
  tuple,        // named elements
  choice,       // alternatives
  named,        // a class of a model, opaque to the operators
  variable,     // T of a generic operator signature
};

class Type;

/// One element of a tuple type.
struct TupleElement;

class Type {
 public:
  /// System.Any.
  Type() = default;
  explicit Type(TypeKind simple) : kind_(simple) {}

  static Type any() { return {}; }
  static Type boolean() { return Type(TypeKind::boolean); }
  static Type integer() { return Type(TypeKind::integer); }
  static Type long_integer() { return Type(TypeKind::long_integer); }
  static Type decimal() { return Type(TypeKind::decimal); }
  static Type string() { return Type(TypeKind::string); }
  static Type date() { return Type(TypeKind::date); }
  static Type date_time() { return Type(TypeKind::date_time); }
  static Type time() { return Type(TypeKind::time); }
  static Type quantity() { return Type(TypeKind::quantity); }
  static Type ratio() { return Type(TypeKind::ratio); }
  static Type code() { return Type(TypeKind::code); }
  static Type concept_() { return Type(TypeKind::concept_); }
  static Type vocabulary() { return Type(TypeKind::vocabulary); }
  static Type value_set() { return Type(TypeKind::value_set); }
  static Type code_system() { return Type(TypeKind::code_system); }
  static Type list(Type element);
  static Type interval(Type point);
  static Type tuple(std::vector<TupleElement> elements);
  /// Flattens nested choices and drops duplicates; one alternative gives that alternative itself.
  static Type choice(const std::vector<Type>& alternatives);
  /// "FHIR.Patient".
  static Type named(std::string qualified_name);
  /// "T" in the signature of a generic operator.
  static Type variable(std::string name);

  TypeKind kind() const { return kind_; }
  bool is(TypeKind kind) const { return kind_ == kind; }
  bool is_any() const { return kind_ == TypeKind::any; }
  bool is_list() const { return kind_ == TypeKind::list; }
  bool is_interval() const { return kind_ == TypeKind::interval; }
  bool is_tuple() const { return kind_ == TypeKind::tuple; }
  bool is_choice() const { return kind_ == TypeKind::choice; }
  bool is_named() const { return kind_ == TypeKind::named; }
  bool is_variable() const { return kind_ == TypeKind::variable; }
  /// Contains a type variable anywhere.
  bool is_generic() const;
  bool is_numeric() const { return kind_ == TypeKind::integer || kind_ == TypeKind::long_integer || kind_ == TypeKind::decimal; }
  bool is_temporal() const { return kind_ == TypeKind::date || kind_ == TypeKind::date_time || kind_ == TypeKind::time; }

  /// Element of a list, point of an interval. Precondition: list or interval.
  const Type& element() const;
  /// Alternatives of a choice. Precondition: choice.
  const std::vector<Type>& alternatives() const;
  /// Elements of a tuple in name order. Precondition: tuple.
  const std::vector<TupleElement>& elements() const;
  /// Type of one tuple element, or null.
  const Type* element(std::string_view name) const;
  /// Qualified name of a named type, name of a variable. Precondition: named or variable.
  const std::string& name() const;

  friend bool operator==(const Type& a, const Type& b);

 private:
  struct Detail;
  TypeKind kind_ = TypeKind::any;
  std::shared_ptr<const Detail> detail_;
};

struct TupleElement {
  std::string name;
  Type type;
  friend bool operator==(const TupleElement&, const TupleElement&) = default;
};

/// As CQL writes it: "List<Interval<DateTime>>", "Tuple { a Integer }", "Choice<Integer, String>",
/// "FHIR.Patient". System types lose their qualifier.
std::string to_string(const Type& type);

/// The simple system type of this CQL name ("Integer", "System.DateTime"), or nothing.
std::optional<Type> system_type(std::string_view name);

}  // namespace catchment::cql
