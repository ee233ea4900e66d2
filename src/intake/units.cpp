#include "intake/units.h"

namespace catchment::intake {

namespace {

std::string folded(std::string_view unit) {
  std::string out;
  for (char c : unit) {
    if (c == ' ') continue;
    out += c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
  }
  return out;
}

}  // namespace

bool same_unit(std::string_view a, std::string_view b) {
  std::size_t j = 0;
  const auto lower = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c; };
  for (const char c : a) {
    if (c == ' ') continue;
    while (j < b.size() && b[j] == ' ') ++j;
    if (j == b.size() || lower(b[j]) != lower(c)) return false;
    ++j;
  }
  while (j < b.size() && b[j] == ' ') ++j;
  return j == b.size();
}

Converted convert(const UnitTable& table, const CodeUnits* units, std::string_view unit, double value) {
  if (units == nullptr) return {Converted::State::good, value, unit.empty() ? unit : table.spelling(unit)};
  const UnitRule* way = nullptr;
  for (const auto& w : units->ways)
    if (unit.empty() ? same_unit(w.unit, units->canonical) : same_unit(w.unit, unit) || same_unit(w.unit, table.spelling(unit))) {
      way = w.rule;
      break;
    }
  if (way == nullptr) {
    if (!unit.empty() && !same_unit(unit, units->canonical)) return {Converted::State::unknown_unit, value, unit};
    return {Converted::State::good, value, units->canonical};
  }
  const double canonical = value * way->factor + way->offset;
  const bool outside = (way->minimum && canonical < *way->minimum) || (way->maximum && canonical > *way->maximum);
  return {outside ? Converted::State::out_of_range : Converted::State::good, canonical, units->canonical};
}

UnitTable::UnitTable(const std::vector<UnitRule>& rules) {
  for (const auto& rule : rules) {
    if (rule.code.empty()) {
      spellings_[folded(rule.unit)] = rule.canonical;
      continue;
    }
    CodeUnits& units = codes_[rule.system + '|' + rule.code];
    units.canonical = rule.canonical;
    units.ways.push_back({rule.unit, &rule});
  }
}

const CodeUnits* UnitTable::of(std::string_view system, std::string_view code) const {
  std::string key(system);
  key += '|';
  key += code;
  const auto found = codes_.find(key);
  return found == codes_.end() ? nullptr : &found->second;
}

std::string_view UnitTable::spelling(std::string_view unit) const {
  if (spellings_.empty()) return unit;
  const auto found = spellings_.find(folded(unit));
  return found == spellings_.end() ? unit : std::string_view(found->second);
}

}  // namespace catchment::intake
