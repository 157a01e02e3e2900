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
  explicit CreditTable(const Credit& credit, bool has_costs) : credit_(credit), has_costs_(has_costs) {}

  struct Row {
    std::string_view channel{};
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
    model_.append_text(credit_.model);
    conversions_.append_real(row.conversions);
    if (credit_.has_values) value_->append_minor(row.value);
    score_.append_real(row.score);
    share_.append_real(row.share);
    if (credit_.has_values) value_share_->append_real(row.value_share);
    append(share_low_, share_high_, row.share_interval, 1);
    if (credit_.has_values) append(*value_low_, *value_high_, row.value_interval, per_major_);
    cost_.append_minor(row.cost);
    const double spent = static_cast<double>(row.cost.value_or(0)) / per_major_;
    const auto over = [](bool known, double part, double whole) {
      return known && whole != 0 ? std::optional{part / whole} : std::nullopt;
    };
    cpa_.append_real(over(row.cost.has_value() && row.conversions.has_value(), spent, row.conversions.value_or(0)));
    if (credit_.has_values) {
      const bool known = row.cost.has_value() && row.value.has_value();
      const double value = static_cast<double>(row.value.value_or(0)) / per_major_;
      roas_->append_real(over(known, value, spent));
      roi_->append_real(over(known, value - spent, spent));
    }
    journeys_.append_integer(row.journeys);
    converting_.append_integer(row.converting);
    too_few_.append_boolean(row.too_few);
  }

  Table finish() {
    builder_.meta("model", credit_.model);
    for (const auto& [name, value] : credit_.parameters) builder_.meta(name, value);
    builder_.meta("share", "of the conversions that channels are credited with");
    builder_.meta("interval", "90 %, by leaving out one group of subjects at a time");
    if (has_costs_) builder_.meta("roi_revenue", "(value - cost) / cost");
    std::string said;
    for (const auto& [finding, cure] : credit_.findings) {
      if (!said.empty()) said += "; ";
      said += finding + " (" + cure + ")";
    }
    if (!said.empty()) builder_.meta("findings", said);
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

  const Credit& credit_;
  bool has_costs_;
  double per_major_ = power_of_ten(decimals(credit_.currency));
  std::string unit_{credit_.currency.code()};
  TableBuilder builder_{"credit"};
  ColumnBuilder& channel_ = builder_.text("channel");
  ColumnBuilder& model_ = builder_.text("model");
  ColumnBuilder& conversions_ = builder_.real("conversions");
  ColumnBuilder* value_ = credit_.has_values ? &builder_.money("value", credit_.currency) : nullptr;
  ColumnBuilder& score_ = builder_.real("score");
  ColumnBuilder& share_ = builder_.real("share");
  ColumnBuilder* value_share_ = credit_.has_values ? &builder_.real("value_share") : nullptr;
  ColumnBuilder& share_low_ = builder_.real("share_low");
  ColumnBuilder& share_high_ = builder_.real("share_high");
  ColumnBuilder* value_low_ = credit_.has_values ? &builder_.real("value_low", unit_) : nullptr;
  ColumnBuilder* value_high_ = credit_.has_values ? &builder_.real("value_high", unit_) : nullptr;
  ColumnBuilder& cost_ = builder_.money("cost", credit_.currency);
  ColumnBuilder& cpa_ = builder_.real("cpa", unit_);
  ColumnBuilder* roas_ = credit_.has_values ? &builder_.real("roas") : nullptr;
  ColumnBuilder* roi_ = credit_.has_values ? &builder_.real("roi_revenue") : nullptr;
  ColumnBuilder& journeys_ = builder_.integer("journeys");
  ColumnBuilder& converting_ = builder_.integer("converting");
  ColumnBuilder& too_few_ = builder_.boolean("too_few");
};

}  // namespace detail

DEALTRAIL_INLINE Table Credit::table(std::span<const ChannelCost> costs) const {
  std::map<std::string_view, std::int64_t> cost_of;
  std::int64_t spent = 0;
  for (const ChannelCost& cost : costs) {
    if (!cost_of.try_emplace(cost.channel, cost.minor).second) {
      throw Error(ErrorCode::invalid_argument, "a channel has two costs: '" + cost.channel + "'", {"credit", "cost"},
                  "add them up first");
    }
    spent = checked_add(spent, cost.minor);
  }
  detail::CreditTable table{*this, !costs.empty()};
  const auto add = [&](const ChannelCredit& one) {
    const auto cost = cost_of.find(one.channel);
    table.add({.channel = one.channel,
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
  // Channels of journeys and of costs together, by name.
  auto paid = cost_of.begin();
  for (const ChannelCredit& one : channels) {
    for (; paid != cost_of.end() && paid->first < one.channel; ++paid) {
      add({.channel = std::string{paid->first}, .conversions = 0, .value = 0, .too_few = true});
    }
    if (paid != cost_of.end() && paid->first == one.channel) ++paid;
    add(one);
  }
  for (; paid != cost_of.end(); ++paid) {
    add({.channel = std::string{paid->first}, .conversions = 0, .value = 0, .too_few = true});
  }
  const bool credited = total_conversions > 0;
  table.add({.channel = "(unattributed)",
             .conversions = to_conversions(unattributed_conversions),
             .value = unattributed_value});
  table.add({.channel = "(total)",
             .conversions = static_cast<double>(total_conversions),
             .value = total_value,
             .share = credited ? std::optional{1.0} : std::nullopt,
             .value_share = total_value != 0 ? std::optional{1.0} : std::nullopt,
             .cost = costs.empty() ? std::nullopt : std::optional{spent},
             .journeys = journeys,
             .converting = total_conversions});
  return table.finish();
}

}  // namespace dealtrail
