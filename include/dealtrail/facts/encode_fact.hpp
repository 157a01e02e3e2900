// engine
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/real.hpp"
#include "dealtrail/core/detail/scan.hpp"
#include "dealtrail/core/invisible.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/core/period.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/facts/draft.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/number_cells.hpp"
#include "dealtrail/facts/put_report.hpp"
#include "dealtrail/facts/rates.hpp"
#include "dealtrail/table/datum_text.hpp"

namespace dealtrail::detail {

// Room to add and take away a few amounts without leaving 64 bits.
inline constexpr std::int64_t largest_money = std::int64_t{1} << 61;

// Turns a Draft into stored cells, or says why it cannot. Everything that is refused at the door is refused here.
class FactEncoder {
 public:
  /// Rows of card tables that are no facts.
  [[nodiscard]] static constexpr bool is_reserved(std::string_view id) noexcept {
    return id == "(unattributed)" || id == "(total)" || id == "(undated)";
  }

  FactEncoder(FactStore& store, Currency currency, const Zone& zone, PutMode mode = PutMode::listed)
      : store_(store), currency_(currency), currency_decimals_(decimals(currency)), zone_(zone), mode_(mode) {}

  /// Fills `cells` (in the order of the kind's columns). False: the row is left out and `report` says why.
  bool encode(const Draft& draft, std::vector<Cell>& cells, PutReport& report, const CellsAhead& ahead = {}) {
    draft_ = &draft;
    report_ = &report;
    const Kind kind = draft.kind();
    const auto declared = fields_of(kind);
    cells.assign(store_.of(kind).columns.size(), null_cell);
    find_own_columns();
    if (!readable_keys() || !money_decimals()) return false;
    if (is_reserved(draft.id)) {
      return refuse("bad_id", "id", "an id that the tables of cards keep for themselves",
                    "rename it, or leave that row out");
    }
    ask_for_links(draft);
    const FieldNeeds& needs = needs_of(kind);
    std::uint64_t wanted = draft.stub ? 0 : needs.needed;
    for (std::uint64_t given = (ahead.fields | draft.fields_set()) & needs.all; given != 0; given &= given - 1) {
      const auto field = static_cast<std::size_t>(std::countr_zero(given));
      const std::uint64_t bit = std::uint64_t{1} << field;
      if ((wanted & (bit - 1)) != 0) break;  // a needed field before it was not given
      if ((ahead.fields & bit) != 0) {
        cells[field] = ahead.cells[field];
      } else if (const Datum& datum = draft[field]; !datum.is_null()) {
        const FieldInfo& info = declared[field];
        spare_ = mode_ == PutMode::listed && info.need != Need::needed && is_number(info.type);
        const bool taken = info.type == FieldType::link && datum.kind() == DatumKind::text
                               ? link_text(info.name, info.target, datum.as_text(), hashes_[field], cells[field])
                           : info.type == FieldType::text && !is_blank(datum)
                               ? text(info.name, datum, (needs.compared & bit) != 0, cells[field])
                               : encode_cell(info.name, info.type, info.target, info.choices, datum,
                                             draft.is_minor(field), cells[field], info.day);
        spare_ = false;
        if (!taken) return false;
      }
      if (cells[field] != null_cell) wanted &= ~bit;
    }
    if (wanted != 0) {
      return refuse("missing_field", declared[static_cast<std::size_t>(std::countr_zero(wanted))].name,
                    "a needed field has no value", "fill it in the source, or map another column to it");
    }
    if (currency_field_.has_value() && cells[*currency_field_] == null_cell) tag(cells[*currency_field_]);
    for (std::uint64_t open = needs.defaulted; open != 0; open &= open - 1) {
      Cell& cell = cells[static_cast<std::size_t>(std::countr_zero(open))];
      if (cell == null_cell) cell = 0;
    }
    for (std::size_t i = 0; i < draft.own().size(); ++i) {
      const auto& [name, datum] = draft.own()[i];
      const std::size_t column = own_columns_[i];
      if (column == no_column || datum.is_null()) continue;
      const FieldType type = store_.of(kind).columns[column].type();
      spare_ = mode_ == PutMode::listed && is_number(type);
      if (!encode_cell(name, type, Kind{}, {}, datum, false, cells[column])) return false;
      spare_ = false;
    }
    return kind != Kind::costs || time_costs(cells);
  }

