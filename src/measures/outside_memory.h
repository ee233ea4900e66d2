// Who is in no denominator, remembered by what a person says of themselves.
// In: the measures of a program, then one person after another. Out: which measures and months must be asked.
// Always: a denominator for which nothing is found of a person depends on their own data alone (birth, sex, death,
// practice), so what was answered for one such person holds for the next with the same. One memory belongs to one thread.
// Private to measures.
#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "cql/cql.h"
#include "records/records.h"

namespace catchment::measures {

class OutsideMemory {
 public:
  /// `measure_of`: by job, the place of its measure in the program that program_of made.
  OutsideMemory(const cql::Plan& plan, std::span<const std::size_t> measure_of);

  /// Bits of the jobs to ask of this person; `found` as PlannedRun::found.
  const std::vector<std::uint64_t>& begin(const records::PersonSummary& person, std::span<const std::uint64_t> found);
  /// The person is not in the denominator of this job.
  void outside(std::size_t job);

 private:
  using Own = std::array<std::int64_t, 4>;
  struct Hash {
    std::size_t operator()(const Own& own) const;
  };
  /// Jobs whose denominators rest on the same retrieves.
  struct Group {
    std::vector<std::uint64_t> retrieves, jobs;
  };
  static constexpr std::size_t most_remembered = 200'000;

  std::vector<Group> groups_;
  std::vector<std::uint64_t> all_, ask_, resting_;
  std::unordered_map<Own, std::vector<std::uint64_t>, Hash> known_;
  std::vector<std::uint64_t>* mine_ = nullptr;
};

}  // namespace catchment::measures
