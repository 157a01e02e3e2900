#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/answers/card_parts.hpp"
#include "dealtrail/cards/posting_filter.hpp"
#include "dealtrail/cards/posting_keys.hpp"

namespace dealtrail {

DEALTRAIL_INLINE Table card_parts(const Trail& trail, std::span<const std::string> by, const CardsOptions& options) {
  using namespace detail;
  std::string names;
  std::vector<PostingKeys> keys;
  for (std::size_t i = 0; i < by.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j) {
      if (by[i] == by[j])
        throw Error(ErrorCode::invalid_argument, "a key comes twice: '" + by[i] + "'", {"card_parts", "by", -1});
    }
    keys.emplace_back(trail.view().store, trail.view().index, trail.options().zone, by[i]);
    names += (i == 0 ? "" : ", ") + by[i];
  }
  if (keys.empty())
    throw Error(ErrorCode::invalid_argument, "card_parts needs a key", {"card_parts", "by", -1}, "for example month");

  const Cell latest = trail.now().has_value() ? to_us(*trail.now()) : null_cell;
  std::map<std::vector<std::string>, Sums> sums;
  std::vector<std::string> place(keys.size());
  for_each_posting(trail.view(), latest, options, [&](const Posting& posting) {
    if (posting.scope == Scope::event_only) return;
    for (std::size_t i = 0; i < keys.size(); ++i)
      place[i] = keys[i].of(posting).value_or(std::string{unattributed_key});
    sums[place].add(posting.metric, posting.value);
  });

  TableBuilder builder{"card_parts"};
  CardsOptions said = options;
  said.by = names;
  add_meta(builder, said, trail.view(), latest, false);
  std::vector<ColumnBuilder*> texts;
  for (const std::string& key : by) texts.push_back(&builder.text(key));
  std::vector<std::pair<Metric, ColumnBuilder*>> columns;
  for (const CardColumn& column : card_columns) {
    if (column.sort == ColumnRole::ratio) continue;
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
