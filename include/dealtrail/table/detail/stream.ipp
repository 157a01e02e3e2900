#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/detail/format.hpp"
#include "dealtrail/table/detail/parse_format.hpp"
#include "dealtrail/table/schema.hpp"
#include "dealtrail/table/stream.hpp"

namespace dealtrail {

namespace detail {

// The columns of an Arrow schema whose root is a struct; what cannot be read is `unsupported`, with a hint, and no
// error yet: a table may carry columns that nobody asks for.
[[nodiscard]] inline ColumnInfo describe_column(const ArrowSchema& column) {
  ColumnInfo info;
  if (column.name != nullptr) info.name = column.name;
  const auto format_of = [](const ArrowSchema& node) {
    return parse_format(node.format == nullptr ? std::string_view{} : std::string_view{node.format});
  };
  Format format = format_of(column);
  if (column.dictionary != nullptr) {
    if (!is_integer(format.storage) || column.dictionary->dictionary != nullptr) {
      info.type = ColumnType::unsupported;
      info.hint = "this dictionary is not read: cast to the plain type";
      return info;
    }
    format = format_of(*column.dictionary);
  }
  info.type = format.type;
  info.scale = format.scale;
  info.zone = std::move(format.zone);
  info.hint = std::move(format.hint);
  return info;
}

[[nodiscard]] inline Schema describe_schema(const ArrowSchema& root, const std::string& table) {
  if (root.format == nullptr || std::string_view{root.format} != "+s") {
    throw Error(ErrorCode::type_mismatch,
                "the root of an Arrow table must be a struct (\"+s\"), found \"" +
                    std::string(root.format == nullptr ? "" : root.format) + "\"",
                {table, {}, -1}, "hand over a table or a record batch, not a single column");
  }
  if (root.n_children < 0 || (root.n_children > 0 && root.children == nullptr)) {
    throw Error(ErrorCode::corrupt_data, "an Arrow schema has no children where it counts some", {table, {}, -1});
  }
  std::vector<ColumnInfo> columns;
  columns.reserve(static_cast<std::size_t>(root.n_children));
  for (std::int64_t i = 0; i < root.n_children; ++i) {
    if (root.children[i] == nullptr) {
      throw Error(ErrorCode::corrupt_data, "an Arrow schema has no child " + std::to_string(i), {table, {}, -1});
    }
    columns.push_back(describe_column(*root.children[i]));
  }
  return Schema{std::move(columns), table};
}

// True if the first `length` bits of a bitmap from `offset` on are all set.
[[nodiscard]] inline bool all_bits_set(const void* bitmap, std::int64_t offset, std::int64_t length) noexcept {
  const auto* bytes = static_cast<const unsigned char*>(bitmap);
  for (std::int64_t i = offset; i < offset + length; ++i) {
    if (((bytes[i >> 3] >> (i & 7)) & 1) == 0) return false;
  }
  return true;
}

// Structure only: what a column's buffers hold is checked when the column is read.
inline void check_batch(const ArrowArray& batch, const Schema& schema) {
  const auto fail = [&](const std::string& message, const std::string& column = {}) {
    throw Error(ErrorCode::corrupt_data, message, {schema.table(), column, -1});
  };
  std::int64_t end = 0;
  if (batch.length < 0 || batch.offset < 0 || __builtin_add_overflow(batch.length, batch.offset, &end)) {
    fail("an Arrow batch has a length or an offset that cannot be");
  }
  if (batch.n_children != static_cast<std::int64_t>(schema.size()) ||
      (batch.n_children > 0 && batch.children == nullptr)) {
    fail("an Arrow batch has " + std::to_string(batch.n_children) + " columns, its schema " +
         std::to_string(schema.size()));
  }
  for (std::size_t i = 0; i < schema.size(); ++i) {
    const ArrowArray* column = batch.children[i];
    const std::string& name = schema[i].name;
    if (column == nullptr || column->release == nullptr) {
      fail("an Arrow column was released before its table", name);
    } else if (column->length < end || column->offset < 0 || column->offset > INT64_MAX - column->length) {
      fail("an Arrow column is shorter than its table", name);
    }
  }
  if (batch.null_count != 0 && batch.n_buffers > 0 && batch.buffers != nullptr && batch.buffers[0] != nullptr &&
      !all_bits_set(batch.buffers[0], batch.offset, batch.length)) {
    throw Error(ErrorCode::null_value, "a whole row of an Arrow table is null", {schema.table(), {}, -1},
                "drop such rows, or hand over a table instead of a struct column");
  }
}

}  // namespace detail

DEALTRAIL_INLINE TableInput::TableInput() : arrow_schema_(std::make_shared<OwnedSchema>()) {}

DEALTRAIL_INLINE TableInput TableInput::from_batches(OwnedSchema schema, std::vector<OwnedArray> batches,
                                                     std::string table) {
  if (schema.released()) throw Error(ErrorCode::corrupt_data, "an Arrow schema was released already", {table, {}, -1});
  auto shared = std::make_shared<OwnedSchema>(std::move(schema));
  Schema described = detail::describe_schema(std::as_const(*shared).view(), table);
  return TableInput{std::move(shared), std::move(described), std::move(batches), 0};
}

DEALTRAIL_INLINE const ArrowSchema& TableInput::arrow_schema() const& noexcept {
  return std::as_const(*arrow_schema_).view();
}
DEALTRAIL_INLINE std::span<const OwnedArray> TableInput::batches() const& noexcept { return batches_; }

DEALTRAIL_INLINE TableInput::TableInput(std::shared_ptr<OwnedSchema> arrow_schema, Schema schema,
                                        std::vector<OwnedArray> batches, std::int64_t first_row)
    : arrow_schema_(std::move(arrow_schema)),
      schema_(std::move(schema)),
      batches_(std::move(batches)),
      first_row_(first_row) {
  for (const OwnedArray& batch : batches_) {
    if (batch.released()) {
      throw Error(ErrorCode::corrupt_data, "an Arrow batch was released already", {schema_.table(), {}, -1});
    }
    detail::check_batch(batch.view(), schema_);
    if (__builtin_add_overflow(rows_, batch.view().length, &rows_)) {
      throw Error(ErrorCode::corrupt_data, "an Arrow table has more rows than can be", {schema_.table(), {}, -1});
    }
  }
}

DEALTRAIL_INLINE TableReader::TableReader(OwnedStream stream, std::string table)
    : stream_(std::move(stream)), arrow_schema_(std::make_shared<OwnedSchema>()) {
  if (stream_.released()) {
    throw Error(ErrorCode::exhausted_stream, "this Arrow stream was read already", {std::move(table), {}, -1},
                "a stream can be read once: hand over the table it came from, or make a new stream");
  }
  if (stream_.view().get_schema == nullptr || stream_.view().get_next == nullptr) {
    throw Error(ErrorCode::corrupt_data, "an Arrow stream has no callbacks", {std::move(table), {}, -1});
  }
  const int status = stream_.view().get_schema(stream_.address(), arrow_schema_->address());
  if (status != 0) {
    *arrow_schema_->address() = ArrowSchema{};  // what a failed call left behind is not ours to release
    fail(status, "schema", table);
  }
  if (arrow_schema_->released()) {
    throw Error(ErrorCode::corrupt_data, "an Arrow stream gave no schema", {std::move(table), {}, -1});
  }
  schema_ = detail::describe_schema(std::as_const(*arrow_schema_).view(), table);
}

DEALTRAIL_INLINE std::optional<TableInput> TableReader::next() {
  std::vector<OwnedArray> batches;
  if (!pull(batches)) return std::nullopt;
  TableInput batch{arrow_schema_, schema_, std::move(batches), rows_};
  rows_ += batch.rows();
  return batch;
}

DEALTRAIL_INLINE TableInput TableReader::rest() {
  std::vector<OwnedArray> batches;
  while (pull(batches)) {
  }
  return TableInput{arrow_schema_, schema_, std::move(batches), rows_};
}

DEALTRAIL_INLINE bool TableReader::pull(std::vector<OwnedArray>& batches) {
  if (stream_.released()) return false;
  OwnedArray batch;
  const int status = stream_.view().get_next(stream_.address(), batch.address());
  if (status != 0) {
    *batch.address() = ArrowArray{};  // what a failed call left behind is not ours to release
    fail(status, "rows", schema_.table());
  }
  if (batch.released()) {
    stream_.reset();
    return false;
  }
  batches.push_back(std::move(batch));
  return true;
}

// The producer's text lives until the stream is released: copy it before that.
DEALTRAIL_INLINE void TableReader::fail(int status, std::string_view what, const std::string& table) {
  std::string words;
  if (stream_.view().get_last_error != nullptr) {
    if (const char* text = stream_.view().get_last_error(stream_.address()); text != nullptr) words = text;
  }
  words.erase(words.find_last_not_of(" \n\r\t") + 1);  // a traceback ends with a line end
  if (words.empty()) words = "error " + std::to_string(status) + " without a text";
  stream_.reset();
  throw Error(ErrorCode::io_error,
              "the producer of an Arrow stream failed to give its " + std::string(what) + ": " + words,
              {table, {}, -1});
}

DEALTRAIL_INLINE TableInput read_all(OwnedStream stream, std::string table) {
  return TableReader{std::move(stream), std::move(table)}.rest();
}

}  // namespace dealtrail
