#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/io/detail/page.hpp"

namespace dealtrail::detail {

// Counts the pages of one method's dumps: pages follow one another until one has no next. A dump is whole when all its
// pages say the same total and as many different ids came: while a list is read in pages, a row that is deleted moves
// another to a page that was read already, and it never comes.
class DumpCount {
 public:
  /// A record of the page at hand, and what its ids hash to.
  void record(std::string_view command, const std::optional<std::uint64_t>& ids) {
    if (at_hand_ == nullptr || command != at_hand_name_) {
      at_hand_name_ = command;
      at_hand_ = &coming_[at_hand_name_];
    }
    if (ids) {
      at_hand_->ids.push_back(*ids);
    } else {
      ++at_hand_->without_id;
    }
  }
  void page(const PageReport::Command& page, bool next) {
    open_ = true;
    if (const auto came = coming_.find(page.name); came != coming_.end()) {
      ids_.insert(ids_.end(), came->second.ids.begin(), came->second.ids.end());
      without_id_ += came->second.without_id;
      came->second.ids.clear();
      came->second.without_id = 0;
    }
    if (page.total) {
      if (total_ && *total_ != *page.total) {
        moved_ = true;
        tell("total " + std::to_string(*total_) + ", then " + std::to_string(*page.total));
      }
      total_ = page.total;
    }
    if (!next) close(false);
  }
  void close(bool next_is_missing) {
    if (!open_) return;
    std::sort(ids_.begin(), ids_.end());
    const auto different = static_cast<std::uint64_t>(std::unique(ids_.begin(), ids_.end()) - ids_.begin());
    const std::uint64_t distinct = different + without_id_;
    const auto total = static_cast<std::uint64_t>(std::max<std::int64_t>(total_.value_or(0), 0));
    if (total == 0 && distinct > 0) {  // sources that do not count say 0
      unproven_ = true;
      if (next_is_missing) ++missing_;
    } else if (!total_) {
      unproven_ = true;
    } else if (total != distinct) {
      missing_ += total > distinct ? total - distinct : distinct - total;
      tell("total " + std::to_string(total) + ", " + std::to_string(distinct) + " different records");
    } else if (next_is_missing || moved_) {
      ++missing_;
    }
    open_ = false;
    moved_ = false;
    ids_.clear();
    without_id_ = 0;
    total_.reset();
  }
  void not_pages() { unproven_ = true; }

  [[nodiscard]] std::uint64_t missing() const noexcept { return missing_; }
  [[nodiscard]] bool unproven() const noexcept { return unproven_; }
  [[nodiscard]] const std::vector<std::string>& told() const noexcept { return told_; }

 private:
  struct Coming {
    std::vector<std::uint64_t> ids{};
    std::uint64_t without_id = 0;
  };
  void tell(std::string text) {
    if (told_.size() < most_told) told_.push_back(std::move(text));
  }

  static constexpr std::size_t most_told = 5;

  std::map<std::string, Coming> coming_{};  // records of the page at hand, by command of a batch
  std::string at_hand_name_{};
  Coming* at_hand_ = nullptr;
  bool open_ = false;
  bool moved_ = false;
  bool unproven_ = false;
  std::vector<std::uint64_t> ids_{};
  std::uint64_t without_id_ = 0;
  std::optional<std::int64_t> total_{};
  std::uint64_t missing_ = 0;
  std::vector<std::string> told_{};
};

}  // namespace dealtrail::detail
