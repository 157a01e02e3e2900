#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/answers/source_table.hpp"
#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/trail/unmeasured.hpp"

namespace dealtrail {

namespace detail {

/// Why a fact has no source; of several the greatest is said.
enum class NoSource : std::uint8_t { no_key, unknown_key, missing_link, no_visit, not_valid_then, tie };

[[nodiscard]] constexpr std::string_view to_string(NoSource why) noexcept {
  constexpr std::array<std::string_view, 6> names{"no_key",   "unknown_key",    "missing_link",
                                                  "no_visit", "not_valid_then", "tie"};
  return names[static_cast<std::size_t>(why)];
}

// The reasons behind an empty source, looked for where the source itself was.
class NoSourceReasons {
 public:
  explicit NoSourceReasons(const FactsView& facts) : store_(facts.store), sources_(facts.store, facts.index) {}

  [[nodiscard]] NoSource of(Kind kind, RowId slot) const {
    if (kind == Kind::touches) return of_touch(slot);
    std::vector<RowId> seen;
    return kind == Kind::deals ? of_deal(slot, seen) : of_links(kind, slot);
  }

 private:
  /// A link that names an absent fact; the reason of a present one is asked of `reason`.
  template <class Reason>
  [[nodiscard]] NoSource through(Kind kind, RowId slot, std::size_t field, Reason&& reason) const {
    const RowId target = store_.link(kind, slot, field);
    if (target == no_row) return NoSource::no_key;
    return store_.present(fields_of(kind)[field].target, target) ? reason(target) : NoSource::missing_link;
  }

  [[nodiscard]] NoSource of_touch(RowId touch) const {
    namespace f = fields::touches;
    if (sources_.of_touch(touch).rule == SourceRule::ambiguous) return NoSource::tie;
    const Cell at = store_.get(Kind::touches, touch, f::at);
    NoSource why = through(Kind::touches, touch, f::announcement, [](RowId) { return NoSource::no_key; });
    why = std::max(why, through(Kind::touches, touch, f::channel, [](RowId) { return NoSource::no_key; }));
    const bool visit = store_.get(Kind::touches, touch, f::kind) == choice(Kind::touches, f::kind, "visit");
    const auto carries = [&](std::size_t field) {
      const Cell cell = store_.get(Kind::touches, touch, field);
      return cell != null_cell && !store_.text(cell).empty();
    };
    bool any =
        carries(f::promo_code) || (carries(f::dialled_number) && !visit) || carries(f::form) || carries(f::referrer);
    for (std::size_t i = 0; i < utm_names.size(); ++i) any = any || carries(f::utm_source + i);
    if (any) why = std::max(why, NoSource::unknown_key);
    for (const KeyStep step : {KeyStep::promo_code, KeyStep::number, KeyStep::form, KeyStep::utm, KeyStep::referrer}) {
      sources_.for_each_matching(
          touch, step, [&](const KeyRow& key) { why = std::max(why, of_key(key, at)); }, [] { return false; });
    }
    return why;
  }

  [[nodiscard]] NoSource of_key(const KeyRow& key, Cell at) const {
    namespace f = fields::source_keys;
    if (!sources_.valid(key, at)) return NoSource::not_valid_then;
    const bool names = store_.link(Kind::source_keys, key.slot, f::announcement) != no_row ||
                       store_.link(Kind::source_keys, key.slot, f::channel) != no_row;
    return names ? NoSource::missing_link : NoSource::no_visit;
  }

  /// Registrations and leads: their announcement and touch.
  [[nodiscard]] NoSource of_links(Kind kind, RowId slot) const {
    const auto no_key = [](RowId) { return NoSource::no_key; };
    return std::max({through(kind, slot, *find_field(kind, "announcement"), no_key),
                     through(kind, slot, *find_field(kind, "channel"), no_key),
                     through(kind, slot, *find_field(kind, "touch"), [&](RowId touch) { return of_touch(touch); })});
  }

  [[nodiscard]] NoSource of_deal(RowId deal, std::vector<RowId>& seen) const {
    namespace f = fields::deals;
    if (std::find(seen.begin(), seen.end(), deal) != seen.end()) return NoSource::no_key;
    seen.push_back(deal);
    return std::max(
        {of_links(Kind::deals, deal),
         through(Kind::deals, deal, f::registration, [&](RowId slot) { return of_links(Kind::registrations, slot); }),
         through(Kind::deals, deal, f::lead, [&](RowId slot) { return of_links(Kind::leads, slot); }),
         through(Kind::deals, deal, f::parent, [&](RowId slot) { return of_deal(slot, seen); })});
  }

