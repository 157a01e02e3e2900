#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/model/card_parts.hpp"
#include "dealtrail/model/detail/posting_filter.hpp"
#include "dealtrail/model/detail/posting_keys.hpp"

namespace dealtrail {

DEALTRAIL_LAZY_INLINE Table card_parts(const Trail& trail, std::span<const std::string> by,
                                       const CardsOptions& options) {
  using namespace detail;
  std::string names;
  std::vector<PostingKeys> keys;
  for (std::size_t i = 0; i < by.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (by[i] == by[j])
        throw Error(ErrorCode::invalid_argument, "a key comes twice: '" + by[i] + "'", {"card_parts", "by", -1});
    }
    keys.emplace_back(trail.books().store, trail.books().index, trail.options().zone, by[i]);
    names += (i == 0 ? "" : ", ") + by[i];
  }
  if (keys.empty())
    throw Error(ErrorCode::invalid_argument, "card_parts needs a key", {"card_parts", "by", -1}, "for example month");

  const Stored latest = trail.as_of().has_value() ? to_us(*trail.as_of()) : null_cell;
  std::map<std::vector<std::string>, Sums> sums;
  std::vector<std::string> place(keys.size());
  for_each_posting(trail.books(), latest, options, [&](const Posting& posting) {
    if (posting.scope == Scope::event_only) return;
    for (std::size_t i = 0; i < keys.size(); ++i)
      place[i] = keys[i].of(posting).value_or(std::string{unattributed_key});
    sums[place].add(posting.metric, posting.value);
  });

  TableBuilder builder{"card_parts"};
  CardsOptions said = options;
  said.by = names;
  add_meta(builder, said, trail.books(), latest, false);
  std::vector<ColumnBuilder*> texts;
  for (const std::string& key : by) texts.push_back(&builder.text(key));
  std::vector<std::pair<Metric, ColumnBuilder*>> columns;
  for (const CardColumn& column : card_columns) {
    if (column.sort == ColumnSort::ratio) continue;
    const std::string title{column.name};
    columns.emplace_back(column.metric,
                         is_money(column.metric) ? &builder.money(title, trail.currency()) : &builder.integer(title));
  }
  for (const auto& [of, row] : sums) {
    for (std::size_t i = 0; i < of.size(); ++i) texts[i]->append_text(of[i]);
    for (const auto& [metric, column] : columns) {
      const std::int64_t value = row[metric].total();
      is_money(metric) ? column->append_minor(value) : column->append_integer(value);
    }
  }
  return builder.finish();
}

}  // namespace dealtrail
