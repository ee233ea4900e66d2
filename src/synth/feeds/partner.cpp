#include "synth/feeds/partner.h"

#include <algorithm>
#include <array>

namespace catchment::synth {

std::string Partner::at(std::string_view feed, std::string_view partner, std::string_view file) const {
  return "extracts/" + std::string(feed) + "/" + std::string(partner) + "/" + to_string(model_.as_of).substr(0, 7) + "/" + std::string(file);
}

Seen Partner::see(const Life& life, Date on, Random& random) const {
  Seen seen = shared_.faults.see(life, source_, std::max(on, life.birth));
  if (shared_.faults.missing_on_row(source_, random)) seen.nhs.clear(), seen.faults.add(Fault::missing_nhs_number);
  return seen;
}

void Partner::remember(Blocks& blocks, std::string_view key, const Life& life, const Seen& seen) const {
  shared_.truth.key(blocks, feed_, key, life);
  shared_.truth.planted(blocks, feed_, key, life, seen.faults);
}

std::string_view Partner::commissioner(Random& random, Date on, std::size_t place) const {
  if (random.chance(shared_.faults.retired_code)) {
    const auto& retired = model_.retired_organisations;
    const auto ended = [&](const auto& one) { return one.second < on; };
    if (const auto n = static_cast<std::uint64_t>(std::count_if(retired.begin(), retired.end(), ended)); n > 0) {
      auto skip = random.below(n);
      for (const auto& one : retired)
        if (ended(one) && skip-- == 0) return one.first;
    }
  }
  for (const auto& one : model_.commissioners)
    if (one.first <= on && on <= one.last && (one.places.empty() || std::find(one.places.begin(), one.places.end(), place) != one.places.end()))
      return one.code;
  return model_.board;
}

std::string_view Partner::practice_code(const Life& life, Date on) const {
  const Registration* registration = life.registration(on);
  return registration ? std::string_view(model_.practices[registration->practice].code) : std::string_view("V81997");  // no registered practice
}

bool Partner::window(const Life& life, Date& from, Date& to) const {
  from = std::max(model_.from, life.enters);
  to = std::min(model_.as_of.plus_days(1), life.exits);
  return from < to;
}

std::string clock_text(int minute) {
  return {static_cast<char>('0' + minute / 600), static_cast<char>('0' + minute / 60 % 10), ':', static_cast<char>('0' + minute % 60 / 10),
          static_cast<char>('0' + minute % 10)};
}

int busy_minute(Random& random) {
  constexpr std::array<double, 8> by_three_hours = {6, 4, 8, 16, 18, 18, 18, 12};
  return static_cast<int>(random.pick(by_three_hours) * 180 + random.below(180));
}

}  // namespace catchment::synth
