// AT.3, AT.6: Shapley values over 20 channels and ten million touches: counting sets, each game with and without
// intervals, and beside them a plain pass over the touches that only makes the mask of each journey.

#include <cstdint>
#include <string>
#include <utility>

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/shapley.hpp"
#include "dealtrail/journeys/journeys.hpp"

#include "attribution/made_journeys.hpp"

namespace {

using namespace dealtrail;
using attribution::ShapleyGame;
using attribution::ShapleyOptions;
using attribution::ShapleyState;

const Journeys& journeys_of(std::int64_t touches, std::size_t channels) {
  static std::pair<std::int64_t, std::size_t> of;
  static Journeys journeys;
  if (of != std::pair{touches, channels}) {
    journeys = benchmarks::made_journeys(touches, 0.03, channels);
    of = {touches, channels};
  }
  return journeys;
}

void BM_PlainPass(benchmark::State& state) {
  const Journeys& journeys = journeys_of(state.range(0), 20);
  for (auto _ : state) {
    std::uint64_t all = 0;
    for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
      std::uint64_t mask = 0;
      for (const std::uint32_t channel : journeys.path(journey)) mask |= std::uint64_t{1} << channel;
      all += mask;
    }
    benchmark::DoNotOptimize(all);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_PlainPass)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

void BM_CountSets(benchmark::State& state) {
  const Journeys& journeys = journeys_of(state.range(0), static_cast<std::size_t>(state.range(1)));
  for (auto _ : state) {
    const ShapleyState counted{journeys,
                               {.intervals = state.range(2) != 0, .threads = static_cast<std::size_t>(state.range(3))}};
    benchmark::DoNotOptimize(counted.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_CountSets)
    ->ArgNames({"touches", "channels", "intervals", "threads"})
    ->ArgsProduct({{10'000'000}, {20}, {0, 1}, {1, 2}})
    ->Args({1'000'000, 20, 0, 1})
    ->Args({1'000'000, 500, 0, 1})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void BM_Shapley(benchmark::State& state) {
  const Journeys& journeys = journeys_of(state.range(0), static_cast<std::size_t>(state.range(1)));
  const ShapleyOptions options{.game = static_cast<ShapleyGame>(state.range(2)), .intervals = state.range(3) != 0};
  for (auto _ : state) {
    const Credit credit = shapley(journeys, options);
    benchmark::DoNotOptimize(credit.channels.data());
  }
  state.SetLabel(std::string{to_string(options.game)});
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Shapley)
    ->ArgNames({"touches", "channels", "game", "intervals"})
    ->ArgsProduct({{10'000'000}, {20}, {0, 1, 2}, {0, 1}})
    ->Args({1'000'000, 24, 2, 1})
    ->Args({1'000'000, 30, 2, 1})
    ->Unit(benchmark::kMillisecond);

void BM_ByPosition(benchmark::State& state) {
  const Journeys& journeys = journeys_of(state.range(0), 20);
  for (auto _ : state) benchmark::DoNotOptimize(attribution::shapley_by_position(journeys).rows());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ByPosition)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
