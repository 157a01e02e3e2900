#pragma once

#include <algorithm>
#include <array>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/io/detail/profile_data.hpp"

namespace dealtrail::detail {

/// Where an expression looks its columns up: a record, or an element of a list in it.
struct RecordScope {
  const Record* record = nullptr;
  std::uint32_t node = 0;
  std::uint64_t position = 0;
  std::string_view command{};
  const RecordScope* outer = nullptr;
  const Datum* element = nullptr;  // a part of a text that is a list, instead of `node`
};

/// What went wrong with one value; the caller says where.
enum class ValueTrouble : std::uint8_t { unreadable, unmapped, several, nested, id_as_real };

/// Computes expressions of one profile over the records of one load. Text of results lives until the next record.
class Evaluator {
 public:
  /// Called with what is wrong, the column (or expression) and the value.
  using Complain = std::function<void(ValueTrouble, std::string_view column, std::string_view value)>;

  Evaluator(const ProfileData& profile, Complain complain) : profile_(profile), complain_(std::move(complain)) {}

  void next_record() { scratch_.clear(); }
  [[nodiscard]] std::string_view keep(std::string_view text) { return scratch_.keep(text); }

  /// The value of a column; text is not yet checked for emptiness.
  [[nodiscard]] Datum column(const ColumnPath& path, const RecordScope& inner) const {
    const RecordScope* scope = &inner;
    for (std::uint32_t i = 0; i < path.outer; ++i) {
      if (scope->outer == nullptr) return {};
      scope = scope->outer;
    }
    switch (path.special) {
      case ColumnPath::Special::position: return Datum::integer(static_cast<std::int64_t>(scope->position));
      case ColumnPath::Special::command: return Datum::text(scope->command);
      case ColumnPath::Special::element:
        return scope->element != nullptr ? *scope->element : value_of(scope->node, *scope->record, path);
      case ColumnPath::Special::none: break;
    }
    const std::uint32_t node = find(path, *scope);
    return node == no_index ? Datum{} : value_of(node, *scope->record, path);
  }

  /// The node a column names, for lists; no_index when it is not there.
  [[nodiscard]] static std::uint32_t find(const ColumnPath& path, const RecordScope& scope) {
    const Record& record = *scope.record;
    std::uint32_t node = record.part(scope.node, path.whole);
    if (node != no_index) return node;
    node = scope.node;
    for (const ColumnStep& step : path.steps) {
      switch (step.sort) {
        case ColumnStep::Sort::name: node = record.part(node, step.canonical); break;
        case ColumnStep::Sort::index: node = element(record, node, step.index); break;
        case ColumnStep::Sort::selector: node = selected(record, node, step); break;
      }
      if (node == no_index) return no_index;
    }
    return node;
  }

  /// Whether the value is one of the texts that mean "no value".
  [[nodiscard]] static bool is_empty(const Datum& value, const std::vector<std::string>& empty) {
    return value.kind() == DatumKind::text && std::find(empty.begin(), empty.end(), value.as_text()) != empty.end();
  }

  /// Whether a condition over columns holds; an empty value is a missing one.
  [[nodiscard]] bool holds(const ColumnCondition& condition, const RecordScope& scope) const {
    return condition.condition.holds([&](std::uint32_t at) {
      const Datum value = column(condition.columns[at], scope);
      return is_empty(value, profile_.empty) ? Datum{} : value;
    });
  }

