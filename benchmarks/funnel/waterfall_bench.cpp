// What the waterfall costs: the histories of a Trail with that many moves, and the bars of a quarter.

#include <string>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/funnel/waterfall.hpp"
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
    std::int64_t amount = random.uniform_int(1, 1'000'000);
    std::int64_t at = made;
    for (std::int64_t j = 0; j < moves_of_a_deal; ++j) {
      Move move{.id = deal.id + "-" + std::to_string(j)};
      move.deal = deal.id;
      move.from = std::to_string(amount);
      amount = random.uniform_int(1, 1'000'000);
      move.to = std::to_string(amount);
      move.field = "amount";
      at += random.uniform_int(1, 20 * 86'400);
      move.at = from_us(at * us_per_second);
      batch.put(move);
    }
    deal.amount = Money{amount * 100, RUB};
    batch.put(deal);
  }
  batch.finish();
  return trail;
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
