#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/answers/trail_rating.hpp"
#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/period.hpp"

// What a Trail says of each partner or channel: its months, leads, deals, meetings, trainings, cost and payouts.

namespace dealtrail {

namespace detail {

class RatingReader {
 public:
  RatingReader(const Trail& trail, const evidence::RatingOptions& options)
      : facts_(trail.view()),
        store_(facts_.store),
        kind_(options.by == "channel" ? Kind::channels : Kind::partners),
        cut_{.by = options.by == "channel" ? "channel" : "partner",
             .view = options.view,
             .as_of = options.as_of,
             .period = options.period},
        latest_(trail.now() ? to_us(*trail.now()) : null_cell),
        filter_(cut_, facts_.zone, latest_),
        rows_(store_.of(kind_).slots()) {}

  [[nodiscard]] std::vector<evidence::RatingFacts> read(std::vector<std::pair<std::string, std::string>>& meta) {
    for_each_posting(facts_, latest_, cut_, [&](const Posting& posting) {
      if (posting.scope == Scope::event_only) return;
      take(posting, kind_ == Kind::channels ? posting.channel : posting.partner);
    });
    if (kind_ == Kind::partners) read_company_steps();
    read_activities();
    read_payouts();
    std::vector<evidence::RatingFacts> made;
    for (const RowId slot : store_.sorted_rows(kind_)) made.push_back(finish(slot));
    meta.emplace_back("now", until() == null_cell ? "" : to_text(Datum::time(until())));
    meta.emplace_back("zone", facts_.zone.name());
    meta.emplace_back("unattributed_won", std::to_string(unattributed_won_));
    meta.emplace_back("unattributed_revenue", to_decimal_text(unattributed_.total(), decimals(facts_.currency)));
    meta.emplace_back("undated_won", std::to_string(undated_won_));
    meta.emplace_back("won_without_rate", std::to_string(left_out_));
    meta.emplace_back("won_without_amount", std::to_string(unvalued_));
    meta.emplace_back("months_below_zero", std::to_string(below_zero_));
    return made;
  }

 private:
  struct Row {
    Cell first = std::numeric_limits<Cell>::max();
    std::vector<std::pair<Cell, std::int64_t>> won{};      // when, how many
    std::vector<std::pair<Cell, std::int64_t>> revenue{};  // when, minor units
    evidence::RatingFacts facts{};
    MoneySum cost{};
    MoneySum payout{};
  };

  [[nodiscard]] Cell until() const {
    if (filter_.before == null_cell || filter_.now == null_cell) return filter_.now;
    return std::min(filter_.now, filter_.before);
  }
  [[nodiscard]] bool in_time(Cell at) const {
    if (at == null_cell || filter_.now == null_cell || at > filter_.now) return false;
    return filter_.from == null_cell || (at >= filter_.from && at < filter_.before);
  }
  [[nodiscard]] std::string_view text(Kind kind, RowId slot, std::size_t field) const {
    const Cell cell = store_.get(kind, slot, field);
    return cell == null_cell ? std::string_view{} : store_.text(cell);
  }
  [[nodiscard]] static bool is_training(std::string_view kind) {
    return kind.substr(0, 5) == "train" || kind.substr(0, 7) == "certifi";
  }
  void begin_at(RowId key, Cell at) {
    if (at != null_cell && (filter_.now == null_cell || at <= filter_.now))
      rows_[key].first = std::min(rows_[key].first, at);
  }

