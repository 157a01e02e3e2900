// What fitting curves with partial pooling costs.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/budget/fit.hpp"
#include "dealtrail/core/random.hpp"

namespace {

using namespace dealtrail;

void BM_Fit(benchmark::State& state) {
  Random random{1};
  std::vector<Placement> rows;
  for (int c = 0; c < state.range(0); ++c) {
    const double scale = 0.1 + random.uniform_real();
    for (int p = 0; p < 12; ++p) {
      const std::int64_t money = random.uniform_int(500'000, 8'000'000);
      const double mean = scale * std::pow(static_cast<double>(money) / 100, 0.6);
      const double off = std::sqrt(mean) * (random.uniform_real() - 0.5) * 3;
      rows.push_back({.channel = std::to_string(c),
                      .id = std::to_string(p),
                      .spend_minor = money,
                      .count = std::llround(std::fmax(0, mean + off))});
    }
  }
  const Placements view = Placements::from_rows(rows, RUB);
  for (auto _ : state) benchmark::DoNotOptimize(budget::fit(view).rows.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Fit)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
