// engine
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/identity/placeholders.hpp"
#include "dealtrail/sources/detail/normalised_keys.hpp"

namespace dealtrail::detail {

// What leads from the marks of a touch (code, number, form, tags, referrer) to an announcement or channel, and back.
// Keys come from `source_keys` and from the short forms on announcements.

/// The steps of a touch's keys, in the order they are tried.
enum class KeyStep : std::uint8_t { promo_code, number, form, utm, referrer };
inline constexpr std::size_t key_step_count = 5;

inline constexpr std::array<std::string_view, 5> utm_names{"utm_source", "utm_medium", "utm_campaign", "utm_content",
                                                           "utm_term"};

/// The five tags by text slot; no_slot where one is not named.
using UtmTags = std::array<RowId, 5>;
inline constexpr UtmTags no_tags{no_row, no_row, no_row, no_row, no_row};

[[nodiscard]] constexpr unsigned mask_of(const UtmTags& tags) noexcept {
  unsigned mask = 0;
  for (std::size_t i = 0; i < tags.size(); ++i) mask |= tags[i] != no_row ? 1U << i : 0U;
  return mask;
}

[[nodiscard]] constexpr UtmTags masked(const UtmTags& tags, unsigned mask) noexcept {
  UtmTags result = no_tags;
  for (std::size_t i = 0; i < tags.size(); ++i) {
    if ((mask >> i & 1U) != 0) result[i] = tags[i];
  }
  return result;
}

/// One key: a row of source_keys or an announcement with a short form.
struct KeyRow {
  Kind kind;  // source_keys or announcements
  RowId slot;
  friend bool operator==(const KeyRow&, const KeyRow&) = default;
};

/// A key as a fact carries it: which step, and what it matches.
struct Identifier {
  KeyStep step;
  bool of_chat = false;  // a form key that only touches of kind chat match
  bool of_pool = false;  // a number key of a call-tracking pool
  RowId text = no_row;   // for all but utm; codes, numbers and referrers in their form; no_slot: a span of numbers
  UtmTags tags = no_tags;
  NumberSpan span{};  // of a pool without text; of a referrer its page, as `low`
};

/// How long before a call a visit may lie that was shown the number: a day.
inline constexpr std::int64_t pool_window_us = us_per_day;

class SourceIndex {
 public:
  /// The marks that a row of source_keys or announcements carries. Tags and texts are taken into `store`'s texts.
  static void marks_of(FactStore& store, Kind kind, std::span<const Cell> row, std::vector<Identifier>& marks) {
    // Empty text is no key.
    const auto text_at = [&](std::size_t field) {
      const RowId slot = row[field] == null_cell ? no_row : static_cast<RowId>(row[field]);
      return slot == no_row || store.texts().text(slot).empty() ? no_row : slot;
    };
    if (kind == Kind::announcements) {
      namespace f = fields::announcements;
      if (text_at(f::promo_code) != no_row)
        marks.push_back({.step = KeyStep::promo_code, .text = form_of_code(store, text_at(f::promo_code))});
      if (const RowId number = text_at(f::phone_number); number != no_row)
        marks.push_back({.step = KeyStep::number, .text = form_of_number(store, number)});
      UtmTags tags = no_tags;
      for (std::size_t i = 0; i < tags.size(); ++i) {
        tags[i] = text_at(f::utm_source + i);
        if (tags[i] != no_row) tags[i] = form_of_tag(store, tags[i]);
      }
      if (mask_of(tags) != 0) marks.push_back({.step = KeyStep::utm, .tags = tags});
      return;
    }
    namespace f = fields::source_keys;
    const RowId value = text_at(f::value);
    if (value == no_row) return;
    const Cell sort = row[f::kind];
    if (sort == choice(Kind::source_keys, f::kind, "utm")) {
      const UtmTags tags = parse_tags(store, store.texts().text(value));
      if (mask_of(tags) != 0) marks.push_back({.step = KeyStep::utm, .tags = tags});
    } else if (sort == choice(Kind::source_keys, f::kind, "promo_code")) {
      marks.push_back({.step = KeyStep::promo_code, .text = form_of_code(store, value)});
    } else if (sort == choice(Kind::source_keys, f::kind, "form")) {
      marks.push_back({.step = KeyStep::form, .text = value});
    } else if (sort == choice(Kind::source_keys, f::kind, "chat")) {
      marks.push_back({.step = KeyStep::form, .of_chat = true, .text = value});
    } else if (sort == choice(Kind::source_keys, f::kind, "referrer")) {
      NumberSpan page{normalised_referrer(store.texts().text(value)), {}};
      const RowId form = store.texts().intern(page.low);
      marks.push_back({.step = KeyStep::referrer, .text = form, .span = std::move(page)});
    } else if (sort == choice(Kind::source_keys, f::kind, "number_pool")) {
      if (!is_number_span(store.texts().text(value))) {
        marks.push_back({.step = KeyStep::number, .of_pool = true, .text = form_of_number(store, value)});
      } else if (auto span = parse_number_span(store.texts().text(value))) {
        marks.push_back({.step = KeyStep::number, .of_pool = true, .span = std::move(*span)});
      }
    } else if (sort != null_cell) {
      marks.push_back({.step = KeyStep::number, .text = form_of_number(store, value)});
    }
  }

