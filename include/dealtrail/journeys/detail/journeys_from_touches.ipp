#pragma once

#include <algorithm>
#include <array>
#include <limits>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/lookback.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/journeys/partition/journey_builder.hpp"
#include "dealtrail/journeys/partition/touch_partitions.hpp"
#include "dealtrail/journeys/partition/touch_rows.hpp"

// Journeys of a table of touches: dealt out to parts by subject, each part grouped, ordered and cut on its own.

namespace dealtrail {

namespace detail {

[[nodiscard]] inline TouchInput touch_input(const TableInput& table, const TouchOptions& options) {
  const auto column = [&](const std::string& name, std::initializer_list<ColumnType> types) {
    const RequiredColumn wanted{name, types};
    table.schema().require(std::span{&wanted, 1});
    return ColumnReader{table, name};
  };
  if (!options.value.empty() && options.converted.empty()) {
    throw Error(ErrorCode::invalid_argument, "a value is a conversion's, and no column of conversions is named",
                {table.schema().table(), options.value, -1}, "name the column `converted`");
  }
  TouchInput input{column(options.subject, {ColumnType::integer, ColumnType::text}),
                   column(options.at, {ColumnType::time, ColumnType::local_time, ColumnType::date, ColumnType::text}),
                   column(options.channel, {ColumnType::text})};
  if (!options.converted.empty()) {
    input.converted.emplace(
        column(options.converted, {ColumnType::boolean, ColumnType::integer, ColumnType::real, ColumnType::text}));
  }
  if (!options.value.empty()) {
    input.value.emplace(
        column(options.value, {ColumnType::decimal, ColumnType::integer, ColumnType::real, ColumnType::text}));
  }
  if (input.value) input.currency = currency_of_values(options.currency, options.places, *input.value, options.value);
  return input;
}

[[nodiscard]] inline std::vector<JourneyProblem> problems_of(const RowTroubles& troubles, const TouchOptions& options) {
  struct Words {
    const char* code;
    const std::string& column;
    const char* message;
    const char* hint;
  };
  const auto of_values = [&](CellAmount::State state) {
    const ValueWords& one = words_of(state);
    return Words{one.code, options.value, one.message, one.hint};
  };
  const std::array<Words, row_trouble_count> words{{
      {"no_subject", options.subject, "rows without a subject are left out", "fill it, or drop the rows"},
      {"no_time", options.at, "rows without a time are left out", "fill it, or drop the rows"},
      {"bad_time", options.at, "rows whose time is not ISO 8601 are left out",
       "write 2026-03-14T10:00:00+03:00 or 2026-03-14, or hand over a column of times"},
      {"no_channel", options.channel, "rows without a channel are left out",
       "name what is not known, or drop the rows"},
      {"bad_text", options.channel, "rows whose channel is not UTF-8 are left out", "convert the source to UTF-8"},
      {"reserved_channel", options.channel,
       "rows whose channel is named as a row of the results, (unattributed) or (total), are left out",
       "rename it, or leave the rows of totals out"},
      {"bad_converted", options.converted, "rows that say neither yes nor no are left out", "write true or false"},
      of_values(CellAmount::unreadable),
      of_values(CellAmount::foreign),
      of_values(CellAmount::large),
      of_values(CellAmount::rounded),
      {"value_without_conversion", options.value, "amounts on rows that do not convert are not counted",
       "mark the rows as converted, or clear the amounts"},
  }};
  std::vector<JourneyProblem> problems;
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (troubles.all[i].count == 0) continue;
    JourneyProblem note{words[i].code, words[i].column, troubles.all[i].count, words[i].message, words[i].hint};
    if (static_cast<RowTrouble>(i) == RowTrouble::rounded_value) note.message += rounding_text(troubles.rounding);
    for (const std::int64_t row : troubles.all[i].first) note.first_rows.push_back("row " + std::to_string(row));
    problems.push_back(std::move(note));
  }
  return problems;
}

// The parts one after another; each is let go when it has been taken.
inline void join_parts(std::vector<PartJourneys>& parts, const TouchLayout& layout, JourneyColumns& columns) {
  std::size_t subjects = 0;
  std::size_t journeys = 0;
  std::size_t bytes = 0;
  for (const PartJourneys& part : parts) {
    subjects += part.subject_ends.size();
    journeys += part.journey_ends.size();
    bytes += part.subject_texts.bytes.size();
  }
  columns.subject_first.reserve(subjects + 1);
  columns.journey_first.reserve(journeys + 1);
  columns.converted.reserve(journeys);
  if (layout.amounts) columns.values.reserve(journeys);
  if (layout.numbers) {
    columns.subject_numbers.reserve(subjects);
  } else {
    columns.subject_texts.ends.reserve(subjects);
    columns.subject_texts.bytes.reserve(bytes);
  }
  std::uint64_t journey = 0;
  std::uint64_t touch = 0;
  columns.subject_first.push_back(0);
  columns.journey_first.push_back(0);
  for (PartJourneys& part : parts) {
    for (const std::uint32_t end : part.subject_ends) columns.subject_first.push_back(journey + end);
    for (const std::uint32_t end : part.journey_ends) columns.journey_first.push_back(touch + end);
    journey = columns.subject_first.back();
    touch = columns.journey_first.back();
    columns.converted.insert(columns.converted.end(), part.converted.begin(), part.converted.end());
    columns.values.insert(columns.values.end(), part.values.begin(), part.values.end());
    columns.subject_numbers.insert(columns.subject_numbers.end(), part.subject_numbers.begin(),
                                   part.subject_numbers.end());
    const std::uint64_t before = columns.subject_texts.bytes.size();
    columns.subject_texts.bytes += part.subject_texts.bytes;
    for (const std::uint64_t end : part.subject_texts.ends) columns.subject_texts.ends.push_back(before + end);
    part = PartJourneys{};
  }
}

}  // namespace detail

