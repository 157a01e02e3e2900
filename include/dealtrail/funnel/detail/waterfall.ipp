#pragma once

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/funnel/detail/deal_names.hpp"
#include "dealtrail/funnel/waterfall.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail {
namespace detail {

// Which deals stand in the waterfall, and under which key.
class WaterfallCut {
 public:
  WaterfallCut(const WaterfallOptions& options, const std::string& by, const Zone& zone) : options_(options), by_(by) {
    if (!options.closing.has_value()) return;
    from_ = begin(*options.closing, zone);
    until_ = end(*options.closing, zone);
  }

  [[nodiscard]] bool in_filter(const DealState& state) const {
    return (!options_.pipeline.has_value() || state.pipeline == *options_.pipeline) &&
           (!options_.manager.has_value() || state.manager == *options_.manager);
  }
  [[nodiscard]] bool in_period(const DealState& state) const {
    if (!from_.has_value()) return true;
    return state.expected_close.has_value() && *state.expected_close >= *from_ && *state.expected_close < *until_;
  }
  [[nodiscard]] bool holds(const DealState& state) const {
    return state.outcome == DealOutcome::open && in_filter(state) && in_period(state);
  }
  [[nodiscard]] std::string_view key(const DealHistory& deal, const DealState& state) const {
    if (by_ == "manager") return state.manager;
    if (by_ == "pipeline") return state.pipeline;
    if (by_ == "stage") return state.stage;
    return deal.key;
  }

 private:
  const WaterfallOptions& options_;
  const std::string& by_;
  std::optional<Timestamp> from_{};
  std::optional<Timestamp> until_{};
};

class WaterfallParts {
 public:
  WaterfallParts(const WaterfallOptions& options, const Histories& of) : cut_(options, of.options.by, of.zone) {
    made_.by = of.options.by;
    made_.currency = of.currency;
    made_.zone = of.zone;
    made_.problems = of.problems;
    made_.meta = {{"by", of.options.by},
                  {"closing", options.closing.has_value() ? to_text(*options.closing) : ""},
                  {"pipeline", options.pipeline.value_or("")},
                  {"manager", options.manager.value_or("")},
                  {"view", std::string{to_string(of.options.view)}},
                  {"currency", std::string{of.currency.code()}}};
  }

  [[nodiscard]] const WaterfallCut& cut() const noexcept { return cut_; }
  [[nodiscard]] Waterfall& made() noexcept { return made_; }

  void open(const DealHistory& deal) {
    deal_ = &deal;
    sums_.clear();
  }
  void add(WaterfallBar bar, std::string_view key, std::int64_t minor, std::optional<Timestamp> at) {
    auto& [sum, when] = sums_[{key, bar}];
    sum.add(minor);
    when = at;
  }
  /// What stands at a moment: a bar of its own.
  void stands(WaterfallBar bar, const DealState& state) {
    if (cut_.holds(state)) add(bar, cut_.key(*deal_, state), state.amount_minor.value_or(0), std::nullopt);
  }
  /// One field changed.
  void step(const DealHistory& was, const DealState& before, const DealHistory& is, const DealState& after,
            DealField field, std::optional<Timestamp> at) {
    const bool held = cut_.holds(before);
    const bool holds = cut_.holds(after);
    const std::string_view key_before = cut_.key(was, before);
    const std::string_view key_after = cut_.key(is, after);
    const std::int64_t value_before = before.amount_minor.value_or(0);
    const std::int64_t value_after = after.amount_minor.value_or(0);
    if (held && holds) {
      if (key_before != key_after) {
        add(WaterfallBar::moved_out, key_before, -value_before, at);
        add(WaterfallBar::moved_in, key_after, value_after, at);
      } else if (value_before != value_after) {
        add(value_after > value_before ? WaterfallBar::raised : WaterfallBar::cut, key_after,
            checked_add(value_after, -value_before), at);
      }
    } else if (held) {
      WaterfallBar bar = WaterfallBar::moved_out;
      if (field == DealField::expected_close) bar = WaterfallBar::pushed;
      if (field == DealField::outcome) bar = after.outcome == DealOutcome::won ? WaterfallBar::won : WaterfallBar::lost;
      add(bar, key_before, -value_before, at);
    } else if (holds) {
      WaterfallBar bar = WaterfallBar::moved_in;
      if (field == DealField::expected_close) bar = WaterfallBar::pulled_in;
      if (field == DealField::outcome) bar = WaterfallBar::reopened;
      add(bar, key_after, value_after, at);
    }
  }
  /// Takes the bars of the deal; `fill` adds what is known of it at the end.
  template <class Fill>
  void close(Fill fill) {
    for (const auto& [place, sum] : sums_) {
      WaterfallPart part;
      part.key = place.first;
      part.bar = place.second;
      part.deal = deal_->id;
      part.amount = sum.first;
      part.at = sum.second;
      fill(part);
      made_.parts.push_back(std::move(part));
    }
  }
  static void describe(WaterfallPart& part, const DealState& state) {
    part.manager = state.manager;
    part.pipeline = state.pipeline;
    part.stage = state.stage;
    part.expected_close = state.expected_close;
  }
  void unknown(WaterfallBar bar, const char* message, const char* hint) {
    made_.unknown.push_back(bar);
    made_.problems.note("no_history", "warning", Kind::moves, to_string(bar), to_string(bar), message, hint);
  }
  [[nodiscard]] Waterfall finish() {
    std::sort(made_.parts.begin(), made_.parts.end(), [](const WaterfallPart& left, const WaterfallPart& right) {
      // No key stands last.
      return std::tuple{left.key.empty(), std::string_view{left.key}, left.bar, right.amount,
                        std::string_view{left.deal}} < std::tuple{right.key.empty(), std::string_view{right.key},
                                                                  right.bar, left.amount, std::string_view{right.deal}};
    });
    return std::move(made_);
  }

