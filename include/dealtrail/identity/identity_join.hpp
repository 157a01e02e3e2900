// engine
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/identity/detail/name_words.hpp"
#include "dealtrail/identity/identity_index.hpp"

namespace dealtrail::detail {

/// What became of two cards that a verdict or a key would join.
enum class JoinOutcome : std::uint8_t {
  joined,
  different,
  two_inns,
  names_differ,
  ambiguous_name,
  not_at_once,
  other_extension,
};

/// What the joining of one kind of cards reads. `limit`: a key of more cards identifies nobody.
struct IdentityView {
  const FactStore& store;
  const IdentityIndex& index;
  Kind kind;
  std::size_t limit;
};

// Joins the cards of one component: those that verdicts `same` and keys could join at all. Verdicts come first, then
// keys by kind and bytes, each over its pairs of cards by id; a join that would put together two cards said to be
// different, two INNs, or (by a contact) two names that disagree is left out. So the outcome depends on the facts
// alone. A visited card belongs to one component until `forget`.
class IdentityJoin {
 public:
  /// Cards by id, and beside each the card that names its cluster.
  [[nodiscard]] std::span<const RowId> cards() const noexcept { return cards_; }
  [[nodiscard]] std::span<const RowId> roots() const noexcept { return roots_; }
  /// Keys that join at least two of the cards, in their order.
  [[nodiscard]] std::span<const RowId> keys() const noexcept { return keys_; }

  /// The component of a card; false when it was visited already.
  bool find(const IdentityView& view, RowId start) {
    if (!visit(start)) return false;
    cards_.assign(1, start);
    keys_.clear();
    for (std::size_t i = 0; i < cards_.size(); ++i) {
      const RowId card = cards_[i];
      for (const RowId same : view.index.said_same(view.kind, card)) add(same);
      view.index.for_each_key(view.store, view.kind, card, [&](RowId key) {
        if (key >= key_seen_.size()) make_room(key_seen_, key, std::uint8_t{0});
        if (key_seen_[key] != 0) return;
        key_seen_[key] = 1;
        seen_keys_.push_back(key);
        if (!no_identity(view.kind, view.index.text(key)).empty()) return;
        if (!view.index.holders(view.store, view.kind, key, view.limit, holders_) || holders_.size() < 2) return;
        keys_.push_back(key);
        for (const RowId holder : holders_) add(holder);
      });
    }
    const KindStore& of = view.store.of(view.kind);
    std::sort(cards_.begin(), cards_.end(), [&](RowId lhs, RowId rhs) { return of.ids.text(lhs) < of.ids.text(rhs); });
    std::sort(keys_.begin(), keys_.end(),
              [&](RowId lhs, RowId rhs) { return view.index.text(lhs) < view.index.text(rhs); });
    for (std::size_t rank = 0; rank < cards_.size(); ++rank) ranks_[cards_[rank]] = static_cast<Rank>(rank + 1);
    return true;
  }

  /// Joins the component. Calls `tell(one, other, key, outcome)` for each pair that was looked at; the key of a verdict
  /// is no_slot.
  template <class Tell>
  void join(const IdentityView& view, Tell&& tell) {
    const std::size_t count = cards_.size();
    roots_.resize(count);
    parents_.resize(count);
    for (std::size_t rank = 0; rank < count; ++rank) parents_[rank] = static_cast<Rank>(rank);
    if (count > 1) {
      prepare(view);
      by_verdicts(view, tell);
      bool weak = false;
      for (const RowId key : keys_) {
        if (kind_of_key(view.index.text(key)) == KeyKind::inn) {
          by_inn(view, key, tell);
          continue;
        }
        if (!weak) name_groups(view);
        weak = true;
        by_contact(view, key, tell);
      }
    }
    for (std::size_t rank = 0; rank < count; ++rank) roots_[rank] = cards_[top(static_cast<Rank>(rank))];
  }
  void join(const IdentityView& view) {
    join(view, [](RowId, RowId, RowId, JoinOutcome) {});
  }

  /// Makes all cards unvisited. O(visited).
  void forget() {
    for (const RowId card : seen_) ranks_[card] = 0;
    for (const RowId key : seen_keys_) key_seen_[key] = 0;
    seen_.clear();
    seen_keys_.clear();
    cards_.clear();
    keys_.clear();
  }

