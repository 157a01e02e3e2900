#pragma once

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/table/datum.hpp"
#include "dealtrail/table/detail/chunk.hpp"
#include "dealtrail/table/schema.hpp"

namespace dealtrail::detail {

// Bits packed as Arrow has them; the bits after the last one are 0, so equal columns have equal bytes.
class Bitmap {
 public:
  void append(bool bit) {
    if (size_ % 8 == 0) bytes_.push_back(0);
    if (bit) bytes_.back() = static_cast<unsigned char>(bytes_.back() | (1U << (size_ % 8)));
    ++size_;
  }
  void append(std::int64_t count, bool bit) {
    for (std::int64_t i = 0; i < count; ++i) append(bit);
  }
  [[nodiscard]] bool operator[](std::int64_t index) const noexcept { return bit_at(bytes_.data(), index); }
  [[nodiscard]] const unsigned char* data() const noexcept { return bytes_.data(); }
  [[nodiscard]] std::int64_t size() const noexcept { return size_; }
  friend bool operator==(const Bitmap&, const Bitmap&) = default;

 private:
  std::vector<unsigned char> bytes_;
  std::int64_t size_ = 0;
};

// One column of a result: the very buffers that are exported, of which only those of its type are filled. A null's slot
// holds 0, so equal columns have equal bytes.
struct TableColumn {
  ColumnInfo info{};
  std::vector<std::int64_t> offsets{};   // text: 0 first, then where each ends in `bytes`
  std::string bytes{};                   // text
  std::vector<std::int64_t> integers{};  // integer, time
  std::vector<double> reals{};
  Bitmap bits{};  // boolean
  std::vector<Int128> decimals{};
  Bitmap validity{};  // empty: no nulls
  std::int64_t null_count = 0;
  std::int64_t rows = 0;
  // Time: of rows that are the ends of days the seconds that their clocks are ahead of UTC, else no_day. Shorter than
  // the column, or empty, where no later row is one. Not exported, and no part of equality.
  std::vector<std::int32_t> day_offsets{};
  static constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();

  [[nodiscard]] bool is_null(std::int64_t row) const noexcept { return null_count != 0 && !validity[row]; }

  [[nodiscard]] Datum cell(std::int64_t row) const {
    if (is_null(row)) return Datum::null();
    const auto at = static_cast<std::size_t>(row);
    switch (info.type) {
      case ColumnType::text: {
        const auto begin = static_cast<std::size_t>(offsets[at]);
        return Datum::text(std::string_view{bytes}.substr(begin, static_cast<std::size_t>(offsets[at + 1]) - begin));
      }
      case ColumnType::integer: return Datum::integer(integers[at]);
      case ColumnType::time:
        if (at < day_offsets.size() && day_offsets[at] != no_day) return Datum::day_end(integers[at], day_offsets[at]);
        return Datum::time(integers[at]);
      case ColumnType::real: return Datum::real(reals[at]);
      case ColumnType::boolean: return Datum::boolean(bits[row]);
      case ColumnType::decimal: return Datum::decimal(decimals[at], info.scale);
      default: return Datum::null();
    }
  }

  template <std::same_as<TableColumn> Other>
  friend bool operator==(const TableColumn& lhs, const Other& rhs) {
    if (lhs.info != rhs.info || lhs.rows != rhs.rows || lhs.null_count != rhs.null_count ||
        lhs.validity != rhs.validity || lhs.offsets != rhs.offsets || lhs.bytes != rhs.bytes ||
        lhs.integers != rhs.integers || lhs.bits != rhs.bits || lhs.decimals != rhs.decimals)
      return false;
    if (lhs.info.type != ColumnType::real) return true;
    for (std::int64_t row = 0; row < lhs.rows; ++row) {  // bit by bit: NaN equals itself
      if (!(lhs.cell(row) == rhs.cell(row))) return false;
    }
    return true;
  }
};

struct TableData {
  Schema schema{};
  std::vector<TableColumn> columns{};
  std::vector<std::pair<std::string, std::string>> meta{};
  std::int64_t rows = 0;
};

}  // namespace dealtrail::detail
