#pragma once

#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include "dealtrail/model/detail/fact_store.hpp"

namespace dealtrail::detail {

// People or companies that identity links join. A cluster is named by its smallest id; a pair with a verdict
// `different` is not joined by a `same` on that very pair. Recomputed per touched component, so order of arrival cannot
// matter.
class Clusters {
 public:
  explicit Clusters(Kind kind) : kind_(kind) {}

  [[nodiscard]] Slot root(Slot slot) const noexcept {
    const auto found = roots_.find(slot);
    return found == roots_.end() ? slot : found->second;
  }

  /// Calls `visit(slot)` for each member of the cluster of `slot`.
  template <class Visit>
  void for_each_member(Slot slot, Visit&& visit) const {
    const auto found = members_.find(root(slot));
    if (found == members_.end()) {
      visit(slot);
      return;
    }
    for (const Slot member : found->second) visit(member);
  }

  /// Notes a verdict (or takes it back) and joins anew what it touches.
  void change(const FactStore& store, Slot one, Slot other, bool same, int count) {
    if (one == other) return;
    auto& pair = verdicts_[std::minmax(one, other)];
    (same ? pair.same : pair.different) += count;
    const bool joined = pair.same > 0 && pair.different == 0;
    const bool was = pair.joined;
    pair.joined = joined;
    if (pair.same == 0 && pair.different == 0) verdicts_.erase(std::minmax(one, other));
    if (joined == was) return;
    if (joined) {
      neighbours_[one].push_back(other);
      neighbours_[other].push_back(one);
    } else {
      std::erase(neighbours_[one], other);
      std::erase(neighbours_[other], one);
    }
    relabel(store, one);
    relabel(store, other);
  }

  /// Calls `visit(one, other)` for pairs that have both verdicts.
  template <class Visit>
  void for_each_contradiction(Visit&& visit) const {
    for (const auto& [pair, verdict] : verdicts_) {
      if (verdict.same > 0 && verdict.different > 0) visit(pair.first, pair.second);
    }
  }

 private:
  struct Verdicts {
    int same = 0;
    int different = 0;
    bool joined = false;
  };

  void relabel(const FactStore& store, Slot start) {
    std::vector<Slot> found{start};
    std::map<Slot, bool> seen{{start, true}};
    for (std::size_t i = 0; i < found.size(); ++i) {
      const auto next = neighbours_.find(found[i]);
      if (next == neighbours_.end()) continue;
      for (const Slot slot : next->second) {
        if (seen.try_emplace(slot, true).second) found.push_back(slot);
      }
    }
    const auto by_id = [&](Slot lhs, Slot rhs) { return store.id(kind_, lhs) < store.id(kind_, rhs); };
    std::sort(found.begin(), found.end(), by_id);
    for (const Slot member : found) {
      members_.erase(member);
      if (found.size() == 1) {
        roots_.erase(member);
      } else {
        roots_[member] = found.front();
      }
    }
    if (found.size() > 1) members_[found.front()] = found;
  }

  Kind kind_;
  std::map<std::pair<Slot, Slot>, Verdicts> verdicts_;
  std::map<Slot, std::vector<Slot>> neighbours_;
  std::map<Slot, Slot> roots_;
  std::map<Slot, std::vector<Slot>> members_;
};

}  // namespace dealtrail::detail
