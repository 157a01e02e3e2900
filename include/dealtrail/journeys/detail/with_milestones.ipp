#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/parse_time.hpp"
#include "dealtrail/journeys/detail/journeys_remade.hpp"
#include "dealtrail/journeys/with_milestones.hpp"
#include "dealtrail/table/column.hpp"

// Milestones of a second table, joined to journeys by subject and time.

namespace dealtrail {

namespace detail {

// The place of a subject among those of the journeys, or how many there are.
[[nodiscard]] inline std::size_t find_subject(const JourneyColumns& columns, const Datum& subject) {
  JourneyColumns one;
  one.subject_type = columns.subject_type;
  if (columns.subject_type == SubjectType::integer) {
    one.subject_numbers.push_back(subject.as_integer());
  } else {
    one.subject_texts.push_back(subject.as_text());
  }
  std::size_t begin = 0;
  std::size_t end = columns.subjects();
  while (begin < end) {
    const std::size_t middle = begin + (end - begin) / 2;
    if (subject_order(columns, middle, one, 0) < 0) {
      begin = middle + 1;
    } else {
      end = middle;
    }
  }
  return begin < columns.subjects() && subject_order(columns, begin, one, 0) == 0 ? begin : columns.subjects();
}

struct ReachedMilestone {
  std::size_t subject;
  std::size_t kind;
  std::int64_t at;
  friend auto operator<=>(const ReachedMilestone&, const ReachedMilestone&) = default;
};

inline void check_milestone_kinds(const std::vector<std::string>& kinds) {
  const auto refuse = [](const std::string& why) {
    throw Error(ErrorCode::invalid_argument, why, {}, "for example lead_created and deal_created");
  };
  if (kinds.empty()) refuse("no kind of milestone is named");
  for (auto kind = kinds.begin(); kind != kinds.end(); ++kind) {
    if (kind->empty() || *kind == "first" || *kind == "last") refuse("no kind of milestone: \"" + *kind + '"');
    if (std::find(kinds.begin(), kind, *kind) != kind) refuse("a kind of milestone is named twice: " + *kind);
  }
}

// A cell of times: a text that is one as that, without a zone of UTC; another text as it is.
[[nodiscard]] inline Datum time_of(const Datum& cell) {
  if (cell.kind() != DatumKind::text) return cell;
  if (cell.as_text().empty()) return Datum::null();
  const auto read = TimeFormat{}.read(cell.as_text());
  return read ? Datum::time(read->us) : cell;
}

// The rows that can be used, and what is said of the others.
[[nodiscard]] inline std::vector<ReachedMilestone> reached_milestones(const JourneyColumns& journeys,
                                                                      const TableInput& table,
                                                                      const MilestoneColumns& names,
                                                                      std::vector<JourneyProblem>& problems) {
  const auto reader = [&](const std::string& name, std::initializer_list<ColumnType> types) {
    table.schema().require({RequiredColumn{name, types}});
    return ColumnReader{table, name};
  };
  const ColumnReader subjects =
      journeys.subjects() == 0
          ? reader(names.subject, {ColumnType::integer, ColumnType::text})
          : reader(names.subject,
                   {journeys.subject_type == SubjectType::integer ? ColumnType::integer : ColumnType::text});
  const ColumnReader kinds = reader(names.kind, {ColumnType::text});
  const ColumnReader times =
      reader(names.at, {ColumnType::time, ColumnType::local_time, ColumnType::date, ColumnType::text});
  std::array<JourneyProblem, 6> troubles{
      {{"milestone_without_subject", names.subject, 0, "milestones without a subject are left out", "fill it"},
       {"milestone_without_kind", names.kind, 0, "milestones without a kind are left out", "fill it"},
       {"milestone_without_time", names.at, 0, "milestones without a time are left out", "fill it"},
       {"bad_time", names.at, 0, "milestones whose time is not ISO 8601 are left out",
        "write 2026-03-14T10:00:00+03:00"},
       {"other_milestone", names.kind, 0, "milestones of kinds that were not asked for are left out", "name them"},
       {"milestone_of_nobody", names.subject, 0, "milestones of subjects without touches are left out",
        "check that both tables name subjects alike"}}};
  std::vector<ReachedMilestone> reached;
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    const Datum subject = subjects.read(row);
    const Datum kind = kinds.read(row);
    const Datum at = time_of(times.read(row));
    const auto trouble = [&](std::size_t which) {
      ++troubles[which].count;
      if (troubles[which].first_rows.size() < 5) troubles[which].first_rows.push_back("row " + std::to_string(row));
    };
    if (subject.is_null() || (subject.kind() == DatumKind::text && subject.as_text().empty())) {
      trouble(0);
    } else if (kind.is_null() || kind.as_text().empty()) {
      trouble(1);
    } else if (at.is_null()) {
      trouble(2);
    } else if (at.kind() == DatumKind::text) {
      trouble(3);
    } else if (const auto named = std::find(names.kinds.begin(), names.kinds.end(), kind.as_text());
               named == names.kinds.end()) {
      trouble(4);
    } else if (const std::size_t whose = journeys.subjects() == 0 ? 0 : find_subject(journeys, subject);
               whose == journeys.subjects()) {
      trouble(5);
    } else {
      reached.push_back({whose, static_cast<std::size_t>(named - names.kinds.begin()),
                         at.kind() == DatumKind::time ? at.as_time_us() : at.as_local_time_us()});
    }
  }
  for (JourneyProblem& note : troubles) {
    if (note.count > 0) problems.push_back(std::move(note));
  }
  std::sort(reached.begin(), reached.end());
  return reached;
}

}  // namespace detail

DEALTRAIL_INLINE Journeys with_milestones(const Journeys& journeys, const TableInput& table,
                                          const MilestoneColumns& columns) {
  using namespace detail;
  const JourneyColumns& in = journeys.columns();
  if (in.of != JourneysOf::touches || !in.milestones.empty()) {
    throw Error(ErrorCode::invalid_argument, "milestones are given to journeys of a table of touches, once", {},
                "journeys of a Trail have those of its deals; paths have no subjects");
  }
  check_milestone_kinds(columns.kinds);
  JourneyColumns out = in;
  const std::vector<ReachedMilestone> reached = reached_milestones(in, table, columns, out.problems);
  out.milestones = columns.kinds;
  out.milestone_at.resize(columns.kinds.size());
  for (auto& times : out.milestone_at) times.assign(in.journeys(), null_cell);
  std::string names;
  for (const std::string& kind : columns.kinds) names += (names.empty() ? "" : ", ") + kind;
  out.options.emplace_back("milestones", names);
  for (std::size_t subject = 0; subject < in.subjects(); ++subject) {
    std::int64_t before = std::numeric_limits<std::int64_t>::min();  // the conversion before, not included
    for (std::size_t journey = in.subject_first[subject]; journey < in.subject_first[subject + 1]; ++journey) {
      const auto converted_at = journeys.converted_at_us(journey);
      if (!converted_at) continue;
      for (std::size_t kind = 0; kind < columns.kinds.size(); ++kind) {
        const auto first = std::upper_bound(reached.begin(), reached.end(), ReachedMilestone{subject, kind, before});
        if (first != reached.end() && first->subject == subject && first->kind == kind && first->at <= *converted_at)
          out.milestone_at[kind][journey] = first->at;
      }
      before = *converted_at;
    }
  }
  return JourneysMaker::of(std::move(out));
}

}  // namespace dealtrail
