// The small readers every part of a definition uses, and columns, checks and maps.
#include <fmt/core.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>

#include "base/date.h"
#include "intake/feed_expressions.h"

namespace catchment::intake {

void FeedReader::error(const toml::node& at, std::string message, std::string fix) {
  const auto begin = at.source().begin;
  diagnostics.push_back({file, static_cast<int>(begin.line), static_cast<int>(begin.column), Severity::error, std::move(message), std::move(fix)});
}

void FeedReader::warning(const toml::node& at, std::string message, std::string fix) {
  const auto begin = at.source().begin;
  diagnostics.push_back({file, static_cast<int>(begin.line), static_cast<int>(begin.column), Severity::warning, std::move(message), std::move(fix)});
}

void FeedReader::only(const toml::table& table, std::initializer_list<const char*> known) {
  const std::vector<std::string> names(known.begin(), known.end());
  for (const auto& [key, node] : table) {
    const std::string name(key.str());
    if (std::find(names.begin(), names.end(), name) != names.end()) continue;
    const std::string near = nearest(name, names);
    error(node, fmt::format("`{}` means nothing here", name), near.empty() ? "" : fmt::format("did you mean `{}`?", near));
  }
}

std::string FeedReader::text(const toml::table& table, const char* key, std::string otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return otherwise;
  if (const auto* value = node->as_string()) return value->get();
  error(*node, fmt::format("`{}` is not a text", key), "put it in quotes");
  return otherwise;
}

double FeedReader::number(const toml::table& table, const char* key, double otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return otherwise;
  if (const auto value = node->value<double>()) return *value;
  error(*node, fmt::format("`{}` is not a number", key));
  return otherwise;
}

bool FeedReader::flag(const toml::table& table, const char* key, bool otherwise) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return otherwise;
  if (const auto* value = node->as_boolean()) return value->get();
  error(*node, fmt::format("`{}` is not true or false", key));
  return otherwise;
}

std::vector<std::string> FeedReader::texts(const toml::table& table, const char* key) {
  const toml::node* node = table.get(key);
  std::vector<std::string> out;
  if (node == nullptr) return out;
  if (const auto* one = node->as_string()) return {one->get()};
  const auto* list = node->as_array();
  if (list == nullptr) {
    error(*node, fmt::format("`{}` is not a text or a list of texts", key));
    return out;
  }
  for (const auto& item : *list) {
    if (const auto* one = item.as_string()) out.push_back(one->get());
    else error(item, fmt::format("`{}` holds something that is not a text", key), "put it in quotes");
  }
  return out;
}

int FeedReader::column(const toml::node& at, const std::string& name) {
  for (std::size_t i = 0; i < feed.columns.size(); ++i)
    if (feed.columns[i].name == name) return static_cast<int>(i);
  std::vector<std::string> names;
  names.reserve(feed.columns.size());
  for (const auto& c : feed.columns) names.push_back(c.name);
  const std::string near = nearest(name, names);
  error(at, fmt::format("no [[column]] is named `{}`", name),
        near.empty() ? "add it, or a family such as \"DIAG_{01..20}\"" : fmt::format("did you mean `{}`?", near));
  return -1;
}

std::vector<std::string> family_members(const std::string& name) {
  const auto open = name.find('{');
  if (open == std::string::npos) return {name};
  const auto dots = name.find("..", open);
  const auto close = name.find('}', open);
  if (dots == std::string::npos || close == std::string::npos || dots > close) return {};
  const std::string first = name.substr(open + 1, dots - open - 1);
  const std::string last = name.substr(dots + 2, close - dots - 2);
  int from = 0;
  int to = 0;
  if (std::from_chars(first.data(), first.data() + first.size(), from).ptr != first.data() + first.size() || first.empty()) return {};
  if (std::from_chars(last.data(), last.data() + last.size(), to).ptr != last.data() + last.size() || last.empty()) return {};
  if (from < 0 || to < from || to - from > 999) return {};
  std::vector<std::string> out;
  for (int i = from; i <= to; ++i) {
    std::string number = std::to_string(i);
    if (first.size() > 1 && first[0] == '0' && number.size() < first.size()) number.insert(0, first.size() - number.size(), '0');
    out.push_back(name.substr(0, open) + number + name.substr(close + 1));
  }
  return out;
}

