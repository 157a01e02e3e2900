#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail {

namespace detail {

// Whether a put has a report to list what is not kept of a row. `single`: it has none, so anything wrong refuses the
// row. `listed`: an amount that is finer than its currency is rounded, and an optional number that cannot be read is no
// value; both are in the report.
enum class PutMode : std::uint8_t { single, listed };

}  // namespace detail

/// What a put refuses or passes over, one sort of it. The code is stable, the texts are not.
struct PutProblem {
  std::string code;  // missing_field, bad_type, bad_time, bad_number, inexact_money, rounded_money, bad_choice,
                     // bad_text, overflow, ...
  Kind kind = Kind::channels;
  std::string column;
  std::int64_t count = 0;
  std::vector<std::string> first_ids{};  // up to five; "row 17" for a row without an id
  std::string message{};
  std::string hint{};
  bool left_out = true;                     // false: the row is kept, only a cell or column is not
  std::vector<std::string> first_values{};  // up to five different ones
  Decimal difference{0, 12};                // rounded_money: what was added to the amounts in all, in major units

  /// `error`: rows are lost; `warning`: a cell or column is; `info`: nothing is.
  [[nodiscard]] std::string_view severity() const noexcept {
    if (left_out || code == "repeated_id") return "error";
    return code == "id_as_real" ? "info" : "warning";
  }
};

/// What became of the rows of one put or load: every row that is not kept is counted here, with the reason.
class PutReport {
 public:
  struct Counts {
    std::int64_t read = 0;      // rows offered
    std::int64_t put = 0;       // rows that are facts now, or lost to a later version of themselves
    std::int64_t left_out = 0;  // rows that are not
    std::int64_t distinct = 0;  // different ids among the rows that are put
  };

  void count(Kind kind, bool kept) {
    Counts& counts = counts_[static_cast<std::size_t>(kind)];
    ++counts.read;
    ++(kept ? counts.put : counts.left_out);
  }
  /// A row that was put has an id that no row before it had.
  void count_distinct(Kind kind) { ++counts_[static_cast<std::size_t>(kind)].distinct; }

  void note(std::string_view code, Kind kind, std::string_view column, std::string id, std::string_view message,
            std::string_view hint, bool left_out = true, std::string_view value = {}) {
    entry(code, kind, column, std::move(id), message, hint, left_out, value);
  }

  /// An amount that was rounded: kept, counted, and its difference (kept less given) added up.
  void note_rounded(std::string_view code, Kind kind, std::string_view column, std::string id, std::string_view message,
                    std::string_view hint, std::string_view value, const Decimal& difference) {
    PutProblem& problem = entry(code, kind, column, std::move(id), message, hint, false, value);
    add_difference(problem, detail::to_nearest_units(difference, problem.difference.scale).value_or(0));
  }

  [[nodiscard]] const Counts& of(Kind kind) const noexcept { return counts_[static_cast<std::size_t>(kind)]; }
  [[nodiscard]] Counts total() const noexcept {
    Counts sum;
    for (const Counts& counts : counts_) {
      sum.read += counts.read;
      sum.put += counts.put;
      sum.left_out += counts.left_out;
      sum.distinct += counts.distinct;
    }
    return sum;
  }

  /// Sorted by kind, code and column.
  [[nodiscard]] const std::vector<PutProblem>& problems() const& noexcept { return problems_; }
  [[nodiscard]] std::vector<PutProblem> problems() && noexcept { return std::move(problems_); }
  [[nodiscard]] std::vector<PutProblem> problems() const&& { return problems_; }

  /// Whether rows, cells or columns are lost.
  [[nodiscard]] bool is_lossy() const { return has("error") || has("warning"); }
  /// Whether a problem has this severity.
  [[nodiscard]] bool has(std::string_view severity) const {
    return std::any_of(problems_.begin(), problems_.end(),
                       [&](const PutProblem& one) { return one.severity() == severity; });
  }

  void merge(const PutReport& other) {
    for (std::size_t k = 0; k < kind_count; ++k) {
      counts_[k].read += other.counts_[k].read;
      counts_[k].put += other.counts_[k].put;
      counts_[k].left_out += other.counts_[k].left_out;
      counts_[k].distinct += other.counts_[k].distinct;
    }
    for (const PutProblem& theirs : other.problems_) {
      const auto place = place_of(theirs.kind, theirs.code, theirs.column);
      if (!is_of(place, theirs.kind, theirs.code, theirs.column)) {
        problems_.insert(place, theirs);
        continue;
      }
      place->count += theirs.count;
      for (const auto& id : theirs.first_ids) {
        if (place->first_ids.size() < most_ids) place->first_ids.push_back(id);
      }
      for (const auto& value : theirs.first_values) add_value(*place, value);
      if (theirs.difference.mantissa != 0) add_difference(*place, theirs.difference.mantissa);
    }
  }

