#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <type_traits>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

/// What a `Datum` holds.
enum class DatumKind : std::uint8_t { null, text, integer, real, boolean, time, local_time, decimal };

/// The stable name of a kind, for messages: "null", "text", ...
inline constexpr detail::EnumNames<8> datum_kind_names{"null",    "text", "integer",    "real",
                                                       "boolean", "time", "local time", "decimal"};
[[nodiscard]] constexpr std::string_view to_string(DatumKind kind) noexcept {
  return detail::enum_name(datum_kind_names, kind);
}

/// One cell of any table: a tagged value of 24 bytes, trivially copyable, that owns nothing.
/// Text borrows its bytes: they must outlive the datum. Nothing is converted on the way in: a NaN stays a real (it is
/// not null), a decimal keeps its digits. The default datum is null. An accessor of another kind than the datum's is a
/// caller's mistake and throws Error type_mismatch; `kind()` tells first.
class Datum {
 public:
  constexpr Datum() noexcept = default;

  [[nodiscard]] static constexpr Datum null() noexcept { return Datum{}; }
  /// Borrows `value`.
  [[nodiscard]] static constexpr Datum text(std::string_view value) noexcept {
    Datum result{DatumKind::text};
    result.payload_.text = {value.data(), value.size()};
    return result;
  }
  [[nodiscard]] static constexpr Datum integer(std::int64_t value) noexcept {
    return of_integer(DatumKind::integer, value);
  }
  [[nodiscard]] static constexpr Datum real(double value) noexcept {
    Datum result{DatumKind::real};
    result.payload_.real = value;
    return result;
  }
  [[nodiscard]] static constexpr Datum boolean(bool value) noexcept {
    return of_integer(DatumKind::boolean, value ? 1 : 0);
  }
  /// A moment: microseconds since 1970-01-01 UTC.
  [[nodiscard]] static constexpr Datum time(std::int64_t utc_us) noexcept {
    return of_integer(DatumKind::time, utc_us);
  }
  /// A wall clock without a zone: microseconds since 1970-01-01 00:00 of that clock. Whoever knows the zone makes it a
  /// time.
  [[nodiscard]] static constexpr Datum local_time(std::int64_t local_us) noexcept {
    return of_integer(DatumKind::local_time, local_us);
  }
  /// A calendar day (days since 1970-01-01) = its midnight by the wall clock, known to be a whole day.
  /// @throws Error overflow beyond ±292 000 years, where microseconds leave 64 bits.
  [[nodiscard]] static constexpr Datum date(std::int64_t days) {
    constexpr std::int64_t day_us = 86'400'000'000;
    std::int64_t us = 0;
    if (__builtin_mul_overflow(days, day_us, &us)) {
      throw Error(ErrorCode::overflow, "a date is out of range: " + std::to_string(days) + " days from 1970-01-01");
    }
    return day(us);
  }
  /// The same by its midnight.
  [[nodiscard]] static constexpr Datum day(std::int64_t local_midnight_us) noexcept {
    Datum result = local_time(local_midnight_us);
    result.whole_day_ = true;
    return result;
  }
  /// The last microsecond of a day, `offset_s` ahead of UTC: people are shown the day.
  [[nodiscard]] static constexpr Datum day_end(std::int64_t utc_us, std::int32_t offset_s) noexcept {
    Datum result = time(utc_us);
    result.whole_day_ = true;
    result.scale_ = offset_s;
    return result;
  }
  /// mantissa · 10^-scale, exact.
  [[nodiscard]] static constexpr Datum decimal(Int128 mantissa, std::int32_t scale) noexcept {
    Datum result{DatumKind::decimal};
    result.payload_.wide = {static_cast<std::uint64_t>(mantissa), static_cast<std::int64_t>(mantissa >> 64)};
    result.scale_ = scale;
    return result;
  }
  [[nodiscard]] static constexpr Datum decimal(Decimal value) noexcept { return decimal(value.mantissa, value.scale); }
  /// A decimal that was a binary fraction on its way, as a number of JSON: its last digits may be noise.
  [[nodiscard]] static constexpr Datum approximate(Decimal value) noexcept {
    Datum result = decimal(value);
    result.approximate_ = true;
    return result;
  }

