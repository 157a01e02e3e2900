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
#include "dealtrail/core/detail/enum_names.hpp"
#include "dealtrail/core/money.hpp"
#include "dealtrail/facts/rates.hpp"
#include "dealtrail/purchases/purchases.hpp"
#include "dealtrail/sources/sources.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/trail/trail.hpp"

namespace dealtrail {
namespace detail {

class TrailPurchases {
 public:
  TrailPurchases(const Trail& trail, const PurchaseOptions& options)
      : facts_(trail.view()),
        store_(facts_.store),
        options_(options),
        postings_(facts_, options.view, Clock::activity),
        as_of_(options.as_of ? to_us(*options.as_of) : null_cell) {}

  [[nodiscard]] Purchases make() {
    made_.currency = facts_.currency;
    if (options_.source == PurchaseSource::deals) {
      deals();
    } else {
      payments();
    }
    std::sort(made_.rows.begin(), made_.rows.end(), [](const Purchase& l, const Purchase& r) {
      return std::tie(l.customer, l.at, l.order) < std::tie(r.customer, r.at, r.order);
    });
    made_.meta = {{"of", std::string{enum_name(purchase_source_names, options_.source)}},
                  {"customer", std::string{enum_name(purchase_customer_names, options_.customer)}},
                  {"view", std::string{to_string(options_.view)}},
                  {"as_of", options_.as_of ? to_text(Datum::time(to_us(*options_.as_of))) : ""},
                  {"zone", facts_.zone.name()},
                  {"currency", std::string{facts_.currency.code()}},
                  {"vat", std::string{to_string(facts_.vat)}},
                  {"refunds_taken_off", to_decimal_text(made_.refunds_minor, decimals(facts_.currency))},
                  {"purchases", std::to_string(made_.rows.size())},
                  {"left_out", std::to_string(made_.problems.left_out())}};
    return std::move(made_);
  }

 private:
  // A payment as it is counted.
  struct Paid {
    RowId slot = no_row;
    std::int64_t row = 0;  // of the Trail's table
    Cell at = null_cell;
    std::int64_t amount = 0;
    std::optional<std::int64_t> margin{};
    std::int64_t refunded = 0;
  };

  void note(const char* code, const char* severity, const char* column, const char* message, const char* hint,
            std::int64_t row, std::string value) {
    made_.problems.note({code, severity, column, 0, {}, message, hint}, row, value);
  }
  [[nodiscard]] std::string amount_of(Kind kind, RowId slot, std::int64_t minor) const {
    return std::string{store_.id(kind, slot)} + ": " + to_decimal_text(minor, decimals(facts_.currency));
  }
  [[nodiscard]] bool later(Cell at) const noexcept { return as_of_ != null_cell && at != null_cell && at > as_of_; }

  // An amount of a fact in the Trail's currency; nothing without a rate.
  [[nodiscard]] std::optional<std::int64_t> counted(std::int64_t minor, Cell vat, Cell currency, Cell at) const {
    if (facts_.vat == VatBasis::net && vat != null_cell) minor = checked_add(minor, -vat);
    return postings_.rates().convert(minor, postings_.rates().of(currency), at);
  }

  // Who buys; nothing where nobody of the kind is named.
  [[nodiscard]] std::optional<std::string> customer(RowId deal, RowId paying_company) const {
    namespace f = fields::deals;
    const RowId person = deal == no_row ? no_row : store_.link(Kind::deals, deal, f::person);
    if (options_.customer == PurchaseCustomer::person) {
      if (person == no_row) return std::nullopt;
      return std::string{store_.id(Kind::people, facts_.people.root(person))};
    }
    RowId company = paying_company;
    if (company == no_row && deal != no_row) company = store_.link(Kind::deals, deal, f::company);
    if (company == no_row && person != no_row && store_.present(Kind::people, person))
      company = store_.link(Kind::people, person, fields::people::company);
    if (company == no_row) return std::nullopt;
    return std::string{store_.id(Kind::companies, facts_.companies.root(company))};
  }

