// A measure by two groups at once, as the Measure page draws it. Internal to api.
#pragma once

#include <vector>

#include "api/measure_shelf.h"
#include "api/model.h"

namespace catchment::api {

/// The crossings there are figures of in the measure's last month, of registered people of the whole area. One of which every
/// figure is hidden has a title and cells and no sentence: it is not drawn.
std::vector<Crossing> crossings_of(const indicators::PublishedMeasure& measure, const MeasureShelf::Figures& figures);

}  // namespace catchment::api
