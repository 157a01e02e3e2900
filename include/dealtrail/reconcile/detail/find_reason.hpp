#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/letters.hpp"
#include "dealtrail/reconcile/detail/side.hpp"
#include "dealtrail/reconcile/reconcile.hpp"

// Why the sums of one key differ. All products are of 128 bits.
namespace dealtrail::detail::reconciling {

/// What one table has at a key.
struct KeySum {
  Int128 sum = 0;
  Int128 positive = 0;
  std::int64_t least = std::numeric_limits<std::int64_t>::max();
  std::int64_t greatest = std::numeric_limits<std::int64_t>::min();
  std::int64_t rows = 0;
  std::int64_t known = 0;
  std::int64_t foreign = 0;
  RowId first = no_row;

  void add(const Side& side, RowId row) noexcept {
    if (rows++ == 0) first = row;
    if (side.state.empty()) return;
    if (side.state[row] == AmountState::foreign) ++foreign;
    if (side.state[row] != AmountState::known) return;
    const std::int64_t one = side.amount[row];
    ++known;
    sum += one;
    positive += one > 0 ? one : 0;
    least = std::min(least, one);
    greatest = std::max(greatest, one);
  }
  [[nodiscard]] bool repeats_one_amount() const noexcept { return rows > 1 && known == rows && least == greatest; }
};

[[nodiscard]] inline KeySum sum_of_key(const Side& side, RowId key) noexcept {
  KeySum result;
  for (RowId row = side.first(key); row != no_row; row = side.next[row]) result.add(side, row);
  return result;
}

[[nodiscard]] constexpr Int128 magnitude(Int128 value) noexcept { return value < 0 ? -value : value; }

/// Words of a text in small letters, between ASCII letters and digits and everything beyond ASCII.
[[nodiscard]] inline bool has_word(std::string_view text, const std::vector<std::string>& words) {
  const std::string small = small_letters(text);
  const auto in_word = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || static_cast<unsigned char>(c) >= 0x80U;
  };
  for (std::size_t begin = 0; begin < small.size();) {
    std::size_t end = begin;
    while (end < small.size() && in_word(small[end])) ++end;
    const std::string_view word = std::string_view{small}.substr(begin, end - begin);
    if (!word.empty() && std::find(words.begin(), words.end(), word) != words.end()) return true;
    begin = end + 1;
  }
  return false;
}

class ReasonFinder {
 public:
  ReasonFinder(const ReconcileOptions& options, const Codes& codes, int places)
      : options_(options), codes_(codes), places_(places) {
    const auto units = [](const Decimal& number, int digits, const char* name) {
      const auto found = to_units(number, digits);
      if (!found || *found < 0) {
        throw Error(ErrorCode::invalid_argument, std::string{name} + " is at least 0 with at most " +
                                                     std::to_string(digits) + " digits, found " + to_text(number));
      }
      return *found;
    };
    tolerance_ = units(options.tolerance, places, "tolerance");
    relative_ = units(options.relative, 9, "relative");
    for (std::size_t i = 0; i < codes.statuses.size(); ++i) {
      const std::string_view status = codes.statuses.text(static_cast<RowId>(i));
      const bool test = has_word(status, options.test_words);
      const bool refund = has_word(status, options.refund_words);
      marks_.push_back(static_cast<std::uint8_t>((test ? 1U : 0U) | (refund ? 2U : 0U)));
    }
  }

  [[nodiscard]] bool within(Int128 a, Int128 b) const noexcept {
    return magnitude(a - b) * billion <= Int128{tolerance_} * billion + Int128{relative_} * magnitude(b);
  }

  /// Whether two numbers of other columns are equal up to the tolerance.
  [[nodiscard]] bool same_number(const Decimal& a, const Decimal& b) const noexcept {
    const auto left = to_units(a, 9);
    const auto right = to_units(b, 9);
    if (!left || !right) return compare(a, b) == 0;
    const Int128 apart = magnitude(Int128{*left} - *right);
    return apart * billion <=
           Int128{tolerance_} * power_of_ten(9 - places_) * billion + Int128{relative_} * magnitude(*right);
  }

  /// Whether the sums differ, a value being missing or in another currency included.
  [[nodiscard]] bool differ(const KeySum& a, const KeySum& b) const noexcept {
    return a.foreign > 0 || b.foreign > 0 || (a.known > 0) != (b.known > 0) || !within(a.sum, b.sum);
  }

