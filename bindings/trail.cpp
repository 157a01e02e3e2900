#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include <pybind11/stl.h>

#include "dealtrail/cards/postings.hpp"
#include "dealtrail/core/detail/names.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/io/outcome_rules.hpp"

#include "bindings.hpp"
#include "cells.hpp"
#include "rows.hpp"
#include "stream.hpp"

namespace dealtrail::bindings {
namespace {

py::str text_of(std::string_view bytes) {
  return py::reinterpret_steal<py::str>(
      PyUnicode_DecodeUTF8(bytes.data(), static_cast<Py_ssize_t>(bytes.size()), "replace"));
}

// Facts of one kind as they came: read with the GIL, put without it.
class Facts {
 public:
  Facts(Kind kind, const py::object& rows) : kind_(kind) {
    if (is_table(rows)) {
      table_.emplace(table_of(rows, std::string{kind_name(kind)}));
    } else {
      dicts_ = std::make_unique<DictRows>(kind, rows);
    }
  }

  PutReport put_into(Trail& trail, bool stub, std::string_view source) const {
    if (table_.has_value()) return trail.put(kind_, *table_, stub, source);
    Trail::Batch batch = trail.batch();
    dicts_->for_each(stub, source, [&](const Draft& draft) { batch.put(draft); });
    return batch.finish();
  }

