#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "dealtrail/attribution/markov/chain.hpp"

// What steps of a group take away from the rows of many channels.
namespace dealtrail::detail {

// One state that a group was in, and what the others change by there.
struct LeaveOneOutState {
  std::size_t state = 0;
  std::size_t steps_end = 0;  // among the steps taken away, one past those of this state
  double per_rest = 0;        // 1 / how often the others leave it
  double all = 0;             // the change of all conversions that follow
  double all_value = 0;
};
struct RemovedStep {
  std::uint32_t to = 0;  // where the row of the state begins in a strip
  float weight = 0;
};

// Minus the rows that steps lead to, times their weights, for a strip of channels. The sums stay in registers
// meanwhile: this is the most that intervals of many channels cost. Of whatever width registers are, a channel is one
// sum in the order of the steps, product and sum rounded each, so the figures are the same.
inline void strip_of_steps(const float* rows, std::span<const RemovedStep> steps, float* sums) {
  using Floats [[gnu::vector_size(16)]] = float;
  std::array<Floats, ChannelPaths::strip / 4> parts{};
  for (const RemovedStep& step : steps) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Floats row;
      std::memcpy(&row, rows + step.to + i * 4, sizeof row);
      parts[i] -= row * step.weight;
    }
  }
  std::memcpy(sums, parts.data(), sizeof parts);
}
// What a state adds to what goes through the channels of a strip.
[[gnu::always_inline]] inline void add_to_strip(const LeaveOneOutState& one, double all, double visits,
                                                const float* after, const float* change, double* sums) {
  for (std::size_t i = 0; i < ChannelPaths::strip; ++i) {
    const auto behind = static_cast<double>(after[i]);
    sums[i] += one.per_rest * (all * behind + (visits - behind) * static_cast<double>(change[i]));
  }
}
inline void add_strip(const LeaveOneOutState& one, double all, double visits, const float* after, const float* change,
                      double* sums) {
  add_to_strip(one, all, visits, after, change, sums);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] inline void add_wide_strip(const LeaveOneOutState& one, double all, double visits,
                                                   const float* after, const float* change, double* sums) {
  add_to_strip(one, all, visits, after, change, sums);
}
[[gnu::target("avx2")]] inline void wide_strip_of_steps(const float* rows, std::span<const RemovedStep> steps,
                                                        float* sums) {
  using Floats [[gnu::vector_size(32)]] = float;
  Floats parts[ChannelPaths::strip / 8] = {};
  for (std::size_t at = 0; at < steps.size(); ++at) {
#pragma GCC unroll 4
    for (std::size_t i = 0; i < ChannelPaths::strip / 8; ++i) {
      Floats row;
      std::memcpy(&row, rows + steps[at].to + i * 8, sizeof row);
      parts[i] -= row * steps[at].weight;
    }
  }
  std::memcpy(sums, parts, sizeof parts);
}
#endif
// By what the processor has.
struct StripWork {
  void (*take)(const float* rows, std::span<const RemovedStep> steps, float* sums) = strip_of_steps;
  void (*add)(const LeaveOneOutState& one, double all, double visits, const float* after, const float* change,
              double* sums) = add_strip;
};
inline StripWork widest_strip_work() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return {wide_strip_of_steps, add_wide_strip};
#endif
  return {};
}

}  // namespace dealtrail::detail
