#include "disclosure/release.h"

#include <algorithm>
#include <charconv>
#include <numeric>
#include <set>
#include <unordered_map>
#include <unordered_set>

#include "base/error.h"

namespace catchment::disclosure {

namespace {

struct CellName {
  std::string_view key;
  std::int64_t exact = 0;
  bool operator==(const CellName&) const = default;
};
struct CellNameHash {
  std::size_t operator()(const CellName& name) const {
    return std::hash<std::string_view>()(name.key) ^ (std::hash<std::int64_t>()(name.exact) * 0x9e3779b97f4a7c15U);
  }
};
using Known = std::unordered_map<CellName, int, CellNameHash>;

Range meet(const Range& a, const Range& b) { return {std::max(a.low, b.low), std::min(a.high, b.high)}; }

Cell earlier_cell(const ReleasedCell& old, const Rules& rules) {
  Cell cell;
  cell.count = old.exact;
  cell.standing = Standing::unpublished;
  cell.may_hide = false;
  if (old.shown) cell.known_hidden = shown_range(old.exact, rules);
  cell.sensitive = old.protect && !old.shown;
  if (old.protect) cell.protect = *old.protect;
  return cell;
}

/// Cells of earlier releases among the tables of the present one. Those of figures that are no longer there stand in a table of their own.
class EarlierPlaces {
 public:
  EarlierPlaces(const std::vector<std::string>& keys, const std::vector<TablePlace>& places) {
    for (std::size_t c = 0; c < keys.size(); ++c) places_.emplace(keys[c], places[c]);
    for (const TablePlace& place : places) beyond_ = std::max({beyond_, place.split + 1, place.table + 1});
  }

  TablePlace of(const ReleasedCell& old) const {
    if (const auto found = places_.find(old.key); found != places_.end()) return found->second;
    return old.tier == 0 ? TablePlace{} : TablePlace{old.tier, beyond_, beyond_};
  }

