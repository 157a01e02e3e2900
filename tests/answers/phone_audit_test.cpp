// PF.2, M3.2: numbers that ring and nobody knows, are paid for and silent, have moved, or are covered twice.
#include "dealtrail/answers/phone_audit.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::finding;
using testing::refusal_code;
using testing::rub;
using testing::utc;

using Texts = std::vector<std::string>;

Touch call(std::string id, std::string number, const char* at, std::string phone) {
  return Touch{.id = std::move(id),
               .phone = std::move(phone),
               .dialled_number = std::move(number),
               .at = utc(at),
               .kind = "call"};
}

Trail shop() {
  Trail trail{RUB};
  for (const char* id : {"leaflet", "portal", "radio"}) {
    trail.put(Channel{.id = id, .name = id});
    trail.put(Announcement{.id = std::string{"A "} + id, .channel = id, .published_at = utc("2026-01-01")});
  }
  return trail;
}

void put_key(Trail& trail, std::string id, std::string value, std::string channel, std::optional<Timestamp> from = {},
             std::optional<Timestamp> until = {}) {
  trail.put(SourceKey{.id = std::move(id),
                      .kind = "number",
                      .value = std::move(value),
                      .announcement = "A " + channel,
                      .from = from,
                      .until = until});
}

TEST(PhoneAuditTest, RingsButUnknown) {
  Trail trail = shop();
  trail.put(call("c1", "8 495 111-22-33", "2026-02-01", "89160000001"));
  trail.put(call("c2", "+74951112233", "2026-02-03", "+7 916 000-00-01"));
  trail.put(call("c3", "+74951112233", "2026-02-02", "89160000002"));
  put_key(trail, "k", "84951112233", "leaflet", utc("2026-02-03"));  // from the third on it is known
  const Table table = phone_audit(trail);
  ASSERT_EQ(table.rows(), 1);
  EXPECT_EQ(column(table, "problem"), Texts{"unknown"});
  EXPECT_EQ(column(table, "number"), Texts{"+74951112233"});
  EXPECT_EQ(column(table, "key"), Texts{"k"});
  EXPECT_EQ(table.integer_at(0, "calls"), 2);
  EXPECT_EQ(table.integer_at(0, "callers"), 2);
  EXPECT_EQ(table.time_at(0, "first_call"), utc("2026-02-01"));
  EXPECT_EQ(table.time_at(0, "last_call"), utc("2026-02-02"));
  EXPECT_EQ(finding(trail, "unknown_number").ids, "+74951112233");
  EXPECT_EQ(finding(trail, "unknown_number").count, 2);
}

TEST(PhoneAuditTest, PaidButSilent) {
  Trail trail = shop();
  put_key(trail, "k1", "+74951112233", "leaflet");
  put_key(trail, "k2", "+74951112244", "portal");
  put_key(trail, "k3", "+74951112255", "radio", {}, utc("2026-02-01"));  // ended before the window
  for (const char* id : {"leaflet", "portal", "radio"})
    trail.put(Cost{.id = id,
                   .kind = "marketing",
                   .announcement = std::string{"A "} + id,
                   .amount = rub(100),
                   .at = utc("2026-01-02")});
  trail.put(call("c1", "+74951112233", "2026-03-01", "1"));
  trail.put(call("c2", "+74951112244", "2026-04-10", "1"));
  const Table table = phone_audit(trail);  // as of 10 April: since 11 March
  EXPECT_EQ(column(table, "problem"), Texts{"silent"});
  EXPECT_EQ(column(table, "key"), Texts{"k1"});
  EXPECT_EQ(table.time_at(0, "from"), utc("2026-03-11"));
  EXPECT_EQ(table.minor_at(0, "cost"), 100'00);
  EXPECT_EQ(finding(trail, "silent_number").ids, "k1");
  EXPECT_EQ(phone_audit(trail, {.window_days = 60}).rows(), 0);
  EXPECT_EQ(phone_audit(trail, {.as_of = utc("2026-03-01")}).rows(), 2);  // portal, and radio in its last two days
}

TEST(PhoneAuditTest, MovedAndWhoStillUsesTheOldOne) {
  Trail trail = shop();
  put_key(trail, "k1", "+74951112233", "leaflet", {}, utc("2026-02-01"));
  put_key(trail, "k2", "8 495 111 22 33", "radio", utc("2026-02-10"));
  trail.put(call("c1", "+74951112233", "2026-01-10", "89160000001"));
  trail.put(call("c2", "+74951112233", "2026-02-05", "89160000003"));  // in between: unknown
  trail.put(call("c3", "+74951112233", "2026-02-12", "89160000001"));  // has the old leaflet
  trail.put(call("c4", "+74951112233", "2026-02-13", "89160000002"));
  const Table table = phone_audit(trail);
  EXPECT_EQ(column(table, "problem"), (Texts{"unknown", "moved"}));
  EXPECT_EQ(column(table, "announcement"), (Texts{"A leaflet", "A leaflet"}));
  EXPECT_EQ(column(table, "to_channel"), (Texts{"-", "radio"}));
  EXPECT_EQ(table.time_at(1, "from"), utc("2026-02-10"));
  EXPECT_EQ(table.integer_at(1, "calls"), 1);
  EXPECT_EQ(table.time_at(1, "first_call"), utc("2026-02-12"));
  put_key(trail, "k2", "8 495 111 22 33", "leaflet", utc("2026-02-10"));  // the same placement again: no move
  EXPECT_EQ(column(phone_audit(trail), "problem"), Texts{"unknown"});
}

TEST(PhoneAuditTest, CoveredTwice) {
  Trail trail = shop();
  put_key(trail, "k1", "+74951112233", "leaflet", {}, utc("2026-03-01"));
  put_key(trail, "k2", "+74951112233", "radio", utc("2026-02-01"));
  trail.put(call("c1", "+74951112233", "2026-01-31", "1"));
  trail.put(call("c2", "+74951112233", "2026-02-01", "1"));
  trail.put(call("c3", "+74951112233", "2026-03-01", "1"));
  const Table table = phone_audit(trail);
  EXPECT_EQ(column(table, "problem"), Texts{"double"});
  EXPECT_EQ(column(table, "to_key"), Texts{"k2"});
  EXPECT_EQ(table.time_at(0, "from"), utc("2026-02-01"));
  EXPECT_EQ(table.time_at(0, "until"), utc("2026-03-01"));
  EXPECT_EQ(table.integer_at(0, "calls"), 1);
}

TEST(PhoneAuditTest, NothingToSayAndWhatIsRefused) {
  Trail trail = shop();
  EXPECT_EQ(phone_audit(trail).rows(), 0);
  EXPECT_EQ(refusal_code([&] { (void)phone_audit(trail, {.window_days = 0}); }), ErrorCode::invalid_argument);
  EXPECT_EQ(refusal_code([&] { (void)phone_audit(trail, {.window_days = 36'501}); }), ErrorCode::invalid_argument);
}

}  // namespace
}  // namespace dealtrail
