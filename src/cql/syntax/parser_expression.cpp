#include <fmt/core.h>

#include "cql/syntax/parser.h"

namespace catchment::cql::syntax {

Parser::Deeper::Deeper(Parser& parser) : parser_(parser) {
  if (++parser_.depth_ > max_height) {
    --parser_.depth_;
    parser_.fail(fmt::format("the expression nests deeper than {} levels", max_height), "split it into several definitions");
  }
}

ExpressionPtr Parser::node(Kind kind, const SourcePosition& at) const {
  auto result = std::make_unique<Expression>();
  result->kind = kind;
  result->at = at;
  return result;
}

void Parser::check_height(const Expression& expression) {
  if (expression.height > max_height) { fail(fmt::format("the expression nests deeper than {} levels", max_height), "split it into several definitions"); }
}

void Parser::adopt(Expression& parent, ExpressionPtr child) {
  if (child && child->height + 1 > parent.height) parent.height = child->height + 1;
  parent.operands.push_back(std::move(child));
  check_height(parent);
}

ExpressionPtr Parser::operation(Kind kind, const SourcePosition& at, std::string text, ExpressionPtr a, ExpressionPtr b) {
  ExpressionPtr result = node(kind, at);
  result->text = std::move(text);
  adopt(*result, std::move(a));
  if (b) adopt(*result, std::move(b));
  return result;
}

std::string Parser::found() const {
  const Token& token = peek();
  if (token.kind == TokenKind::end) return "the end of the text";
  std::string text(token.text.substr(0, 40));
  if (token.text.size() > 40) text += "...";
  return token.kind == TokenKind::string || token.kind == TokenKind::quoted ? text : "'" + text + "'";
}

void Parser::fail_at(const Token& token, const std::string& message, const std::string& fix) {
  diagnostics_.push_back({file_, token.at.line, token.at.column, Severity::error, message, fix});
  throw Failed{};
}

void Parser::fail(const std::string& message, const std::string& fix) { fail_at(peek(), message, fix); }

void Parser::expect_word(std::string_view word, std::string_view where) {
  if (!accept_word(word)) fail(fmt::format("expected '{}' {} and found {}", word, where, found()), fmt::format("insert '{}'", word));
}

void Parser::expect_symbol(std::string_view symbol, std::string_view where) {
  if (!accept_symbol(symbol)) fail(fmt::format("expected '{}' {} and found {}", symbol, where, found()), fmt::format("insert '{}'", symbol));
}

bool Parser::at_identifier(std::size_t ahead) const {
  const Token& token = peek(ahead);
  if (token.kind == TokenKind::quoted || token.kind == TokenKind::delimited) return true;
  return token.kind == TokenKind::word && !is_keyword(token.text);
}

bool Parser::at_reference(std::size_t ahead) const {
  const Token& token = peek(ahead);
  return at_identifier(ahead) || (token.kind == TokenKind::word && !is_reserved(token.text));
}

std::string Parser::name_text(const Token& token) const {
  return token.kind == TokenKind::quoted || token.kind == TokenKind::delimited ? unescape(token.text) : std::string(token.text);
}

std::string Parser::identifier(std::string_view what) {
  if (at_identifier()) return name_text(take());
  std::string fix;
  if (peek().kind == TokenKind::word) fix = fmt::format("'{0}' is a word of the language: quote it, \"{0}\"", peek().text);
  if (peek().kind == TokenKind::string) fix = fmt::format("names take double quotes: \"{}\"", unescape(peek().text));
  fail(fmt::format("expected {} and found {}", what, found()), fix);
}

std::string Parser::reference(std::string_view what) {
  if (at_reference()) return name_text(take());
  return identifier(what);
}

std::string Parser::string_text(std::string_view what) {
  if (peek().kind == TokenKind::string) return unescape(take().text);
  std::string fix = "text takes single quotes, as in '1.0'";
  if (peek().kind == TokenKind::quoted) fix = fmt::format("text takes single quotes: '{}'", unescape(peek().text));
  fail(fmt::format("expected {} and found {}", what, found()), fix);
}

std::string Parser::qualified_name(std::string_view what) {
  std::string name = identifier(what);
  while (accept_symbol(".")) name += "." + identifier(what);
  return name;
}

ExpressionPtr Parser::expression(int minimum) {
  const Deeper deeper(*this);
  ExpressionPtr left = prefix();
  for (bool matched = true; matched;) {
    matched = false;
    left = infix(std::move(left), minimum, matched);
  }
  return left;
}

ExpressionPtr Parser::infix(ExpressionPtr left, int minimum, bool& matched) {
  if (ExpressionPtr result = infix_symbol_or_word(left, minimum)) {
    matched = true;
    return result;
  }
  if (minimum <= level_type && (at_word("is") || at_word("as"))) {
    matched = true;
    return type_suffix(std::move(left));
  }
  if (minimum <= level_between && (at_word("between") || (at_word("properly") && at_word("between", 1)))) {
    matched = true;
    ExpressionPtr result = node(Kind::between, left->at);
    result->properly = accept_word("properly");
    take();
    adopt(*result, std::move(left));
    adopt(*result, expression(level_term));
    expect_word("and", "between the two bounds");
    adopt(*result, expression(level_term));
    return result;
  }
  if (minimum <= level_timing && at_timing()) {
    matched = true;
    return timing(std::move(left));
  }
  return left;
}

namespace {
struct Infix {
  std::string_view text;
  int level;
  bool word;
};
constexpr Infix infixes[] = {
    {"implies", level_implies, true},
    {"or", level_or, true},
    {"xor", level_or, true},
    {"and", level_and, true},
    {"in", level_membership, true},
    {"contains", level_membership, true},
    {"=", level_equality, false},
    {"!=", level_equality, false},
    {"~", level_equality, false},
    {"!~", level_equality, false},
    {"<", level_inequality, false},
    {"<=", level_inequality, false},
    {">", level_inequality, false},
    {">=", level_inequality, false},
    {"union", level_set, true},
    {"intersect", level_set, true},
    {"except", level_set, true},
    {"|", level_set, false},
    {"+", level_additive, false},
    {"-", level_additive, false},
    {"&", level_additive, false},
    {"*", level_multiplicative, false},
    {"/", level_multiplicative, false},
    {"div", level_multiplicative, true},
    {"mod", level_multiplicative, true},
    {"^", level_power, false},
};
}  // namespace

ExpressionPtr Parser::infix_symbol_or_word(ExpressionPtr& left, int minimum) {
  const Token& token = peek();
  if (token.kind != TokenKind::symbol && token.kind != TokenKind::word) return nullptr;
  for (const Infix& infix : infixes) {
    if (infix.text != token.text || infix.word != (token.kind == TokenKind::word)) continue;
    if (infix.level < minimum) return nullptr;
    take();
    if (infix.text == "=" && at_symbol("=")) fail("'==' is not part of the language", "write = for equal, ~ for equivalent");
    Precision precision = Precision::none;
    if (infix.level == level_membership && peek().kind == TokenKind::word && at_word("of", 1)) {
      precision = precision_of(peek().text);
      if (precision != Precision::none && !is_plural_precision(peek().text)) {
        take();
        take();
      } else {
        precision = Precision::none;
      }
    }
    const SourcePosition at = left->at;
    ExpressionPtr right = expression(infix.level + 1);
    std::string text(infix.text == "|" ? "union" : infix.text);
    ExpressionPtr result = operation(Kind::binary, at, std::move(text), std::move(left), std::move(right));
    result->precision = precision;
    return result;
  }
  return nullptr;
}

ExpressionPtr Parser::type_suffix(ExpressionPtr left) {
  const bool is = take().text == "is";
  if (is) {
    const bool negated = at_word("not") && (at_word("null", 1) || at_word("true", 1) || at_word("false", 1));
    const Token& word = peek(negated ? 1 : 0);
    if (word.kind == TokenKind::word && (word.text == "null" || word.text == "true" || word.text == "false")) {
      std::string text = "is " + std::string(negated ? "not " : "") + std::string(word.text);
      take();
      if (negated) take();
      const SourcePosition at = left->at;
      return operation(Kind::unary, at, std::move(text), std::move(left));
    }
  }
  ExpressionPtr result = node(is ? Kind::type_test : Kind::type_as, left->at);
  adopt(*result, std::move(left));
  result->type = type_specifier();
  return result;
}

ExpressionPtr Parser::unary(std::string name, int skip, int operand_level) {
  const SourcePosition at = peek().at;
  for (int i = 0; i < skip; ++i) take();
  return operation(Kind::unary, at, std::move(name), expression(operand_level));
}

ExpressionPtr Parser::prefix() {
  const Token& token = peek();
  if (token.kind == TokenKind::symbol && (token.text == "-" || token.text == "+")) { return unary(std::string(token.text), 1, level_polarity); }
  if (token.kind == TokenKind::word) {
    if (ExpressionPtr result = word_prefix(token)) return result;
  }
  return postfix();
}

ExpressionPtr Parser::word_prefix(const Token& token) {
  const std::string_view word = token.text;
  if (word == "not") return unary("not", 1, level_prefix);
  if (word == "exists") return unary("exists", 1, level_prefix);
  if (word == "distinct" || word == "flatten") return unary(std::string(word), 1, level_implies);
  if (word == "cast") return cast_expression();
  if (word == "convert") return convert_expression();
  if (word == "if") return if_expression();
  if (word == "case") return case_expression();
  if (word == "expand" || word == "collapse") return expand_or_collapse();
  if (at_word("of", 1) && (word == "start" || word == "end" || word == "width" || word == "successor" || word == "predecessor")) {
    return unary(std::string(word) + " of", 2, level_polarity);
  }
  if (at_word("from", 1)) {
    if (word == "singleton" || word == "point") return unary(std::string(word) + " from", 2, level_polarity);
    const bool component =
        (precision_of(word) != Precision::none && !is_plural_precision(word)) || word == "date" || word == "time" || word == "timezoneoffset";
    const bool old_name = word == "timezone";
    if (old_name) {
      diagnostics_.push_back(
          {file_, token.at.line, token.at.column, Severity::warning, "'timezone from' is the name CQL 1.3 gave it", "write 'timezoneoffset from'"});
    }
    if (component || old_name) {
      const SourcePosition at = token.at;
      std::string text(old_name ? "timezoneoffset" : word);
      take();
      take();
      return operation(Kind::component, at, std::move(text), expression(level_polarity));
    }
  }
  if (word == "minimum" || word == "maximum") {
    ExpressionPtr result = node(Kind::extent, token.at);
    result->text = std::string(word);
    take();
    result->type = named_type();
    return result;
  }
  if (((word == "duration" || word == "difference") && at_word("in", 1)) || (is_plural_precision(word) && at_word("between", 1))) {
    return duration_or_difference();
  }
  return nullptr;
}

ExpressionPtr Parser::duration_or_difference() {
  const SourcePosition at = peek().at;
  std::string text = "duration";
  if (!is_plural_precision(peek().text)) {
    text = std::string(take().text);
    take();  // in
  }
  const Token& unit = peek();
  if (unit.kind != TokenKind::word || !is_plural_precision(unit.text)) {
    fail("expected a plural unit (years, months, weeks, days, hours, minutes, seconds, milliseconds) and found " + found(),
         precision_of(unit.text) != Precision::none ? "write '" + std::string(unit.text) + "s'" : "");
  }
  const Precision precision = precision_of(take().text);
  if (accept_word("of")) {
    ExpressionPtr result = operation(Kind::duration_of, at, std::move(text), expression(level_polarity));
    result->precision = precision;
    return result;
  }
  expect_word("between", "after the unit");
  ExpressionPtr low = expression(level_term);
  expect_word("and", "between the two points in time");
  ExpressionPtr result = operation(Kind::duration_between, at, std::move(text), std::move(low), expression(level_term));
  result->precision = precision;
  return result;
}

ExpressionPtr Parser::cast_expression() {
  ExpressionPtr result = node(Kind::cast, take().at);
  adopt(*result, expression(level_term));
  expect_word("as", "after the operand of cast");
  result->type = type_specifier();
  return result;
}

ExpressionPtr Parser::convert_expression() {
  ExpressionPtr result = node(Kind::convert, take().at);
  adopt(*result, expression());
  expect_word("to", "after the operand of convert");
  const Token& unit = peek();
  if (unit.kind == TokenKind::string) {
    result->unit = unescape(take().text);
  } else if (unit.kind == TokenKind::word && precision_of(unit.text) != Precision::none) {
    result->unit = std::string(take().text);
    result->calendar = true;
  } else {
    result->type = type_specifier();
  }
  return result;
}

ExpressionPtr Parser::if_expression() {
  ExpressionPtr result = node(Kind::if_then_else, take().at);
  adopt(*result, expression());
  expect_word("then", "after the condition of if");
  adopt(*result, expression());
  if (!at_word("else")) fail("an if needs an else and found " + found(), "add 'else null' when there is no other value");
  take();
  adopt(*result, expression());
  return result;
}

ExpressionPtr Parser::case_expression() {
  ExpressionPtr result = node(Kind::case_when, take().at);
  if (!at_word("when")) {
    result->has_target = true;
    adopt(*result, expression());
  }
  if (!at_word("when")) fail("a case needs at least one when and found " + found(), "write: case when condition then value else value end");
  while (accept_word("when")) {
    adopt(*result, expression());
    expect_word("then", "after the condition of when");
    adopt(*result, expression());
  }
  if (!at_word("else")) fail("a case needs an else and found " + found(), "add 'else null' before end");
  take();
  adopt(*result, expression());
  expect_word("end", "at the end of case");
  return result;
}

ExpressionPtr Parser::expand_or_collapse() {
  ExpressionPtr result = node(Kind::expand_collapse, peek().at);
  result->text = std::string(take().text);
  adopt(*result, expression());
  if (!accept_word("per")) return result;
  const Token& word = peek();
  const Precision precision = word.kind == TokenKind::word ? precision_of(word.text) : Precision::none;
  if (precision != Precision::none && !is_plural_precision(word.text) && !at_word("from", 1)) {
    result->precision = precision;
    take();
  } else {
    adopt(*result, expression());
  }
  return result;
}

}  // namespace catchment::cql::syntax
