// What stage funnels cost over the histories of a Trail with that many moves.

#include <string>

#include <benchmark/benchmark.h>

#include "dealtrail/funnel/stages.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/trail/trail.hpp"

#include "funnel/made_moves.hpp"

namespace {

using namespace dealtrail;

Trail filled(std::int64_t moves) {
  return bench::made_moves(moves, [](Random& random, Deal& deal, Move& move) {
    deal.stage = "s" + std::to_string(random.uniform_int(0, 7));
    move.to = *deal.stage;
    move.field = "stage";
  });
}

void BM_Stages(benchmark::State& state) {
  const Trail trail = filled(state.range(0));
  const Histories view = histories(trail);
  for (auto _ : state) {
    const Stages found = stages(view);
    benchmark::DoNotOptimize(found.rows.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Stages)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
