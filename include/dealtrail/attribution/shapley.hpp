#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/detail/channel_sets.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::detail {
class ShaoLi;
}

namespace dealtrail::attribution {

/// What a set of channels is worth; Shapley values of different games are different numbers, so the game is named.
enum class ShapleyGame : std::uint8_t {
  equal_split,     // the conversions of journeys that had no other channels: each is divided among its channels equally
  exact_set_rate,  // conversions / journeys of the journeys that had these channels and no others
  subset_rate,     // conversions / journeys of all journeys that had no other channels
};
inline constexpr dealtrail::detail::EnumNames<3> shapley_game_names{"equal_split", "exact_set_rate", "subset_rate"};
[[nodiscard]] constexpr std::string_view to_string(ShapleyGame game) noexcept {
  return dealtrail::detail::enum_name(shapley_game_names, game);
}

/// Which game, and how it is computed.
struct ShapleyOptions {
  ShapleyGame game = ShapleyGame::equal_split;
  std::size_t exact_up_to = 24;  // channels, at most 24; games of 2^channels sets are sampled beyond
  std::size_t samples = 500;     // pairs of a random order of the channels and its reverse
  std::uint64_t seed = 0;
  bool intervals = true;    // count in 128 groups of subjects; without, in one
  std::size_t threads = 1;  // the result is the same bytes for any number
};

/// What sets are worth, by someone else: a list of 2^players numbers (bit i of the place says that player i is in), or
/// any function of the players of a set (ascending). Borrows what it is made of.
class SetValue {
 public:
  // NOLINTNEXTLINE(google-explicit-constructor): a list is one of the two ways to say it
  SetValue(std::span<const double> by_mask) noexcept : by_mask_(by_mask) {}
  // NOLINTNEXTLINE(google-explicit-constructor)
  SetValue(const std::vector<double>& by_mask) noexcept : by_mask_(by_mask) {}
  template <class Function>
    requires(!std::is_convertible_v<const Function&, std::span<const double>> &&
             std::is_invocable_r_v<double, const Function&, std::span<const std::uint32_t>>)
  // NOLINTNEXTLINE(google-explicit-constructor)
  SetValue(const Function& function) noexcept
      : function_(&function), call_([](const void* called, std::span<const std::uint32_t> players) -> double {
          return (*static_cast<const Function*>(called))(players);
        }) {}

  /// The numbers, if it was made of a list.
  [[nodiscard]] std::span<const double> by_mask() const noexcept { return by_mask_; }
  [[nodiscard]] bool is_list() const noexcept { return call_ == nullptr; }
  /// What the function says of a set. Only if it was made of one.
  [[nodiscard]] double of(std::span<const std::uint32_t> players) const { return call_(function_, players); }

 private:
  std::span<const double> by_mask_{};
  const void* function_ = nullptr;
  double (*call_)(const void*, std::span<const std::uint32_t>) = nullptr;
};

/// The Shapley value of each player; how sure, when it was sampled.
struct ShapleyValues {
  std::vector<double> values{};
  std::vector<double> standard_errors{};  // by player; empty: exact
};

/// The Shapley values of any game: phi_i = sum over sets S without i of s! (n-s-1)! / n! (v(S + i) - v(S)). They add up
/// to v(everybody) - v(nobody). Exact up to `exact_up_to` players: v is asked 2^n times, O(2^n). Beyond: the mean gain
/// of joining over `samples` pairs of a random order and its reverse, which adds up as well; v is asked 2 n samples
/// times. Source: Shapley (1953), A value for n-person games; sampling: Castro, Gomez, Tejada (2009), Computers &
/// Operations Research 36, 1726-1730; pairs: Mitchell, Cooper, Frank, Holmes (2022), JMLR 23(43).
/// @throws Error invalid_argument for a list of another length than 2^players, a worth that is not a finite number,
/// `exact_up_to` above 24, no samples where they are needed.
[[nodiscard]] ShapleyValues shapley_values(std::size_t players, const SetValue& worth,
                                           const ShapleyOptions& options = {});

/// What journeys say of sets of channels: how many had exactly this set, converted, and with what value; in groups of
/// subjects. All games are read from it. Mergeable, live and exact: whole numbers, so any partition of the subjects, in
/// any order, gives the same bytes; what was merged can be taken back. Rows of paths are dealt as in CreditState.
class ShapleyState {
 public:
  /// Nothing yet.
  ShapleyState() = default;
  /// Counts these journeys. O(touches); only sets and groups that occur take room.
  explicit ShapleyState(const Journeys& journeys, const CreditOptions& options = {});

