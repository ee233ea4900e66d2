// Source text from syntax trees: one statement a line, parentheses only where the grammar needs them.
#include <fmt/core.h>

#include "cql/syntax/lexer.h"
#include "cql/syntax/parser.h"
#include "cql/syntax/syntax.h"

namespace catchment::cql::syntax {

namespace {

bool is_bare(std::string_view name) {
  if (name.empty() || is_keyword(name)) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const char c = name[i];
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
    if (!letter && (i == 0 || c < '0' || c > '9')) return false;
  }
  // Words that begin phrases are quoted so that they never read as one.
  return name != "less" && name != "more" && name != "on" && name != "included" && name != "such" && name != "external" && name != "returns";
}

int level_of_word(std::string_view text) {
  if (text == "implies") return level_implies;
  if (text == "or" || text == "xor") return level_or;
  if (text == "and") return level_and;
  if (text == "in" || text == "contains") return level_membership;
  if (text == "=" || text == "!=" || text == "~" || text == "!~") return level_equality;
  if (text == "<" || text == "<=" || text == ">" || text == ">=") return level_inequality;
  if (text == "union" || text == "intersect" || text == "except") return level_set;
  if (text == "+" || text == "-" || text == "&") return level_additive;
  if (text == "*" || text == "/" || text == "div" || text == "mod") return level_multiplicative;
  return level_power;
}

int level_of(const Expression& e) {
  switch (e.kind) {
    case Kind::binary: return level_of_word(e.text);
    case Kind::timing: return level_timing;
    case Kind::between: return level_between;
    case Kind::type_test:
    case Kind::type_as: return level_type;
    case Kind::unary:
      if (e.text == "not" || e.text == "exists") return level_prefix;
      if (e.text.starts_with("is ")) return level_type;
      if (e.text == "distinct" || e.text == "flatten") return 0;
      return level_polarity;
    case Kind::component:
    case Kind::duration_of: return level_polarity;
    case Kind::quantity:
    case Kind::ratio: return level_polarity;
    case Kind::duration_between: return level_prefix;
    case Kind::query:
    case Kind::if_then_else:
    case Kind::convert:
    case Kind::expand_collapse:
    case Kind::cast:
    case Kind::extent: return 0;  // they swallow what follows
    default: return level_postfix;
  }
}

class Printer {
 public:
  std::string run(const Expression& e, int minimum) {
    if (level_of(e) < minimum) return "(" + body(e) + ")";
    return body(e);
  }

 private:
  std::string list(const Expression& e, std::size_t from) {
    std::string text;
    for (std::size_t i = from; i < e.operands.size(); ++i) text += (i > from ? ", " : "") + run(*e.operands[i], 0);
    return text;
  }

  std::string elements(const Expression& e) {
    if (e.names.empty()) return "{ : }";
    std::string text = "{ ";
    for (std::size_t i = 0; i < e.names.size(); ++i) { text += (i > 0 ? ", " : "") + print_name(e.names[i]) + ": " + run(*e.operands[i], 0); }
    return text + " }";
  }

  static std::string quantity(std::string_view amount, std::string_view unit, bool calendar) {
    std::string text(amount);
    if (!unit.empty()) text += " " + (calendar ? std::string(unit) : escape(unit, '\''));
    return text;
  }

  std::string operand(const Expression& e, std::size_t i, int minimum) { return run(*e.operands[i], minimum); }

  std::string unary(const Expression& e) {
    if (e.text == "not" || e.text == "exists") return e.text + " " + operand(e, 0, level_prefix);
    if (e.text.starts_with("is ")) return operand(e, 0, level_type) + " " + e.text;
    if (e.text == "distinct" || e.text == "flatten") return e.text + " " + operand(e, 0, 0);
    if (e.text == "-" || e.text == "+") return e.text + operand(e, 0, level_postfix);
    return e.text + " " + operand(e, 0, level_polarity);
  }

  std::string binary(const Expression& e) {
    const int level = level_of(e);
    std::string word = e.text;
    if (e.precision != Precision::none) word += " " + std::string(to_word(e.precision)) + " of";
    return operand(e, 0, level) + " " + word + " " + operand(e, 1, level + 1);
  }

