#pragma once

#include <algorithm>
#include <cmath>
#include <limits>
#include <numeric>
#include <string>
#include <utility>

#include "dealtrail/budget/curves.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::budget {
namespace detail {

[[nodiscard]] inline double checked_parameter(double number, CurveKind kind, const char* name, bool may_be_zero) {
  if (!std::isfinite(number) || number < 0 || (number == 0 && !may_be_zero)) {
    throw Error(ErrorCode::invalid_argument,
                "expected a " + std::string{may_be_zero ? "number from 0 on" : "number above 0"} + ", found " +
                    std::to_string(number),
                {std::string{to_string(kind)}, name, -1}, "use a finite parameter of the fitted curve");
  }
  return number;
}

// The money beyond `fee` at which the slope of a hill, on its concave part, is `slope`. In y = ln(u / half) the
// logarithm of the slope is concave and falls, so Newton's method from the right never passes the root.
[[nodiscard]] inline double hill_inverse_slope(double scale, double half, double power, double slope) noexcept {
  if (power == 1) return std::max(0.0, std::sqrt(scale * half / slope) - half);
  const double goal = std::log(slope) + std::log(half) - std::log(scale) - std::log(power);
  const double turn =
      power > 1 ? std::log((power - 1) / (power + 1)) / power : -std::numeric_limits<double>::infinity();
  if (power > 1) {  // steeper than the steepest point
    const double t = power * turn;
    if ((power - 1) * turn - 2 * std::log1p(std::exp(t)) <= goal) return half * std::exp(turn);
  }
  double y = std::min(-goal / (power + 1), -goal - 2 * 0.69314718055994531);
  if (power < 1) y = std::min(y, -goal / (1 - power));  // the asymptote on the left
  for (int step = 0; step < 60; ++step) {
    const double t = power * y;
    const double e = std::exp(-std::fabs(t));
    const double log_term = (t > 0 ? t : 0) + std::log1p(e);  // ln(1 + e^t)
    const double share = t > 0 ? 1 / (1 + e) : e / (1 + e);   // e^t / (1 + e^t)
    const double difference = (power - 1) * y - 2 * log_term - goal;
    const double gradient = (power - 1) - 2 * power * share;
    if (!(gradient < 0)) break;
    const double change = difference / gradient;
    const double next = std::max(y - change, turn);
    const bool done = std::fabs(next - y) <= 4e-16 * std::max(1.0, std::fabs(y));
    y = next;
    if (done || std::fabs(change) < 1e-9) break;  // the error of the next step is the square
  }
  return half * std::exp(y);
}

[[nodiscard]] inline double corner_value(std::span<const CurvePoint> points, double tail, double money) noexcept {
  const auto after = std::upper_bound(points.begin(), points.end(), money,
                                      [](double lhs, const CurvePoint& rhs) { return lhs < rhs.money; });
  if (after == points.begin()) return points.front().response;
  const CurvePoint& before = *(after - 1);
  if (after == points.end()) return before.response + tail * (money - before.money);
  return before.response +
         (after->response - before.response) * ((money - before.money) / (after->money - before.money));
}

[[nodiscard]] inline double corner_slope(std::span<const CurvePoint> points, double tail, double money) noexcept {
  const auto after = std::upper_bound(points.begin(), points.end(), money,
                                      [](double lhs, const CurvePoint& rhs) { return lhs < rhs.money; });
  if (after == points.end()) return tail;
  if (after == points.begin()) return 0;
  const CurvePoint& before = *(after - 1);
  return (after->response - before.response) / (after->money - before.money);
}

inline void check_points(const std::vector<CurvePoint>& points, CurveKind kind) {
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const CurvePoint& point = points[i];
    const std::string name{to_string(kind)};
    if (!std::isfinite(point.money) || point.money < 0) {
      throw Error(ErrorCode::invalid_argument, "expected money from 0 on, found " + std::to_string(point.money),
                  {name, "money", row}, "use amounts in major units");
    }
    if (!std::isfinite(point.response) || point.response < 0) {
      throw Error(ErrorCode::invalid_argument, "expected a response from 0 on, found " + std::to_string(point.response),
                  {name, "response", row}, "use a base for a response without money");
    }
  }
}

}  // namespace detail

