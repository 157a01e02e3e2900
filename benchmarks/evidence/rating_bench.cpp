// What a rating costs by the number of partners.
#include <string>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/evidence/rating.hpp"

#include "evidence/draws.hpp"

namespace {

using namespace dealtrail;

void BM_Rating(benchmark::State& state) {
  Random random{1};
  std::vector<evidence::RatingFacts> facts;
  for (int i = 0; i < state.range(0); ++i) {
    evidence::RatingFacts one{.key = "p" + std::to_string(i), .leads = 60, .leads_over = 50, .leads_converted = 20};
    const double rate = 3 * dealtrail::testing::gamma_of_mean_one(random, 6);
    for (int month = 0; month < 24; ++month) {
      one.months.push_back(1);
      one.won.push_back(dealtrail::testing::count(random, rate));
      one.revenue_minor.push_back(one.won.back() * 1'000'000);
    }
    facts.push_back(std::move(one));
  }
  for (auto _ : state) benchmark::DoNotOptimize(evidence::rating(facts, RUB).rows.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Rating)->Arg(40)->Arg(400)->Unit(benchmark::kMillisecond);

}  // namespace
