// What a verdict costs, and how often it is wrong: the large simulations behind docs/evidence/judge.md. The counters
// are the figures; time is of one whole simulation.
#include <cmath>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/evidence/detail/drop_test.hpp"
#include "dealtrail/evidence/detail/mixture.hpp"
#include "dealtrail/evidence/judge.hpp"

#include "evidence/draws.hpp"

namespace {

using namespace dealtrail;
using dealtrail::testing::add_channel;
using dealtrail::testing::gamma_of_mean_one;

std::string name_of(int channel) { return "c" + std::to_string(1000 + channel); }

std::vector<Placement> placements(std::uint64_t seed, int channels, int each) {
  Random random{seed};
  std::vector<Placement> rows;
  for (int i = 0; i < channels; ++i) add_channel(rows, random, name_of(i), each, 8, gamma_of_mean_one(random, 10), 1.5);
  return rows;
}

void BM_Judge(benchmark::State& state) {
  const Placements view = Placements::from_rows(placements(1, static_cast<int>(state.range(0)), 8), RUB);
  for (auto _ : state) benchmark::DoNotOptimize(evidence::judge(view).rows.size());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Judge)->Arg(10)->Arg(40)->Arg(400)->Unit(benchmark::kMillisecond);

// Channels at the benchmark, looked at after each of 30 placements of 8 results: the share whose e-value passes 20 at
// some look, with the dispersion estimated from so many channels as `judge` does. Arguments: channels, dispersion
// times 10.
void BM_FalseDrops(benchmark::State& state) {
  using namespace evidence::detail;
  const auto channels = static_cast<std::size_t>(state.range(0));
  const double dispersion = static_cast<double>(state.range(1)) / 10;
  const int runs = channels >= 40 ? 300 : 3000;
  std::vector<double> points(31);
  for (std::size_t look = 2; look <= 30; ++look) {
    const double degrees = static_cast<double>(channels * (look - 1));
    const Mixture chi_square{Family::rate, {{1, degrees / 2, 0.5}}};
    points[look] = channels < 10 ? chi_square.quantile(channels < 5 ? 0.1 : 0.3) : degrees;
  }
  for (auto _ : state) {
    Random random{3};
    int wrong = 0;
    for (int run = 0; run < runs; ++run) {
      std::vector<double> sums(channels, 0.0);
      std::vector<double> squares(channels, 0.0);
      for (std::size_t look = 1; look <= 30; ++look) {
        const auto times = static_cast<double>(look);
        double chi_square = 0;
        for (std::size_t i = 0; i < channels; ++i) {
          const auto y = static_cast<double>(dealtrail::testing::count(random, 8, dispersion));
          sums[i] += y;
          squares[i] += y * y;
          const double mean = sums[i] / times;
          if (mean > 0) chi_square += (squares[i] - times * mean * mean) / mean;
        }
        if (look == 1) continue;
        const double wide = std::fmax(1, chi_square / points[look]);
        if (log_e_of_rate(sums[0] / wide, 8 * times / wide) < std::log(20.0)) continue;
        ++wrong;
        break;
      }
    }
    state.counters["false_drops"] = static_cast<double>(wrong) / runs;
  }
}
BENCHMARK(BM_FalseDrops)->ArgsProduct({{1, 3, 5, 40}, {10, 15, 30}})->Iterations(1)->Unit(benchmark::kSecond);

// The same with a benchmark that is itself a count of other channels. Argument: how many results it stands on.
void BM_FalseDropsAgainstAnEstimate(benchmark::State& state) {
  using namespace evidence::detail;
  const auto known = static_cast<double>(state.range(0));
  for (auto _ : state) {
    Random random{21};
    int wrong = 0;
    int plugged_in = 0;
    constexpr int runs = 2000;
    for (int run = 0; run < runs; ++run) {
      const auto others = static_cast<double>(dealtrail::testing::count(random, known));
      double sum = 0;
      bool passed = false;
      bool plugged = false;
      for (int look = 1; look <= 30; ++look) {
        sum += static_cast<double>(dealtrail::testing::count(random, 8));
        const double expected = 8 * look * others / known;
        plugged = plugged || log_e_of_rate(sum, expected) >= std::log(20.0);
        if (passed || sum > expected) continue;
        passed = log_e_of_two_rates(sum, 8 * look, others, known) >= std::log(20.0);
      }
      wrong += passed ? 1 : 0;
      plugged_in += plugged ? 1 : 0;
    }
    state.counters["false_drops"] = static_cast<double>(wrong) / runs;
    state.counters["if_plugged_in"] = static_cast<double>(plugged_in) / runs;
  }
}
BENCHMARK(BM_FalseDropsAgainstAnEstimate)->Arg(40)->Arg(200)->Iterations(1)->Unit(benchmark::kSecond);

// Pools whose rates really differ: how many 90 % intervals hold the truth, and how far the reported rate of kept
// channels is from it. Arguments: channels, placements each, relative spread of rates in percent, dispersion times 10.
void BM_Coverage(benchmark::State& state) {
  const auto channels = static_cast<int>(state.range(0));
  const double spread = static_cast<double>(state.range(2)) / 100;
  const double dispersion = static_cast<double>(state.range(3)) / 10;
  for (auto _ : state) {
    Random random{4};
    int inside = 0;
    int all = 0;
    double reported = 0;
    double true_rate = 0;
    for (int run = 0; run < 1000 / channels; ++run) {
      std::vector<Placement> rows;
      std::vector<double> truth;
      for (int i = 0; i < channels; ++i) {
        truth.push_back(gamma_of_mean_one(random, 1 / (spread * spread)));
        add_channel(rows, random, name_of(i), static_cast<int>(state.range(1)), 8, truth.back(), dispersion);
      }
      const auto judged = evidence::judge(Placements::from_rows(rows, RUB)).rows;
      for (std::size_t i = 0; i < judged.size(); ++i) {
        const double rate = truth[i] / 10;
        inside += rate >= *judged[i].rate_low && rate <= *judged[i].rate_high ? 1 : 0;
        ++all;
        if (judged[i].verdict != evidence::Verdict::keep) continue;
        reported += *judged[i].rate;
        true_rate += rate;
      }
    }
    state.counters["coverage"] = static_cast<double>(inside) / all;
    state.counters["kept_reported_over_true"] = reported / true_rate;
  }
}
BENCHMARK(BM_Coverage)->ArgsProduct({{4, 10, 40}, {3, 8}, {20, 50}, {10, 20}})->Iterations(1)->Unit(benchmark::kSecond);

}  // namespace