  [[nodiscard]] constexpr DatumKind kind() const noexcept { return kind_; }
  [[nodiscard]] constexpr bool is_null() const noexcept { return kind_ == DatumKind::null; }
  /// True for a date without a time, made by `date`, `day` or `day_end`.
  [[nodiscard]] constexpr bool is_day() const noexcept { return whole_day_; }
  /// True for a decimal made by `approximate`.
  [[nodiscard]] constexpr bool is_approximate() const noexcept { return approximate_; }

  [[nodiscard]] constexpr std::string_view as_text() const {
    expect(DatumKind::text);
    return {payload_.text.data, payload_.text.size};
  }
  [[nodiscard]] constexpr std::int64_t as_integer() const {
    expect(DatumKind::integer);
    return payload_.integer;
  }
  [[nodiscard]] constexpr double as_real() const {
    expect(DatumKind::real);
    return payload_.real;
  }
  [[nodiscard]] constexpr bool as_boolean() const {
    expect(DatumKind::boolean);
    return payload_.integer != 0;
  }
  /// Microseconds UTC.
  [[nodiscard]] constexpr std::int64_t as_time_us() const {
    expect(DatumKind::time);
    return payload_.integer;
  }
  /// Seconds that the clock of a `day_end` is ahead of UTC.
  [[nodiscard]] constexpr std::int32_t day_offset_s() const {
    expect(DatumKind::time);
    return scale_;
  }
  /// Microseconds of the wall clock.
  [[nodiscard]] constexpr std::int64_t as_local_time_us() const {
    expect(DatumKind::local_time);
    return payload_.integer;
  }
  [[nodiscard]] constexpr Decimal as_decimal() const {
    expect(DatumKind::decimal);
    const auto high = static_cast<Int128>(payload_.wide.high) * (static_cast<Int128>(1) << 64);
    return {high + static_cast<Int128>(payload_.wide.low), scale_};
  }

  /// Same kind and same content. Reals compare bit by bit (NaN equals itself, 0.0 and -0.0 differ), decimals by
  /// mantissa and scale (1.5 and 1.50 differ): equality tells whether two cells say the same thing in the same words.
  friend constexpr bool operator==(const Datum& lhs, const Datum& rhs) noexcept {
    if (lhs.kind_ != rhs.kind_) return false;
    switch (lhs.kind_) {
      case DatumKind::null: return true;
      case DatumKind::text:
        return std::string_view{lhs.payload_.text.data, lhs.payload_.text.size} ==
               std::string_view{rhs.payload_.text.data, rhs.payload_.text.size};
      case DatumKind::real:
        return std::bit_cast<std::uint64_t>(lhs.payload_.real) == std::bit_cast<std::uint64_t>(rhs.payload_.real);
      case DatumKind::decimal:
        return lhs.payload_.wide.low == rhs.payload_.wide.low && lhs.payload_.wide.high == rhs.payload_.wide.high &&
               lhs.scale_ == rhs.scale_;
      default: return lhs.payload_.integer == rhs.payload_.integer;
    }
  }

 private:
  struct Text {
    const char* data;
    std::size_t size;
  };
  struct Wide {
    std::uint64_t low;
    std::int64_t high;
  };
  union Payload {
    std::int64_t integer = 0;
    double real;
    Text text;
    Wide wide;
  };

  constexpr explicit Datum(DatumKind kind) noexcept : kind_(kind) {}
  [[nodiscard]] static constexpr Datum of_integer(DatumKind kind, std::int64_t value) noexcept {
    Datum result{kind};
    result.payload_.integer = value;
    return result;
  }
  constexpr void expect(DatumKind wanted) const {
    if (kind_ != wanted) {
      throw Error(ErrorCode::type_mismatch,
                  "a cell is " + std::string(to_string(kind_)) + ", not " + std::string(to_string(wanted)));
    }
  }

  Payload payload_{};
  std::int32_t scale_ = 0;
  DatumKind kind_ = DatumKind::null;
  bool approximate_ = false;
  bool whole_day_ = false;
  // Every byte belongs to a member: else a copy moves some bytes and 8 more across them, which stalls the next load.
  [[maybe_unused]] std::uint8_t rest_ = 0;
};

static_assert(sizeof(Datum) == 24 && std::is_trivially_copyable_v<Datum>);

}  // namespace dealtrail