  void take(const Posting& posting, RowId key) {
    if (key == no_row || !store_.present(kind_, key)) {
      if (posting.metric == Metric::won) unattributed_won_ += posting.value;
      if (posting.metric == Metric::amount_won) unattributed_.add(posting.value);
      return;
    }
    Row& row = rows_[key];
    switch (posting.metric) {
      case Metric::leads:
        if (leads_.insert(posting.fact).second) take_lead(row.facts, posting.fact);
        break;
      case Metric::won:
        if (posting.at == null_cell) undated_won_ += posting.value;
        if (posting.at != null_cell) row.won.emplace_back(posting.at, posting.value);
        break;
      case Metric::amount_won:
        if (posting.at != null_cell) row.revenue.emplace_back(posting.at, posting.value);
        break;
      case Metric::amount_won_left_out: ++left_out_; break;
      case Metric::won_unvalued: unvalued_ += posting.value; break;
      case Metric::cost:
        row.cost.add(posting.value);
        if (posting.kind == Kind::costs) take_cost(row, posting);
        break;
      case Metric::open:
      case Metric::registrations_over:
      case Metric::attended_over: return;
      default: break;
    }
    begin_at(key, posting.at);
  }

  void take_lead(evidence::RatingFacts& facts, RowId lead) {
    namespace f = dealtrail::fields::leads;
    ++facts.leads;
    const Cell outcome = store_.get(Kind::leads, lead, f::outcome);
    bool converted = outcome != null_cell && outcome == choice(Kind::leads, f::outcome, "converted");
    store_.for_each_child(Kind::deals, dealtrail::fields::deals::lead, lead, [&](RowId deal) {
      const Cell made = store_.get(Kind::deals, deal, dealtrail::fields::deals::created_at);
      if (filter_.as_of == null_cell || made <= filter_.as_of) converted = true;
    });
    const bool junk = outcome != null_cell && outcome == choice(Kind::leads, f::outcome, "junk");
    const Cell created = store_.get(Kind::leads, lead, f::created_at);
    const bool old = filter_.now != null_cell && created != null_cell && created <= filter_.now - facts_.lookback_us;
    if (converted || junk || old) ++facts.leads_over;
    if (converted) ++facts.leads_converted;
  }

  void take_cost(Row& row, const Posting& posting) {
    namespace f = dealtrail::fields::costs;
    const std::string_view what = text(Kind::costs, posting.fact, f::kind);
    if (what == "bonus" || what == "commission") row.payout.add(posting.value);
    const RowId programme = store_.live_link(Kind::costs, posting.fact, f::programme);
    namespace p = dealtrail::fields::programmes;
    const bool of_programme = programme != no_row && store_.get(Kind::programmes, programme, p::kind) ==
                                                         choice(Kind::programmes, p::kind, "training");
    if ((is_training(what) || of_programme) && trainings_.insert(posting.fact).second) ++row.facts.trainings;
  }

  // Milestones name a company; they are those of the partner whose company card it is.
  void read_company_steps() {
    namespace f = dealtrail::fields::milestones;
    store_.for_each_row(Kind::partners, [&](RowId partner) {
      const RowId company = store_.live_link(Kind::partners, partner, dealtrail::fields::partners::company);
      if (company == no_row) return;
      facts_.companies.for_each_member(facts_.companies.root(company), [&](RowId member) {
        store_.for_each_child(Kind::milestones, f::company, member, [&](RowId step) {
          if (!is_training(text(Kind::milestones, step, f::kind))) return;
          if (!in_time(store_.get(Kind::milestones, step, f::at))) return;
          ++rows_[partner].facts.trainings;
          begin_at(partner, store_.get(Kind::milestones, step, f::at));
        });
      });
    });
  }

  void read_activities() {
    namespace f = dealtrail::fields::activities;
    if (kind_ == Kind::channels) return;
    store_.for_each_row(Kind::activities, [&](RowId slot) {
      const RowId partner = store_.live_link(Kind::activities, slot, f::partner);
      const Cell at = store_.get(Kind::activities, slot, f::at);
      if (partner == no_row || !in_time(at)) return;
      const std::string_view what = text(Kind::activities, slot, f::kind);
      if (what == "meeting") ++rows_[partner].facts.meetings;
      if (is_training(what)) ++rows_[partner].facts.trainings;
      begin_at(partner, at);
    });
  }

