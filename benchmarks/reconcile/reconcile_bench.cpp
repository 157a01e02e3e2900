// What comparing two tables costs.
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/reconcile/reconcile.hpp"

#include "reconcile/slow_reconcile.hpp"

namespace {

using namespace dealtrail;

std::vector<testing::Sale> drawn(std::uint64_t seed, std::int64_t rows) {
  Random random{seed};
  std::vector<testing::Sale> sales;
  for (std::int64_t i = 0; i < rows; ++i) {
    const std::uint64_t key = random.index(static_cast<std::uint64_t>(rows) * 2);
    const auto amount = static_cast<std::int64_t>(1000 + key % 9973 + (random.index(50) == 0 ? 1 : 0));
    const auto day = static_cast<std::int64_t>(20'000 + key % 300);
    sales.push_back({"contract-" + std::to_string(key), amount, day, "m" + std::to_string(key % 20)});
  }
  return sales;
}

void BM_Reconcile(benchmark::State& state) {
  const TableInput a = testing::table_of(drawn(1, state.range(0)));
  const TableInput b = testing::table_of(drawn(2, state.range(0)));
  reconcile::ReconcileOptions options;
  options.on = {{"contract", "contract"}};
  options.amount = {"amount", "amount"};
  options.at = {"at", "at"};
  options.by = {"by", "by"};
  for (auto _ : state) benchmark::DoNotOptimize(reconcile::reconcile(a, b, options).lines.rows());
  state.SetItemsProcessed(state.iterations() * state.range(0) * 2);
}
BENCHMARK(BM_Reconcile)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
