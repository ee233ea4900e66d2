#include <algorithm>
#include <array>
#include <unordered_map>
#include <unordered_set>

#include "linkage/linkage.h"
#include "linkage/nicknames.h"
#include "linkage/normalise.h"
#include "linkage/number_spine.h"
#include "linkage/persistence.h"
#include "linkage/similarity.h"
#include "linkage/union_find.h"

namespace catchment::linkage {
namespace {

// The decisions that stand: the newest on each pair of rows that are here.
class Decisions {
 public:
  Decisions(const IdentityTable& table, const PersonRegister& previous) {
    if (previous.reviews.empty()) return;
    std::unordered_map<std::string, std::vector<std::uint32_t>> rows;
    std::unordered_set<std::string> wanted;
    for (const ReviewDecision& d : previous.reviews) wanted.insert(name(d.a.source, d.a.key)), wanted.insert(name(d.b.source, d.b.key));
    for (std::uint32_t row = 0; row < table.size(); ++row) {
      const std::string own = name(table.source(row), table.key(row));
      if (wanted.contains(own)) rows[own].push_back(row);
    }
    std::vector<const ReviewDecision*> in_time;
    for (const ReviewDecision& d : previous.reviews) in_time.push_back(&d);
    std::stable_sort(in_time.begin(), in_time.end(), [](const ReviewDecision* x, const ReviewDecision* y) { return x->at.utc_ms < y->at.utc_ms; });
    for (const ReviewDecision* d : in_time) {
      const auto a = rows.find(name(d->a.source, d->a.key)), b = rows.find(name(d->b.source, d->b.key));
      if (a == rows.end() || b == rows.end()) continue;
      for (const std::uint32_t x : a->second)
        for (const std::uint32_t y : b->second) verdict_[pair(x, y)] = d->verdict;
    }
    for (const auto& [key, verdict] : verdict_)
      if (verdict != Verdict::same) apart_.insert(key);
  }

  std::vector<std::pair<std::uint32_t, std::uint32_t>> same() const {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
    for (const auto& [key, verdict] : verdict_)
      if (verdict == Verdict::same) out.emplace_back(static_cast<std::uint32_t>(key >> 32), static_cast<std::uint32_t>(key));
    std::sort(out.begin(), out.end());
    return out;
  }
  bool apart(std::uint32_t a, std::uint32_t b) const { return !apart_.empty() && apart_.contains(pair(a, b)); }
  bool different(std::uint32_t a, std::uint32_t b) const {
    const auto at = verdict_.find(pair(a, b));
    return at != verdict_.end() && at->second == Verdict::different;
  }
  const std::unordered_set<std::uint64_t>& all_apart() const { return apart_; }

 private:
  static std::string name(SourceId source, std::string_view key) { return std::to_string(source.value) + ":" + std::string(key); }
  static std::uint64_t pair(std::uint32_t a, std::uint32_t b) { return (static_cast<std::uint64_t>(std::min(a, b)) << 32) | std::max(a, b); }
  std::unordered_map<std::uint64_t, Verdict> verdict_;
  std::unordered_set<std::uint64_t> apart_;
};

// Two given names that other people carry too, and that are not forms of one another, are two names and not
// one name misspelt: Aiden and Jayden, born the same day in one house, are twins. Such pairs go to review.
class GivenNames {
 public:
  explicit GivenNames(const IdentityTable& table) {
    const Dictionary& texts = table.texts(IdentityTable::given_names);
    std::vector<TextId> normal(texts.size(), 0);
    for (TextId id = 1; id < texts.size(); ++id) normal[id] = names_.add(normalise_name(texts.text(id)));
    rows_.assign(names_.size(), 0);
    of_row_.resize(table.size());
    for (std::size_t row = 0; row < table.size(); ++row) ++rows_[of_row_[row] = normal[table.cell(IdentityTable::given_names, row)]];
    for (TextId id = 0; id < names_.size(); ++id) groups_.push_back(Nicknames::usual().groups_of(names_.text(id)));
  }

