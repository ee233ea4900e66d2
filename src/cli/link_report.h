// What the link command says of an answer: tables for --report, waterfalls for --explain.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "linkage/linkage.h"

namespace catchment::cli {

struct LinkOutcome {
  const linkage::Tables& tables;
  const linkage::Model& model;
  const linkage::RowLinks& links;
  std::vector<std::uint32_t> truth;  // one person number a canonical place; empty = not known
  unsigned threads;
};

/// Writes levels, blocking, training, quality and calibration tables; with truth, what was missed by the values of the columns `by`.
void write_link_report(const std::string& folder, const LinkOutcome& outcome, const std::vector<std::string>& by);

/// One row "source:row" or two. Throws Error (user) for a row that is not there.
void print_explanation(const LinkOutcome& outcome, const std::vector<std::string>& rows);

}  // namespace catchment::cli
