#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "dealtrail/aggregate/aggregate.hpp"
#include "dealtrail/aggregate/estimate.hpp"
#include "dealtrail/core/detail/state_bytes.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/money.hpp"

namespace dealtrail {

/// How many tried and how many of them succeeded: registrations that came, leads that became deals. 0 <= wins <=
/// trials.
struct ConversionState {
  std::int64_t trials = 0;
  std::int64_t wins = 0;

  /// One trial for each element, a win where it is not 0.
  /// @throws Error overflow if a count does not fit in 64 bits.
  void update(std::span<const std::uint8_t> won) {
    std::int64_t more = 0;
    for (const std::uint8_t flag : won) more += flag != 0 ? 1 : 0;
    merge({static_cast<std::int64_t>(won.size()), more});
  }

  /// @throws Error overflow if a count does not fit in 64 bits.
  void merge(const ConversionState& other) {
    trials = checked_add(trials, other.trials);
    wins += other.wins;  // wins <= trials on both sides, so it fits too
  }

  /// @throws Error invalid_argument if `other` cannot have been merged into this.
  void subtract(const ConversionState& other) {
    if (other.wins > wins || other.trials - other.wins > trials - wins) {
      throw Error(ErrorCode::invalid_argument, "takes away more trials than there are", {"conversion state", "trials"});
    }
    const ConversionState taken = other;  // it may be this very state
    trials -= taken.trials;
    wins -= taken.wins;
  }

  /// The share of wins with its Wilson interval at 95 %; nothing without trials.
  [[nodiscard]] std::optional<Estimate> finish() const { return wilson(wins, trials); }

  [[nodiscard]] std::string to_bytes() const {
    std::string fields;
    detail::append_little_endian(fields, trials);
    detail::append_little_endian(fields, wins);
    return detail::seal_state(tag, fields);
  }
  /// @throws Error corrupt_data if to_bytes did not write these bytes.
  [[nodiscard]] static ConversionState from_bytes(std::string_view bytes) {
    auto reader = detail::open_state(tag, bytes, "conversion state");
    ConversionState state;
    state.trials = reader.read<std::int64_t>();
    state.wins = reader.read<std::int64_t>();
    reader.expect_end();
    if (state.wins < 0 || state.wins > state.trials) reader.fail("has more wins than trials");
    return state;
  }

  friend bool operator==(const ConversionState&, const ConversionState&) = default;

 private:
  static constexpr std::string_view tag = "CNV1";
};
static_assert(LiveAggregate<ConversionState>);

}  // namespace dealtrail
