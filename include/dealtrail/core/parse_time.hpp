#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/core/zone.hpp"

namespace dealtrail {

enum class TimeForm : std::uint8_t { iso, unix_s, unix_ms, pattern };

/// A time as it was written: a moment in UTC, or what a wall clock showed where the text does not say where the clock
/// hangs.
struct TimeReading {
  std::int64_t us = 0;
  bool local = false;
  bool day = false;  // a date without a time: that whole day; `us` is its 00:00
  friend constexpr bool operator==(const TimeReading&, const TimeReading&) noexcept = default;
};

/// How a source writes times; ISO 8601 when default-constructed. Made once per column: a pattern is checked and
/// compiled here.
///
/// - "iso": 2026-03-14T10:00:00+03:00; `T`, `t` or a space; seconds, fraction (digits beyond the sixth are dropped) and
/// offset
///   (Z, +03, +03:00, +0300) may be missing; a date alone is that day; 24:00 is the next day's 00:00. Years 0001 to
///   9999.
/// - "unix_s", "unix_ms": seconds or milliseconds since 1970, UTC, with or without a fraction.
/// - a pattern: `yyyy mm dd hh mm ss` with two digits, `m d h` with one or two, `f` a fraction, `[...]` may be missing,
/// anything else stands
///   for itself. `mm` right after hours is minutes, otherwise the month: "dd.mm.yyyy hh:mm[:ss]", "dd/mm/yyyy
///   hh:mm:ss", "m/d/yyyy".
class TimeFormat {
 public:
  TimeFormat() = default;

  /// The format of that name or pattern, for times without an offset on clocks of `zone`.
  /// @throws Error invalid_argument if a pattern has no yyyy, month or day, has one part twice, or an unclosed or
  /// nested bracket.
  [[nodiscard]] static TimeFormat declared(std::string_view name, Zone zone = {}) {
    TimeFormat format;
    format.zone_ = std::move(zone);
    if (name == "iso") return format;
    if (name == "unix_s") {
      format.form_ = TimeForm::unix_s;
    } else if (name == "unix_ms") {
      format.form_ = TimeForm::unix_ms;
    } else {
      format.form_ = TimeForm::pattern;
      format.compile(name);
    }
    return format;
  }

  [[nodiscard]] TimeForm form() const noexcept { return form_; }
  [[nodiscard]] const Zone& zone() const noexcept { return zone_; }
  friend bool operator==(const TimeFormat&, const TimeFormat&) = default;

  /// What the text says; nothing if it is not a time of this format or not in the calendar (February 30th, 25:00).
  [[nodiscard]] std::optional<TimeReading> read(std::string_view text) const noexcept {
    switch (form_) {
      case TimeForm::iso: return read_iso(text);
      case TimeForm::unix_s: return read_unix(text, 6);
      case TimeForm::unix_ms: return read_unix(text, 3);
      case TimeForm::pattern: break;
    }
    return read_pattern(text);
  }

 private:
  enum class Part : std::uint8_t { literal, year, month, day, hour, minute, second, fraction, open, close };
  struct Step {
    Part part = Part::literal;
    char letter = '\0';     // of a literal
    bool flexible = false;  // one or two digits
    friend bool operator==(const Step&, const Step&) = default;
  };
  struct Fields {
    int year = -1, month = -1, day = -1, hour = 0, minute = 0, second = 0;
    std::int64_t fraction_us = 0;
    bool timed = false;  // there is an hour
  };

  // Wall-clock microseconds of fields that name a real date and time.
  [[nodiscard]] static constexpr std::optional<std::int64_t> assemble(const Fields& fields) noexcept {
    if (fields.year < 1 || fields.month < 1 || fields.month > 12 || fields.day < 1) return std::nullopt;
    const auto month = static_cast<unsigned>(fields.month);
    const auto day = static_cast<unsigned>(fields.day);
    if (day > 28 && day > detail::days_in_month(fields.year, month)) return std::nullopt;
    if (fields.hour < 0 || fields.minute < 0 || fields.minute > 59 || fields.second < 0 || fields.second > 59)
      return std::nullopt;
    const std::int64_t of_day =
        (fields.hour * 3600 + fields.minute * 60 + fields.second) * us_per_second + fields.fraction_us;
    if (fields.hour > 23 && of_day != us_per_day) return std::nullopt;
    return detail::days_from_civil(fields.year, month, day) * us_per_day + of_day;
  }

  // Digits of a fraction at the front, as microseconds; -1 if there are none.
  [[nodiscard]] static constexpr std::int64_t take_fraction(std::string_view& text) noexcept {
    std::int64_t us = 0;
    std::int64_t unit = 100'000;
    std::size_t count = 0;
    for (; count < text.size() && detail::is_digit(text[count]); ++count) {
      us += (text[count] - '0') * unit;
      unit /= 10;
    }
    text.remove_prefix(count);
    return count == 0 ? -1 : us;
  }

