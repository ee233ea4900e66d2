#include "linkage/compare/screen.h"

#include <algorithm>

#include "linkage/model/train.h"

namespace catchment::linkage {

std::vector<std::uint16_t> compared_alone(const Model& model, const PackedRows& rows) {
  std::vector<std::uint16_t> out;
  const std::vector<bool> unique = unique_sources(model, rows);
  for (std::size_t s = 0; s < unique.size(); ++s) {
    const auto source = static_cast<std::uint16_t>(s);
    out.push_back(eligible(model, unique, source, source) ? std::uint16_t{0} : static_cast<std::uint16_t>(s + 1));
  }
  if (std::all_of(out.begin(), out.end(), [](std::uint16_t source) { return source == 0; })) out.clear();
  return out;
}

SketchBounds sketch_bounds(const Model& model, const Weigher& weigher, std::size_t comparison) {
  std::vector<float> at_most;
  for (std::size_t l = 1; l <= model.comparisons[comparison].levels.size(); ++l) at_most.push_back(static_cast<float>(weigher.level_at_most(comparison, l)));
  return {model.comparisons[comparison].levels, at_most};
}

Sketching::Sketching(const PackedRows& rows, const Model& model, const Weigher& weigher, std::size_t comparison, const SketchBounds& bounds)
    : bounds_(bounds), comparer_(weigher.comparer()), texts_(rows.texts(weigher.field_of(comparison))), comparison_(comparison) {
  const FieldKind kind = rows.fields[weigher.field_of(comparison)].kind;
  const bool name = kind == FieldKind::given_name || kind == FieldKind::family_name;
  const auto& levels = model.comparisons[comparison].levels;
  const auto uses = [&](Test test) { return std::any_of(levels.begin(), levels.end(), [test](const Level& l) { return l.test == test; }); };
  sounds_ = name || uses(Test::phonetic), nicknames_ = name || uses(Test::nickname);
}

}  // namespace catchment::linkage
