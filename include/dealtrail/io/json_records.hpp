#pragma once

#include "dealtrail/core/config.hpp"
#include "dealtrail/io/detail/block_reader.hpp"
#include "dealtrail/io/detail/page.hpp"

namespace dealtrail {

/// Reads JSON from `bytes` to its end and hands every value on to `events` (which finds the records): one page, a list
/// of pages, or several values one after another (JSON Lines, with or without line ends). No bytes at all are no page.
/// A byte order mark at the start is skipped. Memory is one block of the file and one record, whatever the size of the
/// file; nothing recurses on the depth of the input. Of equal names in one object the last counts.
/// @throws Error corrupt_data if the text ends inside a value (names the file and the byte); parse_error if it is not
/// JSON, not UTF-8, has a lone surrogate or a number beyond double; limit_exceeded beyond 64 levels, for one token
/// above 64 MB, or a record above 2^20 values. What was handed on before the error was read correctly.
void read_json_records(detail::BlockReader& bytes, detail::PageEvents& events);

}  // namespace dealtrail

#ifdef DEALTRAIL_HEADER_ONLY
#include "dealtrail/io/detail/json_records.ipp"  // IWYU pragma: keep
#endif
