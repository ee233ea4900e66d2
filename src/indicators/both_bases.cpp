#include "indicators/both_bases.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace catchment::indicators {

namespace {

constexpr std::array<std::string_view, bases> alone_words = {"registered only", "resident only"};

/// People of one basis who are not of the other, by what they are split by.
struct Alone {
  std::vector<Cell> places;
  std::array<Cell, ethnic_groups.size()> ethnic;
  std::array<Cell, sexes.size()> by_sex;
  std::array<Cell, age_bands.size()> ages;
  std::array<Cell, age_bands.size() * sexes.size()> age_sex;

  Alone(const BasisTally& of, std::size_t number_of_places) : places(number_of_places) {
    for (std::size_t i = 0; i < of.cells.size(); ++i) {
      const Cell& cell = of.cells[i];
      if (cell.people == 0) continue;
      const CellParts parts = parts_of(static_cast<std::uint16_t>(i / age_bands.size()));
      const std::size_t band = i % age_bands.size();
      for (Cell* sum : {&places[parts.place], &ethnic[parts.ethnic_group], &by_sex[parts.sex], &ages[band], &age_sex[band * sexes.size() + parts.sex]})
        sum->add(cell);
    }
  }
};

/// Of a group's registered people, the cells of a crossing that live here and those that live outside.
struct CrossedParts {
  std::vector<std::string> both, outside;
};

/// Numerators and remainders are tied each by themselves (of a rate of events: events and people). A denominator of such people is
/// their sum, and has a cell only where it is small.
class BasisTies {
 public:
  BasisTies(LinkedFigures& linked, const Tally& tally, const GroupLists& lists, const MeasureShape& shape, const disclosure::Rules& rules)
      : linked_(linked),
        tally_(tally),
        lists_(lists),
        shape_(shape),
        rules_(rules),
        alone_{Alone(tally.alone[0], lists.places.size()), Alone(tally.alone[1], lists.places.size())} {
    for (std::size_t l = 0; l < linked.lines.size(); ++l) line_of_.emplace(linked.lines[l].key, l);
  }

  void add() {
    add_homes();
    for (std::size_t version = 0; version < lists_.index_versions.size(); ++version) add_fifths(version);
    add_groups(Split::ethnicity, ethnic_groups, alone_[0].ethnic, alone_[1].ethnic, ethnicity_by_fifth());
    add_age_and_sex();
  }

 private:
  static std::string headline(Basis basis, std::string_view place) { return key_of(basis, Split::none, "", place, ""); }
  static std::string alone_key(Basis basis, const std::string& of) { return std::string(alone_words[static_cast<std::size_t>(basis)]) + "|" + of; }
  std::string home_key(std::size_t registered, std::size_t resident) const { return "both|" + lists_.places[registered] + "|" + lists_.places[resident]; }
  const Cell& home(std::size_t registered, std::size_t resident) const { return tally_.crossing[registered * lists_.places.size() + resident]; }
  bool has(const std::string& key) const { return line_of_.contains(key); }
  bool small(std::int64_t count) const { return disclosure::small(count, rules_); }
  bool few(const Cell& cell) const { return small(cell.people) || small(cell.hits) || (!shape_.events && small(cell.people - cell.hits)); }

  /// The counts of a cell, in the table of the figure `beside`. Readers do not know that nobody is counted where nobody is.
  std::string add_counts(const std::string& key, const Cell& cell, const std::string& beside) {
    const disclosure::TablePlace& place = linked_.lines[line_of_.at(beside)].place;
    auto& counts = linked_.ties.counts;
    if (shape_.events) {
      counts.push_back({"n:" + key, cell.events, cell.hits, place});
      counts.push_back({"d:" + key, cell.people, {}, place});
      return key;
    }
    counts.push_back({"n:" + key, cell.hits, {}, place});
    counts.push_back({"r:" + key, cell.people - cell.hits, {}, place});
    if (!small(cell.people)) return key;
    counts.push_back({"d:" + key, cell.people, {}, place});
    linked_.ties.sums.push_back({"d:" + key, {"n:" + key, "r:" + key}});
    return key;
  }

