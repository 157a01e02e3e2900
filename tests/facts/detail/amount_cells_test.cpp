// IN.2: amounts of touches and paths; how many places a column without a currency has.
#include "dealtrail/facts/amount_cells.hpp"

#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

namespace dealtrail::detail {
namespace {

std::string read(const Datum& cell, Currency currency) {
  constexpr std::array<std::string_view, 5> states{"exact", "rounded", "unreadable", "foreign", "large"};
  const CellAmount value = cell_amount(cell, currency);
  std::string text{states[static_cast<std::size_t>(value.state)]};
  if (value.state == CellAmount::exact || value.state == CellAmount::rounded) text += " " + std::to_string(value.units);
  if (value.state == CellAmount::rounded) text += " " + to_text(Decimal{value.added, 12});
  return text;
}

TEST(AmountCellsTest, ByTheRulesOfTheDoor) {
  EXPECT_EQ(read(Datum::real(3.195), USD), "rounded 320 0.005000000000");  // 3.195 lies between; half to even
  EXPECT_EQ(read(Datum::real(29.949999999999999), USD), "exact 2995");
  EXPECT_EQ(read(Datum::text("29.949999999999999"), USD), "rounded 2995 0.000000000000");
  EXPECT_EQ(read(Datum::text("0,250"), USD), "unreadable");
  EXPECT_EQ(read(Datum::text("5 EUR"), USD), "foreign");
  EXPECT_EQ(read(Datum::text("$5"), USD), "exact 500");
  EXPECT_EQ(read(Datum::text("$5"), RUB), "foreign");
  EXPECT_EQ(read(Datum::text("$5"), Currency{}), "foreign");
  EXPECT_EQ(read(Datum::real(1e17), USD), "large");
  EXPECT_EQ(read(Datum::integer(std::numeric_limits<std::int64_t>::max()), USD), "large");
  EXPECT_EQ(read(Datum::decimal(3'195, 3), Currency::none(3)), "exact 3195");
}

int places_of(const std::vector<Datum>& cells) {
  PlacesOfValues places;
  for (const Datum& cell : cells) places.add(cell);
  return places.places();
}

TEST(AmountCellsTest, PlacesAreThoseOfTheColumnFromTwoToNine) {
  EXPECT_EQ(places_of({}), 2);
  EXPECT_EQ(places_of({Datum::integer(5)}), 2);
  EXPECT_EQ(places_of({Datum::real(3.195), Datum::real(1)}), 3);
  EXPECT_EQ(places_of({Datum::real(0.1 + 0.2)}), 2);  // noise is no place
  EXPECT_EQ(places_of({Datum::decimal(31'950, 4)}), 3);
  EXPECT_EQ(places_of({Datum::text("0.0001"), Datum::text("x")}), 4);
  EXPECT_EQ(places_of({Datum::real(1.0 / 3)}), 9);
  EXPECT_EQ(places_of({Datum::text("0.00000000001")}), 9);
  EXPECT_EQ(places_of({Datum::real(1.0 / 3), Datum::real(1e9)}), 6);                     // floats stay exact
  EXPECT_EQ(places_of({Datum::text("0.123456789"), Datum::integer(9'000'000'000)}), 8);  // and sums within 64 bits
}

}  // namespace
}  // namespace dealtrail::detail
