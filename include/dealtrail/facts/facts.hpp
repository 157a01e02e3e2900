#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "dealtrail/core/money.hpp"
#include "dealtrail/core/timestamp.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail {

namespace detail {
// A field's type in the typed face: optional unless the row needs it; a defaulted choice may stay unsaid.
template <class T, Need need>
struct Member {
  using type = std::optional<T>;
};
template <class T>
struct Member<T, Need::needed> {
  using type = T;
};
template <FieldType type>
struct FieldValue;
template <>
struct FieldValue<FieldType::text> {
  using type = std::string;
};
template <>
struct FieldValue<FieldType::integer> {
  using type = std::int64_t;
};
template <>
struct FieldValue<FieldType::real> {
  using type = double;
};
template <>
struct FieldValue<FieldType::boolean> {
  using type = bool;
};
template <>
struct FieldValue<FieldType::time> {
  using type = Timestamp;
};
template <>
struct FieldValue<FieldType::money> {
  using type = Money;
};
template <>
struct FieldValue<FieldType::decimal> {
  using type = Decimal;
};
template <FieldType type, Need need>
using MemberType = typename Member<typename FieldValue<type>::type, need>::type;
}  // namespace detail

// The typed faces: one plain struct per kind, for designated initialisers. A row without an id gets one from its
// content; an empty id or link counts as not given.
#define DEALTRAIL_KIND(kind, Struct, meaning)        \
  struct Struct {                                    \
    static constexpr Kind kind_of_fact = Kind::kind; \
    std::string id{};                                \
    std::optional<std::int64_t> version{};
#define DEALTRAIL_FIELD(type, name, need, meaning) detail::MemberType<FieldType::type, Need::need> name{};
#define DEALTRAIL_LINK(name, target, need, meaning) detail::MemberType<FieldType::text, Need::need> name{};
#define DEALTRAIL_CHOICE(name, need, choices, meaning) detail::MemberType<FieldType::text, Need::need> name{};
#define DEALTRAIL_END \
  }                   \
  ;
#include "dealtrail/facts/kinds.def"

/// Calls `visit(field index, value)` for each field of a typed fact, in the order of the declaration.
#define DEALTRAIL_KIND(kind, Struct, meaning)              \
  template <class Visit>                                   \
  void for_each_field(const Struct& fact, Visit&& visit) { \
    std::size_t field = 0;
#define DEALTRAIL_FIELD(type, name, need, meaning) visit(field++, fact.name);
#define DEALTRAIL_LINK(name, target, need, meaning) visit(field++, fact.name);
#define DEALTRAIL_CHOICE(name, need, choices, meaning) visit(field++, fact.name);
#define DEALTRAIL_END }
#include "dealtrail/facts/kinds.def"

/// A plain struct generated from the declaration of a kind: Channel, Event, Deal, ...
template <class T>
concept Fact = requires {
  { T::kind_of_fact } -> std::convertible_to<Kind>;
};

}  // namespace dealtrail
