#pragma once

#include <utility>
#include <vector>

#include "dealtrail/model/detail/postings.hpp"
#include "dealtrail/model/trail.hpp"

// After the writes and before the cards are settled: the components that changes of keys, names and verdicts touched
// are joined anew, and the units of clusters that came out otherwise are marked.

namespace dealtrail {

DEALTRAIL_LAZY_INLINE void Trail::join_cards(Kind kind, const detail::Postings& postings) {
  using namespace detail;
  const auto limit = static_cast<std::size_t>(options_.max_per_key);
  Clusters& clusters = kind == Kind::people ? people_ : companies_;
  const IdentityView view{store_, identity_, kind, limit};
  // A cluster as it was is taken away; one that did not exist under that name has nothing to take.
  const auto mark = [&](Slot root) {
    const bool known = clusters.root(root) == root;
    const auto unit = [&](UnitKind of) { known ? live_.mark(postings, {of, root}) : live_.mark_new({of, root}); };
    if (kind == Kind::companies) return unit(UnitKind::company);
    unit(UnitKind::visitor);
    unit(UnitKind::buyer);
  };
  // A cluster that falls apart is spread over several components, so all are marked before any is written.
  std::vector<Slot> cards;
  std::vector<Slot> roots;
  for (const Slot touched : identity_.take_touched(store_, kind, limit)) {
    if (!join_.find(view, touched)) continue;
    if (join_.cards().size() == 1 && clusters.next(touched) == touched) continue;
    join_.join(view);
    cards.insert(cards.end(), join_.cards().begin(), join_.cards().end());
    roots.insert(roots.end(), join_.roots().begin(), join_.roots().end());
  }
  join_.forget();
  for (std::size_t i = 0; i < cards.size() && !live_.all_marked(); ++i) {
    const Slot was = clusters.root(cards[i]);
    if (was == roots[i]) continue;
    mark(was);
    mark(roots[i]);
  }
  clusters.regroup(cards, roots);
}

}  // namespace dealtrail
