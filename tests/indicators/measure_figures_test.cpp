#include "indicators/measure_figures.h"

#include <doctest/doctest.h>
#include <unistd.h>

#include <algorithm>

#include "base/error.h"
#include "indicators/figure_store.h"
#include "indicators/publication_store.h"
#include "indicators/sql.h"

using namespace catchment;
using namespace catchment::indicators;

namespace {

const Date march = Date::from_ymd(2026, 3, 1);

/// Each small count hidden on its own account alone.
disclosure::Policy primary_only() {
  disclosure::Policy policy;
  policy.secondary = false;
  return policy;
}

/// One place with two practices and two areas; people are added a kind at a time.
struct Small {
  PersonGroups groups;
  measures::MonthMembers members;
  Small() {
    auto& lists = groups.lists;
    lists.places = {"unknown", "north", "south"};
    lists.networks = lists.neighbourhoods = {"unknown", "one"};
    lists.practices = {"unknown", "D1", "D2"}, lists.areas = {"unknown", "A1", "A2"};
    lists.practice_place = lists.area_place = {0, 1, 2};
    lists.practice_network = lists.area_neighbourhood = {0, 1, 1};
    lists.index_versions = {"2025", "2019"};
    lists.area_fifth = {{0, 1, 5}, {0, 2, 4}};
  }
  void people(int n, int hits, std::uint16_t practice, std::uint16_t area, std::int32_t born, std::uint32_t events = 1, bool left_out = false) {
    std::vector<std::uint32_t> in, hit;
    for (int i = 0; i < n; ++i) {
      const auto at = static_cast<std::uint32_t>(groups.persons());
      CellParts parts{groups.lists.practice_place[practice], 0, 3, groups.lists.area_fifth[0][area]};
      groups.cells[0].push_back(practice == 0 ? no_cell : cell_of(parts));
      parts.place = groups.lists.area_place[area];
      groups.cells[1].push_back(area == 0 ? no_cell : cell_of(parts));
      groups.practices.push_back(practice), groups.areas.push_back(area), groups.born.push_back(born), groups.left_out.push_back(left_out);
      in.push_back(at);
      if (i >= hits) continue;
      hit.push_back(at);
      if (events > 1) members.more.emplace_back(at, events);
    }
    members.denominator.add(in);
    members.numerator.add(hit);
  }
  std::vector<MeasureFigure> figures(const MeasureShape& shape = {}, bool every = true) const {
    return figures_of(tally_members(groups, members, march), groups.lists, shape, march, every, primary_only());
  }
};

MeasureFigure one(const std::vector<MeasureFigure>& all, Basis basis, Split split, const std::string& place = "", const std::string& group = "",
                  const std::string& variant = "") {
  for (const auto& f : all)
    if (f.basis == basis && f.split == split && f.place == place && f.group == group && (variant.empty() || f.variant == variant)) return f;
  FAIL("no such figure");
  return {};
}

}  // namespace

TEST_CASE("registered people are counted where their practice is, residents where they live") {
  Small s;
  s.people(100, 50, 1, 2, 19800101);  // registered in the north, living in the south
  s.people(40, 10, 0, 1, 19800101);   // on no list here
  const auto all = s.figures();
  CHECK(one(all, Basis::registered, Split::none).denominator == 100);
  CHECK(one(all, Basis::registered, Split::none, "north").numerator == 50);
  CHECK(one(all, Basis::resident, Split::none).denominator == 140);
  CHECK(one(all, Basis::resident, Split::none, "north").numerator == 10);
  CHECK(one(all, Basis::resident, Split::none, "south").numerator == 50);
  CHECK(one(all, Basis::registered, Split::deprivation, "", "5", "2025").denominator == 100);
  CHECK(one(all, Basis::registered, Split::deprivation, "", "4", "2019").denominator == 100);
}

TEST_CASE("a small numerator takes its value, its interval and its standardised rate with it") {
  Small s;
  s.people(100, 5, 1, 1, 19800101);
  s.people(200, 60, 2, 2, 19800101);
  for (const MeasureShape shape : {MeasureShape{}, MeasureShape{true, true, 1000}}) {
    const auto hidden = one(s.figures(shape), Basis::registered, Split::practice, "", "D1");
    CHECK(hidden.hidden);
    CHECK_FALSE(hidden.numerator);
    CHECK_FALSE(hidden.value);
    CHECK_FALSE(hidden.low);
    CHECK_FALSE(hidden.standardised);
    CHECK_FALSE(one(s.figures(shape), Basis::registered, Split::practice, "", "D2").hidden);
  }
}

