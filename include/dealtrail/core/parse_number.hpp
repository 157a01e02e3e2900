#pragma once

#include <array>
#include <charconv>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <string_view>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

/// How a source writes numbers. Spaces of every kind and apostrophes may always group digits; `group_mark` may too
/// ('\0': nothing else).
/// {'.', ','} is "1,204.50" and {',', '.'} is "1.204,50". The default has no group mark: without a declared format
/// a comma is refused, because "1,204" may be 1.204. Groups have three digits and do not begin with a zero:
/// "0,250" and "1,00,000" are refused in every format whose group mark is the comma.
struct NumberFormat {
  char decimal_mark = '.';
  char group_mark = '\0';
  friend constexpr bool operator==(const NumberFormat&, const NumberFormat&) noexcept = default;
};

/// An amount as it was written. A code or a sign of one currency (5 USD, 5 €) gives `currency`; a sign of several
/// ($, ¥, kr) gives `shared`, the codes of those that have it, and no currency.
struct MoneyText {
  Decimal amount;
  Currency currency;
  std::string_view shared{};  // static text: codes of three letters with blanks between

  /// True if the text names a currency, or a sign that several have.
  [[nodiscard]] constexpr bool names_currency() const noexcept { return !currency.empty() || !shared.empty(); }
  /// True if the amount may be of that currency: the text names it, or a sign that it has, or nothing.
  [[nodiscard]] constexpr bool may_be(const Currency& one) const noexcept {
    if (!currency.empty()) return currency == one;
    return shared.empty() || detail::has_code(shared, one);
  }
  friend constexpr bool operator==(const MoneyText&, const MoneyText&) noexcept = default;
};

namespace detail {

// Digits that become a mantissa; zeros beyond the 38th significant digit are counted, other digits refuse.
class MantissaBuilder {
 public:
  constexpr void digit(char letter, bool after_mark) noexcept {
    any_ = true;
    if (letter == '0' && (mantissa_ == 0 || after_mark)) {
      // Leading zeros mean nothing; trailing ones of a fraction wait until a digit follows them, so that "1.000…0" of
      // any length fits.
      if (after_mark) ++waiting_zeros_;
      return;
    }
    while (waiting_zeros_ > 0) {
      push(0);
      ++scale_;
      --waiting_zeros_;
      if (!fits_) return;
    }
    push(letter - '0');
    if (after_mark) ++scale_;
  }
  constexpr void finish() noexcept {
    while (waiting_zeros_ > 0 && digits_ < max_decimal_digits && scale_ < max_decimal_digits) {
      push(0);
      ++scale_;
      --waiting_zeros_;
    }
  }
  [[nodiscard]] constexpr bool usable() const noexcept { return any_ && fits_; }
  [[nodiscard]] constexpr Decimal number(bool negative) const noexcept {
    return {negative ? -mantissa_ : mantissa_, scale_};
  }

 private:
  constexpr void push(int digit) noexcept {
    if (mantissa_ != 0 || digit != 0) ++digits_;
    if (digits_ > max_decimal_digits || scale_ > 10'000) {
      fits_ = false;
      return;
    }
    mantissa_ = mantissa_ * 10 + digit;
  }

