#pragma once

#include <algorithm>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/facts/cell_datum.hpp"
#include "dealtrail/facts/event_time.hpp"
#include "dealtrail/histories/histories.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {

DEALTRAIL_INLINE void apply(DealState& state, const DealChange& change) noexcept {
  switch (change.field) {
    case DealField::manager: state.manager = change.text; break;
    case DealField::pipeline: state.pipeline = change.text; break;
    case DealField::stage: state.stage = change.text; break;
    case DealField::expected_close:
      state.expected_close = change.number.has_value() ? std::optional{from_us(*change.number)} : std::nullopt;
      break;
    case DealField::amount: state.amount_minor = change.number; break;
    case DealField::outcome: state.outcome = static_cast<DealOutcome>(change.number.value_or(0)); break;
  }
}

namespace detail {

class HistoryRows {
 public:
  HistoryRows(const Trail& trail, const HistoriesOptions& options)
      : facts_(trail.view()), store_(facts_.store), postings_(facts_, options.view, Clock::activity) {
    made_.options = options;
    made_.currency = facts_.currency;
    made_.zone = facts_.zone;
    made_.latest = trail.now();
    if (options.by.empty()) return;
    by_ = store_.find_column(Kind::deals, options.by);
    if (by_.has_value()) return;
    std::vector<std::string_view> names;
    for (const FieldInfo& field : fields_of(Kind::deals)) names.push_back(field.name);
    for (const OwnColumn& own : store_.of(Kind::deals).own) names.push_back(own.name);
    throw Error(ErrorCode::unknown_name, "no column of deals is called '" + options.by.substr(0, 64) + "'",
                {"deals", "by", -1}, valid_names(options.by, names));
  }

  [[nodiscard]] Histories make() {
    gather();
    closing_stages();
    managers_who_left();
    std::vector<RowId> deals = store_.sorted_rows(Kind::deals);
    if (add_absent(deals)) {
      std::sort(deals.begin(), deals.end(),
                [&](RowId left, RowId right) { return store_.id(Kind::deals, left) < store_.id(Kind::deals, right); });
    }
    for (const RowId deal : deals) {
      if (store_.link(Kind::deals, deal, fields::deals::parent) != no_row) {
        ++made_.claims;
      } else {
        add(deal);
      }
    }
    return std::move(made_);
  }

 private:
  using Place = std::pair<std::string_view, std::string_view>;  // pipeline, stage

  struct Step {
    RowId deal;
    DealField field;
    Cell at;
    RowId move;
  };

  [[nodiscard]] std::string_view text(Kind kind, RowId row, std::size_t column) const {
    const Cell cell = store_.get(kind, row, column);
    return cell == null_cell ? std::string_view{} : store_.text(cell);
  }
  void note(const char* code, const char* severity, Kind kind, std::string_view column, std::string_view id,
            const char* message, const char* hint) {
    made_.problems.note(code, severity, kind, column, id, message, hint);
  }

  // The moves of deals, by deal, field, time and id.
  void gather() {
    namespace f = fields::moves;
    store_.for_each_row(Kind::moves, [&](RowId move) {
      const RowId deal = store_.link(Kind::moves, move, f::deal);
      const Cell at = store_.get(Kind::moves, move, f::at);
      const auto field = find_enum<DealField>(deal_field_names, text(Kind::moves, move, f::field));
      if (deal == no_row || at == null_cell || !field.has_value()) return;
      if (store_.of(Kind::deals).entries[deal].removed) return;
      steps_.push_back({deal, *field, at, move});
      made_.known[static_cast<std::size_t>(*field)] = true;
      if (*field != DealField::stage) return;
      made_.known[static_cast<std::size_t>(DealField::outcome)] = true;
      if (store_.get(Kind::moves, move, f::pipeline) == null_cell) return;
      made_.known[static_cast<std::size_t>(DealField::pipeline)] = true;
      steps_.push_back({deal, DealField::pipeline, at, move});
    });
    std::sort(steps_.begin(), steps_.end(), [&](const Step& left, const Step& right) {
      const auto key = [](const Step& step) { return std::tuple{step.deal, step.field, step.at}; };
      if (key(left) != key(right)) return key(left) < key(right);
      return store_.id(Kind::moves, left.move) < store_.id(Kind::moves, right.move);
    });
  }

  // Deals that moves alone know; true if there are any.
  bool add_absent(std::vector<RowId>& deals) {
    bool any = false;
    RowId last = no_row;
    for (const Step& step : steps_) {
      if (step.deal == last) continue;
      last = step.deal;
      if (store_.present(Kind::deals, last)) continue;
      deals.push_back(last);
      any = true;
    }
    return any;
  }

