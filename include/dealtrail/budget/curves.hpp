#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"

namespace dealtrail::budget {

/// The families of response curves.
enum class CurveKind : std::uint8_t {
  linear,
  log,
  power,
  exponential,
  michaelis_menten,
  logistic,
  tanh,
  hill,
  piecewise,
  packages,
};

inline constexpr std::array<std::string_view, 10> curve_kind_names{
    "linear", "log", "power", "exponential", "michaelis_menten", "logistic", "tanh", "hill", "piecewise", "packages"};
[[nodiscard]] constexpr std::string_view to_string(CurveKind kind) noexcept {
  return curve_kind_names[static_cast<std::size_t>(kind)];
}

/// A corner of a piecewise linear curve, or one package: so much money brings so much response.
struct CurvePoint {
  double money = 0;
  double response = 0;
  friend bool operator==(const CurvePoint&, const CurvePoint&) = default;
};

/// One line of a rate card: a unit costs `price`, for `units` units; without `units` for all further ones.
struct Tier {
  double price = 0;
  std::optional<double> units{};
};

/// How much response an amount of money brings: never less for more money. Money is in major units, from 0 on.
///
/// With u = max(0, money - fee), the response is base +
/// | kind             | response                                |
/// |------------------|-----------------------------------------|
/// | linear           | scale u                                 |
/// | log              | scale ln(1 + u / unit)                  |
/// | power            | scale u^exponent, 0 < exponent <= 1     |
/// | exponential      | scale (1 - e^(-u / unit))               |
/// | michaelis_menten | scale u / (u + unit)                    |
/// | logistic         | scale (1 - e^(-u/unit)) / (1 + e^(-u/unit)) |
/// | tanh             | scale tanh(u / unit)                    |
/// | hill             | scale u^exponent / (u^exponent + unit^exponent) |
/// | piecewise        | linear between points, `scale` per unit of money after the last one |
/// | packages         | of the best package that the money pays |
/// A regular value; everything is O(1) but piecewise and packages, O(points).
class Curve {
 public:
  /// @throws Error invalid_argument for a parameter that is not finite or is negative; units and exponents also for 0.
  [[nodiscard]] static Curve linear(double scale);
  [[nodiscard]] static Curve log(double scale, double unit);
  /// @throws Error invalid_argument also for an exponent above 1.
  [[nodiscard]] static Curve power(double scale, double exponent);
  [[nodiscard]] static Curve exponential(double scale, double unit);
  [[nodiscard]] static Curve michaelis_menten(double scale, double half);
  [[nodiscard]] static Curve logistic(double scale, double unit);
  [[nodiscard]] static Curve tanh(double scale, double unit);
  /// Concave for a slope up to 1 (infinitely steep at 0 below 1), S-shaped above.
  [[nodiscard]] static Curve hill(double scale, double half, double slope);
  /// Linear between points; begins at (0, 0) unless the first point is at 0. After the last point each unit of money
  /// brings `tail_slope`.
  /// @throws Error invalid_argument for points whose money does not rise or whose response falls, the row named.
  [[nodiscard]] static Curve piecewise(std::vector<CurvePoint> points, double tail_slope = 0);
  /// A rate card: the response is the number of units bought, the cheap or dear ones in the order of the tiers.
  /// @throws Error invalid_argument for a price that is not positive, or a tier after one without `units`.
  [[nodiscard]] static Curve tiers(std::span<const Tier> tiers);
  /// All or nothing: one of these packages, or none. Packages that cost more and bring no more are never bought.
  /// @throws Error invalid_argument for two packages at one price, or a negative cost or response.
  [[nodiscard]] static Curve packages(std::vector<CurvePoint> packages);

  /// The same curve where `fee` is paid first and brings nothing. @throws Error invalid_argument as above, for
  /// packages.
  [[nodiscard]] Curve with_fee(double fee) const;
  /// The same curve with a response without any money (carry-over). May be negative.
  [[nodiscard]] Curve with_base(double response) const;

  [[nodiscard]] CurveKind kind() const noexcept { return kind_; }
  [[nodiscard]] double scale() const noexcept { return scale_; }
  /// The money parameter (`half`, `unit`); 1 where the kind has none.
  [[nodiscard]] double unit() const noexcept { return unit_; }
  [[nodiscard]] double exponent() const noexcept { return exponent_; }
  [[nodiscard]] double fee() const noexcept { return fee_; }
  [[nodiscard]] double base() const noexcept { return base_; }
  /// Corners or packages, by money, the first one at 0; empty for other kinds.
  [[nodiscard]] std::span<const CurvePoint> points() const& noexcept { return points_; }
  std::span<const CurvePoint> points() && = delete;
  /// True for kinds that consist of straight lines or of jumps: linear, piecewise, packages.
  [[nodiscard]] bool has_corners() const noexcept {
    return kind_ == CurveKind::linear || kind_ == CurveKind::piecewise || kind_ == CurveKind::packages;
  }

  /// The response to an amount of money.
  [[nodiscard]] double value(double money) const noexcept;
  /// The response of the next unit of money; may be infinite at 0. At a corner the slope to the right; 0 for packages.
  [[nodiscard]] double slope(double money) const noexcept;
  /// The most money at which the next unit still brings `slope` (> 0) or more; `inflection()` if it never does. Not
  /// for kinds with corners. Newton's method for hill, closed forms for the others.
  [[nodiscard]] double inverse_slope(double slope) const noexcept;
  /// Up to here the curve is convex, from here on concave; 0 for concave kinds without a fee. Not for kinds with
  /// corners.
  [[nodiscard]] double inflection() const noexcept;
  /// The value of the least concave function above the curve between `least` and `most`, at `money` between them.
  [[nodiscard]] double envelope(double money, double least, double most) const;

  friend bool operator==(const Curve&, const Curve&) = default;

 private:
  Curve(CurveKind kind, double scale, double unit, double exponent);

  CurveKind kind_ = CurveKind::linear;
  double scale_ = 0;
  double unit_ = 1;
  double exponent_ = 1;
  double fee_ = 0;
  double base_ = 0;
  std::vector<CurvePoint> points_{};
};

}  // namespace dealtrail::budget

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/budget/detail/curves.ipp"  // IWYU pragma: keep
#endif