  void place(Purchase& one, RowId deal, RowId event) const {
    if (deal != no_row) {
      if (const RowId channel = postings_.sources().of_deal(deal).channel; channel != no_row)
        one.channel = std::string{store_.id(Kind::channels, channel)};
      if (event == no_row) {
        const RowId registration = store_.live_link(Kind::deals, deal, fields::deals::registration);
        if (registration != no_row)
          event = store_.link(Kind::registrations, registration, fields::registrations::event);
      }
    }
    if (event == no_row) return;
    event = topmost(store_, event);
    one.event = std::string{store_.id(Kind::events, event)};
    if (!store_.present(Kind::events, event)) return;
    const Cell starts = store_.get(Kind::events, event, fields::events::starts_at);
    if (starts != null_cell) one.event_at = from_us(starts);
  }

  void keep(Purchase one, std::int64_t row, std::int64_t refunded, Kind kind, RowId slot) {
    if (refunded > 0) {
      made_.refunds_minor = checked_add(made_.refunds_minor, refunded);
      if (one.amount_minor && *one.amount_minor <= 0) {
        return note("refunded_in_full", "info", "amount", "orders that were refunded in full are no purchases",
                    "nothing to do", row, amount_of(kind, slot, refunded));
      }
    }
    if (!one.amount_minor) {
      note("no_amount", "info", "amount", "purchases without an amount count as such, and bring nothing",
           "give the amount", row, one.order);
    }
    made_.rows.push_back(std::move(one));
  }

  void no_customer(std::int64_t row, std::string_view id) {
    note("no_customer", "error", options_.customer == PurchaseCustomer::company ? "company" : "person",
         options_.customer == PurchaseCustomer::company ? "purchases without a company are left out"
                                                        : "purchases without a person are left out",
         options_.customer == PurchaseCustomer::company ? "name the company, or count by person"
                                                        : "name the person, or count by company",
         row, std::string{id});
  }
  void no_rate(Kind kind, RowId slot, std::int64_t row) {
    note("no_rate", "error", "currency", "amounts in a currency without a rate at that time are left out",
         "put exchange_rates", row, std::string{store_.id(kind, slot)});
  }

  // Credit notes, deals below 0, by the sale that each takes back.
  void credit_notes() {
    namespace f = fields::deals;
    std::int64_t row = -1;
    for (const RowId slot : store_.sorted_rows(Kind::deals)) {
      ++row;
      if (!postings_.is_refund(Kind::deals, slot) || !postings_.outcomes().won(slot)) continue;
      const Cell at = postings_.outcomes().decided_at(slot);
      if (later(at)) continue;
      const auto cell = [&](std::size_t field) { return store_.get(Kind::deals, slot, field); };
      const auto amount = counted(cell(f::amount), cell(f::vat), cell(f::currency), at);
      if (!amount) {
        no_rate(Kind::deals, slot, row);
        continue;
      }
      const RowId sale = postings_.sale_of_refund(Kind::deals, slot);
      if (sale == no_row) {
        note("refund_without_order", "warning", "amount", "credit notes of no known sale lower no purchase",
             "name the sale as the parent of the credit note", row, amount_of(Kind::deals, slot, -*amount));
        continue;
      }
      const auto [at_sale, added] = credited_.emplace(sale, 0);
      at_sale->second = checked_add(at_sale->second, -*amount);
    }
  }

