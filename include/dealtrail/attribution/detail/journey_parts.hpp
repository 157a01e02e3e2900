#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/touch_weights.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::detail {

// Journeys divided by a rule: what each touch has of one conversion. Its value is the same part of the journey's value,
// exactly. The one place where rule models divide, so that sums by channel and rows by touch are the same numbers.
class JourneyParts {
 public:
  JourneyParts(const Journeys& journeys, const CreditRule& rule, const TouchWeights& weights)
      : channels_(journeys.channels().size()), rule_(rule), weights_(weights), parts_(longest_kept + 1) {}

  // Calls `give(touch, units of one conversion)` for the touches of a journey of one touch or more; those that are
  // passed over have nothing. The units of a journey add up to one conversion. A channel that is credited in full is so
  // at its first touch.
  template <class Give>
  void divide(std::size_t journey, std::span<const std::uint32_t> path, Give&& give) {
    if (rule_.shape == CreditRule::Shape::in_full) {
      ++full_stamp_;
      if (full_.empty()) full_.resize(channels_);
      for (std::size_t touch = 0; touch < path.size(); ++touch) {
        if (full_[path[touch]] == full_stamp_) continue;
        full_[path[touch]] = full_stamp_;
        give(touch, units_per_conversion);
      }
      return;
    }
    if (path.size() == 1) return give(std::size_t{0}, units_per_conversion);
    if (rule_.shape == CreditRule::Shape::one_touch) return give(weights_.only(path), units_per_conversion);
    const auto parts = parts_of(journey, path.size());
    for (std::size_t touch = 0; touch < path.size(); ++touch) give(touch, parts[touch]);
  }

 private:
  static constexpr std::size_t longest_kept = 64;

  // One conversion divided by the weights of the touches of a journey.
  std::span<const std::int64_t> parts_of(std::size_t journey, std::size_t touches) {
    const bool keep = weights_.by_length() && touches <= longest_kept;
    auto& parts = parts_[keep ? touches : 0];
    if (!keep || parts.empty()) {
      touch_weights_.resize(touches);
      parts.resize(touches);
      weights_.fill(journey, touch_weights_);
      split_into(units_per_conversion, touch_weights_, parts);
    }
    return parts;
  }

  std::size_t channels_;
  const CreditRule& rule_;
  const TouchWeights& weights_;
  std::vector<std::uint64_t> full_{};  // the last journey that credited the channel in full, counted from 1
  std::uint64_t full_stamp_ = 0;
  std::vector<std::vector<std::int64_t>> parts_;  // by number of touches
  std::vector<std::uint64_t> touch_weights_{};
};

}  // namespace dealtrail::detail