TEST_CASE("a small count cannot be worked out from the figures it adds up with") {
  Small s;
  s.people(100, 5, 1, 1, 19800101);
  s.people(200, 60, 2, 2, 19800101);
  s.people(150, 50, 2, 2, 19500101);
  const auto all = figures_of(tally_members(s.groups, s.members, march), s.groups.lists, {}, march, true);
  for (const Split split : {Split::practice, Split::deprivation}) {
    int hidden = 0, shown = 0;
    for (const auto& f : all)
      if (f.basis == Basis::registered && f.split == split && f.place.empty() && (f.variant.empty() || f.variant == "2025")) (f.hidden ? hidden : shown) += 1;
    CHECK(hidden + shown == 2);
    CHECK((hidden == 2 || one(all, Basis::registered, Split::none).hidden));
  }
}

TEST_CASE("a rate of events is hidden when few people had them, however many the events") {
  Small s;
  s.people(100, 3, 1, 1, 19800101, 40);
  const auto f = one(s.figures({true, true, 1000}), Basis::registered, Split::none);
  CHECK(f.hidden);
  CHECK_FALSE(f.numerator);
}

TEST_CASE("events count as often as they happened, and a rate may exceed its people") {
  Small s;
  s.people(100, 60, 1, 1, 19800101, 3);
  const auto f = one(s.figures({true, false, 1000}), Basis::registered, Split::none);
  CHECK(f.numerator == 180);
  CHECK(*f.value == doctest::Approx(1800));
  CHECK(*f.low < 1800);
}

TEST_CASE("who opted out is neither above nor below the line") {
  Small s;
  s.people(100, 50, 1, 1, 19800101);
  s.people(100, 100, 1, 1, 19800101, 1, true);
  CHECK(one(s.figures(), Basis::registered, Split::none).denominator == 100);
  CHECK(*one(s.figures(), Basis::registered, Split::none).value == doctest::Approx(50));
}

TEST_CASE("ages are those on the last day of the month") {
  Small s;
  s.people(50, 20, 1, 1, 20160331);  // ten on the day
  s.people(50, 20, 1, 1, 20160401);  // nine
  const auto all = s.figures();
  CHECK(one(all, Basis::registered, Split::age, "", "10-14").denominator == 50);
  CHECK(one(all, Basis::registered, Split::age, "", "5-9").denominator == 50);
}

TEST_CASE("a standardised rate takes two places of different ages as if they were equally old") {
  Small s;
  s.people(400, 40, 1, 1, 19950101), s.people(100, 40, 1, 1, 19450101);  // north: young
  s.people(100, 10, 2, 2, 19950101), s.people(400, 160, 2, 2, 19450101);  // south: old; same rates at each age
  const auto all = s.figures({true, true, 1000});
  const auto north = one(all, Basis::resident, Split::none, "north"), south = one(all, Basis::resident, Split::none, "south");
  CHECK(*north.value < *south.value - 100);
  REQUIRE(north.standardised);
  REQUIRE(south.standardised);
  CHECK(*north.standardised == doctest::Approx(*south.standardised));
}

TEST_CASE("two groups are crossed where the policy allows it, of registered people of the whole, in the latest month") {
  Small s;
  s.people(100, 50, 1, 1, 19800101);  // fifth 1
  s.people(200, 80, 2, 2, 19800101);  // fifth 5
  s.people(60, 30, 2, 2, 19500101);
  disclosure::Policy policy = primary_only();
  policy.crossings = {"ethnicity_deprivation"};
  const auto figures = [&](bool every) { return figures_of(tally_members(s.groups, s.members, march), s.groups.lists, {}, march, every, policy); };
  const auto all = figures(true);
  CHECK(one(all, Basis::registered, Split::ethnicity_deprivation, "", "white.1").denominator == 100);
  CHECK(one(all, Basis::registered, Split::ethnicity_deprivation, "", "white.5").numerator == 110);
  const auto crossed = [](const std::vector<MeasureFigure>& of) {
    return std::count_if(of.begin(), of.end(), [](const auto& figure) { return crossed_of(figure.split).has_value(); });
  };
  CHECK(crossed(all) == 2);
  CHECK(crossed(figures(false)) == 0);
  policy.crossings = {"age_sex"};
  const auto ages = figures(true);
  CHECK(one(ages, Basis::registered, Split::age_sex, "", "45-49.female").denominator == 300);
  CHECK(one(ages, Basis::registered, Split::age_sex, "", "75-79.female").numerator == 30);
  CHECK(crossed(ages) == 2);
  policy.crossings.clear();
  CHECK(crossed(figures(true)) == 0);
}

