// Rows about organisations: their own tables, and what they say about the codes in other feeds.
#include "workspace.h"

using namespace catchment;
using namespace catchment::intake;
using catchment::intake::test::Workspace;

namespace {

constexpr std::string_view visits = R"(
name = "visits"
title = "Visits"
setting = "community"
files = ["visits/{partner}/{period}/*.csv"]
key = "local_id"
key_column = "id"
column = [
  { name = "id", required = true },
  { name = "practice", type = "organisation", null = ["V81997"] },
  { name = "day", type = "date", required = true },
]

[[record]]
table = "encounter"
fields = { kind = { value = "community" }, start_date = "day" }
)";

constexpr std::string_view organisations = R"(
name = "organisations"
title = "Register"
setting = "other"
files = ["z-organisations/{partner}/{period}/*.csv"]
key = "none"
column = [
  { name = "code", type = "organisation", required = true },
  { name = "name", required = true },
  { name = "open", type = "date" },
  { name = "close", type = "date" },
]

[[record]]
table = "organisation_entry"
fields = { code = "code", name = "name", opened_date = "open", closed_date = "close", status = { value = "active" } }
)";

constexpr std::string_view cost = R"(
name = "cost"
title = "Prescribing cost"
setting = "general-practice"
files = ["cost/{partner}/{period}/*.csv"]
key = "none"
organisation = "practice"
column = [
  { name = "practice", type = "organisation", required = true },
  { name = "month", type = "date", format = "%Y%m", required = true },
  { name = "code", type = "code", system = "bnf", required = true },
  { name = "items", type = "integer", required = true },
  { name = "cost", type = "pounds" },
]

[[record]]
table = "prescribing_cost"
fields = { practice = "practice", month = "month", code = "code", items = "items", net_cost = "cost" }
)";

std::string with_key(std::string_view feed, std::string_view key) {
  std::string text(feed);
  const auto at = text.find("key = ");
  return text.replace(at, text.find('\n', at) - at, key);
}

std::string fault_of(const std::string& text) {
  Diagnostics diagnostics;
  const std::string name = text.substr(text.find('"') + 1, text.find('"', text.find('"') + 1) - text.find('"') - 1);
  return read_feed("feeds/" + name + ".toml", text, diagnostics) ? "" : diagnostics.at(0).message;
}

}  // namespace

TEST_CASE("rows about nobody are staged, counted and received without a subject") {
  const Workspace w;
  w.feed("cost", cost);
  w.extract("cost/QHG/2026-03/epd.csv",
            "practice,month,code,items,cost\nE81005,202602,0212000B0,120,240.50\nE81005,202603,0212000B0,100,200\nE81032,202603,0212000B0,x,1\n");
  const auto result = w.stage();
  CHECK(result.subjects == 0);
  CHECK(w.ask("SELECT line, o.code, c.code, month, items, net_cost FROM staged_prescribing_cost p JOIN organisation o ON o.id = p.practice JOIN code c ON c.id "
              "= p.code ORDER BY line") == "2|E81005|0212000B0|2026-02-01|120|24050\n3|E81005|0212000B0|2026-03-01|100|20000\n");
  CHECK(w.ask("SELECT count(*) FROM staged_prescribing_cost WHERE organisation <> practice") == "0\n");
  CHECK(w.ask("SELECT key_kind, rows_read, rows_accepted, rows_quarantined, rows_staged, first_event, latest_event FROM source") ==
        "none|3|2|1|2|2026-02-01|2026-03-01\n");
  CHECK(w.ask("SELECT table_name, rows FROM source_table") == "prescribing_cost|2\n");
  CHECK(w.ask("SELECT line, rule, column_name FROM quarantine") == "4|type|items\n");
  CHECK(w.ask("SELECT count(*) FROM subject") == "0\n");
}

TEST_CASE("a feed about nobody has no key, no identity and no table about persons, and the other way round") {
  CHECK(fault_of(std::string(cost)) == "");
  CHECK(fault_of(with_key(cost, "key = \"local_id\"\nkey_column = \"practice\"")).find("about nobody") != std::string::npos);
  CHECK(fault_of(with_key(cost, "key = \"none\"\nkey_column = \"practice\"")).find("no key column") != std::string::npos);
  CHECK(fault_of(with_key(visits, "key = \"none\"\n#")).find("about persons") != std::string::npos);
  CHECK(fault_of(std::string(cost) + "\n[identity]\nfamily = \"code\"\n").find("no identity") != std::string::npos);
}

