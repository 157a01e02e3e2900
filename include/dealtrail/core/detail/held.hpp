#pragma once

#include <utility>

namespace dealtrail::detail {

/// One T on the heap, of which a header need not know more than the name: copied with its holder, const with it.
/// Made where T is complete; copied, moved and destroyed anywhere. What was moved from may be copied, assigned to
/// and destroyed.
template <class T>
class Held {
 public:
  template <class... Arguments>
  [[nodiscard]] static Held make(Arguments&&... arguments) {
    return Held{new T(std::forward<Arguments>(arguments)...)};
  }
  Held(const Held& other)
      : copy_(other.copy_),
        drop_(other.drop_),
        value_(other.value_ == nullptr ? nullptr : other.copy_(*other.value_)) {}
  Held(Held&& other) noexcept : copy_(other.copy_), drop_(other.drop_), value_(std::exchange(other.value_, nullptr)) {}
  Held& operator=(Held other) noexcept {
    std::swap(copy_, other.copy_);
    std::swap(drop_, other.drop_);
    std::swap(value_, other.value_);
    return *this;
  }
  ~Held() { drop_(value_); }

  [[nodiscard]] T* operator->() noexcept { return value_; }
  [[nodiscard]] const T* operator->() const noexcept { return value_; }
  [[nodiscard]] T& operator*() noexcept { return *value_; }
  [[nodiscard]] const T& operator*() const noexcept { return *value_; }

 private:
  explicit Held(T* value)
      : copy_([](const T& from) { return new T(from); }), drop_([](const T* gone) { delete gone; }), value_(value) {}

  T* (*copy_)(const T&);
  void (*drop_)(const T*);
  T* value_;
};

}  // namespace dealtrail::detail
