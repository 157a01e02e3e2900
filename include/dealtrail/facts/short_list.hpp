// engine
#pragma once

#include <array>
#include <cstddef>
#include <span>
#include <vector>

namespace dealtrail::detail {

// A list that is nearly always short: the first `N` values need no allocation. For plain values.
template <class T, std::size_t N>
class ShortList {
 public:
  void push_back(const T& value) {
    if (size_ < N) {
      near_[size_] = value;
    } else {
      if (size_ == N) far_.assign(near_.begin(), near_.end());
      far_.push_back(value);
    }
    ++size_;
  }
  [[nodiscard]] bool empty() const noexcept { return size_ == 0; }
  [[nodiscard]] std::span<const T> all() const& noexcept {
    return size_ <= N ? std::span<const T>{near_.data(), size_} : std::span<const T>{far_};
  }
  [[nodiscard]] std::span<T> all() & noexcept {
    return size_ <= N ? std::span<T>{near_.data(), size_} : std::span<T>{far_};
  }
  std::span<const T> all() && = delete;

 private:
  std::array<T, N> near_;  // the first size_ are set
  std::size_t size_ = 0;
  std::vector<T> far_;
};

}  // namespace dealtrail::detail
