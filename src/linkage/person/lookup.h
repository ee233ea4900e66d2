// Whom one person's details belong to, asked of a build long after it ran and without reading everybody.
//
// In:     what a build kept (LookupKept, written down by the caller in any form that finds a key quickly); one person's details as partners write
//         them: rows of an IdentityTable that are all about that person.
// Out:    "same", "possible" or "nobody", and the persons it could be, the likeliest first, each with its weight and waterfall.
// Always: decided as the build decides on a row: by the NHS number where name or date of birth bears it out, else by PersonSearch with the model,
//         counts and thresholds of the build. Somebody whose location is protected is not found by home or contacts, and none of those are kept.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/ids.h"
#include "linkage/identity/identity_table.h"
#include "linkage/model/model.h"
#include "linkage/person/person_register.h"
#include "linkage/person/search_counts.h"

namespace catchment::linkage {

/// What is needed for every question.
struct LookupBasis {
  std::string trained;  // the model's numbers, as write_trained says them
  SearchCounts counts;
  std::vector<SupersededNumber> superseded;
  std::vector<std::uint64_t> nobodys;  // NHS numbers on which so many people stand that they are nobody's; in order
};

/// A key that persons are found by: a blocking rule of the model (its place; one more is the NHS number) and a hash of what it reads.
struct LookupKey {
  std::uint32_t rule = 0;
  std::uint32_t key = 0;
};

/// What a build keeps. Everything is in order and holds nothing twice.
struct LookupKept {
  LookupBasis basis;
  std::vector<std::vector<std::uint64_t>> keys;  // per rule: key << 32 | place of a person; none that more persons share than the model's largest block
  std::string people;                            // what each said, packed, one after another
  std::vector<std::uint64_t> starts{0};          // where each begins, one more than there are persons
  std::size_t persons() const { return starts.size() - 1; }
  std::string_view person(std::size_t place) const { return std::string_view(people).substr(starts[place], starts[place + 1] - starts[place]); }
};

enum class LookupVerdict : std::uint8_t { nobody, possible, same };
std::string_view to_string(LookupVerdict verdict);

struct LookupCandidate {
  PersonId person;
  double weight = 0;              // log2 odds that it is this person and neither a rival nor somebody unknown
  bool by_number = false;         // the same NHS number, and name or date of birth bears it out
  std::string held_back;          // why a build would not join them: "not-certain-enough", "no-given-name", ...; empty = it would
  std::vector<WeightPart> parts;  // bars that sum to the weight
};

struct LookupAnswer {
  LookupVerdict verdict = LookupVerdict::nobody;
  std::vector<LookupCandidate> candidates;  // same or possible only
  bool number_of_another = false;           // the NHS number given is that of somebody whom name and date of birth contradict: it was not used
  bool says_too_little = false;             // nobody could be told by such details, even one who said exactly the same
  std::uint64_t compared = 0;               // persons looked at
};

class Lookup {
 public:
  /// `definition` is that of the build, none = the one the product carries. Throws when the numbers were trained for another.
  Lookup(std::optional<Model> definition, LookupBasis basis);
  /// Gives, packed as kept, every person with any of these keys, each once.
  using Fetch = std::function<std::vector<std::string>(const std::vector<LookupKey>&)>;
  LookupAnswer find(const IdentityTable& details, const Fetch& fetch) const;

 private:
  Model model_;
  LookupBasis basis_;
  PersonRegister numbers_;  // the superseded ones
};

}  // namespace catchment::linkage