 private:
  // What hours cost is an amount, so it has the range of one.
  bool time_costs(std::span<const Cell> cells) {
    namespace f = fields::costs;
    if (cells[f::amount] != null_cell || cells[f::hours] == null_cell || cells[f::rate] == null_cell) return true;
    const auto amount = divide_half_even(static_cast<Int128>(cells[f::hours]) * cells[f::rate], decimal_unit);
    if (amount.has_value() && *amount <= largest_money && *amount >= -largest_money) return true;
    return refuse("overflow", "rate", "hours times rate is beyond the range of an amount",
                  "mend the hours or the rate");
  }

  // Ids, links, keys and addresses are kept without letters that nobody sees; `seen_` holds the text.
  [[nodiscard]] static constexpr bool is_compared(std::string_view name) noexcept {
    constexpr std::array<std::string_view, 15> names{
        "value",        "inn",         "kpp",          "phone",          "client_id",
        "utm_source",   "utm_medium",  "utm_campaign", "utm_term",       "promo_code",
        "phone_number", "utm_content", "form",         "dialled_number", "referrer"};
    return std::find(names.begin(), names.end(), name) != names.end();
  }
  [[nodiscard]] std::string_view seen(std::string_view name, std::string_view value) {
    if (!has_invisible(value)) return value;
    report_->note("invisible_letters", draft_->kind(), name, shown_id(),
                  "letters that nobody sees, such as U+200B or a no-break space; they are removed",
                  "nothing to do; clean the source, if others read it", false);
    seen_ = without_invisible(value);
    return seen_;
  }

  // True: the cell is null and the row goes on.
  bool refuse(std::string_view code, std::string_view column, std::string_view message, std::string_view hint,
              std::string_view value = {}) {
    report_->note(code, draft_->kind(), column, shown_id(), message, hint, !spare_, value);
    return spare_;
  }
  [[nodiscard]] static constexpr bool is_number(FieldType type) noexcept {
    return type == FieldType::money || type == FieldType::decimal || type == FieldType::real ||
           type == FieldType::integer;
  }
  // Unknown columns are named whatever becomes of the row.
  void find_own_columns() {
    const Kind kind = draft_->kind();
    own_columns_.clear();
    for (const auto& [name, datum] : draft_->own()) {
      const auto column = store_.find_column(kind, name);
      const bool known = column.has_value() && *column >= fields_of(kind).size();
      own_columns_.push_back(known ? *column : no_column);
      if (known) continue;
      report_->note("unknown_column", kind, name, shown_id(), "the kind has no such column; it is kept out",
                    "declare it before the rows: trail.declare(kind, name=type)", false);
    }
  }

  bool readable_keys() {
    if (draft_->id_form() == NumberForm::unreadable) {
      return refuse("bad_id", "id", "found a number with decimals, a number beyond 2^53 or a time, expected an id",
                    "write ids as texts or whole numbers");
    }
    if (draft_->version_unreadable()) {
      return refuse("bad_number", "version", "a version that is no whole number",
                    "give a whole number: when the source last changed the fact");
    }
    if (draft_->id_form() == NumberForm::real) note_real("id");
    return true;
  }

  // Data frames turn a column of whole numbers with a gap into reals.
  void note_real(std::string_view name) {
    report_->note("id_as_real", draft_->kind(), name, shown_id(),
                  "whole numbers written as reals, such as 410.0; they are read as 410",
                  "nothing is lost; in pandas, convert_dtypes() keeps whole numbers beside gaps", false);
  }

