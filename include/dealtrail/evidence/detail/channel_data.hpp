#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/evidence/detail/pool.hpp"
#include "dealtrail/placements/placements.hpp"

// The placements of a channel as evidence: results and exposure of each that is over, in the unit the channel is judged
// in.
//
//   share      results of trials, where the view has trials
//   money      results per minor unit, where a placement cost something; its free placements are left apart
//   exposure   results per unit of exposure, where nothing cost anything and every placement has an exposure
//   placement  results per placement, where nothing cost anything
namespace dealtrail::evidence::detail {

enum class Basis : std::uint8_t { money, exposure, placement, share };

[[nodiscard]] inline std::string_view to_string(Basis basis) noexcept {
  constexpr std::string_view names[] = {"money", "exposure", "placement", "share"};
  return names[static_cast<std::size_t>(basis)];
}

struct ChannelData {
  std::size_t channel = 0;
  Basis basis = Basis::money;
  std::int64_t placements = 0;  // all
  std::int64_t open = 0;
  std::int64_t apart = 0;         // over, but free or of unknown spend where the channel is judged by money
  std::vector<double> results{};  // of placements that are evidence, in order of time
  std::vector<double> exposure{};
  std::vector<double> spend{};  // minor units, 0 where there is none
  MoneySum spend_sum{};
  std::int64_t count_sum = 0;
  double trials_sum = 0;

  [[nodiscard]] double all_results() const noexcept { return sum_of(results); }
  [[nodiscard]] double all_exposure() const noexcept { return sum_of(exposure); }
  [[nodiscard]] bool empty() const noexcept { return results.empty(); }
  [[nodiscard]] static double sum_of(const std::vector<double>& numbers) noexcept {
    double sum = 0;
    for (const double number : numbers) sum += number;
    return sum;
  }
};

/// The middle one, or the mean of the two in the middle; nothing of nothing.
[[nodiscard]] inline std::optional<double> median_of(std::vector<double> numbers) {
  if (numbers.empty()) return std::nullopt;
  std::sort(numbers.begin(), numbers.end());
  const std::size_t half = numbers.size() / 2;
  return numbers.size() % 2 == 1 ? numbers[half] : (numbers[half - 1] + numbers[half]) / 2;
}

[[nodiscard]] inline std::vector<ChannelData> channel_data(const Placements& view) {
  std::vector<ChannelData> all;
  bool every_exposure = true;
  for (std::size_t channel = 0; channel < view.channel_count(); ++channel) {
    ChannelData one;
    one.channel = channel;
    bool paid = false;
    bool free = false;
    for (std::size_t row = view.first(channel); row < view.first(channel + 1); ++row) {
      const auto spend = view.spend_minor(row);
      paid = paid || (spend && *spend > 0);
      free = free || (spend && *spend == 0);
    }
    one.basis = view.has_trials()                     ? Basis::share
                : view.has_spend() && (paid || !free) ? Basis::money
                                                      : Basis::placement;
    for (std::size_t row = view.first(channel); row < view.first(channel + 1); ++row) {
      ++one.placements;
      if (view.open(row)) {
        ++one.open;
        continue;
      }
      const std::int64_t spend = view.spend_minor(row).value_or(0);
      const auto trials = static_cast<double>(view.trials(row).value_or(0));
      if (one.basis == Basis::money ? spend == 0 : one.basis == Basis::share && trials == 0) {
        ++one.apart;
        continue;
      }
      one.results.push_back(static_cast<double>(view.count(row)));
      one.spend.push_back(static_cast<double>(spend));
      one.exposure.push_back(one.basis == Basis::money   ? static_cast<double>(spend)
                             : one.basis == Basis::share ? trials
                                                         : view.exposure(row).value_or(1));
      if (one.basis == Basis::placement && !view.exposure(row)) every_exposure = false;
      one.spend_sum.add(spend);
      one.count_sum = checked_add(one.count_sum, view.count(row));
      one.trials_sum += trials;
    }
    all.push_back(std::move(one));
  }
  for (ChannelData& one : all) {
    if (one.basis != Basis::placement) continue;
    if (every_exposure) {
      one.basis = Basis::exposure;
    } else {
      std::fill(one.exposure.begin(), one.exposure.end(), 1.0);
    }
  }
  return all;
}

/// Channels that are judged in one unit, and what they say together.
class PoolOfChannels {
 public:
  /// `benchmark`: results per unit of exposure, if it is given.
  PoolOfChannels(std::vector<const ChannelData*> channels, std::optional<double> benchmark)
      : channels_(std::move(channels)), given_(benchmark) {
    family_ = !channels_.empty() && channels_.front()->basis == Basis::share ? Family::share : Family::rate;
    double results = 0;
    double exposure = 0;
    for (const ChannelData* one : channels_) {
      results += one->all_results();
      exposure += one->all_exposure();
      with_data_ += one->empty() ? 0 : 1;
      add_dispersion(*one);
    }
    // Rates are counted in multiples of one rate, so that the unit of money does not matter.
    scale_ = family_ == Family::share ? 1 : given_ ? *given_ : exposure > 0 && results > 0 ? results / exposure : 0;
    overall_ = family_ == Family::share ? (exposure > 0 ? results / exposure : 0) : 1;
    if (scale_ > 0) {
      for (const ChannelData* one : channels_) {
        if (!one->empty()) observations_.push_back(observation(*one, dispersion_.factor()));
      }
    }
  }

