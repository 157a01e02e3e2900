// What a funnel of six steps over many events costs.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/funnel/event_funnel.hpp"

#include "support/event_rows.hpp"

namespace {

using namespace dealtrail;

void run(benchmark::State& state, FunnelEntry entry) {
  Random random{1};
  std::vector<dealtrail::testing::EventRow> rows(static_cast<std::size_t>(state.range(0)));
  for (auto& row : rows) {
    row.subject = std::to_string(random.uniform_int(0, state.range(0) / 10));
    row.at = 1'767'225'600'000'000 + random.uniform_int(0, 30 * 86'400) * 1'000'000;
    row.event = std::string(1, static_cast<char>('a' + random.uniform_int(0, 5)));
  }
  const TableInput table = dealtrail::testing::event_table(rows, dealtrail::testing::SubjectForm::number);
  EventFunnelOptions options{.entry = entry, .window_us = 7 * 86'400'000'000};
  for (const char* name : {"a", "b", "c", "d", "e", "f"}) options.steps.push_back({.name = name, .any = {name}});
  for (auto _ : state) benchmark::DoNotOptimize(event_funnel(table, options).paths.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
void BM_EventFunnelBest(benchmark::State& state) { run(state, FunnelEntry::best); }
void BM_EventFunnelFirst(benchmark::State& state) { run(state, FunnelEntry::first); }
BENCHMARK(BM_EventFunnelBest)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_EventFunnelFirst)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
