// The typed expression tree: what the checker yields and the evaluators walk.
// In: nothing. Out: plain data. Always: every node has its type, its position in the source and a number
// that is unique in its program; every name is resolved to an index or a slot; every implicit conversion
// is a Convert node; operands of an OperatorCall have exactly the types of its overload (type variables
// bound consistently), except that a null literal may stand for any type.
//
// Frames: each body (definition, function, parameter default) runs in a frame of `slot_count` slots.
// Arguments of a function are slots 0..n-1; query aliases, lets, accumulators and the `$this` of a sort
// follow. A slot is written before it is read.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cql/syntax/position.h"
#include "cql/types/type.h"
#include "cql/values/precision.h"

namespace catchment::cql {

struct Overload;  // one signature of the operator table, see operators/

enum class NodeKind : std::uint8_t {
  literal,
  null_literal,
  operator_call,
  convert,
  tuple_selector,
  list_selector,
  interval_selector,
  instance_selector,
  code_literal,
  concept_literal,
  value_set_ref,
  code_system_ref,
  definition_ref,
  parameter_ref,
  function_call,
  slot_ref,
  context_subject,
  property,
  retrieve,
  query,
  if_then_else,
  case_when,
  is_type,
  as_type,
  iteration,
};

struct Node {
  NodeKind kind;
  Type type;
  SourcePosition at;
  std::uint32_t id = 0;

