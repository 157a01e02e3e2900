#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>

#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/funnel/detail/guest_filter.hpp"

namespace dealtrail::detail {

/// What a guest may bring, and where that is known from.
struct AtStake {
  std::optional<std::int64_t> minor{};
  std::string_view from{};  // open_deals, segment_average; null: not known
  std::optional<std::int64_t> won_sum{};
  std::optional<std::int64_t> won_count{};
};

// Money at stake: of open deals, else the average won deal of the segment.
class Stakes {
 public:
  explicit Stakes(const Guests& guests) {
    for (const Guest& guest : guests.rows) {
      if (!given(guest.segment) || guest.won == 0) continue;
      Won& won = won_[guest.segment];
      won.amount.merge(guest.amount_won);
      won.count += guest.won;
    }
  }

  [[nodiscard]] AtStake of(const Guest& guest) const {
    if (guest.open_deals > 0 && guest.amount_open.sign() != 0) return {guest.amount_open.total(), "open_deals", {}, {}};
    const auto found = given(guest.segment) ? won_.find(guest.segment) : won_.end();
    if (found == won_.end()) return {};
    const auto& [amount, count] = found->second;
    return {average(amount.total(), count), "segment_average", amount.total(), count};
  }

 private:
  struct Won {
    MoneySum amount{};
    std::int64_t count = 0;
  };

  // Half to even; the count is above zero.
  [[nodiscard]] static std::int64_t average(std::int64_t sum, std::int64_t count) noexcept {
    std::int64_t whole = sum / count;
    const std::int64_t rest = sum % count;
    const int128 twice = static_cast<int128>(rest < 0 ? -rest : rest) * 2;
    if (twice > count || (twice == count && whole % 2 != 0)) whole += sum < 0 ? -1 : 1;
    return whole;
  }

  std::map<std::string_view, Won> won_;
};

/// The columns that tell what is at stake.
struct StakeColumns {
  ColumnBuilder& at_stake;
  ColumnBuilder& from;
  ColumnBuilder& won_sum;
  ColumnBuilder& won_count;

  StakeColumns(TableBuilder& builder, const Currency& currency)
      : at_stake(builder.money("at_stake", currency)),
        from(builder.text("at_stake_from")),
        won_sum(builder.money("won_sum", currency)),
        won_count(builder.integer("won_count")) {}

  void append(const AtStake& stake) {
    at_stake.append_minor(stake.minor);
    append_given(from, stake.from);
    won_sum.append_minor(stake.won_sum);
    won_count.append_integer(stake.won_count);
  }
};

// A text that is null comes last.
[[nodiscard]] inline int order_of_texts(std::string_view lhs, std::string_view rhs) noexcept {
  if (given(lhs) != given(rhs)) return given(lhs) ? -1 : 1;
  return lhs.compare(rhs);
}

// The greater comes first, one that is null last.
[[nodiscard]] inline int order_of_stakes(const AtStake& lhs, const AtStake& rhs) noexcept {
  if (lhs.minor.has_value() != rhs.minor.has_value()) return lhs.minor.has_value() ? -1 : 1;
  if (lhs.minor == rhs.minor) return 0;
  return *lhs.minor > *rhs.minor ? -1 : 1;
}

}  // namespace dealtrail::detail
