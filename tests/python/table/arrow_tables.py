"""Arrow tables in every storage that a producer may choose, for one set of rows."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from typing import Any

import pyarrow as pa
from hypothesis import settings
from hypothesis import strategies as st

import dealtrail as dt

OWN = {
    "word": "text",
    "number": "integer",
    "share": "real",
    "yes": "boolean",
    "moment": "time",
    "price": "money",
    "rate": "decimal",
}
STEADY = settings(derandomize=True, deadline=None, max_examples=80, database=None)


def trail(currency: str = "RUB", zone: str = "Europe/Moscow") -> dt.Trail:
    """A Trail whose people have an own column of every type."""
    made = dt.Trail(currency, zone)
    made.declare("people", **OWN)
    return made


def rows_of(made: dt.Trail) -> list[dict[str, Any]]:
    """The people back, with the columns that we put."""
    return made.table("people").select(["id", "version", "name", *OWN]).to_dicts()


TEXT_TYPES = [pa.string(), pa.large_string(), pa.string_view()]
TEXT_TYPES += [
    pa.dictionary(index, value)
    for index, value in (
        (pa.int8(), pa.string()),
        (pa.uint16(), pa.large_string()),
        (pa.int64(), pa.string()),
        (pa.uint32(), pa.string_view()),
    )
]
INTEGER_TYPES = [pa.int8(), pa.uint8(), pa.int16(), pa.uint16(), pa.int32(), pa.uint32(), pa.int64(), pa.uint64()]
DECIMAL_TYPES = [
    pa.decimal32(9, 2),
    pa.decimal64(18, 2),
    pa.decimal128(20, 2),
    pa.decimal128(38, 9),
]
TIME_TYPES = [pa.timestamp(unit, zone) for unit in ("s", "ms", "us", "ns") for zone in ("UTC", "Asia/Kolkata")]
LOCAL_TYPES = [pa.timestamp(unit) for unit in ("s", "ms", "us", "ns")]
DATE_TYPES = [pa.date32(), pa.date64()]

words = st.text(st.characters(codec="utf-8"), max_size=40)
seconds = st.datetimes(datetime(1700, 1, 1), datetime(2200, 1, 1)).map(lambda moment: moment.replace(microsecond=0))


def nullable(cells: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    return st.none() | cells


CELLS: dict[str, tuple[list[Any], st.SearchStrategy[Any]]] = {
    "word": (TEXT_TYPES, words),
    "number": (INTEGER_TYPES, st.integers(0, 127)),
    "share": ([pa.float64()], st.floats(allow_infinity=False, allow_nan=False, width=64)),
    "yes": ([pa.bool_()], st.booleans()),
    "moment": (TIME_TYPES, seconds.map(lambda moment: moment.replace(tzinfo=timezone.utc))),
    "price": (DECIMAL_TYPES, st.integers(-9_999_999, 9_999_999).map(lambda minor: Decimal(minor).scaleb(-2))),
    "rate": (DECIMAL_TYPES, st.integers(-9_999_999, 9_999_999).map(lambda minor: Decimal(minor).scaleb(-2))),
}


@st.composite
def people(draw: st.DrawFn) -> tuple[pa.Table, list[dict[str, Any]]]:
    """A table of people with random storages, cut into chunks with offsets, and the same rows as dicts."""
    size = draw(st.integers(0, 12))
    rows: list[dict[str, Any]] = [{"id": f"p{number}", "name": f"n{number}"} for number in range(size)]
    fields = [pa.field("id", draw(st.sampled_from(TEXT_TYPES))), pa.field("name", draw(st.sampled_from(TEXT_TYPES)))]
    for column, (types, cells) in CELLS.items():
        if not draw(st.booleans()):
            continue
        type_ = draw(st.sampled_from(types))
        fields.append(pa.field(column, type_))
        for row in rows:
            row[column] = draw(nullable(cells))
    return cut(draw, rows, pa.schema(fields)), rows


def cut(draw: st.DrawFn, rows: list[dict[str, Any]], schema: pa.Schema) -> pa.Table:
    """The rows as a table of several batches, each a slice of a longer one."""
    chunks = []
    begin = 0
    while begin < len(rows):
        end = draw(st.integers(begin + 1, len(rows)))
        before, after = draw(st.integers(0, min(3, begin))), draw(st.integers(0, 3))
        stretch = rows[begin - before : end + after]
        longer = pa.record_batch([stored([row[field.name] for row in stretch], field.type) for field in schema], schema)
        chunks.append(longer.slice(before, end - begin))
        begin = end
    return pa.Table.from_batches(chunks, schema)


def stored(cells: list[Any], type_: pa.DataType) -> pa.Array:
    """The cells in a storage; pyarrow makes dictionaries of plain texts only."""
    return pa.array(cells, pa.string()).cast(type_) if pa.types.is_dictionary(type_) else pa.array(cells, type_)


def midnight(day: date) -> datetime:
    """The wall clock at the beginning of a day."""
    return datetime(day.year, day.month, day.day)