  /// kind, read, put, distinct, left_out: a row per kind that had rows. `distinct` counts the different ids of what is
  /// put; a merged report adds those of its parts.
  [[nodiscard]] Table counts_table() const {
    TableBuilder builder{"put"};
    auto& kind = builder.text("kind");
    auto& read = builder.integer("read");
    auto& put = builder.integer("put");
    auto& distinct = builder.integer("distinct");
    auto& left_out = builder.integer("left_out");
    for (std::size_t k = 0; k < kind_count; ++k) {
      if (counts_[k].read == 0) continue;
      kind.append_text(kinds[k].name);
      read.append_integer(counts_[k].read);
      put.append_integer(counts_[k].put);
      distinct.append_integer(counts_[k].distinct);
      left_out.append_integer(counts_[k].left_out);
    }
    return builder.finish();
  }

  /// code, severity, kind, column, count, left_out, first_ids, first_values, message, hint: a row per kind of problem.
  [[nodiscard]] Table problems_table() const {
    TableBuilder builder{"problems"};
    auto& code = builder.text("code");
    auto& severity = builder.text("severity");
    auto& kind = builder.text("kind");
    auto& column = builder.text("column");
    auto& count = builder.integer("count");
    auto& left_out = builder.boolean("left_out");
    auto& first_ids = builder.text("first_ids");
    auto& first_values = builder.text("first_values");
    auto& message = builder.text("message");
    auto& hint = builder.text("hint");
    for (const PutProblem& problem : problems_) {
      code.append_text(problem.code);
      severity.append_text(problem.severity());
      kind.append_text(kind_name(problem.kind));
      column.append_text(problem.column);
      count.append_integer(problem.count);
      left_out.append_boolean(problem.left_out);
      first_ids.append_text(detail::joined(problem.first_ids));
      first_values.append_text(detail::joined(problem.first_values));
      message.append_text(problem.message);
      hint.append_text(problem.hint);
    }
    return builder.finish();
  }

 private:
  static constexpr std::size_t most_ids = 5;
  using Place = std::vector<PutProblem>::iterator;

  PutProblem& entry(std::string_view code, Kind kind, std::string_view column, std::string id, std::string_view message,
                    std::string_view hint, bool left_out, std::string_view value) {
    auto place = place_of(kind, code, column);
    if (!is_of(place, kind, code, column)) {
      place = problems_.insert(place, {.code = std::string{code},
                                       .kind = kind,
                                       .column = std::string{column},
                                       .message = std::string{message},
                                       .hint = std::string{hint},
                                       .left_out = left_out});
    }
    ++place->count;
    if (place->first_ids.size() < most_ids) place->first_ids.push_back(std::move(id));
    add_value(*place, value);
    return *place;
  }

  static void add_value(PutProblem& problem, std::string_view value) {
    auto& values = problem.first_values;
    if (value.empty() || values.size() >= most_ids) return;
    if (std::find(values.begin(), values.end(), value) == values.end()) values.emplace_back(value);
  }

  // The message ends with the sum.
  static void add_difference(PutProblem& problem, Int128 more) {
    constexpr std::string_view words = "; rounding added ";
    problem.difference.mantissa += more;
    Decimal shown = problem.difference;
    for (; shown.scale > 2 && shown.mantissa % 10 == 0; --shown.scale) shown.mantissa /= 10;
    problem.message.resize(std::min(problem.message.find(words), problem.message.size()));
    problem.message += words;
    problem.message += to_text(shown);
    problem.message += " in all";
  }

  /// Where such a problem is, or would be.
  [[nodiscard]] Place place_of(Kind kind, std::string_view code, std::string_view column) {
    return std::partition_point(problems_.begin(), problems_.end(), [&](const PutProblem& one) {
      if (one.kind != kind) return one.kind < kind;
      if (one.code != code) return one.code < code;
      return one.column < column;
    });
  }
  [[nodiscard]] bool is_of(Place place, Kind kind, std::string_view code, std::string_view column) const {
    return place != problems_.end() && place->kind == kind && place->code == code && place->column == column;
  }

  Counts counts_[kind_count] = {};
  std::vector<PutProblem> problems_;  // few sorts, however many rows
};

}  // namespace dealtrail
