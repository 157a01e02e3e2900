#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <vector>

#include "dealtrail/cohort/falling.hpp"

// The signals of one client, from its purchases in order of time.
//
// A purchase counts by its amount. What is usual, and how much it varies, is told by the time before the watch: the
// variance of a sum is `spread` times its mean, as of a compound Poisson process, or more where weeks vary more.
namespace dealtrail::cohort::detail {

inline constexpr std::int64_t no_day = std::numeric_limits<std::int64_t>::min();

/// A purchase of one client; days since 1970.
struct ClientPurchase {
  std::int64_t day = 0;
  std::int64_t amount = 0;  // minor units, or 1
  std::uint64_t event = 0;
  std::int64_t event_day = no_day;
};

/// The middle of values, or the mean of the two middle ones. Reorders them.
[[nodiscard]] inline double median_of(std::span<double> values) {
  const std::size_t middle = values.size() / 2;
  std::nth_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle), values.end());
  const double upper = values[middle];
  if (values.size() % 2 == 1) return upper;
  return (*std::max_element(values.begin(), values.begin() + static_cast<std::ptrdiff_t>(middle)) + upper) / 2;
}

class FallingSignals {
 public:
  FallingSignals(const FallingOptions& options, std::int64_t end_day) : options_(options), end_day_(end_day) {}

  /// Whether the history is long enough to judge, and what it says. `purchases` are by day, all before the end; those
  /// of 0 or less are refunds, which lower sums and are no purchase.
  [[nodiscard]] std::optional<FallingClient> of(std::span<const ClientPurchase> purchases) {
    purchases_ = purchases;
    first_day_ = no_day;
    for (const ClientPurchase& one : purchases) {
      if (one.amount <= 0) continue;
      if (first_day_ == no_day) first_day_ = one.day;
      last_day_ = one.day;
    }
    if (first_day_ == no_day) return std::nullopt;
    FallingClient found;
    std::size_t of_events = 0;
    for (const ClientPurchase& one : purchases) of_events += one.event_day != no_day ? 1 : 0;
    found.bursts = 2 * of_events > purchases.size();
    if (!(found.bursts ? by_events(found) : by_weeks(found))) return std::nullopt;
    silence(found);
    return found;
  }

 private:
  [[nodiscard]] std::int64_t watch_begin() const noexcept { return end_day_ - 7 * options_.watch_weeks; }

  // The least variance of a sum over its mean: that of amounts bought independently.
  [[nodiscard]] double spread_of_amounts(std::int64_t before_day) const {
    double sum = 0;
    double squares = 0;
    for (const ClientPurchase& one : purchases_) {
      if (one.day >= before_day) break;
      const auto amount = static_cast<double>(one.amount);
      sum += amount;
      squares += amount * amount;
    }
    return sum > 0 ? squares / sum : 0;
  }
  // Variance over mean of equal spans; 0 where there are too few.
  [[nodiscard]] static double spread_of(std::span<const double> sums) {
    if (sums.size() < 4) return 0;
    double mean = 0;
    for (const double one : sums) mean += one / static_cast<double>(sums.size());
    double squares = 0;
    for (const double one : sums) squares += (one - mean) * (one - mean);
    return mean > 0 ? squares / static_cast<double>(sums.size() - 1) / mean : 0;
  }

  // Whether `last` is below `usual` by the drop, and by more than chance, the error of the usual counted.
  [[nodiscard]] bool below(double last, double usual, double spread, double error_part) const {
    if (!(usual > 0) || last > (1 - options_.drop) * usual) return false;
    const double deviations = (usual - last) / std::sqrt(spread * usual * (1 + error_part));
    return 0.5 * std::erfc(deviations / 1.4142135623730951) < options_.level;
  }
  // Page's cumulative sum of the log-likelihood of half the usual against the usual.
  [[nodiscard]] static double add_up(double sum, double observed, double usual, double spread) {
    return std::max(0.0, sum + (usual / 2 - observed * 0.69314718055994531) / spread);
  }

