// What identity costs: a million contacts put in bulk and joined; one more contact of a Trail that holds them; one more
// behind a switchboard of all of them; who is one with whom as a table.

#include <cstdint>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>

#include "dealtrail/answers/identities.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

namespace {

using namespace dealtrail;

std::string spelled(std::int64_t number, Random& random) {
  const std::string digits = std::to_string(9'000'000'000 + number);
  switch (random.index(3)) {
    case 0: return "+7" + digits;
    case 1:
      return "8 (" + digits.substr(0, 3) + ") " + digits.substr(3, 3) + "-" + digits.substr(6, 2) + "-" +
             digits.substr(8);
    default: return "8" + digits;
  }
}

// Three contacts of two cards: a phone of both in two spellings, an address of one.
std::vector<ContactPoint> contacts(std::int64_t count) {
  Random random{1};
  std::vector<ContactPoint> made;
  for (std::int64_t i = 0; static_cast<std::int64_t>(made.size()) < count; ++i) {
    for (const std::int64_t card : {2 * i, 2 * i + 1}) {
      made.push_back({.id = "p" + std::to_string(card),
                      .person = std::to_string(card),
                      .kind = "phone",
                      .value = spelled(1 + i, random)});
    }
    made.push_back({.id = "e" + std::to_string(i),
                    .person = std::to_string(2 * i),
                    .kind = "email",
                    .value = "Guest" + std::to_string(i) + "@Example.com"});
  }
  random.shuffle(made);
  return made;
}

Trail filled(const std::vector<ContactPoint>& made) {
  Trail trail{RUB};
  auto batch = trail.batch(made.size());
  for (const ContactPoint& contact : made) batch.put(contact);
  batch.finish();
  return trail;
}

void BM_JoinInBulk(benchmark::State& state) {
  const auto made = contacts(state.range(0));
  for (auto _ : state) {
    const Trail trail = filled(made);
    benchmark::DoNotOptimize(trail.size());
  }
  state.SetItemsProcessed(state.iterations() * static_cast<std::int64_t>(made.size()));
}
BENCHMARK(BM_JoinInBulk)->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// The cost must not grow with what is there.
void BM_OneMoreContact(benchmark::State& state) {
  const auto made = contacts(state.range(0));
  Trail trail = filled(made);
  std::size_t next = 0;
  for (auto _ : state) {
    ContactPoint contact = made[next++ % made.size()];
    contact.id = "late" + std::to_string(next);
    trail.put(contact);
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OneMoreContact)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

void BM_OneMoreBehindASwitchboard(benchmark::State& state) {
  Trail trail{RUB};
  {
    auto batch = trail.batch(static_cast<std::size_t>(state.range(0)));
    for (std::int64_t i = 0; i < state.range(0); ++i)
      batch.put(
          ContactPoint{.id = std::to_string(i), .person = std::to_string(i), .kind = "phone", .value = "84951112233"});
  }
  std::int64_t next = state.range(0);
  for (auto _ : state) {
    const std::string id = std::to_string(++next);
    trail.put(ContactPoint{.id = id, .person = id, .kind = "phone", .value = "8 495 111-22-33"});
  }
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(BM_OneMoreBehindASwitchboard)->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMicrosecond);

void BM_Identities(benchmark::State& state) {
  const Trail trail = filled(contacts(state.range(0)));
  for (auto _ : state) {
    const Table table = identities(trail, Kind::people);
    benchmark::DoNotOptimize(table.rows());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(BM_Identities)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

}  // namespace
