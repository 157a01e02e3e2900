// What the waterfall costs: the histories of a Trail with that many moves, and the bars of a quarter.

#include <string>

#include <benchmark/benchmark.h>

#include "dealtrail/funnel/waterfall.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/trail/trail.hpp"

#include "funnel/made_moves.hpp"

namespace {

using namespace dealtrail;

Trail filled(std::int64_t moves) {
  const auto drawn = [](Random& random) { return Money{random.uniform_int(1, 1'000'000) * 100, RUB}; };
  return bench::made_moves(moves, [&](Random& random, Deal& deal, Move& move) {
    if (!deal.amount) deal.amount = drawn(random);
    move.from = std::to_string(deal.amount->minor / 100);
    deal.amount = drawn(random);
    move.to = std::to_string(deal.amount->minor / 100);
    move.field = "amount";
  });
}

const Timestamp start = from_us(1'772'323'200 * us_per_second);
const Timestamp end = from_us(1'780'272'000 * us_per_second);

void BM_Histories(benchmark::State& state) {
  const Trail trail = filled(state.range(0));
  for (auto _ : state) {
    const Histories view = histories(trail);
    benchmark::DoNotOptimize(view.changes.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Histories)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_Waterfall(benchmark::State& state) {
  const Trail trail = filled(state.range(0));
  const Histories view = histories(trail);
  for (auto _ : state) {
    const Waterfall found = waterfall(view, start, end);
    benchmark::DoNotOptimize(found.parts.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Waterfall)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
