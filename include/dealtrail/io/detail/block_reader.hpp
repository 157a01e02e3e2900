#pragma once

#include <cstddef>
#include <cstdint>
#include <fstream>
#include <ios>
#include <iterator>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"

namespace dealtrail::detail {

/// Bytes of a file or of memory, one block at a time, with one byte of look-ahead. Counts what was read, for error
/// messages.
class BlockReader {
 public:
  static constexpr std::size_t block_size = 256 * 1024;
  static constexpr std::uint64_t max_token = 64 * 1024 * 1024;

  /// Reads `text`, which must outlive the reader.
  BlockReader(std::string name, std::string_view text, std::size_t block = block_size)
      : name_(std::move(name)), rest_(text), size_(block), at_(text.data()), begin_(at_), end_(at_), in_memory_(true) {}

  /// Opens a file.
  /// @throws Error io_error.
  explicit BlockReader(const std::string& path, std::size_t block = block_size)
      : name_(path), file_(path, std::ios::binary), size_(block) {
    if (!file_) throw Error(ErrorCode::io_error, "cannot open " + path);
    block_.resize(block);
    begin_ = at_ = end_ = block_.data();
  }

  BlockReader(const BlockReader&) = delete;
  BlockReader& operator=(const BlockReader&) = delete;

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  /// Bytes handed out so far.
  [[nodiscard]] std::uint64_t position() const noexcept { return before_ + static_cast<std::uint64_t>(at_ - begin_); }

  [[nodiscard]] bool at_end() { return at_ == end_ && !refill(); }
  /// The byte that comes next; only when not at_end().
  [[nodiscard]] char peek() const noexcept { return *at_; }
  void skip() noexcept { ++at_; }

  /// What is at hand, at least one byte unless at the end; `skip(n)` takes of it.
  [[nodiscard]] std::string_view block() {
    if (at_ == end_) refill();
    return {at_, static_cast<std::size_t>(end_ - at_)};
  }
  void skip(std::size_t count) noexcept { at_ += count; }

  /// A parser calls this at each token; a file whose token grows beyond the limit is refused while it is read.
  void mark() noexcept { mark_ = position(); }

 private:
  bool refill() {
    if (last_) return false;
    if (position() - mark_ > max_token) {
      throw Error(ErrorCode::limit_exceeded, "one value is longer than " + std::to_string(max_token) + " bytes");
    }
    before_ += static_cast<std::uint64_t>(end_ - begin_);
    if (in_memory_) {
      const std::size_t got = rest_.size() < size_ ? rest_.size() : size_;
      begin_ = at_ = rest_.data();
      end_ = begin_ + got;
      rest_.remove_prefix(got);
      last_ = rest_.empty();
      return got > 0;
    }
    file_.read(block_.data(), static_cast<std::streamsize>(block_.size()));
    if (file_.bad()) throw Error(ErrorCode::io_error, "cannot read " + name_);
    const auto got = static_cast<std::size_t>(file_.gcount());
    last_ = got < block_.size();
    begin_ = at_ = block_.data();
    end_ = begin_ + got;
    return got > 0;
  }

  std::string name_;
  std::ifstream file_{};
  std::vector<char> block_{};
  std::string_view rest_{};  // of a text in memory
  std::size_t size_ = block_size;
  const char* at_ = nullptr;
  const char* begin_ = nullptr;
  const char* end_ = nullptr;
  std::uint64_t before_ = 0;
  std::uint64_t mark_ = 0;
  bool last_ = false;
  bool in_memory_ = false;
};

/// The iterator by which a parser walks over a BlockReader.
class BlockIterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = char;
  using difference_type = std::ptrdiff_t;
  using pointer = const char*;
  using reference = char;

  BlockIterator() = default;  // the end
  explicit BlockIterator(BlockReader& reader) : reader_(&reader) {}

  [[nodiscard]] char operator*() const { return reader_->peek(); }
  BlockIterator& operator++() {
    reader_->skip();
    return *this;
  }
  BlockIterator operator++(int) {
    reader_->skip();
    return *this;
  }
  friend bool operator==(const BlockIterator& lhs, const BlockIterator& rhs) {
    if (rhs.reader_ != nullptr) return lhs.reader_ == nullptr ? rhs.reader_->at_end() : true;
    return lhs.reader_ == nullptr || lhs.reader_->at_end();
  }

 private:
  BlockReader* reader_ = nullptr;
};

}  // namespace dealtrail::detail