 private:
  WaterfallCut cut_;
  Waterfall made_{};
  const DealHistory* deal_ = nullptr;
  std::map<std::pair<std::string_view, WaterfallBar>, std::pair<MoneySum, std::optional<Timestamp>>> sums_{};
};

// The bars whose causes no move tells of.
inline void note_unknown(WaterfallParts& parts, const Histories& of, const WaterfallOptions& options) {
  using enum WaterfallBar;
  const char* hint = "load moves of that field, or compare two Trails";
  if (!of.has(DealField::amount)) {
    for (const WaterfallBar bar : {raised, cut})
      parts.unknown(bar, "no move of `amount`: every deal has its present amount at all times", hint);
  }
  if (options.closing.has_value() && !of.has(DealField::expected_close)) {
    for (const WaterfallBar bar : {pulled_in, pushed})
      parts.unknown(bar, "no move of `expected_close`: every deal has its present one at all times", hint);
  }
  const auto cuts = [&](DealField field, bool filtered) {
    return (filtered || of.options.by == to_string(field)) && !of.has(field);
  };
  if (cuts(DealField::pipeline, options.pipeline.has_value()) ||
      cuts(DealField::manager, options.manager.has_value()) || cuts(DealField::stage, false)) {
    for (const WaterfallBar bar : {moved_in, moved_out})
      parts.unknown(bar, "no move of what the deals are filtered or grouped by: it is the present one at all times",
                    hint);
  }
  if (!of.has(DealField::outcome))
    parts.unknown(reopened, "no move of `stage` or `outcome`: every closed deal closed once", hint);
  parts.unknown(removed, "a Trail does not know what its source deleted before", "compare two Trails");
}

}  // namespace detail

DEALTRAIL_INLINE Waterfall waterfall(const Histories& histories, Timestamp start, Timestamp end,
                                     const WaterfallOptions& options) {
  using namespace detail;
  if (end < start) {
    throw Error(ErrorCode::invalid_argument, "the waterfall ends before it starts", {"waterfall", "end", -1},
                "an end at or after the start");
  }
  require_name("waterfall", options.pipeline, &DealState::pipeline, "pipeline", {&histories});
  require_name("waterfall", options.manager, &DealState::manager, "manager", {&histories});
  WaterfallParts parts(options, histories);
  parts.made().meta.emplace_back("start", to_text(shown_time(to_us(start), histories.zone)));
  parts.made().meta.emplace_back("end", to_text(shown_time(to_us(end), histories.zone)));
  parts.made().meta.emplace_back("claims", std::to_string(histories.claims));
  note_unknown(parts, histories, options);
  std::vector<std::string_view> stages;
  for (const DealHistory& deal : histories.deals) {
    if (deal.created_at > end || !deal.present) continue;
    parts.open(deal);
    DealState state = deal.created;
    bool begun = false;  // the start lies behind
    const auto begin_at = [&](Timestamp next) {
      if (begun || next <= start) return;
      begun = true;
      if (deal.created_at <= start) parts.stands(WaterfallBar::start, state);
    };
    if (deal.created_at > start) {
      begun = true;
      parts.stands(WaterfallBar::created, state);
    }
    std::int64_t pushed = 0;
    std::int64_t returned = 0;
    Timestamp last = deal.created_at;
    stages.assign(1, state.stage);
    for (std::size_t i = deal.first; i < deal.last; ++i) {
      const DealChange& change = histories.changes[i];
      if (change.at > end) break;
      begin_at(change.at);
      const DealState before = state;
      apply(state, change);
      last = change.at;
      if (change.field == DealField::stage) {
        const bool again = std::find(stages.begin(), stages.end(), state.stage) != stages.end();
        returned += again ? 1 : 0;
        if (!again) stages.push_back(state.stage);
      }
      if (change.field == DealField::expected_close && before.expected_close.has_value() &&
          state.expected_close > before.expected_close)
        ++pushed;
      if (change.at > start) parts.step(deal, before, deal, state, change.field, change.at);
    }
    begin_at(Timestamp::max());
    parts.stands(WaterfallBar::end, state);
    parts.close([&](WaterfallPart& part) {
      WaterfallParts::describe(part, state);
      if (part.bar == WaterfallBar::created) part.at = deal.created_at;
      if (histories.has(DealField::expected_close)) part.pushed_times = pushed;
      if (histories.has(DealField::stage)) part.returned_times = returned;
      part.past_due =
          state.outcome == DealOutcome::open && state.expected_close.has_value() && *state.expected_close < end;
      part.still_days = (to_us(end) - to_us(last)) / us_per_day;
    });
  }
  return parts.finish();
}

