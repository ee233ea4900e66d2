#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "linkage/linkage.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using made::word;

namespace {

// Two to four records a person, some mistyped, in an order that mixes people.
std::vector<std::string> records(std::size_t people) {
  Random random(31);
  std::vector<std::string> out;
  for (std::size_t p = 0; p < people; ++p) {
    const std::string given = word(random, 5), family = word(random, 6),
                      born = std::to_string(1 + random.below(28)) + "/0" + std::to_string(1 + random.below(9)) + "/" + std::to_string(1930 + random.below(60));
    const std::string code = "MK" + std::to_string(1 + random.below(30)) + " " + std::to_string(1 + random.below(9)) + "AB";
    for (std::uint64_t k = 0, copies = 2 + random.below(3); k < copies; ++k) {
      std::string first = given, last = family;
      if (random.chance(0.1)) first[1] = 'x';
      if (random.chance(0.1)) last[2] = 'y';
      out.push_back("r" + std::to_string(out.size()) + "," + first + "," + last + "," + (random.chance(0.05) ? "" : born) + "," +
                    (random.chance(0.1) ? "" : code));
    }
  }
  for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

Tables table_of(const std::vector<std::string>& rows, std::size_t from, std::size_t to) {
  std::string text = "id,first_name,surname,dob,postcode\n";
  for (std::size_t i = from; i < to; ++i) text += rows[i] + "\n";
  Tables out;
  out.add("people", "people.csv", text);
  return out;
}

bool alike(const std::vector<ScoredPair>& x, const std::vector<ScoredPair>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const ScoredPair& a, const ScoredPair& b) { return a.a == b.a && a.b == b.b && a.weight == b.weight; });
}

}  // namespace

TEST_CASE("new rows are compared alone and the answer is that of a full run, with any number of threads and any split") {
  const std::vector<std::string> rows = records(1600);
  REQUIRE(rows.size() > 4000);
  SilentProgress silent;
  const Tables all = table_of(rows, 0, rows.size());
  std::vector<std::string> notes;
  Model trained = guess_model(all, {}, notes);
  trained.largest_block = 6;  // so that new rows make blocks too large
  const RowLinks first = link_rows(all.raw(), trained, 2, silent);
  const Frequencies kept = frequencies_of(first.rows, trained);
  Model model = trained;
  const RowLinks full = link_packed(pack(all.raw(), model), model, 2, silent, {}, &kept);
  CHECK(full.clusters < 1800);
  for (const double share : {0.99, 0.9, 0.4})
    for (const unsigned threads : {1U, 2U, 16U}) {
      const auto cut = static_cast<std::size_t>(share * static_cast<double>(rows.size()));
      const Tables before = table_of(rows, 0, cut), after = table_of(rows, cut, rows.size());
      Model of_before = trained;
      RowLinks base = link_packed(pack(before.raw(), of_before), of_before, threads, silent, {}, &kept);
      const RowLinks more = link_more(std::move(base), after.raw(), of_before, kept, threads, silent);
      CHECK(more.cluster == full.cluster);
      CHECK(more.rows.input_row == full.rows.input_row);
      CHECK(alike(more.pairs, full.pairs));
      CHECK(alike(more.refused, full.refused));
      if (share > 0.95) CHECK(more.compared * 20 < full.compared);
    }
}