std::optional<int> place_in_closed_list(std::string_view list, std::string_view word) {
  for (int place = 0; !list.empty(); ++place) {
    const auto bar = list.find('|');
    if (list.substr(0, bar) == word) return place;
    if (bar == std::string_view::npos) break;
    list.remove_prefix(bar + 1);
  }
  return std::nullopt;
}

bool in_closed_list(std::string_view list, std::string_view word) { return place_in_closed_list(list, word).has_value(); }

namespace {

constexpr std::pair<const char*, ColumnKind> kinds[] = {
    {"text", ColumnKind::text},         {"code", ColumnKind::code},     {"word", ColumnKind::word},
    {"date", ColumnKind::date},         {"time", ColumnKind::time},     {"instant", ColumnKind::instant},
    {"integer", ColumnKind::integer},   {"number", ColumnKind::number}, {"pounds", ColumnKind::pounds},
    {"pence", ColumnKind::pence},       {"flag", ColumnKind::flag},     {"nhs_number", ColumnKind::nhs_number},
    {"postcode", ColumnKind::postcode}, {"area", ColumnKind::area},     {"organisation", ColumnKind::organisation}};

std::optional<double> limit(FeedReader& r, const toml::table& table, const char* key) {
  const toml::node* node = table.get(key);
  if (node == nullptr) return std::nullopt;
  if (const auto value = node->value<double>()) return value;
  if (const auto* text = node->as_string())
    if (const auto date = Date::parse(text->get())) return date->days;
  if (const auto* date = node->as_date()) {
    const auto d = date->get();
    if (Date::is_real(d.year, d.month, d.day)) return Date::from_ymd(d.year, d.month, d.day).days;
  }
  r.error(*node, fmt::format("`{}` is not a number or a date", key));
  return std::nullopt;
}

}  // namespace

void FeedReader::read_column(const toml::table& table) {
  only(table, {"name",          "aliases",  "type", "format", "required", "min",    "max",  "max_length", "in",         "system",
               "system_column", "codelist", "map",  "unit",   "factor",   "offset", "null", "future",     "registered", "bad"});
  FeedColumn c;
  const std::string name = text(table, "name");
  c.aliases = texts(table, "aliases");
  const std::string type = text(table, "type", "text");
  const auto* kind = std::find_if(std::begin(kinds), std::end(kinds), [&](const auto& k) { return type == k.first; });
  if (kind == std::end(kinds)) {
    std::vector<std::string> names;
    for (const auto& k : kinds) names.emplace_back(k.first);
    error(table, fmt::format("`{}` is not a type", type), nearest(type, names));
  } else {
    c.kind = kind->second;
  }
  c.formats = texts(table, "format");
  for (const auto& f : c.formats)
    if (f.find('%') == std::string::npos) error(table, fmt::format("`{}` is not a date pattern", f), "such as \"%d/%m/%Y\"");
  c.required = flag(table, "required", false);
  c.minimum = limit(*this, table, "min");
  c.maximum = limit(*this, table, "max");
  if (table.contains("max_length")) c.max_length = static_cast<std::int64_t>(number(table, "max_length", 0));
  c.in = texts(table, "in");
  c.system = code_system_uri(text(table, "system"));
  c.codelist = text(table, "codelist");
  c.map = text(table, "map");
  if (!c.map.empty() && !feed.maps.contains(c.map)) error(table, fmt::format("there is no [map.{}]", c.map));
  c.unit = text(table, "unit");
  c.factor = number(table, "factor", 1);
  c.offset = number(table, "offset", 0);
  c.nulls = texts(table, "null");
  c.future = flag(table, "future", false);
  c.registered = flag(table, "registered", true);
  const std::string bad = text(table, "bad", c.required ? "quarantine" : "empty");
  if (bad == "quarantine") c.bad = Bad::quarantine;
  else if (bad == "empty") c.bad = Bad::empty;
  else if (bad == "keep") c.bad = Bad::keep;
  else error(table, fmt::format("`{}` is not what a bad value can do", bad), "quarantine, empty or keep");
  const auto members = family_members(name);
  if (name.empty() || members.empty()) {
    error(table, name.empty() ? "a [[column]] has no name" : fmt::format("`{}` is not a family of columns", name), "such as \"DIAG_{01..20}\"");
    return;
  }
  std::vector<int>* family = name.find('{') == std::string::npos ? nullptr : &families[name];
  for (std::size_t i = 0; i < members.size(); ++i) {
    for (const auto& existing : feed.columns)
      if (existing.name == members[i]) error(table, fmt::format("column `{}` is declared twice", members[i]));
    FeedColumn member = c;
    member.name = members[i];
    for (auto& alias : member.aliases) {
      const auto expanded = family_members(alias);
      if (expanded.size() == members.size()) alias = expanded[i];
    }
    if (family != nullptr) family->push_back(static_cast<int>(feed.columns.size()));
    feed.columns.push_back(std::move(member));
  }
}