DEALTRAIL_INLINE Waterfall waterfall_between(const Histories& before, const Histories& after,
                                             const WaterfallOptions& options) {
  using namespace detail;
  if (before.currency != after.currency) {
    throw Error(ErrorCode::currency_mismatch, "the Trails have sums in two currencies", {"waterfall", "before", -1},
                "two snapshots of one Trail");
  }
  if (before.options.by != after.options.by) {
    throw Error(ErrorCode::invalid_argument, "the histories are grouped by two columns", {"waterfall", "by", -1},
                "one `by` for both");
  }
  require_name("waterfall", options.pipeline, &DealState::pipeline, "pipeline", {&before, &after});
  require_name("waterfall", options.manager, &DealState::manager, "manager", {&before, &after});
  WaterfallParts parts(options, after);
  const auto latest = [](const Histories& of) {
    return of.latest.has_value() ? to_text(shown_time(to_us(*of.latest), of.zone)) : std::string{};
  };
  parts.made().meta.emplace_back("start", latest(before));
  parts.made().meta.emplace_back("end", latest(after));
  parts.made().meta.emplace_back("claims", std::to_string(after.claims));
  const auto skip_absent = [](auto& at, const Histories& of) {
    while (at != of.deals.end() && !at->present) ++at;
  };
  auto was = before.deals.begin();
  auto is = after.deals.begin();
  skip_absent(was, before);
  skip_absent(is, after);
  while (was != before.deals.end() || is != after.deals.end()) {
    const bool gone = is == after.deals.end() || (was != before.deals.end() && was->id < is->id);
    const bool fresh = !gone && (was == before.deals.end() || is->id < was->id);
    const DealState& then = gone || !fresh ? was->now : is->now;
    const DealState& now = gone ? was->now : is->now;
    parts.open(gone ? *was : *is);
    if (gone) {
      parts.stands(WaterfallBar::start, then);
      if (parts.cut().holds(then))
        parts.add(WaterfallBar::removed, parts.cut().key(*was, then), -then.amount_minor.value_or(0), std::nullopt);
    } else if (fresh) {
      parts.stands(WaterfallBar::created, now);
      parts.stands(WaterfallBar::end, now);
    } else {
      parts.stands(WaterfallBar::start, then);
      DealState state = then;
      state.manager = now.manager;
      state.pipeline = now.pipeline;
      state.stage = now.stage;
      parts.step(*was, then, *is, state, DealField::pipeline, std::nullopt);
      DealState next = state;
      next.expected_close = now.expected_close;
      parts.step(*is, state, *is, next, DealField::expected_close, std::nullopt);
      state = next;
      state.amount_minor = now.amount_minor;
      parts.step(*is, next, *is, state, DealField::amount, std::nullopt);
      parts.step(*is, state, *is, now, DealField::outcome, std::nullopt);
      parts.stands(WaterfallBar::end, now);
    }
    parts.close([&](WaterfallPart& part) {
      WaterfallParts::describe(part, now);
      part.past_due = !gone && now.outcome == DealOutcome::open && now.expected_close.has_value() &&
                      after.latest.has_value() && *now.expected_close < *after.latest;
    });
    if (gone || !fresh) ++was;
    if (!gone) ++is;
    skip_absent(was, before);
    skip_absent(is, after);
  }
  return parts.finish();
}

}  // namespace dealtrail
