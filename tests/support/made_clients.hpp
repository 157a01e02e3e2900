#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "dealtrail/core/random.hpp"

#include "support/made_customers.hpp"

// A base of clients of whom a tenth falls: steady buyers with a season, and organisers that sell in bursts.
namespace dealtrail::testing {

struct MadePurchase {
  std::int64_t client = 0;
  std::int64_t day = 0;
  std::int64_t amount = 0;  // minor units
  std::int64_t event = -1;  // of an organiser; -1: none
  std::int64_t event_day = 0;
};

struct MadeClients {
  std::vector<MadePurchase> purchases{};
  std::vector<std::uint8_t> falls{};  // by client
  std::int64_t end_day = 1000;
};

[[nodiscard]] inline std::int64_t poisson_draw(Random& random, double mean) {
  double sum = 0;
  for (std::int64_t count = 0;; ++count) {
    sum -= std::log(1 - random.uniform_real());
    if (sum > mean) return count;
  }
}

/// Falls begin 30 to 80 days before the end and leave a tenth to two fifths.
[[nodiscard]] inline MadeClients made_clients(std::uint64_t seed, std::int64_t clients) {
  Random random{seed};
  MadeClients made;
  for (std::int64_t client = 0; client < clients; ++client) {
    const bool falls = random.chance(0.1);
    const bool organiser = random.chance(0.4);
    made.falls.push_back(falls ? 1 : 0);
    const std::int64_t start = random.uniform_int(0, 500);
    const std::int64_t fall_day = made.end_day - random.uniform_int(30, 80);
    const double left = 0.1 + 0.3 * random.uniform_real();
    const double size = 2'000 + gamma_draw(random, 2) * 10'000;
    const auto buy = [&](std::int64_t day, double mean, std::int64_t event, std::int64_t event_day) {
      if (day < start || day >= made.end_day) return;
      if (falls && day >= fall_day) mean *= left;
      for (std::int64_t count = poisson_draw(random, mean); count > 0; --count) {
        const double amount = size * (0.5 + gamma_draw(random, 4) / 8);
        made.purchases.push_back({client, day, static_cast<std::int64_t>(amount) + 1, event, event_day});
      }
    };
    if (!organiser) {
      const double rate = 0.1 + gamma_draw(random, 1.5) * 0.15;
      const double season = 0.3 * random.uniform_real();
      for (std::int64_t day = start; day < made.end_day; ++day)
        buy(day, rate * (1 + season * std::sin(6.2832 * static_cast<double>(day) / 365)), -1, 0);
      continue;
    }
    const std::int64_t every = random.uniform_int(35, 90);
    const double sold = 15 + gamma_draw(random, 2) * 20;
    std::int64_t number = 0;
    for (std::int64_t day = start + 60; day < made.end_day + 60; ++number) {
      const double popular = 0.7 + 0.6 * random.uniform_real();
      for (std::int64_t before = 60; before > 0; --before) {
        const double mean = sold * popular * std::exp(-static_cast<double>(before - 1) / 15) / 15;
        buy(day - before, mean, client * 1000 + number, day);
      }
      day += every + random.uniform_int(-8, 8);
    }
  }
  return made;
}

}  // namespace dealtrail::testing
