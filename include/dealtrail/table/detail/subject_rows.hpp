#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <new>
#include <span>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include "dealtrail/core/detail/parallel.hpp"
#include "dealtrail/core/detail/text_hash.hpp"
#include "dealtrail/core/memory.hpp"
#include "dealtrail/core/zone.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/table/row_problems.hpp"

// The rows of a table, subject by subject, in one pass over the table and one over the rows that are kept.
//
// 1. `partition_rows`: each worker reads a stretch of rows in blocks. A row that is kept becomes {key, at, row,
//    payload} and goes to one of 2^bits partitions by the top bits of its key. The key is the mixed number of the
//    subject (one to one) or the hash of its text. Within a partition rows keep the order of the table.
// 2. `for_each_subject`: each partition fits the cache. Its rows are counted by subject, put in order of subject, and
//    visited. Texts with equal hashes are compared.
//
// Results do not depend on the number of workers as long as visits only add.
namespace dealtrail::detail {

template <class Payload>
struct SubjectRow {
  std::uint64_t key;
  std::int64_t at;  // microseconds UTC
  std::uint32_t row;
  Payload payload;
};

/// Rows of one worker by partition: chains of chunks of about 1 KB, cut from blocks of memory.
template <class Row>
class PartitionChains {
  static_assert(std::is_trivially_copyable_v<Row>);
  static constexpr std::size_t rows_of_chunk = std::max<std::size_t>(4, 1008 / sizeof(Row));
  struct Chunk {
    Chunk* next;
    std::size_t count;
    Row rows[rows_of_chunk];
  };
  static constexpr std::size_t block_bytes = large_block;
  struct GiveBack {
    void operator()(char* block) const noexcept { give_large_block(block, block_bytes); }
  };

 public:
  explicit PartitionChains(std::size_t partitions) : chains_(partitions) {}

  void add(std::size_t partition, const Row& row) {
    Chain& chain = chains_[partition];
    if (chain.last == nullptr || chain.last->count == rows_of_chunk) open(chain);
    chain.last->rows[chain.last->count++] = row;
    ++chain.rows;
  }
  [[nodiscard]] std::size_t rows(std::size_t partition) const noexcept { return chains_[partition].rows; }

  /// Copies the rows of a partition to `out`, in the order they came.
  Row* copy(std::size_t partition, Row* out) const noexcept {
    for (const Chunk* chunk = chains_[partition].first; chunk != nullptr; chunk = chunk->next)
      out = std::copy_n(chunk->rows, chunk->count, out);
    return out;
  }

 private:
  struct Chain {
    Chunk* first = nullptr;
    Chunk* last = nullptr;
    std::size_t rows = 0;
  };

  void open(Chain& chain) {
    if (left_ < sizeof(Chunk)) {
      const bool small = blocks_.empty() && small_ == nullptr;  // few rows need no block of megabytes
      if (small) {
        left_ = 64 * sizeof(Chunk);
        small_ = std::make_unique<std::byte[]>(left_);
        next_ = reinterpret_cast<char*>(small_.get());
      } else {
        blocks_.emplace_back(static_cast<char*>(take_large_block(block_bytes)));
        next_ = blocks_.back().get();
        left_ = block_bytes;
      }
    }
    auto* const made = ::new (static_cast<void*>(next_)) Chunk;
    made->next = nullptr;
    made->count = 0;
    next_ += sizeof(Chunk);
    left_ -= sizeof(Chunk);
    (chain.first == nullptr ? chain.first : chain.last->next) = made;
    chain.last = made;
  }

  std::vector<Chain> chains_;
  std::unique_ptr<std::byte[]> small_{};
  std::vector<std::unique_ptr<char, GiveBack>> blocks_{};
  char* next_ = nullptr;
  std::size_t left_ = 0;
};

inline constexpr std::size_t subject_block_rows = 1024;

/// Column of subjects and column of times, checked to be of types that fit.
struct SubjectInput {
  ColumnReader subject;
  ColumnReader at;
  Zone zone{};

