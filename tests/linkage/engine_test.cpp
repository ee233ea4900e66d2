#include <doctest/doctest.h>
#include <fmt/core.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <string>

#include "base/random.h"
#include "linkage/linkage.h"

using namespace catchment;
using namespace catchment::linkage;

namespace {

std::string shared_file(const std::string& path) {
  const char* set = std::getenv("CATCHMENT_SHARED");
  std::ifstream in((set != nullptr ? std::string(set) : std::string(CATCHMENT_SOURCE_DIR) + "/../shared") + "/" + path, std::ios::binary);
  std::stringstream text;
  text << in.rdbuf();
  return text.str();
}

struct Linked {
  std::vector<std::uint32_t> cluster;
  std::uint32_t clusters = 0;
};

Linked link_auto(const Tables& tables, const std::vector<std::string>& left_out, unsigned threads) {
  SilentProgress silent;
  std::vector<std::string> notes;
  Model model = guess_model(tables, left_out, notes);
  RawRows raw = tables.raw();
  part_by_source(raw, model);
  const RowLinks links = link_rows(raw, model, threads, silent);
  Linked out;
  out.clusters = links.clusters;
  out.cluster.resize(tables.rows());
  for (std::size_t place = 0; place < links.rows.rows(); ++place) out.cluster[links.rows.input_row[place]] = links.cluster[place];
  return out;
}

// F1 of --model auto on a shared table, or -1 when the folder is not there.
double conformance(const std::string& path, const std::string& truth_column) {
  const std::string bytes = shared_file(path);
  if (bytes.empty()) {
    MESSAGE("skipped: shared conformance folder not found");
    return -1;
  }
  Tables tables;
  tables.add("t", path, bytes);
  const Linked linked = link_auto(tables, {truth_column}, 2);
  const Tables::Column& column = *tables.column(truth_column);
  Dictionary persons;
  std::vector<std::uint32_t> truth;
  for (std::size_t row = 0; row < tables.rows(); ++row) truth.push_back(persons.add(person_of_truth(column.texts.text(column.cells[row]))));
  return measure(truth, linked.cluster, nullptr).f1();
}

// Small households with typing errors: given, family, born, town; header row first.
std::vector<std::string> small_table() {
  Random random(5);
  const std::vector<std::string> given{"ann", "bob", "carla", "derek", "elena", "farid", "gwen", "harpreet", "ivan", "jasmin", "khalid", "lucy"};
  const std::vector<std::string> family{"nowak", "smith", "patel", "jones", "khan", "oconnor", "baker", "ahmed", "wells", "archer"};
  std::vector<std::string> rows;
  for (int person = 0; person < 60; ++person) {
    const std::string g = given[random.below(given.size())], f = family[random.below(family.size())];
    const std::string born = std::to_string(1930 + random.below(80)) + "-0" + std::to_string(1 + random.below(9)) + "-1" + std::to_string(random.below(10));
    for (int copy = 0; copy < 2; ++copy) {
      std::string name = g;
      if (copy == 1 && random.chance(0.3)) name[random.below(name.size())] = 'x';
      rows.push_back("r" + std::to_string(rows.size()) + "," + name + "," + f + "," + born);
    }
  }
  return rows;
}

std::string joined(const std::vector<std::string>& rows) {
  std::string text = "id,first_name,surname,dob\n";
  for (const std::string& row : rows) text += row + "\n";
  return text;
}

IdentityRow identity(int source, std::string_view key, std::string_view given, std::string_view family, std::string_view born) {
  IdentityRow row;
  row.source = SourceId{source};
  row.key = key, row.given_names = given, row.family_name = family, row.date_of_birth = born;
  return row;
}

}  // namespace

TEST_CASE("auto reaches 0.999 on FEBRL 1 and 2 without labels") {
  for (const char* name : {"1", "2"}) {
    const double f1 = conformance(std::string("conformance/linkage/febrl/dataset") + name + ".csv", "rec_id");
    if (f1 >= 0) CHECK(f1 >= 0.999);
  }
}

TEST_CASE("auto reaches 0.935 on Splink's fake_1000 without labels") {
  const double f1 = conformance("conformance/linkage/splink/fake_1000.csv", "cluster");
  if (f1 >= 0) CHECK(f1 >= 0.935);
}