namespace {

// Records of several sources in an order that mixes people: source, then the record.
struct SourcedRecord {
  std::size_t source;
  std::string text;
};
std::vector<SourcedRecord> sourced_records(std::size_t people, std::size_t sources, std::uint64_t seed) {
  Random random(seed);
  std::vector<SourcedRecord> out;
  for (std::size_t p = 0; p < people; ++p) {
    // Few names, dates and places, so that strangers are alike and blocks are crowded.
    const std::string given = word(random, 3), family = word(random, 3),
                      born = std::to_string(1 + random.below(28)) + "/0" + std::to_string(1 + random.below(3)) + "/19" + std::to_string(60 + random.below(8)),
                      code = "MK" + std::to_string(1 + random.below(12)) + " " + std::to_string(1 + random.below(3)) + "AB";
    for (std::uint64_t k = 0, copies = 1 + random.below(5); k < copies; ++k) {
      std::string first = given, last = family;
      if (random.chance(0.1)) first[1] = 'x';
      if (random.chance(0.1)) last[2] = 'y';
      out.push_back(
          {random.below(sources),
           "r" + std::to_string(out.size()) + "," + first + "," + last + "," + (random.chance(0.05) ? "" : born) + "," + (random.chance(0.1) ? "" : code)});
    }
  }
  for (std::size_t i = out.size(); i > 1; --i) std::swap(out[i - 1], out[random.below(i)]);
  return out;
}

Tables tables_of(const std::vector<SourcedRecord>& records, std::size_t from, std::size_t to, std::size_t sources) {
  Tables out;
  for (std::size_t s = 0; s < sources; ++s) {
    std::string text = "id,first_name,surname,dob,postcode\n";
    for (std::size_t i = from; i < to; ++i)
      if (records[i].source == s) text += records[i].text + "\n";
    out.add("source " + std::to_string(s), "some.csv", text);
  }
  return out;
}

// How often what new rows can undo was undone.
struct Undone {
  std::size_t pairs = 0, clusters = 0;
};

// Links some records, then the rest beside them, and holds the answer against all at once.
Undone check_more(const std::vector<SourcedRecord>& records, std::size_t sources, std::size_t cut, const Model& trained, const Frequencies& kept,
                  unsigned threads) {
  SilentProgress silent;
  Model model = trained, of_before = trained;
  const Tables all = tables_of(records, 0, records.size(), sources), before = tables_of(records, 0, cut, sources),
               after = tables_of(records, cut, records.size(), sources);
  const RowLinks full = link_packed(pack(all.raw(), model), model, threads, silent, {}, &kept);
  RowLinks base = link_packed(pack(before.raw(), of_before), of_before, threads, silent, {}, &kept);
  const RowLinks first = base;
  const RowLinks more = link_more(std::move(base), after.raw(), of_before, kept, threads, silent);
  CHECK(more.cluster == full.cluster);
  CHECK(more.clusters == full.clusters);
  CHECK(more.rows.cells.size() == full.rows.cells.size());
  CHECK(alike(more.pairs, full.pairs));
  CHECK(alike(more.joined, full.joined));
  CHECK(alike(more.refused, full.refused));
  // Old places and new ones, by the rows' own names.
  Undone undone;
  std::vector<std::uint32_t> now_at(first.rows.rows());
  for (std::size_t old = 0, now = 0; old < now_at.size(); ++now)
    if (more.rows.input_row[now] < now_at.size()) now_at[old++] = static_cast<std::uint32_t>(now);
  for (const ScoredPair& pair : first.pairs)
    undone.pairs +=
        std::none_of(more.pairs.begin(), more.pairs.end(), [&](const ScoredPair& other) { return other.a == now_at[pair.a] && other.b == now_at[pair.b]; });
  for (const ScoredPair& pair : first.joined) undone.clusters += more.cluster[now_at[pair.a]] != more.cluster[now_at[pair.b]];
  return undone;
}

}  // namespace

TEST_CASE("random tables of several sources: new rows that crowd blocks and part persons give the answer of a full run") {
  constexpr std::size_t sources = 3;
  Undone undone;
  for (std::uint64_t seed = 1; seed <= 6; ++seed) {
    const std::vector<SourcedRecord> records = sourced_records(420, sources, seed);
    SilentProgress silent;
    const Tables all = tables_of(records, 0, records.size(), sources);
    std::vector<std::string> notes;
    Model trained = guess_model(all, {}, notes);
    for (const auto& parts : std::vector<std::vector<const char*>>{{"birth_date", "given_name:first1"}, {"postcode", "family_name:first1"}, {"sorted_names"}}) {
      BlockingRule rule;
      for (const char* part : parts) REQUIRE(read_key_part(part, rule.parts.emplace_back()));
      trained.blocking.push_back(rule);
    }
    if (seed % 2 == 0) trained.unique_sources = {"source 1"};
    trained.largest_block = seed % 3 == 0 ? 12 : 5;
    const RowLinks first = link_rows(all.raw(), trained, 2, silent);
    const Frequencies kept = frequencies_of(first.rows, trained);
    for (const double share : {0.99, 0.9, 0.5}) {
      CAPTURE(seed);
      CAPTURE(share);
      const Undone now = check_more(records, sources, static_cast<std::size_t>(share * static_cast<double>(records.size())), trained, kept, seed % 2 + 1);
      undone.pairs += now.pairs, undone.clusters += now.clusters;
    }
  }
  CHECK(undone.pairs > 10);    // blocks that grew too large
  CHECK(undone.clusters > 5);  // rows one person until a new row came between them
}

TEST_CASE("a pair's bars add up to the weight it was linked with") {
  const std::vector<std::string> rows = records(400);
  SilentProgress silent;
  const Tables tables = table_of(rows, 0, rows.size());
  std::vector<std::string> notes;
  Model model = guess_model(tables, {}, notes);
  const RowLinks links = link_rows(tables.raw(), model, 2, silent);
  const Explainer explainer(links, model);
  REQUIRE(links.pairs.size() > 300);
  for (std::size_t i = 0; i < links.pairs.size(); i += 37) {
    const PairStory story = explainer.pair(links.pairs[i].a, links.pairs[i].b);
    double sum = 0;
    for (const WeightPart& part : story.parts) sum += part.bits;
    CHECK(sum == doctest::Approx(story.log2_odds));
    CHECK(static_cast<float>(story.log2_odds) == links.pairs[i].weight);
    CHECK(!story.met_by.empty());
  }
  // A cluster of n rows is held by n - 1 pairs that joined it.
  const std::uint32_t place = links.pairs[0].a;
  std::size_t joined = 0;
  for (const ClusterEdge& edge : explainer.edges_of(place)) joined += !edge.refused;
  CHECK(joined + 1 == explainer.cluster_of(place).size());
}
