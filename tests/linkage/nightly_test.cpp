// A build that takes over what stands as it was gives what a build that places everybody gives, night after night.
#include <doctest/doctest.h>

#include <algorithm>
#include <string>
#include <vector>

#include "linkage/identity/identities.h"
#include "linkage/linkage.h"
#include "made_rows.h"

using namespace catchment;
using namespace catchment::linkage;
using namespace catchment::linkage::made;

namespace {

LinkResult link_with(const std::vector<Said>& rows, const PersonRegister& known, LinkSettings settings) {
  IdentityTable table;
  for (const Said& said : rows) add_row(table, said);
  SilentProgress silent;
  settings.keep_lookup = settings.keep_placements = true;
  return link_identities(table, known, settings, silent);
}

// Blocks so small that a few people more or less pass their limit.
LinkSettings narrow() {
  LinkSettings settings;
  settings.model = identity_model({});
  settings.model->largest_block = 6;
  settings.threads = 2;
  settings.sources = {{SourceId{1}, "one", false, false}, {SourceId{4}, "four", true, false}};
  return settings;
}

class Town {
 public:
  explicit Town(std::uint64_t seed) : random_(seed) {
    for (std::size_t p = 0; p < 300; ++p) move_in();
  }

  std::vector<Said> rows;
  PersonRegister known;

  // About one row in thirty is added, changed or removed; sometimes somebody decides, or a number is superseded.
  void night() {
    const std::size_t changes = rows.size() / 30;
    for (std::size_t i = 0; i < changes; ++i) {
      Said& row = rows[random_.below(rows.size())];
      switch (random_.below(9)) {
        case 0: move_in(); break;
        case 1: add_loose(row); break;
        case 2: row.given = word(random_, 5); break;
        case 3: row.family[0] = 'z'; break;
        case 4: row.postcode = "MK1 1AA"; break;
        case 5: row.born = "1980-02-1" + std::to_string(random_.below(10)); break;
        case 6: row.number = rows[random_.below(rows.size())].number; break;
        case 7: row.flags ^= random_.chance(0.5) ? flag_restricted : flag_number_verified; break;
        default: std::swap(row, rows.back()), rows.pop_back(); break;
      }
    }
    for (int i = 0; i < 2; ++i) decide();
    if (random_.chance(0.3)) supersede();
  }

 private:
  void move_in() {
    Said row = person(random_, next_, "r" + std::to_string(keys_++), 3, 5);
    if (random_.chance(0.2)) row.postcode = "MK1 1AA";
    if (random_.chance(0.1)) row.family = "novak";
    rows.push_back(row);
    for (int i = 0; i < 2; ++i)
      if (random_.chance(0.6)) add_loose(row);
  }
  void add_loose(Said row) {
    row.source = 2 + static_cast<int>(random_.below(3)), row.key = "r" + std::to_string(keys_++);
    if (random_.chance(0.8)) row.number.clear();
    if (random_.chance(0.2)) row.given[0] = 'x';
    if (random_.chance(0.1)) row.born.clear();
    rows.push_back(row);
  }
  RowName any_row() {
    const Said& row = rows[random_.below(rows.size())];
    return {SourceId{row.source}, row.key};
  }
  void decide() {
    const auto verdict = static_cast<Verdict>(random_.below(3));
    known.reviews.push_back({any_row(), any_row(), verdict, Instant{++at_, 0}, "steward", ""});
  }
  void supersede() {
    const auto read = [&] { return read_nhs_number(rows[random_.below(rows.size())].number); };
    const NhsNumberResult old_number = read(), current = read();
    if (old_number.fault == NhsNumberFault::none && current.fault == NhsNumberFault::none)
      known.superseded_numbers.push_back({old_number.number, current.number});
  }

  Random random_;
  std::uint64_t next_ = 5;
  std::size_t keys_ = 0;
  std::int64_t at_ = 0;
};

bool alike_edges(const std::vector<Edge>& x, const std::vector<Edge>& y) {
  return std::equal(x.begin(), x.end(), y.begin(), y.end(),
                    [](const Edge& a, const Edge& b) { return a.a == b.a && a.b == b.b && a.weight == b.weight && a.reason == b.reason; });
}

bool alike_stories(const std::vector<ReviewStory>& x, const std::vector<ReviewStory>& y) {
  const auto alike_parts = [](const WeightPart& a, const WeightPart& b) { return a.field == b.field && a.level == b.level && a.bits == b.bits; };
  return std::equal(x.begin(), x.end(), y.begin(), y.end(), [&](const ReviewStory& a, const ReviewStory& b) {
    return a.rows_a == b.rows_a && a.rows_b == b.rows_b && a.held_back == b.held_back && a.unsure == b.unsure &&
        std::equal(a.parts.begin(), a.parts.end(), b.parts.begin(), b.parts.end(), alike_parts);
  });
}

void check_alike(const LinkResult& x, const LinkResult& y) {
  CHECK(x.person == y.person);
  CHECK(x.restricted == y.restricted);
  CHECK(alike_edges(x.edges, y.edges));
  CHECK(alike_edges(x.review, y.review));
  CHECK(alike_stories(x.stories, y.stories));
  CHECK(x.review_left_out == y.review_left_out);
  CHECK(x.events == y.events);
  CHECK(x.counts.unlinkable_rows == y.counts.unlinkable_rows);
  CHECK(std::equal(x.findings.begin(), x.findings.end(), y.findings.begin(), y.findings.end(),
                   [](const Finding& a, const Finding& b) { return a.rule == b.rule && a.message == b.message && a.rows == b.rows; }));
  REQUIRE(x.lookup.has_value());
  REQUIRE(y.lookup.has_value());
  CHECK(x.lookup->keys == y.lookup->keys);
  CHECK(x.lookup->people == y.lookup->people);
  CHECK(basis_hash({x.lookup->basis.trained, x.lookup->basis.counts}) == basis_hash({y.lookup->basis.trained, y.lookup->basis.counts}));
}

}  // namespace

