// What a check of a certificate and its JSON text cost.
#include <benchmark/benchmark.h>

#include "dealtrail/budget/certificate.hpp"

#include "problems.hpp"

namespace {

using namespace dealtrail::budget;

Certificate made(std::size_t n) {
  return allocate(bench::family(bench::Family::s_hill, n, 2), {.budget = bench::budget_of(n)}).certificate;
}

void BM_Verify(benchmark::State& state) {
  const Certificate certificate = made(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(verify(certificate).valid);
}
void BM_CertificateJson(benchmark::State& state) {
  const Certificate certificate = made(static_cast<std::size_t>(state.range(0)));
  for (auto _ : state) benchmark::DoNotOptimize(to_json(certificate).size());
}
BENCHMARK(BM_Verify)->Arg(10)->Arg(100)->Arg(1'000)->Unit(benchmark::kMicrosecond);
BENCHMARK(BM_CertificateJson)->Arg(100)->Unit(benchmark::kMicrosecond);

}  // namespace
