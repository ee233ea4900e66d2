// Progress as a person watches it: a line that is redrawn on a terminal, plain lines elsewhere. To standard error.
#pragma once

#include <memory>

#include "base/progress.h"

namespace catchment::cli {

/// A bar with rows a second and the time that remains when standard error is a terminal; else one line a step and one each tenth.
/// A step whose unit is "stage" is a heading.
std::unique_ptr<Progress> progress_for_standard_error();

}  // namespace catchment::cli
