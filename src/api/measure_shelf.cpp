#include "api/measure_shelf.h"

#include <algorithm>
#include <tuple>

#include "base/error.h"

namespace catchment::api {

using indicators::Basis;
using indicators::MeasureFigure;
using indicators::Split;

namespace {
constexpr std::size_t most_kept = 24;  // measures, each of a few thousand figures
}

MeasureShelf::MeasureShelf(const std::filesystem::path& file) {
  try {
    store_ = indicators::FigureStore::open(file);
    if (store_) measures_ = store_->measures();
  } catch (const Error&) {  // half-made or of another version: as if it were not there
    store_.reset();
    measures_.clear();
  }
  try {
    if (store_) head_counts_ = store_->head_counts();
  } catch (const Error&) { head_counts_.clear(); }  // made before people were counted there
}

const indicators::HeadCount* MeasureShelf::head_count(const std::string& name) const {
  const auto at =
      std::lower_bound(head_counts_.begin(), head_counts_.end(), name, [](const auto& each, const std::string& wanted) { return each.name < wanted; });
  return at == head_counts_.end() || at->name != name ? nullptr : &*at;
}

const indicators::PublishedMeasure* MeasureShelf::find(std::string_view id) const {
  const auto at = std::lower_bound(measures_.begin(), measures_.end(), id, [](const auto& each, std::string_view wanted) { return each.id < wanted; });
  return at == measures_.end() || at->id != id ? nullptr : &*at;
}

std::shared_ptr<const MeasureShelf::Figures> MeasureShelf::figures(const std::string& measure) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = kept_.find(measure); found != kept_.end()) return found->second;
  if (kept_.size() >= most_kept) kept_.clear();
  return kept_.emplace(measure, std::make_shared<const Figures>(store_ ? store_->figures(measure) : Figures{})).first->second;
}

std::shared_ptr<const MeasureShelf::Figures> MeasureShelf::brief(const std::string& measure) const {
  const std::lock_guard lock(mutex_);
  if (const auto found = brief_.find(measure); found != brief_.end()) return found->second;
  return brief_.emplace(measure, std::make_shared<const Figures>(store_ ? store_->brief_figures(measure) : Figures{})).first->second;
}

std::span<const MeasureFigure> pick(const MeasureShelf::Figures& figures, const Pick& wanted) {
  const auto key_of = [](const auto& each) { return std::tie(each.basis, each.split, each.variant, each.month, each.place); };
  const auto first = std::lower_bound(figures.begin(), figures.end(), wanted, [&](const MeasureFigure& a, const Pick& b) { return key_of(a) < key_of(b); });
  const auto last = std::upper_bound(first, figures.end(), wanted, [&](const Pick& a, const MeasureFigure& b) { return key_of(a) < key_of(b); });
  return {first, last};
}

const MeasureFigure* pick_one(const MeasureShelf::Figures& figures, Basis basis, Date month, const std::string& place) {
  const auto found = pick(figures, {basis, Split::none, "", month, place});
  return found.empty() ? nullptr : &found.front();
}

MeasureShelf::Figures pick_months(const MeasureShelf::Figures& figures, Basis basis, const std::string& place) {
  MeasureShelf::Figures months;
  for (const auto& figure : figures)
    if (figure.basis == basis && figure.split == Split::none && figure.place == place) months.push_back(figure);
  return months;
}

std::vector<std::string> index_versions(const MeasureShelf::Figures& figures, const std::string& usual) {
  std::vector<std::string> versions = {usual};
  for (const auto& figure : figures)
    if (figure.split == Split::deprivation && std::find(versions.begin(), versions.end(), figure.variant) == versions.end()) versions.push_back(figure.variant);
  return versions;
}

}  // namespace catchment::api
