// What data sets of contacts share: an index of patients, referrals and contacts that point at it by the provider's own number.
#pragma once

#include <fmt/core.h>

#include <string>
#include <string_view>

#include "synth/feeds/partner.h"

namespace catchment::synth {

/// A provider's data set with an index of patients, referrals and contacts.
class Referrals : public Partner {
 protected:
  using Partner::Partner;

  /// The person's row in the provider's index, unless `key` says that it was written last.
  void introduce(const Life& life, Date on, std::string_view provider, const std::string& local, std::string& key, Random& random, Blocks& blocks) const {
    if (local == key) return;
    key = local;
    const Seen seen = see(life, on, random);
    blocks[patients_]
        .text(local)
        .text(provider)
        .text(seen.nhs)
        .date(seen.birth)
        .text(sex_digit(seen.sex))
        .text(seen.ethnicity)
        .text(seen.postcode)
        .text(practice_code(life, on))
        .end();
    remember(blocks, local, life, seen);
  }

  /// The columns that every referral begins with.
  Block& open_referral(const Life& life, std::string_view id, std::string_view local, std::string_view provider, Date received, Random& random,
                       Blocks& blocks) const {
    return blocks[referrals_].text(id).text(local).text(provider).text(commissioner(random, received, home_place(life, received))).date(received);
  }

  /// The columns that contact `k` of a referral begins with.
  Block& open_contact(std::string_view referral, int k, std::string_view local, std::string_view provider, Date on, int minute, Blocks& blocks) const {
    return blocks[visits_].text(fmt::format("{}{:02}", referral, k)).text(referral).text(local).text(provider).date(on).text(clock_text(minute));
  }

  std::size_t patients_ = 0, referrals_ = 0, visits_ = 0;
};

}  // namespace catchment::synth
