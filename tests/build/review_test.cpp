// The review queue through the build: kept in the snapshot, decided, obeyed by the next one, undone.
#include <doctest/doctest.h>

#include <algorithm>
#include <cmath>
#include <numeric>

#include "../records/staged_fixture.h"
#include "base/error.h"
#include "base/nhs_number.h"
#include "base/random.h"
#include "build/authored.h"
#include "build/build.h"
#include "build/link_stage.h"
#include "build/review_queue.h"

using namespace catchment;
using namespace catchment::build;
using records::testing::Folder;
using records::testing::Staged;
namespace fs = std::filesystem;

namespace {

std::string word(Random& random, int letters) {
  std::string out;
  for (int i = 0; i < letters; ++i) out += static_cast<char>(i % 2 == 0 ? "bdfgklmnprst"[random.below(12)] : "aeiou"[random.below(5)]);
  return out;
}

/// Practices know 500 people by number; a hospital knows 250 of them without, with a fault or two.
void stage(const fs::path& folder) {
  fs::create_directories(folder);
  Staged staged(folder);
  staged.run(
      "INSERT INTO source BY NAME SELECT 1 AS id, 'gp/1.csv' AS file, 'gp_patient' AS feed, false AS "
      "postcode_is_incident, false AS one_row_per_person "
      "UNION ALL BY NAME SELECT 2 AS id, 'sus/1.csv' AS file, 'sus_inpatient' AS feed, false AS "
      "postcode_is_incident, false AS one_row_per_person");
  staged.run("INSERT INTO organisation VALUES (1, 'P1', NULL), (2, 'H1', NULL)");
  Random random(5);
  std::string subjects, identities;
  std::int64_t subject = 0;
  std::uint64_t next = 100;
  const auto add = [&](bool hospital, const std::string& number, const std::string& given, const std::string& family, const std::string& born,
                       const std::string& postcode) {
    ++subject;
    const std::string id = std::to_string(subject), source = hospital ? "2" : "1";
    subjects +=
        (subject > 1 ? "," : "") + ("(" + id + ", 'local_id', '" + (hospital ? "sus" : "gp") + "', " + source + ", 'k" + id + "', " + source + ", " + id + ")");
    identities += (subject > 1 ? "," : "") +
        ("(" + id + ", " + source + ", " + id + ", " + source + ", " + (number.empty() ? "NULL" : "'" + number + "'") + ", '" + given + "', '" + family +
         "', DATE '" + born + "', " + (postcode.empty() ? "NULL" : "'" + postcode + "'") + ")");
  };
  for (int p = 0; p < 500; ++p) {
    std::string given = word(random, 4), family = word(random, 6),
                born = std::to_string(1930 + random.below(85)) + "-0" + std::to_string(1 + random.below(9)) + "-" + std::to_string(10 + random.below(18));
    const std::string postcode = "MK" + std::to_string(1 + random.below(40)) + " " + std::to_string(1 + random.below(9)) + "AB";
    std::optional<int> check;
    while (!(check = nhs_check_digit(999000000 + ++next))) {}
    add(false, std::to_string((999000000 + next) * 10 + static_cast<std::uint64_t>(*check)), given, family, born, postcode);
    if (p % 2 != 0) continue;
    if (p % 3 == 0) given = word(random, 4);
    if (p % 5 == 0) born[3] = born[3] == '5' ? '4' : '5';
    if (p % 7 == 0) family = word(random, 6);
    add(true, "", given, family, born, p % 4 == 0 ? "" : postcode);
  }
  staged.run("INSERT INTO subject VALUES " + subjects);
  staged.run("INSERT INTO subject_identity BY NAME SELECT * FROM (VALUES " + identities +
             ") t(subject, source, line, organisation, nhs_number, given, family, birth_date, postcode)");
}

/// The stages that matter here, over the same rows each time.
std::shared_ptr<const records::Snapshot> build_once(const fs::path& root, const std::string& id, Receipt& receipt) {
  const fs::path folder = root / id;
  stage(folder);
  SilentProgress silent;
  {
    Authored authored(root / "authored.sqlite");
    const LinkStage linked = link_subjects(folder / "staged.duckdb", {}, authored, Instant{}, receipt, silent);
    authored.keep(linked.previous, linked.next, linked.events, id, Instant{}, "h", "{}");
  }
  records::AssembleSettings settings;
  settings.folder = folder;
  settings.temporary_directory = folder;
  settings.as_of = Date::from_ymd(2026, 3, 31);
  settings.memory_limit = "512MB";
  (void)records::assemble({}, settings, silent);
  keep_queue(folder / "staged.duckdb", folder / "identity.duckdb", {});
  records::testing::write_manifest(folder);
  return records::Snapshot::open_folder(folder);
}

PersonId person_of(QueueReader& queue, std::int64_t source, std::int64_t line) {
  return queue.person_of_row(SourceId{static_cast<std::int32_t>(source)}, line, records::testing::everything()).value();
}

/// Where the first row on each side came from: its key is "k" and its line.
std::pair<std::int64_t, std::int64_t> lines_of(const ReviewRows& rows) {
  return {std::stoll(rows.a.front().key.substr(1)), std::stoll(rows.b.front().key.substr(1))};
}

}  // namespace

