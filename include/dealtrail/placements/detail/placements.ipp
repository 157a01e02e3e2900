#pragma once

#include <algorithm>
#include <array>
#include <tuple>
#include <utility>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/placements/detail/placement_cells.hpp"
#include "dealtrail/placements/detail/placement_problems.hpp"
#include "dealtrail/placements/placements.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail {

namespace detail::placement {

[[nodiscard]] inline auto content_of(const Placement& row) {
  return std::tie(row.at, row.spend_minor, row.count, row.trials, row.exposure, row.state, row.open);
}

// What is wrong with numbers that a program or a table gave; null when nothing is.
[[nodiscard]] inline const char* wrong_number(const Placement& row) noexcept {
  if (row.count < 0) return "bad_count";
  if (row.spend_minor && *row.spend_minor < 0) return "negative_spend";
  if (row.trials && *row.trials < row.count) return "bad_trials";
  if (row.exposure && !(*row.exposure > 0)) return "bad_exposure";
  return nullptr;
}

[[nodiscard]] inline PlacementProblem kind_of(std::string_view code, const PlacementOptions& columns) {
  if (code == "bad_count")
    return problem("bad_count", "error", columns.count, "rows whose count is not a whole number from 0 are left out",
                   "give the number of results; 0 if there were none");
  if (code == "negative_spend")
    return problem("negative_spend", "error", columns.spend, "rows with a negative spend are left out",
                   "subtract a refund from the placement it belongs to");
  if (code == "bad_trials")
    return problem("bad_trials", "error", columns.trials,
                   "rows whose trials are not a whole number, at least the count, are left out",
                   "give how many could have become a result");
  return problem("bad_exposure", "error", columns.exposure, "rows whose exposure is not a number above 0 are left out",
                 "leave it empty where it is not known");
}

// Reads the rows of a table.
class PlacementReader {
 public:
  PlacementReader(const TableInput& table, const PlacementOptions& options) : table_(table), options_(options) {
    open(options.channel, {ColumnType::text, ColumnType::integer}, true, channel_);
    open(options.count,
         {ColumnType::integer, ColumnType::real, ColumnType::decimal, ColumnType::text, ColumnType::boolean}, true,
         count_);
    open(options.placement, {ColumnType::text, ColumnType::integer}, false, id_);
    open(options.at, {ColumnType::time, ColumnType::local_time, ColumnType::date}, false, at_);
    open(options.spend, {ColumnType::decimal, ColumnType::integer, ColumnType::real, ColumnType::text}, false, spend_);
    open(options.trials, {ColumnType::integer, ColumnType::real, ColumnType::decimal}, false, trials_);
    open(options.exposure, {ColumnType::integer, ColumnType::real, ColumnType::decimal}, false, exposure_);
    open(options.state, {ColumnType::text}, false, state_);
    open(options.open, {ColumnType::boolean, ColumnType::integer, ColumnType::text}, false, open_);
  }

  [[nodiscard]] std::vector<Placement> read(ProblemList& problems) const {
    std::vector<Placement> rows;
    for (std::int64_t row = 0; row < table_.rows(); ++row) {
      Placement one;
      if (fill(one, row, problems)) rows.push_back(std::move(one));
    }
    return rows;
  }

 private:
  using Reader = std::optional<ColumnReader>;

  void open(const std::string& name, std::initializer_list<ColumnType> types, bool needed, Reader& reader) const {
    if (name.empty()) {
      if (!needed) return;
      throw Error(ErrorCode::invalid_argument, "a table of placements needs the columns of channel and count",
                  {table_.schema().table(), {}, -1}, "name them");
    }
    const RequiredColumn wanted{name, types};
    table_.schema().require(std::span{&wanted, 1});
    reader.emplace(table_, name);
  }
  [[nodiscard]] static Datum cell(const Reader& reader, std::int64_t row) {
    return reader ? reader->read(row) : Datum::null();
  }