  [[nodiscard]] std::string shown_id() const {
    return draft_->id.empty() ? "row " + std::to_string(report_->of(draft_->kind()).read + 1) : draft_->id;
  }

  // The row's currency decides how many decimals its amounts have: that of the `currency` field, else of typed amounts,
  // else the one that a text amount names, else the Trail's. A line of an invoice without any is in its invoice's,
  // which may not be here yet: its amount is kept with the Trail's decimals.
  bool money_decimals() {
    row_currency_ = currency_;
    decimals_ = currency_decimals_;
    named_ = Currency{};
    currency_field_ = currency_field(draft_->kind());
    if (!currency_field_.has_value()) {
      const Currency stated = draft_->money_currency;
      if (stated.empty() || stated == currency_) return true;
      return refuse("currency_mismatch", "",
                    "an amount in another currency than the Trail's, and the kind has no currency of its own",
                    "convert it, or state it on a kind that has one");
    }
    const Datum& datum = (*draft_)[*currency_field_];
    if (is_blank(datum)) {
      named_ = draft_->money_currency.empty() ? currency_in_texts() : draft_->money_currency;
      if (named_.empty()) return true;
      row_currency_ = named_;
      decimals_ = decimals(row_currency_);
      return true;
    }
    const auto currency = datum.kind() == DatumKind::text ? Currency::find(datum.as_text()) : std::nullopt;
    if (!currency.has_value())
      return refuse("bad_currency", "currency", "not a currency code", "use a three-letter ISO 4217 code",
                    datum.kind() == DatumKind::text ? shown(datum.as_text()) : std::string{});
    if (!draft_->money_currency.empty() && !(draft_->money_currency == *currency)) {
      return refuse("currency_mismatch", "currency", "the amounts are in another currency than the row says",
                    "state one currency");
    }
    row_currency_ = *currency;
    decimals_ = decimals(*currency);
    return true;
  }

  // The first currency that a text amount of the row names. Amounts of digits alone are not read for it.
  [[nodiscard]] Currency currency_in_texts() const {
    for (std::uint64_t left = needs_of(draft_->kind()).money & draft_->fields_set(); left != 0; left &= left - 1) {
      const Datum& datum = (*draft_)[static_cast<std::size_t>(std::countr_zero(left))];
      if (datum.kind() != DatumKind::text) continue;
      const std::string_view amount = datum.as_text();
      if (amount.empty() || (is_digit(amount.back()) && (is_digit(amount.front()) || amount.front() == '-'))) continue;
      const auto read = parse_money_text(amount);
      if (!read.has_value()) continue;
      if (!read->currency.empty()) return read->currency;
      // A line of an invoice has no other currency to be held against.
      if (draft_->kind() == Kind::invoice_lines && !read->shared.empty() && read->may_be(currency_)) return currency_;
    }
    return Currency{};
  }

  // The currency of a row that has amounts and does not state one. The Trail's own is not written for texts, except on
  // a line of an invoice; there the empty text says that the amount is in minor units of the invoice's currency.
  void tag(Cell& cell) {
    const bool line = draft_->kind() == Kind::invoice_lines;
    if (!named_.empty()) {
      if (line || !draft_->money_currency.empty() || !(named_ == currency_))
        cell = static_cast<Cell>(store_.texts().intern(named_.code()));
    } else if (line && draft_->is_minor(fields::invoice_lines::amount)) {
      cell = static_cast<Cell>(store_.texts().intern(std::string_view{}));
    }
  }

  bool encode_cell(std::string_view name, FieldType type, Kind target, std::string_view choices, const Datum& datum,
                   bool minor, Cell& cell, DayEdge edge = DayEdge::begin) {
    if (is_blank(datum)) return true;
    switch (type) {
      case FieldType::text: return text(name, datum, is_compared(name), cell);
      case FieldType::link: return link(name, target, datum, cell);
      case FieldType::choice: return chosen(name, choices, datum, cell);
      case FieldType::integer: return whole(name, datum, cell);
      case FieldType::real: return real(name, datum, cell);
      case FieldType::boolean: return boolean(name, datum, cell);
      case FieldType::time: return time(name, datum, edge, cell);
      case FieldType::money: return money(name, datum, minor, cell);
      case FieldType::decimal: return decimal(name, datum, cell);
    }
    return false;
  }

