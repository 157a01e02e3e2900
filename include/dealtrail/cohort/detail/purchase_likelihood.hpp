#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include "dealtrail/cohort/detail/newton.hpp"
#include "dealtrail/cohort/detail/purchase_model.hpp"
#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/detail/text_hash.hpp"

// The log-likelihood of r, alpha, a, b of BG/NBD and MBG/NBD with its first and second derivatives.
//
// What depends on the number of purchases alone is a table by that number, what depends on a time alone one by the
// distinct times. A group costs an exponential and a logarithm more.
namespace dealtrail::cohort::detail {

/// The distinct times of many customers.
class DistinctTimes {
 public:
  /// The place of a time in `values`.
  [[nodiscard]] std::uint32_t place(double time) {
    std::size_t slot = slot_of(time);
    if (slots_[slot] == nothing) {
      values.push_back(time);
      slots_[slot] = static_cast<std::uint32_t>(values.size() - 1);
      if (values.size() * 2 >= slots_.size()) grow();
      return static_cast<std::uint32_t>(values.size() - 1);
    }
    return slots_[slot];
  }
  std::vector<double> values{};

 private:
  static constexpr std::uint32_t nothing = 0xFFFFFFFF;
  [[nodiscard]] std::size_t slot_of(double time) const noexcept {
    std::size_t slot =
        static_cast<std::size_t>(dealtrail::detail::mixed(std::bit_cast<std::uint64_t>(time))) & (slots_.size() - 1);
    while (slots_[slot] != nothing && values[slots_[slot]] != time) slot = (slot + 1) & (slots_.size() - 1);
    return slot;
  }
  void grow() {
    slots_.assign(slots_.size() * 2, nothing);
    for (std::size_t i = 0; i < values.size(); ++i) slots_[slot_of(values[i])] = static_cast<std::uint32_t>(i);
  }
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, nothing);
};

class PurchaseLikelihood {
 public:
  PurchaseLikelihood(std::span<const HistoryGroup> groups, bool modified, std::size_t threads = 1)
      : modified_(modified), threads_(std::max<std::size_t>(1, threads)) {
    std::int64_t most = 0;
    DistinctTimes times;
    rows_.reserve(groups.size());
    for (const HistoryGroup& group : groups) {
      most = std::max(most, group.repeats);
      const std::uint32_t age = times.place(group.age);
      const std::uint32_t recency = times.place(group.recency);
      rows_.push_back({static_cast<std::uint32_t>(group.repeats), age, recency, group.customers});
    }
    times_ = std::move(times.values);
    sums_.resize(static_cast<std::size_t>(most) + 2);
    spans_.resize(times_.size());
    parts_.resize((rows_.size() + rows_of_task - 1) / rows_of_task);
  }

  [[nodiscard]] Likelihood<4> operator()(const Vector<4>& at) const {
    fill(at);
    dealtrail::detail::run_tasks(threads_, parts_.size(), [&](std::size_t, std::size_t task) {
      const std::size_t begin = task * rows_of_task;
      parts_[task] = part(at, std::span{rows_}.subspan(begin, std::min(rows_of_task, rows_.size() - begin)));
    });
    Part sum;  // in the order of the rows, whoever added them up
    for (const Part& one : parts_) {
      sum.value += one.value;
      for (std::size_t i = 0; i < 4; ++i) sum.slope[i] += one.slope[i];
      for (std::size_t i = 0; i < 10; ++i) sum.bend[i] += one.bend[i];
    }
    Likelihood<4> all;
    all.value = sum.value;
    all.gradient = sum.slope;
    static constexpr std::array<std::array<std::size_t, 2>, 10> place{
        {{0, 0}, {0, 1}, {1, 1}, {2, 2}, {2, 3}, {3, 3}, {0, 2}, {0, 3}, {1, 2}, {1, 3}}};
    for (std::size_t i = 0; i < 10; ++i) {
      const auto [row, column] = place[i];
      all.hessian[row][column] = sum.bend[i];
      all.hessian[column][row] = sum.bend[i];
    }
    return all;
  }

 private:
  static constexpr std::size_t rows_of_task = 8192;

