// The values that members of the API's shapes may be absent of.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/date.h"
#include "base/ids.h"

namespace catchment::api {

using Text = std::optional<std::string>;
using Number = std::optional<double>;
using Count = std::optional<std::int64_t>;
using Day = std::optional<Date>;

}  // namespace catchment::api
