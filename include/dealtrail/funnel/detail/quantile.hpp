#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace dealtrail::detail {

// A part of the way through sorted numbers, between the two next to it.
[[nodiscard]] inline std::optional<double> quantile_of(const std::vector<std::int64_t>& sorted, double part) {
  if (sorted.empty()) return std::nullopt;
  const double place = part * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  const auto under = static_cast<double>(sorted[low]);
  return under + (place - static_cast<double>(low)) * (static_cast<double>(sorted[high]) - under);
}

}  // namespace dealtrail::detail