  [[nodiscard]] Family family() const noexcept { return family_; }
  [[nodiscard]] std::size_t with_data() const noexcept { return with_data_; }
  [[nodiscard]] const std::vector<const ChannelData*>& channels() const noexcept { return channels_; }
  [[nodiscard]] std::span<const Observation> observations() const noexcept { return observations_; }
  [[nodiscard]] double scale() const noexcept { return scale_; }
  [[nodiscard]] double dispersion() const noexcept { return dispersion_.factor(); }
  /// For statements that must hold: an upper limit while fewer than ten channels show how large it is.
  [[nodiscard]] double safe_dispersion() const {
    if (spreading_ < 5) return dispersion_.upper(0.1);
    return spreading_ < 10 ? dispersion_.upper(0.3) : dispersion_.factor();
  }
  /// True if there are counts to learn a rate from.
  [[nodiscard]] bool known() const noexcept { return scale_ > 0 && !observations_.empty(); }

  /// A channel's data with rates in multiples of `scale`, over-dispersion divided out.
  [[nodiscard]] Observation observation(const ChannelData& one, double dispersion) const {
    return {one.all_results() / dispersion, one.all_exposure() * scale_ / dispersion, 1};
  }
  [[nodiscard]] Mixture prior() const {
    double centre = family_ == Family::rate ? 1 : given_ ? *given_ : overall_;
    if (family_ == Family::share) centre = std::clamp(centre, 1e-4, 1 - 1e-4);
    return pooled_prior(family_, observations_, centre);
  }

 private:
  void add_dispersion(const ChannelData& one) {
    const double results = one.all_results();
    const double rate = results / one.all_exposure();
    if (one.results.size() < 2 || !(results > 0) || (family_ == Family::share && rate >= 1)) return;
    ++spreading_;
    dispersion_.degrees += static_cast<double>(one.results.size() - 1);
    for (std::size_t i = 0; i < one.results.size(); ++i) {
      const double expected = rate * one.exposure[i];
      const double off = one.results[i] - expected;
      dispersion_.chi_square += off * off / (family_ == Family::share ? expected * (1 - rate) : expected);
    }
  }

  std::vector<const ChannelData*> channels_;
  std::optional<double> given_;
  Family family_ = Family::rate;
  std::size_t with_data_ = 0;
  std::size_t spreading_ = 0;
  double scale_ = 0;
  double overall_ = 0;
  Dispersion dispersion_{};
  std::vector<Observation> observations_{};
};

/// A cost in minor units, rounded half to even; nothing where it is no such number.
[[nodiscard]] inline std::optional<std::int64_t> minor_of(double amount) noexcept {
  const double whole = std::nearbyint(amount);
  if (!(std::fabs(whole) < 4e18)) return std::nullopt;
  return static_cast<std::int64_t>(whole);
}

}  // namespace dealtrail::evidence::detail