  /// The tags, in their form, that `utm_source=a&utm_campaign=b` names; none at all when a part of it is not such a
  /// pair, or a name comes twice.
  static UtmTags parse_tags(FactStore& store, std::string_view text_in_store) {
    const std::string copy{text_in_store};  // the texts move when one is added
    std::string_view text = copy;
    UtmTags tags = no_tags;
    while (true) {
      const std::size_t end = text.find('&');
      const std::string_view pair = text.substr(0, end);
      const std::size_t equals = pair.find('=');
      if (equals == std::string_view::npos || equals + 1 == pair.size()) return no_tags;
      const auto name = std::find(utm_names.begin(), utm_names.end(), pair.substr(0, equals));
      if (name == utm_names.end()) return no_tags;
      RowId& tag = tags[static_cast<std::size_t>(name - utm_names.begin())];
      if (tag != no_row) return no_tags;
      tag = store.texts().intern(normalised_tag(pair.substr(equals + 1)));
      if (end == std::string_view::npos) return tags;
      text.remove_prefix(end + 1);
    }
  }

  void add(const Identifier& mark, KeyRow row) {
    pools_ += mark.of_pool ? 1 : 0;
    if (mark.step == KeyStep::utm) {
      auto& rows = utm_keys_[mark.tags];
      rows.push_back(row);
      ++masks_[mask_of(mark.tags)];
    } else if (mark.text == no_row) {
      span_keys_.push_back({row, mark.span});
    } else {
      exact_keys_[place_of_key(mark.step, mark.text)].push_back({row, mark.of_chat});
    }
  }

  void remove(const Identifier& mark, KeyRow row) {
    pools_ -= mark.of_pool ? 1 : 0;
    if (mark.step == KeyStep::utm) {
      const auto found = utm_keys_.find(mark.tags);
      std::erase(found->second, row);
      if (found->second.empty()) utm_keys_.erase(found);
      --masks_[mask_of(mark.tags)];
    } else if (mark.text == no_row) {
      std::erase_if(span_keys_, [&](const SpanKey& key) { return key.row == row; });
    } else {
      const auto found = exact_keys_.find(place_of_key(mark.step, mark.text));
      std::erase(found->second, ExactKey{row, mark.of_chat});
      if (found->second.empty()) exact_keys_.erase(found);
    }
  }

  /// Calls `visit(key row)` for the keys of a step whose text, in its form, is this one.
  template <class Visit>
  void for_each_exact(KeyStep step, RowId text, bool chat, Visit&& visit) const {
    const auto found = exact_keys_.find(place_of_key(step, text));
    if (found == exact_keys_.end()) return;
    for (const ExactKey& key : found->second) {
      if (!key.of_chat || chat) visit(key.row);
    }
  }
  /// Calls `visit(key row)` for the pools whose span covers a number in its form. O(spans).
  template <class Visit>
  void for_each_span(std::string_view form, Visit&& visit) const {
    for (const SpanKey& key : span_keys_) {
      if (key.span.covers(form)) visit(key.row);
    }
  }

  /// Calls `visit(key row)` for the keys whose tags are exactly `tags`.
  template <class Visit>
  void for_each_utm(const UtmTags& tags, Visit&& visit) const {
    if (masks_[mask_of(tags)] == 0) return;
    const auto found = utm_keys_.find(tags);
    if (found == utm_keys_.end()) return;
    for (const KeyRow row : found->second) visit(row);
  }
  [[nodiscard]] bool has_exact_keys() const noexcept { return !exact_keys_.empty() || !span_keys_.empty(); }
  [[nodiscard]] bool has_utm_keys() const noexcept { return !utm_keys_.empty(); }
  /// Whether the source of a call may hang on a visit.
  [[nodiscard]] bool has_pools() const noexcept { return pools_ != 0; }