  bool fill(Placement& one, std::int64_t row, ProblemList& problems) const {
    const std::string place = "row " + std::to_string(row + table_.first_row());
    const Datum id = cell(id_, row);
    one.id = is_missing(id) ? place : to_text(id);
    const auto refuse = [&](const PlacementProblem& kind, const Datum& value) {
      problems.add(kind, one.id == place ? place : one.id + " (" + place + ")", value.is_null() ? "" : to_text(value));
      return false;
    };
    const Datum channel = cell(channel_, row);
    if (is_missing(channel)) {
      return refuse(problem("no_channel", "error", options_.channel, "rows without a channel are left out",
                            "name what is not known, or drop the rows"),
                    channel);
    }
    one.channel = to_text(channel);
    const Datum count = cell(count_, row);
    const auto counted = is_missing(count) ? std::nullopt : units_of(count, 0, {});
    if (!counted || *counted < 0) return refuse(kind_of("bad_count", options_), count);
    one.count = *counted;
    const Datum spend = cell(spend_, row);
    if (!is_missing(spend)) {
      one.spend_minor = units_of(spend, decimals(options_.currency), options_.currency);
      if (!one.spend_minor) {
        return refuse(problem("inexact_money", "error", options_.spend,
                              "rows whose spend is no whole number of minor units are left out",
                              "round it in the source, or name its currency"),
                      spend);
      }
      if (*one.spend_minor < 0) return refuse(kind_of("negative_spend", options_), spend);
    } else if (spend_) {
      refuse(problem("no_spend", "warning", options_.spend,
                     "placements whose spend is not known are counted, but say nothing about cost",
                     "give 0 for a free placement, the amount for another"),
             Datum::text(one.channel));
    }
    const Datum trials = cell(trials_, row);
    if (trials_) {
      one.trials = is_missing(trials) ? std::nullopt : units_of(trials, 0, {});
      if (!one.trials || *one.trials < one.count) return refuse(kind_of("bad_trials", options_), trials);
    }
    const Datum exposure = cell(exposure_, row);
    if (!is_missing(exposure)) {
      one.exposure = real_of(exposure);
      if (!one.exposure || !(*one.exposure > 0)) return refuse(kind_of("bad_exposure", options_), exposure);
    }
    const Datum at = cell(at_, row);
    if (!is_missing(at)) one.at = from_us(at.kind() == DatumKind::time ? at.as_time_us() : at.as_local_time_us());
    const Datum state = cell(state_, row);
    if (!is_missing(state)) {
      const std::string_view word = trimmed(state.as_text());
      if (word == "test") {
        one.state = ChannelState::test;
      } else if (word == "archived") {
        one.state = ChannelState::archived;
      } else if (word != "working") {
        refuse(problem("bad_state", "warning", options_.state, "states that are not known are taken as working",
                       "use working, test or archived"),
               state);
      }
    }
    const Datum open = cell(open_, row);
    if (!is_missing(open)) {
      const auto flag = flag_of(open);
      if (!flag) {
        return refuse(problem("bad_open", "error", options_.open, "rows that are neither open nor closed are left out",
                              "write true or false"),
                      open);
      }
      one.open = *flag;
    }
    return true;
  }

  const TableInput& table_;
  const PlacementOptions& options_;
  Reader channel_{};
  Reader count_{};
  Reader id_{};
  Reader at_{};
  Reader spend_{};
  Reader trials_{};
  Reader exposure_{};
  Reader state_{};
  Reader open_{};
};

// One row per (channel, placement).
[[nodiscard]] inline std::vector<Placement> joined_rows(std::vector<Placement> rows, ProblemList& problems,
                                                        const std::string& column) {
  std::sort(rows.begin(), rows.end(), [](const Placement& lhs, const Placement& rhs) {
    return std::tie(lhs.channel, lhs.id) != std::tie(rhs.channel, rhs.id)
               ? std::tie(lhs.channel, lhs.id) < std::tie(rhs.channel, rhs.id)
               : content_of(lhs) < content_of(rhs);
  });
  std::vector<Placement> joined;
  const Placement* before = nullptr;
  for (const Placement& row : rows) {
    const bool same = before != nullptr && before->channel == row.channel && before->id == row.id;
    if (!same) {
      joined.push_back(row);
    } else if (content_of(*before) == content_of(row)) {
      problems.add(problem("repeated_row", "warning", column, "equal rows of one placement are counted once",
                           "drop the copies; give different placements different ids"),
                   row.id, row.channel);
    } else {
      add_row(joined.back(), row);
      problems.add(problem("placement_in_parts", "info", column, "different rows of one placement are added up",
                           "give different placements different ids"),
                   row.id, row.channel);
    }
    before = &row;
  }
  return joined;
}

}  // namespace detail::placement

DEALTRAIL_INLINE std::string_view to_string(ChannelState state) noexcept {
  constexpr std::array<std::string_view, 3> names{"working", "test", "archived"};
  return names[static_cast<std::size_t>(state)];
}

DEALTRAIL_INLINE Placements Placements::from_table(const TableInput& table, const PlacementOptions& options) {
  using namespace detail::placement;
  Placements made;
  made.currency_ = options.currency;
  made.has_spend_ = !options.spend.empty();
  made.has_trials_ = !options.trials.empty();
  made.rows_ = table.rows();
  ProblemList problems;
  std::vector<Placement> rows = PlacementReader{table, options}.read(problems);
  made.left_out_ = made.rows_ - static_cast<std::int64_t>(rows.size());
  rows = joined_rows(std::move(rows), problems, options.placement);
  for (PlacementProblem& one : problems.take()) made.add_problem(std::move(one));
  made.take(std::move(rows));
  return made;
}

