#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/detail/int128.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/core/parse_time.hpp"
#include "dealtrail/facts/amount_cells.hpp"
#include "dealtrail/journeys/partition/channel_names.hpp"
#include "dealtrail/table/column.hpp"

// Rows of touches as they come, a block at a time.
namespace dealtrail::detail {

// Why a row is left out, or taken without its amount.
enum class RowTrouble : std::uint8_t {
  no_subject,
  no_time,
  bad_time,
  no_channel,
  bad_channel,
  reserved_channel,
  bad_converted,
  bad_value,
  foreign_value,
  large_value,
  rounded_value,
  value_without_conversion
};
inline constexpr std::size_t row_trouble_count = 12;

// Counts of trouble with the first rows of each; merged in the order of the rows.
struct RowTroubles {
  struct Trouble {
    std::int64_t count = 0;
    std::vector<std::int64_t> first{};
  };
  std::array<Trouble, row_trouble_count> all{};
  Int128 rounding = 0;  // what rounded_value added in all, in 10^-12

  void note(RowTrouble trouble, std::int64_t row) {
    Trouble& one = all[static_cast<std::size_t>(trouble)];
    ++one.count;
    if (one.first.size() < 5) one.first.push_back(row);
  }
  void merge(const RowTroubles& later) {
    for (std::size_t i = 0; i < all.size(); ++i) {
      all[i].count += later.all[i].count;
      for (const std::int64_t row : later.all[i].first) {
        if (all[i].first.size() < 5) all[i].first.push_back(row);
      }
    }
    rounding += later.rounding;
  }
};

// The trouble of an amount that is not exact.
[[nodiscard]] constexpr RowTrouble trouble_of(CellAmount::State state) noexcept {
  switch (state) {
    case CellAmount::rounded: return RowTrouble::rounded_value;
    case CellAmount::foreign: return RowTrouble::foreign_value;
    case CellAmount::large: return RowTrouble::large_value;
    default: return RowTrouble::bad_value;
  }
}

// Yes, no (also for no value), or nothing for what is neither.
[[nodiscard]] inline std::optional<bool> yes_or_no(const Datum& cell) noexcept {
  switch (cell.kind()) {
    case DatumKind::null: return false;
    case DatumKind::boolean: return cell.as_boolean();
    case DatumKind::integer:
      if (cell.as_integer() == 0 || cell.as_integer() == 1) return cell.as_integer() == 1;
      return std::nullopt;
    case DatumKind::real:
      if (std::isnan(cell.as_real())) return false;
      if (cell.as_real() == 0 || cell.as_real() == 1) return cell.as_real() == 1;
      return std::nullopt;
    case DatumKind::text: return cell.as_text().empty() ? std::optional{false} : parse_boolean(cell.as_text());
    default: return std::nullopt;
  }
}

// A row's channel and whether it converts in one number.
[[nodiscard]] constexpr std::uint32_t packed(std::uint32_t channel, bool converts) noexcept {
  return channel << 1U | (converts ? 1U : 0U);
}
inline constexpr std::uint32_t row_left_out = 0xFFFFFFFF;

// The columns of a table of touches, checked to be there and of types that fit.
struct TouchInput {
  ColumnReader subject;
  ColumnReader at;
  ColumnReader channel;
  std::optional<ColumnReader> converted{};
  std::optional<ColumnReader> value{};
  Currency currency{};

  [[nodiscard]] bool of_numbers() const noexcept { return subject.info().type == ColumnType::integer; }
};

inline constexpr std::size_t block_rows = 1024;

// Reads the rows of one worker, block by block. The subject is in `number` or `text`, by the type of subjects.
class TouchBlock {
 public:
  explicit TouchBlock(const TouchInput& input) : input_(input), numbers_(input.of_numbers()) {}

  std::array<std::int64_t, block_rows> number{};
  std::array<std::string_view, block_rows> text{};
  std::array<std::int64_t, block_rows> at{};
  std::array<std::uint32_t, block_rows> pack{};  // channel (a code of `names`) and conversion, or that it is left out
  std::array<std::int64_t, block_rows> value{};  // of rows that convert; 0 where there is none

