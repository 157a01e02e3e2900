// What the exits of a big Trail cost, its guests gathered before.

#include <variant>

#include <benchmark/benchmark.h>

#include "dealtrail/funnel/exits.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/synthetic.hpp"

namespace {

using namespace dealtrail;

void BM_Exits(benchmark::State& state) {
  Trail trail{RUB};
  Trail::Batch batch = trail.batch(static_cast<std::size_t>(state.range(0)));
  for (const auto& fact : synthetic::facts({.facts = state.range(0)}))
    std::visit([&](const auto& one) { batch.put(one); }, fact);
  batch.finish();
  const Guests all = guests(trail);
  for (auto _ : state) {
    const Table table = exits(all);
    benchmark::DoNotOptimize(table.rows());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.rows.size()));
}
BENCHMARK(BM_Exits)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