  /// The channels that occur, by name: the players, in the order of their bits.
  [[nodiscard]] std::span<const std::string> channels() const& noexcept { return sets_.channels; }
  std::span<const std::string> channels() && = delete;
  /// Of the values; none for nothing.
  [[nodiscard]] Currency currency() const noexcept { return currency_; }
  /// Different sets that occur, the empty one among them.
  [[nodiscard]] std::size_t size() const noexcept { return sets_.size(); }

  /// @throws Error invalid_argument if one has values or groups and the other has not, currency_mismatch, overflow;
  /// unchanged then.
  void merge(const ShapleyState& other);
  /// @throws Error invalid_argument if `other` cannot have been merged into this; unchanged then.
  void subtract(const ShapleyState& other);

  /// Who gets the credit; nothing without journeys. Journeys without touches are in no game: `(unattributed)`.
  /// `score` is the Shapley value of conversions. equal_split divides each set's conversions and value by `split`;
  /// the rate games divide the total once by the shares of the scores (of value: of value per journey), and where a
  /// score is negative or all are 0 there is a finding instead. equal_split and exact_set_rate: O(sets). subset_rate:
  /// O(n 2^n) and 32 * 2^n bytes up to `exact_up_to` channels, sampled beyond, with the greatest standard error in
  /// `parameters`.
  /// Intervals are delete-one-group jackknife; for subset_rate up to 24 channels to the first order, so that they cost
  /// four transforms and not 128.
  /// Source: Zhao, Mahboobi, Bagheri (2018), arXiv:1804.05327 (equal_split).
  /// @throws Error as shapley_values does.
  [[nodiscard]] std::optional<Credit> finish(const ShapleyOptions& options = {}) const;
  /// The same by a worth of one's own: conversions and value are both divided by its shares. No intervals: it is not
  /// known how it hangs on the journeys.
  [[nodiscard]] std::optional<Credit> finish(const SetValue& worth, const ShapleyOptions& options = {}) const;

  [[nodiscard]] std::string to_bytes() const;
  /// @throws Error corrupt_data if to_bytes did not write these bytes.
  [[nodiscard]] static ShapleyState from_bytes(std::string_view bytes);

  friend bool operator==(const ShapleyState&, const ShapleyState&) = default;

 private:
  friend class dealtrail::detail::ShaoLi;

  void require_same(const ShapleyState& other) const;
  [[nodiscard]] Credit without_scores(std::string_view game) const;
  void fill_equal_split(Credit& credit) const;

  Currency currency_{};
  bool has_values_ = false;
  detail::ChannelSets sets_{};
};
static_assert(LiveAggregate<ShapleyState>);

/// Credit by Shapley values of the game named in the options: ShapleyState and `finish` in one. Journeys of nothing
/// give a Credit without channels.
/// @throws Error as the two do.
[[nodiscard]] Credit shapley(const Journeys& journeys, const ShapleyOptions& options = {});
/// Credit by Shapley values of a worth of one's own; players are the channels of the journeys by name.
/// @throws Error as above.
[[nodiscard]] Credit shapley(const Journeys& journeys, const SetValue& worth, const ShapleyOptions& options = {});

/// The equal split by position (ordered Shapley): where in the journeys each channel earned its part. A row per channel
/// and position (from 1) that has one, by channel, then position, then `(unattributed)` and `(total)`: channel,
/// position, conversions (float64), share (of what channels are credited with), value (money, when there are values). A
/// channel that was there several times has equal parts at each. Conversions of a channel add up to its equal split
/// exactly; its value, which is divided journey by journey, to within odd minor units; the totals are exact.
/// O(touches). Source: Zhao, Mahboobi, Bagheri (2018), arXiv:1804.05327, section 3.
[[nodiscard]] Table shapley_by_position(const Journeys& journeys);

}  // namespace dealtrail::attribution

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/shapley.ipp"               // IWYU pragma: keep
#include "dealtrail/attribution/detail/shapley_by_position.ipp"   // IWYU pragma: keep
#include "dealtrail/attribution/detail/shapley_channel_sets.ipp"  // IWYU pragma: keep
#endif