TEST_CASE("an age that only people living outside have stands in a crossing of both bases") {
  Small s;
  s.people(100, 50, 1, 1, 19800101), s.people(120, 60, 2, 2, 19800101);
  s.people(40, 20, 1, 0, 19300101);  // registered, and living outside
  disclosure::Policy policy;
  policy.crossings = {"age_sex"};
  const auto all = figures_of(tally_members(s.groups, s.members, march), s.groups.lists, {}, march, true, policy);
  CHECK(one(all, Basis::registered, Split::age_sex, "", "90+.female").denominator == 40);
}

TEST_CASE("a small count in a crossing hides figures of crossings and no others") {
  Small s;
  for (const std::int32_t born : {19500101, 19600101, 19700101, 19800101, 19900101, 20000101}) {
    s.people(90, 40, 1, 1, born), s.people(70, 30, 2, 2, born);
    s.groups.cells[0].back() = s.groups.cells[1].back() = cell_of({2, 1, 0, 5});  // one of another sex and ethnic group in each band
  }
  disclosure::Policy policy;
  policy.reader_knows = disclosure::ReaderKnows::rounded;
  const auto shown = [&](const std::vector<std::string>& crossings) {
    policy.crossings = crossings;
    std::string text;
    for (const auto& figure : figures_of(tally_members(s.groups, s.members, march), s.groups.lists, {}, march, true, policy))
      if (!crossed_of(figure.split)) text += key_of(figure) + (figure.hidden ? " *\n" : "\n");
    return text;
  };
  CHECK(shown({}) == shown({"ethnicity_deprivation", "age_sex"}));
}

TEST_CASE("an earlier month has the whole, the places, fifths and ethnic groups only") {
  Small s;
  s.people(100, 50, 1, 1, 19800101);
  for (const auto& f : s.figures({}, false)) {
    CHECK((f.split == Split::none || f.split == Split::deprivation || f.split == Split::ethnicity));
    CHECK(f.variant != "2019");
  }
}

TEST_CASE("what was published outlives the folder of a snapshot, is its owner's alone, and is not passed over when it is damaged") {
  const auto folder = std::filesystem::temp_directory_path() / ("catchment-publications-" + std::to_string(::getpid()));
  std::filesystem::create_directories(folder);
  const auto file = publications_file(folder / "0123456789abcdef" / "figures.sqlite");
  CHECK(file.parent_path() == folder);
  disclosure::Memory kept;
  kept.releases.push_back({"v1 1", "small-numbers 1", {{"n:a", 3, {}, false, disclosure::Range{1, 7}, 2, true}, {"d:a", 40, 40}}, {{1, {0}}}});
  {
    PublicationStore store(file);
    auto round = store.begin();
    store.keep("lost", march, kept);  // never committed
  }
  {
    PublicationStore store(file);
    CHECK(store.read("lost", march).releases.empty());
    auto round = store.begin();
    store.keep("kept", march, kept);
    store.keep("kept", march.plus_months(-70), kept);
    store.forget_before(march.plus_months(-60));
    round.commit();
  }
  CHECK((std::filesystem::status(file).permissions() & (std::filesystem::perms::group_all | std::filesystem::perms::others_all)) ==
        std::filesystem::perms::none);
  PublicationStore again(file);
  CHECK(disclosure::to_text(again.read("kept", march)) == disclosure::to_text(kept));
  CHECK(again.read("kept", march.plus_months(-70)).releases.empty());
  db::Sqlite(file, db::SqliteMode::read_write).execute("UPDATE published_month SET releases = x'00112233'");
  CHECK_THROWS_AS(again.read("kept", march), Error);
  std::filesystem::remove_all(folder);
}

TEST_CASE("every statement of the figures file is prepared against its schema") {
  db::Sqlite database(":memory:", db::SqliteMode::create);
  database.execute(sql::measure_create);
  database.execute(sql::figure_create);
  for (const auto statement :
       {sql::measure_keep, sql::measure_state, sql::measure_forget, sql::measure_all, sql::figure_keep, sql::figure_forget, sql::figure_read})
    CHECK(database.prepare(statement).columns() >= 0);
}
