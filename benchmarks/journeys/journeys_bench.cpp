// PF.3: ten million touches to journeys, subjects that are numbers and texts, in order of time and shuffled, one thread
// and two; beside it the loop that a programmer would write by hand for the same job.

#include <algorithm>
#include <cstdint>
#include <string>
#include <unordered_map>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace {

using namespace dealtrail;

struct Touches {
  std::vector<std::int64_t> subject;
  std::vector<std::int64_t> at;
  std::vector<std::uint32_t> channel;
  std::vector<bool> converted;
};

// Five touches a subject, twenty channels, one in twenty converts.
Touches made(std::int64_t rows, bool in_order) {
  Random random(1);
  Touches touches;
  for (std::int64_t row = 0; row < rows; ++row) {
    touches.subject.push_back(random.uniform_int(0, rows / 5) * 7919 + 13);
    touches.at.push_back(1'700'000'000'000'000 +
                         (in_order ? row * us_per_second : random.uniform_int(0, rows * us_per_second)));
    touches.channel.push_back(static_cast<std::uint32_t>(random.uniform_int(0, 19)));
    touches.converted.push_back(random.chance(0.05));
  }
  return touches;
}

std::string channel_name(std::uint32_t channel) { return "channel-" + std::to_string(10 + channel); }
std::string subject_name(std::int64_t subject) { return "user_" + std::to_string(subject); }

TableInput table_of(const Touches& touches, bool texts) {
  TableBuilder builder{"touches"};
  ColumnBuilder& subject = texts ? builder.text("subject") : builder.integer("subject");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& converted = builder.boolean("converted");
  for (std::size_t row = 0; row < touches.at.size(); ++row) {
    if (texts) {
      subject.append_text(subject_name(touches.subject[row]));
    } else {
      subject.append_integer(touches.subject[row]);
    }
    at.append_time(from_us(touches.at[row]));
    channel.append_text(channel_name(touches.channel[row]));
    converted.append_boolean(touches.converted[row]);
  }
  return read_all(builder.finish().to_stream(), "touches");
}

void BM_FromTouches(benchmark::State& state) {
  const TableInput table = table_of(made(state.range(0), state.range(2) != 0), state.range(1) != 0);
  const TouchOptions options{.converted = "converted", .threads = static_cast<std::size_t>(state.range(3))};
  for (auto _ : state) {
    const Journeys journeys = Journeys::from_touches(table, options);
    benchmark::DoNotOptimize(journeys.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_FromTouches)
    ->ArgNames({"rows", "texts", "in_order", "threads"})
    ->ArgsProduct({{10'000'000}, {0, 1}, {0, 1}, {1, 2}})
    ->Args({1'000'000, 0, 1, 1})
    ->Unit(benchmark::kMillisecond)
    ->MeasureProcessCPUTime()
    ->UseRealTime();

// By hand: a hash map from subject to number, a counting sort by it, a sort by time of what is out of order, and the
// cut. It takes plain arrays, channels as numbers, and gives the same three columns.
template <class Subject>
std::size_t by_hand(const std::vector<Subject>& subjects, const Touches& touches) {
  const std::size_t rows = subjects.size();
  std::unordered_map<Subject, std::uint32_t> numbers;
  std::vector<std::uint32_t> number_of(rows);
  std::vector<std::uint32_t> counts;
  for (std::size_t row = 0; row < rows; ++row) {
    const auto [found, is_new] = numbers.try_emplace(subjects[row], static_cast<std::uint32_t>(counts.size()));
    if (is_new) counts.push_back(0);
    number_of[row] = found->second;
    ++counts[found->second];
  }
  struct Touch {
    std::int64_t at;
    std::uint32_t channel;
    bool converted;
  };
  std::vector<std::uint64_t> begins(counts.size() + 1);
  for (std::size_t i = 0; i < counts.size(); ++i) begins[i + 1] = begins[i] + counts[i];
  std::vector<std::uint64_t> next(begins.begin(), begins.end() - 1);
  std::vector<Touch> ordered(rows);
  for (std::size_t row = 0; row < rows; ++row)
    ordered[next[number_of[row]]++] = {touches.at[row], touches.channel[row], touches.converted[row]};
  std::vector<std::uint64_t> journey_begins{0};
  const auto before = [](const Touch& lhs, const Touch& rhs) {
    if (lhs.at != rhs.at) return lhs.at < rhs.at;
    if (lhs.channel != rhs.channel) return lhs.channel < rhs.channel;
    return lhs.converted < rhs.converted;
  };
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const auto first = ordered.begin() + static_cast<std::ptrdiff_t>(begins[i]);
    const auto last = ordered.begin() + static_cast<std::ptrdiff_t>(begins[i + 1]);
    if (!std::is_sorted(first, last, before)) std::sort(first, last, before);
    for (std::uint64_t at = begins[i]; at < begins[i + 1]; ++at) {
      if (ordered[at].converted || at + 1 == begins[i + 1]) journey_begins.push_back(at + 1);
    }
  }
  benchmark::DoNotOptimize(ordered.data());
  return journey_begins.size() - 1;
}

void BM_ByHand(benchmark::State& state) {
  const Touches touches = made(state.range(0), state.range(2) != 0);
  std::vector<std::string> names;
  if (state.range(1) != 0) {
    for (const std::int64_t subject : touches.subject) names.push_back(subject_name(subject));
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(names.empty() ? by_hand(touches.subject, touches) : by_hand(names, touches));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_ByHand)
    ->ArgNames({"rows", "texts", "in_order"})
    ->ArgsProduct({{10'000'000}, {0, 1}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

}  // namespace
