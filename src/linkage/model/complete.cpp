// The usual comparisons and blocking rules for the fields there are.
#include <algorithm>
#include <initializer_list>

#include "linkage/compare/compare.h"
#include "linkage/model/guess.h"

namespace catchment::linkage {
namespace {

// How much a kind of field usually tells; the most telling are compared when there are too many.
int telling(FieldKind kind) {
  switch (kind) {
    case FieldKind::nhs_number:
    case FieldKind::identifier: return 9;
    case FieldKind::birth_date:
    case FieldKind::given_name:
    case FieldKind::family_name: return 8;
    case FieldKind::email:
    case FieldKind::telephone: return 7;
    case FieldKind::postcode:
    case FieldKind::address: return 6;
    case FieldKind::house_number:
    case FieldKind::locality:
    case FieldKind::age: return 5;
    case FieldKind::text: return 4;
    case FieldKind::sex: return 3;
    default: return 2;
  }
}

// Two fields that nearly always hold the same text are one field said twice.
bool repeats(const PackedRows& rows, std::size_t a, std::size_t b) {
  std::size_t both = 0, same = 0;
  const std::size_t step = std::max<std::size_t>(1, rows.rows() / 5000);
  for (std::size_t row = 0; row < rows.rows(); row += step) {
    if (rows.cell(row, a) == 0 || rows.cell(row, b) == 0) continue;
    ++both;
    same += rows.text(row, a) == rows.text(row, b);
  }
  return both > 20 && same * 10 > both * 8;
}

// Dates that lack a part by custom (a source that knows the year alone), not by a slip here and there.
bool often_partial(const PackedRows& rows, std::size_t field) {
  std::size_t held = 0, partial = 0;
  const std::size_t step = std::max<std::size_t>(1, rows.rows() / 20000);
  for (std::size_t row = 0; row < rows.rows(); row += step) {
    const std::string_view date = rows.text(row, field);
    if (date.size() != 8) continue;
    ++held;
    partial += date.substr(0, 4) == "0000" || date.substr(4, 2) == "00" || date.substr(6) == "00";
  }
  return partial * 50 > held;
}

class RuleList {
 public:
  RuleList(Model& model, const PackedRows& rows) : model_(model), rows_(rows) {}
  void add(std::initializer_list<std::string_view> parts) {
    BlockingRule rule;
    for (const std::string_view text : parts) {
      KeyPart part;
      read_key_part(text, part);
      const bool there = part.form == KeyForm::sorted_names ? rows_.first_of(FieldKind::given_name) >= 0 && rows_.first_of(FieldKind::family_name) >= 0
                                                            : rows_.field(part.field) >= 0;
      if (!there) return;
      rule.parts.push_back(part);
    }
    if (model_.blocking.size() < 40) model_.blocking.push_back(std::move(rule));
  }

