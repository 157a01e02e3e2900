#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/facts/condition.hpp"
#include "dealtrail/facts/interner.hpp"
#include "dealtrail/facts/number_cells.hpp"
#include "dealtrail/reconcile/reconcile.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/datum_text.hpp"

// One of the two tables as columns: a code, an amount, a time for each row.
namespace dealtrail::detail::reconciling {

using dealtrail::reconcile::ColumnPair;
using dealtrail::reconcile::Reason;
using dealtrail::reconcile::reason_names;
using dealtrail::reconcile::ReconcileOptions;
using dealtrail::reconcile::Reconciliation;
using dealtrail::reconcile::VatRate;

inline constexpr std::int64_t no_time = std::numeric_limits<std::int64_t>::min();
inline constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();
inline constexpr std::int64_t largest_amount = std::int64_t{1} << 61U;

enum class AmountState : std::uint8_t { none, known, foreign };

/// One kind of problem found in the rows of one table, with its count.
struct Problem {
  std::string_view code;
  std::string_view severity;
  std::string table;
  std::string column;
  std::int64_t count = 0;
  std::vector<std::string> first_rows{};
  std::vector<std::string> first_values{};
  std::string_view message;
  std::string_view hint;
};

class ProblemList {
 public:
  void note(std::string_view code, std::string_view severity, std::string_view table, std::string_view column,
            std::int64_t row, std::string_view value, std::string_view message, std::string_view hint) {
    auto found = std::find_if(all_.begin(), all_.end(), [&](const Problem& one) {
      return one.code == code && one.table == table && one.column == column;
    });
    if (found == all_.end()) {
      all_.push_back({code, severity, std::string{table}, std::string{column}, 0, {}, {}, message, hint});
      found = all_.end() - 1;
    }
    ++found->count;
    if (found->first_rows.size() < 5) found->first_rows.push_back("row " + std::to_string(row));
    auto& values = found->first_values;
    if (value.empty() || values.size() >= 5 || std::find(values.begin(), values.end(), value) != values.end()) return;
    values.emplace_back(value.substr(0, 64));
  }
  [[nodiscard]] const std::vector<Problem>& all() const noexcept { return all_; }

 private:
  std::vector<Problem> all_{};
};

/// An amount as it was written, and the currency beside it.
struct ReadAmount {
  Decimal number{};
  bool binary = false;  // it was a double: its last digits may be noise
  MoneyText text{};
};

/// The number of a cell; text with a decimal comma too, unless the comma may group ("1,204").
[[nodiscard]] inline std::optional<ReadAmount> read_amount(const Datum& cell, int places = 2) {
  switch (cell.kind()) {
    case DatumKind::integer: return ReadAmount{{cell.as_integer(), 0}, false, {}};
    case DatumKind::decimal: return ReadAmount{cell.as_decimal(), cell.is_approximate(), {}};
    case DatumKind::real: {
      double scaled = cell.as_real();
      for (int i = 0; i < places; ++i) scaled *= 10.0;
      const double whole = std::nearbyint(scaled);
      if (std::fabs(scaled) < exact_reals && std::fabs(scaled - whole) <= std::fabs(scaled) * 1e-15)
        return ReadAmount{{static_cast<std::int64_t>(whole), places}, true, {}};
      const auto shown = shown_decimal(cell.as_real());
      return shown ? std::optional{ReadAmount{*shown, true, {}}} : std::nullopt;
    }
    case DatumKind::text: {
      auto read = parse_money_text(cell.as_text());
      if (!read) {
        read = parse_money_text(cell.as_text(), {',', '\0'});
        if (read && read->amount.scale == 3) read.reset();
      }
      return read ? std::optional{ReadAmount{read->amount, false, *read}} : std::nullopt;
    }
    default: return std::nullopt;
  }
}

/// A cell as the text that is compared: numbers in one form whatever their type, texts without spaces around.
inline void plain_text(const Datum& cell, std::string& out) {
  out.clear();
  if (is_blank(cell)) return;
  if (cell.kind() == DatumKind::text) {
    out = trimmed(cell.as_text());
  } else if (text_of_number(cell, out) == NumberForm::unreadable) {
    out = to_text(cell);
  }
}

/// A moment, or a day alone.
struct ReadTime {
  std::int64_t us = no_time;
  bool is_day = false;
};

/// Reads times of one column: ISO 8601, dd.mm.yyyy with or without a time, times and dates of Arrow.
class TimeCells {
 public:
  explicit TimeCells(const Zone& zone)
      : zone_(&zone),
        iso_(TimeFormat::declared("iso", zone)),
        russian_(TimeFormat::declared("dd.mm.yyyy hh:mm[:ss]", zone)),
        russian_day_(TimeFormat::declared("dd.mm.yyyy", zone)) {}

