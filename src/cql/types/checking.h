// The checker's own structures, shared by its files. Internal to types.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "cql/syntax/syntax.h"
#include "cql/types/checker.h"
#include "cql/types/type_system.h"
#include "cql/values/units.h"

namespace catchment::cql {

enum class Progress : std::uint8_t { not_begun, under_way, done };

struct Symbol {
  enum class Kind : std::uint8_t { include, code_system, value_set, code, concept_, parameter, definition, function };
  Kind kind = Kind::definition;
  std::int32_t index = 0;
  SourcePosition at;
};

/// One library while it is checked; its typed form is Program::libraries[same index].
struct LibraryState {
  std::string file;
  syntax::Library tree;
  std::map<std::string, Symbol> symbols;
  std::map<std::string, std::vector<std::int32_t>> functions;
  std::vector<std::int32_t> include_targets;      // program library index, -1 when not found
  std::vector<const syntax::Statement*> definition_statements;
  std::vector<const syntax::Statement*> function_statements;
  std::vector<Progress> definition_progress;
  std::vector<Progress> function_progress;
  std::vector<bool> function_signature_ok;
  std::vector<Progress> parameter_progress;
  std::map<std::string, const Model*> models;     // by local name
  const Model* default_model = nullptr;
  bool model_missing = false;                     // a data model was not found: what needs it is not reported again
  std::vector<CodeValue> codes;
  std::vector<std::vector<CodeValue>> concepts;
};

class Checking {
 public:
  Checking(Program& into, const Libraries& sources, const Models& known, Diagnostics& report)
      : program(into), libraries(sources), models(known), diagnostics(report) {}

  /// Reads, declares and files one library with what it includes; -1 when it is not found.
  std::int32_t load(const LibraryText& text, syntax::Library tree);
  void check_definition(std::int32_t library, std::int32_t index);
  void check_function(std::int32_t library, std::int32_t index);
  void check_parameter(std::int32_t library, std::int32_t index);
  void check_everything(std::int32_t library);

  void error(std::int32_t library, const SourcePosition& at, const std::string& message, const std::string& fix = {});
  void warn(std::int32_t library, const SourcePosition& at, const std::string& message, const std::string& fix = {});
  std::optional<Type> resolve_type(std::int32_t library, const syntax::TypeSpecifier& specifier);
  LibraryState& state(std::int32_t library) { return *states[static_cast<std::size_t>(library)]; }
  TypedLibrary& typed(std::int32_t library) { return program.libraries[static_cast<std::size_t>(library)]; }
  std::vector<std::string> names_of(std::int32_t library);

  Program& program;
  const Libraries& libraries;
  const Models& models;
  Diagnostics& diagnostics;
  TypeSystem types;
  std::vector<std::unique_ptr<LibraryState>> states;
  UnitReader units;
  int depth = 0;   // nesting of expressions over all bodies under way

 private:
  void declare_usings(std::int32_t library);
  void declare_includes(std::int32_t library);
  void declare_terminology(std::int32_t library);
  void declare_parameters(std::int32_t library);
  void declare_statements(std::int32_t library);
  void declare_function(std::int32_t library, const syntax::Statement& statement, EvaluationContext context);
  bool declare(std::int32_t library, const syntax::Declared& declared, Symbol symbol, const char* what);
  std::optional<CodeValue> resolve_code(std::int32_t library, const std::string& name, const SourcePosition& at);

  std::map<std::string, std::int32_t> loaded_;     // "name|version" to index
  std::vector<std::string> loading_;
};

/// Checks one body. Every check_... returns null when it (or something in it) has an error already reported.
class Body {
 public:
  Body(Checking& checking, std::int32_t library, EvaluationContext context) : c_(checking), library_(library), context_(context) {}

  NodePtr check(const syntax::Expression& e);
  std::int32_t new_slot() { return slots_++; }
  std::int32_t slots() const { return slots_; }
  void add_name(const std::string& name, const Type& type, std::int32_t slot) { scope_.push_back({name, type, slot, false}); }
  /// Converts or reports `what` ("the condition of if") as having the wrong type.
  NodePtr converted(NodePtr node, const Type& to, const std::string& what);

 private:
  friend class Checking;
  struct Named {
    std::string name;
    Type type;
    std::int32_t slot = 0;
    bool implicit = false;    // `$this` of a sort or an iteration: its elements may be named bare
  };

  template <typename T>
  std::unique_ptr<T> make(const SourcePosition& at, const Type& type) {
    auto node = std::make_unique<T>();
    node->at = at;
    node->type = type;
    node->id = c_.program.node_count++;
    return node;
  }

  NodePtr error(const SourcePosition& at, const std::string& message, const std::string& fix = {});
  NodePtr check_kind(const syntax::Expression& e);
  bool check_all(const syntax::Expression& e, std::vector<NodePtr>& nodes, std::size_t from = 0);

  // body_literals.cpp
  NodePtr literal(const syntax::Expression& e, bool negative);
  NodePtr quantity(const syntax::Expression& e, bool negative);
  NodePtr ratio(const syntax::Expression& e);
  NodePtr interval(const syntax::Expression& e);
  NodePtr interval_of_choice(const syntax::Expression& e, NodePtr low, NodePtr high, const std::vector<Type>& points);
  NodePtr tuple(const syntax::Expression& e);
  NodePtr list(const syntax::Expression& e);
  NodePtr instance(const syntax::Expression& e);
  NodePtr code(const syntax::Expression& e);
  NodePtr concept_literal(const syntax::Expression& e);
  std::optional<CodeValue> code_value(const syntax::Expression& e);
  NodePtr quantity_literal(const SourcePosition& at, const std::string& amount, const std::string& unit, bool calendar);

