#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cards/card_sums.hpp"
#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/facts/cell_datum.hpp"
#include "dealtrail/placements/detail/placement_problems.hpp"
#include "dealtrail/placements/placements.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/trail.hpp"

// Placements of a Trail: each announcement with the sums of its card.

namespace dealtrail {
namespace detail {

// Which sums of a card are results, and of what they are a share.
struct PlacementMetric {
  Metric count = Metric::nothing;
  Metric count2 = Metric::nothing;
  Metric trials = Metric::nothing;
  bool visits = false;    // counted until the event is over
  bool arrivals = false;  // needs somebody who noted who came

  explicit PlacementMetric(std::string_view name) {
    if (name == "came") {
      count = Metric::attended, count2 = Metric::walk_ins;
    } else if (const CardColumn* column = find_card_column(name)) {
      if (column->sort == ColumnRole::count || column->sort == ColumnRole::money) count = column->metric;
      if (column->sort == ColumnRole::ratio &&
          (column->minus == Metric::nothing || column->minus == Metric::cost_unseen) && !is_money(column->over)) {
        if (column->plus == Metric::cost) {
          count = column->over, count2 = column->over2;
        } else if (!is_money(column->plus)) {
          count = column->plus, trials = column->over;
        }
      }
    }
    if (count == Metric::nothing || count == Metric::cost || count == Metric::margin || count == Metric::open)
      fail(name);
    const auto any = [&](auto... of) { return ((count == of) || ...); };
    arrivals = any(Metric::attended, Metric::attended_over, Metric::walk_ins, Metric::new_faces);
    visits = arrivals || count == Metric::registrations;
  }

 private:
  [[noreturn]] static void fail(std::string_view name) {
    throw Error(ErrorCode::unknown_name, "no results of placements are called '" + std::string{name} + "'",
                {"placements", "metric", -1},
                "cost_per_attendee, cost_per_registration, cost_per_deal, cac, show_rate, another ratio of cost to a "
                "count, a count of cards, came or amount_won");
  }
};

class TrailPlacements {
 public:
  TrailPlacements(const Trail& trail, const TrailPlacementOptions& options)
      : facts_(trail.view()),
        store_(facts_.store),
        options_(options),
        metric_(options.metric),
        now_(options.as_of ? to_us(*options.as_of)
             : trail.now() ? to_us(*trail.now())
                           : null_cell) {
    own_ = store_.find_column(Kind::announcements, options.by);
    of_channel_ = options.by == "channel" ? std::nullopt : store_.find_column(Kind::channels, options.by);
    if (!own_.has_value() && !of_channel_.has_value()) {
      throw Error(ErrorCode::unknown_name, "nothing to judge by: '" + options.by + "'", {"placements", "by", -1},
                  "channel, creative, format, partner, brand, or another column of announcements or channels");
    }
    if (options.period.has_value()) {
      from_ = to_us(begin(*options.period, facts_.zone));
      until_ = to_us(end(*options.period, facts_.zone));
    }
  }