  [[nodiscard]] Datum evaluate(const Expression& expression, const RecordScope& scope) {
    if (expression.when && !holds(*expression.when, scope)) return {};
    switch (expression.op) {
      case Operator::column: {
        const Datum value = column(expression.column, scope);
        if (is_empty(value, profile_.empty) || is_empty(value, expression.empty)) return {};
        return expression.day ? day(value, expression, expression) : value;
      }
      case Operator::constant: return expression.constant.datum();
      case Operator::concat: return concat(expression, scope);
      case Operator::slug: return slug(evaluate(expression.parts.front(), scope));
      case Operator::map: return mapped(expression, scope);
      case Operator::coalesce:
        for (const Expression& part : expression.parts) {
          const Datum value = evaluate(part, scope);
          if (!value.is_null() && !is_false(value)) return value;
        }
        return {};
      case Operator::date: return day(evaluate(expression.parts.front(), scope), expression, expression.parts.front());
      case Operator::time: return moment(evaluate(expression.parts.front(), scope), expression);
      case Operator::money: return rounded(money(expression, scope), expression);
      case Operator::number: return rounded(number(evaluate(expression.parts.front(), scope), expression), expression);
      case Operator::mul:
      case Operator::add: return rounded(combine(expression, scope), expression);
    }
    return {};
  }

  [[nodiscard]] std::string_view text_of(const Datum& value) {
    switch (value.kind()) {
      case DatumKind::null: return {};
      case DatumKind::text: return value.as_text();
      case DatumKind::integer: {
        std::array<char, 24> buffer{};
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.as_integer());
        return scratch_.keep({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
      }
      case DatumKind::real: {
        std::array<char, 40> buffer{};
        const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), value.as_real());
        return scratch_.keep({buffer.data(), static_cast<std::size_t>(end.ptr - buffer.data())});
      }
      case DatumKind::decimal: {
        const auto whole = to_units(value.as_decimal(), 0);  // 410.0 is 410
        return scratch_.keep(whole ? std::to_string(*whole) : to_text(value.as_decimal()));
      }
      case DatumKind::boolean: return value.as_boolean() ? "true" : "false";
      case DatumKind::time: return scratch_.keep(iso(value.as_time_us()) + "Z");
      case DatumKind::local_time: return scratch_.keep(iso(value.as_local_time_us()));
    }
    return {};
  }

  /// Reads `value` as a field of this type wants it; null and a complaint when it cannot be read so. Links without
  /// prefix.
  [[nodiscard]] Datum as(FieldType type, const Datum& value, std::string_view column) {
    if (value.is_null() || (type != FieldType::boolean && is_false(value))) return {};
    std::optional<Datum> read;
    switch (type) {
      case FieldType::text:
      case FieldType::choice:
      case FieldType::link: return Datum::text(text_of(value));
      case FieldType::integer: read = integer(value); break;
      case FieldType::real: read = real(value); break;
      case FieldType::boolean: read = boolean(value); break;
      case FieldType::time: read = time(value, profile_.times, profile_.zone); break;
      case FieldType::money:
      case FieldType::decimal: read = exact(value, profile_.numbers); break;
    }
    if (!read) complain(ValueTrouble::unreadable, column, value);
    return read.value_or(Datum{});
  }

  void complain(ValueTrouble trouble, std::string_view column, const Datum& value) {
    complain_(trouble, column, text_of(value));
  }

  [[nodiscard]] static bool is_false(const Datum& value) {
    return value.kind() == DatumKind::boolean && !value.as_boolean();
  }

 private:
  [[nodiscard]] static std::uint32_t element(const Record& record, std::uint32_t list, std::uint32_t index) {
    const Node& head = record[list];
    if (head.shape != NodeShape::list) return no_index;
    for (std::uint32_t node = list + 1; node < head.end; node = record[node].end) {
      if (index-- == 0) return node;
    }
    return no_index;
  }

  // The first element whose part of that name reads as the value.
  [[nodiscard]] static std::uint32_t selected(const Record& record, std::uint32_t list, const ColumnStep& step) {
    const Node& head = record[list];
    if (head.shape != NodeShape::list) return no_index;
    for (std::uint32_t node = list + 1; node < head.end; node = record[node].end) {
      const std::uint32_t part = record.part(node, step.canonical);
      if (part == no_index) continue;
      const Datum& value = record[part].value;
      if (value.kind() == DatumKind::text
              ? value.as_text() == step.value
              : value.kind() == DatumKind::integer && std::to_string(value.as_integer()) == step.value) {
        return node;
      }
    }
    return no_index;
  }

