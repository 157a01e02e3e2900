#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "dealtrail/core/detail/joined.hpp"
#include "dealtrail/reconcile/detail/side.hpp"
#include "dealtrail/table/table.hpp"

// The tables of a result on their way: named columns, filled row by row.
namespace dealtrail::detail::reconciling {

/// A key as people read it; the parts of a key of several columns stand with " | " between.
[[nodiscard]] inline std::string shown_key(std::string_view key) {
  std::string text;
  for (const char letter : key) {
    if (letter == '\x1F') {
      text += " | ";
    } else {
      text += letter;
    }
  }
  return text;
}

inline void append_key(ColumnBuilder& column, const Codes& codes, RowId key) {
  if (key == no_row) return column.append_null();
  const std::string_view text = codes.keys.text(key);
  if (text.find('\x1F') == std::string_view::npos) return column.append_text(text);
  column.append_text(shown_key(text));
}

inline void append_code(ColumnBuilder& column, const Interner& texts, RowId code) {
  code == no_row ? column.append_null() : column.append_text(texts.text(code));
}

inline void append_reason(ColumnBuilder& column, Reason reason) {
  reason == Reason::none ? column.append_null() : column.append_text(to_string(reason));
}

/// Columns of exact amounts of any size.
struct AmountColumns {
  int places;
  Currency currency;
  [[nodiscard]] ColumnBuilder& add(TableBuilder& builder, std::string name) const {
    return builder.decimal(std::move(name), places, std::string{currency.code()});
  }
  [[nodiscard]] Decimal of(Int128 units) const noexcept { return {units, places}; }
};

/// Rows of one side as they are: key, row, at, by, status, amount, and for rows of one side alone the reason.
class RowTable {
 public:
  RowTable(std::string name, const AmountColumns& amounts, bool with_reason)
      : amounts_(amounts),
        builder_(std::move(name)),
        key_(builder_.text("key")),
        row_(builder_.integer("row")),
        at_(builder_.time("at")),
        by_(builder_.text("by")),
        status_(builder_.text("status")),
        amount_(amounts.add(builder_, "amount")),
        reason_(with_reason ? &builder_.text("reason") : nullptr) {}

  void add(const Side& side, const Codes& codes, RowId row, Reason reason = Reason::none) {
    append_key(key_, codes, side.key[row]);
    row_.append_integer(row);
    at_.append_time(side.at.empty() || side.at[row] == no_time ? std::nullopt : std::optional{from_us(side.at[row])});
    append_code(by_, codes.bys, side.by.empty() ? no_row : side.by[row]);
    append_code(status_, codes.statuses, side.status.empty() ? no_row : side.status[row]);
    amount_.append_decimal(side.has_amount(row) ? std::optional{amounts_.of(side.amount[row])} : std::nullopt);
    if (reason_ != nullptr) append_reason(*reason_, reason);
  }

  [[nodiscard]] Table finish() { return builder_.finish(); }

 private:
  AmountColumns amounts_;
  TableBuilder builder_;
  ColumnBuilder& key_;
  ColumnBuilder& row_;
  ColumnBuilder& at_;
  ColumnBuilder& by_;
  ColumnBuilder& status_;
  ColumnBuilder& amount_;
  ColumnBuilder* reason_;
};

[[nodiscard]] inline Table problems_table(const ProblemList& problems) {
  TableBuilder builder{"problems"};
  ColumnBuilder& code = builder.text("code");
  ColumnBuilder& severity = builder.text("severity");
  ColumnBuilder& table = builder.text("table");
  ColumnBuilder& column = builder.text("column");
  ColumnBuilder& count = builder.integer("count");
  ColumnBuilder& ids = builder.text("first_ids");
  ColumnBuilder& values = builder.text("first_values");
  ColumnBuilder& message = builder.text("message");
  ColumnBuilder& hint = builder.text("hint");
  for (const Problem& one : problems.all()) {
    code.append_text(one.code);
    severity.append_text(one.severity);
    table.append_text(one.table);
    column.append_text(one.column);
    count.append_integer(one.count);
    ids.append_text(joined(one.first_rows));
    values.append_text(joined(one.first_values));
    message.append_text(one.message);
    hint.append_text(one.hint);
  }
  return builder.finish();
}

}  // namespace dealtrail::detail::reconciling
