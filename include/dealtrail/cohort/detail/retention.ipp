#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cohort/detail/amount_column.hpp"
#include "dealtrail/cohort/detail/cohort_clock.hpp"
#include "dealtrail/cohort/retention.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/detail/subject_rows.hpp"

// Cohorts: rows by subject, then a visit per subject that adds to the cells of its cohort. Each worker has its own
// cells; they are added up at the end.

namespace dealtrail::cohort {

namespace detail {

using dealtrail::detail::SubjectInput;
using dealtrail::detail::SubjectRow;

inline constexpr std::int64_t no_moment = std::numeric_limits<std::int64_t>::max();
inline constexpr std::size_t most_cells = 20'000'000;

// What a row has beside its subject and time.
struct BarePayload {};
struct FullPayload {
  std::int64_t value = 0;
  std::int64_t margin = 0;
  std::int64_t birth = no_moment;
};

struct CellSums {
  std::int64_t active = 0;
  std::int64_t events = 0;
  Int128 value = 0;
  Int128 margin = 0;
};
struct CohortSums {
  std::int64_t size = 0;
  std::int64_t first_birth = no_moment;
  std::int64_t last_birth = std::numeric_limits<std::int64_t>::min();
  std::vector<CellSums> cells{};

  void merge(const CohortSums& other) {
    size += other.size;
    first_birth = std::min(first_birth, other.first_birth);
    last_birth = std::max(last_birth, other.last_birth);
    if (cells.size() < other.cells.size()) cells.resize(other.cells.size());
    for (std::size_t i = 0; i < other.cells.size(); ++i) {
      cells[i].active += other.cells[i].active;
      cells[i].events += other.cells[i].events;
      cells[i].value += other.cells[i].value;
      cells[i].margin += other.cells[i].margin;
    }
  }
};

// The cells of one worker.
struct RetentionSums {
  using GroupName = std::optional<std::string>;
  std::map<GroupName, std::size_t> codes{};
  std::vector<std::vector<CohortSums>> cohorts{};  // by group, then by ordinal from the least
  std::vector<std::int64_t> periods{};             // of one subject
  RowProblems problems{};
  std::int64_t before_birth = 0;
  std::int64_t after_brackets = 0;
  std::int64_t without_birth = 0;
};

class RetentionSearch {
 public:
  RetentionSearch(const TableInput& table, const RetentionOptions& options)
      : table_(table),
        options_(options),
        input_(table, options.subject, options.at, options.zone),
        amounts_(table, options.value, options.margin, options.currency, options.places),
        clock_(options.every, options.clock == RetentionClock::rolling, options.zone) {
    if (!options.birth.empty()) {
      birth_.emplace(
          SubjectInput::reader(table, options.birth, {ColumnType::time, ColumnType::local_time, ColumnType::date}));
    }
    if (!options.by.empty())
      by_.emplace(
          SubjectInput::reader(table, options.by, {ColumnType::text, ColumnType::integer, ColumnType::boolean}));
    if (options.kind != RetentionKind::bracket) return;
    std::int64_t begin = 1;
    bracket_begins_ = {0};
    for (const std::int64_t length : options.brackets) {
      if (length < 1 || length > 100'000) {
        throw Error(ErrorCode::invalid_argument,
                    "a bracket is 1 to 100 000 periods long, found " + std::to_string(length),
                    {"retention", "brackets", -1}, "use lengths such as 1, 3, 7");
      }
      bracket_begins_.push_back(begin);
      begin += length;
    }
    if (options.brackets.empty()) {
      throw Error(ErrorCode::invalid_argument, "brackets are empty", {"retention", "brackets", -1},
                  "use lengths such as 1, 3, 7");
    }
    bracket_begins_.push_back(begin);
  }

  [[nodiscard]] Retention found() {
    const bool full = birth_ || amounts_.value() || amounts_.margin();
    return full ? found_with<FullPayload>() : found_with<BarePayload>();
  }

 private:
  // Reads what rows have beside subject and time.
  template <class Payload>
  class BlockReader {
   public:
    BlockReader(const RetentionSearch& search, std::int64_t& latest, std::int64_t& earliest)
        : search_(search), latest_(latest), earliest_(earliest) {}

