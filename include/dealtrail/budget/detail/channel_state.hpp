#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include "dealtrail/budget/certificate.hpp"

// The concave envelope of one channel within limits, as an answer to prices of money: at a price p the money that makes
// envelope(x) - p x greatest. The envelope is a first amount, then chords to further amounts (levels), each reached
// when the price is below the slope of its chord; on a smooth curve the last level is followed by the curve itself.
namespace dealtrail::budget::detail {

class ChannelState {
 public:
  ChannelState() = default;
  ChannelState(const ProblemChannel& channel, std::int64_t least, std::int64_t most, double minors)
      : curve_(&channel.curve) {
    std::int64_t from = least;
    if (channel.least_if_used > 0 && least > 0) from = std::max(least, channel.least_if_used);
    first_ = static_cast<double>(from) / minors;
    most_ = static_cast<double>(most) / minors;
    last_ = first_;
    double start = first_;  // of the amounts above `first_`
    if (channel.least_if_used > 0 && least == 0) {
      if (most < channel.least_if_used) {
        most_ = first_;
        return;
      }
      start = static_cast<double>(channel.least_if_used) / minors;
    }
    if (most_ <= first_) return;
    if (curve_->has_corners()) {
      corners(start, minors);
    } else if (curve_->scale() > 0) {
      chords(start);
    }
  }

  [[nodiscard]] double first() const noexcept { return first_; }
  [[nodiscard]] double most() const noexcept { return most_; }
  /// True if the envelope differs from the curve somewhere, or prices lead to jumps.
  [[nodiscard]] bool has_levels() const noexcept { return !levels_.empty(); }
  [[nodiscard]] const Curve& curve() const noexcept { return *curve_; }

  /// The best amount at a price; of equal ones the least. Below 0 the greatest amount.
  [[nodiscard]] double at(double price) const noexcept {
    if (price < 0) return most_;
    double x = first_;
    for (const Level& level : levels_) {
      if (!(price < level.slope)) return x;
      x = level.money;
    }
    if (!smooth_) return x;
    return price > 0 ? std::clamp(curve_->inverse_slope(price), last_, most_) : most_;
  }

  /// The greatest price at which something happens, for a first guess.
  [[nodiscard]] double steepest() const noexcept {
    if (!levels_.empty()) return levels_.front().slope;
    if (!smooth_) return 0;
    const double slope = curve_->slope(first_);
    return std::isfinite(slope) ? slope : curve_->slope(first_ + 1e-3 * (most_ - first_));
  }
  /// A price of the middle, for a first guess.
  [[nodiscard]] double middle_price() const noexcept {
    return smooth_ ? curve_->slope(std::max(last_, 0.5 * (first_ + most_))) : steepest();
  }

 private:
  struct Level {
    double money = 0;
    double slope = 0;
  };

  void corners(double start, double minors) {
    std::vector<CurvePoint> hull{{first_, curve_->value(first_)}};
    const auto add = [&](double x) {
      const double y = curve_->value(x);
      while (hull.size() > 1) {
        const CurvePoint& last = hull.back();
        const CurvePoint& before = hull[hull.size() - 2];
        if ((y - last.response) * (last.money - before.money) < (last.response - before.response) * (x - last.money))
          break;
        hull.pop_back();
      }
      hull.push_back({x, y});
    };
    const bool jumps = curve_->kind() == CurveKind::packages;
    if (!jumps && start > first_) add(start);
    if (curve_->kind() == CurveKind::linear && curve_->fee() > start && curve_->fee() < most_) add(curve_->fee());
    for (const CurvePoint& point : curve_->points()) {
      const double x = jumps ? std::round(point.money * minors) / minors : point.money;
      if (x > first_ && (jumps ? x >= start && x <= most_ : x > start && x < most_)) add(x);
    }
    if (!jumps && most_ > hull.back().money) add(most_);
    for (std::size_t i = 1; i < hull.size(); ++i) {
      const double slope = (hull[i].response - hull[i - 1].response) / (hull[i].money - hull[i - 1].money);
      if (!(slope > 0)) break;
      levels_.push_back({hull[i].money, slope});
    }
  }

  // From `from` a chord to the amount with the greatest ratio, by Dinkelbach's iteration; the ratio only rises.
  [[nodiscard]] Level best_chord(double from, double start, double turn) const {
    const double base = curve_->value(from);
    const auto ratio = [&](double x) { return (curve_->value(x) - base) / (x - from); };
    Level best{most_, ratio(most_)};
    if (start > from) {
      if (const double r = ratio(start); r >= best.slope) best = {start, r};
    }
    if (turn >= most_) return best;
    for (int step = 0; step < 50 && best.slope > 0; ++step) {
      const double x = std::clamp(curve_->inverse_slope(best.slope), turn, most_);
      if (!(x > from)) break;
      const double r = ratio(x);
      if (!(r > best.slope)) break;
      const bool done = r - best.slope <= 4e-16 * r;
      best = {x, r};
      if (done) break;
    }
    return best;
  }

  // The chord from 0 to a hill, by its formula where that holds.
  [[nodiscard]] Level first_chord(double turn) const {
    if (curve_->kind() == CurveKind::hill && curve_->fee() == 0) {
      const double touch = curve_->unit() * std::pow(curve_->exponent() - 1, 1 / curve_->exponent());
      if (touch >= turn && touch < most_) return {touch, curve_->slope(touch)};
    }
    return best_chord(0, 0, turn);
  }

  void chords(double start) {
    const double turn = std::max(start, curve_->inflection());
    double from = first_;
    for (int count = 0; count < 2 && (turn > from || start > from); ++count) {
      const Level level = start > 0 || turn <= 0 ? best_chord(from, start, turn) : first_chord(turn);
      if (!(level.slope > 0)) return;
      levels_.push_back(level);
      from = level.money;
      if (from >= most_) return;
      start = from;
      if (from >= turn) break;
    }
    last_ = from;
    smooth_ = from < most_;
  }

  const Curve* curve_ = nullptr;
  double first_ = 0;
  double most_ = 0;
  double last_ = 0;  // where the smooth part begins
  bool smooth_ = false;
  std::vector<Level> levels_{};
};

}  // namespace dealtrail::budget::detail
