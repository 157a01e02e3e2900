#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cohort/detail/fit_purchases.hpp"
#include "dealtrail/cohort/detail/history_groups.hpp"
#include "dealtrail/cohort/detail/newton.hpp"
#include "dealtrail/cohort/detail/purchase_model.hpp"
#include "dealtrail/cohort/detail/spend_model.hpp"
#include "dealtrail/cohort/detail/spend_ranges.hpp"
#include "dealtrail/cohort/detail/write_customers.hpp"
#include "dealtrail/cohort/lifetime.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail::cohort {

namespace detail {

inline void check_lifetime(const LifetimeOptions& options) {
  const auto refuse = [](const char* name, const std::string& what) {
    throw Error(ErrorCode::invalid_argument, what, {"lifetime", name, -1});
  };
  if (!(options.horizon > 0) || !(options.horizon <= 10'000))
    refuse("horizon", "the horizon is above 0 and at most 10 000 units, found " + std::to_string(options.horizon));
  if (!(options.discount >= 0) || !std::isfinite(options.discount))
    refuse("discount", "the discount per unit is 0 or more, found " + std::to_string(options.discount));
  if (options.margin && !std::isfinite(*options.margin)) refuse("margin", "the margin is no number");
}

inline void fit_spend(Lifetime& result) {
  std::vector<Spend> spends;
  double sum = 0;
  double most = 0;
  const Summary& base = result.base;
  for (std::size_t i = 0; i < base.size(); ++i) {
    if (base.frequency[i] == 0) continue;
    if (!base.monetary[i] || !(*base.monetary[i] > 0)) {
      result.problems.note({"bad_monetary",
                            "warning",
                            "monetary",
                            0,
                            {},
                            "repeat customers whose mean purchase is not above 0 are left out of the fit of spend",
                            "drop free orders, or net refunds by day"},
                           static_cast<std::int64_t>(i));
      continue;
    }
    spends.push_back({base.frequency[i], *base.monetary[i], 1});
    sum += *base.monetary[i];
    most = std::max(most, *base.monetary[i]);
  }
  if (spends.size() < 2)
    refuse_fit("spend needs two customers who bought again", "use spend=\"none\", or wait for repeat purchases");
  if (std::all_of(spends.begin(), spends.end(), [&](const Spend& one) { return one.mean == spends[0].mean; }))
    refuse_fit("all customers spend the same: how spend varies cannot be told", "use spend=\"none\"");
  std::sort(spends.begin(), spends.end(), [](const Spend& l, const Spend& r) {
    return l.repeats != r.repeats ? l.repeats < r.repeats : l.mean < r.mean;
  });
  const auto customers = static_cast<double>(spends.size());
  const double mean = sum / customers;
  std::size_t kept = 0;  // equal ones as one
  for (const Spend& one : spends) {
    if (kept > 0 && spends[kept - 1].repeats == one.repeats && spends[kept - 1].mean == one.mean) {
      spends[kept - 1].customers += one.customers;
    } else {
      spends[kept++] = one;
    }
  }
  spends.resize(kept);
  const auto likelihood = [&](const Vector<3>& at) { return spend_likelihood(spends, at); };
  std::optional<Fit<3>> best;
  for (const Vector<3>& start :
       {Vector<3>{4, 4, mean * 0.75}, Vector<3>{1, 3, mean * 2}, Vector<3>{20, 8, mean * 0.35}}) {
    best = fit_by_newton<3>(likelihood, start, customers);
    if (best->converged) break;
  }
  if (!best->converged)
    refuse_fit("no maximum of the likelihood of spend was found", "look for amounts that stand out, or spend=\"none\"");
  write_parameters<3>(result, *best, {"p", "q", "gamma"});
  result.spend_log_likelihood = best->log_likelihood;
}

// What the customers of `result.base` will do. All but the amounts is told once for each group of equal customers.
class LifetimeForecast {
 public:
  LifetimeForecast(Lifetime& result, const HistoryGroups& histories)
      : result_(result), model_(purchases_of(result)), spend_(spend_of(result)), histories_(histories) {}

  void fill() {
    const std::size_t size = result_.base.size();
    const std::size_t workers = std::max<std::size_t>(1, result_.options.threads);
    std::vector<GroupForecast> groups(histories_.groups.size());
    const std::vector<std::uint32_t> order = by_repeats();
    std::vector<Scratch> scratches(workers);
    in_pieces(workers, groups.size(), groups_of_task, [&](std::size_t worker, std::size_t i) {
      groups[order[i]] = forecast(histories_.groups[order[i]], scratches[worker]);
    });
    result_.p_alive.resize(size);
    result_.expected.resize(size);
    if (spend_) {
      result_.clv.resize(size);
      result_.clv_low.resize(size);
      result_.clv_high.resize(size);
    }
    in_pieces(workers, size, customers_of_task, [&](std::size_t, std::size_t i) {
      const GroupForecast& group = groups[histories_.of[i]];
      result_.p_alive[i] = group.alive;
      result_.expected[i] = group.expected;
      if (spend_) value(i, group);
    });
    result_.meta.emplace_back("groups", std::to_string(histories_.groups.size()));
  }

 private:
  static constexpr std::size_t groups_of_task = 1024;
  static constexpr std::size_t customers_of_task = 65'536;

  // What a worker has at hand.
  struct Scratch {
    std::vector<double> chances{};
    std::optional<SpendRanges> ranges{};        // of the repeats at hand
    std::optional<SpendRanges> without_mean{};  // of no repeats
  };
  struct GroupForecast {
    double alive = 0;
    double expected = 0;
    double worth = 0;           // of a unit of spend within the horizon: discount and margin
    SpendRange range{};         // in scales of the customer
    SpendRange without_mean{};  // of those whose mean is not known
  };

  // Groups of equal repeats side by side.
  [[nodiscard]] std::vector<std::uint32_t> by_repeats() const {
    std::vector<std::uint32_t> order(histories_.groups.size());
    std::iota(order.begin(), order.end(), 0U);
    std::stable_sort(order.begin(), order.end(), [&](std::uint32_t l, std::uint32_t r) {
      return histories_.groups[l].repeats < histories_.groups[r].repeats;
    });
    return order;
  }

  template <class Work>
  static void in_pieces(std::size_t workers, std::size_t size, std::size_t piece, const Work& work) {
    dealtrail::detail::run_tasks(workers, (size + piece - 1) / piece, [&](std::size_t worker, std::size_t task) {
      const std::size_t end = std::min(size, (task + 1) * piece);
      for (std::size_t i = task * piece; i < end; ++i) work(worker, i);
    });
  }

  [[nodiscard]] GroupForecast forecast(const HistoryGroup& group, Scratch& scratch) const {
    GroupForecast made;
    made.alive = model_.p_alive(group);
    made.expected = model_.expected(group, result_.options.horizon);
    if (!spend_) return made;
    const double discounted = discounted_purchases(group, made.expected);
    made.worth = (made.expected > 0 ? discounted / made.expected : 1) * result_.options.margin.value_or(1);
    if (!result_.options.intervals) return made;
    purchase_chances(model_, group, result_.options.horizon, scratch.chances);
    if (!scratch.ranges || scratch.ranges->repeats() != group.repeats) scratch.ranges.emplace(*spend_, group.repeats);
    made.range = scratch.ranges->of(scratch.chances);
    if (group.repeats > 0 && group.strangers > 0) {
      if (!scratch.without_mean) scratch.without_mean.emplace(*spend_, 0);
      made.without_mean = scratch.without_mean->of(scratch.chances);
    }
    return made;
  }

  void value(std::size_t i, const GroupForecast& group) {
    const double mean = result_.base.monetary[i].value_or(0);
    const std::int64_t repeats = mean > 0 ? result_.base.frequency[i] : 0;
    if (const auto spend = spend_->expected(repeats, mean))
      result_.clv[i] = finite(group.expected * *spend * group.worth);
    if (!result_.options.intervals) return;
    const SpendRange& of = repeats == result_.base.frequency[i] ? group.range : group.without_mean;
    const double scale = (spend_->gamma + static_cast<double>(repeats) * mean) * group.worth;
    result_.clv_low[i] = finite(std::min(of.low * scale, of.high * scale));
    result_.clv_high[i] = finite(std::max(of.low * scale, of.high * scale));
  }

  // No value where the tail of spend is too long for one.
  [[nodiscard]] static std::optional<double> finite(double value) {
    return std::isfinite(value) ? std::optional{value} : std::nullopt;
  }

  // Purchases of each unit ahead, discounted to the end of the base.
  [[nodiscard]] double discounted_purchases(const HistoryGroup& group, double expected) const {
    if (result_.options.discount == 0) return expected;
    double sum = 0;
    double before = 0;
    for (double at = 1; before < expected; ++at) {
      const double until = std::min(at, result_.options.horizon);
      const double now = until < result_.options.horizon ? model_.expected(group, until) : expected;
      sum += (now - before) * std::pow(1 + result_.options.discount, -until);
      before = now;
      if (until >= result_.options.horizon) break;
    }
    return sum;
  }

  Lifetime& result_;
  PurchaseModel model_;
  std::optional<SpendModel> spend_;
  const HistoryGroups& histories_;
};

inline void describe_lifetime(Lifetime& result) {
  const LifetimeOptions& options = result.options;
  result.meta.insert(result.meta.begin(),
                     {{"model", std::string{dealtrail::detail::enum_name(purchases_model_names, options.model)}},
                      {"spend", std::string{result.spend_log_likelihood ? "gamma_gamma" : "none"}},
                      {"unit", result.base.unit.empty() ? "not known" : result.base.unit},
                      {"horizon", to_text(Datum::real(options.horizon))},
                      {"discount", to_text(Datum::real(options.discount))},
                      {"margin", to_text(Datum::real(options.margin.value_or(1)))},
                      {"interval", "90 % of what the customer will bring, given the parameters"},
                      {"customers", std::to_string(result.base.size())},
                      {"left_out", std::to_string(result.base.problems.left_out())}});
}

}  // namespace detail

DEALTRAIL_INLINE Lifetime lifetime(const Summary& base, const LifetimeOptions& options) {
  detail::check_lifetime(options);
  Lifetime result;
  result.options = options;
  result.base = base;
  result.problems = base.problems;
  const detail::HistoryGroups histories = detail::history_groups(base);
  detail::fit_purchases(result, histories.groups);
  if (options.spend == SpendingModel::gamma_gamma && !base.monetary.empty()) detail::fit_spend(result);
  detail::LifetimeForecast{result, histories}.fill();
  detail::describe_lifetime(result);
  return result;
}

DEALTRAIL_INLINE Lifetime Lifetime::predict(const Summary& other) const {
  if (!base.unit.empty() && !other.unit.empty() && base.unit != other.unit) {
    throw Error(ErrorCode::invalid_argument,
                "the model was fitted in units of a " + base.unit + ", the base is in units of a " + other.unit,
                {"lifetime", "unit", -1}, "make the summary with unit=\"" + base.unit + "\"");
  }
  if (spend_log_likelihood && other.monetary.empty() && other.size() > 0) {
    throw Error(ErrorCode::missing_column, "the model has spend, the base has no column monetary",
                {"lifetime", "monetary", -1}, "make the summary with amount=");
  }
  Lifetime result;
  result.options = options;
  result.parameters = parameters;
  result.log_likelihood = log_likelihood;
  result.spend_log_likelihood = spend_log_likelihood;
  result.base = other;
  if (result.base.unit.empty()) result.base.unit = base.unit;
  result.problems = other.problems;
  const detail::HistoryGroups histories = detail::history_groups(result.base);
  detail::LifetimeForecast{result, histories}.fill();
  detail::describe_lifetime(result);
  return result;
}

DEALTRAIL_INLINE double Lifetime::expected_of_new(double span) const {
  if (!(span >= 0) || !std::isfinite(span)) {
    throw Error(ErrorCode::invalid_argument, "a span is 0 units or more, found " + std::to_string(span),
                {"lifetime", "span", -1});
  }
  return detail::purchases_of(*this).expected_of_new(span);
}

DEALTRAIL_INLINE std::optional<double> Lifetime::expected_spend(std::int64_t frequency, double monetary) const {
  const auto model = detail::spend_of(*this);
  return model ? model->expected(frequency, monetary) : std::nullopt;
}

DEALTRAIL_INLINE Table Lifetime::parameters_table() const {
  TableBuilder builder{"parameters"};
  ColumnBuilder& name = builder.text("name");
  ColumnBuilder& value = builder.real("value");
  ColumnBuilder& se = builder.real("se");
  ColumnBuilder& ridge = builder.boolean("ridge");
  for (const LifetimeParameter& one : parameters) {
    name.append_text(one.name);
    value.append_real(one.value);
    se.append_real(one.se);
    ridge.append_boolean(one.ridge);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

DEALTRAIL_INLINE Table Lifetime::table() const {
  TableBuilder builder{"lifetime"};
  detail::write_customers(builder, base);
  builder.reals("p_alive", p_alive, "ratio");
  builder.reals("expected", expected);
  if (spend_log_likelihood) {
    for (const auto& [name, values] : {std::pair{"clv", &clv}, {"clv_low", &clv_low}, {"clv_high", &clv_high}}) {
      ColumnBuilder& column = builder.real(name);
      for (const auto& value : *values) column.append_real(value);
    }
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail::cohort
