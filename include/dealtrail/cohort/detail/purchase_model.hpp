#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
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
      if (!(tail > 1e-16)) break;
      sum += stayed * tail;
      stayed *= (stay + y) / (a + stay + y);
      term *= (count + y) / (y + 1) * z;
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

/// The log-likelihood of r, alpha, a, b. Sums over purchases are tables by their number; each group costs three
/// logarithms and an exponential.
class PurchaseLikelihood {
 public:
  PurchaseLikelihood(std::span<const HistoryGroup> groups, bool modified) : groups_(groups), modified_(modified) {
    std::int64_t most = 0;
    for (const HistoryGroup& group : groups) most = std::max(most, group.repeats);
    sums_.resize(static_cast<std::size_t>(most) + 2);
  }

  [[nodiscard]] Likelihood<4> operator()(const Vector<4>& at) const {
    const auto [r, alpha, a, b] = at;
    fill(r, a, b);
    Likelihood<4> all;
    const double log_alpha = std::log(alpha);
    for (const HistoryGroup& group : groups_) {
      const auto repeats = static_cast<std::size_t>(group.repeats);
      const std::size_t n = repeats + (modified_ ? 1 : 0);
      const Sums& rate = sums_[repeats];
      const Sums& leave = sums_[n];
      const double count = r + static_cast<double>(group.repeats);
      const double whole = alpha + group.age;
      const double active = alpha + group.recency;
      const double log_whole = std::log(whole);
      double value = rate.log_rate + leave.log_stay + r * log_alpha - count * log_whole;
      Vector<4> slope{rate.rate + log_alpha - log_whole, r / alpha - count / whole, -leave.whole,
                      leave.stay - leave.whole};
      Vector<10> bend{-rate.rate_2,                                    // rr
                      1 / alpha - 1 / whole,                           // r alpha
                      -r / (alpha * alpha) + count / (whole * whole),  // alpha alpha
                      leave.whole_2,                                   // aa
                      leave.whole_2,                                   // ab
                      leave.whole_2 - leave.stay_2,                    // bb
                      0,
                      0,
                      0,
                      0};  // ra, rb, alpha a, alpha b
      if (n > 0) {
        const double before = b + static_cast<double>(n) - 1;
        const double ratio = log_whole - std::log(active);
        const double u = std::log(a / before) + count * ratio;
        const double e = std::exp(-std::fabs(u));
        value += std::max(u, 0.0) + std::log1p(e);
        const double w = u > 0 ? 1 / (1 + e) : e / (1 + e);
        const double d = 1 / whole - 1 / active;
        const Vector<4> du{ratio, count * d, 1 / a, -1 / before};
        for (std::size_t i = 0; i < 4; ++i) slope[i] += w * du[i];
        const double spread = w * (1 - w);
        bend[0] += spread * du[0] * du[0];
        bend[1] += w * d + spread * du[0] * du[1];
        bend[2] += w * count * (1 / (active * active) - 1 / (whole * whole)) + spread * du[1] * du[1];
        bend[3] += -w / (a * a) + spread * du[2] * du[2];
        bend[4] += spread * du[2] * du[3];
        bend[5] += w / (before * before) + spread * du[3] * du[3];
        bend[6] += spread * du[0] * du[2];
        bend[7] += spread * du[0] * du[3];
        bend[8] += spread * du[1] * du[2];
        bend[9] += spread * du[1] * du[3];
      }
      all.value += group.customers * value;
      for (std::size_t i = 0; i < 4; ++i) all.gradient[i] += group.customers * slope[i];
      static constexpr std::array<std::array<std::size_t, 2>, 10> place{
          {{0, 0}, {0, 1}, {1, 1}, {2, 2}, {2, 3}, {3, 3}, {0, 2}, {0, 3}, {1, 2}, {1, 3}}};
      for (std::size_t i = 0; i < 10; ++i) all.hessian[place[i][0]][place[i][1]] += group.customers * bend[i];
    }
    for (std::size_t i = 0; i < 4; ++i)
      for (std::size_t j = 0; j < i; ++j) all.hessian[i][j] = all.hessian[j][i];
    return all;
  }

 private:
  // Sums over j below a number of purchases.
  struct Sums {
    double log_rate = 0;  // ln(r + j)
    double rate = 0;      // 1 / (r + j)
    double rate_2 = 0;    // 1 / (r + j)^2
    double log_stay = 0;  // ln((b + j) / (a + b + j))
    double stay = 0;      // 1 / (b + j)
    double stay_2 = 0;
    double whole = 0;  // 1 / (a + b + j)
    double whole_2 = 0;
  };
  void fill(double r, double a, double b) const {
    for (std::size_t i = 1; i < sums_.size(); ++i) {
      const auto j = static_cast<double>(i - 1);
      Sums next = sums_[i - 1];
      next.log_rate += std::log(r + j);
      next.rate += 1 / (r + j);
      next.rate_2 += 1 / ((r + j) * (r + j));
      next.log_stay -= std::log1p(a / (b + j));
      next.stay += 1 / (b + j);
      next.stay_2 += 1 / ((b + j) * (b + j));
      next.whole += 1 / (a + b + j);
      next.whole_2 += 1 / ((a + b + j) * (a + b + j));
      sums_[i] = next;
    }
  }

  std::span<const HistoryGroup> groups_;
  bool modified_;
  mutable std::vector<Sums> sums_{};
};

}  // namespace dealtrail::cohort::detail
