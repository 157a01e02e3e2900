#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/journeys/detail/journeys_remade.hpp"
#include "dealtrail/journeys/first_conversions.hpp"

// Which journeys stay when each subject converts once.

namespace dealtrail {

namespace detail {

// Of one subject's journeys, the one that converts first.
[[nodiscard]] inline std::size_t first_conversion(const Journeys& journeys, std::size_t begin, std::size_t end) {
  std::size_t first = end;
  for (std::size_t journey = begin; journey < end; ++journey) {
    if (journeys.conversions(journey) == 0) continue;
    const auto at = journeys.converted_at_us(journey);
    if (first == end || (at && (!journeys.converted_at_us(first) || *at < *journeys.converted_at_us(first))))
      first = journey;
  }
  return first;
}

inline void count_problem(std::vector<JourneyProblem>& problems, const char* code, const char* message,
                          std::int64_t count) {
  if (count > 0) problems.push_back({code, "converted", count, message, "ask for all conversions"});
}

}  // namespace detail

DEALTRAIL_INLINE Journeys first_conversions(const Journeys& journeys) {
  using namespace detail;
  const JourneyColumns& in = journeys.columns();
  if (in.of == JourneysOf::nothing) return journeys;
  if (in.of == JourneysOf::paths) {
    throw Error(ErrorCode::invalid_argument, "first conversions are of subjects, and paths have none", {},
                "make the journeys of touches, not of paths");
  }
  for (const auto& [name, said] : in.options)
    if (name == "repeat_conversions") return journeys;
  JourneyColumns out;
  out.of = in.of;
  out.milestone_at.resize(in.milestones.size());
  JourneyWriter writer{out};
  const std::vector<std::uint32_t> places = same_places(in.channels.size());
  std::int64_t repeats = 0;
  std::int64_t after = 0;
  out.subject_first.push_back(0);
  for (std::size_t subject = 0; subject < in.subjects(); ++subject) {
    const std::size_t begin = in.subject_first[subject];
    const std::size_t end = in.subject_first[subject + 1];
    const bool known = in.subject_type != SubjectType::text || !in.subject_texts[subject].empty();
    const std::size_t first = known ? first_conversion(journeys, begin, end) : end;
    const auto until = first == end ? std::nullopt : journeys.converted_at_us(first);
    for (std::size_t journey = begin; journey < end; ++journey) {
      const auto times = journeys.times_us(journey);
      if (first != end && journey != first) {
        if (journeys.conversions(journey) > 0) {
          ++repeats;
          continue;
        }
        if (until && !times.empty() && times.front() >= *until) {
          ++after;
          continue;
        }
      }
      writer.add({in, journey, places});
    }
    out.subject_first.push_back(out.journeys());
  }
  out.subject_type = in.subject_type;
  out.currency = in.currency;
  out.options = in.options;
  out.options.emplace_back("repeat_conversions", "left out");
  out.subject_numbers = in.subject_numbers;
  out.subject_texts = in.subject_texts;
  out.milestones = in.milestones;
  out.rows = in.rows;
  out.problems = in.problems;
  count_problem(out.problems, "repeat_conversion", "conversions after a subject's first are left out", repeats);
  count_problem(out.problems, "after_first_conversion",
                "journeys that begin after a subject's first conversion are left out", after);
  name_channels(out, in.channels);
  return JourneysMaker::of(std::move(out));
}

}  // namespace dealtrail
