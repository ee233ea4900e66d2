// Reads the XML files of the CQL conformance suite and the list of reasoned exceptions.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "cql/cql.h"

namespace catchment::cli {

/// The cases of one file, in order. Throws Error (user) when it is not a suite file.
std::vector<cql::ConformanceCase> read_suite(const std::string& path);

/// "file/test" to the reason it is allowed to fail.
using SuiteExceptions = std::map<std::string, std::string>;
/// From a CSV with the columns file, test, reason. Throws Error (user) when it is faulty.
SuiteExceptions read_suite_exceptions(std::string_view bytes, const std::string& path);
/// The list kept in docs/reference/cql-exceptions.csv, as it was when this program was built.
std::string_view built_in_suite_exceptions();

}  // namespace catchment::cli
