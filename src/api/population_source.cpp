// Counts of the population: pyramid, tiles, breakdowns, small areas. Every number is a head count as it was published.
#include <fmt/core.h>

#include <algorithm>
#include <cctype>
#include <cmath>

#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using indicators::HeadCount;
using indicators::Who;

constexpr std::string_view share_mark = "-share";
constexpr std::size_t known_bands = indicators::age_bands.size() - 1;

std::string head_group_label(const std::string& split, const std::string& key, const system::System& system) {
  if (key == "unknown") return "Not known";
  if (split == "deprivation") return key == "1" ? "1, most deprived fifth" : key == "5" ? "5, least deprived fifth" : key;
  if (split == "place") {
    const auto* place = system::find_place(system, key);
    return place == nullptr ? key : place->name;
  }
  if (split == "age-sex") {
    const std::size_t dot = key.rfind('.');
    return (key.substr(dot + 1) == "female" ? "Female, " : "Male, ") + key.substr(0, dot);
  }
  std::string label = key;
  label[0] = static_cast<char>(std::toupper(static_cast<unsigned char>(label[0])));
  return label;
}

/// What a head count's figure is called where it does not stand in a list.
std::string headline_label(Who who, const FigureName& name, const system::System& system) {
  switch (who) {
    case Who::both: return "Live here and are registered here";
    case Who::resident_only: return "Live here, are not registered here";
    case Who::registered_only: return "Registered here, live elsewhere or nowhere known";
    case Who::not_met: return "Residents no partner has met in three years";
    case Who::opted_out: return "Residents who opted out of planning and research";
    default: break;
  }
  if (name.dimension.empty()) return who == Who::registered ? "Registered with a practice" : "Residents";
  if (name.dimension == "age") return "Aged 65 and over";
  if (name.dimension == "deprivation" && name.key == "1") return "In the most deprived fifth";
  return head_group_label(name.dimension, name.key, system) + (name.dimension == "ethnicity" && name.key != "unknown" ? " ethnic groups" : "");
}

std::string rule_of(Who who) {
  switch (who) {
    case Who::registered: return "People alive with a registration running at a practice of this area, counted once each, in the place of the practice.";
    case Who::both: return "People who live here and whose practice is here: in the same place, or anywhere in the whole area.";
    case Who::resident_only: return "Residents whose practice is not here, or who are on no list and known by an NHS number.";
    case Who::registered_only: return "People registered with a practice here who live elsewhere, or nowhere known.";
    case Who::opted_out:
      return "Residents with a national data opt-out or a type 1 opt-out. Their own care teams see their records; figures about health leave them out, above "
             "and below the line.";
    case Who::not_met:
      return "Residents aged three and over without an attended contact with any partner in the three years to the day. Some are well; some have moved away "
             "and are still on a list.";
    default:
      return "People alive whose address, as the rule for conflicting sources chose it, lies in a small area of this system, and who are on a practice list or "
             "known by an NHS number; counted once each. Lists keep some who have moved away, so this is more than a census finds.";
  }
}

std::string measure_word(bool registered) { return registered ? "registered" : "residents"; }

/// Upper bounds of five classes with about as many areas in each.
std::vector<double> breaks_of(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  std::vector<double> breaks;
  for (int i = 1; i < 5 && values.size() >= 5; ++i) {
    const double value = values[values.size() * static_cast<std::size_t>(i) / 5];
    if (breaks.empty() || value > breaks.back()) breaks.push_back(value);
  }
  return breaks;
}

Number percent_shown(const HeadCount* part, const HeadCount* whole) {
  if (part == nullptr || whole == nullptr || !part->count || !whole->count || *whole->count == 0) return std::nullopt;
  return std::min(100.0, std::round(1000.0 * static_cast<double>(*part->count) / static_cast<double>(*whole->count)) / 10.0);
}

}  // namespace

