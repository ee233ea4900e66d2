#include "bench/linkage_population.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <string>
#include <tuple>

#include "base/nhs_number.h"
#include "base/random.h"

namespace catchment::bench {
namespace {

using linkage::IdentityRow;

struct Person {
  std::string number, given, middle, family, family_before, sex, telephone, email;
  int year, month, day;
  std::array<std::string, 3> postcode, address;
};

class Maker {
 public:
  Maker(std::size_t people, std::uint64_t seed, bool hostile, bool unequal)
      : random_(seed), group_random_(seed + 1000), people_(people), hostile_(hostile), unequal_(unequal) {
    make_names(given_, 1200, 2), make_names(family_, 20000, 3), make_names(street_, 800, 2);
    postcodes_ = std::max<std::size_t>(50, people / 35);
  }

  Population run() {
    for (int s = 1; s <= 8; ++s) {
      linkage::SourceRules& rules = out_.sources.emplace_back();
      rules.source = SourceId{s}, rules.name = "source " + std::to_string(s), rules.postcode_is_incident = s == 8;
    }
    out_.table.reserve(people_ * 8);
    out_.groups.assign(people_ + 1, PersonGroups{});
    std::string home_family;
    std::array<std::string, 3> home_code, home_address;
    for (std::uint32_t p = 1; p <= people_;) {
      // A household: family name and home shared, sometimes twins, sometimes a child of the parent's name.
      home_family = pick(family_);
      for (std::size_t h = 0; h < 3; ++h) home_code[h] = postcode(), home_address[h] = std::to_string(1 + random_.below(180)) + " " + pick(street_) + " road";
      const std::uint64_t size = 1 + random_.below(4);
      const PersonGroups home = draw_home_groups();
      Person before;
      for (std::uint64_t k = 0; k < size && p <= people_; ++k, ++p) {
        Person one = make_person(home_family);
        one.postcode = home_code, one.address = home_address;
        if (k > 0 && random_.chance(0.015)) one.year = before.year, one.month = before.month, one.day = before.day;  // twins
        else if (k > 0 && random_.chance(0.01)) one.given = before.given, one.sex = before.sex;  // parent and child of one name
        PersonGroups& groups = out_.groups[p] = home;
        const int age = 2025 - one.year;
        groups[by_age] = age < 18 ? 0 : age < 40 ? 1 : age < 65 ? 2 : 3, groups[by_sex] = one.sex == "F" ? 0 : 1;
        write_rows(p, one);
        before = one;
      }
    }
    if (hostile_) write_hostile();
    return std::move(out_);
  }

