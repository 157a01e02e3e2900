#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/budget/detail/pooled_curves.hpp"
#include "dealtrail/budget/fit.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/random.hpp"

namespace dealtrail::budget {
namespace detail {

// A 90 % interval of an elasticity that is wider than this leaves the curve open; so does one of the expected response
// whose ends differ by more than this factor.
inline constexpr double widest_elasticity = 0.5;
inline constexpr double widest_response = 5;

// The observations of one channel: spend in minor units, results.
struct Observations {
  std::vector<double> spend{};
  std::vector<double> results{};
};

[[nodiscard]] inline Observations observations_of(const Placements& view, std::size_t channel,
                                                  const FitOptions& options, FittedCurve& row) {
  struct Sum {
    std::int64_t spend = 0;
    std::int64_t count = 0;
  };
  std::map<std::int64_t, Sum> periods;
  Observations found;
  const auto add = [&](std::int64_t spend, std::int64_t count) {
    found.spend.push_back(static_cast<double>(spend));
    found.results.push_back(static_cast<double>(count));
    row.spend_minor = checked_add(row.spend_minor, spend);
    row.response += static_cast<double>(count) / options.response_unit;
    ++row.placements;
  };
  for (std::size_t i = view.first(channel); i < view.first(channel + 1); ++i) {
    const auto spend = view.spend_minor(i);
    const auto at = view.at(i);
    if (view.open(i)) {
      ++row.open;
    } else if (!spend || *spend == 0 || (options.every && !at)) {
      ++row.apart;
    } else if (options.every) {
      Sum& sum = periods[period_of(*at, *options.every, view.zone()).ordinal];
      sum.spend = checked_add(sum.spend, *spend);
      sum.count = checked_add(sum.count, view.count(i));
    } else {
      add(*spend, view.count(i));
    }
  }
  for (const auto& [ordinal, sum] : periods) add(sum.spend, sum.count);
  return found;
}

[[nodiscard]] inline std::string rounded(double number) {
  char buffer[32];
  std::snprintf(buffer, sizeof buffer, "%.3g", number);
  return buffer;
}

// A curve in major units.
struct FitDraw {
  double scale = 0;
  double shape = 0;  // exponent, or half
};
[[nodiscard]] inline FitDraw curve_of(const Fit& fit, Pair at) {
  const double unit = fit.response_unit;
  if (fit.kind == CurveKind::power) {
    const double exponent = exponent_of(at.shape);
    return {std::exp(at.level - exponent * std::log(fit.reference_money)) / unit, exponent};
  }
  // e^level (1 + h) x / (x + h) of money over the reference
  const double half = std::exp(std::clamp(at.shape, -600.0, 600.0));
  return {std::exp(at.level) * (1 + half) / unit, half * fit.reference_money};
}

class CurveFitter {
 public:
  CurveFitter(const Placements& view, const FitOptions& options) : view_(view), options_(options) {
    if (!std::isfinite(options.response_unit) || options.response_unit <= 0) {
      throw Error(ErrorCode::invalid_argument,
                  "expected a unit of response above 0, found " + std::to_string(options.response_unit),
                  {"fit", "response_unit", -1}, "use 100 for amounts in minor units");
    }
    places_ = decimals(view.currency());
    for (int i = 0; i < places_; ++i) minors_ *= 10;
  }

