#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "dealtrail/core/random.hpp"

#include "support/touch_rows.hpp"

namespace dealtrail::testing {

// Subjects with one to six touches on so many channels; a fifth of the touches convert.
[[nodiscard]] inline std::vector<TouchRow> random_touches(Random& random, std::int64_t subjects, std::size_t channels) {
  std::vector<TouchRow> rows;
  for (std::int64_t subject = 0; subject < subjects; ++subject) {
    for (std::int64_t left = random.uniform_int(1, 6); left > 0; --left) {
      const bool won = random.chance(0.2);
      rows.push_back({"s" + std::to_string(subject), random.uniform_int(0, 1000),
                      "c" + std::to_string(100 + random.index(channels)), won ? 1 : 0,
                      won ? random.uniform_int(0, 10'000) : 0});
    }
  }
  return rows;
}

}  // namespace dealtrail::testing
