#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/journeys/detail/journey_columns.hpp"
#include "dealtrail/journeys/partition/channel_names.hpp"
#include "dealtrail/journeys/partition/touch_rows.hpp"

// Touches dealt out by the top bits of their subject's hash in one pass over the table: all rows of a subject lie in
// one part, parts are in the order of the hash, and rows of a part are in the order they came. A part fits the cache,
// so that what follows does not wait for memory.
namespace dealtrail::detail {

// How rows are written down: the time; channel and conversion, in one byte while channels are few; the amount, if there
// are amounts and the row converts; then its subject: a mixed number, or a text behind its length.
struct TouchLayout {
  bool numbers = true;
  bool amounts = false;

  [[nodiscard]] bool has_amount(std::uint32_t pack) const noexcept { return amounts && (pack & 1U) != 0; }
};

template <class Number>
[[nodiscard]] inline Number number_at(const char* at) noexcept {
  Number number;
  std::memcpy(&number, at, sizeof number);
  return number;
}
// Numbers that are nearly always small, the channel's and a text's length: one byte, or 255 and eight.
[[nodiscard]] constexpr std::size_t short_room(std::uint64_t number) noexcept { return number < 255 ? 1 : 9; }
[[nodiscard]] inline char* write_short(char* out, std::uint64_t number) noexcept {
  if (number < 255) {
    *out = static_cast<char>(number);
    return out + 1;
  }
  *out = static_cast<char>(255);
  std::memcpy(out + 1, &number, 8);
  return out + 9;
}
[[nodiscard]] inline std::uint64_t read_short(const char*& at) noexcept {
  const auto byte = static_cast<unsigned char>(*at++);
  if (byte < 255) return byte;
  at += 8;
  return number_at<std::uint64_t>(at - 8);
}
[[nodiscard]] inline std::string_view text_at(const char* at) noexcept {
  const std::uint64_t size = read_short(at);
  return {at, size};
}

// A row that is read again.
struct TouchRow {
  std::int64_t at = 0;
  std::int64_t value = 0;         // of a row that converts, if there are amounts
  const char* subject = nullptr;  // where it is written
  std::uint32_t pack = 0;         // channel by the place of its name, and conversion
};

// Rows of one worker in one part: a chain of chunks, each of this many bytes or of one longer row.
inline constexpr std::size_t chunk_bytes = 1'008;
struct TouchChunk {
  TouchChunk* next = nullptr;
  std::uint64_t size = 0;  // bytes of rows, which follow
  [[nodiscard]] const char* begin() const noexcept { return reinterpret_cast<const char*>(this + 1); }
  [[nodiscard]] char* begin() noexcept { return reinterpret_cast<char*>(this + 1); }
};

// Room for chunks, let go all at once.
class ChunkRoom {
 public:
  explicit ChunkRoom(std::size_t block) : block_(block) {}

  [[nodiscard]] TouchChunk* chunk(std::size_t size) {
    const std::size_t whole = (sizeof(TouchChunk) + size + 7) / 8 * 8;
    if (left_ < whole) {
      blocks_.emplace_back(std::max(block_, whole));
      next_ = blocks_.back().data();
      left_ = blocks_.back().size();
    }
    auto* const made = ::new (static_cast<void*>(next_)) TouchChunk{};
    next_ += whole;
    left_ -= whole;
    return made;
  }

 private:
  std::size_t block_;
  std::vector<Numbers<char>> blocks_{};
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

// What one worker knows of its rows.
struct PartitionWriter {
  struct RowBuffer {
    char* next = nullptr;  // where the next row goes
    char* end = nullptr;   // of the chunk's room
    std::uint64_t rows = 0;
  };
  explicit PartitionWriter(std::size_t parts, std::size_t block)
      : room(block), piles(parts), first(parts, nullptr), last(parts, nullptr) {}

