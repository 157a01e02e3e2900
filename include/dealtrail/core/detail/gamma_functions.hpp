#pragma once

#include <cmath>
#include <limits>

// The gamma function and the two regularised incomplete gamma functions, to about 1e-13 relative.
//
//   P(a, x) = lower part = chance that a Gamma(a, 1) variable is at most x
//   Q(a, x) = 1 - P(a, x) = chance that a Poisson(x) count is below a (whole a)
//
// Four regions: the power series left of the mean, Lentz's continued fraction right of it, and for a above 2e4 near the
// mean the uniform expansion in 1/a (Temme 1979). The common factor x^a e^-x / Gamma(a + 1) is computed from the
// deviance of x from a, so that it keeps its digits for large a (Loader 2000).
namespace dealtrail::detail {

inline constexpr double half_log_two_pi = 0.91893853320467274178;
inline constexpr double two_pi = 6.28318530717958647693;

/// ln Gamma(a) - ((a - 1/2) ln a - a + ln(2 pi)/2), for a >= 10: Stirling's series.
[[nodiscard]] inline double stirling_rest(double a) noexcept {
  const double r = 1 / a;
  const double s = r * r;
  return r * (1.0 / 12 - s * (1.0 / 360 - s * (1.0 / 1260 - s * (1.0 / 1680 - s * (1.0 / 1188 - s * 691.0 / 360360)))));
}

/// ln Gamma(a), a > 0. The standard function is not safe to call from several threads.
[[nodiscard]] inline double log_gamma(double a) noexcept {
  double shift = 0;
  if (a < 10) {
    double product = 1;
    while (a < 10) product *= a++;
    shift = std::log(product);
  }
  return (a - 0.5) * std::log(a) - a + half_log_two_pi + stirling_rest(a) - shift;
}

/// The first derivative of ln Gamma(a), a > 0.
[[nodiscard]] inline double digamma(double a) noexcept {
  double shift = 0;
  for (; a < 10; ++a) shift += 1 / a;
  const double s = 1 / (a * a);
  const double rest =
      s * (1.0 / 12 - s * (1.0 / 120 - s * (1.0 / 252 - s * (1.0 / 240 - s * (1.0 / 132 - s * 691.0 / 32760)))));
  return std::log(a) - 0.5 / a - rest - shift;
}

/// The second derivative of ln Gamma(a), a > 0.
[[nodiscard]] inline double trigamma(double a) noexcept {
  double shift = 0;
  for (; a < 10; ++a) shift += 1 / (a * a);
  const double s = 1 / (a * a);
  const double rest =
      s * (1.0 / 6 - s * (1.0 / 30 - s * (1.0 / 42 - s * (1.0 / 30 - s * (5.0 / 66 - s * 691.0 / 2730)))));
  return (1 + 0.5 / a + rest) / a + shift;
}

/// ln(1 + t) - t without cancellation, t > -1.
[[nodiscard]] inline double log1p_minus(double t) noexcept {
  if (std::fabs(t) > 0.3) return std::log1p(t) - t;
  // ln((1 + s) / (1 - s)) = 2 (s + s^3/3 + ...) with s = t / (2 + t)
  const double s = t / (2 + t);
  const double square = s * s;
  double power = s * square;
  double sum = 0;
  for (int k = 3; k < 60; k += 2) {
    const double term = power / k;
    sum += term;
    if (std::fabs(term) <= 1e-18 * std::fabs(sum)) break;
    power *= square;
  }
  return 2 * sum - s * t;  // 2 s - t = -s t
}

/// a ln(a / x) + x - a >= 0: how far x is from a, in units of the logarithm of a Poisson or gamma likelihood.
[[nodiscard]] inline double deviance(double a, double x) noexcept {
  if (a == 0) return x;
  if (x == 0) return std::numeric_limits<double>::infinity();
  return -a * log1p_minus((x - a) / a);
}

/// x^a e^-x / Gamma(a + 1), a >= 0: the chance of a count a where x is expected; any real a.
[[nodiscard]] inline double poisson_term(double a, double x) noexcept {
  if (x <= 0) return a == 0 ? 1 : 0;
  if (a < 10) return std::exp(a * std::log(x) - x - log_gamma(a + 1));
  return std::exp(-deviance(a, x) - stirling_rest(a)) / std::sqrt(two_pi * a);
}

struct IncompleteGamma {
  double lower = 0;  // P
  double upper = 1;  // Q
};

// Temme's expansion to the second term; for a > 2e4 its error is below 1e-14.
[[nodiscard]] inline IncompleteGamma uniform_gamma(double a, double x) noexcept {
  const double mu = (x - a) / a;
  const double eta = std::copysign(std::sqrt(-2 * log1p_minus(mu)), mu);
  double c0 = 0;
  double c1 = 0;
  if (std::fabs(eta) < 0.1) {
    // Series of c0 and c1 in eta (Temme 1979, Didonato and Morris 1986).
    c0 = -1.0 / 3 +
         eta * (1.0 / 12 + eta * (-2.0 / 135 + eta * (1.0 / 864 + eta * (1.0 / 2835 - eta * 139.0 / 777600))));
    c1 = -1.0 / 540 + eta * (-1.0 / 288 + eta * (1.0 / 378 - eta * (77.0 / 77760 - eta / 4860)));
  } else {
    c0 = 1 / mu - 1 / eta;
    c1 = 1 / (eta * eta * eta) - 1 / (mu * mu * mu) - 1 / (mu * mu) - 1 / (12 * mu);
  }
  const double rest = std::exp(-a * eta * eta / 2) / std::sqrt(two_pi * a) * (c0 + c1 / a);
  const double lower = 0.5 * std::erfc(-eta * std::sqrt(a / 2)) - rest;
  const double upper = 0.5 * std::erfc(eta * std::sqrt(a / 2)) + rest;
  return {lower < 0 ? 0 : lower, upper < 0 ? 0 : upper};
}

/// P and Q of a > 0, x >= 0, each with its own digits.
[[nodiscard]] inline IncompleteGamma incomplete_gamma(double a, double x) noexcept {
  if (!(x > 0)) return {0, 1};
  if (std::isinf(x)) return {1, 0};
  if (a > 2e4 && std::fabs(x - a) < 0.3 * a) return uniform_gamma(a, x);
  const double term = poisson_term(a, x);
  if (x < a + 1) {
    double sum = 1;
    double part = 1;
    for (int n = 1; n < 200'000; ++n) {
      part *= x / (a + n);
      sum += part;
      if (!(part > sum * 1e-17)) break;
    }
    const double lower = term * sum;
    return {lower > 1 ? 1 : lower, lower > 1 ? 0 : 1 - lower};
  }
  constexpr double tiny = 1e-300;
  double b = x + 1 - a;
  double c = 1 / tiny;
  double d = 1 / b;
  double fraction = d;
  for (int n = 1; n < 200'000; ++n) {
    const double an = -n * (n - a);
    b += 2;
    d = an * d + b;
    d = 1 / (std::fabs(d) < tiny ? tiny : d);
    c = b + an / c;
    if (std::fabs(c) < tiny) c = tiny;
    const double change = c * d;
    fraction *= change;
    if (!(std::fabs(change - 1) > 4e-16)) break;
  }
  const double upper = term * a * fraction;  // x^a e^-x / Gamma(a)
  return {upper > 1 ? 0 : 1 - upper, upper > 1 ? 1 : upper};
}

/// ln(Gamma(a + y) / (Gamma(a) a^y)) = sum over j < y of ln(1 + j / a), for real y >= 0. Exact in the limit a -> inf,
/// where the difference of two logarithms of gamma functions has no digits left.
[[nodiscard]] inline double log_rising(double a, double y) noexcept {
  if (y == 0) return 0;
  if (std::isinf(a)) return 0;
  if (y <= 64 && y == std::floor(y)) {
    double sum = 0;
    for (double j = 1; j < y; ++j) sum += std::log1p(j / a);
    return sum;
  }
  if (a < 10) return log_gamma(a + y) - log_gamma(a) - y * std::log(a);
  // (a + y - 1/2) ln(1 + y / a) - y, and the difference of Stirling's rests
  const double t = y / a;
  return (a + y - 0.5) * log1p_minus(t) + (y - 0.5) * t + stirling_rest(a + y) - stirling_rest(a);
}

}  // namespace dealtrail::detail
