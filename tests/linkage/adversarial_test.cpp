#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

#include "base/nhs_number.h"
#include "base/random.h"
#include "linkage/linkage.h"

using namespace catchment;
using namespace catchment::linkage;

namespace {

// People who must not be taken for one another, inside an ordinary population held by two sources.
class Population {
 public:
  IdentityTable table;

  std::string word(int syllables) {
    static const std::vector<std::string> parts{"ba", "den", "fo", "gar", "hol", "ki", "lan", "mor", "ne", "pri", "ros", "sta", "ti", "wel", "ya", "zu"};
    std::string out;
    for (int i = 0; i < syllables; ++i) out += parts[random_.below(parts.size())];
    return out;
  }
  std::string date(int from, int years) {
    const auto two = [](std::uint64_t n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(from + static_cast<int>(random_.below(static_cast<std::uint64_t>(years)))) + "-" + two(1 + random_.below(12)) + "-" +
        two(1 + random_.below(28));
  }
  std::string postcode() {
    return "MK" + std::to_string(1 + random_.below(30)) + " " + std::to_string(1 + random_.below(9)) + static_cast<char>('A' + random_.below(20)) +
        static_cast<char>('A' + random_.below(20));
  }
  std::string address() { return std::to_string(1 + random_.below(150)) + " " + word(2) + " road"; }
  std::string number() {
    while (true) {
      const std::uint64_t first_nine = 999000000 + next_number_++;
      if (const auto check = nhs_check_digit(first_nine)) return std::to_string(first_nine * 10 + static_cast<std::uint64_t>(*check));
    }
  }

  std::uint32_t add(int source, const std::string& given, const std::string& family, const std::string& born, const std::string& sex, const std::string& home,
                    const std::string& code, const std::string& nhs = "", std::uint16_t flags = 0) {
    const std::string key = "k" + std::to_string(table.size());
    IdentityRow row;
    row.source = SourceId{source};
    row.key = key, row.given_names = given, row.family_name = family, row.date_of_birth = born, row.sex = sex;
    row.address_line = home, row.postcode = code, row.nhs_number = nhs, row.flags = flags;
    table.add(row);
    return static_cast<std::uint32_t>(table.size() - 1);
  }

 private:
  Random random_{11};
  std::uint64_t next_number_ = 1;
};

}  // namespace

namespace {

struct Sizes {
  int ordinary, twins, fathers_and_sons, babies, mothers_numbers;
};

// Nobody may share a person with somebody else; no person may hold two live verified numbers.
void check_nobody_is_merged(const Sizes& sizes, bool known_by_number) {
  Population p;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> same, twins, generations, babies, mothers;
  const auto number = [&] { return known_by_number ? p.number() : std::string(); };
  constexpr std::uint16_t verified = flag_number_verified;
  for (int i = 0; i < sizes.ordinary; ++i) {
    const std::string g = p.word(2), f = p.word(3), born = p.date(1930, 85), home = p.address(), code = p.postcode(), sex = i % 2 ? "M" : "F";
    const std::uint32_t a = p.add(1, g, f, born, sex, home, code, number(), verified);
    same.emplace_back(a, p.add(2, g, f, born, sex, home, code));
  }
  for (int i = 0; i < sizes.twins; ++i) {
    const std::string f = p.word(3), home = p.address(), code = p.postcode(), born = p.date(1950, 60);
    const std::uint32_t a = p.add(1, p.word(2) + "a", f, born, "F", home, code, number(), verified);
    // Half of the second twins are known by number too, the others only by what they say.
    twins.emplace_back(a, p.add(2, p.word(2) + "o", f, born, "F", home, code, i % 2 ? number() : "", verified));
  }
  for (int i = 0; i < sizes.fathers_and_sons; ++i) {
    const std::string g = p.word(2), f = p.word(3), home = p.address(), code = p.postcode();
    const std::uint32_t a = p.add(1, g, f, p.date(1940, 20), "M", home, code, number(), verified);
    generations.emplace_back(a, p.add(2, g, f, p.date(1975, 20), "M", home, code, i % 2 ? number() : "", verified));
  }
  for (int i = 0; i < sizes.babies; ++i) {
    const std::string f = p.word(3), home = p.address(), code = p.postcode(), born = p.date(2015, 8);
    babies.emplace_back(p.add(1, "Baby", f, born, "F", home, code), p.add(2, "Twin 2", f, born, "F", home, code));
  }
  for (int i = 0; i < sizes.mothers_numbers; ++i) {
    const std::string f = p.word(3), home = p.address(), code = p.postcode(), nhs = p.number(), mother = p.word(2);
    mothers.emplace_back(p.add(1, mother, f, p.date(1980, 20), "F", home, code, nhs, verified),
                         p.add(2, "Baby " + mother, i % 2 ? f : p.word(3), p.date(2015, 8), "M", home, code, nhs, flag_newborn));
  }
  SilentProgress silent;
  LinkSettings settings;
  settings.threads = 2;
  const LinkResult r = link_identities(p.table, {}, settings, silent);
  const auto merged = [&r](const std::vector<std::pair<std::uint32_t, std::uint32_t>>& pairs) {
    return std::count_if(pairs.begin(), pairs.end(), [&r](const auto& pair) { return r.person[pair.first] == r.person[pair.second]; });
  };
  std::size_t two_numbers = 0;
  std::vector<std::pair<std::int64_t, std::string_view>> held;
  for (std::uint32_t row = 0; row < p.table.size(); ++row)
    if ((p.table.flags(row) & flag_number_verified) != 0 && !p.table.text(IdentityTable::nhs_number, row).empty())
      held.emplace_back(r.person[row].value, p.table.text(IdentityTable::nhs_number, row));
  std::sort(held.begin(), held.end());
  held.erase(std::unique(held.begin(), held.end()), held.end());
  for (std::size_t i = 1; i < held.size(); ++i) two_numbers += held[i].first == held[i - 1].first;
  CHECK(merged(twins) == 0);
  CHECK(merged(generations) == 0);
  CHECK(merged(babies) == 0);
  CHECK(merged(mothers) == 0);
  CHECK(two_numbers == 0);
  CHECK(static_cast<std::size_t>(merged(same)) * 100 > 99 * same.size());
}

}  // namespace

TEST_CASE("where nobody is known by number, twins, fathers and sons, unnamed babies and a mother's number on her baby are never merged") {
  check_nobody_is_merged({1500, 500, 500, 250, 250}, false);
}

TEST_CASE(
    "ten thousand twin pairs, ten thousand fathers and sons, five thousand unnamed babies and a thousand babies with the mother's number: nobody is merged") {
  check_nobody_is_merged({10000, 10000, 10000, 5000, 1000}, true);
}
