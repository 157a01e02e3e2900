#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/cohort/detail/amount_column.hpp"
#include "dealtrail/cohort/detail/write_customers.hpp"
#include "dealtrail/cohort/summary.hpp"
#include "dealtrail/core/detail/civil.hpp"
#include "dealtrail/facts/number_cells.hpp"
#include "dealtrail/table/datum_text.hpp"
#include "dealtrail/table/detail/subject_rows.hpp"

namespace dealtrail::cohort {

namespace detail {

using dealtrail::detail::SubjectInput;
using dealtrail::detail::SubjectRow;

struct AmountPayload {
  std::int64_t amount = 0;
};

// One customer on the way to a summary, days since 1970.
struct CustomerDays {
  std::uint32_t row = 0;  // where the customer is named
  std::int64_t frequency = 0;
  std::int64_t first = 0;
  std::int64_t last = 0;
  Int128 repeats = 0;  // what the repeat days came to
};

class SummarySearch {
 public:
  SummarySearch(const TableInput& table, const SummaryOptions& options)
      : table_(table),
        options_(options),
        input_(table, options.customer, options.at, options.zone),
        amounts_(table, options.amount, {}, options.currency, options.places) {}

  [[nodiscard]] Summary found() {
    const std::size_t workers = std::max<std::size_t>(1, options_.threads);
    std::vector<std::int64_t> latest(workers, std::numeric_limits<std::int64_t>::min());
    const auto rows = dealtrail::detail::partition_rows<AmountPayload>(
        input_, workers, [&](std::size_t worker) { return BlockReader{*this, latest[worker]}; });
    std::vector<Found> found(workers);
    dealtrail::detail::for_each_subject(
        input_, rows, workers,
        [&](std::size_t worker, std::span<SubjectRow<AmountPayload>> of) { add_customer(found[worker], of); });
    Summary result;
    result.problems = rows.problems;
    std::vector<CustomerDays> customers;
    for (const Found& one : found) {
      result.problems.merge(one.problems);
      customers.insert(customers.end(), one.customers.begin(), one.customers.end());
    }
    const std::int64_t last_row = *std::max_element(latest.begin(), latest.end());
    const std::int64_t end = options_.end ? day_of(to_us(*options_.end) - 1) : customers.empty() ? 0 : day_of(last_row);
    write(result, customers, end);
    return result;
  }

 private:
  struct Found {
    std::vector<CustomerDays> customers{};
    RowProblems problems{};
  };

  class BlockReader {
   public:
    BlockReader(const SummarySearch& search, std::int64_t& latest) : search_(search), latest_(latest) {}
    void read(const dealtrail::detail::SubjectBlock& block, std::span<std::uint8_t> keep, RowProblems& problems) {
      for (std::size_t i = 0; i < block.count; ++i) {
        if (keep[i] == 0) continue;
        if (search_.options_.end && block.at[i] >= to_us(*search_.options_.end)) {
          keep[i] = 0;
          problems.note({"after_end",
                         "info",
                         search_.options_.at,
                         0,
                         {},
                         "purchases at or after the end do not count",
                         "give a later end, or none"},
                        block.row + static_cast<std::int64_t>(i));
          continue;
        }
        latest_ = std::max(latest_, block.at[i]);
      }
      if (const auto& value = search_.amounts_.value())
        read_amounts(*value, search_.amounts_.currency(), block, keep, amounts_, problems);
    }
    [[nodiscard]] AmountPayload payload(std::size_t i) const noexcept { return {amounts_[i]}; }

   private:
    const SummarySearch& search_;
    std::int64_t& latest_;
    std::array<std::int64_t, dealtrail::detail::subject_block_rows> amounts_{};
  };

  [[nodiscard]] std::int64_t day_of(std::int64_t at) const noexcept {
    return dealtrail::detail::floor_divide(options_.zone.to_local(from_us(at)), us_per_day);
  }

  void add_customer(Found& found, std::span<SubjectRow<AmountPayload>> rows) const {
    const bool has_amounts = amounts_.value().has_value();
    CustomerDays made{.row = rows.front().row};
    for (auto& row : rows) row.at = day_of(row.at);
    std::stable_sort(rows.begin(), rows.end(), [](const auto& l, const auto& r) { return l.at < r.at; });
    bool bought = false;
    for (std::size_t i = 0; i < rows.size();) {
      const std::int64_t day = rows[i].at;
      const std::uint32_t row = rows[i].row;
      Int128 net = 0;
      for (; i < rows.size() && rows[i].at == day; ++i) net += rows[i].payload.amount;
      if (has_amounts && net <= 0) {
        found.problems.note({"no_purchase_day",
                             "info",
                             options_.amount,
                             0,
                             {},
                             "days whose orders and refunds come to 0 or less are no purchase",
                             "a refund on the day of its order takes off from it"},
                            row);
        continue;
      }
      if (!bought) {
        bought = true;
        made.first = day;
      } else {
        ++made.frequency;
        made.repeats += net;
      }
      made.last = day;
    }
    if (bought) return found.customers.push_back(made);
    found.problems.note({"no_purchase",
                         "warning",
                         options_.customer,
                         0,
                         {},
                         "customers without a day that is a purchase are left out",
                         "see no_purchase_day"},
                        made.row, to_text(input_.subject.read(made.row)));
  }

