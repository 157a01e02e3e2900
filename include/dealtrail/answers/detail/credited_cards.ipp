#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/answers/card_figures.hpp"
#include "dealtrail/answers/credited_cards.hpp"
#include "dealtrail/core/error.hpp"

namespace dealtrail {

namespace detail {

// What one result says of cards.
struct CreditedSums {
  const char* to;
  const char* value;
  Metric conversions;  // nothing: they are another result's
  Metric worth;
  Metric converting;  // how many conversions of the key's journeys had such a value, where that decides on "no value"
};

inline constexpr std::array<CreditedSums, 7> credited_sums{{
    {"attended", "amount", Metric::attended, Metric::nothing, Metric::nothing},
    {"deal_created", "amount", Metric::deals, Metric::nothing, Metric::nothing},
    {"won", "amount", Metric::won, Metric::amount_won, Metric::nothing},
    {"won", "margin", Metric::nothing, Metric::margin, Metric::margin_deals},
    {"won", "amount_won_known", Metric::nothing, Metric::amount_won_known, Metric::nothing},
    {"won", "amount_won_left_out", Metric::nothing, Metric::nothing, Metric::amount_won_left_out},
    {"won", "won_unvalued", Metric::won_unvalued, Metric::nothing, Metric::nothing},
}};

inline void add_figures(const CreditedSums& sums, const Credit& credit, std::string_view by,
                        std::vector<CardFigure>& figures) {
  constexpr std::string_view nobody = "(unattributed)";
  const std::string without = "(no " + std::string{by} + ")";
  const auto add = [&](std::string_view channel, Metric metric, std::optional<int128> sum) {
    if (metric != Metric::nothing) figures.push_back({std::string{channel == without ? nobody : channel}, metric, sum});
  };
  const auto counted = [](std::int64_t count) { return static_cast<int128>(count) * units_per_conversion; };
  for (const ChannelCredit& one : credit.channels) {
    add(one.channel, sums.conversions, one.conversions);
    add(one.channel, sums.worth, one.value ? std::optional<int128>{*one.value} : std::nullopt);
    // A chain may credit a key that no such journey had.
    add(one.channel, sums.converting,
        counted(one.value.value_or(0) != 0 ? std::max<std::int64_t>(one.converting, 1) : one.converting));
  }
  add(nobody, sums.conversions, credit.unattributed_conversions);
  add(nobody, sums.worth, credit.unattributed_value);
  add(nobody, sums.converting, credit.unattributed_conversions);
}

}  // namespace detail

DEALTRAIL_INLINE std::vector<Journeys> card_journeys(const Trail& trail, const CreditedCardsOptions& options) {
  if (options.cards.clock == Clock::placement) {
    throw Error(ErrorCode::invalid_argument, "the touches of a deal have several placements", {"cards", "clock", -1},
                "clock activity or approval");
  }
  TrailJourneyOptions of = options.journeys;
  of.by = options.cards.by;
  of.view = options.cards.view;
  of.as_of = options.cards.as_of;
  of.period = options.cards.period;
  std::vector<Journeys> all;
  for (const detail::CreditedSums& sums : detail::credited_sums) {
    of.to = sums.to;
    of.value = sums.value;
    all.push_back(journeys(trail, of));
  }
  return all;
}

DEALTRAIL_INLINE Table credited_cards(const Trail& trail, std::span<const Credit> credits,
                                      const CreditedCardsOptions& options) {
  if (credits.size() != detail::credited_sums.size()) {
    throw Error(ErrorCode::invalid_argument,
                "cards are credited by " + std::to_string(detail::credited_sums.size()) + " results, not " +
                    std::to_string(credits.size()),
                {}, "one for each of card_journeys");
  }
  std::vector<CardFigure> figures;
  for (std::size_t i = 0; i < credits.size(); ++i)
    detail::add_figures(detail::credited_sums[i], credits[i], options.cards.by, figures);
  std::vector<std::pair<std::string, std::string>> said{
      {"credit", credits.front().model},
      {"credited",
       "attended, deals, won, amount_won, margin and ratios of them; other columns and the total are direct"},
      {"credited_subject", options.journeys.subject}};
  for (const auto& [name, value] : credits.front().parameters) said.emplace_back("credit." + name, value);
  std::string findings;
  for (std::size_t i = 0; i < credits.size(); ++i) {
    for (const auto& [finding, hint] : credits[i].findings) {
      findings += findings.empty() ? "" : "; ";
      findings += std::string{detail::credited_sums[i].to} + ": " + finding + " (" + hint + ")";
    }
  }
  if (!findings.empty()) said.emplace_back("findings", findings);
  return cards_with(trail, figures, options.cards, said);
}

}  // namespace dealtrail