  const FactStore& store_;
  const Sources sources_;
};

/// What a key says: its value, or the short form on its announcement that the rule names.
[[nodiscard]] inline std::optional<std::string> stated_text(const FactStore& store, const Source& source) {
  const SourceRule rule = source.key_rule;
  const KeyRow& key = source.key;
  if (key.slot == no_row) return std::nullopt;
  const auto text_at = [&](std::size_t field) -> std::string_view {
    const Cell cell = store.get(key.kind, key.slot, field);
    return cell == null_cell ? std::string_view{} : store.text(cell);
  };
  if (key.kind == Kind::source_keys) return std::string{text_at(fields::source_keys::value)};
  namespace f = fields::announcements;
  if (rule == SourceRule::promo_code) return std::string{text_at(f::promo_code)};
  if (rule == SourceRule::number) return std::string{text_at(f::phone_number)};
  std::array<std::string_view, 5> tags;
  for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = text_at(f::utm_source + i);
  return tags_text(tags);
}

}  // namespace detail

DEALTRAIL_INLINE Table source_table(const Trail& trail, const SourceTableOptions& options) {
  using namespace detail;
  const Kind kind = options.kind;
  if (kind != Kind::touches && kind != Kind::registrations && kind != Kind::leads && kind != Kind::deals) {
    throw Error(ErrorCode::invalid_argument, "no sources of " + std::string{kind_name(kind)}, {"sources", "kind", -1},
                "touches, registrations, leads or deals");
  }
  const FactsView facts = trail.view();
  const FactStore& store = facts.store;
  const Sources found(store, facts.index);
  const NoSourceReasons reasons(facts);
  const PostingKeys brands(store, facts.index, facts.zone, "brand");
  const PostingKeys pipelines(store, facts.index, facts.zone, "pipeline");
  const std::size_t time = find_field(kind, "at").value_or(find_field(kind, "created_at").value_or(0));

  TableBuilder builder{"sources"};
  builder.meta("kind", std::string{kind_name(kind)});
  builder.meta("source_precedence",
               "own announcement, own channel, touch (announcement, channel, promo code, number, form, utm, referrer), "
               "registration, lead, sale of a claim");
  builder.meta("pool_window_hours", std::to_string(pool_window_us * 24 / us_per_day));
  auto& id = builder.text("id");
  auto& at = builder.time("at");
  auto& rule = builder.text("rule");
  auto& key = builder.text("key");
  auto& key_id = builder.text("key_id");
  auto& visit = builder.text("visit");
  auto& channel = builder.text("channel");
  auto& announcement = builder.text("announcement");
  auto& brand = builder.text("brand");
  auto& pipeline = builder.text("pipeline");
  auto& why = builder.text("why");
  const auto place = [&](ColumnBuilder& to, Kind of_kind, RowId slot) {
    to.append_text(slot == no_row ? std::nullopt : std::optional{store.id(of_kind, slot)});
  };
  for (const RowId slot : store.sorted_rows(kind)) {
    const Source source = found.of(kind, slot);
    const Cell moment = store.get(kind, slot, time);
    id.append_text(store.id(kind, slot));
    at.append_time(moment == null_cell ? std::nullopt : std::optional{from_us(moment)});
    rule.append_text(to_string(source.rule));
    key.append_text(stated_text(store, source));
    place(key_id, Kind::source_keys, source.key.kind == Kind::source_keys ? source.key.slot : no_row);
    place(visit, Kind::touches, source.visit);
    place(channel, Kind::channels, source.channel);
    place(announcement, Kind::announcements, source.announcement);
    const Posting posting{.fact = slot, .channel = source.channel, .announcement = source.announcement, .kind = kind};
    for (const auto& [keys, to] : {std::pair{&brands, &brand}, std::pair{&pipelines, &pipeline}}) {
      const auto said = keys->of(posting);
      to->append_text(said == unattributed_key ? std::nullopt : said);
    }
    why.append_text(source.found() ? std::nullopt : std::optional{to_string(reasons.of(kind, slot))});
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table unmeasurable(const Trail& trail) {
  using namespace detail;
  namespace f = fields::announcements;
  const FactsView facts = trail.view();
  const FactStore& store = facts.store;
  TableBuilder builder{"unmeasurable"};
  auto& announcement = builder.text("announcement");
  auto& name = builder.text("name");
  auto& channel = builder.text("channel");
  auto& event = builder.text("event");
  auto& status = builder.text("status");
  auto& published_at = builder.time("published_at");
  auto& planned_cost = builder.money("planned_cost", trail.currency());
  auto& hint = builder.text("hint");
  const auto keys = declared_keys(store, Sources(store, facts.index));
  for (const RowId slot : unmeasured(store, keys)) {
    const auto cell = [&](std::size_t field) { return store.get(Kind::announcements, slot, field); };
    const auto linked = [&](ColumnBuilder& to, Kind kind, std::size_t field) {
      const Cell target = cell(field);
      to.append_text(target == null_cell ? std::nullopt : std::optional{store.id(kind, static_cast<RowId>(target))});
    };
    announcement.append_text(store.id(Kind::announcements, slot));
    name.append_text(cell(f::creative) == null_cell ? std::nullopt : std::optional{store.text(cell(f::creative))});
    linked(channel, Kind::channels, f::channel);
    linked(event, Kind::events, f::event);
    status.append_text(choice_text(fields_of(Kind::announcements)[f::status].choices, cell(f::status)));
    const Cell at = cell(f::published_at);
    published_at.append_time(at == null_cell ? std::nullopt : std::optional{from_us(at)});
    const Cell planned = cell(f::planned_cost);
    planned_cost.append_minor(planned == null_cell ? std::nullopt : std::optional{planned});
    hint.append_text(measure_cure);
  }
  return builder.finish();
}

}  // namespace dealtrail