  struct Row {
    std::uint32_t repeats = 0;
    std::uint32_t age = 0;  // places of times
    std::uint32_t recency = 0;
    double customers = 0;
  };
  // alpha and a time together.
  struct Span {
    double log = 0;
    double inverse = 0;
  };
  // Sums over j below a number of purchases.
  struct Sums {
    double log_rate = 0;  // ln(r + j)
    double rate = 0;      // 1 / (r + j)
    double rate_2 = 0;    // 1 / (r + j)^2
    double log_stay = 0;  // ln((b + j) / (a + b + j))
    double stay = 0;      // 1 / (b + j)
    double stay_2 = 0;
    double whole = 0;  // 1 / (a + b + j)
    double whole_2 = 0;
    double before = 0;      // 1 / (b + j) of the last j
    double log_before = 0;  // ln(a / (b + j)) of the last j
  };
  struct Part {
    double value = 0;
    Vector<4> slope{};
    Vector<10> bend{};  // rr, r alpha, alpha alpha, aa, ab, bb, ra, rb, alpha a, alpha b
  };

  void fill(const Vector<4>& at) const {
    const auto [r, alpha, a, b] = at;
    for (std::size_t i = 1; i < sums_.size(); ++i) {
      const auto j = static_cast<double>(i - 1);
      Sums next = sums_[i - 1];
      next.log_rate += std::log(r + j);
      next.rate += 1 / (r + j);
      next.rate_2 += 1 / ((r + j) * (r + j));
      next.log_stay -= std::log1p(a / (b + j));
      next.stay += 1 / (b + j);
      next.stay_2 += 1 / ((b + j) * (b + j));
      next.whole += 1 / (a + b + j);
      next.whole_2 += 1 / ((a + b + j) * (a + b + j));
      next.before = 1 / (b + j);
      next.log_before = std::log(a / (b + j));
      sums_[i] = next;
    }
    for (std::size_t i = 0; i < times_.size(); ++i) spans_[i] = {std::log(alpha + times_[i]), 1 / (alpha + times_[i])};
  }

  [[nodiscard]] Part part(const Vector<4>& at, std::span<const Row> rows) const {
    const auto [r, alpha, a, b] = at;
    const double log_alpha = std::log(alpha);
    Part all;
    for (const Row& row : rows) {
      const std::size_t n = row.repeats + (modified_ ? 1U : 0U);
      const Sums& rate = sums_[row.repeats];
      const Sums& leave = sums_[n];
      const double count = r + static_cast<double>(row.repeats);
      const Span whole = spans_[row.age];
      double value = rate.log_rate + leave.log_stay + r * log_alpha - count * whole.log;
      Vector<4> slope{rate.rate + log_alpha - whole.log, r / alpha - count * whole.inverse, -leave.whole,
                      leave.stay - leave.whole};
      Vector<10> bend{-rate.rate_2,
                      1 / alpha - whole.inverse,
                      -r / (alpha * alpha) + count * whole.inverse * whole.inverse,
                      leave.whole_2,
                      leave.whole_2,
                      leave.whole_2 - leave.stay_2,
                      0,
                      0,
                      0,
                      0};
      if (n > 0) {
        const Span active = spans_[row.recency];
        const double ratio = whole.log - active.log;
        const double u = leave.log_before + count * ratio;
        const double e = std::exp(-std::fabs(u));
        value += std::max(u, 0.0) + std::log1p(e);
        const double w = u > 0 ? 1 / (1 + e) : e / (1 + e);
        const double d = whole.inverse - active.inverse;
        const Vector<4> du{ratio, count * d, 1 / a, -leave.before};
        for (std::size_t i = 0; i < 4; ++i) slope[i] += w * du[i];
        const double spread = w * (1 - w);
        bend[0] += spread * du[0] * du[0];
        bend[1] += w * d + spread * du[0] * du[1];
        bend[2] +=
            w * count * (active.inverse * active.inverse - whole.inverse * whole.inverse) + spread * du[1] * du[1];
        bend[3] += -w / (a * a) + spread * du[2] * du[2];
        bend[4] += spread * du[2] * du[3];
        bend[5] += w * leave.before * leave.before + spread * du[3] * du[3];
        bend[6] += spread * du[0] * du[2];
        bend[7] += spread * du[0] * du[3];
        bend[8] += spread * du[1] * du[2];
        bend[9] += spread * du[1] * du[3];
      }
      all.value += row.customers * value;
      for (std::size_t i = 0; i < 4; ++i) all.slope[i] += row.customers * slope[i];
      for (std::size_t i = 0; i < 10; ++i) all.bend[i] += row.customers * bend[i];
    }
    return all;
  }

  bool modified_;
  std::size_t threads_;
  std::vector<Row> rows_{};
  std::vector<double> times_{};
  mutable std::vector<Sums> sums_{};
  mutable std::vector<Span> spans_{};
  mutable std::vector<Part> parts_{};
};

}  // namespace dealtrail::cohort::detail
