#pragma once

#include <algorithm>
#include <charconv>
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/evidence/detail/channel_data.hpp"
#include "dealtrail/evidence/detail/drop_test.hpp"
#include "dealtrail/evidence/detail/log_linear.hpp"
#include "dealtrail/evidence/overheat.hpp"

namespace dealtrail::evidence {

namespace detail {

class OverheatSearch {
 public:
  OverheatSearch(const Placements& view, const OverheatOptions& options)
      : view_(view), options_(options), data_(channel_data(view)) {
    if (options.plan && (!std::isfinite(*options.plan) || !(*options.plan > 0))) {
      throw Error(ErrorCode::invalid_argument, "a plan is a number above 0, found: " + std::to_string(*options.plan),
                  {"overheat", "plan", -1}, "use None where there is no plan");
    }
    if (options.first < 1) {
      throw Error(ErrorCode::invalid_argument,
                  "first is a number of placements from 1, found: " + std::to_string(options.first),
                  {"overheat", "first", -1}, "use 3");
    }
  }

  [[nodiscard]] Overheating found() {
    Overheating result;
    result.currency = view_.currency();
    fit();
    for (std::size_t i = 0; i < data_.size(); ++i) result.rows.push_back(row_of(i));
    result.meta = {{"metric", options_.metric},
                   {"by", options_.by},
                   {"interval", "90 %"},
                   {"first", std::to_string(options_.first)},
                   {"dispersion", std::to_string(trend_spread_.factor())},
                   {"signals",
                    "below_plan and below_first: e-value of 20 or, for below_first, interval below 1; falling: "
                    "interval of trend below 0; rising_marginal_cost: interval of elasticity below 1"},
                   {"rows", std::to_string(view_.rows())},
                   {"left_out", std::to_string(view_.left_out())}};
    return result;
  }

 private:
  // Both regressions of every channel, and the spread of their residuals over all channels.
  void fit() {
    for (const ChannelData& one : data_) {
      std::vector<double> order;
      std::vector<double> sizes;
      for (std::size_t i = 0; i < one.exposure.size(); ++i) {
        order.push_back(static_cast<double>(i));
        sizes.push_back(std::log(one.exposure[i]));
      }
      const std::vector<double> ones(one.exposure.size(), 1.0);
      const bool enough = one.results.size() >= 3;
      trends_.push_back(enough ? fit_log_linear(one.results, one.exposure, order) : std::nullopt);
      elasticities_.push_back(enough ? fit_log_linear(one.results, ones, sizes) : std::nullopt);
      const auto degrees = static_cast<double>(one.results.size()) - 2;
      if (trends_.back()) {
        trend_spread_.chi_square += trends_.back()->chi_square;
        trend_spread_.degrees += degrees;
      }
      if (elasticities_.back()) {
        size_spread_.chi_square += elasticities_.back()->chi_square;
        size_spread_.degrees += degrees;
      }
    }
  }

  [[nodiscard]] Overheat row_of(std::size_t at) const {
    const ChannelData& one = data_[at];
    Overheat row;
    row.key = view_.channels()[one.channel];
    row.state = view_.state(one.channel);
    row.basis = to_string(one.basis);
    row.placements = static_cast<std::int64_t>(one.results.size());
    row.spend_minor = one.spend_sum.total();
    row.count = one.count_sum;
    compare_with_plan(row, one);
    compare_with_first(row, one);
    std::string untested;
    constexpr double normal_90 = 1.6448536269514722;
    if (const auto& fit = trends_[at]) {
      const double half = normal_90 * std::sqrt(trend_spread_.factor() / fit->information);
      row.trend = std::expm1(fit->slope);
      row.trend_low = std::expm1(fit->slope - half);
      row.trend_high = std::expm1(fit->slope + half);
      if (*row.trend_high < 0) row.signals.emplace_back("falling");
    } else {
      untested = "the trend";
    }
    if (const auto& fit = elasticities_[at]) {
      const double half = normal_90 * std::sqrt(size_spread_.factor() / fit->information);
      row.elasticity = fit->slope;
      row.elasticity_low = fit->slope - half;
      row.elasticity_high = fit->slope + half;
      if (one.basis == Basis::money && fit->slope > 0) {
        const double size = median_of(one.exposure).value_or(1);
        row.marginal_cost_minor = minor_of(size / (fit->slope * std::exp(fit->level + fit->slope * std::log(size))));
      }
      if (*row.elasticity_high < 1) row.signals.emplace_back("rising_marginal_cost");
    } else {
      untested += std::string{untested.empty() ? "" : " and "} + "the growth with spend";
    }
    row.why = why(row, untested);
    return row;
  }

  void compare_with_plan(Overheat& row, const ChannelData& one) const {
    if (!options_.plan || one.empty()) return;
    double minor = 1;
    for (int i = 0; i < decimals(view_.currency()); ++i) minor *= 10;
    const double spread = safe_spread();
    if (std::isinf(spread) || (one.basis == Basis::share && *options_.plan >= 1)) return;
    if (one.basis != Basis::money && one.basis != Basis::share && view_.has_spend()) return;
    const double rate = one.basis == Basis::money ? 1 / (*options_.plan * minor) : *options_.plan;
    const double log_e = one.basis == Basis::share
                             ? log_e_of_share(one.all_results() / spread, one.all_exposure() / spread, rate)
                             : log_e_of_rate(one.all_results() / spread, one.all_exposure() * rate / spread);
    row.e_plan = std::exp(std::min(log_e, 690.0));
    if (*row.e_plan >= 20) row.signals.emplace_back("below_plan");
  }

