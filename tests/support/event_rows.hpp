#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/table/stream.hpp"

#include "table/arrow_arrays.hpp"

// Tables of events of subjects, written row by row.
namespace dealtrail::testing {

struct EventRow {
  std::optional<std::string> subject{};
  std::optional<std::int64_t> at{};  // microseconds UTC
  std::optional<std::string> event{};
  std::optional<std::string> group{};
  std::int64_t value = 0;  // whole units
  std::optional<std::int64_t> birth{};
};

enum class SubjectForm : std::uint8_t { text, number };  // number: the subjects are numbers in text

/// Columns subject, at, event, group, value, birth; `batches` of about equal length.
inline TableInput event_table(const std::vector<EventRow>& rows, SubjectForm form = SubjectForm::text,
                              std::size_t batches = 1, const std::string& time_format = "tsu:UTC") {
  std::vector<OwnedArray> made;
  OwnedSchema schema;
  for (std::size_t batch = 0; batch < batches; ++batch) {
    std::vector<std::optional<std::string>> subjects;
    std::vector<std::optional<std::string>> events;
    std::vector<std::optional<std::string>> groups;
    std::vector<std::int64_t> numbers;
    std::vector<int> numbered;
    std::vector<std::int64_t> times;
    std::vector<int> timed;
    std::vector<std::int64_t> values;
    std::vector<std::int64_t> births;
    std::vector<int> born;
    for (std::size_t i = rows.size() * batch / batches; i < rows.size() * (batch + 1) / batches; ++i) {
      const EventRow& row = rows[i];
      subjects.push_back(row.subject);
      numbers.push_back(form == SubjectForm::number && row.subject ? std::stoll(*row.subject) : 0);
      numbered.push_back(row.subject ? 1 : 0);
      times.push_back(row.at.value_or(0));
      timed.push_back(row.at ? 1 : 0);
      events.push_back(row.event);
      groups.push_back(row.group);
      values.push_back(row.value);
      births.push_back(row.birth.value_or(0));
      born.push_back(row.birth ? 1 : 0);
    }
    const test::Node subject =
        form == SubjectForm::text ? test::texts("u", subjects) : test::numbers<std::int64_t>("l", numbers, numbered);
    const test::Node whole =
        test::batch({subject.named("subject"), test::numbers<std::int64_t>(time_format, times, timed).named("at"),
                     test::texts("u", events).named("event"), test::texts("u", groups).named("group"),
                     test::numbers<std::int64_t>("l", values).named("value"),
                     test::numbers<std::int64_t>("tsu:UTC", births, born).named("birth")});
    if (batch == 0) schema = test::make_schema(whole);
    made.push_back(test::make_array(whole));
  }
  return TableInput::from_batches(std::move(schema), std::move(made), "events");
}

}  // namespace dealtrail::testing
