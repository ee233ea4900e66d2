#include "stats/intervals.h"

#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <cmath>

namespace catchment::stats {

double normal_quantile(double p) { return boost::math::quantile(boost::math::normal(), p); }

double gamma_quantile(double p, double shape) { return boost::math::quantile(boost::math::gamma_distribution<>(shape, 1.0), p); }

double two_sided_z(double confidence) { return normal_quantile(1 - (1 - confidence) / 2); }

std::optional<Interval> wilson(double x, double n, double confidence) {
  if (!(n > 0) || !(x >= 0) || x > n) return std::nullopt;
  const double z = two_sided_z(confidence);
  const double middle = 2 * x + z * z, spread = z * std::sqrt(z * z + 4 * x * (1 - x / n)), scale = 2 * (n + z * z);
  return Interval{(middle - spread) / scale, (middle + spread) / scale};
}

std::optional<Interval> byars(double x, double confidence) {
  if (!(x >= 0)) return std::nullopt;
  const double z = two_sided_z(confidence);
  const auto side = [z](double o, double sign) {
    const double t = 1 - 1 / (9 * o) + sign * z / (3 * std::sqrt(o));
    return o * t * t * t;
  };
  return Interval{x > 0 ? side(x, -1) : 0.0, side(x + 1, 1)};
}

std::optional<Interval> exact_poisson(double x, double confidence) {
  if (!(x >= 0)) return std::nullopt;
  const double tail = (1 - confidence) / 2;
  // A chi-square quantile with 2k degrees of freedom is twice a gamma quantile of shape k.
  return Interval{x > 0 ? gamma_quantile(tail, x) : 0.0, gamma_quantile(1 - tail, x + 1)};
}

std::optional<Interval> count_interval(double x, double confidence) { return x < 10 ? exact_poisson(x, confidence) : byars(x, confidence); }

std::optional<Interval> student_t(double mean, double standard_deviation, double n, double confidence) {
  if (!(n >= 2)) return std::nullopt;
  const double t = boost::math::quantile(boost::math::students_t(n - 1), 1 - (1 - confidence) / 2);
  const double half = t * standard_deviation / std::sqrt(n);
  return Interval{mean - half, mean + half};
}

}  // namespace catchment::stats
