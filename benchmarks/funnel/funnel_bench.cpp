// What the funnel costs: gathering the guests of a Trail, and counting them.

#include <variant>

#include <benchmark/benchmark.h>

#include "dealtrail/funnel/funnel.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/synthetic.hpp"

namespace {

using namespace dealtrail;

Trail filled(std::int64_t size) {
  Trail trail{RUB};
  Trail::Batch batch = trail.batch(static_cast<std::size_t>(size));
  for (const auto& fact : synthetic::facts({.facts = size})) std::visit([&](const auto& one) { batch.put(one); }, fact);
  batch.finish();
  return trail;
}

void BM_Guests(benchmark::State& state) {
  const Trail trail = filled(state.range(0));
  for (auto _ : state) {
    const Guests all = guests(trail);
    benchmark::DoNotOptimize(all.rows.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Guests)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_Funnel(benchmark::State& state) {
  const Trail trail = filled(state.range(0));
  const Guests all = guests(trail);
  for (auto _ : state) {
    const Table table = funnel(all);
    benchmark::DoNotOptimize(table.rows());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.rows.size()));
}
BENCHMARK(BM_Funnel)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