TEST_CASE("weights that were kept give what the build that found them gave") {
  const Town town(3);
  LinkSettings settings = narrow();
  const LinkResult first = link_with(town.rows, town.known, settings);
  REQUIRE(first.trained.has_value());
  CHECK(first.counts.loose > 100);
  settings.basis = &*first.trained;
  const LinkResult again = link_with(town.rows, town.known, settings);
  CHECK_FALSE(again.trained.has_value());
  check_alike(first, again);
  settings.model->largest_block = 9;  // another model
  CHECK(link_with(town.rows, town.known, settings).trained.has_value());
}

TEST_CASE("what a row weighs does not depend on the rows that come in beside it once weights are kept") {
  Town town(4);
  LinkSettings settings = narrow();
  const LinkResult first = link_with(town.rows, town.known, settings);
  settings.basis = &*first.trained;
  const std::size_t before = town.rows.size();
  for (int i = 0; i < 40; ++i) town.rows.push_back({9, "new" + std::to_string(i), "", "Quillon", "Xanthopoulos", "1911-11-30", "ZE1 0AA"});
  const LinkResult more = link_with(town.rows, town.known, settings);
  std::size_t likely = 0, moved = 0;
  for (const Edge& edge : first.edges) {
    if (edge.reason != EdgeReason::likeness || edge.a >= before || edge.weight == 0) continue;
    const auto same =
        std::find_if(more.edges.begin(), more.edges.end(), [&](const Edge& e) { return e.a == edge.a && e.b == edge.b && e.reason == edge.reason; });
    ++likely;
    moved += same == more.edges.end() || same->weight != edge.weight;
  }
  CHECK(likely > 50);
  CHECK(moved == 0);
}

TEST_CASE("incremental equals full: rows added, changed and removed, decisions and superseded numbers, night after night") {
  std::uint64_t loose = 0, taken_over = 0;
  for (std::uint64_t seed = 1; seed <= 12; ++seed) {
    Town town(seed);
    LinkSettings settings = narrow();
    LinkResult last = link_with(town.rows, town.known, settings);
    const LinkBasis basis = *last.trained;
    settings.basis = &basis;
    for (int night = 0; night < 6; ++night) {
      town.known = last.next_register;
      town.night();
      settings.placements = nullptr;
      const LinkResult full = link_with(town.rows, town.known, settings);
      settings.placements = &*last.placements;
      LinkResult tonight = link_with(town.rows, town.known, settings);
      CAPTURE(seed);
      CAPTURE(night);
      check_alike(full, tonight);
      CHECK(full.counts.taken_over == 0);
      CHECK(full.placements->all.size() == tonight.placements->all.size());
      loose += tonight.counts.loose, taken_over += tonight.counts.taken_over;
      last = std::move(tonight);
    }
  }
  MESSAGE(taken_over << " of " << loose << " placements stood");
  CHECK(taken_over > loose / 2);
  CHECK(taken_over < loose);
}

TEST_CASE("a key that passes the limit of a block, up or down, places its loose identities again and nobody else's") {
  Town town(8);
  LinkSettings settings = narrow();
  std::uint64_t next = 90000;
  const Said seeker{2, "seeker", "", "Ottilie", "Quennell", "", "ZE1 0AA"};
  const auto holder = [&](int i) {
    return Said{
        1, "holder" + std::to_string(i), number_of(next), "Ottilie", "Quennell", "19" + std::to_string(30 + i) + "-03-04", "ZE" + std::to_string(i) + " 9ZZ"};
  };
  town.rows.push_back(seeker);
  for (int i = 0; i < 6; ++i) town.rows.push_back(holder(i));
  const LinkResult within = link_with(town.rows, town.known, settings);
  settings.basis = &*within.trained;
  town.rows.push_back(holder(6));  // the seventh: too many of one name
  settings.placements = nullptr;
  const LinkResult full = link_with(town.rows, town.known, settings);
  settings.placements = &*within.placements;
  const LinkResult above = link_with(town.rows, town.known, settings);
  check_alike(full, above);
  CHECK(above.counts.taken_over == above.counts.loose - 1);
  town.rows.push_back(holder(7));  // the eighth changes nothing
  settings.placements = &*above.placements;
  const LinkResult further = link_with(town.rows, town.known, settings);
  CHECK(further.counts.taken_over == further.counts.loose);
  town.rows.resize(town.rows.size() - 2);
  settings.placements = &*further.placements;
  const LinkResult below = link_with(town.rows, town.known, settings);
  CHECK(below.counts.taken_over == below.counts.loose - 1);
  check_alike(link_with(town.rows, town.known,
                        [&] {
                          auto fresh = settings;
                          fresh.placements = nullptr;
                          return fresh;
                        }()),
              below);
}
