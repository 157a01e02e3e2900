#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/currency.hpp"
#include "dealtrail/core/encoding.hpp"
#include "dealtrail/core/parse.hpp"
#include "dealtrail/model/detail/journey_columns.hpp"
#include "dealtrail/table/column.hpp"

// Rows of touches as they come, a block at a time.
namespace dealtrail::detail {

// Why a row is left out, or taken without its amount.
enum class RowTrouble : std::uint8_t {
  no_subject,
  no_time,
  no_channel,
  bad_channel,
  bad_converted,
  bad_value,
  value_without_conversion
};
inline constexpr std::size_t row_trouble_count = 7;

// Counts of trouble with the first rows of each; merged in the order of the rows.
struct RowTroubles {
  struct Trouble {
    std::int64_t count = 0;
    std::vector<std::int64_t> first{};
  };
  std::array<Trouble, row_trouble_count> all{};

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
  }
};

inline constexpr std::uint32_t no_code = 0xFFFFFFFF;
inline constexpr std::uint32_t bad_code = 0xFFFFFFFE;

// Names of channels with dense numbers in order of arrival. Few names and many look-ups: a small table, open
// addressing.
class ChannelNames {
 public:
  ChannelNames() : table_(64, no_code) {}

  // no_code for no name, bad_code for one that is not UTF-8.
  [[nodiscard]] std::uint32_t code_of(std::string_view name) {
    if (name.empty()) return no_code;
    const std::uint64_t hash = mix_of(name);
    for (std::size_t place = hash & (table_.size() - 1);; place = (place + 1) & (table_.size() - 1)) {
      const std::uint32_t code = table_[place];
      if (code == no_code) return added(name, place);
      if (names_[code] == name) return valid_[code] ? code : bad_code;
    }
  }
  [[nodiscard]] std::span<const std::string_view> names() const noexcept { return names_; }
  [[nodiscard]] bool valid(std::uint32_t code) const noexcept { return valid_[code]; }

 private:
  // First, last and length of short names tell most apart; it need not be fixed, only fast.
  [[nodiscard]] static std::uint64_t mix_of(std::string_view name) noexcept {
    std::uint64_t first = 0;
    std::uint64_t last = 0;
    if (name.size() >= 8) {
      std::memcpy(&first, name.data(), 8);
      std::memcpy(&last, name.data() + name.size() - 8, 8);
      if (name.size() > 32) last ^= stable_hash64(name);
    } else {
      for (const char letter : name) first = first << 8U | static_cast<unsigned char>(letter);
    }
    const std::uint64_t hash = (first ^ (last * 0x9E3779B97F4A7C15U) ^ name.size()) * 0xBF58476D1CE4E5B9U;
    return hash ^ (hash >> 32U);
  }

  [[nodiscard]] std::uint32_t added(std::string_view name, std::size_t place) {
    const auto code = static_cast<std::uint32_t>(names_.size());
    names_.push_back(name);
    valid_.push_back(utf8_valid(name));
    table_[place] = code;
    if (names_.size() * 2 > table_.size()) {
      std::vector<std::uint32_t> wider(table_.size() * 4, no_code);
      for (std::uint32_t old = 0; old < names_.size(); ++old) {
        std::size_t at = mix_of(names_[old]) & (wider.size() - 1);
        while (wider[at] != no_code) at = (at + 1) & (wider.size() - 1);
        wider[at] = old;
      }
      table_ = std::move(wider);
    }
    return valid_[code] ? code : bad_code;
  }

  std::vector<std::string_view> names_;
  std::vector<bool> valid_;
  std::vector<std::uint32_t> table_;
};

