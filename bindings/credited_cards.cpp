#include "dealtrail/answers/credited_cards.hpp"

#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/attribution/markov.hpp"
#include "dealtrail/attribution/shao_li.hpp"
#include "dealtrail/attribution/shapley.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

using Lookbacks = std::vector<std::pair<std::string, std::int64_t>>;

Table credited(const SharedTrail& shared, const CardsOptions& cards, const CreditRule* rule, const std::string& model,
               std::string subject, std::optional<std::int64_t> lookback_days, Lookbacks lookback_days_of,
               std::vector<std::string> kinds) {
  const CreditedCardsOptions options{.cards = cards,
                                     .journeys = {.subject = std::move(subject),
                                                  .lookback_days = lookback_days,
                                                  .lookback_days_of = std::move(lookback_days_of),
                                                  .kinds = std::move(kinds)}};
  constexpr CreditOptions quick{.intervals = false};
  return reading(shared, [&](const Trail& trail) {
    if (rule != nullptr) return credited_cards(trail, *rule, options);
    if (model == "shao_li")
      return credited_cards(trail, [&](const Journeys& all) { return attribution::shao_li(all, quick); }, options);
    if (model == "markov")
      return credited_cards(trail, [&](const Journeys& all) { return attribution::markov(all, {}, quick); }, options);
    return credited_cards(
        trail,
        [&](const Journeys& all) { return attribution::shapley(all, attribution::ShapleyOptions{.intervals = false}); },
        options);
  });
}

}  // namespace

void bind_credited_cards(py::module_& module) {
  module.def("credited_cards", &credited, py::arg("trail"), py::arg("cards"), py::arg("rule"), py::arg("model"),
             py::arg("subject"), py::arg("lookback_days"), py::arg("lookback_days_of"), py::arg("kinds"),
             "See dealtrail.attribution.credited_cards.");
}

}  // namespace dealtrail::bindings
