#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "dealtrail/core/detail/int128.hpp"

// The counts of a Markov chain as they are kept: sparse, and group by group.
namespace dealtrail::detail {

// The last touches of a journey that a chain remembers, the latest last: places of channels from 1, 0 where there are
// fewer touches. The first window of all is of no touches: the start.
using MarkovWindow = std::array<std::uint32_t, 4>;

struct MarkovStep {
  std::uint32_t from = 0;  // places of windows
  std::uint32_t to = 0;
  std::int64_t weight = 0;
  friend bool operator==(const MarkovStep&, const MarkovStep&) = default;
};

struct MarkovEnd {
  std::uint32_t window = 0;
  std::int64_t conversions = 0;
  std::int64_t nulls = 0;
  int128 value = 0;  // of the conversions
  friend bool operator==(const MarkovEnd&, const MarkovEnd&) = default;
};

struct MarkovTotals {
  std::int64_t journeys = 0;
  std::int64_t conversions = 0;
  int128 value = 0;
  friend bool operator==(const MarkovTotals&, const MarkovTotals&) = default;
};

struct MarkovGroup {
  std::vector<MarkovStep> steps{};  // by (from, to), those from the start first
  std::vector<MarkovEnd> ends{};    // by window
  MarkovTotals all{};
  MarkovTotals unattributed{};  // journeys of no touches
  friend bool operator==(const MarkovGroup&, const MarkovGroup&) = default;
};

// Journeys that a channel is in.
struct MarkovPresence {
  std::int64_t journeys = 0;
  std::int64_t converting = 0;
  friend bool operator==(const MarkovPresence&, const MarkovPresence&) = default;
};

}  // namespace dealtrail::detail
