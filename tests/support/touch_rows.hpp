#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/journeys/journeys.hpp"
#include "dealtrail/table/stream.hpp"

#include "table/arrow_arrays.hpp"

// Tables of touches and of paths, written row by row.
namespace dealtrail::testing {

struct TouchRow {
  std::optional<std::string> subject;
  std::optional<std::int64_t> at;
  std::optional<std::string> channel;
  int converted = 0;
  std::int64_t value = 0;  // roubles
};

inline TableInput table_of(const std::vector<TouchRow>& rows, const std::string& format = "u") {
  std::vector<std::optional<std::string>> subjects;
  std::vector<std::optional<std::string>> channels;
  std::vector<std::int64_t> times;
  std::vector<int> timed;
  std::vector<int> converted;
  std::vector<std::int64_t> values;
  for (const TouchRow& row : rows) {
    subjects.push_back(row.subject);
    channels.push_back(row.channel);
    times.push_back(row.at.value_or(0));
    timed.push_back(row.at ? 1 : 0);
    converted.push_back(row.converted);
    values.push_back(row.value);
  }
  const test::Node whole = test::batch(
      {test::texts(format, subjects).named("subject"), test::numbers<std::int64_t>("tsu:UTC", times, timed).named("at"),
       test::texts("u", channels).named("channel"), test::booleans(converted).named("won"),
       test::numbers<std::int64_t>("l", values).named("paid")});
  std::vector<OwnedArray> batches;
  batches.push_back(test::make_array(whole));
  return TableInput::from_batches(test::make_schema(whole), std::move(batches), "touches");
}

inline const TouchOptions with_values{.converted = "won", .value = "paid", .currency = RUB};

struct PathRow {
  std::string path;  // channels with ">" between them
  std::int64_t conversions = 1;
  std::int64_t nulls = 0;
  std::int64_t value = 0;  // roubles
};

[[nodiscard]] inline Journeys journeys_of(const std::vector<PathRow>& rows) {
  std::vector<std::optional<std::string>> paths;
  std::vector<std::int64_t> conversions;
  std::vector<std::int64_t> nulls;
  std::vector<std::int64_t> values;
  for (const PathRow& row : rows) {
    paths.push_back(row.path);
    conversions.push_back(row.conversions);
    nulls.push_back(row.nulls);
    values.push_back(row.value);
  }
  const test::Node whole = test::batch({test::texts("u", paths).named("path"),
                                        test::numbers<std::int64_t>("l", conversions).named("conversions"),
                                        test::numbers<std::int64_t>("l", nulls).named("nulls"),
                                        test::numbers<std::int64_t>("l", values).named("value")});
  std::vector<OwnedArray> batches;
  batches.push_back(test::make_array(whole));
  return Journeys::from_paths(TableInput::from_batches(test::make_schema(whole), std::move(batches), "paths"),
                              {.nulls = "nulls", .value = "value", .currency = RUB});
}

[[nodiscard]] inline Journeys journeys_of(const std::vector<TouchRow>& rows) {
  return Journeys::from_touches(table_of(rows), with_values);
}

}  // namespace dealtrail::testing
