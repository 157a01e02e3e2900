#pragma once

#include <cstddef>
#include <cstring>
#include <memory>
#include <string_view>
#include <vector>

namespace dealtrail::detail {

/// Memory for the text of one record: addresses stay, everything is forgotten at once, blocks are reused.
class Arena {
 public:
  Arena() = default;
  Arena(Arena&&) noexcept = default;
  Arena& operator=(Arena&&) noexcept = default;

  [[nodiscard]] char* take(std::size_t size) {
    if (size > left_) grow(size);
    char* const place = at_;
    at_ += size;
    left_ -= size;
    return place;
  }

  [[nodiscard]] std::string_view keep(std::string_view text) {
    if (text.empty()) return {};
    char* const place = take(text.size());
    std::memcpy(place, text.data(), text.size());
    return {place, text.size()};
  }

  /// Keeps the first block only, so that one giant record does not hold its memory for the rest of the file.
  void clear() {
    if (blocks_.empty()) return;
    if (blocks_.size() > 1) blocks_.resize(1);
    at_ = blocks_.front().bytes.get();
    left_ = blocks_.front().size;
  }

 private:
  struct Block {
    std::unique_ptr<char[]> bytes;
    std::size_t size;
  };

  void grow(std::size_t size) {
    constexpr std::size_t block_size = 64 * 1024;
    const std::size_t wanted = size > block_size ? size : block_size;
    blocks_.push_back({std::unique_ptr<char[]>(new char[wanted]), wanted});
    at_ = blocks_.back().bytes.get();
    left_ = wanted;
  }

  std::vector<Block> blocks_{};
  char* at_ = nullptr;
  std::size_t left_ = 0;
};

}  // namespace dealtrail::detail
