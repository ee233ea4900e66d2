#include <fmt/core.h>

#include "cql/syntax/parser.h"

namespace catchment::cql::syntax {

bool Parser::at_timing(std::size_t ahead) const {
  const Token& token = peek(ahead);
  if (token.kind == TokenKind::number) return true;  // "... 3 days before ..."
  if (token.kind != TokenKind::word) return false;
  static constexpr std::string_view words[] = {"starts", "ends",   "occurs", "same",   "properly", "includes",
                                               "during", "before", "after",  "within", "meets",    "overlaps"};
  for (std::string_view word : words) {
    if (token.text == word) return true;
  }
  return (token.text == "included" && at_word("in", ahead + 1)) || (token.text == "on" && at_word("or", ahead + 1)) ||
      ((token.text == "less" || token.text == "more") && at_word("than", ahead + 1));
}

ExpressionPtr Parser::timing(ExpressionPtr left) {
  ExpressionPtr result = node(Kind::timing, left->at);
  result->timing = std::make_unique<Timing>();
  timing_phrase(*result->timing);
  adopt(*result, std::move(left));
  adopt(*result, expression(level_timing + 1));
  return result;
}

void Parser::timing_precision(Timing& phrase) {
  if (peek().kind != TokenKind::word || !at_word("of", 1)) return;
  const Precision precision = precision_of(peek().text);
  if (precision == Precision::none) return;
  if (is_plural_precision(peek().text)) {
    fail(fmt::format("a precision is singular and found '{}'", peek().text), fmt::format("write '{} of'", to_word(precision)));
  }
  phrase.precision = precision;
  take();
  take();
}

void Parser::right_edge(Timing& phrase) {
  if (!(at_word("start") || at_word("end")) || at_word("of", 1)) return;
  // `start` may itself be a name: it is an edge only when an operand follows it.
  const Token& after = peek(1);
  const bool operand = at_reference(1) || after.kind == TokenKind::date || after.kind == TokenKind::date_time ||
      (after.kind == TokenKind::symbol && (after.text == "(" || after.text == "[" || after.text == "$")) ||
      (after.kind == TokenKind::word && after.text == "Interval");
  if (!operand) return;
  phrase.right = take().text == "start" ? Timing::Edge::start : Timing::Edge::end;
}

void Parser::quantity_offset(Timing& phrase) {
  Timing::Offset exclusive = Timing::Offset::none;
  if ((at_word("less") || at_word("more")) && at_word("than", 1)) {
    exclusive = take().text == "less" ? Timing::Offset::less_than : Timing::Offset::more_than;
    take();
  }
  if (peek().kind != TokenKind::number) {
    if (exclusive != Timing::Offset::none) fail("expected an amount of time and found " + found(), "write for example: less than 3 days before");
    return;
  }
  ExpressionPtr amount = quantity();
  phrase.amount = amount->text;
  phrase.unit = amount->unit;
  phrase.calendar = amount->calendar;
  if (amount->unit.empty()) fail("an amount of time needs a unit and found " + found(), "write for example: 3 days before");
  phrase.offset = exclusive == Timing::Offset::none ? Timing::Offset::exactly : exclusive;
  if (at_word("or") && (at_word("more", 1) || at_word("less", 1))) {
    take();
    phrase.offset = take().text == "more" ? Timing::Offset::or_more : Timing::Offset::or_less;
  }
}

void Parser::temporal_relation(Timing& phrase) {
  if (at_word("on") && at_word("or", 1)) {
    take();
    take();
    phrase.inclusive = true;
  }
  if (!at_word("before") && !at_word("after")) {
    fail("expected before or after and found " + found(), "write for example: starts 3 days or less before start of X");
  }
  phrase.relation = take().text == "before" ? Relation::before : Relation::after;
  if (!phrase.inclusive && at_word("or") && at_word("on", 1)) {
    take();
    take();
    phrase.inclusive = true;
  }
  timing_precision(phrase);
  right_edge(phrase);
}

void Parser::timing_phrase(Timing& phrase) {
  if (at_word("starts") || at_word("ends") || at_word("occurs")) {
    const std::string_view word = take().text;
    phrase.left = word == "starts" ? Timing::Edge::start : word == "ends" ? Timing::Edge::end : Timing::Edge::whole;
    if (!at_timing() || at_word("starts") || at_word("ends") || at_word("meets") || at_word("overlaps")) {
      // `A starts B`, `A ends day of B`
      if (phrase.left == Timing::Edge::whole) fail("expected a relation after occurs and found " + found(), "write for example: occurs before X");
      phrase.relation = phrase.left == Timing::Edge::start ? Relation::starts : Relation::ends;
      phrase.left = Timing::Edge::none;
      return timing_precision(phrase);
    }
  }
  if (accept_word("same")) {
    if (peek().kind == TokenKind::word && precision_of(peek().text) != Precision::none) phrase.precision = precision_of(take().text);
    phrase.relation = Relation::same_as;
    if (accept_word("or")) {
      if (!at_word("before") && !at_word("after")) fail("expected before or after and found " + found());
      phrase.relation = take().text == "before" ? Relation::same_or_before : Relation::same_or_after;
    } else {
      expect_word("as", "after same");
    }
    return right_edge(phrase);
  }
  phrase.properly = accept_word("properly");
  if (accept_word("includes")) {
    phrase.relation = Relation::includes;
    timing_precision(phrase);
    return right_edge(phrase);
  }
  if (accept_word("during") || (at_word("included") && (take(), take(), true))) {
    phrase.relation = Relation::during;
    return timing_precision(phrase);
  }
  if (accept_word("within")) {
    phrase.relation = Relation::within;
    ExpressionPtr amount = quantity();
    phrase.amount = amount->text;
    phrase.unit = amount->unit;
    phrase.calendar = amount->calendar;
    expect_word("of", "after the amount of time");
    return right_edge(phrase);
  }
  if (phrase.properly) fail("expected includes, during, included in or within after properly and found " + found());
  const bool meets = at_word("meets");
  if (meets || at_word("overlaps")) {
    take();
    phrase.relation = meets ? Relation::meets : Relation::overlaps;
    if (at_word("before") || at_word("after")) {
      const bool before = take().text == "before";
      phrase.relation = meets ? (before ? Relation::meets_before : Relation::meets_after) : (before ? Relation::overlaps_before : Relation::overlaps_after);
    }
    return timing_precision(phrase);
  }
  quantity_offset(phrase);
  temporal_relation(phrase);
}

}  // namespace catchment::cql::syntax