  int128 mantissa_ = 0;
  std::int32_t scale_ = 0;
  std::int64_t waiting_zeros_ = 0;
  int digits_ = 0;
  bool any_ = false;
  bool fits_ = true;
};

enum class GroupMark : std::uint8_t { none, space, apostrophe, declared };

struct FoundGroup {
  GroupMark mark = GroupMark::none;
  std::size_t length = 0;
};

[[nodiscard]] constexpr FoundGroup group_at_front(std::string_view text, const NumberFormat& format) noexcept {
  if (format.group_mark != '\0' && text.front() == format.group_mark) return {GroupMark::declared, 1};
  if (const std::size_t length = space_at_front(text)) return {GroupMark::space, length};
  if (text.front() == '\'') return {GroupMark::apostrophe, 1};
  if (text.starts_with("\xE2\x80\x99")) return {GroupMark::apostrophe, 3};
  return {};
}

// Power of ten after "e" as JSON and spreadsheets write it; nothing if it is malformed or absurd.
[[nodiscard]] constexpr std::optional<int> exponent_of(std::string_view text) noexcept {
  const bool minus = take_char(text, '-');
  if (!minus) static_cast<void>(take_char(text, '+'));
  if (text.empty() || text.size() > 4) return std::nullopt;
  const int exponent = take_number(text, text.size());
  if (exponent < 0) return std::nullopt;
  return minus ? -exponent : exponent;
}

// Digits, groups, decimal mark and exponent: no sign and no spaces around.
[[nodiscard]] constexpr std::optional<Decimal> scan_unsigned(std::string_view text, const NumberFormat& format,
                                                             bool negative) noexcept {
  MantissaBuilder builder;
  GroupMark mark = GroupMark::none;
  std::size_t run = 0;  // digits since the start or the last group mark
  const bool leading_zero = text.starts_with('0');
  bool after_mark = false;
  int exponent = 0;
  while (!text.empty()) {
    const char letter = text.front();
    if (is_digit(letter)) {
      builder.digit(letter, after_mark);
      ++run;
      text.remove_prefix(1);
    } else if (letter == format.decimal_mark) {
      if (after_mark || (mark != GroupMark::none && run != 3)) return std::nullopt;
      after_mark = true;
      text.remove_prefix(1);
    } else if (letter == 'e' || letter == 'E') {
      if (mark != GroupMark::none || !builder.usable()) return std::nullopt;
      const auto found = exponent_of(text.substr(1));
      if (!found) return std::nullopt;
      exponent = *found;
      text = {};
    } else {
      const FoundGroup group = group_at_front(text, format);
      // The first group has 1 to 3 digits and no zero in front, the others have 3; one kind of mark in one number.
      if (group.mark == GroupMark::none || after_mark || (mark != GroupMark::none && mark != group.mark))
        return std::nullopt;
      if (run > 3 || run < (mark == GroupMark::none ? 1U : 3U) || leading_zero) return std::nullopt;
      mark = group.mark;
      run = 0;
      text.remove_prefix(group.length);
    }
  }
  if (mark != GroupMark::none && !after_mark && run != 3) return std::nullopt;
  builder.finish();
  if (!builder.usable()) return std::nullopt;
  Decimal number = builder.number(negative);
  if (exponent == 0) return number;
  number.scale -= exponent;
  if (number.mantissa == 0) return Decimal{};
  while (number.scale < 0) {
    if (__builtin_mul_overflow(number.mantissa, Int128{10}, &number.mantissa)) return std::nullopt;
    ++number.scale;
  }
  return number;
}

struct CurrencySign {
  std::string_view text;
  std::string_view codes;  // one, or those that share the sign
};

inline constexpr std::string_view dollars =
    "USD ARS AUD BBD BMD BND BSD BZD CAD CLP COP DOP FJD GYD HKD JMD KYD LRD MXN NAD NZD SBD SGD SRD TTD TWD UYU XCD";

// Signs beside amounts in real exports. A longer sign comes before the shorter one that it begins or ends with.
inline constexpr std::array<CurrencySign, 22> currency_signs{{{"\u20BD", "RUB"},
                                                              {"\u0440\u0443\u0431.", "RUB"},
                                                              {"\u0440\u0443\u0431", "RUB"},
                                                              {"\u0440.", "RUB"},
                                                              {"\u0440", "RUB"},
                                                              {"US$", "USD"},
                                                              {"$", dollars},
                                                              {"\u20AC", "EUR"},
                                                              {"\u00A3", "GBP"},
                                                              {"\u00A5", "JPY CNY"},
                                                              {"\u20B8", "KZT"},
                                                              {"\u20B4", "UAH"},
                                                              {"\u20BA", "TRY"},
                                                              {"\u20B9", "INR"},
                                                              {"\u20A9", "KRW"},
                                                              {"\u20BE", "GEL"},
                                                              {"\u20BC", "AZN"},
                                                              {"kr.", "SEK NOK DKK ISK"},
                                                              {"kr", "SEK NOK DKK ISK"},
                                                              {"K\u010D", "CZK"},
                                                              {"z\u0142", "PLN"},
                                                              {"Ft", "HUF"}}};

// The sign of those currencies, for what writes an amount again.
[[nodiscard]] constexpr std::string_view sign_of(std::string_view codes) noexcept {
  for (const CurrencySign& sign : currency_signs) {
    if (sign.codes == codes) return sign.text;
  }
  return {};
}

// Takes one currency from an end of the text.
template <bool at_front>
[[nodiscard]] constexpr bool take_currency(std::string_view& text, MoneyText& found) noexcept {
  for (const CurrencySign& sign : currency_signs) {
    if (at_front ? take(text, sign.text) : take_back(text, sign.text)) {
      if (const auto only = Currency::find(sign.codes)) {
        found.currency = *only;
      } else {
        found.shared = sign.codes;
      }
      return true;
    }
  }
  if (text.size() < 4) return false;
  const auto code = Currency::find(at_front ? text.substr(0, 3) : text.substr(text.size() - 3));
  if (!code || !is_iso_4217(*code)) return false;
  found.currency = *code;
  at_front ? text.remove_prefix(3) : text.remove_suffix(3);
  return true;
}

// Peels spaces, one sign, one pair of parentheses and, for money, one currency off the ends, in whatever order they
// come.
[[nodiscard]] constexpr std::optional<MoneyText> scan_decorated(std::string_view text, const NumberFormat& format,
                                                                bool money) noexcept {
  MoneyText found;
  bool has_sign = false, has_currency = false, negative = false;
  for (std::size_t before = text.size() + 1; before != text.size();) {
    before = text.size();
    text = trimmed(text);
    if (!has_sign) {
      if (text.size() > 2 && text.front() == '(' && text.back() == ')') {  // how accountants write what was given back
        text = text.substr(1, text.size() - 2);
        has_sign = negative = true;
      } else if (take(text, "-") || take(text, "\u2212") || take_back(text, "-")) {
        has_sign = negative = true;
      } else if (take(text, "+")) {
        has_sign = true;
      }
    }
    if (money && !has_currency) has_currency = take_currency<true>(text, found) || take_currency<false>(text, found);
  }
  const auto amount = scan_unsigned(text, format, negative);
  if (!amount) return std::nullopt;
  found.amount = *amount;
  return found;
}

// The form that nearly all rows have: an optional minus, digits and one decimal mark, 18 digits at most.
[[nodiscard]] constexpr std::optional<Decimal> scan_plain(std::string_view text, char decimal_mark) noexcept {
  std::size_t at = 0;
  const bool negative = !text.empty() && text.front() == '-';
  if (negative) ++at;
  if (text.size() - at > 19 || at == text.size() || !is_digit(text[at])) return std::nullopt;
  std::uint64_t mantissa = 0;
  std::size_t mark = text.size();
  std::size_t digits = 0;
  for (; at < text.size(); ++at) {
    if (is_digit(text[at])) {
      mantissa = mantissa * 10 + static_cast<std::uint64_t>(text[at] - '0');
      ++digits;
    } else if (text[at] == decimal_mark && mark == text.size()) {
      mark = at;
    } else {
      return std::nullopt;
    }
  }
  if (digits > 18) return std::nullopt;
  const auto whole = static_cast<std::int64_t>(mantissa);
  const std::size_t scale = mark == text.size() ? 0 : text.size() - mark - 1;
  return Decimal{negative ? -whole : whole, static_cast<std::int32_t>(scale)};
}

}  // namespace detail

