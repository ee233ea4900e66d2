// The review queue of a snapshot: its items, both sides of one, and why rows are one person. Who decided what
// is not known here.
#include <fmt/core.h>

#include <algorithm>
#include <map>

#include "api/review_words.h"
#include "api/snapshot_source.h"
#include "base/nhs_number.h"

namespace catchment::api {

namespace {

constexpr std::size_t most_rows_shown = 60;  // of one side

Text given_text(std::string_view text) { return text.empty() ? Text{} : Text{std::string(text)}; }

Text spaced_number(const std::string& digits) {
  if (digits.empty()) return std::nullopt;
  const auto number = read_nhs_number(digits);
  return number.fault == NhsNumberFault::none ? Text{to_display(number.number)} : Text{digits};
}

/// As compared by eye: capitals and blanks do not make two values of one.
std::string folded(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c != ' ' && c != '-' && c != '\'') out += c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  return out;
}

std::string birth_of(const build::ReviewRow& row) {
  if (!row.birth_date) return {};
  const std::string whole = to_string(*row.birth_date);
  if (row.birth_precision == "year") return whole.substr(0, 4);
  if (row.birth_precision == "month") return whole.substr(0, 7);
  return to_long_string(*row.birth_date);
}

struct Compared {
  std::string_view field;
  std::string (*value)(const build::ReviewRow&);
};

constexpr Compared compared_fields[] = {
    {"given_name", [](const build::ReviewRow& r) { return r.given; }},
    {"family_name", [](const build::ReviewRow& r) { return r.family; }},
    {"birth_date", birth_of},
    {"sex", [](const build::ReviewRow& r) { return r.sex; }},
    {"nhs_number", [](const build::ReviewRow& r) { return spaced_number(r.nhs_number).value_or(""); }},
    {"postcode", [](const build::ReviewRow& r) { return r.postcode; }},
    {"address", [](const build::ReviewRow& r) { return r.address; }},
    {"telephone", [](const build::ReviewRow& r) { return r.telephone; }},
    {"email", [](const build::ReviewRow& r) { return r.email; }},
};

/// Different values of a field, those that most rows say first.
std::vector<ReviewValue> values_of(const std::vector<build::ReviewRow>& rows, const Compared& field) {
  std::vector<ReviewValue> values;
  for (const auto& row : rows) {
    const std::string text = field.value(row);
    if (text.empty()) continue;
    const auto same = std::find_if(values.begin(), values.end(), [&](const ReviewValue& each) { return folded(each.text) == folded(text); });
    if (same != values.end()) ++same->rows;
    else values.push_back({text, 1, false});
  }
  std::stable_sort(values.begin(), values.end(), [](const ReviewValue& x, const ReviewValue& y) { return x.rows > y.rows; });
  return values;
}

ReviewField compare_field(const Compared& what, const std::vector<build::ReviewRow>& a, const std::vector<build::ReviewRow>& b,
                          const std::vector<build::ReviewWeight>& weights) {
  ReviewField field;
  field.field = what.field;
  field.title = field_title(what.field);
  field.a = values_of(a, what);
  field.b = values_of(b, what);
  bool any = false;
  for (auto& x : field.a)
    for (auto& y : field.b)
      if (folded(x.text) == folded(y.text)) x.shared = y.shared = any = true;
  const auto weight = std::find_if(weights.begin(), weights.end(), [&](const auto& each) { return each.field == what.field; });
  if (field.a.empty() || field.b.empty()) {
    field.agreement = "missing";
    field.words = field.a.empty() && field.b.empty() ? "not given on either side" : "given on one side only";
  } else if (weight != weights.end() && weight->level == "not given") {
    field.agreement = any ? "same" : "missing";
    field.words = "not counted: a placeholder, or the place of an incident";
  } else if (any) {
    field.agreement = "same";
    field.words = field.a.size() + field.b.size() > 2 ? "one value is on both sides" : "the same";
  } else {
    const bool alike = weight != weights.end() && weight->level != "otherwise" && weight->level != "not given";
    field.agreement = alike ? "close" : "different";
    field.words = alike ? level_words(weight->level) : "different";
  }
  return field;
}

std::vector<WaterfallBar> waterfall_of(const std::vector<build::ReviewWeight>& weights) {
  std::vector<WaterfallBar> bars;
  double sum = 0;
  for (const auto& weight : weights) {
    if (weight.level == "not given") continue;  // says nothing
    bars.push_back({weight.field, field_title(weight.field), level_words(weight.level), weight.bits, sum, sum + weight.bits});
    sum += weight.bits;
  }
  return bars;
}

}  // namespace

build::QueueReader& SnapshotSource::queue() const {
  const std::lock_guard lock(queue_mutex_);
  if (!queue_) queue_ = std::make_unique<build::QueueReader>(snapshot_);
  return *queue_;
}

