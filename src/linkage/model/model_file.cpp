// The only file of this module that sees the TOML library.
#include "linkage/model/model_file.h"

#include <fmt/core.h>

#include <algorithm>
#include <cmath>

#include "base/toml_library.h"
#include "linkage/compare/compare.h"
#include "linkage/tables/dictionary.h"

namespace catchment::linkage {
namespace {

constexpr std::size_t longest_file = 1U << 20;
constexpr std::size_t most_fields = 60, most_rules = 60, most_levels = 14;

class Reader {
 public:
  Reader(const std::string& file, Diagnostics& faults) : file_(file), faults_(faults) {}

  void fault(const toml::node& at, std::string message, std::string fix) { fault(at.source(), std::move(message), std::move(fix)); }
  void fault(const toml::source_region& at, std::string message, std::string fix) {
    faults_.push_back({file_, static_cast<int>(at.begin.line), static_cast<int>(at.begin.column), Severity::error, std::move(message), std::move(fix)});
  }

  bool parse(std::string_view bytes, toml::table& out) {
    if (bytes.size() > longest_file) {
      faults_.push_back({file_, 1, 1, Severity::error, "the file is longer than a megabyte", "a model is a page or two: is this the right file?"});
      return false;
    }
    toml::parse_result parsed = toml::parse(bytes);
    if (!parsed) {
      fault(parsed.error().source(), std::string(parsed.error().description()), "correct the TOML here; text stands in double quotes");
      return false;
    }
    out = std::move(parsed).table();
    return true;
  }

  void known_keys(const toml::table& table, const std::vector<std::string>& keys) {
    for (const auto& [key, value] : table) {
      const std::string name(key.str());
      if (std::find(keys.begin(), keys.end(), name) != keys.end()) continue;
      const std::string like = nearest(name, keys);
      fault(value, "unknown key " + name, like.empty() ? "the keys are in docs/reference/linkage.md" : "did you mean " + like + "?");
    }
  }

  std::string text(const toml::table& table, const char* key, std::string otherwise) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    if (const auto* value = node->as_string()) return value->get();
    fault(*node, fmt::format("{} must be text", key), "put it in double quotes");
    return otherwise;
  }
  bool yes(const toml::table& table, const char* key, bool otherwise) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    if (const auto* value = node->as_boolean()) return value->get();
    fault(*node, fmt::format("{} must be true or false", key), "write it without quotes");
    return otherwise;
  }
  double number(const toml::table& table, const char* key, double otherwise, double least, double most) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return otherwise;
    const double value = node->is_number() ? node->value<double>().value_or(std::nan("")) : std::nan("");
    if (value >= least && value <= most) return value;
    fault(*node, fmt::format("{} must be a number from {:g} to {:g}", key, least, most), fmt::format("the usual value is {:g}", otherwise));
    return otherwise;
  }
  // Each text of a list with its node; calls `each(text, node)`.
  template <typename Each>
  void texts(const toml::table& table, const char* key, const Each& each) {
    const toml::node* node = table.get(key);
    if (node == nullptr) return;
    const auto* list = node->as_array();
    if (list == nullptr) return fault(*node, fmt::format("{} must be a list", key), "write [\"one\", \"two\"]");
    for (const toml::node& item : *list) {
      if (const auto* value = item.as_string()) each(value->get(), item);
      else fault(item, fmt::format("{} holds something that is not text", key), "put it in double quotes");
    }
  }

 private:
  const std::string& file_;
  Diagnostics& faults_;
};

const std::vector<std::string>& words_of_kinds() {
  static const std::vector<std::string> words = [] {
    std::vector<std::string> out;
    for (int k = 0; k <= static_cast<int>(FieldKind::text); ++k) out.emplace_back(to_string(static_cast<FieldKind>(k)));
    return out;
  }();
  return words;
}

