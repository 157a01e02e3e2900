// PF.2, M3.2, M3.3, M1.13: which rule and which key gave each fact its source, and why some have none.
#include "dealtrail/answers/source_table.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::finding;
using testing::refusal_code;
using testing::utc;

using Texts = std::vector<std::string>;

Trail shop() {
  Trail trail{RUB};
  trail.put(Channel{.id = "leaflet", .name = "Leaflet"});
  trail.put(Channel{.id = "portal", .name = "Portal"});
  trail.put(Announcement{.id = "spring", .channel = "leaflet", .brand = "okna", .promo_code = "SPRING"});
  trail.put(SourceKey{.id = "k1",
                      .kind = "number",
                      .value = "8 495 111-22-33",
                      .announcement = "spring",
                      .pipeline = "retail",
                      .until = utc("2026-03-01")});
  trail.put(SourceKey{.id = "k2", .kind = "referrer", .value = "portal.example", .channel = "portal"});
  trail.put(SourceKey{.id = "pool", .kind = "number_pool", .value = "+7495222*"});
  return trail;
}

TEST(SourcesTest, SaysWhichRuleAndKeyGaveTheSource) {
  Trail trail = shop();
  const auto at = utc("2026-02-10T12:00");
  trail.put(Touch{.id = "a", .announcement = "spring", .at = at, .kind = "click"});
  trail.put(Touch{.id = "b", .at = at, .kind = "chat"});
  trail.put(Touch{.id = "c", .dialled_number = "+74951112233", .at = at, .kind = "call"});
  trail.put(Touch{.id = "d", .promo_code = "SPRING", .at = at, .kind = "form"});
  trail.put(Touch{.id = "e", .client_id = "c1", .dialled_number = "+74952220001", .at = at, .kind = "call"});
  trail.put(Touch{.id = "v",
                  .client_id = "c1",
                  .referrer = "https://portal.example/x",
                  .at = utc("2026-02-10T11:00"),
                  .kind = "visit"});
  const Table table = source_table(trail);
  EXPECT_EQ(column(table, "id"), (Texts{"a", "b", "c", "d", "e", "v"}));
  EXPECT_EQ(column(table, "rule"), (Texts{"announcement", "none", "number", "promo_code", "number_pool", "referrer"}));
  EXPECT_EQ(column(table, "key"), (Texts{"-", "-", "8 495 111-22-33", "SPRING", "+7495222*", "portal.example"}));
  EXPECT_EQ(column(table, "key_id"), (Texts{"-", "-", "k1", "-", "pool", "k2"}));
  EXPECT_EQ(column(table, "visit"), (Texts{"-", "-", "-", "-", "v", "-"}));
  EXPECT_EQ(column(table, "channel"), (Texts{"leaflet", "-", "leaflet", "leaflet", "portal", "portal"}));
  EXPECT_EQ(column(table, "announcement"), (Texts{"spring", "-", "spring", "spring", "-", "-"}));
  EXPECT_EQ(column(table, "brand"), (Texts{"okna", "-", "okna", "okna", "-", "-"}));
  EXPECT_EQ(column(table, "pipeline"), (Texts{"-", "-", "retail", "-", "-", "-"}));
  EXPECT_EQ(column(table, "why"), (Texts{"-", "no_key", "-", "-", "-", "-"}));
}

