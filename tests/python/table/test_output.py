"""SP.5: results leave as tables of any library, exactly and any number of times."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from pathlib import Path
from typing import Any

import duckdb
import openpyxl
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest
import python_calamine
from hypothesis import given

import dealtrail as dt
from python.table.arrow_tables import OWN, STEADY, people, rows_of, trail
from python.table.test_input import ROWS


@pytest.fixture
def table() -> dt.Table:
    made = trail()
    made.put("people", ROWS)
    return made.table("people").select(["id", "version", "name", *OWN])


def test_every_library_reads_the_same_cells_again_and_again(table: dt.Table) -> None:
    rows = table.to_dicts()
    seen_by_sql = table  # noqa: F841 - duckdb looks names up
    for _ in range(2):
        assert pa.table(table).to_pylist() == rows
        assert pl.DataFrame(table).to_dicts() == rows
        shown = duckdb.connect().execute("set timezone = 'UTC'").sql("from seen_by_sql").to_arrow_table()
        assert shown.drop_columns(["moment"]).to_pylist() == [
            {name: cell for name, cell in row.items() if name != "moment"} for row in rows
        ]
        assert shown["moment"].cast(pa.timestamp("us", "UTC")).to_pylist() == [row["moment"] for row in rows]


def test_conversions_by_name(table: dt.Table) -> None:
    assert table.to_arrow().to_pylist() == table.to_dicts()
    assert table.to_polars().to_dicts() == table.to_dicts()
    frame = table.to_pandas()
    assert isinstance(frame, pd.DataFrame)
    assert frame["price"][0] == Decimal("1204.50")
    assert frame["moment"][0] == pd.Timestamp("2026-03-01T09:30:15.25Z")
    assert frame["number"].to_list()[::2] == [7, -(2**62)]  # whole beside no value
    assert {str(kind) for kind in frame.dtypes} >= {"int64[pyarrow]", "bool[pyarrow]", "double[pyarrow]"}


def test_slices_are_tables(table: dt.Table) -> None:
    """IN.23."""
    rows = table.to_dicts()
    assert table.shape == (3, 3 + len(OWN))
    for part in (slice(1), slice(1, None), slice(-2, None), slice(None, None, -1), slice(5, 9), slice(None)):
        assert table[part].to_dicts() == rows[part]
        assert table[part].schema == table.schema
        assert table[part].meta == table.meta
    assert table.head(2).to_dicts() == rows[:2]
    assert table.head(0).shape == (0, 3 + len(OWN))
    assert table.head(-1).shape == (0, 3 + len(OWN))
    assert table.head() == table
    assert table.take([2, 0, 2])["id"] == ["c", "a", "c"]
    with pytest.raises(dt.InvalidArgumentError):
        table.take([3])


def test_files_hold_the_cells(table: dt.Table, tmp_path: Path) -> None:
    """IN.23."""
    assert table.to_csv(tmp_path / "t.csv", separator=";") is None
    assert (tmp_path / "t.csv").read_bytes().decode() == table.to_csv(separator=";")
    table.to_parquet(tmp_path / "t.parquet")
    assert pl.read_parquet(tmp_path / "t.parquet").to_dicts() == table.to_dicts()
    table.to_excel(tmp_path / "t.xlsx")
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").active
    names, *cells = sheet.iter_rows(values_only=True)
    assert list(names) == table.columns
    for row, there in zip(cells, table.to_dicts(), strict=True):
        found = dict(zip(names, row, strict=True))
        for name, value in there.items():
            if isinstance(value, datetime):
                assert abs(found[name].replace(tzinfo=timezone.utc) - value) < timedelta(milliseconds=1)
            elif isinstance(value, int) and abs(value) > 2**53:
                assert found[name] == str(value)  # a sheet would round it
            elif isinstance(value, (Decimal, float)):
                assert found[name] == pytest.approx(float(value), rel=1e-15)
            else:
                assert found[name] == value
    assert sorted(one.name for one in tmp_path.iterdir()) == ["t.csv", "t.parquet", "t.xlsx"]


def test_a_workbook_runs_nothing_and_is_the_same_again(tmp_path: Path) -> None:
    """IN.23."""
    made = dt.Trail("RUB")
    bad = "=1+1 <&\"'> \x07 Анна\n"
    made.put("channels", [{"id": "a", "name": bad}])
    channels = made.table("channels").select(["id", "name"])
    channels.to_excel(tmp_path / "one.xlsx")
    channels.to_excel(tmp_path / "two.xlsx")
    assert (tmp_path / "one.xlsx").read_bytes() == (tmp_path / "two.xlsx").read_bytes()
    cell = openpyxl.load_workbook(tmp_path / "one.xlsx").active["B2"]
    assert (cell.data_type, cell.value) == ("s", channels["name"][0].replace("\x07", "\ufffd"))
    book = python_calamine.CalamineWorkbook.from_path(str(tmp_path / "one.xlsx"))
    assert book.get_sheet_by_index(0).to_python()[0] == ["id", "name"]


@STEADY
@given(people())
def test_what_goes_out_is_what_came_in(made: tuple[pa.Table, list[dict[str, Any]]]) -> None:
    _, rows = made
    there = trail()
    there.put("people", rows)
    table = there.table("people")
    assert pa.table(table).to_pylist() == table.to_dicts()
    expected = {row["id"]: row for row in rows}
    for row in rows_of(there):
        wanted = expected[row["id"]]
        assert {name: row[name] for name in OWN} == {
            name: None if wanted.get(name) == "" else wanted.get(name) for name in OWN
        }


def test_a_table_lives_on_in_what_was_made_of_it() -> None:
    made = trail()
    made.put("people", ROWS)
    arrow = pa.table(made.table("people"))
    del made
    assert arrow["name"].to_pylist() == ["Анна", "Boris", None]


def test_a_stream_that_nobody_reads_is_released(table: dt.Table) -> None:
    for _ in range(1000):
        table.__arrow_c_stream__()


def test_metadata_travels() -> None:
    cards = dt.Trail("RUB", "Europe/Moscow").cards(period="2026-Q1")
    assert cards.meta["currency"] == "RUB"
    assert cards.meta["period"] == "2026-Q1"
    meta = json.loads(pa.table(cards).schema.metadata[b"dealtrail"])
    assert meta == cards.meta
    assert pa.table(cards).schema.field("cost").metadata == {b"unit": b"RUB"}


def test_a_table_as_a_sequence(table: dt.Table) -> None:
    assert len(table) == 3
    assert table.columns == ["id", "version", "name", *OWN]
    assert table["number"] == [7, None, -(2**62)]
    assert [row["id"] for row in table] == ["a", "b", "c"]
    assert dt.Trail("RUB").cards().schema[4] == dt.Column("cost", "decimal", "RUB", 2)
    with pytest.raises(dt.SchemaError) as error:
        table["nothing"]
    assert error.value.code == "missing_column"
    with pytest.raises(dt.SchemaError):
        table.select(["id", "nothing"])


def test_equality_is_of_content(table: dt.Table) -> None:
    made = trail()
    made.put("people", ROWS)
    assert table == made.table("people").select(table.columns)
    assert table != table.select(["id"])
    assert table != 1


def test_text_and_html_are_safe() -> None:
    made = dt.Trail("RUB")
    made.put("channels", [{"id": "<script>alert(1)</script>", "name": "\x1b[31m"}])
    cards = made.cards()
    assert "\x1b" not in repr(cards)
    html = cards._repr_html_()
    assert "<script" not in html
    assert "&lt;script&gt;" in html


def test_csv_reads_back(table: dt.Table) -> None:
    rows = list(csv.DictReader(io.StringIO(table.to_csv())))
    assert [row["id"] for row in rows] == table["id"]
    assert rows[0]["price"] == "1204.50"
    assert rows[0]["moment"] == "2026-03-01T09:30:15.250000Z"
    semicolons = table.to_csv(separator=";", byte_order_mark=True)
    assert semicolons.startswith("\N{ZERO WIDTH NO-BREAK SPACE}id;version")


def test_csv_escapes_formulas_unless_told_not_to() -> None:
    made = dt.Trail("RUB")
    made.put("channels", [{"id": "=1+1", "name": "-2"}])
    assert made.table("channels").select(["id", "name"]).to_csv().splitlines()[1] == "'=1+1,'-2"
    assert made.table("channels").select(["id", "name"]).to_csv(escape_formulas=False).splitlines()[1] == "=1+1,-2"


def test_json_reads_back(table: dt.Table) -> None:
    rows = json.loads(table.to_json(), parse_float=Decimal)
    assert [row["price"] for row in rows] == table["price"]
    lines = [json.loads(line) for line in table.to_json(lines=True).splitlines()]
    assert [row["id"] for row in lines] == table["id"]


def test_a_time_that_datetime_cannot_hold_is_a_text() -> None:
    made = dt.Trail("RUB")
    far = pa.array([2**62], pa.timestamp("us", "UTC"))
    made.put("events", pa.table({"id": ["e"], "name": ["far"], "starts_at": far}))
    (cell,) = made.table("events")["starts_at"]
    assert isinstance(cell, str)
    assert cell.endswith("Z")


def test_conversions_tell_what_to_install() -> None:
    code = """
import sys
for name in ("pyarrow", "polars", "pandas", "altair"):
    sys.modules[name] = None
import dealtrail as dt
table = dt.Trail("RUB").cards()
for method in (table.to_arrow, table.to_polars, table.to_pandas, table.plot):
    try:
        method()
    except ImportError as error:
        print(error)
"""
    ran = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    lines = ran.stdout.splitlines()
    assert len(lines) == 4
    assert all("pip install" in line for line in lines)


def test_a_plot_when_altair_is_there() -> None:
    pytest.importorskip("altair")
    made = dt.Trail("RUB")
    made.put("channels", [{"id": "tg", "name": "Telegram"}])
    chart = made.cards().plot().to_dict()
    assert chart["encoding"]["x"]["title"] == "cost, RUB"


def test_moments_are_aware(table: dt.Table) -> None:
    assert table["moment"][0] == datetime(2026, 3, 1, 9, 30, 15, 250_000, tzinfo=timezone.utc)
    assert table["moment"][0].tzinfo is timezone.utc
