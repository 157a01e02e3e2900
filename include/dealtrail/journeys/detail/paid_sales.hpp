// engine
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string_view>
#include <vector>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/journeys/detail/journey_owners.hpp"

namespace dealtrail::detail {

/// What came in for sales, less what went back, as journeys to `paid` count it: a sale is paid at its first payment,
/// and worth what is paid for it and its claims less refunds and credit notes; a payment without a deal is by itself.
class PaidSales {
 public:
  PaidSales(const FactsView& facts, const Postings& postings, JourneyOwners& owners)
      : facts_(facts), store_(facts.store), postings_(postings), owners_(owners) {}

  /// Calls `paid(payment, value, deal)` for each conversion; no deal for a payment by itself.
  template <class Paid>
  void find(Paid&& paid) {
    namespace p = fields::payments;
    for (const RowId row : store_.sorted_rows(Kind::payments)) {
      const Cell at = store_.get(Kind::payments, row, p::at);
      if (!owners_.event_time(at)) continue;
      if (postings_.is_refund(Kind::payments, row)) {
        take_back(Kind::payments, row, at);
        continue;
      }
      const RowId deal = store_.live_link(Kind::payments, row, p::deal);
      const bool pays = store_.get(Kind::payments, row, p::amount) > 0;  // of 0 nothing is paid
      if (deal != no_row) {
        come_in(sale_of(deal), row, at, pays);
      } else if (pays) {
        paid(row, amount_of(Kind::payments, row, at), no_row);
      }
    }
    for (const RowId note : store_.sorted_rows(Kind::deals)) {
      if (!postings_.is_refund(Kind::deals, note) || !postings_.outcomes().won(note)) continue;
      bool stated = false;  // by payments of its own: they are the refund
      store_.for_each_child(Kind::payments, p::deal, note, [&](RowId) { stated = true; });
      const Cell at = postings_.outcomes().decided_at(note);
      if (!stated && owners_.event_time(at)) take_back(Kind::deals, note, at);
    }
    for (const auto& [id, sale] : sales_) {
      if (sale.first != no_row) {
        paid(sale.first, sale.sum, sale.deal);
      } else if (sale.sum != 0) {
        owners_.note("refund_without_payment", "deal", "refunds of sales for which nothing came in are left out",
                     "load the payments of these sales", id);
      }
    }
  }

 private:
  struct Sale {
    RowId deal = no_row;
    RowId first = no_row;  // its first payment
    std::int64_t sum = 0;
  };

  // The sale that a deal is, or is a claim on; no_row when that sale is not there, or claims run in a circle.
  [[nodiscard]] RowId sale_of(RowId deal) const {
    std::vector<RowId> seen;
    while (store_.present(Kind::deals, deal)) {
      if (std::find(seen.begin(), seen.end(), deal) != seen.end()) return no_row;
      seen.push_back(deal);
      const RowId parent = store_.link(Kind::deals, deal, fields::deals::parent);
      if (parent == no_row) return deal;
      deal = parent;
    }
    return no_row;
  }

  [[nodiscard]] Sale& sale(RowId deal) {
    Sale& found = sales_[store_.id(Kind::deals, deal)];
    found.deal = deal;
    return found;
  }
  void no_sale(Kind kind, RowId row) {
    owners_.note("no_sale", "deal", "payments of claims whose sale is not there are left out", "load the sale",
                 store_.id(kind, row));
  }

  void come_in(RowId deal, RowId payment, Cell at, bool pays) {
    if (deal == no_row) return no_sale(Kind::payments, payment);
    Sale& of = sale(deal);
    of.sum = checked_add(of.sum, amount_of(Kind::payments, payment, at));
    if (pays && (of.first == no_row || earlier(store_, Kind::payments, fields::payments::at, payment, of.first)))
      of.first = payment;
  }

  void take_back(Kind kind, RowId row, Cell at) {
    const RowId named = postings_.sale_of_refund(kind, row);
    if (named == no_row) {
      return owners_.note("refund_without_sale", "deal", "refunds of which it is not known what was sold are left out",
                          "name the deal of a payment, or the parent of a credit note", store_.id(kind, row));
    }
    const RowId deal = sale_of(named);
    if (deal == no_row) return no_sale(kind, row);
    const std::size_t field =
        kind == Kind::deals ? std::size_t{fields::deals::amount} : std::size_t{fields::payments::amount};
    const std::int64_t amount = amount_of(kind, row, at);
    // A refund that is written above zero is one all the same.
    Sale& of = sale(deal);
    of.sum = checked_add(of.sum, store_.get(kind, row, field) > 0 ? -amount : amount);
  }

  // The amount of a payment or credit note; 0 where it has none, or no rate.
  [[nodiscard]] std::int64_t amount_of(Kind kind, RowId row, Cell at) const {
    namespace p = fields::payments;
    namespace d = fields::deals;
    const auto cell = [&](std::size_t of_payment, std::size_t of_deal) {
      return store_.get(kind, row, kind == Kind::deals ? of_deal : of_payment);
    };
    std::int64_t amount = cell(p::amount, d::amount);
    if (amount == null_cell) return 0;
    const Cell vat = cell(p::vat, d::vat);
    if (facts_.vat == VatBasis::net && vat != null_cell) amount = checked_add(amount, -vat);
    return postings_.rates().convert(amount, postings_.rates().of(cell(p::currency, d::currency)), at).value_or(0);
  }

  const FactsView& facts_;
  const FactStore& store_;
  const Postings& postings_;
  JourneyOwners& owners_;
  std::map<std::string_view, Sale> sales_{};  // by id
};

}  // namespace dealtrail::detail
