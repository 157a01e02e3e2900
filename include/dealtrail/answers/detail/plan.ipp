#pragma once

#include <algorithm>
#include <cmath>
#include <cstdio>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/answers/pace.hpp"
#include "dealtrail/answers/plan.hpp"
#include "dealtrail/budget/allocate.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {
namespace detail {

class TrailPlanner {
 public:
  TrailPlanner(const Trail& trail, const PlanOptions& options)
      : trail_(trail), options_(options), places_(decimals(trail.currency())) {
    for (int i = 0; i < places_; ++i) minors_ *= 10;
    if (!options.budget.has_value() && options.event.empty())
      fail("expected a budget or an event, found neither", "budget", "give one of them");
    if (options.goal.has_value() && options.event.empty())
      fail("a goal is that of an event", "goal", "name the event, or give a budget");
    if (options.goal.has_value() && !(std::isfinite(*options.goal) && *options.goal > 0))
      fail("expected a goal above 0, found " + std::to_string(*options.goal), "goal",
           "give what the event is to reach");
    // Goals of events count guests who came with and without a registration.
    results_ = options.metric == "attended" ? "came" : options.metric;
  }

  [[nodiscard]] TrailPlan make() {
    if (!options_.event.empty()) look_at_event();
    const bool by_event = !options_.event.empty();
    TrailPlacementOptions how{.metric = results_, .view = options_.view, .as_of = options_.as_of, .by_event = by_event};
    const Placements history = placements(trail_, how);
    how.by_event = false;
    const Placements single = by_event ? placements(trail_, how) : history;
    budget::FitOptions fitting{.response_unit = results_ == "amount_won" ? minors_ : 1};
    if (!by_event) fitting.every = options_.every;
    made_.fit = budget::fit(history, fitting);
    made_.judged = evidence::judge(single, {.metric = options_.metric});
    for (const auto& [key, curve] : made_.fit.curves()) curves_.emplace(key, curve);
    set_today(history);
    for (const budget::FittedCurve& row : made_.fit.rows) add(row, single);
    if (channels_.empty()) {
      fail("no channel has a response curve" +
               (made_.unplanned.empty() ? std::string{}
                                        : "; '" + made_.unplanned.front().key + "': " + made_.unplanned.front().reason),
           "trail", "fit tells what each channel lacks");
    }
    allocate();
    explain();
    return std::move(made_);
  }

 private:
  [[noreturn]] static void fail(const std::string& message, const char* column, std::string hint) {
    throw Error(ErrorCode::invalid_argument, message, {"plan", column, -1}, std::move(hint));
  }
  [[nodiscard]] double major(std::int64_t minor) const { return static_cast<double>(minor) / minors_; }
  [[nodiscard]] std::string shown(std::int64_t minor) const { return to_decimal_text(minor, places_); }

  // The goal of the event and what is expected of it without new money.
  void look_at_event() {
    const Table seen = pace(trail_, {.event = options_.event, .as_of = options_.as_of});
    const auto real = [&](const char* column) { return seen.real_at(0, column); };
    const auto whole = [&](const char* column) { return seen.integer_at(0, column); };
    if (seen.text_at(0, "status") == "cancelled") fail("the event is cancelled", "event", "plan another one");
    if (const auto days = whole("days_to_go"); days.has_value() && *days <= 0)
      fail("the event has begun: there are " + std::to_string(*days) + " days to go", "event",
           "plan one that is to come, or set as_of");
    const bool guests = results_ == "came";
    const bool registrations = results_ == "registrations";
    made_.goal = options_.goal;
    if (!made_.goal && (guests || registrations)) {
      const auto own = whole(guests ? "goal_guests" : "goal_registrations");
      if (own.has_value()) made_.goal = static_cast<double>(*own);
    }
    if (!made_.goal && !options_.budget)
      fail("the event has no goal of " + options_.metric, "goal", "give goal, or a budget");
    if (guests || registrations) {
      made_.expected = real(guests ? "expected_guests" : "expected_registrations");
      if (!made_.expected) made_.expected = static_cast<double>(whole(guests ? "came" : "registrations").value_or(0));
      const auto capacity = whole("capacity");
      if (capacity && *made_.expected >= static_cast<double>(*capacity)) {
        fail("the event is full: " + std::to_string(*capacity) + " seats", "event", "raise the capacity");
      }
    } else {
      const Table cards = trail_.cards({.by = "event", .view = options_.view, .as_of = options_.as_of});
      const auto row = cards.find_row("key", options_.event);
      made_.expected = 0;
      if (row && results_ == "amount_won") made_.expected = major(cards.minor_at(*row, results_).value_or(0));
      if (row && results_ != "amount_won") {
        const CardColumn* column = find_card_column(results_);
        if (column != nullptr && column->sort == ColumnRole::count)
          made_.expected = static_cast<double>(cards.integer_at(*row, results_).value_or(0));
      }
    }
  }