DEALTRAIL_INLINE Curve::Curve(CurveKind kind, double scale, double unit, double exponent)
    : kind_(kind),
      scale_(detail::checked_parameter(scale, kind, "scale", true)),
      unit_(detail::checked_parameter(unit, kind, "unit", false)),
      exponent_(detail::checked_parameter(exponent, kind, "exponent", false)) {}

DEALTRAIL_INLINE Curve Curve::linear(double scale) { return {CurveKind::linear, scale, 1, 1}; }
DEALTRAIL_INLINE Curve Curve::log(double scale, double unit) { return {CurveKind::log, scale, unit, 1}; }
DEALTRAIL_INLINE Curve Curve::power(double scale, double exponent) {
  if (exponent > 1) {
    throw Error(ErrorCode::invalid_argument, "expected an exponent up to 1, found " + std::to_string(exponent),
                {"power", "exponent", -1}, "use hill for a curve that rises faster at first");
  }
  return {CurveKind::power, scale, 1, exponent};
}
DEALTRAIL_INLINE Curve Curve::exponential(double scale, double unit) {
  return {CurveKind::exponential, scale, unit, 1};
}
DEALTRAIL_INLINE Curve Curve::michaelis_menten(double scale, double half) {
  return {CurveKind::michaelis_menten, scale, half, 1};
}
DEALTRAIL_INLINE Curve Curve::logistic(double scale, double unit) { return {CurveKind::logistic, scale, unit, 1}; }
DEALTRAIL_INLINE Curve Curve::tanh(double scale, double unit) { return {CurveKind::tanh, scale, unit, 1}; }
DEALTRAIL_INLINE Curve Curve::hill(double scale, double half, double slope) {
  return {CurveKind::hill, scale, half, slope};
}

DEALTRAIL_INLINE Curve Curve::piecewise(std::vector<CurvePoint> points, double tail_slope) {
  detail::check_points(points, CurveKind::piecewise);
  const bool begins = points.empty() || points.front().money > 0;
  if (begins) points.insert(points.begin(), CurvePoint{});
  for (std::size_t i = 1; i < points.size(); ++i) {
    const bool rises = points[i].money > points[i - 1].money;
    if (rises && points[i].response >= points[i - 1].response) continue;
    throw Error(
        ErrorCode::invalid_argument,
        rises ? "expected a response of at least that of the point before, found " + std::to_string(points[i].response)
              : "expected more money than at the point before, found " + std::to_string(points[i].money),
        {"piecewise", rises ? "response" : "money", static_cast<std::int64_t>(i) - (begins ? 1 : 0)},
        "sort the points by money");
  }
  Curve curve{CurveKind::piecewise, tail_slope, 1, 1};
  curve.points_ = std::move(points);
  return curve;
}

DEALTRAIL_INLINE Curve Curve::tiers(std::span<const Tier> tiers) {
  std::vector<CurvePoint> points{CurvePoint{}};
  double tail = 0;
  for (std::size_t i = 0; i < tiers.size(); ++i) {
    const auto row = static_cast<std::int64_t>(i);
    const Tier& tier = tiers[i];
    if (!std::isfinite(tier.price) || tier.price <= 0) {
      throw Error(ErrorCode::invalid_argument, "expected a price above 0, found " + std::to_string(tier.price),
                  {"tiers", "price", row}, "use the price of one unit in major units");
    }
    if (!tier.units.has_value()) {
      if (i + 1 < tiers.size()) {
        throw Error(ErrorCode::invalid_argument, "expected the number of units of a tier before the last one",
                    {"tiers", "units", row}, "leave units out in the last tier only");
      }
      tail = 1 / tier.price;
      break;
    }
    if (!std::isfinite(*tier.units) || *tier.units <= 0) {
      throw Error(ErrorCode::invalid_argument, "expected units above 0, found " + std::to_string(*tier.units),
                  {"tiers", "units", row}, "use the number of units of this tier, not the running total");
    }
    points.push_back({points.back().money + tier.price * *tier.units, points.back().response + *tier.units});
  }
  return piecewise(std::move(points), tail);
}

