// AT.1: what merging and the bytes of counts cost: two million touches, one journey in thirty and every journey
// converting.

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/linear.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;

void BM_CreditStateMergeAndBytes(benchmark::State& state) {
  const Journeys journeys = benchmarks::made_journeys(2'000'000, static_cast<double>(state.range(0)) / 100);
  const CreditState counts{journeys, attribution::linear_rule()};
  for (auto _ : state) {
    CreditState both = counts;
    both.merge(counts);
    benchmark::DoNotOptimize(both.to_bytes().size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_CreditStateMergeAndBytes)->ArgName("converting_%")->Arg(3)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
