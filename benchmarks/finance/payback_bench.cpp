// What payback and all rates of return of monthly flows cost.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/finance/payback.hpp"

namespace {

void BM_Payback(benchmark::State& state) {
  std::vector<dealtrail::finance::Flow> flows;
  for (std::int64_t i = 0; i < state.range(0); ++i) flows.push_back({i * 30, i % 24 == 0 ? -1'000'000 : 50'000});
  for (auto _ : state) benchmark::DoNotOptimize(dealtrail::finance::payback(flows).rates.size());
}
BENCHMARK(BM_Payback)->Arg(12)->Arg(60)->Arg(120)->Unit(benchmark::kMicrosecond);

}  // namespace