  std::string invocation(const Expression& e) {
    if (!e.has_target) return print_name(e.text) + "(" + list(e, 0) + ")";
    return operand(e, 0, level_postfix) + "." + print_name(e.text) + "(" + list(e, 1) + ")";
  }

  std::string case_when(const Expression& e) {
    std::string text = "case";
    std::size_t i = 0;
    if (e.has_target) text += " " + operand(e, i++, 0);
    for (; i + 1 < e.operands.size(); i += 2) text += " when " + operand(e, i, 0) + " then " + operand(e, i + 1, 0);
    return text + " else " + operand(e, i, 0) + " end";
  }

  std::string expand_collapse(const Expression& e) {
    std::string text = e.text + " " + operand(e, 0, 1);
    if (e.precision != Precision::none) return text + " per " + std::string(to_word(e.precision));
    if (e.operands.size() > 1) text += " per " + operand(e, 1, 1);
    return text;
  }

  std::string convert(const Expression& e) {
    std::string text = "convert " + operand(e, 0, 1) + " to ";
    if (e.type) return text + print(*e.type);
    return text + (e.calendar ? e.unit : escape(e.unit, '\''));
  }

  std::string code(const Expression& e) {
    std::string text = "Code " + escape(e.text, '\'') + " from ";
    for (std::size_t i = 0; i < e.names.size(); ++i) text += (i > 0 ? "." : "") + print_name(e.names[i]);
    if (!e.display.empty()) text += " display " + escape(e.display, '\'');
    return text;
  }

  std::string body(const Expression& e) {
    switch (e.kind) {
      case Kind::null_literal: return "null";
      case Kind::boolean:
      case Kind::number:
      case Kind::special: return e.text;
      case Kind::string: return escape(e.text, '\'');
      case Kind::long_number: return e.text + "L";
      case Kind::date:
      case Kind::date_time: return "@" + e.text;
      case Kind::time: return "@T" + e.text;
      case Kind::quantity: return quantity(e.text, e.unit, e.calendar);
      case Kind::ratio: return operand(e, 0, 0) + ":" + operand(e, 1, 0);
      case Kind::identifier: return print_name(e.text);
      case Kind::external: return "%" + print_name(e.text);
      case Kind::member: return operand(e, 0, level_postfix) + "." + print_name(e.text);
      case Kind::invocation: return invocation(e);
      case Kind::indexer: return operand(e, 0, level_postfix) + "[" + operand(e, 1, 0) + "]";
      case Kind::unary: return unary(e);
      case Kind::binary: return binary(e);
      case Kind::component: return e.text + " from " + operand(e, 0, level_polarity);
      case Kind::between:
        return operand(e, 0, level_between) + (e.properly ? " properly between " : " between ") + operand(e, 1, level_term) + " and " +
            operand(e, 2, level_term);
      case Kind::duration_between:
        return (e.text == "difference" ? "difference in " : "duration in ") + std::string(to_word(e.precision, true)) + " between " +
            operand(e, 0, level_term) + " and " + operand(e, 1, level_term);
      case Kind::duration_of: return e.text + " in " + std::string(to_word(e.precision, true)) + " of " + operand(e, 0, level_polarity);
      case Kind::convert: return convert(e);
      case Kind::cast: return "cast " + operand(e, 0, level_term) + " as " + print(*e.type);
      case Kind::type_test: return operand(e, 0, level_type) + " is " + print(*e.type);
      case Kind::type_as: return operand(e, 0, level_type) + " as " + print(*e.type);
      case Kind::extent: return e.text + " " + print(*e.type);
      case Kind::if_then_else: return "if " + operand(e, 0, 0) + " then " + operand(e, 1, 0) + " else " + operand(e, 2, 0);
      case Kind::case_when: return case_when(e);
      case Kind::expand_collapse: return expand_collapse(e);
      case Kind::interval:
        return std::string("Interval") + (e.low_closed ? "[" : "(") + operand(e, 0, 0) + ", " + operand(e, 1, 0) + (e.high_closed ? "]" : ")");
      case Kind::tuple: return "Tuple " + elements(e);
      case Kind::instance: return print(*e.type) + " " + elements(e);
      case Kind::list: return (e.type ? "List<" + print(*e.type) + ">" : std::string()) + (e.operands.empty() ? "{ }" : "{ " + list(e, 0) + " }");
      case Kind::code: return code(e);
      case Kind::concept_: return "Concept { " + list(e, 0) + " }" + (e.display.empty() ? "" : " display " + escape(e.display, '\''));
      case Kind::timing: return operand(e, 0, level_timing) + " " + phrase(*e.timing) + " " + operand(e, 1, level_timing + 1);
      case Kind::retrieve: return retrieve(*e.retrieve);
      case Kind::query: return query(*e.query);
    }
    return {};
  }

