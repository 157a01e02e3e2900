#pragma once

#include "dealtrail/cards/live_cards.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/config.hpp"

namespace dealtrail::detail {

DEALTRAIL_INLINE void LiveCards::mark(const Postings& postings, Unit unit) {
  if (all_) return;
  if (!note(unit)) return;
  apply(postings, unit, false);
}

DEALTRAIL_INLINE void LiveCards::settle(const Postings& postings) {
  if (!latest_is_known_) latest_ = latest_of_all(postings.view().store);
  latest_is_known_ = true;
  claims_marked_.clear();
  if (latest_ != now_) move_now(postings, latest_);
  if (all_) {
    rebuild(postings);
    return;
  }
  for (const Unit& unit : marked_) {
    flag(unit) = 0;
    if (postings.is_root(unit)) apply(postings, unit, true);
  }
  marked_.clear();
}

DEALTRAIL_INLINE void LiveCards::apply(const Postings& postings, Unit unit, bool add) {
  scratch_.clear();
  postings.of(unit, scratch_);
  Cell waits_until = null_cell;
  for (const Posting& posting : scratch_) {
    if (posting.waits && posting.active_from != null_cell && now_ != null_cell && posting.active_from > now_) {
      if (waits_until == null_cell || posting.active_from < waits_until) waits_until = posting.active_from;
      continue;
    }
    cells_.apply(posting, postings.view().zone, add);
  }
  if (!add || waits_until == null_cell) return;
  Cell& awaited = place(waits_, unit, null_cell);
  if (awaited != null_cell && awaited <= waits_until) return;  // it will be looked at by then
  awaited = waits_until;
  pending_.emplace_back(waits_until, unit);
  std::push_heap(pending_.begin(), pending_.end(), Later{});
}

DEALTRAIL_INLINE void LiveCards::move_now(const Postings& postings, Cell to) {
  // Back in time, or from no time to one: what counts may shrink anywhere.
  if (now_ == null_cell || to == null_cell || to < now_) {
    all_ = true;
  } else {
    while (!all_ && !pending_.empty() && pending_.front().first <= to) {
      std::pop_heap(pending_.begin(), pending_.end(), Later{});
      const auto [due, unit] = pending_.back();
      pending_.pop_back();
      Cell& awaited = place(waits_, unit, null_cell);
      if (awaited == due) awaited = null_cell;
      if (postings.is_root(unit)) mark(postings, unit);
    }
  }
  now_ = to;
}

DEALTRAIL_INLINE void LiveCards::rebuild(const Postings& postings) {
  cells_ = {};
  pending_.clear();
  waits_ = {};
  for (const Unit& unit : marked_) flag(unit) = 0;
  marked_.clear();
  all_ = false;
  // Their rows lie anywhere in memory, so some units are gathered and asked for before the first is computed.
  std::vector<Unit> next;
  std::vector<RowId> rows;
  constexpr std::size_t gathered = 64;
  constexpr int rows_ahead = 3;
  const auto compute = [&] {
    rows.clear();
    for (const Unit& unit : next) rows.push_back(postings.first_row(unit));
    for (int step = 0; step < rows_ahead; ++step) {
      for (const RowId row : rows) {
        if (row != no_row) postings.prefetch_row(row);
      }
      for (RowId& row : rows) {
        if (row != no_row) row = postings.next_row(row);
      }
    }
    for (const Unit& unit : next) apply(postings, unit, true);
    next.clear();
  };
  postings.for_each_unit([&](const Unit& unit) {
    postings.prefetch_lists(unit);
    next.push_back(unit);
    if (next.size() == gathered) compute();
  });
  compute();
}

}  // namespace dealtrail::detail