/// The exact number of a text: "1204.5", "1 204,50", "-15", "15-", "(15.00)", "1.5e3", with spaces around. All digits
/// that are written after the mark are in the scale, up to 38 digits in all; "1e3" is {1000, 0}. Nothing for an empty
/// text, for anything else, for more digits. No locale, no allocation, no double.
[[nodiscard]] constexpr std::optional<Decimal> parse_decimal(std::string_view text,
                                                             const NumberFormat& format = {}) noexcept {
  if (const auto plain = detail::scan_plain(text, format.decimal_mark)) return plain;
  const auto found = detail::scan_decorated(text, format, false);
  if (!found) return std::nullopt;
  return found->amount;
}

/// An amount with the currency that stands beside it, if any: "$1204.50", "1 204.50 ₽", "RUB -15", "(15.00)". Exact,
/// never rounded.
[[nodiscard]] constexpr std::optional<MoneyText> parse_money_text(std::string_view text,
                                                                  const NumberFormat& format = {}) noexcept {
  if (const auto plain = detail::scan_plain(text, format.decimal_mark)) return MoneyText{*plain, {}, {}};
  return detail::scan_decorated(text, format, true);
}

/// Minor units of an amount in a currency with `decimals` digits; a currency beside it is skipped.
/// Nothing if it has more digits than the currency and they are not zeros, or does not fit in 64 bits: money is never
/// rounded.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_money_minor(std::string_view text, int decimals,
                                                                      const NumberFormat& format = {}) noexcept {
  const auto found = parse_money_text(text, format);
  if (!found) return std::nullopt;
  return to_units(found->amount, decimals);
}

