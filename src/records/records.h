// records: the longitudinal record.
//
// In:     one building snapshot folder with staged.duckdb (written by intake) whose subjects carry a
//         person id (written by build from linkage), the definition folder, the as-of date.
// Out:    population.duckdb, identity.duckdb and people.sqlite of that snapshot, and retrieval by person
//         and by code from a published one.
// Always: every row names its source file, line and organisation. Clinical tables carry a person id and
//         nothing that names the person. Retrieval about persons needs the RowFilter only access makes.
#pragma once

#include "records/assemble.h"
#include "records/block.h"
#include "records/dictionaries.h"
#include "records/filter.h"
#include "records/manifest.h"
#include "records/schema.h"
#include "records/snapshot.h"
#include "records/workspace.h"
