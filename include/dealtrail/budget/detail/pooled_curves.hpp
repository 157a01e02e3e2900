#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include "dealtrail/budget/fit.hpp"

// Curves of channels that share a distribution. A curve has two parameters: its level (logarithm of the results at
// the reference money) and its shape (power: logit of the exponent; michaelis_menten: logarithm of `half` over the
// reference money). Given the spread of true curves around their mean m,
// each channel's data are summed up at the mode by their Fisher information H and pull H theta + gradient; then all is
// normal, m has a closed form, and both are iterated. Spreads are a grid, weighted by Laplace's marginal likelihood.
namespace dealtrail::budget::detail {

struct Pair {
  double level = 0;
  double shape = 0;
};

/// A symmetric matrix of two rows.
struct Sym {
  double aa = 0;
  double ab = 0;
  double bb = 0;

  [[nodiscard]] double determinant() const noexcept { return aa * bb - ab * ab; }
  [[nodiscard]] Sym inverse() const noexcept {
    const double d = determinant();
    return {bb / d, -ab / d, aa / d};
  }
  [[nodiscard]] Pair times(Pair x) const noexcept { return {aa * x.level + ab * x.shape, ab * x.level + bb * x.shape}; }
  [[nodiscard]] double along(Pair x) const noexcept {
    return aa * x.level * x.level + 2 * ab * x.level * x.shape + bb * x.shape * x.shape;
  }
  friend Sym operator+(Sym l, Sym r) noexcept { return {l.aa + r.aa, l.ab + r.ab, l.bb + r.bb}; }
};

[[nodiscard]] inline double exponent_of(double shape) noexcept { return 1 / (1 + std::exp(-shape)); }

/// ln results over those at the reference, at money of that logarithm (over the reference), and how it turns with the
/// shape; the elasticity of results to money there falls with money for michaelis_menten.
struct ShapeAt {
  double log_results = 0;
  double turn = 0;
  double elasticity = 0;
};
[[nodiscard]] inline ShapeAt shape_at(CurveKind kind, double shape, double money) noexcept {
  const double exponent = exponent_of(shape);
  if (kind == CurveKind::power) return {exponent * money, exponent * (1 - exponent) * money, exponent};
  // (1 + h) x / (x + h) with h = e^shape, x = e^money
  const double elasticity = exponent_of(shape - money);
  const double most = std::max(shape, money);
  const double log_sum = most + std::log1p(std::exp(-std::fabs(shape - money)));
  const double log_first = std::max(shape, 0.0) + std::log1p(std::exp(-std::fabs(shape)));
  return {money + log_first - log_sum, exponent - elasticity, elasticity};
}

/// The observations of one channel: logarithm of spend over the reference, results.
struct CurveData {
  std::vector<double> money{};
  std::vector<double> results{};
};

/// ln likelihood (without constants), its gradient and Fisher information at a curve.
struct CurveFit {
  double height = 0;
  Pair gradient{};
  Sym information{};
  double chi_square = 0;  // Pearson's, not divided by the dispersion
};

[[nodiscard]] inline CurveFit curve_fit(CurveKind kind, const CurveData& data, Pair at, double dispersion) noexcept {
  CurveFit fit;
  for (std::size_t i = 0; i < data.money.size(); ++i) {
    const ShapeAt shape = shape_at(kind, at.shape, data.money[i]);
    const double log_mean = std::clamp(at.level + shape.log_results, -600.0, 600.0);
    const double mean = std::exp(log_mean);
    const double off = data.results[i] - mean;
    const double along = shape.turn;
    fit.height += data.results[i] * log_mean - mean;
    fit.gradient.level += off;
    fit.gradient.shape += off * along;
    fit.information.aa += mean;
    fit.information.ab += mean * along;
    fit.information.bb += mean * along * along;
    fit.chi_square += off * off / mean;
  }
  fit.height /= dispersion;
  fit.gradient = {fit.gradient.level / dispersion, fit.gradient.shape / dispersion};
  fit.information = {fit.information.aa / dispersion, fit.information.ab / dispersion, fit.information.bb / dispersion};
  return fit;
}

/// A parameter's normal distribution in one component.
struct NormalPart {
  double weight = 0;
  double mean = 0;
  double deviation = 0;
};

/// The quantile of a mixture of normal distributions, by bisection.
[[nodiscard]] inline double quantile_of(std::span<const NormalPart> parts, double chance) {
  double low = parts.front().mean;
  double high = low;
  for (const NormalPart& part : parts) {
    low = std::min(low, part.mean - 9 * part.deviation);
    high = std::max(high, part.mean + 9 * part.deviation);
  }
  for (int step = 0; step < 100 && low < high; ++step) {
    const double middle = 0.5 * (low + high);
    double below = 0;
    for (const NormalPart& part : parts)
      below += part.weight * 0.5 * std::erfc((part.mean - middle) / (part.deviation * 1.4142135623730951));
    (below < chance ? low : high) = middle;
  }
  return 0.5 * (low + high);
}

class PooledCurves {
 public:
  // What is believed of the mean before any data: any level; elasticities of about 0.17 to 0.96.
  static constexpr double shape_believed = 0.85;
  static constexpr double shape_deviation = 1.5;
  static constexpr double level_deviation = 10;

