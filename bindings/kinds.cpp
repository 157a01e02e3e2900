#include "dealtrail/facts/kinds.hpp"

#include <string>

#include "dealtrail/cards/metrics.hpp"
#include "dealtrail/core/detail/names.hpp"

#include "bindings.hpp"

namespace dealtrail::bindings {
namespace {

py::str text(std::string_view view) { return py::str{view.data(), view.size()}; }

py::list choices_of(const FieldInfo& field) {
  py::list choices;
  for (std::int64_t place = 0;; ++place) {
    const std::string_view choice = choice_text(field.choices, place);
    if (choice.empty()) return choices;
    choices.append(text(choice));
  }
}

std::string_view need_name(Need need) {
  return need == Need::needed ? "needed" : need == Need::optional ? "optional" : "defaulted";
}

py::list describe_kinds() {
  py::list described;
  for (const KindInfo& kind : kinds) {
    py::list fields;
    for (const FieldInfo& field : kind.fields) {
      py::dict of;
      of["name"] = text(field.name);
      of["type"] = text(to_string(field.type));
      of["need"] = text(need_name(field.need));
      of["day"] = field.type != FieldType::time ? "" : field.day == DayEdge::end ? "end" : "begin";
      of["target"] = field.type == FieldType::link ? py::object(text(kind_name(field.target))) : py::none();
      of["choices"] = choices_of(field);
      of["meaning"] = text(field.meaning);
      fields.append(of);
    }
    py::dict of;
    of["name"] = text(kind.name);
    of["struct_name"] = text(kind.struct_name);
    of["meaning"] = text(kind.meaning);
    of["fields"] = fields;
    described.append(of);
  }
  return described;
}

py::list describe_card() {
  py::list columns;
  for (const CardColumn& column : card_columns) {
    const auto sum = [](Metric metric) {
      return metric == Metric::nothing ? py::object(py::none()) : text(to_string(metric));
    };
    const bool is_ratio = column.sort == ColumnRole::ratio;
    const bool is_hidden = column.sort == ColumnRole::hidden;
    py::dict of;
    of["name"] = text(column.name);
    of["sort"] = is_ratio ? "ratio" : is_money(column.metric) ? "money" : "count";
    of["shown"] = !is_hidden;
    of["plus"] = sum(column.plus);
    of["minus"] = sum(column.minus);
    of["over"] = sum(column.over);
    of["over2"] = sum(column.over2);
    of["per"] = is_ratio && is_money(column.plus) && !is_money(column.over);  // money for one of something
    of["meaning"] = text(column.meaning);
    columns.append(of);
  }
  return columns;
}

}  // namespace

Kind kind_named(std::string_view name) {
  if (const auto kind = find_kind(name)) return *kind;
  std::vector<std::string_view> names;
  for (const KindInfo& kind : kinds) names.push_back(kind.name);
  throw Error(ErrorCode::unknown_name, "unknown kind of fact \"" + std::string{name.substr(0, 64)} + "\"", {},
              detail::valid_names(name, names));
}

void bind_kinds(py::module_& module) {
  module.def("describe_kinds", &describe_kinds, "Every kind of fact with its fields, as declared.");
  module.def("describe_card", &describe_card, "The figures of a card, in order.");
}

}  // namespace dealtrail::bindings
