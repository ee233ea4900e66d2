#include "indicators/head_counts.h"

#include <algorithm>
#include <map>
#include <set>

namespace catchment::indicators {

namespace {

constexpr std::string_view counting_rules = "head counts 1";  // changes when the same people would give other counts
constexpr std::array<std::string_view, 8> who_words = {"residents",       "registered", "both",      "resident-only",
                                                       "registered-only", "aged-65",    "opted-out", "not-met"};
constexpr int area_tier = 7, old_area_tier = area_tier + 1;
constexpr std::size_t from_65 = 13, known_ages = 19;  // of age_bands

/// The groups of a place, in one row: everyone, fifths, ethnic groups, sexes, 65 and over, ages crossed with sexes.
constexpr std::size_t fifth_slot = 1, ethnic_slot = fifth_slot + fifths.size(), sex_slot = ethnic_slot + ethnic_groups.size(),
                      old_slot = sex_slot + sexes.size(), age_sex_slot = old_slot + 1, slots = age_sex_slot + age_bands.size() * sexes.size();
constexpr std::array tied = {Who::residents, Who::registered, Who::both, Who::resident_only, Who::registered_only};

struct Slot {
  std::string split, group;
  bool published = true;
};

std::vector<Slot> all_slots() {
  std::vector<Slot> all = {{"", ""}};
  for (const auto each : fifths) all.push_back({"deprivation", std::string(each)});
  for (const auto each : ethnic_groups) all.push_back({"ethnicity", std::string(each)});
  for (const auto each : sexes) all.push_back({"sex", std::string(each)});
  all.push_back({"age", "65+"});
  for (const auto band : age_bands)  // the pyramid shows two sexes of known age; the others are there so that sums hold
    for (const auto sex : sexes)
      all.push_back({"age-sex", std::string(band) + "." + std::string(sex), (sex == "female" || sex == "male") && band != "unknown"});
  return all;
}

class HeadCounter {
 public:
  HeadCounter(const std::vector<PeopleAlike>& people, const GroupLists& lists)
      : lists_(lists), whole_(lists.places.size()), slot_(all_slots()), areas_(lists.areas.size()), old_areas_(lists.areas.size()) {
    for (auto& of : counts_) of.resize(whole_ + 1);
    for (const PeopleAlike& alike : people) count(alike);
  }

  LinkedHeadCounts linked() {
    for (std::size_t place = 0; place <= whole_; ++place) {
      for (std::size_t slot = 0; slot < slots; ++slot) add_group(place, slot);
      if (!anybody(place, 0)) continue;
      for (const Who who : tied) add_splits(who, place);
      for (const Who who : {Who::opted_out, Who::not_met}) add_some(who, place);
    }
    add_places();
    add_areas();
    for (auto& [whole, parts] : sums_) linked_.sums.push_back({whole.second, std::move(parts)});
    return std::move(linked_);
  }

 private:
  using Row = std::array<std::int64_t, slots>;

  const std::string& place_id(std::size_t place) const {
    static const std::string none;
    return place == whole_ ? none : lists_.places[place];
  }
  std::int64_t& at(Who who, std::size_t place, std::size_t slot) { return counts_[static_cast<std::size_t>(who)][place][slot]; }
  bool anybody(std::size_t place, std::size_t slot) { return at(Who::residents, place, slot) + at(Who::registered, place, slot) > 0; }
  std::string name(Who who, std::size_t place, std::size_t slot = 0) const {
    return head_count_name(who, place_id(place), slot_[slot].split, slot_[slot].group);
  }