  static std::string edge(Timing::Edge edge, bool left) {
    switch (edge) {
      case Timing::Edge::start: return left ? "starts " : " start";
      case Timing::Edge::end: return left ? "ends " : " end";
      case Timing::Edge::whole: return "occurs ";
      case Timing::Edge::none: break;
    }
    return "";
  }

  static std::string offset(const Timing& t) {
    std::string amount = quantity(t.amount, t.unit, t.calendar) + " ";
    switch (t.offset) {
      case Timing::Offset::none: return "";
      case Timing::Offset::exactly: return amount;
      case Timing::Offset::or_more: return amount + "or more ";
      case Timing::Offset::or_less: return amount + "or less ";
      case Timing::Offset::less_than: return "less than " + amount;
      case Timing::Offset::more_than: return "more than " + amount;
    }
    return "";
  }

  static std::string phrase(const Timing& t) {
    const std::string precision(to_word(t.precision));
    const std::string of = t.precision == Precision::none ? "" : " " + precision + " of";
    const std::string properly = t.properly ? "properly " : "";
    const std::string left = edge(t.left, true);
    const std::string right = edge(t.right, false);
    const std::string same = left + "same " + (t.precision == Precision::none ? "" : precision + " ");
    switch (t.relation) {
      case Relation::same_as: return same + "as" + right;
      case Relation::same_or_before: return same + "or before" + right;
      case Relation::same_or_after: return same + "or after" + right;
      case Relation::includes: return left + properly + "includes" + of + right;
      case Relation::during: return left + properly + "during" + of;
      case Relation::before:
      case Relation::after: return left + offset(t) + (t.relation == Relation::before ? "before" : "after") + (t.inclusive ? " or on" : "") + of + right;
      case Relation::within: return left + properly + "within " + quantity(t.amount, t.unit, t.calendar) + " of" + right;
      case Relation::meets: return "meets" + of;
      case Relation::meets_before: return "meets before" + of;
      case Relation::meets_after: return "meets after" + of;
      case Relation::overlaps: return "overlaps" + of;
      case Relation::overlaps_before: return "overlaps before" + of;
      case Relation::overlaps_after: return "overlaps after" + of;
      case Relation::starts: return "starts" + of;
      case Relation::ends: return "ends" + of;
    }
    return {};
  }

  std::string retrieve(const Retrieve& r) {
    std::string text = "[";
    if (r.context) text += run(*r.context, level_postfix) + " -> ";
    text += print(r.type);
    if (r.terminology) {
      text += ": ";
      if (!r.code_path.empty()) {
        std::size_t from = 0;
        for (std::size_t dot = r.code_path.find('.');; dot = r.code_path.find('.', from)) {
          text += print_name(r.code_path.substr(from, dot == std::string::npos ? dot : dot - from));
          if (dot == std::string::npos) break;
          text += ".";
          from = dot + 1;
        }
        text += " " + r.comparator + " ";
      }
      text += run(*r.terminology, 0);
    }
    return text + "]";
  }

  std::string source(const AliasedSource& s) {
    const Kind kind = s.source->kind;
    const bool plain = kind == Kind::retrieve || kind == Kind::identifier || kind == Kind::member || kind == Kind::invocation;
    return (plain ? run(*s.source, level_postfix) : "(" + run(*s.source, 0) + ")") + " " + print_name(s.alias);
  }

