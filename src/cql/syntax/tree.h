// The syntax tree: what was written, before names and types mean anything.
// Always: every node has its position; parentheses are not kept (the printer puts back those needed);
// no tree is higher than `max_height`, so recursion over it is safe.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "cql/syntax/position.h"
#include "cql/values/precision.h"

namespace catchment::cql::syntax {

using cql::Precision;

/// Levels of nesting accepted in one expression.
#ifdef __SANITIZE_ADDRESS__
inline constexpr int max_height = 300;  // the sanitizer's frames are several times as large; the stack is not
#else
inline constexpr int max_height = 800;
#endif

/// "FHIR.Patient", List<...>, Interval<...>, Tuple { a Integer }, Choice<...>.
struct TypeSpecifier {
  enum class Kind : std::uint8_t { named, list, interval, tuple, choice };
  Kind kind = Kind::named;
  SourcePosition at;
  std::vector<std::string> name;           // parts of a dotted name
  std::vector<TypeSpecifier> arguments;    // element, point, alternatives or element types
  std::vector<std::string> element_names;  // of a tuple, one for each argument
};

enum class Kind : std::uint8_t {
  null_literal,
  boolean,          // text true/false
  string,           // text unescaped
  number,           // text
  long_number,      // text without L
  date,             // text without @
  date_time,        // text without @
  time,             // text without @T
  quantity,         // text, unit, calendar
  ratio,            // two quantities
  identifier,       // text
  special,          // $this, $index, $total
  external,         // %name
  member,           // operands[0] . text
  invocation,       // text(operands...) ; has_target: operands[0] . text(rest)
  indexer,          // operands[0] [ operands[1] ]
  unary,            // text: - + not exists distinct flatten "start of" "end of" "width of" "successor of" ... "singleton from" "point from" "is null" ...
  binary,           // text: + - * / div mod ^ & = != ~ !~ < <= > >= and or xor implies union intersect except in contains (precision)
  component,        // text "year" ... "date" "time" "timezoneoffset" from operands[0]
  between,          // operands[0] between [1] and [2]; properly
  duration_between, // text "duration" or "difference", precision, two operands
  duration_of,      // text "duration" or "difference", precision, one operand
  convert,          // operands[0] to type or unit
  cast,             // cast operands[0] as type
  type_test,        // operands[0] is type
  type_as,          // operands[0] as type
  extent,           // text minimum/maximum, type
  if_then_else,     // three operands
  case_when,        // has_target: operands[0] is the comparand; then when, then, ..., else
  expand_collapse,  // text expand/collapse, operands[0] (per operands[1], or precision)
  interval,         // low, high, low_closed, high_closed
  tuple,            // names, operands
  instance,         // type, names, operands
  list,             // type optional, operands
  code,             // text from unit-as-code-system name (qualifier in names) display
  concept_,         // operands: codes; display
  timing,           // operands[0] phrase operands[1]
  retrieve,
  query,
};

struct Expression;
using ExpressionPtr = std::unique_ptr<Expression>;

enum class Relation : std::uint8_t {
  same_as,
  same_or_before,
  same_or_after,
  includes,
  during,
  before,
  after,
  within,
  meets,
  meets_before,
  meets_after,
  overlaps,
  overlaps_before,
  overlaps_after,
  starts,
  ends
};

/// The words between the two operands of a timing phrase.
struct Timing {
  enum class Edge : std::uint8_t { none, start, end, whole };  // starts / ends / occurs; start / end of the right
  enum class Offset : std::uint8_t { none, exactly, or_more, or_less, less_than, more_than };
  Relation relation = Relation::before;
  Edge left = Edge::none;
  Edge right = Edge::none;
  bool properly = false;
  bool inclusive = false;                // on or before
  Offset offset = Offset::none;
  std::string amount;                    // of the offset or of `within`
  std::string unit;
  bool calendar = false;
  Precision precision = Precision::none;
};

struct AliasedSource {
  ExpressionPtr source;
  std::string alias;
  SourcePosition at;
};

struct LetItem {
  std::string name;
  ExpressionPtr value;
  SourcePosition at;
};

struct RelationClause {
  bool without = false;
  AliasedSource source;
  ExpressionPtr such_that;
};

struct SortItem {
  ExpressionPtr key;     // null: the element itself
  bool descending = false;
};

struct Query {
  bool from = false;     // written with the word from
  std::vector<AliasedSource> sources;
  std::vector<LetItem> lets;
  std::vector<RelationClause> relations;
  ExpressionPtr where;
  enum class Return : std::uint8_t { none, plain, all, distinct };
  Return return_kind = Return::none;
  ExpressionPtr result;
  Return aggregate_kind = Return::none;
  std::string accumulator;
  ExpressionPtr starting;
  ExpressionPtr aggregate;
  bool sorted = false;
  std::vector<SortItem> sort;
  SourcePosition sort_at;
};

struct Retrieve {
  ExpressionPtr context;
  TypeSpecifier type;
  std::string code_path;      // dotted; empty when not written
  std::string comparator;     // in, =, ~ or empty
  ExpressionPtr terminology;
};

struct Expression {
  Kind kind = Kind::null_literal;
  SourcePosition at;
  int height = 1;
  std::string text;
  std::string unit;
  std::string display;
  bool calendar = false;       // the unit is a calendar word
  bool has_target = false;
  bool properly = false;
  bool low_closed = true;
  bool high_closed = true;
  Precision precision = Precision::none;
  std::vector<ExpressionPtr> operands;
  std::vector<std::string> names;
  std::optional<TypeSpecifier> type;
  std::unique_ptr<Timing> timing;
  std::unique_ptr<Query> query;
  std::unique_ptr<Retrieve> retrieve;
};

enum class AccessModifier : std::uint8_t { none, public_, private_ };

/// One @tag: value of the comment before a declaration.
struct Annotation {
  std::string name;
  std::string value;
};

struct Declared {
  std::string name;
  SourcePosition at;
  AccessModifier access = AccessModifier::none;
  std::string comment;                   // the comments directly before it, as written
  std::vector<Annotation> annotations;
};

struct Using : Declared {
  std::string version, alias;
};
struct Include : Declared {
  std::string version, alias;
};          // name is dotted when it has a namespace
struct CodeSystem : Declared {
  std::string id, version;
};
struct ValueSet : Declared {
  std::string id, version;
  std::vector<std::string> code_systems;
};
struct Code : Declared {
  std::string id, system, system_qualifier, display;
};
struct Concept : Declared {
  std::vector<std::string> codes;
  std::string display;
};  // codes dotted when qualified
struct Parameter : Declared {
  std::optional<TypeSpecifier> type;
  ExpressionPtr default_value;
};

struct Operand {
  std::string name;
  TypeSpecifier type;
};

/// `define X: ...`, `define function f(a T): ...` or `context Patient`, in the order written.
struct Statement : Declared {
  enum class Kind : std::uint8_t { definition, function, context };
  Kind kind = Kind::definition;
  std::string model;                     // of a context: FHIR.Patient
  bool fluent = false;
  bool external = false;
  bool broken = false;                   // its body did not parse; an error was reported
  std::vector<Operand> operands;
  std::optional<TypeSpecifier> returns;
  ExpressionPtr body;
};

struct Library {
  std::string name;                      // dotted when it has a namespace; empty when not named
  std::string version;
  SourcePosition at;
  std::vector<std::string> directives;
  std::vector<Using> usings;
  std::vector<Include> includes;
  std::vector<CodeSystem> code_systems;
  std::vector<ValueSet> value_sets;
  std::vector<Code> codes;
  std::vector<Concept> concepts;
  std::vector<Parameter> parameters;
  std::vector<Statement> statements;
};

}  // namespace catchment::cql::syntax