 private:
  using Rank = std::uint32_t;  // the place of a card in its component, by id
  using Ranks = std::vector<Rank>;

  bool visit(RowId card) {
    if (card >= ranks_.size()) make_room(ranks_, card, Rank{0});
    if (ranks_[card] != 0) return false;
    ranks_[card] = 1;
    seen_.push_back(card);
    return true;
  }
  void add(RowId card) {
    if (visit(card)) cards_.push_back(card);
  }
  [[nodiscard]] Rank rank(RowId card) const noexcept { return ranks_[card] - 1; }
  [[nodiscard]] Rank top(Rank rank) noexcept {
    while (parents_[rank] != rank) {
      parents_[rank] = parents_[parents_[rank]];
      rank = parents_[rank];
    }
    return rank;
  }

  void prepare(const IdentityView& view) {
    inns_.assign(cards_.size(), no_row);
    apart_.assign(cards_.size(), {});
    groups_.clear();
    for (std::size_t rank = 0; rank < cards_.size(); ++rank) {
      inns_[rank] = view.index.inn_of(view.kind, cards_[rank]);
      if (!view.index.said_different(view.kind, cards_[rank]).empty()) apart_[rank].push_back(static_cast<Rank>(rank));
    }
  }

  // The names in each cluster as it is before the first contact is looked at. Within one they are other names of the
  // same; clusters agree when each name group of one agrees with each of the other.
  void name_groups(const IdentityView& view) {
    const std::size_t field =
        view.kind == Kind::people ? std::size_t{fields::people::name} : std::size_t{fields::companies::name};
    agree_.clear();
    group_names_.clear();
    groups_.assign(cards_.size(), {});
    own_groups_.assign(cards_.size(), no_group);
    std::map<NameWords, Rank> known_names;
    std::map<Ranks, Rank> known_groups;
    std::vector<Ranks> names_of(cards_.size());
    for (std::size_t rank = 0; rank < cards_.size(); ++rank) {
      if (!view.store.present(view.kind, cards_[rank])) continue;
      const Cell name = view.store.get(view.kind, cards_[rank], field);
      if (name == null_cell) continue;
      NameWords words = name_words(view.store.text(name));
      if (words.empty()) continue;
      const auto known = known_names.try_emplace(std::move(words), static_cast<Rank>(known_names.size())).first;
      names_of[top(static_cast<Rank>(rank))].push_back(known->second);
    }
    for (std::size_t rank = 0; rank < cards_.size(); ++rank) {
      Ranks& group = names_of[rank];
      if (group.empty()) continue;
      std::sort(group.begin(), group.end());
      group.erase(std::unique(group.begin(), group.end()), group.end());
      const auto [known, added] = known_groups.try_emplace(group, static_cast<Rank>(group_names_.size()));
      if (added) group_names_.push_back(group);
      groups_[rank].push_back(known->second);
      own_groups_[rank] = known->second;
    }
    for (std::size_t rank = 0; rank < cards_.size(); ++rank)
      own_groups_[rank] = own_groups_[top(static_cast<Rank>(rank))];
    words_.resize(known_names.size());
    for (const auto& [words, name] : known_names) words_[name] = words;
  }

  [[nodiscard]] bool groups_agree(Rank one, Rank other) {
    if (one == other || one == no_group || other == no_group) return true;
    const auto [place, added] = agree_.try_emplace(std::minmax(one, other), false);
    if (!added) return place->second;
    for (const Rank left : group_names_[one]) {
      for (const Rank right : group_names_[other]) {
        if (names_agree(words_[left], words_[right])) return place->second = true;
      }
    }
    return false;
  }

  [[nodiscard]] bool said_apart(const IdentityView& view, Rank one, Rank other) {
    const bool first = apart_[one].size() <= apart_[other].size();
    const Rank target = first ? other : one;
    for (const Rank rank : apart_[first ? one : other]) {
      for (const RowId card : view.index.said_different(view.kind, cards_[rank])) {
        if (card < ranks_.size() && ranks_[card] != 0 && is_here(card) && top(this->rank(card)) == target) return true;
      }
    }
    return false;
  }
  // Ranks of earlier components stay until `forget`, so a rank alone does not say that the card is in this one.
  [[nodiscard]] bool is_here(RowId card) const noexcept {
    return rank(card) < cards_.size() && cards_[rank(card)] == card;
  }