  [[nodiscard]] Placements make() {
    const CardsOptions cut{.by = "announcement", .view = options_.view, .as_of = options_.as_of};
    for_each_posting(facts_, now_, cut, [&](const Posting& posting) {
      sums_.apply(posting, facts_.zone, true);
      if (posting.scope == Scope::event_only) return;
      if (posting.announcement != no_row) {
        if (posting.metric == Metric::cost) mark(priced_, posting.announcement);
      } else {
        elsewhere(posting);
      }
    });
    std::vector<Placement> rows;
    std::map<std::pair<std::string, std::string>, Placement> joined;
    std::int64_t given = 0;
    for (const RowId slot : store_.sorted_rows(Kind::announcements)) {
      Placement row;
      if (!fill(row, slot)) continue;
      ++given;
      if (!options_.by_event) {
        rows.push_back(std::move(row));
        continue;
      }
      const EventShares events = events_of(store_, slot);
      const RowId event = topmost(store_, events.all().front().first);
      row.id = store_.present(Kind::events, event) ? std::string{store_.id(Kind::events, event)} : "no event";
      const auto [at, first] = joined.emplace(std::pair{row.channel, row.id}, row);
      if (first) continue;
      const bool known = at->second.spend_minor && row.spend_minor;
      placement::add_row(at->second, row);
      if (!known) at->second.spend_minor.reset();
    }
    for (auto& [key, row] : joined) rows.push_back(std::move(row));
    for (const auto& [channel, sums] : elsewhere_) {
      problems_.add(placement::problem("no_announcement", "warning", "announcement",
                                       "cost and results that belong to no announcement are not in placements",
                                       "link invoices, touches and registrations to announcements"),
                    channel == no_row ? "(unattributed)" : std::string{store_.id(Kind::channels, channel)},
                    "cost " + to_decimal_text(sums.first.total(), decimals(facts_.currency)) + ", results " +
                        std::to_string(sums.second.total()));
    }
    Placements made = Placements::from_rows(std::move(rows), facts_.currency);
    made.zone_ = facts_.zone;
    made.has_spend_ = true;
    made.has_trials_ = metric_.trials != Metric::nothing;
    made.rows_ = given + left_out_;
    made.left_out_ += left_out_;
    for (PlacementProblem& one : problems_.take()) made.add_problem(std::move(one));
    return made;
  }

 private:
  static void mark(std::vector<bool>& marks, RowId slot) {
    if (slot >= marks.size()) marks.resize(std::max<std::size_t>(slot + std::size_t{1}, marks.size() * 2));
    marks[slot] = true;
  }

  void elsewhere(const Posting& posting) {
    const bool result =
        posting.metric == metric_.count || (metric_.count2 != Metric::nothing && posting.metric == metric_.count2);
    if (posting.metric != Metric::cost && !result) return;
    auto& [cost, results] = elsewhere_[posting.channel];
    (result ? results : cost).add(posting.value);
  }

  [[nodiscard]] std::optional<std::string> cell(Kind kind, RowId slot, std::optional<std::size_t> column) const {
    if (!column.has_value() || slot == no_row) return std::nullopt;
    const Cell value = store_.get(kind, slot, *column);
    if (value == null_cell) return std::nullopt;
    const Datum datum = datum_of(store_, kind, *column, value, decimals(facts_.currency));
    return datum.kind() == DatumKind::text ? std::string{datum.as_text()} : to_text(datum);
  }

  // Whether results may still come: those counted at an event come until it is over.
  [[nodiscard]] bool is_open(RowId slot, const Sums& sums, bool planned) const {
    if (planned) return true;
    const bool young = sums[Metric::open].sign() > 0;
    if (!metric_.visits) return young;
    Cell over = null_cell;
    const EventShares events = events_of(store_, slot);
    for (const auto& [event, weight] : events.all()) {
      if (!store_.present(Kind::events, event)) continue;
      over = std::max(over, over_at(store_, event, facts_.zone));
    }
    return over == null_cell ? young : now_ != null_cell && now_ < over;
  }

  // True if attendance of an event of the announcement was taken, or it has none.
  [[nodiscard]] bool arrivals_noted(RowId slot) const {
    bool any = false;
    const EventShares events = events_of(store_, slot);
    for (const auto& [event, weight] : events.all()) {
      if (!store_.present(Kind::events, event)) continue;
      any = true;
      const Cell known = facts_.arrivals.known_since(store_, topmost(store_, event), facts_.zone);
      if (known != ArrivalIndex::never && (now_ == null_cell || known <= now_)) return true;
    }
    return !any;
  }

  bool leave_out(const PlacementProblem& kind, std::string id, std::string value) {
    problems_.add(kind, std::move(id), std::move(value));
    ++left_out_;
    return false;
  }