TEST_CASE("a code that had ended by the day of the row is a finding, and one that nobody has is too once a register was delivered") {
  const Workspace w;
  w.feed("visits", visits);
  w.write("system/organisations.csv", "code,opened,closed\n06F,2013-04-01,2021-03-31\nM1J4Y,2021-04-01,2022-06-30\nM1J4Y,2022-07-01,\n");
  const std::string rows =
      "id,practice,day\n1,E81005,2026-01-05\n2,E81032,2026-01-05\n3,E81032,2019-01-05\n4,06F,2025-06-01\n5,06F,2019-06-01\n6,M1J4Y,2025-06-01\n7,X99999,2025-"
      "06-01\n8,V81997,2025-06-01\n9,,2025-06-01\n";
  w.extract("visits/RC9/2026-03/a.csv", rows);
  (void)w.stage();
  CHECK(w.ask("SELECT line, column_name, rule, severity FROM finding ORDER BY line") == "5|practice|organisation-retired|warning\n");

  // The register is read before the rows it is about, though its file comes later by name.
  w.feed("organisations", organisations);
  w.extract("z-organisations/QHG/2026-03/epraccur.csv", "code,name,open,close\nE81005,Bell House,1974-04-01,\nE81032,Lea Vale,1974-04-01,2025-12-31\n");
  for (const unsigned threads : {1U, 3U}) {
    const auto result = w.stage(threads);
    CHECK(result.rows_quarantined == 0);
    CHECK(w.ask("SELECT line, column_name, rule FROM finding WHERE line > 0 ORDER BY line") ==
          "3|practice|organisation-retired\n5|practice|organisation-retired\n8|practice|organisation-unknown\n");
    CHECK(w.ask("SELECT o.code, e.name, opened_date, closed_date, status::VARCHAR FROM staged_organisation_entry e JOIN organisation o ON o.id = e.code ORDER "
                "BY line") == "E81005|Bell House|1974-04-01|NULL|active\nE81032|Lea Vale|1974-04-01|2025-12-31|active\n");
  }
}

TEST_CASE("a clock time that happens twice or never is a finding, and the row stays") {
  const Workspace w;
  w.feed("calls", R"(
name = "calls"
title = "Calls"
setting = "urgent"
files = ["calls/{partner}/*.csv"]
key = "local_id"
key_column = "id"
column = [
  { name = "id", required = true },
  { name = "day", type = "date", required = true },
  { name = "clock", type = "time" },
  { name = "at", type = "instant" },
]

[[record]]
table = "encounter"
fields = { kind = { value = "call-111" }, start_date = "day", start_time = { date = "day", time = "clock" } }

[[record]]
table = "encounter"
fields = { kind = { value = "out-of-hours" }, start_date = "day", start_time = "at" }
needs = ["start_time"]
)");
  // In 2025 the clocks of Europe/London went forward on 30 March at 01:00 and back on 26 October at 02:00.
  w.extract("calls/RC9/a.csv",
            "id,day,clock,at\n"
            "1,2025-03-30,00:59,2025-03-30T00:59:59\n2,2025-03-30,01:30,2025-03-30T01:00:00\n3,2025-03-30,02:00,2025-03-30T02:00:00\n"
            "4,2025-10-26,00:59,2025-10-26T00:59:59\n5,2025-10-26,01:00,2025-10-26T01:59:59\n6,2025-10-26,02:00,2025-10-26T02:00:00\n"
            "7,2025-10-26,,2025-10-26T01:30:00+00:00\n8,2025-10-26,,\n");
  const auto result = w.stage();
  CHECK(result.rows_accepted == 8);
  CHECK(w.ask("SELECT line, column_name, rule, severity FROM finding ORDER BY ALL") ==
        "3|at|local-time|warning\n3|clock|local-time|warning\n6|at|local-time|warning\n6|clock|local-time|warning\n");
  CHECK(w.ask("SELECT line, start_time::VARCHAR FROM staged_encounter WHERE line IN (3, 6) AND kind = 'call-111' ORDER BY line") ==
        "3|2025-03-30 01:30:00\n6|2025-10-26 00:00:00\n");
}
