#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>

#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

/// A figure with the interval that holds the truth in 95 of 100 such samples: low <= value <= high.
struct Estimate {
  double value = 0;
  double low = 0;
  double high = 0;
  friend bool operator==(const Estimate&, const Estimate&) = default;
};

/// The share `wins / trials` with its Wilson score interval at 95 % (no continuity correction): honest for a test
/// channel after three placements, too, and never outside [0, 1]. Nothing for no trials. Deterministic on the same
/// build. Source: Wilson (1927), JASA 22, 209-212; checked against table I of Newcombe (1998), Statistics in Medicine
/// 17, 857-872.
/// @throws Error invalid_argument unless 0 <= wins <= trials.
[[nodiscard]] inline std::optional<Estimate> wilson(std::int64_t wins, std::int64_t trials) {
  if (wins < 0 || wins > trials) {
    throw Error(ErrorCode::invalid_argument,
                "wins outside 0 to trials: " + std::to_string(wins) + " of " + std::to_string(trials));
  }
  if (trials == 0) return std::nullopt;
  constexpr double z = 1.959963984540054;  // 97.5 % point of the standard normal distribution
  const auto n = static_cast<double>(trials);
  const double share = static_cast<double>(wins) / n;
  const double shrink = 1 / (1 + z * z / n);
  const double centre = (share + z * z / (2 * n)) * shrink;
  const double half = z * detail::square_root(share * (1 - share) / n + z * z / (4 * n * n)) * shrink;
  // At the ends the interval touches 0 or 1 exactly; rounding must not move it past the share.
  return Estimate{share, wins == 0 ? 0 : std::clamp(centre - half, 0.0, share),
                  wins == trials ? 1 : std::clamp(centre + half, share, 1.0)};
}

}  // namespace dealtrail
