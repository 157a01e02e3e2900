// What a frontier of 100 budgets costs.
#include <benchmark/benchmark.h>

#include "dealtrail/budget/plan.hpp"

#include "problems.hpp"

namespace {

using namespace dealtrail::budget;

void run(benchmark::State& state, bench::Family family) {
  const auto n = static_cast<std::size_t>(state.range(0));
  const Plan plan = allocate(bench::family(family, n, 1), {.budget = bench::budget_of(n)});
  for (auto _ : state) benchmark::DoNotOptimize(frontier(plan, 100).rows());
}

void BM_FrontierConcaveHill(benchmark::State& state) { run(state, bench::Family::concave_hill); }
void BM_FrontierSHill(benchmark::State& state) { run(state, bench::Family::s_hill); }
BENCHMARK(BM_FrontierConcaveHill)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);
BENCHMARK(BM_FrontierSHill)->Arg(10)->Arg(100)->Unit(benchmark::kMillisecond);

}  // namespace
