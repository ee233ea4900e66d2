// Where loose identities went, kept for the next build: by a hash of everything that it followed from, so that what stands as it was is not weighed again
// and what is kept can never be stale. No text, no key and no person id is in it.
#pragma once

#include <cstdint>
#include <vector>

namespace catchment::linkage {

struct KeptPlacement {
  std::uint64_t inputs = 0;  // hash of what the placement follows from
  std::uint64_t person = 0;  // hash of the person found and of all that is said of it; 0 = nobody
  float weight = 0;
  std::uint32_t may_link = 0;
};

struct KeptPlacements {
  std::vector<KeptPlacement> all;  // by `inputs`, each once
};

}  // namespace catchment::linkage
