// The tables of synth/*.csv. Each function reads one.
#include <algorithm>

#include "synth/model.h"

namespace catchment::synth {
namespace {

using system::Columns;
using system::Definitions;
using system::Row;
using system::Table;

std::size_t place_index(Model& model, Row& row) {
  const std::string id = row.text("place");
  for (std::size_t i = 0; i < model.places.size(); ++i)
    if (model.places[i].id == id) return i;
  row.error("place", "there is no place '" + id + "'", "use an id of places.csv");
  return 0;
}

double figure(Row& row, std::string_view column, double low = 0, double high = 1e9) { return row.number(column, low, high).value_or(0); }

void load_rates(Definitions& definitions, Model& model) {
  Table rates(definitions, "synth/rates.csv", {{"name", "value", "unit"}, {"note"}});
  for (Row row : rates) model.rates.set(row.text("name"), figure(row, "value"));
  Table faults(definitions, "synth/faults.csv", {{"fault", "feed", "rate"}, {"minimum", "meaning"}});
  for (Row row : faults) {
    const double rate = figure(row, "rate", 0, 1);
    if (row.has("minimum") && rate < figure(row, "minimum", 0, 1)) row.error("rate", "the rate is below the stated minimum", "raise the rate");
    model.rates.set(row.text("fault") + "." + row.text("feed"), rate);
  }
}

void load_ages(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/ages.csv", {{"place", "from_age", "to_age", "percent"}});
  for (Row row : table) {
    PlaceModel& place = model.places[place_index(model, row)];
    const auto low = static_cast<std::size_t>(row.integer("from_age", 0, oldest_age));
    const auto high = static_cast<std::size_t>(row.integer("to_age", static_cast<std::int64_t>(low), oldest_age));
    const double percent = figure(row, "percent", 0, 100);
    // Within a band of older people each year of age holds fewer than the one before.
    const double shrink = low >= 85 ? 0.82 : low >= 75 ? 0.93 : low >= 65 ? 0.98 : 1.0;
    double weight = 1, total = 0;
    for (std::size_t age = low; age <= high; ++age, weight *= shrink) total += weight;
    weight = 1;
    for (std::size_t age = low; age <= high; ++age, weight *= shrink) place.ages[age] = percent / 100 * weight / total;
  }
  for (const auto& place : model.places)
    if (std::none_of(place.ages.begin(), place.ages.end(), [](double share) { return share > 0; }))
      definitions.error("synth/ages.csv", 0, 0, "place '" + place.id + "' has no ages", "add its age bands");
}

void load_life_expectancy(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/life_expectancy.csv", {{"place", "sex", "years"}, {"standing"}});
  for (Row row : table) {
    PlaceModel& place = model.places[place_index(model, row)];
    place.life_expectancy[row.one_of("sex", {"female", "male"})] = figure(row, "years", 40, 100);
  }
}

void load_ethnicity(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/ethnicity.csv",
              {{"code", "title", "group", "pool", "snomed", "fifth_one", "fifth_five", "older", "wife_keeps_name", "double_barrelled"}});
  system::KnownIds codes;
  for (Row row : table) {
    Ethnicity one;
    one.code = row.unique("code", codes);
    one.title = row.text("title");
    one.group = row.text("group");
    one.pool = row.text("pool");
    one.snomed = row.text("snomed");
    one.fifth_one = figure(row, "fifth_one");
    one.fifth_five = figure(row, "fifth_five");
    one.older = figure(row, "older");
    one.wife_keeps_name = figure(row, "wife_keeps_name", 0, 1);
    one.double_barrelled = figure(row, "double_barrelled", 0, 1);
    model.ethnicities.push_back(std::move(one));
  }
  for (auto& place : model.places) place.ethnic_share.assign(model.ethnicities.size(), 0);
  Table shares(definitions, "synth/ethnicity_by_place.csv", {{"place", "code", "percent"}, {"standing"}});
  for (Row row : shares) {
    PlaceModel& place = model.places[place_index(model, row)];
    const std::string code = row.reference("code", codes, "synth/ethnicity.csv");
    for (std::size_t e = 0; e < model.ethnicities.size(); ++e)
      if (model.ethnicities[e].code == code) place.ethnic_share[e] = figure(row, "percent", 0, 100) / 100;
  }
}

NamePool& pool_named(Model& model, const std::string& id) {
  for (auto& pool : model.pools)
    if (pool.id == id) return pool;
  model.pools.emplace_back().id = id;
  return model.pools.back();
}

void load_names(Definitions& definitions, Model& model) {
  Table given(definitions, "synth/names_given.csv", {{"pool", "sex", "era", "names"}});
  for (Row row : given) {
    NamePool& pool = pool_named(model, row.text("pool"));
    pool.given[row.one_of("sex", {"female", "male"})][row.one_of("era", {"old", "middle", "young"})] = row.list("names");
  }
  Table family(definitions, "synth/names_family.csv", {{"pool", "sex", "names"}});
  for (Row row : family) {
    NamePool& pool = pool_named(model, row.text("pool"));
    const std::size_t sex = row.one_of("sex", {"any", "female"});
    const auto names = row.list("names");
    for (const auto& name : names) pool.family[0].push_back(name);
    if (sex == 0) pool.family[1] = names;
  }
  for (const auto& ethnicity : model.ethnicities) {
    const auto found = std::find_if(model.pools.begin(), model.pools.end(), [&](const NamePool& p) { return p.id == ethnicity.pool; });
    if (found == model.pools.end())
      definitions.error("synth/ethnicity.csv", 0, 0, "there is no name pool '" + ethnicity.pool + "'", "add it to synth/names_given.csv");
    else model.pool_index.push_back(static_cast<std::size_t>(found - model.pools.begin()));
  }
  for (const auto& pool : model.pools)
    for (std::size_t sex = 0; sex < 2; ++sex)
      for (std::size_t era = 0; era < 3; ++era)
        if (pool.given[sex][era].empty() || pool.family[sex].empty())
          definitions.error("synth/names_given.csv", 0, 0, "name pool '" + pool.id + "' lacks names for a sex or an era", "add the row");
  Table streets(definitions, "synth/streets.csv", {{"name"}});
  for (Row row : streets) model.streets.push_back(row.text("name"));
  Table nicknames(definitions, "synth/nicknames.csv", {{"name", "nicknames"}});
  for (Row row : nicknames) model.nicknames[row.text("name")] = row.list("nicknames");
}

void load_conditions(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/conditions.csv",
              {{"id",  "title", "snomed", "icd10", "figure", "from_age", "a0",      "a10",   "a20",   "a30",          "a40",
                "a50", "a60",   "a70",    "a80",   "a90",    "men",      "poorest", "asian", "black", "shared_cause", "mortality"}});
  system::KnownIds ids;
  for (Row row : table) {
    Condition one;
    one.id = row.id("id", ids);
    one.title = row.text("title");
    one.snomed = row.list("snomed");
    one.icd10 = row.list("icd10");
    if (one.snomed.empty() || one.icd10.empty()) row.error("snomed", "a condition needs a code in both systems", "write the code");
    one.figure = figure(row, "figure", 0, 100);
    one.from_age = static_cast<int>(row.integer("from_age", 0, 90));
    double highest = 0;
    for (std::size_t i = 0; i < one.curve.size(); ++i) one.curve[i] = highest = std::max(highest, figure(row, "a" + std::to_string(i * 10)));
    one.men = figure(row, "men");
    one.poorest = figure(row, "poorest");
    one.asian = figure(row, "asian");
    one.black = figure(row, "black");
    one.shared_cause = figure(row, "shared_cause", 0, 0.95);
    one.mortality = figure(row, "mortality");
    model.conditions.push_back(std::move(one));
  }
  if (model.conditions.size() > max_conditions)
    definitions.error("synth/conditions.csv", 0, 0, "more than " + std::to_string(max_conditions) + " conditions", "remove some");
}