  void read_payouts() {
    namespace f = dealtrail::fields::payout_lines;
    namespace c = dealtrail::fields::period_closes;
    if (kind_ == Kind::channels) return;
    store_.for_each_row(Kind::payout_lines, [&](RowId slot) {
      const RowId partner = store_.live_link(Kind::payout_lines, slot, f::partner);
      const RowId close = store_.live_link(Kind::payout_lines, slot, f::period_close);
      if (partner == no_row || close == no_row) return;
      const Cell closed = store_.get(Kind::period_closes, close, c::closed_at);
      if (filter_.as_of != null_cell && closed > filter_.as_of) return;
      const Cell start = store_.get(Kind::period_closes, close, c::period_start);
      if (filter_.from != null_cell && (start < filter_.from || start >= filter_.before)) return;
      rows_[partner].payout.add(store_.get(Kind::payout_lines, slot, f::amount));
    });
  }

  // Months of the wall clock from the first fact on; the first counts whole, the last as far as it has gone.
  [[nodiscard]] evidence::RatingFacts finish(RowId slot) {
    Row& row = rows_[slot];
    evidence::RatingFacts& facts = row.facts;
    facts.key = std::string{store_.id(kind_, slot)};
    facts.cost_minor = std::max<std::int64_t>(row.cost.total(), 0);
    facts.payout_minor = std::max<std::int64_t>(row.payout.total(), 0);
    const Cell last = until();
    Cell from = row.first;
    if (filter_.from != null_cell) from = std::max(from, filter_.from);
    if (last == null_cell || from > last) return std::move(facts);
    const Period first = period_of(from_us(from), PeriodKind::month, facts_.zone);
    for (Period month = first;; month = next(month)) {
      const Cell starts = to_us(begin(month, facts_.zone));
      const Cell ends = to_us(end(month, facts_.zone));
      if (starts >= last && !facts.months.empty()) break;
      const double part = ends <= last ? 1 : static_cast<double>(last - starts) / static_cast<double>(ends - starts);
      facts.months.push_back(std::max(part, 1.0 / 31));
      if (ends > last) break;
    }
    const auto by_month = [&](const std::vector<std::pair<Cell, std::int64_t>>& postings) {
      std::vector<MoneySum> sums(facts.months.size());
      for (const auto& [at, value] : postings) {
        const std::int64_t ordinal = period_of(from_us(at), PeriodKind::month, facts_.zone).ordinal - first.ordinal;
        const auto last_month = static_cast<std::int64_t>(sums.size()) - 1;
        sums[static_cast<std::size_t>(std::clamp<std::int64_t>(ordinal, 0, last_month))].add(value);
      }
      std::vector<std::int64_t> counts;
      for (const MoneySum& sum : sums) {
        if (sum.sign() < 0) ++below_zero_;
        counts.push_back(std::max<std::int64_t>(sum.total(), 0));
      }
      return counts;
    };
    facts.won = by_month(row.won);
    facts.revenue_minor = by_month(row.revenue);
    return std::move(facts);
  }

  const FactsView facts_;
  const FactStore& store_;
  Kind kind_;
  CardsOptions cut_;
  Cell latest_;
  PostingFilter filter_;
  std::vector<Row> rows_;
  std::set<RowId> leads_{};
  std::set<RowId> trainings_{};
  std::int64_t unattributed_won_ = 0;
  MoneySum unattributed_{};
  std::int64_t undated_won_ = 0;
  std::int64_t left_out_ = 0;
  std::int64_t unvalued_ = 0;
  std::int64_t below_zero_ = 0;
};

}  // namespace detail

DEALTRAIL_INLINE evidence::Ratings rating(const Trail& trail, const evidence::RatingOptions& options) {
  std::vector<std::pair<std::string, std::string>> meta;
  evidence::Ratings made = evidence::rating(detail::RatingReader(trail, options).read(meta), trail.currency(), options);
  made.meta.insert(made.meta.end(), meta.begin(), meta.end());
  return made;
}

}  // namespace dealtrail
