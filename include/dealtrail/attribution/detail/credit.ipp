#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

namespace detail {

// The columns of a result, in their order, and one way to fill a row.
class CreditTable {
 public:
  CreditTable(const Currency& currency, bool has_values, bool has_costs)
      : currency_(currency), has_values_(has_values), has_costs_(has_costs) {}

  struct Row {
    std::string_view channel{};
    std::string_view model{};
    std::optional<double> conversions{};
    std::optional<std::int64_t> value{};
    std::optional<double> score{};
    std::optional<double> share{};
    std::optional<double> value_share{};
    std::optional<Interval> share_interval{};
    std::optional<Interval> value_interval{};
    std::optional<std::int64_t> cost{};
    std::optional<std::int64_t> journeys{};
    std::optional<std::int64_t> converting{};
    std::optional<bool> too_few{};
  };

  void add(const Row& row) {
    channel_.append_text(row.channel);
    model_.append_text(row.model);
    conversions_.append_real(row.conversions);
    if (has_values_) value_->append_minor(row.value);
    score_.append_real(row.score);
    share_.append_real(row.share);
    if (has_values_) value_share_->append_real(row.value_share);
    append(share_low_, share_high_, row.share_interval, 1);
    if (has_values_) append(*value_low_, *value_high_, row.value_interval, per_major_);
    cost_.append_minor(row.cost);
    const double spent = static_cast<double>(row.cost.value_or(0)) / per_major_;
    const auto over = [](bool known, double part, double whole) {
      return known && whole != 0 ? std::optional{part / whole} : std::nullopt;
    };
    cpa_.append_real(over(row.cost.has_value() && row.conversions.has_value(), spent, row.conversions.value_or(0)));
    if (has_values_) {
      const bool known = row.cost.has_value() && row.value.has_value();
      const double value = static_cast<double>(row.value.value_or(0)) / per_major_;
      roas_->append_real(over(known, value, spent));
      roi_->append_real(over(known, value - spent, spent));
    }
    journeys_.append_integer(row.journeys);
    converting_.append_integer(row.converting);
    too_few_.append_boolean(row.too_few);
  }

  void said(const Credit& credit, bool alone) {
    models_ += (models_.empty() ? "" : ", ") + credit.model;
    for (const auto& [name, value] : credit.parameters) builder_.meta(alone ? name : credit.model + "." + name, value);
    for (const auto& [finding, hint] : credit.findings)
      findings_ += (findings_.empty() ? "" : "; ") + credit.model + ": " + finding + " (" + hint + ")";
  }

  Table finish() {
    builder_.meta("model", models_);
    builder_.meta("share", "of the conversions that channels are credited with");
    builder_.meta("interval", "90 %, by leaving out one group of subjects at a time");
    if (has_costs_) builder_.meta("roi_revenue", "(value - cost) / cost");
    if (!findings_.empty()) builder_.meta("findings", findings_);
    return builder_.finish();
  }

 private:
  static void append(ColumnBuilder& low, ColumnBuilder& high, const std::optional<Interval>& interval, double per) {
    low.append_real(interval ? std::optional{interval->low / per} : std::nullopt);
    high.append_real(interval ? std::optional{interval->high / per} : std::nullopt);
  }
  static double power_of_ten(int digits) {
    double power = 1;
    for (; digits > 0; --digits) power *= 10;
    return power;
  }