    void read(const dealtrail::detail::SubjectBlock& block, std::span<std::uint8_t> keep, RowProblems& problems) {
      if (const auto& end = search_.options_.end) {
        for (std::size_t i = 0; i < block.count; ++i) {
          if (keep[i] == 0 || block.at[i] < to_us(*end)) continue;
          keep[i] = 0;
          problems.note({"after_end",
                         "info",
                         search_.options_.at,
                         0,
                         {},
                         "rows at or after the end do not count",
                         "give a later end, or none"},
                        block.row + static_cast<std::int64_t>(i));
        }
      }
      for (std::size_t i = 0; i < block.count; ++i) {
        if (keep[i] == 0) continue;
        latest_ = std::max(latest_, block.at[i]);
        earliest_ = std::min(earliest_, block.at[i]);
      }
      if constexpr (std::is_same_v<Payload, FullPayload>) {
        if (const auto& value = search_.amounts_.value())
          read_amounts(*value, search_.amounts_.currency(), block, keep, values_, problems);
        if (const auto& margin = search_.amounts_.margin())
          read_amounts(*margin, search_.amounts_.currency(), block, keep, margins_, problems);
        if (search_.birth_) {
          std::array<std::uint8_t, dealtrail::detail::subject_block_rows> known;
          dealtrail::detail::read_utc(*search_.birth_, search_.options_.zone, block.piece, block.first,
                                      std::span{births_}.first(block.count), std::span{known}.first(block.count));
          for (std::size_t i = 0; i < block.count; ++i) {
            if (known[i] == 0)
              births_[i] = no_moment;
            else if (keep[i] != 0)
              earliest_ = std::min(earliest_, births_[i]);
          }
        }
      }
    }
    [[nodiscard]] Payload payload(std::size_t i) const noexcept {
      if constexpr (std::is_same_v<Payload, FullPayload>)
        return {values_[i], margins_[i], births_[i]};
      else
        return {};
    }

   private:
    const RetentionSearch& search_;
    std::int64_t& latest_;
    std::int64_t& earliest_;
    std::array<std::int64_t, dealtrail::detail::subject_block_rows> values_{};
    std::array<std::int64_t, dealtrail::detail::subject_block_rows> margins_{};
    std::array<std::int64_t, dealtrail::detail::subject_block_rows> births_{};
  };

  template <class Payload>
  [[nodiscard]] Retention found_with() {
    const std::size_t workers = std::max<std::size_t>(1, options_.threads);
    std::vector<std::int64_t> latest(workers, std::numeric_limits<std::int64_t>::min());
    std::vector<std::int64_t> earliest(workers, no_moment);
    const auto rows = dealtrail::detail::partition_rows<Payload>(input_, workers, [&](std::size_t worker) {
      return BlockReader<Payload>{*this, latest[worker], earliest[worker]};
    });
    const std::int64_t last = *std::max_element(latest.begin(), latest.end());
    const std::int64_t first = *std::min_element(earliest.begin(), earliest.end());
    Retention result;
    result.problems = rows.problems;
    if (last >= first) {
      end_ = options_.end ? to_us(*options_.end) : last + 1;
      least_ = clock_.ordinal(first);
      std::vector<RetentionSums> sums(workers);
      dealtrail::detail::for_each_subject(
          input_, rows, workers,
          [&](std::size_t worker, std::span<SubjectRow<Payload>> of) { add_subject<Payload>(sums[worker], of); });
      finish(result, sums);
    }
    describe(result, last >= first);
    return result;
  }

  template <class Payload>
  void add_subject(RetentionSums& sums, std::span<const SubjectRow<Payload>> rows) const {
    std::int64_t birth = no_moment;
    for (const auto& row : rows) {
      if constexpr (std::is_same_v<Payload, FullPayload>) {
        birth = std::min(birth, birth_ ? row.payload.birth : row.at);
      } else {
        birth = std::min(birth, row.at);
      }
    }
    if (birth == no_moment || birth >= end_) {
      sums.without_birth += 1;
      return;
    }
    const std::int32_t cohort_ordinal = clock_.ordinal(birth);
    CohortSums& cohort = cohort_of(sums, group_of(sums, rows), cohort_ordinal);
    ++cohort.size;
    cohort.first_birth = std::min(cohort.first_birth, birth);
    cohort.last_birth = std::max(cohort.last_birth, birth);
    sums.periods.clear();
    for (const auto& row : rows) {
      if (row.at < birth) {
        ++sums.before_birth;
        continue;
      }
      std::int64_t period = clock_.period(birth, cohort_ordinal, row.at);
      if (options_.kind == RetentionKind::bracket) {
        const auto after = std::upper_bound(bracket_begins_.begin(), bracket_begins_.end(), period);
        if (after == bracket_begins_.end()) {
          ++sums.after_brackets;
          continue;
        }
        period = after - bracket_begins_.begin() - 1;
      }
      if (period < 0) period = 0;  // a clock that was put back over midnight
      const auto index = static_cast<std::size_t>(period);
      if (index >= cohort.cells.size()) {
        if (index >= most_cells) refuse_size();
        cohort.cells.resize(index + 1);
      }
      CellSums& cell = cohort.cells[index];
      ++cell.events;
      if constexpr (std::is_same_v<Payload, FullPayload>) {
        cell.value += row.payload.value;
        cell.margin += row.payload.margin;
      }
      sums.periods.push_back(period);
    }
    mark_active(sums.periods, cohort);
  }

