// engine
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/table/column.hpp"

// Amounts of tables that anybody hands over: one cell, and how many digits after the point a column has.
namespace dealtrail::detail {

// An amount of a cell in minor units of a currency. `units` and `added` mean something when it is exact or rounded.
struct CellAmount {
  enum State : std::uint8_t { exact, rounded, unreadable, foreign, large };
  State state = exact;
  std::int64_t units = 0;
  Int128 added = 0;  // by rounding, in 10^-12 of a major unit
};

// As many digits after the point as numbers without a currency may have.
inline constexpr int most_places = 9;

inline constexpr std::int64_t largest_value = std::int64_t{1} << 61;

// Up to here every whole number is a double.
inline constexpr double largest_exact_real = 9'007'199'254'740'992.0;

// Whether a double, scaled to units, is float noise beside a whole number of them.
[[nodiscard]] inline bool is_whole_real(double scaled) noexcept {
  const double apart = std::fabs(scaled - std::nearbyint(scaled));
  return apart <= 0.01 && apart <= std::fabs(scaled) * 1e-12;
}

[[nodiscard]] inline CellAmount cell_amount(const Decimal& number, int places) noexcept {
  const auto near = to_nearest_units(number, places);
  if (!near || *near > largest_value || *near < -largest_value) return {CellAmount::large};
  if (to_units(number, places)) return {CellAmount::exact, *near};
  const std::int32_t finer = number.scale - places;
  const Int128 kept = finer > max_decimal_digits ? Int128{0} : Int128{*near} * power_of_ten(finer);
  return {CellAmount::rounded, *near, to_nearest_units({kept - number.mantissa, number.scale}, 12).value_or(0)};
}

// An amount in major units, by the rules of the Trail's door.
[[nodiscard]] inline CellAmount cell_amount(const Datum& cell, Currency currency) noexcept {
  const int places = decimals(currency);
  switch (cell.kind()) {
    case DatumKind::integer: return cell_amount(Decimal{cell.as_integer(), 0}, places);
    case DatumKind::decimal: return cell_amount(cell.as_decimal(), places);
    case DatumKind::text: {
      const auto amount = parse_money_text(cell.as_text());
      if (!amount) return {CellAmount::unreadable};
      if (amount->names_currency() && (currency.empty() || !amount->may_be(currency))) return {CellAmount::foreign};
      return cell_amount(amount->amount, places);
    }
    case DatumKind::real: {
      double scaled = cell.as_real();
      for (int i = 0; i < places; ++i) scaled *= 10.0;
      if (!(std::fabs(scaled) <= largest_exact_real)) return {CellAmount::large};
      if (is_whole_real(scaled)) return {CellAmount::exact, static_cast<std::int64_t>(std::nearbyint(scaled))};
      const auto shown = shown_decimal(cell.as_real());
      return shown ? cell_amount(*shown, places) : CellAmount{CellAmount::unreadable};
    }
    default: return {CellAmount::unreadable};
  }
}

// What a problem of amounts tells.
struct ValueWords {
  const char* code;
  const char* message;
  const char* hint;
};
[[nodiscard]] inline const ValueWords& words_of(CellAmount::State state) noexcept {
  static constexpr std::array<ValueWords, 5> all{{
      {"", "", ""},
      {"rounded_money", "amounts finer than a minor unit are rounded, half to even",
       "round them in the source, or give places= for numbers without a currency"},
      {"bad_number", "amounts that cannot be read; their rows count without one",
       "write numbers with a decimal point and without grouping commas"},
      {"currency_mismatch", "amounts in another currency than the values; their rows count without one",
       "convert them, or give currency="},
      {"overflow", "amounts out of range; their rows count without one", "amounts reach 2^61 minor units, floats 2^53"},
  }};
  return all[static_cast<std::size_t>(state)];
}

// The end of a message about rounded amounts.
[[nodiscard]] inline std::string rounding_text(Int128 added) {
  Decimal shown{added, 12};
  for (; shown.scale > 2 && shown.mantissa % 10 == 0; --shown.scale) shown.mantissa /= 10;
  return "; rounding added " + to_text(shown) + " in all";
}

// Digits after the point that hold every value of a column without a currency, from two to nine; fewer where the values
// would not add up within 64 bits, or floats not be exact.
class PlacesOfValues {
 public:
  void add(double value) noexcept {
    if (!std::isfinite(value)) return;
    while (places_ < most_places && !is_whole_real(value * scale_)) raise();
    largest_real_ = std::max(largest_real_, std::fabs(value));
    sum_ += std::fabs(value);
  }
  void add(const Decimal& value) noexcept {
    Decimal rest = value;
    for (; rest.scale > places_ && rest.mantissa % 10 == 0; --rest.scale) rest.mantissa /= 10;
    while (places_ < most_places && rest.scale > places_ && rest.mantissa != 0) raise();
    double size = std::fabs(static_cast<double>(value.mantissa));
    for (std::int32_t i = value.scale; i > 0 && size > 0; --i) size /= 10.0;
    for (std::int32_t i = value.scale; i < 0 && size < 1e300; ++i) size *= 10.0;
    if (size * 1e2 < static_cast<double>(largest_value)) sum_ += size;
  }
  void add(const Datum& cell) noexcept {
    switch (cell.kind()) {
      case DatumKind::real: return add(cell.as_real());
      case DatumKind::integer: return add(Decimal{cell.as_integer(), 0});
      case DatumKind::decimal: return add(cell.as_decimal());
      case DatumKind::text:
        if (const auto amount = parse_decimal(cell.as_text())) add(*amount);
        return;
      default: return;
    }
  }

