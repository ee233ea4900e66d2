// Options that the cql commands share.
#pragma once

#include <string>

#include "cql/cql.h"

namespace catchment::cli {

/// The moment of the request from --at, or now. Throws Error (user) when it is no date and time.
cql::Temporal request_time(const std::string& at);

}  // namespace catchment::cli
