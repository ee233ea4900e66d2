// The person table read into memory, in order of id.
#pragma once

#include <vector>

#include "db/db.h"
#include "records/block.h"

namespace catchment::records {

std::vector<PersonSummary> read_summaries(db::Duck& population);

}  // namespace catchment::records
