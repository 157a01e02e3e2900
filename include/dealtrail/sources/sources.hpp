// engine
#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/sources/source_index.hpp"

namespace dealtrail {

/// Which rule gave a fact its source. `none`: unattributed; `ambiguous`: keys disagree, unattributed too.
enum class SourceRule : std::uint8_t {
  none,
  announcement,
  channel,
  touch,
  promo_code,
  number,
  number_pool,
  form,
  utm,
  referrer,
  registration,
  lead,
  sale,
  ambiguous
};

inline constexpr detail::EnumNames<14> source_rule_names{
    "none", "announcement", "channel",  "touch",        "promo_code", "number", "number_pool",
    "form", "utm",          "referrer", "registration", "lead",       "sale",   "ambiguous"};
[[nodiscard]] constexpr std::string_view to_string(SourceRule rule) noexcept {
  return detail::enum_name(source_rule_names, rule);
}

}  // namespace dealtrail

namespace dealtrail::detail {

/// Where a fact came from: a channel, an announcement, both or neither.
struct Source {
  RowId channel = no_row;
  RowId announcement = no_row;
  SourceRule rule = SourceRule::none;
  KeyRow key{Kind::source_keys, no_row};   // that led there: of several the one of source_keys, then the smallest id
  SourceRule key_rule = SourceRule::none;  // the rule of that key
  RowId visit = no_row;                    // whose source a call to a pool's number has
  [[nodiscard]] bool found() const noexcept { return channel != no_row || announcement != no_row; }
  [[nodiscard]] bool same_place(const Source& other) const noexcept {
    return channel == other.channel && announcement == other.announcement;
  }
};

/// Direct credit by links and keys (docs/cards/cards.md). Pure reading of a store and an index; O(links) a fact.
class Sources {
 public:
  Sources(const FactStore& store, const SourceIndex& index) : store_(store), index_(index) {}

  [[nodiscard]] Source of_announcement(RowId announcement) const {
    if (!store_.present(Kind::announcements, announcement)) return {};
    return {store_.live_link(Kind::announcements, announcement, fields::announcements::channel), announcement,
            SourceRule::announcement};
  }

  [[nodiscard]] Source of_touch(RowId touch) const {
    if (!store_.present(Kind::touches, touch)) return {};
    namespace f = fields::touches;
    if (const Source own = own_of(Kind::touches, touch, f::announcement, f::channel); own.found()) return own;
    const TouchIdentifiers marks = marks_of(touch);
    if (index_.has_exact_keys()) {
      for (const KeyStep step : {KeyStep::promo_code, KeyStep::number, KeyStep::form}) {
        if (const auto answer = by_step(marks, step)) return *answer;
      }
    }
    if (index_.has_utm_keys()) {
      if (const auto answer = by_step(marks, KeyStep::utm)) return *answer;
    }
    if (index_.has_exact_keys()) {
      if (const auto answer = by_step(marks, KeyStep::referrer)) return *answer;
    }
    return {};
  }

  /// Calls `visit(key row)` for the keys that match a present touch in a step, whatever their time: first those that
  /// match it most closely, then, unless `enough()`, the next.
  template <class Visit, class End>
  void for_each_matching(RowId touch, KeyStep step, Visit&& visit, End&& enough) const {
    matching(marks_of(touch), step, visit, enough);
  }

  /// Whether a key is valid at that moment; a moment that is not known: only keys open at both ends.
  [[nodiscard]] bool valid(const KeyRow& key, Cell at) const {
    if (key.kind == Kind::announcements) return true;
    namespace f = fields::source_keys;
    const Cell from = store_.get(Kind::source_keys, key.slot, f::from);
    const Cell until = store_.get(Kind::source_keys, key.slot, f::until);
    if (at == null_cell) return from == null_cell && until == null_cell;
    return (from == null_cell || at >= from) && (until == null_cell || at < until);
  }

  /// Where a key itself leads, whatever the time; nothing when what it names is absent.
  [[nodiscard]] std::optional<Source> lead_of(const KeyRow& key) const {
    if (key.kind == Kind::announcements) return of_announcement(key.slot);
    namespace f = fields::source_keys;
    if (const Source own = of_announcement(store_.link(Kind::source_keys, key.slot, f::announcement)); own.found())
      return own;
    const RowId channel = store_.live_link(Kind::source_keys, key.slot, f::channel);
    if (channel == no_row) return std::nullopt;
    return Source{channel, no_row, SourceRule::none};
  }

