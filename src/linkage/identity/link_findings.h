// What is wrong with the rows, as linkage saw it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linkage/identity/known_rows.h"

namespace catchment::linkage {

/// Rows a blocking rule brought together with nobody, because too many share what they say.
struct LeftOut {
  std::string rule;
  std::vector<std::uint32_t> rows;
};

/// Findings go to `result`, which already tells how many pairs were left out of review; `left_out_of_review` are their rows.
void write_findings(const KnownRows& known, const std::vector<LeftOut>& left_out, std::vector<std::uint32_t> left_out_of_review, LinkResult& result);

}  // namespace catchment::linkage
