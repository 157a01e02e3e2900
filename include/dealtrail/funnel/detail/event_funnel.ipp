#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/facts/number_cells.hpp"
#include "dealtrail/funnel/detail/event_attempts.hpp"
#include "dealtrail/funnel/event_funnel.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/detail/subject_rows.hpp"

// Events by subject, an attempt per subject.

namespace dealtrail {

namespace detail {

inline constexpr std::size_t most_event_exclusions = 8;

// What an event is: bits of steps, and above them bits of exclusions.
struct EventPayload {
  std::uint32_t what = 0;
};
inline constexpr std::uint32_t step_bits = (1U << most_event_steps) - 1;

inline void check_event_funnel(const EventFunnelOptions& options) {
  const auto refuse = [](const char* option, const std::string& why, const std::string& hint = {}) {
    throw Error(ErrorCode::invalid_argument, why, {"event_funnel", option, -1}, hint);
  };
  const auto& steps = options.steps;
  if (steps.empty() || steps.size() > most_event_steps)
    refuse("steps", "a funnel has 1 to 24 steps, found " + std::to_string(steps.size()));
  for (const EventStep& step : steps)
    if (step.any.empty()) refuse("steps", "a step names no event: \"" + step.name + '"', "name one event or more");
  const bool ordered = options.order == EventOrder::ordered;
  const bool skips = std::any_of(steps.begin(), steps.end(), [](const EventStep& step) { return step.optional; });
  if (steps.front().optional) refuse("steps", "the first step is optional", "begin with a step that is needed");
  if (skips && !ordered) refuse("steps", "only ordered funnels have optional steps", "use order=\"ordered\"");
  if (options.window_us && *options.window_us <= 0)
    refuse("window", "a window is above 0, found " + std::to_string(*options.window_us) + " microseconds",
           "leave it out for any time");
  if (options.grace_us < 0 || (options.grace_us > 0 && !ordered))
    refuse("grace", "grace is 0 or more, and of ordered funnels alone", "use 0");
  if (options.grace_us > 0) {
    if (skips) refuse("grace", "a funnel with optional steps has no grace", "use 0");
    for (std::size_t i = 0; i < steps.size(); ++i) {
      for (std::size_t j = 0; j < i; ++j) {
        std::set<std::string> one{steps[i].any.begin(), steps[i].any.end()};
        const std::set<std::string> other{steps[j].any.begin(), steps[j].any.end()};
        if (one == other && steps[i].where == steps[j].where) continue;
        for (const std::string& event : other) {
          if (one.count(event) != 0)
            refuse("grace", "with grace, two steps have the same events or none in common: " + event,
                   "use grace 0, or events of one step each");
        }
      }
    }
  }
  if (!options.exclude.empty() && !ordered)
    refuse("exclude", "only ordered funnels have exclusions", "use order=\"ordered\"");
  if (options.exclude.size() > most_event_exclusions) refuse("exclude", "more than 8 exclusions");
  for (const EventExclusion& one : options.exclude) {
    if (one.any.empty() || one.from < 1 || one.from >= one.to || one.to > steps.size())
      refuse("exclude", "an exclusion names events and two steps, the first before the second");
  }
  if (options.by_step > steps.size())
    refuse("by_step",
           "the group is of step 1 to " + std::to_string(steps.size()) + ", found " + std::to_string(options.by_step));
}

class EventFunnelSearch {
 public:
  EventFunnelSearch(const TableInput& table, const EventFunnelOptions& options)
      : table_(table),
        options_(options),
        input_(table, options.subject, options.at, options.zone),
        event_(SubjectInput::reader(table, options.event, {ColumnType::text, ColumnType::integer})) {
    if (!options.by.empty())
      by_.emplace(
          SubjectInput::reader(table, options.by, {ColumnType::text, ColumnType::integer, ColumnType::boolean}));
    const auto add = [&](const std::vector<std::string>& names, std::uint32_t bit) {
      for (const std::string& name : names) what_of_[name] |= bit;
    };
    for (std::size_t i = 0; i < options.steps.size(); ++i) {
      add(options.steps[i].any, 1U << i);
      options.steps[i].where.for_each_field([&](std::string_view field) {
        if (fields_.count(std::string{field}) == 0) fields_.emplace(std::string{field}, ColumnReader{table, field});
      });
      if (!options.steps[i].where.always()) conditional_ |= 1U << i;
    }
    for (std::size_t i = 0; i < options.exclude.size(); ++i) add(options.exclude[i].any, 1U << (most_event_steps + i));
    if (event_.info().type == ColumnType::integer) {
      for (const auto& [name, what] : what_of_)
        if (const auto number = parse_integer(name)) what_of_number_[*number] = what;
    }
  }

