#include <fmt/core.h>

#include "cql/syntax/parser.h"

namespace catchment::cql::syntax {

/// A name that can only be an alias: `less than`, `on or`, `included in` and `such that` begin phrases.
bool Parser::at_alias() const {
  if (!at_identifier()) return false;
  const std::string_view word = peek().text;
  if ((word == "less" || word == "more") && at_word("than", 1)) return false;
  if (word == "on" && at_word("or", 1)) return false;
  if (word == "included" && at_word("in", 1)) return false;
  if (word == "such" && at_word("that", 1)) return false;
  return !at_symbol(":", 1);  // a name followed by ':' belongs to a forgotten `define`
}

ExpressionPtr Parser::query(ExpressionPtr first, const SourcePosition& at, bool from) {
  ExpressionPtr result = node(Kind::query, at);
  result->query = std::make_unique<Query>();
  Query& query = *result->query;
  query.from = from;
  AliasedSource source;
  source.source = std::move(first);
  source.at = peek().at;
  source.alias = identifier("an alias for the source");
  query.sources.push_back(std::move(source));
  if (from) {
    while (accept_symbol(",")) query.sources.push_back(aliased_source());
  }
  {
    const Inside inside(queries_);
    query_clauses(query);
  }
  auto deepen = [this, &result](const ExpressionPtr& part) {
    if (part && part->height + 1 > result->height) result->height = part->height + 1;
    check_height(*result);
  };
  for (const AliasedSource& s : query.sources) deepen(s.source);
  for (const LetItem& item : query.lets) deepen(item.value);
  for (const RelationClause& relation : query.relations) {
    deepen(relation.source.source);
    deepen(relation.such_that);
  }
  for (const SortItem& item : query.sort) deepen(item.key);
  deepen(query.where);
  deepen(query.result);
  deepen(query.starting);
  deepen(query.aggregate);
  return result;
}

AliasedSource Parser::aliased_source() {
  AliasedSource result;
  if (at_symbol("[")) {
    result.source = retrieve();
  } else if (accept_symbol("(")) {
    result.source = expression();
    expect_symbol(")", "after the source of the query");
  } else {
    result.source = named_term();
  }
  // Perhaps dotted, perhaps a fluent call; its alias follows.
  while (at_symbol(".")) {
    take();
    const SourcePosition at = peek().at;
    const bool call = at_symbol("(", 1);
    ExpressionPtr next = node(call ? Kind::invocation : Kind::member, at);
    next->text = call ? name_text(take()) : reference("the name of an element");
    next->has_target = call;
    adopt(*next, std::move(result.source));
    if (call) arguments(*next);
    result.source = std::move(next);
  }
  result.at = peek().at;
  if (!at_alias()) fail("expected an alias for the source and found " + found(), "name each source, as in: with [Encounter] E such that ...");
  result.alias = name_text(take());
  return result;
}

void Parser::query_clauses(Query& query) {
  if (accept_word("let")) {
    do {
      LetItem item;
      item.at = peek().at;
      item.name = identifier("a name for the let");
      expect_symbol(":", "after the name of the let");
      item.value = expression();
      query.lets.push_back(std::move(item));
    } while (accept_symbol(","));
  }
  while (at_word("with") || at_word("without")) relation_clause(query);
  if (accept_word("where")) query.where = expression();
  if (at_word("aggregate")) {
    aggregate_clause(query);
  } else if (at_word("return")) {
    return_clause(query);
  }
  if (at_word("sort")) sort_clause(query);
  // Inside another query (in its let, say) the clause is the outer query's.
  const bool clause = at_word("where") || at_word("let") || at_word("with") || at_word("without") || at_word("return");
  if (clause && queries_ == 1) {
    fail(fmt::format("'{}' is out of order in the query", peek().text), "the order is: sources, let, with/without, where, return or aggregate, sort");
  }
}

void Parser::relation_clause(Query& query) {
  RelationClause relation;
  relation.without = take().text == "without";
  relation.source = aliased_source();
  if (!at_word("such") || !at_word("that", 1)) {
    fail(fmt::format("expected 'such that' after the source of {} and found {}", relation.without ? "without" : "with", found()),
         "write: with [Encounter] E such that condition");
  }
  take();
  take();
  relation.such_that = expression();
  query.relations.push_back(std::move(relation));
}

void Parser::return_clause(Query& query) {
  take();
  query.return_kind = accept_word("all") ? Query::Return::all : accept_word("distinct") ? Query::Return::distinct : Query::Return::plain;
  query.result = expression();
}

void Parser::aggregate_clause(Query& query) {
  take();
  query.aggregate_kind = accept_word("all") ? Query::Return::all : accept_word("distinct") ? Query::Return::distinct : Query::Return::plain;
  query.accumulator = identifier("a name for the accumulator");
  if (accept_word("starting")) {
    const Token& token = peek();
    if (accept_symbol("(")) {
      query.starting = expression();
      expect_symbol(")", "after the starting value");
    } else if (token.kind == TokenKind::number) {
      take();
      query.starting = node(Kind::number, token.at);
      query.starting->text = std::string(token.text);
      unit_of(*query.starting);
    } else {
      query.starting = expression(level_polarity);
    }
  }
  expect_symbol(":", "before the expression of the aggregate");
  query.aggregate = expression();
}

void Parser::sort_clause(Query& query) {
  query.sorted = true;
  query.sort_at = take().at;
  auto direction = [this](bool required) {
    if (accept_word("asc") || accept_word("ascending")) return false;
    if (accept_word("desc") || accept_word("descending")) return true;
    if (required) fail("expected asc, desc or by after sort and found " + found(), "write: sort asc, sort desc or sort by element desc");
    return false;
  };
  if (!accept_word("by")) {
    query.sort.push_back({nullptr, direction(true)});
    return;
  }
  do {
    SortItem item;
    item.key = expression(level_term);
    item.descending = direction(false);
    query.sort.push_back(std::move(item));
  } while (accept_symbol(","));
}

ExpressionPtr Parser::retrieve() {
  ExpressionPtr result = node(Kind::retrieve, take().at);
  result->retrieve = std::make_unique<Retrieve>();
  Retrieve& retrieve = *result->retrieve;
  // A related context: [X -> Type ...]
  std::size_t ahead = 0;
  while (at_reference(ahead) && at_symbol(".", ahead + 1)) ahead += 2;
  if (at_reference(ahead) && at_symbol("->", ahead + 1)) {
    ExpressionPtr context = named_term();
    while (accept_symbol(".")) {
      ExpressionPtr member = node(Kind::member, peek().at);
      member->text = reference("the name of an element");
      adopt(*member, std::move(context));
      context = std::move(member);
    }
    retrieve.context = std::move(context);
    take();
  }
  retrieve.type = named_type();
  if (accept_symbol(":")) {
    std::size_t mark = next_;
    std::string path;
    if (at_reference()) {
      path = name_text(take());
      while (at_symbol(".") && at_reference(1)) {
        take();
        path += "." + name_text(take());
      }
      if (at_word("in") || at_symbol("=") || at_symbol("~")) {
        retrieve.code_path = path;
        retrieve.comparator = std::string(take().text);
      } else {
        next_ = mark;
      }
    }
    retrieve.terminology = expression();
    if (retrieve.terminology->height + 1 > result->height) result->height = retrieve.terminology->height + 1;
    check_height(*result);
  }
  if (!at_symbol("]")) fail("expected ']' at the end of the retrieve and found " + found(), "write for example: [Condition: \"Diabetes\"]");
  take();
  return result;
}

}  // namespace catchment::cql::syntax