DEALTRAIL_INLINE Journeys Journeys::from_touches(const TableInput& table, const TouchOptions& options) {
  using namespace detail;
  if (options.lookback_days) check_lookback_days(*options.lookback_days);
  const TouchInput input = touch_input(table, options);
  if (table.rows() >= std::numeric_limits<std::uint32_t>::max()) {
    throw Error(ErrorCode::limit_exceeded, "more than 4 294 967 294 touches at once", {table.schema().table(), {}, -1},
                "read them in shards that keep each subject whole, and merge");
  }
  const std::size_t workers =
      std::clamp<std::size_t>(options.threads, 1, static_cast<std::size_t>(table.rows()) / (block_rows * 4) + 1);
  JourneyColumns columns;
  columns.of = JourneysOf::touches;
  columns.currency = input.currency;
  columns.subject_type = input.of_numbers() ? SubjectType::integer : SubjectType::text;
  columns.options = {{"made_from", "touches"},
                     {"lookback_days", options.lookback_days ? std::to_string(*options.lookback_days) : "none"},
                     {"values", options.value.empty() ? "none" : "of conversions"}};
  columns.rows = table.rows();
  RowTroubles troubles;
  TouchPartitions parts = TouchPartitioner{input, workers}.deal(troubles);
  columns.problems = problems_of(troubles, options);
  CutOptions cut;
  if (options.lookback_days) cut.lookback_us = *options.lookback_days * us_per_day;
  std::vector<PartJourneys> made(parts.size());
  {
    std::vector<JourneyBuilder> groupers;
    for (std::size_t worker = 0; worker < workers; ++worker) groupers.emplace_back(parts, cut);
    run_tasks(workers, parts.size(),
              [&](std::size_t worker, std::size_t part) { made[part] = groupers[worker].group(part); });
  }
  parts.hands.clear();
  join_parts(made, parts.layout, columns);
  columns.channels = std::move(parts.channels);
  columns.touch_at = std::move(parts.at);
  columns.touch_channel = std::move(parts.packs);
  return Journeys{std::move(columns)};
}

}  // namespace dealtrail