  void count(const PeopleAlike& alike) {
    const std::size_t home = lists_.area_place[alike.area], practice = lists_.practice_place[alike.practice];
    const auto in = [&](Who who, std::size_t place) {
      Row& row = counts_[static_cast<std::size_t>(who)][place];
      row[0] += alike.people;
      row[fifth_slot + lists_.area_fifth[0][alike.area]] += alike.people;
      row[ethnic_slot + alike.ethnic_group] += alike.people;
      row[sex_slot + alike.sex] += alike.people;
      if (alike.age_band >= from_65 && alike.age_band < known_ages) row[old_slot] += alike.people;
      row[age_sex_slot + alike.age_band * sexes.size() + alike.sex] += alike.people;
    };
    const auto in_both = [&](Who who, std::size_t place) { in(who, place), in(who, whole_); };
    if (alike.resident) in_both(Who::residents, home);
    if (alike.registered) in_both(Who::registered, practice);
    const bool same = alike.resident && alike.registered;
    in(same ? Who::both : alike.resident ? Who::resident_only : Who::registered_only, whole_);
    if (same && home == practice) {
      in(Who::both, home);
    } else {
      if (alike.resident) in(Who::resident_only, home);
      if (alike.registered) in(Who::registered_only, practice);
    }
    if (!alike.resident) return;
    if (alike.opted_out) in_both(Who::opted_out, home);
    if (alike.not_met) in_both(Who::not_met, home);
    areas_[alike.area] += alike.people;
    if (alike.age_band >= from_65 && alike.age_band < known_ages) old_areas_[alike.area] += alike.people;
  }

  /// Residents' counts are hidden after those of registered people.
  disclosure::TablePlace table(int tier, Who who, const std::string& split, std::size_t place) {
    const auto number = [](std::map<std::string, int>& of, const std::string& key) { return of.emplace(key, static_cast<int>(of.size()) + 1).first->second; };
    const std::string kind = std::string(to_string(who)) + "|" + split;
    return {tier + (who == Who::registered ? 1 : 0), number(splits_, kind), number(tables_, kind + "|" + place_id(place))};
  }

  void add_line(std::string key, std::int64_t count, disclosure::TablePlace place, bool published = true) {
    linked_.lines.push_back({std::move(key), count, published, place});
  }
  /// `kind` keeps sums over different parts apart.
  void part_of(const std::string& kind, const std::string& whole, const std::string& part) { sums_[{kind, whole}].push_back(part); }

  /// Residents and registered people of a group, and who is both or one alone.
  void add_group(std::size_t place, std::size_t slot) {
    if (!anybody(place, slot)) return;
    const bool crossed = slot >= age_sex_slot;
    const int tier = 1 + 2 * ((place == whole_ ? 0 : 1) + (crossed ? 1 : 0));
    for (const Who who : tied) {
      const bool basis = who == Who::residents || who == Who::registered;
      // Who lives nowhere here has no fifth here: nobody of a known fifth can be registered only.
      if (who == Who::registered_only && place == whole_ && slot > fifth_slot && slot < ethnic_slot) continue;
      const disclosure::TablePlace where = slot > 0 ? table(tier, basis ? who : Who::registered, slot_[slot].split, place)
          : basis                                   ? disclosure::TablePlace{}
                                                    : table(1, Who::both, "", place);
      add_line(name(who, place, slot), at(who, place, slot), where, slot == 0 || (basis && slot_[slot].published));
      if (basis) continue;
      if (who != Who::registered_only) part_of("bases", name(Who::residents, place, slot), name(who, place, slot));
      if (who != Who::resident_only) part_of("bases", name(Who::registered, place, slot), name(who, place, slot));
    }
  }

  void add_splits(Who who, std::size_t place) {
    const auto add = [&](const char* kind, std::size_t whole, std::size_t part) {
      const bool outside = who == Who::registered_only && place == whole_ && part > fifth_slot && part < ethnic_slot;
      if (anybody(place, part) && !outside) part_of(kind, name(who, place, whole), name(who, place, part));
    };
    for (std::size_t f = 0; f < fifths.size(); ++f) add("fifths", 0, fifth_slot + f);
    for (std::size_t e = 0; e < ethnic_groups.size(); ++e) add("ethnic groups", 0, ethnic_slot + e);
    for (std::size_t s = 0; s < sexes.size(); ++s) {
      add("sexes", 0, sex_slot + s);
      for (std::size_t band = 0; band < age_bands.size(); ++band) {
        add("ages", sex_slot + s, age_sex_slot + band * sexes.size() + s);
        if (band >= from_65 && band < known_ages && anybody(place, old_slot)) add("old", old_slot, age_sex_slot + band * sexes.size() + s);
      }
    }
  }

