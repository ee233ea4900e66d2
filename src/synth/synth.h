// The synthetic population. In: a definition folder, a number of residents and a seed. Out: a folder
// with extracts/ (the files partners would send about people, in their own shapes, faults included),
// reference/ (files about no person: the organisation file, prescribing cost) and truth/ (who every
// source key really is, what was planted). Always holds: the same folder, people and seed
// give the same bytes on any number of threads; memory does not grow with people; every extract folder
// carries SYNTHETIC.txt; NHS numbers come from the test range; truth is never inside extracts/.
#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "base/diagnostic.h"
#include "base/progress.h"

namespace catchment::synth {

enum class Format : std::uint8_t { automatic, csv, parquet };  // automatic: Parquet for large feeds from 200,000 people

struct Options {
  std::filesystem::path system;  // definition folder
  std::filesystem::path out;
  std::uint64_t people = 50'000;  // residents at the end of the ten years
  std::uint64_t seed = 1;
  Format format = Format::automatic;
  unsigned threads = 2;
};

struct FileReport {
  std::string path;  // below `out`
  std::uint64_t rows = 0, bytes = 0;
};

struct Report {
  std::uint64_t residents = 0, people = 0;  // people: with those who died, left or live over the border
  std::vector<FileReport> files;
  Diagnostics diagnostics;  // errors: nothing was written
};

/// Writes the population. Throws Error when the folder holds something that is not a synthetic
/// population, or the disk refuses.
Report synthesise(const Options& options, Progress& progress);

}  // namespace catchment::synth