  // When a deal was made; of one that moves alone know, its first move.
  [[nodiscard]] Cell made_at(RowId deal) const {
    if (store_.present(Kind::deals, deal)) return store_.get(Kind::deals, deal, fields::deals::created_at);
    Cell first = null_cell;
    store_.for_each_child(Kind::moves, fields::moves::deal, deal, [&](RowId move) {
      const Cell at = store_.get(Kind::moves, move, fields::moves::at);
      if (at != null_cell && (first == null_cell || at < first)) first = at;
    });
    return first;
  }

  [[nodiscard]] DealOutcome outcome_of(RowId deal) const {
    return find_enum<DealOutcome>(deal_outcome_names, postings_.outcomes().of(deal)).value_or(DealOutcome::open);
  }

  // The stages in which every deal of today has one and the same outcome.
  void closing_stages() {
    namespace f = fields::deals;
    std::map<Place, DealOutcome> found;
    store_.for_each_row(Kind::deals, [&](RowId deal) {
      if (store_.link(Kind::deals, deal, f::parent) != no_row || store_.get(Kind::deals, deal, f::stage) == null_cell)
        return;
      const Place place{text(Kind::deals, deal, f::pipeline), text(Kind::deals, deal, f::stage)};
      const DealOutcome outcome = outcome_of(deal);
      const auto [at, fresh] = found.emplace(place, outcome);
      if (!fresh && at->second != outcome) at->second = DealOutcome::open;
    });
    for (const auto& [place, outcome] : found) {
      if (outcome == DealOutcome::open) continue;
      closing_.emplace(place, outcome);
      made_.closing.push_back({place.first, place.second, outcome});
    }
  }

  void managers_who_left() {
    const Cell now = made_.latest.has_value() ? to_us(*made_.latest) : null_cell;
    for (const RowId manager : store_.sorted_rows(Kind::managers)) {
      const Cell until = store_.get(Kind::managers, manager, fields::managers::active_until);
      if (until != null_cell && now != null_cell && until < now)
        made_.left.push_back(store_.id(Kind::managers, manager));
    }
  }

  [[nodiscard]] std::optional<std::int64_t> in_sums(RowId deal, std::int64_t minor, Cell at) {
    const Currency own = postings_.rates().of(store_.get(Kind::deals, deal, fields::deals::currency));
    const auto counted = postings_.rates().convert(minor, own, at);
    if (!counted.has_value()) {
      note("no_rate", "warning", Kind::deals, "amount", store_.id(Kind::deals, deal),
           "an amount in another currency without a rate does not count", "put the exchange rate of that day");
    }
    return counted;
  }

  // A text of a move as a value of its field; false, with a problem, when it is none.
  bool read(const Step& step, Cell cell, Cell rate_at, DealChange& change) {
    change.text = {};
    change.number.reset();
    if (cell == null_cell) return true;
    const std::string_view value = store_.text(cell);
    if (value.empty()) return true;
    switch (step.field) {
      case DealField::manager:
      case DealField::pipeline:
      case DealField::stage: change.text = value; return true;
      case DealField::outcome:
        if (const auto outcome = find_enum<DealOutcome>(deal_outcome_names, value)) {
          change.number = static_cast<std::int64_t>(*outcome);
          return true;
        }
        break;
      case DealField::amount: {
        const Currency own = postings_.rates().of(store_.get(Kind::deals, step.deal, fields::deals::currency));
        if (const auto amount = parse_money(value, own)) {
          change.number = in_sums(step.deal, amount->minor, rate_at);
          return true;
        }
        break;
      }
      case DealField::expected_close:
        if (const auto reading = TimeFormat{}.read(value)) {
          if (reading->day) {
            change.number = to_us(end_of_day(floor_divide(reading->us, us_per_day), facts_.zone));
          } else {
            change.number = reading->local ? to_us(facts_.zone.to_utc(reading->us)) : reading->us;
          }
          return true;
        }
        break;
    }
    note("bad_value", "error", Kind::moves, to_string(step.field), store_.id(Kind::moves, step.move),
         "a value of a move that its field cannot have: the move does not count",
         "write amounts in major units, dates in ISO 8601, outcomes as open, won or lost");
    return false;
  }

