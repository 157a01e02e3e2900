// engine
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "dealtrail/facts/kinds.hpp"

namespace dealtrail::detail {

/// The ids of the facts of one put or load: a bit per id of a kind, and a number for each fact without an id.
class BatchIds {
 public:
  /// True when no fact before it in the batch had this id.
  bool add(Kind kind, std::uint32_t row) {
    std::vector<bool>& seen = seen_[static_cast<std::size_t>(kind)];
    if (row >= seen.size()) seen.resize(std::size_t{row} + row / 2 + 64);
    if (seen[row]) return false;
    seen[row] = true;
    return true;
  }

  /// How many facts before it in the batch had this hash of their content.
  [[nodiscard]] std::int64_t next_ordinal(const std::string& hash) { return ordinals_[hash]++; }

 private:
  std::array<std::vector<bool>, kind_count> seen_{};
  std::map<std::string, std::int64_t> ordinals_{};
};

}  // namespace dealtrail::detail