  explicit Node(NodeKind k) : kind(k) {}
  Node(const Node&) = delete;
  Node& operator=(const Node&) = delete;
  virtual ~Node() = default;
};
using NodePtr = std::unique_ptr<Node>;

/// Boolean "true"/"false", integers "42" (Long without its L), decimals "4.50", strings unescaped, dates and
/// times as written without the leading @ ("2014-01", "2014-01-01T10:00+01:00", "T10:30" without the T: "10:30"),
/// quantities with the number in `text` and the unit in `unit` ("mg", "days"; "1" when there is none).
/// Ratio literals have the denominator in `text2`/`unit2`. Ranges were checked.
struct Literal : Node {
  Literal() : Node(NodeKind::literal) {}
  std::string text;
  std::string unit;
  std::string text2;
  std::string unit2;
  bool calendar_unit = false;   // `5 days` (calendar) against `5 'd'` (UCUM)
  bool calendar_unit2 = false;
};

struct NullLiteral : Node {
  NullLiteral() : Node(NodeKind::null_literal) {}
};

/// An operator or system function. `precision` is the "day of" of a timing phrase, the unit of a duration or
/// difference, the component of an extraction. minimum/maximum carry their type as the node's own type.
struct OperatorCall : Node {
  OperatorCall() : Node(NodeKind::operator_call) {}
  const Overload* overload = nullptr;
  std::vector<NodePtr> operands;
  Precision precision = Precision::none;
};

enum class ConversionKind : std::uint8_t {
  none,               // same value seen as a supertype, a choice, or null as any type
  system,             // by `overload`: ToLong, ToDecimal, ToQuantity, ToDateTime, ToConcept, ...
  model,              // FHIR value to system value, by `model`
  cast,               // `as`: null when the run-time type is another
  choice,             // the first of `parts` whose `from` is the run-time type, else null
  list_elements,      // each element by parts[0]
  interval_points,    // each bound by parts[0]; bounds stay open or closed, null bounds stay null
  tuple_elements,     // element names[i] by parts[i]
  promote_to_list,    // T to List<T>; null to null
  promote_to_interval,// T to Interval[T, T]; null to null
  demote_list,        // singleton from
  demote_interval,    // point from
  sequence,           // parts one after the other
  function,           // a user or helper library's function: library/function, one operand
};

/// How a FHIR value becomes a system value (FHIRHelpers 4.0.1).
enum class ModelConversion : std::uint8_t {
  none,
  to_boolean,
  to_integer,
  to_long,
  to_decimal,
  to_string,
  to_date,
  to_date_time,
  to_time,
  to_code,            // Coding
  to_concept,         // CodeableConcept
  to_quantity,        // Quantity and its specialisations; calendar units as FHIRHelpers writes them
  to_ratio,
  to_interval_of_date_time,  // Period: missing start is an open, unknown bound; missing end a closed, unbounded one
  to_interval_of_quantity,   // Range
  to_value_set,       // canonical
};

struct Conversion {
  ConversionKind kind = ConversionKind::none;
  Type from;
  Type to;
  const Overload* overload = nullptr;
  ModelConversion model = ModelConversion::none;
  std::vector<Conversion> parts;
  std::vector<std::string> names;
  std::int32_t library = -1;
  std::int32_t function = -1;
};

struct Convert : Node {
  Convert() : Node(NodeKind::convert) {}
  NodePtr operand;
  Conversion conversion;
};

struct TupleSelector : Node {
  TupleSelector() : Node(NodeKind::tuple_selector) {}
  std::vector<std::string> names;
  std::vector<NodePtr> values;
};

struct ListSelector : Node {
  ListSelector() : Node(NodeKind::list_selector) {}
  std::vector<NodePtr> values;
};

struct IntervalSelector : Node {
  IntervalSelector() : Node(NodeKind::interval_selector) {}
  NodePtr low;
  NodePtr high;
  bool low_closed = true;
  bool high_closed = true;
};

/// System.Quantity { value: 1.0, unit: 'mg' }, Code { code: ..., system: ... }, FHIR.Period { ... }: `type` says
/// which. Elements of model classes already have the element's type.
struct InstanceSelector : Node {
  InstanceSelector() : Node(NodeKind::instance_selector) {}
  std::vector<std::string> names;
  std::vector<NodePtr> values;
};

struct CodeValue {
  std::string code;
  std::string system;   // URL of the code system
  std::string version;  // empty when not said
  std::string display;
};

struct CodeLiteral : Node {
  CodeLiteral() : Node(NodeKind::code_literal) {}
  CodeValue value;
};

struct ConceptLiteral : Node {
  ConceptLiteral() : Node(NodeKind::concept_literal) {}
  std::vector<CodeValue> codes;
  std::string display;
};

/// A declared value set. Its members come from the terminology provider by (url, version).
struct ValueSetRef : Node {
  ValueSetRef() : Node(NodeKind::value_set_ref) {}
  std::int32_t library = 0;
  std::int32_t index = 0;   // into TypedLibrary::value_sets
};

struct CodeSystemRef : Node {
  CodeSystemRef() : Node(NodeKind::code_system_ref) {}
  std::int32_t library = 0;
  std::int32_t index = 0;
};

struct DefinitionRef : Node {
  DefinitionRef() : Node(NodeKind::definition_ref) {}
  bool for_everyone = false;  // about one patient, asked in the Unfiltered context: a list of everyone's answers
  std::int32_t library = 0;
  std::int32_t index = 0;   // into TypedLibrary::definitions
};

struct ParameterRef : Node {
  ParameterRef() : Node(NodeKind::parameter_ref) {}
  std::int32_t library = 0;
  std::int32_t index = 0;
};

struct FunctionCall : Node {
  FunctionCall() : Node(NodeKind::function_call) {}
  std::int32_t library = 0;
  std::int32_t index = 0;   // into TypedLibrary::functions
  std::vector<NodePtr> arguments;
};

/// An argument, alias, let, accumulator or `$this`.
struct SlotRef : Node {
  SlotRef() : Node(NodeKind::slot_ref) {}
  std::int32_t slot = 0;
};

/// `Patient` in the Patient context: the subject's own resource.
struct ContextSubject : Node {
  ContextSubject() : Node(NodeKind::context_subject) {}
};

/// One way a property may be stored: the key in the resource's JSON and the type it then has.
struct PropertyAlternative {
  std::string key;      // "birthDate", "valueQuantity"
  Type type;            // FHIR.date, FHIR.Quantity; the element type for a repeating element
};

/// `source.name`. On tuples, intervals (low, high, lowClosed, highClosed), Quantity, Ratio, Code, Concept, ValueSet
/// `alternatives` is empty. On model classes it lists the JSON keys; a FHIR primitive's own `value` has the key
/// "value" and a system type. When the source is a list the checker has already made it a query (path navigation).
/// `source_path` of a profile slice or extension is resolved by the checker into `filter_...`.
struct Property : Node {
  Property() : Node(NodeKind::property) {}
  NodePtr source;
  std::string name;
  std::vector<PropertyAlternative> alternatives;
  bool repeats = false;           // JSON array: the value is a list
  std::string extension_url;      // when set: the elements of `extension` with this url
};

enum class CodeComparison : std::uint8_t { none, in, equivalent, equal };

/// [Condition: code in "Diabetes"]. Rows of the current subject (all rows in the Unfiltered context).
struct Retrieve : Node {
  Retrieve() : Node(NodeKind::retrieve) {}
  std::string resource_type;      // "Condition": the resourceType of the data
  std::string profile;            // identifier of the profile asked for, or empty
  std::vector<std::string> other_profiles;  // profiles of the same model over the same resource: rows of theirs are not asked for
  bool negation = false;          // a negation class: only what is recorded as not done
  bool affirmation = false;       // the model has a negation class beside this one: only what is not recorded as not to be done
  bool unfiltered = false;        // evaluated in the Unfiltered context
  std::string code_path;          // "code", "medication", "type"; a choice element is named without its suffix
  std::vector<PropertyAlternative> code_alternatives;  // "medicationCodeableConcept", ...
  CodeComparison comparison = CodeComparison::none;
  NodePtr terminology;            // a ValueSetRef, a CodeSystemRef, or an expression of Code, Concept or List<Code>
  NodePtr context;                // related-context retrieve: the expression before ->
  std::string date_path;          // set by a planner that pushes a date range down
  NodePtr date_range;
};

struct QuerySource {
  NodePtr source;
  std::int32_t slot = 0;
  std::string alias;
  bool is_list = true;            // false: a single value (null gives an empty query)
};

struct QueryLet {
  std::string name;
  std::int32_t slot = 0;
  NodePtr value;
};

struct QueryRelation {
  QuerySource source;
  bool without = false;
  NodePtr such_that;
};

struct QuerySort {
  NodePtr key;                    // null: the element itself; else evaluated with the element in `sort_slot`
  bool descending = false;
};

/// Order of clauses: sources (product, first varies slowest), lets, relations, where, then aggregate or return,
/// then sort. The result is a list when any source is; else one value or null.
struct Query : Node {
  Query() : Node(NodeKind::query) {}
  std::vector<QuerySource> sources;
  std::vector<QueryLet> lets;
  std::vector<QueryRelation> relations;
  NodePtr where;
  NodePtr result;                 // return expression; null: the single source's element (several: a tuple is made)
  bool distinct = false;          // `return` and `return distinct`; never for `return all` or no return
  bool has_aggregate = false;
  bool aggregate_distinct = false;
  std::int32_t accumulator_slot = -1;
  NodePtr starting;               // null: null
  NodePtr aggregate;
  std::int32_t sort_slot = -1;
  std::vector<QuerySort> sort;
  bool is_list = true;
};

struct IfThenElse : Node {
  IfThenElse() : Node(NodeKind::if_then_else) {}
  NodePtr condition, then_value, else_value;
};

struct CaseItem {
  NodePtr when;
  NodePtr then;
};

/// Without `comparand` each `when` is a condition; with it, each `when` is compared by `equal` (overload of Equal).
struct CaseWhen : Node {
  CaseWhen() : Node(NodeKind::case_when) {}
  NodePtr comparand;
  const Overload* equal = nullptr;
  std::vector<CaseItem> items;
  NodePtr else_value;
};

struct IsType : Node {
  IsType() : Node(NodeKind::is_type) {}
  NodePtr operand;
  Type tested;
  std::vector<Type> accepted;     // `tested` and its subtypes in the model
};

struct AsType : Node {
  AsType() : Node(NodeKind::as_type) {}
  NodePtr operand;                // result type is the node's type
  bool strict = false;            // `cast`: another run-time type is an error, not null
  std::vector<Type> accepted;
};

/// A list method that evaluates an expression per element with `$this` in `this_slot` (`.where(...)`).
enum class IterationKind : std::uint8_t { where, select, exists, all };
struct Iteration : Node {
  Iteration() : Node(NodeKind::iteration) {}
  IterationKind iteration = IterationKind::where;
  NodePtr source;
  NodePtr body;
  std::int32_t this_slot = -1;
  std::int32_t index_slot = -1;
};

// ---------------------------------------------------------------------------------------------------------------------

enum class Access : std::uint8_t { public_, private_ };
enum class EvaluationContext : std::uint8_t { patient, unfiltered };

struct TypedCodeSystem {
  std::string name, url, version;
  Access access = Access::public_;
};

struct TypedValueSet {
  std::string name, url, version;
  std::vector<std::int32_t> code_systems;  // of the same library; informative
  Access access = Access::public_;
};

struct TypedParameter {
  std::string name;
  Type type;
  NodePtr default_value;          // null when there is none
  std::int32_t slot_count = 0;
  Access access = Access::public_;
  SourcePosition at;
};

struct TypedDefinition {
  std::string name;
  Type type;
  NodePtr body;                   // null when the definition had an error
  std::int32_t slot_count = 0;
  EvaluationContext context = EvaluationContext::patient;
  Access access = Access::public_;
  SourcePosition at;
};

struct TypedFunction {
  std::string name;
  std::vector<TupleElement> parameters;
  Type type;
  NodePtr body;                   // null: external, or it had an error
  std::int32_t slot_count = 0;
  bool fluent = false;
  bool external = false;
  Access access = Access::public_;
  SourcePosition at;
};

struct TypedLibrary {
  std::string name;               // with its namespace: "org.example.Diabetes"
  std::string version;
  std::string file;               // as the caller named it, for messages
  std::string patient_class;      // what `Patient` is in its first data model: "FHIR.Patient"; empty without one
  std::vector<TypedCodeSystem> code_systems;
  std::vector<TypedValueSet> value_sets;
  std::vector<TypedParameter> parameters;
  std::vector<TypedDefinition> definitions;
  std::vector<TypedFunction> functions;
};

/// A checked main library and everything it includes; libraries[main] is the one asked for.
struct Program {
  std::vector<TypedLibrary> libraries;
  std::int32_t main = 0;
  std::uint32_t node_count = 0;

  const TypedLibrary& main_library() const { return libraries[static_cast<std::size_t>(main)]; }
};

}  // namespace catchment::cql