void load_outside(Definitions& definitions, Model& model) {
  Table table(definitions, "synth/outside.csv", {{"area", "name", "postcode_stem", "fifth", "weight", "place"}});
  for (Row row : table) {
    AreaModel area;
    area.code = row.text("area");
    area.outside = true;
    area.place = static_cast<std::uint8_t>(place_index(model, row));
    area.fifth = static_cast<std::uint8_t>(row.integer("fifth", 1, 5));
    area.residents = figure(row, "weight");
    area.first_postcode = static_cast<std::uint32_t>(model.postcodes.size());
    const std::string stem = row.text("postcode_stem");
    for (char digit = '1'; digit <= '9'; ++digit)
      for (const char* letters : {"AA", "BD", "EF", "HJ", "LN", "QR", "TU", "XY"}) model.postcodes.push_back(stem + " " + digit + letters);
    area.postcodes = static_cast<std::uint32_t>(model.postcodes.size()) - area.first_postcode;
    model.outside_areas.push_back(static_cast<std::uint32_t>(model.areas.size()));
    model.areas.push_back(std::move(area));
  }
}

}  // namespace

void load_definitions(Definitions& definitions, Model& model) {
  load_rates(definitions, model);
  load_ages(definitions, model);
  load_life_expectancy(definitions, model);
  load_ethnicity(definitions, model);
  load_names(definitions, model);
  load_conditions(definitions, model);
  load_outside(definitions, model);
  load_care(definitions, model);
  load_providers(definitions, model);
}

}  // namespace catchment::synth
