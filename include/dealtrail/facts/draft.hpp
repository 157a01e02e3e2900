#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/facts/facts.hpp"
#include "dealtrail/facts/kinds.hpp"
#include "dealtrail/facts/number_cells.hpp"
#include "dealtrail/table/datum.hpp"

namespace dealtrail {

/// One whole fact on its way into a Trail: what `put` takes when the kind is known only at run time.
/// Fields that are not set are null. Text given to `set` is borrowed: it must live until the draft is put or cleared; a
/// reader that fills one draft per row reuses its memory with `clear`. Units at this door: money is in MAJOR units
/// (text, integer, real or decimal) unless set with `set_minor`; a time without a zone (`Datum::local_time`) is a wall
/// clock of the Trail's zone; an empty text and NaN are no value in every field, id and links among them.
class Draft {
 public:
  Draft() = default;
  explicit Draft(Kind kind) { clear(kind); }

  /// Forgets everything and starts a fact of `kind`.
  void clear(Kind kind) {
    kind_ = kind;
    id.clear();
    id_form_ = detail::NumberForm::plain;
    version.reset();
    version_unreadable_ = false;
    stub = false;
    source = {};
    money_currency = {};
    for (; set_ != 0; set_ &= set_ - 1) cells_[static_cast<std::size_t>(std::countr_zero(set_))] = Datum{};
    minor_ = 0;
    own_.clear();
  }

  [[nodiscard]] Kind kind() const noexcept { return kind_; }

  /// The id as a cell holds it: a text or a whole number as written; a whole real (410.0, below 2^53) or decimal
  /// without its point. Null, NaN and the empty text are no id. Any other cell makes the row one that is left out.
  void set_id(const Datum& value) {
    id.clear();
    id_form_ = detail::text_of_number(value, id);
  }
  [[nodiscard]] detail::NumberForm id_form() const noexcept { return id_form_; }
  /// The version as a cell holds it: a whole number in any form. Null, NaN and the empty text are no version. Any other
  /// cell makes the row one that is left out.
  void set_version(const Datum& value) {
    version.reset();
    version_unreadable_ = false;
    if (detail::is_blank(value)) return;
    version = detail::whole_number(value);
    version_unreadable_ = !version.has_value();
  }
  [[nodiscard]] bool version_unreadable() const noexcept { return version_unreadable_; }

  void set(std::size_t field, Datum value) {
    cells_[field] = value;
    set_ |= std::uint64_t{1} << field;
    minor_ &= ~(std::uint64_t{1} << field);
  }
  /// Money in minor units, of the row's currency.
  void set_minor(std::size_t field, std::int64_t minor) {
    set(field, Datum::integer(minor));
    minor_ |= std::uint64_t{1} << field;
  }
  /// A column declared by `Trail::declare`. The name is borrowed like text.
  void set_own(std::string_view name, Datum value) { own_.emplace_back(name, value); }

  [[nodiscard]] const Datum& operator[](std::size_t field) const noexcept { return cells_[field]; }
  /// Bit by field: what was set, null or not.
  [[nodiscard]] std::uint64_t fields_set() const noexcept { return set_; }
  [[nodiscard]] bool is_minor(std::size_t field) const noexcept { return (minor_ >> field & 1) != 0; }
  [[nodiscard]] const std::vector<std::pair<std::string_view, Datum>>& own() const noexcept { return own_; }

  std::string id{};
  std::optional<std::int64_t> version{};
  bool stub = false;          // only makes sure that the id exists
  Currency money_currency{};  // of amounts set in minor units; none: the row's
  std::string_view source{};  // enters the id of a fact that has none; borrowed

 private:
  Kind kind_ = Kind::channels;
  detail::NumberForm id_form_ = detail::NumberForm::plain;
  bool version_unreadable_ = false;
  std::array<Datum, most_fields> cells_{};
  std::vector<std::pair<std::string_view, Datum>> own_{};
  std::uint64_t set_ = 0;  // bit by field; the other cells are null
  std::uint64_t minor_ = 0;
};

namespace detail {
// A needed text that is empty was not given.
inline void set_member(Draft& draft, std::size_t field, const std::string& value) {
  if (!value.empty()) draft.set(field, Datum::text(value));
}
inline void set_member(Draft& draft, std::size_t field, const std::optional<std::string>& value) {
  if (value.has_value()) draft.set(field, Datum::text(*value));
}
inline void set_member(Draft& draft, std::size_t field, std::int64_t value) { draft.set(field, Datum::integer(value)); }
inline void set_member(Draft& draft, std::size_t field, double value) { draft.set(field, Datum::real(value)); }
inline void set_member(Draft& draft, std::size_t field, bool value) { draft.set(field, Datum::boolean(value)); }
inline void set_member(Draft& draft, std::size_t field, Timestamp value) {
  draft.set(field, Datum::time(to_us(value)));
}
inline void set_member(Draft& draft, std::size_t field, Decimal value) { draft.set(field, Datum::decimal(value)); }
inline void set_member(Draft& draft, std::size_t field, Money value) { draft.set_minor(field, value.minor); }
template <class T>
void set_member(Draft& draft, std::size_t field, const std::optional<T>& value) {
  if (value.has_value()) set_member(draft, field, *value);
}

// The one currency of a typed fact's amounts; differing ones are the caller's mistake.
struct CurrencyOfFact {
  Currency currency{};
  void operator()(std::size_t, const Money& money) {
    if (money.currency == Currency{}) return;
    if (currency == Currency{}) currency = money.currency;
    if (!(currency == money.currency)) {
      throw Error(ErrorCode::currency_mismatch, "amounts of one fact are in different currencies");
    }
  }
  void operator()(std::size_t field, const std::optional<Money>& money) {
    if (money.has_value()) (*this)(field, *money);
  }
  template <class T>
  void operator()(std::size_t, const T&) {}
};
}  // namespace detail

/// Fills `draft` with a typed fact; borrows its text. The currency of its amounts becomes its `currency` field, where
/// the kind has one and the fact leaves it open.
/// @throws Error currency_mismatch if its amounts are in different currencies.
template <Fact F>
void fill(Draft& draft, const F& fact) {
  draft.clear(F::kind_of_fact);
  draft.id = fact.id;
  draft.version = fact.version;
  for_each_field(fact, [&](std::size_t field, const auto& value) { detail::set_member(draft, field, value); });
  detail::CurrencyOfFact seen;
  for_each_field(fact, seen);
  draft.money_currency = seen.currency;
}

/// A draft borrows: the fact must outlive it.
template <Fact F>
void fill(Draft& draft, const F&& fact) = delete;

}  // namespace dealtrail