  ChunkRoom room;
  std::vector<RowBuffer> piles;  // by part, as are:
  std::vector<TouchChunk*> first;
  std::vector<TouchChunk*> last;
  ChannelNames names{};
  std::vector<std::uint8_t> used{};    // by channel code: 1 when a row that is kept has it
  std::vector<std::uint32_t> ranks{};  // by channel code: its place among all names
  RowTroubles troubles{};
};

// The rows that are kept, part by part, and room for the touches they become.
struct TouchPartitions {
  int bits = 0;  // 2^bits parts
  TouchLayout layout{};
  std::vector<std::unique_ptr<PartitionWriter>> hands{};
  std::vector<std::uint64_t> row_first{};  // of each part; one more at the end
  Numbers<std::int64_t> at{};
  Numbers<std::uint32_t> packs{};
  std::vector<std::string> channels{};

  [[nodiscard]] std::size_t size() const noexcept { return std::size_t{1} << bits; }
};

// Chunks of a part lie far from each other: the next is asked for while this one is read.
inline void fetch(const TouchChunk* chunk) noexcept {
  if (chunk == nullptr) return;
  constexpr std::size_t line = 64;
  const char* const at = reinterpret_cast<const char*>(chunk);
  for (std::size_t i = 0; i < sizeof(TouchChunk) + chunk_bytes; i += line) __builtin_prefetch(at + i);
}

// Calls `visit(row)` for the rows of a part in the order they came.
template <bool numbers, class Visit>
inline void for_each_row(const TouchPartitions& parts, std::size_t part, Visit&& visit) {
  const TouchLayout layout = parts.layout;
  for (const auto& hand : parts.hands) {
    const std::uint32_t* const ranks = hand->ranks.data();
    for (const TouchChunk* chunk = hand->first[part]; chunk != nullptr; chunk = chunk->next) {
      fetch(chunk->next);
      const char* const end = chunk->begin() + chunk->size;
      for (const char* at = chunk->begin(); at < end;) {
        TouchRow row{.at = number_at<std::int64_t>(at)};
        at += 8;
        const auto pack = static_cast<std::uint32_t>(read_short(at));
        row.pack = packed(ranks[pack >> 1U], (pack & 1U) != 0);
        if (layout.has_amount(pack)) {
          row.value = number_at<std::int64_t>(at);
          at += 8;
        }
        row.subject = at;
        if constexpr (numbers) {
          at += 8;
        } else {
          const std::string_view text = text_at(at);
          at = text.data() + text.size();
        }
        visit(row);
      }
    }
  }
}

// Deals the rows of a table out to parts.
class TouchPartitioner {
 public:
  TouchPartitioner(const TouchInput& input, std::size_t workers) : input_(input), workers_(workers) {
    const auto rows = static_cast<std::uint64_t>(input.subject.rows());
    constexpr std::uint64_t rows_of_part = 16'384;
    constexpr int most_bits = 11;
    parts_.bits = std::min<int>(most_bits, static_cast<int>(std::bit_width(rows / rows_of_part)));
    parts_.layout = {.numbers = input.of_numbers(), .amounts = input.value.has_value()};
  }

  TouchPartitions deal(RowTroubles& troubles) {
    const std::size_t block = std::clamp(std::bit_floor(static_cast<std::size_t>(input_.subject.rows()) / workers_ * 4),
                                         std::size_t{1} << 16U, 2 * large_block);
    for (std::size_t worker = 0; worker < workers_; ++worker) {
      parts_.hands.push_back(std::make_unique<PartitionWriter>(parts_.size(), block));
    }
    run_workers(workers_, [&](std::size_t worker) { deal_rows(worker); });
    for (const auto& hand : parts_.hands) troubles.merge(hand->troubles);
    name_channels();
    std::uint64_t rows = 0;
    for (std::size_t part = 0; part < parts_.size(); ++part) {
      parts_.row_first.push_back(rows);
      for (const auto& hand : parts_.hands) rows += hand->piles[part].rows;
    }
    parts_.row_first.push_back(rows);
    parts_.at.resize(rows);
    parts_.packs.resize(rows);
    return std::move(parts_);
  }

