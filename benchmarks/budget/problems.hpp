#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/core/random.hpp"

// Seeded families of problems for the benchmarks of room budget.
namespace dealtrail::budget::bench {

enum class Family : std::uint8_t { exponential, concave_hill, mixed_hill, s_hill };

[[nodiscard]] inline std::vector<Channel> family(Family family, std::size_t n, std::uint64_t seed) {
  Random random{seed};
  std::vector<Channel> channels;
  for (std::size_t i = 0; i < n; ++i) {
    const double scale = 10 + 90 * random.uniform_real();
    const double unit = 1'000 * (10 + 90 * random.uniform_real());
    const double part = random.uniform_real();
    Curve curve = Curve::exponential(scale, unit);
    if (family == Family::concave_hill) curve = Curve::hill(scale, unit, 1);
    if (family == Family::mixed_hill) curve = Curve::hill(scale, unit, 0.5 + 2.5 * part);
    if (family == Family::s_hill) curve = Curve::hill(scale, unit, 1.2 + 3 * part);
    channels.push_back({.name = "channel" + std::to_string(i), .curve = curve});
  }
  return channels;
}

[[nodiscard]] inline double budget_of(std::size_t n) { return 20'000.0 * static_cast<double>(n); }

/// Announcements with packages of whole roubles.
[[nodiscard]] inline std::vector<Channel> announcements(std::size_t n, std::uint64_t seed) {
  Random random{seed};
  std::vector<Channel> channels;
  for (std::size_t i = 0; i < n; ++i) {
    std::vector<CurvePoint> packages;
    double money = 0;
    double response = 0;
    for (int k = 0; k < 3; ++k) {
      money += static_cast<double>(random.uniform_int(5'000, 60'000));
      response += 1 + 20 * random.uniform_real();
      packages.push_back({money, response});
    }
    channels.push_back({.name = "announcement" + std::to_string(i), .curve = Curve::packages(packages)});
  }
  return channels;
}

}  // namespace dealtrail::budget::bench