 private:
  void make_names(std::vector<std::string>& names, std::size_t count, int syllables) {
    static constexpr std::array<std::string_view, 40> parts{"ba",  "ce", "den", "dra", "el", "fa", "fo",  "gar", "gwe", "ha", "hol", "is", "ja",  "jo",
                                                            "ka",  "ki", "kor", "lan", "li", "ma", "mor", "mi",  "na",  "ne", "o",   "pa", "pri", "ra",
                                                            "ros", "sa", "sha", "sta", "ta", "ti", "u",   "va",  "wel", "ya", "zo",  "zu"};
    for (std::size_t i = 0; i < count; ++i) {
      std::string name;
      for (int s = 0; s < syllables; ++s) name += parts[random_.below(parts.size())];
      names.push_back(name + (i % 3 == 0 ? "n" : i % 3 == 1 ? "" : "s"));
    }
  }
  // Zipf-like: a few names are common.
  const std::string& pick(const std::vector<std::string>& names) {
    const double x = random_.uniform();
    return names[static_cast<std::size_t>(std::floor(std::pow(static_cast<double>(names.size()), x))) - 1];
  }
  std::string postcode() {
    const std::uint64_t n = random_.below(postcodes_);
    // Units of a sector before sectors of a district, so that small populations have neighbours too.
    std::string out = "X" + std::string(1, static_cast<char>('A' + n / 50 % 23)) + std::to_string(1 + n / 11500 % 60) + " " + std::to_string(n / 1150 % 10);
    out += static_cast<char>('A' + n % 10), out += static_cast<char>('A' + n / 10 % 5);
    return out;
  }
  // A household is of one ethnic group and lives in one place.
  PersonGroups draw_home_groups() {
    PersonGroups out{};
    const double x = group_random_.uniform();
    out[by_ethnicity] = x < 0.80 ? 0 : x < 0.91 ? 1 : x < 0.95 ? 2 : x < 0.98 ? 3 : 4;
    out[by_deprivation] = static_cast<std::uint8_t>(group_random_.below(5));
    return out;
  }
  bool more_often(double chance) { return unequal_ && group_random_.chance(chance); }
  Person make_person(const std::string& home_family) {
    Person p;
    while (true) {
      const std::uint64_t nine = 999000000 + next_number_ % 1000000;
      // Beyond the test range the benchmark borrows numbers nobody was issued: it writes no file.
      const std::uint64_t first = next_number_ < 1000000 ? nine : 800000000 + next_number_;
      ++next_number_;
      if (const auto check = nhs_check_digit(first)) {
        p.number = std::to_string(first * 10 + static_cast<std::uint64_t>(*check));
        break;
      }
    }
    p.given = pick(given_), p.middle = pick(given_), p.family = random_.chance(0.85) ? home_family : pick(family_), p.family_before = pick(family_);
    p.sex = random_.chance(0.5) ? "F" : "M";
    p.year = 1925 + static_cast<int>(random_.below(100)), p.month = 1 + static_cast<int>(random_.below(12)), p.day = 1 + static_cast<int>(random_.below(28));
    p.telephone = "07" + std::to_string(100000000 + random_.below(900000000));
    p.email = p.given + std::to_string(random_.below(100000)) + "@example.org";
    return p;
  }
  std::string typed(std::string text) {
    if (text.size() < 3 || !random_.chance(0.02)) return text;
    const std::size_t at = 1 + random_.below(text.size() - 2);
    switch (random_.below(3)) {
      case 0: text[at] = static_cast<char>('a' + random_.below(26)); break;
      case 1: text.erase(at, 1); break;
      default: std::swap(text[at], text[at - 1]);
    }
    return text;
  }
  std::string date(const Person& p) {
    int y = p.year, m = p.month, d = p.day;
    if (d <= 12 && random_.chance(0.01)) std::swap(m, d);  // day and month exchanged, where that is a date
    if (random_.chance(0.004)) d = 1 + static_cast<int>(random_.below(28));
    return date_of(y, m, d);
  }
  static std::string date_of(int y, int m, int d) {
    const auto two = [](int n) { return (n < 10 ? "0" : "") + std::to_string(n); };
    return std::to_string(y) + "-" + two(m) + "-" + two(d);
  }

