#pragma once

#include <cmath>
#include <cstdint>
#include <string>

#include "dealtrail/core/random.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/table.hpp"

// Journeys as the benchmarks of this room share them: geometric length of mean 4, channels alike, log-normal value.
namespace dealtrail::benchmarks {

[[nodiscard]] inline Journeys made_journeys(std::int64_t touches, double converting, std::size_t channels = 20) {
  Random random(1);
  TableBuilder builder{"touches"};
  ColumnBuilder& subject = builder.integer("subject");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& won = builder.boolean("won");
  ColumnBuilder& value = builder.money("value", RUB);
  std::int64_t who = 0;
  for (std::int64_t row = 0; row < touches; ++row) {
    const bool last = random.chance(0.25) || row + 1 == touches;
    const bool converts = last && random.chance(converting);
    subject.append_integer(who);
    at.append_time(from_us(1'700'000'000'000'000 + row * us_per_second));
    channel.append_text("channel-" + std::to_string(10 + random.index(channels)));
    won.append_boolean(converts);
    const double normal = random.uniform_real() + random.uniform_real() + random.uniform_real() - 1.5;
    value.append_minor(converts ? static_cast<std::int64_t>(500'000 * std::exp(2 * normal)) : 0);
    if (last) ++who;
  }
  return Journeys::from_touches(read_all(builder.finish().to_stream(), "touches"),
                                {.converted = "won", .value = "value", .currency = RUB});
}

}  // namespace dealtrail::benchmarks
