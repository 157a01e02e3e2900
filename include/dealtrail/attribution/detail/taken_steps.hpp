#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <span>

#include "dealtrail/attribution/detail/markov_chain.hpp"

// What steps of a group take away from the rows of many channels.
namespace dealtrail::detail {

struct TakenStep {
  std::uint32_t to = 0;  // where the row of the state begins in a strip
  float weight = 0;
};

// Minus the rows that steps lead to, times their weights, for a strip of channels. The sums stay in registers
// meanwhile: this is the most that intervals of many channels cost. Of whatever width registers are, a channel is one
// sum in the order of the steps, product and sum rounded each, so the figures are the same.
using StripOfSteps = void (*)(const float* rows, std::span<const TakenStep> steps, float* sums);
inline void strip_of_steps(const float* rows, std::span<const TakenStep> steps, float* sums) {
  using Floats [[gnu::vector_size(16)]] = float;
  std::array<Floats, ChannelPaths::strip / 4> parts{};
  for (const TakenStep& step : steps) {
#pragma GCC unroll 8
    for (std::size_t i = 0; i < parts.size(); ++i) {
      Floats row;
      std::memcpy(&row, rows + step.to + i * 4, sizeof row);
      parts[i] -= row * step.weight;
    }
  }
  std::memcpy(sums, parts.data(), sizeof parts);
}
#if defined(__x86_64__)
[[gnu::target("avx2")]] inline void wide_strip_of_steps(const float* rows, std::span<const TakenStep> steps,
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
inline StripOfSteps widest_strip_of_steps() {
#if defined(__x86_64__)
  if (__builtin_cpu_supports("avx2")) return wide_strip_of_steps;
#endif
  return strip_of_steps;
}

}  // namespace dealtrail::detail
