#include "indicators/indicators.h"

#include <doctest/doctest.h>

#include "indicators/sql.h"

using namespace catchment;
using namespace catchment::indicators;

namespace {

const Date as_of = Date::from_ymd(2026, 3, 31);

terminology::Codelists lists() {
  terminology::Codelist diabetes, mmr;
  diabetes.id = "diabetes", diabetes.title = "Diabetes", diabetes.hash = "a";
  diabetes.entries = {{"snomed", "73211009", "Diabetes", terminology::Match::descendants}, {"icd10", "E11", "Type 2", terminology::Match::prefix}};
  mmr.id = "mmr", mmr.title = "MMR", mmr.hash = "b";
  mmr.entries = {{"snomed", "38598009", "MMR", terminology::Match::exact}};
  return {{diabetes, mmr}};
}

std::vector<Indicator> defined(const std::string& rows, Diagnostics* diagnostics = nullptr) {
  system::Definitions definitions({{"indicators.csv", "id,title,kind,codelist,from_age,to_age,doses,good_direction,goal_percent,purpose\n" + rows}});
  auto found = load_indicators(definitions, lists());
  if (diagnostics != nullptr) *diagnostics = definitions.diagnostics();
  else CHECK_FALSE(has_errors(definitions.diagnostics()));
  return found;
}

// A small population: `n` people of one kind at a time.
class Population {
 public:
  Population() : duck_(":memory:", {}), connection_(duck_.connect()) {
    run("CREATE TABLE place (id INTEGER, code VARCHAR, name VARCHAR); INSERT INTO place VALUES (1, 'north', 'North'), (2, 'south', 'South')");
    run("CREATE TABLE code (id INTEGER, system VARCHAR, code VARCHAR, display VARCHAR)");
    run("INSERT INTO code VALUES (1, 'http://snomed.info/sct', '73211009', ''), (2, 'http://hl7.org/fhir/sid/icd-10', 'E119', ''), "
        "(3, 'http://snomed.info/sct', '38598009', ''), (4, 'http://snomed.info/sct', '195967001', '')");
    run("CREATE TABLE person (person BIGINT, birth_date DATE, sex VARCHAR, ethnic_group VARCHAR, place INTEGER, resident BOOLEAN, registered BOOLEAN, "
        "deprivation_fifth TINYINT, area INTEGER DEFAULT 1)");
    run("CREATE TABLE area (id INTEGER, code VARCHAR, neighbourhood VARCHAR); INSERT INTO area VALUES (1, 'N1', 'harbour'), (2, 'S1', 'sands')");
    run("CREATE TABLE opt_out (person BIGINT, kind VARCHAR, since DATE)");
    run("CREATE TABLE source (id INTEGER, purposes VARCHAR); INSERT INTO source VALUES (1, 'direct-care,population-health'), (2, 'direct-care')");
    run("CREATE TABLE encounter (person BIGINT, start_date DATE, status VARCHAR)");
    run("CREATE TABLE condition (person BIGINT, code INTEGER, onset_date DATE, recorded_date DATE, abatement_date DATE, status VARCHAR, category VARCHAR "
        "DEFAULT 'problem', "
        "source INTEGER DEFAULT 1)");
    run("CREATE TABLE immunisation (person BIGINT, code INTEGER, date DATE, status VARCHAR, source INTEGER DEFAULT 1)");
  }
  void run(std::string_view sql) { connection_.execute(sql); }
  std::int64_t people(int n, const std::string& born, int place, int fifth = 1, bool resident = true, bool registered = true) {
    const std::int64_t first = next_;
    for (int i = 0; i < n; ++i)
      connection_.query(
          "INSERT INTO person (person, birth_date, sex, ethnic_group, place, resident, registered, deprivation_fifth) VALUES (?, ?::DATE, 'female', 'unknown', "
          "?, ?, ?, ?)",
          {next_++, born, std::int64_t{place}, resident, registered, std::int64_t{fifth}});
    return first;
  }
  void condition(std::int64_t first, int n, int code, const std::string& when, const std::string& status, const char* ended = nullptr) {
    for (int i = 0; i < n; ++i)
      connection_.query("INSERT INTO condition (person, code, onset_date, recorded_date, abatement_date, status) VALUES (?, ?, ?::DATE, ?::DATE, ?::DATE, ?)",
                        {first + i, std::int64_t{code}, when, when, ended == nullptr ? db::Cell() : db::Cell(std::string(ended)), status});
  }
  void dose(std::int64_t first, int n, const std::string& when, const std::string& status = "completed") {
    for (int i = 0; i < n; ++i) connection_.query("INSERT INTO immunisation (person, code, date, status) VALUES (?, 3, ?::DATE, ?)", {first + i, when, status});
  }
  std::vector<Result> compute(const std::vector<Indicator>& indicators) {
    SilentProgress silent;
    indicators::compute(connection_, indicators, lists(), as_of, silent);
    return read_results(connection_, {});
  }
  Result one(const std::vector<Indicator>& indicators, const std::string& id, const std::string& place = "", const std::string& dimension = "",
             const std::string& group = "") {
    for (const Result& r : compute(indicators))
      if (r.indicator == id && r.place == place && r.dimension == dimension && r.group == group) return r;
    FAIL("no such figure");
    return {};
  }
  db::Connection& connection() { return connection_; }

