#pragma once

#include <algorithm>
#include <deque>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/answers/identities.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/identity/identity_join.hpp"
#include "dealtrail/trail/trail.hpp"

// Who is one with whom, told as tables. The components are joined once more, by the same code as the live clusters,
// with an ear at each pair.

namespace dealtrail {

namespace detail {

[[nodiscard]] constexpr std::string_view to_string(JoinOutcome outcome) noexcept {
  switch (outcome) {
    case JoinOutcome::different: return "different";
    case JoinOutcome::two_inns: return "two_inns";
    case JoinOutcome::names_differ: return "names_differ";
    case JoinOutcome::ambiguous_name: return "ambiguous_name";
    case JoinOutcome::not_at_once: return "not_at_once";
    case JoinOutcome::other_extension: return "other_extension";
    case JoinOutcome::joined: break;
  }
  return {};
}

// One pair of cards and what became of it. The key of a verdict is no_slot; `reason` is empty when they are joined.
struct JoinedPair {
  RowId one;
  RowId other;
  RowId key;
  std::string_view reason;
};

class IdentityReader {
 public:
  IdentityReader(const FactsView& facts, Kind kind)
      : view_{facts.store, facts.identity, kind, facts.max_per_key},
        clusters_(kind == Kind::people ? facts.people : facts.companies) {
    if (!has_identity(kind)) {
      throw Error(ErrorCode::invalid_argument,
                  "identity is of people and companies, not of " + std::string{kind_name(kind)}, {},
                  "people or companies");
    }
  }

  [[nodiscard]] const IdentityView& view() const noexcept { return view_; }
  [[nodiscard]] std::string_view id(RowId card) const noexcept { return view_.store.id(view_.kind, card); }
  [[nodiscard]] RowId root(RowId card) const noexcept { return clusters_.root(card); }

  [[nodiscard]] std::string_view kind_text(RowId key) const noexcept {
    return key == no_row ? "verdict" : to_string(kind_of_key(view_.index.text(key)));
  }
  void append_key(ColumnBuilder& cells, RowId key) const {
    if (key == no_row) {
      cells.append_null();
    } else {
      cells.append_text(value_of_key(view_.index.text(key)));
    }
  }

  /// Cards that are there, or are joined with another; by id.
  [[nodiscard]] std::vector<RowId> cards() const {
    std::vector<RowId> cards;
    for (RowId card = 0; card < view_.store.of(view_.kind).slots(); ++card) {
      if (view_.store.present(view_.kind, card) || clusters_.next(card) != card) cards.push_back(card);
    }
    std::sort(cards.begin(), cards.end(), [&](RowId lhs, RowId rhs) { return id(lhs) < id(rhs); });
    return cards;
  }

  /// Calls `tell(one, other, key, outcome)` for each pair of the component of each of these cards.
  template <class Tell>
  void for_each_pair(std::span<const RowId> cards, Tell&& tell) const {
    IdentityJoin join;
    for (const RowId card : cards) {
      if (join.find(view_, card)) join.join(view_, tell);
    }
  }

  /// Why a key that both may hold joins nobody.
  [[nodiscard]] std::string_view mute(RowId key) const {
    if (const std::string_view why = no_identity(view_.kind, view_.index.text(key)); !why.empty()) return why;
    std::vector<RowId> holders;
    return view_.index.holders(view_.store, view_.kind, key, view_.limit, holders) ? std::string_view{} : "crowded_key";
  }

  [[nodiscard]] std::set<RowId> keys_of(RowId card) const {
    std::set<RowId> keys;
    view_.index.for_each_key(view_.store, view_.kind, card, [&](RowId key) { keys.insert(key); });
    return keys;
  }