  bool by_weeks(FallingClient& found) {
    const std::int64_t weeks = std::min<std::int64_t>(520, (end_day_ - first_day_) / 7);
    const std::int64_t before = weeks - options_.watch_weeks;
    if (before < options_.least_weeks) return false;
    weeks_.assign(static_cast<std::size_t>(weeks), 0);
    std::int64_t days = 0;  // with a purchase, before the watch
    std::int64_t day = no_day;
    for (const ClientPurchase& one : purchases_) {
      const std::int64_t week = (end_day_ - 1 - one.day) / 7;
      if (week >= weeks) continue;  // of the week that is not whole
      weeks_[static_cast<std::size_t>(week)] += static_cast<double>(one.amount);
      if (one.amount <= 0 || one.day == day) continue;
      if (week >= options_.watch_weeks) ++days;
      day = one.day;
    }
    if (days < options_.least_purchases) return false;
    const auto watch = static_cast<std::size_t>(options_.watch_weeks);
    const auto window = static_cast<std::size_t>(options_.window_weeks);
    const std::span<const double> usual_weeks = std::span{weeks_}.subspan(watch);
    windows_.clear();
    for (std::size_t i = 0; i + window <= usual_weeks.size(); i += window)
      windows_.push_back(sum(usual_weeks, i, window));
    double mean = 0;
    for (const double one : usual_weeks) mean += one / static_cast<double>(usual_weeks.size());
    if (!(mean > 0)) return false;
    const double spread = std::max({spread_of_amounts(watch_begin()), spread_of(usual_weeks), spread_of(windows_)});
    const double own = windows_.size() >= 2 ? median_of(windows_) : mean * static_cast<double>(window);
    double usual = own;
    const std::span<const double> all = weeks_;
    if (weeks_.size() >= 52 + window) {
      const double year = sum(all, 52, window);
      found.last_year = std::llround(year);
      usual = std::min(own, year);
    }
    const double last = sum(all, 0, window);
    found.last = std::llround(last);
    found.usual = std::llround(own);
    found.past = below(last, usual, spread, static_cast<double>(window) / static_cast<double>(usual_weeks.size()));
    double missing = 0;
    for (std::size_t week = watch; week-- > 0;) {
      double wanted = mean;
      if (weeks_.size() >= 55 + watch) wanted = std::min(mean, sum(all, week + 50, 5) / 5);  // the season of last year
      missing = add_up(missing, weeks_[week], wanted, spread);
    }
    found.cusum = missing > std::log(options_.run_length);
    return true;
  }

  [[nodiscard]] static double sum(std::span<const double> values, std::size_t first, std::size_t count) {
    double total = 0;
    for (std::size_t i = first; i < first + count; ++i) total += values[i];
    return total;
  }

  struct Event {
    std::uint64_t id = 0;
    std::int64_t day = 0;
    double sold = 0;
  };

