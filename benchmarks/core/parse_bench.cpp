// The hot path of loading: one time and one amount for each row; ids of content for rows without one.
#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/hash.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/core/random.hpp"

namespace dealtrail {
namespace {

constexpr std::size_t texts = 4096;

template <class Make>
std::vector<std::string> made(Make make) {
  Random random{1};
  std::vector<std::string> all;
  for (std::size_t i = 0; i < texts; ++i) all.push_back(make(random));
  return all;
}

template <class Read>
void read_all(benchmark::State& state, const std::vector<std::string>& all, Read read) {
  for (auto _ : state) {
    for (const std::string& text : all) benchmark::DoNotOptimize(read(text));
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(all.size()));
}

std::string two(std::int64_t number) { return (number < 10 ? "0" : "") + std::to_string(number); }

void BM_ParseIsoTime(benchmark::State& state) {
  const auto all = made([](Random& random) {
    return "2026-" + two(random.uniform_int(1, 12)) + "-" + two(random.uniform_int(1, 28)) + "T" +
           two(random.uniform_int(0, 23)) + ":" + two(random.uniform_int(0, 59)) + ":" +
           two(random.uniform_int(0, 59)) + "+03:00";
  });
  const TimeFormat format;
  read_all(state, all, [&](std::string_view text) { return parse_time(text, format); });
}

void BM_ParsePatternTime(benchmark::State& state) {
  const auto all = made([](Random& random) {
    return two(random.uniform_int(1, 28)) + "." + two(random.uniform_int(1, 12)) + ".2026 " +
           two(random.uniform_int(0, 23)) + ":" + two(random.uniform_int(0, 59));
  });
  const TimeFormat format = TimeFormat::declared("dd.mm.yyyy hh:mm[:ss]", Zone::fixed(3 * 3600));
  read_all(state, all, [&](std::string_view text) { return parse_time(text, format); });
}

void BM_ParsePlainMoney(benchmark::State& state) {
  const auto all = made([](Random& random) { return to_decimal_text(random.uniform_int(0, 100'000'000), 2); });
  read_all(state, all, [](std::string_view text) { return parse_money_minor(text, 2); });
}

void BM_ParseGroupedMoney(benchmark::State& state) {
  const auto all =
      made([](Random& random) { return std::to_string(random.uniform_int(1, 999)) + "\u00A0204,50\u00A0\u20BD"; });
  read_all(state, all, [](std::string_view text) { return parse_money_minor(text, 2, {',', '.'}); });
}

void BM_StableHash64(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(stable_hash64(text));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

void BM_StableHash128(benchmark::State& state) {
  const std::string text(static_cast<std::size_t>(state.range(0)), 'x');
  for (auto _ : state) benchmark::DoNotOptimize(stable_hash128(text));
  state.SetBytesProcessed(state.iterations() * state.range(0));
}

BENCHMARK(BM_ParseIsoTime);
BENCHMARK(BM_ParsePatternTime);
BENCHMARK(BM_ParsePlainMoney);
BENCHMARK(BM_ParseGroupedMoney);
BENCHMARK(BM_StableHash64)->Arg(12)->Arg(100)->Arg(10'000);
BENCHMARK(BM_StableHash128)->Arg(100)->Arg(10'000);

}  // namespace
}  // namespace dealtrail