  void write_rows(std::uint32_t person, const Person& p) {
    // Source 1 registers everyone; hospitals (2-4) give number, birthday, sex and postcode with the name in
    // one of them; 5 and 6 are community sources; 7 is voluntary and mostly without numbers; 8 is ambulance.
    static constexpr std::array<double, 8> number_rate{0.997, 0.97, 0.95, 0.97, 0.96, 0.93, 0.3, 0.14};
    const std::uint64_t count = 4 + random_.below(9);
    for (std::uint64_t k = 0; k < count; ++k) {
      const int source = k == 0 ? 1 : 2 + static_cast<int>(random_.below(7));
      const auto s = static_cast<std::size_t>(source - 1);
      IdentityRow row;
      const std::string key = std::to_string(out_.table.size());
      row.source = SourceId{source}, row.key = key;
      const PersonGroups& groups = out_.groups[person];
      const bool minority = groups[by_ethnicity] != 0;
      const bool moved = random_.chance(0.2) || more_often(0.04 * (4 - groups[by_deprivation]));
      const std::size_t home = moved ? 1 + random_.below(2) : 0;
      std::string number = random_.chance(number_rate[s]) ? p.number : std::string();
      if (!number.empty() && random_.chance(0.001)) number[random_.below(10)] = static_cast<char>('0' + random_.below(10));
      const bool named = source != 3 && source != 4;
      const bool middle = source != 1 && random_.chance(0.02), former = random_.chance(0.03);
      const std::string &right_given = middle ? p.middle : p.given, &right_family = former ? p.family_before : p.family;
      std::string given = named ? typed(right_given) : "", family = named ? typed(right_family) : "";
      std::uint8_t faults = (middle ? fault_middle_name : 0) | (former ? fault_former_surname : 0) | (moved ? fault_moved : 0);
      if (named && (given != right_given || family != right_family)) faults |= fault_typing;
      if (source == 1) given += " " + p.middle;  // the register knows all given names
      if (random_.chance(0.005) || (minority && more_often(0.01))) std::swap(given, family), faults |= fault_names_swapped;
      if (minority && more_often(0.02)) number.clear();
      if (minority && named && given.size() > 3 && more_often(0.02)) given.erase(1 + group_random_.below(given.size() - 2), 1), faults |= fault_typing;
      const std::string born = source == 8 && random_.chance(0.4) ? std::string() : date(p);
      if (born != date_of(p.year, p.month, p.day)) faults |= fault_date;
      row.nhs_number = number, row.given_names = given, row.family_name = family, row.date_of_birth = born;
      const std::string sex = random_.chance(0.002) ? (p.sex == "F" ? "M" : "F") : p.sex;
      row.sex = sex;
      const std::string code = source == 8 ? postcode() : p.postcode[home];
      row.postcode = code;
      if (source == 1 || source == 7) row.address_line = p.address[home];
      if (source == 1 || source == 7) row.telephone = p.telephone;
      if (source == 7) row.email = p.email;
      add(row, person, faults);
    }
  }

  void add(const IdentityRow& row, std::uint32_t person, std::uint8_t faults = 0) {
    out_.table.add(row);
    out_.faults.push_back(faults);
    out_.truth.push_back(person);
    out_.numbered.push_back(read_nhs_number(row.nhs_number).fault == NhsNumberFault::none);
    out_.named.push_back(!row.given_names.empty() && !row.family_name.empty() && row.date_of_birth.size() == 10 && !row.postcode.empty() &&
                         row.source.value != 8);
  }

  // Rows that would sink a careless engine. Each is its own person in truth, so any join of them is an error.
  void write_hostile() {
    const std::size_t many = std::max<std::size_t>(2000, people_ / 10);
    auto person = static_cast<std::uint32_t>(people_);
    for (std::size_t i = 0; i < many * 4; ++i) {
      IdentityRow row;
      const std::string key = "h" + std::to_string(i);
      row.source = SourceId{7}, row.key = key;
      const Person p = make_person("hostel");
      const std::string born = date(p);
      if (i % 4 == 0)
        row.given_names = p.given, row.family_name = p.family_before, row.date_of_birth = born, row.postcode = "XA1 1AA", row.address_line = "1 hostel road";
      else if (i % 4 == 1)
        row.nhs_number = i < 4 * 500 ? "9990000018" : "", row.given_names = p.given, row.family_name = p.family_before, row.date_of_birth = born;
      else if (i % 4 == 2) row.given_names = "UNKNOWN", row.family_name = "UNKNOWN", row.postcode = "ZZ99 3VZ";
      else row.given_names = "\xF0\x9F\x98\x80", row.family_name = "\xF0\x9F\x98\x80";
      add(row, ++person);
      if (i % 4 == 1 && i < 4 * 500) out_.numbered.back() = 0;
    }
    for (std::size_t i = 0; i < many; ++i) {
      const std::string key = "e" + std::to_string(i);
      IdentityRow row;
      row.source = SourceId{7}, row.key = key;
      add(row, ++person);
    }
  }