  std::string query(const Query& q) {
    std::string text = q.from ? "from " : "";
    for (std::size_t i = 0; i < q.sources.size(); ++i) text += (i > 0 ? ", " : "") + source(q.sources[i]);
    for (std::size_t i = 0; i < q.lets.size(); ++i) { text += (i > 0 ? ", " : " let ") + print_name(q.lets[i].name) + ": " + run(*q.lets[i].value, 0); }
    for (const RelationClause& r : q.relations) { text += (r.without ? " without " : " with ") + source(r.source) + " such that " + run(*r.such_that, 0); }
    if (q.where) text += " where " + run(*q.where, 0);
    if (q.aggregate) {
      text += std::string(" aggregate ") + kind_word(q.aggregate_kind) + print_name(q.accumulator);
      if (q.starting) text += " starting (" + run(*q.starting, 0) + ")";
      text += ": " + run(*q.aggregate, 0);
    }
    if (q.result) text += std::string(" return ") + kind_word(q.return_kind) + run(*q.result, 0);
    if (q.sorted) text += sort(q);
    return text;
  }

  static const char* kind_word(Query::Return kind) { return kind == Query::Return::all ? "all " : kind == Query::Return::distinct ? "distinct " : ""; }

  std::string sort(const Query& q) {
    std::string text = " sort ";
    for (std::size_t i = 0; i < q.sort.size(); ++i) {
      const SortItem& item = q.sort[i];
      if (item.key) text += (i == 0 ? "by " : ", ") + run(*item.key, level_term) + " ";
      text += item.descending ? "desc" : "asc";
    }
    return text;
  }
};

void outline_into(const Expression& e, std::string& out) {
  out += fmt::format("({}:{}:{}:{}{}{}{}:{}", static_cast<int>(e.kind), e.text, e.unit, e.calendar, e.properly, e.low_closed, e.high_closed,
                     static_cast<int>(e.precision));
  for (const std::string& name : e.names) out += "," + name;
  if (e.type) out += " " + print(*e.type);
  for (const ExpressionPtr& operand : e.operands) outline_into(*operand, out);
  if (e.timing) {
    const Timing& t = *e.timing;
    out += fmt::format(" t{}.{}.{}.{}{}.{}.{}.{}.{}", static_cast<int>(t.relation), static_cast<int>(t.left), static_cast<int>(t.right), t.properly,
                       t.inclusive, static_cast<int>(t.offset), t.amount, t.unit, static_cast<int>(t.precision));
  }
  if (e.retrieve) {
    out += " r" + print(e.retrieve->type) + e.retrieve->code_path + e.retrieve->comparator;
    if (e.retrieve->context) outline_into(*e.retrieve->context, out);
    if (e.retrieve->terminology) outline_into(*e.retrieve->terminology, out);
  }
  if (e.query) {
    const Query& q = *e.query;
    auto part = [&out](const char* name, const ExpressionPtr& p) {
      out += name;
      if (p) outline_into(*p, out);
    };
    for (const AliasedSource& s : q.sources) part(s.alias.c_str(), s.source);
    for (const LetItem& item : q.lets) part(item.name.c_str(), item.value);
    for (const RelationClause& r : q.relations) {
      part(r.without ? "without" : "with", r.source.source);
      part(r.source.alias.c_str(), r.such_that);
    }
    part("where", q.where);
    out += fmt::format("{}{}{}", static_cast<int>(q.return_kind), static_cast<int>(q.aggregate_kind), q.accumulator);
    part("result", q.result);
    part("starting", q.starting);
    part("aggregate", q.aggregate);
    for (const SortItem& item : q.sort) part(item.descending ? "desc" : "asc", item.key);
  }
  out += ")";
}

}  // namespace

std::string print_name(const std::string& name) { return is_bare(name) ? name : escape(name, '"'); }

std::string print(const TypeSpecifier& type) {
  std::string text;
  switch (type.kind) {
    case TypeSpecifier::Kind::named:
      for (const std::string& part : type.name) {
        const bool type_word = part == "Code" || part == "Concept";
        text += (text.empty() ? "" : ".") + (type_word ? part : print_name(part));
      }
      return text;
    case TypeSpecifier::Kind::tuple:
      for (std::size_t i = 0; i < type.arguments.size(); ++i) {
        text += (i > 0 ? ", " : " ") + print_name(type.element_names[i]) + " " + print(type.arguments[i]);
      }
      return "Tuple {" + text + " }";
    default:
      for (const TypeSpecifier& argument : type.arguments) text += (text.empty() ? "" : ", ") + print(argument);
      return (type.kind == TypeSpecifier::Kind::list ? "List<" : type.kind == TypeSpecifier::Kind::interval ? "Interval<" : "Choice<") + text + ">";
  }
}