  [[nodiscard]] Fit make() {
    result_.currency = view_.currency();
    result_.response_unit = options_.response_unit;
    std::vector<Observations> all;
    double logs = 0;
    double count = 0;
    double results = 0;
    for (std::size_t channel = 0; channel < view_.channel_count(); ++channel) {
      FittedCurve row{.key = view_.channels()[channel], .state = view_.state(channel)};
      all.push_back(observations_of(view_, channel, options_, row));
      set_spends(row, all.back().spend);
      for (const double spend : all.back().spend) logs += std::log(spend), count += 1;
      for (const double one : all.back().results) results += one;
      result_.rows.push_back(std::move(row));
    }
    const double reference = count > 0 ? std::exp(logs / count) : minors_;  // minor units
    result_.reference_money = reference / minors_;
    if (count > 0 && results > 0) {
      std::vector<CurveData> data;
      for (const Observations& one : all) {
        CurveData curve{.results = one.results};
        for (const double spend : one.spend) curve.money.push_back(std::log(spend / reference));
        data.push_back(std::move(curve));
      }
      PooledCurves saturating(CurveKind::michaelis_menten, data);
      PooledCurves endless(CurveKind::power, std::move(data));
      // Both at one dispersion, the smaller: a kind that fits worse must not hide it as noise.
      const double dispersion = std::min(saturating.dispersion(), endless.dispersion());
      const bool ends = saturating.evidence_at(dispersion) >= endless.evidence_at(dispersion);
      const PooledCurves& chosen = ends ? saturating : endless;
      result_.kind = ends ? CurveKind::michaelis_menten : CurveKind::power;
      result_.dispersion = chosen.dispersion();
      result_.components = chosen.components();
    }
    for (std::size_t i = 0; i < result_.rows.size(); ++i) describe(result_.rows[i], i);
    add_meta();
    return std::move(result_);
  }

 private:
  static void set_spends(FittedCurve& row, std::vector<double> spends) {
    if (spends.empty()) return;
    std::sort(spends.begin(), spends.end());
    const std::size_t half = spends.size() / 2;
    const double median = spends.size() % 2 == 1 ? spends[half] : (spends[half - 1] + spends[half]) / 2;
    row.spend_low_minor = static_cast<std::int64_t>(spends.front());
    row.spend_median_minor = static_cast<std::int64_t>(std::nearbyint(median));
    row.spend_high_minor = static_cast<std::int64_t>(spends.back());
  }

  [[nodiscard]] std::string shown(std::int64_t minor) const { return to_decimal_text(minor, places_); }

  // What the mixture says of one channel's curve, and whether that is enough.
  void describe(FittedCurve& row, std::size_t channel) const {
    if (row.placements == 0) {
      row.reason = row.open > 0 ? "no placement with spend is over yet" : "no placement has a known spend above 0";
      return;
    }
    if (result_.components.empty()) {
      row.reason = "no channel has a result";
      return;
    }
    std::vector<NormalPart> shapes;
    std::vector<NormalPart> heights;
    Pair mean;
    double own_level = 0;
    double own_shape = 0;
    const double money = std::log(static_cast<double>(*row.spend_median_minor) / minors_ / result_.reference_money);
    for (const FitComponent& component : result_.components) {
      const CurveBelief belief = belief_of(component, channel, {component.mean[0], component.mean[1]});
      const double w = component.weight;
      const ShapeAt shape = shape_at(result_.kind, belief.mean.shape, money);
      shapes.push_back({w, belief.mean.shape, std::sqrt(belief.covariance.bb)});
      heights.push_back(
          {w, belief.mean.level + shape.log_results, std::sqrt(belief.covariance.along({1, shape.turn}))});
      mean.level += w * belief.mean.level;
      mean.shape += w * belief.mean.shape;
      own_level += w * (1 - belief.own.aa * belief.prior.aa);
      own_shape += w * (1 - belief.own.bb * belief.prior.bb);
    }
    const auto elasticity = [&](double shape) { return shape_at(result_.kind, shape, money).elasticity; };
    row.elasticity = elasticity(mean.shape);
    row.elasticity_low = elasticity(quantile_of(shapes, 0.05));
    row.elasticity_high = elasticity(quantile_of(shapes, 0.95));
    set_curve(row, mean);
    row.response_median =
        std::exp(mean.level + shape_at(result_.kind, mean.shape, money).log_results) / options_.response_unit;
    row.response_low = std::exp(quantile_of(heights, 0.05)) / options_.response_unit;
    row.response_high = std::exp(quantile_of(heights, 0.95)) / options_.response_unit;
    row.weight_own = std::clamp(own_level, 0.0, 1.0);
    row.weight_own_shape = std::clamp(own_shape, 0.0, 1.0);
    if (*row.elasticity_high - *row.elasticity_low > widest_elasticity) {
      row.reason = "how results grow with money is open (elasticity " + rounded(*row.elasticity_low) + " to " +
                   rounded(*row.elasticity_high) + "): spends were " + shown(*row.spend_low_minor) + " to " +
                   shown(*row.spend_high_minor) + "; vary them more";
    } else if (*row.response_high > widest_response * *row.response_low) {
      row.reason = "what " + shown(*row.spend_median_minor) + " brings is open (" + rounded(*row.response_low) +
                   " to " + rounded(*row.response_high) + "): too few results";
    }
    row.identified = row.reason.empty();
    if (row.identified) return;
    row.scale.reset();
    row.half.reset();
    row.exponent.reset();
  }

