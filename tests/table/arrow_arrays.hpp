#pragma once

// Arrow arrays and streams built by hand, so that every layout that producers send, and every broken one, can be made.

#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/table/arrow.hpp"

namespace dealtrail::test {

// Structs handed out and not yet released; every test ends at 0.
inline int live_structs = 0;

using Bytes = std::vector<unsigned char>;

template <class Value>
Bytes bytes_of(const std::vector<Value>& values) {
  Bytes bytes(values.size() * sizeof(Value));
  if (!values.empty()) std::memcpy(bytes.data(), values.data(), bytes.size());
  return bytes;
}

inline Bytes bits_of(const std::vector<int>& bits) {
  Bytes bytes((bits.size() + 7) / 8);
  for (std::size_t i = 0; i < bits.size(); ++i) {
    if (bits[i] != 0) bytes[i / 8] = static_cast<unsigned char>(bytes[i / 8] | (1U << (i % 8)));
  }
  return bytes;
}

// One array with its type: plain data that a test may twist before it is exported.
struct Node {
  std::string format;
  std::string name{};
  std::int64_t length = 0;
  std::int64_t null_count = 0;
  std::int64_t offset = 0;
  std::vector<std::optional<Bytes>> buffers{};  // nullopt: a null pointer
  std::vector<Node> children{};
  std::shared_ptr<Node> dictionary{};
  bool misaligned = false;  // every buffer begins at an odd address

  Node named(std::string value) const {
    Node copy = *this;
    copy.name = std::move(value);
    return copy;
  }
  // What a slice looks like: the same buffers, an offset, a length; nulls unknown.
  Node sliced(std::int64_t from, std::int64_t count) const {
    Node copy = *this;
    copy.offset += from;
    copy.length = count;
    if (copy.null_count != 0) copy.null_count = -1;
    return copy;
  }
};

namespace detail {

struct Kept {
  std::vector<Bytes> storage;
  std::vector<const void*> buffers;
  std::vector<ArrowArray> arrays;
  std::vector<ArrowArray*> array_pointers;
  std::vector<ArrowSchema> schemas;
  std::vector<ArrowSchema*> schema_pointers;
  std::string format;
  std::string name;
};

inline void fill_array(const Node& node, ArrowArray* out) {
  auto* kept = new Kept;
  ++live_structs;
  for (const auto& buffer : node.buffers) {
    if (!buffer) {
      kept->buffers.push_back(nullptr);
      continue;
    }
    Bytes bytes = *buffer;
    bytes.reserve(bytes.size() + 1);
    if (node.misaligned) bytes.insert(bytes.begin(), 0);
    if (bytes.empty()) bytes.push_back(0);
    kept->storage.push_back(std::move(bytes));
    kept->buffers.push_back(kept->storage.back().data() + (node.misaligned ? 1 : 0));
  }
  kept->arrays.resize(node.children.size() + 1);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    fill_array(node.children[i], &kept->arrays[i]);
    kept->array_pointers.push_back(&kept->arrays[i]);
  }
  ArrowArray* dictionary = nullptr;
  if (node.dictionary) {
    dictionary = &kept->arrays.back();
    fill_array(*node.dictionary, dictionary);
  }
  *out = ArrowArray{node.length,
                    node.null_count,
                    node.offset,
                    static_cast<std::int64_t>(kept->buffers.size()),
                    static_cast<std::int64_t>(node.children.size()),
                    kept->buffers.data(),
                    kept->array_pointers.data(),
                    dictionary,
                    [](ArrowArray* array) {
                      auto* owned = static_cast<Kept*>(array->private_data);
                      for (ArrowArray& child : owned->arrays) {
                        if (child.release != nullptr) child.release(&child);
                      }
                      delete owned;
                      array->release = nullptr;
                      --live_structs;
                    },
                    kept};
}

inline void fill_schema(const Node& node, ArrowSchema* out) {
  auto* kept = new Kept;
  ++live_structs;
  kept->format = node.format;
  kept->name = node.name;
  kept->schemas.resize(node.children.size() + 1);
  for (std::size_t i = 0; i < node.children.size(); ++i) {
    fill_schema(node.children[i], &kept->schemas[i]);
    kept->schema_pointers.push_back(&kept->schemas[i]);
  }
  ArrowSchema* dictionary = nullptr;
  if (node.dictionary) {
    dictionary = &kept->schemas.back();
    fill_schema(*node.dictionary, dictionary);
  }
  *out = ArrowSchema{kept->format.c_str(),
                     kept->name.c_str(),
                     nullptr,
                     ARROW_FLAG_NULLABLE,
                     static_cast<std::int64_t>(node.children.size()),
                     kept->schema_pointers.data(),
                     dictionary,
                     [](ArrowSchema* schema) {
                       auto* owned = static_cast<Kept*>(schema->private_data);
                       for (ArrowSchema& child : owned->schemas) {
                         if (child.release != nullptr) child.release(&child);
                       }
                       delete owned;
                       schema->release = nullptr;
                       --live_structs;
                     },
                     kept};
}

struct StreamState {
  Node schema;
  std::vector<Node> batches;
  std::size_t next = 0;
  std::string error;       // get_next fails with this after the last batch
  std::string last_error;  // dies with the stream: whoever keeps the pointer reads freed memory
  bool fail_schema = false;
};

}  // namespace detail

inline OwnedArray make_array(const Node& node) {
  OwnedArray array;
  detail::fill_array(node, array.address());
  return array;
}

inline OwnedSchema make_schema(const Node& node) {
  OwnedSchema schema;
  detail::fill_schema(node, schema.address());
  return schema;
}

