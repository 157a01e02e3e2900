#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/money.hpp"
#include "dealtrail/journeys/detail/journey_columns.hpp"

// The order of journeys by what they say, and how one is written after others.
namespace dealtrail::detail {

// One journey of some columns, with the places of their channels among all channels.
struct JourneyRef {
  const JourneyColumns& columns;
  std::size_t journey;
  std::span<const std::uint32_t> places;

  [[nodiscard]] std::size_t begin() const noexcept { return columns.journey_first[journey]; }
  [[nodiscard]] std::size_t end() const noexcept { return columns.journey_first[journey + 1]; }
  [[nodiscard]] std::uint32_t channel(std::size_t touch) const noexcept { return places[columns.touch_channel[touch]]; }
  [[nodiscard]] std::int64_t at(std::size_t touch) const noexcept {
    return columns.touch_at.empty() ? 0 : columns.touch_at[touch];
  }
  [[nodiscard]] std::int64_t conversions() const noexcept {
    return columns.converted.empty() ? columns.conversions[journey] : columns.converted[journey];
  }
  [[nodiscard]] std::int64_t nulls() const noexcept {
    return columns.converted.empty() ? columns.nulls[journey] : 1 - columns.converted[journey];
  }
  [[nodiscard]] std::int64_t value() const noexcept { return columns.values.empty() ? 0 : columns.values[journey]; }
  [[nodiscard]] std::int64_t converted_at() const noexcept {
    return columns.converted_at.empty() ? null_cell : columns.converted_at[journey];
  }
  [[nodiscard]] std::string_view fact() const noexcept {
    return columns.facts.size() == 0 ? std::string_view{} : columns.facts[journey];
  }
};

// By channels alone, as texts are ordered.
[[nodiscard]] inline std::strong_ordering path_order(const JourneyRef& lhs, const JourneyRef& rhs) noexcept {
  std::size_t left = lhs.begin();
  std::size_t right = rhs.begin();
  for (; left < lhs.end() && right < rhs.end(); ++left, ++right) {
    if (const auto order = lhs.channel(left) <=> rhs.channel(right); order != 0) return order;
  }
  return lhs.end() - left <=> rhs.end() - right;
}

// Of one subject: by time of the first touch (without touches: of the conversion), then by everything else.
[[nodiscard]] inline std::strong_ordering journey_order(const JourneyRef& lhs, const JourneyRef& rhs) noexcept {
  const auto begins = [](const JourneyRef& one) {
    return one.begin() < one.end() ? one.at(one.begin()) : one.converted_at();
  };
  if (const auto order = begins(lhs) <=> begins(rhs); order != 0) return order;
  if (const auto order = lhs.converted_at() <=> rhs.converted_at(); order != 0) return order;
  std::size_t left = lhs.begin();
  std::size_t right = rhs.begin();
  for (; left < lhs.end() && right < rhs.end(); ++left, ++right) {
    if (const auto order = lhs.at(left) <=> rhs.at(right); order != 0) return order;
    if (const auto order = lhs.channel(left) <=> rhs.channel(right); order != 0) return order;
  }
  if (const auto order = lhs.end() - left <=> rhs.end() - right; order != 0) return order;
  if (const auto order = lhs.conversions() <=> rhs.conversions(); order != 0) return order;
  if (const auto order = lhs.value() <=> rhs.value(); order != 0) return order;
  return lhs.fact() <=> rhs.fact();
}

// By (fixed hash, subject).
[[nodiscard]] inline std::strong_ordering subject_order(const JourneyColumns& lhs, std::size_t left,
                                                        const JourneyColumns& rhs, std::size_t right) noexcept {
  if (lhs.subject_type == SubjectType::integer) {
    return mixed(static_cast<std::uint64_t>(lhs.subject_numbers[left])) <=>
           mixed(static_cast<std::uint64_t>(rhs.subject_numbers[right]));
  }
  const std::string_view one = lhs.subject_texts[left];
  const std::string_view other = rhs.subject_texts[right];
  if (const auto order = text_hash(one) <=> text_hash(other); order != 0) return order;
  return one <=> other;
}

// Writes journeys after one another into columns whose channels are set.
class JourneyWriter {
 public:
  explicit JourneyWriter(JourneyColumns& out) : out_(out) {
    if (out_.journey_first.empty()) out_.journey_first.push_back(0);
  }

  void add(const JourneyRef& one) {
    for (std::size_t touch = one.begin(); touch < one.end(); ++touch) {
      out_.touch_channel.push_back(one.channel(touch));
      if (out_.of != JourneysOf::paths) out_.touch_at.push_back(one.at(touch));
    }
    out_.journey_first.push_back(out_.touch_channel.size());
    if (out_.of == JourneysOf::paths) {
      out_.conversions.push_back(one.conversions());
      out_.nulls.push_back(one.nulls());
    } else {
      out_.converted.push_back(one.columns.converted[one.journey]);
    }
    if (!one.columns.values.empty()) out_.values.push_back(one.value());
    if (!one.columns.converted_at.empty()) out_.converted_at.push_back(one.converted_at());
    if (one.columns.facts.size() != 0) out_.facts.push_back(one.fact());
    for (std::size_t k = 0; k < out_.milestone_at.size(); ++k)
      out_.milestone_at[k].push_back(one.columns.milestone_at[k][one.journey]);
  }
  // Adds a path to the one written last, which has the same channels.
  void add_up(const JourneyRef& one) {
    const std::size_t last = out_.conversions.size() - 1;
    out_.conversions[last] = checked_add(out_.conversions[last], one.conversions());
    out_.nulls[last] = checked_add(out_.nulls[last], one.nulls());
    if (!out_.values.empty()) out_.values[last] = checked_add(out_.values[last], one.value());
  }

 private:
  JourneyColumns& out_;
};

// Counts of all journeys together fit in 64 bits, so that views may add them up without looking.
inline void check_totals(const JourneyColumns& columns) {
  std::int64_t total = 0;
  for (std::size_t j = 0; j < columns.conversions.size(); ++j)
    total = checked_add(checked_add(total, columns.conversions[j]), columns.nulls[j]);
}

// The same names in both, and where each side's are among them.
struct JoinedChannels {
  std::vector<std::string> names{};
  std::vector<std::uint32_t> left{};
  std::vector<std::uint32_t> right{};
};
[[nodiscard]] inline JoinedChannels joined_channels(std::span<const std::string> left,
                                                    std::span<const std::string> right) {
  JoinedChannels joined;
  std::size_t l = 0;
  std::size_t r = 0;
  while (l < left.size() || r < right.size()) {
    const bool take_left = r == right.size() || (l < left.size() && left[l] <= right[r]);
    const bool take_right = l == left.size() || (r < right.size() && right[r] <= left[l]);
    const auto place = static_cast<std::uint32_t>(joined.names.size());
    joined.names.push_back(take_left ? left[l] : right[r]);
    if (take_left) {
      joined.left.push_back(place);
      ++l;
    }
    if (take_right) {
      joined.right.push_back(place);
      ++r;
    }
  }
  return joined;
}

// 0, 1, 2, ...: channels that keep their places.
[[nodiscard]] inline std::vector<std::uint32_t> same_places(std::size_t channels) {
  std::vector<std::uint32_t> places(channels);
  for (std::size_t i = 0; i < channels; ++i) places[i] = static_cast<std::uint32_t>(i);
  return places;
}

}  // namespace dealtrail::detail