  // 0 for a placement that is not paid for; nothing where it is not known.
  [[nodiscard]] std::optional<std::int64_t> spend_of(RowId slot, RowId channel, const Sums& sums,
                                                     const Placement& row) {
    if (sums[Metric::cost_left_out].sign() != 0) {
      problems_.add(placement::problem("cost_left_out", "warning", "cost",
                                       "placements with a cost in another currency without a rate have no known spend",
                                       "put the exchange rate of that day"),
                    row.id, row.channel);
      return std::nullopt;
    }
    if (slot < priced_.size() && priced_[slot]) {
      MoneySum spend = sums[Metric::cost];
      // Of events that are over and of which nobody knows who came; before that all of it is on its way.
      if (metric_.arrivals && !row.open) spend.subtract(sums[Metric::cost_unseen]);
      return spend.total();
    }
    Cell how = store_.get(Kind::announcements, slot, fields::announcements::paid);
    if (how == null_cell && channel != no_row) how = store_.get(Kind::channels, channel, fields::channels::paid);
    constexpr Cell paid = choice(Kind::channels, fields::channels::paid, "paid");
    if (how != null_cell && how != paid) return 0;
    problems_.add(placement::problem("no_spend", "warning", "cost",
                                     "placements whose spend is not known are counted, but say nothing about cost",
                                     "link an invoice line, or say that the channel is own or barter"),
                  row.id, row.channel);
    return std::nullopt;
  }

  bool fill(Placement& row, RowId slot) {
    namespace f = fields::announcements;
    const Sums none;
    const Sums* known = sums_.by(CardKey::announcement).at(slot);
    const Sums& sums = known == nullptr ? none : *known;
    const Cell published = store_.get(Kind::announcements, slot, f::published_at);
    if (from_ != null_cell && (published == null_cell || published < from_ || published >= until_)) return false;
    const Cell status = store_.get(Kind::announcements, slot, f::status);
    const bool out = status == choice(Kind::announcements, f::status, "out");
    const bool planned = status == choice(Kind::announcements, f::status, "planned") ||
                         (out && published != null_cell && now_ != null_cell && published > now_);
    row.id = std::string{store_.id(Kind::announcements, slot)};
    if ((!out || planned) && sums.empty()) {
      return leave_out(
          placement::problem("not_out", "info", "status",
                             "announcements that are planned or cancelled, without cost and results", "nothing to do"),
          row.id, "");
    }
    const RowId channel = store_.live_link(Kind::announcements, slot, f::channel);
    if (options_.by == "channel") {
      if (channel != no_row) row.channel = std::string{store_.id(Kind::channels, channel)};
    } else {
      row.channel = cell(Kind::announcements, slot, own_).value_or("");
      if (row.channel.empty()) row.channel = cell(Kind::channels, channel, of_channel_).value_or("");
    }
    row.open = is_open(slot, sums, planned);
    if (metric_.arrivals && !row.open && !arrivals_noted(slot)) {
      return leave_out(placement::problem("no_attendance", "warning", "attendances",
                                          "placements for events at which nobody noted who came are left out",
                                          "put the arrivals of the event"),
                       row.id, row.channel);
    }
    if (published != null_cell) row.at = from_us(published);
    if (channel != no_row) {
      const Cell state = store_.get(Kind::channels, channel, fields::channels::state);
      if (state == choice(Kind::channels, fields::channels::state, "test")) row.state = ChannelState::test;
      if (state == choice(Kind::channels, fields::channels::state, "archived")) row.state = ChannelState::archived;
    }
    MoneySum results = sums[metric_.count];
    if (metric_.count2 != Metric::nothing) results.merge(sums[metric_.count2]);
    row.count = results.total();
    if (metric_.trials != Metric::nothing) row.trials = sums[metric_.trials].total();
    row.spend_minor = spend_of(slot, channel, sums, row);
    return true;
  }

  const FactsView facts_;
  const FactStore& store_;
  const TrailPlacementOptions& options_;
  PlacementMetric metric_;
  Cell now_;
  Cell from_ = null_cell;
  Cell until_ = null_cell;
  std::optional<std::size_t> own_{};
  std::optional<std::size_t> of_channel_{};
  CardSums sums_{};
  std::vector<bool> priced_{};  // announcements that a cost reached
  std::map<RowId, std::pair<MoneySum, MoneySum>> elsewhere_{};
  std::int64_t left_out_ = 0;
  placement::ProblemList problems_{};
};

}  // namespace detail

DEALTRAIL_INLINE Placements placements(const Trail& trail, const TrailPlacementOptions& options) {
  return detail::TrailPlacements(trail, options).make();
}

}  // namespace dealtrail
