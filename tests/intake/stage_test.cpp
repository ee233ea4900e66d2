// Rows in, staged rows and findings out.
#include <sys/stat.h>
#include <unistd.h>

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
key = "local_id:visits"
key_column = "id"
tolerance = 0.5

[[column]]
name = "id"
required = true

[[column]]
name = "NHS_NUMBER"
type = "nhs_number"

[[column]]
name = "family"
aliases = ["surname"]

[[column]]
name = "dob"
type = "date"
format = ["%Y-%m-%d", "%d/%m/%Y"]

[[column]]
name = "DIAG_{01..03}"
type = "code"
system = "icd10"
null = ["-"]

[[column]]
name = "day"
type = "date"
required = true

[[column]]
name = "left"
type = "date"

[[identity]]
)";

std::string visits_feed() {
  std::string text(visits);
  text.erase(text.find("[[identity]]"));
  return text + R"(
[identity]
nhs_number = "NHS_NUMBER"
family = "family"
birth_date = "dob"
local_id = "id"

[[record]]
table = "encounter"
fields = { kind = { value = "community" }, start_date = "day", end_date = "left" }

[[record]]
table = "condition"
each = "DIAG_{01..03}"
fields = { code = "DIAG_{01..03}", recorded_date = "day", rank = { index = true } }

[[check]]
rule = "date_order"
earlier = "day"
later = "left"
bad = "quarantine"
)";
}

constexpr std::string_view header = "ID,NHS number,Surname,DOB,DIAG_01,DIAG_02,DIAG_03,Day,Left\n";

}  // namespace

TEST_CASE("a row becomes an identity, an encounter and its diagnoses") {
  Workspace w;
  w.feed("visits", visits_feed());
  w.extract("visits/RC9/2026-03/a.csv", std::string(header) + "7,999 000 0018,\"O'Neill, Jr\",02/01/1950,E11.9,-,I10X,2026-03-01,\r\n");
  const auto result = w.stage();
  CHECK(result.failures.empty());
  CHECK(result.rows_accepted == 1);
  CHECK(
      w.ask("SELECT kind, domain, o.code, key, nhs_number, family, birth_date, birth_precision FROM subject s JOIN organisation o ON o.id = s.organisation") ==
      "local_id|visits|RC9|7|9990000018|O'Neill, Jr|1950-01-02|day\n");
  CHECK(w.ask("SELECT e.kind::VARCHAR, e.start_date, e.end_date, o.code, source, line FROM staged_encounter e JOIN organisation o ON o.id = e.organisation") ==
        "community|2026-03-01|NULL|RC9|1|2\n");
  CHECK(w.ask("SELECT c.code, c.system, s.recorded_date, s.rank FROM staged_condition s JOIN code c ON c.id = s.code ORDER BY s.rank") ==
        "E119|http://hl7.org/fhir/sid/icd-10|2026-03-01|1\nI10|http://hl7.org/fhir/sid/icd-10|2026-03-01|3\n");
  CHECK(w.ask("SELECT file, feed, partner, period, status, rows_read, rows_accepted, rows_quarantined, rows_staged, latest_event FROM source") ==
        "visits/RC9/2026-03/a.csv|visits|RC9|2026-03|complete|1|1|0|4|2026-03-01\n");
  struct stat facts{};
  REQUIRE(::stat((w.root() / "snapshot" / "staged.duckdb").c_str(), &facts) == 0);
  CHECK((facts.st_mode & 0777) == 0600);
}

TEST_CASE("every row is staged or quarantined, with its line and rule, and never lost") {
  Workspace w;
  w.feed("visits", visits_feed());
  w.extract("visits/RC9/2026-03/a.csv",
            std::string(header) +
                "1,,A,1950-01-02,E119,,,2026-03-01,2026-03-05\n"
                "2,,B,1950-01-02,E119,,,,\n"                          // no day: required
                "3,,C,1950-01-02,E119,,,2026-03-09,2026-03-05\n"      // left before it began
                "4,,D,1950-01-02,E119,,\n"                            // cells missing
                "\n"
                "5,,\"never closed,1950-01-02,E119,,,2026-03-01,\n"   // broken quote
                "6,1234567890,F,1950-02-31,XYZ,,,2026-03-01,\n"       // three bad values, row kept
                "7,,G,1950-01-02,E119,,,2027-03-01,\n"                // in the future
                "8,,\"two\nlines\",1950-01-02,E119,,,2026-03-02,\n");
  const auto result = w.stage();
  CHECK(result.rows_read == 8);
  CHECK(result.rows_accepted == 3);
  CHECK(result.rows_quarantined == 5);
  CHECK(w.ask("SELECT line, column_name, rule FROM quarantine ORDER BY line") ==
        "3|day|required\n4|left|date-order\n5|NULL|cells\n7|NULL|quoting\n9|day|future-date\n");
  CHECK(w.ask("SELECT line, column_name, rule, severity, value_class FROM finding WHERE line = 8 ORDER BY column_name") ==
        "8|DIAG_01|code-shape|warning|letters:3\n8|NHS_NUMBER|nhs-number|warning|digits:10\n8|dob|type|warning|date-like:10\n");
  CHECK(w.ask("SELECT line, family FROM subject_identity i ORDER BY line") == "2|A\n8|F\n10|two\nlines\n");
  CHECK(w.ask("SELECT raw FROM quarantine WHERE line = 5") == "4,,D,1950-01-02,E119,,\n");
  CHECK(w.ask("SELECT column_name, present, bad FROM source_field WHERE column_name IN ('dob', 'DIAG_01') ORDER BY 1") == "DIAG_01|6|1\ndob|6|1\n");
}