const HeadCount* SnapshotSource::head_count(const FigureName& name) const {
  const auto who = indicators::who_named(name.measure);
  if (!who) return nullptr;
  if (name.dimension == "place") return shelf_->head_count(indicators::head_count_name(*who, name.key));
  return shelf_->head_count(indicators::head_count_name(*who, name.place.value_or(""), name.dimension, name.key));
}

/// A count, or its share of `whole`; null counts are of nobody, or not made yet.
Figure SnapshotSource::head_figure(const FigureName& name, std::string label, const HeadCount* own, const HeadCount* whole, bool as_share) const {
  Figure figure;
  figure.id = to_id(name);
  figure.label = std::move(label);
  figure.measure = name.measure;
  figure.place = name.place;
  if (!name.key.empty()) figure.group = name.key;
  if (as_share) figure.unit = "percent";
  figure.vintage = vintage({"general-practice"});
  if (own == nullptr || (as_share && whole == nullptr)) {
    const bool counted = shelf_->head_count(indicators::head_count_name(Who::residents)) != nullptr;
    figure.missing_reason = counted ? "nobody to count" : "not counted yet: run catchment build";
    return figure;
  }
  if (own->held_back) figure.held_back = held_back_words({snapshot_->manifest().as_of});
  if (!own->count || (as_share && !whole->count)) {
    figure.suppressed = true;
    figure.suppression_note = own->withheld ? withheld_words(month_words(snapshot_->manifest().as_of)) : disclosure::hidden_note(rules_);
    return figure;
  }
  figure.rounded_to = rules_.rounded_to;
  if (!as_share) {
    figure.value = static_cast<double>(*own->count);
  } else if (*whole->count == 0) {
    figure.missing_reason = "nobody to count";
  } else {
    figure.numerator = own->count;
    figure.denominator = whole->count;
    figure.value = percent_shown(own, whole);
  }
  return figure;
}

/// A figure of this file by its name; nothing when the name is not one of ours, or nobody is counted by it.
std::optional<Figure> SnapshotSource::population_figure(const FigureName& name, const Filter& filter) const {
  if (!filter.sees_counts() || !known_place(name.place)) return std::nullopt;
  FigureName count = name;
  if (count.measure.ends_with(share_mark)) count.measure.resize(count.measure.size() - share_mark.size());
  const auto who = indicators::who_named(count.measure);
  if (!who) return std::nullopt;
  const HeadCount* own = head_count(count);
  if (own == nullptr && !name.dimension.empty()) return std::nullopt;
  const bool aged = *who == Who::aged_65, as_share = name.measure != count.measure || aged || *who == Who::opted_out;
  FigureName whole = {*who == Who::registered ? "registered" : "residents", name.place, "", ""};
  if (aged) whole.dimension = name.dimension, whole.key = name.key;
  Figure figure = head_figure(name, headline_label(*who, name, definitions_->system), own, head_count(whole), as_share);
  const FigureName everywhere =
      aged ? FigureName{"residents-share", std::nullopt, "age", "65+"} : FigureName{name.measure, std::nullopt, name.dimension, name.key};
  if (as_share && (aged || name.place))
    if (const auto other = population_figure(everywhere, filter)) compare(figure, "the whole area", *other);
  return figure;
}

Breakdown SnapshotSource::breakdown(bool registered, const std::string& split, std::string title, const std::vector<std::string>& groups, const Text& place,
                                    const Filter& filter) const {
  Breakdown found{split, std::move(title), std::nullopt, {}};
  for (const std::string& group : groups) {
    auto figure = population_figure({measure_word(registered) + std::string(share_mark), place, split, group}, filter);
    if (!figure || (group == "unknown" && figure->value == 0)) continue;
    figure->label = head_group_label(split, group, definitions_->system);
    if (group == "unknown") found.note = "Not known is a group of its own";
    found.figures.push_back(std::move(*figure));
  }
  return found;
}

