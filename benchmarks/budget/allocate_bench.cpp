// What an allocation costs: concave and S-shaped families by size, announcements with packages.
#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/budget/allocate.hpp"

#include "problems.hpp"

namespace {

using namespace dealtrail::budget;

void run(benchmark::State& state, bench::Family family) {
  const auto n = static_cast<std::size_t>(state.range(0));
  std::vector<std::vector<Channel>> problems;
  for (std::uint64_t seed = 0; seed < 20; ++seed) problems.push_back(bench::family(family, n, seed));
  std::size_t at = 0;
  for (auto _ : state) {
    const Plan plan = allocate(problems[at++ % problems.size()], {.budget = bench::budget_of(n)});
    benchmark::DoNotOptimize(plan.value);
  }
}

void BM_AllocateExponential(benchmark::State& state) { run(state, bench::Family::exponential); }
void BM_AllocateConcaveHill(benchmark::State& state) { run(state, bench::Family::concave_hill); }
void BM_AllocateMixedHill(benchmark::State& state) { run(state, bench::Family::mixed_hill); }
void BM_AllocateSHill(benchmark::State& state) { run(state, bench::Family::s_hill); }
BENCHMARK(BM_AllocateExponential)->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_AllocateConcaveHill)->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_AllocateMixedHill)->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_AllocateSHill)->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);

void BM_AllocateAnnouncements(benchmark::State& state) {
  const auto n = static_cast<std::size_t>(state.range(0));
  std::vector<std::vector<Channel>> problems;
  for (std::uint64_t seed = 0; seed < 20; ++seed) problems.push_back(bench::announcements(n, seed));
  std::size_t at = 0;
  for (auto _ : state) {
    const Plan plan = allocate(problems[at++ % problems.size()], {.budget = bench::budget_of(n)});
    benchmark::DoNotOptimize(plan.value);
  }
}
BENCHMARK(BM_AllocateAnnouncements)->Arg(10)->Arg(30)->Unit(benchmark::kMicrosecond);

}  // namespace
