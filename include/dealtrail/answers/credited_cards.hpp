#pragma once

#include <span>
#include <vector>

#include "dealtrail/attribution/credit.hpp"
#include "dealtrail/attribution/credit_state.hpp"
#include "dealtrail/core/config.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/table.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

/// Which cards, and over whose journeys.
struct CreditedCardsOptions {
  CardsOptions cards{};
  TrailJourneyOptions journeys{};  // subject, look-backs, kinds; the rest follows the cards
};

/// The journeys that figures of cards are credited over, in the order of their conversions: attended; deals created;
/// won, by amount; won, by margin; by the amount whose cost is known; those whose amount was left out. O(facts).
/// @throws Error as `journeys`, and invalid_argument for the placement clock: the touches of a deal have several.
[[nodiscard]] std::vector<Journeys> card_journeys(const Trail& trail, const CreditedCardsOptions& options = {});

/// Cards of which `attended`, `deals`, `won`, `amount_won`, `margin` and the ratios made of them (but show_rate) are
/// credited by a model, whose results over `card_journeys` these are; counts are float64. The other columns are direct,
/// and so is the total: rows and "(unattributed)" add up to it exactly, but by models that credit in full. What a model
/// can say nothing of is null. Touches without the key are "(unattributed)". Meta: `credit`, `credited`.
/// @throws Error invalid_argument for another number of results, and as `cards_with`.
[[nodiscard]] Table credited_cards(const Trail& trail, std::span<const Credit> credits,
                                   const CreditedCardsOptions& options = {});

/// The same by anything that credits journeys: `[](const Journeys& all) { return attribution::markov(all); }`.
template <class Model>
  requires requires(Model&& model, const Journeys& all) { Credit{model(all)}; }
[[nodiscard]] Table credited_cards(const Trail& trail, Model&& model, const CreditedCardsOptions& options = {}) {
  std::vector<Credit> credits;
  for (const Journeys& all : card_journeys(trail, options)) credits.push_back(model(all));
  return credited_cards(trail, std::span<const Credit>{credits}, options);
}

/// The same by a rule.
[[nodiscard]] inline Table credited_cards(const Trail& trail, const CreditRule& rule,
                                          const CreditedCardsOptions& options = {}) {
  return credited_cards(trail, [&](const Journeys& all) { return credit(all, rule, {.intervals = false}); }, options);
}

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/answers/detail/credited_cards.ipp"  // IWYU pragma: keep
#endif
