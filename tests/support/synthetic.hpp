#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

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
class Organiser {
 public:
  explicit Organiser(std::uint64_t seed = 1) : random_(seed) {}

  /// Facts made so far.
  [[nodiscard]] std::int64_t made() const noexcept { return made_; }

  /// Adds the facts of the next guest to `out`, and before them what the organiser does meanwhile.
  void next(std::vector<AnyFact>& out) {
    const std::size_t before = out.size();
    if (made_ == 0) {
      for (std::int64_t c = 0; c < 12; ++c) {
        out.push_back(dealtrail::Channel{.id = name("channel-", c), .name = name("Channel ", c)});
      }
    }
    if (announcements_ * 400 <= made_) announce(out);
    guest(out);
    made_ += static_cast<std::int64_t>(out.size() - before);
  }

 private:
  [[nodiscard]] static std::string name(const char* prefix, std::int64_t number) {
    return prefix + std::to_string(number);
  }

  void announce(std::vector<AnyFact>& out) {
    using namespace dealtrail;
    if (announcements_ % 10 == 0) {
      out.push_back(Event{.id = name("event-", events_),
                          .name = name("Event ", events_),
                          .starts_at = from_us(now_ + 20 * us_per_day)});
      ++events_;
    }
    const std::string channel = name("channel-", random_.uniform_int(0, 11));
    const std::string event = name("event-", events_ - 1);
    out.push_back(Announcement{.id = name("announcement-", announcements_),
                               .channel = channel,
                               .event = event,
                               .published_at = from_us(now_),
                               .utm_source = channel,
                               .utm_campaign = name("campaign-", announcements_)});
    if (announcements_ % 5 == 0) {
      out.push_back(Invoice{.id = name("invoice-", announcements_),
                            .amount = Money{random_.uniform_int(100'000, 90'000'000), RUB},
                            .issued_at = from_us(now_)});
      out.push_back(InvoiceLine{.id = name("line-", announcements_),
                                .invoice = name("invoice-", announcements_),
                                .channel = channel,
                                .event = event});
    }
    ++announcements_;
  }

  void guest(std::vector<AnyFact>& out) {
    using namespace dealtrail;
    now_ += random_.uniform_int(1, 60) * us_per_second;
    const std::string guest = name("person-", guests_ * 7 / 10);  // most come more than once
    const std::string id = std::to_string(guests_++);
    const std::int64_t announcement =
        random_.uniform_int(std::max<std::int64_t>(0, announcements_ - 40), announcements_ - 1);
    const std::string event = name("event-", events_ - 1);
    Touch touch{.id = "touch-" + id, .person = guest, .at = from_us(now_), .kind = "click"};
    if (random_.chance(0.5)) {
      touch.announcement = name("announcement-", announcement);
    } else {
      touch.utm_campaign = name("campaign-", announcement);
      touch.utm_medium = "social";
    }
    out.push_back(touch);
    out.push_back(Registration{
        .id = "registration-" + id, .event = event, .person = guest, .touch = "touch-" + id, .at = from_us(now_ + 1)});
    if (random_.chance(0.6))
      out.push_back(Attendance{
          .id = "arrival-" + id, .registration = "registration-" + id, .at = from_us(now_ + 2), .how = "qr"});
    if (random_.chance(0.2))
      out.push_back(Signal{
          .id = "signal-" + id, .event = event, .person = guest, .kind = "offer_request", .at = from_us(now_ + 3)});
    if (random_.chance(0.2))
      out.push_back(Activity{.id = "activity-" + id,
                             .kind = "call",
                             .person = guest,
                             .at = from_us(now_ + 4),
                             .done_at = from_us(now_ + 5)});
    if (random_.chance(0.1))
      out.push_back(Lead{.id = "lead-" + id,
                         .person = guest,
                         .touch = "touch-" + id,
                         .outcome = "converted",
                         .created_at = from_us(now_ + 5)});
    if (random_.chance(0.15)) deal(out, guest, id);
  }

  void deal(std::vector<AnyFact>& out, const std::string& guest, const std::string& id) {
    using namespace dealtrail;
    const bool won = random_.chance(0.3);
    out.push_back(Deal{.id = name("deal-", deals_),
                       .person = guest,
                       .registration = "registration-" + id,
                       .outcome = won ? "won" : "open",
                       .created_at = from_us(now_ + 6),
                       .closed_at = won ? std::optional{from_us(now_ + 9)} : std::nullopt,
                       .amount = Money{random_.uniform_int(100'000, 50'000'000), RUB}});
    for (int move = 0; move < 2; ++move) {
      out.push_back(Move{.id = "move-" + id + (move == 0 ? "a" : "b"),
                         .deal = name("deal-", deals_),
                         .field = "stage",
                         .to = move == 0 ? "NEW" : "WORK",
                         .at = from_us(now_ + 7 + move)});
    }
    ++deals_;
  }

  dealtrail::Random random_;
  std::int64_t now_ = 1'700'000'000'000'000;
  std::int64_t made_ = 0;
  std::int64_t events_ = 0;
  std::int64_t announcements_ = 0;
  std::int64_t guests_ = 0;
  std::int64_t deals_ = 0;
};

// All of them at once; a few more than asked for, to end with a whole guest.
inline std::vector<AnyFact> facts(Size size) {
  Organiser organiser(size.seed);
  std::vector<AnyFact> made;
  made.reserve(static_cast<std::size_t>(size.facts) + 64);
  while (organiser.made() < size.facts) organiser.next(made);
  return made;
}

}  // namespace synthetic