std::vector<PyramidBand> SnapshotSource::pyramid(bool registered, const Text& place) const {
  std::vector<PyramidBand> bands;
  const std::string measure = measure_word(registered);
  const HeadCount *here = head_count({measure, place, "", ""}), *everywhere = head_count({measure, std::nullopt, "", ""});
  for (std::size_t i = 0; i < known_bands; ++i) {
    const std::string band(indicators::age_bands[i]);
    const auto of = [&](const char* sex, const Text& where) { return FigureName{measure, where, "age-sex", band + "." + sex}; };
    const auto figure = [&](const char* sex) {
      const FigureName name = of(sex, place);
      return head_figure(name, head_group_label(name.dimension, name.key, definitions_->system), head_count(name), nullptr, false);
    };
    const std::int64_t low = static_cast<std::int64_t>(i) * 5;
    bands.push_back({band, low, i + 1 < known_bands ? Count{low + 4} : Count{}, figure("female"), figure("male"),
                     percent_shown(head_count(of("female", place)), here), percent_shown(head_count(of("male", place)), here),
                     percent_shown(head_count(of("female", std::nullopt)), everywhere), percent_shown(head_count(of("male", std::nullopt)), everywhere)});
  }
  return bands;
}

std::vector<Figure> SnapshotSource::population_tiles(bool registered, const Text& place, const Filter& filter) const {
  const std::string measure = measure_word(registered);
  std::vector<Figure> tiles;
  for (const auto& name : {FigureName{measure, place, "", ""},
                           {measure + "-share", place, "age", "65+"},
                           {measure + "-share", place, "deprivation", "1"},
                           {measure + "-share", place, "ethnicity", "asian"},
                           {measure + "-share", place, "ethnicity", "black"},
                           {measure + "-share", place, "ethnicity", "white"}})
    if (auto figure = population_figure(name, filter)) tiles.push_back(std::move(*figure));
  return tiles;
}

PlaceList SnapshotSource::places(const Filter& filter) const {
  PlaceList list;
  for (const auto& place : definitions_->system.places) {
    if (auto residents = population_figure({"residents", place.id, "", ""}, filter))
      list.places.push_back({place.id, place.code, place.name, place.council.empty() ? Text{} : Text{place.council}, place.description, place.column, place.row,
                             std::move(*residents)});
  }
  if (auto whole = population_figure({"residents", std::nullopt, "", ""}, filter)) list.whole = std::move(*whole);
  return list;
}

std::optional<PopulationPage> SnapshotSource::population(const Text& place, bool registered, const Filter& filter) const {
  if (!known_place(place) || !filter.sees_counts()) return std::nullopt;
  PopulationPage page;
  page.place = place;
  page.place_name = place_name(place);
  page.basis = registered ? "registered" : "resident";
  page.as_of = snapshot_->manifest().as_of;
  page.tiles = population_tiles(registered, place, filter);
  page.pyramid = pyramid(registered, place);
  if (!place) {
    std::vector<std::string> places;
    for (const auto& each : definitions_->system.places) places.push_back(each.id);
    places.emplace_back("unknown");
    page.breakdowns.push_back(breakdown(registered, "place", "By place", places, place, filter));
  }
  page.breakdowns.push_back(breakdown(registered, "deprivation", "By deprivation, in national fifths", {"1", "2", "3", "4", "5", "unknown"}, place, filter));
  page.breakdowns.push_back(
      breakdown(registered, "ethnicity", "By ethnic group", {indicators::ethnic_groups.begin(), indicators::ethnic_groups.end()}, place, filter));
  page.breakdowns.push_back(breakdown(registered, "sex", "By sex", {indicators::sexes.begin(), indicators::sexes.end()}, place, filter));
  Breakdown basis{"basis",
                  "Resident and registered",
                  "Two counts that never agree: some people live here and are registered elsewhere, and lists keep people who have moved away. Those whom no "
                  "partner has met in three years are the first place to look.",
                  {}};
  for (const Who each : {Who::residents, Who::registered, Who::both, Who::resident_only, Who::registered_only, Who::not_met})
    if (auto figure = population_figure({std::string(to_string(each)), place, "", ""}, filter)) basis.figures.push_back(std::move(*figure));
  page.breakdowns.push_back(std::move(basis));
  const Figure& people = page.tiles[0];
  page.headline = page.place_name + " has " +
      (people.missing_reason ? "not been counted: no"
           : people.value    ? with_commas(static_cast<std::int64_t>(*people.value))
                             : std::string("few")) +
      (registered ? " people registered here" : " residents");
  for (const auto& tile : page.tiles)
    if (tile.comparison && (tile.comparison->verdict == "higher" || tile.comparison->verdict == "lower") && tile.value) {
      page.headline +=
          fmt::format("; {} make up {}%, {} points {} than the whole area",
                      tile.label.starts_with("Aged") || tile.label.starts_with("In ")
                          ? "people " + std::string(1, static_cast<char>(tile.label[0] - 'A' + 'a')) + tile.label.substr(1)
                          : tile.label,
                      one_decimal(*tile.value), one_decimal(std::abs(*tile.comparison->difference)), tile.comparison->verdict == "higher" ? "more" : "less");
      break;
    }
  page.headline += ".";
  return page;
}

