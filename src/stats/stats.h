// stats: the statistics of public health as pure functions.
// In: counts, populations, values. Out: points with intervals, limits, flags. No I/O, no clock, and no
// randomness but a stated seed.
// Always holds: a result that cannot be given is an empty optional with the reason named by the function's
// contract, never a zero; confidence is a share (0.95, 0.998); multipliers scale what is returned.
//
// Sources: Public Health England technical guide "Commonly used public health statistics and their
// confidence intervals"; Dobson et al. 1991; Chiang 1984; Silcocks et al. 2001; Spiegelhalter 2005;
// NHS England "Making Data Count"; Fingertips recent trends.
#pragma once

#include "stats/control_chart.h"
#include "stats/funnel.h"
#include "stats/inequality.h"
#include "stats/intervals.h"
#include "stats/life_expectancy.h"
#include "stats/quantiles.h"
#include "stats/rates.h"
#include "stats/trend.h"