  // "Z", "+03", "+0300", "+03:00" and nothing else, as seconds.
  [[nodiscard]] static constexpr std::optional<std::int64_t> offset_of(std::string_view text) noexcept {
    if (text == "Z" || text == "z") return 0;
    const bool minus = detail::take_char(text, '-') || detail::take(text, "\u2212");
    if (!minus && !detail::take_char(text, '+')) return std::nullopt;
    const int hours = detail::take_number(text, 2);
    int minutes = 0;
    if (!text.empty()) {
      static_cast<void>(detail::take_char(text, ':'));
      minutes = detail::take_number(text, 2);
    }
    if (hours < 0 || hours > 23 || minutes < 0 || minutes > 59 || !text.empty()) return std::nullopt;
    return (minus ? -1 : 1) * (hours * 3600 + minutes * 60);
  }

  [[nodiscard]] static constexpr std::optional<TimeReading> read_iso(std::string_view text) noexcept {
    // Rows without spaces around go straight on; take_number would refuse the others.
    if (!text.empty() && (!detail::is_digit(text.front()) || text.back() <= ' ')) text = detail::trimmed(text);
    Fields fields;
    fields.year = detail::take_number(text, 4);
    if (!detail::take_char(text, '-')) return std::nullopt;
    fields.month = detail::take_number(text, 2);
    if (!detail::take_char(text, '-')) return std::nullopt;
    fields.day = detail::take_number(text, 2);
    const auto local = [&fields](bool day) -> std::optional<TimeReading> {
      const auto us = assemble(fields);
      if (!us) return std::nullopt;
      return TimeReading{*us, true, day};
    };
    if (text.empty()) return local(true);
    if (text.front() != 'T' && text.front() != ' ' && text.front() != 't') return std::nullopt;
    text.remove_prefix(1);
    fields.hour = detail::take_number(text, 2);
    if (!detail::take_char(text, ':')) return std::nullopt;
    fields.minute = detail::take_number(text, 2);
    if (detail::take_char(text, ':')) {
      fields.second = detail::take_number(text, 2);
      if (detail::take_char(text, '.') || detail::take_char(text, ',')) {
        fields.fraction_us = take_fraction(text);
        if (fields.fraction_us < 0) return std::nullopt;
      }
    }
    auto reading = local(false);
    if (!reading || text.empty()) return reading;
    static_cast<void>(detail::take_char(text, ' '));  // PostgreSQL and logs put one before the offset
    const auto offset_s = offset_of(text);
    if (!offset_s) return std::nullopt;
    return TimeReading{reading->us - *offset_s * us_per_second, false};
  }

  // `digits_to_us`: how many digits after the mark a microsecond is.
  [[nodiscard]] static constexpr std::optional<TimeReading> read_unix(std::string_view text,
                                                                      int digits_to_us) noexcept {
    text = detail::trimmed(text);
    const bool minus = detail::take_char(text, '-');
    std::int64_t us = 0;
    std::size_t digits = 0;
    int after_mark = -1;
    bool dropped = false;
    for (const char letter : text) {
      if (letter == '.' && after_mark < 0 && digits > 0) {
        after_mark = 0;
        continue;
      }
      if (!detail::is_digit(letter)) return std::nullopt;
      ++digits;
      if (after_mark >= digits_to_us) {
        dropped |= letter != '0';
        continue;
      }
      if (after_mark >= 0) ++after_mark;
      if (__builtin_mul_overflow(us, 10, &us) || __builtin_sub_overflow(us, letter - '0', &us)) return std::nullopt;
    }
    if (digits == 0) return std::nullopt;
    for (int i = after_mark < 0 ? 0 : after_mark; i < digits_to_us; ++i) {
      if (__builtin_mul_overflow(us, 10, &us)) return std::nullopt;
    }
    // Counted downwards, because only there int64 has its last value; digits that are dropped are dropped towards the
    // past.
    if (minus)
      return dropped && __builtin_sub_overflow(us, 1, &us) ? std::nullopt : std::optional(TimeReading{us, false});
    if (__builtin_sub_overflow(std::int64_t{0}, us, &us)) return std::nullopt;
    return TimeReading{us, false};
  }

