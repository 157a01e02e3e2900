#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/core/random.hpp"

#include "support/touch_rows.hpp"

namespace dealtrail::testing {

// A subject with all touches: one row of the law tests, whose states are made of journeys.
[[nodiscard]] inline std::vector<TouchRow> random_subject(Random& random) {
  std::vector<TouchRow> touches;
  const std::string subject = "s" + std::to_string(random.uniform_int(0, 1'000'000'000));
  for (std::int64_t left = random.uniform_int(1, 5); left > 0; --left) {
    const bool won = random.chance(0.3);
    touches.push_back({subject, random.uniform_int(0, 50), std::string(1, static_cast<char>('a' + random.index(5))),
                       won ? 1 : 0, won ? random.uniform_int(-5, 1000) : 0});
  }
  return touches;
}
[[nodiscard]] inline Journeys journeys_of_subjects(std::span<const std::vector<TouchRow>> subjects) {
  std::vector<TouchRow> touches;
  for (const auto& subject : subjects) touches.insert(touches.end(), subject.begin(), subject.end());
  return journeys_of(touches);
}

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