void FeedReader::read_columns(const toml::table& root) {
  const auto* list = root["column"].as_array();
  if (list == nullptr) {
    if (!feed.is_fhir()) error(root, "the feed declares no columns", "add [[column]] entries");
    return;
  }
  for (const auto& node : *list) {
    if (const auto* table = node.as_table()) read_column(*table);
    else error(node, "a column is not a table", "write [[column]]");
  }
  for (const auto& node : *list) {  // once every column is known
    const auto* table = node.as_table();
    if (table == nullptr || !table->contains("system_column")) continue;
    const int system = column(*table, text(*table, "system_column"));
    for (const auto& member : family_members(text(*table, "name")))
      for (auto& c : feed.columns)
        if (c.name == member) c.system_column = system;
  }
  for (const auto& c : feed.columns)
    if (c.kind == ColumnKind::code && c.system.empty() && c.system_column < 0)
      error(*list, fmt::format("code column `{}` does not name its code system", c.name), "system = \"snomed\"");
}

void FeedReader::read_checks(const toml::table& root) {
  const auto* list = root["check"].as_array();
  if (list == nullptr) return;
  for (const auto& node : *list) {
    const auto* table = node.as_table();
    if (table == nullptr) {
      error(node, "a check is not a table", "write [[check]]");
      continue;
    }
    only(*table, {"rule", "earlier", "later", "columns", "bad"});
    CheckRule check;
    const std::string rule = text(*table, "rule");
    std::vector<std::string> names = texts(*table, "columns");
    if (rule == "date_order") {
      check.kind = CheckRule::Kind::date_order;
      names = {text(*table, "earlier"), text(*table, "later")};
    } else if (rule == "unique") {
      check.kind = CheckRule::Kind::unique;
      check.bad = Bad::quarantine;
    } else if (rule == "any_of") {
      check.kind = CheckRule::Kind::any_of;
      check.bad = Bad::quarantine;
    } else {
      error(*table, fmt::format("`{}` is not a check", rule), "date_order, unique or any_of");
      continue;
    }
    const std::string bad = text(*table, "bad");
    if (bad == "quarantine") check.bad = Bad::quarantine;
    else if (bad == "keep") check.bad = Bad::keep;
    else if (!bad.empty()) error(*table, fmt::format("`{}` is not what a failed check can do", bad), "quarantine or keep");
    for (const auto& name : names) {
      const int at = column(*table, name);
      if (at < 0) continue;
      const ColumnKind kind = feed.columns[static_cast<std::size_t>(at)].kind;
      if (check.kind == CheckRule::Kind::date_order && kind != ColumnKind::date && kind != ColumnKind::instant)
        error(*table, fmt::format("`{}` is not a date", name));
      check.columns.push_back(at);
    }
    if (check.columns.empty()) error(*table, "the check names no columns");
    feed.checks.push_back(std::move(check));
  }
}

void FeedReader::read_maps(const toml::table& root) {
  const auto* maps = root["map"].as_table();
  if (maps == nullptr) return;
  for (const auto& [name, node] : *maps) {
    const auto* table = node.as_table();
    if (table == nullptr) {
      error(node, "a map is not a table", "write [map.<name>]");
      continue;
    }
    Map& map = feed.maps[std::string(name.str())];
    for (const auto& [from, to] : *table) {
      const auto* value = to.as_string();
      if (value == nullptr) error(to, "a map leads to something that is not a text", "put it in quotes");
      else if (from.str() == "*") map.otherwise = value->get();
      else map.entries.emplace_back(std::string(from.str()), value->get());
    }
  }
}

}  // namespace catchment::intake
