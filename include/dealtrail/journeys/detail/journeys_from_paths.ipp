#pragma once

#include <algorithm>
#include <cmath>
#include <deque>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/journeys/detail/journey_order.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/journeys/partition/touch_rows.hpp"

// Journeys of a table of paths: texts are cut into channels, equal paths add up.

namespace dealtrail {

namespace detail {

[[nodiscard]] inline std::string_view without_blanks(std::string_view text) noexcept {
  constexpr std::string_view blanks = " \t\r\n";
  const std::size_t begin = text.find_first_not_of(blanks);
  if (begin == std::string_view::npos) return {};
  return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

// Where the next separator is that no backslash stands before.
[[nodiscard]] inline std::size_t path_separator(std::string_view text, std::string_view separator) noexcept {
  std::size_t at = text.find(separator);
  while (at != std::string_view::npos && at > 0 && text[at - 1] == '\\') at = text.find(separator, at + 1);
  return at;
}

// A channel with separators as they are: `a\>b` is a>b.
[[nodiscard]] inline std::string without_escapes(std::string_view channel, std::string_view separator) {
  std::string plain;
  for (std::size_t i = 0; i < channel.size(); ++i) {
    if (channel[i] == '\\' && channel.substr(i + 1).starts_with(separator)) continue;
    plain += channel[i];
  }
  return plain;
}

// A count of journeys: a whole number from 0, none is 0; nothing for what is no count.
[[nodiscard]] inline std::optional<std::int64_t> count_of(const Datum& cell) noexcept {
  std::optional<std::int64_t> count;
  switch (cell.kind()) {
    case DatumKind::null: return 0;
    case DatumKind::boolean: return cell.as_boolean() ? 1 : 0;
    case DatumKind::integer: count = cell.as_integer(); break;
    case DatumKind::decimal: count = to_units(cell.as_decimal(), 0); break;
    case DatumKind::real:
      if (std::isnan(cell.as_real())) return 0;
      if (cell.as_real() == std::floor(cell.as_real()) && std::fabs(cell.as_real()) < 9e15)
        count = static_cast<std::int64_t>(cell.as_real());
      break;
    default: break;
  }
  return count && *count >= 0 ? count : std::nullopt;
}

}  // namespace detail

DEALTRAIL_INLINE Journeys Journeys::from_paths(const TableInput& table, const PathOptions& options) {
  using namespace detail;
  if (options.separator.empty())
    throw Error(ErrorCode::invalid_argument, "a path needs a separator of channels", {}, "for example >");
  const auto reader = [&](const std::string& name, std::initializer_list<ColumnType> types) {
    const RequiredColumn wanted{name, types};
    table.schema().require(std::span{&wanted, 1});
    return ColumnReader{table, name};
  };
  const auto counts = [&](const std::string& name) -> std::optional<ColumnReader> {
    if (name.empty()) return std::nullopt;
    return reader(name, {ColumnType::integer, ColumnType::boolean, ColumnType::real, ColumnType::decimal});
  };
  const ColumnReader path = reader(options.path, {ColumnType::text});
  const auto conversions = counts(options.conversions);
  const auto nulls = counts(options.nulls);
  std::optional<ColumnReader> value;
  if (!options.value.empty())
    value = reader(options.value, {ColumnType::decimal, ColumnType::integer, ColumnType::real, ColumnType::text});
  const Currency currency =
      value ? currency_of_values(options.currency, options.places, *value, options.value) : Currency{};
  Int128 rounding = 0;
  const bool yes_or_no_rows = conversions && !nulls && conversions->info().type == ColumnType::boolean;

  JourneyColumns rows;  // as they came, channels by code
  rows.of = JourneysOf::paths;
  rows.journey_first.push_back(0);
  ChannelNames names;
  std::deque<std::string> escaped;  // names that are not written in the table as they are
  std::vector<JourneyProblem> problems;
  const auto note = [&](const char* code, const std::string& column, const char* message, const char* hint,
                        std::int64_t row) {
    auto same = std::find_if(problems.begin(), problems.end(),
                             [&](const JourneyProblem& one) { return one.code == code && one.column == column; });
    if (same == problems.end()) same = problems.insert(same, JourneyProblem{code, column, 0, message, hint});
    ++same->count;
    if (same->first_rows.size() < 5) same->first_rows.push_back("row " + std::to_string(row));
  };
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const auto converted = conversions ? count_of(conversions->read(row)) : std::optional<std::int64_t>{1};
    auto not_converted = nulls ? count_of(nulls->read(row)) : std::optional<std::int64_t>{0};
    if (!converted || !not_converted) {
      note("bad_count", converted ? options.nulls : options.conversions,
           "rows whose counts are no whole numbers from 0 are left out", "mend the counts", row);
      continue;
    }
    if (yes_or_no_rows) not_converted = 1 - *converted;
    if (*converted == 0 && *not_converted == 0) {
      note("no_journeys", options.conversions, "rows of no journeys are left out",
           "name the column that counts journeys which did not convert", row);
      continue;
    }
    std::int64_t amount = 0;
    if (value) {
      const Datum cell = value->read(row);
      if (!cell.is_null() && !(cell.kind() == DatumKind::real && std::isnan(cell.as_real()))) {
        const CellAmount read = cell_amount(cell, currency);
        if (read.state == CellAmount::exact || read.state == CellAmount::rounded) amount = read.units;
        if (read.state != CellAmount::exact && (read.state != CellAmount::rounded || *converted != 0)) {
          const ValueWords& words = words_of(read.state);
          note(words.code, options.value, words.message, words.hint, row);
          rounding += read.added;
        }
      }
      if (amount != 0 && *converted == 0) {
        note("value_without_conversion", options.value, "amounts on rows that do not convert are not counted",
             "count the conversions, or clear the amounts", row);
        amount = 0;
      }
    }
    const std::size_t before = rows.touch_channel.size();
    const Datum cell = path.read(row);
    std::string_view rest = cell.is_null() ? std::string_view{} : cell.as_text();
    if (without_blanks(rest) == "(unattributed)") rest = {};  // as `paths` writes a journey without touches
    std::uint32_t special = 0;
    while (!rest.empty()) {
      const std::size_t end = path_separator(rest, options.separator);
      std::string_view channel = without_blanks(rest.substr(0, end));
      rest = end == std::string_view::npos ? std::string_view{} : rest.substr(end + options.separator.size());
      if (channel.empty()) continue;
      if (channel.find('\\') != std::string_view::npos) {
        std::string plain = without_escapes(channel, options.separator);
        if (plain != channel) channel = escaped.emplace_back(std::move(plain));
      }
      const std::uint32_t code = names.code_of(channel);
      if (code >= first_special_code) special = std::max(special, code);
      rows.touch_channel.push_back(code);
    }
    if (special != 0) {
      rows.touch_channel.resize(before);
      if (special == bad_code) {
        note("bad_text", options.path, "rows whose path is not UTF-8 are left out", "convert the source to UTF-8", row);
      } else {
        note("reserved_channel", options.path,
             "rows with a channel named as a row of the results, (unattributed) or (total), are left out",
             "rename it, or leave the rows of totals out", row);
      }
      continue;
    }
    rows.journey_first.push_back(rows.touch_channel.size());
    rows.conversions.push_back(*converted);
    rows.nulls.push_back(*not_converted);
    if (value) rows.values.push_back(amount);
  }