  void set_curve(FittedCurve& row, Pair at) const {
    const FitDraw curve = curve_of(result_, at);
    row.scale = curve.scale;
    if (result_.kind == CurveKind::power) row.exponent = curve.shape;
    if (result_.kind != CurveKind::power) row.half = curve.shape;
  }

  void add_meta() {
    result_.meta.emplace_back("currency", std::string{view_.currency().code()});
    result_.meta.emplace_back("kind", std::string{to_string(result_.kind)});
    result_.meta.emplace_back("every", options_.every ? std::string{to_string(*options_.every)} : "placement");
    result_.meta.emplace_back("zone", view_.zone().name());
    result_.meta.emplace_back("dispersion", rounded(result_.dispersion));
    result_.meta.emplace_back("intervals", "90 %");
    result_.meta.emplace_back("rows", std::to_string(view_.rows()));
    result_.meta.emplace_back("left_out", std::to_string(view_.left_out()));
  }

  const Placements& view_;
  const FitOptions& options_;
  int places_ = 2;
  double minors_ = 1;
  Fit result_{};
};

// Two standard normal numbers, by Box and Muller.
[[nodiscard]] inline Pair normal_pair(Random& random) {
  const double first = 1 - random.uniform_real();
  const double second = random.uniform_real();
  const double radius = std::sqrt(-2 * std::log(first));
  const double angle = 6.283185307179586 * second;
  return {radius * std::cos(angle), radius * std::sin(angle)};
}

// mean + root of covariance times two standard normal numbers.
[[nodiscard]] inline Pair drawn(Random& random, Pair mean, Sym covariance) {
  const Pair z = normal_pair(random);
  const double first = std::sqrt(covariance.aa);
  const double shared = covariance.ab / first;
  const double second = std::sqrt(std::max(0.0, covariance.bb - shared * shared));
  return {mean.level + first * z.level, mean.shape + shared * z.level + second * z.shape};
}

}  // namespace detail

DEALTRAIL_INLINE Fit fit(const Placements& placements, const FitOptions& options) {
  return detail::CurveFitter(placements, options).make();
}

DEALTRAIL_INLINE std::vector<std::pair<std::string, Curve>> Fit::curves() const {
  std::vector<std::pair<std::string, Curve>> found;
  for (const FittedCurve& row : rows) {
    if (!row.identified) continue;
    found.emplace_back(row.key, kind == CurveKind::power ? Curve::power(*row.scale, *row.exponent)
                                                         : Curve::michaelis_menten(*row.scale, *row.half));
  }
  return found;
}

DEALTRAIL_INLINE Table Fit::table() const {
  TableBuilder builder{"fit"};
  const auto texts = [&](const char* name, auto&& value) {
    ColumnBuilder& column = builder.text(name);
    for (const FittedCurve& row : rows) column.append_text(value(row));
  };
  const auto integers = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.integer(name);
    for (const FittedCurve& row : rows) column.append_integer(row.*member);
  };
  const auto reals = [&](const char* name, auto member, const char* unit = "") {
    ColumnBuilder& column = builder.real(name, unit);
    for (const FittedCurve& row : rows) column.append_real(row.*member);
  };
  const auto amounts = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.money(name, currency);
    for (const FittedCurve& row : rows) column.append_minor(row.*member);
  };
  texts("key", [](const FittedCurve& row) { return std::string_view{row.key}; });
  texts("state", [](const FittedCurve& row) { return to_string(row.state); });
  texts("kind", [this](const FittedCurve& row) {
    return row.identified ? std::optional<std::string_view>{to_string(kind)} : std::nullopt;
  });
  reals("scale", &FittedCurve::scale);
  reals("half", &FittedCurve::half);
  reals("exponent", &FittedCurve::exponent);
  reals("elasticity", &FittedCurve::elasticity);
  reals("elasticity_low", &FittedCurve::elasticity_low);
  reals("elasticity_high", &FittedCurve::elasticity_high);
  integers("placements", &FittedCurve::placements);
  integers("open", &FittedCurve::open);
  integers("apart", &FittedCurve::apart);
  amounts("spend", &FittedCurve::spend_minor);
  reals("response", &FittedCurve::response);
  amounts("spend_low", &FittedCurve::spend_low_minor);
  amounts("spend_median", &FittedCurve::spend_median_minor);
  amounts("spend_high", &FittedCurve::spend_high_minor);
  reals("response_median", &FittedCurve::response_median);
  reals("response_low", &FittedCurve::response_low);
  reals("response_high", &FittedCurve::response_high);
  reals("weight_own", &FittedCurve::weight_own, "ratio");
  reals("weight_own_shape", &FittedCurve::weight_own_shape, "ratio");
  ColumnBuilder& identified = builder.boolean("identified");
  for (const FittedCurve& row : rows) identified.append_boolean(row.identified);
  texts("reason", [](const FittedCurve& row) {
    return row.reason.empty() ? std::nullopt : std::optional<std::string_view>{row.reason};
  });
  for (const auto& [key, value] : meta) builder.meta(key, value);
  return builder.finish();
}