inline OwnedStream make_stream(Node schema, std::vector<Node> batches, std::string error = {},
                               bool fail_schema = false) {
  OwnedStream stream;
  ++live_structs;
  auto* state = new detail::StreamState{std::move(schema), std::move(batches), 0, std::move(error), {}, fail_schema};
  *stream.address() = ArrowArrayStream{[](ArrowArrayStream* self, ArrowSchema* out) {
                                         auto* kept = static_cast<detail::StreamState*>(self->private_data);
                                         if (kept->fail_schema) {
                                           kept->last_error = kept->error;
                                           return 22;
                                         }
                                         detail::fill_schema(kept->schema, out);
                                         return 0;
                                       },
                                       [](ArrowArrayStream* self, ArrowArray* out) {
                                         auto* kept = static_cast<detail::StreamState*>(self->private_data);
                                         if (kept->next < kept->batches.size()) {
                                           detail::fill_array(kept->batches[kept->next++], out);
                                           return 0;
                                         }
                                         *out = ArrowArray{};
                                         if (kept->error.empty()) return 0;
                                         kept->last_error = kept->error;
                                         return 5;
                                       },
                                       [](ArrowArrayStream* self) -> const char* {
                                         const auto* kept = static_cast<detail::StreamState*>(self->private_data);
                                         return kept->last_error.empty() ? nullptr : kept->last_error.c_str();
                                       },
                                       [](ArrowArrayStream* self) {
                                         delete static_cast<detail::StreamState*>(self->private_data);
                                         self->release = nullptr;
                                         --live_structs;
                                       },
                                       state};
  return stream;
}

// A column of fixed width; `valid` empty: no nulls and no bitmap.
template <class Value>
Node numbers(std::string format, const std::vector<Value>& values, const std::vector<int>& valid = {}) {
  Node node{std::move(format)};
  node.length = static_cast<std::int64_t>(values.size());
  node.buffers = {valid.empty() ? std::optional<Bytes>{} : std::optional<Bytes>{bits_of(valid)}, bytes_of(values)};
  node.null_count = valid.empty() ? 0 : -1;
  return node;
}

inline Node booleans(const std::vector<int>& values, const std::vector<int>& valid = {}) {
  Node node{"b"};
  node.length = static_cast<std::int64_t>(values.size());
  node.buffers = {valid.empty() ? std::optional<Bytes>{} : std::optional<Bytes>{bits_of(valid)}, bits_of(values)};
  node.null_count = valid.empty() ? 0 : -1;
  return node;
}

template <class Offset>
Node texts_of(std::string format, const std::vector<std::optional<std::string>>& values) {
  Node node{std::move(format)};
  std::vector<Offset> offsets{0};
  std::string bytes;
  std::vector<int> valid;
  for (const auto& value : values) {
    if (value) bytes += *value;
    offsets.push_back(static_cast<Offset>(bytes.size()));
    valid.push_back(value ? 1 : 0);
    node.null_count += value ? 0 : 1;
  }
  node.length = static_cast<std::int64_t>(values.size());
  node.buffers = {node.null_count == 0 ? std::optional<Bytes>{} : std::optional<Bytes>{bits_of(valid)},
                  bytes_of(offsets), Bytes(bytes.begin(), bytes.end())};
  return node;
}

inline Node text_views(const std::vector<std::optional<std::string>>& values) {
  Node node{"vu"};
  Bytes views;
  std::string bytes;
  std::vector<int> valid;
  for (const auto& value : values) {
    const std::string text = value.value_or("");
    unsigned char view[16] = {};
    const auto length = static_cast<std::int32_t>(text.size());
    std::memcpy(view, &length, 4);
    if (length <= 12) {
      std::memcpy(view + 4, text.data(), text.size());
    } else {
      std::memcpy(view + 4, text.data(), 4);
      const auto begin = static_cast<std::int32_t>(bytes.size());
      std::memcpy(view + 12, &begin, 4);
      bytes += text;
    }
    views.insert(views.end(), view, view + 16);
    valid.push_back(value ? 1 : 0);
    node.null_count += value ? 0 : 1;
  }
  node.length = static_cast<std::int64_t>(values.size());
  node.buffers = {node.null_count == 0 ? std::optional<Bytes>{} : std::optional<Bytes>{bits_of(valid)}, views};
  if (!bytes.empty()) node.buffers.emplace_back(Bytes(bytes.begin(), bytes.end()));
  node.buffers.emplace_back(bytes_of(bytes.empty()
                                         ? std::vector<std::int64_t>{}
                                         : std::vector<std::int64_t>{static_cast<std::int64_t>(bytes.size())}));
  return node;
}

// "u", "U" or "vu".
inline Node texts(const std::string& format, const std::vector<std::optional<std::string>>& values) {
  if (format == "u") return texts_of<std::int32_t>(format, values);
  if (format == "U") return texts_of<std::int64_t>(format, values);
  return text_views(values);
}

template <class Code>
Node dictionary(std::string index_format, const std::vector<Code>& codes, const Node& values,
                const std::vector<int>& valid = {}) {
  Node node = numbers(std::move(index_format), codes, valid);
  node.dictionary = std::make_shared<Node>(values);
  return node;
}

inline Node nulls(std::int64_t length) {
  Node node{"n"};
  node.length = length;
  node.null_count = length;
  return node;
}

// A batch: a struct of columns.
inline Node batch(std::vector<Node> columns) {
  Node node{"+s"};
  node.length = columns.empty() ? 0 : columns.front().length;
  node.children = std::move(columns);
  node.buffers = {std::nullopt};
  return node;
}

}  // namespace dealtrail::test
