#pragma once

#include <cstddef>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cards/events.hpp"
#include "dealtrail/cards/posting_keys.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail::detail {

// What touches of a Trail are named by: the channel of their source, or what cards would group them `by`. Names have
// numbers; of channels their slots.
class TouchKeys {
 public:
  /// @throws Error unknown_name if neither touches nor other facts have such a column, invalid_argument for months.
  TouchKeys(const FactsView& facts, std::string_view by) : store_(facts.store), none_("(no " + std::string{by} + ")") {
    if (by == "channel") return;
    if (by == "month")
      throw Error(ErrorCode::invalid_argument, "touches are told by what they belong to, not by month",
                  {"journeys", "by", -1},
                  "channel, announcement, event, partner, or a column of the facts; cut credits by their time");
    keys_.emplace(facts.store, facts.index, facts.zone, by, true);
  }

  [[nodiscard]] bool are_channels() const noexcept { return !keys_.has_value(); }

  /// The number of a touch's key; no_slot when neither it nor a channel is known. `event`: the fact's own, topmost;
  /// nothing: that of its announcement, of several the heaviest.
  [[nodiscard]] RowId of(Kind kind, RowId fact, const Source& source, std::optional<RowId> event) {
    if (are_channels()) return source.channel;
    if (!event) event = heaviest_event(source.announcement);
    Posting posting{.fact = fact, .channel = source.channel, .announcement = source.announcement, .kind = kind};
    posting.event = store_.present(Kind::events, *event) ? *event : no_row;
    if (source.announcement != no_row)
      posting.partner = store_.live_link(Kind::announcements, source.announcement, fields::announcements::partner);
    std::string key = keys_->of(posting).value_or(std::string{unattributed_key});
    if (key == unattributed_key || key == total_key) {  // names of rows of the results, never of channels
      if (source.channel == no_row) return no_row;
      key = none_;
    }
    const auto [known, is_new] = numbers_.try_emplace(std::move(key), static_cast<RowId>(names_.size()));
    if (is_new) names_.push_back(known->first);
    return known->second;
  }

  [[nodiscard]] std::string_view name(RowId number) const {
    return are_channels() ? store_.id(Kind::channels, number) : names_[number];
  }
  /// More than any number.
  [[nodiscard]] std::size_t size() const noexcept {
    return are_channels() ? store_.of(Kind::channels).slots() : names_.size();
  }

 private:
  [[nodiscard]] RowId heaviest_event(RowId announcement) const {
    const EventShares events = events_of(store_, announcement);
    const EventShares::Share* best = &events.all().front();
    for (const auto& share : events.all()) {
      if (share.second > best->second) best = &share;
    }
    return topmost(store_, best->first);
  }

  const FactStore& store_;
  std::string none_;  // of touches on a channel that have no such key
  std::optional<PostingKeys> keys_{};
  std::map<std::string, RowId> numbers_{};
  std::vector<std::string_view> names_{};  // of numbers_
};

}  // namespace dealtrail::detail
