#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>
#include <utility>

#include "dealtrail/core/money.hpp"

namespace dealtrail {

/// What postings are summed under. The hidden ones serve ratios only.
enum class Metric : std::uint8_t {
#define DEALTRAIL_COUNT(name, meaning) name,
#define DEALTRAIL_CAME(name, meaning) name,
#define DEALTRAIL_MONEY(name, meaning) name,
#define DEALTRAIL_HIDDEN(name, meaning) name,
#define DEALTRAIL_RATIO(name, plus, minus, over, over2, meaning)
#include "dealtrail/cards/cards.def"
  nothing
};

inline constexpr std::size_t metric_count = static_cast<std::size_t>(Metric::nothing);

/// How a card column comes about.
enum class ColumnRole : std::uint8_t { count, money, hidden, ratio };

/// One column of a card: a sum of postings, or a ratio of such sums.
struct CardColumn {
  std::string_view name;
  ColumnRole sort;
  Metric metric;  // of a sum
  Metric plus = Metric::nothing, minus = Metric::nothing, over = Metric::nothing,
         over2 = Metric::nothing;  // of a ratio
  std::string_view meaning = {};
};

inline constexpr CardColumn card_columns[] = {
#define DEALTRAIL_COUNT(name, meaning) \
  {#name, ColumnRole::count, Metric::name, Metric::nothing, Metric::nothing, Metric::nothing, Metric::nothing, meaning},
#define DEALTRAIL_CAME(name, meaning) \
  {#name, ColumnRole::count, Metric::name, Metric::nothing, Metric::nothing, Metric::nothing, Metric::nothing, meaning},
#define DEALTRAIL_MONEY(name, meaning) \
  {#name, ColumnRole::money, Metric::name, Metric::nothing, Metric::nothing, Metric::nothing, Metric::nothing, meaning},
#define DEALTRAIL_HIDDEN(name, meaning)                                   \
  {#name,           ColumnRole::hidden, Metric::name,    Metric::nothing, \
   Metric::nothing, Metric::nothing,    Metric::nothing, meaning},
#define DEALTRAIL_RATIO(name, plus, minus, over, over2, meaning) \
  {#name, ColumnRole::ratio, Metric::nothing, Metric::plus, Metric::minus, Metric::over, Metric::over2, meaning},
#include "dealtrail/cards/cards.def"
};

/// The column of that name, or nothing. O(columns).
[[nodiscard]] constexpr const CardColumn* find_card_column(std::string_view name) noexcept {
  for (const CardColumn& column : card_columns) {
    if (column.name == name) return &column;
  }
  return nullptr;
}

[[nodiscard]] constexpr std::string_view to_string(Metric metric) noexcept {
  for (const CardColumn& column : card_columns) {
    if (column.sort != ColumnRole::ratio && column.metric == metric) return column.name;
  }
  return "nothing";
}

[[nodiscard]] constexpr bool is_money(Metric metric) noexcept {
  if (metric == Metric::amount_won_known || metric == Metric::cost_unseen) return true;  // hidden: no sort to tell by
  for (const CardColumn& column : card_columns) {
    if (column.sort == ColumnRole::money && column.metric == metric) return true;
  }
  return false;
}

/// Sums of postings of one row of a card table; 128 bits each, so that no order of adding can overflow.
class Sums {
 public:
  void add(Metric metric, std::int64_t value) { values_[static_cast<std::size_t>(metric)].add(value); }
  void set(Metric metric, const MoneySum& sum) noexcept { values_[static_cast<std::size_t>(metric)] = sum; }
  void subtract(Metric metric, std::int64_t value) { values_[static_cast<std::size_t>(metric)].subtract(value); }
  void merge(const Sums& other) {
    for (std::size_t i = 0; i < metric_count; ++i) values_[i].merge(other.values_[i]);
  }
  [[nodiscard]] const MoneySum& operator[](Metric metric) const noexcept {
    return values_[static_cast<std::size_t>(metric)];
  }
  [[nodiscard]] bool empty() const noexcept {
    for (const MoneySum& value : values_) {
      if (value.sign() != 0) return false;
    }
    return true;
  }
  friend bool operator==(const Sums&, const Sums&) = default;

 private:
  std::array<MoneySum, metric_count> values_{};
};

/// True when there are amounts, and none could be summed: another currency and no rate, or deals won that do not say
/// theirs. "No value" is not 0.
[[nodiscard]] inline bool all_left_out(Metric metric, const Sums& sums) noexcept {
  constexpr std::pair<Metric, Metric> marks[] = {{Metric::cost, Metric::cost_left_out},
                                                 {Metric::amount_won, Metric::amount_won_left_out},
                                                 {Metric::paid, Metric::paid_left_out},
                                                 {Metric::refunded, Metric::refunded_left_out}};
  for (const auto& [of, left_out] : marks) {
    if (of == metric && sums[of].sign() == 0 && sums[left_out].sign() != 0) return true;
  }
  return metric == Metric::amount_won && sums[Metric::won].sign() != 0 &&
         sums[Metric::won] == sums[Metric::won_unvalued];
}

/// A figure of who came.
[[nodiscard]] constexpr bool is_of_arrivals(Metric metric) noexcept {
  switch (metric) {
#define DEALTRAIL_COUNT(name, meaning)
#define DEALTRAIL_CAME(name, meaning) case Metric::name:
#define DEALTRAIL_MONEY(name, meaning)
#define DEALTRAIL_HIDDEN(name, meaning)
#define DEALTRAIL_RATIO(name, plus, minus, over, over2, meaning)
#include "dealtrail/cards/cards.def"
    return true;
    default: return false;
  }
}

/// Whether there are registrations, attendance of none of their events was taken, and nobody came: who came is not
/// known, which is not 0.
[[nodiscard]] inline bool nobody_looked(const Sums& sums) noexcept {
  const auto none = [&](Metric of) { return sums[of].sign() == 0; };
  return !none(Metric::registrations) && none(Metric::registrations_seen) && none(Metric::attended) &&
         none(Metric::walk_ins) && none(Metric::tickets_attended);
}

/// A count of these sums; null where it is not known.
[[nodiscard]] inline std::optional<std::int64_t> count_of(Metric metric, const Sums& sums) {
  return is_of_arrivals(metric) && nobody_looked(sums) ? std::nullopt : std::optional{sums[metric].total()};
}

/// A ratio column of these sums; null when its denominator is zero, when it needs a margin and no deal's cost is known,
/// an amount of which all was left out, or a cost that is not known. A cost per something is in major units of a
/// currency with that many decimals.
[[nodiscard]] inline std::optional<double> ratio(const CardColumn& column, const Sums& sums, int decimals,
                                                 bool unpaid = false, bool unpriced = false) {
  const auto amount = [&](Metric metric) { return metric == Metric::nothing ? MoneySum{} : sums[metric]; };
  MoneySum over = amount(column.over);
  over.merge(amount(column.over2));
  if (over.sign() == 0) return std::nullopt;
  if (unpaid && column.plus == Metric::cost && sums[Metric::cost].sign() == 0) return std::nullopt;
  if (unpriced && (column.plus == Metric::cost || column.minus == Metric::cost)) return std::nullopt;
  if (all_left_out(column.plus, sums) || all_left_out(column.minus, sums)) return std::nullopt;
  if (column.plus == Metric::margin && sums[Metric::margin_deals].sign() == 0) return std::nullopt;
  MoneySum above = amount(column.plus);
  above.subtract(amount(column.minus));
  double scale = 1.0;
  if (is_money(column.plus) && !is_money(column.over)) {
    for (int i = 0; i < decimals; ++i) scale *= 10.0;
  }
  return above.approximate() / (over.approximate() * scale);
}

}  // namespace dealtrail
