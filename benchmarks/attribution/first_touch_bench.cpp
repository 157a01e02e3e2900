// AT.1: what first touches cost: two million touches, one journey in thirty and every journey converting.

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/first_touch.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;

void BM_FirstTouch(benchmark::State& state) {
  const Journeys journeys = benchmarks::made_journeys(2'000'000, static_cast<double>(state.range(0)) / 100);
  for (auto _ : state) benchmark::DoNotOptimize(attribution::first_touch(journeys).channels.size());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_FirstTouch)->ArgName("converting_%")->Arg(3)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
