// What data sets of contacts share: an index of patients, referrals and contacts that point at it by the provider's own number.
#pragma once

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

  std::size_t patients_ = 0, referrals_ = 0, visits_ = 0;
};

}  // namespace catchment::synth