  [[nodiscard]] EventFunnel found() {
    const std::size_t workers = std::max<std::size_t>(1, options_.threads);
    std::vector<std::uint32_t> seen(workers, 0);
    const auto rows = partition_rows<EventPayload>(
        input_, workers, [&](std::size_t worker) { return BlockReader{*this, seen[worker]}; });
    std::vector<Worker> parts(workers, Worker{AttemptSearch{options_}});
    for_each_subject(input_, rows, workers, [&](std::size_t worker, std::span<SubjectRow<EventPayload>> of) {
      add_subject(parts[worker], of);
    });
    EventFunnel result;
    result.options = options_;
    result.problems = rows.problems;
    join(result, parts);
    std::uint32_t all = 0;
    for (const std::uint32_t one : seen) all |= one;
    note_missing_steps(result, all);
    describe(result);
    return result;
  }

 private:
  class BlockReader {
   public:
    BlockReader(const EventFunnelSearch& search, std::uint32_t& seen) : search_(search), seen_(seen) {}

    void read(const SubjectBlock& block, std::span<std::uint8_t> keep, RowProblems& problems) {
      const ColumnReader& event = search_.event_;
      std::array<std::uint8_t, subject_block_rows> known;
      known.fill(1);
      if (event.info().type == ColumnType::integer) {
        std::array<std::int64_t, subject_block_rows> numbers;
        event.read_integers(block.piece, block.first, std::span{numbers}.first(block.count),
                            std::span{known}.first(block.count));
        for (std::size_t i = 0; i < block.count; ++i) {
          const auto found = known[i] == 0 ? search_.what_of_number_.end() : search_.what_of_number_.find(numbers[i]);
          what_[i] = found == search_.what_of_number_.end() ? 0 : found->second;
        }
      } else if (event.is_dictionary()) {
        read_codes(block, known);
      } else {
        std::array<std::string_view, subject_block_rows> texts;
        event.read_texts(block.piece, block.first, std::span{texts}.first(block.count));
        for (std::size_t i = 0; i < block.count; ++i) {
          known[i] = texts[i].empty() ? 0 : 1;
          what_[i] = search_.what_of(texts[i]);
        }
      }
      for (std::size_t i = 0; i < block.count; ++i) {
        if (keep[i] == 0) continue;
        const std::int64_t row = block.row + static_cast<std::int64_t>(i);
        if (known[i] == 0) {
          keep[i] = 0;
          problems.note({"no_event",
                         "error",
                         search_.options_.event,
                         0,
                         {},
                         "rows without an event are left out",
                         "fill it, or drop the rows"},
                        row);
          continue;
        }
        if ((what_[i] & search_.conditional_) != 0) what_[i] = search_.that_hold(what_[i], row);
        seen_ |= what_[i];
      }
    }
    [[nodiscard]] EventPayload payload(std::size_t i) const noexcept { return {what_[i]}; }

   private:
    void read_codes(const SubjectBlock& block, std::span<std::uint8_t> known) {
      if (block.piece != piece_ || what_of_code_.empty()) {
        piece_ = block.piece;
        what_of_code_.clear();
        for (const std::string_view text : search_.event_.dictionary_texts(block.piece)) {
          what_of_code_.push_back(search_.what_of(text));
          empty_code_.push_back(text.empty() ? 1 : 0);
        }
      }
      std::array<std::int64_t, subject_block_rows> codes;
      search_.event_.read_codes(block.piece, block.first, std::span{codes}.first(block.count));
      for (std::size_t i = 0; i < block.count; ++i) {
        const auto code = static_cast<std::size_t>(codes[i]);
        known[i] = codes[i] < 0 || empty_code_[code] != 0 ? 0 : 1;
        what_[i] = known[i] == 0 ? 0 : what_of_code_[code];
      }
    }

    const EventFunnelSearch& search_;
    std::uint32_t& seen_;
    std::array<std::uint32_t, subject_block_rows> what_{};
    std::size_t piece_ = 0;
    std::vector<std::uint32_t> what_of_code_{};
    std::vector<std::uint8_t> empty_code_{};
  };