std::string print(const Expression& expression) { return Printer().run(expression, 0); }

std::string outline(const Expression& expression) {
  std::string out;
  outline_into(expression, out);
  return out;
}

namespace {
std::string access(AccessModifier modifier) { return modifier == AccessModifier::private_ ? "private " : modifier == AccessModifier::public_ ? "public " : ""; }

std::string comment(const Declared& declared) { return declared.comment.empty() ? "" : declared.comment + "\n"; }

std::string version_text(const std::string& version) { return version.empty() ? "" : " version " + escape(version, '\''); }

std::string dotted(const std::string& name) {
  std::string out;
  std::size_t from = 0;
  for (;;) {
    const std::size_t dot = name.find('.', from);
    out += print_name(name.substr(from, dot == std::string::npos ? dot : dot - from));
    if (dot == std::string::npos) return out;
    out += ".";
    from = dot + 1;
  }
}

template <typename Names>
std::string braced(const Names& names) {
  std::string text = "{ ";
  for (std::size_t i = 0; i < names.size(); ++i) text += (i > 0 ? ", " : "") + dotted(names[i]);
  return text + " }";
}

std::string statement(const Statement& s) {
  std::string text = comment(s);
  if (s.kind == Statement::Kind::context) { return text + "context " + (s.model.empty() ? "" : print_name(s.model) + ".") + print_name(s.name) + "\n"; }
  text += "define " + access(s.access);
  if (s.kind == Statement::Kind::definition) {
    text += print_name(s.name) + ":";
  } else {
    text += std::string(s.fluent ? "fluent " : "") + "function " + print_name(s.name) + "(";
    for (std::size_t i = 0; i < s.operands.size(); ++i) { text += (i > 0 ? ", " : "") + print_name(s.operands[i].name) + " " + print(s.operands[i].type); }
    text += ")";
    if (s.returns) text += " returns " + print(*s.returns);
    text += ":";
  }
  if (s.external) return text + " external\n";
  return text + (s.body ? "\n  " + print(*s.body) : std::string()) + "\n";
}
}  // namespace

std::string print(const Library& library) {
  std::string out;
  for (const std::string& directive : library.directives) out += "#" + directive + "\n";
  if (!library.name.empty()) out += "library " + dotted(library.name) + version_text(library.version) + "\n";
  auto alias = [](const std::string& name) { return name.empty() ? "" : " called " + print_name(name); };
  for (const Using& u : library.usings) out += comment(u) + "using " + dotted(u.name) + version_text(u.version) + alias(u.alias) + "\n";
  for (const Include& i : library.includes) out += comment(i) + "include " + dotted(i.name) + version_text(i.version) + alias(i.alias) + "\n";
  for (const CodeSystem& c : library.code_systems) {
    out += comment(c) + access(c.access) + "codesystem " + print_name(c.name) + ": " + escape(c.id, '\'') + version_text(c.version) + "\n";
  }
  for (const ValueSet& v : library.value_sets) {
    out += comment(v) + access(v.access) + "valueset " + print_name(v.name) + ": " + escape(v.id, '\'') + version_text(v.version) +
        (v.code_systems.empty() ? "" : " codesystems " + braced(v.code_systems)) + "\n";
  }
  for (const Code& c : library.codes) {
    out += comment(c) + access(c.access) + "code " + print_name(c.name) + ": " + escape(c.id, '\'') + " from " +
        (c.system_qualifier.empty() ? "" : print_name(c.system_qualifier) + ".") + print_name(c.system) +
        (c.display.empty() ? "" : " display " + escape(c.display, '\'')) + "\n";
  }
  for (const Concept& c : library.concepts) {
    out += comment(c) + access(c.access) + "concept " + print_name(c.name) + ": " + braced(c.codes) +
        (c.display.empty() ? "" : " display " + escape(c.display, '\'')) + "\n";
  }
  for (const Parameter& p : library.parameters) {
    out += comment(p) + access(p.access) + "parameter " + print_name(p.name) + (p.type ? " " + print(*p.type) : "") +
        (p.default_value ? " default " + print(*p.default_value) : "") + "\n";
  }
  for (const Statement& s : library.statements) out += "\n" + statement(s);
  return out;
}

}  // namespace catchment::cql::syntax
