#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "dealtrail/core/config.hpp"
#include "dealtrail/core/error.hpp"
#include "dealtrail/table/arrow.hpp"
#include "dealtrail/table/schema.hpp"

namespace dealtrail {

/// A table that came in: a schema and its batches, kept alive and not copied. Move-only; readers borrow from it.
/// Types are judged per column, when it is read, so a table may carry columns that we cannot read.
class TableInput {
 public:
  /// A table of no columns and no rows.
  TableInput();

  /// Takes a schema whose root is a struct, and its batches in order. `table` names it in messages.
  /// @throws Error type_mismatch for another root, corrupt_data where lengths, offsets and children disagree,
  /// null_value if
  ///   a whole row is null.
  [[nodiscard]] static TableInput from_batches(OwnedSchema schema, std::vector<OwnedArray> batches,
                                               std::string table = {});

  [[nodiscard]] const Schema& schema() const& noexcept { return schema_; }
  const Schema& schema() && = delete;
  [[nodiscard]] std::int64_t rows() const noexcept { return rows_; }
  /// Batches that came. 0 means that the stream gave nothing at all: an empty table of most producers, or a one-shot
  /// reader that does not say that it was read before (pyarrow's RecordBatchReader). The stream alone cannot tell the
  /// two apart; a host that sees a one-shot producer and 0 batches should warn.
  [[nodiscard]] std::size_t batch_count() const noexcept { return batches_.size(); }
  /// The number of the first row in messages: not 0 for a later piece of a stream.
  [[nodiscard]] std::int64_t first_row() const noexcept { return first_row_; }

  /// The structs themselves, borrowed.
  [[nodiscard]] const ArrowSchema& arrow_schema() const& noexcept;
  const ArrowSchema& arrow_schema() && = delete;
  [[nodiscard]] std::span<const OwnedArray> batches() const& noexcept;
  std::span<const OwnedArray> batches() && = delete;

 private:
  friend class TableReader;
  TableInput(std::shared_ptr<OwnedSchema> arrow_schema, Schema schema, std::vector<OwnedArray> batches,
             std::int64_t first_row);

  std::shared_ptr<OwnedSchema> arrow_schema_;
  Schema schema_;
  std::vector<OwnedArray> batches_;
  std::int64_t rows_ = 0;
  std::int64_t first_row_ = 0;
};

/// Reads an Arrow stream batch by batch, in the memory of one batch. A stream can be read once.
/// The producer's callbacks are called from the constructor and `next()` only (a Python producer needs the GIL there).
class TableReader {
 public:
  /// Takes the stream and asks for its schema. `table` names it in messages.
  /// @throws Error exhausted_stream if the stream was released before, io_error with the producer's own words if it
  /// fails,
  ///   type_mismatch if the root is not a struct.
  explicit TableReader(OwnedStream stream, std::string table = {});

  [[nodiscard]] const Schema& schema() const& noexcept { return schema_; }
  const Schema& schema() && = delete;

  /// The next batch as a table of its own, nullopt at the end (and ever after).
  /// @throws Error io_error with the producer's own words, corrupt_data as `TableInput::from_batches`.
  [[nodiscard]] std::optional<TableInput> next();

  /// All that is left, as one table of many batches. Nothing is copied.
  [[nodiscard]] TableInput rest();

 private:
  bool pull(std::vector<OwnedArray>& batches);
  [[noreturn]] void fail(int status, std::string_view what, const std::string& table);

  OwnedStream stream_;
  std::shared_ptr<OwnedSchema> arrow_schema_;
  Schema schema_;
  std::int64_t rows_ = 0;
};

/// Reads a whole stream: keeps its batches, copies none of them, releases the stream.
/// @throws Error as TableReader.
[[nodiscard]] TableInput read_all(OwnedStream stream, std::string table = {});

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include <dealtrail/table/detail/stream.ipp>
#endif
