#pragma once

#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "dealtrail/model/detail/fact_store.hpp"
#include "dealtrail/model/detail/source_index.hpp"

namespace dealtrail {

/// Which rule gave a fact its source. `none`: unattributed; `ambiguous`: keys disagree, unattributed too.
enum class SourceRule : std::uint8_t {
  none,
  announcement,
  touch,
  promo_code,
  number,
  form,
  utm,
  referrer,
  registration,
  lead,
  sale,
  ambiguous
};

[[nodiscard]] constexpr std::string_view to_string(SourceRule rule) noexcept {
  constexpr std::array<std::string_view, 12> names{"none",         "announcement", "touch", "promo_code",
                                                   "number",       "form",         "utm",   "referrer",
                                                   "registration", "lead",         "sale",  "ambiguous"};
  return names[static_cast<std::size_t>(rule)];
}

}  // namespace dealtrail

namespace dealtrail::detail {

/// Where a fact came from: a channel, an announcement, both or neither.
struct Source {
  Slot channel = no_slot;
  Slot announcement = no_slot;
  SourceRule rule = SourceRule::none;
  [[nodiscard]] bool found() const noexcept { return channel != no_slot || announcement != no_slot; }
  [[nodiscard]] bool same_place(const Source& other) const noexcept {
    return channel == other.channel && announcement == other.announcement;
  }
};

/// Direct credit by links and exact keys (docs/model/cards.md). Pure reading of a store and an index; O(links) a fact.
class Sources {
 public:
  Sources(const FactStore& store, const SourceIndex& index) : store_(store), index_(index) {}

  [[nodiscard]] Source of_announcement(Slot announcement) const {
    if (!store_.present(Kind::announcements, announcement)) return {};
    return {store_.live_link(Kind::announcements, announcement, fields::announcements::channel), announcement,
            SourceRule::announcement};
  }

  [[nodiscard]] Source of_touch(Slot touch) const {
    if (!store_.present(Kind::touches, touch)) return {};
    namespace f = fields::touches;
    if (const Source own = of_announcement(store_.link(Kind::touches, touch, f::announcement)); own.found()) {
      return {own.channel, own.announcement, SourceRule::touch};
    }
    const Stored at = store_.get(Kind::touches, touch, f::at);
    const bool chat = store_.get(Kind::touches, touch, f::kind) == choice(Kind::touches, f::kind, "chat");
    constexpr std::array<std::pair<KeyStep, std::size_t>, 3> before_utm{
        {{KeyStep::promo_code, f::promo_code}, {KeyStep::number, f::dialled_number}, {KeyStep::form, f::form}}};
    if (index_.has_exact_keys()) {
      for (const auto& [step, field] : before_utm) {
        if (const auto answer = by_text(touch, field, step, at, chat)) return *answer;
      }
    }
    if (index_.has_utm_keys()) {
      if (const auto answer = by_utm(touch, at)) return *answer;
    }
    if (index_.has_exact_keys()) {
      if (const auto answer = by_text(touch, f::referrer, KeyStep::referrer, at, chat)) return *answer;
    }
    return {};
  }

  [[nodiscard]] Source of_registration(Slot registration) const {
    namespace f = fields::registrations;
    return own_or_touch(Kind::registrations, registration, f::announcement, f::touch);
  }

  [[nodiscard]] Source of_lead(Slot lead) const {
    namespace f = fields::leads;
    return own_or_touch(Kind::leads, lead, f::announcement, f::touch);
  }

  /// A deal with a parent asks its sale last; sales in a circle give nothing.
  [[nodiscard]] Source of_deal(Slot deal) const {
    namespace f = fields::deals;
    std::vector<Slot> seen;
    bool through_sale = false;
    while (store_.present(Kind::deals, deal)) {
      Source source = own_or_touch(Kind::deals, deal, f::announcement, f::touch);
      if (!decided(source))
        source = renamed(of_registration(store_.link(Kind::deals, deal, f::registration)), SourceRule::registration);
      if (!decided(source)) source = renamed(of_lead(store_.link(Kind::deals, deal, f::lead)), SourceRule::lead);
      if (decided(source)) return through_sale ? renamed(source, SourceRule::sale) : source;
      const Slot parent = store_.link(Kind::deals, deal, f::parent);
      if (parent == no_slot) return {};
      seen.push_back(deal);
      for (const Slot earlier : seen) {
        if (earlier == parent) return {};
      }
      deal = parent;
      through_sale = true;
    }
    return {};
  }

