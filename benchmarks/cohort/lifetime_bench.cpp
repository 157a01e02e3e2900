// What fitting a base of customers costs, grouping counted, and what intervals of their value cost.
#include <algorithm>
#include <cmath>

#include <benchmark/benchmark.h>

#include "dealtrail/cohort/lifetime.hpp"
#include "dealtrail/core/random.hpp"

namespace {

using namespace dealtrail;

cohort::Summary made_base(std::int64_t customers, bool spend) {
  Random random{1};
  cohort::Summary base;
  base.of_numbers = true;
  for (std::int64_t i = 0; i < customers; ++i) {
    const std::int64_t age_days = random.uniform_int(180, 270);
    const double rate = -std::log(1 - random.uniform_real()) / 40;
    std::int64_t repeats = 0;
    double last = 0;
    for (double at = 0; !random.chance(0.2);) {
      at -= std::log(1 - random.uniform_real()) / rate;
      if (at > static_cast<double>(age_days)) break;
      last = at;
      ++repeats;
    }
    base.numbers.push_back(i);
    base.frequency.push_back(repeats);
    base.recency.push_back(repeats == 0 ? 0 : std::max(1.0, std::floor(last)) / 7);
    base.age.push_back(static_cast<double>(age_days) / 7);
    if (spend) base.monetary.push_back(repeats == 0 ? std::nullopt : std::optional{10 + 90 * random.uniform_real()});
  }
  return base;
}

void BM_LifetimeOfPurchases(benchmark::State& state) {
  const cohort::Summary base = made_base(state.range(0), false);
  for (auto _ : state) benchmark::DoNotOptimize(cohort::lifetime(base).log_likelihood);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void BM_LifetimeWithValue(benchmark::State& state) {
  const cohort::Summary base = made_base(state.range(0), true);
  for (auto _ : state) benchmark::DoNotOptimize(cohort::lifetime(base).log_likelihood);
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_LifetimeOfPurchases)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LifetimeWithValue)->Arg(1'000)->Unit(benchmark::kMillisecond);

}  // namespace