  bool wrong_type(std::string_view name, const Datum& datum, std::string_view wanted) {
    return refuse("bad_type", name,
                  "found " + std::string{to_string(datum.kind())} + ", expected " + std::string{wanted},
                  "cast the column to " + std::string{wanted}, shown(to_text(datum)));
  }

  // The text of a datum that may stand for an id or a name; whole numbers are written without a point.
  std::optional<std::string_view> as_text(std::string_view name, const Datum& datum) {
    if (datum.kind() == DatumKind::text) return datum.as_text();
    const NumberForm form = text_of_number(datum, number_text_);
    if (form == NumberForm::unreadable) return std::nullopt;
    if (form == NumberForm::real) note_real(name);
    return number_text_;
  }

  bool text(std::string_view name, const Datum& datum, bool compared, Cell& cell) {
    const auto value = as_text(name, datum);
    if (!value.has_value()) return wrong_type(name, datum, "text");
    if (value->empty() && name == "currency") return true;  // not given
    if (!utf8_valid(*value)) return bad_text(name);
    if (value->size() > Interner::longest_text) return too_long(name);
    cell = static_cast<Cell>(store_.texts().intern(compared ? seen(name, *value) : *value));
    return true;
  }
  bool bad_text(std::string_view name) {
    return refuse("bad_text", name, "not UTF-8", "convert the source to UTF-8, or declare its encoding");
  }

  bool too_long(std::string_view name) {
    return refuse("overflow", name, "a text longer than 16 MiB", "shorten it in the source");
  }

  bool link(std::string_view name, Kind target, const Datum& datum, Cell& cell) {
    const auto value = as_text(name, datum);
    if (!value.has_value()) return wrong_type(name, datum, "text");
    return link_text(name, target, *value, store_.of(target).ids.hash(*value), cell);
  }
  bool link_text(std::string_view name, Kind target, std::string_view value, Interner::Hash hash, Cell& cell) {
    if (value.empty()) return true;
    if (!utf8_valid(value)) return bad_text(name);
    if (value.size() > Interner::longest_text) return too_long(name);
    if (has_invisible(value)) {
      const std::string_view plain = seen(name, value);
      cell = static_cast<Cell>(store_.slot_of(target, plain.empty() ? value : plain));
      return true;
    }
    cell = static_cast<Cell>(store_.slot_of(target, value, hash));
    return true;
  }

  // Ids lie anywhere in the id tables, so all of a row's are asked for before the first is looked up.
  void ask_for_links(const Draft& draft) {
    for (const std::uint8_t field : links_of(draft.kind())) {
      const Datum& datum = draft[field];
      if (datum.kind() != DatumKind::text) continue;
      const Interner& ids = store_.of(fields_of(draft.kind())[field].target).ids;
      hashes_[field] = ids.hash(datum.as_text());
      ids.prefetch_entry(hashes_[field]);
    }
  }

  // Fields of a kind, and by what they need; bit by field.
  struct FieldNeeds {
    std::uint64_t all = 0;
    std::uint64_t needed = 0;
    std::uint64_t defaulted = 0;
    std::uint64_t money = 0;
    std::uint64_t compared = 0;
  };
  [[nodiscard]] static const FieldNeeds& needs_of(Kind kind) noexcept {
    static constexpr auto all = [] {
      std::array<FieldNeeds, kind_count> made{};
      for (std::size_t k = 0; k < kind_count; ++k) {
        const auto declared = fields_of(static_cast<Kind>(k));
        for (std::size_t field = 0; field < declared.size(); ++field) {
          const std::uint64_t bit = std::uint64_t{1} << field;
          made[k].all |= bit;
          if (declared[field].need == Need::needed) made[k].needed |= bit;
          if (declared[field].need == Need::defaulted) made[k].defaulted |= bit;
          if (declared[field].type == FieldType::money) made[k].money |= bit;
          if (declared[field].type == FieldType::text && is_compared(declared[field].name)) made[k].compared |= bit;
        }
      }
      return made;
    }();
    return all[static_cast<std::size_t>(kind)];
  }

