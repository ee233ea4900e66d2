// Confidence intervals for counts, proportions and means.
#pragma once

#include <optional>

namespace catchment::stats {

struct Interval {
  double low = 0;
  double high = 0;
};

/// Quantile of the standard normal distribution; p in (0, 1).
double normal_quantile(double p);
/// Quantile of the gamma distribution with unit scale; shape > 0, p in (0, 1).
double gamma_quantile(double p, double shape);
/// Two-sided z for a confidence, for example 1.959964 for 0.95.
double two_sided_z(double confidence);

/// Wilson (1927) score interval of x out of n. Empty when n <= 0, x < 0 or x > n. x need not be whole.
std::optional<Interval> wilson(double x, double n, double confidence);

/// Byar's approximation for a Poisson count (Breslow and Day 1987). Empty when x < 0. The lower limit is 0
/// for x = 0.
std::optional<Interval> byars(double x, double confidence);

/// Exact Poisson limits from the chi-square distribution. Empty when x < 0.
std::optional<Interval> exact_poisson(double x, double confidence);

/// Limits of a count as public-health rates use them: exact below 10, Byar's from 10.
std::optional<Interval> count_interval(double x, double confidence);

/// Student's t interval of a mean; needs at least two values.
std::optional<Interval> student_t(double mean, double standard_deviation, double n, double confidence);

}  // namespace catchment::stats
