// One hash of everything a snapshot says, the same for the same inputs on any number of threads.
#pragma once

#include <string>

#include "base/date.h"
#include "base/hash.h"
#include "records/records.h"

namespace catchment::build {

/// `blocks` covers the person table and all clinical rows (see records::assemble); the smaller tables of the two databases are
/// added by count and order-free sums of row hashes.
std::string content_hash(const records::SnapshotFiles& files, const Digest& blocks, Date as_of, const std::string& definitions_hash,
                         const db::DuckOptions& options);

}  // namespace catchment::build
