// disclosure: what may be shown of counts, as a versioned policy.
//
// In:     exact counts with names and the sums that tie them together; what was published before.
// Out:    the same counts as they may leave: hidden or rounded; what was lost; a release to remember.
// Always: a count of 1 to `hidden_up_to` is never shown, nor a share whose numerator or remainder is one; every shown
//         count is a multiple of `rounded_to` (a rebuilt total the sum of such). Zero is shown, unless it would give
//         a small count away. With secondary suppression no reader can work out, from this release and the
//         remembered ones together, that a small count lies in less than 1 to `hidden_up_to`: each has a proof which
//         `audit` checks. The same input gives the same answer. Nothing here is random or keeps anything.
//
// One measure by group with a total, and by small area, neighbourhood, place and whole:
//
//     std::vector<ShareLine> lines = {{"mmr|2026-03|all", 812, 960}, {"mmr|2026-03|female", 405, 470}, {"mmr|2026-03|male", 407, 490}};
//     std::vector<NamedSum> sums = {{"mmr|2026-03|all", {"mmr|2026-03|female", "mmr|2026-03|male"}}};
//     const ShownShares shown = protect_shares(policy_on(policies, as_of), lines, sums, memory);
//
// shown.shares stands in the order of lines. Tables that share a margin (the same place by sex and by ethnicity) go
// into one call with the margin as one line. "Unknown" is a part like any other, so that sums hold. A value, an
// interval, a chart or funnel point is drawn only where `share` is there. After publication: remember(memory, ...).
#pragma once

#include "disclosure/counts.h"    // one count or share on its own
#include "disclosure/linked.h"    // cells and sums: secondary suppression, its proofs, the auditor
#include "disclosure/overlaps.h"  // requests with overlapping boundaries
#include "disclosure/policy.h"    // the versioned policy
#include "disclosure/release.h"   // earlier releases
#include "disclosure/splits.h"    // headlines, which are hidden last, and the tables of splits
#include "disclosure/tables.h"    // the simple entry
