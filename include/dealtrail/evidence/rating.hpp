#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/table/table.hpp"

namespace dealtrail::evidence {

struct RatingOptions {
  /// revenue_per_month, won_per_month, lead_to_deal (leads that became deals of all leads), roi_revenue.
  std::string metric = "revenue_per_month";
  std::string by = "partner";  // or channel
  View view = View::marketing;
  std::optional<Timestamp> as_of{};  // none: every fact counts, and now is the latest activity
  std::optional<Period> period{};    // only what happened in it
  double certainty = 0.8;            // chance of being below the others from which a key is called ineffective
};

/// What is known of one partner or channel before it is rated.
struct RatingFacts {
  std::string key{};
  std::vector<double> months{};               // how much of each month from its first fact to now: 1, the last a part
  std::vector<std::int64_t> won{};            // deals won, by month
  std::vector<std::int64_t> revenue_minor{};  // amount of the deals won, by month
  std::int64_t leads = 0;
  std::int64_t leads_over = 0;       // those old enough to tell: converted, junk, or older than the look-back window
  std::int64_t leads_converted = 0;  // of those over: a deal names them, or they are said to be converted
  std::int64_t meetings = 0;
  std::int64_t trainings = 0;     // training costs, activities and milestones
  std::int64_t cost_minor = 0;    // all cost that reaches the key
  std::int64_t payout_minor = 0;  // of a partner: commission and bonus
};

/// One partner or channel in the rating.
struct Rated {
  std::string key{};
  std::optional<std::int64_t> rank{};      // by `shrunk`, 1 is the best
  std::optional<std::int64_t> rank_low{};  // 90 % interval of the rank of its true figure
  std::optional<std::int64_t> rank_high{};
  std::optional<double> value{};   // the metric as it was; revenue in major units
  std::optional<double> shrunk{};  // with what the pool says: fair to small ones
  std::optional<double> low{};     // 90 % interval
  std::optional<double> high{};
  std::optional<double> others{};      // the pooled figure of the others
  std::optional<double> weight_own{};  // of its own data in `shrunk`; the rest is the pool's
  std::optional<double> p_below{};     // chance that its true figure is below that of the others
  bool ineffective = false;            // p_below is at least `certainty`
  std::string cause{};                 // leads, activity, terms or training; empty where none is seen
  std::string figure{};                // the figure that shows it
  std::string cure{};
  double months = 0;
  std::int64_t leads = 0;
  std::int64_t won = 0;
  std::int64_t revenue_minor = 0;
  std::optional<double> leads_per_month{};
  std::optional<double> meetings_per_month{};
  std::optional<double> lead_to_deal{};
  std::optional<double> terms{};  // of a partner (commission + bonus) / revenue, of a channel cost / revenue
  std::int64_t trainings = 0;
};

struct Ratings {
  std::vector<Rated> rows{};  // by rank, those without a figure last, then by key
  Currency currency{};
  std::vector<std::pair<std::string, std::string>> meta{};

  /// A row per key, columns as the fields of Rated; `cause`, `figure` and `cure` are null where there are none.
  [[nodiscard]] Table table() const;
};

/// Rates partners or channels, fair to small ones (M2.6): figures are shrunk to the pool by how little is known of a
/// key, ranks have intervals, and each ineffective key has the likeliest of four causes: leads (too few become deals),
/// activity (few leads or meetings a month), terms, training. The likeliest is the one whose figure, shrunk as well,
/// falls furthest short of the others'. Nothing is drawn at random. Definitions: docs/evidence/rating.md.
/// Of figures that a program has; `view`, `as_of` and `period` are not used. Of a Trail: answers/trail_rating.hpp.
/// O(keys^2).
/// @throws Error unknown_name for another metric or `by`; invalid_argument for a certainty outside 0.5 to 1, and for a
/// row whose figures cannot be such: the row is named.
/// Source: Robbins (1956); Laird and Louis (1989), JEBS 14, 29-46 (ranks by posterior).
[[nodiscard]] Ratings rating(std::vector<RatingFacts> facts, Currency currency, const RatingOptions& options = {});

}  // namespace dealtrail::evidence

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/evidence/detail/rating.ipp"  // IWYU pragma: keep
#endif