  JourneyColumns out;
  out.of = JourneysOf::paths;
  out.currency = currency;
  out.options = {{"made_from", "paths"}, {"values", value ? "of conversions" : "none"}};
  out.rows = table.rows();
  for (JourneyProblem& problem : problems) {
    if (problem.code == words_of(CellAmount::rounded).code) problem.message += rounding_text(rounding);
  }
  out.problems = std::move(problems);
  std::vector<std::uint8_t> used(names.names().size());
  for (const std::uint32_t code : rows.touch_channel) used[code] = 1;
  for (std::size_t code = 0; code < used.size(); ++code) {
    if (used[code] != 0) out.channels.emplace_back(names.names()[code]);
  }
  std::sort(out.channels.begin(), out.channels.end());
  std::vector<std::uint32_t> places;
  for (const std::string_view name : names.names()) {
    places.push_back(static_cast<std::uint32_t>(std::lower_bound(out.channels.begin(), out.channels.end(), name) -
                                                out.channels.begin()));
  }
  std::vector<std::size_t> order(rows.journeys());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(),
            [&](std::size_t lhs, std::size_t rhs) { return path_order({rows, lhs, places}, {rows, rhs, places}) < 0; });
  JourneyWriter writer{out};
  for (std::size_t i = 0; i < order.size(); ++i) {
    const JourneyRef one{rows, order[i], places};
    if (i > 0 && path_order({rows, order[i - 1], places}, one) == 0) {
      writer.add_up(one);
    } else {
      writer.add(one);
    }
  }
  check_totals(out);
  return Journeys{std::move(out)};
}

}  // namespace dealtrail