  [[nodiscard]] std::optional<ReadTime> read(const Datum& cell, bool days) const {
    switch (cell.kind()) {
      case DatumKind::time: return ReadTime{cell.as_time_us(), false};
      case DatumKind::local_time: return ReadTime{to_us(zone_->to_utc(cell.as_local_time_us())), days};
      case DatumKind::text: {
        const std::string_view text = trimmed(cell.as_text());
        auto found = parse_time(text, iso_);
        if (!found) found = parse_time(text, text.size() > 10 ? russian_ : russian_day_);
        if (!found) return std::nullopt;
        return ReadTime{to_us(*found), text.size() <= 10};
      }
      default: return std::nullopt;
    }
  }

 private:
  const Zone* zone_;
  TimeFormat iso_;
  TimeFormat russian_;
  TimeFormat russian_day_;
};

/// Texts and codes that both tables share.
struct Codes {
  Interner keys{};
  Interner bys{};
  Interner statuses{};
  Interner cells{};  // by and period as eight bytes
};

/// The rows of one table. A vector is empty where the column is not given.
struct Side {
  const TableInput* table = nullptr;
  std::string name{};
  std::size_t rows = 0;
  std::vector<RowId> key{};   // no_row: blank
  std::vector<RowId> head{};  // by key: its first row
  std::vector<RowId> next{};  // the next row of the key
  std::vector<std::int64_t> amount{};
  std::vector<AmountState> state{};
  std::vector<std::int64_t> at{};
  std::vector<std::int32_t> day{};
  std::vector<std::uint8_t> is_day{};
  std::vector<RowId> by{};
  std::vector<RowId> status{};
  std::vector<RowId> cell{};

  [[nodiscard]] bool has_amount(RowId row) const noexcept { return !state.empty() && state[row] == AmountState::known; }
  [[nodiscard]] RowId first(RowId of_key) const noexcept { return of_key < head.size() ? head[of_key] : no_row; }
};

/// The currency that a cell names, none when it names none. @throws Error currency_mismatch for what is no code.
[[nodiscard]] inline Currency named_currency(const Datum& cell, const Where& where) {
  if (is_blank(cell)) return {};
  std::string code{cell.kind() == DatumKind::text ? trimmed(cell.as_text()) : std::string_view{}};
  for (char& letter : code) letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
  if (code == "RUR") return RUB;
  if (const auto found = Currency::find(code)) return *found;
  throw Error(ErrorCode::currency_mismatch, "not a currency code: \"" + to_text(cell).substr(0, 32) + "\"", where,
              "write codes of three letters such as RUB");
}

/// Reads one table column by column.
class SideReader {
 public:
  SideReader(const TableInput& table, bool first, const ReconcileOptions& options, ProblemList& problems)
      : table_(table), first_(first), options_(options), problems_(problems) {
    side_.table = &table;
    side_.name = options.names[first ? 0 : 1];
    side_.rows = static_cast<std::size_t>(table.rows());
  }

  [[nodiscard]] const std::string& name_of(const ColumnPair& pair) const noexcept { return first_ ? pair.a : pair.b; }

  /// The first currency that this table names.
  [[nodiscard]] Currency find_currency() const {
    if (options_.amount.empty()) return {};
    const ColumnReader amounts{table_, name_of(options_.amount)};
    if (const auto unit = Currency::find(amounts.info().unit)) return *unit;
    Currency found;
    if (!options_.currency_column.empty()) {
      const ColumnReader codes{table_, name_of(options_.currency_column)};
      for (std::int64_t row = 0; row < codes.rows() && found.empty(); ++row)
        found = named_currency(codes.read(row), {side_.name, codes.info().name, row});
    }
    if (amounts.info().type != ColumnType::text) return found;
    for (std::int64_t row = 0; row < amounts.rows() && found.empty(); ++row) {
      const Datum cell = amounts.read(row);
      if (const auto read = read_amount(cell)) found = read->text.currency;
    }
    return found;
  }

