#include "linkage/compare/sketch.h"

#include <doctest/doctest.h>

#include <string>
#include <vector>

#include "base/random.h"
#include "linkage/compare/compare.h"

using namespace catchment;
using namespace catchment::linkage;

namespace {

// Texts of a kind, many of them a slip away from another.
std::vector<std::string> texts_of(FieldKind kind, Random& random) {
  const auto letters = [&](std::size_t count) {
    std::string out;
    for (std::size_t i = 0; i < count; ++i) out += static_cast<char>(i % 2 == 0 ? "bcdfghklmnprstwz"[random.below(16)] : "aeiou"[random.below(5)]);
    return out;
  };
  std::vector<std::string> out{"bill", "william", "peggy", "margaret", "ann mary", "mary", "de la cruz", "delacruz"};
  for (int i = 0; i < 300; ++i) {
    std::string text;
    switch (kind) {
      case FieldKind::birth_date: text = std::to_string(19300101 + random.below(90) * 10000 + random.below(12) * 100 + random.below(28)); break;
      case FieldKind::postcode: text = "MK" + std::to_string(1 + random.below(40)) + std::to_string(random.below(10)) + "AB"; break;
      case FieldKind::telephone: text = std::to_string(7700900000 + random.below(3000)); break;
      case FieldKind::address: text = std::to_string(1 + random.below(90)) + " " + letters(5) + (random.chance(0.5) ? " road" : " close"); break;
      case FieldKind::email: text = letters(4 + random.below(4)) + "@example.org"; break;
      default: text = letters(2 + random.below(8)) + (random.chance(0.2) ? " " + letters(4) : "");
    }
    out.push_back(text);
    const std::size_t at = random.below(text.size());
    if (random.chance(0.5)) std::swap(text[at], text[(at + 1) % text.size()]);
    else text.erase(at, 1);
    out.push_back(text);
  }
  return out;
}

}  // namespace

TEST_CASE("a sketch never says no to a level that holds, and says no to most pairs of strangers' names and birthdays") {
  for (const FieldKind kind : {FieldKind::given_name, FieldKind::family_name, FieldKind::birth_date, FieldKind::postcode, FieldKind::telephone,
                               FieldKind::address, FieldKind::email}) {
    Random random(5);
    PackedRows rows;
    rows.fields.push_back({"it", kind, 0});
    rows.dictionaries.emplace_back();
    for (const std::string& text : texts_of(kind, random)) rows.dictionaries[0].add(text);
    Model model;
    model.comparisons.push_back(usual_comparison("it", kind));
    const Comparer comparer(rows, model, Nicknames::usual());
    const std::vector<Level>& levels = model.comparisons[0].levels;
    std::vector<float> bounds;
    for (std::size_t l = 0; l < levels.size(); ++l) bounds.push_back(-static_cast<float>(l));
    const SketchBounds sketches(levels, bounds);
    const Dictionary& texts = rows.dictionaries[0];
    std::vector<Sketch> sketch{0};
    for (TextId id = 1; id < texts.size(); ++id)
      sketch.push_back(sketches.of(texts.text(id), comparer.has_nicknames(0, id), Comparer::sound_of(texts.text(id))));
    std::size_t wrong = 0, strangers = 0, told_apart = 0;
    for (TextId a = 1; a < texts.size(); ++a)
      for (TextId b = a + 1; b < texts.size(); ++b) {
        const unsigned level = comparer.level_of_values(0, a, b);
        const float most = sketches.at_most(sketch[a], sketch[b]);
        wrong += most < bounds[level - 1];
        if (level != levels.size()) continue;
        ++strangers;
        told_apart += most == bounds.back();
      }
    CHECK_MESSAGE(wrong == 0, to_string(kind));
    if (kind == FieldKind::birth_date) CHECK(told_apart == strangers);
    if (kind == FieldKind::family_name) CHECK(told_apart * 2 > strangers);
  }
}
