// AT.7: what the parts of every touch cost as a table, on two million touches.

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/credits.hpp"
#include "dealtrail/attribution/linear.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;

void BM_Credits(benchmark::State& state) {
  const Journeys journeys = benchmarks::made_journeys(2'000'000, static_cast<double>(state.range(0)) / 100);
  for (auto _ : state) benchmark::DoNotOptimize(attribution::credits(journeys, attribution::linear_rule()).rows());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_Credits)->ArgName("converting_%")->Arg(3)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