void read_levels(Reader& reader, const toml::table& table, Comparison& comparison) {
  std::vector<Level> levels;
  reader.texts(table, "levels", [&](const std::string& word, const toml::node& at) {
    Level level;
    if (!read_level(word, level))
      return reader.fault(at, "unknown level " + word,
                          "levels are exact, nickname, contained, jaro_winkler 0.92, edit 1, phonetic, prefix 1, overlap 0.5, ...");
    if (!(level.value >= 0 && level.value <= 366))
      return reader.fault(at, "level " + word + " has an impossible value", "jaro_winkler and overlap take 0 to 1, edit 1 to 3, date_years up to 100");
    if (level.test != Test::otherwise) levels.push_back(level);
  });
  if (levels.size() > most_levels) return reader.fault(*table.get("levels"), "more than 14 levels", "join those that say nearly the same");
  if (!levels.empty()) {
    comparison.levels = std::move(levels);
    comparison.levels.push_back({Test::otherwise, 0, 0, 0});
  }
  const toml::node* prior = table.get("prior");
  if (prior == nullptr) return;
  const auto* list = prior->as_array();
  if (list == nullptr || list->size() != comparison.levels.size())
    return reader.fault(*prior, fmt::format("prior must be a list of {} chances, one a level and the last for anything else", comparison.levels.size()),
                        "for example prior = [0.9, 0.05, 0.05]");
  double total = 0;
  for (std::size_t l = 0; l < list->size(); ++l) total += comparison.levels[l].m = std::max(0.0, list->get(l)->value<double>().value_or(-1));
  if (!(std::abs(total - 1) < 0.02))
    reader.fault(*prior, "the chances of prior do not add up to 1", "they say how often two rows of one person agree at each level");
}

void read_field(Reader& reader, const toml::table& table, ModelDefinition& out) {
  reader.known_keys(table, {"name", "kind", "columns", "levels", "prior", "shared_by", "term_frequency", "identifying", "compare"});
  Field field;
  field.name = reader.text(table, "name", "");
  const std::string kind = reader.text(table, "kind", "");
  if (field.name.empty()) reader.fault(table, "a field without a name", "add name = \"given_name\"");
  if (!read_field_kind(kind, field.kind)) {
    const std::string like = nearest(kind, words_of_kinds());
    reader.fault(table.get("kind") == nullptr ? static_cast<const toml::node&>(table) : *table.get("kind"),
                 kind.empty() ? "field " + field.name + " has no kind" : "unknown kind " + kind,
                 like.empty()
                     ? "kinds are given_name, family_name, full_name, birth_date, sex, postcode, address, telephone, email, nhs_number, identifier, ..."
                     : "did you mean " + like + "?");
  }
  for (const Field& other : out.model.fields)
    if (other.name == field.name && !field.name.empty()) reader.fault(table, "two fields named " + field.name, "list both columns in one field, or rename one");
  reader.texts(table, "columns", [&](const std::string& column, const toml::node&) { field.columns.push_back(column); });
  if (field.columns.empty()) field.columns.push_back(field.name);
  const bool part = field.kind == FieldKind::birth_year || field.kind == FieldKind::birth_month || field.kind == FieldKind::birth_day;
  const bool compared =
      field.kind != FieldKind::ignore && field.kind != FieldKind::row_id && field.kind != FieldKind::source && !part && reader.yes(table, "compare", true);
  if (compared) {
    const std::vector<std::pair<std::string, FieldKind>> packed = field.kind == FieldKind::full_name
        ? std::vector<std::pair<std::string, FieldKind>>{{"given_name", FieldKind::given_name}, {"family_name", FieldKind::family_name}}
        : std::vector<std::pair<std::string, FieldKind>>{{field.name, field.kind}};
    for (const auto& [name, of_kind] : packed) {
      // A whole name beside given and family name is read into those.
      const auto there = std::find_if(out.model.comparisons.begin(), out.model.comparisons.end(), [&](const Comparison& c) { return c.field == name; });
      if (there != out.model.comparisons.end() && field.kind == FieldKind::full_name) continue;
      if (there != out.model.comparisons.end()) out.model.comparisons.erase(there);
      Comparison comparison = usual_comparison(name, of_kind);
      comparison.term_frequency = reader.yes(table, "term_frequency", comparison.term_frequency);
      comparison.identifying = reader.yes(table, "identifying", comparison.identifying);
      const std::string shared = reader.text(table, "shared_by", "");
      if (shared == "person") comparison.sharing = Sharing::personal;
      else if (shared == "family") comparison.sharing = Sharing::name;
      else if (shared == "household") comparison.sharing = Sharing::household;
      else if (shared == "contact") comparison.sharing = Sharing::contact;
      else if (!shared.empty()) reader.fault(*table.get("shared_by"), "unknown shared_by " + shared, "write person, family, household or contact");
      read_levels(reader, table, comparison);
      out.model.comparisons.push_back(std::move(comparison));
    }
  }
  if (part && std::none_of(out.model.comparisons.begin(), out.model.comparisons.end(), [](const Comparison& c) { return c.field == "birth_date"; }))
    out.model.comparisons.push_back(usual_comparison("birth_date", FieldKind::birth_date));
  out.field_lines.push_back(static_cast<int>(table.source().begin.line));
  out.model.fields.push_back(std::move(field));
}

