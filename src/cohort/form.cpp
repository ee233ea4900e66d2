// The form: JSON to clauses and back.
#include <algorithm>
#include <array>

#include "cohort/cohort.h"
#include "json/json.h"

namespace catchment::cohort {

namespace {

constexpr std::array<std::string_view, 9> clause_names = {"all", "any", "not", "register", "age", "sex", "event", "value", "practice"};

std::string list_of(const auto& words) {
  std::string text;
  for (const auto& word : words) text += (text.empty() ? "" : ", ") + std::string(word);
  return text;
}

class Reading {
 public:
  Reading(const std::string& file, const Known& known, Diagnostics& diagnostics) : file_(file), known_(known), diagnostics_(diagnostics) {}

  Cohort cohort(json::Value root) {
    Cohort result;
    if (!root.is_object()) return fault("the form", "is not an object", "write {\"id\": ..., \"title\": ..., \"who\": {...}}"), result;
    only(root, "the form", {"id", "title", "note", "of", "who"});
    result.id = text(root["id"], "id");
    const auto good = [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-'; };
    if (result.id.size() > 60 || !std::all_of(result.id.begin(), result.id.end(), good))
      fault("id", "is not an id", "use at most 60 lower-case letters, digits and '-'");
    result.title = text(root["title"], "title");
    if (root.has("note")) result.note = text(root["note"], "note");
    const std::string of = root.has("of") ? text(root["of"], "of") : "registered";
    if (of != "registered" && of != "alive") fault("of", "says '" + of + "'", "write \"registered\" or \"alive\"");
    result.registered = of != "alive";
    if (root["who"].is_null()) {
      fault("who", "is missing", "add \"who\": {\"all\": [...]}");
    } else {
      result.who = clause(root["who"], "who", 1);
    }
    return result;
  }

 private:
  void fault(const std::string& at, const std::string& what, const std::string& fix) {
    diagnostics_.push_back({file_, 0, 0, Severity::error, at + " " + what, fix});
  }

  void only(json::Value object, const std::string& at, std::initializer_list<std::string_view> names) {
    std::vector<std::string> all(names.begin(), names.end()), seen;
    for (const json::Value member : object) {
      const std::string key(member.key());
      if (std::find(all.begin(), all.end(), key) == all.end()) {
        const std::string near = nearest(key, all);
        fault(at, "has '" + key.substr(0, 60) + "', which is not known", near.empty() ? "use " + list_of(all) : "did you mean '" + near + "'?");
      }
      if (std::find(seen.begin(), seen.end(), key) != seen.end()) fault(at, "has '" + key.substr(0, 60) + "' twice", "keep one");
      seen.push_back(key);
    }
  }

  std::string text(json::Value value, const std::string& at) {
    const std::string result(value.string());
    if (result.empty() || result.size() > 500) fault(at, "is not a text", "write 1 to 500 characters in quotes");
    if (std::any_of(result.begin(), result.end(), [](char c) { return static_cast<unsigned char>(c) < 32; }))
      fault(at, "holds a control character", "write plain text on one line");
    return result.substr(0, 500);
  }

  std::optional<int> whole(json::Value value, const std::string& at, int low, int high) {
    if (value.is_null()) return std::nullopt;
    const auto number = value.integer();
    if (!number || *number < low || *number > high) {
      fault(at, "is not a whole number from " + std::to_string(low) + " to " + std::to_string(high), "write one");
      return std::nullopt;
    }
    return static_cast<int>(*number);
  }

  std::optional<Date> day(json::Value value, const std::string& at) {
    if (value.is_null()) return std::nullopt;
    const auto date = Date::parse(value.string());
    if (!date) fault(at, "is not a day", "write it as \"2026-03-31\"");
    return date;
  }

  /// A number as CQL writes it, at most eight places.
  std::string number(json::Value value, const std::string& at) {
    if (value.is_null()) return {};
    const std::string text(value.number_text());
    const std::size_t digits = text.starts_with("-") ? 1 : 0, point = text.find('.');
    const bool shaped = !text.empty() && text.size() <= 20 && text.find_first_not_of("0123456789.", digits) == std::string::npos &&
        (point == std::string::npos || text.size() - point <= 9);
    if (!shaped) fault(at, "is not a plain number", "write it like 58 or 6.5");
    return shaped ? text : std::string("0");
  }

  std::string codelist(json::Value value, const std::string& at, bool only_register) {
    const std::string id = text(value, at);
    if (const auto* list = terminology::find_codelist(*known_.codelists, id)) {
      if (only_register && list->kind != "register") fault(at, "names '" + id + "', which is no register", "use \"event\" for it");
      return id;
    }
    std::vector<std::string> ids;
    ids.reserve(known_.codelists->lists.size());
    for (const auto& list : known_.codelists->lists) ids.push_back(list.id);
    const std::string near = nearest(id, ids);
    fault(at, "names '" + id.substr(0, 60) + "', which is no codelist", near.empty() ? "use an id of codelists/index.csv" : "did you mean '" + near + "'?");
    return id;
  }

  Window window(json::Value value, const std::string& at) {
    Window result;
    result.months = whole(value["within_months"], at + ".within_months", 1, 1200).value_or(0);
    result.from = day(value["from"], at + ".from");
    result.to = day(value["to"], at + ".to");
    if (result.months > 0 && (result.from || result.to)) fault(at, "has within_months and days", "keep one of them");
    if (result.from && result.to && *result.to < *result.from) fault(at, "ends before it begins", "swap from and to");
    return result;
  }

  std::vector<std::string> names(json::Value value, const std::string& at, auto&& exists, std::string_view what) {
    std::vector<std::string> result;
    if (value.is_null()) return result;
    if (!value.is_array() || value.size() > 500) return fault(at, "is not a list", "write [\"...\"], at most 500"), result;
    for (const json::Value each : value) {
      result.push_back(text(each, at));
      if (!exists(result.back())) fault(at, "names '" + result.back().substr(0, 60) + "', which is no " + std::string(what), "see the definition folder");
    }
    return result;
  }

  void read_parts(Clause& clause, json::Value value, const std::string& at, int depth) {
    if (clause.kind == ClauseKind::no) {
      clause.parts.push_back(this->clause(value, at, depth + 1));
      return;
    }
    if (!value.is_array() || value.size() == 0) return fault(at, "is not a list of clauses", "write [{...}, {...}]");
    std::size_t i = 0;
    for (const json::Value each : value) {
      if (clauses_ >= most_clauses) return;
      clause.parts.push_back(this->clause(each, at + "[" + std::to_string(i++) + "]", depth + 1));
    }
  }

  void read_value(Clause& clause, json::Value value, const std::string& at) {
    only(value, at, {"codelist", "within_months", "from", "to", "above", "at_least", "below", "at_most"});
    clause.codelist = codelist(value["codelist"], at + ".codelist", false);
    clause.within = window(value, at);
    if (value.has("above") && value.has("at_least")) fault(at, "has above and at_least", "keep one of them");
    if (value.has("below") && value.has("at_most")) fault(at, "has below and at_most", "keep one of them");
    clause.low_included = value.has("at_least");
    clause.low = number(value[clause.low_included ? "at_least" : "above"], at);
    clause.high_included = value.has("at_most");
    clause.high = number(value[clause.high_included ? "at_most" : "below"], at);
    if (clause.low.empty() && clause.high.empty()) fault(at, "has no bound", "add above, at_least, below or at_most");
    const auto* list = terminology::find_codelist(*known_.codelists, clause.codelist);
    if (list != nullptr && list->kind != "observation") fault(at, "names '" + clause.codelist + "', which has no values", "use a codelist of observations");
  }

  void read_practice(Clause& clause, json::Value value, const std::string& at) {
    only(value, at, {"places", "networks", "practices"});
    const system::System& system = *known_.system;
    clause.places = names(value["places"], at + ".places", [&](const std::string& id) { return system::find_place(system, id) != nullptr; }, "place");
    clause.networks = names(value["networks"], at + ".networks", [&](const std::string& id) { return system::find_network(system, id) != nullptr; }, "network");
    clause.practices =
        names(value["practices"], at + ".practices", [&](const std::string& code) { return system::find_practice(system, code) != nullptr; }, "practice");
    if (clause.places.empty() && clause.networks.empty() && clause.practices.empty()) fault(at, "names no practice", "add places, networks or practices");
  }

  void read_simple(Clause& clause, json::Value value, const std::string& at) {
    switch (clause.kind) {
      case ClauseKind::on_register: clause.codelist = codelist(value, at, true); break;
      case ClauseKind::age:
        only(value, at, {"from", "to"});
        clause.from_age = whole(value["from"], at + ".from", 0, 130);
        clause.to_age = whole(value["to"], at + ".to", 0, 130);
        if (!clause.from_age && !clause.to_age) fault(at, "has no bound", "add from, to or both");
        if (clause.from_age && clause.to_age && *clause.to_age < *clause.from_age) fault(at, "ends before it begins", "swap from and to");
        break;
      case ClauseKind::sex:
        clause.sex = text(value, at);
        if (clause.sex != "female" && clause.sex != "male") fault(at, "says '" + clause.sex.substr(0, 60) + "'", "write \"female\" or \"male\"");
        break;
      case ClauseKind::event:
        only(value, at, {"codelist", "within_months", "from", "to", "at_least"});
        clause.codelist = codelist(value["codelist"], at + ".codelist", false);
        clause.within = window(value, at);
        clause.at_least_days = whole(value["at_least"], at + ".at_least", 1, 1000).value_or(1);
        break;
      case ClauseKind::value: read_value(clause, value, at); break;
      default: read_practice(clause, value, at); break;
    }
  }

  Clause clause(json::Value value, const std::string& at, int depth) {
    Clause result;
    if (++clauses_ == most_clauses) fault("the form", "has too many clauses", "keep it under " + std::to_string(most_clauses));
    if (depth > deepest_clause) return fault(at, "is nested too deeply", "keep it to " + std::to_string(deepest_clause) + " levels"), result;
    if (!value.is_object() || value.size() != 1)
      return fault(at, "is not one clause", "write one of " + list_of(clause_names) + ", such as {\"register\": \"diabetes\"}"), result;
    const json::Value body = value.at(0);
    const std::string key(body.key());
    const auto found = std::find(clause_names.begin(), clause_names.end(), key);
    if (found == clause_names.end()) {
      const std::string near = nearest(key, {clause_names.begin(), clause_names.end()});
      return fault(at, "has '" + key.substr(0, 60) + "', which is no clause",
                   near.empty() ? "use one of " + list_of(clause_names) : "did you mean '" + near + "'?"),
             result;
    }
    result.kind = static_cast<ClauseKind>(found - clause_names.begin());
    const std::string inner = at + "." + key;
    if (result.kind == ClauseKind::all || result.kind == ClauseKind::any || result.kind == ClauseKind::no) {
      read_parts(result, body, inner, depth);
    } else {
      read_simple(result, body, inner);
    }
    return result;
  }

  const std::string& file_;
  const Known& known_;
  Diagnostics& diagnostics_;
  std::size_t clauses_ = 0;
};

void write_window(json::Writer& out, const Window& window) {
  if (window.months > 0) out.key("within_months").integer(window.months);
  if (window.from) out.key("from").string(to_string(*window.from));
  if (window.to) out.key("to").string(to_string(*window.to));
}

void write_names(json::Writer& out, std::string_view key, const std::vector<std::string>& names) {
  if (names.empty()) return;
  out.key(key).begin_array();
  for (const std::string& name : names) out.string(name);
  out.end_array();
}

void write(json::Writer& out, const Clause& clause);

void write_body(json::Writer& out, const Clause& clause) {
  if (clause.kind == ClauseKind::on_register || clause.kind == ClauseKind::sex) {
    out.string(clause.kind == ClauseKind::sex ? clause.sex : clause.codelist);
    return;
  }
  out.begin_object();
  if (!clause.codelist.empty()) out.key("codelist").string(clause.codelist);
  write_window(out, clause.within);
  if (clause.from_age) out.key("from").integer(*clause.from_age);
  if (clause.to_age) out.key("to").integer(*clause.to_age);
  if (clause.at_least_days > 1) out.key("at_least").integer(clause.at_least_days);
  if (!clause.low.empty()) out.key(clause.low_included ? "at_least" : "above").number_text(clause.low);
  if (!clause.high.empty()) out.key(clause.high_included ? "at_most" : "below").number_text(clause.high);
  write_names(out, "places", clause.places);
  write_names(out, "networks", clause.networks);
  write_names(out, "practices", clause.practices);
  out.end_object();
}

void write(json::Writer& out, const Clause& clause) {
  out.begin_object().key(clause_names[static_cast<std::size_t>(clause.kind)]);
  if (clause.kind == ClauseKind::no) {
    write(out, clause.parts.at(0));
  } else if (clause.kind == ClauseKind::all || clause.kind == ClauseKind::any) {
    out.begin_array();
    for (const Clause& part : clause.parts) write(out, part);
    out.end_array();
  } else {
    write_body(out, clause);
  }
  out.end_object();
}

}  // namespace

std::optional<Cohort> read_form(std::string_view json, const std::string& file, const Known& known, Diagnostics& diagnostics) {
  json::Parser parser;
  json::Fault fault;
  const auto document = parser.parse(json, fault);
  if (!document) {
    const auto offset = std::min(fault.offset, json.size());
    const int line = 1 + static_cast<int>(std::count(json.begin(), json.begin() + static_cast<std::ptrdiff_t>(offset), '\n'));
    diagnostics.push_back(
        {file, line, 0, Severity::error, "this is not JSON: " + fault.message, "check quotes, commas and brackets near byte " + std::to_string(offset)});
    return std::nullopt;
  }
  Diagnostics found;
  Cohort cohort = Reading(file, known, found).cohort(document->root());
  diagnostics.insert(diagnostics.end(), found.begin(), found.end());
  if (has_errors(found)) return std::nullopt;
  return cohort;
}

std::string to_json(const Cohort& cohort) {
  json::Writer out;
  out.begin_object().key("id").string(cohort.id).key("title").string(cohort.title);
  if (!cohort.note.empty()) out.key("note").string(cohort.note);
  if (!cohort.registered) out.key("of").string("alive");
  out.key("who");
  write(out, cohort.who);
  out.end_object();
  return out.take();
}

}  // namespace catchment::cohort