 private:
  Model& model_;
  const PackedRows& rows_;
};

// Keys that few strangers share in a table of millions. False where the fields for them are not there.
bool narrow_blocking(Model& model, const PackedRows& rows) {
  RuleList rules(model, rows);
  for (const PackedField& f : rows.fields)
    if (f.kind == FieldKind::nhs_number || f.kind == FieldKind::identifier || f.kind == FieldKind::email || f.kind == FieldKind::telephone) rules.add({f.name});
  rules.add({"birth_date", "given_name:phonetic"});
  rules.add({"birth_date", "family_name:phonetic"});
  rules.add({"birth_date", "postcode:sector"});
  rules.add({"birth_date:year", "sorted_names"});
  rules.add({"birth_date:month_day", "given_name:first2", "family_name:first2"});
  rules.add({"birth_date:year_month", "given_name:first2", "family_name:first2"});
  rules.add({"postcode", "given_name:phonetic"});
  rules.add({"postcode", "family_name:first2", "given_name:first1"});
  rules.add({"postcode", "birth_date:year"});
  rules.add({"sorted_names", "postcode:district"});
  rules.add({"family_name", "birth_date:year_month"});
  for (const PackedField& f : rows.fields) {
    if (f.kind == FieldKind::address) {
      rules.add({f.name, "given_name:phonetic"});
      rules.add({f.name, "birth_date:year"});
    }
    if (f.kind == FieldKind::locality) rules.add({f.name, "given_name:phonetic", "family_name:phonetic"});
  }
  if (model.blocking.size() >= 6) return true;
  model.blocking.clear();
  return false;
}

void usual_blocking(Model& model, const PackedRows& rows) {
  if (rows.rows() <= 3000) {
    model.blocking.push_back({});  // few rows: every pair
    return;
  }
  if (rows.rows() >= large_table && narrow_blocking(model, rows)) return;
  RuleList rules(model, rows);
  for (const PackedField& f : rows.fields)
    if (f.kind == FieldKind::nhs_number || f.kind == FieldKind::identifier || f.kind == FieldKind::email || f.kind == FieldKind::telephone) rules.add({f.name});
  rules.add({"sorted_names"});
  rules.add({"birth_date"});
  rules.add({"birth_date:month_day", "given_name:first2"});
  rules.add({"birth_date:month_day", "family_name:first2"});
  rules.add({"birth_date:year_month", "family_name:first2"});
  rules.add({"birth_date:year_month", "given_name:first2"});
  rules.add({"birth_date:year", "family_name:phonetic"});
  rules.add({"birth_date:year", "given_name:phonetic"});
  rules.add({"given_name:first4", "family_name:first4"});
  rules.add({"given_name:first1", "family_name"});
  rules.add({"given_name", "family_name:first1"});
  rules.add({"postcode", "given_name:first1"});
  rules.add({"postcode", "family_name:first2"});
  rules.add({"postcode", "birth_date:year"});
  for (const PackedField& f : rows.fields) {
    if (f.kind == FieldKind::address) {
      rules.add({f.name, "given_name:first1"});
      rules.add({f.name, "birth_date:year"});
      rules.add({f.name, "postcode"});
      rules.add({f.name, "house_number"});
    }
    if (f.kind == FieldKind::locality) {
      rules.add({f.name, "given_name:phonetic"});
      rules.add({f.name, "family_name:phonetic"});
    }
    if (f.kind == FieldKind::identifier) {
      rules.add({f.name + ":first4", "given_name:first1"});
      rules.add({f.name + ":last4", "family_name:first1"});
    }
    if (f.kind == FieldKind::email) rules.add({f.name + ":first5"});
    if (f.kind == FieldKind::telephone) rules.add({f.name + ":last6"});
  }
  if (model.blocking.size() < 3)
    for (const PackedField& f : rows.fields) rules.add({f.name});
}

}  // namespace

void complete_model(Model& model, const PackedRows& rows) {
  if (model.comparisons.empty()) {
    std::vector<std::size_t> order;
    order.reserve(rows.fields.size());
    for (std::size_t f = 0; f < rows.fields.size(); ++f) order.push_back(f);
    std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) { return telling(rows.fields[a].kind) > telling(rows.fields[b].kind); });
    std::vector<std::size_t> kept;
    for (const std::size_t f : order) {
      const bool again = std::any_of(kept.begin(), kept.end(), [&](std::size_t k) { return repeats(rows, k, f); });
      if (!again && kept.size() < most_comparisons - 1) kept.push_back(f);
    }
    std::sort(kept.begin(), kept.end());
    for (const std::size_t f : kept) {
      Comparison& comparison = model.comparisons.emplace_back(usual_comparison(rows.fields[f].name, rows.fields[f].kind));
      if (rows.fields[f].kind == FieldKind::birth_date && !often_partial(rows, f))
        std::erase_if(comparison.levels, [](const Level& level) { return level.test == Test::date_partial; });
    }
    model.names_cross = rows.first_of(FieldKind::given_name) >= 0 && rows.first_of(FieldKind::family_name) >= 0;
  }
  if (model.blocking.empty()) {
    usual_blocking(model, rows);
    model.largest_block = rows.rows() < 100000 ? 1000 : rows.rows() < 300000 ? 200 : 80;
    if (rows.rows() >= large_table) model.most_pairs_a_row = 3;
  }
  if (model.refinements.empty())
    for (const char* text : {"birth_date:year", "sex", "given_name:first1", "postcode:district", "family_name:first1", "birth_date:month_day", "given_name",
                             "family_name", "postcode"}) {
      KeyPart part;
      read_key_part(text, part);
      if (rows.field(part.field) >= 0) model.refinements.push_back(part);
    }
}

}  // namespace catchment::linkage
