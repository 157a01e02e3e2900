#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <system_error>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/core/parse_time.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail {

/// The operators of the closed condition language: rules, filters and profiles are data, never code.
enum class ConditionOp : std::uint8_t { eq, ne, in, lt, le, gt, ge, null, prefix };

inline constexpr std::array<std::string_view, 9> condition_op_names{"eq", "ne", "in",   "lt",    "le",
                                                                    "gt", "ge", "null", "prefix"};

[[nodiscard]] constexpr std::string_view to_string(ConditionOp op) noexcept {
  return detail::enum_name(condition_op_names, op);
}

[[nodiscard]] constexpr std::optional<ConditionOp> find_condition_op(std::string_view name) noexcept {
  return detail::find_enum<ConditionOp>(condition_op_names, name);
}

namespace detail {

// A number as programs write it: sign, digits, one point, up to 38 digits. Nothing else is a number here: no spaces, no
// exponent.
[[nodiscard]] inline std::optional<Decimal> plain_number(std::string_view text) noexcept {
  bool negative = false;
  if (!text.empty() && (text.front() == '-' || text.front() == '+')) {
    negative = text.front() == '-';
    text.remove_prefix(1);
  }
  Decimal result;
  int digits = 0;
  bool point = false;
  for (const char c : text) {
    if (c == '.' && !point && digits > 0) {
      point = true;
      continue;
    }
    if (c < '0' || c > '9' || ++digits > 38) return std::nullopt;
    result.mantissa = result.mantissa * 10 + (c - '0');
    if (point) ++result.scale;
  }
  if (digits == 0 || text.back() == '.') return std::nullopt;
  if (negative) result.mantissa = -result.mantissa;
  return result;
}

// The decimal that the shortest text of a double shows: 0.1 is 0.1. Nothing for NaN, infinities and what 38 digits
// cannot hold.
[[nodiscard]] inline std::optional<Decimal> shown_decimal(double value) noexcept {
  if (!detail::is_finite(value)) return std::nullopt;
  std::array<char, 32> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value, std::chars_format::scientific);
  const std::string_view text{buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())};
  const std::size_t mark = text.find('e');
  auto result = plain_number(text.substr(0, mark));
  int exponent = 0;
  const char* first = text.data() + mark + 1;
  if (*first == '+') ++first;
  std::from_chars(first, end.ptr, exponent);
  if (result.has_value()) result->scale -= exponent;
  return result;
}

// Exact comparison of mantissa * 10^-scale; no rounding, no overflow.
[[nodiscard]] inline std::strong_ordering compare(const Decimal& lhs, const Decimal& rhs) noexcept {
  if (lhs.scale == rhs.scale) return lhs.mantissa <=> rhs.mantissa;
  const auto sign = [](Int128 value) { return value < 0 ? -1 : value > 0 ? 1 : 0; };
  if (sign(lhs.mantissa) != sign(rhs.mantissa) || lhs.mantissa == 0) return sign(lhs.mantissa) <=> sign(rhs.mantissa);
  // Digits of the magnitude, most significant first, and the power of ten of the first one.
  struct Shown {
    std::array<char, 40> digits{};
    int count = 0;
    std::int64_t power = 0;
  };
  const auto shown = [](const Decimal& value) {
    Shown result;
    auto rest = value.mantissa < 0 ? -static_cast<uint128>(value.mantissa) : static_cast<uint128>(value.mantissa);
    while (rest != 0) {
      result.digits[static_cast<std::size_t>(result.count++)] = static_cast<char>('0' + static_cast<int>(rest % 10));
      rest /= 10;
    }
    std::reverse(result.digits.begin(), result.digits.begin() + result.count);
    result.power = std::int64_t{result.count} - value.scale;
    return result;
  };
  const Shown left = shown(lhs);
  const Shown right = shown(rhs);
  auto order = left.power <=> right.power;
  for (std::size_t i = 0; order == 0 && i < 40; ++i) {
    const auto digit = [i](const Shown& of) { return static_cast<int>(i) < of.count ? of.digits[i] : '0'; };
    order = digit(left) <=> digit(right);
  }
  if (lhs.mantissa > 0) return order;
  return 0 <=> order;
}

}  // namespace detail

/// A constant of a condition. It owns its text and knows the number or moment that the text may stand for.
class Constant {
 public:
  Constant() = default;  // null
  explicit Constant(Datum value) : value_(value) {
    if (value.kind() == DatumKind::text) {
      text_ = value.as_text();
      number_ = detail::plain_number(text_);
      moment_ = TimeFormat{}.read(text_);
    } else {
      number_ = number_of(value);
    }
  }

  /// The value itself; text borrows from this constant.
  [[nodiscard]] Datum datum() const noexcept { return value_.kind() == DatumKind::text ? Datum::text(text_) : value_; }