  // A single value: of a list the first, with a complaint when there are more.
  [[nodiscard]] Datum value_of(std::uint32_t node, const Record& record, const ColumnPath& path) const {
    const Node& head = record[node];
    if (head.shape == NodeShape::value) return head.value;
    if (head.end == node + 1) return {};
    if (head.shape == NodeShape::list && record[node + 1].shape == NodeShape::value) {
      if (record[node + 1].end < head.end) complain_(ValueTrouble::several, path.text, "");
      return record[node + 1].value;
    }
    complain_(ValueTrouble::nested, path.text, "");
    return {};
  }

  [[nodiscard]] Datum concat(const Expression& expression, const RecordScope& scope) {
    std::string joined;
    bool any = false;
    bool any_column = false;
    bool has_columns = false;
    for (const Expression& part : expression.parts) {
      const Datum value = evaluate(part, scope);
      const bool constant = part.op == Operator::constant;
      has_columns = has_columns || !constant;
      if (value.is_null() || is_false(value)) {
        if (expression.all) return {};
        continue;
      }
      if (any) joined += expression.separator;
      joined += text_of(value);
      any = true;
      any_column = any_column || !constant;
    }
    // Constants around columns that are all missing say nothing.
    if (!any || (has_columns && !any_column)) return {};
    return Datum::text(scratch_.keep(joined));
  }