  [[nodiscard]] DealState present(RowId deal, Cell rate_at) {
    namespace f = fields::deals;
    DealState state;
    const RowId manager = store_.link(Kind::deals, deal, f::manager);
    if (manager != no_row) state.manager = store_.id(Kind::managers, manager);
    state.pipeline = text(Kind::deals, deal, f::pipeline);
    state.stage = text(Kind::deals, deal, f::stage);
    if (const Cell at = store_.get(Kind::deals, deal, f::expected_close); at != null_cell)
      state.expected_close = from_us(at);
    if (const Cell amount = store_.get(Kind::deals, deal, f::amount); amount != null_cell)
      state.amount_minor = in_sums(deal, amount, rate_at);
    state.outcome = outcome_of(deal);
    return state;
  }

  [[nodiscard]] static bool same(const DealState& state, const DealChange& change) noexcept {
    DealState other = state;
    apply(other, change);
    return other == state;
  }

  void add(RowId deal) {
    namespace f = fields::deals;
    const std::string_view id = store_.id(Kind::deals, deal);
    const Cell created = made_at(deal);
    if (created == null_cell) {
      note("no_created_at", "error", Kind::deals, "created_at", id, "a deal without a date does not count",
           "put the whole deal");
      return;
    }
    const Cell decided = postings_.outcomes().decided_at(deal);
    DealHistory row;
    row.id = id;
    row.created_at = from_us(created);
    row.present = store_.present(Kind::deals, deal);
    if (row.present) {
      row.now = present(deal, decided);
    } else {
      note("no_deal", "warning", Kind::moves, "deal", id,
           "moves of a deal that is not there: it was made at its first move, has no amount, and is in no waterfall",
           "load the deals");
    }
    row.created = row.now;
    row.created.outcome = DealOutcome::open;
    if (row.present && store_.get(Kind::deals, deal, f::amount) == null_cell) {
      note("no_amount", "info", Kind::deals, "amount", id, "a deal without an amount counts as a deal of 0",
           "put the amounts of the deals");
    }
    if (by_.has_value()) {
      const Datum datum = datum_of(store_, Kind::deals, *by_, store_.get(Kind::deals, deal, *by_), 0);
      if (datum.kind() == DatumKind::text) {
        row.key = datum.as_text();
      } else if (datum.kind() != DatumKind::null) {
        row.key = *made_.made.insert(to_text(datum)).first;
      }
    }
    std::vector<DealChange> changes;
    bool outcomes_told = false;
    auto step = std::lower_bound(steps_.begin(), steps_.end(), deal,
                                 [](const Step& one, RowId wanted) { return one.deal < wanted; });
    while (step != steps_.end() && step->deal == deal) {
      const auto begin = step;
      while (step != steps_.end() && step->deal == deal && step->field == begin->field) ++step;
      outcomes_told = outcomes_told || begin->field == DealField::outcome;
      field_changes(begin, step, decided, row, changes);
    }
    const auto by_time = [](const DealChange& left, const DealChange& right) {
      return std::tuple{left.at, left.field} < std::tuple{right.at, right.field};
    };
    std::stable_sort(changes.begin(), changes.end(), by_time);
    if (!outcomes_told) {
      outcome_changes(deal, row, decided, changes);
      std::stable_sort(changes.begin(), changes.end(), by_time);
    }
    row.first = made_.changes.size();
    DealState state = row.created;
    for (const DealChange& change : changes) {
      if (same(state, change)) continue;
      apply(state, change);
      if (change.at <= row.created_at && change.field != DealField::outcome) {
        apply(row.created, change);
      } else {
        made_.changes.push_back(change);
        made_.changes.back().at = std::max(change.at, row.created_at);
      }
    }
    row.last = made_.changes.size();
    if (row.present) {
      told_otherwise(row, state);
    } else {
      row.now = state;
    }
    made_.deals.push_back(row);
  }

  template <class At>
  void field_changes(At begin, At end, Cell rate_at, DealHistory& row, std::vector<DealChange>& changes) {
    namespace f = fields::moves;
    const DealField field = begin->field;
    const std::string_view id = row.id;
    bool first = true;
    DealChange last;
    for (At step = begin; step != end; ++step) {
      const bool of_stage =
          field == DealField::pipeline && text(Kind::moves, step->move, f::field) != to_string(DealField::pipeline);
      DealChange change{.at = from_us(step->at), .field = field};
      DealChange before = change;
      if (!read(*step, store_.get(Kind::moves, step->move, of_stage ? std::size_t{f::pipeline} : std::size_t{f::to}),
                rate_at, change))
        continue;
      const Cell from = of_stage ? null_cell : store_.get(Kind::moves, step->move, f::from);
      const bool told = from != null_cell && read(*step, from, rate_at, before);
      if (first) {
        if (!told && field == DealField::pipeline) before = change;
        if (!told && field == DealField::amount) {
          note("no_value_before", "info", Kind::moves, "amount", id,
               "a first move that does not say the value before: it was none", "put the value before in `from`");
        }
        apply(row.created, before);
      } else if (told && (before.text != last.text || before.number != last.number)) {
        note("broken_chain", "warning", Kind::moves, to_string(field), id,
             "a move begins with another value than the one before ended with: a move is missing, or times are wrong",
             "load all moves");
      }
      first = false;
      last = change;
      changes.push_back(change);
    }
  }

