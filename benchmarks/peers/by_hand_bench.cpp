// Speed of the whole job: ten million touches to journeys, five rule models and a chain of order 1, beside the loop
// that a programmer would write by hand for it with doubles, and without intervals. The loop takes plain arrays,
// channels as numbers; figures are compared before anything is timed. One thread and two of ours, one of the loop.

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <span>
#include <stdexcept>
#include <string>
#include <unordered_map>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/attribution/first_touch.hpp"
#include "dealtrail/attribution/last_touch.hpp"
#include "dealtrail/attribution/linear.hpp"
#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/attribution/position_based.hpp"
#include "dealtrail/attribution/time_decay.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace {

using namespace dealtrail;

constexpr std::size_t channels = 20;
constexpr std::size_t models = 6;
using Shares = std::array<std::array<double, channels>, models>;

struct Touch {
  std::int64_t subject;
  std::int64_t at;
  std::uint32_t channel;
  bool converted;
  std::int64_t value;  // minor units
};

// Journeys of geometric length (mean 4) beside each other, in order of time; the last touch of some converts.
std::vector<Touch> made(std::int64_t rows, double converting) {
  Random random(1);
  std::vector<Touch> touches;
  std::int64_t subject = 0;
  while (static_cast<std::int64_t>(touches.size()) < rows) {
    const std::int64_t start = random.uniform_int(0, 180 * us_per_day);
    for (std::int64_t step = 0;; ++step) {
      const bool last = random.chance(0.25);
      const bool converted = last && random.chance(converting);
      const double spread = random.uniform_real() + random.uniform_real() + random.uniform_real() - 1.5;
      touches.push_back({subject * 7919 + 13, 1'700'000'000'000'000 + start + step * 40'000 * us_per_second,
                         static_cast<std::uint32_t>(random.index(channels)), converted,
                         converted ? static_cast<std::int64_t>(500'000 * std::exp(2 * spread)) : 0});
      if (last) break;
    }
    ++subject;
  }
  std::sort(touches.begin(), touches.end(), [](const Touch& lhs, const Touch& rhs) { return lhs.at < rhs.at; });
  return touches;
}

std::string channel_name(std::size_t channel) { return "channel-" + std::to_string(10 + channel); }

TableInput table_of(std::span<const Touch> touches) {
  TableBuilder builder{"touches"};
  ColumnBuilder& subject = builder.integer("subject");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& converted = builder.boolean("converted");
  ColumnBuilder& value = builder.real("value");
  for (const Touch& touch : touches) {
    subject.append_integer(touch.subject);
    at.append_time(from_us(touch.at));
    channel.append_text(channel_name(touch.channel));
    converted.append_boolean(touch.converted);
    value.append_real(static_cast<double>(touch.value) / 100);
  }
  return read_all(builder.finish().to_stream(), "touches");
}

// What is left of the conversions when whoever comes to `removed` is lost: the chain is solved again for each channel.
double converting_part(const std::vector<std::array<double, channels + 1>>& chain, std::span<const double> starts,
                       std::size_t removed) {
  std::array<std::array<double, channels + 1>, channels> equations{};
  for (std::size_t from = 0; from < channels; ++from) {
    equations[from][from] = 1;
    if (from == removed) continue;
    for (std::size_t to = 0; to < channels; ++to) {
      if (to != removed) equations[from][to] -= chain[from][to];
    }
    equations[from][channels] = chain[from][channels];
  }
  for (std::size_t pivot = 0; pivot < channels; ++pivot) {
    for (std::size_t row = 0; row < channels; ++row) {
      if (row == pivot) continue;
      const double times = equations[row][pivot] / equations[pivot][pivot];
      for (std::size_t column = pivot; column <= channels; ++column)
        equations[row][column] -= times * equations[pivot][column];
    }
  }
  double part = 0;
  for (std::size_t from = 0; from < channels; ++from) {
    if (from != removed) part += starts[from] * equations[from][channels] / equations[from][from];
  }
  return part;
}

// A hash map from subject to number, a counting sort by it, a sort by time of what is out of order, the cut; credit in
// doubles; counts of the chain.
Shares by_hand(std::span<const Touch> touches) {
  std::unordered_map<std::int64_t, std::uint32_t> numbers;
  std::vector<std::uint32_t> number_of(touches.size());
  std::vector<std::uint32_t> counts;
  for (std::size_t row = 0; row < touches.size(); ++row) {
    const auto [found, is_new] = numbers.try_emplace(touches[row].subject, static_cast<std::uint32_t>(counts.size()));
    if (is_new) counts.push_back(0);
    number_of[row] = found->second;
    ++counts[found->second];
  }
  std::vector<std::uint64_t> begins(counts.size() + 1);
  for (std::size_t i = 0; i < counts.size(); ++i) begins[i + 1] = begins[i] + counts[i];
  std::vector<std::uint64_t> next(begins.begin(), begins.end() - 1);
  std::vector<Touch> ordered(touches.size());
  for (std::size_t row = 0; row < touches.size(); ++row) ordered[next[number_of[row]]++] = touches[row];

  Shares values{};
  std::vector<std::array<double, channels + 1>> chain(channels);
  std::array<double, channels> starts{};
  std::array<double, channels> leaves{};
  std::vector<double> decayed;
  double journeys = 0;
  const auto journey = [&](std::span<const Touch> path) {
    const double won = path.back().converted ? 1 : 0;
    ++journeys;
    ++starts[path.front().channel];
    for (std::size_t i = 0; i + 1 < path.size(); ++i) {
      if (path[i].channel == path[i + 1].channel) continue;
      ++chain[path[i].channel][path[i + 1].channel];
      ++leaves[path[i].channel];
    }
    chain[path.back().channel][channels] += won;
    ++leaves[path.back().channel];
    if (won == 0) return;
    const auto value = static_cast<double>(path.back().value);
    const auto touches_of = static_cast<double>(path.size());
    values[0][path.front().channel] += value;
    values[1][path.back().channel] += value;
    for (const Touch& touch : path) values[2][touch.channel] += value / touches_of;
    if (path.size() == 1) {
      values[3][path.front().channel] += value;
    } else {
      const double ends = path.size() == 2 ? 0.5 : 0.4;
      values[3][path.front().channel] += value * ends;
      values[3][path.back().channel] += value * ends;
      for (std::size_t i = 1; i + 1 < path.size(); ++i) values[3][path[i].channel] += value * 0.2 / (touches_of - 2);
    }
    decayed.clear();
    double all = 0;
    for (const Touch& touch : path) {
      decayed.push_back(
          std::exp2(-static_cast<double>(path.back().at - touch.at) / static_cast<double>(7 * us_per_day)));
      all += decayed.back();
    }
    for (std::size_t i = 0; i < path.size(); ++i) values[4][path[i].channel] += value * decayed[i] / all;
  };
  for (std::size_t subject = 0; subject < counts.size(); ++subject) {
    const std::span path = std::span{ordered}.subspan(begins[subject], counts[subject]);
    const auto before = [](const Touch& lhs, const Touch& rhs) { return lhs.at < rhs.at; };
    if (!std::is_sorted(path.begin(), path.end(), before)) std::sort(path.begin(), path.end(), before);
    std::size_t begin = 0;
    for (std::size_t i = 0; i < path.size(); ++i) {
      if (!path[i].converted && i + 1 < path.size()) continue;
      journey(path.subspan(begin, i + 1 - begin));
      begin = i + 1;
    }
  }
  for (std::size_t from = 0; from < channels; ++from) {
    for (double& to : chain[from]) to /= std::max(leaves[from], 1.0);
    starts[from] /= journeys;
  }
  const double whole = converting_part(chain, starts, channels);
  for (std::size_t channel = 0; channel < channels; ++channel)
    values[5][channel] = 1 - converting_part(chain, starts, channel) / whole;
  return values;
}

Shares ours(const TableInput& table, std::size_t threads) {
  const Journeys journeys =
      Journeys::from_touches(table, {.converted = "converted", .value = "value", .currency = RUB, .threads = threads});
  const std::array rules{attribution::first_touch_rule(), attribution::last_touch_rule(), attribution::linear_rule(),
                         attribution::position_based_rule(), attribution::time_decay_rule()};
  std::vector<Credit> credits = credit(journeys, rules, {.intervals = false, .threads = threads});
  credits.push_back(attribution::markov(journeys, {}, {.intervals = false, .threads = threads}));
  Shares values{};
  for (std::size_t model = 0; model < models; ++model) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      const ChannelCredit& one = credits[model].channels.at(channel);
      values[model][channel] = model == 5 ? one.score.value() : static_cast<double>(one.value.value());
    }
  }
  return values;
}

void require_alike(const Shares& lhs, const Shares& rhs) {
  for (std::size_t model = 0; model < models; ++model) {
    for (std::size_t channel = 0; channel < channels; ++channel) {
      if (std::fabs(lhs[model][channel] - rhs[model][channel]) > 1e-6 * std::fabs(lhs[model][channel]))
        throw std::runtime_error("model " + std::to_string(model) + " is not that of the loop by hand");
    }
  }
}

double part_of(const benchmark::State& state) { return static_cast<double>(state.range(0)) / 100; }

void BM_FiveRulesAndAChain(benchmark::State& state) {
  const std::vector<Touch> touches = made(10'000'000, part_of(state));
  const TableInput table = table_of(touches);
  const auto threads = static_cast<std::size_t>(state.range(1));
  require_alike(by_hand(touches), ours(table, threads));
  for (auto _ : state) benchmark::DoNotOptimize(ours(table, threads));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(touches.size()));
}
BENCHMARK(BM_FiveRulesAndAChain)
    ->ArgNames({"converting_%", "threads"})
    ->ArgsProduct({{3, 100}, {1, 2}})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

void BM_FiveRulesAndAChainByHand(benchmark::State& state) {
  const std::vector<Touch> touches = made(10'000'000, part_of(state));
  for (auto _ : state) benchmark::DoNotOptimize(by_hand(touches));
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(touches.size()));
}
BENCHMARK(BM_FiveRulesAndAChainByHand)
    ->ArgName("converting_%")
    ->Arg(3)
    ->Arg(100)
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

}  // namespace