 private:
  IdentityView view_;
  const Clusters& clusters_;
};

}  // namespace detail

DEALTRAIL_INLINE Table identities(const Trail& trail, Kind kind) {
  using namespace detail;
  const FactsView facts = trail.view();
  const IdentityReader reader(facts, kind);
  const std::vector<RowId> cards = reader.cards();
  std::vector<RowId> by(reader.view().store.of(kind).slots(), no_row);
  std::vector<std::uint8_t> joined(by.size(), 0);
  std::vector<std::int64_t> sizes(by.size(), 0);
  reader.for_each_pair(cards, [&](RowId one, RowId other, RowId key, JoinOutcome outcome) {
    if (outcome != JoinOutcome::joined) return;
    for (const RowId card : {one, other}) {
      if (joined[card] == 0) by[card] = key;
      joined[card] = 1;
    }
  });
  for (const RowId card : cards) ++sizes[reader.root(card)];
  std::vector<RowId> order = cards;
  std::stable_sort(order.begin(), order.end(),
                   [&](RowId lhs, RowId rhs) { return reader.id(reader.root(lhs)) < reader.id(reader.root(rhs)); });
  TableBuilder builder{"identities"};
  builder.meta("kind", std::string{kind_name(kind)});
  builder.meta("max_per_key", std::to_string(facts.max_per_key));
  auto& member = builder.text("member");
  auto& cluster = builder.text("cluster");
  auto& size = builder.integer("size");
  auto& key_kind = builder.text("key_kind");
  auto& key = builder.text("key");
  for (const RowId card : order) {
    member.append_text(reader.id(card));
    cluster.append_text(reader.id(reader.root(card)));
    size.append_integer(sizes[reader.root(card)]);
    if (joined[card] == 0) {
      key_kind.append_null();
      key.append_null();
      continue;
    }
    key_kind.append_text(reader.kind_text(by[card]));
    reader.append_key(key, by[card]);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table explain_identity(const Trail& trail, Kind kind, std::string_view one, std::string_view other) {
  using namespace detail;
  const FactsView facts = trail.view();
  const IdentityReader reader(facts, kind);
  const auto named = [&](std::string_view id) {
    const RowId slot = facts.store.find(kind, id);
    if (slot == no_row) {
      throw Error(ErrorCode::unknown_name, "no fact names this id",
                  {std::string{kind_name(kind)}, std::string{id.substr(0, 64)}, -1});
    }
    return slot;
  };
  const RowId from = named(one);
  const RowId to = named(other);

  std::vector<JoinedPair> pairs;
  reader.for_each_pair(std::vector<RowId>{from, to}, [&](RowId left, RowId right, RowId key, JoinOutcome outcome) {
    pairs.push_back({left, right, key, to_string(outcome)});
  });
  std::map<RowId, std::vector<std::size_t>> of_card;
  for (std::size_t i = 0; i < pairs.size(); ++i) {
    of_card[pairs[i].one].push_back(i);
    of_card[pairs[i].other].push_back(i);
  }
  // Fewest pairs that are not joined, then fewest pairs; equal ones in the order in which they were looked at.
  struct Reached {
    std::pair<int, int> cost;
    std::optional<std::size_t> by;
  };
  std::map<RowId, Reached> reached{{from, {{0, 0}, std::nullopt}}};
  std::set<std::pair<std::pair<int, int>, std::pair<std::string_view, RowId>>> open{{{0, 0}, {reader.id(from), from}}};
  while (!open.empty()) {
    const auto [cost, card] = *open.begin();
    open.erase(open.begin());
    if (card.second == to) break;
    for (const std::size_t i : of_card[card.second]) {
      const JoinedPair& pair = pairs[i];
      const RowId next = pair.one == card.second ? pair.other : pair.one;
      const std::pair<int, int> there{cost.first + (pair.reason.empty() ? 0 : 1), cost.second + 1};
      const auto [known, added] = reached.try_emplace(next, Reached{there, i});
      if (!added && known->second.cost <= there) continue;
      if (!added) open.erase({known->second.cost, {reader.id(next), next}});
      known->second = {there, i};
      open.insert({there, {reader.id(next), next}});
    }
  }
  std::deque<JoinedPair> chain;
  if (reached.contains(to)) {
    for (RowId card = to; card != from;) {
      JoinedPair pair = pairs[*reached.at(card).by];
      if (pair.other != card) std::swap(pair.one, pair.other);
      chain.push_front(pair);
      card = pair.one;
    }
  } else {
    // No pair of them was looked at: keys that both hold and that join nobody.
    const std::set<RowId> mine = reader.keys_of(from);
    for (const RowId key : reader.keys_of(to)) {
      if (mine.contains(key)) chain.push_back({from, to, key, reader.mute(key)});
    }
    std::sort(chain.begin(), chain.end(), [&](const JoinedPair& lhs, const JoinedPair& rhs) {
      return facts.identity.text(lhs.key) < facts.identity.text(rhs.key);
    });
  }

  TableBuilder builder{"explain_identity"};
  builder.meta("kind", std::string{kind_name(kind)});
  builder.meta("same", reader.root(from) == reader.root(to) ? "true" : "false");
  builder.meta("max_per_key", std::to_string(facts.max_per_key));
  auto& left = builder.text("one");
  auto& right = builder.text("other");
  auto& key_kind = builder.text("key_kind");
  auto& key = builder.text("key");
  auto& joined = builder.boolean("joined");
  auto& reason = builder.text("reason");
  for (const JoinedPair& pair : chain) {
    left.append_text(reader.id(pair.one));
    right.append_text(reader.id(pair.other));
    key_kind.append_text(reader.kind_text(pair.key));
    reader.append_key(key, pair.key);
    joined.append_boolean(pair.reason.empty());
    if (pair.reason.empty()) {
      reason.append_null();
    } else {
      reason.append_text(pair.reason);
    }
  }
  if (chain.empty() && from != to) {
    left.append_text(one);
    right.append_text(other);
    key_kind.append_null();
    key.append_null();
    joined.append_boolean(false);
    reason.append_text("no_shared_key");
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table identity_review(const Trail& trail, Kind kind) {
  using namespace detail;
  const FactsView facts = trail.view();
  const IdentityReader reader(facts, kind);
  const IdentityView& view = reader.view();
  // By key (verdicts first) and reason: the cards that it concerns.
  std::map<std::pair<std::string_view, std::string_view>, std::set<std::string_view>> rows;
  std::vector<RowId> cards = reader.cards();
  // Cards that nobody put may hold a key, too.
  for (RowId card = 0; card < facts.store.of(kind).slots(); ++card) {
    if (!facts.store.present(kind, card) &&
        (!reader.keys_of(card).empty() || !view.index.said_same(kind, card).empty()))
      cards.push_back(card);
  }
  reader.for_each_pair(cards, [&](RowId one, RowId other, RowId key, JoinOutcome outcome) {
    if (outcome == JoinOutcome::joined || reader.root(one) == reader.root(other)) return;
    auto& ids = rows[{key == no_row ? std::string_view{} : view.index.text(key), to_string(outcome)}];
    ids.insert(reader.id(one));
    ids.insert(reader.id(other));
  });
  for (RowId key = 0; key < view.index.keys(); ++key) {
    const std::string_view why = view.limit == 0 ? std::string_view{} : reader.mute(key);
    if (why.empty()) continue;
    std::set<std::string_view> ids;
    view.index.for_each_holder(view.store, kind, key, [&](RowId card, Cell, Cell) {
      ids.insert(reader.id(card));
      return true;
    });
    if (ids.size() > 1) rows[{view.index.text(key), why}] = std::move(ids);
  }
  TableBuilder builder{"identity_review"};
  builder.meta("kind", std::string{kind_name(kind)});
  builder.meta("max_per_key", std::to_string(facts.max_per_key));
  auto& reason = builder.text("reason");
  auto& key_kind = builder.text("key_kind");
  auto& key = builder.text("key");
  auto& count = builder.integer("count");
  auto& first_ids = builder.text("first_ids");
  constexpr std::size_t shown = 5;
  for (const auto& [what, ids] : rows) {
    const auto& [text, why] = what;
    reason.append_text(why);
    key_kind.append_text(text.empty() ? std::string_view{"verdict"} : to_string(kind_of_key(text)));
    if (text.empty()) {
      key.append_null();
    } else {
      key.append_text(value_of_key(text));
    }
    count.append_integer(static_cast<std::int64_t>(ids.size()));
    std::vector<std::string> first;
    for (const std::string_view id : ids) {
      if (first.size() == shown) break;
      first.emplace_back(id);
    }
    first_ids.append_text(joined(first));
  }
  return builder.finish();
}

}  // namespace dealtrail