  void deals() {
    namespace f = fields::deals;
    credit_notes();
    std::int64_t row = -1;
    for (const RowId slot : store_.sorted_rows(Kind::deals)) {
      ++row;
      const std::string_view id = store_.id(Kind::deals, slot);
      const auto cell = [&](std::size_t field) { return store_.get(Kind::deals, slot, field); };
      if (!postings_.outcomes().won(slot) || postings_.is_refund(Kind::deals, slot)) continue;
      if (store_.link(Kind::deals, slot, f::parent) != no_row) {
        note("claim", "info", "parent", "claims against a sale are no purchases", "nothing to do", row,
             std::string{id});
        continue;
      }
      const Cell at = postings_.outcomes().decided_at(slot);
      if (at == null_cell) {
        note("no_time", "error", "closed_at", "won deals without a time are left out", "give closed_at", row,
             std::string{id});
        continue;
      }
      if (later(at)) continue;
      const auto who = customer(slot, no_row);
      if (!who) {
        no_customer(row, id);
        continue;
      }
      Purchase one{.customer = *who, .at = from_us(at), .order = std::string{id}};
      place(one, slot, no_row);
      std::int64_t refunded = 0;
      if (cell(f::amount) != null_cell) {
        one.amount_minor = counted(cell(f::amount), cell(f::vat), cell(f::currency), at);
        if (!one.amount_minor) {
          no_rate(Kind::deals, slot, row);
          continue;
        }
        if (cell(f::cost) != null_cell)
          one.margin_minor = counted(checked_add(cell(f::amount), -cell(f::cost)), cell(f::vat), cell(f::currency), at);
        refunded = refund(one, slot);
        if (const auto credited = credited_.find(slot); credited != credited_.end()) {
          refunded = checked_add(refunded, credited->second);
          one.amount_minor = checked_add(*one.amount_minor, -credited->second);
          one.margin_minor = std::nullopt;
        }
      }
      keep(std::move(one), row, refunded, Kind::deals, slot);
    }
  }

  // Takes the refunds of a deal off; gives what they came to.
  std::int64_t refund(Purchase& one, RowId deal) {
    namespace f = fields::payments;
    std::int64_t sum = 0;
    store_.for_each_child(Kind::payments, f::deal, deal, [&](RowId slot) {
      const auto cell = [&](std::size_t field) { return store_.get(Kind::payments, slot, field); };
      if (cell(f::amount) == null_cell || !postings_.is_refund(Kind::payments, slot) || later(cell(f::at))) return;
      auto amount = counted(cell(f::amount), cell(f::vat), cell(f::currency), cell(f::at));
      if (!amount) return no_rate(Kind::payments, slot, 0);
      const bool above = *amount > 0;  // a refund that is written above 0 is one all the same
      if (above) amount = -*amount;
      sum = checked_add(sum, -*amount);
      one.amount_minor = checked_add(*one.amount_minor, *amount);
      auto margin =
          cell(f::margin) == null_cell
              ? std::nullopt
              : postings_.rates().convert(cell(f::margin), postings_.rates().of(cell(f::currency)), cell(f::at));
      if (margin && above) margin = -*margin;
      if (one.margin_minor) one.margin_minor = margin ? std::optional{checked_add(*one.margin_minor, *margin)} : margin;
    });
    return sum;
  }

  void payments() {
    namespace f = fields::payments;
    // Payments of one order: of a deal, else of one company for one event.
    std::map<std::tuple<RowId, RowId, RowId>, std::vector<Paid>> orders;
    std::int64_t row = -1;
    for (const RowId slot : store_.sorted_rows(Kind::payments)) {
      ++row;
      const auto cell = [&](std::size_t field) { return store_.get(Kind::payments, slot, field); };
      if (later(cell(f::at))) continue;
      if (cell(f::at) == null_cell || cell(f::amount) == null_cell) {
        note("no_time", "error", "at", "payments without a time or an amount are left out", "give both", row,
             std::string{store_.id(Kind::payments, slot)});
        continue;
      }
      Paid one{.slot = slot, .row = row, .at = cell(f::at)};
      const auto amount = counted(cell(f::amount), cell(f::vat), cell(f::currency), one.at);
      if (!amount) {
        no_rate(Kind::payments, slot, row);
        continue;
      }
      one.amount = *amount;
      if (cell(f::margin) != null_cell)
        one.margin = postings_.rates().convert(cell(f::margin), postings_.rates().of(cell(f::currency)), one.at);
      if (one.amount >= 0 && postings_.is_refund(Kind::payments, slot)) {
        if (one.amount == 0) continue;
        one.amount = -one.amount;
        if (one.margin) one.margin = -*one.margin;
      }
      const RowId deal = store_.live_link(Kind::payments, slot, f::deal);
      const RowId company = store_.link(Kind::payments, slot, f::company);
      const RowId event = store_.link(Kind::payments, slot, f::event);
      orders[deal != no_row ? std::tuple{deal, no_row, no_row}
                            : std::tuple{no_row, company == no_row ? no_row : facts_.companies.root(company), event}]
          .push_back(one);
    }
    for (auto& [key, paid] : orders) order(std::get<0>(key), std::get<2>(key), paid);
  }

