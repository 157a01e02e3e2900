// PF.6, M1.11: the venue's own report beside our count.
#include "dealtrail/answers/venue_report.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::count_of;
using testing::finding;
using testing::minor_of;
using testing::real_of;
using testing::refusal_code;
using testing::rub;
using testing::utc;

using Texts = std::vector<std::string>;

// 20 000 views in two days, 400 clicks, 12 registrations claimed; we counted 5 of 2 000 roubles.
Trail fair() {
  Trail trail{RUB};
  trail.put(Channel{.id = "portal", .name = "Portal"});
  trail.put(Channel{.id = "friends", .name = "Friends", .paid = "barter"});
  trail.put(Announcement{.id = "banner", .channel = "portal", .published_at = utc("2026-03-01"), .creative = "Blue"});
  trail.put(Announcement{.id = "swap", .channel = "friends", .published_at = utc("2026-03-01")});
  trail.put(
      Cost{.id = "c", .kind = "marketing", .announcement = "banner", .amount = rub(2'000), .at = utc("2026-03-01")});
  for (const char* day : {"2026-03-01", "2026-03-02"})
    trail.put(PlacementReport{.id = day,
                              .announcement = "banner",
                              .at = utc(day),
                              .impressions = 10'000,
                              .reach = day[9] == '1' ? 7'000 : 6'000,
                              .clicks = 200,
                              .registrations_claimed = 6,
                              .cost = rub(900)});
  trail.put(PlacementReport{.id = "s", .announcement = "swap", .at = utc("2026-03-01"), .impressions = 500});
  for (int i = 0; i < 5; ++i)
    trail.put(
        Registration{.id = "r" + std::to_string(i), .event = "e", .announcement = "banner", .at = utc("2026-03-03")});
  trail.put(Touch{.id = "t", .announcement = "banner", .at = utc("2026-03-02"), .kind = "click"});
  return trail;
}

TEST(VenueReportTest, StandsBesideOurCounts) {
  const Trail trail = fair();
  const Table table = venue_report(trail);
  EXPECT_EQ(column(table, "key"), (Texts{"banner", "swap", "(unattributed)", "(total)"}));
  EXPECT_EQ(column(table, "name"), (Texts{"Blue", "-", "-", "-"}));
  EXPECT_EQ(count_of(table, "banner", "reports"), 2);
  EXPECT_EQ(count_of(table, "banner", "impressions"), 20'000);
  EXPECT_EQ(count_of(table, "banner", "reach"), 7'000);
  EXPECT_EQ(count_of(table, "banner", "clicks_ours"), 1);
  EXPECT_EQ(count_of(table, "banner", "registrations"), 5);
  EXPECT_EQ(count_of(table, "banner", "difference"), 7);
  EXPECT_EQ(real_of(table, "banner", "difference_share"), 1.4);
  EXPECT_EQ(minor_of(table, "banner", "cost"), 2'000'00);
  EXPECT_EQ(real_of(table, "banner", "cpm"), 100.0);
  EXPECT_EQ(real_of(table, "banner", "ctr"), 0.02);
  EXPECT_EQ(real_of(table, "banner", "cost_per_click"), 5.0);
  EXPECT_EQ(real_of(venue_report(trail, {.cost = VenueCost::reported}), "banner", "cpm"), 90.0);
  // A barter placement has no price, and what no report says is not zero.
  EXPECT_EQ(real_of(table, "swap", "cpm"), std::nullopt);
  EXPECT_EQ(count_of(table, "swap", "clicks"), -1);
  EXPECT_EQ(count_of(table, "swap", "difference"), -1);
  EXPECT_EQ(real_of(table, "swap", "ctr"), std::nullopt);
  EXPECT_EQ(count_of(table, "(total)", "impressions"), 20'500);
  EXPECT_EQ(count_of(table, "(total)", "reach"), -1);  // people cannot be added
  EXPECT_EQ(finding(trail, "claimed_registrations_differ").ids, "banner");
}

TEST(VenueReportTest, CostsThatWereAllLeftOutAreNoValue) {
  Trail trail = fair();
  const Money euros{900'00, EUR};
  trail.put(Cost{.id = "e", .kind = "marketing", .announcement = "swap", .amount = euros, .at = utc("2026-03-01")});
  const Table table = venue_report(trail);
  EXPECT_EQ(minor_of(table, "swap", "cost"), std::nullopt);
  EXPECT_EQ(real_of(table, "swap", "cpm"), std::nullopt);
  EXPECT_EQ(minor_of(table, "(total)", "cost"), 2'000'00);  // of the rows that have a value
  trail.remove(Kind::costs, "c");
  EXPECT_EQ(minor_of(venue_report(trail), "banner", "cost"), 0);
  EXPECT_EQ(minor_of(venue_report(trail), "(total)", "cost"), std::nullopt);
  EXPECT_EQ(minor_of(venue_report(trail, {.by = "channel"}), "friends", "cost"), std::nullopt);
}

TEST(VenueReportTest, ByChannelAndByPeriod) {
  Trail trail = fair();
  trail.put(PlacementReport{.id = "whole", .channel = "portal", .at = utc("2026-04-01"), .impressions = 1'000});
  trail.put(PlacementReport{.id = "lost", .announcement = "gone", .at = utc("2026-03-05"), .clicks = 3});
  const Table table = venue_report(trail, {.by = "channel"});
  EXPECT_EQ(column(table, "key"), (Texts{"friends", "portal", "(unattributed)", "(total)"}));
  EXPECT_EQ(count_of(table, "portal", "impressions"), 21'000);
  EXPECT_EQ(count_of(table, "(unattributed)", "clicks"), 3);
  EXPECT_EQ(count_of(table, "(unattributed)", "registrations"), -1);
  const Table april = venue_report(trail, {.by = "channel", .period = find_period("2026-04")});
  EXPECT_EQ(count_of(april, "portal", "impressions"), 1'000);
  EXPECT_EQ(count_of(april, "portal", "registrations"), 0);
  const Table early = venue_report(trail, {.as_of = utc("2026-03-01T12:00")});
  EXPECT_EQ(count_of(early, "banner", "impressions"), 10'000);
  EXPECT_EQ(refusal_code([&] { (void)venue_report(trail, {.by = "event"}); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
