#include "disclosure/release.h"

#include <algorithm>
#include <charconv>
#include <map>
#include <set>
#include <unordered_map>

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
  cell.sensitive = small(old.exact, rules) && !old.shown;
  cell.protect = {1, rules.hidden_up_to};
  return cell;
}

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
  LinkedCells joined = linked;
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
    std::unordered_map<std::string_view, int> index;
    for (const ReleasedCell& old : release->cells) {
      const auto [found, fresh] = known.emplace(CellName{old.key, old.exact}, static_cast<int>(joined.cells.size()));
      index.emplace(old.key, found->second);
      if (fresh) {
        joined.cells.push_back(earlier_cell(old, policy.rules));
        continue;
      }
      Cell& cell = joined.cells[static_cast<std::size_t>(found->second)];
      if (old.shown) cell.known_hidden = meet(cell.known_hidden, shown_range(old.exact, policy.rules));
      if (!old.shown && !old.unpublished) cell.weight *= 0.3;
      if (small(old.exact, policy.rules) && !old.shown) cell.sensitive = true, cell.protect = {1, policy.rules.hidden_up_to};
    }
    for (const NamedSum& named : release->sums) {
      Sum sum;
      sum.whole = index.at(named.whole);
      for (const std::string& part : named.parts) sum.parts.push_back(index.at(part));
      std::vector<int> flat = sum.parts;
      flat.push_back(sum.whole);
      if (sums.insert(std::move(flat)).second) joined.sums.push_back(std::move(sum));
    }
  }
  for (Cell& cell : joined.cells) {
    if (cell.sensitive) cell.protect = meet(cell.protect, cell.known_hidden);
  }
  return joined;
}

std::string to_text(const Memory& memory) {
  std::string text;
  for (const Release& release : memory.releases) {
    text += "release\t" + checked(release.id) + "\t" + checked(release.policy) + "\n";
    for (const ReleasedCell& cell : release.cells) {
      text += "cell\t" + checked(cell.key) + "\t" + std::to_string(cell.exact) + "\t" +
          (cell.shown             ? std::to_string(*cell.shown)
               : cell.unpublished ? "-"
                                  : "*") +
          "\n";
    }
    for (const NamedSum& sum : release.sums) {
      text += "sum\t" + checked(sum.whole);
      for (const std::string& part : sum.parts) text += "\t" + checked(part);
      text += "\n";
    }
  }
  return text;
}

Memory memory_from_text(std::string_view text) {
  Memory memory;
  int number_of_line = 0;
  std::set<std::string, std::less<>> keys;
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
    } else if (field[0] == "cell" && field.size() == 4 && !memory.releases.empty()) {
      ReleasedCell cell{std::string(field[1]), number(field[2], number_of_line), {}, field[3] == "-"};
      if (field[3] != "-" && field[3] != "*") cell.shown = number(field[3], number_of_line);
      if (!keys.insert(cell.key).second) throw wrong();
      memory.releases.back().cells.push_back(std::move(cell));
    } else if (field[0] == "sum" && field.size() >= 3 && !memory.releases.empty()) {
      NamedSum sum{std::string(field[1]), {field.begin() + 2, field.end()}};
      if (!keys.contains(sum.whole) || !std::all_of(sum.parts.begin(), sum.parts.end(), [&](const auto& part) { return keys.contains(part); })) throw wrong();
      memory.releases.back().sums.push_back(std::move(sum));
    } else {
      throw wrong();
    }
  }
  return memory;
}

}  // namespace catchment::disclosure
