// The recursive descent parser, split over parser_*.cpp by what it reads. Internal to syntax.
#pragma once

#include <string>
#include <string_view>

#include "base/diagnostic.h"
#include "cql/syntax/lexer.h"
#include "cql/syntax/syntax.h"

namespace catchment::cql::syntax {

/// Binding strength of the binary levels, weakest first (order of alternatives in cql.g4).
enum Level : int {
  level_implies = 1,
  level_or,
  level_and,
  level_membership,
  level_equality,
  level_timing,
  level_inequality,
  level_set,
  level_between,
  level_prefix,      // not, exists
  level_type,        // is, as
  level_term,        // from here on expressionTerm
  level_additive = level_term,
  level_multiplicative,
  level_power,
  level_polarity,    // - + start of, width of, ...
  level_postfix,
};

class Parser {
 public:
  Parser(const Tokens& tokens, const std::string& file, Diagnostics& diagnostics)
      : tokens_(tokens.tokens), comments_(tokens.comments), file_(file), diagnostics_(diagnostics) {}

  Library library();
  ExpressionPtr whole_expression();
  std::optional<TypeSpecifier> whole_type();

 private:
  /// Leaves the construct being read; a diagnostic has been made.
  struct Failed {};

  // parser_library.cpp
  void statement_or_definition(Library& library);
  void using_definition(Library& library, const Declared& declared);
  void include_definition(Library& library, const Declared& declared);
  void codesystem_definition(Library& library, Declared declared);
  void valueset_definition(Library& library, Declared declared);
  void code_definition(Library& library, Declared declared);
  void concept_definition(Library& library, Declared declared);
  void parameter_definition(Library& library, Declared declared);
  void define_statement(Library& library, Declared declared);
  void context_statement(Library& library, Declared declared);
  void function_signature(Statement& statement);
  AccessModifier access_modifier();
  void take_comment(Declared& declared) const;
  void synchronize();
  bool at_statement_start() const;

  // parser_expression.cpp
  ExpressionPtr expression(int minimum = level_implies);
  ExpressionPtr infix(ExpressionPtr left, int minimum, bool& matched);
  ExpressionPtr infix_symbol_or_word(ExpressionPtr& left, int minimum);
  ExpressionPtr type_suffix(ExpressionPtr left);
  ExpressionPtr prefix();
  ExpressionPtr word_prefix(const Token& token);
  ExpressionPtr unary(std::string name, int skip, int operand_level);
  ExpressionPtr duration_or_difference();
  ExpressionPtr cast_expression();
  ExpressionPtr convert_expression();
  ExpressionPtr if_expression();
  ExpressionPtr case_expression();
  ExpressionPtr expand_or_collapse();

  // parser_timing.cpp
  bool at_timing(std::size_t ahead = 0) const;
  ExpressionPtr timing(ExpressionPtr left);
  void timing_phrase(Timing& phrase);
  void quantity_offset(Timing& phrase);
  void temporal_relation(Timing& phrase);
  void right_edge(Timing& phrase);
  void timing_precision(Timing& phrase);

  // parser_term.cpp
  ExpressionPtr postfix();
  ExpressionPtr primary();
  ExpressionPtr word_primary();
  ExpressionPtr literal();
  ExpressionPtr quantity();
  void unit_of(Expression& quantity);
  ExpressionPtr named_term();
  ExpressionPtr interval_selector();
  ExpressionPtr braces(const Token& at);
  ExpressionPtr tuple_elements(ExpressionPtr selector);
  ExpressionPtr list_selector();
  ExpressionPtr instance_selector(const SourcePosition& at, TypeSpecifier type);
  ExpressionPtr code_selector();
  ExpressionPtr concept_selector();
  void arguments(Expression& call);
  TypeSpecifier type_specifier();
  TypeSpecifier named_type();

  // parser_query.cpp
  bool at_alias() const;
  ExpressionPtr query(ExpressionPtr first, const SourcePosition& at, bool from);
  void query_clauses(Query& query);
  AliasedSource aliased_source();
  void relation_clause(Query& query);
  void return_clause(Query& query);
  void aggregate_clause(Query& query);
  void sort_clause(Query& query);
  ExpressionPtr retrieve();

  // Tokens
  const Token& peek(std::size_t ahead = 0) const {
    const std::size_t i = next_ + ahead;
    return i < tokens_.size() ? tokens_[i] : tokens_.back();
  }
  const Token& take() {
    const Token& token = peek();
    if (next_ + 1 < tokens_.size()) ++next_;
    return token;
  }
  bool at_word(std::string_view word, std::size_t ahead = 0) const { return peek(ahead).kind == TokenKind::word && peek(ahead).text == word; }
  bool at_symbol(std::string_view symbol, std::size_t ahead = 0) const { return peek(ahead).kind == TokenKind::symbol && peek(ahead).text == symbol; }
  bool accept_word(std::string_view word) { return at_word(word) && (take(), true); }
  bool accept_symbol(std::string_view symbol) { return at_symbol(symbol) && (take(), true); }
  void expect_word(std::string_view word, std::string_view where);
  void expect_symbol(std::string_view symbol, std::string_view where);
  bool at_identifier(std::size_t ahead = 0) const;     // quoted, delimited or a word that is no keyword
  bool at_reference(std::size_t ahead = 0) const;      // identifier or a keyword that may be one
  std::string name_text(const Token& token) const;
  std::string identifier(std::string_view what);
  std::string reference(std::string_view what);
  std::string string_text(std::string_view what);
  std::string qualified_name(std::string_view what);

  [[noreturn]] void fail(const std::string& message, const std::string& fix = {});
  [[noreturn]] void fail_at(const Token& token, const std::string& message, const std::string& fix = {});
  std::string found() const;

  // Trees
  ExpressionPtr node(Kind kind, const SourcePosition& at) const;
  ExpressionPtr operation(Kind kind, const SourcePosition& at, std::string text, ExpressionPtr a, ExpressionPtr b = nullptr);
  void adopt(Expression& parent, ExpressionPtr child);
  void check_height(const Expression& expression);

  struct Deeper {
    explicit Deeper(Parser& parser);
    ~Deeper() { --parser_.depth_; }
    Deeper(const Deeper&) = delete;
    Deeper& operator=(const Deeper&) = delete;
    Parser& parser_;
  };

  /// Counts the queries the parser is inside of.
  struct Inside {
    explicit Inside(int& count) : count_(count) { ++count_; }
    ~Inside() { --count_; }
    Inside(const Inside&) = delete;
    Inside& operator=(const Inside&) = delete;
    int& count_;
  };

  const std::vector<Token>& tokens_;
  const std::vector<Comment>& comments_;
  const std::string& file_;
  Diagnostics& diagnostics_;
  std::size_t next_ = 0;
  int depth_ = 0;
  int queries_ = 0;
};

}  // namespace catchment::cql::syntax
