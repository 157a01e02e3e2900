#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include "dealtrail/core/random.hpp"
#include "dealtrail/placements/placements.hpp"

// Seeded counts and channels for simulations.
namespace dealtrail::testing {

[[nodiscard]] inline double normal(Random& random) {
  const double radius = std::sqrt(-2 * std::log(1 - random.uniform_real()));
  return radius * std::cos(6.283185307179586 * random.uniform_real());
}

/// Gamma of this shape and mean 1, by Marsaglia and Tsang's rejection.
[[nodiscard]] inline double gamma_of_mean_one(Random& random, double shape) {
  double boost = 1;
  double a = shape;
  if (a < 1) {
    boost = std::pow(1 - random.uniform_real(), 1 / a);
    a += 1;
  }
  const double d = a - 1.0 / 3;
  const double c = 1 / std::sqrt(9 * d);
  while (true) {
    const double x = normal(random);
    const double v = std::pow(1 + c * x, 3);
    if (v > 0 && std::log(1 - random.uniform_real()) < 0.5 * x * x + d - d * v + d * std::log(v))
      return boost * d * v / shape;
  }
}

/// A count of this mean whose variance is `dispersion` times as large: Poisson at 1, negative binomial above.
[[nodiscard]] inline std::int64_t count(Random& random, double mean, double dispersion = 1) {
  if (dispersion > 1) mean *= gamma_of_mean_one(random, mean / (dispersion - 1));
  std::int64_t sum = 0;
  while (mean > 0) {  // in parts of at most 30, so that exp(-mean) keeps its digits
    const double part = mean < 30 ? mean : 30;
    const double limit = std::exp(-part);
    double product = 1 - random.uniform_real();
    while (product > limit) {
      product *= 1 - random.uniform_real();
      ++sum;
    }
    mean -= part;
  }
  return sum;
}

/// Placements of one channel: `expected` results each at a rate of 1 per 1 000 minor units.
inline void add_channel(std::vector<Placement>& rows, Random& random, const std::string& name, int placements,
                        double expected, double rate, double dispersion, ChannelState state = ChannelState::working) {
  for (int i = 0; i < placements; ++i) {
    rows.push_back({.channel = name,
                    .id = std::to_string(i),
                    .spend_minor = static_cast<std::int64_t>(expected * 1000),
                    .count = count(random, expected * rate, dispersion),
                    .state = state});
  }
}

}  // namespace dealtrail::testing