Figure SnapshotSource::area_figure(const std::string& measure, bool by_neighbourhood, const system::SmallArea& area, const Filter& filter) const {
  const std::string split = by_neighbourhood ? "neighbourhood" : "area", key = by_neighbourhood ? neighbourhood_name(area) : area.code;
  const FigureName name = {measure, std::nullopt, split, key};
  Figure figure;
  if (measure == "most-deprived") {
    const int fifth = system::deprivation_fifth(definitions_->system, area, definitions_->system.deprivation_version);
    figure.id = to_id({"deprivation", std::nullopt, "area", area.code});
    if (fifth > 0) figure.value = fifth;
    else figure.missing_reason = "not ranked";
  } else if (auto found = indicators::who_named(measure) ? population_figure(name, filter) : measure_figure(name, filter)) {
    figure = std::move(*found);
  } else {
    figure.id = to_id(name);
    figure.missing_reason = "nobody to count";
  }
  figure.label = by_neighbourhood ? key : area.name;
  figure.vintage = vintage({"general-practice"});
  return figure;
}

std::string SnapshotSource::neighbourhood_name(const system::SmallArea& area) const {
  for (const auto& one : definitions_->system.neighbourhoods)
    if (one.id == area.neighbourhood) return one.name;
  return area.neighbourhood;
}