  // body_operators.cpp
  NodePtr call(std::string_view name, std::vector<NodePtr> operands, const SourcePosition& at, Precision precision = Precision::none,
               const std::string& written = {});
  NodePtr apply(NodePtr node, Conversion conversion);
  NodePtr no_overload(std::string_view name, const std::vector<NodePtr>& operands, const SourcePosition& at, const std::string& written);
  NodePtr unary(const syntax::Expression& e);
  NodePtr binary(const syntax::Expression& e);
  NodePtr between(const syntax::Expression& e);
  NodePtr component(const syntax::Expression& e);
  NodePtr duration(const syntax::Expression& e);
  NodePtr expand_collapse(const syntax::Expression& e);
  NodePtr convert(const syntax::Expression& e);
  NodePtr type_test(const syntax::Expression& e);
  NodePtr type_as(const syntax::Expression& e);
  NodePtr extent(const syntax::Expression& e);
  NodePtr if_then_else(const syntax::Expression& e);
  NodePtr case_when(const syntax::Expression& e);
  NodePtr precision_quantity(Precision precision, const SourcePosition& at);
  /// One value used several times: `use` gets the slot that holds it; null when the value is null.
  NodePtr with_value(NodePtr value, const std::function<NodePtr(const std::function<NodePtr()>&)>& use);

  // body_timing.cpp
  NodePtr timing(const syntax::Expression& e);
  NodePtr edge(NodePtr node, syntax::Timing::Edge edge, const std::string& word);
  NodePtr offset_timing(const syntax::Timing& t, NodePtr left, NodePtr right, const SourcePosition& at);
  NodePtr within(const syntax::Timing& t, NodePtr left, NodePtr right, const SourcePosition& at);
  bool seen_as_interval(const Type& type) const;

  // body_names.cpp
  NodePtr identifier(const syntax::Expression& e);
  NodePtr special(const syntax::Expression& e);
  NodePtr member(const syntax::Expression& e);
  NodePtr symbol(std::int32_t library, const std::string& name, const SourcePosition& at, bool& found);
  NodePtr property(NodePtr source, const std::string& name, const SourcePosition& at);
  NodePtr list_property(NodePtr source, const std::string& name, const SourcePosition& at);
  bool property_type(const Type& source, const std::string& name, Type& type, Property& node) const;
  bool system_property(const Type& source, const std::string& name, Type& type) const;
  NodePtr unknown_name(const std::string& name, const SourcePosition& at);
  NodePtr unknown_property(const Type& type, const std::string& name, const SourcePosition& at);
  NodePtr slot(const Named& named, const SourcePosition& at);
  std::int32_t include_named(const syntax::Expression& e) const;

  // body_functions.cpp
  NodePtr invocation(const syntax::Expression& e);
  NodePtr user_call(std::int32_t library, const std::string& name, std::vector<NodePtr>& arguments, const SourcePosition& at, bool fluent, bool& named);
  /// Cost of the cheapest function of that name for these arguments; -1 when none takes them.
  int fluent_cost(std::int32_t library, const std::string& name, const std::vector<NodePtr>& arguments) const;
  NodePtr system_call(const std::string& name, std::vector<NodePtr> arguments, const SourcePosition& at);
  NodePtr method(const syntax::Expression& e, NodePtr target);
  NodePtr iteration(const syntax::Expression& e, NodePtr target, IterationKind kind);
  std::string fluent_types(const std::string& name) const;
  NodePtr coalesce(std::vector<NodePtr> arguments, const SourcePosition& at);
  NodePtr unknown_function(const std::string& name, const std::vector<NodePtr>& arguments, const SourcePosition& at);

  // body_query.cpp
  NodePtr query(const syntax::Expression& e);
  NodePtr retrieve(const syntax::Expression& e);
  bool query_source(const syntax::AliasedSource& source, QuerySource& out, Type& element);
  bool query_sort(const syntax::Query& q, Query& node, const Type& element);
  bool query_aggregate(const syntax::Query& q, Query& node);
  void other_profiles(const ModelClass& item, Retrieve& node) const;
  NodePtr retrieve_by_value(const syntax::Retrieve& r, std::unique_ptr<Retrieve> rows, NodePtr terminology, const SourcePosition& at);
  bool retrieve_code(const syntax::Retrieve& r, const ModelClass& item, const Type& type, Retrieve& node, const SourcePosition& at);

  Checking& c_;
  std::int32_t library_;
  EvaluationContext context_;
  std::vector<Named> scope_;
  std::int32_t slots_ = 0;
  bool broken_call_ = false;   // the last user function called was found and has an error of its own
};

/// The ways an element of this type is stored: "value" of Choice<FHIR.Quantity, FHIR.string> as valueQuantity,
/// valueString.
std::vector<PropertyAlternative> stored_as(const TypeSystem& types, const ModelElement& element, bool& repeats);

}  // namespace catchment::cql