  SubjectInput(const TableInput& table, const std::string& subject_name, const std::string& at_name, Zone local_zone)
      : subject(reader(table, subject_name, {ColumnType::integer, ColumnType::text})),
        at(reader(table, at_name, {ColumnType::time, ColumnType::local_time, ColumnType::date})),
        zone(std::move(local_zone)) {
    if (table.rows() >= std::numeric_limits<std::uint32_t>::max()) {
      throw Error(ErrorCode::limit_exceeded, "more than 4 294 967 294 rows at once", {table.schema().table(), {}, -1},
                  "hand over fewer rows, subjects kept whole");
    }
  }
  [[nodiscard]] static ColumnReader reader(const TableInput& table, const std::string& name,
                                           std::initializer_list<ColumnType> types) {
    const RequiredColumn wanted{name, types};
    table.schema().require(std::span{&wanted, 1});
    return ColumnReader{table, name};
  }
  [[nodiscard]] bool of_numbers() const noexcept { return subject.info().type == ColumnType::integer; }
  [[nodiscard]] std::int64_t rows() const noexcept { return subject.rows(); }
};

/// The rows of a table by partition.
template <class Payload>
struct SubjectPartitions {
  using Row = SubjectRow<Payload>;
  int bits = 0;
  std::vector<PartitionChains<Row>> workers{};
  RowProblems problems{};
  [[nodiscard]] std::size_t size() const noexcept { return std::size_t{1} << bits; }
};

/// Reads times as microseconds UTC: wall clocks are those of the zone.
inline void read_utc(const ColumnReader& at, const Zone& zone, std::size_t piece, std::int64_t first,
                     std::span<std::int64_t> out, std::span<std::uint8_t> known) {
  at.read_times_us(piece, first, out, known);
  if (at.info().type == ColumnType::time || zone == Zone{}) return;
  for (std::size_t i = 0; i < out.size(); ++i)
    if (known[i] != 0) out[i] = to_us(zone.to_utc(out[i]));
}

/// One block of rows as `partition_rows` hands it to its caller.
struct SubjectBlock {
  std::size_t piece;
  std::int64_t first;  // of the piece
  std::int64_t row;    // of the table
  std::size_t count;
  std::span<const std::int64_t> at;
};

/// Reads the table once. `make_reader(worker)` gives an object whose `read(block, keep, problems)` clears `keep[i]` of
/// rows that do not count, and whose `payload(i)` gives the payload of a row that does. Rows without a subject or a
/// time are left out as errors `no_subject` and `no_time`.
template <class Payload, class MakeReader>
[[nodiscard]] SubjectPartitions<Payload> partition_rows(const SubjectInput& input, std::size_t workers,
                                                        MakeReader make_reader) {
  using Row = SubjectRow<Payload>;
  constexpr std::uint64_t rows_of_partition = 8'192;
  constexpr int most_bits = 11;
  SubjectPartitions<Payload> made;
  const auto rows = static_cast<std::uint64_t>(input.rows());
  made.bits = std::min<int>(most_bits, static_cast<int>(std::bit_width(rows / rows_of_partition)));
  workers = std::clamp<std::size_t>(workers, 1, rows / (subject_block_rows * 4) + 1);
  for (std::size_t i = 0; i < workers; ++i) made.workers.emplace_back(made.size());
  std::vector<RowProblems> problems(workers);
  const RowProblem no_subject{"no_subject",
                              "error",
                              input.subject.info().name,
                              0,
                              {},
                              "rows without a subject are left out",
                              "fill it, or drop the rows"};
  const RowProblem no_time{
      "no_time", "error", input.at.info().name, 0, {}, "rows without a time are left out", "fill it, or drop the rows"};
  const int shift = 64 - made.bits;
  run_workers(workers, [&](std::size_t worker) {
    auto reader = make_reader(worker);
    PartitionChains<Row>& chains = made.workers[worker];
    std::array<std::int64_t, subject_block_rows> at;
    std::array<std::int64_t, subject_block_rows> number;
    std::array<std::string_view, subject_block_rows> text;
    std::array<std::uint8_t, subject_block_rows> timed;
    std::array<std::uint8_t, subject_block_rows> known;
    std::array<std::uint8_t, subject_block_rows> keep;
    const bool numbers = input.of_numbers();
    const auto begin = static_cast<std::int64_t>(rows * worker / workers);
    const auto end = static_cast<std::int64_t>(rows * (worker + 1) / workers);
    std::int64_t piece_begin = 0;
    for (std::size_t piece = 0; piece < input.subject.piece_count() && piece_begin < end; ++piece) {
      const std::int64_t piece_end = piece_begin + input.subject.piece_rows(piece);
      for (std::int64_t row = std::max(begin, piece_begin); row < std::min(end, piece_end);) {
        const std::int64_t stop = std::min({row + static_cast<std::int64_t>(subject_block_rows), end, piece_end});
        const auto count = static_cast<std::size_t>(stop - row);
        const std::int64_t first = row - piece_begin;
        read_utc(input.at, input.zone, piece, first, std::span{at}.first(count), std::span{timed}.first(count));
        if (numbers) {
          input.subject.read_integers(piece, first, std::span{number}.first(count), std::span{known}.first(count));
        } else {
          input.subject.read_texts(piece, first, std::span{text}.first(count));
          for (std::size_t i = 0; i < count; ++i) known[i] = text[i].empty() ? 0 : 1;
        }
        for (std::size_t i = 0; i < count; ++i) {
          keep[i] = known[i] & timed[i];
          if (keep[i] == 0)
            problems[worker].note(known[i] == 0 ? no_subject : no_time, row + static_cast<std::int64_t>(i));
        }
        reader.read(SubjectBlock{piece, first, row, count, std::span{at}.first(count)}, std::span{keep}.first(count),
                    problems[worker]);
        for (std::size_t i = 0; i < count; ++i) {
          if (keep[i] == 0) continue;
          const std::uint64_t key = numbers ? mixed(static_cast<std::uint64_t>(number[i])) : text_hash(text[i]);
          chains.add(made.bits == 0 ? 0 : static_cast<std::size_t>(key >> shift),
                     {key, at[i], static_cast<std::uint32_t>(row + static_cast<std::int64_t>(i)), reader.payload(i)});
        }
        row = stop;
      }
      piece_begin = piece_end;
    }
  });
  for (const RowProblems& one : problems) made.problems.merge(one);
  return made;
}

/// Groups the rows of one partition by subject.
template <class Row>
class SubjectGroups {
 public:
  explicit SubjectGroups(const SubjectInput& input) : input_(input), numbers_(input.of_numbers()) {}

