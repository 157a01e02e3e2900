// What the Markov model costs: counting journeys of touches, many channels with many different paths, and the chain
// itself, with intervals and without.

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/journeys/journeys.hpp"

#include "attribution/made_journeys.hpp"
#include "table/arrow_arrays.hpp"

namespace {

using namespace dealtrail;
using benchmarks::made_journeys;

TableInput table_of(const test::Node& whole) {
  std::vector<OwnedArray> batches;
  batches.push_back(test::make_array(whole));
  return TableInput::from_batches(test::make_schema(whole), std::move(batches), "rows");
}

Journeys journeys_of_paths(std::int64_t paths, std::size_t channels) {
  Random random{2};
  std::vector<std::optional<std::string>> texts;
  std::vector<std::int64_t> conversions;
  std::vector<std::int64_t> nulls;
  for (std::int64_t row = 0; row < paths; ++row) {
    std::string path;
    for (int touches = 0; touches < 3 || random.chance(0.6); ++touches) {  // long enough to be different
      if (!path.empty()) path += '>';
      path += "c" + std::to_string(random.index(channels));
    }
    texts.push_back(path);
    conversions.push_back(random.chance(0.1) ? 1 : 0);
    nulls.push_back(1 - conversions.back());
  }
  return Journeys::from_paths(table_of(test::batch({test::texts("u", texts).named("path"),
                                                    test::numbers<std::int64_t>("l", conversions).named("conversions"),
                                                    test::numbers<std::int64_t>("l", nulls).named("nulls")})),
                              {.nulls = "nulls"});
}

// Touches, order, intervals.
void BM_Markov(benchmark::State& state) {
  const Journeys journeys = made_journeys(state.range(0), 0.03);
  const int order = static_cast<int>(state.range(1));
  for (auto _ : state) {
    const Credit made = attribution::markov(journeys, {.order = order}, {.intervals = state.range(2) != 0});
    benchmark::DoNotOptimize(made.channels.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_Markov)
    ->Args({1'000'000, 1, 0})
    ->Args({1'000'000, 1, 1})
    ->Args({1'000'000, 2, 0})
    ->Args({1'000'000, 2, 1})
    ->Args({1'000'000, 3, 0})
    ->Args({10'000'000, 1, 0})
    ->Args({10'000'000, 1, 1})
    ->Unit(benchmark::kMillisecond);

// The same touches read once and added up: what memory alone costs.
void BM_ReadingTouches(benchmark::State& state) {
  const Journeys journeys = made_journeys(state.range(0), 0.03);
  for (auto _ : state) {
    std::uint64_t sum = 0;
    for (std::size_t journey = 0; journey < journeys.size(); ++journey) {
      for (const std::uint32_t channel : journeys.path(journey)) sum += channel;
      sum += static_cast<std::uint64_t>(journeys.value_minor(journey) + journeys.conversions(journey));
    }
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.touch_count()));
}
BENCHMARK(BM_ReadingTouches)->Arg(10'000'000)->Unit(benchmark::kMillisecond);

// Different paths over 500 channels; intervals.
void BM_MarkovOfManyChannels(benchmark::State& state) {
  const Journeys journeys = journeys_of_paths(state.range(0), 500);
  for (auto _ : state) {
    const Credit made = attribution::markov(journeys, {}, {.intervals = state.range(1) != 0});
    benchmark::DoNotOptimize(made.channels.data());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(journeys.size()));
}
BENCHMARK(BM_MarkovOfManyChannels)->Args({1'000'000, 0})->Args({1'000'000, 1})->Unit(benchmark::kMillisecond);

// The chain of a state that is there: what a live card pays.
void BM_MarkovFinish(benchmark::State& state) {
  const MarkovState counted{
      journeys_of_paths(200'000, static_cast<std::size_t>(state.range(0))), 1, {.intervals = state.range(1) != 0}};
  for (auto _ : state) {
    const auto made = counted.finish();
    benchmark::DoNotOptimize(made->channels.data());
  }
}
BENCHMARK(BM_MarkovFinish)->Args({20, 0})->Args({20, 1})->Args({200, 0})->Args({200, 1})->Unit(benchmark::kMicrosecond);

}  // namespace
