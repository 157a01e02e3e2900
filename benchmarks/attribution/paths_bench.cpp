// AT.8: what reports of paths cost on two million touches.

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/paths.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;

void BM_Assisted(benchmark::State& state) {
  const Journeys journeys = benchmarks::made_journeys(2'000'000, 0.03);
  for (auto _ : state) benchmark::DoNotOptimize(attribution::assisted(journeys).rows());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_Assisted)->Unit(benchmark::kMillisecond);

}  // namespace
