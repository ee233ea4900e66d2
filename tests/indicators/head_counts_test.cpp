// Head counts as they are published, against linear programs, and as they are counted.
#include "indicators/head_counts.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>
#include <map>

#include "../disclosure/bounds.h"
#include "base/random.h"
#include "indicators/figure_store.h"
#include "indicators/publication_store.h"

using namespace catchment;
using namespace catchment::indicators;

namespace {

namespace fs = std::filesystem;

GroupLists two_places(std::size_t areas) {
  GroupLists lists;
  lists.places = {"unknown", "north", "south"};
  lists.networks = {"unknown"};
  lists.neighbourhoods = {"unknown", "harbour", "moor", "sands"};
  lists.practices = {"unknown", "D1", "D2"};
  lists.practice_place = {0, 1, 2}, lists.practice_network = {0, 0, 0};
  lists.areas = {"unknown"};
  lists.area_place = lists.area_neighbourhood = {0};
  lists.index_versions = {"2025"};
  lists.area_fifth = {{0}};
  for (std::size_t i = 1; i <= areas; ++i) {
    lists.areas.push_back("A" + std::to_string(i));
    lists.area_place.push_back(static_cast<std::uint16_t>(1 + i % 2));
    lists.area_neighbourhood.push_back(static_cast<std::uint16_t>(1 + i % 3));
    lists.area_fifth[0].push_back(static_cast<std::uint8_t>(1 + i % 5));
  }
  return lists;
}

disclosure::Policy rounding(bool secondary = true) {
  disclosure::Policy policy;
  policy.reader_knows = disclosure::ReaderKnows::rounded;
  policy.secondary = secondary;
  return policy;
}

using People = std::vector<PeopleAlike>;

PeopleAlike living(std::size_t area, std::int64_t people, std::size_t practice = 0) {
  PeopleAlike alike;
  alike.resident = area > 0, alike.registered = practice > 0;
  alike.area = area, alike.practice = practice;
  alike.ethnic_group = 3, alike.age_band = 6, alike.people = people;
  return alike;
}

/// Some are registered where they live, some in the other place, some nowhere, and some live elsewhere.
People random_people(Random& random, const GroupLists& lists, int people) {
  People all;
  for (int i = 0; i < people; ++i) {
    PeopleAlike alike;
    alike.area = random.chance(0.08) ? 0 : 1 + random.below(lists.areas.size() - 1);
    alike.resident = alike.area > 0;
    alike.practice = !alike.resident || random.chance(0.85) ? (random.chance(0.93) ? std::max<std::size_t>(1, lists.area_place[alike.area]) : 2) : 0;
    alike.registered = alike.practice > 0;
    alike.sex = random.chance(0.004) ? 2 : random.below(2);
    alike.ethnic_group = random.chance(0.75) ? 3 : random.below(6);
    alike.age_band = std::array<std::size_t, 4>{1, 6, 13, 18}[random.chance(0.8) ? random.below(2) : 2 + random.below(2)];
    alike.opted_out = random.chance(0.01), alike.not_met = random.chance(0.03);
    alike.people = 1;
    all.push_back(alike);
  }
  return all;
}

std::optional<std::int64_t> shown_of(const std::vector<HeadCount>& counts, const std::string& name) {
  for (const auto& each : counts)
    if (each.name == name) return each.count;
  FAIL("no count is named " << name);
  return {};
}

/// What a reader has before them, beside what was published before.
struct Reader {
  disclosure::LinkedCells judged;  // without the cells that need no proof
  std::vector<bool> hidden;
};

Reader reader_of(const People& people, const GroupLists& lists, const std::vector<HeadCount>& counts, const disclosure::Policy& policy,
                 const disclosure::Memory& earlier = {}) {
  const LinkedHeadCounts linked = linked_head_counts(people, lists);
  std::vector<std::string> keys;
  std::vector<disclosure::TablePlace> places;
  for (const auto& line : linked.lines) keys.push_back(line.key), places.push_back(line.place);
  disclosure::BesideEarlier beside;
  beside.linked = disclosure::link_counts(policy, linked.lines, linked.sums), beside.places = places;
  if (!earlier.releases.empty()) beside = disclosure::placed_beside_earlier(beside.linked, keys, places, earlier, policy);
  Reader out{beside.linked, std::vector<bool>(beside.linked.cells.size(), true)};
  std::map<std::string, const HeadCount*> shown;
  for (const auto& each : counts) shown.emplace(each.name, &each);
  std::map<int, bool> any_shown;  // by table
  for (std::size_t l = 0; l < linked.lines.size(); ++l) {
    const auto found = shown.find(linked.lines[l].key);
    if (found == shown.end() || !found->second->count) continue;
    out.hidden[l] = false;
    any_shown[linked.lines[l].place.table] = true;
  }
  // Of tables hidden whole, now or then, what no sum with a shown part holds.
  std::vector<bool> told(out.hidden.size()), subtracts(out.hidden.size());
  for (std::size_t c = 0; c < told.size(); ++c) told[c] = !out.hidden[c] || out.judged.cells[c].known_hidden.high < disclosure::Range::unbounded;
  for (const auto& sum : out.judged.sums) {
    const auto parts_told = std::count_if(sum.parts.begin(), sum.parts.end(), [&](int part) { return told[disclosure::at(part)]; });
    for (const int part : sum.parts)
      if (parts_told > (told[disclosure::at(part)] ? 1 : 0)) subtracts[disclosure::at(part)] = true;
    if (parts_told > 0) subtracts[disclosure::at(sum.whole)] = true;
  }
  for (std::size_t c = 0; c < out.hidden.size(); ++c)
    if (beside.places[c].split != 0 && !any_shown[beside.places[c].table] && !subtracts[c]) out.judged.cells[c].sensitive = false;
  return out;
}

std::vector<int> exposed(const People& people, const GroupLists& lists, const std::vector<HeadCount>& counts, const disclosure::Policy& policy,
                         const disclosure::Memory& earlier = {}) {
  const Reader reader = reader_of(people, lists, counts, policy, earlier);
  return exposed_by_glpk(reader.judged, reader.hidden);
}

std::vector<HeadCount> published(const People& people, const GroupLists& lists, const disclosure::Policy& policy) {
  disclosure::Memory none;
  return head_counts_of(people, lists, policy, none);
}

}  // namespace

