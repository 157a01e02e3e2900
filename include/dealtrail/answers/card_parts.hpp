#pragma once

#include <span>
#include <string>

#include "dealtrail/core/config.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// The additive columns of cards by several keys at once: a row per combination that has a posting, in the order of the
/// keys' texts. A text column per key of `by`, then every sum of a card, the hidden ones that serve ratios among them:
/// counts as integers, amounts as money; zeros where nothing is added.
///
/// Any rows added up give the cards of that cut, exactly: by one key `Trail::cards`, over all rows the total. Ratios
/// are not here, because they do not add up; `card_columns` says of which sums each is made. A key is what `by` of
/// cards takes: channel, announcement, event, partner, month or a column; `options.by` is not read. What counts in the
/// row of a session only is left out. A scan: O(facts × keys).
/// @throws Error invalid_argument for no key or one that comes twice, unknown_name for one that there is nothing to
/// group by.
[[nodiscard]] Table card_parts(const Trail& trail, std::span<const std::string> by, const CardsOptions& options = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/card_parts.ipp"
#endif
