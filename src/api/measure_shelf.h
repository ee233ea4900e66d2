// Head counts and the published figures of the measure library, as the pages pick from them. Internal to api.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "indicators/indicators.h"

namespace catchment::api {

class MeasureShelf {
 public:
  using Figures = std::vector<indicators::MeasureFigure>;  // as FigureStore orders them

  /// Empty when there is no such file or it cannot be read.
  explicit MeasureShelf(const std::filesystem::path& file);

  const std::vector<indicators::PublishedMeasure>& measures() const { return measures_; }
  const indicators::PublishedMeasure* find(std::string_view id) const;
  /// Read once and kept a while. Safe from several threads.
  std::shared_ptr<const Figures> figures(const std::string& measure) const;
  /// Those without a split, by deprivation, ethnicity and sex only: for pages about every measure.
  std::shared_ptr<const Figures> brief(const std::string& measure) const;
  /// Null when nobody is counted under that name.
  const indicators::HeadCount* head_count(const std::string& name) const;

 private:
  std::unique_ptr<indicators::FigureStore> store_;
  std::vector<indicators::PublishedMeasure> measures_;
  std::vector<indicators::HeadCount> head_counts_;  // by name
  mutable std::mutex mutex_;
  mutable std::map<std::string, std::shared_ptr<const Figures>, std::less<>> kept_, brief_;
};

struct Pick {
  indicators::Basis basis = indicators::Basis::registered;
  indicators::Split split = indicators::Split::none;
  std::string variant;  // version of the deprivation index
  Date month;
  std::string place;    // empty = the whole area
};
/// The groups of one split, in their natural order.
std::span<const indicators::MeasureFigure> pick(const MeasureShelf::Figures& figures, const Pick& wanted);
/// The one figure without a split; null when there is none.
const indicators::MeasureFigure* pick_one(const MeasureShelf::Figures& figures, indicators::Basis basis, Date month, const std::string& place);
/// The same over all months, in order.
MeasureShelf::Figures pick_months(const MeasureShelf::Figures& figures, indicators::Basis basis, const std::string& place);
/// The versions of the deprivation index in the figures, the given one first.
std::vector<std::string> index_versions(const MeasureShelf::Figures& figures, const std::string& usual);

}  // namespace catchment::api
