#pragma once

#include "dealtrail/core/hash.hpp"
#include "dealtrail/model/detail/dependents.hpp"
#include "dealtrail/model/detail/door.hpp"
#include "dealtrail/model/detail/lookback.hpp"
#include "dealtrail/model/detail/trail_snapshot.ipp"
#include "dealtrail/model/trail.hpp"

// The writing half of Trail: what a put, a removal and a declaration do.

namespace dealtrail {

DEALTRAIL_LAZY_INLINE Trail::Trail(Currency currency, TrailOptions options)
    : options_(std::move(options)), currency_(currency), store_(options_.hash_seed), identity_(options_.hash_seed) {
  if (currency.empty()) throw Error(ErrorCode::invalid_argument, "a Trail needs a currency", {}, "for example RUB");
  detail::check_lookback_days(options_.lookback_days);
  constexpr std::int64_t most_per_key = 100;
  if (options_.max_per_key < 0 || options_.max_per_key > most_per_key) {
    throw Error(ErrorCode::invalid_argument, "max_per_key out of range: " + std::to_string(options_.max_per_key), {},
                "0 to 100");
  }
}

DEALTRAIL_LAZY_INLINE Trail::Batch Trail::batch(std::size_t expected_rows) {
  if (expected_rows > size()) live_.mark_all();
  return Batch{*this};
}

DEALTRAIL_LAZY_INLINE void Trail::put(const Draft& draft) {
  PutReport report;
  std::map<std::string, std::int64_t> ordinals;
  const bool kept = write(draft, report, ordinals, {});
  settle();
  if (!kept) throw_refusal(draft, report);
}

DEALTRAIL_LAZY_INLINE void Trail::remove(Kind kind, std::string_view id, std::optional<std::int64_t> version) {
  write_removal(kind, id, version);
  settle();
}

DEALTRAIL_LAZY_INLINE void Trail::merge(Kind kind, std::string_view one, std::string_view other,
                                        std::optional<std::int64_t> version) {
  if (kind != Kind::people && kind != Kind::companies) {
    throw Error(ErrorCode::invalid_argument,
                "only people and companies can be merged, not " + std::string{kind_name(kind)});
  }
  if (one == other || one.empty() || other.empty())
    throw Error(ErrorCode::invalid_argument, "merge needs two different ids");
  const auto [smaller, greater] = std::minmax(one, other);
  put(IdentityLink{.id = "merge:" + std::string{kind_name(kind)} + ":" + std::to_string(smaller.size()) + ":" +
                         std::string{smaller} + ":" + std::string{greater},
                   .version = version,
                   .kind = std::string{kind_name(kind)},
                   .one = std::string{smaller},
                   .other = std::string{greater},
                   .verdict = "same"});
}

DEALTRAIL_LAZY_INLINE Table Trail::preview(std::span<const Draft> facts, const CardsOptions& options) const {
  Trail later = *this;
  {
    Batch batch = later.batch();
    for (const Draft& draft : facts) batch.put(draft);
  }
  return later.diff(*this, options);
}

DEALTRAIL_LAZY_INLINE void Trail::rebuild() {
  live_.mark_all();
  settle();
}

DEALTRAIL_LAZY_INLINE detail::Books Trail::books() const noexcept {
  return {store_,
          index_,
          people_,
          companies_,
          identity_,
          static_cast<std::size_t>(options_.max_per_key),
          rules_,
          options_.zone,
          currency_,
          options_.vat,
          options_.lookback_days * us_per_day};
}

DEALTRAIL_LAZY_INLINE void Trail::settle() {
  const detail::Postings postings(books(), View::marketing, Clock::activity);
  for (const Kind kind : {Kind::people, Kind::companies}) {
    if (identity_.is_touched(kind)) join_cards(kind, postings);
  }
  live_.settle(postings);
}

DEALTRAIL_LAZY_INLINE bool Trail::write(const Draft& draft, PutReport& report,
                                        std::map<std::string, std::int64_t>& ordinals,
                                        const detail::CellsAhead& ahead) {
  const Kind kind = draft.kind();
  detail::Interner::Hash hash = 0;
  if (ahead.id == detail::no_slot) {
    hash = store_.of(kind).ids.hash(draft.id);
    store_.of(kind).ids.prefetch_entry(hash);
  }
  if (ahead.id == detail::no_slot && (!utf8_valid(draft.id) || draft.id.size() > detail::Interner::longest_text)) {
    report.note("bad_text", kind, "id", "row " + std::to_string(report.of(kind).read + 1),
                "an id that is not UTF-8, or longer than 16 MiB", "convert the source to UTF-8");
    report.count(kind, false);
    return false;
  }
  const bool kept = detail::Door(store_, currency_, options_.zone).encode(draft, cells_, report, ahead);
  report.count(kind, kept);
  if (!kept) return false;
  detail::Slot slot = ahead.id;
  if (draft.id.empty()) {
    StableHasher128 hasher;
    hasher.update(draft.source);
    hasher.update(std::string_view{"\0", 1});
    hasher.update(kind_name(kind));
    hasher.update(std::string_view{"\0", 1});
    hasher.update(store_.canonical(kind, cells_));
    std::string id = "h:" + hasher.digest().hex();
    id += ":" + std::to_string(ordinals[id]++);
    slot = store_.slot_of(kind, id);
  } else if (slot == detail::no_slot) {
    slot = store_.slot_of(kind, draft.id, hash);
  }
  const std::optional<std::int64_t> version = draft.stub ? std::nullopt : draft.version;
  apply(kind, slot, {.version = version, .removal = false, .stub = draft.stub}, cells_);
  return true;
}

DEALTRAIL_LAZY_INLINE void Trail::write_removal(Kind kind, std::string_view id, std::optional<std::int64_t> version) {
  if (id.empty())
    throw Error(ErrorCode::invalid_argument, "remove needs an id", {std::string{kind_name(kind)}, "id", -1});
  if (!utf8_valid(id) || id.size() > detail::Interner::longest_text) {
    throw Error(ErrorCode::invalid_argument, "an id that is not UTF-8, or longer than 16 MiB",
                {std::string{kind_name(kind)}, "id", -1});
  }
  apply(kind, store_.slot_of(kind, id), {.version = version, .removal = true, .stub = false}, {});
}

DEALTRAIL_LAZY_INLINE void Trail::apply(Kind kind, detail::Slot slot, const detail::Arrival& arrival,
                                        std::span<const detail::Stored> cells) {
  const detail::FactStore::Decision decision = store_.decide(kind, slot, arrival, cells);
  if (decision.replaces) {
    change(kind, slot, decision, cells);
  } else {
    store_.write(kind, slot, decision, cells);
  }
}

DEALTRAIL_LAZY_INLINE void Trail::change(Kind kind, detail::Slot slot, const detail::FactStore::Decision& decision,
                                         std::span<const detail::Stored> cells) {
  using namespace detail;
  const bool was = store_.of(kind).entries[slot].present;
  const bool is = decision.entry.present;
  old_cells_.clear();
  if (was) store_.read_row(kind, slot, old_cells_);
  const std::span<const Stored> before{old_cells_};
  const std::span<const Stored> after = is ? cells : std::span<const Stored>{};
  if (was && is && std::equal(before.begin(), before.end(), after.begin(), after.end())) {
    store_.write(kind, slot, decision, cells);
    return;
  }

  // First take away what will change, while everything still stands as it was counted; then write.
  if (!live_.all_marked()) {
    const Postings postings(books(), View::marketing, Clock::activity);
    Dependents dependents(postings, store_, index_, live_);
    dependents.mark(kind, slot, before, was != is);
    if (is) dependents.mark(kind, slot, after, was != is);
  }
  live_.change_happened(was ? latest_of_row(kind, before) : null_cell, is ? latest_of_row(kind, after) : null_cell);

  const bool has_keys = kind == Kind::source_keys || kind == Kind::announcements;
  std::vector<KeyMark> marks;
  if (has_keys && was) {
    SourceIndex::marks_of(store_, kind, before, marks);
    for (const KeyMark& mark : marks) index_.remove(mark, {kind, slot});
  }
  if (kind == Kind::touches && was) index_.unlink_touch(store_, slot, before);
  const auto limit = static_cast<std::size_t>(options_.max_per_key);
  const bool identifies = IdentityIndex::reads(kind);
  if (identifies && was) identity_.leave(store_, kind, slot, before, limit);

  store_.write(kind, slot, decision, cells);

  if (has_keys && is) {
    marks.clear();
    SourceIndex::marks_of(store_, kind, after, marks);
    for (const KeyMark& mark : marks) index_.add(mark, {kind, slot});
  }
  if (kind == Kind::touches && is) index_.link_touch(store_, slot, after);
  if (identifies && is) identity_.enter(store_, kind, slot, after, limit);
}

DEALTRAIL_LAZY_INLINE void Trail::throw_refusal(const Draft& draft, const PutReport& report) {
  const auto problems = report.problems();
  const auto first =
      std::find_if(problems.begin(), problems.end(), [](const PutProblem& problem) { return problem.left_out; });
  const std::string code = first == problems.end() ? "bad_type" : first->code;
  const ErrorCode error = code == "missing_field"       ? ErrorCode::null_value
                          : code == "currency_mismatch" ? ErrorCode::currency_mismatch
                          : code == "overflow"          ? ErrorCode::overflow
                                                        : ErrorCode::type_mismatch;
  if (first == problems.end())
    throw Error(error, "a fact was left out", {std::string{kind_name(draft.kind())}, {}, -1});
  throw Error(error, first->message, {std::string{kind_name(draft.kind())}, first->column, -1}, first->cure);
}

DEALTRAIL_LAZY_INLINE void Trail::declare(Kind kind, std::string_view name, FieldType type) {
  const Where where{std::string{kind_name(kind)}, std::string{name}, -1};
  if (name.empty() || !utf8_valid(name)) throw Error(ErrorCode::invalid_argument, "an own column needs a name", where);
  if (type == FieldType::link || type == FieldType::choice) {
    throw Error(ErrorCode::invalid_argument, "an own column cannot be a " + std::string{to_string(type)}, where,
                "text, integer, real, boolean, time, money or decimal");
  }
  if (name == "id" || name == "version" || name == "stub" || find_field(kind, name).has_value()) {
    throw Error(ErrorCode::invalid_argument, "the kind has a column of that name already", where,
                "choose another name");
  }
  if (const auto column = store_.find_column(kind, name)) {
    if (store_.of(kind).columns[*column].type() == type) return;
    throw Error(ErrorCode::invalid_argument,
                "the column is declared already, as " + std::string{to_string(store_.of(kind).columns[*column].type())},
                where);
  }
  store_.declare(kind, name, type);
}

DEALTRAIL_LAZY_INLINE void Trail::set_rules(std::vector<OutcomeRule> rules) {
  for (const OutcomeRule& rule : rules) {
    if (!find_choice(fields_of(Kind::deals)[fields::deals::outcome].choices, rule.outcome).has_value()) {
      throw Error(ErrorCode::invalid_argument, "a rule's outcome is not one: '" + rule.outcome + "'",
                  {"rules", "outcome", -1}, "open, won or lost");
    }
    rule.when.for_each_field([&](std::string_view field) {
      if (field != "id" && !store_.find_column(Kind::deals, field).has_value()) {
        throw Error(ErrorCode::unknown_name,
                    "a rule asks for a field that deals do not have: '" + std::string{field} + "'",
                    {"rules", "when", -1}, "a field of deals, or declare it first");
      }
    });
  }
  // What a snapshot could not bring back is not kept.
  detail::SnapshotWriter writer;
  detail::write_rules(writer, rules);
  const std::string bytes = writer.finish();
  try {
    detail::SnapshotReader reader{bytes};
    (void)detail::read_rules(reader);
  } catch (const Error& error) {
    throw Error(ErrorCode::invalid_argument, std::string{"a rule that cannot be kept: "} + error.what(),
                {"rules", {}, -1}, "texts are UTF-8, conditions are nested 64 deep at most");
  }
  rules_ = std::move(rules);
  rebuild();
}

}  // namespace dealtrail
