// SP.7, law 5: the columns of a card and the ratios computed from sums.
#include "dealtrail/cards/metrics.hpp"

#include <limits>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "support/refusal.hpp"

namespace dealtrail {
namespace {

std::optional<double> ratio_of(std::string_view column, const Sums& sums, int decimals = 2) {
  return ratio(*find_card_column(column), sums, decimals);
}

// Design §7, after key, name and state.
TEST(MetricsTest, AllColumnsOfTheDesignAreThere) {
  for (const std::string_view name : {"announcements",
                                      "cost",
                                      "leads",
                                      "leads_not_junk",
                                      "leads_qualified",
                                      "registrations",
                                      "cancelled",
                                      "tickets",
                                      "attended",
                                      "walk_ins",
                                      "tickets_attended",
                                      "new_faces",
                                      "deals",
                                      "won",
                                      "lost",
                                      "new_customers",
                                      "amount_won",
                                      "paid",
                                      "refunded",
                                      "margin",
                                      "margin_known",
                                      "cost_per_announcement",
                                      "cost_per_lead",
                                      "cost_per_lead_not_junk",
                                      "cost_per_lead_qualified",
                                      "cost_per_registration",
                                      "cost_per_attendee",
                                      "cost_per_new_face",
                                      "cost_per_deal",
                                      "cac",
                                      "show_rate",
                                      "roi_revenue",
                                      "roi_margin",
                                      "roas",
                                      "open"}) {
    const CardColumn* column = find_card_column(name);
    ASSERT_NE(column, nullptr) << name;
    EXPECT_EQ(column->name, name);
    EXPECT_NE(column->sort, ColumnRole::hidden) << name;
    EXPECT_FALSE(column->meaning.empty()) << name;
  }
  EXPECT_EQ(find_card_column("clicks"), nullptr);
  EXPECT_EQ(find_card_column(""), nullptr);
}

TEST(MetricsTest, SumsNameTheirMetricAndRatiosHaveADenominator) {
  for (const CardColumn& column : card_columns) {
    if (column.sort == ColumnRole::ratio) {
      EXPECT_NE(column.over, Metric::nothing) << column.name;
    } else {
      EXPECT_EQ(to_string(column.metric), column.name);
    }
  }
  EXPECT_EQ(to_string(Metric::nothing), "nothing");
  EXPECT_TRUE(is_money(Metric::cost));
  EXPECT_TRUE(is_money(Metric::amount_won_known));
  EXPECT_FALSE(is_money(Metric::margin_deals));
  EXPECT_FALSE(is_money(Metric::won));
}

TEST(MetricsTest, NoValueIsNotZero) {
  const Sums nothing;
  EXPECT_TRUE(nothing.empty());
  for (const CardColumn& column : card_columns) {
    if (column.sort == ColumnRole::ratio) {
      EXPECT_FALSE(ratio(column, nothing, 2).has_value()) << column.name;
    }
  }
}

// 1 000.00 for 4 who registered and came and 1 walk-in; two deals, one won at 3 000.00.
TEST(MetricsTest, RatiosAreWorkedOutFromSums) {
  Sums sums;
  sums.add(Metric::cost, 100'000);
  sums.add(Metric::attended, 4);
  sums.add(Metric::walk_ins, 1);
  sums.add(Metric::deals, 2);
  sums.add(Metric::amount_won, 300'000);
  EXPECT_DOUBLE_EQ(*ratio_of("cost_per_attendee", sums), 200.0);  // 1 000 / (4 + 1)
  EXPECT_DOUBLE_EQ(*ratio_of("cost_per_deal", sums), 500.0);
  EXPECT_DOUBLE_EQ(*ratio_of("roi_revenue", sums), 2.0);  // (3 000 − 1 000) / 1 000
  EXPECT_DOUBLE_EQ(*ratio_of("roas", sums), 3.0);
  EXPECT_FALSE(ratio_of("cost_per_lead", sums).has_value());
  EXPECT_FALSE(ratio_of("roi_margin", sums).has_value());  // no deal's cost is known: not −1
  EXPECT_DOUBLE_EQ(*ratio_of("margin_known", sums), 0.0);
  sums.add(Metric::margin_deals, 1);
  sums.add(Metric::margin, 50'000);
  EXPECT_DOUBLE_EQ(*ratio_of("roi_margin", sums), -0.5);  // (500 − 1 000) / 1 000
}

// Costs per something are in major units: of yen there are no hundredths, of dinars thousandths.
TEST(MetricsTest, ACostPerSomethingIsInMajorUnitsOfItsCurrency) {
  Sums sums;
  sums.add(Metric::cost, 6'000);
  sums.add(Metric::leads, 2);
  EXPECT_DOUBLE_EQ(*ratio_of("cost_per_lead", sums, 2), 30.0);
  EXPECT_DOUBLE_EQ(*ratio_of("cost_per_lead", sums, 0), 3'000.0);
  EXPECT_DOUBLE_EQ(*ratio_of("cost_per_lead", sums, 3), 3.0);
  sums.add(Metric::amount_won, 6'000);
  EXPECT_DOUBLE_EQ(*ratio_of("roas", sums, 0), 1.0);  // money over money has no units
}

TEST(MetricsTest, SumsGoBackAndForthWithoutOverflow) {
  constexpr std::int64_t greatest = std::numeric_limits<std::int64_t>::max();
  Sums sums;
  for (int i = 0; i < 4; ++i) sums.add(Metric::cost, greatest);
  EXPECT_EQ(testing::refusal_code([&] { static_cast<void>(sums[Metric::cost].total()); }), ErrorCode::overflow);
  for (int i = 0; i < 3; ++i) sums.subtract(Metric::cost, greatest);
  EXPECT_EQ(sums[Metric::cost].total(), greatest);
  Sums twice = sums;
  twice.merge(sums);
  twice.subtract(Metric::cost, greatest);
  EXPECT_EQ(twice, sums);
  twice.subtract(Metric::cost, greatest);
  EXPECT_TRUE(twice.empty());
}

}  // namespace
}  // namespace dealtrail