  /// Announcements have themselves; costs and invoice lines their links; attendances their registration. Others:
  /// nothing.
  [[nodiscard]] Source of(Kind kind, Slot slot) const {
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

  [[nodiscard]] Source own_or_touch(Kind kind, Slot slot, std::size_t announcement, std::size_t touch) const {
    if (!store_.present(kind, slot)) return {};
    if (const Source own = of_announcement(store_.link(kind, slot, announcement)); own.found()) return own;
    return of_touch(store_.link(kind, slot, touch));
  }

  /// Where a key leads at that moment; nothing when it is not valid then or leads nowhere.
  [[nodiscard]] std::optional<Source> led_by(const KeyRow& key, Stored at) const {
    if (key.kind == Kind::announcements) return of_announcement(key.slot);
    namespace f = fields::source_keys;
    const Stored from = store_.get(Kind::source_keys, key.slot, f::from);
    const Stored until = store_.get(Kind::source_keys, key.slot, f::until);
    if (at == null_cell && (from != null_cell || until != null_cell)) return std::nullopt;
    if ((from != null_cell && at < from) || (until != null_cell && at >= until)) return std::nullopt;
    if (const Source own = of_announcement(store_.link(Kind::source_keys, key.slot, f::announcement)); own.found())
      return own;
    const Slot channel = store_.live_link(Kind::source_keys, key.slot, f::channel);
    if (channel == no_slot) return std::nullopt;
    return Source{channel, no_slot, SourceRule::none};
  }

  // Keys agree, or the step gives nothing and the search ends.
  struct Agreement {
    std::optional<Source> source;
    bool ambiguous = false;
    void hear(const std::optional<Source>& led) {
      if (!led.has_value()) return;
      if (source.has_value() && !source->same_place(*led)) ambiguous = true;
      source = led;
    }
    [[nodiscard]] std::optional<Source> answer(SourceRule rule) const {
      if (ambiguous) return Source{no_slot, no_slot, SourceRule::ambiguous};
      if (!source.has_value()) return std::nullopt;
      return Source{source->channel, source->announcement, rule};
    }
  };

  [[nodiscard]] static SourceRule rule_of(KeyStep step) noexcept {
    return static_cast<SourceRule>(static_cast<std::uint8_t>(SourceRule::promo_code) + static_cast<std::uint8_t>(step));
  }

  [[nodiscard]] std::optional<Source> by_text(Slot touch, std::size_t field, KeyStep step, Stored at, bool chat) const {
    const Stored cell = store_.get(Kind::touches, touch, field);
    if (cell == null_cell) return std::nullopt;
    Agreement agreement;
    index_.for_each_exact(step, static_cast<Slot>(cell), chat,
                          [&](const KeyRow& key) { agreement.hear(led_by(key, at)); });
    return agreement.answer(rule_of(step));
  }

  [[nodiscard]] std::optional<Source> by_utm(Slot touch, Stored at) const {
    UtmTags tags = no_tags;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      tags[i] = store_.link(Kind::touches, touch, fields::touches::utm_source + i);
    }
    const unsigned all = mask_of(tags);
    for (int count = std::popcount(all); count > 0; --count) {
      Agreement agreement;
      for (unsigned mask = all; mask != 0; mask = (mask - 1) & all) {
        if (std::popcount(mask) != count) continue;
        index_.for_each_utm(masked(tags, mask), [&](const KeyRow& key) { agreement.hear(led_by(key, at)); });
      }
      if (const auto answer = agreement.answer(SourceRule::utm)) return answer;
    }
    return std::nullopt;
  }

  const FactStore& store_;
  const SourceIndex& index_;
};

}  // namespace dealtrail::detail
