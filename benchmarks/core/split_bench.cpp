// Law 3 on its hot paths: an invoice over a handful of announcements, a cost over a season of them.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/core/split.hpp"

namespace dealtrail {
namespace {

void split_of_weights(benchmark::State& state, int weight_bits, bool equal) {
  Random random{1};
  std::vector<std::uint64_t> weights(static_cast<std::size_t>(state.range(0)));
  for (std::uint64_t& weight : weights) weight = equal ? 1 : 1 + (random() >> static_cast<unsigned>(64 - weight_bits));
  std::vector<std::int64_t> parts(weights.size());
  std::int64_t total = 4'500'000;
  for (auto _ : state) {
    split_into(total++, weights, parts);
    benchmark::DoNotOptimize(parts.data());
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));  // parts per second
}

void BM_SplitByPlannedCost(benchmark::State& state) { split_of_weights(state, 24, false); }
void BM_SplitByHugeWeights(benchmark::State& state) { split_of_weights(state, 63, false); }
void BM_SplitEqually(benchmark::State& state) { split_of_weights(state, 1, true); }

BENCHMARK(BM_SplitByPlannedCost)->Arg(1)->Arg(3)->Arg(12)->Arg(64)->Arg(1000)->Arg(1'000'000);
BENCHMARK(BM_SplitByHugeWeights)->Arg(3)->Arg(64)->Arg(1000);
BENCHMARK(BM_SplitEqually)->Arg(3)->Arg(64)->Arg(1'000'000);

}  // namespace
}  // namespace dealtrail