  PooledCurves(CurveKind kind, std::vector<CurveData> channels) : kind_(kind), channels_(std::move(channels)) {
    double results = 0.5;
    double count = 1;
    for (const CurveData& one : channels_) {
      for (const double result : one.results) results += result, count += 1;
    }
    believed_ = {std::log(results / count), shape_believed};
    for (int round = 0; round < 3; ++round) {
      average();
      const double before = dispersion_;
      estimate_dispersion();
      if (std::fabs(dispersion_ - before) <= 1e-6 * before) break;
    }
    average();
  }

  [[nodiscard]] const std::vector<FitComponent>& components() const noexcept { return components_; }
  [[nodiscard]] double dispersion() const noexcept { return dispersion_; }
  /// ln likelihood of all channels, averaged over the grid, with another dispersion: for comparing kinds.
  [[nodiscard]] double evidence_at(double dispersion) {
    std::swap(dispersion_, dispersion);
    const std::vector<FitComponent> kept = components_;
    average();
    components_ = kept;
    std::swap(dispersion_, dispersion);
    return height_;
  }

 private:
  static constexpr std::array<double, 6> level_spreads{0.08, 0.2, 0.4, 0.7, 1.1, 1.8};
  static constexpr std::array<double, 5> shape_spreads{0.1, 0.3, 0.6, 1.0, 1.7};

  struct Solved {
    double height = 0;  // ln marginal likelihood
    Pair mean{};
    Sym mean_covariance{};
    std::vector<Pair> modes{};
  };

  // The mode of one channel's curve, from `at` on.
  [[nodiscard]] Pair mode_of(const CurveData& data, Pair at, Pair mean, Sym prior) const {
    const auto height = [&](Pair x, const CurveFit& fit) {
      return fit.height - 0.5 * prior.along({x.level - mean.level, x.shape - mean.shape});
    };
    CurveFit here = curve_fit(kind_, data, at, dispersion_);
    double top = height(at, here);
    for (int step = 0; step < 60; ++step) {
      const Pair back = prior.times({at.level - mean.level, at.shape - mean.shape});
      Pair move = (here.information + prior)
                      .inverse()
                      .times({here.gradient.level - back.level, here.gradient.shape - back.shape});
      const double longest = std::max(std::fabs(move.level) / 3, std::fabs(move.shape) / 2);
      if (longest > 1) move = {move.level / longest, move.shape / longest};
      bool better = false;
      for (int halving = 0; halving < 30 && !better; ++halving) {
        const Pair next{at.level + move.level, at.shape + move.shape};
        const CurveFit there = curve_fit(kind_, data, next, dispersion_);
        const double reached = height(next, there);
        better = reached >= top - 1e-12 * std::fabs(top);
        if (better) at = next, here = there, top = std::max(top, reached);
        if (!better) move = {move.level / 2, move.shape / 2};
      }
      if (!better || std::fabs(move.level) + std::fabs(move.shape) < 1e-9) break;
    }
    return at;
  }

  [[nodiscard]] static Sym precision_of(double level_spread, double shape_spread) noexcept {
    return {1 / (level_spread * level_spread), 0, 1 / (shape_spread * shape_spread)};
  }

  [[nodiscard]] Solved solve(Sym prior, const Solved* from) const {
    Solved solved;
    solved.mean = from == nullptr ? believed_ : from->mean;
    solved.modes = from == nullptr ? std::vector<Pair>(channels_.size(), believed_) : from->modes;
    const Sym belief = precision_of(level_deviation, shape_deviation);
    for (int round = 0; round < 40; ++round) {
      Sym known = belief;
      Pair pull = belief.times(believed_);
      for (std::size_t i = 0; i < channels_.size(); ++i) {
        solved.modes[i] = mode_of(channels_[i], solved.modes[i], solved.mean, prior);
        const auto [information, own] = evidence(i, solved.modes[i]);
        const Sym covariance = (information + prior).inverse();
        // prior - prior covariance prior, for a diagonal prior
        known = known + Sym{prior.aa - prior.aa * covariance.aa * prior.aa, -prior.aa * covariance.ab * prior.bb,
                            prior.bb - prior.bb * covariance.bb * prior.bb};
        const Pair part = prior.times(covariance.times(own));
        pull = {pull.level + part.level, pull.shape + part.shape};
      }
      solved.mean_covariance = known.inverse();
      const Pair mean = solved.mean_covariance.times(pull);
      const double change = std::fabs(mean.level - solved.mean.level) + std::fabs(mean.shape - solved.mean.shape);
      solved.mean = mean;
      if (change < 1e-8) break;
    }
    solved.height = 0.5 * std::log(solved.mean_covariance.determinant()) -
                    0.5 * belief.along({solved.mean.level - believed_.level, solved.mean.shape - believed_.shape});
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const CurveFit fit = curve_fit(kind_, channels_[i], solved.modes[i], dispersion_);
      const Pair off{solved.modes[i].level - solved.mean.level, solved.modes[i].shape - solved.mean.shape};
      solved.height += fit.height - 0.5 * prior.along(off) +
                       0.5 * std::log(prior.determinant() / (fit.information + prior).determinant());
    }
    return solved;
  }