  bool by_events(FallingClient& found) {
    events_.clear();
    for (const ClientPurchase& one : purchases_)
      if (one.event_day != no_day) events_.push_back({one.event, one.event_day, static_cast<double>(one.amount)});
    std::sort(events_.begin(), events_.end(),
              [](const Event& l, const Event& r) { return l.day != r.day ? l.day < r.day : l.id < r.id; });
    std::size_t kept = 0;
    for (const Event& one : events_) {
      if (kept > 0 && events_[kept - 1].id == one.id && events_[kept - 1].day == one.day) {
        events_[kept - 1].sold += one.sold;
      } else {
        events_[kept++] = one;
      }
    }
    events_.resize(kept);
    std::size_t earlier = 0;
    while (earlier < events_.size() && events_[earlier].day < watch_begin()) ++earlier;
    if (static_cast<std::int64_t>(earlier) < options_.least_events) return false;
    windows_.clear();
    double mean = 0;
    for (std::size_t i = 0; i < earlier; ++i) {
      windows_.push_back(events_[i].sold);
      mean += events_[i].sold / static_cast<double>(earlier);
    }
    if (!(mean > 0)) return false;
    const double spread = std::max(spread_of_amounts(watch_begin()), spread_of(windows_));
    double last = 0;
    double usual = 0;
    double missing = 0;
    // What is compared: events of the window, on sale or over; of the watch where there are none.
    std::size_t compared = earlier;
    while (compared < events_.size() && events_[compared].day < end_day_ - 7 * options_.window_weeks) ++compared;
    if (compared == events_.size()) compared = earlier;
    for (std::size_t i = earlier; i < events_.size(); ++i) {
      const std::int64_t to_go = events_[i].day - (end_day_ - 1);  // days; below 0: all was sold
      sold_by(to_go, earlier);
      double average = 0;
      for (const double one : windows_) average += one / static_cast<double>(earlier);
      const double middle = median_of(windows_);
      if (i >= compared) {
        last += events_[i].sold;
        usual += middle;
      }
      if (average > 0) missing = add_up(missing, events_[i].sold, average, spread);
    }
    auto recent = static_cast<double>(events_.size() - compared);
    if (events_.size() == earlier) {  // no event where there should be some
      const auto span = static_cast<double>(std::max<std::int64_t>(1, watch_begin() - first_day_));
      usual = mean * static_cast<double>(earlier) * static_cast<double>(7 * options_.watch_weeks) / span;
      missing = add_up(0, 0, usual, spread);
      recent = 1;
    }
    found.last = std::llround(last);
    found.usual = std::llround(usual);
    found.past = below(last, usual, spread, recent / static_cast<double>(earlier));
    found.cusum = missing > std::log(options_.run_length);
    return true;
  }

  // What each earlier event had sold at so many days to go, in `windows_`.
  void sold_by(std::int64_t to_go, std::size_t earlier) {
    windows_.assign(earlier, 0);
    for (const ClientPurchase& one : purchases_) {
      if (one.event_day == no_day || one.event_day - one.day < to_go) continue;
      const auto at =
          std::lower_bound(events_.begin(), events_.begin() + static_cast<std::ptrdiff_t>(earlier), one,
                           [](const Event& event, const ClientPurchase& of) {
                             return event.day != of.event_day ? event.day < of.event_day : event.id < of.event;
                           });
      const auto place = static_cast<std::size_t>(at - events_.begin());
      if (place < earlier && at->id == one.event && at->day == one.event_day)
        windows_[place] += static_cast<double>(one.amount);
    }
  }

  void silence(FallingClient& found) {
    found.silent_days = end_day_ - 1 - last_day_;
    gaps_.clear();
    std::int64_t before = first_day_;
    for (const ClientPurchase& one : purchases_) {
      if (one.amount <= 0 || one.day <= before) continue;
      gaps_.push_back(one.day - before);
      before = one.day;
    }
    if (gaps_.empty()) return;
    const std::size_t rank = (gaps_.size() * 95 + 99) / 100 - 1;
    std::nth_element(gaps_.begin(), gaps_.begin() + static_cast<std::ptrdiff_t>(rank), gaps_.end());
    const std::int64_t rare = gaps_[rank];
    const std::int64_t longest = *std::max_element(gaps_.begin(), gaps_.end());
    found.longest_days = std::max({longest, rare + rare / 2, std::int64_t{7}});
    found.silence = gaps_.size() >= 5 && found.silent_days > found.longest_days;
  }

  const FallingOptions& options_;
  std::int64_t end_day_;
  std::span<const ClientPurchase> purchases_{};
  std::int64_t first_day_ = no_day;  // of purchases
  std::int64_t last_day_ = no_day;
  std::vector<double> weeks_{};
  std::vector<double> windows_{};
  std::vector<Event> events_{};
  std::vector<std::int64_t> gaps_{};
};

}  // namespace dealtrail::cohort::detail
