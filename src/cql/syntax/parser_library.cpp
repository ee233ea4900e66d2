#include <fmt/core.h>

#include <algorithm>

#include "cql/syntax/parser.h"

namespace catchment::cql::syntax {

namespace {
constexpr std::size_t max_diagnostics = 200;

bool starts_declaration(std::string_view word) {
  static constexpr std::string_view words[] = {"define",     "context", "parameter", "include", "using", "valueset",
                                               "codesystem", "code",    "concept",   "private", "public"};
  return std::find(std::begin(words), std::end(words), word) != std::end(words);
}

std::string trim(std::string_view text) {
  const auto from = text.find_first_not_of(" \t\r\n*");
  if (from == std::string_view::npos) return {};
  const auto to = text.find_last_not_of(" \t\r\n*");
  return std::string(text.substr(from, to - from + 1));
}

/// "@tag: value" lines; a value runs to the next tag or the end of the comment.
void read_annotations(std::string_view text, std::vector<Annotation>& out) {
  if (text.starts_with("/*")) text = text.substr(2, text.size() >= 4 ? text.size() - 4 : 0);
  if (text.starts_with("//")) text.remove_prefix(2);
  std::size_t at = 0;
  while ((at = text.find('@', at)) != std::string_view::npos) {
    const bool line_start = text.substr(0, at).find_last_not_of(" \t*") == std::string_view::npos || text[text.substr(0, at).find_last_not_of(" \t*")] == '\n';
    std::size_t stop = at + 1;
    while (stop < text.size() && (std::isalnum(static_cast<unsigned char>(text[stop])) != 0 || text[stop] == '_')) ++stop;
    if (!line_start || stop == at + 1) {
      at = stop;
      continue;
    }
    std::size_t end = text.find("\n@", stop);
    const std::size_t other = text.find("\n *@", stop);
    const std::size_t third = text.find("\n * @", stop);
    end = std::min({end, other, third, text.size()});
    std::size_t value = stop;
    if (value < text.size() && text[value] == ':') ++value;
    out.push_back({std::string(text.substr(at + 1, stop - at - 1)), trim(text.substr(value, end - value))});
    at = end;
  }
}
}  // namespace

Library Parser::library() {
  Library result;
  result.at = peek().at;
  while (at_symbol("#")) {
    take();
    std::string directive(take().text);
    if (accept_symbol(":") && peek().kind == TokenKind::string) directive += ": " + std::string(take().text);
    result.directives.push_back(std::move(directive));
  }
  if (at_word("library")) {
    try {
      take();
      result.at = peek().at;
      result.name = qualified_name("the name of the library");
      if (accept_word("version")) result.version = string_text("the version");
    } catch (const Failed&) { synchronize(); }
  }
  while (peek().kind != TokenKind::end && diagnostics_.size() < max_diagnostics) statement_or_definition(result);
  return result;
}

void Parser::statement_or_definition(Library& library) {
  const std::size_t began = next_;
  Declared declared;
  declared.at = peek().at;
  take_comment(declared);
  try {
    declared.access = access_modifier();
    const Token& word = peek();
    if (word.kind != TokenKind::word || !starts_declaration(word.text)) {
      std::string near = word.kind == TokenKind::word
          ? nearest(std::string(word.text), {"define", "context", "parameter", "include", "using", "valueset", "codesystem", "code", "concept"})
          : "";
      if (accept_symbol(";")) fail_at(word, "';' is not needed here", "remove the semicolon");
      fail("expected a declaration (define, context, parameter, include, using, valueset, codesystem, code or concept) and found " + found(),
           !near.empty() ? "write '" + near + "'" : "begin the statement with define, as in: define \"Name\": ...");
    }
    take();
    if (word.text == "using") return using_definition(library, declared);
    if (word.text == "include") return include_definition(library, declared);
    if (word.text == "codesystem") return codesystem_definition(library, std::move(declared));
    if (word.text == "valueset") return valueset_definition(library, std::move(declared));
    if (word.text == "code") return code_definition(library, std::move(declared));
    if (word.text == "concept") return concept_definition(library, std::move(declared));
    if (word.text == "parameter") return parameter_definition(library, std::move(declared));
    if (word.text == "context") return context_statement(library, std::move(declared));
    define_statement(library, std::move(declared));
  } catch (const Failed&) {
    if (next_ == began) take();
    synchronize();
  }
}

bool Parser::at_statement_start() const {
  if (peek().kind != TokenKind::word || !starts_declaration(peek().text)) return false;
  // These words may also be names inside an expression: they count only with what a declaration has next, and all
  // but `define` only when first on their line.
  const std::string_view word = peek().text;
  const bool name_follows = peek(1).kind == TokenKind::word || peek(1).kind == TokenKind::quoted || peek(1).kind == TokenKind::delimited;
  if (!name_follows) return false;
  if (word == "define")
    return at_identifier(1) || peek(1).text == "function" || peek(1).text == "fluent" || peek(1).text == "private" || peek(1).text == "public" ||
        at_symbol(":", 2);
  if (next_ > 0 && tokens_[next_ - 1].at.line == peek().at.line) return false;
  if (word == "code" || word == "concept" || word == "valueset" || word == "codesystem") return at_symbol(":", 2);
  return true;
}

void Parser::synchronize() {
  while (peek().kind != TokenKind::end && !at_statement_start()) take();
}

AccessModifier Parser::access_modifier() {
  if (accept_word("public")) return AccessModifier::public_;
  if (accept_word("private")) return AccessModifier::private_;
  return AccessModifier::none;
}

void Parser::take_comment(Declared& declared) const {
  auto range = std::equal_range(comments_.begin(), comments_.end(), Comment{next_, {}}, [](const Comment& a, const Comment& b) { return a.before < b.before; });
  for (auto it = range.first; it != range.second; ++it) {
    if (!declared.comment.empty()) declared.comment += '\n';
    declared.comment += it->text;
    read_annotations(it->text, declared.annotations);
  }
}

void Parser::using_definition(Library& library, const Declared& declared) {
  Using item;
  static_cast<Declared&>(item) = declared;
  item.at = peek().at;
  item.name = qualified_name("the name of a data model, as in: using FHIR version '4.0.1'");
  if (accept_word("version")) item.version = string_text("the version of the model");
  if (accept_word("called")) item.alias = identifier("a local name for the model");
  library.usings.push_back(std::move(item));
}

void Parser::include_definition(Library& library, const Declared& declared) {
  Include item;
  static_cast<Declared&>(item) = declared;
  item.at = peek().at;
  item.name = qualified_name("the name of a library");
  if (accept_word("version")) item.version = string_text("the version of the library");
  if (accept_word("called")) item.alias = identifier("a local name for the library");
  library.includes.push_back(std::move(item));
}

void Parser::codesystem_definition(Library& library, Declared declared) {
  CodeSystem item;
  declared.at = peek().at;
  declared.name = identifier("a name for the code system");
  static_cast<Declared&>(item) = std::move(declared);
  expect_symbol(":", "after the name of the code system");
  item.id = string_text("the code system's URL in single quotes");
  if (accept_word("version")) item.version = string_text("the version");
  library.code_systems.push_back(std::move(item));
}

void Parser::valueset_definition(Library& library, Declared declared) {
  ValueSet item;
  declared.at = peek().at;
  declared.name = identifier("a name for the value set");
  static_cast<Declared&>(item) = std::move(declared);
  expect_symbol(":", "after the name of the value set");
  item.id = string_text("the value set's URL in single quotes");
  if (accept_word("version")) item.version = string_text("the version");
  if (accept_word("codesystems")) {
    expect_symbol("{", "after codesystems");
    do item.code_systems.push_back(qualified_name("the name of a code system"));
    while (accept_symbol(","));
    expect_symbol("}", "after the code systems");
  }
  library.value_sets.push_back(std::move(item));
}

void Parser::code_definition(Library& library, Declared declared) {
  Code item;
  declared.at = peek().at;
  declared.name = identifier("a name for the code");
  static_cast<Declared&>(item) = std::move(declared);
  expect_symbol(":", "after the name of the code");
  item.id = string_text("the code in single quotes");
  expect_word("from", "between a code and its code system, as in: code \"X\": '123' from \"SNOMED\"");
  item.system = identifier("the name of a declared code system");
  if (accept_symbol(".")) {
    item.system_qualifier = item.system;
    item.system = identifier("the name of a declared code system");
  }
  if (accept_word("display")) item.display = string_text("the display text");
  library.codes.push_back(std::move(item));
}

void Parser::concept_definition(Library& library, Declared declared) {
  Concept item;
  declared.at = peek().at;
  declared.name = identifier("a name for the concept");
  static_cast<Declared&>(item) = std::move(declared);
  expect_symbol(":", "after the name of the concept");
  expect_symbol("{", "before the codes of the concept");
  do item.codes.push_back(qualified_name("the name of a declared code"));
  while (accept_symbol(","));
  expect_symbol("}", "after the codes of the concept");
  if (accept_word("display")) item.display = string_text("the display text");
  library.concepts.push_back(std::move(item));
}

void Parser::parameter_definition(Library& library, Declared declared) {
  Parameter item;
  declared.at = peek().at;
  declared.name = identifier("a name for the parameter");
  static_cast<Declared&>(item) = std::move(declared);
  if (accept_symbol(":")) {
    fail_at(tokens_[next_ - 1], "a parameter's type follows its name without a colon", "write: parameter \"Measurement Period\" Interval<DateTime>");
  }
  if (!at_word("default") && !at_statement_start() && peek().kind != TokenKind::end) item.type = type_specifier();
  if (accept_word("default")) item.default_value = expression();
  library.parameters.push_back(std::move(item));
}

void Parser::context_statement(Library& library, Declared declared) {
  Statement item;
  declared.at = peek().at;
  declared.name = identifier("a context, as in: context Patient");
  static_cast<Declared&>(item) = std::move(declared);
  item.kind = Statement::Kind::context;
  if (accept_symbol(".")) {
    item.model = item.name;
    item.name = identifier("a context of the model");
  }
  library.statements.push_back(std::move(item));
}

void Parser::function_signature(Statement& statement) {
  statement.kind = Statement::Kind::function;
  statement.at = peek().at;
  const Token& token = peek();
  if (token.kind != TokenKind::word && !at_identifier()) fail("expected a name for the function and found " + found());
  statement.name = name_text(take());
  expect_symbol("(", "after the name of the function");
  if (!at_symbol(")")) {
    do {
      Operand operand;
      operand.name = reference("the name of an argument");
      if (accept_symbol(":")) {
        fail_at(tokens_[next_ - 1], "an argument's type follows its name without a colon", "write: (" + print_name(operand.name) + " Integer)");
      }
      operand.type = type_specifier();
      statement.operands.push_back(std::move(operand));
    } while (accept_symbol(","));
  }
  expect_symbol(")", "after the arguments of the function");
  if (accept_word("returns")) statement.returns = type_specifier();
}

void Parser::define_statement(Library& library, Declared declared) {
  Statement item;
  declared.access = access_modifier();
  declared.at = peek().at;
  static_cast<Declared&>(item) = std::move(declared);
  item.fluent = at_word("fluent") && (at_word("function", 1)) && (take(), true);
  const bool function = at_word("function") && !at_symbol(":", 1);
  bool named = false;
  try {
    if (function) {
      take();
      function_signature(item);
    } else {
      item.name = identifier("a name for the definition");
    }
    named = true;
    if (at_symbol("=")) fail("a definition's name is followed by ':' and found '='", "write: define " + print_name(item.name) + ": ...");
    expect_symbol(":", function ? "before the body of the function" : "after the name of the definition");
    if (function && accept_word("external")) {
      item.external = true;
    } else {
      item.body = expression();
      if (peek().kind != TokenKind::end && !at_statement_start()) {
        const std::string fix = peek().kind == TokenKind::quoted ? "join the two with an operator, or start the next statement with define"
                                                                 : "check for a missing operator or bracket before it";
        fail("expected the next declaration and found " + found(), fix);
      }
    }
    library.statements.push_back(std::move(item));
  } catch (const Failed&) {
    item.body.reset();
    item.broken = true;
    if (named) library.statements.push_back(std::move(item));
    throw;
  }
}

ExpressionPtr Parser::whole_expression() {
  try {
    ExpressionPtr result = expression();
    if (peek().kind != TokenKind::end) fail("expected the end of the expression and found " + found(), "check for a missing operator or bracket before it");
    return result;
  } catch (const Failed&) { return nullptr; }
}

std::optional<TypeSpecifier> Parser::whole_type() {
  try {
    TypeSpecifier type = type_specifier();
    if (peek().kind != TokenKind::end) fail("expected the end of the type and found " + found());
    return type;
  } catch (const Failed&) { return std::nullopt; }
}

Library parse_library(std::string_view source, const std::string& file, Diagnostics& diagnostics) {
  const Tokens tokens = tokenize(source, file, diagnostics);
  return Parser(tokens, file, diagnostics).library();
}

ExpressionPtr parse_expression(std::string_view source, const std::string& file, Diagnostics& diagnostics) {
  Diagnostics found;
  const Tokens tokens = tokenize(source, file, found);
  ExpressionPtr result = Parser(tokens, file, found).whole_expression();
  const bool refused = has_errors(found);
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  return refused ? nullptr : std::move(result);
}

std::optional<TypeSpecifier> parse_type(std::string_view source) {
  Diagnostics ignored;
  const std::string file;
  const Tokens tokens = tokenize(source, file, ignored);
  auto result = Parser(tokens, file, ignored).whole_type();
  return ignored.empty() ? result : std::nullopt;
}

}  // namespace catchment::cql::syntax
