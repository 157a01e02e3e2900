#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <unordered_map>
#include <vector>

#include "dealtrail/cohort/detail/spend_model.hpp"
#include "dealtrail/core/detail/beta_functions.hpp"

// The range of what the next purchases of a customer come to, in scales of the customer: gamma + repeats times mean.
//
// The chance of at most s scales is a mixture over the number of purchases of beta primes, which depend on the number
// of repeats alone. So they are told once at nodes of ln s, with their slopes; the mixture is searched at nodes, and
// between two of them it is the cubic that has its values and slopes.
namespace dealtrail::cohort::detail {

struct SpendRange {
  double low = 0;
  double high = 0;
};

class SpendRanges {
 public:
  SpendRanges(const SpendModel& model, std::int64_t repeats)
      : model_(model), repeats_(repeats), late_(model.q + model.p * static_cast<double>(repeats)) {
    // A tenth of the least deviation that ln s can have: then a cubic is off by some 1e-6 of it.
    step_ = std::min(0.125, 0.1 / std::sqrt(late_));
    near_ = static_cast<std::int64_t>(std::floor(std::log(model.p / late_) / step_));
  }
  [[nodiscard]] std::int64_t repeats() const noexcept { return repeats_; }

  /// The 5 % and 95 % points, given the chances of 0, 1, 2, ... purchases; [0, 90 %] where nothing at all has a chance
  /// of 5 % or more. Infinite where the tail has no end.
  [[nodiscard]] SpendRange of(std::span<const double> chances) {
    if (chances[0] >= 0.05) return {0.0, quantile(chances, 0.9)};
    return {quantile(chances, 0.05), quantile(chances, 0.95)};
  }

 private:
  // ln s = node * step.
  struct At {
    double chance = 0;
    double slope = 0;  // by ln s
  };
  static constexpr double least_log = -700;
  static constexpr double greatest_log = 300;
  static constexpr double least_chance = 1e-7;  // of a number of purchases that counts

  [[nodiscard]] At at(std::span<const double> chances, std::int64_t node) {
    std::vector<At>& parts = nodes_[node];
    if (parts.size() + 1 < chances.size()) {
      const double scales = std::exp(static_cast<double>(node) * step_);
      const double x = scales / (scales + 1);
      const double y = 1 / (scales + 1);
      for (std::size_t purchases = parts.size() + 1; purchases < chances.size(); ++purchases) {
        const double early = model_.p * static_cast<double>(purchases);
        parts.push_back({dealtrail::detail::incomplete_beta(early, late_, x, y).lower,
                         dealtrail::detail::beta_term(early, late_, x, y)});
      }
    }
    At sum{chances[0], 0};
    for (std::size_t purchases = 1; purchases < chances.size(); ++purchases) {
      if (!(chances[purchases] > least_chance)) continue;
      sum.chance += chances[purchases] * parts[purchases - 1].chance;
      sum.slope += chances[purchases] * parts[purchases - 1].slope;
    }
    return sum;
  }

  [[nodiscard]] double quantile(std::span<const double> chances, double part) {
    if (chances[0] >= part) return 0;
    // The nodes around it, `low` below and `high` not: steps that double, from where the one before was found.
    std::int64_t low = near_;
    std::int64_t high = near_ + 1;
    At above = at(chances, high);
    for (std::int64_t reach = 1; above.chance < part; reach *= 2) {
      if (static_cast<double>(high) * step_ > greatest_log) return HUGE_VAL;
      low = high;
      high += reach;
      above = at(chances, high);
    }
    At below = at(chances, low);
    for (std::int64_t reach = 1; !(below.chance < part); reach *= 2) {
      if (static_cast<double>(low) * step_ < least_log) return 0;
      high = low;
      above = below;
      low -= reach;
      below = at(chances, low);
    }
    while (high - low > 1) {
      const std::int64_t middle = low + (high - low) / 2;
      const At between = at(chances, middle);
      (between.chance < part ? low : high) = middle;
      (between.chance < part ? below : above) = between;
    }
    near_ = low;
    return std::exp((static_cast<double>(low) + inside(below, above, part)) * step_);
  }

  // Where, of 0 to 1, the cubic between two nodes has the value.
  [[nodiscard]] double inside(const At& below, const At& above, double part) const noexcept {
    const double rise = above.chance - below.chance;
    const double first = below.slope * step_;
    const double last = above.slope * step_;
    const auto cubic = [&](double u) {
      return below.chance + u * (first + u * ((3 * rise - 2 * first - last) + u * (first + last - 2 * rise)));
    };
    double from = 0;
    double to = 1;
    for (int halving = 0; halving < 40; ++halving) {
      const double middle = (from + to) / 2;
      (cubic(middle) < part ? from : to) = middle;
    }
    return (from + to) / 2;
  }

  SpendModel model_;
  std::int64_t repeats_;
  double late_;
  double step_ = 0;
  std::int64_t near_ = 0;
  std::unordered_map<std::int64_t, std::vector<At>> nodes_{};
};

}  // namespace dealtrail::cohort::detail
