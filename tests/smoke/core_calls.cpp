#include <array>
#include <cstddef>
#include <cstdint>
#include <everything.hpp>
#include <string>
#include <vector>

std::size_t answers_of_every_core_call();

// As in calls.cpp, of the room of values.
std::size_t answers_of_every_core_call() {
  using namespace dealtrail;
  std::size_t answers = 0;
  const Zone east = Zone::fixed(3 * 3600);
  const Zone moved = Zone::from_transitions("moved", {{.utc_us = us_per_day, .offset_s = 7200}}, 3600);
  if (Zone::from_bytes(moved.to_bytes()) == moved) ++answers;
  if (east.offset_at(from_us(0)) == 10'800 && east.to_utc(east.to_local(from_us(5))) == from_us(5)) ++answers;
  if (moved.first_moment(0) == from_us(-3600 * us_per_second)) ++answers;

  for (const char* format : {"unix_s", "unix_ms", "iso", "dd.mm.yyyy hh:mm[:ss]"}) {
    const TimeFormat times = TimeFormat::declared(format, east);
    for (const char* text : {"86400", "1970-01-01T00:00:00.5+03:00", "02.01.1970 03:00:25"}) {
      if (times.read(text) && parse_time(text, times)) ++answers;
    }
    if (parse_time(std::int64_t{1}, times)) ++answers;
  }
  const Period month = parse_period("2026-03");
  if (period_of(begin(month, east), PeriodKind::month, east) == month && end(month) > begin(month)) ++answers;
  answers += to_text(month).size();

  const std::array<std::uint64_t, 2> weights{1, 2};
  std::array<std::int64_t, 2> parts{};
  split_into(10, weights, parts);
  answers += split(10, weights).size() + split(Money{10, RUB}, weights).size();
  if (normalise_email("Ann@Example.COM") && normalise_inn("7707083893") && normalise_phone("8 916 123-45-67"))
    ++answers;
  if (parse_real("1.5") == 1.5) ++answers;
  StableHasher128 hasher;
  hasher.update("text");
  if (hasher.digest() == stable_hash128("text")) answers += hasher.digest().hex().size();
  return answers;
}
