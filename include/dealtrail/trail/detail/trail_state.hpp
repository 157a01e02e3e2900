#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cards/arrival_index.hpp"
#include "dealtrail/cards/live_cards.hpp"
#include "dealtrail/facts/batch_ids.hpp"
#include "dealtrail/facts/draft.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/outcome.hpp"
#include "dealtrail/facts/put_report.hpp"
#include "dealtrail/identity/clusters.hpp"
#include "dealtrail/identity/identity_index.hpp"
#include "dealtrail/identity/identity_join.hpp"
#include "dealtrail/sources/source_index.hpp"
#include "dealtrail/trail/trail_options.hpp"

namespace dealtrail::detail {

struct FactsView;
struct CellsAhead;

/// What a Trail holds and how a fact gets in. `trail/trail.hpp` knows its name only, so that whoever includes that
/// header need not compile the indexes.
struct TrailState {
  TrailState(Currency sums_in, TrailOptions stated_in);

  [[nodiscard]] FactsView view() const noexcept;
  /// Computes what earlier writes left open: clusters of cards, live cards.
  void settle();
  /// Keeps a fact, or notes in the report why not. `ahead`: cells that a reader of tables has encoded already.
  /// `ids`: of the batch; null for a fact put by itself.
  bool write(const Draft& draft, PutReport& report, BatchIds* ids, const CellsAhead& ahead,
             PutMode mode = PutMode::listed);
  void write_removal(Kind kind, std::string_view id, std::optional<std::int64_t> version);
  void change(Kind kind, RowId slot, const FactStore::Decision& decision, std::span<const Cell> cells);

  TrailOptions options;
  Currency currency;
  FactStore store;
  SourceIndex index;
  IdentityIndex identity;
  IdentityJoin join;
  ArrivalIndex arrivals;
  Clusters people;
  Clusters companies;
  std::vector<OutcomeRule> rules;
  LiveCards live;

 private:
  /// The row there came in the same batch: says so when the other content of this one is lost, or makes its own lost.
  void note_repeated(Kind kind, RowId slot, const Draft& draft, PutReport& report);
  void apply(Kind kind, RowId slot, const Arrival& arrival, std::span<const Cell> cells);
  /// After the writes, before the cards are settled: what changes of keys, names and verdicts touched is joined anew,
  /// and the clusters that come out otherwise are marked.
  void join_cards(Kind kind, const Postings& postings);

  std::vector<Cell> new_cells_;
  std::vector<Cell> old_cells_;
};

}  // namespace dealtrail::detail