void read_blocking(Reader& reader, const toml::table& table, ModelDefinition& out) {
  const auto declared = [&](const KeyPart& part) {
    if (part.form == KeyForm::sorted_names) return true;
    return std::any_of(out.model.fields.begin(), out.model.fields.end(), [&](const Field& f) {
      const bool parted = (f.kind == FieldKind::full_name && (part.field == "given_name" || part.field == "family_name")) ||
          (f.kind == FieldKind::birth_year && part.field == "birth_date");
      return f.name == part.field || parted;
    });
  };
  reader.texts(table, "blocking", [&](const std::string& text, const toml::node& at) {
    BlockingRule rule;
    std::string_view rest = text;
    while (!rest.empty()) {
      std::string_view word = rest.substr(0, rest.find('+'));
      rest.remove_prefix(std::min(rest.size(), word.size() + 1));
      while (!word.empty() && word.front() == ' ') word.remove_prefix(1);
      while (!word.empty() && word.back() == ' ') word.remove_suffix(1);
      KeyPart part;
      if (!read_key_part(word, part))
        return reader.fault(at, fmt::format("\"{}\" is no part of a blocking key", word),
                            "write field, field:phonetic, field:first2, birth_date:year, postcode:sector or sorted_names");
      if (!declared(part))
        return reader.fault(at, "the blocking rule names " + part.field + ", which is no field of this model",
                            "add a [[field]] of that name or leave the rule out");
      rule.parts.push_back(std::move(part));
    }
    if (rule.parts.empty()) return reader.fault(at, "an empty blocking rule", "write field names joined by +");
    out.model.blocking.push_back(std::move(rule));
  });
  if (out.model.blocking.size() > most_rules)
    reader.fault(*table.get("blocking"), "more than 60 blocking rules", "leave out those whose pairs others bring too");
}

}  // namespace

ModelDefinition read_model(std::string_view toml, const std::string& file, Diagnostics& faults) {
  ModelDefinition out;
  Reader reader(file, faults);
  toml::table table;
  if (!reader.parse(toml, table)) return out;
  reader.known_keys(table,
                    {"mode", "seed", "link_probability", "review_probability", "largest_block", "names_cross", "nicknames", "unique_sources",
                     "match_probability", "blocking", "field"});
  Model& model = out.model;
  const std::string mode = reader.text(table, "mode", "automatic");
  if (mode == "dedupe") model.mode = LinkMode::dedupe;
  else if (mode == "link_only") model.mode = LinkMode::link_only;
  else if (mode != "automatic") reader.fault(*table.get("mode"), "unknown mode " + mode, "write automatic, dedupe or link_only");
  model.seed = static_cast<std::uint64_t>(reader.number(table, "seed", 1, 0, 9e15));
  model.link_threshold = reader.number(table, "link_probability", 0.5, 0.001, 0.999999);
  model.review_threshold = reader.number(table, "review_probability", std::min(0.1, model.link_threshold), 0.000001, 0.999999);
  if (model.review_threshold > model.link_threshold)
    reader.fault(*table.get("review_probability"), "review_probability is above link_probability", "pairs between the two are for review");
  model.largest_block = static_cast<std::uint32_t>(reader.number(table, "largest_block", 400, 2, 100000));
  const double prior = reader.number(table, "match_probability", 0, 1e-12, 0.5);
  if (prior > 0) model.log2_prior = std::log2(prior / (1 - prior));
  out.nicknames = reader.text(table, "nicknames", "");
  if (out.nicknames.find('/') != std::string::npos || out.nicknames.find("..") != std::string::npos)
    reader.fault(*table.get("nicknames"), "nicknames must stand beside the model", "give the file's name without a folder");
  reader.texts(table, "unique_sources", [&](const std::string& source, const toml::node&) { model.unique_sources.push_back(source); });
  const toml::node* fields = table.get("field");
  if (fields == nullptr || fields->as_array() == nullptr || fields->as_array()->empty()) {
    faults.push_back({file, 1, 1, Severity::error, "the model declares no field", "add [[field]] with name, kind and columns"});
    return out;
  }
  for (const toml::node& one : *fields->as_array()) {
    if (out.model.fields.size() >= most_fields) {
      reader.fault(one, "more than 60 fields", "leave out those that say little");
      break;
    }
    if (const auto* field = one.as_table()) read_field(reader, *field, out);
    else reader.fault(one, "a field must be a table", "write [[field]] on its own line");
  }
  if (model.comparisons.size() > most_comparisons - 1)
    reader.fault(*fields, "more than 14 fields are compared", "set compare = false on those used for blocking only");
  const auto has = [&](FieldKind kind) {
    return std::any_of(model.fields.begin(), model.fields.end(), [kind](const Field& f) { return f.kind == kind || f.kind == FieldKind::full_name; });
  };
  model.names_cross = reader.yes(table, "names_cross", has(FieldKind::given_name) && has(FieldKind::family_name));
  read_blocking(reader, table, out);
  return out;
}

