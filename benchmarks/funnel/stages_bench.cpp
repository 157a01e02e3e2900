// What stage funnels cost over the histories of a Trail with that many moves.

#include <string>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/funnel/stages.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/trail/trail.hpp"

namespace {

using namespace dealtrail;

constexpr std::int64_t moves_of_a_deal = 10;

Trail filled(std::int64_t moves) {
  Trail trail{RUB};
  Random random{1};
  Trail::Batch batch = trail.batch(static_cast<std::size_t>(moves));
  for (std::int64_t i = 0; i < moves / moves_of_a_deal; ++i) {
    Deal deal{.id = "d" + std::to_string(i)};
    const std::int64_t made = 1'767'225'600 + random.uniform_int(0, 180 * 86'400);
    deal.created_at = from_us(made * us_per_second);
    std::int64_t at = made;
    for (std::int64_t j = 0; j < moves_of_a_deal; ++j) {
      Move move{.id = deal.id + "-" + std::to_string(j)};
      move.deal = deal.id;
      deal.stage = "s" + std::to_string(random.uniform_int(0, 7));
      move.to = *deal.stage;
      move.field = "stage";
      at += random.uniform_int(1, 20 * 86'400);
      move.at = from_us(at * us_per_second);
      batch.put(move);
    }
    batch.put(deal);
  }
  batch.finish();
  return trail;
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