TEST_CASE("the one small group of a whole cannot be had as the whole minus the others") {
  const GroupLists lists = two_places(4);
  People people = {living(1, 400, 2), living(2, 300, 1), living(3, 200, 2), living(4, 100, 1)};
  for (std::size_t group : {0, 1, 2, 4, 5})  // of each ethnic group some, of one of them three
    for (std::size_t area : {1, 2}) {
      people.push_back(living(area, group == 4 ? (area == 1 ? 3 : 0) : 60, area == 1 ? 2 : 1));
      people.back().ethnic_group = group;
    }
  disclosure::Policy exact;
  CHECK_FALSE(shown_of(published(people, lists, exact), "residents||ethnicity|other"));
  exact.secondary = false;  // each by itself: as it was
  const auto alone = published(people, lists, exact);
  std::int64_t others = 0;
  for (const char* group : {"asian", "black", "mixed", "white", "unknown"}) others += shown_of(alone, "residents||ethnicity|" + std::string(group)).value();
  CHECK(shown_of(alone, "residents|||").value() - others == 5);  // three, rounded
  CHECK_FALSE(exposed(people, lists, alone, exact).empty());
  exact.secondary = true;
  CHECK(exposed(people, lists, published(people, lists, exact), exact).empty());
}

TEST_CASE("residents and registered people do not tell together of the few who are one alone") {
  const GroupLists lists = two_places(2);
  // In the north everybody registered lives there, and two who live there are on no list.
  const People people = {living(2, 500, 1), living(2, 2), living(1, 300, 2), living(1, 40), living(0, 50, 2)};
  for (const bool exact : {false, true}) {
    disclosure::Policy policy = rounding(false);
    if (exact) policy.reader_knows = disclosure::ReaderKnows::exact;
    CHECK_FALSE(exposed(people, lists, published(people, lists, policy), policy).empty());
    policy.secondary = true;
    const auto counts = published(people, lists, policy);
    CHECK(exposed(people, lists, counts, policy).empty());
    CHECK_FALSE(shown_of(counts, "resident-only|north||"));
  }
}