  bool two_names(std::uint32_t a, std::uint32_t b) const {
    const TextId x = of_row_[a], y = of_row_[b];
    if (x == y || x == 0 || y == 0 || rows_[x] < carried_by_others || rows_[y] < carried_by_others) return false;
    if (std::min(rows_[x], rows_[y]) * 50ULL < std::max(rows_[x], rows_[y])) return false;  // the rarer is a misspelling of the commoner
    if (words_contained(names_.text(x), names_.text(y))) return false;
    const auto& gx = groups_[x];
    const auto& gy = groups_[y];
    return std::find_first_of(gx.begin(), gx.end(), gy.begin(), gy.end()) == gx.end();
  }

 private:
  static constexpr std::uint32_t carried_by_others = 5;  // rows
  Dictionary names_;
  std::vector<std::uint32_t> rows_;
  std::vector<TextId> of_row_;
  std::vector<std::vector<std::uint32_t>> groups_;
};

// The identity columns as a model: the same fields everywhere, so none need be guessed.
Model identity_model(const LinkSettings& settings) {
  Model model;
  model.fields = {{"given_name", {"given_names"}, FieldKind::given_name}, {"family_name", {"family_name"}, FieldKind::family_name},
                  {"birth_date", {"date_of_birth"}, FieldKind::birth_date}, {"sex", {"sex"}, FieldKind::sex},
                  {"postcode", {"postcode"}, FieldKind::postcode},          {"address", {"address_line"}, FieldKind::address},
                  {"telephone", {"telephone"}, FieldKind::telephone},       {"email", {"email"}, FieldKind::email}};
  model.mode = LinkMode::dedupe;  // only a declared promise makes a source hold nobody twice
  model.seed = settings.seed;
  model.link_threshold = settings.link_threshold;
  model.review_threshold = settings.review_threshold;
  for (const SourceRules& source : settings.sources)
    if (source.one_row_per_person) model.unique_sources.push_back(std::to_string(source.source.value));
  return model;
}

// The columns the engine reads. Postcodes of incidents are left out before it sees them.
class EngineInput {
 public:
  EngineInput(const IdentityTable& table, const LinkSettings& settings) {
    static constexpr std::array<const char*, IdentityTable::columns> names{"nhs_number", "given_names", "family_name", "date_of_birth", "sex", "postcode", "address_line", "telephone", "email"};
    std::unordered_set<std::int32_t> incident;
    for (const SourceRules& source : settings.sources)
      if (source.postcode_is_incident) incident.insert(source.source.value);
    raw.rows = table.size();
    std::unordered_map<std::int32_t, std::uint16_t> place;
    for (std::uint32_t row = 0; row < table.size(); ++row) {
      const std::int32_t id = table.source(row).value;
      const auto [at, fresh] = place.emplace(id, static_cast<std::uint16_t>(raw.source_names.size()));
      if (fresh) raw.source_names.push_back(std::to_string(id));
      raw.source.push_back(at->second);
      raw.key_hash.push_back(hash_text(table.key(row)));
    }
    cells_.resize(IdentityTable::columns);
    for (std::uint8_t c = 0; c < IdentityTable::columns; ++c) {
      const auto column = static_cast<IdentityTable::Column>(c);
      cells_[c].resize(table.size());
      for (std::uint32_t row = 0; row < table.size(); ++row) {
        const bool place_of_incident = (column == IdentityTable::postcode || column == IdentityTable::address_line) &&
                                       ((table.flags(row) & flag_incident_postcode) != 0 || incident.contains(table.source(row).value));
        const bool mothers = (column == IdentityTable::telephone || column == IdentityTable::email) && (table.flags(row) & flag_newborn) != 0;
        cells_[c][row] = place_of_incident || mothers ? 0 : table.cell(column, row);
      }
      raw.columns.push_back({names[c], &table.texts(column), &cells_[c]});
    }
  }
  EngineInput(const EngineInput&) = delete;
  EngineInput& operator=(const EngineInput&) = delete;
  RawRows raw;