 private:
  db::Duck duck_;
  db::Connection connection_;
  std::int64_t next_ = 1;
};

const char* diabetes_row = "diabetes,Diabetes,condition,diabetes,17,,,neither,,Why\n";
const char* mmr_row = "mmr-two,MMR,doses_by_age,mmr,5,5,2,higher,95,Why\n";

}  // namespace

TEST_CASE("residents and registered people are counted by place and group, unknown among them") {
  Population p;
  p.people(20, "1980-04-01", 1, 1);
  p.people(10, "2020-01-01", 2, 0);
  p.people(10, "1980-04-01", 2, 3, false, true);
  p.people(3, "1970-01-01", 1, 5, true, false);
  const auto none = defined("");
  CHECK(p.one(none, "residents").numerator == 35);  // 33, rounded
  CHECK(p.one(none, "residents", "north").numerator == 25);
  CHECK(p.one(none, "residents", "", "age", "45-49").numerator == 20);  // 45 on the last day of March, one day before a birthday
  CHECK(p.one(none, "residents", "", "age", "5-9").numerator == 10);
  CHECK(p.one(none, "residents", "", "deprivation", "unknown").numerator == 10);
  CHECK(p.one(none, "residents", "", "ethnicity", "unknown").numerator == 35);
  CHECK(p.one(none, "registered").numerator == 40);
  CHECK(p.one(none, "registered-against-resident", "", "basis", "both").numerator == 30);
  CHECK(p.one(none, "registered-against-resident", "", "basis", "registered-only").numerator == 10);
  const Result few = p.one(none, "registered-against-resident", "", "basis", "resident-only");
  CHECK(few.suppressed);
  CHECK_FALSE(few.numerator);
  CHECK_FALSE(few.value);
}

TEST_CASE("a condition counts unless the latest word on it is that it ended") {
  Population p;
  const auto has = p.people(100, "1950-01-01", 1);
  p.condition(has, 40, 1, "2015-01-01", "active");
  p.condition(has, 10, 1, "2020-01-01", "resolved");        // ten of the forty
  p.condition(has + 40, 10, 2, "2019-01-01", "active");     // ICD-10 below E11
  p.condition(has + 50, 10, 1, "2019-01-01", "entered-in-error");
  p.condition(has + 60, 10, 1, "2027-01-01", "active");     // after the as-of date
  p.condition(has + 70, 10, 1, "2010-01-01", "active", "2012-01-01");
  p.condition(has + 80, 10, 4, "2010-01-01", "active");     // another code
  p.people(50, "2015-01-01", 1);                            // too young to be asked about
  p.people(50, "1950-01-01", 1, 1, true, false);            // not registered
  const auto indicators = defined(diabetes_row);
  const Result all = p.one(indicators, "diabetes");
  CHECK(all.denominator == 100);
  CHECK(all.numerator == 40);
  CHECK(*all.value == doctest::Approx(40));
  CHECK(*all.low == doctest::Approx(30.94).epsilon(0.001));  // Wilson, 40 of 100
  CHECK(*all.high == doctest::Approx(49.80).epsilon(0.001));
  p.run("INSERT INTO condition SELECT person, 1, DATE '2022-01-01', DATE '2022-01-01', NULL, 'active', 'encounter', 1 FROM person");  // hospital episodes
  CHECK(p.one(indicators, "diabetes").numerator == 40);
  p.condition(has, 10, 1, "2021-01-01", "active");
  CHECK(p.one(indicators, "diabetes").numerator == 50);  // it came back
  CHECK(p.one(indicators, "diabetes", "north", "deprivation", "1").numerator == 50);
}

TEST_CASE("a share is hidden when few have the condition or few do not") {
  Population p;
  const auto few = p.people(100, "1950-01-01", 1);
  p.condition(few, 3, 1, "2015-01-01", "active");
  const auto most = p.people(100, "1950-01-01", 2);
  p.condition(most, 97, 1, "2015-01-01", "active");
  for (const char* place : {"north", "south"}) {
    const Result r = p.one(defined(diabetes_row), "diabetes", place);
    CHECK(r.suppressed);
    CHECK_FALSE(r.numerator);
    CHECK_FALSE(r.value);
    CHECK_FALSE(r.low);
  }
}