  /// How `value` stands to this constant, or nothing when the two cannot be compared (null, NaN, a text that is no
  /// number beside a number, a moment beside a number).
  [[nodiscard]] std::optional<std::strong_ordering> order_of(const Datum& value) const;

  friend bool operator==(const Constant& lhs, const Constant& rhs) noexcept { return lhs.datum() == rhs.datum(); }

 private:
  [[nodiscard]] static std::optional<Decimal> number_of(const Datum& value) noexcept {
    switch (value.kind()) {
      case DatumKind::integer: return Decimal{value.as_integer(), 0};
      case DatumKind::decimal: return value.as_decimal();
      case DatumKind::real: return detail::shown_decimal(value.as_real());
      case DatumKind::text: return detail::plain_number(value.as_text());
      default: return std::nullopt;
    }
  }

  Datum value_{};
  std::string text_{};
  std::optional<Decimal> number_{};
  std::optional<TimeReading> moment_{};
};

inline std::optional<std::strong_ordering> Constant::order_of(const Datum& value) const {
  const auto of_integers = [](std::int64_t lhs, std::int64_t rhs) { return lhs <=> rhs; };
  const DatumKind mine = value_.kind();
  switch (value.kind()) {
    case DatumKind::null: return std::nullopt;
    case DatumKind::text:
      if (mine == DatumKind::text) return value.as_text() <=> std::string_view{text_};
      if (mine == DatumKind::boolean) {
        const auto flag = parse_boolean(value.as_text());
        return flag ? std::optional(of_integers(*flag ? 1 : 0, value_.as_boolean() ? 1 : 0)) : std::nullopt;
      }
      break;
    case DatumKind::boolean:
      if (mine == DatumKind::boolean) return of_integers(value.as_boolean() ? 1 : 0, value_.as_boolean() ? 1 : 0);
      return std::nullopt;
    case DatumKind::time:
      if (mine == DatumKind::time) return of_integers(value.as_time_us(), value_.as_time_us());
      if (moment_) return of_integers(value.as_time_us(), moment_->us);
      return std::nullopt;
    case DatumKind::local_time:
      if (mine == DatumKind::local_time) return of_integers(value.as_local_time_us(), value_.as_local_time_us());
      if (moment_ && moment_->local) return of_integers(value.as_local_time_us(), moment_->us);
      return std::nullopt;
    default: break;
  }
  const auto number = number_of(value);
  if (!number.has_value() || !number_.has_value()) return std::nullopt;
  return detail::compare(*number, *number_);
}

/// A condition over one row: tests of fields, joined by all, any, not. A default condition has no test and always
/// holds. A value type; how a field's value is found is the caller's: `holds` takes a function from the field's name to
/// a Datum.
///
/// How values are compared, always exactly:
/// - numbers (integer, decimal, real) by value: 5 = 5.0 = 5.00; a real counts as the shortest decimal that shows it;
/// - text with text as bytes; text that reads as a plain number ("1042", "-3.50") with a number as a number;
/// - moments with moments, wall clocks with wall clocks, and either with a constant text in ISO 8601 (UTC where it has
/// no offset);
/// - booleans with booleans; text that reads as a flag (Y, no, Да) with a boolean constant;
/// - values of different sorts (a number and a text that is none, a moment and a number) and NaN are not equal and have
/// no
///   order: of their tests only `ne` holds;
/// - with a missing value no test holds, `ne` neither. `null` and `not` are the ways to speak about it.
class Condition {
 public:
  enum class Shape : std::uint8_t { all, any, negation, test };

  Condition() = default;  // all of nothing: holds

  [[nodiscard]] static Condition all(std::vector<Condition> parts) { return Condition(Shape::all, std::move(parts)); }
  [[nodiscard]] static Condition any(std::vector<Condition> parts) { return Condition(Shape::any, std::move(parts)); }
  [[nodiscard]] static Condition negation(Condition part) {
    std::vector<Condition> parts;
    parts.push_back(std::move(part));
    return Condition(Shape::negation, std::move(parts));
  }
  /// eq, ne, lt, le, gt, ge and prefix.
  /// @throws Error invalid_argument for a null, a `prefix` of no text, an order of booleans, an empty field, or an
  /// operator that takes no single value.
  [[nodiscard]] static Condition test(std::string field, ConditionOp op, Datum value) {
    if (op == ConditionOp::in || op == ConditionOp::null) refuse(op, "takes no single value");
    if (value.is_null()) refuse(op, "needs a value; to ask for a missing one, use null");
    if (op == ConditionOp::prefix && value.kind() != DatumKind::text) refuse(op, "needs a text");
    if (value.kind() == DatumKind::boolean && op != ConditionOp::eq && op != ConditionOp::ne) {
      refuse(op, "cannot order true and false");
    }
    return Condition(std::move(field), op, std::vector<Constant>{Constant(value)});
  }
  /// The field's value equals one of `values`.
  [[nodiscard]] static Condition one_of(std::string field, std::vector<Constant> values) {
    return Condition(std::move(field), ConditionOp::in, std::move(values));
  }
  /// The field has no value (`missing`), or has one.
  [[nodiscard]] static Condition null(std::string field, bool missing = true) {
    return Condition(std::move(field), ConditionOp::null, std::vector<Constant>{Constant(Datum::boolean(missing))});
  }

