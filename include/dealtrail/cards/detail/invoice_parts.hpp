#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <vector>

#include "dealtrail/cards/events.hpp"
#include "dealtrail/core/split.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/rates.hpp"
#include "dealtrail/facts/vat_basis.hpp"

namespace dealtrail::detail {

/// What an invoice comes to, line by line, in the Trail's currency and VAT basis; the last part is what no line has.
/// Parts add up to `total` exactly.
struct InvoiceParts {
  bool counts = false;              // approved, with an amount
  bool convertible = true;          // false: a foreign currency without a rate
  bool lines_exceed = false;        // amounts of the lines are more than the invoice
  std::vector<RowId> lines;         // by id
  std::vector<std::int64_t> parts;  // lines.size() + 1
  std::vector<RowId> foreign;       // lines with an amount in another currency than the invoice's: their part is 0
  std::int64_t total = 0;
};

/// One announcement's share of a line that names a channel.
struct LineShare {
  RowId announcement;
  std::int64_t value;
};

class InvoiceSplit {
 public:
  InvoiceSplit(const FactStore& store, const Rates& rates, VatBasis vat) : store_(store), rates_(rates), vat_(vat) {}

  [[nodiscard]] InvoiceParts parts(RowId invoice) const {
    namespace f = fields::invoices;
    InvoiceParts result;
    const auto field = [&](std::size_t column) { return store_.get(Kind::invoices, invoice, column); };
    const Cell amount = field(f::amount);
    if (field(f::status) != choice(Kind::invoices, f::status, "approved") || amount == null_cell) return result;
    result.counts = true;
    const Currency currency = rates_.of(field(f::currency));
    split_over_lines(invoice, amount, currency, result);

    std::int64_t counted = amount;
    if (vat_ == VatBasis::net && field(f::vat) != null_cell) counted = subtract(amount, field(f::vat));
    const auto total = rates_.convert(counted, currency, field(f::issued_at));
    if (!total.has_value()) {
      result.convertible = false;
      return result;
    }
    result.total = *total;
    if (result.total != amount) carry_over(amount, result);
    return result;
  }

  /// How a line with a channel is divided over the announcements it covers; empty when it covers none. `keys_zero`
  /// tells that the keys of its split were all zero.
  [[nodiscard]] std::vector<LineShare> shares(RowId line, std::int64_t value, bool& keys_zero) const {
    namespace f = fields::invoice_lines;
    const RowId channel = store_.link(Kind::invoice_lines, line, f::channel);
    const RowId event = store_.link(Kind::invoice_lines, line, f::event);
    std::vector<LineShare> result;
    for_each_candidate(channel, event, [&](RowId announcement) {
      if (covers(line, event, announcement)) result.push_back({announcement, 0});
    });
    keys_zero = false;
    if (result.empty()) return result;
    std::sort(result.begin(), result.end(), [&](const LineShare& lhs, const LineShare& rhs) {
      return store_.id(Kind::announcements, lhs.announcement) < store_.id(Kind::announcements, rhs.announcement);
    });
    std::vector<std::uint64_t> weights(result.size(), 1);
    const Cell by = store_.get(Kind::invoice_lines, line, f::split);
    if (by != choice(Kind::invoice_lines, f::split, "equal")) {
      const std::size_t key = by == choice(Kind::invoice_lines, f::split, "planned_cost")
                                  ? std::size_t{fields::announcements::planned_cost}
                                  : std::size_t{fields::announcements::budget_share};
      for (std::size_t i = 0; i < result.size(); ++i)
        weights[i] = weight_of(store_.get(Kind::announcements, result[i].announcement, key), 0);
      keys_zero = equal_if_zero(weights);
    }
    std::vector<std::int64_t> values(weights.size());
    split_into(value, weights, values);
    for (std::size_t i = 0; i < result.size(); ++i) result[i].value = values[i];
    return result;
  }

 private:
  [[nodiscard]] static std::int64_t subtract(std::int64_t lhs, std::int64_t rhs) noexcept {
    std::int64_t result = 0;
    return __builtin_sub_overflow(lhs, rhs, &result) ? lhs : result;
  }
  [[nodiscard]] static std::uint64_t weight_of(Cell cell, Cell when_null) noexcept {
    return static_cast<std::uint64_t>(std::max<Cell>(cell == null_cell ? when_null : cell, 0));
  }
  static bool equal_if_zero(std::vector<std::uint64_t>& weights) {
    if (std::any_of(weights.begin(), weights.end(), [](std::uint64_t weight) { return weight != 0; })) return false;
    std::fill(weights.begin(), weights.end(), 1);
    return true;
  }

