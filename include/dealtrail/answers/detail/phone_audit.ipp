#pragma once

#include <set>
#include <string>

#include "dealtrail/answers/phone_audit.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/phone_problems.hpp"

namespace dealtrail {

DEALTRAIL_INLINE Table phone_audit(const Trail& trail, const PhoneAuditOptions& options) {
  using namespace detail;
  if (options.window_days < 1 || options.window_days > 36'500) {
    throw Error(ErrorCode::invalid_argument, "window_days out of range: " + std::to_string(options.window_days),
                {"phone_audit", "window_days", -1}, "1 to 36500");
  }
  const FactsView facts = trail.view();
  const FactStore& store = facts.store;
  const Cell latest = trail.now().has_value() ? to_us(*trail.now()) : null_cell;
  CardsOptions cards;
  cards.as_of = options.as_of;
  const PostingFilter times(cards, facts.zone, latest);
  const CardSums cells = cells_of(facts, cards, latest);
  const auto keys = declared_keys(store, Sources(store, facts.index));
  const PhoneProblems audit(facts, keys, cells, times.as_of, times.now, options.window_days * us_per_day);

  TableBuilder builder{"phone_audit"};
  add_times(builder, options.as_of, latest);
  builder.meta("window_days", std::to_string(options.window_days));
  builder.meta("currency", std::string{trail.currency().code()});
  builder.meta("callers", "by person, else phone, else client_id, else the call alone");
  auto& problem = builder.text("problem");
  auto& number = builder.text("number");
  ColumnBuilder* ids[2][3] = {{&builder.text("key"), &builder.text("announcement"), &builder.text("channel")},
                              {&builder.text("to_key"), &builder.text("to_announcement"), &builder.text("to_channel")}};
  auto& from = builder.time("from");
  auto& until = builder.time("until");
  auto& calls = builder.integer("calls");
  auto& callers = builder.integer("callers");
  auto& first_call = builder.time("first_call");
  auto& last_call = builder.time("last_call");
  auto& cost = builder.money("cost", trail.currency());
  const auto place = [&](ColumnBuilder& to, Kind kind, RowId slot) {
    to.append_text(slot == no_row ? std::nullopt : std::optional{store.id(kind, slot)});
  };
  const auto moment = [](ColumnBuilder& to, Cell at) {
    to.append_time(at == null_cell ? std::nullopt : std::optional{from_us(at)});
  };
  for (const auto& found : {audit.unknown(), audit.silent(), audit.moved(), audit.doubled(keys)}) {
    for (const NumberProblem& one : found) {
      problem.append_text(to_string(one.trouble));
      number.append_text(one.number);
      for (const int side : {0, 1}) {
        const StatedKey* key = side == 0 ? one.key : one.next;
        const bool row = key != nullptr && key->row.kind == Kind::source_keys;
        place(*ids[side][0], Kind::source_keys, row ? key->row.slot : no_row);
        const Source lead = key == nullptr ? Source{} : key->lead.value_or(Source{});
        place(*ids[side][1], Kind::announcements, lead.announcement);
        place(*ids[side][2], Kind::channels, lead.channel);
      }
      moment(from, one.from);
      moment(until, one.until);
      calls.append_integer(static_cast<std::int64_t>(one.calls.size()));
      std::set<std::string> names;
      for (const RowId call : one.calls) names.insert(audit.callers().name(call));
      callers.append_integer(static_cast<std::int64_t>(names.size()));
      moment(first_call, one.calls.empty() ? null_cell : audit.at(one.calls.front()));
      moment(last_call, one.calls.empty() ? null_cell : audit.at(one.calls.back()));
      cost.append_minor(one.cost);
    }
  }
  return builder.finish();
}

}  // namespace dealtrail
