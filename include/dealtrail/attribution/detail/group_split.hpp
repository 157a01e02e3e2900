#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "dealtrail/attribution/detail/subject_groups.hpp"
#include "dealtrail/core/random.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail::detail {

// One row of paths, dealt to the groups: whole counts, and value in proportion to them.
class GroupSplit {
 public:
  GroupSplit(const Journeys& journeys, std::size_t row, std::size_t groups) {
    const std::int64_t conversions = journeys.conversions(row);
    const std::int64_t nulls = journeys.nulls(row);
    if (groups == 1) {
      converted_[0] = conversions;
      weight_[0] = conversions + nulls;
    } else {
      Random random{seed_of_row(journeys, row)};
      deal(random, conversions, 0, groups, converted_);
      deal(random, nulls, 0, groups, weight_);
      for (std::size_t group = 0; group < groups; ++group) weight_[group] += converted_[group];
    }
    const GroupCounts& by = conversions > 0 ? converted_ : weight_;
    for (std::size_t group = 0; group < groups; ++group) {
      if (weight_[group] == 0) continue;
      taken_.push_back(group);
      value_weights_.push_back(static_cast<std::uint64_t>(by[group]));
    }
  }

  // Calls `visit(group, journeys, conversions, part of value)` for the groups that have some.
  template <class Visit>
  void share(std::int64_t value, Visit&& visit) {
    parts_.assign(taken_.size(), 0);
    if (value != 0) split_into(value, value_weights_, parts_);
    for (std::size_t i = 0; i < taken_.size(); ++i)
      visit(taken_[i], weight_[taken_[i]], converted_[taken_[i]], parts_[i]);
  }

 private:
  GroupCounts converted_{};
  GroupCounts weight_{};
  std::vector<std::size_t> taken_{};
  std::vector<std::uint64_t> value_weights_{};
  std::vector<std::int64_t> parts_{};
};

}  // namespace dealtrail::detail
