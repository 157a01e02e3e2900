#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

// Every rate of return of dated flows.
namespace dealtrail::finance::detail {

// A flow on the way: years after the first, and its weight.
struct WeightedFlow {
  double years = 0;
  double weight = 0;
};

inline constexpr std::int64_t most_sign_changes = 16;

[[nodiscard]] inline std::int64_t sign_changes(std::span<const WeightedFlow> flows) noexcept {
  std::int64_t changes = 0;
  for (std::size_t i = 1; i < flows.size(); ++i) changes += (flows[i].weight < 0) != (flows[i - 1].weight < 0) ? 1 : 0;
  return changes;
}

// The value of the flows at s = ln(1 + rate) as a share of its largest term; 0 where it is no more than noise.
[[nodiscard]] inline double relative_value(std::span<const WeightedFlow> flows, double s) noexcept {
  const double shift = s > 0 ? -s * flows.front().years : -s * flows.back().years;
  double sum = 0;
  double size = 0;
  for (const WeightedFlow& one : flows) {
    const double term = one.weight * std::exp(-s * one.years - shift);
    sum += term;
    size += std::fabs(term);
  }
  return std::fabs(sum) <= size * 1e-13 ? 0 : sum;
}

[[nodiscard]] inline double root_between(std::span<const WeightedFlow> flows, double low, double high) noexcept {
  const bool rises = relative_value(flows, low) < 0;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2;
    if (middle <= low || middle >= high) break;
    const double value = relative_value(flows, middle);
    if (value == 0) return middle;
    ((value < 0) == rises ? low : high) = middle;
  }
  return low + (high - low) / 2;
}

// Roots in s, rising. Weights times (c - years), with c inside a change of sign, have one change less, and between two
// roots of theirs the value times e^(s c) only rises or only falls (the proof of Descartes' rule). No weight is zero.
[[nodiscard]] inline std::vector<double> roots_of_value(std::vector<WeightedFlow> flows, double low, double high) {
  const auto change = std::adjacent_find(flows.begin(), flows.end(), [](const WeightedFlow& l, const WeightedFlow& r) {
    return (l.weight < 0) != (r.weight < 0);
  });
  if (change == flows.end()) return {};
  const double between = change->years + ((change + 1)->years - change->years) / 2;
  std::vector<WeightedFlow> next = flows;
  double largest = 0;
  for (WeightedFlow& one : next) {
    one.weight *= between - one.years;
    largest = std::max(largest, std::fabs(one.weight));
  }
  for (WeightedFlow& one : next) one.weight /= largest;
  std::vector<double> ends = roots_of_value(std::move(next), low, high);
  ends.insert(ends.begin(), low);
  ends.push_back(high);
  std::vector<double> roots;
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const double value = relative_value(flows, ends[i]);
    if (value == 0) {
      if (roots.empty() || ends[i] > roots.back()) roots.push_back(ends[i]);
    } else if (i + 1 < ends.size()) {
      const double after = relative_value(flows, ends[i + 1]);
      if (after != 0 && (value < 0) != (after < 0)) roots.push_back(root_between(flows, ends[i], ends[i + 1]));
    }
  }
  return roots;
}

}  // namespace dealtrail::finance::detail
