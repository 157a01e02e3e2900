#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/detail/cell_text.hpp"
#include "dealtrail/table/detail/table_columns.hpp"

namespace dealtrail::detail {

// Every exported struct holds a share of the table, so any of them may be moved away and outlive the others.

inline constexpr int out_of_memory = 12;  // ENOMEM, which the stream interface asks for
inline constexpr int invalid_call = 22;   // EINVAL
inline constexpr unsigned char no_bytes[16] = {};

[[nodiscard]] inline std::string arrow_format(const ColumnInfo& info) {
  switch (info.type) {
    case ColumnType::text: return "U";
    case ColumnType::integer: return "l";
    case ColumnType::real: return "g";
    case ColumnType::boolean: return "b";
    case ColumnType::time: return "tsu:UTC";
    case ColumnType::decimal: return "d:38," + std::to_string(info.scale);
    default: return "n";
  }
}

// Arrow's packed key -> value list, in native byte order.
[[nodiscard]] inline std::string arrow_metadata(std::string_view key, std::string_view value) {
  std::string bytes;
  const auto append_count = [&](std::size_t count) {
    const auto number = static_cast<std::int32_t>(count);
    char raw[sizeof(number)];
    std::memcpy(raw, &number, sizeof(number));
    bytes.append(raw, sizeof(number));
  };
  append_count(1);
  append_count(key.size());
  bytes += key;
  append_count(value.size());
  bytes += value;
  return bytes;
}

[[nodiscard]] inline std::string meta_json(const std::vector<std::pair<std::string, std::string>>& meta) {
  std::string json = "{";
  for (const auto& [key, value] : meta) {
    if (json.size() > 1) json += ", ";
    append_json_string(json, key);
    json += ": ";
    append_json_string(json, value);
  }
  return json + "}";
}

struct ExportedSchema {
  std::string format{};
  std::string name{};
  std::string metadata{};
  std::vector<ArrowSchema> children{};
  std::vector<ArrowSchema*> pointers{};

  ExportedSchema() = default;
  ExportedSchema(const ExportedSchema&) = delete;
  ExportedSchema& operator=(const ExportedSchema&) = delete;
  ~ExportedSchema() {
    for (ArrowSchema& child : children) {
      if (child.release != nullptr) child.release(&child);
    }
  }
};

inline void release_schema(ArrowSchema* schema) {
  delete static_cast<ExportedSchema*>(schema->private_data);
  schema->release = nullptr;
}

inline void hand_over(std::unique_ptr<ExportedSchema> state, std::int64_t flags, ArrowSchema* out) {
  for (ArrowSchema& child : state->children) state->pointers.push_back(&child);
  *out = ArrowSchema{state->format.c_str(),
                     state->name.c_str(),
                     state->metadata.empty() ? nullptr : state->metadata.c_str(),
                     flags,
                     static_cast<std::int64_t>(state->children.size()),
                     state->pointers.data(),
                     nullptr,
                     &release_schema,
                     state.get()};
  static_cast<void>(state.release());  // NOLINT(bugprone-unused-return-value): the consumer releases it
}

inline void export_schema(const TableData& table, ArrowSchema* out) {
  auto root = std::make_unique<ExportedSchema>();
  root->format = "+s";
  root->metadata = arrow_metadata("dealtrail", meta_json(table.meta));
  root->children.resize(table.columns.size());
  root->pointers.reserve(table.columns.size());
  for (std::size_t i = 0; i < table.columns.size(); ++i) {
    auto child = std::make_unique<ExportedSchema>();
    const ColumnInfo& info = table.columns[i].info;
    child->format = arrow_format(info);
    child->name = info.name;
    if (!info.unit.empty()) child->metadata = arrow_metadata("unit", info.unit);
    hand_over(std::move(child), ARROW_FLAG_NULLABLE, &root->children[i]);
  }
  hand_over(std::move(root), 0, out);
}

struct ExportedArray {
  std::shared_ptr<const TableData> table{};
  std::array<const void*, 3> buffers{};
  std::vector<ArrowArray> children{};
  std::vector<ArrowArray*> pointers{};