  enum class By : std::uint8_t { word, contact };

  JoinOutcome unite(const IdentityView& view, Rank one, Rank other, By by) {
    Rank small = top(one);
    Rank great = top(other);
    if (small == great) return JoinOutcome::joined;
    if (small > great) std::swap(small, great);
    if (inns_[small] != no_row && inns_[great] != no_row && inns_[small] != inns_[great]) return JoinOutcome::two_inns;
    if (said_apart(view, small, great)) return JoinOutcome::different;
    if (by == By::contact) {
      for (const Rank left : groups_[small]) {
        for (const Rank right : groups_[great]) {
          if (!groups_agree(left, right)) return JoinOutcome::names_differ;
        }
      }
      merge_into(groups_[small], groups_[great]);
    }
    if (inns_[small] == no_row) inns_[small] = inns_[great];
    if (apart_[small].size() < apart_[great].size()) apart_[small].swap(apart_[great]);
    apart_[small].insert(apart_[small].end(), apart_[great].begin(), apart_[great].end());
    parents_[great] = small;
    return JoinOutcome::joined;
  }
  static void merge_into(Ranks& into, const Ranks& from) {
    for (const Rank group : from) {
      if (std::find(into.begin(), into.end(), group) == into.end()) into.push_back(group);
    }
  }

  template <class Tell>
  void by_verdicts(const IdentityView& view, Tell&& tell) {
    Ranks others;
    for (std::size_t rank = 0; rank < cards_.size(); ++rank) {
      others.clear();
      for (const RowId same : view.index.said_same(view.kind, cards_[rank])) {
        if (this->rank(same) > rank) others.push_back(this->rank(same));
      }
      std::sort(others.begin(), others.end());
      for (const Rank other : others)
        tell(cards_[rank], cards_[other], no_row, unite(view, static_cast<Rank>(rank), other, By::word));
    }
  }

  // Any number of cards may have one INN, so each is tried with the clusters of those before it, not with all of them.
  template <class Tell>
  void by_inn(const IdentityView& view, RowId key, Tell&& tell) {
    static_cast<void>(view.index.holders(view.store, view.kind, key, view.limit, holders_));
    Ranks ranks;
    for (const RowId card : holders_) ranks.push_back(rank(card));
    std::sort(ranks.begin(), ranks.end());
    Ranks firsts;
    for (const Rank rank : ranks) {
      bool joined = false;
      for (const Rank first : firsts) {
        if (top(first) == top(rank) && joined) continue;
        const JoinOutcome outcome = unite(view, first, rank, By::word);
        tell(cards_[first], cards_[rank], key, outcome);
        joined = joined || outcome == JoinOutcome::joined;
      }
      if (!joined) firsts.push_back(rank);
    }
  }

  struct HeldTime {
    Rank rank;
    Cell from;
    Cell until;
  };

  template <class Tell>
  void by_contact(const IdentityView& view, RowId key, Tell&& tell) {
    std::vector<HeldTime> held;
    const bool is_phone = kind_of_key(view.index.text(key)) == KeyKind::phone;
    extensions_.clear();
    view.index.for_each_contact(view.store, view.kind, key, [&](RowId row, RowId card, Cell from, Cell until) {
      held.push_back({rank(card), from, until});
      if (!is_phone) return true;
      const Cell value = view.store.get(Kind::contact_points, row, fields::contact_points::value);
      for (StatedContact& contact : stated_contacts(KeyKind::phone, view.store.text(value))) {
        if (contact.key == view.index.text(key) && !contact.extension.empty())
          extensions_[rank(card)].push_back(std::move(contact.extension));
      }
      return true;
    });
    std::sort(held.begin(), held.end(), [](const HeldTime& lhs, const HeldTime& rhs) { return lhs.rank < rhs.rank; });
    const auto group_end = [&](std::size_t from) {
      std::size_t end = from;
      while (end < held.size() && held[end].rank == held[from].rank) ++end;
      return end;
    };
    Ranks ranks;
    for (const HeldTime& each : held) {
      if (ranks.empty() || ranks.back() != each.rank) ranks.push_back(each.rank);
    }
    const Ranks torn = ambiguous(ranks);
    const auto is_torn = [&](Rank rank) { return std::find(torn.begin(), torn.end(), rank) != torn.end(); };
    for (std::size_t one = 0; one < held.size(); one = group_end(one)) {
      for (std::size_t other = group_end(one); other < held.size(); other = group_end(other)) {
        const std::span<const HeldTime> all{held};
        const bool at_once =
            overlap(all.subspan(one, group_end(one) - one), all.subspan(other, group_end(other) - other));
        const JoinOutcome outcome = !at_once                                               ? JoinOutcome::not_at_once
                                    : is_torn(held[one].rank) || is_torn(held[other].rank) ? JoinOutcome::ambiguous_name
                                    : !same_extension(held[one].rank, held[other].rank)
                                        ? JoinOutcome::other_extension
                                        : unite(view, held[one].rank, held[other].rank, By::contact);
        tell(cards_[held[one].rank], cards_[held[other].rank], key, outcome);
      }
    }
  }

