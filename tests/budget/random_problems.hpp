#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include <rapidcheck.h>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/core/random.hpp"

// Random problems of allocation, and the slow and obvious way to solve those on a grid.
namespace dealtrail::budget::testing {

[[nodiscard]] inline double between(Random& random, double least, double most) {
  return least + (most - least) * random.uniform_real();
}

/// A curve whose corners are whole numbers of money.
[[nodiscard]] inline Curve corner_curve(Random& random) {
  switch (random.index(4)) {
    case 0: return Curve::linear(between(random, 0.1, 3)).with_fee(static_cast<double>(random.uniform_int(0, 5)));
    case 1: {
      std::vector<Tier> tiers;
      const auto count = random.uniform_int(1, 3);
      for (std::int64_t i = 0; i < count; ++i)
        tiers.push_back({.price = static_cast<double>(random.uniform_int(1, 4)),
                         .units = static_cast<double>(random.uniform_int(1, 6))});
      return Curve::tiers(tiers);
    }
    case 2: {
      std::vector<CurvePoint> packages;
      double money = 0;
      double response = 0;
      const auto count = random.uniform_int(1, 4);
      for (std::int64_t i = 0; i < count; ++i) {
        money += static_cast<double>(random.uniform_int(1, 9));
        response += between(random, 0.5, 9);
        packages.push_back({money, response});
      }
      return Curve::packages(std::move(packages));
    }
    default: {
      std::vector<CurvePoint> points{{0, 0}};
      const auto count = random.uniform_int(1, 4);
      for (std::int64_t i = 0; i < count; ++i)
        points.push_back({points.back().money + static_cast<double>(random.uniform_int(1, 9)),
                          points.back().response + between(random, 0, 9)});
      return Curve::piecewise(std::move(points), random.chance(0.3) ? between(random, 0, 1) : 0);
    }
  }
}

[[nodiscard]] inline Curve concave_curve(Random& random, double money = 1) {
  const double scale = between(random, 5, 100);
  const double unit = between(random, 5, 80) * money;
  switch (random.index(7)) {
    case 0: return Curve::log(scale, unit);
    case 1: return Curve::power(scale, between(random, 0.2, 0.9));
    case 2: return Curve::exponential(scale, unit);
    case 3: return Curve::michaelis_menten(scale, unit);
    case 4: return Curve::logistic(scale, unit);
    case 5: return Curve::tanh(scale, unit);
    default: return Curve::hill(scale, unit, between(random, 0.4, 1));
  }
}

[[nodiscard]] inline Curve smooth_curve(Random& random) {
  if (random.chance(0.3)) return concave_curve(random);
  Curve curve = Curve::hill(between(random, 5, 100), between(random, 5, 80), between(random, 1.05, 5));
  return random.chance(0.2) ? curve.with_fee(between(random, 1, 10)) : curve;
}

[[nodiscard]] inline rc::Gen<Curve> any_curve() {
  return rc::gen::map(rc::gen::arbitrary<std::uint64_t>(), [](std::uint64_t seed) {
    Random random{seed};
    return random.chance(0.5) ? smooth_curve(random) : corner_curve(random);
  });
}

[[nodiscard]] inline std::string name_of(std::size_t i) { return "channel" + std::to_string(i); }

/// The most response by integer dynamic programming: money in whole units of `step`.
[[nodiscard]] inline double best_on_grid(const std::vector<Channel>& channels, int units, double step) {
  constexpr double never = -std::numeric_limits<double>::infinity();
  std::vector<double> best(static_cast<std::size_t>(units) + 1, 0);
  for (const Channel& channel : channels) {
    std::vector<double> next(best.size(), never);
    for (std::size_t spent = 0; spent < best.size(); ++spent) {
      if (best[spent] == never) continue;
      for (std::size_t x = 0; spent + x < best.size(); ++x) {
        const double money = static_cast<double>(x) * step;
        if (money < channel.least.value_or(0) || money > channel.most.value_or(1e300)) continue;
        if (money > 0 && money < channel.least_if_used.value_or(0)) continue;
        next[spent + x] = std::max(next[spent + x], best[spent] + channel.curve.value(money));
      }
    }
    best = std::move(next);
  }
  return *std::max_element(best.begin(), best.end());
}

/// The least money on the grid for a response; infinite when there is none.
[[nodiscard]] inline double least_on_grid(const std::vector<Channel>& channels, int units, double step,
                                          double response) {
  for (int spent = 0; spent <= units; ++spent) {
    if (best_on_grid(channels, spent, step) >= response) return spent * step;
  }
  return std::numeric_limits<double>::infinity();
}

}  // namespace dealtrail::budget::testing
