// What every partner's feed needs: where its files go, who people are to it, who else it names.
#pragma once

#include <array>
#include <map>
#include <string>
#include <string_view>

#include "synth/feed.h"

namespace catchment::synth {

inline constexpr CellKind day = CellKind::date, whole = CellKind::whole, decimal = CellKind::decimal;

class Partner : public Feed {
 protected:
  Partner(const Shared& shared, std::string_view feed, bool hospital = false)
      : shared_(shared), model_(shared.model), feed_(feed), source_(shared.faults.source(feed, hospital)) {}

  /// "extracts/<feed>/<partner>/<period>/<file>"; the period is the last month of the ten years.
  std::string at(std::string_view feed, std::string_view partner, std::string_view file) const;
  /// The identity on file that day; the row's NHS number is empty when the row lacks it.
  Seen see(const Life& life, Date on, Random& random) const;
  void remember(Blocks& blocks, std::string_view key, const Life& life, const Seen& seen) const;
  /// Who bought that day's care for people of the place; now and then a code that had ended by then.
  std::string_view commissioner(Random& random, Date on, std::size_t place) const;
  std::string_view practice_code(const Life& life, Date on) const;
  std::size_t home_place(const Life& life, Date on) const { return model_.areas[life.address(on).area].place; }
  /// The days of the ten years this person lived here; false when there are none.
  bool window(const Life& life, Date& from, Date& to) const;
  Date some_day(Date from, Date to, Random& random) const {
    return from.plus_days(static_cast<int>(random.below(static_cast<std::uint64_t>(to.days - from.days))));
  }

  const Shared& shared_;
  const Model& model_;
  std::string feed_;
  Source source_;
};

/// "hh:mm" of a minute of the day.
std::string clock_text(int minute);
inline std::string_view sex_digit(Sex sex) { return sex == Sex::male ? "1" : "2"; }
/// A time of day as emergencies come: few at night, most in the afternoon.
int busy_minute(Random& random);

std::unique_ptr<Feed> hospital_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> community_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> mental_health_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> talking_therapies_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> urgent_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> social_care_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> voluntary_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> maternity_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> waiting_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> deaths_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> child_health_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> screening_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> continuing_care_feed(const Shared& shared, Sheets& sheets);
std::unique_ptr<Feed> demographics_feed(const Shared& shared, Sheets& sheets);

}  // namespace catchment::synth
