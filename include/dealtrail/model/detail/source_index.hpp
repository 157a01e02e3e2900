#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dealtrail/model/detail/fact_store.hpp"

namespace dealtrail::detail {

// What leads from the marks of a touch (code, number, form, tags, referrer) to an announcement or channel, and back.
// Keys come from `source_keys` and from the short forms on announcements.

/// The steps of a touch's keys, in the order they are tried.
enum class KeyStep : std::uint8_t { promo_code, number, form, utm, referrer };
inline constexpr std::size_t key_step_count = 5;

inline constexpr std::array<std::string_view, 5> utm_names{"utm_source", "utm_medium", "utm_campaign", "utm_content",
                                                           "utm_term"};

/// The five tags by text slot; no_slot where one is not named.
using UtmTags = std::array<Slot, 5>;
inline constexpr UtmTags no_tags{no_slot, no_slot, no_slot, no_slot, no_slot};

[[nodiscard]] constexpr unsigned mask_of(const UtmTags& tags) noexcept {
  unsigned mask = 0;
  for (std::size_t i = 0; i < tags.size(); ++i) mask |= tags[i] != no_slot ? 1U << i : 0U;
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
  Slot slot;
  friend bool operator==(const KeyRow&, const KeyRow&) = default;
};

/// A key as a fact carries it: which step, and what it matches.
struct KeyMark {
  KeyStep step;
  bool of_chat = false;  // a form key that only touches of kind chat match
  Slot text = no_slot;   // for all but utm
  UtmTags tags = no_tags;
};

class SourceIndex {
 public:
  /// The marks that a row of source_keys or announcements carries. Tags and texts are taken into `store`'s texts.
  static void marks_of(FactStore& store, Kind kind, std::span<const Stored> row, std::vector<KeyMark>& marks) {
    // Empty text is no key.
    const auto text_at = [&](std::size_t field) {
      const Slot slot = row[field] == null_cell ? no_slot : static_cast<Slot>(row[field]);
      return slot == no_slot || store.texts().text(slot).empty() ? no_slot : slot;
    };
    if (kind == Kind::announcements) {
      namespace f = fields::announcements;
      if (text_at(f::promo_code) != no_slot) marks.push_back({KeyStep::promo_code, false, text_at(f::promo_code)});
      if (text_at(f::phone_number) != no_slot) marks.push_back({KeyStep::number, false, text_at(f::phone_number)});
      UtmTags tags = no_tags;
      for (std::size_t i = 0; i < tags.size(); ++i) tags[i] = text_at(f::utm_source + i);
      if (mask_of(tags) != 0) marks.push_back({KeyStep::utm, false, no_slot, tags});
      return;
    }
    namespace f = fields::source_keys;
    const Slot value = text_at(f::value);
    if (value == no_slot) return;
    const Stored sort = row[f::kind];
    if (sort == choice(Kind::source_keys, f::kind, "utm")) {
      const UtmTags tags = parse_tags(store, store.texts().text(value));
      if (mask_of(tags) != 0) marks.push_back({KeyStep::utm, false, no_slot, tags});
    } else if (sort == choice(Kind::source_keys, f::kind, "promo_code")) {
      marks.push_back({KeyStep::promo_code, false, value});
    } else if (sort == choice(Kind::source_keys, f::kind, "form")) {
      marks.push_back({KeyStep::form, false, value});
    } else if (sort == choice(Kind::source_keys, f::kind, "chat")) {
      marks.push_back({KeyStep::form, true, value});
    } else if (sort == choice(Kind::source_keys, f::kind, "referrer")) {
      marks.push_back({KeyStep::referrer, false, value});
    } else {
      marks.push_back({KeyStep::number, false, value});
    }
  }