TEST_CASE("staged tables do not depend on the number of threads") {
  Workspace w;
  w.feed("visits", visits_feed());
  std::string bytes(header);
  for (int i = 0; i < 60000; ++i)
    bytes += std::to_string(i % 7919) + ",,N" + std::to_string(i % 101) + ",1950-01-02,E" + std::to_string(100 + i % 800) + ",,,2026-03-01,\n";
  w.extract("visits/RC9/2026-03/a.csv", bytes);
  w.extract("visits/RC8/2026-03/b.csv", bytes);
  const std::string all =
      "SELECT sum(hash(s)) FROM staged_condition s UNION ALL SELECT sum(hash(s)) FROM subject s UNION ALL SELECT sum(hash(c)) FROM code c "
      "UNION ALL SELECT sum(hash(i)) FROM subject_identity i UNION ALL SELECT sum(hash(o)) FROM organisation o";
  w.stage(1);
  const std::string one = w.ask(all);
  const auto result = w.stage(3);
  CHECK(result.rows_read == 120000);
  CHECK(result.subjects == 2 * 7919);
  CHECK(w.ask(all) == one);
}

TEST_CASE("a later delivery replaces the earlier, an identical file changes nothing") {
  Workspace w;
  auto feed = visits_feed();
  feed.replace(feed.find("{period}/*.csv"), 14, "{period}_{delivery}*.csv");
  w.feed("visits", feed);
  const std::string row = std::string(header) + "1,,A,1950-01-02,E119,,,2026-03-01,\n";
  w.extract("visits/RC9/2026-03_1.csv", std::string(header) + "9,,Z,1950-01-02,E119,,,2026-03-01,\n");
  w.extract("visits/RC9/2026-03_2.csv", row);
  w.extract("visits/RC9/2026-04_1.csv", row);
  const auto result = w.stage();
  CHECK(w.ask("SELECT file, status, rows_read FROM source ORDER BY file") ==
        "visits/RC9/2026-03_1.csv|superseded|0\nvisits/RC9/2026-03_2.csv|complete|1\nvisits/RC9/2026-04_1.csv|duplicate|0\n");
  CHECK(result.failures.empty());
  CHECK(w.ask("SELECT count(*) FROM staged_encounter") == "1\n");
}

TEST_CASE("Parquet and CSV of the same rows stage the same") {
  Workspace w;
  auto feed = visits_feed();
  feed.replace(feed.find("*.csv"), 5, "*");
  w.feed("visits", feed);
  std::string bytes(header);
  for (int i = 1; i <= 5000; ++i)
    bytes += std::to_string(i) + ",,N" + std::to_string(i % 101) + ",1950-01-02,E" + std::to_string(100 + i % 800) + ",,,2026-03-" + (i % 30 < 9 ? "0" : "") +
        std::to_string(i % 30 + 1) + (i % 50 == 0 ? ",2020-01-01\n" : ",\n");
  w.extract("visits/RC9/2026-03/a.csv", bytes);
  const auto csv = w.stage();
  const std::string all = "SELECT subject, line, organisation, start_date FROM staged_encounter ORDER BY line";
  const std::string rows = w.ask(all);
  {
    db::DuckOptions options;
    options.temporary_directory = w.root() / "spill";
    db::Duck duck(":memory:", options);
    duck.connect().execute("COPY (SELECT CAST(id AS BIGINT) AS ID, * EXCLUDE (id, dob), CAST(DOB AS DATE) AS DOB FROM read_csv('" +
                           (w.root() / "extracts/visits/RC9/2026-03/a.csv").string() + "', all_varchar = false)) TO '" +
                           (w.root() / "extracts/visits/RC9/2026-03/a.parquet").string() + "' (FORMAT parquet)");
  }
  std::filesystem::remove(w.root() / "extracts/visits/RC9/2026-03/a.csv");
  const auto parquet = w.stage();
  CHECK(parquet.rows_read == 5000);
  CHECK(parquet.rows_quarantined == 100);
  CHECK(csv.rows_quarantined == 100);
  CHECK(w.ask("SELECT subject, line + 1, organisation, start_date FROM staged_encounter ORDER BY line") == rows);
}
