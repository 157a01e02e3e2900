#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/half_life.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::detail {

// A rule made ready for some journeys: the weight of each touch of one.
class TouchWeights {
 public:
  TouchWeights(const Journeys& journeys, const CreditRule& rule)
      : journeys_(journeys),
        rule_(rule),
        half_life_(static_cast<std::uint64_t>(std::max<std::int64_t>(rule.half_life_us, 1))) {
    if (rule.shape == CreditRule::Shape::decay && !journeys.has_times() && journeys.size() > 0) {
      throw Error(ErrorCode::invalid_argument, rule.model + " needs the times of touches", {},
                  "make the journeys of touches, not of paths");
    }
    for (const std::string& name : rule.except) {
      const auto found = std::find(journeys.channels().begin(), journeys.channels().end(), name);
      if (found == journeys.channels().end()) continue;
      excepted_.resize(journeys.channels().size());
      excepted_[static_cast<std::size_t>(found - journeys.channels().begin())] = true;
    }
    for (const CreditRule::Milestone& milestone : rule.milestones)
      milestone_places_.push_back(place_of(milestone.name));
  }

  // Whether all journeys of one length have the same weights.
  [[nodiscard]] bool by_length() const noexcept { return rule_.shape == CreditRule::Shape::by_position; }

  // The one touch that has all, of two touches or more.
  [[nodiscard]] std::size_t only(std::span<const std::uint32_t> path) const noexcept {
    if (!rule_.last) return first_not_excepted(path);
    for (std::size_t touch = path.size(); touch-- > 0;) {
      if (excepted_.empty() || !excepted_[path[touch]]) return touch;
    }
    return path.size() - 1;
  }

  // A weight for each touch of a journey of two touches or more; one at least is above zero.
  void fill(std::size_t journey, std::span<std::uint64_t> weights) const {
    switch (rule_.shape) {
      case CreditRule::Shape::by_position: return by_position(weights);
      case CreditRule::Shape::decay: return decay(journeys_.times_us(journey), weights);
      case CreditRule::Shape::milestones: return by_milestone(journey, weights);
      default: std::fill(weights.begin(), weights.end(), 1);
    }
  }

 private:
  static constexpr std::size_t first_touch = static_cast<std::size_t>(-1);
  static constexpr std::size_t last_touch = static_cast<std::size_t>(-2);

  [[nodiscard]] std::size_t place_of(const std::string& name) const {
    if (name == "first") return first_touch;
    if (name == "last") return last_touch;
    const auto& known = journeys_.columns().milestones;
    const auto found = std::find(known.begin(), known.end(), name);
    if (found != known.end()) return static_cast<std::size_t>(found - known.begin());
    if (journeys_.size() == 0) return first_touch;
    std::string names = "first, last";
    for (const std::string& one : known) names += ", " + one;
    throw Error(ErrorCode::invalid_argument,
                rule_.model + " needs the milestone " + name + ", which these journeys do not know", {},
                "they know " + names);
  }

  [[nodiscard]] std::size_t first_not_excepted(std::span<const std::uint32_t> path) const noexcept {
    for (std::size_t touch = 0; touch < path.size(); ++touch) {
      if (excepted_.empty() || !excepted_[path[touch]]) return touch;
    }
    return 0;
  }

  void by_position(std::span<std::uint64_t> weights) const {
    const std::size_t touches = weights.size();
    const std::uint64_t first = rule_.first_share;
    const std::uint64_t middle = rule_.middle_share;
    const std::uint64_t last = rule_.last_share;
    if (first + middle + last == 0) {
      std::fill(weights.begin(), weights.end(), 1);
    } else if (touches == 2) {
      const bool halve = rule_.two == CreditRule::TwoTouches::halve_middle || first + last == 0;
      weights[0] = halve ? 2 * first + middle : first;
      weights[1] = halve ? 2 * last + middle : last;
    } else {
      const std::uint64_t others = touches - 2;
      std::fill(weights.begin(), weights.end(), middle);
      weights.front() = first * others;
      weights.back() = last * others;
    }
  }

  // Ages count from the last touch: shares are the same from any later moment.
  void decay(std::span<const std::int64_t> times, std::span<std::uint64_t> weights) const {
    for (std::size_t touch = 0; touch < weights.size(); ++touch) {
      weights[touch] =
          half_life_.weight(static_cast<std::uint64_t>(times.back()) - static_cast<std::uint64_t>(times[touch]));
    }
  }

  void by_milestone(std::size_t journey, std::span<std::uint64_t> weights) const {
    std::fill(weights.begin(), weights.end(), 0);
    std::size_t others = weights.size();
    for (std::size_t k = 0; k < milestone_places_.size(); ++k) {
      const std::uint64_t share = rule_.milestones[k].share;
      const auto touch = touch_at(journey, milestone_places_[k], weights.size());
      if (!touch || share == 0) continue;
      if (weights[*touch] == 0) --others;
      weights[*touch] += share;
    }
    if (others == weights.size()) {  // no milestone has a touch
      std::fill(weights.begin(), weights.end(), 1);
    } else if (others > 0) {
      for (std::uint64_t& weight : weights) weight = weight == 0 ? rule_.rest_share : weight * others;
    }
  }

  // The closest touch at or before a milestone.
  [[nodiscard]] std::optional<std::size_t> touch_at(std::size_t journey, std::size_t place, std::size_t touches) const {
    if (place == first_touch) return 0;
    if (place == last_touch) return touches - 1;
    const std::int64_t at = journeys_.columns().milestone_at[place][journey];
    if (at == std::numeric_limits<std::int64_t>::min()) return std::nullopt;  // not reached
    const auto times = journeys_.times_us(journey);
    const auto after = std::upper_bound(times.begin(), times.end(), at) - times.begin();
    if (after == 0) return std::nullopt;
    return static_cast<std::size_t>(after) - 1;
  }

  const Journeys& journeys_;
  const CreditRule& rule_;
  HalfLife half_life_;
  std::vector<std::uint8_t> excepted_{};
  std::vector<std::size_t> milestone_places_{};
};

}  // namespace dealtrail::detail
