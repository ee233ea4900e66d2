#include <doctest/doctest.h>

#include <string>

#include "linkage/linkage.h"

using namespace catchment;
using namespace catchment::linkage;

namespace {

IdentityRow row(int source, const char* key, const char* number, const char* given, const char* family, const char* born) {
  IdentityRow out;
  out.source = SourceId{source};
  out.key = key, out.nhs_number = number, out.given_names = given, out.family_name = family, out.date_of_birth = born;
  return out;
}

LinkResult link(const IdentityTable& table, const PersonRegister& previous = {}) {
  SilentProgress silent;
  return link_identities(table, previous, {}, silent);
}

}  // namespace

TEST_CASE("the same valid number with an agreeing name or birthday is one person") {
  IdentityTable t;
  t.add(row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03"));
  t.add(row(2, "b", "999 000 0018", "Anne", "Lee", "1980-03-02"));
  t.add(row(3, "c", "9990000018", "", "", "1980-02-03"));
  const LinkResult r = link(t);
  CHECK(r.person[0] == r.person[1]);
  CHECK(r.person[0] == r.person[2]);
  CHECK(r.counts.persons == 1);
  CHECK(r.edges.size() == 2);
}

TEST_CASE("a number never joins rows whose name and birthday both disagree") {
  IdentityTable t;
  t.add(row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03"));
  t.add(row(2, "b", "9990000018", "Bob", "Cox", "1951-10-20"));
  const LinkResult r = link(t);
  CHECK(r.person[0] != r.person[1]);
  REQUIRE(r.findings.size() == 1);
  CHECK(r.findings[0].rule == "nhs-number-shared-by-different-people");
  CHECK(r.findings[0].rows.size() == 2);
}

TEST_CASE("a repeated-digit or broken number joins nobody") {
  IdentityTable t;
  for (const char* number : {"9999999999", "1234567890", ""}) {
    t.add(row(1, (std::string(number) + "x").c_str(), number, "Ann", "Lee", "1980-02-03"));
    t.add(row(2, (std::string(number) + "y").c_str(), number, "Bea", "Cox", "1951-10-20"));
  }
  CHECK(link(t).counts.persons == 6);
}

TEST_CASE("person ids survive a rebuild in another row order, and new persons get new ids") {
  IdentityTable first, second;
  first.add(row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03"));
  first.add(row(2, "b", "9990000018", "Ann", "Lee", "1980-02-03"));
  first.add(row(1, "c", "", "Bob", "Cox", "1951-10-20"));
  const LinkResult r1 = link(first);
  second.add(row(3, "new", "", "Cy", "Day", "1999-01-02"));
  second.add(row(1, "c", "", "Bob", "Cox", "1951-10-20"));
  second.add(row(2, "b", "9990000018", "Ann", "Lee", "1980-02-03"));
  second.add(row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03"));
  const LinkResult r2 = link(second, r1.next_register);
  CHECK(r2.person[3] == r1.person[0]);
  CHECK(r2.person[2] == r1.person[1]);
  CHECK(r2.person[1] == r1.person[2]);
  CHECK(r2.person[0].value >= r1.next_register.next_id);
  CHECK(r2.events.empty());
}

TEST_CASE("a merge is an event and the old id resolves; a split gives the leaving rows a new id") {
  IdentityTable together;
  together.add(row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03"));
  together.add(row(2, "b", "9990000018", "Ann", "Lee", "1980-02-03"));
  IdentityTable contradicted;
  contradicted.add(row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03"));
  contradicted.add(row(2, "b", "9990000018", "Zed", "Orr", "1931-12-30"));
  const LinkResult joined = link(together);
  const LinkResult split = link(contradicted, joined.next_register);
  REQUIRE(split.events.size() == 1);
  CHECK(split.events[0].kind == EventKind::split);
  CHECK(split.person[0] != split.person[1]);
  const LinkResult merged = link(together, split.next_register);
  REQUIRE(merged.events.size() == 1);
  CHECK(merged.events[0].kind == EventKind::merged);
  CHECK(merged.next_register.resolve(merged.events[0].from) == merged.person[0]);
}

TEST_CASE("a restricted row restricts every row of its person") {
  IdentityTable t;
  IdentityRow hidden = row(1, "a", "9990000018", "Ann", "Lee", "1980-02-03");
  hidden.flags = flag_restricted;
  t.add(hidden);
  t.add(row(2, "b", "9990000018", "Ann", "Lee", "1980-02-03"));
  t.add(row(2, "c", "", "Bob", "Cox", "1951-10-20"));
  const LinkResult r = link(t);
  CHECK(r.restricted[1] == 1);
  CHECK(r.restricted[2] == 0);
}