  void read_keys(Interner& keys) {
    side_.key.resize(side_.rows, no_row);
    std::string text;
    if (options_.on.size() == 1) {
      const ColumnReader column{table_, name_of(options_.on[0])};
      column.for_each([&](std::int64_t row, const Datum& cell) {
        if (cell.kind() == DatumKind::text) return take_key(keys, row, trimmed(cell.as_text()), column.info().name);
        plain_text(cell, text);
        take_key(keys, row, text, column.info().name);
      });
      return;
    }
    std::vector<std::string> joined_keys(side_.rows);
    std::vector<std::uint8_t> known(side_.rows);
    for (std::size_t i = 0; i < options_.on.size(); ++i) {
      const ColumnReader column{table_, name_of(options_.on[i])};
      column.for_each([&](std::int64_t row, const Datum& cell) {
        const auto at = static_cast<std::size_t>(row);
        plain_text(cell, text);
        if (!text.empty()) known[at] = 1;
        if (i > 0) joined_keys[at] += '\x1F';
        joined_keys[at] += text;
      });
    }
    for (std::size_t row = 0; row < side_.rows; ++row)
      take_key(keys, static_cast<std::int64_t>(row), known[row] != 0 ? joined_keys[row] : std::string{},
               name_of(options_.on[0]));
  }

  /// Lists the rows of each key, in their order.
  void link(std::size_t keys) {
    side_.head.assign(keys, no_row);
    side_.next.assign(side_.rows, no_row);
    for (std::size_t row = side_.rows; row-- > 0;) {
      const RowId key = side_.key[row];
      if (key == no_row) continue;
      side_.next[row] = side_.head[key];
      side_.head[key] = static_cast<RowId>(row);
    }
  }

  void read_amounts(Currency currency) {
    if (options_.amount.empty()) return;
    const ColumnReader column{table_, name_of(options_.amount)};
    side_.amount.resize(side_.rows, 0);
    side_.state.resize(side_.rows, AmountState::none);
    const bool given = !options_.currency.empty();
    const auto unit = Currency::find(column.info().unit);
    std::optional<ColumnReader> codes;
    if (!options_.currency_column.empty()) codes.emplace(table_, name_of(options_.currency_column));
    const int places = decimals(currency);
    column.for_each([&](std::int64_t row, const Datum& cell) {
      if (cell.kind() == DatumKind::text ? trimmed(cell.as_text()).empty() : is_blank(cell)) return;
      const Where where{side_.name, column.info().name, row};
      const auto read = read_amount(cell, places);
      if (!read)
        return note("bad_number", row, cell, "amounts that cannot be read; they count as no amount",
                    "write plain numbers, such as 1204.50");
      Currency own = codes ? named_currency(codes->read(row), where) : Currency{};
      if (own.empty() && unit) own = *unit;
      const bool beside = !read->text.names_currency() || read->text.may_be(currency);
      if (!beside || (!own.empty() && own != currency)) {
        if (!given) fail_currency(beside ? own : read->text.currency, currency, where);
        side_.state[static_cast<std::size_t>(row)] = AmountState::foreign;
        return note("other_currency", row, cell, "amounts in another currency; they are in no sum",
                    "convert them before");
      }
      take_amount(row, cell, *read, places, where);
    });
  }

  void read_times() {
    if (options_.at.empty()) return;
    const ColumnReader column{table_, name_of(options_.at)};
    const bool days = column.info().type == ColumnType::date;
    const TimeCells cells{options_.zone};
    side_.at.resize(side_.rows, no_time);
    side_.day.resize(side_.rows, no_day);
    side_.is_day.resize(side_.rows, 0);
    column.for_each([&](std::int64_t row, const Datum& cell) {
      if (cell.kind() == DatumKind::text ? trimmed(cell.as_text()).empty() : is_blank(cell)) return;
      const auto read = cells.read(cell, days);
      const auto at = static_cast<std::size_t>(row);
      const std::int64_t day =
          read ? floor_divide(options_.zone.to_local(from_us(read->us)), us_per_day) : std::int64_t{no_day};
      if (!read || day < -10'000'000 || day > 10'000'000) {
        return note_of(options_.at, "bad_time", row, cell, "times that cannot be read; their rows are in no period",
                       "write 2026-03-14T10:00:00 or 14.03.2026 10:00");
      }
      side_.at[at] = read->us;
      side_.is_day[at] = read->is_day ? 1 : 0;
      side_.day[at] = static_cast<std::int32_t>(day);
    });
  }

