// Everyone of a snapshot at once: what definitions of the Unfiltered context come to.
// In: a planned program, requests, a snapshot. Out: each such definition's answers, worked out once before anyone is
// asked. Always: the rows they need are held together, within the memory given; when they would not fit, each of the
// definitions ends in an error that says so. Private to measures.
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "cql/cql.h"
#include "measures/population_run.h"
#include "measures/program_reads.h"
#include "measures/record_view.h"

namespace catchment::measures {

class UnfilteredAnswers {
 public:
  /// `reads` says which definitions; nothing is read when there are none. All but `reads` must outlive this.
  UnfilteredAnswers(const cql::Plan& plan, std::span<const cql::Request* const> requests, const records::Snapshot& snapshot, const PopulationOptions& options,
                    const ProgramReads& reads);
  ~UnfilteredAnswers();
  UnfilteredAnswers(const UnfilteredAnswers&) = delete;
  UnfilteredAnswers& operator=(const UnfilteredAnswers&) = delete;

  /// Some answers can be read by one thread at a time only.
  bool for_one_thread() const { return for_one_thread_; }
  void tell(cql::PlannedRun& run) const;
  /// For the tree walk, which works everything out itself; null for several threads, and when the rows did not fit.
  const cql::DataProvider* everyone() const;
  /// Why the answer of this definition of the main library is not written for each person; empty when it may be.
  std::string too_long(std::int32_t definition) const;

 private:
  class Everyone;

  std::unique_ptr<Everyone> everyone_;  // holds the rows that answers are views of
  std::map<std::pair<std::int32_t, std::int32_t>, std::vector<cql::KnownAnswer>> answers_;
  std::int32_t main_ = 0;
  std::uint64_t persons_ = 0;  // that answers are written for
  bool for_one_thread_ = false;
};

}  // namespace catchment::measures
