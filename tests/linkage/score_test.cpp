#include "linkage/compare/score.h"

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

// People on few birthdays, whom each of two sources holds one to five times, mostly in the same words.
PackedRows repeated_rows(Model& model) {
  Random random(31);
  std::string one = "id,first_name,surname,dob,postcode\n", two = one;
  int id = 0;
  for (int p = 0; p < 900; ++p) {
    const std::string given = word(random, 5), family = word(random, 7), born = std::to_string(10 + random.below(10)) + "/05/1980";
    for (std::string* source : {&one, &two})
      for (std::uint64_t copies = 1 + random.below(5), k = 0; k < copies; ++k)
        *source += std::to_string(++id) + "," + given + "," + (random.chance(0.15) ? "x" + family : family) + "," + born + "," +
            (random.chance(0.3) ? "" : "MK1 1AB") + "\n";
  }
  Tables tables;
  tables.add("one", "one.csv", one), tables.add("two", "two.csv", two);
  std::vector<std::string> notes;
  model = guess_model(tables, {}, notes);
  PackedRows rows = pack(tables.raw(), model);
  complete_model(model, rows);
  model.blocking.clear(), model.refinements.clear(), model.most_pairs_a_row = 0, model.largest_block = 1'000'000;
  for (const auto& parts : std::vector<std::vector<const char*>>{{"family_name"}, {"birth_date"}, {"given_name", "postcode"}}) {
    BlockingRule rule;
    for (const char* part : parts) REQUIRE(read_key_part(part, rule.parts.emplace_back()));
    model.blocking.push_back(rule);
  }
  return rows;
}

}  // namespace

TEST_CASE("rows that say the same are weighed once and answered for each: every pair of the blocks, each on its own, gives the same pairs") {
  Model model;
  const PackedRows rows = repeated_rows(model);
  for (const bool holds_nobody_twice : {false, true}) {
    model.unique_sources.clear();
    if (holds_nobody_twice) model.unique_sources.emplace_back("two");
    const std::vector<bool> unique = unique_sources(model, rows);
    REQUIRE((std::count(unique.begin(), unique.end(), true) == 1) == holds_nobody_twice);
    const Blocks blocks(rows, model, 2);
    REQUIRE(blocks.pieces().size() > 6);  // blocks are cut in pieces
    const Comparer comparer(rows, model, Nicknames::usual());
    if (!model.trained) train(rows, blocks, comparer, model, 2);
    const Weigher weigher(rows, model, comparer, nullptr, 1);
    std::vector<std::uint8_t> fresh(rows.rows(), 0);
    for (std::size_t place = 0; place < fresh.size(); place += 7) fresh[place] = 1;
    for (const bool fresh_only : {false, true}) {
      constexpr double keep = 1;
      std::vector<ScoredPair> expected;
      std::uint64_t met = 0;
      Comparer::Memory memory(comparer.size());
      for (const Blocks::Piece& piece : blocks.pieces())
        blocks.each_pair(
            piece, [](std::uint32_t) { return true; },
            [&](std::uint32_t a, std::uint32_t b) {
              if (!eligible(model, unique, rows.source[a], rows.source[b]) || (fresh_only && fresh[a] == 0 && fresh[b] == 0)) return;
              ++met;
              const Pattern pattern = comparer.compare(a, b, memory);
              const double weight = weigher.log2_odds(a, b, pattern);
              if (weight >= keep && weigher.identified(pattern)) expected.push_back({std::min(a, b), std::max(a, b), static_cast<float>(weight)});
            });
      std::sort(expected.begin(), expected.end(), heavier);
      SilentProgress silent;
      const Scores scores = score(rows, blocks, comparer, weigher, model, keep, 2, silent, fresh_only ? &fresh : nullptr);
      CHECK(scores.compared == met);
      REQUIRE(expected.size() > 300);
      REQUIRE(scores.pairs.size() == expected.size());
      std::size_t unlike = 0;
      for (std::size_t i = 0; i < expected.size(); ++i)
        unlike += scores.pairs[i].a != expected[i].a || scores.pairs[i].b != expected[i].b || scores.pairs[i].weight != expected[i].weight ? 1 : 0;
      CHECK(unlike == 0);
    }
  }
}
