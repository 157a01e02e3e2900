#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include "dealtrail/core/detail/enum_names.hpp"

namespace dealtrail {

/// Every kind of fact, in the order of their declaration (`facts/kinds/*.def`).
enum class Kind : std::uint8_t {
#define DEALTRAIL_KIND(kind, Struct, meaning) kind,
#define DEALTRAIL_FIELD(type, name, need, meaning)
#define DEALTRAIL_LINK(name, target, need, meaning)
#define DEALTRAIL_CHOICE(name, need, choices, meaning)
#define DEALTRAIL_END
#include "dealtrail/facts/kinds.def"
};

/// What a field holds. Money is whole minor units of its row's currency, time is microseconds UTC, decimal has nine
/// places, a link holds the id of a fact of the target kind.
enum class FieldType : std::uint8_t { text, integer, real, boolean, time, money, decimal, choice, link };

/// Whether a row may come without the field. `defaulted`: a closed choice whose first value stands for "not said".
enum class Need : std::uint8_t { needed, optional, defaulted };

/// What a date without a time is in a field: the first moment of its day, or the last.
enum class DayEdge : std::uint8_t { begin, end };

/// What is known of a field at run time; readers, writers, schemas and docs loop over these.
struct FieldInfo {
  std::string_view name;
  FieldType type;
  Kind target;  // of a link; else meaningless
  Need need;
  std::string_view choices;  // "a/b/c" of a choice; else empty
  std::string_view meaning;
  DayEdge day = DayEdge::begin;  // of a time
};

/// The place of each field within its kind: `fields::deals::amount`.
namespace fields {
#define DEALTRAIL_KIND(kind, Struct, meaning) \
  namespace kind {                            \
  enum Index : std::uint32_t {
#define DEALTRAIL_FIELD(type, name, need, meaning) name,
#define DEALTRAIL_LINK(name, target, need, meaning) name,
#define DEALTRAIL_CHOICE(name, need, choices, meaning) name,
#define DEALTRAIL_END \
  }                   \
  ;                   \
  }
#include "dealtrail/facts/kinds.def"
}  // namespace fields

namespace detail {
#define DEALTRAIL_KIND(kind, Struct, meaning) inline constexpr FieldInfo kind##_fields[] = {
#define DEALTRAIL_FIELD(type, name, need, meaning) {#name, FieldType::type, Kind{}, Need::need, "", meaning},
#define DEALTRAIL_TIME(name, need, edge, meaning) \
  {#name, FieldType::time, Kind{}, Need::need, "", meaning, DayEdge::edge},
#define DEALTRAIL_LINK(name, target, need, meaning) {#name, FieldType::link, Kind::target, Need::need, "", meaning},
#define DEALTRAIL_CHOICE(name, need, choices, meaning) {#name, FieldType::choice, Kind{}, Need::need, choices, meaning},
#define DEALTRAIL_END \
  }                   \
  ;
#include "dealtrail/facts/kinds.def"
}  // namespace detail

/// What is known of a kind at run time.
struct KindInfo {
  std::string_view name;         // "deals": table name, the same in C++, Python, SQL
  std::string_view struct_name;  // "Deal": its typed face
  std::string_view meaning;
  std::span<const FieldInfo> fields;
};

inline constexpr KindInfo kinds[] = {
#define DEALTRAIL_KIND(kind, Struct, meaning) {#kind, #Struct, meaning, detail::kind##_fields},
#define DEALTRAIL_FIELD(type, name, need, meaning)
#define DEALTRAIL_LINK(name, target, need, meaning)
#define DEALTRAIL_CHOICE(name, need, choices, meaning)
#define DEALTRAIL_END
#include "dealtrail/facts/kinds.def"
};

inline constexpr std::size_t kind_count = std::size(kinds);

[[nodiscard]] constexpr const KindInfo& info(Kind kind) noexcept { return kinds[static_cast<std::size_t>(kind)]; }
[[nodiscard]] constexpr std::string_view kind_name(Kind kind) noexcept { return info(kind).name; }
[[nodiscard]] constexpr std::span<const FieldInfo> fields_of(Kind kind) noexcept { return info(kind).fields; }

/// The most fields that a kind has. Sets of fields are bit masks.
inline constexpr std::size_t most_fields = [] {
  std::size_t most = 0;
  for (const KindInfo& kind : kinds) {
    if (kind.fields.size() > most) most = kind.fields.size();
  }
  return most;
}();
static_assert(most_fields <= 64);

/// The kind of that name, or nothing. O(kinds).
[[nodiscard]] constexpr std::optional<Kind> find_kind(std::string_view name) noexcept {
  for (std::size_t i = 0; i < kind_count; ++i) {
    if (kinds[i].name == name) return static_cast<Kind>(i);
  }
  return std::nullopt;
}

/// The place of a field of that name among the declared fields, or nothing. O(fields).
[[nodiscard]] constexpr std::optional<std::size_t> find_field(Kind kind, std::string_view name) noexcept {
  const auto all = fields_of(kind);
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (all[i].name == name) return i;
  }
  return std::nullopt;
}

namespace detail {
inline constexpr auto currency_fields = [] {
  std::array<std::optional<std::size_t>, kind_count> places{};
  for (std::size_t k = 0; k < kind_count; ++k) places[k] = find_field(static_cast<Kind>(k), "currency");
  return places;
}();
}  // namespace detail

/// The field that says in what currency the amounts of a fact are; none where the kind has no such field.
[[nodiscard]] constexpr std::optional<std::size_t> currency_field(Kind kind) noexcept {
  return detail::currency_fields[static_cast<std::size_t>(kind)];
}

/// The place of `value` in "a/b/c", or nothing.
[[nodiscard]] constexpr std::optional<std::int64_t> find_choice(std::string_view choices,
                                                                std::string_view value) noexcept {
  std::int64_t place = 0;
  while (true) {
    const std::size_t slash = choices.find('/');
    if (choices.substr(0, slash) == value && !value.empty()) return place;
    if (slash == std::string_view::npos) return std::nullopt;
    choices.remove_prefix(slash + 1);
    ++place;
  }
}

/// The value at a place of "a/b/c"; empty when there is none.
[[nodiscard]] constexpr std::string_view choice_text(std::string_view choices, std::int64_t place) noexcept {
  for (; place > 0; --place) {
    const std::size_t slash = choices.find('/');
    if (slash == std::string_view::npos) return {};
    choices.remove_prefix(slash + 1);
  }
  return choices.substr(0, choices.find('/'));
}

/// The stored number of a closed choice; a wrong name does not compile.
consteval std::int64_t choice(Kind kind, std::size_t field, std::string_view value) {
  return find_choice(fields_of(kind)[field].choices, value).value();
}

inline constexpr detail::EnumNames<9> field_type_names{"text",  "integer", "real",   "boolean", "time",
                                                       "money", "decimal", "choice", "link"};
[[nodiscard]] constexpr std::string_view to_string(FieldType type) noexcept {
  return detail::enum_name(field_type_names, type);
}

[[nodiscard]] constexpr std::optional<FieldType> find_field_type(std::string_view name) noexcept {
  return detail::find_enum<FieldType>(field_type_names, name);
}

}  // namespace dealtrail
