#include <array>
#include <chrono>
#include <cstddef>
#include <everything.hpp>
#include <string>
#include <vector>

std::size_t rows_of_every_call();

namespace {

using namespace dealtrail;
using namespace std::chrono_literals;

Trail small_trail() {
  const Timestamp day{std::chrono::sys_days{2026y / 3 / 14}};
  Trail trail{RUB};
  trail.declare(Kind::people, "city", FieldType::text);
  trail.set_rules({OutcomeRule{.name = "all", .outcome = "won", .when = Condition::null("lost_reason")}});
  Trail::Batch batch = trail.batch();
  batch.put(Channel{.id = "mail", .name = "Mail"});
  batch.put(Event{.id = "expo", .name = "Expo", .starts_at = day});
  batch.put(Announcement{.id = "post", .channel = "mail", .event = "expo", .published_at = day - 240h});
  batch.put(Person{.id = "ann", .name = "Ann Lee"});
  batch.put(Person{.id = "anna", .name = "Anna Lee"});
  batch.put(Registration{.id = "r", .event = "expo", .person = "ann", .announcement = "post", .at = day - 48h});
  batch.put(Attendance{.id = "s", .registration = "r", .at = day + 10h});
  batch.put(Deal{.id = "d", .person = "ann", .created_at = day + 24h, .amount = Money{120'00, RUB}});
  batch.finish();
  return trail;
}

}  // namespace

// A body is compiled where it is called: each is called here, header-only and compiled, so that none can be broken
// unseen.
std::size_t rows_of_every_call() {
  Trail trail = small_trail();
  const Trail before = trail;
  trail.merge(Kind::people, "ann", "anna");
  trail.put(Channel{.id = "sms", .name = "SMS"});
  trail.remove(Kind::channels, "sms");
  trail.rebuild();
  const PutReport report =
      trail.put(Kind::people, read_all(before.table(Kind::people).to_stream(), "people"), true, "export");
  const Trail restored = Trail::restore(trail.snapshot());
  std::vector<Draft> drafts(1);
  const Channel ads{.id = "ads", .name = "Ads"};
  fill(drafts.front(), ads);
  const std::array<std::string, 2> keys{"channel", "month"};
  const Guests seen = guests(trail);
  const Journeys of_trail = journeys(trail);
  Journeys both = Journeys::from_bytes(of_trail.to_bytes());
  both.merge(journeys(Trail{RUB}));
  const Journeys of_touches = Journeys::from_touches(read_all(of_trail.touches().to_stream(), "touches"));
  const Journeys of_paths = Journeys::from_paths(read_all(of_trail.paths().to_stream(), "paths"));
  const Journeys in_windows = journeys_in_windows(read_all(of_trail.touches().to_stream(), "touches"), {},
                                                  {.kind = "channel", .lookback_days_of = {{"mail", 7}}});
  const std::vector<std::string> mail{"mail"};
  const Journeys few = trim(exclude(transform(of_trail, PathTransform::exposure), mail, ExcludeWhen::not_alone), 4);

  std::size_t rows = trail.card("mail").key.size() + event_times(trail).size() + both.meta().size();
  if (of_trail.converted_at_us(0).has_value()) ++rows;
  if (restored.contains(Kind::people, "ann") && !restored.rules().empty() && of_trail == of_trail.by_path()) ++rows;
  CreditState credited{of_trail, attribution::linear_rule()};
  credited.merge(CreditState::from_bytes(credited.to_bytes()));
  credited.subtract(CreditState{of_trail, attribution::linear_rule()});
  attribution::ShapleyState game{of_trail};
  game.merge(attribution::ShapleyState::from_bytes(game.to_bytes()));
  game.subtract(attribution::ShapleyState{of_trail});
  if (credited.finish().has_value() && game.finish().has_value() && attribution::shao_li(game).has_value()) ++rows;
  const std::array rules{attribution::linear_rule(), attribution::first_touch_rule()};
  if (credit(of_trail, rules).size() == CreditState::of_each(of_trail, rules).size()) ++rows;
  const Credit linear = attribution::linear(of_trail);
  const std::array credits{linear,
                           attribution::first_touch(of_trail),
                           attribution::last_touch(of_trail),
                           attribution::participation(of_trail),
                           attribution::position_based(of_trail),
                           attribution::time_decay(of_trail),
                           attribution::u_shaped(of_trail),
                           attribution::w_shaped(of_trail),
                           attribution::full_path(of_trail),
                           attribution::milestones(of_trail, {{"first", 0.5}}),
                           attribution::shao_li(of_trail),
                           attribution::shapley(of_trail)};
  const std::array tables{linear.table(),
                          credit_table(credits),
                          attribution::credits(of_trail, attribution::linear_rule()),
                          attribution::assisted(of_trail),
                          attribution::path_length(of_trail),
                          attribution::time_lag(of_trail),
                          attribution::shapley_by_position(of_trail),
                          report.counts_table(),
                          report.problems_table(),
                          restored.cards(),
                          trail.trace("mail", "registrations"),
                          trail.diff(before),
                          trail.preview(drafts),
                          trail.goals(),
                          trail.timeline(Kind::people, "ann"),
                          trail.findings(),
                          card_parts(trail, keys),
                          missed(trail),
                          identities(trail, Kind::people),
                          explain_identity(trail, Kind::people, "ann", "anna"),
                          identity_review(trail, Kind::people),
                          sources(trail),
                          unmeasurable(trail),
                          number_audit(trail),
                          venue_report(trail),
                          guests_table(seen),
                          exits(seen),
                          funnel(seen),
                          priority(seen, default_priority_rules()),
                          of_trail.table(),
                          of_trail.notes(),
                          of_trail.by_path().paths(),
                          of_touches.touches(),
                          few.table(),
                          in_windows.table(),
                          first_conversions(of_trail).table(),
                          with_milestones(of_touches, read_all(of_touches.touches().to_stream(), "milestones"),
                                          {.kind = "channel", .kinds = {"mail"}})
                              .table(),
                          of_paths.paths(),
                          credited_cards(trail, attribution::linear_rule()),
                          cards_with(trail, {}),
                          pace(trail),
                          pace_editions(trail, {.event = "expo"}),
                          pace_curve(trail, {.event = "expo"})};
  for (const Table& table : tables) {
    rows += static_cast<std::size_t>(table.rows()) + to_csv(table).size() + to_json(table).size() +
            to_html(table).size() + to_text(table).size();
  }
  return rows;
}
