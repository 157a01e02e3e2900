#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/answers/identities.hpp"
#include "dealtrail/core/email.hpp"
#include "dealtrail/core/inn.hpp"
#include "dealtrail/core/phone.hpp"
#include "dealtrail/identity/placeholders.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {

void bind_identity(py::module_& module) {
  module.def(
      "identities",
      [](const SharedTrail& shared, std::string_view kind) {
        const Kind of = kind_named(kind);
        return reading(shared, [&](const Trail& trail) { return identities(trail, of); });
      },
      py::arg("trail"), py::arg("kind"), "See dealtrail.identity.identities.");
  module.def(
      "explain_identity",
      [](const SharedTrail& shared, std::string_view kind, const std::string& one, const std::string& other) {
        const Kind of = kind_named(kind);
        return reading(shared, [&](const Trail& trail) { return explain_identity(trail, of, one, other); });
      },
      py::arg("trail"), py::arg("kind"), py::arg("one"), py::arg("other"), "See dealtrail.identity.explain.");
  module.def(
      "identity_review",
      [](const SharedTrail& shared, std::string_view kind) {
        const Kind of = kind_named(kind);
        return reading(shared, [&](const Trail& trail) { return identity_review(trail, of); });
      },
      py::arg("trail"), py::arg("kind"), "See dealtrail.identity.review.");
  module.def("normalise_phone", &normalise_phone, py::arg("text"), "See dealtrail.identity.normalise_phone.");
  module.def(
      "normalise_email",
      [](std::string_view text, bool fold_gmail) { return normalise_email(text, {.fold_gmail = fold_gmail}); },
      py::arg("text"), py::arg("fold_gmail"), "See dealtrail.identity.normalise_email.");
  module.def("is_placeholder", &is_placeholder, py::arg("text"), "See dealtrail.identity.placeholders.");
  module.def(
      "placeholders",
      [] {
        std::vector<std::pair<std::string_view, std::string_view>> all;
        for (const Placeholder& one : placeholders) all.emplace_back(one.kind, one.value);
        return all;
      },
      "See dealtrail.identity.placeholders.");
  module.def("normalise_inn", &normalise_inn, py::arg("text"), "See dealtrail.identity.normalise_inn.");
  module.def("inn_valid", &inn_valid, py::arg("digits"), "See dealtrail.identity.inn_valid.");
}

}  // namespace dealtrail::bindings