  [[nodiscard]] std::pair<Sym, Pair> evidence(std::size_t channel, Pair mode) const {
    const CurveFit fit = curve_fit(kind_, channels_[channel], mode, dispersion_);
    const Pair there = fit.information.times(mode);
    return {fit.information, {there.level + fit.gradient.level, there.shape + fit.gradient.shape}};
  }

  void average() {
    components_.clear();
    std::vector<Solved> all;
    std::vector<double> heights;
    for (const double level : level_spreads) {
      for (const double shape : shape_spreads) {
        all.push_back(solve(precision_of(level, shape), all.empty() ? nullptr : &all.back()));
        // Half-Cauchy beliefs of scale 1 and 0.5, on a logarithmic grid.
        heights.push_back(all.back().height + std::log(level) - std::log1p(level * level) + std::log(shape) -
                          std::log1p(shape * shape * 4));
      }
    }
    const double top = *std::max_element(heights.begin(), heights.end());
    double sum = 0;
    for (double& height : heights) sum += height = std::exp(height - top);
    height_ = top + std::log(sum);
    best_ = all[static_cast<std::size_t>(std::max_element(heights.begin(), heights.end()) - heights.begin())];
    double kept = 0;
    for (std::size_t k = 0; k < all.size(); ++k) {
      if (heights[k] < 1e-3 * sum) continue;
      FitComponent component;
      component.weight = heights[k];
      component.spread = {level_spreads[k / shape_spreads.size()], shape_spreads[k % shape_spreads.size()]};
      component.mean = {all[k].mean.level, all[k].mean.shape};
      const Sym& covariance = all[k].mean_covariance;
      component.mean_covariance = {covariance.aa, covariance.ab, covariance.bb};
      for (std::size_t i = 0; i < channels_.size(); ++i) {
        const auto [information, own] = evidence(i, all[k].modes[i]);
        component.channels.push_back({{information.aa, information.ab, information.bb}, {own.level, own.shape}});
      }
      kept += component.weight;
      components_.push_back(std::move(component));
    }
    for (FitComponent& component : components_) component.weight /= kept;
  }

  // Pearson's chi-square over what is left of the observations after the curves took theirs.
  void estimate_dispersion() {
    double chi_square = 0;
    double left = 0;
    const FitComponent& heaviest =
        *std::max_element(components_.begin(), components_.end(),
                          [](const FitComponent& lhs, const FitComponent& rhs) { return lhs.weight < rhs.weight; });
    const Sym prior = precision_of(heaviest.spread[0], heaviest.spread[1]);
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      const CurveFit fit = curve_fit(kind_, channels_[i], best_.modes[i], dispersion_);
      const Sym covariance = (fit.information + prior).inverse();
      chi_square += fit.chi_square;
      left += static_cast<double>(channels_[i].results.size()) -
              (covariance.aa * fit.information.aa + 2 * covariance.ab * fit.information.ab +
               covariance.bb * fit.information.bb);
    }
    if (left > 0.5) dispersion_ = std::max(1.0, chi_square / left);
  }

  CurveKind kind_;
  std::vector<CurveData> channels_;
  Pair believed_{};
  double height_ = 0;
  double dispersion_ = 1;
  Solved best_{};
  std::vector<FitComponent> components_{};
};

/// The normal distribution of one channel's curve in a component, the mean of the pool not known either.
struct CurveBelief {
  Pair mean{};
  Sym covariance{};
  Sym own{};    // the part of the covariance that is left when the pool's mean is known
  Sym prior{};  // precision
};

[[nodiscard]] inline CurveBelief belief_of(const FitComponent& component, std::size_t channel, Pair pool) {
  const FitEvidence& data = component.channels[channel];
  const Sym information{data.precision[0], data.precision[1], data.precision[2]};
  CurveBelief belief;
  belief.prior = {1 / (component.spread[0] * component.spread[0]), 0, 1 / (component.spread[1] * component.spread[1])};
  belief.own = (information + belief.prior).inverse();
  const Pair back = belief.prior.times(pool);
  belief.mean = belief.own.times({data.pull[0] + back.level, data.pull[1] + back.shape});
  const Sym mean{component.mean_covariance[0], component.mean_covariance[1], component.mean_covariance[2]};
  // own prior mean prior own
  const double p = belief.own.aa * belief.prior.aa;
  const double q = belief.own.ab * belief.prior.bb;
  const double r = belief.own.ab * belief.prior.aa;
  const double s = belief.own.bb * belief.prior.bb;
  belief.covariance =
      belief.own +
      Sym{mean.along({p, q}), p * (mean.aa * r + mean.ab * s) + q * (mean.ab * r + mean.bb * s), mean.along({r, s})};
  return belief;
}

}  // namespace dealtrail::budget::detail
