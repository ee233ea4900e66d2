#include <doctest/doctest.h>

#include <string>
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
    return std::to_string(from + static_cast<int>(random_.below(static_cast<std::uint64_t>(years)))) + "-" + two(1 + random_.below(12)) + "-" + two(1 + random_.below(28));
  }
  std::string postcode() { return "MK" + std::to_string(1 + random_.below(30)) + " " + std::to_string(1 + random_.below(9)) + static_cast<char>('A' + random_.below(20)) + static_cast<char>('A' + random_.below(20)); }
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

TEST_CASE("twins, fathers and sons, unnamed babies and a mother's number on her baby are never merged") {
  Population p;
  std::vector<std::pair<std::uint32_t, std::uint32_t>> same, different;
  for (int i = 0; i < 1500; ++i) {
    const std::string g = p.word(2), f = p.word(3), born = p.date(1930, 85), home = p.address(), code = p.postcode();
    const std::uint32_t a = p.add(1, g, f, born, i % 2 ? "M" : "F", home, code);
    same.emplace_back(a, p.add(2, g, f, born, i % 2 ? "M" : "F", home, code));
  }
  for (int i = 0; i < 500; ++i) {
    const std::string f = p.word(3), home = p.address(), code = p.postcode();
    const std::string born = p.date(1950, 60);
    different.emplace_back(p.add(1, p.word(2) + "a", f, born, "F", home, code), p.add(2, p.word(2) + "o", f, born, "F", home, code));
    const std::string g = p.word(2);
    different.emplace_back(p.add(1, g, f, p.date(1940, 20), "M", home, code), p.add(2, g, f, p.date(1975, 20), "M", home, code));
  }
  for (int i = 0; i < 250; ++i) {
    const std::string f = p.word(3), home = p.address(), code = p.postcode(), born = p.date(2015, 8);
    different.emplace_back(p.add(1, "Baby", f, born, "F", home, code), p.add(2, "Twin 2", f, born, "F", home, code));
    const std::string nhs = p.number(), mother = p.word(2);
    different.emplace_back(p.add(1, mother, f, p.date(1980, 20), "F", home, code, nhs), p.add(2, "Baby " + mother, p.word(3), p.date(2015, 8), "M", home, code, nhs, flag_newborn));
  }
  SilentProgress silent;
  const LinkResult r = link_identities(p.table, {}, {}, silent);
  std::size_t merged = 0, missed = 0;
  for (const auto& [a, b] : different) merged += r.person[a] == r.person[b];
  for (const auto& [a, b] : same) missed += r.person[a] != r.person[b];
  CHECK(merged == 0);
  CHECK(missed < 15);
}
