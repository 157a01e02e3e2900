#pragma once

#include <cmath>

#include "dealtrail/core/detail/gamma_functions.hpp"

// The regularised incomplete beta function I_x(a, b) = chance that a Beta(a, b) variable is at most x, by Lentz's
// continued fraction; the factor x^a (1 - x)^b / B(a, b) from deviances, so that it keeps its digits for large a and b.
namespace dealtrail::detail {

/// ln B(a, b).
[[nodiscard]] inline double log_beta(double a, double b) noexcept {
  if (a > b) return log_beta(b, a);
  if (a >= 10) {
    const double whole = a + b;
    return -0.5 * std::log(b) + half_log_two_pi + stirling_rest(a) + stirling_rest(b) - stirling_rest(whole) +
           (a - 0.5) * std::log(a / whole) - b * std::log1p(a / b);
  }
  if (b > 1e3) return log_gamma(a) - a * std::log(b) - log_rising(b, a);
  return log_gamma(a) + log_gamma(b) - log_gamma(a + b);
}

/// x^a y^b / B(a, b), y = 1 - x given apart so that neither loses its digits.
[[nodiscard]] inline double beta_term(double a, double b, double x, double y) noexcept {
  if (x <= 0 || y <= 0) return 0;
  if (a < 10 || b < 10) return std::exp(a * std::log(x) + b * std::log(y) - log_beta(a, b));
  const double whole = a + b;
  const double off = deviance(a, whole * x) + deviance(b, whole * y);
  return std::exp(stirling_rest(whole) - stirling_rest(a) - stirling_rest(b) - off) *
         std::sqrt(a * b / (two_pi * whole));
}

// x^a y^b / (a B(a, b)) times the continued fraction, for x below the mean.
[[nodiscard]] inline double beta_fraction(double a, double b, double x, double y) noexcept {
  constexpr double tiny = 1e-300;
  double c = 1;
  double d = 1 - (a + b) * x / (a + 1);
  d = 1 / (std::fabs(d) < tiny ? tiny : d);
  double fraction = d;
  const auto step = [&](double numerator) {
    d = 1 + numerator * d;
    d = 1 / (std::fabs(d) < tiny ? tiny : d);
    c = 1 + numerator / c;
    if (std::fabs(c) < tiny) c = tiny;
    fraction *= c * d;
    return std::fabs(c * d - 1);
  };
  for (int m = 1; m < 200'000; ++m) {
    const double two = 2.0 * m;
    step(m * (b - m) * x / ((a + two - 1) * (a + two)));
    if (!(step(-(a + m) * (a + b + m) * x / ((a + two) * (a + two + 1))) > 4e-16)) break;
  }
  return beta_term(a, b, x, y) * fraction / a;
}

struct IncompleteBeta {
  double lower = 0;  // I_x(a, b)
  double upper = 1;
};

/// I_x(a, b) and 1 - I_x(a, b), x + y = 1. a = 0 is all of it at 0, b = 0 all at 1.
[[nodiscard]] inline IncompleteBeta incomplete_beta(double a, double b, double x, double y) noexcept {
  if (!(x > 0) || b <= 0) return {a <= 0 ? 1.0 : 0.0, a <= 0 ? 0.0 : 1.0};
  if (!(y > 0) || a <= 0) return {1, 0};
  if (x < (a + 1) / (a + b + 2)) {
    const double lower = beta_fraction(a, b, x, y);
    return {lower > 1 ? 1 : lower, lower > 1 ? 0 : 1 - lower};
  }
  const double upper = beta_fraction(b, a, y, x);
  return {upper > 1 ? 0 : 1 - upper, upper > 1 ? 1 : upper};
}

}  // namespace dealtrail::detail