 private:
  Kind kind_;
  std::optional<TableInput> table_{};
  std::unique_ptr<DictRows> dicts_{};
};

VatBasis vat_named(std::string_view name) { return detail::parse_enum<VatBasis>(vat_basis_names, "VAT basis", name); }

std::unique_ptr<SharedTrail> make_trail(std::string_view currency, const std::string& zone_name,
                                        const std::vector<std::pair<std::int64_t, std::int32_t>>& changes,
                                        std::int32_t initial_offset_s, std::string_view vat, std::int64_t lookback_days,
                                        std::int64_t max_per_key) {
  TrailOptions options;
  options.zone = zone_of(zone_name, changes, initial_offset_s);
  options.vat = vat_named(vat);
  options.lookback_days = lookback_days;
  options.max_per_key = max_per_key;
  return std::make_unique<SharedTrail>(Trail{Currency::from_code(currency), std::move(options)});
}

std::optional<Timestamp> moment_of(const py::object& value, const Zone& zone) {
  if (value.is_none()) return std::nullopt;
  CellReader reader;
  const Datum cell = reader.read(value.ptr(), {}, "as_of", -1);
  // As of a day: the day is in.
  const auto local = [&](std::int64_t us, bool day) {
    return day ? detail::end_of_day(detail::floor_divide(us, us_per_day), zone) : zone.to_utc(us);
  };
  switch (cell.kind()) {
    case DatumKind::null: return std::nullopt;
    case DatumKind::time: return from_us(cell.as_time_us());
    case DatumKind::local_time: return local(cell.as_local_time_us(), cell.is_day());
    case DatumKind::text:
      if (const auto read = TimeFormat{}.read(cell.as_text()))
        return read->local ? local(read->us, read->day) : from_us(read->us);
      throw Error(ErrorCode::parse_error, "as_of is no moment", {{}, "as_of", -1},
                  "2026-03-10 (its end), 2026-03-10T18:00 (in the zone of the Trail) or 2026-03-10T18:00:00+03:00; or "
                  "a datetime");
    default: break;
  }
  throw Error(ErrorCode::type_mismatch, "as_of is no moment", {{}, "as_of", -1}, "a datetime, or a text in ISO 8601");
}

py::object figure(std::optional<std::int64_t> count) {
  return count.has_value() ? py::object(py::int_(*count)) : py::none();
}
py::object figure(std::optional<double> ratio) {
  return ratio.has_value() ? py::object(py::float_(*ratio)) : py::none();
}
py::object figure(const std::optional<Money>& money) {
  return money.has_value() ? to_python(Datum::decimal(money->minor, decimals(money->currency))) : py::none();
}

py::dict dict_of(const Card& card, bool event) {
  const auto optional_text = [](const std::optional<std::string>& text) {
    return text.has_value() ? py::object(text_of(*text)) : py::none();
  };
  py::dict row;
  row["key"] = text_of(card.key);
  row["name"] = optional_text(card.name);
  row["state"] = optional_text(card.state);
  if (event) row["part_of"] = optional_text(card.part_of);
#define DEALTRAIL_COUNT(column, meaning) row[#column] = figure(std::optional{card.column});
#define DEALTRAIL_CAME(column, meaning) row[#column] = figure(card.column);
#define DEALTRAIL_MONEY(column, meaning) row[#column] = figure(card.column);
#define DEALTRAIL_HIDDEN(column, meaning)
#define DEALTRAIL_RATIO(column, plus, minus, over, over2, meaning) row[#column] = figure(card.column);
#include "dealtrail/cards/cards.def"
  return row;
}

PutReport put(SharedTrail& shared, std::string_view kind, const py::object& rows, bool stub, const std::string& source,
              bool strict) {
  const Facts facts{kind_named(kind), rows};
  return writing(shared, [&](Trail& trail) {
    if (!strict) return facts.put_into(trail, stub, source);
    Trail work = trail;
    PutReport report = facts.put_into(work, stub, source);
    if (!report.is_lossy()) trail = std::move(work);
    return report;
  });
}

// What is left out of a preview has nobody to list it, so it is an error.
Table preview(const SharedTrail& shared, const py::dict& rows, const std::string& by, std::string_view view,
              std::string_view clock, const py::object& as_of, std::string_view period) {
  std::vector<Facts> facts;
  for (const auto& [kind, of_kind] : rows)
    facts.emplace_back(kind_named(py::cast<std::string>(kind)), py::reinterpret_borrow<py::object>(of_kind));
  const CardsOptions options = cards_options(shared, by, view, clock, as_of, period);
  return reading(shared, [&](const Trail& trail) {
    Trail later = trail;
    for (const Facts& of_kind : facts) {
      const PutReport report = of_kind.put_into(later, false, {});
      if (report.total().left_out == 0) continue;
      for (const PutProblem& problem : report.problems()) {
        if (!problem.left_out) continue;
        throw Error(ErrorCode::type_mismatch,
                    "a fact to preview cannot be kept (" + problem.first_ids.front() + "): " + problem.message,
                    {std::string{kind_name(problem.kind)}, problem.column, -1}, problem.hint);
      }
    }
    return later.diff(trail, options);
  });
}

Table diff(const SharedTrail& now, const SharedTrail& before, const CardsOptions& now_options,
           const std::optional<CardsOptions>& then_options) {
  const py::gil_scoped_release no_gil;
  std::shared_lock one(now.mutex, std::defer_lock);
  std::shared_lock other(before.mutex, std::defer_lock);
  if (&now == &before) {
    one.lock();
  } else {
    std::lock(one, other);
  }
  return now.trail.diff(before.trail, now_options, then_options);
}

std::vector<std::string> own_columns(const Trail& trail, Kind kind) {
  std::vector<std::string> names;
  for (const auto& own : trail.view().store.of(kind).own) names.push_back(own.name);
  return names;
}

void set_rules(SharedTrail& shared, const std::string& json) {
  writing(shared, [&](Trail& trail) { trail.set_rules(parse_outcome_rules(json, own_columns(trail, Kind::deals))); });
}

py::dict declared(const SharedTrail& shared, std::string_view kind) {
  py::dict types;
  for (const auto& own : shared.trail.view().store.of(kind_named(kind)).own)
    types[text_of(own.name)] = text_of(to_string(own.type));
  return types;
}

FieldType field_type_named(std::string_view name) {
  return detail::parse_enum<FieldType>(field_type_names, "type of column", name);
}

}  // namespace

Zone zone_of(const std::string& name, const std::vector<std::pair<std::int64_t, std::int32_t>>& changes,
             std::int32_t initial_offset_s) {
  if (changes.empty()) return Zone::fixed(initial_offset_s, name);
  std::vector<ZoneTransition> transitions;
  for (const auto& [utc_us, offset_s] : changes) transitions.push_back({utc_us, offset_s});
  return Zone::from_transitions(name, std::move(transitions), initial_offset_s);
}

CardsOptions cards_options(const SharedTrail& shared, std::string by, std::string_view view, std::string_view clock,
                           const py::object& as_of, std::string_view period) {
  CardsOptions options;
  options.by = std::move(by);
  options.view = detail::parse_enum<View>(view_names, "view", view);
  options.clock = detail::parse_enum<Clock>(clock_names, "clock", clock);
  const Zone& zone = shared.trail.options().zone;
  options.as_of = moment_of(as_of, zone);
  if (period.empty()) return options;
  const auto now = options.as_of.has_value() || !period.starts_with("last ")
                       ? options.as_of
                       : reading(shared, [](const Trail& trail) { return trail.now(); });
  options.period = parse_period(period, now, zone);
  return options;
}

void bind_trail(py::module_& module) {
  py::class_<PutReport>(module, "PutReport", "See dealtrail.PutReport.")
      .def_property_readonly("read", [](const PutReport& report) { return report.total().read; })
      .def_property_readonly("put", [](const PutReport& report) { return report.total().put; })
      .def_property_readonly("left_out", [](const PutReport& report) { return report.total().left_out; })
      .def("has", &PutReport::has, py::arg("severity"))
      .def("counts", &PutReport::counts_table)
      .def("problems", &PutReport::problems_table);

  py::class_<CardsOptions>(module, "CardsOptions", "How cards are cut and read; made by Trail.options.");

  py::class_<SharedTrail>(module, "Trail", "See dealtrail.Trail.")
      .def(py::init(&make_trail), py::arg("currency"), py::arg("zone"), py::arg("changes"), py::arg("initial_offset_s"),
           py::arg("vat"), py::arg("lookback_days"), py::arg("max_per_key"))
      .def_static(
          "restore",
          [](const py::bytes& bytes) {
            const std::string_view view = bytes;
            const py::gil_scoped_release no_gil;
            return std::make_unique<SharedTrail>(Trail::restore(view));
          },
          py::arg("snapshot"))
      .def("snapshot",
           [](const SharedTrail& self) {
             return py::bytes(reading(self, [](const Trail& trail) { return trail.snapshot(); }));
           })
      .def("copy",
           [](const SharedTrail& self) {
             return reading(self, [](const Trail& trail) { return std::make_unique<SharedTrail>(Trail{trail}); });
           })
      .def_property_readonly("currency", [](const SharedTrail& self) { return text_of(self.trail.currency().code()); })
      .def_property_readonly("zone", [](const SharedTrail& self) { return text_of(self.trail.options().zone.name()); })
      .def_property_readonly(
          "vat", [](const SharedTrail& self) { return self.trail.options().vat == VatBasis::gross ? "gross" : "net"; })
      .def_property_readonly("lookback_days",
                             [](const SharedTrail& self) { return self.trail.options().lookback_days; })
      .def_property_readonly("max_per_key", [](const SharedTrail& self) { return self.trail.options().max_per_key; })
      .def_property_readonly("now",
                             [](const SharedTrail& self) {
                               const auto latest = reading(self, [](const Trail& trail) { return trail.now(); });
                               return latest.has_value() ? to_python(Datum::time(to_us(*latest))) : py::none();
                             })
      .def("size",
           [](const SharedTrail& self) { return reading(self, [](const Trail& trail) { return trail.size(); }); })
      .def(
          "size_of",
          [](const SharedTrail& self, std::string_view kind) {
            return reading(self, [of = kind_named(kind)](const Trail& trail) { return trail.size(of); });
          },
          py::arg("kind"))
      .def(
          "contains",
          [](const SharedTrail& self, std::string_view kind, std::string_view id) {
            return reading(self, [id, of = kind_named(kind)](const Trail& trail) { return trail.contains(of, id); });
          },
          py::arg("kind"), py::arg("fact"))
      .def("put", &put, py::arg("kind"), py::arg("rows"), py::arg("stub"), py::arg("source"), py::arg("strict"))
      .def(
          "remove",
          [](SharedTrail& self, std::string_view kind, std::string_view id, std::optional<std::int64_t> version) {
            writing(self, [&, of = kind_named(kind)](Trail& trail) { trail.remove(of, id, version); });
          },
          py::arg("kind"), py::arg("fact"), py::arg("version"))
      .def(
          "merge",
          [](SharedTrail& self, std::string_view kind, std::string_view one, std::string_view other,
             std::optional<std::int64_t> version) {
            writing(self, [&, of = kind_named(kind)](Trail& trail) { trail.merge(of, one, other, version); });
          },
          py::arg("kind"), py::arg("one"), py::arg("other"), py::arg("version"))
      .def(
          "declare",
          [](SharedTrail& self, std::string_view kind, std::string_view name, std::string_view type) {
            const FieldType of_type = field_type_named(type);
            writing(self, [&, of = kind_named(kind)](Trail& trail) { trail.declare(of, name, of_type); });
          },
          py::arg("kind"), py::arg("name"), py::arg("column_type"))
      .def("declared", &declared, py::arg("kind"))
      .def("set_rules", &set_rules, py::arg("json"))
      .def("rules",
           [](const SharedTrail& self) {
             return text_of(reading(self, [](const Trail& trail) { return outcome_rules_json(trail.rules()); }));
           })
      .def(
          "options",
          [](const SharedTrail& self, std::string by, std::string_view view, std::string_view clock,
             const py::object& as_of,
             std::string_view period) { return cards_options(self, std::move(by), view, clock, as_of, period); },
          py::arg("by"), py::arg("view"), py::arg("clock"), py::arg("as_of"), py::arg("period"))
      .def(
          "card",
          [](const SharedTrail& self, std::string_view key, std::string_view by) {
            return dict_of(reading(self, [&](const Trail& trail) { return trail.card(key, by); }), by == "event");
          },
          py::arg("key"), py::arg("by"))
      .def(
          "cards",
          [](const SharedTrail& self, const CardsOptions& options) {
            return reading(self, [&](const Trail& trail) { return trail.cards(options); });
          },
          py::arg("options"))
      .def(
          "trace",
          [](const SharedTrail& self, std::string_view key, std::string_view metric, const CardsOptions& options) {
            return reading(self, [&](const Trail& trail) { return trail.trace(key, metric, options); });
          },
          py::arg("key"), py::arg("metric"), py::arg("options"))
      .def("diff", &diff, py::arg("before"), py::arg("now"), py::arg("then"))
      .def("preview", &preview, py::arg("rows"), py::arg("by"), py::arg("view"), py::arg("clock"), py::arg("as_of"),
           py::arg("period"))
      .def(
          "goals",
          [](const SharedTrail& self, const CardsOptions& options) {
            return reading(self, [&](const Trail& trail) { return trail.goals(options); });
          },
          py::arg("options"))
      .def(
          "timeline",
          [](const SharedTrail& self, std::string_view kind, std::string_view id) {
            return reading(self, [&, of = kind_named(kind)](const Trail& trail) { return trail.timeline(of, id); });
          },
          py::arg("kind"), py::arg("fact"))
      .def("findings",
           [](const SharedTrail& self) { return reading(self, [](const Trail& trail) { return trail.findings(); }); })
      .def(
          "table",
          [](const SharedTrail& self, std::string_view kind) {
            return reading(self, [of = kind_named(kind)](const Trail& trail) { return trail.table(of); });
          },
          py::arg("kind"));
}

}  // namespace dealtrail::bindings