  [[nodiscard]] static std::span<const std::uint8_t> links_of(Kind kind) noexcept {
    struct Links {
      std::array<std::uint8_t, most_fields> fields{};
      std::size_t count = 0;
    };
    static constexpr auto all = [] {
      std::array<Links, kind_count> made{};
      for (std::size_t k = 0; k < kind_count; ++k) {
        const auto declared = fields_of(static_cast<Kind>(k));
        for (std::size_t field = 0; field < declared.size(); ++field) {
          if (declared[field].type == FieldType::link)
            made[k].fields[made[k].count++] = static_cast<std::uint8_t>(field);
        }
      }
      return made;
    }();
    const Links& links = all[static_cast<std::size_t>(kind)];
    return {links.fields.data(), links.count};
  }

  bool chosen(std::string_view name, std::string_view choices, const Datum& datum, Cell& cell) {
    if (datum.kind() != DatumKind::text) return wrong_type(name, datum, "text");
    const auto place = find_choice(choices, datum.as_text());
    if (!place.has_value()) {
      return refuse("bad_choice", name, "a value that the column does not have, as '" + shown(datum.as_text()) + "'",
                    "one of " + std::string{choices} + "; map the source's words to these");
    }
    cell = *place;
    return true;
  }
  [[nodiscard]] static std::string shown(std::string_view text) {
    return utf8_valid(text) && text.size() <= 40 ? std::string{text} : std::to_string(text.size()) + " bytes";
  }

  bool bad_number(std::string_view name, const Datum& datum) {
    const std::string value = shown(to_text(datum));
    const bool comma = datum.kind() == DatumKind::text && value.find(',') != std::string::npos;
    return refuse(
        "bad_number", name,
        comma ? "a comma may be a decimal mark or group digits, so such a number is not read, as '" + value + "'"
              : "not a number of this column, as '" + value + "'",
        comma ? "declare it in a profile (\"numbers\": {\"decimal\": \",\"} or {\"group\": \",\"}), or give a number"
              : "declare the source's number format, or mend the value",
        value);
  }

  bool whole(std::string_view name, const Datum& datum, Cell& cell) {
    std::optional<std::int64_t> value;
    switch (datum.kind()) {
      case DatumKind::integer: value = datum.as_integer(); break;
      case DatumKind::decimal: value = to_units(datum.as_decimal(), 0); break;
      case DatumKind::real:
        if (datum.as_real() == floor_of(datum.as_real()) && absolute(datum.as_real()) < 9e15)
          value = static_cast<std::int64_t>(datum.as_real());
        break;
      case DatumKind::text: value = parse_integer(datum.as_text()); break;
      default: return wrong_type(name, datum, "integer");
    }
    if (!value.has_value() || *value == null_cell) return bad_number(name, datum);
    cell = *value;
    return true;
  }

  bool real(std::string_view name, const Datum& datum, Cell& cell) {
    std::optional<double> value;
    switch (datum.kind()) {
      case DatumKind::integer: value = static_cast<double>(datum.as_integer()); break;
      case DatumKind::decimal: value = parse_real(to_text(datum.as_decimal())); break;
      case DatumKind::real: value = datum.as_real(); break;
      case DatumKind::text: value = parse_real(datum.as_text()); break;
      default: return wrong_type(name, datum, "number");
    }
    if (!value.has_value() || !is_finite(*value)) return bad_number(name, datum);
    cell = std::bit_cast<Cell>(*value == 0.0 ? 0.0 : *value);  // one zero, and the bits of -0.0 mean null
    return true;
  }

