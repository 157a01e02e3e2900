#pragma once

#include <cmath>
#include <utility>

namespace dealtrail::detail {

/// Where a monotone function crosses zero between `low` and `high`, to the last digits of its argument (Chandrupatla
/// 1997: inverse quadratic steps where they are safe, halving where not). `f(low)` and `f(high)` differ in sign, or one
/// of them is 0.
template <class Function>
[[nodiscard]] double root_between(const Function& f, double low, double high, double tolerance = 1e-13) {
  double a = high;
  double b = low;
  double fa = f(a);
  double fb = f(b);
  if (fa == 0) return a;
  if (fb == 0) return b;
  double c = a;
  double fc = fa;
  double part = 0.5;
  for (int steps = 0; steps < 200; ++steps) {
    const double x = a + part * (b - a);
    const double fx = f(x);
    if ((fx > 0) == (fa > 0)) {
      c = a;
      fc = fa;
    } else {
      c = b;
      fc = fb;
      b = a;
      fb = fa;
    }
    a = x;
    fa = fx;
    const double best = std::fabs(fa) < std::fabs(fb) ? a : b;
    const double least = (tolerance * std::fabs(best) + 1e-300) / std::fabs(b - a);
    if (least > 0.5 || fa == 0) return best;
    const double xi = (a - b) / (c - b);
    const double phi = (fa - fb) / (fc - fb);
    part = 0.5;
    if (phi * phi < xi && (1 - phi) * (1 - phi) < 1 - xi)
      part = fa / (fb - fa) * (fc / (fb - fc)) + (c - a) / (b - a) * (fa / (fc - fa)) * (fb / (fc - fb));
    part = part < least ? least : part > 1 - least ? 1 - least : part;
  }
  return a;
}

/// The greatest value of a function with one peak between `low` and `high`, by golden section: where it is.
template <class Function>
[[nodiscard]] double peak_between(const Function& f, double low, double high, int steps = 60) {
  constexpr double golden = 0.61803398874989484820;
  double left = high - golden * (high - low);
  double right = low + golden * (high - low);
  double at_left = f(left);
  double at_right = f(right);
  for (int i = 0; i < steps; ++i) {
    if (at_left < at_right) {
      low = std::exchange(left, right);
      at_left = at_right;
      right = low + golden * (high - low);
      at_right = f(right);
    } else {
      high = std::exchange(right, left);
      at_right = at_left;
      left = high - golden * (high - low);
      at_left = f(left);
    }
  }
  return (low + high) / 2;
}

}  // namespace dealtrail::detail
