#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/gamma_functions.hpp"
#include "dealtrail/evidence/detail/mixture.hpp"

// Between which ranks a key's true figure lies. Given its own value, the number of better ones is a sum of independent
// yes-or-no draws (Poisson binomial); it is averaged over the key's own posterior at 15 equally likely values.
namespace dealtrail::evidence::detail {

struct RankInterval {
  std::int64_t low = 1;
  std::int64_t high = 1;
};

/// The chances of 0, 1, … successes: exact sums for up to 300 open ones, beyond that a normal distribution.
[[nodiscard]] inline std::vector<double> number_of_successes(std::span<const double> chances) {
  std::vector<double> counts{1};
  if (chances.size() > 300) {
    double mean = 0;
    double variance = 0;
    for (const double chance : chances) mean += chance, variance += chance * (1 - chance);
    const double width = std::sqrt(2 * variance);
    const auto below = [&](double x) { return 0.5 * std::erfc((mean - x) / width); };
    counts.assign(chances.size() + 1, 0);
    for (std::size_t k = 0; k < counts.size(); ++k) {
      const auto x = static_cast<double>(k);
      counts[k] = below(x + 0.5) - (k > 0 ? below(x - 0.5) : 0);
    }
    return counts;
  }
  counts.reserve(chances.size() + 1);
  for (const double chance : chances) {
    counts.push_back(0);
    for (std::size_t k = counts.size() - 1; k > 0; --k) counts[k] = counts[k] * (1 - chance) + counts[k - 1] * chance;
    counts[0] *= 1 - chance;
  }
  return counts;
}

/// Ranks (1 is the greatest value) that hold each true value with a chance of 90 %. O(keys^2), at most O(300 keys^2).
[[nodiscard]] inline std::vector<RankInterval> rank_intervals(const std::vector<Mixture>& posteriors) {
  constexpr int nodes = 15;
  constexpr double tail = 0.05;
  std::vector<Mixture> single;  // one part each, of the same mean and variance
  std::vector<std::pair<double, double>> centre_and_width;
  for (const Mixture& posterior : posteriors) {
    single.emplace_back(posterior.family(), std::vector<Part>{posterior.collapsed()});
    centre_and_width.emplace_back(posterior.mean(), std::sqrt(posterior.variance()));
  }
  std::vector<RankInterval> ranks(posteriors.size());
  std::vector<double> open;
  std::vector<double> sums(posteriors.size());
  for (std::size_t i = 0; i < posteriors.size(); ++i) {
    sums.assign(posteriors.size(), 0);
    for (int node = 0; node < nodes; ++node) {
      const double value = posteriors[i].quantile((node + 0.5) / nodes);
      std::size_t sure = 0;
      open.clear();
      for (std::size_t j = 0; j < posteriors.size(); ++j) {
        if (j == i) continue;
        const auto [centre, width] = centre_and_width[j];
        if (value > centre + 40 * width) continue;
        const double above = single[j].above(value);
        if (above > 1 - 1e-9) {
          ++sure;
        } else if (above > 1e-9) {
          open.push_back(above);
        }
      }
      const std::vector<double> counts = number_of_successes(open);
      for (std::size_t k = 0; k < counts.size(); ++k) sums[sure + k] += counts[k] / nodes;
    }
    double sum = 0;
    std::size_t rank = 0;
    while (rank + 1 < sums.size() && sum + sums[rank] < tail) sum += sums[rank++];
    ranks[i].low = static_cast<std::int64_t>(rank) + 1;
    while (rank + 1 < sums.size() && sum + sums[rank] < 1 - tail) sum += sums[rank++];
    ranks[i].high = static_cast<std::int64_t>(rank) + 1;
  }
  return ranks;
}

}  // namespace dealtrail::evidence::detail