  bool boolean(std::string_view name, const Datum& datum, Cell& cell) {
    std::optional<bool> value;
    switch (datum.kind()) {
      case DatumKind::boolean: value = datum.as_boolean(); break;
      case DatumKind::integer:
        if (datum.as_integer() == 0 || datum.as_integer() == 1) value = datum.as_integer() == 1;
        break;
      case DatumKind::real:
        if (datum.as_real() == 0 || datum.as_real() == 1) value = datum.as_real() == 1;
        break;
      case DatumKind::text: value = parse_boolean(datum.as_text()); break;
      default: break;
    }
    if (!value.has_value()) return wrong_type(name, datum, "boolean");
    cell = *value ? 1 : 0;
    return true;
  }

  [[nodiscard]] Cell moment(std::int64_t local_us, bool day, DayEdge edge) const noexcept {
    return to_us(day && edge == DayEdge::end ? end_of_day(floor_divide(local_us, us_per_day), zone_)
                                             : zone_.to_utc(local_us));
  }
  bool time(std::string_view name, const Datum& datum, DayEdge edge, Cell& cell) {
    switch (datum.kind()) {
      case DatumKind::time: cell = datum.as_time_us(); break;
      case DatumKind::local_time: cell = moment(datum.as_local_time_us(), datum.is_day(), edge); break;
      case DatumKind::text: {
        const auto reading = TimeFormat{}.read(datum.as_text());
        if (!reading.has_value()) {
          return refuse("bad_time", name, "not a time: '" + shown(datum.as_text()) + "'",
                        "write ISO 8601, or declare the source's time format");
        }
        cell = reading->local ? moment(reading->us, reading->day, edge) : reading->us;
        break;
      }
      default: return wrong_type(name, datum, "time");
    }
    if (cell == null_cell) return refuse("overflow", name, "a time out of range", "mend the value in the source");
    return true;
  }

  bool money(std::string_view name, const Datum& datum, bool minor, Cell& cell) {
    if (minor) return checked_money(name, datum, datum.as_integer(), cell);
    switch (datum.kind()) {
      case DatumKind::integer: return units(name, datum, {datum.as_integer(), 0}, cell);
      case DatumKind::decimal: return units(name, datum, datum.as_decimal(), cell);
      case DatumKind::real: return money_of_real(name, datum, cell);
      case DatumKind::text: {
        const auto amount = parse_money_text(datum.as_text());
        if (!amount.has_value()) return bad_number(name, datum);
        if (amount->names_currency() && !amount->may_be(row_currency_)) {
          return refuse("currency_mismatch", name,
                        amount->currency.empty() ? "a sign of several currencies, and none of them is the row's"
                                                 : "an amount in another currency than its row",
                        "state the row's currency, or convert the amount", shown(datum.as_text()));
        }
        return units(name, datum, amount->amount, cell);
      }
      default: return wrong_type(name, datum, "decimal");
    }
  }
  bool checked_money(std::string_view name, const Datum& datum, std::int64_t value, Cell& cell) {
    if (value > largest_money || value < -largest_money) return out_of_range(name, datum);
    cell = value;
    return true;
  }
  bool out_of_range(std::string_view name, const Datum& datum) {
    return refuse("overflow", name, "an amount out of range", "amounts reach 2^61 minor units", shown(to_text(datum)));
  }
  // Minor units of an exact number, or of one from JSON; rounded when it is finer than the currency.
  bool units(std::string_view name, const Datum& datum, const Decimal& number, Cell& cell) {
    if (const auto exact = to_units(number, decimals_)) return checked_money(name, datum, *exact, cell);
    const auto near = to_nearest_units(number, decimals_);
    if (!near.has_value()) return out_of_range(name, datum);
    if (datum.is_approximate() && is_float_noise(number, *near, decimals_))
      return checked_money(name, datum, *near, cell);
    return rounded(name, datum, number, *near, cell);
  }
  bool rounded(std::string_view name, const Datum& datum, const Decimal& number, std::int64_t near, Cell& cell) {
    const std::string value = shown(to_text(datum));
    if (mode_ == PutMode::single) {
      return refuse("inexact_money", name, "an amount finer than a minor unit of its currency, as '" + value + "'",
                    "round the amount in the source", value);
    }
    if (!checked_money(name, datum, near, cell)) return false;
    if (cell == null_cell) return true;
    const std::int32_t finer = number.scale - decimals_;  // above 0, else it would be exact
    const Int128 kept = finer > max_decimal_digits ? Int128{0} : Int128{near} * power_of_ten(finer);
    report_->note_rounded("rounded_money", draft_->kind(), name, shown_id(),
                          "amounts finer than a minor unit of their currency are rounded, half to even",
                          "round them in the source, or give them in a finer currency", value,
                          {kept - number.mantissa, number.scale});
    return true;
  }
  // A float names the whole minor unit that it is within 10^-12 of itself and a hundredth of a unit of.
  bool money_of_real(std::string_view name, const Datum& datum, Cell& cell) {
    const double value = datum.as_real();
    double scaled = value;
    for (int i = 0; i < decimals_; ++i) scaled *= 10.0;
    if (!(absolute(scaled) <= exact_reals)) {
      return refuse("overflow", name, "a float beyond 2^53 minor units, where floats skip amounts",
                    "give whole numbers, decimals or text", shown(to_text(datum)));
    }
    const double whole = nearest(scaled);
    const double apart = absolute(scaled - whole);
    if (apart <= 0.01 && apart <= absolute(scaled) * 1e-12)
      return checked_money(name, datum, static_cast<std::int64_t>(whole), cell);
    const auto shown_value = shown_decimal(value);
    const auto near = shown_value ? to_nearest_units(*shown_value, decimals_) : std::nullopt;
    if (!near.has_value()) return out_of_range(name, datum);
    return rounded(name, datum, *shown_value, *near, cell);
  }