DEALTRAIL_INLINE Placements Placements::from_rows(std::vector<Placement> rows, Currency currency) {
  using namespace detail::placement;
  Placements made;
  made.currency_ = currency;
  made.rows_ = static_cast<std::int64_t>(rows.size());
  ProblemList problems;
  std::vector<Placement> kept;
  for (Placement& row : rows) {
    made.has_spend_ = made.has_spend_ || row.spend_minor.has_value();
    made.has_trials_ = made.has_trials_ || row.trials.has_value();
    if (row.channel.empty()) {
      problems.add(problem("no_channel", "error", "channel", "rows without a channel are left out", "name the channel"),
                   row.id, "");
    } else if (const char* wrong = wrong_number(row); wrong != nullptr) {
      problems.add(kind_of(wrong, {.trials = "trials", .exposure = "exposure"}), row.id, row.channel);
    } else {
      kept.push_back(std::move(row));
    }
  }
  made.left_out_ = made.rows_ - static_cast<std::int64_t>(kept.size());
  kept = joined_rows(std::move(kept), problems, "placement");
  for (PlacementProblem& one : problems.take()) made.add_problem(std::move(one));
  made.take(std::move(kept));
  return made;
}

DEALTRAIL_INLINE void Placements::take(std::vector<Placement> rows) {
  std::sort(rows.begin(), rows.end(), [](const Placement& lhs, const Placement& rhs) {
    return std::tie(lhs.channel, lhs.at, lhs.id) < std::tie(rhs.channel, rhs.at, rhs.id);
  });
  PlacementProblem differ = detail::placement::problem("states_differ", "info", "state",
                                                       "a channel with several states has that of its latest placement",
                                                       "give the channel's state on its latest placement");
  first_.clear();
  for (std::size_t row = 0; row < rows.size(); ++row) {
    Placement& one = rows[row];
    if (channels_.empty() || channels_.back() != one.channel) {
      channels_.push_back(one.channel);
      states_.push_back(one.state);
      first_.push_back(row);
    } else if (states_.back() != one.state) {
      ++differ.count;
      if (differ.first_ids.size() < detail::placement::first_rows) {
        differ.first_ids.push_back(one.channel);
        differ.first_values.emplace_back(to_string(one.state));
      }
      const bool later = !(times_.back() == one.at) || one.state > states_.back();
      if (later) states_.back() = one.state;
    }
    ids_.push_back(std::move(one.id));
    times_.push_back(one.at);
    spends_.push_back(one.spend_minor);
    counts_.push_back(one.count);
    trials_.push_back(one.trials);
    exposures_.push_back(one.exposure);
    open_.push_back(one.open ? 1 : 0);
  }
  first_.push_back(rows.size());
  if (differ.count > 0) add_problem(std::move(differ));
}

DEALTRAIL_INLINE void Placements::add_problem(PlacementProblem problem) {
  const auto rank = [](const PlacementProblem& one) {
    return one.severity == "error" ? 0 : one.severity == "warning" ? 1 : 2;
  };
  const auto after = std::find_if(problems_.begin(), problems_.end(), [&](const PlacementProblem& one) {
    return std::pair{rank(one), one.code} > std::pair{rank(problem), problem.code};
  });
  problems_.insert(after, std::move(problem));
}

DEALTRAIL_INLINE Table Placements::problems_table() const {
  TableBuilder builder{"problems"};
  ColumnBuilder& code = builder.text("code");
  ColumnBuilder& severity = builder.text("severity");
  ColumnBuilder& column = builder.text("column");
  ColumnBuilder& count = builder.integer("count");
  ColumnBuilder& ids = builder.text("first_ids");
  ColumnBuilder& values = builder.text("first_values");
  ColumnBuilder& message = builder.text("message");
  ColumnBuilder& hint = builder.text("hint");
  const auto listed = [](const std::vector<std::string>& texts) {
    std::string line;
    for (const std::string& text : texts) line += (line.empty() ? "" : ", ") + text;
    return line;
  };
  for (const PlacementProblem& one : problems_) {
    code.append_text(one.code);
    severity.append_text(one.severity);
    column.append_text(one.column);
    count.append_integer(one.count);
    ids.append_text(listed(one.first_ids));
    values.append_text(listed(one.first_values));
    message.append_text(one.message);
    hint.append_text(one.hint);
  }
  builder.meta("rows", std::to_string(rows_));
  builder.meta("left_out", std::to_string(left_out_));
  return builder.finish();
}

DEALTRAIL_INLINE Table Placements::table() const {
  TableBuilder builder{"placements"};
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& state = builder.text("state");
  ColumnBuilder& placement = builder.text("placement");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& spend = builder.money("spend", currency_);
  ColumnBuilder& count = builder.integer("count");
  ColumnBuilder& trials = builder.integer("trials");
  ColumnBuilder& exposure = builder.real("exposure");
  ColumnBuilder& open = builder.boolean("open");
  for (std::size_t i = 0; i < channels_.size(); ++i) {
    for (std::size_t row = first_[i]; row < first_[i + 1]; ++row) {
      channel.append_text(channels_[i]);
      state.append_text(to_string(states_[i]));
      placement.append_text(ids_[row]);
      at.append_time(times_[row]);
      spend.append_minor(spends_[row]);
      count.append_integer(counts_[row]);
      trials.append_integer(trials_[row]);
      exposure.append_real(exposures_[row]);
      open.append_boolean(open_[row] != 0);
    }
  }
  builder.meta("rows", std::to_string(rows_));
  builder.meta("left_out", std::to_string(left_out_));
  return builder.finish();
}

}  // namespace dealtrail
