#pragma once

#include <algorithm>
#include <array>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"
#include "dealtrail/trail/trail.hpp"

// The facts of a Trail back as tables, and the story of one person, company or deal.

namespace dealtrail {

namespace detail {

// Facts that tell of one subject: what links to it, and what links to its registrations, leads and deals.
class TimelineBuilder {
 public:
  TimelineBuilder(const FactsView& facts, Kind kind, RowId slot) : store_(facts.store) {
    if (kind == Kind::deals) {
      visit(kind, slot);
      return;
    }
    const Clusters& clusters = kind == Kind::people ? facts.people : facts.companies;
    clusters.for_each_member(slot, [&](RowId member) {
      children_of(kind, member);
      if (kind == Kind::companies) {
        store_.for_each_child(Kind::people, fields::people::company, member,
                              [&](RowId person) { children_of(Kind::people, person); });
      }
    });
  }
  [[nodiscard]] const std::set<std::pair<Kind, RowId>>& facts() const noexcept { return facts_; }

 private:
  void children_of(Kind target, RowId slot) {
    for (std::size_t k = 0; k < kind_count; ++k) {
      const Kind kind = static_cast<Kind>(k);
      if (kind == Kind::people || kind == Kind::companies || kind == Kind::partners) continue;
      const auto fields = fields_of(kind);
      for (std::size_t field = 0; field < fields.size(); ++field) {
        if (fields[field].type != FieldType::link || fields[field].target != target) continue;
        store_.for_each_child(kind, field, slot, [&](RowId child) { visit(kind, child); });
      }
    }
  }
  void visit(Kind kind, RowId slot) {
    if (!store_.present(kind, slot) || !facts_.insert({kind, slot}).second) return;
    if (kind != Kind::registrations && kind != Kind::leads && kind != Kind::deals) return;
    children_of(kind, slot);
    const auto fields = fields_of(kind);
    for (std::size_t field = 0; field < fields.size(); ++field) {
      const Kind target = fields[field].target;
      if (fields[field].type != FieldType::link) continue;
      if (target != Kind::registrations && target != Kind::leads && target != Kind::deals && target != Kind::touches)
        continue;
      if (const RowId up = store_.link(kind, slot, field); up != no_row) visit(target, up);
    }
  }

