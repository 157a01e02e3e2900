#pragma once

#include <cstdint>
#include <string>

#include "dealtrail/core/random.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail::bench {

// A Trail of deals of half a year with ten moves each; `fill(random, deal, move)` says what a move changes, and leaves
// the deal as it is after it.
template <class Fill>
Trail made_moves(std::int64_t moves, Fill&& fill) {
  constexpr std::int64_t moves_of_a_deal = 10;
  Trail trail{RUB};
  Random random{1};
  Trail::Batch batch = trail.batch(static_cast<std::size_t>(moves));
  for (std::int64_t i = 0; i < moves / moves_of_a_deal; ++i) {
    Deal deal{.id = "d" + std::to_string(i)};
    std::int64_t at = 1'767'225'600 + random.uniform_int(0, 180 * 86'400);
    deal.created_at = from_us(at * us_per_second);
    for (std::int64_t j = 0; j < moves_of_a_deal; ++j) {
      Move move{.id = deal.id + "-" + std::to_string(j)};
      move.deal = deal.id;
      fill(random, deal, move);
      at += random.uniform_int(1, 20 * 86'400);
      move.at = from_us(at * us_per_second);
      batch.put(move);
    }
    batch.put(deal);
  }
  batch.finish();
  return trail;
}

}  // namespace dealtrail::bench
