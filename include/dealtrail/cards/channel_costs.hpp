// engine
#pragma once

#include "dealtrail/facts/fact_store.hpp"

namespace dealtrail::detail {

/// Whether a channel has a cost at any date: a row of `costs` that is not planned, or a line of an approved invoice,
/// for it or for an announcement in it. O(its announcements and lines), less where one is found early.
[[nodiscard]] inline bool has_cost(const FactStore& store, RowId channel) {
  namespace c = fields::costs;
  namespace l = fields::invoice_lines;
  bool found = false;
  const auto cost = [&](RowId row, bool of_announcement) {
    const auto known = [&](std::size_t field) { return store.get(Kind::costs, row, field) != null_cell; };
    if (found || store.get(Kind::costs, row, c::planned) == 1) return;
    if (of_announcement && known(c::channel)) return;
    found = known(c::amount) || (known(c::hours) && known(c::rate));
  };
  const auto line = [&](RowId row, bool of_announcement) {
    namespace i = fields::invoices;
    if (found || (!of_announcement && store.link(Kind::invoice_lines, row, l::announcement) != no_row)) return;
    const RowId invoice = store.live_link(Kind::invoice_lines, row, l::invoice);
    if (invoice == no_row || store.get(Kind::invoices, invoice, i::amount) == null_cell) return;
    found = store.get(Kind::invoices, invoice, i::status) == choice(Kind::invoices, i::status, "approved");
  };
  store.for_each_child(Kind::costs, c::channel, channel, [&](RowId row) { cost(row, false); });
  store.for_each_child(Kind::invoice_lines, l::channel, channel, [&](RowId row) { line(row, false); });
  if (found) return true;
  store.for_each_child(Kind::announcements, fields::announcements::channel, channel, [&](RowId announcement) {
    if (found) return;
    store.for_each_child(Kind::costs, c::announcement, announcement, [&](RowId row) { cost(row, true); });
    store.for_each_child(Kind::invoice_lines, l::announcement, announcement, [&](RowId row) { line(row, true); });
  });
  return found;
}

/// Whether nobody knows what a channel cost: it is paid for, or does not say, and has no cost at any date.
[[nodiscard]] inline bool is_unpriced(const FactStore& store, RowId channel) {
  namespace f = fields::channels;
  const Cell how = store.get(Kind::channels, channel, f::paid);
  return (how == null_cell || how == choice(Kind::channels, f::paid, "paid")) && !has_cost(store, channel);
}

}  // namespace dealtrail::detail