  void compare_with_first(Overheat& row, const ChannelData& one) const {
    const auto first = static_cast<std::size_t>(options_.first);
    if (one.results.size() <= first) return;
    double results[2] = {0, 0};
    double exposure[2] = {0, 0};
    double spend[2] = {0, 0};
    for (std::size_t i = 0; i < one.results.size(); ++i) {
      const std::size_t part = i < first ? 0 : 1;
      results[part] += one.results[i];
      exposure[part] += one.exposure[i];
      spend[part] += one.spend[i];
    }
    if (results[0] > 0 && spend[0] > 0) row.cost_first_minor = minor_of(spend[0] / results[0]);
    if (results[1] > 0 && spend[1] > 0) row.cost_later_minor = minor_of(spend[1] / results[1]);
    if (!(results[0] > 0)) return;
    const double spread = trend_spread_.factor();
    const double odds = exposure[0] / exposure[1];
    // Given their sum, the later count is binomial; Jeffreys' interval of its share, as a ratio of rates.
    const Mixture share{Family::share, {{1, results[1] / spread + 0.5, results[0] / spread + 0.5}}};
    const auto ratio = [&](double part) { return part / (1 - part) * odds; };
    row.ratio = results[1] / results[0] * odds;
    row.ratio_low = std::min(ratio(share.quantile(0.05)), *row.ratio);
    row.ratio_high = std::max(ratio(share.quantile(0.95)), *row.ratio);
    if (const double safe = safe_spread(); !std::isinf(safe)) {
      const double scale = results[0] / exposure[0];
      row.e_first = std::exp(std::min(690.0, log_e_of_two_rates(results[1] / safe, exposure[1] * scale / safe,
                                                                results[0] / safe, results[0] / safe)));
    }
    if (*row.ratio_high < 1 || row.e_first.value_or(0) >= 20) row.signals.emplace_back("below_first");
  }

  [[nodiscard]] double safe_spread() const {
    return trend_spread_.degrees < 20 ? trend_spread_.upper(0.1) : trend_spread_.factor();
  }

  [[nodiscard]] static std::string why(const Overheat& row, const std::string& untested) {
    const auto percent = [](double part) {
      char text[32];
      const auto end = std::to_chars(text, text + sizeof text, 100 * part, std::chars_format::fixed, 0).ptr;
      return std::string{text, end} + " %";
    };
    std::string line;
    for (const std::string& signal : row.signals) {
      line += line.empty() ? "" : "; ";
      if (signal == "below_plan") line += "results are below the plan";
      if (signal == "below_first") line += "later placements bring " + percent(*row.ratio) + " of what the first did";
      if (signal == "falling") line += "the rate changes by " + percent(*row.trend) + " from placement to placement";
      if (signal == "rising_marginal_cost")
        line += "1 % more spend brings " + percent(*row.elasticity / 100) + " more results";
    }
    if (line.empty()) line = "no signal";
    if (!untested.empty()) line += "; too little for " + untested;
    return line;
  }

  const Placements& view_;
  const OverheatOptions& options_;
  std::vector<ChannelData> data_;
  std::vector<std::optional<LogLinear>> trends_{};
  std::vector<std::optional<LogLinear>> elasticities_{};
  Dispersion trend_spread_{};
  Dispersion size_spread_{};
};

}  // namespace detail

DEALTRAIL_INLINE Overheating overheat(const Placements& placements, const OverheatOptions& options) {
  return detail::OverheatSearch{placements, options}.found();
}

DEALTRAIL_INLINE Table Overheating::table() const {
  TableBuilder builder{"overheat"};
  const auto texts = [&](const char* name, auto&& value) {
    ColumnBuilder& column = builder.text(name);
    for (const Overheat& row : rows) column.append_text(value(row));
  };
  const auto reals = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.real(name);
    for (const Overheat& row : rows) column.append_real(row.*member);
  };
  const auto amounts = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.money(name, currency);
    for (const Overheat& row : rows) column.append_minor(row.*member);
  };
  const auto integers = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.integer(name);
    for (const Overheat& row : rows) column.append_integer(row.*member);
  };
  texts("key", [](const Overheat& row) { return std::string_view{row.key}; });
  texts("state", [](const Overheat& row) { return to_string(row.state); });
  texts("basis", [](const Overheat& row) { return std::string_view{row.basis}; });
  integers("placements", &Overheat::placements);
  amounts("spend", &Overheat::spend_minor);
  integers("count", &Overheat::count);
  amounts("cost_first", &Overheat::cost_first_minor);
  amounts("cost_later", &Overheat::cost_later_minor);
  reals("ratio", &Overheat::ratio);
  reals("ratio_low", &Overheat::ratio_low);
  reals("ratio_high", &Overheat::ratio_high);
  reals("e_first", &Overheat::e_first);
  reals("trend", &Overheat::trend);
  reals("trend_low", &Overheat::trend_low);
  reals("trend_high", &Overheat::trend_high);
  reals("elasticity", &Overheat::elasticity);
  reals("elasticity_low", &Overheat::elasticity_low);
  reals("elasticity_high", &Overheat::elasticity_high);
  amounts("marginal_cost", &Overheat::marginal_cost_minor);
  reals("e_plan", &Overheat::e_plan);
  texts("signals", [](const Overheat& row) {
    std::string line;
    for (const std::string& signal : row.signals) line += (line.empty() ? "" : ", ") + signal;
    return line.empty() ? std::optional<std::string>{} : std::optional{line};
  });
  texts("why", [](const Overheat& row) { return std::string_view{row.why}; });
  for (const auto& [key, value] : meta) builder.meta(key, value);
  return builder.finish();
}

}  // namespace dealtrail::evidence
