#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/beta_functions.hpp"
#include "dealtrail/core/detail/gamma_functions.hpp"
#include "dealtrail/core/detail/roots.hpp"

// What is known of a rate (results per unit of exposure) or of a share (results per trial): a mixture of Gamma or of
// Beta distributions, the conjugate ones, so that data only add to their two parameters.
namespace dealtrail::evidence::detail {

using dealtrail::detail::incomplete_beta;
using dealtrail::detail::incomplete_gamma;
using dealtrail::detail::IncompleteBeta;
using dealtrail::detail::IncompleteGamma;
using dealtrail::detail::log_beta;
using dealtrail::detail::log_gamma;
using dealtrail::detail::log_rising;
using dealtrail::detail::peak_between;
using dealtrail::detail::root_between;

enum class Family : std::uint8_t {
  rate,   // Gamma(a, b): shape, rate; data: results, exposure
  share,  // Beta(a, b); data: results, trials without a result
};

struct Part {
  double weight = 1;
  double a = 1;
  double b = 1;
  friend bool operator==(const Part&, const Part&) = default;
};

class Mixture {
 public:
  Mixture(Family family, std::vector<Part> parts) : family_(family), parts_(std::move(parts)) {}

  [[nodiscard]] Family family() const noexcept { return family_; }
  [[nodiscard]] const std::vector<Part>& parts() const noexcept { return parts_; }

  /// With data of one channel: `results` of `exposure` (share: of so many trials). Weights are those of the pool, whose
  /// likelihood has these data already.
  [[nodiscard]] Mixture with(double results, double exposure) const {
    Mixture posterior = *this;
    for (Part& part : posterior.parts_) {
      part.a += results;
      part.b += family_ == Family::rate ? exposure : std::max(exposure - results, 0.0);
    }
    return posterior;
  }

  [[nodiscard]] double mean() const noexcept {
    double sum = 0;
    for (const Part& part : parts_) sum += part.weight * mean_of(part);
    return sum;
  }
  [[nodiscard]] double variance() const noexcept {
    const double centre = mean();
    double sum = 0;
    for (const Part& part : parts_) {
      const double off = mean_of(part) - centre;
      const double own = family_ == Family::rate ? part.a / part.b / part.b
                                                 : mean_of(part) * (part.b / (part.a + part.b)) / (part.a + part.b + 1);
      sum += part.weight * (own + off * off);
    }
    return sum;
  }
  /// The one distribution of the family with this mean and variance.
  [[nodiscard]] Part collapsed() const noexcept {
    const double centre = mean();
    const double spread = variance();
    if (family_ == Family::rate) return {1, centre * centre / spread, centre / spread};
    const double strength = std::max(centre * (1 - centre) / spread - 1, 1e-9);
    return {1, centre * strength, (1 - centre) * strength};
  }

  /// Chance of at most x.
  [[nodiscard]] double below(double x) const noexcept {
    double sum = 0;
    for (const Part& part : parts_) sum += part.weight * tails(part, x).first;
    return sum;
  }
  /// Chance of more than x.
  [[nodiscard]] double above(double x) const noexcept {
    double sum = 0;
    for (const Part& part : parts_) sum += part.weight * tails(part, x).second;
    return sum;
  }
  /// Expected shortfall below x and excess above it: E[max(x - value, 0)] and E[max(value - x, 0)].
  [[nodiscard]] std::pair<double, double> losses(double x) const noexcept {
    double shortfall = 0;
    double excess = 0;
    for (const Part& part : parts_) {
      const auto [lower, upper] = tails(part, x);
      const auto [lower_next, upper_next] = tails({1, part.a + 1, part.b}, x);
      const double centre = mean_of(part);
      shortfall += part.weight * (x * lower - centre * lower_next);
      excess += part.weight * (centre * upper_next - x * upper);
    }
    return {std::max(shortfall, 0.0), std::max(excess, 0.0)};
  }
  /// The value below which `chance` lies, 0 < chance < 1.
  [[nodiscard]] double quantile(double chance) const {
    const double centre = mean();
    // The search is on a scale without ends: ln x, or the logit.
    const auto value = [&](double u) { return family_ == Family::rate ? std::exp(u) : 1 / (1 + std::exp(-u)); };
    const auto off = [&](double u) { return chance < 0.5 ? below(value(u)) - chance : (1 - chance) - above(value(u)); };
    const double start = family_ == Family::rate ? std::log(centre) : std::log(centre) - std::log1p(-centre);
    double step = std::max(std::sqrt(variance()) / (family_ == Family::rate ? centre : centre * (1 - centre)), 1e-12);
    double low = start - step;
    double high = start + step;
    for (int i = 0; i < 60 && off(low) > 0; ++i) low -= (step *= 2);
    for (int i = 0; i < 60 && off(high) < 0; ++i) high += (step *= 2);
    return value(root_between(off, low, high, 1e-10));
  }

 private:
  [[nodiscard]] double mean_of(const Part& part) const noexcept {
    return family_ == Family::rate ? part.a / part.b : part.a / (part.a + part.b);
  }
  [[nodiscard]] std::pair<double, double> tails(const Part& part, double x) const noexcept {
    if (family_ == Family::rate) {
      const IncompleteGamma both = incomplete_gamma(part.a, part.b * x);
      return {both.lower, both.upper};
    }
    const IncompleteBeta both = incomplete_beta(part.a, part.b, x, 1 - x);
    return {both.lower, both.upper};
  }

  Family family_;
  std::vector<Part> parts_;
};

/// What more data of `exposure` would be worth before it is known, per unit of exposure spent afterwards: E[max(mean
/// after, c)] - max(mean now, c). 0 if no outcome can change the choice. Exact finite sums: a rate in closed form, as
/// the future count is negative binomial and the mean after it linear; a share over all counts.
[[nodiscard]] inline double value_of_information(Family family, const Part& now, double exposure, double c) {
  if (!(exposure > 0)) return 0;
  if (family == Family::rate) {
    const double b = now.b + exposure;
    const double flip = std::ceil(c * b - now.a);  // counts below it leave the mean below c
    const double centre = now.a / now.b;
    double shortfall = 0;  // E[max(c - mean after, 0)]
    if (flip > 0) {
      const double x = now.b / b;
      const double y = exposure / b;
      const double lower = incomplete_beta(now.a, flip, x, y).lower;  // chance of fewer than `flip`
      const double lower_next = flip > 1 ? incomplete_beta(now.a + 1, flip - 1, x, y).lower : 0;
      shortfall = c * lower - (now.a * lower + now.a * exposure / now.b * lower_next) / b;
    }
    return std::max(shortfall - std::max(c - centre, 0.0), 0.0);
  }
  const double trials = std::floor(exposure + 0.5);
  const double centre = now.a / (now.a + now.b);
  double shortfall = 0;
  double log_chance = log_beta(now.a, now.b + trials) - log_beta(now.a, now.b);
  for (double y = 0; y <= trials; ++y) {
    const double after = (now.a + y) / (now.a + now.b + trials);
    if (after >= c) break;
    shortfall += std::exp(log_chance) * (c - after);
    log_chance += std::log((trials - y) / (y + 1) * (now.a + y) / (now.b + trials - y - 1));
  }
  return std::max(shortfall - std::max(c - centre, 0.0), 0.0);
}

}  // namespace dealtrail::evidence::detail
