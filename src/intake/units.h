// Units to the canonical unit of each code (units.csv).
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "intake/feed.h"

namespace catchment::intake {

/// The units one code may come in.
struct CodeUnits {
  struct Way {
    std::string unit;
    const UnitRule* rule;
  };
  std::string canonical;
  std::vector<Way> ways;
};

class UnitTable {
 public:
  explicit UnitTable(const std::vector<UnitRule>& rules);
  /// The units of a code, or nullptr when any will do.
  const CodeUnits* of(std::string_view system, std::string_view code) const;
  /// The usual spelling of a unit.
  std::string_view spelling(std::string_view unit) const;

 private:
  std::unordered_map<std::string, CodeUnits> codes_;  // system + '|' + code
  std::unordered_map<std::string, std::string> spellings_;
};

/// A value in its canonical unit.
struct Converted {
  enum class State : std::uint8_t { good, unknown_unit, out_of_range } state = State::good;
  double value = 0;
  std::string_view unit;
};
/// `units` may be nullptr (any unit will do); an empty unit means the canonical one.
Converted convert(const UnitTable& table, const CodeUnits* units, std::string_view unit, double value);

/// Compares units without case and blanks.
bool same_unit(std::string_view a, std::string_view b);

}  // namespace catchment::intake