DEALTRAIL_INLINE Table Fit::draws(std::size_t count, std::uint64_t seed) const {
  using namespace detail;
  if (count > 1'000'000) {
    throw Error(ErrorCode::invalid_argument, "expected at most 1000000 draws, found " + std::to_string(count),
                {"draws", "count", -1});
  }
  TableBuilder builder{"draws"};
  ColumnBuilder& draw = builder.integer("draw");
  ColumnBuilder& key = builder.text("key");
  ColumnBuilder& scale = builder.real("scale");
  ColumnBuilder& half = builder.real("half");
  ColumnBuilder& exponent = builder.real("exponent");
  Random random{seed};
  for (std::size_t k = 0; k < count && !components.empty(); ++k) {
    double left = random.uniform_real();
    std::size_t at = 0;
    while (at + 1 < components.size() && left >= components[at].weight) left -= components[at++].weight;
    const FitComponent& component = components[at];
    const Pair pool = drawn(random, {component.mean[0], component.mean[1]},
                            {component.mean_covariance[0], component.mean_covariance[1], component.mean_covariance[2]});
    for (std::size_t i = 0; i < rows.size(); ++i) {
      const CurveBelief belief = belief_of(component, i, pool);
      const Pair curve = drawn(random, belief.mean, belief.own);
      if (!rows[i].identified) continue;  // drawn all the same: the others' numbers do not depend on it
      const FitDraw one = curve_of(*this, curve);
      const bool power = kind == CurveKind::power;
      draw.append_integer(static_cast<std::int64_t>(k));
      key.append_text(rows[i].key);
      scale.append_real(one.scale);
      half.append_real(power ? std::nullopt : std::optional{one.shape});
      exponent.append_real(power ? std::optional{one.shape} : std::nullopt);
    }
  }
  builder.meta("seed", std::to_string(seed));
  return builder.finish();
}

}  // namespace dealtrail::budget