  /// Some of the residents of a place, and the others, whom nobody is shown.
  void add_some(Who who, std::size_t place) {
    if (at(Who::residents, place, 0) == 0) return;
    const disclosure::TablePlace where = table(1, who, "", place);
    const std::string rest = "others|" + name(who, place);
    add_line(name(who, place), at(who, place, 0), where);
    add_line(rest, at(Who::residents, place, 0) - at(who, place, 0), where, false);
    for (const std::string& part : {name(who, place), rest}) part_of(std::string(to_string(who)), name(Who::residents, place), part);
    if (place < whole_) part_of("places", name(who, whole_), name(who, place));
  }

  /// The whole is the sum of the places; those of both who live in one place and are registered in another are both in no place.
  void add_places() {
    std::int64_t moved = at(Who::both, whole_, 0);
    for (std::size_t place = 0; place < whole_; ++place) {
      for (std::size_t slot = 0; slot < slots; ++slot)
        for (const Who who : {Who::residents, Who::registered})
          if (anybody(place, slot)) part_of("places", name(who, whole_, slot), name(who, place, slot));
      if (!anybody(place, 0)) continue;
      moved -= at(Who::both, place, 0);
      part_of("places", name(Who::both, whole_), name(Who::both, place));
    }
    if (!anybody(whole_, 0)) return;
    add_line("moved", moved, table(1, Who::both, "", whole_), false);
    part_of("places", name(Who::both, whole_), "moved");
  }

  /// Residents by small area and neighbourhood, and how many of them are old. Everyone can look up which fifth an area is in.
  void add_areas() {
    struct Part {
      std::int64_t people = 0, old = 0;
      std::set<std::size_t> places;
    };
    std::map<std::string, Part> neighbourhoods;  // by the name of their residents' count; those in none, by place
    for (std::size_t area = 0; area < areas_.size(); ++area) {
      if (areas_[area] == 0) continue;
      const std::size_t home = lists_.area_place[area], fifth = fifth_slot + lists_.area_fifth[0][area];
      const std::string all = head_count_name(Who::residents, "", "area", lists_.areas[area]), old = aged(all);
      add_small(area_tier, "area", all, areas_[area], old_areas_[area], area > 0);
      part_of("areas", name(Who::residents, home), all);
      part_of("areas", name(Who::residents, home, fifth), all);
      if (anybody(home, old_slot)) part_of("areas", name(Who::residents, home, old_slot), old);
      const std::string around = neighbourhood_of(area);
      part_of("areas", around, all);
      part_of("areas", aged(around), old);
      Part& part = neighbourhoods[around];
      part.people += areas_[area], part.old += old_areas_[area];
      part.places.insert(home);
    }
    std::set<std::size_t> crossed;  // places with a neighbourhood that lies in another too
    for (const auto& [all, part] : neighbourhoods) {
      add_small(3, "neighbourhood", all, part.people, part.old, !all.ends_with("|unknown"));
      if (part.places.size() > 1) crossed.insert(part.places.begin(), part.places.end());
    }
    for (const auto& [all, part] : neighbourhoods) {
      const std::size_t within = crossed.empty() ? *part.places.begin() : whole_;
      part_of("neighbourhoods", name(Who::residents, within), all);
      if (anybody(within, old_slot)) part_of("neighbourhoods", name(Who::residents, within, old_slot), aged(all));
    }
  }

  static std::string aged(const std::string& all) { return std::string(to_string(Who::aged_65)) + all.substr(all.find('|')); }

  std::string neighbourhood_of(std::size_t area) const {
    const std::size_t of = lists_.area_neighbourhood[area];
    return head_count_name(Who::residents, of == 0 ? place_id(lists_.area_place[area]) : "", "neighbourhood", lists_.neighbourhoods[of]);
  }

  void add_small(int tier, const std::string& split, const std::string& all, std::int64_t people, std::int64_t old, bool published) {
    const std::string younger = "others|" + aged(all);
    add_line(all, people, table(tier, Who::residents, split, whole_), published);
    add_line(aged(all), old, table(tier + 1, Who::aged_65, split, whole_), published);
    add_line(younger, people - old, table(tier + 1, Who::aged_65, split, whole_), false);
    part_of("ages", all, aged(all));
    part_of("ages", all, younger);
  }

