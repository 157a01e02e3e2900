#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/answers/card_figures.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/trail/card_rows.hpp"

namespace dealtrail {

namespace detail {

[[nodiscard]] constexpr MoneySum sum_of(int128 whole) noexcept {
  return MoneySum::from_halves(static_cast<std::int64_t>(whole >> 64), static_cast<std::uint64_t>(whole));
}
[[nodiscard]] constexpr int128 whole_of(const MoneySum& sum) noexcept {
  return static_cast<int128>(static_cast<uint128>(static_cast<std::uint64_t>(sum.high())) << 64U | sum.low());
}

// Rows of cards that hold all counts in parts of 2^-48.
class GivenCards {
 public:
  static constexpr int parts_bits = 48;

  GivenCards(const Trail& trail, std::span<const CardFigure> figures, const CardsOptions& options)
      : trail_(trail), options_(options), live_key_(find_card_key(options.by)) {
    for (const CardFigure& figure : figures) given_[static_cast<std::size_t>(figure.metric)] = true;
    const FactsView facts = trail.view();
    const Cell latest = trail.now() ? to_us(*trail.now()) : null_cell;
    for (CardRow& row : scanned_card_rows(facts, latest, options)) take(std::move(row));
    for (const CardFigure& figure : figures) take(facts, figure);
  }

  [[nodiscard]] Table table(TableBuilder builder) const {
    const Currency currency = trail_.currency();
    auto& key = builder.text("key");
    auto& name = builder.text("name");
    auto& state = builder.text("state");
    ColumnBuilder* const part_of = live_key_ == CardKey::event ? &builder.text("part_of") : nullptr;
    for (const Row& row : rows_) {
      key.append_text(row.card.key);
      name.append_text(row.card.name);
      state.append_text(row.card.state);
      if (part_of != nullptr) part_of->append_text(row.card.part_of);
    }
    for (const CardColumn& column : card_columns) {
      const std::string title{column.name};
      switch (column.sort) {
        case ColumnRole::hidden: break;
        case ColumnRole::count:
          if (is_given(column.metric)) {
            auto& to = builder.real(title);
            for (const Row& row : rows_)
              to.append_real(known(row, column.metric) && !is_null(row, column.metric)
                                 ? std::optional{std::ldexp(row.card.sums[column.metric].approximate(), -parts_bits)}
                                 : std::nullopt);
          } else {
            auto& to = builder.integer(title);
            for (const Row& row : rows_)
              to.append_integer(
                  is_null(row, column.metric)
                      ? std::nullopt
                      : std::optional{static_cast<std::int64_t>(whole_of(row.card.sums[column.metric]) >> parts_bits)});
          }
          break;
        case ColumnRole::money: {
          auto& to = builder.money(title, currency);
          for (const Row& row : rows_)
            to.append_minor(known(row, column.metric) ? money_of(column, row.card.sums, row.card.unpriced)
                                                      : std::nullopt);
          break;
        }
        case ColumnRole::ratio: {
          const bool per = is_money(column.plus) && !is_money(column.over);
          auto& to = builder.real(title, per ? std::string{currency.code()} : "ratio");
          for (const Row& row : rows_) to.append_real(ratio_of(column, row, per));
          break;
        }
      }
    }
    return builder.finish();
  }

 private:
  struct Row {
    CardRow card;
    std::array<bool, metric_count + 1> unknown{};
    bool nobody_looked = false;  // by the facts alone
  };

  [[nodiscard]] bool is_given(Metric metric) const noexcept { return given_[static_cast<std::size_t>(metric)]; }
  [[nodiscard]] static bool known(const Row& row, Metric metric) noexcept {
    return !row.unknown[static_cast<std::size_t>(metric)];
  }

  // Who came is not known, and nothing is given.
  [[nodiscard]] bool is_null(const Row& row, Metric metric) const noexcept {
    return row.nobody_looked && is_of_arrivals(metric) && row.card.sums[metric].sign() == 0;
  }

  [[nodiscard]] std::optional<double> ratio_of(const CardColumn& column, const Row& row, bool per) const {
    for (const Metric metric : {column.plus, column.minus, column.over, column.over2})
      if (!known(row, metric)) return std::nullopt;
    auto value = ratio(column, row.card.sums, decimals(trail_.currency()), row.card.unpaid, row.card.unpriced);
    if (value && per) value = std::ldexp(*value, parts_bits);
    return value;
  }

  // The row of facts, with counts in parts and given sums taken out; the total keeps its own.
  void take(CardRow&& card) {
    Sums sums;
    for (std::size_t m = 0; m < metric_count; ++m) {
      const auto metric = static_cast<Metric>(m);
      if (is_given(metric) && card.key != total_key) continue;
      const int128 whole = whole_of(card.sums[metric]);
      sums.set(metric, sum_of(is_money(metric) ? whole : whole << parts_bits));
    }
    const bool looked_away = nobody_looked(card.sums);
    card.sums = sums;
    rows_.push_back({.card = std::move(card), .nobody_looked = looked_away});
  }

  void take(const FactsView& facts, const CardFigure& figure) {
    if (figure.key == total_key)
      throw Error(ErrorCode::invalid_argument, "the total of cards is that of the facts", {"cards", figure.key, -1});
    const auto fixed = rows_.end() - 2;  // (unattributed), (total)
    auto row = figure.key == unattributed_key
                   ? fixed
                   : std::lower_bound(rows_.begin(), fixed, figure.key,
                                      [](const Row& one, const std::string& key) { return one.card.key < key; });
    if (row->card.key != figure.key) {
      if (live_key_.has_value())
        throw Error(ErrorCode::unknown_name, "no " + options_.by + " of that id", {"cards", figure.key, -1});
      const PostingKeys keys(facts.store, facts.index, facts.zone, options_.by);
      row = rows_.insert(row, {.card = CardRow{figure.key, keys.name_of(figure.key), std::nullopt, {}}});
    }
    if (figure.sum) {
      MoneySum sum = row->card.sums[figure.metric];
      sum.merge(sum_of(*figure.sum));
      row->card.sums.set(figure.metric, sum);
    } else {
      row->unknown[static_cast<std::size_t>(figure.metric)] = true;
    }
  }

  const Trail& trail_;
  const CardsOptions& options_;
  std::optional<CardKey> live_key_;
  std::array<bool, metric_count + 1> given_{};
  std::vector<Row> rows_{};
};

}  // namespace detail

DEALTRAIL_INLINE Table cards_with(const Trail& trail, std::span<const CardFigure> figures, const CardsOptions& options,
                                  std::span<const std::pair<std::string, std::string>> said) {
  TableBuilder builder{"cards"};
  const detail::Cell now = trail.now() ? to_us(*trail.now()) : detail::null_cell;
  detail::add_meta(builder, options, trail.view(), now, false);
  builder.meta("show_rate", detail::show_rate_meta(trail.view(), options.as_of ? to_us(*options.as_of) : now));
  for (const auto& [name, value] : said) builder.meta(name, value);
  return detail::GivenCards{trail, figures, options}.table(std::move(builder));
}

}  // namespace dealtrail