  /// The visit whose source a call to a pool's number has: of those of the same client that were shown this number, or
  /// do not say which, the latest at or before the call and not a day before it; else of those that were shown this
  /// number, where one of the two has no client. Of equal times the smallest id.
  [[nodiscard]] RowId visit_of_call(RowId call) const {
    namespace f = fields::touches;
    const Cell at = store_.get(Kind::touches, call, f::at);
    if (at == null_cell) return no_row;
    const Cell from = at < null_cell + pool_window_us ? null_cell + 1 : at - pool_window_us;
    const RowId form = number_of(call);
    const RowId client = client_of(call);
    RowId best = no_row;
    const auto hear = [&](RowId visit) {
      if (best == no_row || later(visit, best)) best = visit;
    };
    if (client != no_row) {
      index_.for_each_of_client(client, [&](RowId visit) {
        const Cell seen = store_.get(Kind::touches, visit, f::at);
        if (!is_visit(visit) || seen == null_cell || seen < from || seen > at) return;
        const RowId shown = number_of(visit);
        if (shown == no_row || shown == form) hear(visit);
      });
      if (best != no_row) return best;
    }
    index_.for_each_with_number(true, form, from, at, [&](RowId visit) {
      if (best != no_row && store_.get(Kind::touches, visit, f::at) != store_.get(Kind::touches, best, f::at))
        return false;
      if (client == no_row || client_of(visit) == no_row) hear(visit);
      return true;
    });
    return best;
  }

  /// Calls `call(touch)` for each call whose source may be that of a visit with these cells.
  template <class Call>
  void for_each_call_of_visit(RowId client, RowId number, Cell at, Call&& call) const {
    namespace f = fields::touches;
    if (at == null_cell) return;
    constexpr Cell latest = std::numeric_limits<Cell>::max();
    const Cell until = at > latest - pool_window_us ? latest : at + pool_window_us;
    if (client != no_row) {
      index_.for_each_of_client(client, [&](RowId touch) {
        const Cell called = store_.get(Kind::touches, touch, f::at);
        if (called >= at && called <= until && !is_visit(touch) && number_of(touch) != no_row) call(touch);
      });
    }
    if (number == no_row) return;
    index_.for_each_with_number(false, number, at, until, [&](RowId touch) {
      call(touch);
      return true;
    });
  }

  /// The brand or pipeline (a field of source_keys) that a touch's number says, else its form, promo code, tags,
  /// referrer: what the valid keys of the first step that say one agree on. null_cell when they disagree, or none does.
  [[nodiscard]] Cell routed(RowId touch, std::size_t field) const {
    if (!store_.present(Kind::touches, touch)) return null_cell;
    const TouchIdentifiers marks = marks_of(touch);
    for (const KeyStep step : {KeyStep::number, KeyStep::form, KeyStep::promo_code, KeyStep::utm, KeyStep::referrer}) {
      Cell said = null_cell;
      bool disagree = false;
      matching(
          marks, step,
          [&](const KeyRow& key) {
            if (key.kind != Kind::source_keys || !valid(key, marks.at)) return;
            const Cell says = store_.get(Kind::source_keys, key.slot, field);
            if (says == null_cell) return;
            disagree = disagree || (said != null_cell && said != says);
            said = says;
          },
          [&] { return said != null_cell; });
      if (disagree) return null_cell;
      if (said != null_cell) return said;
    }
    return null_cell;
  }

  /// What a touch, registration, lead or deal names itself: its announcement, else its channel; nothing of others.
  [[nodiscard]] Source own(Kind kind, RowId slot) const {
    if (!store_.present(kind, slot)) return {};
    switch (kind) {
      case Kind::touches: return own_of(kind, slot, fields::touches::announcement, fields::touches::channel);
      case Kind::registrations:
        return own_of(kind, slot, fields::registrations::announcement, fields::registrations::channel);
      case Kind::leads: return own_of(kind, slot, fields::leads::announcement, fields::leads::channel);
      case Kind::deals: return own_of(kind, slot, fields::deals::announcement, fields::deals::channel);
      default: return {};
    }
  }

  [[nodiscard]] Source of_registration(RowId registration) const {
    namespace f = fields::registrations;
    return own_or_touch(Kind::registrations, registration, f::announcement, f::channel, f::touch);
  }

  [[nodiscard]] Source of_lead(RowId lead) const {
    namespace f = fields::leads;
    return own_or_touch(Kind::leads, lead, f::announcement, f::channel, f::touch);
  }

