// What a call list of many clients costs.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/cohort/falling.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/table/stream.hpp"

#include "table/arrow_arrays.hpp"

namespace {

using namespace dealtrail;

// Ten purchases a client within two years, in any order.
TableInput made_purchases(std::int64_t clients) {
  Random random{1};
  std::vector<std::int64_t> who;
  std::vector<std::int64_t> at;
  std::vector<std::int64_t> amounts;
  for (std::int64_t i = 0; i < clients * 10; ++i) {
    who.push_back(random.uniform_int(0, clients - 1));
    at.push_back(1'700'000'000'000'000 + random.uniform_int(0, 730 * 86'400 - 1) * 1'000'000);
    amounts.push_back(random.uniform_int(1, 900));
  }
  const test::Node whole = test::batch({test::numbers<std::int64_t>("l", who).named("customer"),
                                        test::numbers<std::int64_t>("tsu:UTC", at).named("at"),
                                        test::numbers<std::int64_t>("l", amounts).named("amount")});
  std::vector<OwnedArray> made;
  made.push_back(test::make_array(whole));
  return TableInput::from_batches(test::make_schema(whole), std::move(made), "purchases");
}

void BM_Falling(benchmark::State& state) {
  const TableInput table = made_purchases(state.range(0));
  const cohort::FallingOptions options{.amount = "amount", .threads = static_cast<std::size_t>(state.range(1))};
  for (auto _ : state) benchmark::DoNotOptimize(cohort::falling(table, options).clients.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Falling)
    ->ArgsProduct({{10'000, 1'000'000}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
