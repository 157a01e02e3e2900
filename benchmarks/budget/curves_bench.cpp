// What one answer of a curve costs: the money at which the next unit brings a given response.
#include <benchmark/benchmark.h>

#include "dealtrail/budget/curves.hpp"

namespace {

using dealtrail::budget::Curve;

void run(benchmark::State& state, const Curve& curve) {
  double price = curve.slope(curve.inflection() + 1'000);
  for (auto _ : state) {
    benchmark::DoNotOptimize(curve.inverse_slope(price));
    price = price > 1e-6 ? price * 0.999 : 1e-3;
  }
}

void BM_InverseLog(benchmark::State& state) { run(state, Curve::log(12, 20'000)); }
void BM_InverseExponential(benchmark::State& state) { run(state, Curve::exponential(100, 20'000)); }
void BM_InverseHill(benchmark::State& state) { run(state, Curve::hill(100, 20'000, 1.8)); }
BENCHMARK(BM_InverseLog);
BENCHMARK(BM_InverseExponential);
BENCHMARK(BM_InverseHill);

}  // namespace