  /// A deal with a parent asks its sale last; sales in a circle give nothing.
  [[nodiscard]] Source of_deal(RowId deal) const {
    namespace f = fields::deals;
    std::vector<RowId> seen;
    bool through_sale = false;
    while (store_.present(Kind::deals, deal)) {
      Source source = own_or_touch(Kind::deals, deal, f::announcement, f::channel, f::touch);
      if (!decided(source))
        source = renamed(of_registration(store_.link(Kind::deals, deal, f::registration)), SourceRule::registration);
      if (!decided(source)) source = renamed(of_lead(store_.link(Kind::deals, deal, f::lead)), SourceRule::lead);
      if (decided(source)) return through_sale ? renamed(source, SourceRule::sale) : source;
      const RowId parent = store_.link(Kind::deals, deal, f::parent);
      if (parent == no_row) return {};
      seen.push_back(deal);
      for (const RowId earlier : seen) {
        if (earlier == parent) return {};
      }
      deal = parent;
      through_sale = true;
    }
    return {};
  }

  /// Announcements have themselves; costs and invoice lines their links; attendances their registration. Others:
  /// nothing.
  [[nodiscard]] Source of(Kind kind, RowId slot) const {
    switch (kind) {
      case Kind::announcements: return of_announcement(slot);
      case Kind::touches: return of_touch(slot);
      case Kind::registrations: return of_registration(slot);
      case Kind::attendances:
        return of_registration(store_.link(Kind::attendances, slot, fields::attendances::registration));
      case Kind::leads: return of_lead(slot);
      case Kind::deals: return of_deal(slot);
      default: return {};
    }
  }

  /// Whether the search has ended: with a place, or with keys that disagree.
  [[nodiscard]] static bool decided(const Source& source) noexcept {
    return source.found() || source.rule == SourceRule::ambiguous;
  }

 private:
  [[nodiscard]] static Source renamed(Source source, SourceRule rule) noexcept {
    if (source.found()) source.rule = rule;
    return source;
  }

  // What a fact names itself: its announcement, else its channel.
  [[nodiscard]] Source own_of(Kind kind, RowId slot, std::size_t announcement, std::size_t channel) const {
    if (const Source own = of_announcement(store_.link(kind, slot, announcement)); own.found()) return own;
    const RowId named = store_.live_link(kind, slot, channel);
    return named == no_row ? Source{} : Source{named, no_row, SourceRule::channel};
  }
  [[nodiscard]] Source own_or_touch(Kind kind, RowId slot, std::size_t announcement, std::size_t channel,
                                    std::size_t touch) const {
    if (!store_.present(kind, slot)) return {};
    if (const Source own = own_of(kind, slot, announcement, channel); own.found()) return own;
    const Source through = of_touch(store_.link(kind, slot, touch));
    return through.rule == SourceRule::announcement || through.rule == SourceRule::channel
               ? renamed(through, SourceRule::touch)
               : through;
  }

  // What of a touch keys are compared with.
  struct TouchIdentifiers {
    RowId touch;
    Cell at;
    bool chat;
    bool visit;
  };
  [[nodiscard]] TouchIdentifiers marks_of(RowId touch) const {
    namespace f = fields::touches;
    const Cell kind = store_.get(Kind::touches, touch, f::kind);
    return {touch, store_.get(Kind::touches, touch, f::at), kind == choice(Kind::touches, f::kind, "chat"),
            kind == choice(Kind::touches, f::kind, "visit")};
  }
  [[nodiscard]] bool is_visit(RowId touch) const {
    namespace f = fields::touches;
    return store_.get(Kind::touches, touch, f::kind) == choice(Kind::touches, f::kind, "visit");
  }
  [[nodiscard]] RowId number_of(RowId touch) const {
    const RowId text = store_.link(Kind::touches, touch, fields::touches::dialled_number);
    return text == no_row ? no_row : index_.form_of(KeyStep::number, text);
  }
  [[nodiscard]] RowId client_of(RowId touch) const {
    const RowId text = store_.link(Kind::touches, touch, fields::touches::client_id);
    return text == no_row || store_.texts().text(text).empty() || is_placeholder(store_.texts().text(text)) ? no_row
                                                                                                            : text;
  }
  [[nodiscard]] bool later(RowId visit, RowId than) const {
    const Cell lhs = store_.get(Kind::touches, visit, fields::touches::at);
    const Cell rhs = store_.get(Kind::touches, than, fields::touches::at);
    if (lhs != rhs) return lhs > rhs;
    return store_.id(Kind::touches, visit) < store_.id(Kind::touches, than);
  }

