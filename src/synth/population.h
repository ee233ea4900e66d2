// People, a chunk at a time. In: the model and a chunk number. Out: that chunk's people, whole lives,
// the same whatever was asked before. A chunk is about a thousand residents with those who died, left,
// or live over the border and are registered here; households stand within one chunk.
#pragma once

#include <cstdint>
#include <vector>

#include "synth/life.h"
#include "synth/model.h"

namespace catchment::synth {

inline constexpr std::uint64_t residents_in_chunk = 1000;

/// What each random stream of a person is for. Drawing more in one does not move another.
enum class Purpose : std::uint64_t { household = 1, identity, illness, gp, hospital, community, social, prevention, faults, other };

Random person_stream(const Model& model, const Life& life, Purpose purpose, std::uint64_t source = 0);

/// How many people of each standing the chunks before `chunk` hold.
struct Counts {
  std::uint64_t residents = 0, died = 0, left = 0, outside = 0;
  std::uint64_t all() const { return residents + died + left + outside; }
};
Counts counts_before(const Model& model, std::uint64_t chunk);
std::uint64_t chunk_count(const Model& model);
/// Expected deaths in the ten years for each resident at the end of them.
double deaths_per_resident(const Model& model);

std::vector<Life> people_of_chunk(const Model& model, std::uint64_t chunk);

/// The steps of people_of_chunk after households stand: names and numbers, registrations, illness.
void give_identities(const Model& model, std::vector<Life>& lives, Random& random);
void register_with_practices(const Model& model, std::vector<Life>& lives, Random& random);
void fall_ill(const Model& model, Life& life);

}  // namespace catchment::synth