std::optional<AreaMap> SnapshotSource::areas(const Text& measure, const Text& place, bool by_neighbourhood, const Filter& filter) const {
  if (!known_place(place) || !filter.sees_counts()) return std::nullopt;
  AreaMap map;
  map.measures = {{"residents", "Residents", "count", "population"}, {"aged-65", "Aged 65 and over", "percent", "population"}};
  if (!by_neighbourhood) map.measures.push_back({"most-deprived", "Deprivation, national fifth", "count", "population"});
  for (const auto& each : shelf_->measures()) map.measures.push_back({each.id, each.title, unit_of(each), each.kind == "register" ? "condition" : "measure"});
  const std::string wanted = measure.value_or("residents");
  const auto option = std::find_if(map.measures.begin(), map.measures.end(), [&](const auto& each) { return each.id == wanted; });
  if (option == map.measures.end()) return std::nullopt;
  map.measure = *option;
  map.geography = by_neighbourhood ? "Neighbourhoods" : "Lower layer super output areas (2021)";
  map.deprivation_index = definitions_->system.deprivation_version;
  for (const auto& each : definitions_->system.places) map.places.push_back({each.id, each.name, each.column, each.row});
  std::map<std::string, Figure> figures;  // by area or neighbourhood
  for (const auto& area : definitions_->system.small_areas) {
    if (place && area.place != *place) continue;
    const std::string key = by_neighbourhood ? area.neighbourhood : area.code;
    auto found = figures.find(key);
    if (found == figures.end()) found = figures.emplace(key, area_figure(wanted, by_neighbourhood, area, filter)).first;
    const int fifth = system::deprivation_fifth(definitions_->system, area, map.deprivation_index);
    map.cells.push_back({area.code, area.name, area.place, area.neighbourhood.empty() ? Text{} : Text{neighbourhood_name(area)}, area.column, area.row,
                         fifth > 0 ? Count{fifth} : Count{}, found->second});
  }
  std::vector<double> values;
  std::size_t hidden = 0;
  for (const auto& [key, figure] : figures) {
    if (figure.value) values.push_back(*figure.value);
    hidden += figure.suppressed ? 1 : 0;
  }
  map.scale.unit = option->unit;
  const std::string what = by_neighbourhood ? "neighbourhoods" : "small areas";
  map.headline = fmt::format("{} in {} {} of {}", option->name, figures.size(), what, place ? place_name(place) : "the whole area");
  if (!values.empty()) {
    map.scale.low = *std::min_element(values.begin(), values.end());
    map.scale.high = *std::max_element(values.begin(), values.end());
    map.scale.breaks = wanted == "most-deprived" ? std::vector<double>{1, 2, 3, 4} : breaks_of(values);
    const auto say = [&](double value) {
      return option->unit == "percent" ? one_decimal(value) + "%"
          : option->unit == "count"    ? with_commas(static_cast<std::int64_t>(value))
                                       : one_decimal(value);
    };
    map.headline += fmt::format(": from {} to {}", say(*map.scale.low), say(*map.scale.high));
  }
  if (option->unit != "count")
    if (const auto whole = wanted == "aged-65"
            ? population_figure({"residents-share", std::nullopt, "age", "65+"}, filter)
            : measure_figure({shelf_->find(wanted) != nullptr ? wanted + "@resident" : wanted, std::nullopt, "", ""}, filter);
        whole && whole->value) {
      map.whole = *whole;
      map.headline += fmt::format("; the whole area has {}{}", one_decimal(*whole->value), option->unit == "percent" ? "%" : "");
    }
  if (hidden > 0) map.headline += fmt::format("; {} hidden", hidden);
  map.headline += ".";
  return map;
}

Definition SnapshotSource::population_definition(const FigureName& name) const {
  Definition definition;
  const bool share = name.measure.ends_with(share_mark);
  const Who who = indicators::who_named(share ? name.measure.substr(0, name.measure.size() - share_mark.size()) : name.measure).value_or(Who::residents);
  definition.rule = rule_of(who);
  definition.numerator = name.dimension.empty() ? "Everyone counted" : "Those counted who are in the group";
  definition.denominator = share || who == Who::aged_65 || who == Who::opted_out ? "Everyone counted" : "Not a share";
  definition.sources = {{"Joined records of the partners", "The feeds below"}};
  definition.version = snapshot_->manifest().product_version;
  definition.suppression = disclosure::in_words(rules_);
  return definition;
}

Unseen SnapshotSource::unseen(const Text& place, bool about_health, const Filter& filter) const {
  Unseen unseen;
  for (const auto& practice : missing_practices(filter)) {
    const auto* known = system::find_practice(definitions_->system, practice.code);
    if (place && (known == nullptr || known->place != *place)) continue;
    unseen.groups.push_back({"missing_practice", practice.name, practice.note, std::nullopt});
  }
  if (auto figure = population_figure({"residents", place, "ethnicity", "unknown"}, filter))
    unseen.groups.push_back({"unknown_ethnicity", "Ethnic group not known", "No source says, or sources say it was not stated", std::move(figure)});
  if (about_health)
    if (auto figure = population_figure({std::string(to_string(Who::opted_out)), place, "", ""}, filter))
      unseen.groups.push_back({"opted_out", "Opted out of planning and research",
                               "Left out above and below the line; their own care teams still see their records", std::move(figure)});
  for (const auto& feed : feeds_)
    if (feed.status != "fresh" && feed.deliveries > 0) unseen.groups.push_back({"late_feed", feed.dataset, feed.status_detail, std::nullopt});
  unseen.sentence = unseen.groups.empty() ? "Nobody is known to be missing." : "Some people are missing from this figure, or counted late.";
  return unseen;
}

}  // namespace catchment::api