  // Touches by what they carry, so that a key that comes or goes finds them.
  void link_touch(FactStore& store, RowId touch, std::span<const Cell> row) { visit_touch(store, touch, row, true); }
  void unlink_touch(FactStore& store, RowId touch, std::span<const Cell> row) { visit_touch(store, touch, row, false); }

  /// The form of any number; taken into `store`'s texts.
  [[nodiscard]] static RowId form_of_number(FactStore& store, RowId text) {
    const std::string form = normalised_number(store.texts().text(text));
    return store.texts().intern(form);
  }
  /// The form of any promo code; taken into `store`'s texts.
  [[nodiscard]] static RowId form_of_code(FactStore& store, RowId text) {
    const std::string form = normalised_code(store.texts().text(text));
    return store.texts().intern(form);
  }
  /// The form of any tag; taken into `store`'s texts.
  [[nodiscard]] static RowId form_of_tag(FactStore& store, RowId text) {
    if (!is_encoded_tag(store.texts().text(text))) return text;
    const std::string form = normalised_tag(store.texts().text(text));
    return store.texts().intern(form);
  }
  /// The form of a tag that a touch carries.
  [[nodiscard]] RowId form_of_tag(RowId text) const noexcept {
    if (encoded_tags_.empty()) return text;
    const auto known = encoded_tags_.find(text);
    return known == encoded_tags_.end() ? text : known->second;
  }
  /// The form of a promo code, number or referrer that a touch carries.
  [[nodiscard]] RowId form_of(KeyStep step, RowId text) const noexcept {
    if (step == KeyStep::promo_code) return codes_.of(text);
    if (step == KeyStep::number) return numbers_.of(text);
    return step == KeyStep::referrer ? referrers_.of(text) : text;
  }

  /// Calls `visit(touch slot)` for each visit (`of_visits`) or call that carries a number, with its time in [from, to],
  /// the latest first.
  template <class Visit>
  void for_each_with_number(bool of_visits, RowId form, Cell from, Cell to, Visit&& visit) const {
    const auto& touches = of_visits ? shown_ : dialled_;
    auto place = touches.upper_bound({form, to, no_row});
    while (place != touches.begin()) {
      --place;
      if (std::get<0>(*place) != form || std::get<1>(*place) < from) return;
      if (!visit(std::get<2>(*place))) return;
    }
  }
  template <class Visit>
  void for_each_of_client(RowId client, Visit&& visit) const {
    by_client_.for_each(client, visit);
  }

  /// Calls `visit(touch slot)` for each touch that `mark` matches, whatever the time.
  template <class Visit>
  void for_each_touch(const Identifier& mark, Visit&& visit) const {
    if (mark.step == KeyStep::number) {
      const auto all = [&](RowId form) {
        for_each_with_number(false, form, null_cell, std::numeric_limits<Cell>::max(), [&](RowId touch) {
          visit(touch);
          return true;
        });
      };
      if (mark.text != no_row) return all(mark.text);
      const NumberSpan& span = mark.span;
      numbers_.for_each_from(
          span.low,
          [&](std::string_view form) { return span.high.empty() ? form.starts_with(span.low) : form <= span.high; },
          [&](RowId slot, std::string_view form) {
            if (span.covers(form)) all(slot);
          });
      return;
    }
    if (mark.step == KeyStep::referrer) {
      const std::string& key = mark.span.low;
      referrers_.for_each_from(
          key, [&](std::string_view form) { return form.starts_with(key); },
          [&](RowId slot, std::string_view form) {
            if (form.size() == key.size() || form[key.size()] == '/') by_referrer_.for_each(slot, visit);
          });
      return;
    }
    if (mark.step != KeyStep::utm) {
      by_text_[static_cast<std::size_t>(mark.step)].for_each(mark.text, visit);
      return;
    }
    // The touches' tag sets that hold the rarest of the wanted tags, and then all of them.
    const unsigned wanted = mask_of(mark.tags);
    const std::vector<RowId>* rarest = nullptr;
    for (std::size_t i = 0; i < mark.tags.size(); ++i) {
      if ((wanted >> i & 1U) == 0) continue;
      const auto found = sets_with_tag_.find(place_of_tag(i, mark.tags[i]));
      if (found == sets_with_tag_.end()) return;
      if (rarest == nullptr || found->second.size() < rarest->size()) rarest = &found->second;
    }
    for (const RowId place : *rarest) {
      const UtmTags& tags = tag_sets_[place];
      if ((mask_of(tags) & wanted) == wanted && masked(tags, wanted) == mark.tags) by_signature_.for_each(place, visit);
    }
  }

 private:
  struct ExactKey {
    KeyRow row;
    bool of_chat;
    friend bool operator==(const ExactKey&, const ExactKey&) = default;
  };