  Random random_, group_random_;  // groups draw from their own, so that the rows are the same without them
  std::size_t people_;
  bool hostile_, unequal_;
  std::size_t postcodes_ = 0;
  std::uint64_t next_number_ = 10;
  std::vector<std::string> given_, family_, street_;
  Population out_;
};

Scored pairs_of(const Population& population, const std::vector<std::uint32_t>& person, const std::vector<std::uint32_t>& rows) {
  const auto pairs = [](std::vector<std::uint64_t>& keys) {
    std::sort(keys.begin(), keys.end());
    std::uint64_t out = 0;
    for (std::size_t i = 0, end; i < keys.size(); i = end) {
      for (end = i; end < keys.size() && keys[end] == keys[i];) ++end;
      out += (end - i) * (end - i - 1) / 2;
    }
    return out;
  };
  std::vector<std::uint64_t> truth, said, both;
  for (const std::uint32_t row : rows) {
    truth.push_back(population.truth[row]), said.push_back(person[row]);
    both.push_back((static_cast<std::uint64_t>(population.truth[row]) << 32) | person[row]);
  }
  return {pairs(truth), pairs(said), pairs(both)};
}

}  // namespace

Population make_population(std::size_t people, std::uint64_t seed, bool hostile, bool unequal) { return Maker(people, seed, hostile, unequal).run(); }

const std::vector<std::string>& group_names(GroupKind kind) {
  static const std::array<std::vector<std::string>, group_kinds> names{
      {{"white", "Asian", "Black", "mixed", "other"},
       {"most deprived fifth", "second fifth", "third fifth", "fourth fifth", "least deprived fifth"},
       {"under 18", "18 to 39", "40 to 64", "65 and over"},
       {"female", "male"}}};
  return names[kind];
}

std::vector<Missed> missed_rows(const Population& population, const linkage::LinkResult& result) {
  const auto rows = static_cast<std::uint32_t>(population.truth.size());
  std::vector<std::uint32_t> by_person(rows);
  for (std::uint32_t i = 0; i < rows; ++i) by_person[i] = i;
  std::sort(by_person.begin(), by_person.end(), [&](std::uint32_t a, std::uint32_t b) {
    return std::tuple(population.truth[a], result.person[a].value, a) < std::tuple(population.truth[b], result.person[b].value, b);
  });
  std::vector<std::uint8_t> home(rows, 0), offered(rows, 0);
  for (std::size_t i = 0, end; i < rows; i = end) {
    std::size_t most = i, best = i, best_size = 0;
    for (end = i; end < rows && population.truth[by_person[end]] == population.truth[by_person[i]]; ++end) {
      if (result.person[by_person[end]] != result.person[by_person[most]]) most = end;
      if (end - most + 1 > best_size) best_size = end - most + 1, best = most;
    }
    for (std::size_t k = best; k < best + best_size; ++k) home[by_person[k]] = 1;
  }
  for (const linkage::Edge& e : result.review)
    if (population.truth[e.a] == population.truth[e.b]) offered[e.a] = offered[e.b] = 1;
  std::map<std::uint8_t, Missed> counted;
  for (std::uint32_t row = 0; row < rows; ++row) {
    if (population.numbered[row] || !population.named[row]) continue;
    Missed& m = counted[population.faults[row]];
    ++m.rows;
    if (!home[row]) ++m.missed, m.for_review += offered[row];
  }
  static constexpr std::array<std::string_view, 6> words{"middle name", "former surname", "typing", "names swapped", "date", "moved"};
  std::vector<Missed> out;
  for (auto& [faults, m] : counted) {
    for (std::size_t bit = 0; bit < words.size(); ++bit)
      if ((faults >> bit) & 1U) m.faults += (m.faults.empty() ? "" : ", ") + std::string(words[bit]);
    if (m.faults.empty()) m.faults = "nothing";
    if (m.missed != 0) out.push_back(m);
  }
  std::sort(out.begin(), out.end(), [](const Missed& a, const Missed& b) { return a.missed > b.missed; });
  return out;
}

Strata score(const Population& population, const std::vector<std::uint32_t>& person) {
  std::vector<std::uint32_t> numbers, held, all;
  for (std::uint32_t row = 0; row < population.truth.size(); ++row) {
    all.push_back(row);
    if (population.numbered[row]) numbers.push_back(row);
    if (population.numbered[row] || population.named[row]) held.push_back(row);
  }
  Strata out{pairs_of(population, person, numbers), pairs_of(population, person, held), {}, pairs_of(population, person, all)};
  out.without = {out.held.true_pairs - out.numbers.true_pairs, out.held.said - out.numbers.said, out.held.right - out.numbers.right};
  return out;
}

}  // namespace catchment::bench
