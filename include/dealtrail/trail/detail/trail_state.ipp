#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cards/dependents.hpp"
#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/hash.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/facts/cell_datum.hpp"
#include "dealtrail/facts/encode_fact.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"

namespace dealtrail::detail {

DEALTRAIL_INLINE TrailState::TrailState(Currency sums_in, TrailOptions stated_in)
    : options(std::move(stated_in)), currency(sums_in), store(options.hash_seed), identity(options.hash_seed) {}

DEALTRAIL_INLINE FactsView TrailState::view() const noexcept {
  return {store,
          index,
          people,
          companies,
          identity,
          arrivals,
          static_cast<std::size_t>(options.max_per_key),
          rules,
          options.zone,
          currency,
          options.vat,
          options.lookback_days * us_per_day};
}

DEALTRAIL_INLINE void TrailState::settle() {
  const Postings postings(view(), View::marketing, Clock::activity);
  arrivals.settle(store);
  for (const Kind kind : {Kind::people, Kind::companies}) {
    if (identity.is_touched(kind)) join_cards(kind, postings);
  }
  live.settle(postings);
}

DEALTRAIL_INLINE bool TrailState::write(const Draft& draft, PutReport& report, BatchIds* ids, const CellsAhead& ahead,
                                        PutMode mode) {
  const Kind kind = draft.kind();
  Interner::Hash hash = 0;
  if (ahead.id == no_row) {
    hash = store.of(kind).ids.hash(draft.id);
    store.of(kind).ids.prefetch_entry(hash);
  }
  if (ahead.id == no_row && (!utf8_valid(draft.id) || draft.id.size() > Interner::longest_text)) {
    report.note("bad_text", kind, "id", "row " + std::to_string(report.of(kind).read + 1),
                "an id that is not UTF-8, or longer than 16 MiB", "convert the source to UTF-8");
    report.count(kind, false);
    return false;
  }
  if (ahead.id == no_row && has_invisible(draft.id) && plain_id(draft.id) != draft.id) {
    Draft plain = draft;
    plain.id = plain_id(draft.id);
    report.note("invisible_letters", kind, "id", plain.id,
                "letters that nobody sees, such as U+200B or a no-break space; they are removed",
                "nothing to do; clean the source, if others read it", false);
    return write(plain, report, ids, ahead, mode);
  }
  const bool kept = FactEncoder(store, currency, options.zone, mode).encode(draft, new_cells_, report, ahead);
  report.count(kind, kept);
  if (!kept) return false;
  RowId slot = ahead.id;
  if (draft.id.empty()) {
    StableHasher128 hasher;
    hasher.update(draft.source);
    hasher.update(std::string_view{"\0", 1});
    hasher.update(kind_name(kind));
    hasher.update(std::string_view{"\0", 1});
    hasher.update(store.canonical(kind, new_cells_));
    std::string id = "h:" + hasher.digest().hex();
    id += ":" + std::to_string(ids == nullptr ? 0 : ids->next_ordinal(id));
    slot = store.slot_of(kind, id);
  } else if (slot == no_row) {
    slot = store.slot_of(kind, draft.id, hash);
  }
  if (ids != nullptr) {
    if (ids->add(kind, slot)) {
      report.count_distinct(kind);
    } else {
      note_repeated(kind, slot, draft, report);
    }
  }
  const std::optional<std::int64_t> version = draft.stub ? std::nullopt : draft.version;
  apply(kind, slot, {.version = version, .removal = false, .stub = draft.stub}, new_cells_);
  return true;
}

DEALTRAIL_INLINE void TrailState::note_repeated(Kind kind, RowId slot, const Draft& draft, PutReport& report) {
  const KindStore& kept = store.of(kind);
  const Entry& entry = kept.entries[slot];
  if (draft.stub || entry.stub || !entry.present) return;
  const bool versions_decide = draft.version.has_value() && !entry.unversioned && entry.version != *draft.version;
  if (versions_decide) return;
  store.read_row(kind, slot, old_cells_);
  const auto differs = std::mismatch(old_cells_.begin(), old_cells_.end(), new_cells_.begin(), new_cells_.end());
  if (differs.first == old_cells_.end()) return;
  const auto column = static_cast<std::size_t>(differs.first - old_cells_.begin());
  const auto declared = fields_of(kind);
  const auto shown = [&](Cell cell) {
    std::string text = to_text(datum_of(store, kind, column, cell, decimals(currency)));
    if (text.empty()) return std::string{"(no value)"};
    std::size_t end = std::min<std::size_t>(text.size(), 64);
    while (end < text.size() && (static_cast<unsigned char>(text[end]) & 0xC0U) == 0x80U) --end;
    text.resize(end);
    return text;
  };
  const std::string name{column < declared.size() ? declared[column].name
                                                  : std::string_view{kept.own[column - declared.size()].name}};
  report.note("repeated_id", kind, "id", std::string{store.id(kind, slot)},
              "rows that share an id with other content and have no version that decides; one of them is kept",
              "name a column that tells rows apart as the id, or give versions", false,
              name + ": " + shown(*differs.first) + " / " + shown(*differs.second));
}

DEALTRAIL_INLINE void TrailState::write_removal(Kind kind, std::string_view id, std::optional<std::int64_t> version) {
  if (id.empty())
    throw Error(ErrorCode::invalid_argument, "remove needs an id", {std::string{kind_name(kind)}, "id", -1});
  if (!utf8_valid(id) || id.size() > Interner::longest_text) {
    throw Error(ErrorCode::invalid_argument, "an id that is not UTF-8, or longer than 16 MiB",
                {std::string{kind_name(kind)}, "id", -1});
  }
  apply(kind, store.slot_of(kind, plain_id(id)), {.version = version, .removal = true, .stub = false}, {});
}

DEALTRAIL_INLINE void TrailState::apply(Kind kind, RowId slot, const Arrival& arrival, std::span<const Cell> cells) {
  const FactStore::Decision decision = store.decide(kind, slot, arrival, cells);
  if (decision.replaces) {
    change(kind, slot, decision, cells);
  } else {
    store.write(kind, slot, decision, cells);
  }
}

DEALTRAIL_INLINE void TrailState::change(Kind kind, RowId slot, const FactStore::Decision& decision,
                                         std::span<const Cell> cells) {
  const bool was = store.of(kind).entries[slot].present;
  const bool is = decision.entry.present;
  old_cells_.clear();
  if (was) store.read_row(kind, slot, old_cells_);
  const std::span<const Cell> before{old_cells_};
  const std::span<const Cell> after = is ? cells : std::span<const Cell>{};
  if (was && is && std::equal(before.begin(), before.end(), after.begin(), after.end())) {
    store.write(kind, slot, decision, cells);
    return;
  }

  // First take away what will change, while everything still stands as it was counted; then write.
  if (!live.all_marked()) {
    const Postings postings(view(), View::marketing, Clock::activity);
    Dependents dependents(postings, store, index, live);
    dependents.mark(kind, slot, before, was != is);
    if (is) dependents.mark(kind, slot, after, was != is);
    dependents.mark_attendance(kind, slot, before, after, arrivals);
  } else if (ArrivalIndex::reads(kind)) {
    arrivals.forget_all();
  }
  live.change_happened(was ? latest_of_row(kind, before) : null_cell, is ? latest_of_row(kind, after) : null_cell);

  const bool has_keys = kind == Kind::source_keys || kind == Kind::announcements;
  std::vector<Identifier> marks;
  if (has_keys && was) {
    SourceIndex::marks_of(store, kind, before, marks);
    for (const Identifier& mark : marks) index.remove(mark, {kind, slot});
  }
  if (kind == Kind::touches && was) index.unlink_touch(store, slot, before);
  const auto limit = static_cast<std::size_t>(options.max_per_key);
  const bool identifies = IdentityIndex::reads(kind);
  if (identifies && was) identity.leave(store, kind, slot, before, limit);

  store.write(kind, slot, decision, cells);

  if (has_keys && is) {
    marks.clear();
    SourceIndex::marks_of(store, kind, after, marks);
    for (const Identifier& mark : marks) index.add(mark, {kind, slot});
  }
  if (kind == Kind::touches && is) index.link_touch(store, slot, after);
  if (identifies && is) identity.enter(store, kind, slot, after, limit);
}

DEALTRAIL_INLINE void TrailState::join_cards(Kind kind, const Postings& postings) {
  const auto limit = static_cast<std::size_t>(options.max_per_key);
  Clusters& clusters = kind == Kind::people ? people : companies;
  const IdentityView view{store, identity, kind, limit};
  // A cluster as it was is taken away; one that did not exist under that name has nothing to take.
  const auto mark = [&](RowId root) {
    const bool known = clusters.root(root) == root;
    const auto unit = [&](UnitKind of) { known ? live.mark(postings, {of, root}) : live.mark_new({of, root}); };
    if (kind == Kind::companies) return unit(UnitKind::company);
    unit(UnitKind::visitor);
    unit(UnitKind::buyer);
  };
  // A cluster that falls apart is spread over several components, so all are marked before any is written.
  std::vector<RowId> cards;
  std::vector<RowId> roots;
  for (const RowId touched : identity.take_touched(store, kind, limit)) {
    if (!join.find(view, touched)) continue;
    if (join.cards().size() == 1 && clusters.next(touched) == touched) continue;
    join.join(view);
    cards.insert(cards.end(), join.cards().begin(), join.cards().end());
    roots.insert(roots.end(), join.roots().begin(), join.roots().end());
  }
  join.forget();
  for (std::size_t i = 0; i < cards.size() && !live.all_marked(); ++i) {
    const RowId was = clusters.root(cards[i]);
    if (was == roots[i]) continue;
    mark(was);
    mark(roots[i]);
  }
  clusters.regroup(cards, roots);
}

}  // namespace dealtrail::detail