  /// Calls `visit(rows)` for each subject; a visit may change the rows.
  template <class Payload, class Visit>
  void visit(const SubjectPartitions<Payload>& made, std::size_t partition, Visit&& visit) {
    std::size_t count = 0;
    for (const auto& worker : made.workers) count += worker.rows(partition);
    rows_.resize(count);
    Row* out = rows_.data();
    for (const auto& worker : made.workers) out = worker.copy(partition, out);
    group(count);
    ends_.assign(heads_.size() + 1, 0);
    for (const std::uint32_t subject : subject_) ++ends_[subject + 1];
    for (std::size_t i = 1; i < ends_.size(); ++i) ends_[i] += ends_[i - 1];
    ordered_.resize(count);
    next_.assign(ends_.begin(), ends_.end());
    for (std::size_t i = 0; i < count; ++i) ordered_[next_[subject_[i]]++] = rows_[i];
    for (std::size_t i = 0; i < heads_.size(); ++i)
      visit(std::span<Row>{ordered_.data() + ends_[i], ordered_.data() + ends_[i + 1]});
  }

 private:
  static constexpr std::uint32_t nothing = 0xFFFFFFFF;

  // The subject of each row, by its first row of the partition.
  void group(std::size_t count) {
    const std::size_t slots = std::bit_ceil(std::max<std::size_t>(16, count * 2));
    slots_.assign(slots, nothing);
    heads_.clear();
    subject_.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
      std::size_t slot = static_cast<std::size_t>(rows_[i].key) & (slots - 1);
      while (slots_[slot] != nothing && !same(rows_[heads_[slots_[slot]]], rows_[i])) slot = (slot + 1) & (slots - 1);
      if (slots_[slot] == nothing) {
        slots_[slot] = static_cast<std::uint32_t>(heads_.size());
        heads_.push_back(static_cast<std::uint32_t>(i));
      }
      subject_[i] = slots_[slot];
    }
  }
  [[nodiscard]] bool same(const Row& lhs, const Row& rhs) const {
    if (lhs.key != rhs.key) return false;
    return numbers_ || input_.subject.read(lhs.row) == input_.subject.read(rhs.row);
  }

  const SubjectInput& input_;
  bool numbers_;
  std::vector<Row> rows_{};
  std::vector<Row> ordered_{};
  std::vector<std::uint32_t> subject_{};
  std::vector<std::uint32_t> slots_{};
  std::vector<std::uint32_t> heads_{};
  std::vector<std::size_t> ends_{};
  std::vector<std::size_t> next_{};
};

/// Calls `visit(worker, rows)` for each subject; the rows of a subject are in the order of the table.
template <class Payload, class Visit>
void for_each_subject(const SubjectInput& input, const SubjectPartitions<Payload>& made, std::size_t workers,
                      Visit&& visit) {
  using Row = SubjectRow<Payload>;
  workers = std::clamp<std::size_t>(workers, 1, made.size());
  std::vector<SubjectGroups<Row>> groups(workers, SubjectGroups<Row>{input});
  run_tasks(workers, made.size(), [&](std::size_t worker, std::size_t partition) {
    groups[worker].visit(made, partition, [&](std::span<Row> rows) { visit(worker, rows); });
  });
}

}  // namespace dealtrail::detail