TEST_CASE("the same persons on 1, 2 and 16 threads and in any row order") {
  std::vector<std::string> rows = small_table();
  Tables first;
  first.add("t", "t.csv", joined(rows));
  const Linked one = link_auto(first, {}, 1);
  CHECK(one.clusters < rows.size());
  CHECK(link_auto(first, {}, 2).cluster == one.cluster);
  CHECK(link_auto(first, {}, 16).cluster == one.cluster);
  Random random(9);
  std::vector<std::size_t> order(rows.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  for (std::size_t i = order.size(); i > 1; --i) std::swap(order[i - 1], order[random.below(i)]);
  std::vector<std::string> shuffled;
  for (const std::size_t i : order) shuffled.push_back(rows[i]);
  Tables second;
  second.add("t", "t.csv", joined(shuffled));
  const Linked other = link_auto(second, {}, 2);
  for (std::size_t i = 0; i < order.size(); ++i) CHECK(other.cluster[i] == one.cluster[order[i]]);
}

namespace {

// The same 400 people as two partners write them: `second` writes a line of the second partner's file.
struct TwoPartners {
  std::string first = "id,first_name,surname,dob,zip\n", second;
  explicit TwoPartners(const std::string& header, int year, const std::function<std::string(int, const std::string&, const std::string&, int, int, int)>& line)
      : second(header) {
    const std::vector<std::string> given{"Ann", "Robert", "Carla", "Derek", "Elena", "Farid", "Gwen", "Harpreet"};
    const std::vector<std::string> family{"Nowak", "Smith", "Patel", "Jones", "Khan", "Baker", "Ahmed"};
    for (int i = 0; i < 400; ++i) {
      const std::string g = given[static_cast<std::size_t>(i) % 8];
      const std::string f = family[static_cast<std::size_t>(i) % 7] + static_cast<char>('a' + i * 7 % 26) + static_cast<char>('a' + i * 11 % 25);
      const int y = year + i * 37 % 89, m = 1 + i % 12, d = 1 + i * 5 % 28;
      first += fmt::format("{},{},{},{:04}-{:02}-{:02},{}\n", i, g, f, y, m, d, 10000 + i * 7919 % 40000);
      second += line(i, g, f, y, m, d);
    }
  }
  // Of the 400, how many have both their rows in one cluster; and how many clusters.
  std::pair<int, std::uint32_t> joined() const {
    Tables tables;
    tables.add("a", "a.csv", first), tables.add("b", "b.csv", second);
    const Linked linked = link_auto(tables, {}, 2);
    int together = 0;
    for (std::size_t i = 0; i < 400; ++i) together += linked.cluster[i] == linked.cluster[400 + i];
    return {together, linked.clusters};
  }
};

}  // namespace

TEST_CASE("a partner that writes names whole is linked with one that writes their parts") {
  const TwoPartners partners("ref,name,born\n", 1925, [](int i, const std::string& g, const std::string& f, int y, int m, int d) {
    return fmt::format("x{},{},{:04}-{:02}-{:02}\n", i, i % 2 == 0 ? "\"" + f + ", " + g + "\"" : "Mr " + g + " " + f, y, m, d);
  });
  const auto [together, clusters] = partners.joined();
  CHECK(together >= 396);
  CHECK(clusters >= 400);
}

TEST_CASE("a partner that knows the year of birth alone is linked with one that knows the day") {
  const TwoPartners partners("ref,forename,last_name,birth_year,zip_code\n", 1925, [](int i, const std::string& g, const std::string& f, int y, int, int) {
    return fmt::format("x{},{},{},{},{}\n", i, g, f, y, 10000 + i * 7919 % 40000);
  });
  const auto [together, clusters] = partners.joined();
  CHECK(together >= 396);
  CHECK(clusters >= 400);
}

TEST_CASE("people born in the eighteenth century have birthdays too") {
  const TwoPartners partners("ref,forename,last_name,date_of_birth\n", 1700, [](int i, const std::string& g, const std::string& f, int y, int m, int d) {
    return fmt::format("x{},{},{},{:02}/{:02}/{:04}\n", i, g, f, d, m, y);
  });
  const auto [together, clusters] = partners.joined();
  CHECK(together >= 396);
  CHECK(clusters >= 400);
}

TEST_CASE("eight digits are a day of the year that makes a date of them") {
  CHECK(read_birth_date("12051984") == BirthDate{1984, 5, 12});
  CHECK(read_birth_date("17051984") == BirthDate{1984, 5, 17});
  CHECK(read_birth_date("17760704") == BirthDate{1776, 7, 4});
  CHECK(read_birth_date("0984-02-03").year == 0);
}

TEST_CASE("a column that says the source parts one file into sources that hold nobody twice") {
  const TwoPartners partners("", 1925, [](int i, const std::string& g, const std::string& f, int y, int m, int d) {
    return fmt::format("x{},{},{},{:04}-{:02}-{:02},{},hospital\n", i, i % 10 == 0 ? g.substr(1) : g, f, y, m, d, 10000 + i * 7919 % 40000);
  });
  std::string text = partners.first;
  for (std::size_t at = text.find('\n'); at != std::string::npos; at = text.find('\n', at + 1))
    text.insert(at, at == text.find('\n') ? ",source" : ",gp"), at = text.find('\n', at);
  Tables tables;
  tables.add("all", "all.csv", text + partners.second);
  std::vector<std::string> notes;
  Model model = guess_model(tables, {}, notes);
  RawRows raw = tables.raw();
  part_by_source(raw, model);
  CHECK(raw.source_names == std::vector<std::string>{"all", "all:gp", "all:hospital"});
  SilentProgress silent;
  const RowLinks links = link_rows(raw, model, 2, silent);
  CHECK(model.unique_sources == std::vector<std::string>{"all:gp", "all:hospital"});
  CHECK(links.clusters >= 400);
  CHECK(links.clusters <= 404);
}

TEST_CASE("columns whose headers say nothing are told by what they hold") {
  const TwoPartners partners("c0,c1,c2,c3,c4\n", 1925, [](int i, const std::string& g, const std::string& f, int y, int m, int d) {
    // Slips make most different texts of a name column wrong, though most rows are right.
    return fmt::format("{},{},{},{:02}/{:02}/{:04},XB{} {}AB\n", i, f, i % 7 == 0 ? g + static_cast<char>('a' + i % 26) : g, d, m, y, 1 + i % 9, i % 10);
  });
  Tables tables;
  tables.add("b", "b.csv", partners.second);
  std::vector<std::string> notes;
  const Model model = guess_model(tables, {}, notes);
  std::vector<FieldKind> kinds;
  for (const Field& field : model.fields) kinds.push_back(field.kind);
  using enum FieldKind;
  CHECK(kinds == std::vector<FieldKind>{row_id, family_name, given_name, birth_date, postcode});
}

TEST_CASE("a file that is no text says so") {
  Tables tables;
  CHECK_THROWS_WITH(tables.add("t", "t.csv", std::string_view("\xff\xfei\0d\0", 6)), doctest::Contains("UTF-16"));
  CHECK_THROWS_WITH(tables.add("t", "t.csv", std::string_view("\x1f\x8b\x08", 3)), doctest::Contains("packed"));
}

TEST_CASE("empty fields, emoji and a hub value end with everyone apart or together, never in a crash") {
  Tables tables;
  std::string text = "id,first_name,surname,dob\n";
  for (int i = 0; i < 4000; ++i)
    text += std::to_string(i) + (i % 3 == 0 ? ",,,\n" : i % 3 == 1 ? ",UNKNOWN,UNKNOWN,1900-01-01\n" : ",\xF0\x9F\x98\x80,\xF0\x9F\x98\x80,\n");
  tables.add("t", "t.csv", text);
  const Linked linked = link_auto(tables, {}, 2);
  CHECK(linked.cluster.size() == 4000);
  CHECK(linked.cluster[0] != linked.cluster[3]);  // nothing is no evidence
}

TEST_CASE("two live numbers are two people however alike, and twins are not duplicates") {
  IdentityTable t;
  std::vector<std::string> keys;
  for (int i = 0; i < 400; ++i) keys.push_back(std::to_string(i));
  const char* names[] = {"Amir", "Beth", "Carl", "Dawn", "Evan", "Fay", "Gita", "Hugh"};
  const char* families[] = {"Okafor", "Nowak", "Singh", "Clarke", "Ellis", "Farah", "Grant"};
  for (int i = 0; i < 200; ++i) {  // each person in two sources
    // Names and birthdays spread enough that sharing both is no accident.
    const std::string born = std::to_string(1930 + i * 37 % 89) + "-0" + std::to_string(1 + i % 9) + "-" + std::to_string(10 + i * 5 % 18);
    const std::string family = std::string(families[i % 7]) + static_cast<char>('a' + i * 7 % 26) + static_cast<char>('a' + i * 11 % 25);
    for (int source : {1, 2}) t.add(identity(source, keys[static_cast<std::size_t>(i)], names[i % 8], family, born));
  }
  IdentityRow twin = identity(1, "twin-a", "Zara", "Umbridge", "2015-05-06");
  t.add(twin);
  twin = identity(2, "twin-b", "Noah", "Umbridge", "2015-05-06");
  t.add(twin);
  IdentityRow live = identity(1, "live-a", "Quentin", "Yardley", "1961-07-08");
  live.nhs_number = "9990000018";
  t.add(live);
  live.source = SourceId{2}, live.key = "live-b", live.nhs_number = "9990000026";
  t.add(live);
  SilentProgress silent;
  const LinkResult r = link_identities(t, {}, {}, silent);
  CHECK(r.person[0] == r.person[1]);
  CHECK(r.person[400] != r.person[401]);
  CHECK(r.person[402] != r.person[403]);
}

TEST_CASE("a review decision binds every later build, and the newest stands") {
  IdentityTable t;
  t.add(identity(1, "a", "Ann", "Lee", "1980-02-03"));
  t.add(identity(2, "b", "Bob", "Cox", "1951-10-20"));
  PersonRegister known;
  known.reviews.push_back({{SourceId{1}, "a"}, {SourceId{2}, "b"}, Verdict::same, Instant{1, 0}, "u", ""});
  SilentProgress silent;
  const LinkResult joined_by_hand = link_identities(t, known, {}, silent);
  CHECK(joined_by_hand.person[0] == joined_by_hand.person[1]);
  PersonRegister later = joined_by_hand.next_register;
  later.reviews.push_back({{SourceId{2}, "b"}, {SourceId{1}, "a"}, Verdict::different, Instant{2, 0}, "u", ""});
  const LinkResult parted = link_identities(t, later, {}, silent);
  CHECK(parted.person[0] != parted.person[1]);
  CHECK(parted.events.size() == 1);
}