  Currency currency_;
  bool has_values_;
  bool has_costs_;
  std::string models_{};
  std::string findings_{};
  double per_major_ = power_of_ten(decimals(currency_));
  std::string unit_{currency_.code()};
  TableBuilder builder_{"credit"};
  ColumnBuilder& channel_ = builder_.text("channel");
  ColumnBuilder& model_ = builder_.text("model");
  ColumnBuilder& conversions_ = builder_.real("conversions");
  ColumnBuilder* value_ = has_values_ ? &builder_.money("value", currency_) : nullptr;
  ColumnBuilder& score_ = builder_.real("score");
  ColumnBuilder& share_ = builder_.real("share");
  ColumnBuilder* value_share_ = has_values_ ? &builder_.real("value_share") : nullptr;
  ColumnBuilder& share_low_ = builder_.real("share_low");
  ColumnBuilder& share_high_ = builder_.real("share_high");
  ColumnBuilder* value_low_ = has_values_ ? &builder_.real("value_low", unit_) : nullptr;
  ColumnBuilder* value_high_ = has_values_ ? &builder_.real("value_high", unit_) : nullptr;
  ColumnBuilder& cost_ = builder_.money("cost", currency_);
  ColumnBuilder& cpa_ = builder_.real("cpa", unit_);
  ColumnBuilder* roas_ = has_values_ ? &builder_.real("roas") : nullptr;
  ColumnBuilder* roi_ = has_values_ ? &builder_.real("roi_revenue") : nullptr;
  ColumnBuilder& journeys_ = builder_.integer("journeys");
  ColumnBuilder& converting_ = builder_.integer("converting");
  ColumnBuilder& too_few_ = builder_.boolean("too_few");
};

using CostOfChannel = std::map<std::string_view, std::int64_t>;

// The rows of one result: channels of journeys and of costs together, by name, then what is nobody's, then all.
inline void append_result(CreditTable& table, const Credit& result, const CostOfChannel& cost_of,
                          std::optional<std::int64_t> spent, std::optional<std::int64_t> nobodys) {
  const auto add = [&](const ChannelCredit& one) {
    const auto cost = cost_of.find(one.channel);
    table.add({.channel = one.channel,
               .model = result.model,
               .conversions = one.conversions ? std::optional{to_conversions(*one.conversions)} : std::nullopt,
               .value = one.value,
               .score = one.score,
               .share = one.share,
               .value_share = one.value_share,
               .share_interval = one.share_interval,
               .value_interval = one.value_interval,
               .cost = cost == cost_of.end() ? std::nullopt : std::optional{cost->second},
               .journeys = one.journeys,
               .converting = one.converting,
               .too_few = one.too_few});
  };
  const auto add_unseen = [&](std::string_view channel) {
    add({.channel = std::string{channel}, .conversions = 0, .value = 0, .too_few = true});
  };
  auto paid = cost_of.begin();
  for (const ChannelCredit& one : result.channels) {
    for (; paid != cost_of.end() && paid->first < one.channel; ++paid) add_unseen(paid->first);
    if (paid != cost_of.end() && paid->first == one.channel) ++paid;
    add(one);
  }
  for (; paid != cost_of.end(); ++paid) add_unseen(paid->first);
  table.add({.channel = "(unattributed)",
             .model = result.model,
             .conversions = to_conversions(result.unattributed_conversions),
             .value = result.unattributed_value,
             .cost = nobodys});
  table.add({.channel = "(total)",
             .model = result.model,
             .conversions = static_cast<double>(result.total_conversions),
             .value = result.total_value,
             .share = result.total_conversions > 0 ? std::optional{1.0} : std::nullopt,
             .value_share = result.total_value != 0 ? std::optional{1.0} : std::nullopt,
             .cost = spent,
             .journeys = result.journeys,
             .converting = result.total_conversions});
}

}  // namespace detail

DEALTRAIL_INLINE Table Credit::table(std::span<const ChannelCost> costs) const {
  return credit_table({this, 1}, costs);
}

DEALTRAIL_INLINE Table credit_table(std::span<const Credit> results, std::span<const ChannelCost> costs) {
  std::map<std::string_view, std::int64_t> cost_of;
  std::int64_t spent = 0;
  std::optional<std::int64_t> nobodys;
  for (const ChannelCost& cost : costs) {
    if (cost.channel == "(unattributed)") {
      nobodys = checked_add(nobodys.value_or(0), cost.minor);
    } else if (!cost_of.try_emplace(cost.channel, cost.minor).second) {
      throw Error(ErrorCode::invalid_argument, "a channel has two costs: '" + cost.channel + "'", {"credit", "cost"},
                  "add them up first");
    }
    spent = checked_add(spent, cost.minor);
  }
  if (results.empty()) return detail::CreditTable{{}, false, !costs.empty()}.finish();
  const Credit& one = results.front();
  detail::CreditTable table{one.currency, one.has_values, !costs.empty()};
  for (const Credit& result : results) {
    if (result.currency != one.currency || result.has_values != one.has_values)
      throw Error(ErrorCode::currency_mismatch, "results of one table are in one currency", {"credit", "value"});
    table.said(result, results.size() == 1);
    detail::append_result(table, result, cost_of, costs.empty() ? std::nullopt : std::optional{spent}, nobodys);
  }
  return table.finish();
}

}  // namespace dealtrail