  [[nodiscard]] int places() const noexcept {
    int places = places_;
    double scale = scale_;
    for (; places > fewest &&
           (largest_real_ * scale > largest_exact_real || sum_ * scale > static_cast<double>(largest_value));
         --places) {
      scale /= 10.0;
    }
    return places;
  }

 private:
  static constexpr int fewest = 2;

  void raise() noexcept {
    ++places_;
    scale_ *= 10.0;
  }

  int places_ = fewest;
  double scale_ = 100.0;
  double largest_real_ = 0;
  double sum_ = 0;
};

// The currency of a column of values: the one that is given, else none with as many places as are given or needed.
[[nodiscard]] inline Currency currency_of_values(Currency currency, std::optional<int> places,
                                                 const ColumnReader& values, const std::string& column) {
  if (places && (*places < 0 || *places > most_places)) {
    throw Error(ErrorCode::invalid_argument, "places are 0 to 9, found " + std::to_string(*places), {{}, column, -1});
  }
  if (!currency.empty()) {
    if (places && *places != decimals(currency)) {
      throw Error(ErrorCode::invalid_argument,
                  "amounts in " + std::string{currency.code()} + " have " + std::to_string(decimals(currency)) +
                      " places, found " + std::to_string(*places),
                  {{}, column, -1}, "leave out one of currency and places");
    }
    return currency;
  }
  if (places) return Currency::none(*places);
  PlacesOfValues needed;
  if (values.info().type != ColumnType::real) {
    for (std::int64_t row = 0; row < values.rows(); ++row) needed.add(values.read(row));
    return Currency::none(needed.places());
  }
  std::array<double, 1024> block;  // most rows of such a column are 0 or null
  std::array<std::uint8_t, 1024> known;
  for (std::size_t piece = 0; piece < values.piece_count(); ++piece) {
    const std::int64_t rows = values.piece_rows(piece);
    for (std::int64_t first = 0; first < rows; first += static_cast<std::int64_t>(block.size())) {
      const auto count = static_cast<std::size_t>(std::min<std::int64_t>(rows - first, block.size()));
      values.read_reals(piece, first, std::span{block}.first(count), std::span{known}.first(count));
      for (std::size_t i = 0; i < count; ++i) {
        if (known[i] != 0 && block[i] != 0) needed.add(block[i]);
      }
    }
  }
  return Currency::none(needed.places());
}

}  // namespace dealtrail::detail
