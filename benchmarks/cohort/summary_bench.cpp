// What summaries of many purchases cost.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/cohort/summary.hpp"
#include "dealtrail/core/random.hpp"

#include "support/event_rows.hpp"

namespace {

using namespace dealtrail;

void BM_Summary(benchmark::State& state) {
  Random random{1};
  std::vector<dealtrail::testing::EventRow> rows(static_cast<std::size_t>(state.range(0)));
  for (auto& row : rows) {
    row.subject = std::to_string(random.uniform_int(0, state.range(0) / 5));
    row.at = 1'767'225'600'000'000 + random.uniform_int(0, 300 * 86'400) * 1'000'000;
    row.value = random.uniform_int(1, 900);
  }
  const TableInput table = dealtrail::testing::event_table(rows, dealtrail::testing::SubjectForm::number);
  for (auto _ : state) {
    const cohort::SummaryOptions options{.customer = "subject", .amount = "value"};
    benchmark::DoNotOptimize(cohort::summary(table, options).size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Summary)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
