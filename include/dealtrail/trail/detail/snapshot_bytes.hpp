#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/core/hash.hpp"
#include "dealtrail/facts/fact_store.hpp"
#include "dealtrail/facts/outcome.hpp"

// A Trail as bytes and back. Canonical: facts by kind and id, own columns by name, nothing of the order of arrival.
// Columns are named in the bytes, so a field that is added later does not make old snapshots unreadable.
//
//   "dealtrail" 0x03, currency, zone, vat, lookback_days, max_per_key, rules, kinds in order (name, columns, rows),
//   64-bit hash of all before it number: 8 bytes little-endian; text: number of bytes, bytes; cell: 0x00 null, 0x01 and
//   a text or number

namespace dealtrail::detail {

inline constexpr std::string_view snapshot_magic{"dealtrail\x03", 10};

class SnapshotWriter {
 public:
  void raw(std::string_view bytes) { bytes_.append(bytes); }
  void byte(std::uint8_t value) { bytes_.push_back(static_cast<char>(value)); }
  void number(std::int64_t value) {
    for (int shift = 0; shift < 64; shift += 8)
      bytes_.push_back(static_cast<char>(static_cast<std::uint64_t>(value) >> shift & 0xFF));
  }
  void size(std::size_t value) { number(static_cast<std::int64_t>(value)); }
  void text(std::string_view value) {
    size(value.size());
    bytes_.append(value);
  }
  void optional_number(std::optional<std::int64_t> value) {
    byte(value.has_value() ? 1 : 0);
    if (value.has_value()) number(*value);
  }
  void datum(const Datum& value) {
    byte(static_cast<std::uint8_t>(value.kind()));
    switch (value.kind()) {
      case DatumKind::null: break;
      case DatumKind::text: text(value.as_text()); break;
      case DatumKind::integer: number(value.as_integer()); break;
      case DatumKind::real: number(std::bit_cast<std::int64_t>(value.as_real())); break;
      case DatumKind::boolean: byte(value.as_boolean() ? 1 : 0); break;
      case DatumKind::time: number(value.as_time_us()); break;
      case DatumKind::local_time: number(value.as_local_time_us()); break;
      case DatumKind::decimal: {
        const Decimal decimal = value.as_decimal();
        number(static_cast<std::int64_t>(decimal.mantissa >> 64));
        number(static_cast<std::int64_t>(static_cast<std::uint64_t>(decimal.mantissa)));
        number(decimal.scale);
        break;
      }
    }
  }
  void condition(const Condition& value) {
    byte(static_cast<std::uint8_t>(value.shape()));
    if (value.shape() == Condition::Shape::test) {
      text(value.field());
      byte(static_cast<std::uint8_t>(value.op()));
      size(value.values().size());
      for (const Constant& constant : value.values()) datum(constant.datum());
      return;
    }
    size(value.parts().size());
    for (const Condition& part : value.parts()) condition(part);
  }
  [[nodiscard]] std::string finish() {
    number(static_cast<std::int64_t>(stable_hash64(bytes_)));
    return std::move(bytes_);
  }

 private:
  std::string bytes_;
};

class SnapshotReader {
 public:
  explicit SnapshotReader(std::string_view bytes) : bytes_(bytes) {}

