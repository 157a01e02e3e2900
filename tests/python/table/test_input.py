"""SP.5: tables of other libraries come in the same as plain dicts do."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import duckdb
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

import dealtrail as dt
from python.table.arrow_tables import (
    DATE_TYPES,
    DECIMAL_TYPES,
    INTEGER_TYPES,
    LOCAL_TYPES,
    OWN,
    STEADY,
    TEXT_TYPES,
    TIME_TYPES,
    midnight,
    people,
    rows_of,
    trail,
)

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

ROWS: list[dict[str, Any]] = [
    {
        "id": "a",
        "version": 3,
        "name": "Анна",
        "word": "a rather long text, longer than twelve bytes",
        "number": 7,
        "share": 0.25,
        "yes": True,
        "moment": datetime(2026, 3, 1, 9, 30, 15, 250_000, tzinfo=timezone.utc),
        "price": Decimal("1204.50"),
        "rate": Decimal("0.123456789"),
    },
    {"id": "b", "version": None, "name": "Boris", **dict.fromkeys(OWN)},
    {
        "id": "c",
        "version": 1,
        "name": "",
        "word": "",
        "number": -(2**62),
        "share": -0.5,
        "yes": False,
        "moment": datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone.utc),
        "price": Decimal("-0.01"),
        "rate": Decimal("-1"),
    },
]


def frame() -> pl.DataFrame:
    types = {
        "number": pl.Int64,
        "version": pl.Int64,
        "price": pl.Decimal(20, 2),
        "rate": pl.Decimal(20, 9),
        "moment": pl.Datetime("us", "UTC"),
    }
    return pl.DataFrame(ROWS, schema_overrides=types)


def relation() -> Any:
    table = frame().to_arrow()
    return duckdb.connect().from_arrow(table)


PRODUCERS: dict[str, Callable[[], Any]] = {
    "polars": frame,
    "pyarrow": lambda: frame().to_arrow(),
    "pyarrow batch": lambda: frame().to_arrow().to_batches()[0],
    "pyarrow reader": lambda: frame().to_arrow().to_reader(),
    "pandas": lambda: frame().to_arrow().to_pandas(types_mapper=pd.ArrowDtype),
    "duckdb": relation,
    "a capsule": lambda: frame().__arrow_c_stream__(),
}


@pytest.mark.parametrize("producer", PRODUCERS)
def test_a_table_is_read_as_its_rows_are(producer: str) -> None:
    expected, made = trail(), trail()
    expected.put("people", ROWS)
    report = made.put("people", PRODUCERS[producer]())
    assert (report.read, report.put, len(report.problems)) == (3, 3, 0)
    assert rows_of(made) == rows_of(expected)
    assert made.snapshot() == expected.snapshot()
    back = rows_of(made)
    for row, given_row in zip(back, ROWS, strict=True):
        assert row == {name: None if value == "" else value for name, value in given_row.items()}


@STEADY
@given(people())
def test_any_storage_chunks_and_slices_give_what_dicts_give(made: tuple[pa.Table, list[dict[str, Any]]]) -> None:
    table, rows = made
    by_table, by_dicts = trail(), trail()
    assert by_table.put("people", table).put == len(rows)
    assert by_dicts.put("people", rows).put == len(rows)
    assert by_table.snapshot() == by_dicts.snapshot()


def put_one(column: str, array: pa.Array | pa.ChunkedArray) -> list[Any]:
    """One column through a Trail and back, with ids in order."""
    made = trail()
    ids = [f"{number:04}" for number in range(len(array))]
    report = made.put("people", pa.table({"id": ids, "name": ids, column: array}))
    assert report.left_out == 0, report
    cells: list[Any] = made.table("people")[column]
    return cells


@pytest.mark.parametrize("type_", TEXT_TYPES, ids=str)
def test_text(type_: pa.DataType) -> None:
    texts = ["", "a", None, "двенадцать!!", "more than twelve bytes, so a view points into a buffer", "💌" * 9]
    assert put_one("word", pa.array(texts).cast(type_)) == [None, *texts[1:]]  # an empty text is no value


@pytest.mark.parametrize("type_", INTEGER_TYPES, ids=str)
def test_whole_numbers_to_the_ends_of_their_type(type_: pa.DataType) -> None:
    signed = str(type_).startswith("int")
    bits = type_.bit_width - (1 if signed else 0)
    ends = [-(2**bits) if signed else 0, None, 2**bits - 1]
    if bits == 64:
        ends[2] = 2**63 - 1
    if type_ == pa.int64():
        ends[0] = -(2**63) + 1  # the very lowest number stands for "no value" inside
    assert put_one("number", pa.array(ends, type_)) == ends


def test_a_whole_number_beyond_64_bits_leaves_the_row_out() -> None:
    made = trail()
    table = pa.table({"id": ["a", "b"], "name": ["a", "b"], "number": pa.array([2**63, 1], pa.uint64())})
    report = made.put("people", table)
    assert (report.put, report.problems["code"], report.problems["column"]) == (1, ["overflow"], ["number"])


@pytest.mark.parametrize("type_", [pa.float16(), pa.float32(), pa.float64()], ids=str)
def test_reals(type_: pa.DataType) -> None:
    numbers = [0.5, None, -1024.0, 0.0]
    assert put_one("share", pa.array(numbers, pa.float64()).cast(type_)) == numbers


def test_not_a_number_is_no_value_and_infinity_is_refused() -> None:
    assert put_one("share", pa.array([float("nan"), 1.0])) == [None, 1.0]
    made = trail()
    report = made.put("people", pa.table({"id": ["a"], "name": ["a"], "share": [float("inf")]}))
    assert report.problems["code"] == ["bad_number"]


@pytest.mark.parametrize("type_", DECIMAL_TYPES, ids=str)
def test_decimals_are_exact_money(type_: pa.DataType) -> None:
    amounts = [Decimal("1234567.89"), None, Decimal("-0.01"), Decimal("0.00")]
    assert put_one("price", pa.array(amounts, pa.decimal128(30, 2)).cast(type_)) == amounts


def test_an_amount_that_is_no_whole_kopeck_is_rounded_and_listed() -> None:
    """IN.2: half to even, and the difference is added up."""
    made = trail()
    prices = pa.array([Decimal("0.005"), Decimal("0.010")], pa.decimal128(10, 3))
    report = made.put("people", pa.table({"id": ["a", "b"], "name": ["a", "b"], "price": prices}))
    assert (report.problems["code"], report.problems["first_ids"]) == (["rounded_money"], ["a"])
    assert report.problems["message"][0].endswith("rounding added -0.005 in all")
    assert report.problems["first_values"] == ["0.005"]
    assert made.table("people")["price"] == [Decimal("0.00"), Decimal("0.01")]


def test_floats_are_money_when_they_are_kopecks() -> None:
    assert put_one("price", pa.array([19.99, 0.1 + 0.2, 1e9 + 0.07])) == [
        Decimal("19.99"),
        Decimal("0.30"),
        Decimal("1000000000.07"),
    ]
    report = trail().put("people", pa.table({"id": ["a"], "name": ["a"], "price": [0.123]}))
    assert report.problems["code"] == ["rounded_money"]


@pytest.mark.parametrize("type_", TIME_TYPES, ids=str)
def test_moments_with_a_zone(type_: pa.DataType) -> None:
    moments = [datetime(2026, 3, 1, 12, 0, 5, tzinfo=timezone.utc), None, datetime(1969, 7, 20, tzinfo=timezone.utc)]
    assert put_one("moment", pa.array(moments, pa.timestamp("us", "UTC")).cast(type_)) == moments


@pytest.mark.parametrize("type_", LOCAL_TYPES, ids=str)
def test_a_wall_clock_is_of_the_zone_of_the_trail(type_: pa.DataType) -> None:
    clock = datetime(2026, 3, 1, 12, 0, 5)
    moscow = timezone(timedelta(hours=3))
    assert put_one("moment", pa.array([clock], pa.timestamp("us")).cast(type_)) == [clock.replace(tzinfo=moscow)]


@pytest.mark.parametrize("type_", DATE_TYPES, ids=str)
def test_a_day_begins_at_midnight_of_the_zone(type_: pa.DataType) -> None:
    moscow = timezone(timedelta(hours=3))
    days = [date(2026, 3, 1), date(1969, 1, 2)]
    assert put_one("moment", pa.array(days, type_)) == [midnight(day).replace(tzinfo=moscow) for day in days]


def test_nanoseconds_are_rounded_down() -> None:
    (moment,) = put_one("moment", pa.array([-1], pa.timestamp("ns", "UTC")))
    assert moment == datetime(1969, 12, 31, 23, 59, 59, 999_999, tzinfo=timezone.utc)


def test_bits_of_booleans_with_offsets() -> None:
    bits = [number % 3 == 0 for number in range(70)]
    array = pa.array(bits)
    for offset in (0, 1, 7, 8, 9, 63, 64, 65):
        assert put_one("yes", array.slice(offset)) == bits[offset:]


def test_a_column_of_nulls_has_no_type() -> None:
    for column in OWN:
        assert put_one(column, pa.nulls(2)) == [None, None]


def test_columns_that_the_kind_does_not_have_are_kept_out_and_listed() -> None:
    made = dt.Trail("RUB")
    table = pa.table({"id": ["a"], "name": ["a"], "shoe size": [42], "nested": [[1, 2]]})
    report = made.put("people", table)
    assert report.put == 1
    assert sorted(report.problems["column"]) == ["nested", "shoe size"]
    assert set(report.problems["left_out"]) == {False}


def test_a_column_that_is_not_there_is_an_error_and_nothing_is_kept() -> None:
    made = trail()
    with pytest.raises(dt.SchemaError) as error:
        made.put("deals", pa.table({"id": ["d"], "amount": [1]}))
    assert (error.value.code, error.value.where) == ("missing_column", dt.Where("deals", "created_at"))
    assert len(made) == 0


@pytest.mark.parametrize(
    ("column", "array"),
    [
        ("word", pa.array([b"bytes"])),
        ("number", pa.array([True])),
        ("moment", pa.array([1])),
        ("price", pa.array([timedelta(1)])),
        ("rate", pa.array([["list"]])),
        ("share", pa.array([{"a": 1}])),
        ("moment", pa.array([1], pa.time64("us"))),
        ("price", pa.array([Decimal(1)], pa.decimal256(60, 2))),
    ],
    ids=lambda value: value if isinstance(value, str) else str(value.type),
)
def test_a_column_of_another_type_is_an_error_and_nothing_is_kept(column: str, array: pa.Array) -> None:
    made = trail()
    with pytest.raises(dt.SchemaError) as error:
        made.put("people", pa.table({"id": ["a"], "name": ["a"], column: array}))
    assert (error.value.code, error.value.where.column) == ("type_mismatch", column)
    assert error.value.hint
    assert len(made) == 0


def test_a_reader_used_twice_is_refused() -> None:
    made = trail()
    reader = frame().to_arrow().to_reader()
    made.put("people", reader)
    with pytest.raises(dt.StreamError) as error:
        made.put("people", reader)
    assert error.value.code == "exhausted_stream"
    assert "read once" in error.value.hint


def test_a_capsule_used_twice_is_refused() -> None:
    made = trail()
    capsule = frame().__arrow_c_stream__()
    made.put("people", capsule)
    with pytest.raises(dt.StreamError):
        made.put("people", capsule)


def test_a_capsule_of_another_sort_is_refused() -> None:
    array = pa.array([1])
    schema_capsule, _ = array.__arrow_c_array__()
    with pytest.raises(dt.InvalidArgumentError):
        trail().put("people", schema_capsule)


def test_a_single_column_is_refused() -> None:
    with pytest.raises(dt.SchemaError):
        trail().put("people", pl.Series("id", ["a"]))


def test_empty_tables_are_welcome() -> None:
    for table in (frame().head(0), frame().to_arrow().slice(0, 0), []):
        assert trail().put("people", table).read == 0


def test_the_words_of_a_producer_that_fails_reach_the_caller() -> None:
    def batches() -> Any:
        yield pa.record_batch({"id": ["a"], "name": ["a"]})
        raise ValueError("the disk is on fire")

    schema = pa.schema({"id": pa.string(), "name": pa.string()})
    made = trail()
    with pytest.raises(dt.ReadError, match="the disk is on fire"):
        made.put("people", pa.RecordBatchReader.from_batches(schema, batches()))
    assert len(made) == 0


def test_categories_of_pandas_and_enums_of_polars() -> None:
    by_pandas, by_polars = trail(), trail()
    rows = {"id": ["a", "b", "c"], "name": ["x", "y", "z"]}
    by_pandas.put("people", pd.DataFrame({**rows, "word": pd.Categorical(["u", None, "v"])}))
    by_polars.put("people", pl.DataFrame({**rows, "word": pl.Series(["u", None, "v"], dtype=pl.Enum(["v", "u"]))}))
    assert by_pandas.table("people")["word"] == ["u", None, "v"]
    assert by_polars.snapshot() == by_pandas.snapshot()


def test_our_own_tables_come_back_in() -> None:
    made, again = trail(), trail()
    made.put("people", ROWS)
    report = again.put("people", made.table("people"))
    assert report.put == 3
    assert rows_of(again) == rows_of(made)


@STEADY
@given(st.lists(st.binary(max_size=12), min_size=1, max_size=5))
def test_bytes_that_are_no_utf8_are_left_out_and_listed(words: list[bytes]) -> None:
    made = trail()
    array = pa.array(words, pa.binary()).view(pa.string())  # no producer checks this
    ids = [str(number) for number in range(len(words))]
    report = made.put("people", pa.table({"id": ids, "name": array}))
    bad = 0
    for word in words:
        try:
            word.decode()
        except UnicodeDecodeError:
            bad += 1
    assert (report.left_out, report.put) == (bad, len(words) - bad)
