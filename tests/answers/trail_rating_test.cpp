// The rating of partners (M2.6) of a Trail: what it reads of each.
#include "dealtrail/answers/trail_rating.hpp"

#include <algorithm>
#include <optional>
#include <string>

#include <gtest/gtest.h>

#include "support/facts.hpp"
#include "support/refusal.hpp"

namespace dealtrail {
namespace {

using testing::refusal_code;
using testing::rub;
using testing::utc;

const evidence::Rated& row_of(const evidence::Ratings& made, const std::string& key) {
  const auto found = std::find_if(made.rows.begin(), made.rows.end(), [&](const auto& row) { return row.key == key; });
  EXPECT_NE(found, made.rows.end()) << key;
  return *found;
}

TEST(TrailRatingTest, ATrailIsReadByMonthsOfEachPartner) {
  Trail trail{RUB};
  trail.put(Company{.id = "firm"});
  trail.put(Partner{.id = "p", .name = "P", .company = "firm"});
  trail.put(Partner{.id = "q", .name = "Q"});
  trail.put(Partner{.id = "silent", .name = "Silent"});
  for (int i = 0; i < 4; ++i) {
    const std::string id = std::to_string(i);
    trail.put(Lead{.id = id, .partner = i < 3 ? "p" : "q", .created_at = utc("2026-01-1" + id)});
    if (i == 2) continue;
    trail.put(Deal{.id = id,
                   .lead = id,
                   .partner = i < 3 ? "p" : "q",
                   .outcome = "won",
                   .created_at = utc("2026-01-20"),
                   .closed_at = utc("2026-02-0" + std::to_string(i + 1)),
                   .amount = rub(1'000 * (i + 1))});
  }
  trail.put(Deal{.id = "alone", .outcome = "won", .created_at = utc("2026-01-20"), .closed_at = utc("2026-02-05")});
  trail.put(Cost{.id = "t", .kind = "training", .partner = "p", .amount = rub(700), .at = utc("2026-02-10")});
  trail.put(Cost{.id = "b", .kind = "bonus", .partner = "p", .amount = rub(300), .at = utc("2026-02-11")});
  trail.put(Milestone{.id = "m", .company = "firm", .kind = "certificate", .at = utc("2026-02-12")});
  trail.put(Activity{.id = "x", .kind = "meeting", .partner = "q", .at = utc("2026-02-13")});
  trail.put(Touch{.id = "end", .at = utc("2026-06-30"), .kind = "visit"});
  const evidence::Ratings made = rating(trail, {.metric = "lead_to_deal"});
  const evidence::Rated& p = row_of(made, "p");
  EXPECT_EQ(p.leads, 3);
  EXPECT_EQ(p.won, 2);
  EXPECT_EQ(p.revenue_minor, 300'000);
  EXPECT_NEAR(*p.lead_to_deal, 2.0 / 3, 1e-12);
  EXPECT_NEAR(*p.terms, 0.1, 1e-12);
  EXPECT_EQ(p.trainings, 2);
  EXPECT_NEAR(p.months, 5 + 29.0 / 30, 1e-9);
  EXPECT_NEAR(*row_of(made, "q").meetings_per_month, 1 / (5 + 29.0 / 30), 1e-9);
  EXPECT_EQ(row_of(made, "silent").value, std::nullopt);
  EXPECT_EQ(made.rows.back().key, "silent");
  const auto told = std::find_if(made.meta.begin(), made.meta.end(),
                                 [](const auto& pair) { return pair.first == "unattributed_won"; });
  ASSERT_NE(told, made.meta.end());
  EXPECT_EQ(told->second, "1");
  // Before the deals were won.
  EXPECT_EQ(row_of(rating(trail, {.as_of = utc("2026-01-31")}), "p").won, 0);
}

TEST(TrailRatingTest, RefusesWhatIsNoMetricKeyOrChance) {
  const auto refused = [](const evidence::RatingOptions& options) {
    return refusal_code([&] { (void)rating(Trail{RUB}, options); });
  };
  EXPECT_EQ(refused({.metric = "colour"}), ErrorCode::unknown_name);
  EXPECT_EQ(refused({.by = "creative"}), ErrorCode::unknown_name);
  EXPECT_EQ(refused({.certainty = 2}), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