TEST_CASE("a decision in review leads the next build: same joins, different parts, undone waits again") {
  Folder folder("review");
  const auto all = records::testing::everything();
  Receipt receipt;
  const auto first = build_once(folder.path, "s1", receipt);
  QueueReader queue(first);
  REQUIRE(queue.size(all).pairs >= 4);
  CHECK(receipt.review_pairs == queue.size(all).pairs);
  ReviewStore store(folder.path / "authored.sqlite");
  const auto decide = [&](std::int64_t item, linkage::Verdict verdict) {
    ReviewNote note;
    note.snapshot = "s1", note.item = item, note.verdict = verdict, note.account = "dana", note.name = "Dana", note.at = Instant{item, 0};
    return store.decide(queue.names(item, all), note, 0);
  };
  const auto same = decide(1, linkage::Verdict::same);
  const auto different = decide(2, linkage::Verdict::different);
  CHECK(same.kept);
  CHECK(different.kept);
  const auto sides_of = [&](QueueReader& of, std::int64_t item) {
    const auto [a, b] = lines_of(queue.names(item, all));
    const auto source = [&](std::int64_t line) { return of.person_of_row(SourceId{1}, line, all) ? 1 : 2; };
    return std::pair{person_of(of, source(a), a), person_of(of, source(b), b)};
  };
  CHECK(sides_of(queue, 1).first != sides_of(queue, 1).second);

  Receipt second_receipt;
  QueueReader after(build_once(folder.path, "s2", second_receipt));
  CHECK(sides_of(after, 1).first == sides_of(after, 1).second);
  CHECK(sides_of(after, 2).first != sides_of(after, 2).second);
  CHECK(second_receipt.review_pairs == receipt.review_pairs - 2);
  bool by_review = false;
  for (const auto& edge : after.edges(sides_of(after, 1).first, all)) by_review = by_review || edge.reason == "review";
  CHECK(by_review);

  REQUIRE(store.undo(same.note.id, Instant{9, 0}, "dana", "Dana"));
  REQUIRE(store.undo(different.note.id, Instant{9, 0}, "dana", "Dana"));
  Receipt third_receipt;
  QueueReader undone(build_once(folder.path, "s3", third_receipt));
  CHECK(sides_of(undone, 1).first != sides_of(undone, 1).second);
  CHECK(third_receipt.review_pairs == receipt.review_pairs);
}

