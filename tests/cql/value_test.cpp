#include "cql/values/value.h"

#include <doctest/doctest.h>

#include "cql/values/units.h"

using namespace catchment::cql;

namespace {

std::string text(const std::optional<Decimal>& value) { return value ? value->text() : "null"; }
Decimal decimal(const char* literal) { return Decimal::parse(literal).value(); }
Temporal moment(const char* literal) { return Temporal::parse_datetime(literal).value(); }

}  // namespace

TEST_CASE("decimals keep 28 digits before the point and eight after it") {
  CHECK(text(Decimal::parse("9999999999999999999999999999.99999999")) == "9999999999999999999999999999.99999999");
  CHECK_FALSE(Decimal::parse("10000000000000000000000000000.0").has_value());
  CHECK_FALSE(Decimal::parse("0.000000001").has_value());
  CHECK(text(Decimal::parse("5.999999999")) == "6.0");
  for (const char* malformed : {"", ".", "1.", ".5", "1e3", "+", "1.2.3", " 1"}) CHECK_FALSE(Decimal::parse(malformed).has_value());
}

TEST_CASE("decimal arithmetic is exact and rounds half away from zero") {
  CHECK(text(decimal("0.1").plus(decimal("0.2"))) == "0.3");
  CHECK(text(decimal("10").divided_by(decimal("3"))) == "3.33333333");
  CHECK(text(decimal("20").divided_by(decimal("3"))) == "6.66666667");
  CHECK(text(decimal("-20").divided_by(decimal("3"))) == "-6.66666667");
  CHECK(text(decimal("99999999999999.5").times(decimal("99999999999999.5"))) == "9999999999999900000000000000.25");
  CHECK(text(Decimal::maximum().times(decimal("99999999999.0"))) == "null");
  CHECK(text(decimal("-0.5").rounded(0)) == "-1.0");
  CHECK(text(decimal("2.5").rounded(0)) == "3.0");
  CHECK(text(decimal("-1.1").floor()) == "-2.0");
  CHECK(text(decimal("-1.1").ceiling()) == "-1.0");
  CHECK(text(decimal("1").divided_by(Decimal())) == "null");
}

TEST_CASE("exp, ln, power and roots are right to the last place") {
  CHECK(text(decimal("1").exponential()) == "2.71828183");
  CHECK(text(decimal("-1").exponential()) == "0.36787944");
  CHECK(text(decimal("50").exponential()) == "5184705528587072464087.45332293");  // e^50 to 30 digits
  CHECK(text(decimal("1000").exponential()) == "null");
  CHECK(text(decimal("10").natural_logarithm()) == "2.30258509");
  CHECK(text(decimal("0.00000001").natural_logarithm()) == "-18.42068074");
  CHECK(text(decimal("2").power(decimal("0.5"))) == "1.41421356");
  CHECK(text(decimal("2.5").power(decimal("2"))) == "6.25");
  CHECK(text(decimal("10").power(decimal("-8"))) == "0.00000001");
  CHECK(text(decimal("-2").power(decimal("3"))) == "-8.0");
  CHECK(text(decimal("2").square_root()) == "1.41421356");
}

TEST_CASE("a time known less precisely may lie on either side") {
  const auto order = [](const char* a, const char* b, Precision p = Precision::none) { return compare(moment(a), moment(b), p, 0); };
  CHECK(order("2012-01-01", "2012-01-02") == less);
  CHECK(order("2012", "2012-01-02") == any_outcome);
  CHECK(order("2012", "2013-01-02") == less);
  CHECK(order("2012-03-10T10:20:00.999+07:00", "2012-03-10T09:20:00.999+06:00") == equal);
  CHECK(order("2022-02-22T23:30:00.000-05:00", "2022-02-23T00:30:00.000Z", Precision::day) == less);
  CHECK(order("2012-05-01", "2012-05-30", Precision::month) == equal);
}

TEST_CASE("durations count whole periods and say what imprecision leaves open") {
  const auto years = [](const char* a, const char* b) { return duration_between(moment(a), moment(b), Precision::year, 0); };
  CHECK(years("2000-02-29T00:00:00.000", "2001-02-28T00:00:00.000").high == 0);
  CHECK(years("2000-02-29T00:00:00.000", "2001-03-01T00:00:00.000").high == 1);
  CHECK(years("2005", "2010").low == 4);
  CHECK(years("2005", "2010").high == 5);
  CHECK(years("2010-01-01T00:00:00.000", "2005-01-01T00:00:00.001").high == -4);
  CHECK(difference_between(moment("2012-03-10"), moment("2012-03-11"), Precision::week, 0).low == 1);  // a Sunday begins
}

