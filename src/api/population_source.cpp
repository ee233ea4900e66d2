// Counts of the population: pyramid, tiles, breakdowns, small areas. Every number passes figures.h.
#include <fmt/core.h>

#include <algorithm>
#include <array>
#include <cmath>

#include "api/snapshot_source.h"

namespace catchment::api {

namespace {

using records::Dimension;

constexpr std::array<std::string_view, 19> age_bands = {"0-4",   "5-9",   "10-14", "15-19", "20-24", "25-29", "30-34", "35-39", "40-44", "45-49",
                                                        "50-54", "55-59", "60-64", "65-69", "70-74", "75-79", "80-84", "85-89", "90+"};

std::string_view word(Dimension dimension) {
  switch (dimension) {
    case Dimension::ethnic_group: return "ethnicity";
    case Dimension::deprivation_fifth: return "deprivation";
    case Dimension::age_band: return "age";
    default: return records::to_string(dimension);
  }
}

std::optional<Dimension> dimension_named(std::string_view text) {
  for (const auto each : {Dimension::place, Dimension::neighbourhood, Dimension::area, Dimension::practice, Dimension::age_band, Dimension::sex,
                          Dimension::ethnic_group, Dimension::deprivation_fifth})
    if (word(each) == text) return each;
  return std::nullopt;
}

std::string label_of(Dimension dimension, const std::string& key, const system::System& system) {
  if (key == "unknown") return "Not known";
  switch (dimension) {
    case Dimension::deprivation_fifth: return key == "1" ? "1, most deprived fifth" : key == "5" ? "5, least deprived fifth" : key;
    case Dimension::ethnic_group:
      for (const auto& [group, label] : {std::pair{"asian", "Asian"}, {"black", "Black"}, {"mixed", "Mixed"}, {"white", "White"}, {"other", "Other"}})
        if (key == group) return label;
      return key;
    case Dimension::sex: return key == "female" ? "Female" : key == "male" ? "Male" : "Other";
    case Dimension::place: {
      const auto* place = system::find_place(system, key);
      return place == nullptr ? key : place->name;
    }
    case Dimension::practice: {
      const auto* practice = system::find_practice(system, key);
      return practice == nullptr ? key : practice->name;
    }
    default: return key;
  }
}

std::int64_t sum_where(const std::vector<records::CountRow>& rows, std::size_t position, std::string_view key) {
  std::int64_t sum = 0;
  for (const auto& row : rows)
    if (row.keys[position] == key) sum += row.persons;
  return sum;
}

std::int64_t persons(const std::vector<records::CountRow>& rows, std::string_view first, std::string_view second) {
  for (const auto& row : rows)
    if (row.keys[0] == first && row.keys[1] == second) return row.persons;
  return 0;
}

std::int64_t aged_65(const std::vector<records::CountRow>& rows) {
  std::int64_t sum = 0;
  for (std::size_t i = 13; i < age_bands.size(); ++i) sum += sum_where(rows, 0, age_bands[i]);
  return sum;
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

}  // namespace

const SnapshotSource::Counts& SnapshotSource::counts(bool registered, std::vector<Dimension> by, const Text& place, const Filter& filter) const {
  static const Counts none;
  if (!filter.sees_counts()) return none;
  std::string key = registered ? "r" : "p";
  for (const auto dimension : by) key += "," + std::string(records::to_string(dimension));
  key += "@" + place.value_or("");
  {
    const std::lock_guard lock(counts_mutex_);
    const auto found = counts_.find(key);
    if (found != counts_.end()) return found->second;
  }
  records::CountQuery query;
  query.population = registered ? records::Population::registered : records::Population::resident;
  query.by = std::move(by);
  if (place) query.place = snapshot_->dictionaries().find_place(*place).value_or(-1);
  Counts rows = snapshot_->count(query, filter);
  const std::lock_guard lock(counts_mutex_);
  return counts_.emplace(key, std::move(rows)).first->second;  // a map's elements stay where they are
}

std::int64_t SnapshotSource::total(bool registered, const Text& place, const Filter& filter) const {
  std::int64_t sum = 0;
  for (const auto& row : counts(registered, {Dimension::age_band, Dimension::sex}, place, filter)) sum += row.persons;
  return sum;
}

Breakdown SnapshotSource::breakdown(bool registered, Dimension by, std::string title, const Text& place, const Filter& filter) const {
  Breakdown split{std::string(word(by)), std::move(title), std::nullopt, {}};
  const auto& here = counts(registered, {by}, place, filter);
  const auto& everywhere = counts(registered, {by}, std::nullopt, filter);
  const std::int64_t whole = total(registered, place, filter), all = total(registered, std::nullopt, filter);
  for (const auto& row : here) {
    const FigureName name{measure_word(registered) + "-share", place, std::string(word(by)), row.keys[0]};
    Figure figure = share_figure(name, label_of(by, row.keys[0], definitions_->system), row.persons, whole, vintage({"general-practice"}));
    if (place)
      compare(figure, "the whole area",
              share_figure({name.measure, std::nullopt, name.dimension, name.key}, "", sum_where(everywhere, 0, row.keys[0]), all, figure.vintage));
    if (row.keys[0] == "unknown") split.note = "Not known is a group of its own";
    split.figures.push_back(std::move(figure));
  }
  if (by == Dimension::place) {  // in the order of the definitions
    const auto order = [&](const Figure& figure) {
      const auto& places = definitions_->system.places;
      return std::find_if(places.begin(), places.end(), [&](const auto& each) { return each.id == figure.group.value_or(""); }) - places.begin();
    };
    std::stable_sort(split.figures.begin(), split.figures.end(), [&](const auto& a, const auto& b) { return order(a) < order(b); });
  }
  return split;
}

std::vector<PyramidBand> SnapshotSource::pyramid(bool registered, const Text& place, const Filter& filter) const {
  std::vector<PyramidBand> bands;
  const auto& here = counts(registered, {Dimension::age_band, Dimension::sex}, place, filter);
  const auto& everywhere = counts(registered, {Dimension::age_band, Dimension::sex}, std::nullopt, filter);
  const std::int64_t whole = total(registered, place, filter), all = total(registered, std::nullopt, filter);
  const Vintage of = vintage({"general-practice"});
  for (std::size_t i = 0; i < age_bands.size(); ++i) {
    const std::string band(age_bands[i]);
    const auto figure = [&](std::string_view sex) {
      return count_figure({measure_word(registered), place, "age-sex", band + "." + std::string(sex)},
                          std::string(sex == "female" ? "Female, " : "Male, ") + band, persons(here, band, sex), of);
    };
    const std::int64_t low = static_cast<std::int64_t>(i) * 5;
    bands.push_back({band, low, i + 1 < age_bands.size() ? Count{low + 4} : Count{}, figure("female"), figure("male"),
                     shown_percent(persons(here, band, "female"), whole), shown_percent(persons(here, band, "male"), whole),
                     shown_percent(persons(everywhere, band, "female"), all), shown_percent(persons(everywhere, band, "male"), all)});
  }
  return bands;
}

std::vector<Figure> SnapshotSource::population_tiles(bool registered, const Text& place, const Filter& filter) const {
  const std::string measure = measure_word(registered);
  std::vector<Figure> tiles = {*population_figure({measure, place, "", ""}, filter)};
  for (const auto& name : {FigureName{measure + "-share", place, "age", "65+"},
                           {measure + "-share", place, "deprivation", "1"},
                           {measure + "-share", place, "ethnicity", "asian"},
                           {measure + "-share", place, "ethnicity", "black"},
                           {measure + "-share", place, "ethnicity", "white"}})
    if (auto figure = population_figure(name, filter)) tiles.push_back(std::move(*figure));
  return tiles;
}

/// A figure of this file by its name; nothing when the name is not one of ours.
std::optional<Figure> SnapshotSource::population_figure(const FigureName& name, const Filter& filter) const {
  if (name.measure == "aged-65" && !name.place && filter.sees_counts() && (name.dimension == "area" || name.dimension == "neighbourhood"))
    return head_count(name, filter);
  const bool as_share = name.measure.ends_with("-share");
  const std::string base = as_share ? name.measure.substr(0, name.measure.size() - 6) : name.measure;
  if ((base != "residents" && base != "registered") || !known_place(name.place) || !filter.sees_counts()) return std::nullopt;
  const bool registered = base == "registered";
  const Vintage of = vintage({"general-practice"});
  const std::int64_t whole = total(registered, name.place, filter);
  if (name.dimension.empty()) return count_figure(name, registered ? "Registered with a practice" : "Residents", whole, of);
  std::int64_t part = 0, part_everywhere = 0;
  std::string label = name.key;
  const auto both = [&](auto&& measure_of, const std::vector<Dimension>& by) {
    part = measure_of(counts(registered, by, name.place, filter));
    part_everywhere = measure_of(counts(registered, by, std::nullopt, filter));
  };
  if (name.dimension == "age" && name.key == "65+") {
    both(aged_65, {Dimension::age_band});
    label = "Aged 65 and over";
  } else if (name.dimension == "age-sex") {
    const auto dot = name.key.rfind('.');
    if (dot == std::string::npos) return std::nullopt;
    both([&](const Counts& rows) { return persons(rows, name.key.substr(0, dot), name.key.substr(dot + 1)); }, {Dimension::age_band, Dimension::sex});
    label = name.key.substr(dot + 1) + ", " + name.key.substr(0, dot);
  } else if (const auto by = dimension_named(name.dimension)) {
    both([&](const Counts& rows) { return sum_where(rows, 0, name.key); }, {*by});
    if (part_everywhere == 0) return std::nullopt;
    label = label_of(*by, name.key, definitions_->system);
    if (*by == Dimension::deprivation_fifth && name.key == "1") label = "In the most deprived fifth";
    if (*by == Dimension::ethnic_group && name.key != "unknown") label += " ethnic groups";
  } else {
    return std::nullopt;
  }
  Figure figure = as_share ? share_figure(name, label, part, whole, of) : count_figure(name, label, part, of);
  if (as_share && name.place)
    compare(figure, "the whole area",
            share_figure({name.measure, std::nullopt, name.dimension, name.key}, "", part_everywhere, total(registered, std::nullopt, filter), of));
  return figure;
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
  page.pyramid = pyramid(registered, place, filter);
  page.breakdowns = {breakdown(registered, Dimension::deprivation_fifth, "By deprivation, in national fifths", place, filter),
                     breakdown(registered, Dimension::ethnic_group, "By ethnic group", place, filter),
                     breakdown(registered, Dimension::sex, "By sex", place, filter)};
  if (!place) page.breakdowns.insert(page.breakdowns.begin(), breakdown(registered, Dimension::place, "By place", place, filter));
  Breakdown basis{"basis",
                  "Resident and registered",
                  "Two counts that never agree: some people live here and are registered elsewhere, and lists keep people who have moved away. Those whom no "
                  "partner has met in three years are the first place to look.",
                  {}};
  for (const char* each : {"residents", "registered"})
    if (auto figure = population_figure({each, place, "", ""}, filter)) basis.figures.push_back(std::move(*figure));
  for (const char* each : {"both", "resident-only", "registered-only"})
    if (auto figure = measure_figure({std::string(indicators::basis), place, "basis", each}, filter)) basis.figures.push_back(std::move(*figure));
  if (const auto figure = measure_figure({std::string(indicators::not_met), place, "", ""}, filter); figure && figure->numerator) {
    Figure people = *figure;  // the count behind the share, for one scale
    people.unit = "count";
    people.label = "Residents no partner has met in three years";
    people.value = static_cast<double>(*figure->numerator);
    people.numerator = people.denominator = std::nullopt;
    people.interval.reset();
    people.comparison.reset();
    basis.figures.push_back(std::move(people));
  }
  page.breakdowns.push_back(std::move(basis));
  const Figure& people = page.tiles[0];
  page.headline = page.place_name + " has " + (people.value ? with_commas(static_cast<std::int64_t>(*people.value)) : std::string("few")) +
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
  const Dimension dimension = by_neighbourhood ? Dimension::neighbourhood : Dimension::area;
  const std::string key = by_neighbourhood ? neighbourhood_name(area) : area.code;
  const std::string label = by_neighbourhood ? key : area.name;
  const Vintage of = vintage({"general-practice"});
  if (measure == "residents" || measure == "aged-65") {
    Figure figure = head_count({measure, std::nullopt, std::string(word(dimension)), key}, filter);
    figure.label = label;
    return figure;
  }
  Figure figure;
  if (measure == "most-deprived") {
    const int fifth = system::deprivation_fifth(definitions_->system, area, definitions_->system.deprivation_version);
    figure.id = to_id({"deprivation", std::nullopt, "area", area.code});
    if (fifth > 0) figure.value = fifth;
    else figure.missing_reason = "not ranked";
  } else if (auto found = measure_figure({measure, std::nullopt, std::string(word(dimension)), key}, filter)) {
    figure = std::move(*found);
  } else {
    figure.id = to_id({measure, std::nullopt, std::string(word(dimension)), key});
    figure.missing_reason = "nobody to count";
  }
  figure.label = label;
  figure.vintage = of;
  return figure;
}

/// Residents of an area or neighbourhood, or those of them aged 65 and over.
Figure SnapshotSource::head_count(const FigureName& name, const Filter& filter) const {
  const Dimension dimension = name.dimension == "area" ? Dimension::area : Dimension::neighbourhood;
  const auto& rows = counts(false, {dimension, Dimension::age_band}, std::nullopt, filter);  // in order of the key
  std::int64_t everyone = 0, old = 0;
  for (auto at = std::lower_bound(rows.begin(), rows.end(), name.key, [](const auto& row, const std::string& wanted) { return row.keys[0] < wanted; });
       at != rows.end() && at->keys[0] == name.key; ++at) {
    everyone += at->persons;
    if (std::find(age_bands.begin() + 13, age_bands.end(), at->keys[1]) != age_bands.end()) old += at->persons;
  }
  const Vintage of = vintage({"general-practice"});
  if (name.measure == "residents") return count_figure(name, name.key, everyone, of);
  Figure figure = share_figure(name, name.key, old, everyone, of);
  if (const auto whole = population_figure({"residents-share", std::nullopt, "age", "65+"}, filter)) compare(figure, "the whole area", *whole);
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
  for (const auto& indicator : indicators_) map.measures.push_back({indicator.id, indicator.title, "percent", kind_word(indicator)});
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
    if (const auto whole = wanted == "aged-65" ? population_figure({"residents-share", std::nullopt, "age", "65+"}, filter)
                                               : measure_figure({wanted, std::nullopt, "", ""}, filter);
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
  const bool registered = name.measure.starts_with("registered");
  definition.rule = registered
      ? "People with a current registration at a practice of this area, counted once each."
      : "People alive whose address, as the rule for conflicting sources chose it, lies in a small area of this system, and who are on a practice list or "
        "known by an NHS number; counted once each. Lists keep some who have moved away, so this is more than a census finds.";
  definition.numerator = name.dimension.empty() ? "Everyone counted" : "Those counted who are in the group";
  definition.denominator = name.measure.ends_with("-share") ? "Everyone counted" : "Not a share";
  definition.sources = {{"Joined records of the partners", "The feeds below"}};
  definition.version = snapshot_->manifest().product_version;
  definition.suppression = disclosure::in_words();
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
    if (auto figure = measure_figure({std::string(indicators::opted_out), place, "", ""}, filter))
      unseen.groups.push_back({"opted_out", "Opted out of planning and research",
                               "Left out above and below the line; their own care teams still see their records", std::move(figure)});
  for (const auto& feed : feeds_)
    if (feed.status != "fresh" && feed.deliveries > 0) unseen.groups.push_back({"late_feed", feed.dataset, feed.status_detail, std::nullopt});
  unseen.sentence = unseen.groups.empty() ? "Nobody is known to be missing." : "Some people are missing from this figure, or counted late.";
  return unseen;
}

}  // namespace catchment::api