  ExportedArray() = default;
  ExportedArray(const ExportedArray&) = delete;
  ExportedArray& operator=(const ExportedArray&) = delete;
  ~ExportedArray() {
    for (ArrowArray& child : children) {
      if (child.release != nullptr) child.release(&child);
    }
  }
};

inline void release_array(ArrowArray* array) {
  delete static_cast<ExportedArray*>(array->private_data);
  array->release = nullptr;
}

inline void hand_over(std::unique_ptr<ExportedArray> state, std::int64_t rows, std::int64_t null_count,
                      std::int64_t n_buffers, ArrowArray* out) {
  for (ArrowArray& child : state->children) state->pointers.push_back(&child);
  *out = ArrowArray{rows,
                    null_count,
                    0,
                    n_buffers,
                    static_cast<std::int64_t>(state->children.size()),
                    state->buffers.data(),
                    state->pointers.data(),
                    nullptr,
                    &release_array,
                    state.get()};
  static_cast<void>(state.release());  // NOLINT(bugprone-unused-return-value): the consumer releases it
}

inline void export_column(const std::shared_ptr<const TableData>& table, const TableColumn& column, ArrowArray* out) {
  auto state = std::make_unique<ExportedArray>();
  state->table = table;
  state->buffers[0] = column.null_count == 0 ? nullptr : column.validity.data();
  const auto or_nothing = [](const void* data) { return data == nullptr ? static_cast<const void*>(no_bytes) : data; };
  std::int64_t n_buffers = 2;
  switch (column.info.type) {
    case ColumnType::text:
      state->buffers[1] = column.offsets.data();
      state->buffers[2] = column.bytes.data();
      n_buffers = 3;
      break;
    case ColumnType::real: state->buffers[1] = or_nothing(column.reals.data()); break;
    case ColumnType::boolean: state->buffers[1] = or_nothing(column.bits.data()); break;
    case ColumnType::decimal: state->buffers[1] = or_nothing(column.decimals.data()); break;
    default: state->buffers[1] = or_nothing(column.integers.data()); break;
  }
  hand_over(std::move(state), column.rows, column.null_count, n_buffers, out);
}

inline void export_batch(const std::shared_ptr<const TableData>& table, ArrowArray* out) {
  auto root = std::make_unique<ExportedArray>();
  root->table = table;
  root->children.resize(table->columns.size());
  root->pointers.reserve(table->columns.size());
  for (std::size_t i = 0; i < table->columns.size(); ++i) export_column(table, table->columns[i], &root->children[i]);
  hand_over(std::move(root), table->rows, 0, 1, out);
}

struct ExportedStream {
  std::shared_ptr<const TableData> table{};
  bool done = false;
  const char* error = nullptr;
};

// Callbacks are called from C: nothing may be thrown through them.
template <class Action>
[[nodiscard]] int guarded(ExportedStream& stream, Action action) noexcept {
  try {
    action();
    stream.error = nullptr;
    return 0;
  } catch (...) {
    stream.error = "out of memory while exporting a table";
    return out_of_memory;
  }
}

inline void export_stream(std::shared_ptr<const TableData> table, ArrowArrayStream* out) {
  auto state = std::make_unique<ExportedStream>();
  state->table = std::move(table);
  *out =
      ArrowArrayStream{[](ArrowArrayStream* self, ArrowSchema* schema) {
                         auto& stream = *static_cast<ExportedStream*>(self->private_data);
                         if (schema == nullptr) return invalid_call;
                         *schema = ArrowSchema{};
                         return guarded(stream, [&] { export_schema(*stream.table, schema); });
                       },
                       [](ArrowArrayStream* self, ArrowArray* array) {
                         auto& stream = *static_cast<ExportedStream*>(self->private_data);
                         if (array == nullptr) return invalid_call;
                         *array = ArrowArray{};
                         if (stream.done) return 0;
                         const int status = guarded(stream, [&] { export_batch(stream.table, array); });
                         stream.done = status == 0;
                         return status;
                       },
                       [](ArrowArrayStream* self) { return static_cast<ExportedStream*>(self->private_data)->error; },
                       [](ArrowArrayStream* self) {
                         delete static_cast<ExportedStream*>(self->private_data);
                         self->release = nullptr;
                       },
                       state.get()};
  static_cast<void>(state.release());  // NOLINT(bugprone-unused-return-value): the consumer releases it
}

}  // namespace dealtrail::detail