TEST_CASE("calendar arithmetic keeps to the end of the month and converts what is too fine") {
  const auto plus = [](const char* a, std::int64_t n, Precision unit) { return add(moment(a), n, unit).value().text(); };
  CHECK(plus("2012-01-31", 1, Precision::month) == "2012-02-29");
  CHECK(plus("2012-02-29", 1, Precision::year) == "2013-02-28");
  CHECK(plus("2014", 25, Precision::month) == "2016");
  CHECK(plus("2014", -25, Precision::month) == "2012");
  CHECK_FALSE(add(moment("2014"), 8000, Precision::year).has_value());
  CHECK_FALSE(add(moment("2014-01-01"), INT64_MAX / 2, Precision::week).has_value());
}

TEST_CASE("UCUM units convert exactly") {
  UnitReader units;
  const auto convert = [&](const char* value, const char* from, const char* to) { return text(units.convert(decimal(value), from, to)); };
  CHECK(convert("1", "g", "mg") == "1000.0");
  CHECK(convert("1", "[lb_av]", "g") == "453.59237");
  CHECK(convert("6", "[ft_i]", "cm") == "182.88");
  CHECK(convert("37", "Cel", "[degF]") == "98.6");
  CHECK(convert("98.6", "[degF]", "Cel") == "37.0");
  CHECK(convert("0", "Cel", "K") == "273.15");
  CHECK(convert("120", "mm[Hg]", "kPa") == "15.99864");
  CHECK(convert("1", "mmol/L", "umol/mL") == "1.0");
  CHECK(convert("7", "10*9/L", "10*6/mL") == "7.0");
  CHECK(convert("1", "wk", "d") == "7.0");
  CHECK(convert("1", "kg/m2", "g/cm2") == "0.1");
  CHECK(convert("1", "[iU]/L", "[iU]/mL") == "0.001");
  CHECK(convert("1", "cm", "g") == "null");
  CHECK(convert("1", "[iU]", "mg") == "null");
  CHECK(convert("1", "nonsense", "mg") == "null");
  CHECK(convert("1", "mg{creatinine}", "g") == "0.001");
}

TEST_CASE("units multiply and divide") {
  UnitReader units;
  CHECK(units.combine("cm", "cm", false) == "cm2");
  CHECK(units.combine("cm2", "cm", true) == "cm");
  CHECK(units.combine("mg", "mL", true) == "mg/mL");
  CHECK(units.combine("g/cm3", "g/cm3", true) == "1");
  CHECK_FALSE(units.combine("Cel", "m", false).has_value());
}

TEST_CASE("hostile units are refused, not followed") {
  UnitReader units;
  CHECK(units.find(std::string(400, '(')) == nullptr);
  CHECK(units.find("m99.m99.m99.m99.km99") != nullptr);
  CHECK_FALSE(units.convert(Decimal::of(1), "Ym99", "m99").has_value());
  CHECK(units.find("m-") == nullptr);
  CHECK(units.find("{open") == nullptr);
  CHECK(units.find("/") == nullptr);
}

TEST_CASE("values copy, compare and print") {
  const Value list = Value::list({Value::integer(1), {}, Value::string("it's")});
  const Value copy = list;
  CHECK(copy.same_as(list));
  CHECK(to_cql(copy) == "{ 1, null, 'it\\'s' }");
  CHECK(to_cql(Value::quantity(decimal("5"), "mg")) == "5 'mg'");
  CHECK(to_cql(Value::quantity(decimal("4"), "days")) == "4 days");
  CHECK(to_cql(Value::temporal(moment("2014-01"))) == "@2014-01T");
  CHECK(to_cql(Value::interval(Value::integer(1), {}, true, false)) == "Interval[1, null)");
  CHECK(to_cql(Value::decimal(decimal("1.50"), 2)) == "1.50");
  CHECK(sizeof(Value) == 24);
}

TEST_CASE("a frozen value is not counted and can be thawed") {
  Value list = Value::list({Value::string("a"), Value::interval(Value::integer(1), Value::integer(2), true, true)});
  list.freeze();
  {
    const Value copy = list;
    CHECK(copy.as_list().size() == 2);
  }
  list.thaw();
  list = {};
  CHECK(list.is_null());
}
