// PF.2, M3.1: missed calls, forms and chats, how long they waited, and what such requests bring.
#include "dealtrail/answers/missed_calls.hpp"

#include <string>
#include <vector>

#include <gtest/gtest.h>

#include "support/facts.hpp"

namespace dealtrail {
namespace {

using testing::column;
using testing::rub;
using testing::utc;

using Texts = std::vector<std::string>;

Touch request(std::string id, std::string kind, const char* at, std::optional<bool> answered) {
  return Touch{.id = std::move(id), .at = utc(at), .kind = std::move(kind), .answered = answered};
}

// A missed call, called back after 90 minutes; a form answered by a letter; a chat that still waits at as_of.
TEST(MissedTest, WaitsUntilTheNextContactOrAsOf) {
  Trail trail{RUB};
  trail.put(Channel{.id = "radio", .name = "Radio"});
  trail.put(SourceKey{.id = "k", .kind = "number", .value = "+74951112233", .channel = "radio", .brand = "okna"});
  Touch call = request("call", "call", "2026-03-02T10:00", false);
  call.phone = "8 916 123-45-67";
  call.dialled_number = "+74951112233";
  call.manager = "anna";
  trail.put(call);
  trail.put(ContactPoint{.id = "p", .person = "ivan", .kind = "phone", .value = "+79161234567"});
  Touch back = request("back", "call", "2026-03-02T11:30", true);
  back.person = "ivan";
  trail.put(back);
  trail.put(request("form", "form", "2026-03-02T12:00", {}));
  trail.put(Lead{.id = "l", .touch = "form", .created_at = utc("2026-03-02T12:00")});
  trail.put(Activity{.id = "task", .kind = "task", .lead = "l", .at = utc("2026-03-02T12:01")});
  trail.put(
      Activity{.id = "plan", .kind = "call", .lead = "l", .at = utc("2026-03-02T12:02"), .due_at = utc("2026-03-05")});
  trail.put(Activity{.id = "letter", .kind = "letter", .lead = "l", .at = utc("2026-03-02T12:20")});
  trail.put(request("chat", "chat", "2026-03-02T13:00", false));
  trail.put(request("taken", "call", "2026-03-02T13:00", true));
  trail.put(request("unsaid", "call", "2026-03-02T13:00", {}));  // a call that does not say is not missed
  trail.put(request("visit", "visit", "2026-03-02T14:00", {}));
  trail.put(Lead{.id = "l2", .touch = "call", .created_at = utc("2026-03-02T10:00")});
  trail.put(Lead{.id = "l3", .touch = "call", .created_at = utc("2026-03-02T10:00")});
  trail.put(Deal{.id = "d", .lead = "l2", .outcome = "won", .created_at = utc("2026-03-02T10:30"), .amount = rub(900)});

  const Table table = missed_calls(trail);  // as of 14:00, the visit
  EXPECT_EQ(column(table, "touch"), (Texts{"call", "form", "chat"}));
  EXPECT_EQ(column(table, "answered_by"), (Texts{"back", "letter", "-"}));
  EXPECT_EQ(table.real_at(0, "minutes_waited"), 90.0);
  EXPECT_EQ(table.real_at(1, "minutes_waited"), 20.0);
  EXPECT_EQ(table.real_at(2, "minutes_waited"), 60.0);
  EXPECT_EQ(column(table, "channel"), (Texts{"radio", "-", "-"}));
  EXPECT_EQ(column(table, "brand"), (Texts{"okna", "-", "-"}));
  EXPECT_EQ(column(table, "manager"), (Texts{"anna", "-", "-"}));
  EXPECT_EQ(table.minor_at(0, "won_of_channel"), 900'00);
  EXPECT_EQ(table.integer_at(0, "leads_of_channel"), 2);
  EXPECT_EQ(table.real_at(0, "won_per_lead"), 450.0);
  EXPECT_EQ(table.real_at(2, "won_per_lead"), 0.0);  // one lead without a channel, and nothing won

  const Table waiting = missed_calls(trail, {.state = MissedState::waiting});
  EXPECT_EQ(column(waiting, "touch"), Texts{"chat"});
  const Table earlier = missed_calls(trail, {.as_of = utc("2026-03-02T11:00")});
  EXPECT_EQ(column(earlier, "touch"), Texts{"call"});
  EXPECT_EQ(earlier.real_at(0, "minutes_waited"), 60.0);
  EXPECT_FALSE(earlier.boolean_at(0, "called_back").value());
}

TEST(MissedTest, AmountsThatWereAllLeftOutAreNoValue) {
  Trail trail{RUB};
  trail.put(request("call", "call", "2026-03-02T10:00", false));
  trail.put(Lead{.id = "l", .created_at = utc("2026-03-02T10:00")});
  trail.put(Deal{.id = "d", .outcome = "won", .created_at = utc("2026-03-02T10:30"), .amount = Money{900'00, EUR}});
  const Table table = missed_calls(trail, {.as_of = utc("2026-03-03")});
  EXPECT_EQ(table.minor_at(0, "won_of_channel"), std::nullopt);
  EXPECT_EQ(table.integer_at(0, "leads_of_channel"), 1);
  EXPECT_EQ(table.real_at(0, "won_per_lead"), std::nullopt);
}

TEST(MissedTest, AnEmptyTrailHasNone) { EXPECT_EQ(missed_calls(Trail{RUB}).rows(), 0); }

}  // namespace
}  // namespace dealtrail