  [[nodiscard]] Shape shape() const noexcept { return shape_; }
  [[nodiscard]] const std::vector<Condition>& parts() const noexcept { return parts_; }
  [[nodiscard]] const std::string& field() const noexcept { return field_; }
  [[nodiscard]] ConditionOp op() const noexcept { return op_; }
  [[nodiscard]] const std::vector<Constant>& values() const noexcept { return values_; }
  [[nodiscard]] bool always() const noexcept { return shape_ == Shape::all && parts_.empty(); }

  /// Gives every test the number by which `holds` asks for its field: `number_of(name) -> uint32`. Do it once, before
  /// the rows.
  template <class NumberOf>
  void bind(NumberOf&& number_of) {
    if (shape_ == Shape::test) bound_ = number_of(std::string_view{field_});
    for (Condition& part : parts_) part.bind(number_of);
  }

  /// Visits the name of every field the condition reads.
  template <class Visit>
  void for_each_field(Visit&& visit) const {
    if (shape_ == Shape::test) visit(std::string_view{field_});
    for (const Condition& part : parts_) part.for_each_field(visit);
  }

  /// Whether the row meets the condition. `value_of` maps a field to its Datum: it takes the field's name, or the
  /// number given by `bind`. Pure; O(tests).
  template <class ValueOf>
  [[nodiscard]] bool holds(const ValueOf& value_of) const {
    switch (shape_) {
      case Shape::all:
        return std::all_of(parts_.begin(), parts_.end(), [&](const Condition& part) { return part.holds(value_of); });
      case Shape::any:
        return std::any_of(parts_.begin(), parts_.end(), [&](const Condition& part) { return part.holds(value_of); });
      case Shape::negation: return !parts_.front().holds(value_of);
      case Shape::test: break;
    }
    if constexpr (std::invocable<const ValueOf&, std::uint32_t>) {
      return met_by(value_of(bound_));
    } else {
      return met_by(value_of(std::string_view{field_}));
    }
  }

  /// Equal conditions are written alike; `bind` does not matter.
  friend bool operator==(const Condition& lhs, const Condition& rhs) {
    return lhs.shape_ == rhs.shape_ && lhs.op_ == rhs.op_ && lhs.field_ == rhs.field_ && lhs.values_ == rhs.values_ &&
           lhs.parts_ == rhs.parts_;
  }

 private:
  Condition(Shape shape, std::vector<Condition> parts) : parts_(std::move(parts)), shape_(shape) {}
  Condition(std::string field, ConditionOp op, std::vector<Constant> values)
      : field_(std::move(field)), values_(std::move(values)), shape_(Shape::test), op_(op) {
    if (field_.empty()) refuse(op, "needs the name of a field");
  }

  [[noreturn]] static void refuse(ConditionOp op, const char* why) {
    throw Error(ErrorCode::invalid_argument, "a condition's op " + std::string(to_string(op)) + ' ' + why);
  }

  [[nodiscard]] bool met_by(const Datum& value) const {
    if (op_ == ConditionOp::null) return value.is_null() == values_.front().datum().as_boolean();
    if (op_ == ConditionOp::in) {
      return std::any_of(values_.begin(), values_.end(),
                         [&](const Constant& one) { return one.order_of(value) == std::strong_ordering::equal; });
    }
    if (op_ == ConditionOp::prefix) {
      return value.kind() == DatumKind::text && value.as_text().starts_with(values_.front().datum().as_text());
    }
    if (value.is_null()) return false;
    const auto order = values_.front().order_of(value);
    if (!order.has_value()) return op_ == ConditionOp::ne;
    switch (op_) {
      case ConditionOp::eq: return *order == 0;
      case ConditionOp::ne: return *order != 0;
      case ConditionOp::lt: return *order < 0;
      case ConditionOp::le: return *order <= 0;
      case ConditionOp::gt: return *order > 0;
      default: return *order >= 0;
    }
  }

  std::vector<Condition> parts_{};
  std::string field_{};
  std::vector<Constant> values_{};
  std::uint32_t bound_ = 0;
  Shape shape_ = Shape::all;
  ConditionOp op_ = ConditionOp::eq;
};

}  // namespace dealtrail
