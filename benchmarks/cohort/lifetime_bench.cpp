// What fitting a base of customers costs, grouping counted, and what intervals of their value cost.
#include <algorithm>
#include <cmath>

#include <benchmark/benchmark.h>

#include "dealtrail/cohort/lifetime.hpp"
#include "dealtrail/core/random.hpp"

#include "support/made_customers.hpp"

namespace {

using namespace dealtrail;

// Customers of one year, their times in whole days, written in weeks.
cohort::Summary made_base(std::int64_t customers, double days_of_unit, bool spend, bool ridge) {
  Random random{1};
  cohort::Summary base;
  base.of_numbers = true;
  for (std::int64_t i = 0; i < customers; ++i) {
    cohort::detail::PurchaseModel model{0.2425945, 4.4136019 * 7, 0.7929199, 2.4258881, false};
    if (ridge) model = {1, 40, 2e6, 8e6, false};  // one chance to leave for all
    const auto age = static_cast<double>(random.uniform_int(1, 365));
    const testing::Made one = testing::draw(random, model, 6, 4, 15, age, 0);
    base.numbers.push_back(i);
    base.frequency.push_back(one.repeats);
    base.recency.push_back(std::ceil(one.recency / days_of_unit) * days_of_unit / 7);
    base.age.push_back(std::ceil(age / days_of_unit) * days_of_unit / 7);
    if (spend) base.monetary.push_back(one.repeats == 0 ? std::nullopt : std::optional{one.monetary});
  }
  return base;
}

void fit(benchmark::State& state, const cohort::Summary& base, const cohort::LifetimeOptions& options) {
  for (auto _ : state) benchmark::DoNotOptimize(cohort::lifetime(base, options).log_likelihood);
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(base.size()));
}

void BM_LifetimeInDays(benchmark::State& state) {
  fit(state, made_base(state.range(0), 1, false, false), {.threads = static_cast<std::size_t>(state.range(1))});
}
void BM_LifetimeInWeeks(benchmark::State& state) {
  fit(state, made_base(state.range(0), 7, false, false), {.threads = static_cast<std::size_t>(state.range(1))});
}
void BM_LifetimeOnARidge(benchmark::State& state) { fit(state, made_base(state.range(0), 1, false, true), {}); }
void BM_LifetimeWithValue(benchmark::State& state) {
  fit(state, made_base(state.range(0), 1, true, false),
      {.intervals = state.range(1) != 0, .threads = static_cast<std::size_t>(state.range(2))});
}
BENCHMARK(BM_LifetimeInDays)
    ->ArgsProduct({{10'000, 1'000'000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(BM_LifetimeInWeeks)
    ->ArgsProduct({{10'000, 1'000'000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();
BENCHMARK(BM_LifetimeOnARidge)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_LifetimeWithValue)
    ->ArgsProduct({{1'000'000}, {0, 1}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