  // A stage where every deal is won or lost closes, leaving it reopens; the last closing is at the deal's own date.
  void outcome_changes(RowId deal, const DealHistory& row, Cell decided, std::vector<DealChange>& changes) {
    std::vector<DealChange> told;
    DealState state = row.created;
    DealOutcome outcome = DealOutcome::open;
    for (const DealChange& change : changes) {
      apply(state, change);
      if (change.field != DealField::stage) continue;
      const auto found = closing_.find({state.pipeline, state.stage});
      const DealOutcome next = found == closing_.end() ? DealOutcome::open : found->second;
      if (next == outcome) continue;
      told.push_back({.at = change.at, .field = DealField::outcome, .number = static_cast<std::int64_t>(next)});
      outcome = next;
    }
    const auto is_open = [](const DealChange& one) { return *one.number == 0; };
    while (!told.empty() && !is_open(told.back())) told.pop_back();
    if (row.now.outcome != DealOutcome::open) {
      const Cell closed = std::max(decided, told.empty() ? null_cell : to_us(told.back().at));
      told.push_back(
          {.at = from_us(closed), .field = DealField::outcome, .number = static_cast<std::int64_t>(row.now.outcome)});
      if (store_.get(Kind::deals, deal, fields::deals::closed_at) == null_cell) {
        note("no_closed_at", "warning", Kind::deals, "closed_at", row.id,
             "a closed deal without a date closes at its last move, else when it was made", "put closed_at");
      }
    }
    changes.insert(changes.end(), told.begin(), told.end());
  }

  void told_otherwise(const DealHistory& row, const DealState& state) {
    const bool differs[] = {state.manager != row.now.manager,
                            state.pipeline != row.now.pipeline,
                            state.stage != row.now.stage,
                            state.expected_close != row.now.expected_close,
                            state.amount_minor != row.now.amount_minor,
                            state.outcome != row.now.outcome};
    for (std::size_t field = 0; field < std::size(differs); ++field) {
      if (!differs[field]) continue;
      note("differs_from_moves", "warning", Kind::deals, deal_field_names[field], row.id,
           "the deal has another value than its last move ended with: the history is told by the moves",
           "load deals and moves of one moment");
    }
  }

  const FactsView facts_;
  const FactStore& store_;
  Postings postings_;
  std::optional<std::size_t> by_{};
  std::vector<Step> steps_{};
  std::map<Place, DealOutcome> closing_{};
  Histories made_{};
};

}  // namespace detail

DEALTRAIL_INLINE Histories histories(const Trail& trail, const HistoriesOptions& options) {
  return detail::HistoryRows(trail, options).make();
}

DEALTRAIL_INLINE Table histories_table(const Histories& histories) {
  TableBuilder builder{"histories"};
  ColumnBuilder& deal = builder.text("deal");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& field = builder.text("field");
  ColumnBuilder& value = builder.text("value");
  const auto add = [&](const DealHistory& of, Timestamp when, DealField name, const DealState& state) {
    std::string text;
    switch (name) {
      case DealField::manager: text = state.manager; break;
      case DealField::pipeline: text = state.pipeline; break;
      case DealField::stage: text = state.stage; break;
      case DealField::expected_close:
        if (state.expected_close.has_value())
          text = to_text(detail::shown_time(to_us(*state.expected_close), histories.zone));
        break;
      case DealField::amount:
        if (state.amount_minor.has_value()) text = to_decimal_text(*state.amount_minor, decimals(histories.currency));
        break;
      case DealField::outcome: text = to_string(state.outcome); break;
    }
    deal.append_text(of.id);
    at.append_time(when);
    field.append_text(to_string(name));
    value.append_text(text.empty() ? std::nullopt : std::optional<std::string_view>{text});
  };
  for (const DealHistory& of : histories.deals) {
    for (std::size_t name = 0; name < deal_field_names.size(); ++name)
      add(of, of.created_at, static_cast<DealField>(name), of.created);
    DealState state = of.created;
    for (std::size_t i = of.first; i < of.last; ++i) {
      apply(state, histories.changes[i]);
      add(of, histories.changes[i].at, histories.changes[i].field, state);
    }
  }
  return builder.finish();
}

}  // namespace dealtrail
