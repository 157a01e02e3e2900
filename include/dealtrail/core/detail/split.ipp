#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/split.hpp"

namespace dealtrail {

namespace detail {

template <class Wide>
struct SplitRemainder {
  Wide remainder;  // no initializers: the scratch is written before it is read, and clearing 64 of them costs more than
                   // a small split
  std::size_t index;
};

// Gives each part the whole units it is owed, and one more to the `left` parts with the greatest remainders.
template <class Wide>
void split_by_largest_remainder(std::uint64_t magnitude, bool negative, std::span<const std::uint64_t> weights,
                                Wide weight_sum, std::span<std::int64_t> parts,
                                std::span<SplitRemainder<Wide>> remainders) {
  const auto signed_part = [negative](std::uint64_t part) {
    return static_cast<std::int64_t>(negative ? 0 - part : part);  // 2^63 stays exact as a negative part
  };
  std::uint64_t left = magnitude;
  std::size_t used = 0;
  for (std::size_t i = 0; i < weights.size(); ++i) {
    const uint128 product = static_cast<uint128>(magnitude) * weights[i];
    std::uint64_t whole = 0;
    Wide remainder = 0;
    if (product <= std::numeric_limits<std::uint64_t>::max() &&
        weight_sum <= std::numeric_limits<std::uint64_t>::max()) {
      const auto narrow = static_cast<std::uint64_t>(product);  // one machine division instead of a library call
      const auto divisor = static_cast<std::uint64_t>(weight_sum);
      whole = narrow / divisor;
      remainder = narrow % divisor;
    } else {
      const uint128 quotient = product / weight_sum;
      whole = static_cast<std::uint64_t>(quotient);
      remainder = static_cast<Wide>(product - quotient * weight_sum);
    }
    parts[i] = signed_part(whole);
    left -= whole;
    if (remainder != 0) remainders[used++] = {remainder, i};
  }
  if (left == 0) return;
  // The remainders add up to left * weight_sum, each is less than weight_sum: there are more of them than `left`.
  const auto first = remainders.begin();
  std::nth_element(first, first + static_cast<std::ptrdiff_t>(left), first + static_cast<std::ptrdiff_t>(used),
                   [](const auto& one, const auto& other) {
                     return one.remainder != other.remainder ? one.remainder > other.remainder
                                                             : one.index < other.index;
                   });
  for (std::size_t k = 0; k < left; ++k) parts[remainders[k].index] += negative ? -1 : 1;
}

template <class Wide>
void split_with_scratch(std::uint64_t magnitude, bool negative, std::span<const std::uint64_t> weights, Wide weight_sum,
                        std::span<std::int64_t> parts) {
  constexpr std::size_t small = 64;
  if (weights.size() <= small) {
    std::array<SplitRemainder<Wide>, small> scratch;
    split_by_largest_remainder<Wide>(magnitude, negative, weights, weight_sum, parts, scratch);
  } else {
    std::vector<SplitRemainder<Wide>> scratch(weights.size());
    split_by_largest_remainder<Wide>(magnitude, negative, weights, weight_sum, parts, scratch);
  }
}

}  // namespace detail

DEALTRAIL_INLINE void split_into(std::int64_t total, std::span<const std::uint64_t> weights,
                                 std::span<std::int64_t> parts) {
  if (weights.empty()) throw Error(ErrorCode::invalid_argument, "split needs at least one weight");
  if (parts.size() != weights.size()) {
    throw Error(ErrorCode::invalid_argument, "split has " + std::to_string(weights.size()) + " weights but room for " +
                                                 std::to_string(parts.size()) + " parts");
  }
  detail::uint128 weight_sum = 0;
  bool equal = true;
  for (const std::uint64_t weight : weights) {
    weight_sum += weight;
    equal &= weight == weights.front();
  }
  if (weight_sum == 0) throw Error(ErrorCode::invalid_argument, "split needs a weight above zero");
  if (weights.size() == 1) {
    parts[0] = total;
    return;
  }
  const bool negative = total < 0;
  const auto magnitude = negative ? 0 - static_cast<std::uint64_t>(total) : static_cast<std::uint64_t>(total);
  if (equal) {  // all remainders tie, so the odd units go to the first parts
    const std::uint64_t each = magnitude / weights.size();
    const std::uint64_t odd = magnitude % weights.size();
    for (std::size_t i = 0; i < parts.size(); ++i) {
      const std::uint64_t part = each + (i < odd ? 1 : 0);
      parts[i] = static_cast<std::int64_t>(negative ? 0 - part : part);
    }
    return;
  }
  if (weight_sum <= std::numeric_limits<std::uint64_t>::max()) {
    detail::split_with_scratch<std::uint64_t>(magnitude, negative, weights, static_cast<std::uint64_t>(weight_sum),
                                              parts);
  } else {
    detail::split_with_scratch<detail::uint128>(magnitude, negative, weights, weight_sum, parts);
  }
}

DEALTRAIL_INLINE std::vector<std::int64_t> split(std::int64_t total, std::span<const std::uint64_t> weights) {
  std::vector<std::int64_t> parts(weights.size());
  split_into(total, weights, parts);
  return parts;
}

DEALTRAIL_INLINE std::vector<Money> split(const Money& total, std::span<const std::uint64_t> weights) {
  const auto minors = split(total.minor, weights);
  std::vector<Money> parts;
  parts.reserve(minors.size());
  for (const std::int64_t minor : minors) parts.push_back({minor, total.currency});
  return parts;
}

}  // namespace dealtrail