std::string fingerprint(const Model& model) {
  std::string all = fmt::format("{} {} {} {}\n", static_cast<int>(model.mode), model.seed, model.names_cross, model.largest_block);
  for (const Field& f : model.fields) all += fmt::format("{} {}\n", f.name, to_string(f.kind));
  for (const Comparison& c : model.comparisons) {
    all += fmt::format("{} {} {} {}", c.field, static_cast<int>(c.sharing), c.term_frequency, c.identifying);
    for (const Level& l : c.levels) all += ", " + to_string(l);
    all += "\n";
  }
  for (const BlockingRule& rule : model.blocking) all += to_string(rule) + "\n";
  return fmt::format("{:016x}", hash_text(all));
}

std::string write_trained(const Model& model) {
  std::string out =
      "# Trained by catchment link. m: how often two rows of one person agree at this level; u: how often two people's do.\n# Delete this file to train "
      "again.\n";
  out += fmt::format(
      "definition = \"{}\"\nlog2_prior = {:.17g}\ncrossed_m = {:.17g}\nmoved = {:.17g}\nhousehold = {:.17g}\ntwin = {:.17g}\nnamesake = {:.17g}\nsame_name = "
      "{:.17g}\n",
      fingerprint(model), model.log2_prior, model.crossed_m, model.moved, model.household, model.twin, model.namesake, model.same_name);
  for (const Comparison& c : model.comparisons)
    for (const Level& l : c.levels) {
      std::string field;
      for (const char letter : c.field) field += letter == '"' || letter == '\\' || static_cast<unsigned char>(letter) < 0x20 ? '?' : letter;
      out += fmt::format("\n[[level]]\nfield = \"{}\"\nlevel = \"{}\"\nm = {:.17g}\nu = {:.17g}\n", field, to_string(l), l.m, l.u);
    }
  return out;
}

bool read_trained(std::string_view toml, const std::string& file, Model& model, Diagnostics& faults) {
  Reader reader(file, faults);
  toml::table table;
  if (!reader.parse(toml, table) || reader.text(table, "definition", "") != fingerprint(model)) return false;
  const std::size_t before = faults.size();
  Model read = model;
  read.log2_prior = reader.number(table, "log2_prior", -20, -60, 0), read.crossed_m = reader.number(table, "crossed_m", 0.02, 1e-9, 1);
  read.moved = reader.number(table, "moved", 0, 0, 1), read.household = reader.number(table, "household", 0, 0, 1),
  read.twin = reader.number(table, "twin", 0, 0, 1);
  read.namesake = reader.number(table, "namesake", 0, 0, 1), read.same_name = reader.number(table, "same_name", 0, 0, 1);
  const toml::node* levels = table.get("level");
  const toml::array* list = levels == nullptr ? nullptr : levels->as_array();
  std::size_t at = 0;
  for (Comparison& c : read.comparisons)
    for (Level& l : c.levels) {
      const toml::table* one = list == nullptr || at >= list->size() ? nullptr : list->get(at)->as_table();
      ++at;
      if (one == nullptr || reader.text(*one, "level", "") != to_string(l)) return false;
      l.m = reader.number(*one, "m", 0.5, 1e-300, 1), l.u = reader.number(*one, "u", 0.5, 1e-300, 1);
    }
  if (faults.size() != before) return false;
  model = std::move(read);
  return model.trained = true;
}

}  // namespace catchment::linkage
