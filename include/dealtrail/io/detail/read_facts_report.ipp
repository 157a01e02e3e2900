#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/io/read_facts.hpp"

namespace dealtrail {

DEALTRAIL_INLINE bool ReadReport::incomplete() const {
  return std::any_of(problems.begin(), problems.end(), [](const ReadProblem& problem) {
    return problem.code == "truncated_dump" || problem.code == "source_error" || problem.code == "page_refused";
  });
}

DEALTRAIL_INLINE std::string_view ReadProblem::severity() const noexcept {
  for (const std::string_view lost : {"missing_id", "not_a_record", "truncated_dump", "source_error", "page_refused"}) {
    if (code == lost) return "error";
  }
  for (const std::string_view notice : {"id_as_real", "empty_file", "method_without_file"}) {
    if (code == notice) return "info";
  }
  return "warning";
}

DEALTRAIL_INLINE Table ReadReport::files_table() const {
  TableBuilder builder{"files"};
  auto& file = builder.text("file");
  auto& method = builder.text("method");
  auto& state = builder.text("state");
  auto& page_count = builder.integer("pages");
  auto& record_count = builder.integer("records");
  auto& skipped = builder.integer("skipped");
  auto& facts = builder.integer("facts");
  auto& reason = builder.text("reason");
  for (const FileReport& each : files) {
    file.append_text(each.file);
    method.append_text(each.method);
    state.append_text(to_string(each.state));
    page_count.append_integer(static_cast<std::int64_t>(each.pages));
    record_count.append_integer(static_cast<std::int64_t>(each.records));
    skipped.append_integer(static_cast<std::int64_t>(each.skipped));
    facts.append_integer(static_cast<std::int64_t>(each.facts));
    reason.append_text(each.reason);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table ReadReport::methods_table() const {
  struct MethodSums {
    std::array<std::uint64_t, 4> states{};
    FileReport counts{};
  };
  std::map<std::string, MethodSums> methods;
  for (const FileReport& each : files) {
    MethodSums& sums = methods[each.method.empty() ? "(none)" : each.method];
    ++sums.states[static_cast<std::size_t>(each.state)];
    sums.counts.pages += each.pages;
    sums.counts.records += each.records;
    sums.counts.skipped += each.skipped;
    sums.counts.facts += each.facts;
  }
  TableBuilder builder{"methods"};
  auto& method = builder.text("method");
  std::vector<ColumnBuilder*> states;
  for (const auto state :
       {FileReport::State::read, FileReport::State::empty, FileReport::State::unused, FileReport::State::refused}) {
    states.push_back(&builder.integer(std::string(to_string(state))));
  }
  auto& page_count = builder.integer("pages");
  auto& record_count = builder.integer("records");
  auto& skipped = builder.integer("skipped");
  auto& facts = builder.integer("facts");
  for (const auto& [name, sums] : methods) {
    method.append_text(name);
    for (std::size_t i = 0; i < states.size(); ++i)
      states[i]->append_integer(static_cast<std::int64_t>(sums.states[i]));
    page_count.append_integer(static_cast<std::int64_t>(sums.counts.pages));
    record_count.append_integer(static_cast<std::int64_t>(sums.counts.records));
    skipped.append_integer(static_cast<std::int64_t>(sums.counts.skipped));
    facts.append_integer(static_cast<std::int64_t>(sums.counts.facts));
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table ReadReport::problems_table() const {
  TableBuilder builder{"problems"};
  auto& code = builder.text("code");
  auto& severity = builder.text("severity");
  auto& method = builder.text("method");
  auto& kind = builder.text("kind");
  auto& column = builder.text("column");
  auto& count = builder.integer("count");
  auto& first_ids = builder.text("first_ids");
  auto& first_values = builder.text("first_values");
  auto& message = builder.text("message");
  auto& hint = builder.text("hint");
  for (const ReadProblem& each : problems) {
    code.append_text(each.code);
    severity.append_text(each.severity());
    method.append_text(each.method);
    kind.append_text(each.kind);
    column.append_text(each.column);
    count.append_integer(static_cast<std::int64_t>(each.count));
    first_ids.append_text(detail::joined(each.first_ids));
    first_values.append_text(detail::joined(each.first_values));
    message.append_text(each.message);
    hint.append_text(each.hint);
  }
  return builder.finish();
}

DEALTRAIL_INLINE Table ReadReport::columns_table() const {
  TableBuilder builder{"columns_not_read"};
  auto& method = builder.text("method");
  auto& column = builder.text("column");
  auto& count = builder.integer("count");
  for (const Column& each : columns_not_read) {
    method.append_text(each.method);
    column.append_text(each.column);
    count.append_integer(static_cast<std::int64_t>(each.count));
  }
  return builder.finish();
}

}  // namespace dealtrail
