#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dealtrail/answers/venue_report.hpp"
#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/trail/card_rows.hpp"
#include "dealtrail/trail/phone_problems.hpp"
#include "dealtrail/trail/venue_rows.hpp"

namespace dealtrail {

DEALTRAIL_INLINE Table venue_report(const Trail& trail, const VenueReportOptions& options) {
  using namespace detail;
  if (options.by != "announcement" && options.by != "channel") {
    throw Error(ErrorCode::invalid_argument, "no venue report by '" + options.by + "'", {"venue_report", "by", -1},
                "announcement or channel");
  }
  const CardKey by = *find_card_key(options.by);
  const FactsView facts = trail.view();
  const FactStore& store = facts.store;
  CardsOptions cards;
  cards.by = options.by;
  cards.as_of = options.as_of;
  cards.period = options.period;
  const Cell latest = trail.now().has_value() ? to_us(*trail.now()) : null_cell;
  const CardSums cells = cells_of(facts, cards, latest);
  auto rows = venue_rows(facts, cells, by, PostingFilter(cards, facts.zone, latest));
  const bool lost = !rows.empty() && rows.back().key == no_row;
  if (!lost) rows.push_back({});
  VenueRow total;
  for (const VenueRow& row : rows) total.add(row);
  rows.push_back(total);

  TableBuilder builder{"venue_report"};
  add_meta(builder, cards, facts, latest, false);
  builder.meta("cost_of_ratios", options.cost == VenueCost::ours ? "cost" : "cost_reported");
  builder.meta("reach", "the greatest of the reports: people cannot be added");
  auto& key = builder.text("key");
  auto& name = builder.text("name");
  auto& reports = builder.integer("reports");
  auto& impressions = builder.integer("impressions");
  auto& reach = builder.integer("reach");
  auto& clicks = builder.integer("clicks");
  auto& claimed = builder.integer("registrations_claimed");
  auto& clicks_ours = builder.integer("clicks_ours");
  auto& registrations = builder.integer("registrations");
  auto& attended = builder.integer("attended");
  auto& difference = builder.integer("difference");
  auto& share = builder.real("difference_share", "ratio");
  auto& cost = builder.money("cost", trail.currency());
  auto& reported = builder.money("cost_reported", trail.currency());
  const std::string unit{trail.currency().code()};
  auto& cpm = builder.real("cpm", unit);
  auto& ctr = builder.real("ctr", "ratio");
  auto& per_click = builder.real("cost_per_click", unit);
  const double minor = static_cast<double>(power_of_ten(decimals(trail.currency())));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const VenueRow& row = rows[i];
    bool unpaid = false;
    if (row.key == no_row) {
      key.append_text(i + 1 == rows.size() ? total_key : unattributed_key);
      name.append_null();
    } else {
      const CardRow card = card_row(store, by, row.key, nullptr);
      key.append_text(card.key);
      name.append_text(card.name);
      unpaid = card.unpaid;
    }
    reports.append_integer(row.reports);
    impressions.append_integer(row.impressions);
    reach.append_integer(row.reach);
    clicks.append_integer(row.clicks);
    claimed.append_integer(row.claimed);
    clicks_ours.append_integer(row.clicks_ours);
    registrations.append_integer(row.registrations);
    attended.append_integer(row.attended);
    const bool comparable = row.claimed.has_value() && row.registrations.has_value();
    const std::int64_t more = comparable ? *row.claimed - *row.registrations : 0;
    difference.append_integer(comparable ? std::optional{more} : std::nullopt);
    share.append_real(comparable && *row.registrations != 0
                          ? std::optional{static_cast<double>(more) / static_cast<double>(*row.registrations)}
                          : std::nullopt);
    const auto ours = row.own_cost();
    cost.append_minor(ours);
    reported.append_minor(row.cost_reported);
    const auto spent = options.cost == VenueCost::ours ? ours : row.cost_reported;
    const auto ratio_of = [](double above, std::optional<std::int64_t> over) {
      return over.value_or(0) == 0 ? std::nullopt : std::optional{above / static_cast<double>(*over)};
    };
    const bool no_price = !spent.has_value() || (unpaid && *spent == 0);
    const double money = no_price ? 0.0 : static_cast<double>(*spent) / minor;
    cpm.append_real(no_price ? std::nullopt : ratio_of(money * 1000.0, row.impressions));
    ctr.append_real(row.clicks.has_value() ? ratio_of(static_cast<double>(*row.clicks), row.impressions)
                                           : std::nullopt);
    per_click.append_real(no_price ? std::nullopt : ratio_of(money, row.clicks));
  }
  return builder.finish();
}

}  // namespace dealtrail
