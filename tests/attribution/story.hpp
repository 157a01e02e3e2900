#pragma once

#include <string>

#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/trail/trail.hpp"

#include "support/facts.hpp"

namespace dealtrail::testing {

// Ann is touched on the days 1, 2, ... of March by channels 1, 2, ...; her lead came on `lead`, her deal on `deal`.
[[nodiscard]] inline Journeys story(int touches, const std::string& lead, const std::string& deal) {
  Trail trail{RUB};
  trail.put(Person{.id = "ann"});
  for (int day = 1; day <= touches; ++day) {
    const std::string number = std::to_string(day);
    trail.put(Channel{.id = number, .name = number});
    trail.put(Announcement{.id = "a" + number, .channel = number});
    trail.put(Touch{.id = "t" + number,
                    .person = "ann",
                    .announcement = "a" + number,
                    .at = utc("2026-03-0" + number),
                    .kind = "visit"});
  }
  if (!lead.empty()) trail.put(Lead{.id = "lead", .person = "ann", .created_at = utc(lead)});
  Deal won{.id = "deal", .person = "ann", .outcome = "won", .created_at = utc(deal), .closed_at = utc("2026-03-20")};
  if (!lead.empty()) won.lead = "lead";
  won.amount = rub(100);
  trail.put(won);
  return journeys(trail, {.to = "won"});
}

}  // namespace dealtrail::testing
