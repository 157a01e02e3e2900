// engine
#pragma once

#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail::detail {

inline constexpr std::int64_t decimal_unit = 1'000'000'000;  // a stored decimal has nine places

// numerator / denominator, half to even; nothing when it leaves 64 bits. The denominator is above zero.
[[nodiscard]] inline std::optional<std::int64_t> divide_half_even(Int128 numerator, Int128 denominator) noexcept {
  Int128 quotient = numerator / denominator;
  Int128 rest = numerator % denominator;
  const bool negative = rest < 0;
  if (negative) rest = -rest;
  const Int128 twice = rest * 2;
  if (twice > denominator || (twice == denominator && quotient % 2 != 0)) quotient += negative ? -1 : 1;
  if (quotient <= std::numeric_limits<std::int64_t>::min() || quotient > std::numeric_limits<std::int64_t>::max())
    return std::nullopt;
  return static_cast<std::int64_t>(quotient);
}

// Amounts of other currencies in the Trail's, by the dated rates of `exchange_rates`.
class Rates {
 public:
  Rates(const FactStore& store, Currency currency) : store_(store), currency_(currency) {}

  /// The currency of a row, from its `currency` cell; the Trail's when null.
  [[nodiscard]] Currency of(Cell cell) const {
    return cell == null_cell ? currency_ : Currency::find(store_.text(cell)).value_or(currency_);
  }

  /// Digits after the point of a row's amounts as they are kept.
  [[nodiscard]] int decimals_of(Kind kind, RowId row) const {
    const auto field = currency_field(kind);
    if (!field.has_value()) return decimals(currency_);
    const Cell cell = store_.get(kind, row, *field);
    if (kind != Kind::invoice_lines || !in_units_of_invoice(cell)) return decimals(of(cell));
    const RowId invoice = store_.link(kind, row, fields::invoice_lines::invoice);
    const bool present = store_.present(Kind::invoices, invoice);
    return decimals(present ? of(store_.get(Kind::invoices, invoice, fields::invoices::currency)) : currency_);
  }

  /// Whether the `currency` cell of a line of an invoice means minor units of the invoice's currency, whatever it is. A
  /// null means that the amount is in the invoice's currency and was read with the decimals of the Trail's.
  [[nodiscard]] bool in_units_of_invoice(Cell cell) const { return cell != null_cell && store_.text(cell).empty(); }

  /// Minor units of the Trail's currency; nothing without a rate that holds at that time, or when the result leaves 64
  /// bits.
  [[nodiscard]] std::optional<std::int64_t> convert(std::int64_t minor, Currency from, Cell at) const {
    if (from == currency_) return minor;
    const std::optional<std::int64_t> rate = rate_at(from, at);
    if (!rate.has_value()) return std::nullopt;
    Int128 above = static_cast<Int128>(minor) * *rate;
    Int128 below = decimal_unit;
    for (int i = decimals(from); i < decimals(currency_); ++i) {
      if (__builtin_mul_overflow(above, Int128{10}, &above)) return std::nullopt;
    }
    for (int i = decimals(currency_); i < decimals(from); ++i) below *= 10;
    return divide_half_even(above, below);
  }

  [[nodiscard]] Currency currency() const noexcept { return currency_; }

 private:
  [[nodiscard]] std::optional<std::int64_t> rate_at(Currency from, Cell at) const {
    if (at == null_cell) return std::nullopt;
    namespace f = fields::exchange_rates;
    RowId best = no_row;
    Cell best_at = null_cell;
    store_.for_each_row(Kind::exchange_rates, [&](RowId slot) {
      const Cell currency = store_.get(Kind::exchange_rates, slot, f::currency);
      const Cell since = store_.get(Kind::exchange_rates, slot, f::at);
      const Cell rate = store_.get(Kind::exchange_rates, slot, f::rate);
      if (currency == null_cell || since == null_cell || since > at || rate == null_cell || rate <= 0) return;
      if (store_.text(currency) != from.code()) return;
      if (best == no_row || since > best_at ||
          (since == best_at && store_.id(Kind::exchange_rates, slot) > store_.id(Kind::exchange_rates, best))) {
        best = slot;
        best_at = since;
      }
    });
    if (best == no_row) return std::nullopt;
    return store_.get(Kind::exchange_rates, best, f::rate);
  }

  const FactStore& store_;
  Currency currency_;
};

}  // namespace dealtrail::detail
