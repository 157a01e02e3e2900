// What a fit of contracts costs.
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/cohort/contracts.hpp"

namespace {

void BM_Contracts(benchmark::State& state) {
  const std::vector<double> survivors{1000, 869, 743, 653, 593, 551, 517, 491};
  for (auto _ : state) benchmark::DoNotOptimize(dealtrail::cohort::contracts(survivors).log_likelihood);
}
BENCHMARK(BM_Contracts)->Unit(benchmark::kMicrosecond);

}  // namespace