/// An amount of that currency; nothing as above, and nothing if the text names another currency.
[[nodiscard]] constexpr std::optional<Money> parse_money(std::string_view text, const Currency& currency,
                                                         const NumberFormat& format = {}) noexcept {
  const auto found = parse_money_text(text, format);
  if (!found || !found->may_be(currency)) return std::nullopt;
  const auto minor = to_units(found->amount, decimals(currency));
  if (!minor) return std::nullopt;
  return Money{*minor, currency};
}

/// A whole number of 64 bits; "12.0" and "1e3" are whole, "12.5" is not.
[[nodiscard]] constexpr std::optional<std::int64_t> parse_integer(std::string_view text,
                                                                  const NumberFormat& format = {}) noexcept {
  const auto number = parse_decimal(text, format);
  if (!number) return std::nullopt;
  return to_units(*number, 0);
}

/// The nearest double, for measures that are not money. Nothing for "nan", "inf", for what is too large and for what
/// parse_decimal refuses, except that any number of digits is fine in the plain form "-1204.5e3".
[[nodiscard]] inline std::optional<double> parse_real(std::string_view text, const NumberFormat& format = {}) noexcept {
  const auto direct = [](std::string_view plain) -> std::optional<double> {
    const bool numeric = !plain.empty() && plain.find_first_not_of("0123456789.eE+-") == std::string_view::npos;
    double number = 0;
    const auto read = std::from_chars(plain.data(), plain.data() + plain.size(), number);
    if (!numeric || read.ec != std::errc{} || read.ptr != plain.data() + plain.size()) return std::nullopt;
    return number;
  };
  const std::string_view plain = detail::trimmed(text);
  if (format.decimal_mark == '.') {
    if (const auto number = direct(plain)) return number;
  }
  const auto decimal = parse_decimal(plain, format);
  if (!decimal) return std::nullopt;
  // Through the text of mantissa and exponent, because dividing two doubles could round twice.
  std::array<char, 64> buffer;
  char* end = buffer.data();
  auto magnitude = decimal->mantissa < 0 ? -decimal->mantissa : decimal->mantissa;
  std::array<char, detail::max_decimal_digits + 1> digits;
  std::size_t count = 0;
  do {
    digits[count++] = static_cast<char>('0' + static_cast<int>(magnitude % 10));
    magnitude /= 10;
  } while (magnitude != 0);
  if (decimal->mantissa < 0) *end++ = '-';
  while (count > 0) *end++ = digits[--count];
  *end++ = 'e';
  end = std::to_chars(end, buffer.data() + buffer.size(), -decimal->scale).ptr;
  return direct({buffer.data(), static_cast<std::size_t>(end - buffer.data())});
}

}  // namespace dealtrail