  void write(Summary& result, std::vector<CustomerDays>& customers, std::int64_t end) const {
    result.of_numbers = input_.of_numbers();
    std::vector<std::pair<Datum, CustomerDays>> named;
    named.reserve(customers.size());
    for (const CustomerDays& one : customers) named.emplace_back(input_.subject.read(one.row), one);
    std::sort(named.begin(), named.end(), [&](const auto& l, const auto& r) {
      return result.of_numbers ? l.first.as_integer() < r.first.as_integer() : l.first.as_text() < r.first.as_text();
    });
    const double unit = days_of(options_.unit);
    double scale = 1;
    for (int i = 0; i < decimals(amounts_.currency()); ++i) scale *= 10;
    for (const auto& [name, one] : named) {
      if (result.of_numbers) {
        result.numbers.push_back(name.as_integer());
      } else {
        result.texts.emplace_back(name.as_text());
      }
      result.frequency.push_back(one.frequency);
      result.recency.push_back(static_cast<double>(one.last - one.first) / unit);
      result.age.push_back(static_cast<double>(end - one.first) / unit);
      if (!amounts_.value()) continue;
      result.monetary.push_back(one.frequency == 0 ? std::nullopt
                                                   : std::optional{static_cast<double>(one.repeats) / scale /
                                                                   static_cast<double>(one.frequency)});
    }
    result.unit = to_string(options_.unit);
    result.meta = {
        {"unit", result.unit},
        {"unit_days", to_text(Datum::real(unit))},
        {"end", customers.empty() ? "none" : to_text(Period{PeriodKind::day, static_cast<std::int32_t>(end)})},
        {"zone", options_.zone.name()},
        {"currency", amounts_.currency().empty() ? "none" : std::string{amounts_.currency().code()}},
        {"rows", std::to_string(table_.rows())},
        {"left_out", std::to_string(result.problems.left_out())}};
  }

  const TableInput& table_;
  const SummaryOptions& options_;
  SubjectInput input_;
  AmountColumns amounts_;
};

// A number of a cell, if it is one.
[[nodiscard]] inline std::optional<double> real_of_cell(const Datum& cell) {
  switch (cell.kind()) {
    case DatumKind::integer: return static_cast<double>(cell.as_integer());
    case DatumKind::real: return std::isfinite(cell.as_real()) ? std::optional{cell.as_real()} : std::nullopt;
    case DatumKind::decimal: {
      const Decimal number = cell.as_decimal();
      return static_cast<double>(number.mantissa) * std::pow(10.0, -number.scale);
    }
    default: return std::nullopt;
  }
}

}  // namespace detail

DEALTRAIL_INLINE Summary summary(const TableInput& table, const SummaryOptions& options) {
  return detail::SummarySearch{table, options}.found();
}

DEALTRAIL_INLINE Summary Summary::from_table(const TableInput& table, std::string unit) {
  const auto number = [&](const char* name) {
    return detail::SubjectInput::reader(table, name, {ColumnType::integer, ColumnType::real, ColumnType::decimal});
  };
  const ColumnReader customers =
      detail::SubjectInput::reader(table, "customer", {ColumnType::integer, ColumnType::text});
  const ColumnReader frequencies = number("frequency");
  const ColumnReader recencies = number("recency");
  const ColumnReader ages = number("T");
  std::optional<ColumnReader> monetaries;
  if (table.schema().find("monetary")) monetaries.emplace(number("monetary"));
  Summary made;
  made.unit = std::move(unit);
  made.of_numbers = customers.info().type == ColumnType::integer;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const Datum customer = customers.read(row);
    const auto frequency = dealtrail::detail::whole_number(frequencies.read(row));
    const auto recency = detail::real_of_cell(recencies.read(row));
    const auto age = detail::real_of_cell(ages.read(row));
    const auto monetary = monetaries ? detail::real_of_cell(monetaries->read(row)) : std::nullopt;
    const auto refuse = [&](const char* code, const char* column, const char* message, const char* hint) {
      made.problems.note({code, "error", column, 0, {}, message, hint}, row,
                         dealtrail::detail::is_blank(customer) ? "" : to_text(customer));
    };
    if (dealtrail::detail::is_blank(customer)) {
      refuse("no_customer", "customer", "rows without a customer are left out", "fill it, or drop the rows");
      continue;
    }
    if (!frequency || *frequency < 0 || *frequency > 1'000'000) {
      refuse("bad_frequency", "frequency", "rows whose frequency is no number of repeat purchases are left out",
             "give 0 for one purchase, 1 for two");
      continue;
    }
    if (!recency || !age || *recency < 0 || *recency > *age || (*frequency == 0 && *recency > 0)) {
      refuse("bad_recency", "recency",
             "rows whose recency is not between 0 and T, or not 0 without repeats, are left out",
             "recency is the time from the first to the last purchase, T that from the first to the end");
      continue;
    }
    if (made.of_numbers) {
      made.numbers.push_back(customer.as_integer());
    } else {
      made.texts.emplace_back(customer.as_text());
    }
    made.frequency.push_back(*frequency);
    made.recency.push_back(*recency);
    made.age.push_back(*age);
    if (monetaries) made.monetary.push_back(*frequency == 0 ? std::nullopt : monetary);
  }
  made.meta = {{"rows", std::to_string(table.rows())}, {"left_out", std::to_string(made.problems.left_out())}};
  return made;
}

DEALTRAIL_INLINE Table Summary::table() const {
  TableBuilder builder{"summary"};
  detail::write_customers(builder, *this);
  builder.integers("frequency", frequency);
  builder.reals("recency", recency, unit);
  builder.reals("T", age, unit);
  if (!monetary.empty()) {
    ColumnBuilder& column = builder.real("monetary");
    for (const auto& one : monetary) column.append_real(one);
  }
  for (const auto& [key, text] : meta) builder.meta(key, text);
  return builder.finish();
}

}  // namespace dealtrail::cohort