  /// Why the sums differ; `unexplained` where no rule holds.
  [[nodiscard]] Reason of_sums(const Side& one, const Side& other, RowId key, const KeySum& a, const KeySum& b) const {
    if (a.foreign > 0 || b.foreign > 0) return Reason::currency;
    if (is_test(one, a, key) || is_test(other, b, key)) return Reason::test_sale;
    if (is_refund(one, other, a, b)) return Reason::refund;
    if (a.known == 0 || b.known == 0) return Reason::missing;
    if ((b.rows == 1 && a.repeats_one_amount() && within(a.sum, b.sum * a.rows)) ||
        (a.rows == 1 && b.repeats_one_amount() && within(a.sum * b.rows, b.sum)))
      return Reason::duplicate;
    if (a.sum == b.sum * 100 || b.sum == a.sum * 100) return Reason::factor_100;
    const std::int32_t day = day_of(one, a) != no_day ? day_of(one, a) : day_of(other, b);
    for (const VatRate& rate : options_.vat_rates) {
      if (day != no_day && (day < rate.from || day >= rate.until)) continue;
      if (is_net(a.sum, b.sum, rate.basis_points, a.rows + b.rows) ||
          is_net(b.sum, a.sum, rate.basis_points, a.rows + b.rows))
        return Reason::vat;
    }
    for (const std::int32_t share : options_.commission) {
      if (is_share(a.sum, b.sum, share, 10'000, a.rows + b.rows) ||
          is_share(b.sum, a.sum, share, 10'000, a.rows + b.rows))
        return Reason::commission;
    }
    return Reason::unexplained;
  }

  /// Why a key is on one side alone.
  [[nodiscard]] Reason of_one(const Side& side, RowId key, const KeySum& sum, Reason otherwise) const {
    if (is_test(side, sum, key)) return Reason::test_sale;
    if (sum.sum < 0 || (sum.known > 0 && sum.sum == 0 && sum.least < 0) || any_mark(side, sum, 2))
      return Reason::refund;
    return otherwise;
  }

  /// The share of the larger sum in thousandths, of the second table first; 0 where the smaller is no such share of
  /// it, or the sums are too small to tell.
  [[nodiscard]] static std::int32_t share_of(const KeySum& a, const KeySum& b) noexcept {
    const bool b_is_less = magnitude(b.sum) < magnitude(a.sum);
    const Int128 large = b_is_less ? a.sum : b.sum;
    const Int128 small = b_is_less ? b.sum : a.sum;
    if (magnitude(large) < 100'000 || (large < 0) != (small < 0) || magnitude(small) * 2 > magnitude(large)) return 0;
    const auto share = static_cast<std::int32_t>((magnitude(small) * 2000 + magnitude(large)) / (magnitude(large) * 2));
    if (share == 0 || !is_share(small, large, share, 1000, a.rows + b.rows)) return 0;
    return b_is_less ? share : -share;
  }

  /// Why the only row of each side differs in its day; none where it does not.
  [[nodiscard]] static Reason of_days(const Side& one, RowId a, const Side& other, RowId b) noexcept {
    if (one.day.empty() || one.day[a] == other.day[b]) return Reason::none;
    if (one.day[a] == no_day || other.day[b] == no_day) return Reason::missing;
    if (one.is_day[a] != 0 || other.is_day[b] != 0) return Reason::date_shift;
    constexpr std::int64_t quarter_us = std::int64_t{15} * 60 * us_per_second;
    const std::int64_t apart = one.at[a] > other.at[b] ? one.at[a] - other.at[b] : other.at[b] - one.at[a];
    return apart % quarter_us == 0 && apart <= 14 * 4 * quarter_us ? Reason::time_zone : Reason::date_shift;
  }

 private:
  static constexpr std::int64_t billion = 1'000'000'000;

  [[nodiscard]] static std::int32_t day_of(const Side& side, const KeySum& sum) noexcept {
    return side.day.empty() ? no_day : side.day[sum.first];
  }

  // b is a without the tax: each of the rows may have been rounded by half a unit.
  [[nodiscard]] static bool is_net(Int128 a, Int128 b, std::int32_t basis_points, std::int64_t rows) noexcept {
    const Int128 factor = Int128{10'000} + basis_points;
    return b != 0 && magnitude(b * factor - a * 10'000) * 2 <= factor * rows;
  }

  [[nodiscard]] static bool is_share(Int128 small, Int128 large, std::int32_t share, std::int32_t whole,
                                     std::int64_t rows) noexcept {
    return small != 0 && magnitude(small * whole - large * share) * 2 <= Int128{whole} * rows;
  }

  [[nodiscard]] bool any_mark(const Side& side, const KeySum& sum, unsigned mark) const noexcept {
    if (side.status.empty()) return false;
    for (RowId row = sum.first; row != no_row; row = side.next[row]) {
      if (side.status[row] != no_row && (marks_[side.status[row]] & mark) != 0) return true;
    }
    return false;
  }
  [[nodiscard]] bool is_test(const Side& side, const KeySum& sum, RowId key) const {
    return any_mark(side, sum, 1) || has_word(codes_.keys.text(key), options_.test_words);
  }

  // Without what was given back the sums are equal, or one is the other given back, or one is gone and says refunded.
  [[nodiscard]] bool is_refund(const Side& one, const Side& other, const KeySum& a, const KeySum& b) const noexcept {
    const bool negative = a.positive != a.sum || b.positive != b.sum;
    if (negative && a.known > 0 && b.known > 0 && (within(a.positive, b.positive) || (a.sum != 0 && a.sum == -b.sum)))
      return true;
    return (a.sum == 0 && any_mark(one, a, 2)) || (b.sum == 0 && any_mark(other, b, 2));
  }

  const ReconcileOptions& options_;
  const Codes& codes_;
  int places_;
  std::int64_t tolerance_ = 0;
  std::int64_t relative_ = 0;
  std::vector<std::uint8_t> marks_{};  // by status: 1 test, 2 refund
};

}  // namespace dealtrail::detail::reconciling
