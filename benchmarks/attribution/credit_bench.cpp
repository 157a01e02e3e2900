// AT.1: what the table of a result cost: two million touches, one journey in thirty and every journey converting.

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/linear.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;

void BM_CreditTable(benchmark::State& state) {
  const Journeys journeys = benchmarks::made_journeys(2'000'000, static_cast<double>(state.range(0)) / 100);
  const Credit made = attribution::linear(journeys);
  for (auto _ : state) benchmark::DoNotOptimize(made.table().rows());
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_CreditTable)->ArgName("converting_%")->Arg(3)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
