#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/funnel/detail/quantile.hpp"
#include "dealtrail/funnel/event_funnel.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail {

namespace detail {

// When a step was reached, if it was.
[[nodiscard]] inline std::optional<std::int64_t> time_of_step(const EventPath& path, std::size_t step) {
  if ((path.steps >> step & 1U) == 0) return std::nullopt;
  return path.times[static_cast<std::size_t>(std::popcount(path.steps & ((1U << step) - 1)))];
}
// The step before that may not be skipped.
[[nodiscard]] inline std::size_t step_before(const EventFunnelOptions& options, std::size_t step) {
  while (step-- > 1)
    if (!options.steps[step].optional) return step;
  return 0;
}
inline void check_step(const EventFunnel& funnel, std::size_t step, std::size_t first) {
  if (step >= first && step <= funnel.options.steps.size()) return;
  throw Error(ErrorCode::invalid_argument,
              "steps are " + std::to_string(first) + " to " + std::to_string(funnel.options.steps.size()) + ", found " +
                  std::to_string(step),
              {"event_funnel", "step", -1});
}

// The rows that a list shows: who, when they entered, and a time of their own.
template <class TimeOf>
[[nodiscard]] Table list_of_subjects(const EventFunnel& funnel, const TableInput& table, const std::string& name,
                                     const TimeOf& time_of) {
  const ColumnReader subjects{table, funnel.options.subject};
  TableBuilder builder{name};
  ColumnBuilder* group = funnel.options.by.empty() ? nullptr : &builder.text(funnel.options.by);
  const bool numbers = subjects.info().type == ColumnType::integer;
  ColumnBuilder& subject = numbers ? builder.integer("subject") : builder.text("subject");
  ColumnBuilder& entered = builder.time("entered_at");
  ColumnBuilder& at = builder.time("at");
  for (const EventPath& path : funnel.paths) {
    const std::optional<std::int64_t> time = time_of(path);
    if (!time) continue;
    if (group != nullptr) group->append_text(funnel.groups[path.group]);
    subject.append(subjects.read(path.row));
    entered.append_time(from_us(path.times.front()));
    at.append_time(from_us(*time));
  }
  for (const auto& [key, text] : funnel.meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace detail

DEALTRAIL_INLINE Table EventFunnel::table() const {
  const std::size_t size = options.steps.size();
  TableBuilder builder{"event_funnel"};
  ColumnBuilder* group = options.by.empty() ? nullptr : &builder.text(options.by);
  ColumnBuilder& step = builder.integer("step");
  ColumnBuilder& name = builder.text("name");
  ColumnBuilder& count = builder.integer("count");
  ColumnBuilder& rate_first = builder.real("rate_first", "ratio");
  ColumnBuilder& rate_previous = builder.real("rate_previous", "ratio");
  ColumnBuilder& dropped_count = builder.integer("dropped");
  ColumnBuilder& median = builder.real("median_days", "day");
  ColumnBuilder& mean = builder.real("mean_days", "day");
  ColumnBuilder& p90 = builder.real("p90_days", "day");
  const std::size_t all = options.by.empty() ? 1 : groups.size();
  std::vector<std::vector<std::int64_t>> counts(all, std::vector<std::int64_t>(size, 0));
  std::vector<std::vector<std::vector<std::int64_t>>> spans(all, std::vector<std::vector<std::int64_t>>(size));
  for (const EventPath& path : paths) {
    for (std::size_t k = 0; k < size; ++k) {
      const auto at = detail::time_of_step(path, k);
      if (!at) continue;
      ++counts[path.group][k];
      if (k > 0) spans[path.group][k].push_back(*at - *detail::time_of_step(path, detail::step_before(options, k)));
    }
  }
  const auto ratio = [](std::int64_t part, std::int64_t whole) {
    return whole == 0 ? std::nullopt : std::optional{static_cast<double>(part) / static_cast<double>(whole)};
  };
  const auto days = [](std::optional<double> us) { return us ? std::optional{*us / us_per_day} : std::nullopt; };
  for (std::size_t g = 0; g < all; ++g) {
    for (std::size_t k = 0; k < size; ++k) {
      if (group != nullptr) group->append_text(groups[g]);
      step.append_integer(static_cast<std::int64_t>(k) + 1);
      name.append_text(options.order == EventOrder::any ? std::to_string(k + 1) + " of " + std::to_string(size)
                                                        : options.steps[k].name);
      count.append_integer(counts[g][k]);
      rate_first.append_real(ratio(counts[g][k], counts[g][0]));
      std::vector<std::int64_t>& times = spans[g][k];
      std::sort(times.begin(), times.end());
      double sum = 0;
      for (const std::int64_t time : times) sum += static_cast<double>(time);
      const std::int64_t before = k == 0 ? 0 : counts[g][detail::step_before(options, k)];
      rate_previous.append_real(k == 0 ? std::nullopt : ratio(counts[g][k], before));
      dropped_count.append_integer(k == 0 || options.steps[k].optional ? std::nullopt
                                                                       : std::optional{before - counts[g][k]});
      median.append_real(days(detail::quantile_of(times, 0.5)));
      mean.append_real(times.empty() ? std::nullopt : days(sum / static_cast<double>(times.size())));
      p90.append_real(days(detail::quantile_of(times, 0.9)));
    }
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

DEALTRAIL_INLINE Table EventFunnel::subjects_of(const TableInput& table, std::size_t step) const {
  detail::check_step(*this, step, 1);
  return detail::list_of_subjects(*this, table, "subjects",
                                  [&](const EventPath& path) { return detail::time_of_step(path, step - 1); });
}

DEALTRAIL_INLINE Table EventFunnel::dropped(const TableInput& table, std::size_t step) const {
  detail::check_step(*this, step, 2);
  const std::size_t before = detail::step_before(options, step - 1);
  return detail::list_of_subjects(*this, table, "dropped", [&](const EventPath& path) {
    return (path.steps >> (step - 1) & 1U) != 0 ? std::nullopt : detail::time_of_step(path, before);
  });
}

DEALTRAIL_INLINE Table EventFunnel::next(const TableInput& table, std::size_t step) const {
  detail::check_step(*this, step, 2);
  const ColumnReader events{table, options.event};
  const std::size_t before = detail::step_before(options, step - 1);
  const std::uint32_t later = ~((1U << (step - 1)) - 1);
  std::map<std::optional<std::string>, std::int64_t> counts;
  for (const EventPath& path : paths) {
    if ((path.steps & later) != 0 || (path.steps >> before & 1U) == 0) continue;
    ++counts[path.next ? std::optional{to_text(events.read(*path.next))} : std::nullopt];
  }
  std::vector<std::pair<std::optional<std::string>, std::int64_t>> rows(counts.begin(), counts.end());
  std::stable_sort(rows.begin(), rows.end(), [](const auto& l, const auto& r) { return l.second > r.second; });
  TableBuilder builder{"next"};
  ColumnBuilder& event = builder.text("event");
  ColumnBuilder& count = builder.integer("count");
  for (const auto& [name, number] : rows) {
    event.append_text(name);
    count.append_integer(number);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail
