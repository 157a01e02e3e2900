// What a live Trail costs: facts one at a time with the cards kept true after each, in order of arrival and shuffled; a
// card; a relinked parent; a table put in bulk; a snapshot.

#include <array>
#include <optional>
#include <string>
#include <type_traits>
#include <unordered_map>
#include <variant>

#include <benchmark/benchmark.h>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/synthetic.hpp"

namespace {

using namespace dealtrail;

Trail filled(const std::vector<synthetic::AnyFact>& facts) {
  Trail trail{RUB};
  for (const auto& fact : facts) std::visit([&](const auto& one) { trail.put(one); }, fact);
  return trail;
}

// As a host does: each fact is put right after it was made. The facts come in small lots, made outside of the measured
// time; a list of all of them would be a gigabyte that the measurement reads from memory instead.
template <class Take>
void in_order_of_arrival(benchmark::State& state, Take&& take) {
  constexpr std::size_t lot_size = 256;
  std::vector<synthetic::AnyFact> lot;
  lot.reserve(lot_size + 64);
  std::int64_t taken = 0;
  for (auto _ : state) {
    state.PauseTiming();
    synthetic::Organiser organiser;
    std::optional into{take()};
    state.ResumeTiming();
    while (organiser.made() < state.range(0)) {
      state.PauseTiming();
      lot.clear();
      while (lot.size() < lot_size) organiser.next(lot);
      state.ResumeTiming();
      for (const auto& fact : lot) (*into)(fact);
    }
    taken += organiser.made();
    state.PauseTiming();
    into.reset();
    state.ResumeTiming();
  }
  state.SetItemsProcessed(taken);
}

void BM_PutInOrderOfArrival(benchmark::State& state) {
  in_order_of_arrival(state, [] {
    return [trail = Trail{RUB}](const synthetic::AnyFact& fact) mutable {
      std::visit([&](const auto& one) { trail.put(one); }, fact);
    };
  });
}
BENCHMARK(BM_PutInOrderOfArrival)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// The floor: the same facts, where each id and each link is only looked up in a std::unordered_map of its kind and
// nothing else is done.
struct LookUps {
  std::array<std::unordered_map<std::string, std::uint32_t>, kind_count> ids;

  void operator()(const synthetic::AnyFact& fact) {
    const auto look_up = [&](Kind kind, const std::string& id) {
      if (id.empty()) return;
      auto& of_kind = ids[static_cast<std::size_t>(kind)];
      of_kind.try_emplace(id, static_cast<std::uint32_t>(of_kind.size()));
    };
    std::visit(
        [&](const auto& one) {
          const Kind kind = one.kind_of_fact;
          look_up(kind, one.id);
          for_each_field(one, [&](std::size_t field, const auto& value) {
            const FieldInfo& info = fields_of(kind)[field];
            if (info.type != FieldType::link) return;
            if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::string>) {
              look_up(info.target, value);
            } else if constexpr (std::is_same_v<std::decay_t<decltype(value)>, std::optional<std::string>>) {
              if (value.has_value()) look_up(info.target, *value);
            }
          });
        },
        fact);
  }
};

void BM_LookUpsAlone(benchmark::State& state) {
  in_order_of_arrival(state, [] { return LookUps{}; });
}
BENCHMARK(BM_LookUpsAlone)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_PutShuffled(benchmark::State& state) {
  auto facts = synthetic::facts({.facts = state.range(0)});
  Random random(2);
  random.shuffle(std::span{facts});
  for (auto _ : state) {
    const Trail trail = filled(facts);
    benchmark::DoNotOptimize(trail.size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(facts.size()));
}
BENCHMARK(BM_PutShuffled)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_BatchShuffled(benchmark::State& state) {
  auto facts = synthetic::facts({.facts = state.range(0)});
  Random random(2);
  random.shuffle(std::span{facts});
  for (auto _ : state) {
    Trail trail{RUB};
    {
      auto batch = trail.batch();
      Draft draft;
      for (const auto& fact : facts) {
        std::visit([&](const auto& one) { fill(draft, one); }, fact);
        batch.put(draft);
      }
    }
    benchmark::DoNotOptimize(trail.size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(facts.size()));
}
BENCHMARK(BM_BatchShuffled)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_Card(benchmark::State& state) {
  const Trail trail = filled(synthetic::facts({.facts = state.range(0)}));
  std::int64_t turn = 0;
  std::vector<std::string> keys;
  for (int i = 0; i < 12; ++i) keys.push_back("channel-" + std::to_string(i));
  for (auto _ : state) {
    const Card card = trail.card(keys[static_cast<std::size_t>(turn++ % 12)]);
    benchmark::DoNotOptimize(card.cost);
  }
}
BENCHMARK(BM_Card)->Arg(1'000'000);

// One announcement with `range` registrations moves to another channel and back.
void BM_RelinkParent(benchmark::State& state) {
  Trail trail{RUB};
  trail.put(Channel{.id = "a", .name = "A"});
  trail.put(Channel{.id = "b", .name = "B"});
  trail.put(Event{.id = "e", .name = "E", .starts_at = from_us(1'700'000'000'000'000)});
  trail.put(Announcement{.id = "x", .channel = "a", .event = "e", .published_at = from_us(1'690'000'000'000'000)});
  {
    auto batch = trail.batch();
    Draft draft;
    for (std::int64_t i = 0; i < state.range(0); ++i) {
      const std::string id = std::to_string(i);
      const Registration registration{
          .id = id, .event = "e", .person = id, .announcement = "x", .at = from_us(1'695'000'000'000'000 + i)};
      fill(draft, registration);
      batch.put(draft);
    }
  }
  bool there = true;
  for (auto _ : state) {
    trail.put(Announcement{
        .id = "x", .channel = there ? "b" : "a", .event = "e", .published_at = from_us(1'690'000'000'000'000)});
    there = !there;
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_RelinkParent)->Arg(1'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// A table of registrations, as a host hands it over.
Table registrations(std::int64_t rows) {
  TableBuilder builder;
  auto& id = builder.text("id");
  auto& event = builder.text("event");
  auto& person = builder.text("person");
  auto& announcement = builder.text("announcement");
  auto& at = builder.time("at");
  Random random(3);
  for (std::int64_t i = 0; i < rows; ++i) {
    id.append_text("registration-" + std::to_string(i));
    event.append_text("event-" + std::to_string(random.uniform_int(0, 99)));
    person.append_text("person-" + std::to_string(random.uniform_int(0, rows / 2)));
    announcement.append_text("announcement-" + std::to_string(random.uniform_int(0, 999)));
    at.append_time(from_us(1'700'000'000'000'000 + i * us_per_second));
  }
  return builder.finish();
}

void BM_BulkPut(benchmark::State& state) {
  const Table table = registrations(state.range(0));
  for (auto _ : state) {
    Trail trail{RUB};
    const TableInput input = read_all(table.to_stream());
    const PutReport report = trail.put(Kind::registrations, input);
    benchmark::DoNotOptimize(report.total().put);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_BulkPut)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void BM_Snapshot(benchmark::State& state) {
  const Trail trail = filled(synthetic::facts({.facts = state.range(0)}));
  std::size_t bytes = 0;
  for (auto _ : state) {
    const std::string snapshot = trail.snapshot();
    bytes = snapshot.size();
    benchmark::DoNotOptimize(bytes);
  }
  state.SetBytesProcessed(state.iterations() * static_cast<std::int64_t>(bytes));
}
BENCHMARK(BM_Snapshot)->Arg(100'000)->Unit(benchmark::kMillisecond);

void BM_Restore(benchmark::State& state) {
  const std::string snapshot = filled(synthetic::facts({.facts = state.range(0)})).snapshot();
  for (auto _ : state) {
    const Trail trail = Trail::restore(snapshot);
    benchmark::DoNotOptimize(trail.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Restore)->Arg(100'000)->Unit(benchmark::kMillisecond);

}  // namespace
