#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/funnel/waterfall.hpp"

namespace dealtrail {
namespace detail {

struct WaterfallSums {
  std::array<MoneySum, waterfall_bar_names.size()> amount{};
  std::array<std::int64_t, waterfall_bar_names.size()> deals{};
};

[[nodiscard]] inline std::optional<std::string_view> text_or_null(std::string_view text) {
  return text.empty() ? std::nullopt : std::optional{text};
}

[[nodiscard]] inline std::string_view shown_key(std::string_view key) {
  return key.empty() ? std::string_view{"(unattributed)"} : key;
}

}  // namespace detail

DEALTRAIL_INLINE Table Waterfall::table() const {
  using namespace detail;
  TableBuilder builder{"waterfall"};
  for (const auto& [name, value] : meta) builder.meta(name, value);
  builder.meta("amounts", "of bars that take away below zero: start and the bars up to end add up to end");
  ColumnBuilder* key = by.empty() ? nullptr : &builder.text(by);
  ColumnBuilder& bar = builder.text("bar");
  ColumnBuilder& amount = builder.money("amount", currency);
  ColumnBuilder& deals = builder.integer("deals");
  const auto add = [&](std::string_view of, const WaterfallSums& sums) {
    for (std::size_t i = 0; i < waterfall_bar_names.size(); ++i) {
      const bool known = std::find(unknown.begin(), unknown.end(), static_cast<WaterfallBar>(i)) == unknown.end();
      if (key != nullptr) key->append_text(of);
      bar.append_text(waterfall_bar_names[i]);
      amount.append_minor(known ? std::optional{sums.amount[i].total()} : std::nullopt);
      deals.append_integer(known ? std::optional{sums.deals[i]} : std::nullopt);
    }
  };
  WaterfallSums total;
  // A deal that moves from key to key is one deal of the total.
  std::array<std::vector<std::string_view>, waterfall_bar_names.size()> of_total;
  for (std::size_t i = 0; i < parts.size();) {
    WaterfallSums sums;
    const std::size_t first = i;
    for (; i < parts.size() && parts[i].key == parts[first].key; ++i) {
      const auto place = static_cast<std::size_t>(parts[i].bar);
      sums.amount[place].merge(parts[i].amount);
      ++sums.deals[place];
      of_total[place].push_back(parts[i].deal);
    }
    for (std::size_t place = 0; place < sums.amount.size(); ++place) total.amount[place].merge(sums.amount[place]);
    if (key != nullptr) add(shown_key(parts[first].key), sums);
  }
  for (std::size_t place = 0; place < of_total.size(); ++place) {
    auto& ids = of_total[place];
    std::sort(ids.begin(), ids.end());
    total.deals[place] = std::unique(ids.begin(), ids.end()) - ids.begin();
  }
  add("(total)", total);
  return builder.finish();
}

DEALTRAIL_INLINE Table Waterfall::deals(std::optional<WaterfallBar> only) const {
  using namespace detail;
  TableBuilder builder{"waterfall_deals"};
  for (const auto& [name, value] : meta) builder.meta(name, value);
  ColumnBuilder* key = by.empty() ? nullptr : &builder.text("key");
  ColumnBuilder& bar = builder.text("bar");
  ColumnBuilder& deal = builder.text("deal");
  ColumnBuilder& amount = builder.money("amount", currency);
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& manager = builder.text("manager");
  ColumnBuilder& pipeline = builder.text("pipeline");
  ColumnBuilder& stage = builder.text("stage");
  ColumnBuilder& expected = builder.time("expected_close");
  ColumnBuilder& pushed = builder.integer("pushed_times");
  ColumnBuilder& returned = builder.integer("returned_times");
  ColumnBuilder& past_due = builder.boolean("past_due");
  ColumnBuilder& still = builder.integer("still_days", "days");
  for (const WaterfallPart& part : parts) {
    if (only.has_value() && part.bar != *only) continue;
    if (key != nullptr) key->append_text(shown_key(part.key));
    bar.append_text(to_string(part.bar));
    deal.append_text(part.deal);
    amount.append_minor(part.amount.total());
    at.append_time(part.at);
    manager.append_text(text_or_null(part.manager));
    pipeline.append_text(text_or_null(part.pipeline));
    stage.append_text(text_or_null(part.stage));
    expected.append_time(part.expected_close);
    pushed.append_integer(part.pushed_times);
    returned.append_integer(part.returned_times);
    past_due.append_boolean(part.past_due);
    still.append_integer(part.still_days);
  }
  return builder.finish();
}

}  // namespace dealtrail