TEST_CASE(
    "the queue is explained, holds names for decisions only, and is empty to whoever may not see everybody's "
    "identity") {
  Folder folder("queue");
  const auto all = records::testing::everything();
  Receipt receipt;
  QueueReader queue(build_once(folder.path, "s1", receipt));
  const std::int64_t length = queue.size(all).pairs;
  std::vector<std::int64_t> items(static_cast<std::size_t>(length));
  std::iota(items.begin(), items.end(), 1);
  const auto pairs = queue.pairs(items, all);
  REQUIRE(static_cast<std::int64_t>(pairs.size()) == length);
  REQUIRE(length >= 4);
  CHECK(std::is_sorted(pairs.begin(), pairs.end(), [](const auto& x, const auto& y) { return x.weight > y.weight; }));
  for (const auto& pair : pairs) {
    double sum = 0;
    for (const auto& part : queue.weights(pair.item, all)) sum += part.bits;
    CHECK(std::abs(sum - pair.weight) < 0.02);  // each is kept to a thousandth
    CHECK(queue.rows({pair.person_a}, all).size() >= 1);
    const ReviewRows names = queue.names(pair.item, all);
    REQUIRE_FALSE(names.a.empty());
    REQUIRE_FALSE(names.b.empty());
    CHECK(queue.item_of({names.a.back(), names.b.front()}, all) == pair.item);
    CHECK(queue.item_of({names.b.front(), names.a.back()}, all) == pair.item);
    CHECK_FALSE(queue.item_of({names.a.front(), names.a.front()}, all));
  }
  const auto some = queue.pairs({4, length + 1, 2}, all);
  REQUIRE(some.size() == 2);
  CHECK(some[0].item == 2);
  CHECK(some[1].weight == pairs[3].weight);
  CHECK_FALSE(queue.pair(0, all));
  CHECK_FALSE(queue.pair(length + 1, all));
  records::FilterTerms terms;
  terms.counts = terms.everyone = true;
  const auto blind = records::testing::filter(terms);
  CHECK(queue.size(blind).pairs == 0);
  CHECK(queue.pairs(items, blind).empty());
  CHECK_FALSE(queue.item_of({queue.names(1, all).a.front(), queue.names(1, all).b.front()}, blind));
  CHECK(queue.rows({pairs[0].person_a}, blind).empty());
  CHECK(queue.edges(pairs[0].person_b, blind).empty());
  CHECK(queue.names(1, blind).a.empty());
  CHECK((fs::status(folder.path / "s1" / "identity.duckdb").permissions() & (fs::perms::group_all | fs::perms::others_all)) == fs::perms::none);
  const db::Duck population(folder.path / "s1" / "population.duckdb", {});
  CHECK(std::get<std::int64_t>(population.connect()
                                   .query("SELECT count(*) FROM duckdb_tables() WHERE table_name LIKE "
                                          "'review%' OR table_name = 'link_edge'")
                                   .single()) == 0);
}

TEST_CASE("a protected location on either side withholds addresses and partners of both") {
  Folder folder("protected");
  const auto all = records::testing::everything();
  Receipt receipt;
  QueueReader open(build_once(folder.path, "s1", receipt));
  const auto pair = open.pair(1, all).value();
  CHECK_FALSE(open.rows({pair.person_a, pair.person_b}, all)[0].withheld);
  {
    db::Duck duck(folder.path / "s1" / "identity.duckdb", {});
    duck.connect().query("UPDATE identity SET restricted = true WHERE person = ?", {pair.person_b.value}).all();
  }
  QueueReader closed(records::Snapshot::open_folder(folder.path / "s1"));
  const auto rows = closed.rows({pair.person_a, pair.person_b}, all);
  REQUIRE(rows.size() >= 2);
  for (const auto& row : rows) {
    CHECK(row.withheld);
    CHECK((row.address + row.postcode + row.telephone + row.email + row.organisation + row.feed).empty());
    CHECK_FALSE(row.family.empty());
  }
}

TEST_CASE("of two decisions on one pair the second is refused with the first, unless it was seen") {
  Folder folder("store");
  {
    Authored authored(folder.path / "authored.sqlite");
    (void)authored.link_source("local_id", "gp", "P1");
  }
  ReviewStore one(folder.path / "authored.sqlite"), two(folder.path / "authored.sqlite");
  const ReviewRows rows{{{SourceId{1}, "a"}, {SourceId{1}, "a2"}}, {{SourceId{1}, "b"}}};
  ReviewNote note;
  note.snapshot = "s1", note.item = 1, note.verdict = linkage::Verdict::same, note.account = "dana", note.name = "Dana";
  const auto first = one.decide(rows, note, 0);
  REQUIRE(first.kept);
  note.verdict = linkage::Verdict::different, note.account = "sam", note.name = "Sam";
  const auto late = two.decide(rows, note, 0);
  CHECK_FALSE(late.kept);
  CHECK(late.note.name == "Dana");
  CHECK(two.decide(rows, note, first.note.id).kept);
  const ReviewStore::Pair pairs[] = {ReviewStore::pair_of(rows.a[0], rows.b[0]), ReviewStore::pair_of(rows.b[0], rows.a[1])};
  for (const auto& pair : pairs) CHECK(one.standing_on(pair).value().name == "Sam");  // both rows of one side, with the other
  CHECK_FALSE(one.standing_on({rows.a[0], rows.a[1]}));
  CHECK(one.standing_of("s1").at(1).name == "Sam");
  CHECK(one.standing_of("s2").empty());
  CHECK_FALSE(two.undo(99, Instant{}, "sam", "Sam"));
  CHECK(two.undo(2, Instant{}, "sam", "Sam")->kept);
  CHECK_FALSE(one.undo(2, Instant{}, "dana", "Dana")->kept);
  for (const auto& pair : pairs) CHECK(one.standing_on(pair).value().name == "Dana");  // what stood before stands again
  CHECK(one.standing_of("s1").at(1).name == "Dana");
  CHECK(one.recent(10).size() == 2);
  Authored authored(folder.path / "authored.sqlite");
  CHECK(authored.read_register().reviews.size() == 2);  // of four, two undone
}

