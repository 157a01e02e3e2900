#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/journeys/detail/journey_order.hpp"
#include "dealtrail/journeys/journeys.hpp"

// Journeys as tables that people and other libraries read.

namespace dealtrail {

namespace detail {

// "search > social > mail"; journeys without touches are nobody's. A separator inside a name has a backslash before it,
// as `from_paths` reads it.
inline void write_path(std::string& text, const JourneyColumns& columns, std::size_t journey,
                       std::string_view separator) {
  text.clear();
  std::string_view bare = separator;
  while (bare.starts_with(' ')) bare.remove_prefix(1);
  while (bare.ends_with(' ')) bare.remove_suffix(1);
  const std::uint64_t begin = columns.journey_first[journey];
  const std::uint64_t end = columns.journey_first[journey + 1];
  if (begin == end) text = "(unattributed)";
  for (std::uint64_t touch = begin; touch < end; ++touch) {
    if (touch > begin) text += separator;
    std::string_view name = columns.channels[columns.touch_channel[touch]];
    for (std::size_t at = bare.empty() ? std::string_view::npos : name.find(bare); at != std::string_view::npos;
         at = name.find(bare)) {
      text.append(name.substr(0, at)).append("\\").append(bare);
      name.remove_prefix(at + bare.size());
    }
    text += name;
  }
}

inline void add_meta(TableBuilder& builder, const Journeys& journeys) {
  for (const auto& [name, value] : journeys.meta()) builder.meta(name, value);
}

}  // namespace detail

DEALTRAIL_INLINE std::optional<std::int64_t> Journeys::converted_at_us(std::size_t journey) const noexcept {
  if (columns_.converted.empty() || columns_.converted[journey] == 0) return std::nullopt;
  if (!columns_.converted_at.empty()) {
    const std::int64_t at = columns_.converted_at[journey];
    return at == detail::null_cell ? std::nullopt : std::optional{at};
  }
  return columns_.touch_at[columns_.journey_first[journey + 1] - 1];
}

DEALTRAIL_INLINE std::vector<std::pair<std::string, std::string>> Journeys::meta() const {
  auto meta = columns_.options;
  if (!columns_.currency.empty()) meta.emplace_back("currency", std::string{columns_.currency.code()});
  std::int64_t conversions_in_all = 0;
  std::int64_t nulls_in_all = 0;
  std::int64_t without_touches = 0;
  for (std::size_t journey = 0; journey < size(); ++journey) {
    conversions_in_all += conversions(journey);
    nulls_in_all += nulls(journey);
    if (touches_of(journey) == 0) without_touches += conversions(journey);
  }
  const auto count = [&](std::string name, std::int64_t number) {
    meta.emplace_back(std::move(name), std::to_string(number));
  };
  count("rows", columns_.rows);
  count("subjects", static_cast<std::int64_t>(subject_count()));
  count("journeys", conversions_in_all + nulls_in_all);
  count("touches", static_cast<std::int64_t>(touch_count()));
  count("channels", static_cast<std::int64_t>(columns_.channels.size()));
  count("conversions", conversions_in_all);
  count("conversions_without_touches", without_touches);
  for (const detail::JourneyProblem& note : columns_.problems) count(note.code, note.count);
  if (const std::int64_t lost = left_out(); lost > 0) count("left_out", lost);
  return meta;
}

DEALTRAIL_INLINE std::int64_t Journeys::left_out() const noexcept {
  std::int64_t count = 0;
  for (const detail::JourneyProblem& problem : columns_.problems) {
    if (problem.severity() == "error") count += problem.count;
  }
  return count;
}

DEALTRAIL_INLINE Table Journeys::paths(std::string_view separator) const {
  using namespace detail;
  const Journeys distinct = by_path();
  const JourneyColumns& columns = distinct.columns_;
  std::vector<std::size_t> order(distinct.size());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t lhs, std::size_t rhs) {
    if (columns.conversions[lhs] != columns.conversions[rhs])
      return columns.conversions[lhs] > columns.conversions[rhs];
    if (columns.nulls[lhs] != columns.nulls[rhs]) return columns.nulls[lhs] > columns.nulls[rhs];
    return lhs < rhs;
  });
  TableBuilder builder{"paths"};
  add_meta(builder, *this);
  auto& path_text = builder.text("path");
  auto& touches = builder.integer("touches");
  auto& journeys = builder.integer("journeys");
  auto& conversions = builder.integer("conversions");
  auto& nulls = builder.integer("nulls");
  auto& value = builder.money("value", currency());
  std::string text;
  for (const std::size_t journey : order) {
    write_path(text, columns, journey, separator);
    path_text.append_text(text);
    touches.append_integer(static_cast<std::int64_t>(distinct.touches_of(journey)));
    journeys.append_integer(distinct.weight(journey));
    conversions.append_integer(columns.conversions[journey]);
    nulls.append_integer(columns.nulls[journey]);
    value.append_minor(has_values() ? std::optional{columns.values[journey]} : std::nullopt);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table Journeys::table(std::string_view separator) const {
  using namespace detail;
  TableBuilder builder{"journeys"};
  add_meta(builder, *this);
  auto& number = builder.integer("journey");
  auto& subject = subject_column(builder, columns_);
  auto& path_text = builder.text("path");
  auto& touches = builder.integer("touches");
  auto& first_at = builder.time("first_at");
  auto& last_at = builder.time("last_at");
  auto& converted_at = builder.time("converted_at");
  auto& conversions_column = builder.integer("conversions");
  auto& nulls_column = builder.integer("nulls");
  auto& value = builder.money("value", currency());
  ColumnBuilder* fact = columns_.of == JourneysOf::trail ? &builder.text("fact") : nullptr;
  std::vector<ColumnBuilder*> milestones;
  for (const std::string& name : columns_.milestones) milestones.push_back(&builder.time(name + "_at"));
  const auto append_time = [](ColumnBuilder& column, std::optional<std::int64_t> us) {
    column.append_time(us ? std::optional{from_us(*us)} : std::nullopt);
  };
  std::int64_t row = 0;
  std::string text;
  for_each_by_subject(columns_, [&](std::size_t journey, std::size_t of) {
    number.append_integer(row++);
    append_subject(subject, columns_, of);
    write_path(text, columns_, journey, separator);
    path_text.append_text(text);
    touches.append_integer(static_cast<std::int64_t>(touches_of(journey)));
    const auto times = times_us(journey);
    append_time(first_at, times.empty() ? std::nullopt : std::optional{times.front()});
    append_time(last_at, times.empty() ? std::nullopt : std::optional{times.back()});
    append_time(converted_at, converted_at_us(journey));
    conversions_column.append_integer(conversions(journey));
    nulls_column.append_integer(nulls(journey));
    value.append_minor(has_values() && conversions(journey) > 0 ? std::optional{value_minor(journey)} : std::nullopt);
    if (fact != nullptr)
      fact->append_text(columns_.facts[journey].empty() ? std::nullopt : std::optional{columns_.facts[journey]});
    for (std::size_t k = 0; k < milestones.size(); ++k) {
      const std::int64_t at = columns_.milestone_at[k][journey];
      append_time(*milestones[k], at == null_cell ? std::nullopt : std::optional{at});
    }
  });
  return builder.finish();
}

DEALTRAIL_INLINE Table Journeys::touches() const {
  using namespace detail;
  TableBuilder builder{"touches"};
  add_meta(builder, *this);
  auto& number = builder.integer("journey");
  auto& subject = subject_column(builder, columns_);
  auto& place = builder.integer("place");
  auto& channel = builder.text("channel");
  auto& at = builder.time("at");
  std::int64_t row = 0;
  for_each_by_subject(columns_, [&](std::size_t journey, std::size_t of) {
    const auto channels = path(journey);
    const auto times = times_us(journey);
    for (std::size_t i = 0; i < channels.size(); ++i) {
      number.append_integer(row);
      append_subject(subject, columns_, of);
      place.append_integer(static_cast<std::int64_t>(i) + 1);
      channel.append_text(columns_.channels[channels[i]]);
      at.append_time(times.empty() ? std::nullopt : std::optional{from_us(times[i])});
    }
    ++row;
  });
  return builder.finish();
}

DEALTRAIL_INLINE Table Journeys::problems() const {
  TableBuilder builder{"problems"};
  auto& code = builder.text("code");
  auto& severity = builder.text("severity");
  auto& column = builder.text("column");
  auto& count = builder.integer("count");
  auto& first_rows = builder.text("first_rows");
  auto& message = builder.text("message");
  auto& hint = builder.text("hint");
  for (const detail::JourneyProblem& note : columns_.problems) {
    code.append_text(note.code);
    severity.append_text(note.severity());
    column.append_text(note.column);
    count.append_integer(note.count);
    first_rows.append_text(detail::joined(note.first_rows));
    message.append_text(note.message);
    hint.append_text(note.hint);
  }
  return builder.finish();
}

}  // namespace dealtrail
