#pragma once

#include <algorithm>
#include <cstddef>
#include <vector>

#include "dealtrail/journeys/detail/journey_columns.hpp"
#include "dealtrail/table/table.hpp"

// The order in which tables show journeys, and their subjects in a column: journeys have the same numbers in all of
// them.
namespace dealtrail::detail {

// Journeys by subject, then in their own order.
[[nodiscard]] inline std::vector<std::size_t> subjects_by_name(const JourneyColumns& columns) {
  std::vector<std::size_t> order(columns.subjects());
  for (std::size_t i = 0; i < order.size(); ++i) order[i] = i;
  std::sort(order.begin(), order.end(), [&](std::size_t lhs, std::size_t rhs) {
    if (columns.subject_type == SubjectType::integer)
      return columns.subject_numbers[lhs] < columns.subject_numbers[rhs];
    return columns.subject_texts[lhs] < columns.subject_texts[rhs];
  });
  return order;
}

// Calls `visit(journey, subject)` in that order; subject is beyond the last one for paths.
template <class Visit>
void for_each_by_subject(const JourneyColumns& columns, Visit&& visit) {
  if (columns.subject_type == SubjectType::none) {
    for (std::size_t journey = 0; journey < columns.journeys(); ++journey) visit(journey, std::size_t{0});
    return;
  }
  for (const std::size_t subject : subjects_by_name(columns)) {
    for (std::size_t journey = columns.subject_first[subject]; journey < columns.subject_first[subject + 1]; ++journey)
      visit(journey, subject);
  }
}

inline ColumnBuilder& subject_column(TableBuilder& builder, const JourneyColumns& columns) {
  return columns.subject_type == SubjectType::integer ? builder.integer("subject") : builder.text("subject");
}
inline void append_subject(ColumnBuilder& column, const JourneyColumns& columns, std::size_t subject) {
  switch (columns.subject_type) {
    case SubjectType::integer: return column.append_integer(columns.subject_numbers[subject]);
    case SubjectType::text:
      if (columns.subject_texts[subject].empty()) return column.append_null();
      return column.append_text(columns.subject_texts[subject]);
    case SubjectType::none: return column.append_null();
  }
}

}  // namespace dealtrail::detail