TEST_CASE("two doses by five asks five-year-olds, counts days apart and stops at the birthday") {
  Population p;
  const auto child = p.people(100, "2020-06-15", 1);
  p.dose(child, 90, "2021-07-01");
  p.dose(child, 50, "2023-11-01");
  p.dose(child + 50, 10, "2021-07-02");              // the first dose told twice
  p.dose(child + 60, 10, "2025-06-15");              // on the fifth birthday: too late
  p.dose(child + 70, 10, "2023-11-01", "declined");
  p.dose(child + 80, 10, "2020-12-01");              // before the first birthday
  p.people(40, "2021-04-01", 1);                     // four
  p.people(40, "2020-03-31", 1);                     // six today
  const Result all = p.one(defined(mmr_row), "mmr-two");
  CHECK(all.denominator == 100);
  CHECK(all.numerator == 50);
}

TEST_CASE("who opted out is in no figure about health, above or below the line, and is counted where many did") {
  Population p;
  const auto has = p.people(100, "1950-01-01", 1);
  p.condition(has, 40, 1, "2015-01-01", "active");
  p.run("INSERT INTO opt_out SELECT person, 'national', NULL FROM person WHERE person <= 20");
  p.run("INSERT INTO opt_out SELECT person, 'type-1', NULL FROM person WHERE person BETWEEN 11 AND 30");
  const auto indicators = defined(diabetes_row);
  const Result all = p.one(indicators, "diabetes");
  CHECK(all.denominator == 70);
  CHECK(all.numerator == 10);
  CHECK(p.one(indicators, "opted-out").numerator == 30);  // each once
  CHECK(p.one(indicators, "residents").numerator == 100);  // a head count holds everyone
  p.run("DELETE FROM opt_out WHERE person > 3");
  CHECK(p.one(indicators, "opted-out").suppressed);
}

TEST_CASE("no measure reads rows of a feed that is not shared for population health") {
  Population p;
  const auto has = p.people(100, "1950-01-01", 1);
  p.condition(has, 40, 1, "2015-01-01", "active");
  p.run("UPDATE condition SET source = 2 WHERE person > 20");
  CHECK(p.one(defined(diabetes_row), "diabetes").numerator == 20);
}

TEST_CASE("figures are made for neighbourhoods and small areas, and few people stay hidden there too") {
  Population p;
  const auto has = p.people(100, "1950-01-01", 1);
  p.run("UPDATE person SET area = 2 WHERE person > 90");
  p.condition(has, 40, 1, "2015-01-01", "active");
  const auto indicators = defined(diabetes_row);
  CHECK(p.one(indicators, "diabetes", "", "area", "N1").numerator == 40);
  CHECK(p.one(indicators, "diabetes", "", "neighbourhood", "harbour").denominator == 90);
  CHECK(p.one(indicators, "diabetes", "", "area", "S1").numerator == 0);
  p.condition(has + 95, 3, 1, "2015-01-01", "active");
  CHECK(p.one(indicators, "diabetes", "", "area", "S1").suppressed);
}

TEST_CASE("residents no partner has met in three years are told apart from those met") {
  Population p;
  p.people(100, "1950-01-01", 1);
  p.people(50, "2024-01-01", 1);  // two years old: not asked about
  p.run("INSERT INTO encounter SELECT person, DATE '2024-05-05', 'finished' FROM person WHERE person <= 60");
  p.run("INSERT INTO encounter SELECT person, DATE '2024-05-05', 'did-not-attend' FROM person WHERE person > 60");
  p.run("INSERT INTO encounter SELECT person, DATE '2020-05-05', 'finished' FROM person WHERE person > 60");
  const Result r = p.one(defined(""), "residents-not-met");
  CHECK(r.numerator == 40);
  CHECK(r.denominator == 100);
}

TEST_CASE("the same population gives the same rows, and computing again replaces them") {
  Population p;
  p.people(30, "1980-04-01", 1);
  p.people(30, "1990-04-01", 2, 4);
  const auto indicators = defined(std::string(diabetes_row) + mmr_row);
  const auto first = p.compute(indicators);
  CHECK(first == p.compute(indicators));
  CHECK_FALSE(first.empty());
  for (const Result& r : first) {
    if (r.numerator) CHECK(*r.numerator % 5 == 0);
    if (r.denominator) CHECK(*r.denominator % 5 == 0);
  }
  const auto kept = read_indicators(p.connection());
  REQUIRE(kept.size() == 7);
  CHECK(kept[5].id == "diabetes");
  CHECK(kept[5].from_age == 17);
  CHECK(kept[5].rule.find("Diabetes") != std::string::npos);
  CHECK(kept[6].goal_percent == 95);
}

TEST_CASE("faults in indicators.csv are all told with their line") {
  Diagnostics diagnostics;
  defined("a,A,condition,diabtes,,,,,,Why\nb,B,doses_by_age,mmr,,,,,,Why\na,A,condition,mmr,,,,,,Why\n", &diagnostics);
  int errors = 0;
  for (const Diagnostic& d : diagnostics) {
    if (d.severity != Severity::error) continue;
    ++errors;
    CHECK(d.file.find("indicators.csv") != std::string::npos);
  }
  CHECK(errors == 3);
}
