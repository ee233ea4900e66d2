// From a definition folder to tables one can draw from.
#include <algorithm>
#include <cmath>

#include "synth/model.h"
#include "synth/population.h"

namespace catchment::synth {
namespace {

void take_places(Model& model) {
  const system::System& from = model.system;
  double residents = 0;
  for (const auto& place : from.places) residents += static_cast<double>(place.residents);
  for (const auto& place : from.places) {
    PlaceModel one;
    one.id = place.id;
    one.code = place.code;
    one.name = place.name;
    one.share = static_cast<double>(place.residents) / residents;
    model.places.push_back(std::move(one));
  }
  const auto place_of = [&](const std::string& id) {
    for (std::size_t i = 0; i < model.places.size(); ++i)
      if (model.places[i].id == id) return i;
    return std::size_t{0};
  };
  std::vector<std::vector<const system::Postcode*>> postcodes(from.small_areas.size());
  for (const auto& postcode : from.postcodes) {
    const auto area = std::lower_bound(from.small_areas.begin(), from.small_areas.end(), postcode.small_area,
                                       [](const system::SmallArea& a, const std::string& code) { return a.code < code; });
    if (area != from.small_areas.end() && area->code == postcode.small_area && !postcode.ended)
      postcodes[static_cast<std::size_t>(area - from.small_areas.begin())].push_back(&postcode);
  }
  for (std::size_t i = 0; i < from.small_areas.size(); ++i) {
    const auto& area = from.small_areas[i];
    AreaModel one;
    one.code = area.code;
    one.place = static_cast<std::uint8_t>(place_of(area.place));
    const int fifth = system::deprivation_fifth(from, area, from.deprivation_version);
    one.fifth = static_cast<std::uint8_t>(fifth == 0 ? 3 : fifth);
    one.residents = static_cast<double>(area.residents);
    one.first_postcode = static_cast<std::uint32_t>(model.postcodes.size());
    for (const auto* postcode : postcodes[i]) model.postcodes.push_back(postcode->postcode);
    one.postcodes = static_cast<std::uint32_t>(model.postcodes.size()) - one.first_postcode;
    if (one.postcodes == 0) continue;  // nobody can be given an address there
    PlaceModel& place = model.places[one.place];
    place.areas_of_fifth[one.fifth].push_back(static_cast<std::uint32_t>(model.areas.size()));
    place.fifth_share[one.fifth] += one.residents;
    model.areas.push_back(std::move(one));
  }
  for (const auto& practice : from.practices) {
    if (practice.closed) continue;
    PracticeModel one;
    one.code = practice.code;
    one.name = practice.name;
    one.place = static_cast<std::uint8_t>(place_of(practice.place));
    one.list_size = static_cast<double>(practice.list_size);
    one.tpp = practice.record_system == "tpp";
    model.places[one.place].practices.push_back(static_cast<std::uint32_t>(model.practices.size()));
    model.practices.push_back(std::move(one));
  }
}

/// Each area looks first to one practice of its place, in proportion to list sizes along the order of codes.
void share_out_practices(Model& model) {
  for (std::size_t p = 0; p < model.places.size(); ++p) {
    PlaceModel& place = model.places[p];
    std::vector<double> sizes;
    sizes.reserve(place.practices.size());
    for (const std::uint32_t practice : place.practices) sizes.push_back(std::max(1.0, model.practices[practice].list_size));
    if (sizes.empty()) continue;
    place.practice = Draw(sizes);
    double total = 0, before = 0;
    for (const auto& area : model.areas)
      if (area.place == p && !area.outside) total += area.residents;
    for (auto& area : model.areas) {
      if (area.place != p) continue;
      const double middle = area.outside ? 0.5 : (before + area.residents / 2) / total;
      if (!area.outside) before += area.residents;
      const std::size_t first = place.practice.at(middle);
      area.practice = place.practices[first];
      area.second_practice = place.practices[(first + 1) % place.practices.size()];
    }
  }
}

/// Shares of ethnic groups in each fifth that add up both to the place's groups and to its fifths
/// (iterative proportional fitting of the gradients in synth/ethnicity.csv).
void fit_ethnicity(Model& model, PlaceModel& place) {
  const std::size_t groups = model.ethnicities.size();
  double everyone = 0, known = 0;
  for (const double share : place.fifth_share) everyone += share;
  for (double& share : place.fifth_share) share /= everyone;
  for (const double share : place.ethnic_share) known += share;
  for (double& share : place.ethnic_share) share /= known;
  std::array<std::vector<double>, 6> table;
  for (std::size_t f = 1; f <= 5; ++f) {
    const double along = static_cast<double>(f - 1) / 4;
    for (std::size_t e = 0; e < groups; ++e)
      table[f].push_back(place.fifth_share[f] * place.ethnic_share[e] * std::pow(model.ethnicities[e].fifth_one, 1 - along) *
                         std::pow(model.ethnicities[e].fifth_five, along));
  }
  for (int round = 0; round < 60; ++round) {
    for (std::size_t e = 0; e < groups; ++e) {
      double sum = 0;
      for (std::size_t f = 1; f <= 5; ++f) sum += table[f][e];
      for (std::size_t f = 1; f <= 5 && sum > 0; ++f) table[f][e] *= place.ethnic_share[e] / sum;
    }
    for (std::size_t f = 1; f <= 5; ++f) {
      double sum = 0;
      for (const double cell : table[f]) sum += cell;
      for (double& cell : table[f]) cell *= sum > 0 ? place.fifth_share[f] / sum : 0;
    }
  }
  double older_share = 0;
  for (std::size_t age = 65; age < place.ages.size(); ++age) older_share += place.ages[age];
  for (std::size_t f = 1; f <= 5; ++f) {
    if (place.fifth_share[f] <= 0) continue;
    std::vector<double> older(groups), younger(groups);
    double sum = 0;
    for (std::size_t e = 0; e < groups; ++e) sum += older[e] = table[f][e] / place.fifth_share[f] * model.ethnicities[e].older;
    for (std::size_t e = 0; e < groups; ++e) {
      older[e] /= sum;
      younger[e] = std::max(0.0, table[f][e] / place.fifth_share[f] - older_share * older[e]);
    }
    place.ethnic_mix[f] = {younger, older};
    place.ethnicity[f] = {Draw(younger), Draw(older)};
  }
}

double expected_life(const Model& model, std::size_t place, Sex sex) {
  double years = 0;
  for (int f = 1; f <= 5; ++f) {
    double alive = 1, lived = 0;
    for (int age = 0; age <= 112; ++age) {
      const double dying = mortality(model, age, sex, place, f);
      lived += alive * (1 - dying / 2);
      alive *= 1 - dying;
    }
    years += lived * model.places[place].fifth_share[static_cast<std::size_t>(f)];
  }
  return years;
}

void fit_mortality(Model& model) {
  for (std::size_t p = 0; p < model.places.size(); ++p)
    for (const Sex sex : {Sex::female, Sex::male}) {
      const auto s = static_cast<std::size_t>(sex);
      double low = 1e-7, high = 1e-2;
      for (int round = 0; round < 60; ++round) {
        const double middle = std::sqrt(low * high);
        model.places[p].mortality_level[s] = middle;
        (expected_life(model, p, sex) > model.places[p].life_expectancy[s] ? low : high) = middle;
      }
    }
}

/// Sets each condition's level so that the population expected here has the published prevalence.
void fit_prevalence(Model& model) {
  for (auto& condition : model.conditions) {
    condition.level = 0.01;
    for (int round = 0; round < 8; ++round) {
      double people = 0, with = 0;
      for (const auto& place : model.places)
        for (std::size_t f = 1; f <= 5; ++f)
          for (std::size_t older = 0; older < 2; ++older) {
            const auto& mix = place.ethnic_mix[f][older];
            double total = 0;
            for (const double share : mix) total += share;
            for (std::size_t e = 0; e < mix.size(); ++e)
              for (int age = std::max(condition.from_age, older ? 65 : 0); age <= (older ? oldest_age : 64); ++age) {
                const double weight = place.share * place.fifth_share[f] * place.ages[static_cast<std::size_t>(age)] * mix[e] / total;
                people += weight;
                for (const Sex sex : {Sex::female, Sex::male}) with += weight / 2 * prevalence(model, condition, age + 0.5, sex, static_cast<int>(f), e);
              }
          }
      if (with > 0) condition.level *= condition.figure / 100 * people / with;
    }
  }
}

/// Sets each vaccine's level so that the expected coverage over all places is the published one.
void fit_coverage(Model& model) {
  for (auto& vaccine : model.vaccines) {
    double low = -6, high = 9;
    for (int round = 0; round < 50; ++round) {
      vaccine.level = (low + high) / 2;
      double covered = 0;
      for (std::size_t p = 0; p < model.places.size(); ++p)
        for (int f = 1; f <= 5; ++f) covered += model.places[p].share * model.places[p].fifth_share[static_cast<std::size_t>(f)] * coverage(vaccine, p, f);
      (covered > vaccine.figure / 100 ? high : low) = vaccine.level;
    }
  }
}

void set_aside_nhs_numbers(Model& model) {
  std::uint64_t wanted = model.people + model.people / 2 + 10'000;
  for (std::uint64_t prefix = 999; wanted > 0; --prefix) {
    std::vector<std::uint64_t> range;
    for (std::uint64_t middle = 0; middle < 1'000'000; ++middle) {
      const std::uint64_t nine = prefix * 1'000'000 + middle;
      const auto check = nhs_check_digit(nine);
      if (check && nine != 999'999'999) range.push_back(nine * 10 + static_cast<std::uint64_t>(*check));
    }
    Random random = Random::stream(model.seed, 0x6e6873, prefix);
    for (std::size_t i = range.size() - 1; i > 0; --i) std::swap(range[i], range[random.below(i + 1)]);
    wanted -= std::min<std::uint64_t>(wanted, range.size());
    model.nhs_ranges.push_back(std::move(range));
  }
}

Draw ranked(const std::vector<std::string>& names) {
  std::vector<double> weights;
  weights.reserve(names.size());
  for (std::size_t i = 0; i < names.size(); ++i) weights.push_back(1.0 / (static_cast<double>(i) + 6));
  return Draw(weights);
}

}  // namespace

void prepare(Model& model) {
  std::vector<double> shares;
  for (auto& place : model.places) {
    shares.push_back(place.share);
    place.age = Draw({place.ages.begin(), place.ages.end()});
    fit_ethnicity(model, place);
    place.fifth = Draw({place.fifth_share.begin(), place.fifth_share.end()});
    for (std::size_t f = 1; f <= 5; ++f) {
      std::vector<double> sizes;
      for (const std::uint32_t area : place.areas_of_fifth[f]) sizes.push_back(model.areas[area].residents);
      if (!sizes.empty()) place.area[f] = Draw(sizes);
    }
  }
  model.place = Draw(shares);
  share_out_practices(model);
  for (auto& pool : model.pools)
    for (std::size_t sex = 0; sex < 2; ++sex) {
      pool.draw_family[sex] = ranked(pool.family[sex]);
      for (std::size_t era = 0; era < 3; ++era) pool.draw_given[sex][era] = ranked(pool.given[sex][era]);
    }
  fit_mortality(model);
  model.deaths = deaths_per_resident(model);
  fit_prevalence(model);
  fit_coverage(model);
  set_aside_nhs_numbers(model);
}

LoadedModel load_model(const std::filesystem::path& folder, std::uint64_t people, std::uint64_t seed) {
  LoadedModel loaded;
  system::LoadedSystem read = system::load_system(folder);
  loaded.diagnostics = std::move(read.diagnostics);
  if (has_errors(loaded.diagnostics)) return loaded;
  Model& model = loaded.model;
  model.system = std::move(read.system);
  model.people = people;
  model.seed = seed;
  model.as_of = model.system.as_of;
  model.from = model.as_of.plus_months(-120).plus_days(1);
  take_places(model);
  system::Definitions definitions(folder);
  load_definitions(definitions, model);
  for (auto& diagnostic : definitions.diagnostics()) loaded.diagnostics.push_back(std::move(diagnostic));
  if (!has_errors(loaded.diagnostics)) prepare(model);
  return loaded;
}

}  // namespace catchment::synth
