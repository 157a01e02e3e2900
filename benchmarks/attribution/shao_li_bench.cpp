// AT.3, AT.6: scores of pairs over a million touches, with and without intervals, of few and of many channels.

#include <cstddef>
#include <cstdint>

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/shao_li.hpp"
#include "dealtrail/journeys/journeys.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;

void BM_ShaoLi(benchmark::State& state) {
  const Journeys journeys = benchmarks::made_journeys(state.range(0), 0.03, static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    const Credit credit = attribution::shao_li(journeys, {.intervals = state.range(2) != 0});
    benchmark::DoNotOptimize(credit.channels.data());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ShaoLi)
    ->ArgNames({"touches", "channels", "intervals"})
    ->ArgsProduct({{1'000'000}, {20, 500}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
