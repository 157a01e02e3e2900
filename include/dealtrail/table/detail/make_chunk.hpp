#pragma once

#include <cstdint>
#include <string>

#include "dealtrail/core/error.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/detail/chunk.hpp"
#include "dealtrail/table/detail/format.hpp"

namespace dealtrail::detail {

[[nodiscard]] inline Chunk make_chunk(const ArrowArray& array, Storage storage, std::int64_t parent_offset,
                                      std::int64_t length, const std::string& table, const std::string& column) {
  const auto fail = [&](const std::string& message) {
    throw Error(ErrorCode::corrupt_data, message, {table, column, -1});
  };
  Chunk chunk;
  chunk.offset = array.offset + parent_offset;
  chunk.length = length;
  if (storage == Storage::none) return chunk;
  const std::int64_t least = storage == Storage::utf8 || storage == Storage::large_utf8 ? 3 : 2;
  if (array.n_buffers < least || array.buffers == nullptr) fail("an Arrow column lacks its buffers");
  if (array.null_count != 0) chunk.validity = static_cast<const unsigned char*>(array.buffers[0]);
  chunk.values = array.buffers[1];
  if (chunk.values == nullptr && length > 0) fail("an Arrow column lacks its values");
  if (chunk.validity == nullptr && array.null_count > 0 && length > 0) {
    fail("an Arrow column counts nulls but does not say which");
  }
  if (length == 0) return chunk;
  if (storage == Storage::utf8 || storage == Storage::large_utf8) {
    chunk.bytes = static_cast<const char*>(array.buffers[2]);
    const auto offset_at = [&](std::int64_t i) {
      return storage == Storage::utf8 ? std::int64_t{load<std::int32_t>(chunk.values, i)}
                                      : load<std::int64_t>(chunk.values, i);
    };
    chunk.first_byte = offset_at(chunk.offset);
    chunk.last_byte = offset_at(chunk.offset + length);
    if (chunk.first_byte < 0 || chunk.last_byte < chunk.first_byte)
      fail("an Arrow text column has offsets that cannot be");
    if (chunk.bytes == nullptr && chunk.last_byte > chunk.first_byte) fail("an Arrow text column lacks its bytes");
    if (chunk.bytes == nullptr) chunk.bytes = "";
  } else if (storage == Storage::utf8_view && array.n_buffers > 3) {
    chunk.view_count = array.n_buffers - 3;
    chunk.views = array.buffers + 2;
    chunk.view_sizes = array.buffers[array.n_buffers - 1];
    if (chunk.view_sizes == nullptr) fail("an Arrow text view column lacks the sizes of its buffers");
  }
  return chunk;
}

}  // namespace dealtrail::detail