TEST(SourcesTest, SaysWhyThereIsNoSource) {
  Trail trail = shop();
  const auto at = utc("2026-03-10");
  trail.put(Touch{.id = "1", .at = at, .kind = "visit"});
  trail.put(Touch{.id = "2", .form = "unknown", .at = at, .kind = "form"});
  trail.put(Touch{.id = "3", .announcement = "lost", .at = at, .kind = "click"});
  trail.put(Touch{.id = "4", .dialled_number = "+74952220001", .at = at, .kind = "call"});
  trail.put(Touch{.id = "5", .dialled_number = "+74951112233", .at = at, .kind = "call"});
  trail.put(SourceKey{.id = "k3", .kind = "promo_code", .value = "SPRING", .channel = "portal"});
  trail.put(Touch{.id = "6", .promo_code = "SPRING", .at = at, .kind = "form"});
  trail.put(SourceKey{.id = "k4", .kind = "form", .value = "callback", .channel = "gone"});
  trail.put(Touch{.id = "7", .form = "callback", .at = at, .kind = "form"});
  EXPECT_EQ(column(source_table(trail), "why"),
            (Texts{"no_key", "unknown_key", "missing_link", "no_visit", "not_valid_then", "tie", "missing_link"}));
  trail.put(Lead{.id = "1", .created_at = at});
  trail.put(Lead{.id = "2", .touch = "absent", .created_at = at});
  trail.put(Lead{.id = "3", .touch = "5", .created_at = at});
  EXPECT_EQ(column(source_table(trail, {.kind = Kind::leads}), "why"),
            (Texts{"no_key", "missing_link", "not_valid_then"}));
  trail.put(Deal{.id = "claim", .parent = "sale", .created_at = at});
  trail.put(Deal{.id = "sale", .lead = "4", .created_at = at});
  trail.put(Lead{.id = "4", .touch = "a", .created_at = at});
  trail.put(Touch{.id = "a", .referrer = "portal.example", .at = at, .kind = "visit"});
  const Table deals = source_table(trail, {.kind = Kind::deals});
  EXPECT_EQ(column(deals, "rule"), (Texts{"sale", "lead"}));
  EXPECT_EQ(column(deals, "key_id"), (Texts{"k2", "k2"}));
  EXPECT_EQ(column(deals, "why"), (Texts{"-", "-"}));
}

TEST(SourcesTest, OtherKindsAreRefusedAndAnEmptyTrailHasNoRows) {
  const Trail trail{RUB};
  EXPECT_EQ(refusal_code([&] { (void)source_table(trail, {.kind = Kind::costs}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(source_table(trail).rows(), 0);
  EXPECT_EQ(unmeasurable(trail).rows(), 0);
}

// Keys that match the same touch at the same time and lead elsewhere are named before a touch comes.
TEST(SourcesTest, OverlappingKeysAreAFinding) {
  Trail trail = shop();
  EXPECT_EQ(finding(trail, "overlapping_keys").count, 0);
  trail.put(SourceKey{.id = "k3", .kind = "number", .value = "+74951112233", .channel = "portal"});
  EXPECT_EQ(finding(trail, "overlapping_keys").ids, "k1 / k3");
  trail.put(
      SourceKey{.id = "k3", .kind = "number", .value = "+74951112233", .channel = "portal", .from = utc("2026-03-01")});
  EXPECT_EQ(finding(trail, "overlapping_keys").count, 0);  // one begins when the other ends
  trail.put(SourceKey{.id = "k4", .kind = "promo_code", .value = "SPRING", .channel = "portal"});
  EXPECT_EQ(finding(trail, "overlapping_keys").ids, "k4 / spring");  // with the short form of an announcement
}

// M1.13: named before it goes out; a fact that names it, a key or a short form measures it.
TEST(UnmeasurableTest, NamesAnnouncementsThatNothingLeadsTo) {
  Trail trail = shop();
  trail.put(Announcement{.id = "banner",
                         .channel = "portal",
                         .published_at = utc("2026-04-01"),
                         .planned_cost = Money{5'000'00, RUB},
                         .status = "planned"});
  trail.put(Announcement{.id = "called off", .channel = "portal", .status = "cancelled"});
  trail.put(Announcement{.id = "post", .channel = "portal"});
  trail.put(Announcement{.id = "talk", .channel = "portal"});
  trail.put(Registration{.id = "r", .event = "e", .announcement = "talk", .at = utc("2026-03-01")});
  const Table table = unmeasurable(trail);
  EXPECT_EQ(column(table, "announcement"), (Texts{"banner", "post"}));
  EXPECT_EQ(column(table, "status"), (Texts{"planned", "out"}));
  EXPECT_EQ(table.minor_at(0, "planned_cost"), 5'000'00);
  EXPECT_EQ(finding(trail, "unmeasurable_announcement").ids, "banner");
  trail.put(SourceKey{.id = "k9", .kind = "utm", .value = "utm_source=banner", .announcement = "banner"});
  trail.put(Announcement{.id = "post", .channel = "portal", .utm_campaign = "post"});
  EXPECT_EQ(unmeasurable(trail).rows(), 0);
}

}  // namespace
}  // namespace dealtrail