DEALTRAIL_INLINE Curve Curve::packages(std::vector<CurvePoint> packages) {
  detail::check_points(packages, CurveKind::packages);
  std::vector<std::size_t> order(packages.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t lhs, std::size_t rhs) { return packages[lhs].money < packages[rhs].money; });
  std::vector<CurvePoint> kept{CurvePoint{}};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const CurvePoint& package = packages[order[i]];
    if (i > 0 && package.money == packages[order[i - 1]].money) {
      throw Error(ErrorCode::invalid_argument, "two packages cost the same: " + std::to_string(package.money),
                  {"packages", "money", static_cast<std::int64_t>(order[i])},
                  "leave the one with the smaller response out");
    }
    if (package.money == 0) {
      kept.front() = package;  // given away: then this is what no money brings
    } else if (package.response > kept.back().response) {
      kept.push_back(package);
    }
  }
  Curve curve{CurveKind::packages, 0, 1, 1};
  curve.points_ = std::move(kept);
  return curve;
}

DEALTRAIL_INLINE Curve Curve::with_fee(double fee) const {
  const double checked = detail::checked_parameter(fee, kind_, "fee", true);
  if (kind_ == CurveKind::packages) {
    throw Error(ErrorCode::invalid_argument, "packages have no fee", {"packages", "fee", -1},
                "add the fee to the cost of each package");
  }
  Curve curve = *this;
  curve.fee_ += checked;
  if (kind_ == CurveKind::piecewise && fee > 0) {
    for (CurvePoint& point : curve.points_) point.money += fee;
    curve.points_.insert(curve.points_.begin(), {0, curve.points_.front().response});
  }
  return curve;
}

DEALTRAIL_INLINE Curve Curve::with_base(double response) const {
  if (!std::isfinite(response)) {
    throw Error(ErrorCode::invalid_argument, "expected a finite base, found " + std::to_string(response),
                {std::string{to_string(kind_)}, "base", -1}, "use the response without any money");
  }
  Curve curve = *this;
  curve.base_ += response;
  return curve;
}

DEALTRAIL_INLINE double Curve::value(double money) const noexcept {
  const double u = std::max(0.0, money - fee_);
  switch (kind_) {
    case CurveKind::linear: return base_ + scale_ * u;
    case CurveKind::log: return base_ + scale_ * std::log1p(u / unit_);
    case CurveKind::power: return base_ + scale_ * std::pow(u, exponent_);
    case CurveKind::exponential: return base_ - scale_ * std::expm1(-u / unit_);
    case CurveKind::michaelis_menten: return base_ + scale_ * (u / (u + unit_));
    case CurveKind::logistic: return base_ + scale_ * std::tanh(u / (2 * unit_));
    case CurveKind::tanh: return base_ + scale_ * std::tanh(u / unit_);
    case CurveKind::hill: return u <= 0 ? base_ : base_ + scale_ / (1 + std::pow(unit_ / u, exponent_));
    case CurveKind::piecewise: return base_ + detail::corner_value(points_, scale_, std::max(0.0, money));
    case CurveKind::packages: {
      const auto after = std::upper_bound(points_.begin(), points_.end(), money,
                                          [](double lhs, const CurvePoint& rhs) { return lhs < rhs.money; });
      return base_ + (after == points_.begin() ? points_.front() : *(after - 1)).response;
    }
  }
  return base_;
}

DEALTRAIL_INLINE double Curve::slope(double money) const noexcept {
  if (kind_ == CurveKind::packages) return 0;
  if (kind_ == CurveKind::piecewise) return detail::corner_slope(points_, scale_, std::max(0.0, money));
  if (money < fee_ || scale_ == 0) return 0;
  const double u = money - fee_;
  switch (kind_) {
    case CurveKind::log: return scale_ / (u + unit_);
    case CurveKind::power: return exponent_ == 1 ? scale_ : scale_ * exponent_ * std::pow(u, exponent_ - 1);
    case CurveKind::exponential: return scale_ / unit_ * std::exp(-u / unit_);
    case CurveKind::michaelis_menten: {
      const double share = unit_ / (u + unit_);
      return scale_ / unit_ * share * share;
    }
    case CurveKind::logistic:
    case CurveKind::tanh: {
      const double unit = kind_ == CurveKind::tanh ? unit_ : 2 * unit_;
      const double e = std::exp(-2 * u / unit);  // sech^2(v) = 4 e / (1 + e)^2 of e = e^(-2 v)
      return scale_ / unit * 4 * e / ((1 + e) * (1 + e));
    }
    case CurveKind::hill: {
      if (u <= 0) {
        if (exponent_ == 1) return scale_ / unit_;
        return exponent_ > 1 ? 0 : std::numeric_limits<double>::infinity();
      }
      const double m = std::pow(std::min(u / unit_, unit_ / u), exponent_);  // never overflows
      return scale_ * exponent_ * (m / (1 + m)) / (1 + m) / u;
    }
    default: return scale_;
  }
}