 private:
  std::vector<std::vector<TextId>> cells_;
};

}  // namespace

std::string_view to_string(EdgeReason reason) {
  switch (reason) {
    case EdgeReason::number_and_demographics: return "number-and-demographics";
    case EdgeReason::likeness: return "likeness";
    case EdgeReason::review: return "review";
    case EdgeReason::same_row: return "same-row";
  }
  return "likeness";
}

LinkResult link_identities(const IdentityTable& table, const PersonRegister& previous, const LinkSettings& settings, Progress& progress) {
  LinkResult result;
  result.counts.rows = table.size();
  progress.step("joining by number", table.size(), "rows");
  const std::vector<std::uint32_t> order = canonical_order(table);
  const Decisions decisions(table, previous);
  UnionFind sets(table.size());
  RowRules rules;
  for (std::size_t place = 1; place < order.size(); ++place) {
    const std::uint32_t a = order[place - 1], b = order[place];
    if (table.source(a) != table.source(b) || table.key(a) != table.key(b)) continue;
    rules.together.emplace_back(a, b);
    result.edges.push_back({std::min(a, b), std::max(a, b), 0, EdgeReason::same_row});
  }
  for (const auto& [a, b] : decisions.same()) {
    rules.together.emplace_back(a, b);
    result.edges.push_back({a, b, 0, EdgeReason::review});
  }
  const std::size_t before = result.edges.size();
  join_by_number(table, previous, order, sets, result);
  // A number joins around a decision that two rows are different: those rows' number edges are dropped.
  std::unordered_set<std::uint32_t> decided;
  for (const std::uint64_t key : decisions.all_apart()) decided.insert(static_cast<std::uint32_t>(key >> 32)), decided.insert(static_cast<std::uint32_t>(key));
  result.edges.erase(std::remove_if(result.edges.begin() + static_cast<std::ptrdiff_t>(before), result.edges.end(),
                                    [&](const Edge& e) { return decided.contains(e.a) || decided.contains(e.b); }), result.edges.end());
  for (std::size_t e = before; e < result.edges.size(); ++e) rules.together.emplace_back(result.edges[e].a, result.edges[e].b);
  progress.done();

  const std::vector<std::uint64_t> numbers = usable_numbers(table, previous);
  const auto never = [&](std::uint32_t a, std::uint32_t b) {
    if (numbers[a] != 0 && numbers[b] != 0 && numbers[a] != numbers[b]) return true;         // two live numbers are two people
    if (((table.flags(a) | table.flags(b)) & flag_identity_reissued) != 0) return numbers[a] == 0 || numbers[a] != numbers[b];
    return decisions.different(a, b);
  };
  const GivenNames given(table);
  rules.apart = [&](std::uint32_t a, std::uint32_t b) {
    const bool one_number = numbers[a] != 0 && numbers[a] == numbers[b];
    return never(a, b) || decisions.apart(a, b) || (!one_number && given.two_names(a, b));
  };
  std::vector<std::uint32_t> cluster(table.size());
  if (settings.by_likeness && table.size() > 1) {
    const EngineInput input(table, settings);
    Model model = identity_model(settings);
    const RowLinks links = link_rows(input.raw, model, std::max(1U, settings.threads), progress, rules);
    for (std::uint32_t place = 0; place < table.size(); ++place) cluster[links.rows.input_row[place]] = links.cluster[place];
    const auto row_pair = [&](const ScoredPair& p) {
      const std::uint32_t a = links.rows.input_row[p.a], b = links.rows.input_row[p.b];
      return Edge{std::min(a, b), std::max(a, b), p.weight, EdgeReason::likeness};
    };
    for (const ScoredPair& p : links.joined) result.edges.push_back(row_pair(p));
    for (const ScoredPair& p : links.pairs)
      if (links.cluster[p.a] != links.cluster[p.b] && !never(links.rows.input_row[p.a], links.rows.input_row[p.b])) result.review.push_back(row_pair(p));
    result.counts.pairs_compared = links.compared;
    std::vector<std::uint32_t> dropped;
    for (const RuleReport& r : links.blocking)
      if (r.dropped_rows != 0)
        result.findings.push_back({"value-shared-by-too-many-rows", "the blocking rule " + r.rule + " left out " + std::to_string(r.dropped_rows) +
                                   " rows whose values very many rows share (a placeholder, a hostel, a default): they are joined by other fields only", {}});
  } else {
    for (const auto& [a, b] : rules.together) sets.join(a, b);
    for (std::uint32_t row = 0; row < table.size(); ++row) cluster[row] = sets.root(row);
  }
  keep_identities(table, previous, settings, order, cluster, result);
  return result;
}

}  // namespace catchment::linkage