  template <class Visit, class End>
  void matching(const TouchIdentifiers& marks, KeyStep step, Visit&& visit, End&& enough) const {
    namespace f = fields::touches;
    if (step == KeyStep::utm) return matching_tags(marks.touch, visit, enough);
    constexpr std::array<std::size_t, key_step_count> field_of{f::promo_code, f::dialled_number, f::form, 0,
                                                               f::referrer};
    const RowId text = store_.link(Kind::touches, marks.touch, field_of[static_cast<std::size_t>(step)]);
    if (text == no_row || (step == KeyStep::number && marks.visit)) return;
    const RowId form = index_.form_of(step, text);
    if (step != KeyStep::referrer) index_.for_each_exact(step, form, marks.chat, visit);
    if (step == KeyStep::number && !enough()) index_.for_each_span(store_.texts().text(form), visit);
    if (step != KeyStep::referrer) return;
    // The page itself, then what it lies under, up to the host.
    std::string_view page = store_.texts().text(form);
    while (true) {
      if (const RowId key = store_.texts().find(page); key != no_row)
        index_.for_each_exact(step, key, marks.chat, visit);
      const std::size_t slash = page.rfind('/');
      if (slash == std::string_view::npos || enough()) return;
      page = page.substr(0, slash);
    }
  }

  template <class Visit, class End>
  void matching_tags(RowId touch, Visit&& visit, End&& enough) const {
    UtmTags tags = no_tags;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      tags[i] = store_.link(Kind::touches, touch, fields::touches::utm_source + i);
      if (tags[i] != no_row) tags[i] = index_.form_of_tag(tags[i]);
    }
    const unsigned all = mask_of(tags);
    for (int count = std::popcount(all); count > 0 && !enough(); --count) {
      for (unsigned mask = all; mask != 0; mask = (mask - 1) & all) {
        if (std::popcount(mask) == count) index_.for_each_utm(masked(tags, mask), visit);
      }
    }
  }

  /// The key that is named of several: one of source_keys, then the smallest id.
  [[nodiscard]] bool named_before(const KeyRow& lhs, const KeyRow& rhs) const {
    if (lhs.kind != rhs.kind) return lhs.kind == Kind::source_keys;
    return store_.id(lhs.kind, lhs.slot) < store_.id(rhs.kind, rhs.slot);
  }

  /// Keys agree, or the step gives nothing and the search ends.
  [[nodiscard]] std::optional<Source> by_step(const TouchIdentifiers& marks, KeyStep step) const {
    std::optional<Source> agreed;
    bool ambiguous = false;
    std::optional<RowId> visit;  // looked for once
    matching(
        marks, step,
        [&](const KeyRow& key) {
          if (!valid(key, marks.at)) return;
          std::optional<Source> led = lead_of(key);
          SourceRule rule = rule_of(step);
          if (step == KeyStep::number && is_pool(key)) {
            rule = SourceRule::number_pool;
            if (!visit.has_value()) visit = visit_of_call(marks.touch);
            const Source seen = of_touch(*visit);
            ambiguous = ambiguous || seen.rule == SourceRule::ambiguous;
            if (decided(seen)) {
              led = seen;
              led->visit = *visit;
            }
          }
          if (!led.has_value()) return;
          led->rule = rule;
          led->key = key;
          led->key_rule = rule;
          ambiguous = ambiguous || (agreed.has_value() && !agreed->same_place(*led));
          if (!agreed.has_value() || named_before(key, agreed->key)) agreed = led;
        },
        [&] { return agreed.has_value(); });
    if (ambiguous) agreed = Source{no_row, no_row, SourceRule::ambiguous, agreed->key, agreed->key_rule, agreed->visit};
    return agreed;
  }

  [[nodiscard]] bool is_pool(const KeyRow& key) const {
    namespace f = fields::source_keys;
    return key.kind == Kind::source_keys &&
           store_.get(Kind::source_keys, key.slot, f::kind) == choice(Kind::source_keys, f::kind, "number_pool");
  }

  [[nodiscard]] static SourceRule rule_of(KeyStep step) noexcept {
    constexpr std::array<SourceRule, key_step_count> rules{SourceRule::promo_code, SourceRule::number, SourceRule::form,
                                                           SourceRule::utm, SourceRule::referrer};
    return rules[static_cast<std::size_t>(step)];
  }

  const FactStore& store_;
  const SourceIndex& index_;
};

}  // namespace dealtrail::detail