  bool decimal(std::string_view name, const Datum& datum, Cell& cell) {
    std::optional<std::int64_t> value;
    switch (datum.kind()) {
      case DatumKind::integer: value = to_units({datum.as_integer(), 0}, 9); break;
      case DatumKind::decimal:
        value = datum.is_approximate() ? to_nearest_units(datum.as_decimal(), 9) : to_units(datum.as_decimal(), 9);
        break;
      case DatumKind::real: {
        const double scaled = datum.as_real() * 1e9;
        if (absolute(scaled) < 9e18) value = static_cast<std::int64_t>(nearest(scaled));
        break;
      }
      case DatumKind::text:
        if (const auto number = parse_money_text(datum.as_text())) {
          if (!number->may_be(currency_)) {
            return refuse("currency_mismatch", name, "a number in another currency than the Trail's", "convert it",
                          shown(datum.as_text()));
          }
          value = to_units(number->amount, 9);
        }
        break;
      default: return wrong_type(name, datum, "decimal");
    }
    if (!value.has_value() || *value == null_cell) return bad_number(name, datum);
    cell = *value;
    return true;
  }

  FactStore& store_;
  Currency currency_;
  int currency_decimals_;
  const Zone& zone_;
  PutMode mode_;
  bool spare_ = false;  // the cell at hand may be left null
  const Draft* draft_ = nullptr;
  PutReport* report_ = nullptr;
  std::optional<std::size_t> currency_field_{};  // of the row's kind
  Currency row_currency_;
  Currency named_;  // of typed amounts or texts, where the row does not state one
  int decimals_ = 2;
  std::string number_text_;
  static constexpr std::size_t no_column = std::numeric_limits<std::size_t>::max();
  std::vector<std::size_t> own_columns_{};  // by place in the draft's own columns
  std::string seen_;
  std::array<Interner::Hash, most_fields> hashes_;  // of the links that are texts; the others are not set
};

}  // namespace dealtrail::detail