  [[nodiscard]] Datum slug(const Datum& value) {
    if (value.is_null()) return {};
    std::string result;
    const std::string_view text = text_of(value);
    for (std::size_t i = 0; i < text.size(); ++i) {
      const auto c = static_cast<unsigned char>(text[i]);
      if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) {
        result += static_cast<char>(c);
      } else if (c >= 'A' && c <= 'Z') {
        result += static_cast<char>(c - 'A' + 'a');
      } else if (c == 0xD0 && i + 1 < text.size()) {
        // Russian capitals: А-П and Р-Я become а-п and р-я, Ё becomes ё; small а-п stay.
        const auto next = static_cast<unsigned char>(text[++i]);
        if (next == 0x81) {
          result += "\xD1\x91";
        } else if (next >= 0x90 && next <= 0x9F) {
          result += {static_cast<char>(0xD0), static_cast<char>(next + 0x20)};
        } else if (next >= 0xA0 && next <= 0xAF) {
          result += {static_cast<char>(0xD1), static_cast<char>(next - 0x20)};
        } else {
          result += {static_cast<char>(c), static_cast<char>(next)};
        }
      } else if (c >= 0xC3 && c != 0xE2) {
        // Other letters are kept byte for byte; U+2000 to U+2FFF are dashes, quotes and signs.
        result += text[i];
        while (i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80U) result += text[++i];
      } else {
        if (c >= 0xC2) {
          while (i + 1 < text.size() && (static_cast<unsigned char>(text[i + 1]) & 0xC0U) == 0x80U) ++i;
        }
        if (!result.empty() && result.back() != '-') result += '-';
      }
    }
    while (!result.empty() && result.back() == '-') result.pop_back();
    return result.empty() ? Datum{} : Datum::text(scratch_.keep(result));
  }

  [[nodiscard]] Datum mapped(const Expression& expression, const RecordScope& scope) {
    const Datum value = evaluate(expression.parts.front(), scope);
    if (value.is_null()) return {};
    const std::string_view text = text_of(value);
    const auto& exact = expression.map->exact;
    const auto at = std::lower_bound(exact.begin(), exact.end(), text,
                                     [](const auto& each, std::string_view key) { return each.first < key; });
    if (at != exact.end() && at->first == text) return at->second.datum();
    if (is_false(value)) return {};
    for (const auto& [pattern, to] : expression.map->patterns) {
      if (matches_pattern(text, pattern)) return to.datum();
    }
    if (expression.parts.size() > 1) return evaluate(expression.parts[1], scope);
    complain_(ValueTrouble::unmapped, name_of(expression.parts.front()), text);
    return {};
  }

  [[nodiscard]] Datum moment(const Datum& value, const Expression& expression) {
    if (value.is_null() || is_false(value)) return {};
    const auto read = time(value, expression.formats.empty() ? profile_.times : expression.formats,
                           expression.zone ? expression.zone : profile_.zone);
    if (!read) complain(ValueTrouble::unreadable, name_of(expression.parts.front()), value);
    return read.value_or(Datum{});
  }

  // A day is what the writer's calendar showed: the offset, if any, is cut off with the hours. A moment without a
  // calendar, such as seconds since 1970, is a day of the zone.
  [[nodiscard]] Datum day(const Datum& value, const Expression& expression, const Expression& named) {
    if (value.is_null() || is_false(value)) return {};
    const auto read = time(value, expression.formats.empty() ? profile_.times : expression.formats, {});
    if (!read) {
      complain(ValueTrouble::unreadable, name_of(named), value);
      return {};
    }
    std::int64_t us = 0;
    if (read->kind() == DatumKind::local_time) {
      us = read->as_local_time_us();
    } else {
      const auto& zone = expression.zone ? expression.zone : profile_.zone;
      us = zone ? zone->to_local(from_us(read->as_time_us())) : read->as_time_us();
      if (value.kind() == DatumKind::text) {
        if (const auto shown = TimeFormat{}.read(value.as_text().substr(0, 10))) us = shown->us;
      }
    }
    return Datum::day(floor_divide(us, us_per_day) * us_per_day);
  }

  [[nodiscard]] static std::optional<Datum> time(const Datum& value, const std::vector<TimeFormat>& formats,
                                                 const std::optional<Zone>& zone) {
    switch (value.kind()) {
      case DatumKind::time:
      case DatumKind::local_time: return value;
      case DatumKind::text:
        for (const TimeFormat& format : formats) {
          if (const auto read = format.read(value.as_text())) {
            if (!read->local) return Datum::time(read->us);
            if (read->day) return Datum::day(read->us);  // the Trail knows which moment of it
            return zone ? Datum::time(to_us(zone->to_utc(read->us))) : Datum::local_time(read->us);
          }
        }
        return std::nullopt;
      case DatumKind::integer:
        for (const TimeFormat& format : formats) {
          if (const auto read = parse_time(value.as_integer(), format)) return Datum::time(to_us(*read));
        }
        return std::nullopt;
      case DatumKind::decimal: {
        const std::string text = to_text(value.as_decimal());
        for (const TimeFormat& format : formats) {
          if (format.form() != TimeForm::unix_s && format.form() != TimeForm::unix_ms) continue;
          if (const auto read = format.read(text)) return Datum::time(read->us);
        }
        return std::nullopt;
      }
      default: return std::nullopt;
    }
  }

  // An amount, the currency that its text names, and whether its last digits may be noise.
  struct Amount {
    MoneyText money;
    bool approximate = false;
  };

  [[nodiscard]] static std::optional<Amount> amount_of(const Datum& value, const NumberFormat& format) {
    switch (value.kind()) {
      case DatumKind::integer: return Amount{{Decimal{value.as_integer(), 0}, {}, {}}};
      case DatumKind::decimal: return Amount{{value.as_decimal(), {}, {}}, value.is_approximate()};
      case DatumKind::real:
        if (const auto shown = shown_decimal(value.as_real())) return Amount{{*shown, {}, {}}, true};
        return std::nullopt;
      case DatumKind::text:
        if (const auto read = parse_money_text(value.as_text(), format)) return Amount{*read};
        return std::nullopt;
      default: return std::nullopt;
    }
  }

  // As a number; with a currency as the text "5.00 USD", which is read again where the fact is kept.
  [[nodiscard]] Datum datum_of(const Amount& amount) {
    if (amount.money.names_currency()) {
      std::string text = to_text(amount.money.amount) + " ";
      text += amount.money.shared.empty() ? amount.money.currency.code() : sign_of(amount.money.shared);
      return Datum::text(scratch_.keep(text));
    }
    return amount.approximate ? Datum::approximate(amount.money.amount) : Datum::decimal(amount.money.amount);
  }

  [[nodiscard]] std::optional<Datum> exact(const Datum& value, const NumberFormat& format) {
    if (value.kind() != DatumKind::text) return is_number(value) ? std::optional(value) : std::nullopt;
    const auto amount = amount_of(value, format);
    return amount ? std::optional(datum_of(*amount)) : std::nullopt;
  }
  [[nodiscard]] static bool is_number(const Datum& value) noexcept {
    return value.kind() == DatumKind::integer || value.kind() == DatumKind::decimal || value.kind() == DatumKind::real;
  }

  // To the digits that the expression has after the point, half to even.
  [[nodiscard]] Datum rounded(const Datum& value, const Expression& expression) {
    if (!expression.round || value.is_null()) return value;
    auto amount = amount_of(value, NumberFormat{});
    const auto units = amount ? to_nearest_units(amount->money.amount, *expression.round) : std::nullopt;
    if (!units) {
      complain(ValueTrouble::unreadable, name_of(expression), value);
      return {};
    }
    amount->money.amount = {*units, *expression.round};
    amount->approximate = false;
    return datum_of(*amount);
  }

  [[nodiscard]] std::optional<Datum> integer(const Datum& value) const {
    if (value.kind() == DatumKind::integer) return value;
    std::optional<Decimal> number;
    if (value.kind() == DatumKind::decimal) number = value.as_decimal();
    if (value.kind() == DatumKind::real) number = shown_decimal(value.as_real());
    if (value.kind() == DatumKind::text) number = parse_decimal(value.as_text(), profile_.numbers);
    if (!number) return std::nullopt;
    const auto whole = to_units(*number, 0);
    return whole ? std::optional(Datum::integer(*whole)) : std::nullopt;
  }

  [[nodiscard]] std::optional<Datum> real(const Datum& value) const {
    if (value.kind() == DatumKind::integer || value.kind() == DatumKind::decimal || value.kind() == DatumKind::real)
      return value;
    if (value.kind() != DatumKind::text) return std::nullopt;
    const auto read = parse_real(value.as_text(), profile_.numbers);
    return read ? std::optional(Datum::real(*read)) : std::nullopt;
  }

  [[nodiscard]] static std::optional<Datum> boolean(const Datum& value) {
    if (value.kind() == DatumKind::boolean) return value;
    if (value.kind() == DatumKind::integer && (value.as_integer() == 0 || value.as_integer() == 1)) {
      return Datum::boolean(value.as_integer() == 1);
    }
    if (value.kind() != DatumKind::text) return std::nullopt;
    const auto read = parse_boolean(value.as_text());
    return read ? std::optional(Datum::boolean(*read)) : std::nullopt;
  }

  // The exact number of a value, with a complaint when it is none.
  [[nodiscard]] Datum number(const Datum& value, const Expression& expression) {
    if (value.is_null() || is_false(value)) return {};
    const auto read = exact(value, expression.numbers.value_or(profile_.numbers));
    if (!read) complain(ValueTrouble::unreadable, name_of(expression.parts.front()), value);
    return read.value_or(Datum{});
  }

  [[nodiscard]] Datum money(const Expression& expression, const RecordScope& scope) {
    const Datum major = number(evaluate(expression.parts.front(), scope), expression);
    if (expression.unit == MoneyUnit::major || major.is_null()) return major;
    auto amount = amount_of(major, NumberFormat{});
    if (expression.unit == MoneyUnit::micro && amount) {
      amount->money.amount.scale += 6;
      return datum_of(*amount);
    }
    Currency currency = profile_.currency;
    if (expression.parts.size() > 1) {
      const Datum code = evaluate(expression.parts[1], scope);
      if (!code.is_null()) currency = Currency::find(text_of(code)).value_or(Currency{});
    }
    if (amount && !amount->money.currency.empty()) currency = amount->money.currency;
    if (!amount || currency.empty()) {
      complain(ValueTrouble::unreadable, name_of(expression.parts.front()), major);
      return {};
    }
    amount->money.amount.scale += decimals(currency);
    return datum_of(*amount);
  }

  [[nodiscard]] Datum combine(const Expression& expression, const RecordScope& scope) {
    std::optional<Amount> result;
    for (const Expression& part : expression.parts) {
      const Datum value = evaluate(part, scope);
      if (value.is_null() || is_false(value)) return {};
      auto term = amount_of(value, profile_.numbers);
      if (!term || (result && !combine(expression.op, *result, *term))) {
        complain(ValueTrouble::unreadable, name_of(part), value);
        return {};
      }
      if (!result) result = term;
    }
    if (!result) return {};
    // Zeros behind the point say nothing and would only fill the digits up.
    Decimal& number = result->money.amount;
    while (number.scale > 0 && number.mantissa % 10 == 0) {
      number.mantissa /= 10;
      --number.scale;
    }
    return datum_of(*result);
  }

  // Puts a term into the result; false when it does not fit or the two name different currencies.
  [[nodiscard]] static bool combine(Operator op, Amount& result, Amount& term) {
    const bool named = result.money.names_currency();
    if (term.money.names_currency() && named &&
        (op == Operator::mul || result.money.currency != term.money.currency ||
         result.money.shared != term.money.shared)) {
      return false;
    }
    Decimal& whole = result.money.amount;
    Decimal& more = term.money.amount;
    Int128 mantissa = 0;
    std::int32_t scale = std::max(whole.scale, more.scale);
    if (op == Operator::mul) {
      if (__builtin_mul_overflow(whole.mantissa, more.mantissa, &mantissa)) return false;
      scale = whole.scale + more.scale;
    } else if (!raise(whole, scale) || !raise(more, scale) ||
               __builtin_add_overflow(whole.mantissa, more.mantissa, &mantissa)) {
      return false;
    }
    whole = {mantissa, scale};
    result.approximate = result.approximate || term.approximate;
    if (!named) {
      result.money.currency = term.money.currency;
      result.money.shared = term.money.shared;
    }
    return true;
  }

  [[nodiscard]] static bool raise(Decimal& number, std::int32_t scale) {
    if (scale - number.scale > max_decimal_digits) return number.mantissa == 0;
    for (; number.scale < scale; ++number.scale) {
      if (__builtin_mul_overflow(number.mantissa, Int128{10}, &number.mantissa)) return false;
    }
    return true;
  }

  [[nodiscard]] static std::string_view name_of(const Expression& expression) {
    const Expression* at = &expression;
    while (at->op != Operator::column && !at->parts.empty()) at = &at->parts.front();
    return at->op == Operator::column ? std::string_view{at->column.text} : std::string_view{"(constant)"};
  }

  [[nodiscard]] static std::string iso(std::int64_t us) {
    const auto at = std::chrono::sys_time<std::chrono::microseconds>{std::chrono::microseconds{us}};
    const auto day = std::chrono::floor<std::chrono::days>(at);
    const std::chrono::year_month_day date{day};
    const std::int64_t second = (at - day).count() / us_per_second;
    const auto two = [](std::int64_t value) { return std::string(value < 10 ? "0" : "") + std::to_string(value); };
    return std::to_string(static_cast<int>(date.year())) + "-" + two(static_cast<unsigned>(date.month())) + "-" +
           two(static_cast<unsigned>(date.day())) + "T" + two(second / 3600) + ":" + two(second / 60 % 60) + ":" +
           two(second % 60);
  }

  const ProfileData& profile_;
  Complain complain_;
  Arena scratch_{};
};

}  // namespace dealtrail::detail
