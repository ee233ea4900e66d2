// thread: from any figure to what stands behind it.
//
// In:     a figure's membership, person by person, in two snapshots.
// Out:    why it changed, in five parts.
// Always: the parts sum to the difference exactly, for the numerator and for the denominator, and every person's
//         difference is in the parts once. Pure: no file, no snapshot, no clock.
#pragma once

#include "thread/change.h"
