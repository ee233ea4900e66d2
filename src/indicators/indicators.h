// indicators: from records to published figures.
//
// In:     a snapshot, the definition folder, the members of every measure as module `measures` keeps them.
// Out:    head counts and the figures of every measure, kept beside the snapshot in one file; gaps, slopes, charts and reports from them.
// Always: every count passed `disclosure` together with all that it is tied to, and beside what was published before: what is stored
//         may be shown. Values and intervals are computed from the shown counts. Who opted out of planning and research is in no
//         figure of a measure, above or below the line; head counts hold everyone. Unknown place, age, sex, ethnicity and
//         deprivation are groups of their own.
#pragma once

#include "indicators/figure_store.h"        // figures of measures, published and read back
#include "indicators/head_counts.h"         // residents and registered people
#include "indicators/inequalities_pack.h"   // the statutory report
#include "indicators/insight.h"             // gaps, slopes, charts
