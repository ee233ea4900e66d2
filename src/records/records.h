// records: the longitudinal record. In: staged rows and the person index. Out: population.duckdb,
// identity.duckdb and people.sqlite of one snapshot, and retrieval by person and by code.
// Always holds: every row names its source file, line and organisation; clinical tables carry a
// person id and nothing that names the person.
#pragma once

#include "records/schema.h"