  void read_codes(const ColumnPair& pair, Interner& texts, std::vector<RowId>& out,
                  const std::vector<std::pair<std::string, std::string>>& same = {}) const {
    if (pair.empty()) return;
    out.resize(side_.rows, no_row);
    const ColumnReader column{table_, name_of(pair)};
    std::string text;
    column.for_each([&](std::int64_t row, const Datum& cell) {
      plain_text(cell, text);
      if (text.empty()) return;
      for (const auto& [from, to] : same) {
        if (from != text) continue;
        text = to;
        break;
      }
      out[static_cast<std::size_t>(row)] = texts.intern(text);
    });
  }

  /// The cell of the sums for each row: who, and which period.
  void make_cells(Interner& cells) {
    side_.cell.resize(side_.rows);
    std::array<std::uint32_t, 2> last{};
    RowId code = no_row;
    for (std::size_t row = 0; row < side_.rows; ++row) {
      const std::int32_t day = side_.day.empty() ? no_day : side_.day[row];
      const std::int32_t period = day == no_day ? no_day : ordinal_of_day(day, options_.every);
      const std::array<std::uint32_t, 2> pair{side_.by.empty() ? no_row : side_.by[row],
                                              static_cast<std::uint32_t>(period)};
      if (code == no_row || pair != last) {
        last = pair;
        std::array<char, 8> bytes{};
        for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(pair[i / 4] >> (i % 4 * 8) & 0xFFU);
        code = cells.intern({bytes.data(), bytes.size()});
      }
      side_.cell[row] = code;
    }
  }

  [[nodiscard]] Side& side() noexcept { return side_; }

 private:
  void take_key(Interner& keys, std::int64_t row, std::string_view text, const std::string& column) {
    if (!text.empty()) {
      side_.key[static_cast<std::size_t>(row)] = keys.intern(text);
      return;
    }
    problems_.note("blank_key", "warning", side_.name, column, row, {}, "rows without a key; they match nothing",
                   "fill the key in the source, or match by another column");
  }

  void note(std::string_view code, std::int64_t row, const Datum& cell, std::string_view message,
            std::string_view hint) {
    note_of(options_.amount, code, row, cell, message, hint);
  }
  void note_of(const ColumnPair& pair, std::string_view code, std::int64_t row, const Datum& cell,
               std::string_view message, std::string_view hint) {
    problems_.note(code, "warning", side_.name, name_of(pair), row, to_text(cell), message, hint);
  }

  [[noreturn]] static void fail_currency(Currency own, Currency currency, const Where& where) {
    const std::string found = own.empty() ? "another currency" : std::string{own.code()};
    const std::string before = currency.empty() ? "amounts without a currency" : std::string{currency.code()};
    throw Error(ErrorCode::currency_mismatch, "amounts in two currencies: " + found + " beside " + before, where,
                "convert them before, or give currency= to sum one of them and list the others");
  }

  void take_amount(std::int64_t row, const Datum& cell, const ReadAmount& read, int places, const Where& where) {
    const auto near = to_nearest_units(read.number, places);
    if (!near || *near > largest_amount || *near < -largest_amount) {
      throw Error(ErrorCode::overflow, "an amount is beyond 2^61 minor units: " + to_text(cell), where);
    }
    if (!to_units(read.number, places) && !(read.binary && is_float_noise(read.number, *near, places)))
      note("rounded_money", row, cell, "amounts finer than a minor unit are rounded, half to even",
           "round them in the source, or give currency=");
    side_.amount[static_cast<std::size_t>(row)] = *near;
    side_.state[static_cast<std::size_t>(row)] = AmountState::known;
  }

  const TableInput& table_;
  bool first_;
  const ReconcileOptions& options_;
  ProblemList& problems_;
  Side side_{};
};

}  // namespace dealtrail::detail::reconciling