  // Counts the subject once in each of its periods; on_or_after: once in its last, summed up at the end.
  void mark_active(std::vector<std::int64_t>& periods, CohortSums& cohort) const {
    if (periods.empty()) return;
    if (options_.kind == RetentionKind::on_or_after) {
      ++cohort.cells[static_cast<std::size_t>(*std::max_element(periods.begin(), periods.end()))].active;
      return;
    }
    std::sort(periods.begin(), periods.end());
    std::int64_t before = -1;
    for (const std::int64_t period : periods) {
      if (period != before) ++cohort.cells[static_cast<std::size_t>(period)].active;
      before = period;
    }
  }

  // The group of a subject is that of its earliest row; of rows at one time the least name.
  template <class Payload>
  [[nodiscard]] std::size_t group_of(RetentionSums& sums, std::span<const SubjectRow<Payload>> rows) const {
    RetentionSums::GroupName name;
    if (by_) {
      const std::int64_t first =
          std::min_element(rows.begin(), rows.end(), [](const auto& l, const auto& r) { return l.at < r.at; })->at;
      for (const auto& row : rows) {
        if (row.at != first) continue;
        const Datum cell = by_->read(row.row);
        if (cell.is_null() || (cell.kind() == DatumKind::text && cell.as_text().empty())) continue;
        std::string text = to_text(cell);
        if (!name || text < *name) name = std::move(text);
      }
    }
    const auto [found, added] = sums.codes.try_emplace(std::move(name), sums.codes.size());
    if (added) sums.cohorts.emplace_back();
    return found->second;
  }

  [[nodiscard]] CohortSums& cohort_of(RetentionSums& sums, std::size_t group, std::int32_t ordinal) const {
    auto& cohorts = sums.cohorts[group];
    const auto index = static_cast<std::size_t>(std::int64_t{ordinal} - least_);
    if (index >= cohorts.size()) {
      if (index >= most_cells) refuse_size();
      cohorts.resize(index + 1);
    }
    return cohorts[index];
  }

  [[noreturn]] static void refuse_size() {
    throw Error(ErrorCode::limit_exceeded, "more than 20 000 000 cells of cohorts and periods",
                {"retention", "every", -1}, "use longer periods, or drop rows whose time is wrong");
  }

  void finish(Retention& result, std::vector<RetentionSums>& workers) const {
    std::map<RetentionSums::GroupName, std::vector<CohortSums>> groups;
    for (RetentionSums& one : workers) {
      result.problems.merge(one.problems);
      for (const auto& [name, code] : one.codes) {
        auto& to = groups[name];
        auto& from = one.cohorts[code];
        if (to.size() < from.size()) to.resize(from.size());
        for (std::size_t i = 0; i < from.size(); ++i) to[i].merge(from[i]);
      }
    }
    note_counts(result, workers);
    // A group without a value is the least of the map; it comes last.
    std::vector<std::pair<RetentionSums::GroupName, std::vector<CohortSums>>> ordered;
    for (auto& [name, cohorts] : groups)
      if (name) ordered.emplace_back(name, std::move(cohorts));
    if (const auto nameless = groups.find(std::nullopt); nameless != groups.end())
      ordered.emplace_back(std::nullopt, std::move(nameless->second));
    for (auto& [name, cohorts] : ordered) {
      for (std::size_t i = 0; i < cohorts.size(); ++i)
        if (cohorts[i].size > 0)
          add_cells(result, static_cast<std::int32_t>(least_ + static_cast<std::int64_t>(i)), cohorts[i]);
      result.groups.push_back(name);
    }
  }

