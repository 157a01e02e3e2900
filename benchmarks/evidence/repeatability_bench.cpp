// What measuring repeatability costs.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/evidence/repeatability.hpp"

#include "evidence/draws.hpp"

namespace {

using namespace dealtrail;

void BM_Repeatability(benchmark::State& state) {
  Random random{1};
  std::vector<Placement> rows;
  for (int i = 0; i < state.range(0); ++i)
    dealtrail::testing::add_channel(rows, random, "c" + std::to_string(i), 20, 8, 1, 1.5);
  const Placements view = Placements::from_rows(rows, RUB);
  for (auto _ : state) benchmark::DoNotOptimize(evidence::repeatability(view).rows.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Repeatability)->Arg(40)->Arg(1000)->Unit(benchmark::kMillisecond);

}  // namespace
