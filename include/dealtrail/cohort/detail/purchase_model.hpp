#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dealtrail/cohort/detail/newton.hpp"

// BG/NBD (Fader, Hardie, Lee 2005) and MBG/NBD (Batislam, Denizel, Filiztekin 2007).
//
// A customer buys at a Poisson rate, Gamma(r, alpha) over customers, and leaves for good after a purchase with a
// probability that is Beta(a, b) over customers; in MBG/NBD also after the first one. With x repeat purchases, the last
// of them tx after the first, and T from the first to the end, n = x (BG) or x + 1 (MBG):
//
//   L = Gamma(r + x) / Gamma(r) alpha^r (alpha + T)^-(r + x) B(a, b + n) / B(a, b) (1 + odds)
//   odds = a / (b + n - 1) ((alpha + T) / (alpha + tx))^(r + x), 0 where n = 0: of having left to being there
namespace dealtrail::cohort::detail {

/// Customers with the same history.
struct HistoryGroup {
  std::int64_t repeats = 0;  // x
  double recency = 0;        // tx
  double age = 0;            // T
  double customers = 0;
  double strangers = 0;  // of them those whose mean amount is not known
};

struct PurchaseModel {
  double r = 1;
  double alpha = 1;
  double a = 1;
  double b = 1;
  bool modified = false;  // MBG

  [[nodiscard]] double chances(std::int64_t repeats) const noexcept {  // n
    return static_cast<double>(repeats) + (modified ? 1 : 0);
  }
  /// ln of the odds of having left; minus infinite where nobody can have.
  [[nodiscard]] double log_odds(const HistoryGroup& of) const noexcept {
    const double n = chances(of.repeats);
    if (n <= 0) return -HUGE_VAL;
    return std::log(a / (b + n - 1)) +
           (r + static_cast<double>(of.repeats)) * std::log((alpha + of.age) / (alpha + of.recency));
  }
  [[nodiscard]] double p_alive(const HistoryGroup& of) const noexcept { return 1 / (1 + std::exp(log_odds(of))); }

  /// Purchases that are expected in the `span` after the end. The hypergeometric function of the papers is transformed
  /// (Euler) so that nothing cancels where a is near 1 or a + b below 1:
  ///   p_alive (c (1 - u^e) / e - u^e sum_k (A)_k (e + 1)_(k-1) z^k / ((c + 1)_(k-1) k!)),
  ///   e = a - 1, c = a + b + n - 1, A = c - r - x, z = span / (alpha + T + span), u = 1 - z.
  [[nodiscard]] double expected(const HistoryGroup& of, double span) const noexcept {
    if (!(span > 0)) return 0;
    if (a + b > 100) return expected_by_purchases(of, span);  // the series would overflow on a ridge
    const double rate_count = r + static_cast<double>(of.repeats);
    const double c = a + b + chances(of.repeats) - 1;
    const double e = a - 1;
    const double z = span / (alpha + of.age + span);
    const double log_u = -std::log1p(span / (alpha + of.age));
    const double first = std::fabs(e) < 1e-9 ? -log_u : -std::expm1(e * log_u) / e;
    double term = (c - rate_count) * z;  // k = 1
    double sum = term;
    for (int k = 1; k < 100'000; ++k) {
      term *= (c - rate_count + k) * (e + k) / ((c + k) * (k + 1)) * z;
      sum += term;
      if (std::fabs(term) <= 1e-16 * std::fabs(sum) && k > -(c - rate_count)) break;
    }
    return p_alive(of) * (c * first - std::exp(e * log_u) * sum);
  }

  /// The same as a sum over purchases: the y-th is made when the customer would buy y times and has not left before.
  [[nodiscard]] double expected_by_purchases(const HistoryGroup& of, double span) const noexcept {
    const double count = r + static_cast<double>(of.repeats);
    const double z = span / (alpha + of.age + span);
    const double stay = b + chances(of.repeats);
    double term = std::exp(-count * std::log1p(span / (alpha + of.age)));
    double tail = 1;
    double stayed = 1;
    double sum = 0;
    for (double y = 0; y < 100'000; ++y) {
      tail -= term;
      const double part = stayed * tail;
      if (!(part > 1e-17 * sum)) break;
      sum += part;
      const double growth = (count + y) / (y + 1) * z;  // falls from one y to the next, to z
      stayed *= (stay + y) / (a + stay + y);
      term *= growth;
      if (growth < 1 && !(term > 1e-17 * (1 - growth))) break;  // the tail is nothing but what was cut off
    }
    return p_alive(of) * sum;
  }

  /// Purchases of a newcomer in the first `span`.
  [[nodiscard]] double expected_of_new(double span) const noexcept { return expected(HistoryGroup{}, span); }
};

/// Chances of 0, 1, 2, ... purchases in the `span` after the end, until 1 - 1e-8 of them is there.
inline void purchase_chances(const PurchaseModel& model, const HistoryGroup& of, double span,
                             std::vector<double>& chances) {
  constexpr std::size_t most = 20'000;
  const double count = model.r + static_cast<double>(of.repeats);
  const double z = span / (model.alpha + of.age + span);
  const double stay = model.b + model.chances(of.repeats);
  const double alive = model.p_alive(of);
  double term = std::exp(-count * std::log1p(span / (model.alpha + of.age)));  // of y purchases of one who stays
  double tail = 1;                                                             // of y or more
  double stayed = 1;                                                           // after y purchases
  double left_at = 0;                                                          // at the y-th
  double sum = 0;
  chances.clear();
  for (std::size_t y = 0; y < most; ++y) {
    const double chance = stayed * term + left_at * tail;
    chances.push_back(alive * chance + (y == 0 ? 1 - alive : 0));
    sum += chances.back();
    if (sum > 1 - 1e-8) break;
    const auto k = static_cast<double>(y);
    tail = std::max(0.0, tail - term);
    term *= (count + k) / (k + 1) * z;
    left_at = stayed * model.a / (model.a + stay + k);
    stayed *= (stay + k) / (model.a + stay + k);
  }
}

}  // namespace dealtrail::cohort::detail
