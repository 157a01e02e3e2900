#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/model/detail/clusters.hpp"
#include "dealtrail/model/detail/fact_store.hpp"
#include "dealtrail/model/detail/identity_index.hpp"
#include "dealtrail/model/detail/identity_join.hpp"
#include "dealtrail/model/detail/live_cards.hpp"
#include "dealtrail/model/detail/source_index.hpp"
#include "dealtrail/model/draft.hpp"
#include "dealtrail/model/outcome.hpp"
#include "dealtrail/model/put_report.hpp"
#include "dealtrail/model/trail_options.hpp"

namespace dealtrail::detail {

struct Books;
struct CellsAhead;

/// What a Trail holds and how a fact gets in. `model/trail.hpp` knows its name only, so that whoever includes that
/// header need not compile the indexes.
struct TrailState {
  DEALTRAIL_LAZY TrailState(Currency sums_in, TrailOptions stated_in);

  DEALTRAIL_LAZY [[nodiscard]] Books books() const noexcept;
  /// Computes what earlier writes left open: clusters of cards, live cards.
  DEALTRAIL_LAZY void settle();
  /// Lets a fact in, or says in the report why not. `ahead`: cells that a reader of tables has encoded already.
  DEALTRAIL_LAZY bool write(const Draft& draft, PutReport& report, std::map<std::string, std::int64_t>& ordinals,
                            const CellsAhead& ahead);
  DEALTRAIL_LAZY void write_removal(Kind kind, std::string_view id, std::optional<std::int64_t> version);
  DEALTRAIL_LAZY void change(Kind kind, Slot slot, const FactStore::Decision& decision, std::span<const Stored> cells);

  TrailOptions options;
  Currency currency;
  FactStore store;
  SourceIndex index;
  IdentityIndex identity;
  IdentityJoin join;
  Clusters people;
  Clusters companies;
  std::vector<OutcomeRule> rules;
  LiveCards live;

 private:
  DEALTRAIL_LAZY void apply(Kind kind, Slot slot, const Arrival& arrival, std::span<const Stored> cells);
  /// After the writes, before the cards are settled: what changes of keys, names and verdicts touched is joined anew,
  /// and the clusters that come out otherwise are marked.
  DEALTRAIL_LAZY void join_cards(Kind kind, const Postings& postings);

  std::vector<Stored> new_cells_;
  std::vector<Stored> old_cells_;
};

}  // namespace dealtrail::detail