  const GroupLists& lists_;
  std::size_t whole_;
  std::vector<Slot> slot_;
  std::array<std::vector<Row>, who_words.size()> counts_;  // by who and place, the whole last
  std::vector<std::int64_t> areas_, old_areas_;
  LinkedHeadCounts linked_;
  std::map<std::string, int> splits_, tables_;  // numbered from one
  std::map<std::pair<std::string, std::string>, std::vector<std::string>> sums_;  // by (kind, whole)
};

// The id of a release: the rules of counting, and how many publications there had been.
std::string rules_of(const disclosure::Release& release) { return release.id.substr(0, release.id.rfind(' ')); }
long long number_of_release(const disclosure::Release& release) { return std::stoll(release.id.substr(release.id.rfind(' ') + 1)); }

/// Those aged 65 and over by small area: nobody is shown them, and what they sum to is known from neighbourhoods and places.
std::vector<HeadCount> leave_out_old_by_area(LinkedHeadCounts& linked) {
  std::vector<HeadCount> left_out;
  std::set<std::string> gone;
  std::erase_if(linked.lines, [&](const disclosure::CountLine& line) {
    if (line.place.tier != old_area_tier) return false;
    gone.insert(line.key);
    if (line.published) left_out.push_back({line.key, std::nullopt, false, false});
    return true;
  });
  std::erase_if(linked.sums, [&](const disclosure::NamedSum& sum) {
    return std::any_of(sum.parts.begin(), sum.parts.end(), [&](const std::string& part) { return gone.contains(part); });
  });
  return left_out;
}

std::vector<HeadCount> as_published_before(const disclosure::Release& release) {
  std::vector<HeadCount> counts;
  for (const auto& cell : release.cells)
    if (!cell.unpublished) counts.push_back({cell.key, cell.shown, true, false});
  return counts;
}

}  // namespace

std::string_view to_string(Who who) { return who_words[static_cast<std::size_t>(who)]; }

std::optional<Who> who_named(std::string_view word) {
  const auto found = std::find(who_words.begin(), who_words.end(), word);
  if (found == who_words.end()) return std::nullopt;
  return static_cast<Who>(found - who_words.begin());
}

std::string head_count_name(Who who, std::string_view place, std::string_view split, std::string_view group) {
  std::string text(to_string(who));
  for (const std::string_view word : {place, split, group}) text.append("|").append(word);
  return text;
}

LinkedHeadCounts linked_head_counts(const std::vector<PeopleAlike>& people, const GroupLists& lists) { return HeadCounter(people, lists).linked(); }

std::vector<HeadCount> head_counts_of(const std::vector<PeopleAlike>& people, const GroupLists& lists, const disclosure::Policy& policy,
                                      disclosure::Memory& earlier) {
  LinkedHeadCounts linked = linked_head_counts(people, lists);
  disclosure::ShownCounts shown = disclosure::protect_counts(policy, linked.lines, linked.sums, earlier);
  std::vector<HeadCount> left_out;
  if (shown.withheld) {  // the few old people of a small area keep nobody else waiting
    left_out = leave_out_old_by_area(linked);
    shown = disclosure::protect_counts(policy, linked.lines, linked.sums, earlier);
  }
  if (shown.withheld) {
    if (!earlier.releases.empty() && rules_of(earlier.releases.back()) == counting_rules && earlier.releases.back().policy == disclosure::name_of(policy))
      return as_published_before(earlier.releases.back());
  } else if (!shown.as_before) {
    shown.release.id = std::string(counting_rules) + " " + std::to_string(1 + (earlier.releases.empty() ? 0 : number_of_release(earlier.releases.back())));
    disclosure::remember(earlier, std::move(shown.release), policy);
  }
  std::vector<HeadCount> counts = std::move(left_out);
  for (HeadCount& each : counts) each.withheld = shown.withheld;
  for (std::size_t l = 0; l < linked.lines.size(); ++l)
    if (linked.lines[l].published) counts.push_back({linked.lines[l].key, shown.counts[l].shown, false, shown.withheld});
  return counts;
}

}  // namespace catchment::indicators