  [[nodiscard]] std::optional<TimeReading> read_pattern(std::string_view text) const noexcept {
    text = detail::trimmed(text);
    Fields fields;
    std::string_view before_group;
    Fields before_fields;
    bool in_group = false;
    for (std::size_t i = 0; i < steps_.size(); ++i) {
      if (steps_[i].part == Part::open) {
        before_group = text;
        before_fields = fields;
        in_group = true;
      } else if (steps_[i].part == Part::close) {
        in_group = false;
      } else if (!take_step(steps_[i], text, fields)) {
        if (!in_group) return std::nullopt;
        text = before_group;
        fields = before_fields;
        while (steps_[i].part != Part::close) ++i;
        in_group = false;
      }
    }
    if (!text.empty()) return std::nullopt;
    const auto us = assemble(fields);
    if (!us) return std::nullopt;
    return TimeReading{*us, true, !fields.timed};
  }

  [[nodiscard]] static bool take_step(const Step& step, std::string_view& text, Fields& fields) noexcept {
    const auto number = [&](int& field) {
      const bool one = step.flexible && (text.size() < 2 || !detail::is_digit(text[1]));
      field = detail::take_number(text, one ? 1 : 2);
      return field >= 0;
    };
    switch (step.part) {
      case Part::literal: return detail::take_char(text, step.letter);
      case Part::year: return (fields.year = detail::take_number(text, 4)) >= 0;
      case Part::month: return number(fields.month);
      case Part::day: return number(fields.day);
      case Part::hour: return fields.timed = number(fields.hour);
      case Part::minute: return number(fields.minute);
      case Part::second: return number(fields.second);
      case Part::fraction: return (fields.fraction_us = take_fraction(text)) >= 0;
      case Part::open:
      case Part::close: break;
    }
    return true;
  }

  void compile(std::string_view pattern) {
    const auto refuse = [pattern](const std::string& why) {
      throw Error(ErrorCode::invalid_argument, "time format \"" + std::string(pattern.substr(0, 60)) + "\" " + why, {},
                  "expected iso, unix_s, unix_ms or a pattern such as dd.mm.yyyy hh:mm[:ss]");
    };
    unsigned seen = 0;
    unsigned required = 0;
    bool in_group = false;
    bool after_hour = false;  // so that the next `mm` is minutes
    while (!pattern.empty()) {
      Step step;
      const char first = pattern.front();
      if (detail::take(pattern, "yyyy")) {
        step.part = Part::year;
      } else if (first == 'm' || first == 'd' || first == 'h' || first == 's') {
        pattern.remove_prefix(1);
        step.flexible = !detail::take_char(pattern, first);
        step.part = first == 'd'   ? Part::day
                    : first == 'h' ? Part::hour
                    : first == 's' ? Part::second
                    : after_hour   ? Part::minute
                                   : Part::month;
      } else {
        step.part = first == 'f'   ? Part::fraction
                    : first == '[' ? Part::open
                    : first == ']' ? Part::close
                                   : Part::literal;
        step.letter = step.part == Part::literal ? first : '\0';
        pattern.remove_prefix(1);
      }
      if (step.part == Part::open || step.part == Part::close) {
        if (in_group == (step.part == Part::open)) refuse("has brackets that do not pair");
        in_group = !in_group;
      } else if (step.part != Part::literal) {
        const unsigned bit = 1U << static_cast<unsigned>(step.part);
        if ((seen & bit) != 0) refuse("names one part twice");
        seen |= bit;
        if (!in_group) required |= bit;
        after_hour = step.part == Part::hour;
      } else if (step.letter == 'y') {
        refuse("has a year that is not yyyy");
      }
      steps_.push_back(step);
    }
    if (in_group) refuse("has a bracket that is not closed");
    for (const Part part : {Part::year, Part::month, Part::day}) {
      if ((required >> static_cast<unsigned>(part) & 1U) == 0) refuse("lacks yyyy, a month or a day");
    }
  }

  TimeForm form_ = TimeForm::iso;
  Zone zone_;
  std::vector<Step> steps_;
};

/// The moment of a text: its own offset, else the clock of the format's zone (see Zone::to_utc for times shown twice or
/// skipped). Nothing if it is not a time of this format. No locale, no allocation.
[[nodiscard]] inline std::optional<Timestamp> parse_time(std::string_view text,
                                                         const TimeFormat& format = {}) noexcept {
  const auto reading = format.read(text);
  if (!reading) return std::nullopt;
  return reading->local ? format.zone().to_utc(reading->us) : from_us(reading->us);
}

/// The moment of a number that came as a number: whole unix seconds or milliseconds. Nothing for other formats and
/// beyond int64 microseconds.
[[nodiscard]] inline std::optional<Timestamp> parse_time(std::int64_t number, const TimeFormat& format) noexcept {
  if (format.form() != TimeForm::unix_s && format.form() != TimeForm::unix_ms) return std::nullopt;
  std::int64_t us = 0;
  if (__builtin_mul_overflow(number, format.form() == TimeForm::unix_s ? us_per_second : std::int64_t{1000}, &us))
    return std::nullopt;
  return from_us(us);
}

}  // namespace dealtrail
