// Expressions, the identity block and record rules of a feed definition.
#include <fmt/core.h>

#include <algorithm>

#include "intake/feed_expressions.h"
#include "records/schema.h"

namespace catchment::intake {

namespace {

constexpr std::string_view identity_names[] = {"nhs_number", "number_status", "local_id",   "given",        "family",    "previous_family", "birth_date",
                                               "sex",        "ethnicity",     "postcode",   "address",      "telephone", "email",           "practice",
                                               "language",   "death_date",    "restricted", "updated_date", "area"};
static_assert(std::size(identity_names) == identity_fields);

/// Column kinds that can fill a field of the record.
bool fits(ColumnKind column, records::Kind field) {
  using records::Kind;
  switch (field) {
    case Kind::code: return column == ColumnKind::code;
    case Kind::unit:
    case Kind::word:
    case Kind::local_id: return true;
    case Kind::organisation: return column == ColumnKind::organisation;
    case Kind::area: return column == ColumnKind::area;
    case Kind::date: return column == ColumnKind::date || column == ColumnKind::instant;
    case Kind::instant: return column == ColumnKind::instant;
    case Kind::integer: return column == ColumnKind::integer;
    case Kind::number: return column == ColumnKind::number || column == ColumnKind::integer;
    case Kind::pence: return column == ColumnKind::pounds || column == ColumnKind::pence;
    case Kind::flag: return column == ColumnKind::flag;
  }
  return false;
}

std::string_view fitting_type(records::Kind field) {
  using records::Kind;
  switch (field) {
    case Kind::code: return "code";
    case Kind::organisation: return "organisation";
    case Kind::area: return "area";
    case Kind::date: return "date";
    case Kind::instant: return "instant";
    case Kind::integer: return "integer";
    case Kind::number: return "number";
    case Kind::pence: return "pounds";
    case Kind::flag: return "flag";
    default: return "text";
  }
}

}  // namespace

std::string_view identity_field_name(IdentityField field) { return identity_names[field]; }

Expression FeedReader::expression(const toml::node& node) {
  Expression e;
  if (const auto* name = node.as_string()) {
    if (const auto family = families.find(name->get()); family != families.end()) {
      e.kind = Expression::Kind::family;
      e.columns = family->second;
    } else if (const int at = column(node, name->get()); at >= 0) {
      e.kind = Expression::Kind::column;
      e.columns = {at};
    }
    return e;
  }
  const auto* table = node.as_table();
  if (table == nullptr) {
    error(node, "an expression is a column name in quotes or a table", "such as { value = \"final\" }");
    return e;
  }
  return table_expression(*table);
}

Expression FeedReader::table_expression(const toml::table& table) {
  Expression e;
  only(table, {"column", "map", "value", "system", "first", "join", "with", "date", "time", "index", "partner"});
  const auto columns_of = [&](const char* key) {
    for (const auto& name : texts(table, key))
      if (const int at = column(table, name); at >= 0) e.columns.push_back(at);
  };
  if (table.contains("column")) {
    e = expression(*table.get("column"));
  } else if (table.contains("value")) {
    e.kind = Expression::Kind::constant;
    e.text = text(table, "value");
    e.system = code_system_uri(text(table, "system"));
  } else if (table.contains("first")) {
    e.kind = Expression::Kind::first;
    columns_of("first");
  } else if (table.contains("join")) {
    e.kind = Expression::Kind::join;
    columns_of("join");
    e.text = text(table, "with", " ");
  } else if (table.contains("date")) {
    e.kind = Expression::Kind::date_and_time;
    columns_of("date");
    columns_of("time");
    if (e.columns.size() != 2) error(table, "an instant of a date and a time names one column of each");
  } else if (table.contains("index")) {
    e.kind = Expression::Kind::index;
  } else if (table.contains("partner")) {
    e.kind = Expression::Kind::partner;
  } else {
    error(table, "this expression says nothing", "give `column`, `value`, `first`, `join`, `date` and `time`, `index` or `partner`");
  }
  e.map = text(table, "map");
  if (!e.map.empty() && !feed.maps.contains(e.map)) error(table, fmt::format("there is no [map.{}]", e.map));
  return e;
}

void FeedReader::check_word(const toml::node& at, const Expression& e, std::string_view allowed) {
  const auto check = [&](const std::string& word) {
    if (word.empty() || in_closed_list(allowed, word)) return;
    error(at, fmt::format("`{}` is not one of {}", word, allowed));
  };
  if (e.kind == Expression::Kind::constant) check(e.text);
  const auto check_map = [&](const std::string& name) {
    const auto map = feed.maps.find(name);
    if (map == feed.maps.end()) return;
    for (const auto& [from, to] : map->second.entries) check(to);
    if (map->second.otherwise) check(*map->second.otherwise);
  };
  check_map(e.map);
  if (e.map.empty())
    for (const int c : e.columns) check_map(feed.columns[static_cast<std::size_t>(c)].map);
}

void FeedReader::read_identity(const toml::table& root) {
  const auto* table = root["identity"].as_table();
  if (table == nullptr) return;
  if (feed.key == KeyKind::none)
    error(*table, "the rows of this feed are about nobody, so there is no identity", "leave [identity] out, or give the feed a key");
  feed.identity.resize(identity_fields);
  const std::vector<std::string> names(std::begin(identity_names), std::end(identity_names));
  for (const auto& [key, node] : *table) {
    const auto at = std::find(names.begin(), names.end(), key.str());
    if (at == names.end()) {
      const std::string near = nearest(std::string(key.str()), names);
      error(node, fmt::format("an identity has no field `{}`", key.str()), near.empty() ? "" : fmt::format("did you mean `{}`?", near));
      continue;
    }
    const auto field = static_cast<std::size_t>(at - names.begin());
    Expression e = expression(node);
    const auto typed = [&](ColumnKind kind, const char* type) {
      for (const int c : e.columns)
        if (feed.columns[static_cast<std::size_t>(c)].kind != kind) error(node, fmt::format("`{}` needs a column of type `{}`", key.str(), type));
    };
    if (field == identity_sex) check_word(node, e, "female|male|other|unknown");
    if (field == identity_number_status) check_word(node, e, "verified|traced|unverified|reissued");
    if (field == identity_nhs_number) typed(ColumnKind::nhs_number, "nhs_number");
    if (field == identity_birth_date || field == identity_death_date || field == identity_updated_date) typed(ColumnKind::date, "date");
    if (field == identity_practice) typed(ColumnKind::organisation, "organisation");
    if (field == identity_area) typed(ColumnKind::area, "area");
    if (field == identity_restricted) typed(ColumnKind::flag, "flag");
    if (e.kind == Expression::Kind::family || e.kind == Expression::Kind::index) error(node, "an identity field is one value, not a family");
    feed.identity[field] = std::move(e);
  }
}

void FeedReader::read_fields(const toml::table& fields, RecordRule& rule) {
  const records::Table& table = records::table_at(static_cast<std::size_t>(rule.table));
  std::vector<std::string> names;
  for (const auto& c : table.columns) names.emplace_back(c.name);
  for (const auto& [key, node] : fields) {
    const auto at = std::find(names.begin(), names.end(), key.str());
    if (at == names.end()) {
      const std::string near = nearest(std::string(key.str()), names);
      error(node, fmt::format("table {} has no column `{}`", table.name, key.str()),
            near.empty() ? "see src/records/schema.h" : fmt::format("did you mean `{}`?", near));
      continue;
    }
    const auto index = static_cast<std::size_t>(at - names.begin());
    const records::Column& target = table.columns[index];
    Expression e = expression(node);
    using K = Expression::Kind;
    if (e.kind == K::column || e.kind == K::family || e.kind == K::first)
      for (const int c : e.columns)
        if (!fits(feed.columns[static_cast<std::size_t>(c)].kind, target.kind))
          error(node, fmt::format("column `{}` cannot fill `{}`", feed.columns[static_cast<std::size_t>(c)].name, key.str()),
                fmt::format("give the column type = \"{}\"", fitting_type(target.kind)));
    if (e.kind == K::constant && target.kind == records::Kind::code && e.system.empty())
      error(node, "a constant code needs its system", "{ value = \"...\", system = \"snomed\" }");
    if (e.kind == K::index && target.kind != records::Kind::integer) error(node, "`index` fills whole numbers only");
    if (e.kind == K::join && target.kind != records::Kind::local_id) error(node, "`join` fills identifiers only");
    if (e.kind == K::partner && target.kind != records::Kind::organisation) error(node, "`partner` fills organisations only");
    if (e.kind == K::date_and_time && target.kind != records::Kind::instant) error(node, "`date` with `time` fills instants only");
    if (target.kind == records::Kind::word) check_word(node, e, target.note);
    rule.fields[index] = std::move(e);
  }
}

void FeedReader::read_record(const toml::table& table) {
  only(table, {"table", "fields", "each", "when", "needs"});
  RecordRule rule;
  const std::string name = text(table, "table");
  std::vector<std::string> names;
  names.reserve(records::table_total);
  for (std::size_t i = 0; i < records::table_total; ++i) names.emplace_back(records::table_at(i).name);
  const auto at = std::find(names.begin(), names.end(), name);
  if (at == names.end()) {
    const std::string near = nearest(name, names);
    error(table, fmt::format("the record has no table `{}`", name), near.empty() ? "see src/records/schema.h" : fmt::format("did you mean `{}`?", near));
    return;
  }
  rule.table = static_cast<int>(at - names.begin());
  const records::Table& target = records::table_at(static_cast<std::size_t>(rule.table));
  const bool about_person = records::about_person(static_cast<std::size_t>(rule.table));
  if (about_person && feed.key == KeyKind::none)
    error(table, fmt::format("table {} is about persons, and the rows of this feed are about nobody", name), "give the feed a key");
  if (!about_person && feed.key != KeyKind::none)
    error(table, fmt::format("table {} is about nobody, and the rows of this feed have a key", name), "key = \"none\"");
  rule.fields.resize(target.columns.size());
  const std::string each = text(table, "each");
  if (!each.empty()) {
    if (const auto family = families.find(each); family != families.end()) rule.each = family->second;
    else error(table, fmt::format("no family of columns is named `{}`", each), "declare it: name = \"DIAG_{01..20}\"");
  }
  if (const auto* fields = table["fields"].as_table()) read_fields(*fields, rule);
  else error(table, "the record has no fields", "fields = { code = \"...\" }");
  for (const auto& e : rule.fields)
    if ((e.kind == Expression::Kind::family && e.columns.size() != rule.each.size()) || (e.kind == Expression::Kind::index && rule.each.empty()))
      error(table, "a field names a family (or `index`) that does not fit `each`", "each = the family, of the same length");
  for (const auto& need : texts(table, "needs")) {
    bool found = false;
    for (std::size_t i = 0; i < target.columns.size(); ++i)
      if (target.columns[i].name == need) rule.needs.push_back(static_cast<int>(i)), found = true;
    if (!found) error(table, fmt::format("`needs` names `{}`, which table {} does not have", need, name));
  }
  const auto* when = table["when"].as_array();
  if (table.contains("when") && when == nullptr) error(table, "`when` is not a list", "when = [{ column = \"X\", in = [\"1\"] }]");
  if (when != nullptr) {
    for (const auto& node : *when) {
      const auto* condition = node.as_table();
      if (condition == nullptr) {
        error(node, "a condition is not a table");
        continue;
      }
      only(*condition, {"column", "in", "not_in", "present"});
      Condition c;
      c.column = column(*condition, text(*condition, "column"));
      if (condition->contains("in")) c.values = texts(*condition, "in");
      else if (condition->contains("not_in")) c.kind = Condition::Kind::not_in, c.values = texts(*condition, "not_in");
      else if (condition->contains("present")) c.kind = flag(*condition, "present", true) ? Condition::Kind::present : Condition::Kind::absent;
      else error(*condition, "the condition says nothing", "in, not_in or present");
      rule.when.push_back(std::move(c));
    }
  }
  feed.records.push_back(std::move(rule));
}

void FeedReader::read_records(const toml::table& root) {
  const auto* list = root["record"].as_array();
  if (list == nullptr) return;
  for (const auto& node : *list) {
    if (const auto* table = node.as_table()) read_record(*table);
    else error(node, "a record is not a table", "write [[record]]");
  }
}

}  // namespace catchment::intake