  void read(std::size_t piece, std::int64_t first, std::int64_t row, std::size_t count, ChannelNames& names,
            RowTroubles& troubles) {
    const std::span packs = std::span{pack}.first(count);
    std::fill_n(missing_.begin(), count, fine);
    bool complete = read_channels(piece, first, packs, names);
    if (input_.at.info().type == ColumnType::text) {
      complete = read_iso(piece, first, count) && complete;
    } else {
      input_.at.read_times_us(piece, first, std::span{at}.first(count), std::span{known_}.first(count));
      if (input_.at.may_have_nulls(piece)) complete = miss(RowTrouble::no_time, count) && complete;
    }
    if (numbers_) {
      input_.subject.read_integers(piece, first, std::span{number}.first(count), std::span{known_}.first(count));
    } else {
      input_.subject.read_texts(piece, first, std::span{text}.first(count));
      for (std::size_t i = 0; i < count; ++i) known_[i] = text[i].empty() ? 0 : 1;
    }
    if (!numbers_ || input_.subject.may_have_nulls(piece)) complete = miss(RowTrouble::no_subject, count) && complete;
    if (input_.converted) complete = read_outcomes(piece, first, row, packs, troubles) && complete;
    if (complete) return;
    for (std::size_t i = 0; i < count; ++i) {
      if (missing_[i] == fine) continue;
      pack[i] = row_left_out;
      troubles.note(static_cast<RowTrouble>(missing_[i]), row + static_cast<std::int64_t>(i));
    }
  }

 private:
  static constexpr std::uint8_t fine = 0xFF;

  // Rows without a known value lack something; false if there are any.
  bool miss(RowTrouble trouble, std::size_t count) {
    std::uint8_t all = 1;
    for (std::size_t i = 0; i < count; ++i) all &= known_[i];
    if (all != 0) return true;
    for (std::size_t i = 0; i < count; ++i) {
      if (known_[i] == 0) missing_[i] = static_cast<std::uint8_t>(trouble);
    }
    return false;
  }

  // Times that are written as text; false if a row has none, or what is none.
  bool read_iso(std::size_t piece, std::int64_t first, std::size_t count) {
    input_.at.read_texts(piece, first, std::span{time_}.first(count));
    bool complete = true;
    for (std::size_t i = 0; i < count; ++i) {
      const auto read = TimeFormat{}.read(time_[i]);
      at[i] = read ? read->us : 0;
      if (read) continue;
      missing_[i] = static_cast<std::uint8_t>(time_[i].empty() ? RowTrouble::no_time : RowTrouble::bad_time);
      complete = false;
    }
    return complete;
  }

  // Channels into `packs`; false if a row has none.
  bool read_channels(std::size_t piece, std::int64_t first, std::span<std::uint32_t> packs, ChannelNames& names) {
    const std::size_t count = packs.size();
    std::uint32_t greatest = 0;
    if (input_.channel.is_dictionary() && input_.channel.info().type == ColumnType::text) {
      read_codes(piece, first, packs, names);
      for (const std::uint32_t code : packs) greatest = std::max(greatest, code);
    } else {
      input_.channel.read_texts(piece, first, std::span{channel_}.first(count));
      for (std::size_t i = 0; i < count; ++i) {
        packs[i] = names.code_of(channel_[i]);
        greatest = std::max(greatest, packs[i]);
      }
    }
    if (greatest < first_special_code) {
      for (std::uint32_t& one : packs) one = packed(one, false);
      return true;
    }
    for (std::size_t i = 0; i < count; ++i) {
      if (packs[i] == no_code) missing_[i] = static_cast<std::uint8_t>(RowTrouble::no_channel);
      if (packs[i] == bad_code) missing_[i] = static_cast<std::uint8_t>(RowTrouble::bad_channel);
      if (packs[i] == reserved_code) missing_[i] = static_cast<std::uint8_t>(RowTrouble::reserved_channel);
      packs[i] = packed(packs[i], false);
    }
    return false;
  }
  void read_codes(std::size_t piece, std::int64_t first, std::span<std::uint32_t> codes, ChannelNames& names) {
    if (piece != piece_ || dictionary_.empty()) {
      dictionary_ = input_.channel.dictionary_texts(piece);
      codes_.assign(dictionary_.size(), unread_code);
      piece_ = piece;
    }
    input_.channel.read_codes(piece, first, std::span{number}.first(codes.size()));
    for (std::size_t i = 0; i < codes.size(); ++i) {
      if (number[i] < 0) {
        codes[i] = no_code;
        continue;
      }
      const auto place = static_cast<std::size_t>(number[i]);
      if (codes_[place] == unread_code) codes_[place] = names.code_of(dictionary_[place]);
      codes[i] = codes_[place];
    }
  }

