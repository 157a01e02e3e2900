// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "dealtrail/aggregate/money_sum_state.hpp"
#include "dealtrail/cards/card_sums.hpp"
#include "dealtrail/cards/channel_costs.hpp"
#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/cards/postings.hpp"

namespace dealtrail::detail {

/// What venues report of one announcement or channel, and what we counted.
struct VenueRow {
  RowId key = no_row;  // no_slot: reports of nothing that is here
  std::int64_t reports = 0;
  std::optional<std::int64_t> impressions;
  std::optional<std::int64_t> clicks;
  std::optional<std::int64_t> claimed;
  std::optional<std::int64_t> cost_reported;
  std::optional<std::int64_t> reach;
  std::optional<std::int64_t> clicks_ours;
  std::optional<std::int64_t> registrations;
  std::optional<std::int64_t> attended;
  std::optional<std::int64_t> cost;
  bool left_out = false;  // some cost of ours is in another currency, and there is no rate

  /// Our cost; null where there are costs, and none could be summed.
  [[nodiscard]] std::optional<std::int64_t> own_cost() const { return cost == 0 && left_out ? std::nullopt : cost; }
  static void add(std::optional<std::int64_t>& to, std::optional<std::int64_t> value) {
    if (!value.has_value()) return;
    std::int64_t sum = to.value_or(0);
    if (__builtin_add_overflow(sum, *value, &sum)) throw Error(ErrorCode::overflow, "reports add up to too much");
    to = sum;
  }
  void add(const VenueRow& other) {
    reports += other.reports;
    add(impressions, other.impressions);
    add(clicks, other.clicks);
    add(claimed, other.claimed);
    add(cost_reported, other.cost_reported);
    add(clicks_ours, other.clicks_ours);
    add(registrations, other.registrations);
    add(attended, other.attended);
    add(cost, other.cost);
    left_out = left_out || other.left_out;
  }
};

/// Rows by key's id, the one without a key last. `cells`: our sums by the same options.
[[nodiscard]] inline std::vector<VenueRow> venue_rows(const FactsView& facts, const CardSums& cells, CardKey by,
                                                      const PostingFilter& filter) {
  namespace r = fields::placement_reports;
  const FactStore& store = facts.store;
  const Kind kind = by == CardKey::channel ? Kind::channels : Kind::announcements;
  std::map<RowId, VenueRow> rows;
  const auto within = [&](Cell at) {
    if (filter.as_of != null_cell && at > filter.as_of) return false;
    return filter.from == null_cell || (at != null_cell && at >= filter.from && at < filter.before);
  };
  for (const RowId slot : store.sorted_rows(Kind::placement_reports)) {
    const auto cell = [&](std::size_t field) -> std::optional<std::int64_t> {
      const Cell value = store.get(Kind::placement_reports, slot, field);
      return value == null_cell ? std::nullopt : std::optional{value};
    };
    if (!within(cell(r::at).value_or(null_cell))) continue;
    const RowId announcement = store.live_link(Kind::placement_reports, slot, r::announcement);
    RowId key = announcement;
    if (by == CardKey::channel) {
      key = announcement == no_row ? store.live_link(Kind::placement_reports, slot, r::channel)
                                   : store.live_link(Kind::announcements, announcement, fields::announcements::channel);
    }
    VenueRow& row = rows[key];
    row.key = key;
    ++row.reports;
    VenueRow::add(row.impressions, cell(r::impressions));
    VenueRow::add(row.clicks, cell(r::clicks));
    VenueRow::add(row.claimed, cell(r::registrations_claimed));
    VenueRow::add(row.cost_reported, cell(r::cost));
    if (const auto reach = cell(r::reach)) row.reach = std::max(row.reach.value_or(*reach), *reach);
  }
  for (auto& [key, row] : rows) {
    if (key == no_row) continue;
    const Sums* sums = cells.by(by).at(key);
    const auto of = [&](Metric metric) { return sums == nullptr ? 0 : (*sums)[metric].total(); };
    row.clicks_ours = 0;
    row.registrations = of(Metric::registrations);
    row.attended = sums == nullptr ? 0 : count_of(Metric::attended, *sums);
    if (by != CardKey::channel || of(Metric::cost) != 0 || !is_unpriced(store, key)) row.cost = of(Metric::cost);
    row.left_out = of(Metric::cost_left_out) != 0;
  }
  namespace t = fields::touches;
  const Sources sources(store, facts.index);
  store.for_each_row(Kind::touches, [&](RowId slot) {
    const Cell sort = store.get(Kind::touches, slot, t::kind);
    if (sort != choice(Kind::touches, t::kind, "click") && sort != choice(Kind::touches, t::kind, "visit")) return;
    if (!within(store.get(Kind::touches, slot, t::at))) return;
    const Source source = sources.of_touch(slot);
    const auto row = rows.find(by == CardKey::channel ? source.channel : source.announcement);
    if (row != rows.end() && row->first != no_row) VenueRow::add(row->second.clicks_ours, 1);
  });
  std::vector<VenueRow> found;
  for (const auto& [key, row] : rows) found.push_back(row);
  std::sort(found.begin(), found.end(), [&](const VenueRow& lhs, const VenueRow& rhs) {
    if (lhs.key == no_row || rhs.key == no_row) return rhs.key == no_row && lhs.key != no_row;
    return store.id(kind, lhs.key) < store.id(kind, rhs.key);
  });
  return found;
}

}  // namespace dealtrail::detail
