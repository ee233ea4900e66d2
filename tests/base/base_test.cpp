#include <doctest/doctest.h>

#include <array>

#include "base/csv.h"
#include "base/date.h"
#include "base/diagnostic.h"
#include "base/hash.h"
#include "base/money.h"
#include "base/nhs_number.h"
#include "base/random.h"
#include "base/snomed.h"

using namespace catchment;

TEST_CASE("a date is read and written back unchanged") {
  for (const char* text : {"1970-01-01", "2000-02-29", "1899-12-31", "9999-12-31", "0001-01-01"}) CHECK(to_string(Date::parse(text).value()) == text);
  CHECK(Date::parse("20260314") == Date::parse("2026-03-14"));
  CHECK(Date::parse("14/03/2026", "%d/%m/%Y") == Date::parse("2026-03-14"));
  CHECK(Date::parse("14-MAR-2026", "%d-%b-%Y") == Date::parse("2026-03-14"));
}

TEST_CASE("a date that does not exist is not read") {
  for (const char* text : {"2025-02-29", "2025-13-01", "2025-00-10", "2025-1-1", "", "2025-01-01x", "abcd-ef-gh"}) CHECK_FALSE(Date::parse(text).has_value());
}

TEST_CASE("a birthday counts from the day itself") {
  const Date born = Date::from_ymd(2000, 2, 29);
  CHECK(age_in_years(born, Date::from_ymd(2001, 2, 28)) == 0);
  CHECK(age_in_years(born, Date::from_ymd(2001, 3, 1)) == 1);
  CHECK(age_in_years(born, Date::from_ymd(2004, 2, 29)) == 4);
}

TEST_CASE("adding months keeps to the end of a shorter month") {
  CHECK(Date::from_ymd(2026, 1, 31).plus_months(1) == Date::from_ymd(2026, 2, 28));
  CHECK(Date::from_ymd(2026, 3, 31).plus_months(-1) == Date::from_ymd(2026, 2, 28));
}

TEST_CASE("an instant keeps the offset it was written with") {
  const auto at = Instant::parse("2026-03-14T09:30:15.250+01:00");
  REQUIRE(at);
  CHECK(to_string(*at) == "2026-03-14T09:30:15.250+01:00");
  CHECK(at->utc_ms == Instant::parse("2026-03-14T08:30:15.250Z")->utc_ms);
  CHECK_FALSE(Instant::parse("2026-03-14T25:00Z"));
}

TEST_CASE("an NHS number passes modulus 11 or says why not") {
  CHECK(read_nhs_number("943 476 5919").fault == NhsNumberFault::none);
  CHECK(read_nhs_number("9434765918").fault == NhsNumberFault::check_digit);
  CHECK(read_nhs_number("943476591").fault == NhsNumberFault::not_ten_digits);
  CHECK(read_nhs_number("").fault == NhsNumberFault::missing);
  CHECK(read_nhs_number("1111111111").fault == NhsNumberFault::placeholder);
  CHECK(to_display(read_nhs_number("9434765919").number) == "943 476 5919");
}

TEST_CASE("CSV survives quotes, commas and line ends inside cells") {
  std::vector<CsvFault> faults;
  const std::string text = csv_line({"a", "b"}) + csv_line({"x,\"y\"", "two\nlines"}) + csv_line({"", " pad "});
  const CsvTable table = read_csv(text, faults);
  CHECK(faults.empty());
  REQUIRE(table.rows.size() == 2);
  CHECK(table.rows[0] == std::vector<std::string>{"x,\"y\"", "two\nlines"});
  CHECK(table.rows[1] == std::vector<std::string>{"", " pad "});
  CHECK(table.lines == std::vector<int>{2, 4});
}

TEST_CASE("a CSV row with the wrong number of cells is a fault, and the rest is read") {
  std::vector<CsvFault> faults;
  const CsvTable table = read_csv("a,b\n1\n2,3\n\"open", faults);
  CHECK(table.rows.size() == 1);
  REQUIRE(faults.size() == 2);
  CHECK(faults[0].line == 2);
  CHECK(faults[1].line == 4);
}

TEST_CASE("pounds are whole pence") {
  CHECK(Pence::parse_pounds("1,250.5") == Pence{125050});
  CHECK(Pence::parse_pounds("-3") == Pence{-300});
  CHECK_FALSE(Pence::parse_pounds("1.234"));
  CHECK_FALSE(Pence::parse_pounds(""));
  CHECK(to_string(Pence{-123456789}) == "-£1,234,567.89");
}

TEST_CASE("hashes follow the published vectors") { CHECK(to_hex(sha256("abc")) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"); }

TEST_CASE("a random stream depends on its seed alone") {
  Random a = Random::stream(7, 1), b = Random::stream(7, 1), c = Random::stream(7, 2);
  const auto first = a.next();
  CHECK(first == b.next());
  CHECK(first != c.next());
  Random mean(3);
  double total = 0;
  for (int i = 0; i < 20000; ++i) total += mean.poisson(4.5);
  CHECK(total / 20000 == doctest::Approx(4.5).epsilon(0.02));
}

TEST_CASE("a diagnostic names file, line, column and fix") {
  CHECK(to_string(Diagnostic{"a.cql", 3, 7, Severity::error, "no such definition", "did you mean Adults?"}) ==
        "a.cql:3:7: error: no such definition\n  fix: did you mean Adults?");
  CHECK(nearest("Adlts", {"Children", "Adults"}) == "Adults");
  CHECK(nearest("Zebra", {"Children", "Adults"}).empty());
}

TEST_CASE("a SNOMED CT identifier ends with its check digit") {
  for (const char* real : {"44054006", "73211009", "999791000000106", "100005"}) CHECK(is_snomed_identifier(real));
  for (const char* wrong : {"", "44054007", "44050406", "044054006", "4405400a", "10005", "1000051234567890126"}) CHECK_FALSE(is_snomed_identifier(wrong));
}
