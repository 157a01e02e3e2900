#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/bytes.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/journeys/journeys.hpp"

// What journeys say of sets of channels.
namespace dealtrail::detail {

// The journeys of one group that had exactly one set of channels.
struct SetCell {
  std::int64_t journeys = 0;
  std::int64_t conversions = 0;
  int128 value = 0;
  friend bool operator==(const SetCell&, const SetCell&) = default;
};

// Sets that occur, each with the groups in which it does. Two levels of plain columns. Sets stand in the order of their
// greatest channel, then the next one, ...: that of masks as numbers, which renaming channels in order does not change.
struct ChannelSets {
  std::size_t groups = 0;                     // 0: no journeys
  std::vector<std::string> channels{};        // by name, each in some set
  std::vector<std::uint64_t> member_first{};  // of each set, and one more
  std::vector<std::uint32_t> members{};       // ascending
  std::vector<std::uint64_t> cell_first{};    // of each set, and one more
  std::vector<std::uint8_t> cell_group{};     // ascending
  std::vector<SetCell> cells{};

  [[nodiscard]] std::size_t size() const noexcept { return member_first.empty() ? 0 : member_first.size() - 1; }
  [[nodiscard]] std::span<const std::uint32_t> set(std::size_t at) const noexcept {
    return {members.data() + member_first[at], static_cast<std::size_t>(member_first[at + 1] - member_first[at])};
  }
  // All groups of a set together.
  [[nodiscard]] SetCell total(std::size_t at) const noexcept {
    SetCell sum;
    for (std::uint64_t cell = cell_first[at]; cell < cell_first[at + 1]; ++cell) {
      sum.journeys += cells[cell].journeys;
      sum.conversions += cells[cell].conversions;
      sum.value += cells[cell].value;
    }
    return sum;
  }
  friend bool operator==(const ChannelSets&, const ChannelSets&) = default;
};

// A sum of values as minor units. Throws overflow if it does not fit.
[[nodiscard]] inline std::int64_t minor_of(int128 sum) {
  if (sum > std::numeric_limits<std::int64_t>::max() || sum < std::numeric_limits<std::int64_t>::min())
    throw Error(ErrorCode::overflow, "a sum of values does not fit in 64 bits");
  return static_cast<std::int64_t>(sum);
}

// Counts journeys in 1 or 128 groups. Equal bytes for any number of threads.
[[nodiscard]] ChannelSets count_sets(const Journeys& journeys, std::size_t groups, std::size_t threads);
// Two countings of one number of groups as one.
[[nodiscard]] ChannelSets joined_sets(const ChannelSets& one, const ChannelSets& other);
// The first without the second. Throws invalid_argument if it cannot have been in it.
[[nodiscard]] ChannelSets sets_without(const ChannelSets& whole, const ChannelSets& part);

void append_sets(std::string& bytes, const ChannelSets& sets);
[[nodiscard]] ChannelSets read_sets(ByteReader& from);

}  // namespace dealtrail::detail
