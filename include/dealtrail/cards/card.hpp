#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dealtrail/cards/clock.hpp"
#include "dealtrail/cards/metrics.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/outcome.hpp"

namespace dealtrail {

/// What a channel (or another key) cost and brought. Counts and money are exact; ratios are null where there is nothing
/// to divide by; a cost per something is in major units. Columns: cards/cards.def, definitions: docs/cards/cards.md.
struct Card {
  std::string key{};
  std::optional<std::string> name{};
  std::optional<std::string> state{};
  std::optional<std::string> part_of{};  // of a session: the event whose card counts it, too
#define DEALTRAIL_COUNT(name, meaning) std::int64_t name = 0;
#define DEALTRAIL_CAME(name, meaning) std::optional<std::int64_t> name{};
#define DEALTRAIL_MONEY(name, meaning) std::optional<Money> name{};
#define DEALTRAIL_HIDDEN(name, meaning)
#define DEALTRAIL_RATIO(name, plus, minus, over, over2, meaning) std::optional<double> name{};
#include "dealtrail/cards/cards.def"
};

/// How cards are cut and read. Any `by` but channel, announcement, event, partner and month is a scan: a field or own
/// column of the facts, else of their announcement, channel, event, company or person.
struct CardsOptions {
  std::string by = "channel";
  View view = View::marketing;
  Clock clock = Clock::activity;
  std::optional<Timestamp> as_of{};  // none: every fact that is not planned counts
  std::optional<Period> period{};    // only postings of that day, week, month, quarter or year
};

}  // namespace dealtrail
