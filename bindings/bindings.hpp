#pragma once

#include <cstdint>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/pybind11.h>

#include "dealtrail/guests/guests.hpp"
#include "dealtrail/trail/trail.hpp"

// What the files of dealtrail._core share. Arguments are checked and documented in python/dealtrail; here they are
// converted.
namespace dealtrail::bindings {

namespace py = pybind11;

/// A Trail as Python threads see it: any number read, one writes. The lock is taken only without the GIL and nothing
/// that needs Python runs under it, so the two cannot wait for each other.
struct SharedTrail {
  explicit SharedTrail(Trail made) : trail(std::move(made)) {}
  Trail trail;
  mutable std::shared_mutex mutex{};
};

template <class Work>
auto reading(const SharedTrail& shared, Work&& work) {
  const py::gil_scoped_release no_gil;
  const std::shared_lock lock(shared.mutex);
  return work(shared.trail);
}

template <class Work>
auto writing(SharedTrail& shared, Work&& work) {
  const py::gil_scoped_release no_gil;
  const std::unique_lock lock(shared.mutex);
  return work(shared.trail);
}

/// @throws Error unknown_name with the closest kind and all of them.
[[nodiscard]] Kind kind_named(std::string_view name);
/// A zone as python/dealtrail/_zone.py tells it: name, changes, seconds ahead of UTC before the first.
[[nodiscard]] Zone zone_of(const std::string& name, const std::vector<std::pair<std::int64_t, std::int32_t>>& changes,
                           std::int32_t initial_offset_s);
/// @throws Error unknown_name for a view or clock, parse_error for a period, type_mismatch for a moment that is none.
[[nodiscard]] CardsOptions cards_options(const SharedTrail& shared, std::string by, std::string_view view,
                                         std::string_view clock, const py::object& as_of, std::string_view period);

void bind_attribution(py::module_& module);
void bind_budget(py::module_& module);
void bind_build_table(py::module_& module);
void bind_card_parts(py::module_& module);
void bind_cohort(py::module_& module);
void bind_credited_cards(py::module_& module);
/// How guests are gathered, from the options of cards.
[[nodiscard]] GuestsOptions guests_options(const CardsOptions& options);

void bind_errors(py::module_& module);
void bind_evidence(py::module_& module);
void bind_exits(py::module_& module);
void bind_finance(py::module_& module);
void bind_funnel(py::module_& module);
void bind_journeys(py::module_& module);
void bind_identity(py::module_& module);
void bind_kinds(py::module_& module);
void bind_load(py::module_& module);
void bind_markov(py::module_& module);
void bind_pace(py::module_& module);
void bind_path_transforms(py::module_& module);
void bind_priority(py::module_& module);
void bind_reconcile(py::module_& module);
void bind_shapley(py::module_& module);
void bind_sources(py::module_& module);
void bind_table(py::module_& module);
void bind_trail(py::module_& module);

}  // namespace dealtrail::bindings