TEST_CASE("no head count lets a small one be bounded tighter than declared, and what is planted is found") {
  Random random(20261123);
  const GroupLists lists = two_places(10);
  std::size_t unsafe = 0, planted = 0, found = 0;
  for (const int size : {600, 2500, 2500}) {
    const People people = random_people(random, lists, size);
    const auto counts = published(people, lists, rounding()), alone = published(people, lists, rounding(false));
    CHECK(exposed(people, lists, counts, rounding()).empty());
    unsafe += exposed(people, lists, alone, rounding(false)).empty() ? 0 : 1;
    planted += std::count_if(counts.begin(), counts.end(), [](const auto& each) { return !each.count; }) >
            std::count_if(alone.begin(), alone.end(), [](const auto& each) { return !each.count; })
        ? 1
        : 0;
    found += exposed(people, lists, alone, rounding()).empty() ? 0 : 1;  // all that was hidden for the sake of others is shown
  }
  CHECK(unsafe == 3);
  CHECK(planted > 0);
  CHECK(found == 3);
}

TEST_CASE("the counts of two snapshots do not give anybody away together, and the same people are shown alike") {
  Random random(8);
  const GroupLists lists = two_places(8);
  std::size_t forgetful = 0, held_back = 0;
  for (int round = 0; round < 3; ++round) {
    const People first = random_people(random, lists, 1500);
    People second = first;  // a few are now known to be of another group, have moved, or are gone
    for (PeopleAlike& alike : second) {
      if (random.chance(0.01)) alike.ethnic_group = random.below(6);
      if (alike.resident && random.chance(0.01)) alike.area = 1 + random.below(8);
      if (random.chance(0.005)) alike.people = 0;
    }
    disclosure::Memory memory;
    const auto then = head_counts_of(first, lists, rounding(), memory);
    REQUIRE(memory.releases.size() == 1);
    const disclosure::Memory before = memory;
    forgetful += exposed(second, lists, published(second, lists, rounding()), rounding(), before).empty() ? 0 : 1;
    const auto now = head_counts_of(second, lists, rounding(), memory);
    if (now.front().held_back) {  // nothing is told that had not left
      ++held_back;
      for (const auto& each : now) CHECK(each.count == shown_of(then, each.name));
      continue;
    }
    CHECK(exposed(second, lists, now, rounding(), before).empty());
    REQUIRE(memory.releases.size() == 2);
    const auto again = head_counts_of(first, lists, rounding(), memory);
    for (const auto& each : again) CHECK(each.count == shown_of(then, each.name));
    CHECK(memory.releases.size() == 2);
  }
  CHECK(forgetful > 0);
  CHECK(held_back < 3);
}

TEST_CASE("the old people of a small area who cannot be protected beside what was shown of them are hidden, and nobody else waits") {
  const GroupLists lists = two_places(6);
  People people;
  for (std::size_t area = 1; area <= 6; ++area) {
    people.push_back(living(area, 200, 1 + area % 2));
    people.push_back(living(area, area == 1 ? 8 : 60, 1 + area % 2));
    people.back().age_band = 14;
  }
  disclosure::Memory memory;
  CHECK(shown_of(head_counts_of(people, lists, rounding(), memory), "aged-65||area|A1") == 10);
  people[1].people = 7;
  people[0].people += 1;  // told right: one of them is younger
  const auto counts = head_counts_of(people, lists, rounding(), memory);
  CHECK_FALSE(shown_of(counts, "aged-65||area|A1"));
  CHECK_FALSE(shown_of(counts, "aged-65||area|A2"));
  CHECK(shown_of(counts, "residents||area|A1") == 210);
  CHECK(shown_of(counts, "residents||age|65+") == 305);
  CHECK(std::none_of(counts.begin(), counts.end(), [](const HeadCount& each) { return each.held_back || each.withheld; }));
  CHECK(memory.releases.size() == 2);
}

namespace {

/// A small snapshot: `n` people of one kind at a time.
class Everyone {
 public:
  Everyone() : duck_(":memory:", {}), connection_(duck_.connect()), system_(system::load_system(CATCHMENT_SOURCE_DIR "/tests/systems/tiny").system) {
    run("CREATE TABLE person (person BIGINT, birth_date DATE, sex VARCHAR, ethnic_group VARCHAR, area INTEGER, practice INTEGER, resident BOOLEAN, "
        "registered BOOLEAN)");
    run("CREATE TABLE area (id INTEGER, code VARCHAR); INSERT INTO area VALUES (1, 'P1'), (2, 'P2'), (3, 'P3')");
    run("CREATE TABLE organisation (id INTEGER, code VARCHAR); INSERT INTO organisation VALUES (1, 'D1'), (2, 'D2')");
    run("CREATE TABLE opt_out (person BIGINT, kind VARCHAR, since DATE); CREATE TABLE encounter (person BIGINT, start_date DATE, status VARCHAR)");
    fs::create_directories(folder_ / "measures" / "content");
  }
  ~Everyone() {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }
  Everyone(const Everyone&) = delete;
  Everyone& operator=(const Everyone&) = delete;