  void split_over_lines(RowId invoice, std::int64_t amount, Currency currency, InvoiceParts& result) const {
    namespace f = fields::invoice_lines;
    store_.for_each_child(Kind::invoice_lines, f::invoice, invoice, [&](RowId line) { result.lines.push_back(line); });
    std::sort(result.lines.begin(), result.lines.end(), [&](RowId lhs, RowId rhs) {
      return store_.id(Kind::invoice_lines, lhs) < store_.id(Kind::invoice_lines, rhs);
    });
    result.parts.assign(result.lines.size() + 1, 0);
    Int128 rest = amount;
    std::vector<std::size_t> open;
    std::vector<std::uint64_t> weights;
    for (std::size_t i = 0; i < result.lines.size(); ++i) {
      const Cell own = store_.get(Kind::invoice_lines, result.lines[i], f::amount);
      if (own == null_cell) {
        open.push_back(i);
        weights.push_back(weight_of(store_.get(Kind::invoice_lines, result.lines[i], f::weight), decimal_unit));
      } else {
        result.parts[i] = own_part(result.lines[i], own, currency, result);
        rest -= result.parts[i];
      }
    }
    result.lines_exceed = !result.lines.empty() && (amount >= 0 ? rest < 0 : rest > 0);
    constexpr Int128 most = std::numeric_limits<std::int64_t>::max();
    if (rest > most || rest < -most) {
      // No difference could be stated: such lines tell nothing, and none is believed.
      result.lines_exceed = true;
      std::fill(result.parts.begin(), result.parts.end(), 0);
      result.parts.back() = amount;
      return;
    }
    const auto left = static_cast<std::int64_t>(rest);
    if (open.empty() || result.lines_exceed) {
      result.parts.back() = left;
      return;
    }
    equal_if_zero(weights);
    std::vector<std::int64_t> values(weights.size());
    split_into(left, weights, values);
    for (std::size_t i = 0; i < open.size(); ++i) result.parts[open[i]] = values[i];
  }

  // The amount of a line in minor units of its invoice's currency.
  [[nodiscard]] std::int64_t own_part(RowId line, std::int64_t minor, Currency currency, InvoiceParts& result) const {
    const Cell tag = store_.get(Kind::invoice_lines, line, fields::invoice_lines::currency);
    if (tag == null_cell) return in_minor_units_of(minor, currency);
    if (rates_.in_units_of_invoice(tag) || store_.text(tag) == currency.code()) return minor;
    result.foreign.push_back(line);
    return 0;
  }

  // Of an amount that was read with the decimals of the Trail's currency.
  [[nodiscard]] std::int64_t in_minor_units_of(std::int64_t minor, Currency currency) const {
    Int128 above = minor;
    Int128 below = 1;
    for (int i = decimals(rates_.currency()); i < decimals(currency); ++i) above *= 10;
    for (int i = decimals(currency); i < decimals(rates_.currency()); ++i) below *= 10;
    return divide_half_even(above, below).value_or(minor);
  }

  void carry_over(std::int64_t amount, InvoiceParts& result) const {
    const auto& parts = result.parts;
    const bool some_negative = std::any_of(parts.begin(), parts.end(), [](std::int64_t part) { return part < 0; });
    const bool some_positive = std::any_of(parts.begin(), parts.end(), [](std::int64_t part) { return part > 0; });
    std::vector<std::int64_t> carried(parts.size(), 0);
    if (!some_negative && !some_positive) {
      carried.back() = result.total;
    } else if (some_negative != some_positive) {
      std::vector<std::uint64_t> weights;
      for (const std::int64_t part : parts) {
        weights.push_back(part < 0 ? 0 - static_cast<std::uint64_t>(part) : static_cast<std::uint64_t>(part));
      }
      split_into(result.total, weights, carried);
    } else {
      Int128 left = result.total;
      const Int128 below = amount < 0 ? -static_cast<Int128>(amount) : static_cast<Int128>(amount);
      for (std::size_t i = 0; i < parts.size(); ++i) {
        const Int128 above =
            static_cast<Int128>(parts[i]) * (amount < 0 ? -static_cast<Int128>(result.total) : result.total);
        carried[i] = amount == 0 ? parts[i] : divide_half_even(above, below).value_or(parts[i]);
        left -= carried[i];
      }
      carried.back() += static_cast<std::int64_t>(left);
    }
    result.parts = std::move(carried);
  }

  // Announcements of a channel that may serve an event, each once: through the event where there is one, which has
  // fewer.
  template <class Visit>
  void for_each_candidate(RowId channel, RowId event, Visit&& visit) const {
    namespace f = fields::announcements;
    if (event == no_row) {
      store_.for_each_child(Kind::announcements, f::channel, channel, visit);
      return;
    }
    std::vector<RowId> found;
    const auto take = [&](RowId announcement) {
      if (store_.present(Kind::announcements, announcement) &&
          store_.link(Kind::announcements, announcement, f::channel) == channel) {
        found.push_back(announcement);
      }
    };
    for (const RowId one : family_of(store_, event)) {
      store_.for_each_child(Kind::announcements, f::event, one, take);
      store_.for_each_child(Kind::announcement_events, fields::announcement_events::event, one, [&](RowId row) {
        take(store_.link(Kind::announcement_events, row, fields::announcement_events::announcement));
      });
    }
    std::sort(found.begin(), found.end());
    found.erase(std::unique(found.begin(), found.end()), found.end());
    for (const RowId announcement : found) visit(announcement);
  }

  [[nodiscard]] bool covers(RowId line, RowId event, RowId announcement) const {
    namespace f = fields::announcements;
    if (store_.get(Kind::announcements, announcement, f::status) == choice(Kind::announcements, f::status, "cancelled"))
      return false;
    const Cell from = store_.get(Kind::invoice_lines, line, fields::invoice_lines::service_from);
    const Cell until = store_.get(Kind::invoice_lines, line, fields::invoice_lines::service_until);
    const Cell published = store_.get(Kind::announcements, announcement, f::published_at);
    if ((from != null_cell || until != null_cell) && published == null_cell) return false;
    if ((from != null_cell && published < from) || (until != null_cell && published >= until)) return false;
    if (event == no_row) return true;
    const EventShares events = events_of(store_, announcement);
    for (const auto& share : events.all()) {
      if (share.first == event || (share.first != no_row && topmost(store_, share.first) == event)) return true;
    }
    return false;
  }

  const FactStore& store_;
  const Rates& rates_;
  VatBasis vat_;
};

}  // namespace dealtrail::detail