  // Conversions into `packs`, amounts looked at; false if a row says what cannot be read.
  bool read_outcomes(std::size_t piece, std::int64_t first, std::int64_t row, std::span<std::uint32_t> packs,
                     RowTroubles& troubles) {
    bool complete = true;
    if (input_.converted->info().type == ColumnType::boolean) {
      input_.converted->read_booleans(piece, first, std::span{converts_}.first(packs.size()),
                                      std::span{known_}.first(packs.size()));
      for (std::size_t i = 0; i < packs.size(); ++i) packs[i] |= converts_[i] & known_[i];
    } else {
      for (std::size_t i = 0; i < packs.size(); ++i) {
        const auto converts = yes_or_no(input_.converted->read(row + static_cast<std::int64_t>(i)));
        packs[i] |= converts.value_or(false) ? 1U : 0U;
        if (converts || missing_[i] != fine) continue;
        missing_[i] = static_cast<std::uint8_t>(RowTrouble::bad_converted);
        complete = false;
      }
    }
    if (input_.value) read_amounts(piece, first, row, packs, troubles);
    return complete;
  }

  // Amounts of rows that convert into `value`. A row whose amount cannot be read is kept without it.
  void read_amounts(std::size_t piece, std::int64_t first, std::int64_t row, std::span<const std::uint32_t> packs,
                    RowTroubles& troubles) {
    const bool real = input_.value->info().type == ColumnType::real;
    if (real) {  // most rows of such a column are 0 or null
      input_.value->read_reals(piece, first, std::span{amount_}.first(packs.size()),
                               std::span{known_}.first(packs.size()));
    }
    std::fill_n(value.begin(), packs.size(), 0);
    for (std::size_t i = 0; i < packs.size(); ++i) {
      if (missing_[i] != fine) continue;
      if (real && (known_[i] == 0 || amount_[i] == 0 || std::isnan(amount_[i]))) continue;
      const std::int64_t at_row = row + static_cast<std::int64_t>(i);
      const Datum amount = real ? Datum::real(amount_[i]) : input_.value->read(at_row);
      if (amount.is_null()) continue;
      const CellAmount read = cell_amount(amount, input_.currency);
      if (read.state == CellAmount::exact || read.state == CellAmount::rounded) {
        if ((packs[i] & 1U) == 0) {
          if (read.units != 0 || read.state == CellAmount::rounded)
            troubles.note(RowTrouble::value_without_conversion, at_row);
          continue;
        }
        value[i] = read.units;
        if (read.state == CellAmount::exact) continue;
        troubles.rounding += read.added;
      }
      troubles.note(trouble_of(read.state), at_row);
    }
  }

  const TouchInput& input_;
  bool numbers_;
  std::array<std::uint8_t, block_rows> known_{};
  std::array<std::uint8_t, block_rows> missing_{};
  std::array<std::uint8_t, block_rows> converts_{};
  std::array<double, block_rows> amount_{};
  std::array<std::string_view, block_rows> channel_{};
  std::array<std::string_view, block_rows> time_{};
  std::size_t piece_ = 0;
  std::vector<std::string_view> dictionary_;
  std::vector<std::uint32_t> codes_;
};

// Calls `visit(piece, first row of it, row, count)` for the rows from `begin` to `end`, in blocks.
template <class Visit>
void for_each_block(const ColumnReader& any, std::int64_t begin, std::int64_t end, Visit&& visit) {
  std::int64_t piece_begin = 0;
  for (std::size_t piece = 0; piece < any.piece_count() && piece_begin < end; ++piece) {
    const std::int64_t piece_end = piece_begin + any.piece_rows(piece);
    for (std::int64_t row = std::max(begin, piece_begin); row < std::min(end, piece_end);) {
      const std::int64_t stop = std::min({row + static_cast<std::int64_t>(block_rows), end, piece_end});
      visit(piece, row - piece_begin, row, static_cast<std::size_t>(stop - row));
      row = stop;
    }
    piece_begin = piece_end;
  }
}

}  // namespace dealtrail::detail