  void order(RowId deal, RowId event, std::vector<Paid>& paid) {
    namespace f = fields::payments;
    std::sort(paid.begin(), paid.end(),
              [&](const Paid& l, const Paid& r) { return l.at != r.at ? l.at < r.at : l.row < r.row; });
    const bool one_order = deal != no_row || event != no_row;
    for (std::size_t i = 0; i < paid.size(); ++i) {
      if (paid[i].amount >= 0) continue;
      std::int64_t rest = -paid[i].amount;
      if (one_order) {
        // The latest before it first, then those after it: of one order, whenever they were written.
        for (std::size_t step = 0; step < paid.size() && rest > 0; ++step) {
          Paid& from = paid[step < i ? i - 1 - step : step];
          const std::int64_t part = std::min(rest, std::max<std::int64_t>(0, from.amount - from.refunded));
          if (part == 0) continue;
          from.refunded += part;
          rest -= part;
          if (from.margin) {
            from.margin = part == -paid[i].amount && paid[i].margin
                              ? std::optional{checked_add(*from.margin, *paid[i].margin)}
                              : std::nullopt;
          }
        }
      }
      if (rest > 0) {
        note("refund_without_order", "warning", "amount",
             "refunds, or what of them no payment before them covers, lower no purchase",
             "link the refund to the deal, or to the company and event of its payment", paid[i].row,
             amount_of(Kind::payments, paid[i].slot, rest));
      }
    }
    for (const Paid& one : paid) {
      if (one.amount < 0) continue;
      const std::string_view id = store_.id(Kind::payments, one.slot);
      const auto who = customer(deal, store_.link(Kind::payments, one.slot, f::company));
      if (!who) {
        no_customer(one.row, id);
        continue;
      }
      Purchase made{.customer = *who,
                    .at = from_us(one.at),
                    .amount_minor = one.amount - one.refunded,
                    .margin_minor = one.margin,
                    .order = std::string{id}};
      place(made, deal, store_.link(Kind::payments, one.slot, f::event));
      keep(std::move(made), one.row, one.refunded, Kind::payments, one.slot);
    }
  }

  FactsView facts_;
  const FactStore& store_;
  const PurchaseOptions& options_;
  Postings postings_;
  Cell as_of_;
  std::map<RowId, std::int64_t> credited_{};
  Purchases made_{};
};

}  // namespace detail

DEALTRAIL_INLINE Purchases purchases(const Trail& trail, const PurchaseOptions& options) {
  return detail::TrailPurchases{trail, options}.make();
}

DEALTRAIL_INLINE Table Purchases::table() const {
  TableBuilder builder{"purchases"};
  ColumnBuilder& customer = builder.text("customer");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& amount = builder.money("amount", currency);
  ColumnBuilder& margin = builder.money("margin", currency);
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& event = builder.text("event");
  ColumnBuilder& event_at = builder.time("event_at");
  ColumnBuilder& order = builder.text("order");
  for (const Purchase& one : rows) {
    customer.append_text(one.customer);
    at.append_time(one.at);
    amount.append_minor(one.amount_minor);
    margin.append_minor(one.margin_minor);
    channel.append_text(one.channel);
    event.append_text(one.event);
    event_at.append_time(one.event_at);
    order.append_text(one.order);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

DEALTRAIL_INLINE TableInput Purchases::input() const { return read_all(table().to_stream(), "purchases"); }

}  // namespace dealtrail
