#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/journeys/journeys.hpp"

namespace dealtrail {

/// Which touches of a converting journey are credited, and in what proportion. The models (linear.hpp,
/// position_based.hpp, ...) make rules; a rule of its own is one of these shapes with other figures.
struct CreditRule {
  enum class Shape : std::uint8_t {
    one_touch,    // all to the first, or to the last that is not excepted
    by_position,  // weights that depend on the number of touches alone
    decay,        // half as much for each half-life before the last touch
    milestones,   // shares for the touches at milestones, the rest to the others
    in_full,      // all to each channel: adds up to more than there is
  };
  /// What a journey of two touches makes of the middle's share: half to each end, or nothing (the ends' shares are
  /// scaled up).
  enum class TwoTouches : std::uint8_t { halve_middle, renormalise };
  /// A touch at a milestone: `first`, `last` (the closing one), or a name that the journeys know, such as lead_created.
  struct Milestone {
    std::string name{};
    std::uint64_t share = 0;  // billionths
  };

  std::string model{};
  std::vector<std::pair<std::string, std::string>> parameters{};
  Shape shape = Shape::by_position;
  bool last = false;                  // one_touch: the last one
  std::vector<std::string> except{};  // one_touch: channels that are passed over unless there are no others
  std::uint64_t first_share = 0;      // by_position, billionths
  std::uint64_t last_share = 0;       // by_position, billionths
  std::uint64_t middle_share = 0;     // by_position, billionths; all three 0: equal shares
  TwoTouches two = TwoTouches::halve_middle;
  std::int64_t half_life_us = 0;        // decay
  std::vector<Milestone> milestones{};  // milestones
  std::uint64_t rest_share = 0;         // milestones, billionths
};

/// How a model is computed; the figures do not depend on it, but `intervals`.
struct CreditOptions {
  bool intervals = true;    // keep counts in 128 groups of subjects; without, in one
  std::size_t threads = 1;  // the result is the same bytes for any number
};

/// The counts of a rule model: what each channel is credited with, kept in groups of subjects (by a fixed hash) so that
/// intervals can be told. Mergeable, live and exact: whole units of 2^-48 conversion and of 2^-48 minor unit of value,
/// so any partition of the subjects, in any order, gives the same bytes; what was merged can be taken back.
///
/// Rows of paths have no subject: their counts are dealt to the groups at random with a seed made of the row's content,
/// so equal tables give equal bytes, and shards keep equal paths together.
class CreditState {
 public:
  /// Nothing yet; takes the rule of what it is merged with.
  CreditState() = default;
  /// The counts of these journeys by a rule. O(touches); one conversion is divided by `split`, the value in the same
  /// parts. O(channels * groups) room.
  /// @throws Error invalid_argument if the rule needs milestones or times and the journeys have none, overflow for
  /// values whose sum does not fit.
  CreditState(const Journeys& journeys, const CreditRule& rule, const CreditOptions& options = {});
  /// The same for several rules, a state each, in one pass over the journeys. @throws Error as for one.
  [[nodiscard]] static std::vector<CreditState> of_each(const Journeys& journeys, std::span<const CreditRule> rules,
                                                        const CreditOptions& options = {});

  /// @throws Error invalid_argument if the two are of other rules or groups, currency_mismatch; unchanged then.
  void merge(const CreditState& other);
  /// @throws Error invalid_argument if `other` cannot have been merged into this; unchanged then.
  void subtract(const CreditState& other);
  /// Who gets the credit; nothing without journeys. Values become whole minor units here, once, by largest remainder
  /// over the channels. Intervals are delete-one-group jackknife. O(channels * groups).
  [[nodiscard]] std::optional<Credit> finish() const;

  /// Of the values; none before there are any.
  [[nodiscard]] Currency currency() const noexcept { return currency_; }

  [[nodiscard]] std::string to_bytes() const;
  /// @throws Error corrupt_data if to_bytes did not write these bytes.
  [[nodiscard]] static CreditState from_bytes(std::string_view bytes);

  friend bool operator==(const CreditState&, const CreditState&) = default;

  /// What one channel, or everybody, has in one group.
  struct Cell {
    std::int64_t journeys = 0;
    std::int64_t converting = 0;
    CreditUnits conversions = 0;
    CreditUnits value = 0;  // a minor unit is 2^48
    friend bool operator==(const Cell&, const Cell&) = default;
  };

 private:
  struct Reader;
  [[nodiscard]] const Cell& cell(std::size_t channel, std::size_t group) const noexcept {
    return cells_[channel * groups_ + group];
  }
  void begin(const Journeys& journeys, const CreditRule& rule, bool intervals);
  template <class Dealt, class Parts>
  void add_row(const Journeys& journeys, std::size_t row, Dealt& dealt, Parts& parts);
  void drop_empty();
  void require_same(const CreditState& other) const;
  // The cells of `other` at their places among the channels of both.
  template <class Combine>
  void combine(const CreditState& other, Combine&& with);

  std::string model_{};
  std::vector<std::pair<std::string, std::string>> parameters_{};
  bool in_full_ = false;  // credits several channels in full: shares exceed 1
  Currency currency_{};
  bool has_values_ = false;
  std::size_t groups_ = 0;
  std::vector<std::string> channels_{};  // by name, each in some journey
  std::vector<Cell> cells_{};            // of each channel by group
  std::vector<Cell> totals_{};           // by group: journeys, conversions (in `converting`), their value
  std::vector<Cell> unattributed_{};     // by group: of journeys without touches
};
static_assert(LiveAggregate<CreditState>);

/// Who gets the credit of these journeys by a rule: CreditState and `finish` in one. Journeys of nothing give a Credit
/// without channels.
/// @throws Error as the two do.
[[nodiscard]] Credit credit(const Journeys& journeys, const CreditRule& rule, const CreditOptions& options = {});
/// The same by several rules, in one pass over the journeys. @throws Error as for one.
[[nodiscard]] std::vector<Credit> credit(const Journeys& journeys, std::span<const CreditRule> rules,
                                         const CreditOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/attribution/detail/credit_state.ipp"  // IWYU pragma: keep
#endif
