#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/attribution/credits.hpp"
#include "dealtrail/attribution/detail/exact_values.hpp"
#include "dealtrail/attribution/detail/journey_parts.hpp"
#include "dealtrail/attribution/detail/touch_weights.hpp"
#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/decimal.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/core/timestamp.hpp"

namespace dealtrail::attribution {

DEALTRAIL_INLINE Table credits(const Journeys& journeys, const CreditRule& rule, const CreditsOptions& options) {
  using namespace detail;
  constexpr std::string_view nobody = "(unattributed)";
  const auto channels = journeys.channels();
  const auto& columns = journeys.columns();
  std::size_t wanted = channels.size();  // the place of the channel that is asked for
  if (options.channel && *options.channel != nobody) {
    wanted = static_cast<std::size_t>(std::find(channels.begin(), channels.end(), *options.channel) - channels.begin());
    if (wanted == channels.size())
      throw Error(ErrorCode::unknown_name, "no journey has the channel \"" + *options.channel + "\"", {},
                  "a name of channels(), or (unattributed)");
  }
  TableBuilder builder{"credits"};
  for (const auto& [name, value] : journeys.meta()) builder.meta(name, value);
  builder.meta("model", rule.model);
  for (const auto& [name, value] : rule.parameters) builder.meta(name, value);
  if (options.channel) builder.meta("channel", *options.channel);
  ColumnBuilder& number = builder.integer("journey");
  ColumnBuilder& subject = subject_column(builder, columns);
  ColumnBuilder& place = builder.integer("place");
  ColumnBuilder& channel = builder.text("channel");
  ColumnBuilder& at = builder.time("at");
  ColumnBuilder& conversions = builder.real("conversions");
  const bool has_values = journeys.size() == 0 ? !journeys.currency().empty() : journeys.has_values();
  ColumnBuilder* const value =
      has_values ? &builder.decimal("value", ExactDecimals::places, std::string{journeys.currency().code()}) : nullptr;
  ColumnBuilder& converted_at = builder.time("converted_at");
  ColumnBuilder* const fact = columns.of == JourneysOf::trail ? &builder.text("fact") : nullptr;

  const ExactDecimals decimals_of{decimals(journeys.currency())};
  struct Part {
    std::int64_t units = 0;
    Decimal value{0, ExactDecimals::places};
  };
  Decimal written{0, ExactDecimals::places};
  std::vector<Part> parts;
  const TouchWeights weights(journeys, rule);
  JourneyParts divided(journeys, rule, weights);
  const auto time_of = [](std::optional<std::int64_t> us) { return us ? std::optional{from_us(*us)} : std::nullopt; };
  std::int64_t row = -1;
  for_each_by_subject(columns, [&](std::size_t journey, std::size_t of) {
    ++row;
    const std::int64_t converted = journeys.conversions(journey);
    const std::int64_t worth = journeys.value_minor(journey);
    if (converted == 0 && worth == 0) return;
    const auto path = journeys.path(journey);
    const auto times = journeys.times_us(journey);
    const auto write = [&](std::optional<std::size_t> touch, const Part& part) {
      number.append_integer(row);
      append_subject(subject, columns, of);
      place.append_integer(touch ? std::optional{static_cast<std::int64_t>(*touch) + 1} : std::nullopt);
      channel.append_text(touch ? std::string_view{channels[path[*touch]]} : nobody);
      at.append_time(touch && !times.empty() ? time_of(times[*touch]) : std::nullopt);
      conversions.append_real(to_conversions(static_cast<CreditUnits>(part.units) * converted));
      if (value != nullptr) value->append_decimal(part.value);
      written.mantissa += part.value.mantissa;
      converted_at.append_time(time_of(journeys.converted_at_us(journey)));
      if (fact != nullptr) fact->append_text(columns.facts[journey]);
    };
    if (path.empty()) {
      if (!options.channel || *options.channel == nobody)
        write(std::nullopt, {units_per_conversion, decimals_of.of_minor(worth)});
      return;
    }
    if (options.channel && std::find(path.begin(), path.end(), wanted) == path.end()) return;
    parts.assign(path.size(), {});
    CreditUnits given = 0;  // of the value, to the touches so far: a part is what it adds, so that all are the value
    divided.divide(journey, path, [&](std::size_t touch, std::int64_t units) {
      const Decimal before = decimals_of.of(given);
      given += static_cast<CreditUnits>(units) * worth;
      parts[touch] = {units, {decimals_of.of(given).mantissa - before.mantissa, ExactDecimals::places}};
    });
    for (std::size_t touch = 0; touch < path.size(); ++touch) {
      if (!options.channel || path[touch] == wanted) write(touch, parts[touch]);
    }
  });
  if (value != nullptr && wanted < channels.size() && number.rows() > 0) {
    // The row of the model is in whole minor units.
    for (const ChannelCredit& one : credit(journeys, rule, {.intervals = false}).channels) {
      if (one.channel != *options.channel) continue;
      const Int128 rest = decimals_of.of_minor(*one.value).mantissa - written.mantissa;
      if (rest == 0) continue;
      for (ColumnBuilder* const column : {&number, &subject, &place, &at, &converted_at, fact}) {
        if (column != nullptr) column->append_null();
      }
      channel.append_text("(rounding)");
      conversions.append_real(0);
      value->append_decimal(Decimal{rest, ExactDecimals::places});
    }
  }
  return builder.finish();
}

}  // namespace dealtrail::attribution
