#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/placements/placements.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::evidence {

/// What to do with a channel.
enum class Verdict : std::uint8_t { keep, drop, test_again };
[[nodiscard]] std::string_view to_string(Verdict verdict) noexcept;

struct JudgeOptions {
  std::string metric = "cost_per_attendee";  // how the result is called
  std::string by = "channel";                // what a key is
  /// What a channel has to match: the cost of one result in major units; with trials the share of them that become
  /// results; without spend the results per placement (per unit of exposure). None: the pooled rate of the other
  /// working channels.
  std::optional<double> benchmark{};
  double care = 0.05;                 // a loss below this part of a placement is not worth another test
  std::int64_t horizon = 10;          // placements to come that a decision is for: value_of_one_more
  std::int64_t most_placements = 20;  // tests are planned no further
};

/// What is known of one channel, and what to do.
struct Judged {
  std::string key{};
  ChannelState state = ChannelState::working;
  std::string basis{};           // money, exposure, placement, share: what results are counted per
  std::int64_t placements = 0;   // all of them
  std::int64_t open = 0;         // results may still come: not judged
  std::int64_t apart = 0;        // over, not judged: free ones of a channel that pays, unknown spend, no trials
  std::int64_t spend_minor = 0;  // of those judged, as the next
  std::int64_t count = 0;
  std::optional<std::int64_t> trials{};
  std::optional<std::int64_t> cost_per_minor{};       // spend / count, as it was
  std::optional<std::int64_t> cost_expected_minor{};  // with what the pool says: fair to small channels
  std::optional<std::int64_t> cost_low_minor{};       // 90 % interval
  std::optional<std::int64_t> cost_high_minor{};
  std::optional<double> rate{};  // results per major unit, exposure, placement or trial, expected; 90 % interval
  std::optional<double> rate_low{};
  std::optional<double> rate_high{};
  std::optional<std::int64_t> benchmark_minor{};  // cost of one result
  std::optional<double> benchmark_rate{};
  std::optional<double> weight_own{};             // of the channel's own data in `rate`; the rest is the pool's
  std::optional<double> p_better{};               // chance that the rate is above the benchmark
  std::optional<std::int64_t> loss_keep_minor{};  // expected, of the next placement of median spend: if kept
  std::optional<std::int64_t> loss_drop_minor{};  // if dropped
  std::optional<double> loss_keep{};              // the same as parts of that placement's worth
  std::optional<double> loss_drop{};
  std::optional<Verdict> verdict{};
  std::optional<std::int64_t> placements_more{};  // to test again; nothing: more than most_placements
  std::optional<std::int64_t> value_of_one_more_minor{};
  std::optional<double> gain{};    // rate over benchmark - 1; only in pools of ten channels or more
  std::optional<double> e_drop{};  // evidence against "at least as good as the benchmark"; valid at every look
  bool settled = false;            // drop for good
  std::optional<double> power{};   // chance that a channel 30 % worse would be settled by now
  std::string why{};
};

struct Judgement {
  std::vector<Judged> rows{};  // by key
  Currency currency{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// A row per channel, columns as the fields of Judged; money in `currency`.
  [[nodiscard]] Table table() const;
};

/// Judges channels (creatives, formats) by few placements (M1.8). Two statements, never mixed:
///
/// - `verdict` is provisional: keep, drop or test again, by the expected losses of being wrong. Rates are Gamma-Poisson
///   (shares Beta-binomial), shrunk to the pool of channels; the pool's spread is averaged over what the data leave
///   open, over-dispersion between placements is divided out. Keep is always provisional.
/// - `settled` is a drop for good: an e-value of 20 or more that also passes the e-BH procedure at 10 % among the
///   channels of the same state. False in at most 5 % of channels that are as good as the benchmark, however often one
///   looks.
///
/// Nothing is drawn at random. Definitions: docs/evidence/judge.md. O(placements + channels * 1 ms).
/// @throws Error invalid_argument for a benchmark that is not a number above 0 (a share: below 1), a care outside 0 to
/// 1, a horizon or most_placements below 1; overflow for sums beyond 64 bits.
/// Source: Robbins (1956); Ville (1939); Wang and Ramdas (2022), JRSS B 84, 822-852 (e-BH).
[[nodiscard]] Judgement judge(const Placements& placements, const JudgeOptions& options = {});

}  // namespace dealtrail::evidence

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/evidence/detail/judge.ipp"        // IWYU pragma: keep
#include "dealtrail/evidence/detail/judge_table.ipp"  // IWYU pragma: keep
#endif
