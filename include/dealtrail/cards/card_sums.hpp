// engine
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "dealtrail/cards/detail/posting.hpp"
#include "dealtrail/cards/metrics.hpp"
#include "dealtrail/core/period.hpp"

namespace dealtrail::detail {

/// The keys whose cards are live.
enum class CardKey : std::uint8_t { channel, announcement, event, partner, month };

/// Sums of postings by one key: dense by slot, by month in a map, and what has no key.
class KeySums {
 public:
  [[nodiscard]] const Sums* at(RowId slot) const noexcept { return slot < rows_.size() ? &rows_[slot] : nullptr; }
  [[nodiscard]] const Sums& unattributed() const noexcept { return unattributed_; }

  Sums& row(RowId slot) {
    if (slot == no_row) return unattributed_;
    if (slot >= rows_.size()) rows_.resize(slot + std::size_t{1});
    return rows_[slot];
  }

 private:
  std::vector<Sums> rows_;
  Sums unattributed_;
};

/// The sums behind the cards by the five live keys, and the total. Adding and taking away postings is all that changes
/// them.
class CardSums {
 public:
  void apply(const Posting& posting, const Zone& zone, bool add) {
    const auto change = [&](Sums& sums) {
      add ? sums.add(posting.metric, posting.value) : sums.subtract(posting.metric, posting.value);
    };
    change(by_event_.row(posting.event));
    if (posting.scope == Scope::event_only) return;
    change(by_channel_.row(posting.channel));
    change(by_announcement_.row(posting.announcement));
    change(by_partner_.row(posting.partner));
    change(total_);
    if (posting.at == null_cell) {
      change(undated_);
    } else {
      const std::int32_t month = month_of(posting.at, zone);
      Month& found = months_[month];
      change(found.sums);
      found.postings += add ? 1 : -1;
      if (found.postings == 0) months_.erase(month);
    }
  }

  [[nodiscard]] const KeySums& by(CardKey key) const noexcept {
    switch (key) {
      case CardKey::announcement: return by_announcement_;
      case CardKey::event: return by_event_;
      case CardKey::partner: return by_partner_;
      default: return by_channel_;
    }
  }
  [[nodiscard]] const Sums& total() const noexcept { return total_; }
  [[nodiscard]] const Sums& undated() const noexcept { return undated_; }

  /// Calls `visit(month ordinal, sums)` in order of time, for every month that has a posting.
  template <class Visit>
  void for_each_month(Visit&& visit) const {
    for (const auto& [month, cell] : months_) visit(month, cell.sums);
  }
  [[nodiscard]] const Sums* month(std::int32_t ordinal) const noexcept {
    const auto found = months_.find(ordinal);
    return found == months_.end() ? nullptr : &found->second.sums;
  }

 private:
  struct Month {
    Sums sums;
    std::int64_t postings = 0;
  };

  // Postings come month by month, so the last month is remembered, by its days of the wall clock.
  [[nodiscard]] std::int32_t month_of(Cell at, const Zone& zone) {
    const std::int64_t local = zone.to_local(from_us(at));
    if (local < last_month_from_ || local >= last_month_until_) {
      const Period month = period_of(from_us(at), PeriodKind::month, zone);
      last_month_ = month.ordinal;
      last_month_from_ = to_us(begin(month));
      last_month_until_ = to_us(end(month));
    }
    return last_month_;
  }

  KeySums by_channel_, by_announcement_, by_event_, by_partner_;
  std::map<std::int32_t, Month> months_;
  std::int32_t last_month_ = 0;
  std::int64_t last_month_from_ = 0;  // microseconds of the wall clock; nothing lies before `until`
  std::int64_t last_month_until_ = 0;
  Sums undated_;
  Sums total_;
};

}  // namespace dealtrail::detail
