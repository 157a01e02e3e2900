#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/card_rows.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"
#include "dealtrail/trail/trail.hpp"

// The reading half of Trail that sums postings: card, cards, trace, diff, goals.

namespace dealtrail {

DEALTRAIL_INLINE Card Trail::card(std::string_view key, std::string_view by) const {
  using namespace detail;
  const auto card_key = find_card_key(by);
  if (!card_key.has_value()) {
    throw Error(ErrorCode::unknown_name, "no live card by '" + std::string{by} + "'", {"cards", "by", -1},
                "channel, announcement, event, partner or month; cards() groups by any column");
  }
  const CardSums& cells = state_->live.cells();
  CardRow row{std::string{key}, std::nullopt, std::nullopt, {}};
  bool found = true;
  if (key == total_key) {
    row.sums = cells.total();
  } else if (*card_key == CardKey::month) {
    const auto period = find_period(key);
    const Sums* sums = key == undated_key ? &cells.undated() : nullptr;
    if (period.has_value() && period->kind == PeriodKind::month) sums = cells.month(period->ordinal);
    found = sums != nullptr;
    if (found) row.sums = *sums;
  } else if (key == unattributed_key) {
    row.sums = cells.by(*card_key).unattributed();
  } else {
    const RowId slot = state_->store.find(kind_of(*card_key), key);
    found = state_->store.present(kind_of(*card_key), slot);
    if (found) row = card_row(state_->store, *card_key, slot, cells.by(*card_key).at(slot));
  }
  if (!found)
    throw Error(ErrorCode::unknown_name, "no " + std::string{by} + " of that id", {"cards", std::string{key}, -1});
  Card card{.key = row.key, .name = row.name, .state = row.state, .part_of = row.part_of};
  [[maybe_unused]] const int places = decimals(state_->currency);
#define DEALTRAIL_COUNT(column, meaning) card.column = row.sums[Metric::column].total();
#define DEALTRAIL_CAME(column, meaning) card.column = count_of(Metric::column, row.sums);
#define DEALTRAIL_MONEY(column, meaning)                           \
  {                                                                \
    constexpr const CardColumn& made = *find_card_column(#column); \
    const auto minor = money_of(made, row.sums, row.unpriced);     \
    if (minor) card.column = Money{*minor, state_->currency};      \
  }
#define DEALTRAIL_HIDDEN(column, meaning)
#define DEALTRAIL_RATIO(column, plus, minus, over, over2, meaning)         \
  {                                                                        \
    constexpr const CardColumn& made = *find_card_column(#column);         \
    card.column = ratio(made, row.sums, places, row.unpaid, row.unpriced); \
  }
#include "dealtrail/cards/cards.def"
  return card;
}

DEALTRAIL_INLINE Table Trail::cards(const CardsOptions& options) const {
  using namespace detail;
  const FactsView read = view();
  const bool live = is_live(options);
  TableBuilder builder{"cards"};
  add_meta(builder, options, read, state_->live.now(), live);
  builder.meta("show_rate",
               show_rate_meta(read, options.as_of.has_value() ? to_us(*options.as_of) : state_->live.now()));
  const std::vector<CardRow> rows = live ? card_rows(state_->store, *find_card_key(options.by), state_->live.cells())
                                         : scanned_card_rows(read, state_->live.now(), options);
  return card_table(rows, std::move(builder), state_->currency, find_card_key(options.by) == CardKey::event);
}

namespace detail {

struct TracedPart {
  int role;  // 0 part, 1 numerator, 2 denominator
  Posting posting;
  std::int64_t part;
};

/// The metrics a column is made of, with role and sign.
[[nodiscard]] inline std::vector<std::tuple<Metric, int, int>> parts_of_column(const CardColumn& column) {
  if (column.sort != ColumnRole::ratio) return {{column.metric, 0, 1}};
  std::vector<std::tuple<Metric, int, int>> parts;
  if (column.plus != Metric::nothing) parts.emplace_back(column.plus, 1, 1);
  if (column.minus != Metric::nothing) parts.emplace_back(column.minus, 1, -1);
  if (column.over != Metric::nothing) parts.emplace_back(column.over, 2, 1);
  if (column.over2 != Metric::nothing) parts.emplace_back(column.over2, 2, 1);
  return parts;
}

/// Cost that was left out until attendance was known is told no more.
inline void drop_what_is_seen(std::vector<TracedPart>& parts) {
  const auto place = [](const Posting& one) {
    return std::tuple{one.kind, one.fact, one.at, one.event, one.channel, one.announcement, one.partner};
  };
  std::map<decltype(place(Posting{})), std::int64_t> unseen;
  for (const TracedPart& one : parts) {
    if (one.posting.metric == Metric::cost_unseen) unseen[place(one.posting)] += one.part;
  }
  std::vector<TracedPart> kept;
  for (TracedPart one : parts) {
    if (one.posting.metric == Metric::cost_unseen) one.part = std::exchange(unseen[place(one.posting)], 0);
    if (one.part != 0 || one.posting.metric != Metric::cost_unseen) kept.push_back(one);
  }
  parts = std::move(kept);
}

}  // namespace detail

DEALTRAIL_INLINE Table Trail::trace(std::string_view asked, std::string_view metric,
                                    const CardsOptions& options) const {
  using namespace detail;
  const std::string key = plain_id(asked);
  const CardColumn* column = find_card_column(metric);
  if (column == nullptr) {
    std::string names;
    for (const CardColumn& one : card_columns) names += (names.empty() ? "" : ", ") + std::string{one.name};
    throw Error(ErrorCode::unknown_name, "no such figure: '" + std::string{metric} + "'", {"trace", "metric", -1},
                names);
  }
  const PostingKeys keys(state_->store, state_->index, state_->options.zone, options.by);
  const auto card_key = keys.card_key();
  if (card_key.has_value() && *card_key != CardKey::month && key != total_key && key != unattributed_key &&
      !state_->store.present(kind_of(*card_key), state_->store.find(kind_of(*card_key), key))) {
    throw Error(ErrorCode::unknown_name, "no " + options.by + " of that id", {"trace", std::string{key}, -1});
  }
  const auto wanted = parts_of_column(*column);
  std::vector<TracedPart> parts;
  for_each_posting(view(), state_->live.now(), options, [&](const Posting& posting) {
    for (const auto& [of, role, sign] : wanted) {
      if (posting.metric != of) continue;
      if (key == total_key ? posting.scope == Scope::event_only : keys.of(posting) != key) continue;
      parts.push_back({role, posting, sign * posting.value});
    }
  });
  drop_what_is_seen(parts);
  const auto id_of = [&](const Posting& posting) { return state_->store.id(posting.kind, posting.fact); };
  // Equal parts of one fact differ in where they belong: by ids, never by slots, which are in order of arrival.
  const auto id_in = [&](Kind of, RowId slot) {
    return slot == no_row ? std::string_view{} : std::string_view{state_->store.id(of, slot)};
  };
  std::sort(parts.begin(), parts.end(), [&](const TracedPart& lhs, const TracedPart& rhs) {
    const auto order = [&](const TracedPart& part) {
      const Posting& posting = part.posting;
      return std::tuple{part.role,
                        posting.metric,
                        posting.kind,
                        posting.at,
                        id_of(posting),
                        part.part,
                        id_in(Kind::events, posting.event),
                        id_in(Kind::channels, posting.channel),
                        id_in(Kind::announcements, posting.announcement),
                        id_in(Kind::partners, posting.partner)};
    };
    return order(lhs) < order(rhs);
  });

  TableBuilder builder{"trace"};
  add_meta(builder, options, view(), state_->live.now(), false);
  builder.meta("key", std::string{key});
  builder.meta("metric", std::string{metric});
  auto& role = builder.text("role");
  auto& of = builder.text("metric");
  auto& kind = builder.text("kind");
  auto& id = builder.text("id");
  auto& at = builder.time("at");
  const bool money = column->sort == ColumnRole::ratio || is_money(column->metric);
  auto& part = money ? builder.money("part", state_->currency) : builder.integer("part");
  auto& rule = builder.text("source");
  auto& channel = builder.text("channel");
  auto& announcement = builder.text("announcement");
  auto& event = builder.text("event");
  auto& partner = builder.text("partner");
  const Postings postings(view(), options.view, options.clock);
  constexpr std::string_view roles[] = {"part", "numerator", "denominator"};
  for (const TracedPart& traced : parts) {
    const Posting& posting = traced.posting;
    role.append_text(roles[traced.role]);
    of.append_text(to_string(posting.metric));
    kind.append_text(kind_name(posting.kind));
    id.append_text(id_of(posting));
    at.append(shown_time(posting.at, state_->options.zone));
    if (!money) {
      part.append_integer(traced.part);
    } else if (is_money(posting.metric)) {
      part.append_minor(traced.part);
    } else {
      part.append_decimal(Decimal{traced.part, 0});
    }
    rule.append_text(to_string(postings.sources().of(posting.kind, posting.fact).rule));
    const auto place = [&](ColumnBuilder& to, Kind of_kind, RowId slot) {
      to.append_text(slot == no_row ? std::nullopt : std::optional{state_->store.id(of_kind, slot)});
    };
    place(channel, Kind::channels, posting.channel);
    place(announcement, Kind::announcements, posting.announcement);
    place(event, Kind::events, posting.event);
    place(partner, Kind::partners, posting.partner);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table Trail::diff(const Trail& before, const CardsOptions& now,
                                   std::optional<CardsOptions> then) const {
  using namespace detail;
  const CardsOptions earlier = then.value_or(now);
  if (!(before.state_->currency == state_->currency))
    throw Error(ErrorCode::currency_mismatch, "the two Trails count in different currencies");
  if (earlier.by != now.by)
    throw Error(ErrorCode::invalid_argument, "both sides of a diff need the same by", {"diff", "by", -1});
  using Place = std::tuple<std::string, Metric, Kind, std::string>;
  std::map<Place, std::pair<MoneySum, MoneySum>> changes;
  const auto gather = [&](const Trail& trail, const CardsOptions& options, bool is_after) {
    const PostingKeys keys(trail.state_->store, trail.state_->index, trail.state_->options.zone, options.by);
    for_each_posting(trail.view(), trail.state_->live.now(), options, [&](const Posting& posting) {
      const std::string id{trail.state_->store.id(posting.kind, posting.fact)};
      const auto add = [&](std::string key) {
        auto& sides = changes[{std::move(key), posting.metric, posting.kind, id}];
        (is_after ? sides.second : sides.first).add(posting.value);
      };
      if (auto key = keys.of(posting)) add(std::move(*key));
      if (posting.scope == Scope::everywhere) add(std::string{total_key});
    });
  };
  gather(before, earlier, false);
  gather(*this, now, true);

  TableBuilder builder{"diff"};
  add_meta(builder, now, view(), state_->live.now(), false);
  auto& key = builder.text("key");
  auto& metric = builder.text("metric");
  auto& kind = builder.text("kind");
  auto& id = builder.text("id");
  auto& was = builder.money("before", state_->currency);
  auto& is = builder.money("after", state_->currency);
  auto& change = builder.money("change", state_->currency);
  for (const auto& [place, sides] : changes) {
    if (sides.first == sides.second) continue;
    MoneySum difference = sides.second;
    difference.subtract(sides.first);
    const Metric of = std::get<1>(place);
    key.append_text(std::get<0>(place));
    metric.append_text(to_string(of));
    kind.append_text(kind_name(std::get<2>(place)));
    id.append_text(std::get<3>(place));
    const auto put = [&](ColumnBuilder& to, const MoneySum& sum) {
      is_money(of) ? to.append_minor(sum.total()) : to.append_decimal(Decimal{sum.total(), 0});
    };
    put(was, sides.first);
    put(is, sides.second);
    put(change, difference);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table Trail::goals(const CardsOptions& options) const {
  using namespace detail;
  namespace f = fields::events;
  CardsOptions by_event = options;
  by_event.by = "event";
  CardSums scanned;
  const bool live = is_live(by_event);
  if (!live) {
    for_each_posting(view(), state_->live.now(), by_event,
                     [&](const Posting& posting) { scanned.apply(posting, state_->options.zone, true); });
  }
  const KeySums& cells = (live ? state_->live.cells() : scanned).by(CardKey::event);
  TableBuilder builder{"goals"};
  add_meta(builder, by_event, view(), state_->live.now(), live);
  auto& event = builder.text("event");
  auto& name = builder.text("name");
  auto& starts_at = builder.time("starts_at");
  auto& figure = builder.text("figure");
  auto& goal = builder.money("goal", state_->currency);
  auto& fact = builder.money("fact", state_->currency);
  auto& missing = builder.money("missing", state_->currency);
  auto& done = builder.real("done", "ratio");
  struct Goal {
    std::size_t field;
    std::string_view figure;
    Metric metric;
    Metric metric2;
  };
  constexpr Goal all[] = {{f::goal_registrations, "registrations", Metric::registrations, Metric::nothing},
                          {f::goal_attended, "came", Metric::attended, Metric::walk_ins},
                          {f::goal_new, "new_faces", Metric::new_faces, Metric::nothing},
                          {f::goal_deals, "deals", Metric::deals, Metric::nothing},
                          {f::goal_revenue, "amount_won", Metric::amount_won, Metric::nothing}};
  for (const RowId slot : state_->store.sorted_rows(Kind::events)) {
    for (const Goal& one : all) {
      const Cell aim = state_->store.get(Kind::events, slot, one.field);
      if (aim == null_cell) continue;
      MoneySum reached;
      bool known = true;
      if (const Sums* sums = cells.at(slot)) {
        known = !all_left_out(one.metric, *sums) && !(is_of_arrivals(one.metric) && nobody_looked(*sums));
        reached = (*sums)[one.metric];
        if (one.metric2 != Metric::nothing) reached.merge((*sums)[one.metric2]);
      }
      const bool money = is_money(one.metric);
      const auto put = [&](ColumnBuilder& to, std::int64_t value) {
        money ? to.append_minor(value) : to.append_decimal(Decimal{value, 0});
      };
      event.append_text(state_->store.id(Kind::events, slot));
      const Cell title = state_->store.get(Kind::events, slot, f::name);
      name.append_text(title == null_cell ? std::nullopt : std::optional{state_->store.text(title)});
      const Cell starts = state_->store.get(Kind::events, slot, f::starts_at);
      starts_at.append_time(starts == null_cell ? std::nullopt : std::optional{from_us(starts)});
      figure.append_text(one.figure);
      put(goal, aim);
      if (!known) {
        fact.append_minor(std::nullopt);
        missing.append_minor(std::nullopt);
        done.append_real(std::nullopt);
        continue;
      }
      put(fact, reached.total());
      MoneySum gap{aim};
      gap.subtract(reached);
      put(missing, std::max<std::int64_t>(gap.total(), 0));
      done.append_real(aim == 0 ? std::nullopt : std::optional{reached.approximate() / static_cast<double>(aim)});
    }
  }
  return builder.finish();
}

}  // namespace dealtrail