 private:
  [[nodiscard]] std::int64_t first_row(std::size_t worker) const noexcept {
    return static_cast<std::int64_t>(static_cast<std::size_t>(input_.subject.rows()) * worker / workers_);
  }

  void deal_rows(std::size_t worker) {
    PartitionWriter& hand = *parts_.hands[worker];
    const auto block = std::make_unique<TouchBlock>(input_);
    for_each_block(input_.subject, first_row(worker), first_row(worker + 1),
                   [&](std::size_t piece, std::int64_t first, std::int64_t row, std::size_t count) {
                     block->read(piece, first, row, count, hand.names, hand.troubles);
                     hand.used.resize(hand.names.names().size());
                     if (parts_.layout.numbers) {
                       deal_block<true>(*block, count, hand);
                     } else {
                       deal_block<false>(*block, count, hand);
                     }
                   });
    for (std::size_t part = 0; part < parts_.size(); ++part) close(hand, part);
  }

  template <bool numbers>
  void deal_block(const TouchBlock& block, std::size_t count, PartitionWriter& hand) {
    const TouchLayout layout = parts_.layout;
    const int shift = 64 - parts_.bits;
    PartitionWriter::RowBuffer* const piles = hand.piles.data();
    std::uint8_t* const used = hand.used.data();
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint32_t pack = block.pack[i];
      if (pack == row_left_out) continue;
      used[pack >> 1U] = 1;
      const std::uint64_t hash =
          numbers ? mixed(static_cast<std::uint64_t>(block.number[i])) : text_hash(block.text[i]);
      const std::size_t part = shift == 64 ? 0 : static_cast<std::size_t>(hash >> shift);
      PartitionWriter::RowBuffer& pile = piles[part];
      const bool has_amount = layout.has_amount(pack);
      const std::size_t room = 8 + short_room(pack) + (has_amount ? 8 : 0) +
                               (numbers ? 8 : short_room(block.text[i].size()) + block.text[i].size());
      if (static_cast<std::size_t>(pile.end - pile.next) < room) open(hand, part, room);
      char* out = pile.next;
      std::memcpy(out, &block.at[i], 8);
      out = write_short(out + 8, pack);
      if (has_amount) {
        std::memcpy(out, &block.value[i], 8);
        out += 8;
      }
      if constexpr (numbers) {
        std::memcpy(out, &hash, 8);
      } else {
        out = write_short(out, block.text[i].size());
        std::memcpy(out, block.text[i].data(), block.text[i].size());
      }
      pile.next += room;
      ++pile.rows;
    }
  }

  // The chunk that is written now is full; null has no size.
  static void close(PartitionWriter& hand, std::size_t part) noexcept {
    TouchChunk* const last = hand.last[part];
    if (last != nullptr) last->size = static_cast<std::uint64_t>(hand.piles[part].next - last->begin());
  }
  static void open(PartitionWriter& hand, std::size_t part, std::size_t room) {
    close(hand, part);
    const std::size_t size = std::max(chunk_bytes, room);
    TouchChunk* const chunk = hand.room.chunk(size);
    (hand.last[part] == nullptr ? hand.first[part] : hand.last[part]->next) = chunk;
    hand.last[part] = chunk;
    hand.piles[part].next = chunk->begin();
    hand.piles[part].end = chunk->begin() + size;
  }

  // Channels by name, and for each worker the place of its own codes among them.
  void name_channels() {
    std::vector<std::string_view> names;
    for (const auto& hand : parts_.hands) {
      for (std::uint32_t code = 0; code < hand->used.size(); ++code) {
        if (hand->used[code] != 0) names.push_back(hand->names.names()[code]);
      }
    }
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    parts_.channels.assign(names.begin(), names.end());
    for (const auto& hand : parts_.hands) {
      for (const std::string_view name : hand->names.names()) {
        hand->ranks.push_back(
            static_cast<std::uint32_t>(std::lower_bound(names.begin(), names.end(), name) - names.begin()));
      }
    }
  }

  const TouchInput& input_;
  std::size_t workers_;
  TouchPartitions parts_{};
};

}  // namespace dealtrail::detail
