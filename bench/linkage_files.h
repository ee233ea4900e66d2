// A person table written as a CSV file with its truth, linked from the file to a file of clusters, timed and checked.
#pragma once

#include <cstddef>
#include <string>

#include "base/progress.h"

namespace catchment::bench {

struct FileRun {
  std::size_t people = 100000, copies = 5;
  unsigned threads = 2;
  std::size_t delta = 0;  // further records in a file of their own, linked after the others
  std::string write;      // where to write the table and stop, for another tool to link
  bool loose = false;  // blocking rules that bring very many strangers together, to time comparison
};

/// True when the clusters are right enough and every record has one.
bool link_files(const FileRun& run, Progress& progress);

}  // namespace catchment::bench