ReviewQueue SnapshotSource::review_queue(const Filter& filter) const { return {queue().size(filter), snapshot_->manifest().built_at}; }

std::vector<build::ReviewPair> SnapshotSource::review_pairs(const std::vector<std::int64_t>& items, const Filter& filter) const {
  return queue().pairs(items, filter);
}

std::optional<std::int64_t> SnapshotSource::review_item_of(const build::ReviewStore::Pair& rows, const Filter& filter) const {
  return queue().item_of(rows, filter);
}

build::ReviewRows SnapshotSource::review_names(std::int64_t item, const Filter& filter) const { return queue().names(item, filter); }

ReviewSideRow SnapshotSource::side_row(const build::ReviewRow& row, std::int64_t number) const {
  ReviewSideRow out;
  out.number = number;
  if (!row.withheld) {
    const auto* feed = find_feed(row.feed);
    out.dataset = given_text(feed == nullptr ? row.feed : feed->dataset);
    out.partner = given_text(sender_name(row.organisation));
    out.line = row.line;
  }
  out.nhs_number = spaced_number(row.nhs_number);
  out.number_status = given_text(row.number_status);
  out.given = given_text(row.given);
  out.family = given_text(row.family);
  out.previous_family = given_text(row.previous_family);
  out.birth_date = row.birth_date;
  out.sex = row.sex.empty() ? "unknown" : row.sex;
  out.address = given_text(row.address);
  out.postcode = given_text(row.postcode);
  out.telephone = given_text(row.telephone);
  out.email = given_text(row.email);
  out.died = row.death_date;
  out.updated = row.updated;
  return out;
}

std::optional<ReviewItem> SnapshotSource::review_item(std::int64_t item, const Filter& filter) const {
  const auto found = queue().pair(item, filter);
  if (!found) return std::nullopt;
  const build::ReviewPair& pair = *found;
  // Both sides are read together: what protects one protects the other.
  std::vector<build::ReviewRow> a, b;
  for (auto& row : queue().rows({pair.person_a, pair.person_b}, filter)) (row.person == pair.person_a ? a : b).push_back(std::move(row));
  const auto weights = queue().weights(item, filter);
  ReviewItem out;
  out.person_a = pair.person_a;
  out.person_b = pair.person_b;
  out.item = item;
  out.weight = pair.weight;
  out.probability = percent_of(pair.weight);
  out.held_back = held_back_words(pair.held_back);
  const auto side = [&](const std::vector<build::ReviewRow>& rows, const char* title, std::int64_t same_rows) {
    ReviewSide one;
    one.title = title;
    one.same_rows = same_rows;
    one.withheld = !rows.empty() && rows.front().withheld;
    for (std::size_t i = 0; i < std::min(rows.size(), most_rows_shown); ++i) one.rows.push_back(side_row(rows[i], static_cast<std::int64_t>(i + 1)));
    return one;
  };
  out.a = side(a, "First", pair.rows_a);
  out.b = side(b, "Second", pair.rows_b);
  for (const Compared& field : compared_fields) out.fields_compared.push_back(compare_field(field, a, b, weights));
  out.waterfall = waterfall_of(weights);
  return out;
}

std::optional<PersonWhy> SnapshotSource::review_why(std::int64_t item, bool second, const Filter& filter) const {
  const auto found = queue().pair(item, filter);
  if (!found) return std::nullopt;
  const build::ReviewPair& pair = *found;
  PersonWhy why;
  why.person = second ? pair.person_b : pair.person_a;
  std::map<std::pair<std::int32_t, std::int64_t>, std::int64_t> number;  // of each row
  for (const auto& row : queue().rows({pair.person_a, pair.person_b}, filter)) {
    if (row.person != why.person) continue;
    why.withheld = row.withheld;
    number[{row.source.value, row.line}] = static_cast<std::int64_t>(why.rows.size() + 1);
    why.rows.push_back(side_row(row, static_cast<std::int64_t>(why.rows.size() + 1)));
  }
  for (const auto& edge : queue().edges(why.person, filter))
    why.edges.push_back({number[{edge.source_a.value, edge.line_a}], number[{edge.source_b.value, edge.line_b}], edge_words(edge.reason),
                         edge.weight == 0 ? Number{} : Number{percent_of(edge.weight)}});
  why.sentence = why.rows.size() < 2 ? std::string("This is one row of one partner.")
                                     : fmt::format(
                                           "{} rows are one person. {} joined them; rows that one partner sent under one "
                                           "number of its own belong together without more.",
                                           why.rows.size(), why.edges.size() == 1 ? "One link" : std::to_string(why.edges.size()) + " links");
  return why;
}

}  // namespace catchment::api