  struct SpanKey {
    KeyRow row;
    NumberSpan span;
  };

  // Text slots are dense numbers of our own making, so a plain mix of them spreads well enough.
  struct TagsHash {
    std::size_t operator()(const UtmTags& tags) const noexcept {
      std::uint64_t mixed = 0;
      for (const RowId tag : tags) mixed = (mixed ^ tag) * 0x9E3779B97F4A7C15U;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
  };
  [[nodiscard]] static constexpr std::uint64_t place_of_tag(std::size_t name, RowId tag) noexcept {
    return static_cast<std::uint64_t>(name) << 32 | tag;
  }
  [[nodiscard]] static constexpr std::uint64_t place_of_key(KeyStep step, RowId text) noexcept {
    return static_cast<std::uint64_t>(step) << 32 | text;
  }

  UtmTags tags_of_touch(FactStore& store, std::span<const Cell> row) {
    UtmTags tags = no_tags;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      const Cell cell = row[fields::touches::utm_source + i];
      if (cell == null_cell) continue;
      const auto text = static_cast<RowId>(cell);
      tags[i] = form_of_tag(store, text);
      if (tags[i] != text) encoded_tags_.try_emplace(text, tags[i]);
    }
    return tags;
  }

  void visit_touch(FactStore& store, RowId touch, std::span<const Cell> row, bool join) {
    namespace f = fields::touches;
    const auto change = [&](LinkIndex& index, RowId text) {
      join ? index.link(touch, text) : index.unlink(touch, text);
    };
    if (row[f::form] != null_cell)
      change(by_text_[static_cast<std::size_t>(KeyStep::form)], static_cast<RowId>(row[f::form]));
    if (row[f::promo_code] != null_cell) {
      change(by_text_[static_cast<std::size_t>(KeyStep::promo_code)],
             codes_.learn(store, static_cast<RowId>(row[f::promo_code]), normalised_code));
    }
    if (row[f::dialled_number] != null_cell) {
      const RowId form = numbers_.learn(store, static_cast<RowId>(row[f::dialled_number]), normalised_number);
      auto& touches = row[f::kind] == choice(Kind::touches, f::kind, "visit") ? shown_ : dialled_;
      const std::tuple place{form, row[f::at], touch};
      if (join) {
        touches.insert(place);
      } else {
        touches.erase(place);
      }
    }
    if (row[f::referrer] != null_cell)
      change(by_referrer_, referrers_.learn(store, static_cast<RowId>(row[f::referrer]), normalised_referrer));
    if (row[f::client_id] != null_cell && !is_placeholder(store.text(row[f::client_id])))
      change(by_client_, static_cast<RowId>(row[f::client_id]));
    const UtmTags tags = tags_of_touch(store, row);
    if (mask_of(tags) == 0) return;
    const auto [found, is_new] = signatures_.try_emplace(tags, static_cast<RowId>(tag_sets_.size()));
    const RowId place = found->second;
    if (is_new) {
      tag_sets_.push_back(tags);
      for (std::size_t i = 0; i < tags.size(); ++i) {
        if (tags[i] != no_row) sets_with_tag_[place_of_tag(i, tags[i])].push_back(place);
      }
    }
    join ? by_signature_.link(touch, place) : by_signature_.unlink(touch, place);
  }

  std::unordered_map<std::uint64_t, std::vector<ExactKey>> exact_keys_;
  std::unordered_map<UtmTags, std::vector<KeyRow>, TagsHash> utm_keys_;
  std::array<std::uint32_t, 32> masks_{};  // how many keys name just these tags
  std::vector<SpanKey> span_keys_;
  std::size_t pools_ = 0;
  std::array<LinkIndex, key_step_count> by_text_;  // of promo codes in their form, and forms
  KeyNormalizer codes_;
  KeyNormalizer numbers_;
  KeyNormalizer referrers_;
  std::unordered_map<RowId, RowId> encoded_tags_;  // of touches: by their text, where the form is another
  LinkIndex by_referrer_;
  LinkIndex by_client_;
  std::set<std::tuple<RowId, Cell, RowId>> shown_;    // visits by the number they were shown, and time
  std::set<std::tuple<RowId, Cell, RowId>> dialled_;  // other touches by the number that was dialled, and time
  // Every different set of tags that touches carry, where each tag is found, and the touches of each set.
  std::unordered_map<UtmTags, RowId, TagsHash> signatures_;
  std::vector<UtmTags> tag_sets_;
  std::unordered_map<std::uint64_t, std::vector<RowId>> sets_with_tag_;
  LinkIndex by_signature_;
};

}  // namespace dealtrail::detail