  void run(std::string_view sql) { connection_.execute(sql); }
  void people(int n, const std::string& born, int area, int practice) {
    connection_.query("INSERT INTO person SELECT ? + i, ?::DATE, 'female', 'white', ?, ?, ?, ? FROM range(?) t(i)",
                      {next_, born, std::int64_t{area}, std::int64_t{practice}, area > 0, practice > 0, std::int64_t{n}});
    next_ += n;
  }
  fs::path file() const { return folder_ / "measures" / "content" / "figures.sqlite"; }
  PublishedHeadCounts publish(Date as_of = Date::from_ymd(2026, 3, 31)) { return publish_head_counts(connection_, system_, as_of, file()); }
  std::optional<std::int64_t> shown(const std::string& name) {
    publish();
    return shown_of(FigureStore::open(file())->head_counts(), name);
  }

 private:
  fs::path folder_ = fs::temp_directory_path() / ("catchment-head-counts-" + std::to_string(::getpid()));
  db::Duck duck_;
  db::Connection connection_;
  system::System system_;
  std::int64_t next_ = 1;
};

}  // namespace

TEST_CASE("residents are counted where they live, registered people where their practice is") {
  Everyone all;
  all.people(200, "1980-04-01", 1, 1);
  all.people(100, "2020-01-01", 3, 2);
  all.people(50, "1950-01-01", 1, 2);   // lives in the north, is registered in the south
  all.people(60, "1950-01-01", 0, 1);   // lives elsewhere
  all.people(40, "1970-01-01", 3, 0);   // on no list here
  CHECK(all.shown("residents|||") == 390);
  CHECK(all.shown("residents|north||") == 250);
  CHECK(all.shown("registered|||") == 410);
  CHECK(all.shown("registered|north||") == 260);
  CHECK(all.shown("both|||") == 350);
  CHECK(all.shown("both|north||") == 200);
  CHECK(all.shown("resident-only|||") == 40);
  CHECK(all.shown("resident-only|north||") == 50);
  CHECK(all.shown("registered-only|||") == 60);
  CHECK(all.shown("registered-only|south||") == 50);
  CHECK(all.shown("residents||age-sex|45-49.female") == 200);  // 45 on the last day of March, one day before a birthday
  CHECK(all.shown("residents||age|65+") == 50);
  CHECK(all.shown("registered||age|65+") == 110);
  CHECK(all.shown("residents||area|P1") == 250);
  CHECK(all.shown("residents||neighbourhood|The Harbour") == 250);
  CHECK(all.shown("aged-65||area|P1") == 50);
}

TEST_CASE("opted-out residents are counted once each, and those no partner has met in three years by who was asked about") {
  Everyone all;
  all.people(200, "1950-01-01", 1, 1);
  all.people(50, "2024-01-01", 1, 1);  // two years old: not asked about
  all.run("INSERT INTO opt_out SELECT person, 'national', NULL FROM person WHERE person <= 20");
  all.run("INSERT INTO opt_out SELECT person, 'type-1', NULL FROM person WHERE person BETWEEN 11 AND 30");
  all.run("INSERT INTO encounter SELECT person, DATE '2024-05-05', 'finished' FROM person WHERE person <= 60");
  all.run("INSERT INTO encounter SELECT person, DATE '2024-05-05', 'did-not-attend' FROM person WHERE person > 60");
  all.run("INSERT INTO encounter SELECT person, DATE '2020-05-05', 'finished' FROM person WHERE person > 60");
  CHECK(all.shown("opted-out|||") == 30);
  CHECK(all.shown("not-met|||") == 140);
  CHECK(all.shown("residents|||") == 250);  // who opted out among them
}

TEST_CASE("what was published of a month is remembered beside the snapshots and the counts of a later day are held against it") {
  Everyone all;
  all.people(200, "1950-01-01", 1, 1);
  all.people(100, "1950-01-01", 3, 2);
  all.publish();
  all.people(3, "1960-01-01", 1, 1);
  CHECK(all.publish().counts > 50);
  PublicationStore store(publications_file(all.file()));
  CHECK(store.read("head-counts", Date::from_ymd(2026, 3, 1)).releases.size() == 2);
  all.publish();
  CHECK(store.read("head-counts", Date::from_ymd(2026, 3, 1)).releases.size() == 2);  // of the same people: kept once
}
