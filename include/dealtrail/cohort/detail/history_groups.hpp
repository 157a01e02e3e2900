#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <vector>

#include "dealtrail/cohort/detail/purchase_model.hpp"
#include "dealtrail/cohort/summary.hpp"
#include "dealtrail/core/detail/text_hash.hpp"

// Customers with equal frequency, recency and age as one.
namespace dealtrail::cohort::detail {

struct HistoryGroups {
  std::vector<HistoryGroup> groups{};  // in the order of their first customer
  std::vector<std::uint32_t> of{};     // by customer
};

[[nodiscard]] inline HistoryGroups history_groups(const Summary& base) {
  constexpr std::uint32_t nothing = 0xFFFFFFFF;
  HistoryGroups made;
  made.of.resize(base.size());
  std::vector<std::uint32_t> slots(64, nothing);
  const auto hash = [](const HistoryGroup& one) {
    using dealtrail::detail::mixed;
    return mixed(mixed(static_cast<std::uint64_t>(one.repeats) ^ std::bit_cast<std::uint64_t>(one.recency)) +
                 std::bit_cast<std::uint64_t>(one.age));
  };
  const auto slot_of = [&](const HistoryGroup& one) {
    std::size_t slot = static_cast<std::size_t>(hash(one)) & (slots.size() - 1);
    for (; slots[slot] != nothing; slot = (slot + 1) & (slots.size() - 1)) {
      const HistoryGroup& other = made.groups[slots[slot]];
      if (other.repeats == one.repeats && other.recency == one.recency && other.age == one.age) break;
    }
    return slot;
  };
  for (std::size_t i = 0; i < base.size(); ++i) {
    const HistoryGroup one{base.frequency[i], base.recency[i], base.age[i], 0};
    const std::size_t slot = slot_of(one);
    if (slots[slot] == nothing) {
      slots[slot] = static_cast<std::uint32_t>(made.groups.size());
      made.groups.push_back(one);
    }
    made.of[i] = slots[slot];
    made.groups[made.of[i]].customers += 1;
    if (!base.monetary.empty() && !(base.monetary[i].value_or(0) > 0)) made.groups[made.of[i]].strangers += 1;
    if (made.groups.size() * 2 < slots.size()) continue;
    slots.assign(slots.size() * 2, nothing);
    for (std::size_t k = 0; k < made.groups.size(); ++k) slots[slot_of(made.groups[k])] = static_cast<std::uint32_t>(k);
  }
  return made;
}

}  // namespace dealtrail::cohort::detail
