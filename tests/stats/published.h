// Published files where the shared folder is found, and how near to them is near enough.
#pragma once

#include <doctest/doctest.h>

#include <cmath>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

#include "base/csv.h"
#include "stats/stats.h"

namespace catchment::stats::testing {

struct Published {
  CsvTable table;
  bool found = false;
  explicit Published(const std::string& name) {
    const char* shared = std::getenv("CATCHMENT_SHARED");
    const std::filesystem::path root = shared != nullptr ? shared : std::filesystem::path(CATCHMENT_SOURCE_DIR) / "../shared";
    std::ifstream in(root / "conformance/statistics" / name, std::ios::binary);
    if (!in) {
      MESSAGE("skipped: the published file is not here: ", name);
      return;
    }
    std::vector<CsvFault> faults;
    table = read_csv(std::string((std::istreambuf_iterator<char>(in)), std::istreambuf_iterator<char>()), faults);
    REQUIRE(faults.empty());
    found = !table.rows.empty();
    REQUIRE(found);
  }
  const std::string& text(std::size_t row, const char* name) const {
    const int c = table.column(name);
    REQUIRE_MESSAGE(c >= 0, name);
    return table.rows[row][static_cast<std::size_t>(c)];
  }
  std::optional<double> number(std::size_t row, const char* name) const {
    const std::string& t = text(row, name);
    if (t.empty() || t == "NA") return std::nullopt;
    return std::strtod(t.c_str(), nullptr);
  }
};

inline const std::vector<double> both{0.95, 0.998};

inline bool close(std::optional<double> got, std::optional<double> want, double tolerance) {
  if (!got || !want) return got.has_value() == want.has_value();
  return std::abs(*got - *want) <= tolerance * std::max(1.0, std::abs(*want));
}

inline std::optional<double> low(const Estimate& e, std::size_t i) { return e.intervals[i] ? std::optional(e.intervals[i]->low) : std::nullopt; }
inline std::optional<double> high(const Estimate& e, std::size_t i) { return e.intervals[i] ? std::optional(e.intervals[i]->high) : std::nullopt; }

}  // namespace catchment::stats::testing