  void note_counts(Retention& result, const std::vector<RetentionSums>& workers) const {
    RetentionSums all;
    for (const RetentionSums& one : workers) {
      all.before_birth += one.before_birth;
      all.after_brackets += one.after_brackets;
      all.without_birth += one.without_birth;
    }
    result.problems.note_count({"no_birth",
                                "info",
                                options_.birth,
                                0,
                                {},
                                "subjects that are not born before the end are in no cohort",
                                "see the column of births"},
                               all.without_birth);
    result.problems.note_count({"before_birth",
                                "info",
                                options_.at,
                                0,
                                {},
                                "rows before the birth of their subject do not count",
                                "take the first row as the birth, or an earlier milestone"},
                               all.before_birth);
    result.problems.note_count(
        {"after_brackets", "info", options_.at, 0, {}, "rows after the last bracket do not count", "add a bracket"},
        all.after_brackets);
  }

  void add_cells(Retention& result, std::int32_t ordinal, CohortSums& cohort) const {
    const bool brackets = options_.kind == RetentionKind::bracket;
    if (options_.kind == RetentionKind::on_or_after) {
      for (std::size_t i = cohort.cells.size(); i-- > 1;) cohort.cells[i - 1].active += cohort.cells[i].active;
    }
    Int128 value = 0;
    Int128 margin = 0;
    const std::size_t most = brackets ? options_.brackets.size() + 1 : most_cells;
    for (std::size_t i = 0; i < most; ++i) {
      const std::int64_t begin = brackets ? bracket_begins_[i] : static_cast<std::int64_t>(i);
      const std::int64_t last = brackets ? bracket_begins_[i + 1] - 1 : begin;
      if (!clock_.begun(cohort.first_birth, ordinal, begin, end_)) break;
      if (result.cells.size() >= most_cells) refuse_size();
      const CellSums sums = i < cohort.cells.size() ? cohort.cells[i] : CellSums{};
      value += sums.value;
      margin += sums.margin;
      result.cells.push_back({.group = result.groups.size(),
                              .cohort = {options_.every, ordinal},
                              .size = cohort.size,
                              .period = begin,
                              .active = sums.active,
                              .events = sums.events,
                              .value_minor = fitting(sums.value),
                              .cumulative_minor = fitting(value),
                              .margin_minor = fitting(sums.margin),
                              .cumulative_margin_minor = fitting(margin),
                              .complete = clock_.over(cohort.last_birth, ordinal, last, end_)});
    }
  }

  [[nodiscard]] static std::int64_t fitting(Int128 sum) {
    if (sum > std::numeric_limits<std::int64_t>::max() || sum < std::numeric_limits<std::int64_t>::min())
      throw Error(ErrorCode::overflow, "a sum of amounts is beyond 64 bits", {"retention", "value", -1});
    return static_cast<std::int64_t>(sum);
  }

  void describe(Retention& result, bool any) const {
    result.by = options_.by;
    result.has_value = amounts_.value().has_value();
    result.has_margin = amounts_.margin().has_value();
    result.currency = amounts_.currency();
    std::string brackets;
    for (const std::int64_t length : options_.brackets)
      brackets += (brackets.empty() ? "" : ", ") + std::to_string(length);
    result.meta = {{"every", std::string{to_string(options_.every)}},
                   {"kind", std::string{dealtrail::detail::enum_name(retention_kind_names, options_.kind)}},
                   {"clock", std::string{dealtrail::detail::enum_name(retention_clock_names, options_.clock)}},
                   {"birth", options_.birth.empty() ? "first row" : options_.birth},
                   {"end", any ? to_text(Datum::time(end_)) : "none"},
                   {"zone", options_.zone.name()},
                   {"rows", std::to_string(table_.rows())},
                   {"left_out", std::to_string(result.problems.left_out())}};
    if (options_.kind == RetentionKind::bracket) result.meta.emplace_back("brackets", brackets);
  }

  const TableInput& table_;
  const RetentionOptions& options_;
  SubjectInput input_;
  AmountColumns amounts_;
  CohortClock clock_;
  std::optional<ColumnReader> birth_{};
  std::optional<ColumnReader> by_{};
  std::vector<std::int64_t> bracket_begins_{};
  std::int64_t end_ = 0;
  std::int64_t least_ = 0;
};

}  // namespace detail

DEALTRAIL_INLINE Retention retention(const TableInput& table, const RetentionOptions& options) {
  return detail::RetentionSearch{table, options}.found();
}

}  // namespace dealtrail::cohort
