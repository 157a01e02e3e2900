// engine
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "dealtrail/facts/interner.hpp"

namespace dealtrail::detail {

// Which cards of people or companies are one: each in a ring of its cluster, by id, named by the smallest id. Says
// nothing of why; IdentityJoin decides.
class Clusters {
 public:
  [[nodiscard]] RowId root(RowId slot) const noexcept { return slot < cards_.size() ? cards_[slot].root : slot; }

  /// The card after this one in its cluster, by id; after the last one the first again.
  [[nodiscard]] RowId next(RowId slot) const noexcept { return slot < cards_.size() ? cards_[slot].next : slot; }

  /// Calls `visit(slot)` for each member of the cluster of `slot`, by id.
  template <class Visit>
  void for_each_member(RowId slot, Visit&& visit) const {
    const RowId first = root(slot);
    RowId member = first;
    do {
      visit(member);
      member = next(member);
    } while (member != first);
  }

  /// Cards, those of one cluster by id, and for each the card that names its cluster. All former members of their
  /// clusters must be there.
  void regroup(std::span<const RowId> cards, std::span<const RowId> roots) {
    for (const RowId card : cards) {
      while (card >= cards_.size())
        cards_.push_back({static_cast<RowId>(cards_.size()), static_cast<RowId>(cards_.size())});
      cards_[card] = {card, card};
    }
    for (std::size_t i = cards.size(); i-- > 0;) {  // from the last id on, each comes right after its root
      if (roots[i] == cards[i]) continue;
      Card& root = cards_[roots[i]];
      cards_[cards[i]] = {roots[i], root.next};
      root.next = cards[i];
    }
  }

 private:
  struct Card {
    RowId root;
    RowId next;
  };
  std::vector<Card> cards_;
};

}  // namespace dealtrail::detail
