#include <fmt/core.h>

#include "cql/syntax/parser.h"

namespace catchment::cql::syntax {

ExpressionPtr Parser::postfix() {
  const SourcePosition at = peek().at;
  ExpressionPtr term = primary();
  for (;;) {
    if (at_symbol(".")) {
      take();
      const Token& token = peek();
      if (at_symbol("(", 1) && (token.kind == TokenKind::word || at_identifier())) {
        ExpressionPtr call = node(Kind::invocation, token.at);
        call->text = name_text(take());
        call->has_target = true;
        adopt(*call, std::move(term));
        arguments(*call);
        term = std::move(call);
      } else {
        ExpressionPtr member = node(Kind::member, token.at);
        // System.Code { ... }: reserved words that name types.
        const bool type_word = (at_word("Code") || at_word("Concept")) && at_symbol("{", 1);
        member->text = type_word ? std::string(take().text) : reference("the name of an element");
        adopt(*member, std::move(term));
        term = std::move(member);
      }
    } else if (at_symbol("[")) {
      take();
      ExpressionPtr index = expression();
      expect_symbol("]", "after the index");
      term = operation(Kind::indexer, at, "", std::move(term), std::move(index));
    } else if (at_symbol("{") && (term->kind == Kind::identifier || term->kind == Kind::member)) {
      TypeSpecifier type;
      type.at = at;
      bool names_only = true;
      for (const Expression* part = term.get(); part != nullptr; part = part->operands.empty() ? nullptr : part->operands[0].get()) {
        names_only = names_only && (part->kind == Kind::identifier || part->kind == Kind::member);
        type.name.insert(type.name.begin(), part->text);
      }
      if (!names_only) fail("expected a type name before '{'");
      term = instance_selector(at, std::move(type));
    } else {
      break;
    }
  }
  const bool source = term->kind == Kind::retrieve || term->kind == Kind::identifier || term->kind == Kind::member || term->kind == Kind::invocation ||
      term->kind == Kind::query || tokens_[next_ - 1].text == ")";
  if (source && at_alias()) return query(std::move(term), at, false);
  return term;
}

void Parser::arguments(Expression& call) {
  expect_symbol("(", "before the arguments");
  if (!at_symbol(")")) {
    do adopt(call, expression());
    while (accept_symbol(","));
  }
  expect_symbol(")", "after the arguments");
}

ExpressionPtr Parser::primary() {
  const Deeper deeper(*this);
  const Token& token = peek();
  switch (token.kind) {
    case TokenKind::string:
    case TokenKind::number:
    case TokenKind::long_number:
    case TokenKind::date:
    case TokenKind::date_time:
    case TokenKind::time: return literal();
    case TokenKind::quoted:
    case TokenKind::delimited: return named_term();
    case TokenKind::word: return word_primary();
    case TokenKind::end: fail("expected an expression and found the end of the text");
    case TokenKind::symbol: break;
  }
  if (accept_symbol("(")) {
    ExpressionPtr inner = expression();
    if (!at_symbol(")")) {
      fail(fmt::format("expected ')' to close '(' of line {} column {} and found {}", token.at.line, token.at.column, found()),
           "insert ')', or an operator before it");
    }
    take();
    return inner;
  }
  if (at_symbol("[")) return retrieve();
  if (at_symbol("{")) return braces(token);
  if (accept_symbol("$")) {
    const std::string name = std::string(take().text);
    if (name != "this" && name != "index" && name != "total") fail_at(token, "expected $this, $index or $total and found '$" + name + "'");
    ExpressionPtr result = node(Kind::special, token.at);
    result->text = "$" + name;
    return result;
  }
  if (accept_symbol("%")) {
    ExpressionPtr result = node(Kind::external, token.at);
    result->text = peek().kind == TokenKind::string ? unescape(take().text) : identifier("the name of an external constant");
    return result;
  }
  fail("expected an expression and found " + found(), at_symbol(";") ? "remove the semicolon" : "");
}

ExpressionPtr Parser::literal() {
  const Token& token = peek();
  Kind kind = Kind::string;
  std::string text(token.text);
  switch (token.kind) {
    case TokenKind::number: return quantity();
    case TokenKind::long_number:
      kind = Kind::long_number;
      text.pop_back();
      break;
    case TokenKind::date:
      kind = Kind::date;
      text.erase(0, 1);
      break;
    case TokenKind::date_time:
      kind = Kind::date_time;
      text.erase(0, 1);
      break;
    case TokenKind::time:
      kind = Kind::time;
      text.erase(0, 2);
      break;
    default: text = unescape(text);
  }
  take();
  ExpressionPtr result = node(kind, token.at);
  result->text = std::move(text);
  return result;
}

void Parser::unit_of(Expression& quantity) {
  const Token& unit = peek();
  if (unit.kind == TokenKind::string) {
    quantity.unit = unescape(take().text);
    quantity.kind = Kind::quantity;
  } else if (unit.kind == TokenKind::word && precision_of(unit.text) != Precision::none && !at_word("from", 1)) {
    quantity.unit = std::string(take().text);
    quantity.calendar = true;
    quantity.kind = Kind::quantity;
  }
}

ExpressionPtr Parser::quantity() {
  const Token& token = peek();
  if (token.kind != TokenKind::number) fail("expected an amount and found " + found(), "write for example: 3 days");
  take();
  ExpressionPtr result = node(Kind::number, token.at);
  result->text = std::string(token.text);
  unit_of(*result);
  const std::size_t mark = next_;
  if (at_symbol(":") && peek(1).kind == TokenKind::number) {
    const Token& second = peek(1);
    take();
    take();
    ExpressionPtr denominator = node(Kind::number, second.at);
    denominator->text = std::string(second.text);
    unit_of(*denominator);
    if (!at_symbol(":")) {
      result->kind = denominator->kind = Kind::quantity;
      return operation(Kind::ratio, token.at, "", std::move(result), std::move(denominator));
    }
    next_ = mark;
  }
  return result;
}

ExpressionPtr Parser::word_primary() {
  const Token& token = peek();
  const std::string_view word = token.text;
  if (word == "true" || word == "false") {
    ExpressionPtr result = node(Kind::boolean, token.at);
    result->text = std::string(word);
    take();
    return result;
  }
  if (word == "null") return take(), node(Kind::null_literal, token.at);
  if (word == "Interval" && (at_symbol("[", 1) || at_symbol("(", 1))) return interval_selector();
  if (word == "Tuple" && at_symbol("{", 1)) return take(), take(), tuple_elements(node(Kind::tuple, token.at));
  if (word == "List" && (at_symbol("{", 1) || at_symbol("<", 1))) return list_selector();
  if (word == "Code" && peek(1).kind == TokenKind::string) return code_selector();
  if (word == "Concept" && at_symbol("{", 1) && at_word("Code", 2) && peek(3).kind == TokenKind::string) return concept_selector();
  if ((word == "Code" || word == "Concept") && at_symbol("{", 1)) {
    TypeSpecifier type;
    type.at = token.at;
    type.name.emplace_back(word);
    take();
    return instance_selector(token.at, std::move(type));
  }
  if (word == "from" && !at_symbol(".", 1)) {
    take();
    AliasedSource first = aliased_source();
    --next_;  // query reads the alias itself
    return query(std::move(first.source), token.at, true);
  }
  return named_term();
}

ExpressionPtr Parser::named_term() {
  const Token& token = peek();
  if (at_statement_start()) fail("expected an expression and found the next declaration, " + found(), "finish the expression before it");
  if (!at_reference()) {
    // Words such as Code, date or day name functions too: Code(...) is not one, but day(...) may be a user's.
    std::string fix = fmt::format("'{0}' is a word of the language: quote it, \"{0}\", if it is a name", token.text);
    fail("expected an expression and found " + found(), fix);
  }
  const bool call = at_symbol("(", 1);
  ExpressionPtr result = node(call ? Kind::invocation : Kind::identifier, token.at);
  result->text = name_text(take());
  if (call) arguments(*result);
  return result;
}

ExpressionPtr Parser::interval_selector() {
  ExpressionPtr result = node(Kind::interval, take().at);
  result->low_closed = take().text == "[";
  adopt(*result, expression());
  expect_symbol(",", "between the bounds of the interval");
  adopt(*result, expression());
  if (!at_symbol("]") && !at_symbol(")"))
    fail("expected ']' or ')' at the end of the interval and found " + found(), "']' includes the bound, ')' leaves it out");
  result->high_closed = take().text == "]";
  return result;
}

ExpressionPtr Parser::braces(const Token& at) {
  const bool tuple = at_symbol(":", 1) || (peek(1).kind != TokenKind::end && at_reference(1) && at_symbol(":", 2));
  if (!tuple) return list_selector();
  take();
  return tuple_elements(node(Kind::tuple, at.at));
}

ExpressionPtr Parser::tuple_elements(ExpressionPtr selector) {
  if (accept_symbol(":")) {
    expect_symbol("}", "after the empty tuple");
    return selector;
  }
  if (accept_symbol("}")) return selector;
  do {
    selector->names.push_back(reference("the name of an element"));
    expect_symbol(":", "after the name of the element");
    adopt(*selector, expression());
  } while (accept_symbol(","));
  expect_symbol("}", "after the elements");
  return selector;
}

ExpressionPtr Parser::instance_selector(const SourcePosition& at, TypeSpecifier type) {
  expect_symbol("{", "before the elements");
  ExpressionPtr result = node(Kind::instance, at);
  result->type = std::move(type);
  return tuple_elements(std::move(result));
}

ExpressionPtr Parser::list_selector() {
  ExpressionPtr result = node(Kind::list, peek().at);
  if (accept_word("List") && accept_symbol("<")) {
    result->type = type_specifier();
    expect_symbol(">", "after the type of the list's elements");
  }
  expect_symbol("{", "before the elements of the list");
  if (!at_symbol("}")) {
    do adopt(*result, expression());
    while (accept_symbol(","));
  }
  if (!at_symbol("}")) fail("expected ',' or '}' in the list and found " + found(), "separate the elements by commas and end the list with }");
  take();
  return result;
}

ExpressionPtr Parser::code_selector() {
  ExpressionPtr result = node(Kind::code, take().at);
  result->text = unescape(take().text);
  expect_word("from", "after the code, as in: Code '8480-6' from \"LOINC\"");
  result->names.push_back(identifier("the name of a declared code system"));
  if (accept_symbol(".")) result->names.push_back(identifier("the name of a declared code system"));
  if (accept_word("display")) result->display = string_text("the display text");
  return result;
}

ExpressionPtr Parser::concept_selector() {
  ExpressionPtr result = node(Kind::concept_, take().at);
  take();
  do {
    if (!at_word("Code")) fail("expected a code (Code '...' from ...) and found " + found());
    adopt(*result, code_selector());
  } while (accept_symbol(","));
  expect_symbol("}", "after the codes of the concept");
  if (accept_word("display")) result->display = string_text("the display text");
  return result;
}

TypeSpecifier Parser::named_type() {
  TypeSpecifier type;
  type.at = peek().at;
  for (;;) {
    const Token& token = peek();
    const bool type_word = token.kind == TokenKind::word && (token.text == "Code" || token.text == "Concept");
    if (!type_word && !at_reference()) fail("expected the name of a type and found " + found());
    type.name.push_back(name_text(take()));
    if (!at_symbol(".")) return type;
    take();
  }
}

TypeSpecifier Parser::type_specifier() {
  const Deeper deeper(*this);
  TypeSpecifier type;
  type.at = peek().at;
  const bool generic = at_symbol("<", 1);
  if (at_word("Tuple")) {
    type.kind = TypeSpecifier::Kind::tuple;
    take();
    expect_symbol("{", "after Tuple");
    if (accept_symbol("}")) return type;
    do {
      type.element_names.push_back(reference("the name of an element"));
      accept_symbol(":");
      type.arguments.push_back(type_specifier());
    } while (accept_symbol(","));
    expect_symbol("}", "after the elements of the tuple type");
    return type;
  }
  if ((at_word("List") || at_word("list")) && generic) type.kind = TypeSpecifier::Kind::list;
  if ((at_word("Interval") || at_word("interval")) && generic) type.kind = TypeSpecifier::Kind::interval;
  if (at_word("Choice") && generic) type.kind = TypeSpecifier::Kind::choice;
  if (type.kind == TypeSpecifier::Kind::named) {
    if (at_word("List") || at_word("Interval")) {
      fail(fmt::format("{} needs the type of what it holds", peek().text), fmt::format("write for example {}<Integer>", peek().text));
    }
    return named_type();
  }
  take();
  take();
  do type.arguments.push_back(type_specifier());
  while (type.kind == TypeSpecifier::Kind::choice && accept_symbol(","));
  expect_symbol(">", "at the end of the type");
  return type;
}

}  // namespace catchment::cql::syntax
