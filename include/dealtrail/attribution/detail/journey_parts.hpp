#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/touch_weights.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::detail {

// Journeys divided by a rule: what each touch has of a conversion and of the value. The one place where rule models
// divide, so that sums by channel and rows by touch are the same whole numbers.
class JourneyParts {
 public:
  JourneyParts(const Journeys& journeys, const CreditRule& rule, const TouchWeights& weights)
      : channels_(journeys.channels().size()),
        rule_(rule),
        weights_(weights),
        conversion_parts_(longest_kept + 1),
        length_weights_(longest_kept + 1) {}

  // Calls `give(touch, units of one conversion, value)` for the touches of a journey of one touch or more; those that
  // are passed over have nothing. A channel that is credited in full is so at its first touch.
  template <class Give>
  void divide(std::size_t journey, std::span<const std::uint32_t> path, std::int64_t value, Give&& give) {
    if (rule_.shape == CreditRule::Shape::in_full) {
      ++full_stamp_;
      if (full_.empty()) full_.resize(channels_);
      for (std::size_t touch = 0; touch < path.size(); ++touch) {
        if (full_[path[touch]] == full_stamp_) continue;
        full_[path[touch]] = full_stamp_;
        give(touch, units_per_conversion, value);
      }
      return;
    }
    if (path.size() == 1) return give(std::size_t{0}, units_per_conversion, value);
    if (rule_.shape == CreditRule::Shape::one_touch) return give(weights_.only(path), units_per_conversion, value);
    const auto [weights, parts] = parts_of(journey, path.size());
    if (value == 0) {
      for (std::size_t touch = 0; touch < path.size(); ++touch) give(touch, parts[touch], std::int64_t{0});
      return;
    }
    value_parts_.resize(path.size());
    split_into(value, weights, value_parts_);
    for (std::size_t touch = 0; touch < path.size(); ++touch) give(touch, parts[touch], value_parts_[touch]);
  }

 private:
  static constexpr std::size_t longest_kept = 64;

  // The weights of the touches of a journey and one conversion divided by them.
  std::pair<std::span<const std::uint64_t>, std::span<const std::int64_t>> parts_of(std::size_t journey,
                                                                                    std::size_t touches) {
    const bool keep = weights_.by_length() && touches <= longest_kept;
    auto& weights = length_weights_[keep ? touches : 0];
    auto& parts = conversion_parts_[keep ? touches : 0];
    if (!keep || weights.empty()) {
      weights.resize(touches);
      parts.resize(touches);
      weights_.fill(journey, weights);
      split_into(units_per_conversion, weights, parts);
    }
    return {weights, parts};
  }

  std::size_t channels_;
  const CreditRule& rule_;
  const TouchWeights& weights_;
  std::vector<std::uint64_t> full_{};  // the last journey that credited the channel in full, counted from 1
  std::uint64_t full_stamp_ = 0;
  std::vector<std::vector<std::int64_t>> conversion_parts_;  // by number of touches
  std::vector<std::vector<std::uint64_t>> length_weights_;
  std::vector<std::int64_t> value_parts_{};
};

}  // namespace dealtrail::detail