 private:
  std::unordered_map<std::string_view, TablePlace> places_;
  int beyond_ = 1;
};

std::int64_t number(std::string_view text, int line) {
  std::int64_t value = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
  if (error != std::errc() || end != text.data() + text.size() || value < 0)
    throw Error(ErrorKind::user, "line " + std::to_string(line) + " of the kept releases has no count where one belongs", "restore the file from a backup");
  return value;
}

std::vector<std::string_view> fields(std::string_view line) {
  std::vector<std::string_view> result;
  for (std::size_t from = 0;;) {
    const std::size_t tab = line.find('\t', from);
    result.push_back(line.substr(from, tab == std::string_view::npos ? tab : tab - from));
    if (tab == std::string_view::npos) return result;
    from = tab + 1;
  }
}

std::string checked(std::string key) {
  if (key.find_first_of("\t\n\r") != std::string::npos) throw Error(ErrorKind::bug, "the name of a released figure holds a tab or a line end");
  return key;
}

}  // namespace

Range shown_range(std::int64_t exact, const Rules& rules) {
  const std::int64_t shown = rounded(exact, rules);
  if (exact == 0) return {0, 0};
  const std::int64_t low = shown - rules.rounded_to / 2;
  return {std::max(low, rules.hidden_up_to + 1), low + rules.rounded_to - 1};
}

void remember(Memory& memory, Release release, const Policy& policy) {
  std::erase_if(memory.releases, [&](const Release& each) { return each.id == release.id; });
  memory.releases.push_back(std::move(release));
  const auto most = static_cast<std::size_t>(policy.remembered_releases);
  if (memory.releases.size() > most) memory.releases.erase(memory.releases.begin(), memory.releases.end() - static_cast<std::ptrdiff_t>(most));
}

LinkedCells beside_earlier(const LinkedCells& linked, const std::vector<std::string>& keys, const Memory& memory, const Policy& policy) {
  return placed_beside_earlier(linked, keys, std::vector<TablePlace>(linked.cells.size()), memory, policy).linked;
}

BesideEarlier placed_beside_earlier(const LinkedCells& linked, const std::vector<std::string>& keys, const std::vector<TablePlace>& places,
                                    const Memory& memory, const Policy& policy) {
  BesideEarlier beside{linked, places, std::vector<bool>(linked.cells.size()), std::vector<int>(keys.size()), static_cast<int>(keys.size()), {}};
  std::iota(beside.figure.begin(), beside.figure.end(), 0);
  std::unordered_map<std::string_view, int> figures;
  for (std::size_t c = 0; c < keys.size(); ++c) figures.emplace(keys[c], static_cast<int>(c));
  LinkedCells& joined = beside.linked;
  const EarlierPlaces earlier_places(keys, places);
  Known known;
  for (Cell& cell : joined.cells)
    if (cell.standing != Standing::unpublished) cell.known_shown = shown_range(cell.count, policy.rules);
  for (std::size_t c = 0; c < keys.size(); ++c) known.emplace(CellName{keys[c], linked.cells[c].count}, static_cast<int>(c));
  std::set<std::vector<int>> sums;
  for (const Sum& sum : joined.sums) {
    std::vector<int> flat = sum.parts;
    flat.push_back(sum.whole);
    sums.insert(std::move(flat));
  }
  for (auto release = memory.releases.rbegin(); release != memory.releases.rend(); ++release) {
    std::vector<int> index;
    std::vector<bool>& in_release = beside.in_release.emplace_back();
    for (const ReleasedCell& old : release->cells) {
      const auto [found, fresh] = known.emplace(CellName{old.key, old.exact}, static_cast<int>(joined.cells.size()));
      index.push_back(found->second);
      const auto figure = figures.emplace(old.key, beside.figures);
      beside.figures += figure.second ? 1 : 0;
      if (in_release.size() <= at(figure.first->second)) in_release.resize(at(figure.first->second) + 1);
      in_release[at(figure.first->second)] = true;
      if (fresh) beside.figure.push_back(figure.first->second);
      if (fresh) {
        joined.cells.push_back(earlier_cell(old, policy.rules));
        beside.places.push_back(earlier_places.of(old));
        beside.hidden_whole.push_back(old.table_hidden);
        continue;
      }
      Cell& cell = joined.cells[static_cast<std::size_t>(found->second)];
      if (old.shown) cell.known_hidden = meet(cell.known_hidden, shown_range(old.exact, policy.rules));
      if (!old.shown && !old.unpublished) cell.weight *= 0.3;
      if (!old.protect || old.shown) continue;
      cell.protect = cell.sensitive ? Range{std::min(cell.protect.low, old.protect->low), std::max(cell.protect.high, old.protect->high)} : *old.protect;
      cell.sensitive = true;
    }
    for (const ReleasedSum& kept : release->sums) {
      Sum sum;
      sum.whole = index.at(kept.whole);
      for (const std::size_t part : kept.parts) sum.parts.push_back(index.at(part));
      std::vector<int> flat = sum.parts;
      flat.push_back(sum.whole);
      if (sums.insert(std::move(flat)).second) joined.sums.push_back(std::move(sum));
    }
  }
  for (Cell& cell : joined.cells) {
    if (cell.sensitive) cell.protect = meet(cell.protect, cell.known_hidden);
  }
  return beside;
}

const Release* same_release(const Release& release, const Memory& memory) {
  const auto same_count = [](const ReleasedCell& a, const ReleasedCell& b) { return a.exact == b.exact && a.unpublished == b.unpublished && a.key == b.key; };
  for (auto each = memory.releases.rbegin(); each != memory.releases.rend(); ++each) {
    if (each->policy == release.policy && std::equal(each->cells.begin(), each->cells.end(), release.cells.begin(), release.cells.end(), same_count) &&
        each->sums == release.sums)
      return &*each;
  }
  return nullptr;
}

// release <id> <policy>; cell <key> <exact> <shown, * hidden, - unpublished> <tier> <1: its table hidden whole> [<low> <high>];
// sum <number of the whole's cell> <of each part's>
std::string to_text(const Memory& memory) {
  std::string text;
  for (const Release& release : memory.releases) {
    text += "release\t" + checked(release.id) + "\t" + checked(release.policy) + "\n";
    for (const ReleasedCell& cell : release.cells) {
      text += "cell\t" + checked(cell.key) + "\t" + std::to_string(cell.exact) + "\t";
      text += cell.shown ? std::to_string(*cell.shown) : cell.unpublished ? "-" : "*";
      text += "\t" + std::to_string(cell.tier) + (cell.table_hidden ? "\t1" : "\t0");
      if (cell.protect) text += "\t" + std::to_string(cell.protect->low) + "\t" + std::to_string(cell.protect->high);
      text += "\n";
    }
    for (const ReleasedSum& sum : release.sums) {
      text += "sum\t" + std::to_string(sum.whole);
      for (const std::size_t part : sum.parts) text += "\t" + std::to_string(part);
      text += "\n";
    }
  }
  return text;
}

namespace {

ReleasedCell read_cell(const std::vector<std::string_view>& field, int line) {
  ReleasedCell cell{std::string(field[1]),      number(field[2], line), {}, field[3] == "-", {}, static_cast<int>(number(field[4], line)),
                    number(field[5], line) != 0};
  if (field[3] != "-" && field[3] != "*") cell.shown = number(field[3], line);
  if (field.size() == 8) cell.protect = Range{number(field[6], line), number(field[7], line)};
  return cell;
}

}  // namespace

Memory memory_from_text(std::string_view text) {
  Memory memory;
  int number_of_line = 0;
  std::unordered_set<std::string> keys;
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    const std::vector<std::string_view> field = fields(text.substr(0, end));
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    ++number_of_line;
    const auto wrong = [&] {
      return Error(ErrorKind::user, "line " + std::to_string(number_of_line) + " of the kept releases cannot be read", "restore the file from a backup");
    };
    if (field[0] == "release" && field.size() == 3) {
      memory.releases.push_back({std::string(field[1]), std::string(field[2]), {}, {}});
      keys.clear();
    } else if (field[0] == "cell" && (field.size() == 6 || field.size() == 8) && !memory.releases.empty()) {
      memory.releases.back().cells.push_back(read_cell(field, number_of_line));
      if (!keys.insert(memory.releases.back().cells.back().key).second) throw wrong();
    } else if (field[0] == "sum" && field.size() >= 3 && !memory.releases.empty()) {
      Release& release = memory.releases.back();
      ReleasedSum sum;
      sum.whole = static_cast<std::size_t>(number(field[1], number_of_line));
      for (std::size_t f = 2; f < field.size(); ++f) sum.parts.push_back(static_cast<std::size_t>(number(field[f], number_of_line)));
      const auto missing = [&](std::size_t cell) { return cell >= release.cells.size(); };
      if (missing(sum.whole) || std::any_of(sum.parts.begin(), sum.parts.end(), missing)) throw wrong();
      release.sums.push_back(std::move(sum));
    } else {
      throw wrong();
    }
  }
  return memory;
}

}  // namespace catchment::disclosure