  void add_sum(const std::string& whole, const std::vector<std::string>& parts) {
    for (const char* kind : {"n:", shape_.events ? "d:" : "r:"}) {
      disclosure::NamedSum& sum = linked_.ties.sums.emplace_back();
      sum.whole = kind + whole;
      for (const std::string& part : parts) sum.parts.push_back(kind + part);
    }
  }

  /// Where people of both bases are registered, by where they live; with those of one alone that is everybody of a place.
  void add_homes() {
    const std::size_t places = lists_.places.size();
    std::vector<std::vector<std::string>> by_home(places);
    for (std::size_t p = 0; p < places; ++p) {
      std::vector<std::string> by_practice;
      for (std::size_t q = 0; q < places; ++q) {
        if (!has(headline(Basis::registered, lists_.places[p])) || !has(headline(Basis::resident, lists_.places[q]))) continue;
        by_practice.push_back(add_counts(home_key(p, q), home(p, q), headline(Basis::registered, "")));
        by_home[q].push_back(by_practice.back());
      }
      add_place(Basis::registered, p, std::move(by_practice));
    }
    for (std::size_t q = 0; q < places; ++q) add_place(Basis::resident, q, std::move(by_home[q]));
  }

  void add_place(Basis basis, std::size_t place, std::vector<std::string> parts) {
    const std::string whole = headline(basis, lists_.places[place]);
    if (!has(whole)) return;
    const Cell& alone = alone_[static_cast<std::size_t>(basis)].places[place];
    parts.push_back(add_counts(alone_key(basis, lists_.places[place]), alone, whole));
    add_sum(whole, parts);
    // What the difference of the place's two counts tells of: those who are registered here and live anywhere else, or the other way round.
    Cell elsewhere = alone;
    for (std::size_t other = 0; other < lists_.places.size(); ++other)
      if (other != place) elsewhere.add(basis == Basis::registered ? home(place, other) : home(other, place));
    if (elsewhere.people == alone.people) return;
    if (!few(elsewhere)) return;
    const std::string here = home_key(place, place);
    if (std::find(parts.begin(), parts.end(), here) == parts.end()) return;
    add_sum(whole, {here, add_counts(alone_key(basis, "elsewhere " + lists_.places[place]), elsewhere, whole)});
  }

  /// Registered people of a fifth live in one of its areas, which everyone can look up: residents of the fifth are they and those who
  /// are registered nowhere here.
  void add_fifths(std::size_t version) {
    const std::string& variant = lists_.index_versions[version];
    std::array<Cell, fifths.size()> alone;
    for (std::size_t area = 1; area < lists_.areas.size(); ++area) alone[lists_.area_fifth[version][area]].add(tally_.alone[1].areas[area]);
    for (std::size_t fifth = 1; fifth < fifths.size(); ++fifth) {
      const std::string registered = key_of(Basis::registered, Split::deprivation, variant, "", fifths[fifth]),
                        resident = key_of(Basis::resident, Split::deprivation, variant, "", fifths[fifth]);
      if (has(registered) && has(resident)) add_sum(resident, {registered, add_counts(alone_key(Basis::resident, resident), alone[fifth], resident)});
    }
  }

  /// Of a figure of registered people those who live here, when those who live outside are taken away.
  Cell of_both(const std::string& registered, const Cell& outside) const {
    const disclosure::ShareLine& line = linked_.lines[line_of_.at(registered)];
    Cell both;
    both.people = static_cast<std::uint32_t>(line.denominator) - outside.people;
    both.hits = static_cast<std::uint32_t>(line.people.value_or(line.numerator)) - outside.hits;
    both.events = static_cast<std::uint32_t>(line.numerator) - outside.events;
    return both;
  }

