#pragma once

#include <utility>

namespace dealtrail::detail {

/// One T on the heap, of which a header need not know more than the name: copied with its holder, const with it.
/// Made where T is complete; copied, moved and destroyed anywhere. What was moved from may be copied, assigned to
/// and destroyed.
template <class T>
class Pimpl {
 public:
  template <class... Arguments>
  [[nodiscard]] static Pimpl make(Arguments&&... arguments) {
    return Pimpl{new T(std::forward<Arguments>(arguments)...)};
  }
  Pimpl(const Pimpl& other)
      : copy_(other.copy_),
        drop_(other.drop_),
        value_(other.value_ == nullptr ? nullptr : other.copy_(*other.value_)) {}
  Pimpl(Pimpl&& other) noexcept
      : copy_(other.copy_), drop_(other.drop_), value_(std::exchange(other.value_, nullptr)) {}
  Pimpl& operator=(Pimpl other) noexcept {
    std::swap(copy_, other.copy_);
    std::swap(drop_, other.drop_);
    std::swap(value_, other.value_);
    return *this;
  }
  ~Pimpl() { drop_(value_); }

  [[nodiscard]] T* operator->() noexcept { return value_; }
  [[nodiscard]] const T* operator->() const noexcept { return value_; }
  [[nodiscard]] T& operator*() noexcept { return *value_; }
  [[nodiscard]] const T& operator*() const noexcept { return *value_; }

 private:
  explicit Pimpl(T* value)
      : copy_([](const T& from) { return new T(from); }), drop_([](const T* gone) { delete gone; }), value_(value) {}

  T* (*copy_)(const T&);
  void (*drop_)(const T*);
  T* value_;
};

}  // namespace dealtrail::detail
