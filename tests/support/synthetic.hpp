#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "dealtrail/core/random.hpp"
#include "dealtrail/model/trail.hpp"

namespace synthetic {

// Facts of an organiser of events, made up from a seed: what a Trail is measured and stressed with. In order of
// arrival.
using AnyFact = std::variant<dealtrail::Channel, dealtrail::Event, dealtrail::Announcement, dealtrail::Invoice,
                             dealtrail::InvoiceLine, dealtrail::Touch, dealtrail::Registration, dealtrail::Attendance,
                             dealtrail::Signal, dealtrail::Activity, dealtrail::Lead, dealtrail::Deal, dealtrail::Move>;

struct Size {
  std::int64_t facts = 1'000'000;
  std::uint64_t seed = 1;
};

// The mix of one guest out of ten: ten touches, ten registrations, six arrivals, two signals, two activities, one lead,
// one or two deals, three moves. An announcement for every 400 facts, an invoice for every fifth announcement, an event
// for every tenth.
inline std::vector<AnyFact> facts(Size size) {
  using namespace dealtrail;
  Random random(size.seed);
  std::vector<AnyFact> made;
  made.reserve(static_cast<std::size_t>(size.facts) + 64);
  const std::int64_t start = 1'700'000'000'000'000;
  std::int64_t now = start;
  const auto name = [](const char* prefix, std::int64_t number) { return prefix + std::to_string(number); };
  for (std::int64_t c = 0; c < 12; ++c) made.push_back(Channel{.id = name("channel-", c), .name = name("Channel ", c)});
  std::int64_t events = 0;
  std::int64_t announcements = 0;
  std::int64_t guests = 0;
  std::int64_t deals = 0;
  while (static_cast<std::int64_t>(made.size()) < size.facts) {
    if (announcements * 400 <= static_cast<std::int64_t>(made.size())) {
      if (announcements % 10 == 0) {
        made.push_back(Event{
            .id = name("event-", events), .name = name("Event ", events), .starts_at = from_us(now + 20 * us_per_day)});
        ++events;
      }
      const std::string channel = name("channel-", random.uniform_int(0, 11));
      const std::string event = name("event-", events - 1);
      made.push_back(Announcement{.id = name("announcement-", announcements),
                                  .channel = channel,
                                  .event = event,
                                  .published_at = from_us(now),
                                  .utm_source = channel,
                                  .utm_campaign = name("campaign-", announcements)});
      if (announcements % 5 == 0) {
        made.push_back(Invoice{.id = name("invoice-", announcements),
                               .amount = Money{random.uniform_int(100'000, 90'000'000), RUB},
                               .issued_at = from_us(now)});
        made.push_back(InvoiceLine{.id = name("line-", announcements),
                                   .invoice = name("invoice-", announcements),
                                   .channel = channel,
                                   .event = event});
      }
      ++announcements;
    }
    now += random.uniform_int(1, 60) * us_per_second;
    const std::string guest = name("person-", guests * 7 / 10);  // most come more than once
    const std::string id = std::to_string(guests++);
    const std::int64_t announcement =
        random.uniform_int(std::max<std::int64_t>(0, announcements - 40), announcements - 1);
    const std::string event = name("event-", events - 1);
    Touch touch{.id = "touch-" + id, .person = guest, .at = from_us(now), .kind = "click"};
    if (random.chance(0.5)) {
      touch.announcement = name("announcement-", announcement);
    } else {
      touch.utm_campaign = name("campaign-", announcement);
      touch.utm_medium = "social";
    }
    made.push_back(touch);
    made.push_back(Registration{
        .id = "registration-" + id, .event = event, .person = guest, .touch = "touch-" + id, .at = from_us(now + 1)});
    if (random.chance(0.6))
      made.push_back(
          Attendance{.id = "arrival-" + id, .registration = "registration-" + id, .at = from_us(now + 2), .how = "qr"});
    if (random.chance(0.2))
      made.push_back(Signal{
          .id = "signal-" + id, .event = event, .person = guest, .kind = "offer_request", .at = from_us(now + 3)});
    if (random.chance(0.2))
      made.push_back(Activity{.id = "activity-" + id,
                              .kind = "call",
                              .person = guest,
                              .at = from_us(now + 4),
                              .done_at = from_us(now + 5)});
    if (random.chance(0.1))
      made.push_back(Lead{.id = "lead-" + id,
                          .person = guest,
                          .touch = "touch-" + id,
                          .outcome = "converted",
                          .created_at = from_us(now + 5)});
    if (random.chance(0.15)) {
      const bool won = random.chance(0.3);
      made.push_back(Deal{.id = name("deal-", deals),
                          .person = guest,
                          .registration = "registration-" + id,
                          .outcome = won ? "won" : "open",
                          .created_at = from_us(now + 6),
                          .closed_at = won ? std::optional{from_us(now + 9)} : std::nullopt,
                          .amount = Money{random.uniform_int(100'000, 50'000'000), RUB}});
      for (int move = 0; move < 2; ++move) {
        made.push_back(Move{.id = "move-" + id + (move == 0 ? "a" : "b"),
                            .deal = name("deal-", deals),
                            .field = "stage",
                            .to = move == 0 ? "NEW" : "WORK",
                            .at = from_us(now + 7 + move)});
      }
      ++deals;
    }
  }
  return made;
}

}  // namespace synthetic
