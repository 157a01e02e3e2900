#pragma once

#include "dealtrail/evidence/judge.hpp"

namespace dealtrail::evidence {

DEALTRAIL_INLINE Table Judgement::table() const {
  TableBuilder builder{"judge"};
  const auto texts = [&](const char* name, auto&& value) {
    ColumnBuilder& column = builder.text(name);
    for (const Judged& row : rows) column.append_text(value(row));
  };
  const auto integers = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.integer(name);
    for (const Judged& row : rows) column.append_integer(row.*member);
  };
  const auto reals = [&](const char* name, auto member, const char* unit) {
    ColumnBuilder& column = builder.real(name, unit);
    for (const Judged& row : rows) column.append_real(row.*member);
  };
  const auto amounts = [&](const char* name, auto member) {
    ColumnBuilder& column = builder.money(name, currency);
    for (const Judged& row : rows) column.append_minor(row.*member);
  };
  texts("key", [](const Judged& row) { return std::string_view{row.key}; });
  texts("state", [](const Judged& row) { return to_string(row.state); });
  texts("basis", [](const Judged& row) { return std::string_view{row.basis}; });
  integers("placements", &Judged::placements);
  integers("open", &Judged::open);
  integers("apart", &Judged::apart);
  amounts("spend", &Judged::spend_minor);
  integers("count", &Judged::count);
  integers("trials", &Judged::trials);
  amounts("cost_per", &Judged::cost_per_minor);
  amounts("cost_expected", &Judged::cost_expected_minor);
  amounts("cost_low", &Judged::cost_low_minor);
  amounts("cost_high", &Judged::cost_high_minor);
  reals("rate", &Judged::rate, "");
  reals("rate_low", &Judged::rate_low, "");
  reals("rate_high", &Judged::rate_high, "");
  amounts("benchmark", &Judged::benchmark_minor);
  reals("benchmark_rate", &Judged::benchmark_rate, "");
  reals("weight_own", &Judged::weight_own, "ratio");
  reals("p_better", &Judged::p_better, "ratio");
  amounts("loss_keep", &Judged::loss_keep_minor);
  amounts("loss_drop", &Judged::loss_drop_minor);
  reals("loss_keep_part", &Judged::loss_keep, "ratio");
  reals("loss_drop_part", &Judged::loss_drop, "ratio");
  texts("verdict",
        [](const Judged& row) { return row.verdict ? std::optional{to_string(*row.verdict)} : std::nullopt; });
  integers("placements_more", &Judged::placements_more);
  amounts("value_of_one_more", &Judged::value_of_one_more_minor);
  reals("gain", &Judged::gain, "ratio");
  reals("e_drop", &Judged::e_drop, "");
  ColumnBuilder& settled = builder.boolean("settled");
  for (const Judged& row : rows) settled.append_boolean(row.settled);
  reals("power", &Judged::power, "ratio");
  texts("why", [](const Judged& row) { return std::string_view{row.why}; });
  for (const auto& [key, value] : meta) builder.meta(key, value);
  return builder.finish();
}

}  // namespace dealtrail::evidence
