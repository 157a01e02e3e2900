#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/io/csv.hpp"
#include "dealtrail/io/detail/page.hpp"

// A profile after it was read and checked: plain data, made by detail/profile.ipp, used by detail/projector.hpp.
namespace dealtrail::detail {

struct ColumnStep {
  enum class Sort : std::uint8_t { name, index, selector };
  Sort sort = Sort::name;
  std::string name{};   // of the part, or of the selector's key
  std::string value{};  // of a selector
  std::uint32_t index = 0;
  std::uint32_t canonical = no_index;  // of `name`, once bound
};

/// A column as an expression or condition names it.
struct ColumnPath {
  enum class Special : std::uint8_t { none, position, command, element };
  std::string text{};
  std::uint32_t outer = 0;  // leading ^
  Special special = Special::none;
  std::vector<ColumnStep> steps{};
  std::uint32_t whole = no_index;  // the text as one literal name, once bound
};

/// A condition over columns: `bind` gave each test the number of its path.
struct ColumnCondition {
  Condition condition{};
  std::vector<ColumnPath> columns{};
};

enum class Operator : std::uint8_t {
  column,
  constant,
  concat,
  slug,
  map,
  coalesce,
  date,
  time,
  money,
  number,
  mul,
  add
};

/// Exact keys in order of bytes, then patterns in the order written.
struct ValueMap {
  std::vector<std::pair<std::string, Constant>> exact{};
  std::vector<std::pair<std::string, Constant>> patterns{};
};

/// What one in the source is: a rouble, a kopeck, a millionth of a rouble.
enum class MoneyUnit : std::uint8_t { major, minor, micro };

struct Expression {
  Operator op = Operator::column;
  std::vector<Expression> parts{};
  ColumnPath column{};
  Constant constant{};
  std::vector<std::string> empty{};
  std::string separator{};
  bool all = false;  // concat: one missing part makes it null
  bool day = false;  // column: the time of day is cut off
  MoneyUnit unit = MoneyUnit::major;
  std::optional<int> round{};  // digits after the point, half to even
  std::shared_ptr<const ValueMap> map{};
  std::vector<TimeFormat> formats{};
  std::optional<NumberFormat> numbers{};
  std::optional<Zone> zone{};           // of times without an offset; none: the profile's
  std::optional<std::string> prefix{};  // of an id or link; none: the source's
  std::optional<ColumnCondition> when{};
};

struct FieldSetting {
  std::size_t field = 0;
  FieldType type = FieldType::text;
  std::optional<Expression> expression{};
  std::optional<Constant> fallback{};
};

struct OwnSetting {
  std::string name{};
  FieldType type = FieldType::text;
  Expression expression{};
};

struct PutRule {
  Kind kind = Kind::channels;
  std::string name{};
  std::optional<ColumnCondition> when{};
  std::optional<ColumnPath> for_each{};
  std::optional<std::string> split{};  // of a text under for_each; none: at semicolons, with a problem
  std::optional<Expression> id{};
  std::optional<Expression> version{};
  bool stub = false;
  std::vector<FieldSetting> set{};
  std::vector<OwnSetting> own{};
};

struct MethodRule {
  std::string name{};
  std::vector<std::string> files{};
  std::string notes{};
  Envelope envelope{};
  CsvFormat csv{};
  std::optional<ColumnCondition> when{};
  std::vector<PutRule> puts{};
};

struct DeclaredColumn {
  Kind kind = Kind::channels;
  std::string name{};
  FieldType type = FieldType::text;
};

struct ProfileData {
  std::string name{};
  std::string source{};
  std::optional<Zone> zone{};  // none: the Trail's
  Currency currency{};
  std::vector<TimeFormat> times{TimeFormat{}};
  NumberFormat numbers{};
  std::vector<std::string> empty{""};
  std::vector<std::string> empty_links{"0"};
  bool fold_spellings = false;
  std::vector<DeclaredColumn> own{};
  std::vector<MethodRule> methods{};
};

/// Reads a column as it is written: `a.b[0].c`, `f[k=v].x`, `^ID`, `#`, `*`, `.`. Nothing when it is malformed.
[[nodiscard]] inline std::optional<ColumnPath> parse_column(std::string_view text) {
  ColumnPath path;
  path.text = text;
  while (text.starts_with('^')) {
    ++path.outer;
    text.remove_prefix(1);
  }
  if (text.empty()) return std::nullopt;
  if (text == "#") path.special = ColumnPath::Special::position;
  if (text == "*") path.special = ColumnPath::Special::command;
  if (text == ".") path.special = ColumnPath::Special::element;
  if (path.special != ColumnPath::Special::none) return path;
  std::string name;
  const auto end_name = [&] {
    if (!name.empty()) path.steps.push_back({ColumnStep::Sort::name, std::exchange(name, {}), {}, 0, no_index});
  };
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '\\' && i + 1 < text.size()) {
      name += text[++i];
    } else if (c == '.') {
      if (name.empty() && (i == 0 || text[i - 1] != ']')) return std::nullopt;
      if (i + 1 == text.size()) return std::nullopt;
      end_name();
    } else if (c == '[') {
      const std::size_t close = text.find(']', i);
      if (close == std::string_view::npos || (name.empty() && path.steps.empty())) return std::nullopt;
      end_name();
      const std::string_view inside = text.substr(i + 1, close - i - 1);
      const std::size_t equals = inside.find('=');
      ColumnStep step;
      if (equals != std::string_view::npos && equals > 0) {
        step.sort = ColumnStep::Sort::selector;
        step.name = inside.substr(0, equals);
        step.value = inside.substr(equals + 1);
      } else {
        const auto number = parse_integer(inside, NumberFormat{'.', '\0'});
        if (!number || *number < 0 || *number > 1'000'000) return std::nullopt;
        step.sort = ColumnStep::Sort::index;
        step.index = static_cast<std::uint32_t>(*number);
      }
      path.steps.push_back(std::move(step));
      i = close;
    } else {
      name += c;
    }
  }
  end_name();
  return path;
}

}  // namespace dealtrail::detail