TEST_CASE("a decision that cannot be recorded is not kept, and neither is an undoing") {
  Folder folder("unrecorded");
  {
    Authored authored(folder.path / "authored.sqlite");
    (void)authored.link_source("local_id", "gp", "P1");
  }
  ReviewStore store(folder.path / "authored.sqlite");
  const ReviewRows rows{{{SourceId{1}, "a"}}, {{SourceId{1}, "b"}}};
  const ReviewStore::Pair pair = ReviewStore::pair_of(rows.a[0], rows.b[0]);
  const auto fails = [] { throw Error(ErrorKind::environment, "the audit cannot be written"); };
  ReviewNote note;
  note.snapshot = "s1", note.item = 1, note.verdict = linkage::Verdict::same;
  CHECK_THROWS_AS((void)store.decide(rows, note, 0, fails), Error);
  CHECK_FALSE(store.standing_on(pair));
  CHECK(store.recent(10).empty());
  int asked = 0;
  const auto kept = store.decide(rows, note, 0, [&] { ++asked; });
  CHECK_FALSE(store.decide(rows, note, 0, [&] { ++asked; }).kept);  // too late: nothing to record as done
  CHECK(asked == 1);
  CHECK_THROWS_AS((void)store.undo(kept.note.id, Instant{}, "sam", "Sam", fails), Error);
  CHECK(store.standing_on(pair).has_value());
}

TEST_CASE("decisions on an earlier queue count only from when the build began") {
  Folder folder("elsewhere");
  {
    Authored authored(folder.path / "authored.sqlite");
    (void)authored.link_source("local_id", "gp", "P1");
  }
  ReviewStore store(folder.path / "authored.sqlite");
  const auto decide = [&](const std::string& snapshot, std::int64_t item, const std::string& key, std::int64_t at) {
    ReviewNote note;
    note.snapshot = snapshot, note.item = item, note.verdict = linkage::Verdict::different, note.at = Instant{at, 0};
    return store.decide({{{SourceId{1}, key}}, {{SourceId{1}, "z"}, {SourceId{1}, "y"}}}, note, 0).note.id;
  };
  (void)decide("s1", 1, "a", 50);
  const auto late = decide("s1", 2, "b", 150);
  (void)decide("s2", 3, "c", 200);
  const auto found = store.standing_elsewhere("s2", Instant{100, 0});
  REQUIRE(found.size() == 1);
  CHECK(found[0].second.id == late);
  CHECK(found[0].first == ReviewStore::pair_of({SourceId{1}, "b"}, {SourceId{1}, "z"}));
  (void)store.undo(late, Instant{300, 0}, "sam", "Sam");
  CHECK(store.standing_elsewhere("s2", Instant{100, 0}).empty());
}

TEST_CASE("authored data of the first schema gains the review tables and keeps its decisions") {
  Folder folder("older");
  const fs::path file = folder.path / "authored.sqlite";
  {
    Authored authored(file);
    (void)authored.link_source("local_id", "gp", "P1");
  }
  {
    // As the first schema had it.
    db::Sqlite old(file, db::SqliteMode::read_write);
    old.execute(
        "DROP INDEX person_review_pair; DROP INDEX person_review_decision; "
        "DROP TABLE link_basis; DROP TABLE review_undo; ALTER TABLE person_review DROP COLUMN decision; DROP TABLE review_decision; "
        "UPDATE schema_part SET version = 1 WHERE part = 'build'");
    old.execute(
        "INSERT INTO person_review (source_a, key_a, source_b, key_b, verdict, at_ms, offset_minutes, "
        "by_account, reason) VALUES (1, 'a', 1, 'b', 'same', 5, 0, 'dana', '')");
  }
  Authored again(file);
  REQUIRE(again.read_register().reviews.size() == 1);
  CHECK_FALSE(ReviewStore(file).standing_on({{SourceId{1}, "a"}, {SourceId{1}, "b"}}));  // it was no decision of the page
}
