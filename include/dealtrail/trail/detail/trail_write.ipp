#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/facts/lookback.hpp"
#include "dealtrail/facts/read_ahead.hpp"
#include "dealtrail/trail/detail/snapshot_bytes.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"
#include "dealtrail/trail/trail.hpp"

// What a Trail says of itself, and its writing half: what a put, a removal and a declaration do.

namespace dealtrail {

DEALTRAIL_INLINE Trail::Trail(Currency currency, TrailOptions options)
    : state_(detail::Pimpl<detail::TrailState>::make(currency, std::move(options))) {
  if (currency.empty()) throw Error(ErrorCode::invalid_argument, "a Trail needs a currency", {}, "for example RUB");
  detail::check_lookback_days(state_->options.lookback_days);
  constexpr std::int64_t most_per_key = 100;
  if (const std::int64_t asked = state_->options.max_per_key; asked < 0 || asked > most_per_key) {
    throw Error(ErrorCode::invalid_argument, "max_per_key out of range: " + std::to_string(asked), {}, "0 to 100");
  }
}

DEALTRAIL_INLINE Currency Trail::currency() const noexcept { return state_->currency; }

DEALTRAIL_INLINE const TrailOptions& Trail::options() const noexcept { return state_->options; }

DEALTRAIL_INLINE std::size_t Trail::size() const noexcept {
  std::size_t rows = 0;
  for (std::size_t k = 0; k < kind_count; ++k) rows += size(static_cast<Kind>(k));
  return rows;
}

DEALTRAIL_INLINE std::size_t Trail::size(Kind kind) const noexcept { return state_->store.of(kind).rows; }

DEALTRAIL_INLINE bool Trail::contains(Kind kind, std::string_view id) const noexcept {
  return state_->store.present(kind, state_->store.find(kind, id));
}

DEALTRAIL_INLINE std::optional<Timestamp> Trail::now() const noexcept {
  const detail::Cell latest = state_->live.now();
  return latest == detail::null_cell ? std::nullopt : std::optional{from_us(latest)};
}

DEALTRAIL_INLINE const std::vector<OutcomeRule>& Trail::rules() const noexcept { return state_->rules; }

DEALTRAIL_INLINE detail::FactsView Trail::view() const noexcept { return state_->view(); }

DEALTRAIL_INLINE bool Trail::write(detail::TrailState& state, const Draft& draft, PutReport& report,
                                   detail::BatchIds& ids) {
  return state.write(draft, report, &ids, {});
}

DEALTRAIL_INLINE void Trail::write_removal(detail::TrailState& state, Kind kind, std::string_view id,
                                           std::optional<std::int64_t> version) {
  state.write_removal(kind, id, version);
}

DEALTRAIL_INLINE void Trail::settle(detail::TrailState& state) { state.settle(); }

DEALTRAIL_INLINE Trail::Batch Trail::batch(std::size_t expected_rows) {
  if (expected_rows > size()) state_->live.mark_all();
  return Batch{*state_};
}

DEALTRAIL_INLINE void Trail::put(const Draft& draft) {
  PutReport report;
  const bool kept = state_->write(draft, report, nullptr, {}, detail::PutMode::single);
  state_->settle();
  if (!kept) throw_refusal(draft, report);
}

DEALTRAIL_INLINE void Trail::remove(Kind kind, std::string_view id, std::optional<std::int64_t> version) {
  state_->write_removal(kind, id, version);
  state_->settle();
}

DEALTRAIL_INLINE void Trail::merge(Kind kind, std::string_view one, std::string_view other,
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

DEALTRAIL_INLINE Table Trail::preview(std::span<const Draft> facts, const CardsOptions& options) const {
  Trail later = *this;
  {
    Batch batch = later.batch();
    for (const Draft& draft : facts) batch.put(draft);
  }
  return later.diff(*this, options);
}

DEALTRAIL_INLINE void Trail::rebuild() {
  state_->live.mark_all();
  state_->settle();
}

DEALTRAIL_INLINE void Trail::throw_refusal(const Draft& draft, const PutReport& report) {
  const auto& problems = report.problems();
  const auto first =
      std::find_if(problems.begin(), problems.end(), [](const PutProblem& problem) { return problem.left_out; });
  const std::string code = first == problems.end() ? "bad_type" : first->code;
  const ErrorCode error = code == "missing_field"       ? ErrorCode::null_value
                          : code == "currency_mismatch" ? ErrorCode::currency_mismatch
                          : code == "overflow"          ? ErrorCode::overflow
                                                        : ErrorCode::type_mismatch;
  if (first == problems.end())
    throw Error(error, "a fact was left out", {std::string{kind_name(draft.kind())}, {}, -1});
  throw Error(error, first->message, {std::string{kind_name(draft.kind())}, first->column, -1}, first->hint);
}

DEALTRAIL_INLINE void Trail::declare(Kind kind, std::string_view name, FieldType type) {
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
  if (const auto column = state_->store.find_column(kind, name)) {
    if (state_->store.of(kind).columns[*column].type() == type) return;
    throw Error(
        ErrorCode::invalid_argument,
        "the column is declared already, as " + std::string{to_string(state_->store.of(kind).columns[*column].type())},
        where);
  }
  state_->store.declare(kind, name, type);
}

DEALTRAIL_INLINE void Trail::set_rules(std::vector<OutcomeRule> rules) {
  for (const OutcomeRule& rule : rules) {
    if (!find_choice(fields_of(Kind::deals)[fields::deals::outcome].choices, rule.outcome).has_value()) {
      throw Error(ErrorCode::invalid_argument, "a rule's outcome is not one: '" + rule.outcome + "'",
                  {"rules", "outcome", -1}, "open, won or lost");
    }
    rule.when.for_each_field([&](std::string_view field) {
      if (field != "id" && !state_->store.find_column(Kind::deals, field).has_value()) {
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
  state_->rules = std::move(rules);
  rebuild();
}

}  // namespace dealtrail
