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

// A 90 % interval of an exponent that is wider than this leaves the curve open; so does one of the expected response
// whose ends differ by more than this factor.
inline constexpr double widest_exponent = 0.5;
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
      Sum& sum = periods[period_of(*at, *options.every).ordinal];
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
      const PooledCurves pooled(std::move(data));
      result_.dispersion = pooled.dispersion();
      result_.components = pooled.components();
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
      const double exponent = exponent_of(belief.mean.shape);
      const Pair slope{1, money * exponent * (1 - exponent)};
      shapes.push_back({w, belief.mean.shape, std::sqrt(belief.covariance.bb)});
      heights.push_back({w, belief.mean.level + exponent * money, std::sqrt(belief.covariance.along(slope))});
      mean.level += w * belief.mean.level;
      mean.shape += w * belief.mean.shape;
      own_level += w * (1 - belief.own.aa * belief.prior.aa);
      own_shape += w * (1 - belief.own.bb * belief.prior.bb);
    }
    row.exponent = exponent_of(mean.shape);
    row.exponent_low = exponent_of(quantile_of(shapes, 0.05));
    row.exponent_high = exponent_of(quantile_of(shapes, 0.95));
    row.scale = scale_of(mean.level, *row.exponent);
    row.response_median = std::exp(mean.level + *row.exponent * money) / options_.response_unit;
    row.response_low = std::exp(quantile_of(heights, 0.05)) / options_.response_unit;
    row.response_high = std::exp(quantile_of(heights, 0.95)) / options_.response_unit;
    row.weight_own = std::clamp(own_level, 0.0, 1.0);
    row.weight_own_exponent = std::clamp(own_shape, 0.0, 1.0);
    if (*row.exponent_high - *row.exponent_low > widest_exponent) {
      row.reason = "how results grow with money is open (exponent " + rounded(*row.exponent_low) + " to " +
                   rounded(*row.exponent_high) + "): spends were " + shown(*row.spend_low_minor) + " to " +
                   shown(*row.spend_high_minor) + "; vary them more";
    } else if (*row.response_high > widest_response * *row.response_low) {
      row.reason = "what " + shown(*row.spend_median_minor) + " brings is open (" + rounded(*row.response_low) +
                   " to " + rounded(*row.response_high) + "): too few results";
    }
    row.identified = row.reason.empty();
    if (row.identified) return;
    row.scale.reset();
    row.exponent.reset();
  }

  [[nodiscard]] double scale_of(double level, double exponent) const {
    return std::exp(level - exponent * std::log(result_.reference_money)) / options_.response_unit;
  }

  void add_meta() {
    result_.meta.emplace_back("currency", std::string{view_.currency().code()});
    result_.meta.emplace_back("curve", "scale * money^exponent");
    result_.meta.emplace_back("every", options_.every ? std::string{to_string(*options_.every)} : "placement");
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
    if (row.identified) found.emplace_back(row.key, Curve::power(*row.scale, *row.exponent));
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
  texts("kind", [](const FittedCurve& row) {
    return row.identified ? std::optional<std::string_view>{to_string(CurveKind::power)} : std::nullopt;
  });
  reals("scale", &FittedCurve::scale);
  reals("exponent", &FittedCurve::exponent);
  reals("exponent_low", &FittedCurve::exponent_low);
  reals("exponent_high", &FittedCurve::exponent_high);
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
  reals("weight_own_exponent", &FittedCurve::weight_own_exponent, "ratio");
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
      const double power = exponent_of(curve.shape);
      draw.append_integer(static_cast<std::int64_t>(k));
      key.append_text(rows[i].key);
      scale.append_real(std::exp(curve.level - power * std::log(reference_money)) / response_unit);
      exponent.append_real(power);
    }
  }
  builder.meta("seed", std::to_string(seed));
  return builder.finish();
}

}  // namespace dealtrail::budget
