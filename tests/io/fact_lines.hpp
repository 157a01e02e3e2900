#pragma once

#include <string>
#include <string_view>
#include <vector>

#include <dealtrail/io/read_facts.hpp>

namespace dealtrail::testing_io {

inline std::string shown(const Datum& value) {
  switch (value.kind()) {
    case DatumKind::null: return "null";
    case DatumKind::text: return std::string(value.as_text());
    case DatumKind::integer: return std::to_string(value.as_integer());
    case DatumKind::real: return std::to_string(value.as_real());
    case DatumKind::boolean: return value.as_boolean() ? "true" : "false";
    case DatumKind::time: return "utc:" + std::to_string(value.as_time_us());
    case DatumKind::local_time: return "local:" + std::to_string(value.as_local_time_us());
    case DatumKind::decimal: return to_text(value.as_decimal());
  }
  return {};
}

/// "deals s:1 v5 stub | amount=12.50 | own.city=X": one line a fact.
inline std::string line_of(const Draft& draft) {
  std::string line = std::string(kind_name(draft.kind())) + " " + draft.id;
  if (draft.version) line += " v" + std::to_string(*draft.version);
  if (draft.stub) line += " stub";
  const auto fields = fields_of(draft.kind());
  for (std::size_t i = 0; i < fields.size(); ++i) {
    if (!draft[i].is_null()) line += " | " + std::string(fields[i].name) + "=" + shown(draft[i]);
  }
  for (const auto& [name, value] : draft.own()) line += " | own." + std::string(name) + "=" + shown(value);
  return line;
}

struct Reading {
  std::vector<std::string> lines{};
  ReadReport report{};

  [[nodiscard]] std::string problem(std::string_view code) const {
    for (const ReadProblem& each : report.problems) {
      if (each.code != code) continue;
      std::string text = each.kind + "." + each.column + " x" + std::to_string(each.count);
      for (const auto& value : each.first_values) text += " '" + value + "'";
      return text;
    }
    return {};
  }
};

inline Reading read_text(const Profile& profile, const std::string& name, std::string_view text,
                         const ReadOptions& options = {}) {
  Reading result;
  const FactSource source = FactSource::text(name, text);
  result.report =
      read_facts({&source, 1}, profile, [&](const Draft& draft) { result.lines.push_back(line_of(draft)); }, options);
  return result;
}

}  // namespace dealtrail::testing_io
