#pragma once

#include <cmath>
#include <limits>
#include <span>

#include "dealtrail/evidence/detail/pool.hpp"

// The most likely prior of a pool: what textbooks print, where the library averages over all of them.
namespace dealtrail::evidence::detail {

/// The most likely mean and strength.
struct PoolFit {
  double mean = 0;
  double strength = 0;            // infinite: no more spread than chance gives
  double log_likelihood = 0;      // at them
  double log_likelihood_one = 0;  // of one common rate
};

[[nodiscard]] inline PoolFit fit_pool(Family family, std::span<const Observation> data) {
  const double start = pool::centre_of(family, data);
  const auto best_mean = [&](double strength) {
    return peak_between([&](double u) { return log_likelihood(family, data, pool::value_of(family, u), strength); },
                        start - 4, start + 4, 45);
  };
  const auto profile = [&](double log_strength) {
    const double strength = std::exp(log_strength);
    return log_likelihood(family, data, pool::value_of(family, best_mean(strength)), strength);
  };
  const double infinite = std::numeric_limits<double>::infinity();
  PoolFit fit;
  fit.strength = infinite;
  fit.mean = pool::value_of(family, best_mean(infinite));
  fit.log_likelihood = fit.log_likelihood_one = log_likelihood(family, data, fit.mean, infinite);
  constexpr double step = 1;
  double best = -5;
  double highest = -infinite;
  for (double u = -5; u <= 20; u += step) {
    const double here = profile(u);
    if (here > highest) {
      highest = here;
      best = u;
    }
  }
  const double peak = peak_between(profile, best - step, best + step, 40);
  const double found = profile(peak);
  if (found > fit.log_likelihood + 1e-9 && peak < 20) {
    fit.strength = std::exp(peak);
    fit.mean = pool::value_of(family, best_mean(fit.strength));
    fit.log_likelihood = found;
  }
  return fit;
}

}  // namespace dealtrail::evidence::detail