  const FactStore& store_;
  std::set<std::pair<Kind, RowId>> facts_;
};

/// The time a fact is told at.
[[nodiscard]] inline Cell told_at(const FactStore& store, Kind kind, RowId slot) {
  for (const std::string_view name :
       {"at", "created_at", "sent_at", "issued_at", "published_at", "starts_at", "from", "period_start"}) {
    const auto field = find_field(kind, name);
    if (field.has_value()) return store.get(kind, slot, *field);
  }
  return null_cell;
}

/// What a fact says in a few words: its kind of thing, state or change.
[[nodiscard]] inline std::string told_words(const FactStore& store, Kind kind, RowId slot) {
  const auto word = [&](std::string_view name) -> std::string {
    const auto field = find_field(kind, name);
    if (!field.has_value()) return {};
    const Datum datum = datum_of(store, kind, *field, store.get(kind, slot, *field), 2);
    return datum.is_null() ? std::string{} : to_text(datum);
  };
  std::string words;
  const auto add = [&](const std::string& text, std::string_view before) {
    if (!text.empty()) words += (words.empty() ? "" : std::string{before}) + text;
  };
  if (kind == Kind::moves) {
    add(word("field"), " ");
    add(word("from"), ": ");
    add(word("to"), word("from").empty() ? ": " : " -> ");
    return words;
  }
  for (const std::string_view name : {"kind", "role", "status", "how", "outcome", "stage", "event", "feature", "note"})
    add(word(name), ", ");
  return words;
}

}  // namespace detail

DEALTRAIL_INLINE Table Trail::timeline(Kind kind, std::string_view id) const {
  using namespace detail;
  if (kind != Kind::people && kind != Kind::companies && kind != Kind::deals) {
    throw Error(ErrorCode::invalid_argument,
                "a timeline is of a person, a company or a deal, not of " + std::string{kind_name(kind)});
  }
  const RowId slot = state_->store.find(kind, id);
  if (slot == no_row)
    throw Error(ErrorCode::unknown_name, "no fact names this id", {std::string{kind_name(kind)}, std::string{id}, -1});
  const FactsView read = view();
  struct Line {
    Cell at;
    Kind kind;
    RowId slot;
    bool closing;
  };
  std::vector<Line> lines;
  const TimelineBuilder story(read, kind, slot);
  if (story.facts().empty() && !state_->store.present(kind, slot)) {
    throw Error(ErrorCode::unknown_name, "no fact names this id", {std::string{kind_name(kind)}, std::string{id}, -1});
  }
  for (const auto& [of, fact] : story.facts()) {
    lines.push_back({told_at(state_->store, of, fact), of, fact, false});
    if (of != Kind::deals) continue;
    const Cell closed = state_->store.get(of, fact, fields::deals::closed_at);
    if (closed != null_cell) lines.push_back({closed, of, fact, true});
  }
  std::sort(lines.begin(), lines.end(), [&](const Line& lhs, const Line& rhs) {
    if (lhs.at != rhs.at) return sooner(lhs.at, rhs.at);
    if (lhs.kind != rhs.kind) return lhs.kind < rhs.kind;
    if (lhs.slot != rhs.slot) return state_->store.id(lhs.kind, lhs.slot) < state_->store.id(rhs.kind, rhs.slot);
    return lhs.closing < rhs.closing;
  });
  const Postings postings(read, View::marketing, Clock::activity);
  TableBuilder builder{"timeline"};
  builder.meta("of", std::string{kind_name(kind)});
  builder.meta("id", std::string{id});
  builder.meta("currency", std::string{state_->currency.code()});
  auto& at = builder.time("at");
  auto& what = builder.text("kind");
  auto& fact = builder.text("id");
  auto& words = builder.text("what");
  auto& channel = builder.text("channel");
  auto& amount = builder.money("amount", state_->currency);
  for (const Line& line : lines) {
    at.append(shown_time(line.at, read.zone));
    what.append_text(kind_name(line.kind));
    fact.append_text(state_->store.id(line.kind, line.slot));
    std::string told = told_words(state_->store, line.kind, line.slot);
    if (line.kind == Kind::attendances) {
      const RowId event = event_of_arrival(state_->store, line.slot);
      told = "came" + (told.empty() ? "" : ", " + told) +
             (event == no_row ? "" : ", " + std::string{state_->store.id(Kind::events, event)});
    }
    if (line.kind == Kind::deals && state_->store.link(Kind::deals, line.slot, fields::deals::parent) != no_row) {
      told = line.closing ? "claim closed" : "claim created";
    } else if (line.kind == Kind::deals)
      told = line.closing ? std::string{postings.outcomes().of(line.slot)} : "created";
    words.append_text(told);
    const Source source = postings.sources().of(line.kind, line.slot);
    channel.append_text(source.channel == no_row ? std::nullopt
                                                 : std::optional{state_->store.id(Kind::channels, source.channel)});
    const auto field = find_field(line.kind, "amount");
    const auto currency = currency_field(line.kind);
    const Cell minor = field.has_value() ? state_->store.get(line.kind, line.slot, *field) : null_cell;
    const bool told_amount = minor != null_cell && (line.kind != Kind::deals || line.closing);
    std::optional<std::int64_t> counted;
    if (told_amount) {
      const Currency of = currency.has_value() ? postings.rates().of(state_->store.get(line.kind, line.slot, *currency))
                                               : state_->currency;
      counted = postings.rates().convert(minor, of, line.at);
    }
    amount.append_minor(counted);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table Trail::table(Kind kind) const {
  using namespace detail;
  const KindStore& store = state_->store.of(kind);
  const auto declared = fields_of(kind);
  const auto currency = currency_field(kind);
  const Postings postings(view(), View::marketing, Clock::activity);
  const auto decimals_of = [&](RowId slot) { return postings.rates().decimals_of(kind, slot); };
  const std::vector<RowId> rows = state_->store.sorted_rows(kind);
  int places = decimals(state_->currency);
  if (currency.has_value()) {
    for (const RowId slot : rows) places = std::max(places, decimals_of(slot));
  }
  TableBuilder builder{std::string{kind_name(kind)}};
  builder.meta("currency", std::string{state_->currency.code()});
  auto& id = builder.text("id");
  auto& version = builder.integer("version");
  auto& stub = builder.boolean("stub");
  std::vector<std::pair<std::size_t, ColumnBuilder*>> columns;
  const auto add = [&](std::size_t column, std::string name) {
    switch (store.columns[column].type()) {
      case FieldType::text:
      case FieldType::link:
      case FieldType::choice: columns.emplace_back(column, &builder.text(std::move(name))); break;
      case FieldType::integer: columns.emplace_back(column, &builder.integer(std::move(name))); break;
      case FieldType::real: columns.emplace_back(column, &builder.real(std::move(name))); break;
      case FieldType::boolean: columns.emplace_back(column, &builder.boolean(std::move(name))); break;
      case FieldType::time: columns.emplace_back(column, &builder.time(std::move(name))); break;
      case FieldType::money: columns.emplace_back(column, &builder.decimal(std::move(name), places)); break;
      case FieldType::decimal: columns.emplace_back(column, &builder.decimal(std::move(name), 9)); break;
    }
  };
  for (std::size_t column = 0; column < declared.size(); ++column) add(column, std::string{declared[column].name});
  for (const std::size_t column : state_->store.own_by_name(kind))
    add(column, store.own[column - declared.size()].name);
  for (const RowId slot : rows) {
    const Entry& entry = store.entries[slot];
    id.append_text(store.ids.text(slot));
    version.append_integer(entry.version == no_version ? std::nullopt : std::optional{entry.version});
    stub.append_boolean(entry.stub);
    for (const auto& [column, out] : columns) {
      const Cell cell = store.columns[column].get(slot);
      const bool ends = column < declared.size() && declared[column].day == DayEdge::end;
      out->append(ends ? shown_time(cell, state_->options.zone)
                       : datum_of(state_->store, kind, column, cell, decimals_of(slot)));
    }
  }
  return builder.finish();
}

}  // namespace dealtrail
