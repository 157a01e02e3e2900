#pragma once

#include <cstdint>
#include <string>
#include <type_traits>
#include <utility>

#include "dealtrail/core/error.hpp"

// The structs of the Arrow C data and stream interfaces. Their layout is frozen and the specification asks to copy
// them: https://arrow.apache.org/docs/format/CDataInterface.html,
// https://arrow.apache.org/docs/format/CStreamInterface.html. The guards are the standard ones, so that these may meet
// another library's copy in one translation unit.
extern "C" {

#ifndef ARROW_C_DATA_INTERFACE
#define ARROW_C_DATA_INTERFACE

#define ARROW_FLAG_DICTIONARY_ORDERED 1
#define ARROW_FLAG_NULLABLE 2
#define ARROW_FLAG_MAP_KEYS_SORTED 4

struct ArrowSchema {
  const char* format;
  const char* name;
  const char* metadata;
  int64_t flags;
  int64_t n_children;
  struct ArrowSchema** children;
  struct ArrowSchema* dictionary;
  void (*release)(struct ArrowSchema*);
  void* private_data;
};

struct ArrowArray {
  int64_t length;
  int64_t null_count;
  int64_t offset;
  int64_t n_buffers;
  int64_t n_children;
  const void** buffers;
  struct ArrowArray** children;
  struct ArrowArray* dictionary;
  void (*release)(struct ArrowArray*);
  void* private_data;
};

#endif  // ARROW_C_DATA_INTERFACE

#ifndef ARROW_C_STREAM_INTERFACE
#define ARROW_C_STREAM_INTERFACE

struct ArrowArrayStream {
  int (*get_schema)(struct ArrowArrayStream*, struct ArrowSchema* out);
  int (*get_next)(struct ArrowArrayStream*, struct ArrowArray* out);
  const char* (*get_last_error)(struct ArrowArrayStream*);
  void (*release)(struct ArrowArrayStream*);
  void* private_data;
};

#endif  // ARROW_C_STREAM_INTERFACE

}  // extern "C"

namespace dealtrail {

/// Sole owner of one Arrow C struct: calls its `release` once, at the end. Move-only; an empty owner holds a released
/// struct. What `view()` gives is borrowed from the owner, so it cannot be taken from a temporary.
template <class Struct>
class ArrowOwner {
 public:
  ArrowOwner() noexcept = default;
  ArrowOwner(ArrowOwner&& other) noexcept : value_(std::exchange(other.value_, Struct{})) {}
  ArrowOwner& operator=(ArrowOwner&& other) noexcept {
    if (this != &other) {
      reset();
      value_ = std::exchange(other.value_, Struct{});
    }
    return *this;
  }
  ArrowOwner(const ArrowOwner&) = delete;
  ArrowOwner& operator=(const ArrowOwner&) = delete;
  ~ArrowOwner() { reset(); }

  /// Moves the struct out of `source` and leaves a released one (`release == nullptr`) behind, as the specification
  /// asks.
  /// @throws Error exhausted_stream if a stream was released before (it was read already: a stream can be read once),
  ///   corrupt_data if a schema or an array was, invalid_argument if there is none.
  [[nodiscard]] static ArrowOwner take(Struct* source) {
    if (source == nullptr) throw Error(ErrorCode::invalid_argument, "an Arrow struct is missing (null pointer)");
    if (source->release == nullptr) {
      if constexpr (std::is_same_v<Struct, ArrowArrayStream>) {
        throw Error(ErrorCode::exhausted_stream, "this Arrow stream was read already", {},
                    "a stream can be read once: hand over the table it came from, or make a new stream");
      } else {
        throw Error(ErrorCode::corrupt_data, "this Arrow schema or array was released already");
      }
    }
    ArrowOwner result;
    result.value_ = *source;
    source->release = nullptr;
    return result;
  }

  [[nodiscard]] bool released() const noexcept { return value_.release == nullptr; }
  [[nodiscard]] const Struct& view() const& noexcept { return value_; }
  const Struct& view() && = delete;

  /// For callbacks that need a mutable struct (`get_next`) or fill one: the address of the struct inside.
  [[nodiscard]] Struct* address() & noexcept { return &value_; }

  /// Gives the struct away; the receiver must call its `release`.
  void move_to(Struct* out) noexcept { *out = std::exchange(value_, Struct{}); }

  void reset() noexcept {
    if (value_.release != nullptr) value_.release(&value_);
    value_ = Struct{};
  }

 private:
  Struct value_{};
};

using OwnedSchema = ArrowOwner<ArrowSchema>;
using OwnedArray = ArrowOwner<ArrowArray>;
using OwnedStream = ArrowOwner<ArrowArrayStream>;

}  // namespace dealtrail