DEALTRAIL_INLINE double Curve::inverse_slope(double slope) const noexcept {
  if (scale_ == 0) return inflection();
  double u = 0;
  switch (kind_) {
    case CurveKind::log: u = scale_ / slope - unit_; break;
    case CurveKind::power:
      u = exponent_ == 1 ? (scale_ >= slope ? std::numeric_limits<double>::infinity() : 0)
                         : std::pow(scale_ * exponent_ / slope, 1 / (1 - exponent_));
      break;
    case CurveKind::exponential: u = unit_ * std::log(scale_ / (unit_ * slope)); break;
    case CurveKind::michaelis_menten: u = std::sqrt(scale_ * unit_ / slope) - unit_; break;
    case CurveKind::logistic:
    case CurveKind::tanh: {
      const double unit = kind_ == CurveKind::tanh ? unit_ : 2 * unit_;
      const double square = scale_ / (unit * slope);
      u = square > 1 ? unit * std::acosh(std::sqrt(square)) : 0;
      break;
    }
    case CurveKind::hill: return fee_ + detail::hill_inverse_slope(scale_, unit_, exponent_, slope);
    default: break;
  }
  return fee_ + std::max(0.0, u);
}

DEALTRAIL_INLINE double Curve::inflection() const noexcept {
  if (kind_ != CurveKind::hill || exponent_ <= 1) return fee_;
  return fee_ + unit_ * std::pow((exponent_ - 1) / (exponent_ + 1), 1 / exponent_);
}

DEALTRAIL_INLINE double Curve::envelope(double money, double least, double most) const {
  if (!(least <= money && money <= most)) {
    throw Error(ErrorCode::invalid_argument, "expected money between the two ends, found " + std::to_string(money),
                {std::string{to_string(kind_)}, "money", -1}, "use least <= money <= most");
  }
  // The envelope at x is the least of price * x + max over z of (value(z) - price z) over all prices >= 0: convex in
  // the price, and its greatest maximiser moves from the right of x to the left as the price rises.
  std::vector<double> ends{least, most};
  if (kind_ == CurveKind::linear) ends.push_back(fee_);
  for (const CurvePoint& point : points_) ends.push_back(point.money);
  const bool smooth = !has_corners();
  const double turn = std::max(least, smooth ? inflection() : least);
  const auto best = [&](double price) {
    double at = least;
    double top = value(least) - price * least;
    const auto look = [&](double x) {
      if (!(x >= least && x <= most)) return;
      if (const double here = value(x) - price * x; here > top) top = here, at = x;
    };
    for (const double x : ends) look(x);
    if (smooth && turn <= most) look(std::clamp(price > 0 ? inverse_slope(price) : most, turn, most));
    return std::pair{at, top};
  };
  double low = 0;
  double high = 1e-300;
  while (best(high).first > money && high < 1e300) low = high, high *= 1e10;
  double result = std::min(best(low).second + low * money, best(high).second + high * money);
  for (int step = 0; step < 200 && high - low > 1e-16 * high; ++step) {
    const double middle = low > 0 ? std::sqrt(low) * std::sqrt(high) : 0.5 * high;
    if (!(middle > low && middle < high)) break;
    const auto [at, top] = best(middle);
    result = std::min(result, top + middle * money);
    (at > money ? low : high) = middle;
  }
  return std::max(result, value(money));
}

}  // namespace dealtrail::budget
