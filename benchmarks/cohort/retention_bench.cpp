// What weekly and daily retention of many subjects costs.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/cohort/retention.hpp"
#include "dealtrail/core/random.hpp"

#include "support/event_rows.hpp"

namespace {

using namespace dealtrail;

void retain(benchmark::State& state, PeriodKind every) {
  Random random{1};
  std::vector<dealtrail::testing::EventRow> rows(static_cast<std::size_t>(state.range(0)));
  for (auto& row : rows) {
    row.subject = std::to_string(random.uniform_int(0, state.range(0) / 10));
    row.at = 1'767'225'600'000'000 + random.uniform_int(0, 180 * 86'400) * 1'000'000;
  }
  const TableInput table = dealtrail::testing::event_table(rows, dealtrail::testing::SubjectForm::number);
  for (auto _ : state) benchmark::DoNotOptimize(cohort::retention(table, {.every = every}).cells.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void BM_RetentionWeekly(benchmark::State& state) { retain(state, PeriodKind::week); }
void BM_RetentionDaily(benchmark::State& state) { retain(state, PeriodKind::day); }
BENCHMARK(BM_RetentionWeekly)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_RetentionDaily)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
