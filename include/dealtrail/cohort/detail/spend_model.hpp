#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dealtrail/cohort/detail/newton.hpp"
#include "dealtrail/core/detail/beta_functions.hpp"
#include "dealtrail/core/detail/gamma_functions.hpp"

// Gamma-Gamma spend per purchase (Fader, Hardie 2013): a purchase of one customer is Gamma(p, v), v is Gamma(q, gamma)
// over customers. x repeat purchases of mean m leave v as Gamma(q + p x, gamma + m x).
namespace dealtrail::cohort::detail {

struct Spend {
  std::int64_t repeats = 0;
  double mean = 0;
  double customers = 0;
};

struct SpendModel {
  double p = 1;
  double q = 2;
  double gamma = 1;

  /// The mean of the next purchases; nothing where it is infinite.
  [[nodiscard]] std::optional<double> expected(std::int64_t repeats, double mean) const noexcept {
    const double shape = p * static_cast<double>(repeats) + q - 1;
    if (!(shape > 0)) return std::nullopt;
    return p * (gamma + static_cast<double>(repeats) * mean) / shape;
  }
  /// The chance that the next `purchases` come to at most `scales` times gamma + repeats times mean: beta prime.
  [[nodiscard]] double chance_of_at_most(double scales, std::size_t purchases, std::int64_t repeats) const noexcept {
    const double whole = scales + 1;
    return dealtrail::detail::incomplete_beta(p * static_cast<double>(purchases), q + p * static_cast<double>(repeats),
                                              scales / whole, 1 / whole)
        .lower;
  }
};

/// The log-likelihood of p, q, gamma.
[[nodiscard]] inline Likelihood<3> spend_likelihood(std::span<const Spend> groups, const Vector<3>& at) {
  using dealtrail::detail::digamma;
  using dealtrail::detail::log_gamma;
  using dealtrail::detail::trigamma;
  const auto [p, q, gamma] = at;
  // What depends on the number of purchases alone; groups come by that number.
  struct ByRepeats {
    double logs = 0;     // ln Gamma(p x + q) - ln Gamma(p x) - ln Gamma(q)
    double all_1 = 0;    // derivative of ln Gamma at p x + q
    double all_2 = 0;    // second
    double spend_1 = 0;  // at p x
    double spend_2 = 0;
  };
  ByRepeats by;
  std::int64_t repeats = -1;
  const double log_gamma_q = log_gamma(q);
  const double q_1 = digamma(q);
  const double q_2 = trigamma(q);
  const double log_scale = std::log(gamma);
  Likelihood<3> all;
  for (const Spend& group : groups) {
    const auto x = static_cast<double>(group.repeats);
    if (group.repeats != repeats) {
      repeats = group.repeats;
      const double whole = p * x + q;
      by = {log_gamma(whole) - log_gamma(p * x) - log_gamma_q, digamma(whole), trigamma(whole), digamma(p * x),
            trigamma(p * x)};
    }
    const double scale = gamma + group.mean * x;
    const double log_all = std::log(scale);
    const double log_mean = std::log(group.mean);
    const double log_x = std::log(x);
    const double w = group.customers;
    all.value += w * (by.logs + q * log_scale + (p * x - 1) * log_mean + p * x * log_x - (p * x + q) * log_all);
    all.gradient[0] += w * x * (by.all_1 - by.spend_1 + log_mean + log_x - log_all);
    all.gradient[1] += w * (by.all_1 - q_1 + log_scale - log_all);
    all.gradient[2] += w * (q / gamma - (p * x + q) / scale);
    all.hessian[0][0] += w * x * x * (by.all_2 - by.spend_2);
    all.hessian[0][1] += w * x * by.all_2;
    all.hessian[0][2] -= w * x / scale;
    all.hessian[1][1] += w * (by.all_2 - q_2);
    all.hessian[1][2] += w * (1 / gamma - 1 / scale);
    all.hessian[2][2] += w * (-q / (gamma * gamma) + (p * x + q) / (scale * scale));
  }
  for (std::size_t i = 0; i < 3; ++i)
    for (std::size_t j = 0; j < i; ++j) all.hessian[i][j] = all.hessian[j][i];
  return all;
}

}  // namespace dealtrail::cohort::detail