  /// Groups of the whole that a person is in on both bases: those of both, and those of one alone. Where a crossing has parts of
  /// them, these are the counts of both and of one alone, and their sum has a cell only where it is small.
  template <std::size_t N>
  void add_groups(Split split, const std::array<std::string_view, N>& names, const std::array<Cell, N>& registered_only,
                  const std::array<Cell, N>& resident_only, const std::array<CrossedParts, N>& crossed) {
    for (std::size_t g = 0; g < N; ++g) {
      const std::string registered = key_of(Basis::registered, split, "", "", names[g]), resident = key_of(Basis::resident, split, "", "", names[g]);
      if (!has(registered) || !has(resident)) continue;
      const Cell both = of_both(registered, registered_only[g]);
      const std::string shared = "both|" + registered, outside = alone_key(Basis::registered, registered);
      std::vector<std::string> here = crossed[g].both;
      if (here.empty() && crossed[g].outside.empty()) {
        here = {add_counts(shared, both, resident)};
        add_sum(registered, {shared, add_counts(outside, registered_only[g], resident)});
      } else {
        if (here.size() > 1 && few(both)) add_sum(add_counts(shared, both, resident), here);
        if (crossed[g].outside.size() > 1 && few(registered_only[g])) add_sum(add_counts(outside, registered_only[g], resident), crossed[g].outside);
      }
      here.push_back(add_counts(alone_key(Basis::resident, resident), resident_only[g], resident));
      add_sum(resident, here);
    }
  }

  /// Who lives outside is in no fifth: of an ethnic group those crossed with a fifth live here, and those crossed with the unknown
  /// fifth, which nobody shows, live outside or in an area here that is in no fifth.
  std::array<CrossedParts, ethnic_groups.size()> ethnicity_by_fifth() {
    std::array<CrossedParts, ethnic_groups.size()> parts;
    const auto& fifth_of = lists_.area_fifth[0];
    const bool some_in_none = std::find(fifth_of.begin() + 1, fifth_of.end(), 0) != fifth_of.end();
    for (std::size_t g = 0; g < ethnic_groups.size(); ++g) {
      for (std::size_t fifth = 0; fifth < fifths.size(); ++fifth) {
        const std::string key = crossed_key(Split::ethnicity_deprivation, ethnic_groups[g], fifths[fifth]);
        if (!has(key)) continue;
        if (fifth == 0 && some_in_none) {
          add_here_and_outside(key, alone_[0].ethnic[g], key, parts[g]);
        } else {
          (fifth == 0 ? parts[g].outside : parts[g].both).push_back(key);
        }
      }
    }
    return parts;
  }

  /// Registered people of an age and sex live here or outside, and so they add up to those of the age and those of the sex.
  void add_age_and_sex() {
    std::array<CrossedParts, age_bands.size()> of_age;
    std::array<CrossedParts, sexes.size()> of_sex;
    for (std::size_t band = 0; band < age_bands.size(); ++band) {
      for (std::size_t sex = 0; sex < sexes.size(); ++sex) {
        const std::string key = crossed_key(Split::age_sex, age_bands[band], sexes[sex]);
        const std::string resident = key_of(Basis::resident, Split::age, "", "", age_bands[band]);
        if (!has(key)) continue;
        CrossedParts own;
        add_here_and_outside(key, alone_[0].age_sex[band * sexes.size() + sex], has(resident) ? resident : key, own);
        for (CrossedParts* parts : {&of_age[band], &of_sex[sex]}) {
          parts->both.push_back(own.both[0]);
          parts->outside.push_back(own.outside[0]);
        }
      }
    }
    add_groups(Split::age, age_bands, alone_[0].ages, alone_[1].ages, of_age);
    add_groups(Split::sex, sexes, alone_[0].by_sex, alone_[1].by_sex, of_sex);
  }

  static std::string crossed_key(Split split, std::string_view row, std::string_view column) {
    return key_of(Basis::registered, split, "", "", std::string(row) + "." + std::string(column));
  }

  void add_here_and_outside(const std::string& crossed, const Cell& outside, const std::string& beside, CrossedParts& parts) {
    parts.both.push_back(add_counts("both|" + crossed, of_both(crossed, outside), beside));
    parts.outside.push_back(add_counts(alone_key(Basis::registered, crossed), outside, beside));
    add_sum(crossed, {parts.both.back(), parts.outside.back()});
  }

  LinkedFigures& linked_;
  const Tally& tally_;
  const GroupLists& lists_;
  const MeasureShape& shape_;
  const disclosure::Rules& rules_;
  std::array<Alone, bases> alone_;
  std::unordered_map<std::string, std::size_t> line_of_;  // of the figures
};

}  // namespace

void tie_bases(LinkedFigures& linked, const Tally& tally, const GroupLists& lists, const MeasureShape& shape, const disclosure::Rules& rules) {
  BasisTies(linked, tally, lists, shape, rules).add();
}

}  // namespace catchment::indicators