// An amount in major units as minor ones of `currency`, exactly as the Trail's door reads it; nothing when it is not
// one.
[[nodiscard]] inline std::optional<std::int64_t> minor_of(const Datum& cell, Currency currency) noexcept {
  constexpr std::int64_t largest = std::int64_t{1} << 61;
  const int places = decimals(currency);
  std::optional<std::int64_t> minor;
  switch (cell.kind()) {
    case DatumKind::integer: minor = to_units(Decimal{cell.as_integer(), 0}, places); break;
    case DatumKind::decimal: minor = to_units(cell.as_decimal(), places); break;
    case DatumKind::text: {
      const auto amount = parse_money_text(cell.as_text());
      if (amount && (amount->currency.empty() || amount->currency == currency))
        minor = to_units(amount->amount, places);
      break;
    }
    case DatumKind::real: {
      double scaled = cell.as_real();
      for (int i = 0; i < places; ++i) scaled *= 10.0;
      if (!(std::fabs(scaled) <= static_cast<double>(largest))) return std::nullopt;
      const double whole = std::nearbyint(scaled);
      if (std::fabs(scaled - whole) <= std::max(1e-6, std::fabs(scaled) * 1e-15))
        minor = static_cast<std::int64_t>(whole);
      break;
    }
    default: break;
  }
  return minor && (*minor > largest || *minor < -largest) ? std::nullopt : minor;
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

// A row as it is kept between the passes: its channel and whether it converts in one number. Sorted by it, rows are in
// the order of (channel, converted).
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

// Reads the rows of one worker, block by block. `key` is a number or a text, by the type of subjects.
class TouchBlock {
 public:
  explicit TouchBlock(const TouchInput& input) : input_(input), numbers_(input.of_numbers()) {}

  std::array<std::int64_t, block_rows> number{};
  std::array<std::string_view, block_rows> text{};
  std::array<std::int64_t, block_rows> at{};
  std::array<std::int64_t, block_rows> value{};

  void read_keys(std::size_t piece, std::int64_t first, std::size_t count) {
    if (numbers_) {
      input_.subject.read_integers(piece, first, std::span{number}.first(count), std::span{known_}.first(count));
    } else {
      input_.subject.read_texts(piece, first, std::span{text}.first(count));
    }
  }
  void read_times(std::size_t piece, std::int64_t first, std::size_t count) {
    input_.at.read_times_us(piece, first, std::span{at}.first(count), std::span{known_}.first(count));
  }
  // Amounts of the rows that convert; 0 where there is none.
  void read_values(std::int64_t row, std::span<const std::uint32_t> packs) {
    for (std::size_t i = 0; i < packs.size(); ++i) {
      value[i] = 0;
      if (packs[i] == row_left_out || (packs[i] & 1U) == 0) continue;
      const Datum cell = input_.value->read(row + static_cast<std::int64_t>(i));
      if (!cell.is_null()) value[i] = minor_of(cell, input_.currency).value_or(0);
    }
  }

  // First pass: keys, and into `packs` each row's channel (a code of `names`) and conversion, or that it is left out.
  void read(std::size_t piece, std::int64_t first, std::int64_t row, std::span<std::uint32_t> packs,
            ChannelNames& names, RowTroubles& troubles) {
    const std::size_t count = packs.size();
    read_channels(piece, first, packs, names);
    for (std::size_t i = 0; i < count; ++i) {
      if (packs[i] >= bad_code) {
        missing_[i] = static_cast<std::uint8_t>(packs[i] == no_code ? RowTrouble::no_channel : RowTrouble::bad_channel);
        packs[i] = row_left_out;
      } else {
        missing_[i] = fine;
        packs[i] = packed(packs[i], false);
      }
    }
    read_times(piece, first, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (known_[i] == 0) missing_[i] = static_cast<std::uint8_t>(RowTrouble::no_time);
    }
    read_keys(piece, first, count);
    for (std::size_t i = 0; i < count; ++i) {
      if (numbers_ ? known_[i] == 0 : text[i].empty()) missing_[i] = static_cast<std::uint8_t>(RowTrouble::no_subject);
    }
    if (input_.converted) read_outcomes(piece, first, row, packs, troubles);
    for (std::size_t i = 0; i < count; ++i) {
      if (missing_[i] == fine) continue;
      packs[i] = row_left_out;
      troubles.note(static_cast<RowTrouble>(missing_[i]), row + static_cast<std::int64_t>(i));
    }
  }

 private:
  static constexpr std::uint8_t fine = 0xFF;

  void read_channels(std::size_t piece, std::int64_t first, std::span<std::uint32_t> codes, ChannelNames& names) {
    const std::size_t count = codes.size();
    if (!input_.channel.is_dictionary() || input_.channel.info().type != ColumnType::text) {
      input_.channel.read_texts(piece, first, std::span{channel_}.first(count));
      for (std::size_t i = 0; i < count; ++i) codes[i] = names.code_of(channel_[i]);
      return;
    }
    if (piece != piece_ || dictionary_.empty()) {
      dictionary_ = input_.channel.dictionary_texts(piece);
      codes_.assign(dictionary_.size(), unread);
      piece_ = piece;
    }
    input_.channel.read_codes(piece, first, std::span{number}.first(count));
    for (std::size_t i = 0; i < count; ++i) {
      if (number[i] < 0) {
        codes[i] = no_code;
        continue;
      }
      const auto place = static_cast<std::size_t>(number[i]);
      if (codes_[place] == unread) codes_[place] = names.code_of(dictionary_[place]);
      codes[i] = codes_[place];
    }
  }

  void read_outcomes(std::size_t, std::int64_t, std::int64_t row, std::span<std::uint32_t> packs,
                     RowTroubles& troubles) {
    for (std::size_t i = 0; i < packs.size(); ++i) {
      if (missing_[i] != fine) continue;
      const std::int64_t at_row = row + static_cast<std::int64_t>(i);
      const auto converts = yes_or_no(input_.converted->read(at_row));
      if (!converts) {
        missing_[i] = static_cast<std::uint8_t>(RowTrouble::bad_converted);
        continue;
      }
      packs[i] |= *converts ? 1U : 0U;
      if (!input_.value) continue;
      const Datum amount = input_.value->read(at_row);
      if (amount.is_null() || (amount.kind() == DatumKind::real && std::isnan(amount.as_real()))) continue;
      const auto minor = minor_of(amount, input_.currency);
      if (!minor) {
        missing_[i] = static_cast<std::uint8_t>(RowTrouble::bad_value);
      } else if (*minor != 0 && !*converts) {
        troubles.note(RowTrouble::value_without_conversion, at_row);
      }
    }
  }

  static constexpr std::uint32_t unread = 0xFFFFFFFD;

  const TouchInput& input_;
  bool numbers_;
  std::array<std::uint8_t, block_rows> known_{};
  std::array<std::uint8_t, block_rows> missing_{};
  std::array<std::string_view, block_rows> channel_{};
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