  // What each channel gets now: of the event so far, or in an average period.
  void set_today(const Placements& history) {
    std::int32_t first = std::numeric_limits<std::int32_t>::max();
    std::int32_t last = std::numeric_limits<std::int32_t>::min();
    std::map<std::string, MoneySum, std::less<>> sums;
    for (std::size_t channel = 0; channel < history.channel_count(); ++channel) {
      for (std::size_t i = history.first(channel); i < history.first(channel + 1); ++i) {
        const std::int64_t spend = history.spend_minor(i).value_or(0);
        if (!options_.event.empty()) {
          if (history.id(i) == options_.event) sums[history.channels()[channel]].add(spend);
          continue;
        }
        if (!history.at(i) || history.open(i)) continue;
        const std::int32_t period = period_of(*history.at(i), options_.every, history.zone()).ordinal;
        first = std::min(first, period);
        last = std::max(last, period);
        sums[history.channels()[channel]].add(spend);
      }
    }
    const double periods = options_.event.empty() && first <= last ? static_cast<double>(last) - first + 1 : 1;
    for (const auto& [key, sum] : sums) today_[key] = std::floor(sum.approximate() / periods) / minors_;
  }

  void leave(const budget::FittedCurve& row, std::string reason) {
    made_.unplanned.push_back(
        {.key = row.key, .state = row.state, .spend_minor = row.spend_minor, .reason = std::move(reason)});
  }

  [[nodiscard]] const evidence::Judged* judged(const std::string& key) const {
    for (const evidence::Judged& one : made_.judged.rows) {
      if (one.key == key) return &one;
    }
    return nullptr;
  }

  // The median spend of a channel's single placements.
  [[nodiscard]] static double median_spend(const Placements& single, const std::string& key) {
    std::vector<double> spends;
    for (std::size_t channel = 0; channel < single.channel_count(); ++channel) {
      if (single.channels()[channel] != key) continue;
      for (std::size_t i = single.first(channel); i < single.first(channel + 1); ++i) {
        if (single.spend_minor(i).value_or(0) > 0) spends.push_back(static_cast<double>(*single.spend_minor(i)));
      }
    }
    if (spends.empty()) return 0;
    std::sort(spends.begin(), spends.end());
    return spends[(spends.size() - 1) / 2];
  }

