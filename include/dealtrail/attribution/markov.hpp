#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/attribution/markov/groups.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/table.hpp"

// Opt-in: without dealtrail::compiled this header needs Eigen on the include path.
namespace dealtrail {

/// The counts of a Markov chain whose states are the last `order` touches: how often each state follows another, and
/// how often a journey begins and ends in it, with what value. A path shorter than `order` is one state; a state that
/// follows itself is counted once. Mergeable, live and exact: whole numbers in groups of subjects, as in CreditState.
class MarkovState {
 public:
  /// Nothing yet; takes the order of what it is merged with.
  MarkovState() = default;
  /// The counts of these journeys; those that did not convert count, too. O(touches).
  /// @throws Error invalid_argument for an order that is not 1 to 4, limit_exceeded for more channels than an order can
  /// tell apart (4095 at order 4, 32767 at 3), overflow.
  explicit MarkovState(const Journeys& journeys, int order = 1, const CreditOptions& options = {});

  /// @throws Error invalid_argument if the two are of other orders or groups, currency_mismatch, overflow; unchanged
  /// then.
  void merge(const MarkovState& other);
  /// @throws Error invalid_argument if `other` cannot have been merged into this; unchanged then.
  void subtract(const MarkovState& other);
  /// Who gets the credit, by the share of each channel's removal effect: `score`, the part of the conversions that is
  /// lost when whoever comes to the channel leaves for good. All of them come from one factorisation: dense up to 2000
  /// states, O(states^3); beyond, sparse and iterative. Nothing without journeys. Intervals leave out one group at a
  /// time: solved anew up to 64 states, by the first derivative of the removal effects beyond; threads share the groups
  /// and change no figure.
  [[nodiscard]] std::optional<Credit> finish(std::size_t threads = 1) const;

  [[nodiscard]] std::string to_bytes() const;
  /// @throws Error corrupt_data if to_bytes did not write these bytes.
  [[nodiscard]] static MarkovState from_bytes(std::string_view bytes);

  friend bool operator==(const MarkovState&, const MarkovState&) = default;

  [[nodiscard]] int order() const noexcept { return order_; }
  [[nodiscard]] Currency currency() const noexcept { return currency_; }
  /// Names of the channels that occur, sorted.
  [[nodiscard]] std::span<const std::string> channels() const& noexcept { return channels_; }
  std::span<const std::string> channels() && = delete;
  /// States of the chain, the start not among them.
  [[nodiscard]] std::size_t state_count() const noexcept { return windows_.empty() ? 0 : windows_.size() - 1; }

  /// The counts themselves, for this room.
  [[nodiscard]] const std::vector<detail::MarkovWindow>& windows() const& noexcept { return windows_; }
  const std::vector<detail::MarkovWindow>& windows() && = delete;
  [[nodiscard]] const std::vector<detail::MarkovGroup>& groups() const& noexcept { return groups_; }
  const std::vector<detail::MarkovGroup>& groups() && = delete;

 private:
  struct Builder;
  void require_same(const MarkovState& other) const;
  [[nodiscard]] MarkovState combined(const MarkovState& other, bool take_away) const;
  void drop_unused();
  [[nodiscard]] std::string_view trouble() const;

  int order_ = 0;
  Currency currency_{};
  bool has_values_ = false;
  std::vector<std::string> channels_{};
  std::vector<detail::MarkovPresence> presence_{};  // by channel
  std::vector<detail::MarkovWindow> windows_{};     // in order; the start is the first
  std::vector<detail::MarkovGroup> groups_{};       // 1 or 128
};
static_assert(LiveAggregate<MarkovState>);

/// A row per transition of the chain: from, to, probability, weight (journeys that made it). The start is "(start)",
/// the ends are "(conversion)" and "(null)"; touches of one state stand with " > " between them. A state that follows
/// itself is counted once, so there are no self loops. By from, then to, the ends last. O(transitions * groups).
[[nodiscard]] Table transition_matrix(const MarkovState& state);

namespace attribution {

/// What removing a channel means.
enum class Removal : std::uint8_t {
  redirect_to_null,  // whoever comes to the channel leaves for good; the rest of the chain stays as it is
  fail,              // journeys with the channel do not convert, and the chain is made anew of all journeys
  fail_refit,        // likewise, but journeys that consist of states with the channel alone are dropped
  detour,            // the channel is cut out of the journeys, which convert as they did; empty ones are dropped
};

struct MarkovOptions {
  int order = 1;  // touches that the chain remembers, 1 to 4
  Removal removal = Removal::redirect_to_null;
};

/// Who gets the credit by removal effects in a Markov chain: MarkovState and `finish` in one. Journeys of nothing give
/// a Credit without channels. A finding says when the journeys cannot carry the order: more than a tenth of their
/// touches are in states that occur fewer than ten times.
///
/// Removals other than `redirect_to_null` make the chain anew, and a chain that is made of journeys converts exactly as
/// often as they do; so their effects are shares of journeys, counted from the journeys and without a chain. `detour`
/// may be negative.
/// @throws Error as MarkovState does.
/// Source: Anderl, Becker, von Wangenheim, Schumann (2016), International Journal of Research in Marketing 33(3),
/// 457-474.
[[nodiscard]] Credit markov(const Journeys& journeys, const MarkovOptions& markov = {},
                            const CreditOptions& options = {});

/// A row per order from 1 to `most`: order, states, log_likelihood, worse_by, standard_error, chosen. Each journey's
/// outcome is foretold by its last state, from the journeys of the other groups alone: the mean logarithm of the
/// probability that was given to what happened. `worse_by` is the distance to the best order, journey by journey, with
/// its standard error. Chosen is the lowest order that is no more than one standard error worse than the best.
/// Without journeys, or if all or none of them convert, order 1. O(touches * most).
/// @throws Error invalid_argument for `most` beyond 1 to 4, limit_exceeded for too many channels.
/// Source: Hastie, Tibshirani, Friedman (2009), The Elements of Statistical Learning, 7.10 (the one-standard-error
/// rule).
[[nodiscard]] Table choose_order(const Journeys& journeys, int most = 4, const CreditOptions& options = {});

}  // namespace attribution

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/markov.ipp"        // IWYU pragma: keep
#include "dealtrail/attribution/detail/markov_bytes.ipp"  // IWYU pragma: keep
#include "dealtrail/attribution/detail/markov_chain.ipp"  // IWYU pragma: keep
#include "dealtrail/attribution/detail/markov_state.ipp"  // IWYU pragma: keep
#endif
