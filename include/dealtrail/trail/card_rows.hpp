// engine
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/cards/card.hpp"
#include "dealtrail/cards/card_sums.hpp"
#include "dealtrail/cards/channel_costs.hpp"
#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/table.hpp"

// The rows of a table of cards, live or scanned, and the table that is made of them.

namespace dealtrail {

namespace detail {

/// One row of a table of cards, before it is shown.
struct CardRow {
  std::string key;
  std::optional<std::string> name;
  std::optional<std::string> state;
  Sums sums;
  bool unpaid = false;                   // an own or barter channel or announcement
  bool unpriced = false;                 // a channel that is paid for, and of which no cost is known at any date
  std::optional<std::string> part_of{};  // of a session: the event whose row counts it, too
};

[[nodiscard]] inline CardRow card_row(const FactStore& store, CardKey key, RowId slot, const Sums* sums) {
  const Kind kind = kind_of(key);
  CardRow row{std::string{store.id(kind, slot)}, std::nullopt, std::nullopt, sums == nullptr ? Sums{} : *sums};
  const auto text = [&](std::string_view column) -> std::optional<std::string> {
    const auto field = find_field(kind, column);
    if (!field.has_value()) return std::nullopt;
    const Datum datum = datum_of(store, kind, *field, store.get(kind, slot, *field), 0);
    return datum.is_null() ? std::nullopt : std::optional{std::string{datum.as_text()}};
  };
  row.name = text(key == CardKey::announcement ? "creative" : "name");
  row.state = text(key == CardKey::channel ? "state" : "status");
  namespace ch = fields::channels;
  constexpr Cell paid = choice(Kind::channels, ch::paid, "paid");
  Cell how = null_cell;
  if (key == CardKey::channel) how = store.get(kind, slot, ch::paid);
  if (key == CardKey::announcement) {
    how = store.get(kind, slot, fields::announcements::paid);
    const RowId channel = store.live_link(kind, slot, fields::announcements::channel);
    if (how == null_cell && channel != no_row) how = store.get(Kind::channels, channel, ch::paid);
  }
  row.unpaid = how != null_cell && how != paid;
  row.unpriced = key == CardKey::channel && row.sums[Metric::cost].sign() == 0 &&
                 row.sums[Metric::cost_left_out].sign() == 0 && is_unpriced(store, slot);
  if (key == CardKey::event) {
    const RowId whole = topmost(store, slot);
    if (whole != slot) row.part_of = std::string{store.id(kind, whole)};
  }
  return row;
}

[[nodiscard]] inline std::vector<CardRow> card_rows(const FactStore& store, CardKey key, const CardSums& cells) {
  std::vector<CardRow> rows;
  if (key == CardKey::month) {
    cells.for_each_month([&](std::int32_t month, const Sums& sums) {
      rows.push_back({to_text(Period{PeriodKind::month, month}), std::nullopt, std::nullopt, sums});
    });
    rows.push_back({std::string{undated_key}, std::nullopt, std::nullopt, cells.undated()});
  } else {
    const KeySums& of_key = cells.by(key);
    for (const RowId slot : store.sorted_rows(kind_of(key)))
      rows.push_back(card_row(store, key, slot, of_key.at(slot)));
    rows.push_back({std::string{unattributed_key}, std::nullopt, std::nullopt, of_key.unattributed()});
  }
  rows.push_back({std::string{total_key}, std::nullopt, std::nullopt, cells.total()});
  return rows;
}

[[nodiscard]] inline std::optional<std::int64_t> money_of(const CardColumn& column, const Sums& sums,
                                                          bool unpriced = false) {
  if (unpriced && column.metric == Metric::cost) return std::nullopt;
  if (column.metric == Metric::margin && sums[Metric::margin_deals].sign() == 0) return std::nullopt;
  if (all_left_out(column.metric, sums)) return std::nullopt;
  return sums[column.metric].total();
}

[[nodiscard]] inline Table card_table(const std::vector<CardRow>& rows, TableBuilder builder, Currency currency,
                                      bool events = false) {
  auto& key = builder.text("key");
  auto& name = builder.text("name");
  auto& state = builder.text("state");
  ColumnBuilder* part_of = events ? &builder.text("part_of") : nullptr;
  std::vector<ColumnBuilder*> columns;
  for (const CardColumn& column : card_columns) {
    const std::string title{column.name};
    switch (column.sort) {
      case ColumnRole::count: columns.push_back(&builder.integer(title)); break;
      case ColumnRole::money: columns.push_back(&builder.money(title, currency)); break;
      case ColumnRole::hidden: columns.push_back(nullptr); break;
      case ColumnRole::ratio: {
        const bool per = is_money(column.plus) && !is_money(column.over);
        columns.push_back(&builder.real(title, per ? std::string{currency.code()} : "ratio"));
        break;
      }
    }
  }
  for (const CardRow& row : rows) {
    key.append_text(row.key);
    name.append_text(row.name);
    state.append_text(row.state);
    if (part_of != nullptr) part_of->append_text(row.part_of);
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const CardColumn& column = card_columns[c];
      if (column.sort == ColumnRole::count) columns[c]->append_integer(count_of(column.metric, row.sums));
      if (column.sort == ColumnRole::money) columns[c]->append_minor(money_of(column, row.sums, row.unpriced));
      if (column.sort == ColumnRole::ratio)
        columns[c]->append_real(ratio(column, row.sums, decimals(currency), row.unpaid, row.unpriced));
    }
  }
  return builder.finish();
}

// The rows of a table by anything, from all postings.
[[nodiscard]] inline std::vector<CardRow> scanned_card_rows(const FactsView& facts, Cell latest,
                                                            const CardsOptions& options) {
  const PostingKeys keys(facts.store, facts.index, facts.zone, options.by);
  if (keys.card_key().has_value()) {
    CardSums cells;
    for_each_posting(facts, latest, options, [&](const Posting& posting) { cells.apply(posting, facts.zone, true); });
    return card_rows(facts.store, *keys.card_key(), cells);
  }
  std::map<std::string, Sums> sums;
  Sums unattributed;
  Sums total;
  for_each_posting(facts, latest, options, [&](const Posting& posting) {
    const auto key = keys.of(posting);
    if (!key.has_value()) return;
    // A value that is named as the last row has no row of its own: no table has two rows of one name.
    const bool nobody = *key == unattributed_key || *key == total_key;
    (nobody ? unattributed : sums[*key]).add(posting.metric, posting.value);
    total.add(posting.metric, posting.value);
  });
  std::vector<CardRow> rows;
  for (const auto& [key, of_key] : sums) rows.push_back({key, keys.name_of(key), std::nullopt, of_key});
  rows.push_back({std::string{unattributed_key}, std::nullopt, std::nullopt, unattributed});
  rows.push_back({std::string{total_key}, std::nullopt, std::nullopt, total});
  return rows;
}

/// The whole events that are over and of which attendance was taken, as one sees them at a time.
[[nodiscard]] inline std::string show_rate_meta(const FactsView& facts, Cell now) {
  std::int64_t count = 0;
  facts.store.for_each_row(Kind::events, [&](RowId event) {
    const Cell known = facts.arrivals.known_since(facts.store, event, facts.zone);
    const Cell over = over_at(facts.store, event, facts.zone);
    if (known == ArrivalIndex::never || over == null_cell || now == null_cell || std::max(known, over) > now) return;
    if (topmost(facts.store, event) == event) ++count;
  });
  return "of " + std::to_string(count) + " events with attendance that are over";
}

[[nodiscard]] inline bool is_live(const CardsOptions& options) noexcept {
  return find_card_key(options.by).has_value() && options.view == View::marketing && options.clock == Clock::activity &&
         !options.as_of.has_value() && !options.period.has_value();
}

}  // namespace detail

}  // namespace dealtrail
