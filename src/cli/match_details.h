// The details of persons to look up, as files give them: one JSON object, one FHIR Patient, or CSV rows.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "linkage/linkage.h"

namespace catchment::cli {

struct Details {
  std::string label;              // which one: the CSV's column row, or its line; empty for a single person
  linkage::IdentityTable table;   // rows about one person: a Patient's former family name is a second one
};

/// The names that JSON members and CSV columns have, those of the linkage model with nhs_number before them. CSV may have a column row as well.
const std::vector<std::string>& detail_names();

/// Throws a user Error that says where, never what, when the bytes are none of the three.
std::vector<Details> read_details(std::string_view bytes);

}  // namespace catchment::cli
