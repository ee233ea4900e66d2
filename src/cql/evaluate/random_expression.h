// Random CQL expressions of a wanted type, as source text: what the two evaluators are compared on.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <vector>

namespace catchment::cql {

/// Draws numbers below a bound from bytes or from a generator; the shape of the expression follows the draws.
class RandomExpression {
 public:
  template <typename Draw>
  static std::string boolean(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"true", "false", "(null as Boolean)"});
    const auto b = [&] { return boolean(draw, depth - 1); };
    switch (draw(13)) {
      case 0: return "(" + b() + pick(draw, {" and ", " or ", " xor ", " implies "}) + b() + ")";
      case 1: return "(not " + b() + ")";
      case 2: return "(" + integer(draw, depth - 1) + comparison(draw) + integer(draw, depth - 1) + ")";
      case 3: return "(" + decimal(draw, depth - 1) + comparison(draw) + decimal(draw, depth - 1) + ")";
      case 4: return "(" + date(draw, depth - 1) + comparison(draw) + date(draw, depth - 1) + ")";
      case 5: return "(" + integer(draw, depth - 1) + " in " + interval(draw, depth - 1) + ")";
      case 6:
        return "(" + interval(draw, depth - 1) +
            pick(draw, {" overlaps ", " meets ", " includes ", " included in ", " starts ", " ends ", " before ", " after ", " = ", " ~ "}) +
            interval(draw, depth - 1) + ")";
      case 7: return "(" + list(draw, depth - 1) + pick(draw, {" includes ", " = ", " ~ ", " properly includes "}) + list(draw, depth - 1) + ")";
      case 8: return "(exists(" + list(draw, depth - 1) + "))";
      case 9: return "(" + string(draw, depth - 1) + comparison(draw) + string(draw, depth - 1) + ")";
      case 10: return "(" + b() + pick(draw, {" is null)", " is true)", " is false)"});
      case 11: return "(" + quantity(draw, depth - 1) + comparison(draw) + quantity(draw, depth - 1) + ")";
      default: return "(" + date(draw, depth - 1) + pick(draw, {" same month as ", " before year of ", " same day or after "}) + date(draw, depth - 1) + ")";
    }
  }

  template <typename Draw>
  static std::string integer(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"0", "1", "-1", "7", "2147483647", "(null as Integer)", "12"});
    switch (draw(10)) {
      case 0: return "(" + integer(draw, depth - 1) + pick(draw, {" + ", " - ", " * ", " div ", " mod "}) + integer(draw, depth - 1) + ")";
      case 1: return "(if " + boolean(draw, depth - 1) + " then " + integer(draw, depth - 1) + " else " + integer(draw, depth - 1) + ")";
      case 2: return pick(draw, {"Count", "Sum", "Max", "Min", "First", "Last"}) + "(" + list(draw, depth - 1) + ")";
      case 3: return "Coalesce(" + integer(draw, depth - 1) + ", " + integer(draw, depth - 1) + ")";
      case 4:
        return pick(draw, {"(years", "(months", "(days", "(difference in weeks"}) + " between " + date(draw, depth - 1) + " and " + date(draw, depth - 1) + ")";
      case 5: return "Length(" + string(draw, depth - 1) + ")";
      case 6: return pick(draw, {"(start of ", "(end of "}) + interval(draw, depth - 1) + ")";
      case 7: return "(case when " + boolean(draw, depth - 1) + " then " + integer(draw, depth - 1) + " else " + integer(draw, depth - 1) + " end)";
      case 8: return "(" + source(draw, depth) + " X aggregate R starting 1: R + Coalesce(X, 2))";
      default: return "(" + list(draw, depth - 1) + ")[" + integer(draw, depth - 1) + "]";
    }
  }

  template <typename Draw>
  static std::string decimal(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"0.0", "1.5", "-2.25", "(null as Decimal)", "99999999999999999999.99999999", "0.00000001"});
    switch (draw(4)) {
      case 0: return "(" + decimal(draw, depth - 1) + pick(draw, {" + ", " - ", " * ", " / "}) + decimal(draw, depth - 1) + ")";
      case 1: return "(" + integer(draw, depth - 1) + " / " + integer(draw, depth - 1) + ")";
      case 2: return "Round(" + decimal(draw, depth - 1) + ", 2)";
      default: return pick(draw, {"Avg", "Median", "StdDev", "Variance"}) + "(" + source(draw, depth) + " X return all ToDecimal(X))";
    }
  }

  template <typename Draw>
  static std::string date(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"@2012-02-29", "@2012", "@2013-05", "@2000-01-01", "(null as Date)", "@9999-12-31"});
    return "(" + date(draw, depth - 1) + pick(draw, {" + ", " - "}) + pick(draw, {"1 day", "3 months", "1 year", "52 weeks"}) + ")";
  }

  template <typename Draw>
  static std::string string(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"''", "'a'", "'Abel'", "'caf\\u00e9'", "(null as String)"});
    switch (draw(4)) {
      case 0: return "(" + string(draw, depth - 1) + pick(draw, {" + ", " & "}) + string(draw, depth - 1) + ")";
      case 1: return pick(draw, {"Upper(", "Lower("}) + string(draw, depth - 1) + ")";
      case 2: return "ToString(" + integer(draw, depth - 1) + ")";
      default: return "Substring(" + string(draw, depth - 1) + ", " + integer(draw, depth - 1) + ")";
    }
  }

  template <typename Draw>
  static std::string quantity(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"1 'mg'", "2.5 'g'", "3 'cm'", "4 days", "1 year", "(null as Quantity)", "37 'Cel'"});
    return "(" + quantity(draw, depth - 1) + pick(draw, {" + ", " - ", " * ", " / "}) + quantity(draw, depth - 1) + ")";
  }

  template <typename Draw>
  static std::string interval(Draw& draw, int depth) {
    if (depth <= 0)
      return pick(draw, {"Interval[1, 10]", "Interval[5, 7)", "Interval[null as Integer, 5]", "Interval(3, null)", "(null as Interval<Integer>)"});
    switch (draw(3)) {
      case 0: return "Interval[" + integer(draw, depth - 1) + ", " + integer(draw, depth - 1) + "]";
      case 1: return "(" + interval(draw, depth - 1) + pick(draw, {" union ", " intersect ", " except "}) + interval(draw, depth - 1) + ")";
      default: return "First(collapse { " + interval(draw, depth - 1) + ", " + interval(draw, depth - 1) + " })";
    }
  }

  template <typename Draw>
  static std::string list(Draw& draw, int depth) {
    if (depth <= 0) return pick(draw, {"{ 1, 2, 3 }", "{ 3, null, 3 }", "({} as List<Integer>)", "(null as List<Integer>)", "{ 9 }"});
    switch (draw(7)) {
      case 0: return "(" + list(draw, depth - 1) + pick(draw, {" union ", " intersect ", " except "}) + list(draw, depth - 1) + ")";
      case 1: return "(" + source(draw, depth) + " X where X > " + integer(draw, depth - 1) + ")";
      case 2: return "(" + source(draw, depth) + " X let Y: X * 2, Z: " + integer(draw, depth - 1) + " return all Y + Z)";
      case 3: return "(" + source(draw, depth) + " X" + pick(draw, {" with ", " without "}) + source(draw, depth) + " Y such that Y = X + 1)";
      case 4: return "(" + source(draw, depth) + " X sort " + pick(draw, {"asc", "desc"}) + ")";
      case 5: return "(from " + source(draw, depth) + " X, " + source(draw, depth) + " Y where X < Y return X * Y)";
      default:
        return pick(draw, {"distinct ", "Tail", "(expand "}) == "distinct " ? "(distinct " + list(draw, depth - 1) + ")"
                                                                            : "Take(" + list(draw, depth - 1) + ", " + integer(draw, depth - 1) + ")";
    }
  }

  /// An expression of a type the draws choose.
  template <typename Draw>
  static std::string any(Draw& draw, int depth) {
    switch (draw(6)) {
      case 0: return integer(draw, depth);
      case 1: return decimal(draw, depth);
      case 2: return list(draw, depth);
      case 3: return string(draw, depth);
      case 4: return interval(draw, depth);
      default: return boolean(draw, depth);
    }
  }

 private:
  template <typename Draw>
  static std::string source(Draw& draw, int depth) {
    return "(" + list(draw, depth - 1) + ")";
  }
  template <typename Draw>
  static std::string pick(Draw& draw, const std::vector<std::string>& choices) {
    return choices[static_cast<std::size_t>(draw(static_cast<std::uint32_t>(choices.size())))];
  }
  template <typename Draw>
  static std::string comparison(Draw& draw) {
    return pick(draw, {" = ", " != ", " < ", " <= ", " > ", " >= ", " ~ "});
  }
};

}  // namespace catchment::cql