  // Whether a number with its extensions may be of both: one of the two has none, they share one, or both have names
  // that agree. Two extensions of a switchboard are two people.
  [[nodiscard]] bool same_extension(Rank one, Rank other) {
    const auto left = extensions_.find(one);
    const auto right = extensions_.find(other);
    if (left == extensions_.end() || right == extensions_.end()) return true;
    for (const std::string& extension : left->second) {
      if (std::find(right->second.begin(), right->second.end(), extension) != right->second.end()) return true;
    }
    return own_groups_[one] != no_group && own_groups_[other] != no_group &&
           groups_agree(own_groups_[one], own_groups_[other]);
  }
  [[nodiscard]] bool may_be_one(Rank one, Rank other) {
    return groups_agree(own_groups_[one], own_groups_[other]) && same_extension(one, other);
  }

  // Holders of one key whose names, and extensions, agree with two others that disagree: nobody can tell which of the
  // two they are.
  [[nodiscard]] Ranks ambiguous(const Ranks& holders) {
    Ranks torn;
    for (std::size_t one = 0; one < holders.size(); ++one) {
      for (std::size_t other = one + 1; other < holders.size(); ++other) {
        if (may_be_one(holders[one], holders[other])) continue;
        for (const Rank rank : holders) {
          if (rank != holders[one] && rank != holders[other] && may_be_one(rank, holders[one]) &&
              may_be_one(rank, holders[other]))
            torn.push_back(rank);
        }
      }
    }
    return torn;
  }

  // Whether two cards hold a key at one moment at least. A time that is not there is open; [from, until) may be empty.
  [[nodiscard]] static bool overlap(std::span<const HeldTime> one, std::span<const HeldTime> other) noexcept {
    const auto before = [](Cell from, Cell until) { return from == null_cell || until == null_cell || from < until; };
    for (const HeldTime& left : one) {
      for (const HeldTime& right : other) {
        if (before(left.from, left.until) && before(right.from, right.until) && before(left.from, right.until) &&
            before(right.from, left.until))
          return true;
      }
    }
    return false;
  }

  std::vector<Rank> ranks_;  // by card: 1 + its place in its component, 0 when it is not visited
  std::vector<std::uint8_t> key_seen_;
  std::vector<RowId> seen_;
  std::vector<RowId> seen_keys_;
  std::vector<RowId> cards_;
  std::vector<RowId> roots_;
  std::vector<RowId> keys_;
  std::vector<RowId> holders_;
  Ranks parents_;
  std::vector<RowId> inns_;         // by root
  std::vector<Ranks> apart_;        // by root: its cards that are said to be different from some card
  std::vector<Ranks> groups_;       // by root: name groups, each once
  std::vector<Ranks> group_names_;  // by group: names
  static constexpr Rank no_group = 0xFFFFFFFF;
  Ranks own_groups_;              // by card: the name group of what a verdict or an INN made one with it
  std::vector<NameWords> words_;  // by name
  std::map<std::pair<Rank, Rank>, bool> agree_;
  std::map<Rank, std::vector<std::string>> extensions_;  // of the phone at hand, by card
};

}  // namespace dealtrail::detail