  [[noreturn]] void fail(const std::string& what) const {
    throw Error(ErrorCode::corrupt_data, "not a snapshot of a Trail: " + what + " at byte " + std::to_string(at_),
                {"snapshot", {}, -1}, "load the sources again, or take an older copy of the file");
  }
  [[nodiscard]] std::string_view raw(std::size_t size) {
    if (size > bytes_.size() - at_) fail("it ends too early");
    const std::string_view piece = bytes_.substr(at_, size);
    at_ += size;
    return piece;
  }
  [[nodiscard]] std::uint8_t byte(std::uint8_t largest) {
    const auto value = static_cast<std::uint8_t>(raw(1).front());
    if (value > largest) fail("a value is out of range");
    return value;
  }
  [[nodiscard]] std::int64_t number() {
    const std::string_view piece = raw(8);
    std::uint64_t value = 0;
    for (std::size_t i = 0; i < 8; ++i)
      value |= static_cast<std::uint64_t>(static_cast<std::uint8_t>(piece[i])) << (8 * i);
    return static_cast<std::int64_t>(value);
  }
  /// A count of things that take at least one byte each.
  [[nodiscard]] std::size_t size() {
    const std::int64_t value = number();
    if (value < 0 || static_cast<std::uint64_t>(value) > bytes_.size() - at_) fail("a size is out of range");
    return static_cast<std::size_t>(value);
  }
  [[nodiscard]] std::string_view text() {
    const std::string_view value = raw(size());
    if (!utf8_valid(value)) fail("a text is not UTF-8");
    return value;
  }
  [[nodiscard]] std::optional<std::int64_t> optional_number() {
    return byte(1) == 1 ? std::optional{number()} : std::nullopt;
  }
  [[nodiscard]] Datum datum() {
    switch (static_cast<DatumKind>(byte(static_cast<std::uint8_t>(DatumKind::decimal)))) {
      case DatumKind::null: return Datum::null();
      case DatumKind::text: return Datum::text(text());
      case DatumKind::integer: return Datum::integer(number());
      case DatumKind::real: return Datum::real(std::bit_cast<double>(number()));
      case DatumKind::boolean: return Datum::boolean(byte(1) == 1);
      case DatumKind::time: return Datum::time(number());
      case DatumKind::local_time: return Datum::local_time(number());
      case DatumKind::decimal: break;
    }
    const Int128 high = number();
    const auto low = static_cast<std::uint64_t>(number());
    const std::int64_t scale = number();
    if (scale < -1000 || scale > 1000) fail("a scale is out of range");
    return Datum::decimal(high * (Int128{1} << 64) + low, static_cast<std::int32_t>(scale));
  }
  [[nodiscard]] Condition condition(int depth = 0) {
    if (depth > 64) fail("a condition is nested too deep");
    const auto shape = static_cast<Condition::Shape>(byte(static_cast<std::uint8_t>(Condition::Shape::test)));
    if (shape == Condition::Shape::test) {
      std::string field{text()};
      const auto op = static_cast<ConditionOp>(byte(static_cast<std::uint8_t>(ConditionOp::prefix)));
      std::vector<Constant> values;
      for (std::size_t left = size(); left > 0; --left) values.emplace_back(datum());
      if (op == ConditionOp::in) return Condition::one_of(std::move(field), std::move(values));
      if (values.size() != 1) fail("a test has no value");
      const Datum value = values.front().datum();
      if (op == ConditionOp::null) {
        if (value.kind() != DatumKind::boolean) fail("a test has no value");
        return Condition::null(std::move(field), value.as_boolean());
      }
      return Condition::test(std::move(field), op, value);
    }
    std::vector<Condition> parts;
    for (std::size_t left = size(); left > 0; --left) parts.push_back(condition(depth + 1));
    if (shape == Condition::Shape::all) return Condition::all(std::move(parts));
    if (shape == Condition::Shape::any) return Condition::any(std::move(parts));
    if (parts.size() != 1) fail("a negation has not one part");
    return Condition::negation(std::move(parts.front()));
  }
  [[nodiscard]] bool at_end() const noexcept { return at_ == bytes_.size(); }

 private:
  std::string_view bytes_;
  std::size_t at_ = 0;
};

inline void write_rules(SnapshotWriter& out, const std::vector<OutcomeRule>& rules) {
  out.size(rules.size());
  for (const OutcomeRule& rule : rules) {
    out.text(rule.name);
    out.byte(!rule.view.has_value() ? 0 : *rule.view == View::marketing ? 1 : 2);
    out.text(rule.outcome);
    out.condition(rule.when);
    out.optional_number(rule.from_us);
    out.optional_number(rule.until_us);
  }
}

[[nodiscard]] inline std::vector<OutcomeRule> read_rules(SnapshotReader& in) {
  std::vector<OutcomeRule> rules;
  for (std::size_t left = in.size(); left > 0; --left) {
    OutcomeRule rule;
    rule.name = in.text();
    const std::uint8_t view = in.byte(2);
    if (view != 0) rule.view = view == 1 ? View::marketing : View::finance;
    rule.outcome = in.text();
    rule.when = in.condition();
    rule.from_us = in.optional_number();
    rule.until_us = in.optional_number();
    rules.push_back(std::move(rule));
  }
  return rules;
}

inline void write_kind(SnapshotWriter& out, const FactStore& store, Kind kind) {
  const KindStore& of = store.of(kind);
  const auto declared = fields_of(kind);
  std::vector<std::size_t> columns;
  for (std::size_t column = 0; column < declared.size(); ++column) columns.push_back(column);
  for (const std::size_t column : store.own_by_name(kind)) columns.push_back(column);
  out.text(kind_name(kind));
  out.size(columns.size());
  for (const std::size_t column : columns) {
    out.text(column < declared.size() ? declared[column].name
                                      : std::string_view{of.own[column - declared.size()].name});
    out.byte(static_cast<std::uint8_t>(of.columns[column].type()));
    out.byte(column < declared.size() ? 0 : 1);
  }
  std::vector<RowId> rows;
  for (RowId slot = 0; slot < of.slots(); ++slot) {
    if (!of.entries[slot].empty()) rows.push_back(slot);
  }
  std::sort(rows.begin(), rows.end(), [&](RowId lhs, RowId rhs) { return of.ids.text(lhs) < of.ids.text(rhs); });
  out.size(rows.size());
  for (const RowId slot : rows) {
    const Entry& entry = of.entries[slot];
    out.text(of.ids.text(slot));
    out.number(entry.version);
    out.byte(static_cast<std::uint8_t>((entry.present ? 1 : 0) | (entry.stub ? 2 : 0) | (entry.unversioned ? 4 : 0) |
                                       (entry.conflict ? 8 : 0)));
    if (!entry.present) continue;
    for (const std::size_t column : columns) {
      const Cell cell = of.columns[column].get(slot);
      out.byte(cell == null_cell ? 0 : 1);
      if (cell == null_cell) continue;
      const FieldType type = of.columns[column].type();
      if (type == FieldType::text) {
        out.text(store.text(cell));
      } else if (type == FieldType::link) {
        out.text(store.id(declared[column].target, static_cast<RowId>(cell)));
      } else {
        out.number(cell);
      }
    }
  }
}

}  // namespace dealtrail::detail