  void add(const budget::FittedCurve& row, const Placements& single) {
    if (!row.identified) return leave(row, row.reason);
    const evidence::Judged* verdict = judged(row.key);
    const double now = today_[row.key];
    const bool event = !options_.event.empty();
    budget::Channel channel{.name = row.key, .curve = curves_.at(row.key), .today = now, .currency = trail_.currency()};
    if (event) channel.least = now;  // it is spent
    std::string why;
    const char* widest = event ? "event" : "period";
    if (row.state == ChannelState::archived) {
      channel.least.reset();
      channel.fixed = event ? now : 0;
      why = "archived: nothing more";
    } else if (verdict != nullptr && verdict->settled) {
      // Its rate is too low at the spends that were made; the first part of them may still be worth its money.
      channel.most = now;
      why = "dropped for good at its present spend: no more than today";
    } else if (row.state == ChannelState::test) {
      const double one = median_spend(single, row.key) / minors_;
      channel.most = (event ? now : 0) + one;
      why = "on trial: at most one more placement of " + shown(std::llround(one * minors_));
    } else {
      const double most = 2 * major(row.spend_high_minor.value_or(0));
      channel.most = std::max(most, now);
      why = verdict == nullptr || !verdict->verdict        ? "no verdict"
            : *verdict->verdict == evidence::Verdict::keep ? "keep"
            : *verdict->verdict == evidence::Verdict::drop ? "drop, provisionally"
                                                           : "not settled, test again";
      why += ": up to twice its dearest " + std::string{widest};
    }
    if (verdict != nullptr && verdict->cost_expected_minor && verdict->benchmark_minor) {
      why += "; one costs " + shown(*verdict->cost_expected_minor);
      if (verdict->cost_low_minor && verdict->cost_high_minor)
        why += " (" + shown(*verdict->cost_low_minor) + " to " + shown(*verdict->cost_high_minor) + ")";
      why += ", elsewhere " + shown(*verdict->benchmark_minor);
    }
    channels_.push_back(std::move(channel));
    whys_.push_back(std::move(why));
  }

  void allocate() {
    budget::AllocateOptions how{.currency = trail_.currency(), .gap = options_.gap, .stop = options_.stop};
    double spent = 0;
    double here = 0;
    double most = 0;
    for (const budget::Channel& channel : channels_) {
      if (options_.event.empty()) break;
      spent += *channel.today;
      here += channel.curve.value(*channel.today);
      most += channel.curve.value(channel.fixed.value_or(channel.most.value_or(0)));
    }
    if (options_.budget.has_value()) {
      how.budget = *options_.budget + spent;
    } else {
      const double missing = *made_.goal - *made_.expected;
      if (missing <= 0) {
        how.budget = spent;
        for (budget::Channel& channel : channels_) channel.fixed = channel.today, channel.most.reset();
      } else if (here + missing > most) {
        fail(std::to_string(std::llround(std::ceil(missing))) +
                 " are missing to the goal, the channels bring at most " +
                 std::to_string(std::llround(std::floor(std::max(0.0, most - here)))) + " more within their limits",
             "goal", "lower the goal, or open a channel; unidentified channels are not counted");
      } else {
        how.response = here + missing;
      }
    }
    made_.plan = budget::allocate(channels_, how);
  }

  void explain() {
    for (std::size_t i = 0; i < channels_.size(); ++i) {
      budget::PlanRow& row = made_.plan.rows[i];
      row.why = std::move(whys_[i]);
      if (row.limit == "most") row.why += "; at that limit";
      if (row.limit.empty() && row.marginal_return.value_or(0) > 0) {
        char number[32];
        std::snprintf(number, sizeof number, "%.3g", 1 / *row.marginal_return);
        row.why += "; the next one costs " + std::string{number};
      }
    }
  }

  const Trail& trail_;
  const PlanOptions& options_;
  int places_ = 2;
  double minors_ = 1;
  std::string results_{};
  std::map<std::string, budget::Curve, std::less<>> curves_{};
  std::map<std::string, double, std::less<>> today_{};
  std::vector<budget::Channel> channels_{};
  std::vector<std::string> whys_{};
  TrailPlan made_{};
};

}  // namespace detail

DEALTRAIL_INLINE TrailPlan plan(const Trail& trail, const PlanOptions& options) {
  return detail::TrailPlanner(trail, options).make();
}

DEALTRAIL_INLINE Table TrailPlan::unplanned_table() const {
  TableBuilder builder{"unplanned"};
  ColumnBuilder& key = builder.text("key");
  ColumnBuilder& state = builder.text("state");
  ColumnBuilder& spend = builder.money("spend", fit.currency);
  ColumnBuilder& reason = builder.text("reason");
  for (const UnplannedChannel& one : unplanned) {
    key.append_text(one.key);
    state.append_text(to_string(one.state));
    spend.append_minor(one.spend_minor);
    reason.append_text(one.reason);
  }
  return builder.finish();
}

}  // namespace dealtrail