  struct Worker {
    explicit Worker(AttemptSearch search) : attempts(std::move(search)) {}
    AttemptSearch attempts;
    std::vector<StepEvent> events{};
    std::vector<EventPath> paths{};
    std::map<std::optional<std::string>, std::uint32_t> groups{};
    std::int64_t subjects = 0;
    std::int64_t excluded = 0;
  };

  [[nodiscard]] std::uint32_t what_of(std::string_view name) const {
    const auto found = what_of_.find(name);
    return found == what_of_.end() ? 0 : found->second;
  }
  [[nodiscard]] std::uint32_t that_hold(std::uint32_t what, std::int64_t row) const {
    const auto value_of = [&](std::string_view field) { return fields_.find(field)->second.read(row); };
    for (std::uint32_t left = what & conditional_; left != 0; left &= left - 1) {
      const auto step = static_cast<std::size_t>(std::countr_zero(left));
      if (!options_.steps[step].where.holds(value_of)) what &= ~(1U << step);
    }
    return what;
  }

  void add_subject(Worker& worker, std::span<const SubjectRow<EventPayload>> rows) const {
    ++worker.subjects;
    worker.events.clear();
    for (const auto& row : rows) {
      const std::uint32_t steps = row.payload.what & step_bits;
      if (steps != 0 || options_.order == EventOrder::strict) worker.events.push_back({row.at, steps, row.row});
    }
    if (worker.events.empty()) return;
    const Attempt attempt = worker.attempts.found(worker.events);
    if (attempt.steps == 0) return;
    if (is_excluded(attempt, rows)) {
      ++worker.excluded;
      return;
    }
    EventPath path{.row = rows.front().row, .steps = attempt.steps};
    std::int64_t last = never;
    for (std::size_t step = 0; step < options_.steps.size(); ++step) {
      if ((attempt.steps >> step & 1U) == 0) continue;
      path.times.push_back(attempt.at[step]);
      last = std::max(last, attempt.at[step]);
    }
    if ((attempt.steps >> (options_.steps.size() - 1) & 1U) == 0) path.next = next_row(rows, last);
    path.group = group_of(worker, rows, attempt);
    worker.paths.push_back(std::move(path));
  }

  [[nodiscard]] bool is_excluded(const Attempt& attempt, std::span<const SubjectRow<EventPayload>> rows) const {
    for (std::size_t i = 0; i < options_.exclude.size(); ++i) {
      const EventExclusion& one = options_.exclude[i];
      if ((attempt.steps >> (one.from - 1) & 1U) == 0) continue;
      std::int64_t end = std::numeric_limits<std::int64_t>::max();  // not included
      if (options_.window_us && !__builtin_add_overflow(attempt.at[0], *options_.window_us, &end)) ++end;
      if ((attempt.steps >> (one.to - 1) & 1U) != 0) end = attempt.at[one.to - 1];
      const std::uint32_t bit = 1U << (most_event_steps + i);
      for (const auto& row : rows)
        if ((row.payload.what & bit) != 0 && row.at > attempt.at[one.from - 1] && row.at < end) return true;
    }
    return false;
  }

  // The first row after a time; of equal times the least name of an event.
  [[nodiscard]] std::optional<std::uint32_t> next_row(std::span<const SubjectRow<EventPayload>> rows,
                                                      std::int64_t after) const {
    const SubjectRow<EventPayload>* best = nullptr;
    for (const auto& row : rows) {
      if (row.at <= after || (best != nullptr && row.at > best->at)) continue;
      if (best == nullptr || row.at < best->at || to_text(event_.read(row.row)) < to_text(event_.read(best->row)))
        best = &row;
    }
    return best == nullptr ? std::nullopt : std::optional{best->row};
  }

  // The least value of the events that can be the step that gives the group.
  [[nodiscard]] std::uint32_t group_of(Worker& worker, std::span<const SubjectRow<EventPayload>> rows,
                                       const Attempt& attempt) const {
    std::optional<std::string> name;
    if (by_) {
      const std::size_t step =
          options_.by_step > 0 ? options_.by_step - 1 : static_cast<std::size_t>(std::bit_width(attempt.steps)) - 1;
      const std::uint32_t bits = options_.order == EventOrder::any ? step_bits : 1U << step;
      for (const auto& row : rows) {
        if ((attempt.steps >> step & 1U) == 0 || row.at != attempt.at[step] || (row.payload.what & bits) == 0) continue;
        const Datum cell = by_->read(row.row);
        if (is_blank(cell)) continue;
        std::string text = to_text(cell);
        if (!name || text < *name) name = std::move(text);
      }
    }
    return worker.groups.try_emplace(std::move(name), static_cast<std::uint32_t>(worker.groups.size())).first->second;
  }

