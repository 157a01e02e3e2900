#pragma once

#include <algorithm>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "dealtrail/facts/read_ahead.hpp"
#include "dealtrail/table/column.hpp"
#include "dealtrail/trail/detail/trail_state.hpp"
#include "dealtrail/trail/trail.hpp"

// Trail::put of a whole table: which column feeds which field, then row by row.

namespace dealtrail {

namespace detail {
/// Whether cells of that column can be cells of such a field at all; single values may still be refused.
[[nodiscard]] constexpr bool column_fits(FieldType field, ColumnType column) noexcept {
  const bool text = column == ColumnType::text;
  const bool number = column == ColumnType::integer || column == ColumnType::real || column == ColumnType::decimal;
  switch (field) {
    case FieldType::text:
    case FieldType::link: return text || number;
    case FieldType::choice: return text;
    case FieldType::boolean:
      return text || column == ColumnType::boolean || column == ColumnType::integer || column == ColumnType::real;
    case FieldType::time:
      return text || column == ColumnType::time || column == ColumnType::local_time || column == ColumnType::date;
    default: return text || number;
  }
}

/// Whether no cell of a column holds a value: a data frame gives such a column any type.
[[nodiscard]] inline bool is_blank(const ColumnReader& reader) {
  for (std::int64_t row = 0; row < reader.rows(); ++row) {
    if (!is_blank(reader.read(row))) return false;
  }
  return true;
}
}  // namespace detail

DEALTRAIL_INLINE PutReport Trail::put(Kind kind, const TableInput& table, bool stub, std::string_view source) {
  struct Feed {
    ColumnReader reader;
    std::size_t field;
  };
  const std::string name{kind_name(kind)};
  std::vector<Feed> feeds;
  std::optional<ColumnReader> ids;
  std::optional<ColumnReader> versions;
  std::vector<std::pair<std::string, ColumnReader>> own;
  std::vector<std::string> unknown;
  std::vector<bool> given(fields_of(kind).size(), false);
  for (std::size_t c = 0; c < table.schema().size(); ++c) {
    const ColumnInfo& info = table.schema()[c];
    const auto field = find_field(kind, info.name);
    const auto same_name = [&](std::size_t other) { return table.schema()[other].name == info.name; };
    for (std::size_t other = 0; other < c; ++other) {
      if (same_name(other))
        throw Error(ErrorCode::invalid_argument, "a column comes twice", {name, info.name, -1},
                    "name each column once");
    }
    if (info.name == "id") {
      ids.emplace(table, c);
    } else if (info.name == "version") {
      versions.emplace(table, c);
    } else if (field.has_value()) {
      given[*field] = true;
      feeds.push_back({ColumnReader{table, c}, *field});
    } else if (state_->store.find_column(kind, info.name).has_value()) {
      own.emplace_back(info.name, ColumnReader{table, c});
    } else if (!detail::is_index_of_frame(info.name)) {
      unknown.push_back(info.name);
    }
  }
  for (std::size_t field = 0; field < given.size(); ++field) {
    if (given[field] || stub || fields_of(kind)[field].need != Need::needed) continue;
    throw Error(ErrorCode::missing_column, "a needed column is missing",
                {name, std::string{fields_of(kind)[field].name}, -1},
                "add it, or put with stub=true when only the ids are known");
  }
  // A column without a value is of no type that could be wrong, and is not read.
  const auto is_read = [&](const ColumnReader& reader, std::string_view wanted, bool fits) {
    const ColumnInfo& info = reader.info();
    if (fits) return true;
    if (info.type == ColumnType::null || (info.type != ColumnType::unsupported && detail::is_blank(reader)))
      return false;
    throw Error(ErrorCode::type_mismatch,
                "a column is " + std::string{to_string(info.type)} + ", expected " + std::string{wanted},
                {name, info.name, -1}, "cast the column to " + std::string{wanted});
  };
  if (ids.has_value() && !is_read(*ids, "text", detail::column_fits(FieldType::text, ids->info().type))) ids.reset();
  std::erase_if(feeds, [&](const Feed& feed) {
    const FieldType type = fields_of(kind)[feed.field].type;
    return !is_read(feed.reader, to_string(type), detail::column_fits(type, feed.reader.info().type));
  });
  std::erase_if(own, [&](const auto& each) {
    const FieldType type = state_->store.of(kind).columns[*state_->store.find_column(kind, each.first)].type();
    return !is_read(each.second, to_string(type), detail::column_fits(type, each.second.info().type));
  });
  if (versions.has_value() &&
      !is_read(*versions, "a whole number", detail::column_fits(FieldType::integer, versions->info().type)))
    versions.reset();

  Batch batch = this->batch(static_cast<std::size_t>(table.rows()));
  for (const std::string& column : unknown) {
    batch.report_.note("unknown_column", kind, column, "all rows", "the kind has no such column; it is kept out",
                       "declare it before the rows: trail.declare(kind, name=type)", false);
  }
  detail::ReadAhead ahead(state_->store, kind);
  if (ids.has_value()) ahead.add_ids(*ids);
  std::vector<const Feed*> plain;  // the others, read cell by cell
  for (const Feed& feed : feeds) {
    if (!ahead.add(feed.reader, feed.field)) plain.push_back(&feed);
  }
  Draft draft{kind};
  for (std::int64_t row = 0; row < table.rows(); ++row) {
    ahead.come_to(row);
    draft.clear(kind);
    draft.stub = stub;
    draft.source = source;
    bool readable = true;
    const auto read = [&](const ColumnReader& reader, std::string_view column) {
      try {
        return reader.read(row);
      } catch (const Error& error) {
        batch.report_.note("overflow", kind, column, "row " + std::to_string(row), error.what(),
                           "mend the value in the source");
        readable = false;
        return Datum::null();
      }
    };
    const detail::CellsAhead known = ahead.cells();
    if (known.id != detail::no_row) {
      draft.id = ahead.id();
    } else if (ids.has_value()) {
      draft.set_id(read(*ids, "id"));
    }
    if (versions.has_value()) draft.set_version(read(*versions, "version"));
    ahead.for_each_unknown([&](const ColumnReader& reader, std::size_t field) {
      draft.set(field, read(reader, fields_of(kind)[field].name));
    });
    for (const Feed* feed : plain) draft.set(feed->field, read(feed->reader, fields_of(kind)[feed->field].name));
    for (const auto& [column, reader] : own) draft.set_own(column, read(reader, column));
    if (readable) {
      static_cast<void>(state_->write(draft, batch.report_, &batch.ids_, known));  // the report has it
    } else {
      batch.report_.count(kind, false);
    }
  }
  return batch.finish();
}

}  // namespace dealtrail
