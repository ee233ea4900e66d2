#include "linkage/cluster/idle_rules.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "linkage/linkage.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using made::word;

namespace {

// Two records a person: one in four times the birthday is missing, else one in ten family names is mistyped.
PackedRows pairs_of_records(std::size_t people, Model& model) {
  Random random(9);
  std::string text = "id,first_name,surname,dob,postcode\n";
  for (std::size_t p = 0; p < people; ++p) {
    const std::string given = word(random, 5), family = word(random, 7), code = "MK" + std::to_string(1 + random.below(30)) + " 1AB",
                      born = std::to_string(10 + random.below(18)) + "/0" + std::to_string(1 + random.below(9)) + "/" + std::to_string(1930 + random.below(60));
    const bool unborn = random.chance(0.25);
    for (int k = 0; k < 2; ++k)
      text += std::to_string(2 * p + static_cast<std::size_t>(k)) + "," + given + "," + (k == 1 && !unborn && random.chance(0.1) ? "x" + family : family) +
          "," + (k == 1 && unborn ? "" : born) + "," + code + "\n";
  }
  Tables tables;
  tables.add("people", "people.csv", text);
  std::vector<std::string> notes;
  model = guess_model(tables, {}, notes);
  return pack(tables.raw(), model);
}

void declare(Model& model, std::initializer_list<std::initializer_list<const char*>> rules) {
  model.blocking.clear();
  for (const auto& parts : rules) {
    BlockingRule rule;
    for (const char* part : parts) REQUIRE(read_key_part(part, rule.parts.emplace_back()));
    model.blocking.push_back(rule);
  }
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> true_pairs(const PackedRows& rows) {
  std::vector<std::uint32_t> place(rows.rows());
  for (std::uint32_t p = 0; p < place.size(); ++p) place[rows.input_row[p]] = p;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
  for (std::size_t row = 0; row + 1 < place.size(); row += 2) out.emplace_back(place[row], place[row + 1]);
  return out;
}

}  // namespace

TEST_CASE("a rule whose pairs other rules bring together is idle; one that alone brings some together is not") {
  Model model;
  const PackedRows rows = pairs_of_records(5000, model);
  declare(model, {{"birth_date", "given_name"}, {"birth_date", "family_name"}, {"given_name", "family_name"}});
  const Blocks blocks(rows, model, 2);
  const auto likely = true_pairs(rows);
  REQUIRE(likely.size() == 5000);
  CHECK(idle_rules(blocks, likely) == std::vector<std::size_t>{1});
  CHECK(idle_rules(blocks, {likely.begin(), likely.begin() + 100}).empty());
}

TEST_CASE("blocks with a rule left out are those made without it") {
  Model model;
  const PackedRows rows = pairs_of_records(3000, model);
  declare(model, {{"birth_date"}, {"postcode", "given_name:first1"}, {"birth_date:year", "family_name:first2"}, {"given_name"}});
  const Blocks some(rows, model, 2, [](const Blocks&) { return std::vector<std::size_t>{2, 0}; });
  declare(model, {{"postcode", "given_name:first1"}, {"given_name"}});
  const Blocks made(rows, model, 2);
  REQUIRE(some.rules() == 2);
  CHECK(some.pairs_at_most() == made.pairs_at_most());
  const auto pairs_of = [](const Blocks& blocks) {
    std::vector<std::pair<std::uint32_t, std::uint32_t>> out;
    for (const Blocks::Piece& piece : blocks.pieces())
      blocks.each_pair(piece, [](std::uint32_t) { return true; }, [&](std::uint32_t a, std::uint32_t b) { out.emplace_back(a, b); });
    return out;
  };
  CHECK(pairs_of(some) == pairs_of(made));
  REQUIRE(pairs_of(made).size() > 3000);
}