  /// The tags that `utm_source=a&utm_campaign=b` names; none at all when a part of it is not such a pair, or a name
  /// comes twice.
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
      Slot& tag = tags[static_cast<std::size_t>(name - utm_names.begin())];
      if (tag != no_slot) return no_tags;
      tag = store.texts().intern(pair.substr(equals + 1));
      if (end == std::string_view::npos) return tags;
      text.remove_prefix(end + 1);
    }
  }

  void add(const KeyMark& mark, KeyRow row) {
    if (mark.step == KeyStep::utm) {
      auto& rows = utm_keys_[mark.tags];
      rows.push_back(row);
      ++masks_[mask_of(mark.tags)];
    } else {
      exact_keys_[place_of_key(mark.step, mark.text)].push_back({row, mark.of_chat});
    }
  }

  void remove(const KeyMark& mark, KeyRow row) {
    if (mark.step == KeyStep::utm) {
      const auto found = utm_keys_.find(mark.tags);
      std::erase(found->second, row);
      if (found->second.empty()) utm_keys_.erase(found);
      --masks_[mask_of(mark.tags)];
    } else {
      const auto found = exact_keys_.find(place_of_key(mark.step, mark.text));
      std::erase(found->second, ExactKey{row, mark.of_chat});
      if (found->second.empty()) exact_keys_.erase(found);
    }
  }

  /// Calls `visit(key row)` for the keys of a step that match by text.
  template <class Visit>
  void for_each_exact(KeyStep step, Slot text, bool chat, Visit&& visit) const {
    const auto found = exact_keys_.find(place_of_key(step, text));
    if (found == exact_keys_.end()) return;
    for (const ExactKey& key : found->second) {
      if (!key.of_chat || chat) visit(key.row);
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
  [[nodiscard]] bool has_exact_keys() const noexcept { return !exact_keys_.empty(); }
  [[nodiscard]] bool has_utm_keys() const noexcept { return !utm_keys_.empty(); }

  // Touches by what they carry, so that a key that comes or goes finds them.
  void link_touch(Slot touch, std::span<const Stored> row) { visit_touch(touch, row, true); }
  void unlink_touch(Slot touch, std::span<const Stored> row) { visit_touch(touch, row, false); }

  /// Calls `visit(touch slot)` for each touch that `mark` matches, whatever the time.
  template <class Visit>
  void for_each_touch(const KeyMark& mark, Visit&& visit) const {
    if (mark.step != KeyStep::utm) {
      by_text_[static_cast<std::size_t>(mark.step)].for_each(mark.text, visit);
      return;
    }
    // The touches' tag sets that hold the rarest of the wanted tags, and then all of them.
    const unsigned wanted = mask_of(mark.tags);
    const std::vector<Slot>* rarest = nullptr;
    for (std::size_t i = 0; i < mark.tags.size(); ++i) {
      if ((wanted >> i & 1U) == 0) continue;
      const auto found = sets_with_tag_.find(place_of_tag(i, mark.tags[i]));
      if (found == sets_with_tag_.end()) return;
      if (rarest == nullptr || found->second.size() < rarest->size()) rarest = &found->second;
    }
    for (const Slot place : *rarest) {
      const UtmTags& tags = tag_sets_[place];
      if ((mask_of(tags) & wanted) == wanted && masked(tags, wanted) == mark.tags) by_signature_.for_each(place, visit);
    }
  }

  [[nodiscard]] static UtmTags tags_of_touch(std::span<const Stored> row) {
    UtmTags tags = no_tags;
    for (std::size_t i = 0; i < tags.size(); ++i) {
      const Stored cell = row[fields::touches::utm_source + i];
      tags[i] = cell == null_cell ? no_slot : static_cast<Slot>(cell);
    }
    return tags;
  }

 private:
  struct ExactKey {
    KeyRow row;
    bool of_chat;
    friend bool operator==(const ExactKey&, const ExactKey&) = default;
  };

  // Text slots are dense numbers of our own making, so a plain mix of them spreads well enough.
  struct TagsHash {
    std::size_t operator()(const UtmTags& tags) const noexcept {
      std::uint64_t mixed = 0;
      for (const Slot tag : tags) mixed = (mixed ^ tag) * 0x9E3779B97F4A7C15U;
      return static_cast<std::size_t>(mixed ^ (mixed >> 32));
    }
  };
  [[nodiscard]] static constexpr std::uint64_t place_of_tag(std::size_t name, Slot tag) noexcept {
    return static_cast<std::uint64_t>(name) << 32 | tag;
  }
  [[nodiscard]] static constexpr std::uint64_t place_of_key(KeyStep step, Slot text) noexcept {
    return static_cast<std::uint64_t>(step) << 32 | text;
  }

  void visit_touch(Slot touch, std::span<const Stored> row, bool join) {
    namespace f = fields::touches;
    constexpr std::array<std::pair<KeyStep, std::size_t>, 4> exact{{{KeyStep::promo_code, f::promo_code},
                                                                    {KeyStep::number, f::dialled_number},
                                                                    {KeyStep::form, f::form},
                                                                    {KeyStep::referrer, f::referrer}}};
    for (const auto& [step, field] : exact) {
      if (row[field] == null_cell) continue;
      LinkIndex& index = by_text_[static_cast<std::size_t>(step)];
      const auto text = static_cast<Slot>(row[field]);
      join ? index.link(touch, text) : index.unlink(touch, text);
    }
    const UtmTags tags = tags_of_touch(row);
    if (mask_of(tags) == 0) return;
    const auto [found, is_new] = signatures_.try_emplace(tags, static_cast<Slot>(tag_sets_.size()));
    const Slot place = found->second;
    if (is_new) {
      tag_sets_.push_back(tags);
      for (std::size_t i = 0; i < tags.size(); ++i) {
        if (tags[i] != no_slot) sets_with_tag_[place_of_tag(i, tags[i])].push_back(place);
      }
    }
    join ? by_signature_.link(touch, place) : by_signature_.unlink(touch, place);
  }

  std::unordered_map<std::uint64_t, std::vector<ExactKey>> exact_keys_;
  std::unordered_map<UtmTags, std::vector<KeyRow>, TagsHash> utm_keys_;
  std::array<std::uint32_t, 32> masks_{};  // how many keys name just these tags
  std::array<LinkIndex, key_step_count> by_text_;
  // Every different set of tags that touches carry, where each tag is found, and the touches of each set.
  std::unordered_map<UtmTags, Slot, TagsHash> signatures_;
  std::vector<UtmTags> tag_sets_;
  std::unordered_map<std::uint64_t, std::vector<Slot>> sets_with_tag_;
  LinkIndex by_signature_;
};

}  // namespace dealtrail::detail
