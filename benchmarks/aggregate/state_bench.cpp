// Mergeable states: rows in, states together, bytes out.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/aggregate/conversion_state.hpp"
#include "dealtrail/aggregate/money_sum_state.hpp"
#include "dealtrail/core/random.hpp"

namespace dealtrail {
namespace {

void BM_ConversionUpdate(benchmark::State& state) {
  Random random{1};
  std::vector<std::uint8_t> won(static_cast<std::size_t>(state.range(0)));
  for (std::uint8_t& flag : won) flag = random.chance(0.3) ? 1 : 0;
  for (auto _ : state) {
    ConversionState conversion;
    conversion.update(won);
    benchmark::DoNotOptimize(conversion);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void BM_MoneySumUpdate(benchmark::State& state) {
  Random random{1};
  std::vector<Money> amounts(static_cast<std::size_t>(state.range(0)));
  for (Money& amount : amounts) amount = {random.uniform_int(-1'000'000, 1'000'000), RUB};
  for (auto _ : state) {
    MoneySumState sum;
    sum.update(amounts);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

// The life of a fact in a live card: taken out as it was, put in as it is.
void BM_MoneySumReplaceOne(benchmark::State& state) {
  MoneySumState sum{1000, MoneySum{1'000'000}, RUB};
  const MoneySumState was{1, MoneySum{500}, RUB};
  const MoneySumState is{1, MoneySum{700}, RUB};
  for (auto _ : state) {
    sum.subtract(was);
    sum.merge(is);
    benchmark::DoNotOptimize(sum);
  }
  state.SetItemsProcessed(state.iterations());
}

void BM_ConversionBytes(benchmark::State& state) {
  const ConversionState conversion{1000, 300};
  for (auto _ : state) benchmark::DoNotOptimize(ConversionState::from_bytes(conversion.to_bytes()));
}

BENCHMARK(BM_ConversionUpdate)->Arg(1'000'000);
BENCHMARK(BM_MoneySumUpdate)->Arg(1'000'000);
BENCHMARK(BM_MoneySumReplaceOne);
BENCHMARK(BM_ConversionBytes);

}  // namespace
}  // namespace dealtrail