  static void join(EventFunnel& result, std::vector<Worker>& workers) {
    std::map<std::optional<std::string>, std::uint32_t> groups;
    for (const Worker& worker : workers)
      for (const auto& [name, code] : worker.groups) groups.try_emplace(name, 0U);
    for (auto& [name, code] : groups) {
      if (!name) continue;
      code = static_cast<std::uint32_t>(result.groups.size());
      result.groups.push_back(name);
    }
    if (const auto nameless = groups.find(std::nullopt); nameless != groups.end()) {
      nameless->second = static_cast<std::uint32_t>(result.groups.size());
      result.groups.emplace_back(std::nullopt);
    }
    for (Worker& worker : workers) {
      result.subjects += worker.subjects;
      result.excluded += worker.excluded;
      std::vector<std::uint32_t> codes(worker.groups.size());
      for (const auto& [name, code] : worker.groups) codes[code] = groups.at(name);
      for (EventPath& path : worker.paths) {
        path.group = codes[path.group];
        result.paths.push_back(std::move(path));
      }
    }
    std::sort(result.paths.begin(), result.paths.end(),
              [](const EventPath& l, const EventPath& r) { return l.row < r.row; });
  }

  void note_missing_steps(EventFunnel& result, std::uint32_t seen) const {
    RowProblem problem{"step_never_occurs", "warning", options_.event, 0, {}, "steps that never occur:", ""};
    std::int64_t missing = 0;
    for (std::size_t step = 0; step < options_.steps.size(); ++step) {
      if ((seen >> step & 1U) != 0) continue;
      const std::string& wanted = options_.steps[step].any.front();
      problem.message += (missing++ == 0 ? " " : ", ") + wanted;
      if (!problem.hint.empty()) continue;
      std::set<std::string> names;
      for (std::int64_t row = 0; row < table_.rows() && names.size() < 1000; ++row) {
        const Datum cell = event_.read(row);
        if (!is_blank(cell)) names.insert(to_text(cell));
      }
      const std::string_view close = closest_name(wanted, {names.begin(), names.end()});
      if (!close.empty() && close != wanted) problem.hint = "did you mean \"" + std::string{close} + "\"?";
    }
    if (problem.hint.empty()) problem.hint = "see the names of events and the conditions of steps";
    result.problems.note_count(problem, missing);
  }

  void describe(EventFunnel& result) const {
    const auto days = [](std::int64_t us) { return to_text(Datum::real(static_cast<double>(us) / us_per_day)); };
    result.meta = {{"order", std::string{enum_name(event_order_names, options_.order)}},
                   {"entry", std::string{enum_name(funnel_entry_names, options_.entry)}},
                   {"window_days", options_.window_us ? days(*options_.window_us) : "none"},
                   {"grace_seconds", std::to_string(options_.grace_us / us_per_second)},
                   {"subjects", std::to_string(result.subjects)},
                   {"excluded", std::to_string(result.excluded)},
                   {"rows", std::to_string(table_.rows())},
                   {"left_out", std::to_string(result.problems.left_out())}};
    if (by_) result.meta.emplace_back("by_step", options_.by_step == 0 ? "last" : std::to_string(options_.by_step));
  }

  const TableInput& table_;
  const EventFunnelOptions& options_;
  SubjectInput input_;
  ColumnReader event_;
  std::optional<ColumnReader> by_{};
  std::map<std::string, std::uint32_t, std::less<>> what_of_{};
  std::unordered_map<std::int64_t, std::uint32_t> what_of_number_{};
  std::map<std::string, ColumnReader, std::less<>> fields_{};
  std::uint32_t conditional_ = 0;
};

}  // namespace detail

DEALTRAIL_INLINE EventFunnel event_funnel(const TableInput& table, const EventFunnelOptions& options) {
  detail::check_event_funnel(options);
  return detail::EventFunnelSearch{table, options}.found();
}

}  // namespace dealtrail
