#include <chrono>
#include <iostream>

#include <dealtrail/dealtrail.hpp>

using namespace std::chrono_literals;

// One announcement of 1 200 roubles, two registrations, one arrival: what did each cost?
int main() {
  const auto day = dealtrail::Timestamp{std::chrono::sys_days{2026y / 3 / 14}};
  dealtrail::Trail trail{dealtrail::RUB};
  trail.put(dealtrail::Channel{.id = "telegram", .name = "Telegram"});
  trail.put(dealtrail::Event{.id = "expo", .name = "Expo", .starts_at = day});
  trail.put(dealtrail::Announcement{.id = "post", .channel = "telegram", .event = "expo", .published_at = day - 240h});
  trail.put(dealtrail::Invoice{.id = "n-1", .amount = {1'200'00, dealtrail::RUB}, .issued_at = day - 240h});
  trail.put(dealtrail::InvoiceLine{.id = "n-1:1", .invoice = "n-1", .announcement = "post"});
  trail.put(
      dealtrail::Registration{.id = "r-1", .event = "expo", .person = "anna", .announcement = "post", .at = day - 48h});
  trail.put(dealtrail::Registration{
      .id = "r-2", .event = "expo", .person = "boris", .announcement = "post", .at = day - 24h});
  trail.put(dealtrail::Attendance{.id = "scan-1", .registration = "r-1", .at = day + 10h});

  const auto card = trail.card("telegram");
  std::cout << card.key << ": cost " << dealtrail::to_text(card.cost.value()) << ", per registration "
            << card.cost_per_registration.value() << ", per attendee " << card.cost_per_attendee.value() << '\n';
}
