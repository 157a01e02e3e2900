#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/core/detail/state_bytes.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

/// The exact sum of amounts of one currency, and how many there were: a sum of 0 over three refunds is not "no
/// payments". The currency is that of the first amount; an empty state has none and takes any.
struct MoneySumState {
  std::int64_t rows = 0;
  MoneySum sum;
  Currency currency;

  /// Adds amounts, all or (on an error) none of them.
  /// @throws Error currency_mismatch if one is of another currency, overflow if a field does not fit.
  void update(std::span<const Money> amounts) {
    MoneySumState more;
    for (const Money& amount : amounts) {
      if (more.rows == 0) more.currency = amount.currency;
      require_same(more.currency, amount.currency);
      ++more.rows;
      more.sum.add(amount.minor);
    }
    merge(more);
  }

  /// @throws Error currency_mismatch if both have rows and their currencies differ, overflow if a field does not fit.
  void merge(const MoneySumState& other) {
    if (other.rows == 0) return;
    if (rows == 0) {
      *this = other;
      return;
    }
    require_same(currency, other.currency);
    const std::int64_t total_rows = checked_add(rows, other.rows);
    sum.merge(other.sum);
    rows = total_rows;
  }

  /// @throws Error invalid_argument if `other` cannot have been merged into this, currency_mismatch as in merge.
  void subtract(const MoneySumState& other) {
    if (other.rows == 0) return;
    if (other.rows > rows || (other.rows == rows && other.sum != sum)) {
      throw Error(ErrorCode::invalid_argument, "takes away more amounts than there are", {"money sum state", "rows"});
    }
    require_same(currency, other.currency);
    if (other.rows == rows) {
      *this = {};
      return;
    }
    sum.subtract(other.sum);
    rows -= other.rows;
  }

  /// The sum; nothing without rows.
  /// @throws Error overflow if the sum does not fit in 64 bits.
  [[nodiscard]] std::optional<Money> finish() const {
    if (rows == 0) return std::nullopt;
    return sum.total(currency);
  }

  [[nodiscard]] std::string to_bytes() const {
    std::string fields;
    detail::append_little_endian(fields, rows);
    detail::append_little_endian(fields, sum.low());
    detail::append_little_endian(fields, sum.high());
    fields += currency.empty() ? std::string_view{"\0\0\0", 3} : currency.code();
    return detail::seal_state(tag, fields);
  }
  /// @throws Error corrupt_data if to_bytes did not write these bytes.
  [[nodiscard]] static MoneySumState from_bytes(std::string_view bytes) {
    auto reader = detail::open_state(tag, bytes, "money sum state");
    MoneySumState state;
    state.rows = reader.read<std::int64_t>();
    const auto low = reader.read<std::uint64_t>();
    state.sum = MoneySum::from_halves(reader.read<std::int64_t>(), low);
    const std::string_view code = reader.take(3);
    reader.expect_end();
    if (code != std::string_view{"\0\0\0", 3}) {
      const auto found = Currency::find(code);
      if (!found) reader.fail("has no currency code where one must be");
      state.currency = *found;
    }
    if (state.rows < 0) reader.fail("has a negative count");
    if (state.rows == 0 && state != MoneySumState{}) reader.fail("has money without rows");
    return state;
  }

  friend bool operator==(const MoneySumState&, const MoneySumState&) = default;

 private:
  static constexpr std::string_view tag = "MSM1";

  static void require_same(const Currency& ours, const Currency& theirs) {
    if (ours == theirs) return;
    throw Error(ErrorCode::currency_mismatch,
                "a sum in " + std::string(ours.code()) + " was given " + std::string(theirs.code()), {},
                "keep one sum for each currency");
  }
};
static_assert(LiveAggregate<MoneySumState>);

}  // namespace dealtrail
