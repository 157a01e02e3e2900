"""IN.3: blank cells are no value in every column; ids that came as reals are read as whole numbers."""

from __future__ import annotations

import csv
import datetime
import io
import math
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import dealtrail as dt

TEXT = """id,person,created_at,closed_at,amount,outcome,probability
1,p,2026-03-01,,,open,
2,,2026-03-01,2026-03-09,10,won,0.5
3,p,2026-03-01,,5,,
"""
WAYS: dict[str, Any] = {
    "csv rows": lambda: list(csv.DictReader(io.StringIO(TEXT))),
    "records of a frame": lambda: pd.read_csv(io.StringIO(TEXT)).to_dict("records"),
    "frame of texts": lambda: pd.read_csv(io.StringIO(TEXT), dtype=str, keep_default_na=False),
    "frame": lambda: pd.read_csv(io.StringIO(TEXT)),
    "frame of nullable types": lambda: pd.read_csv(io.StringIO(TEXT)).convert_dtypes(),
    "records of nullable types": lambda: pd.read_csv(io.StringIO(TEXT)).convert_dtypes().to_dict("records"),
    "polars": lambda: pl.read_csv(io.StringIO(TEXT)),
    "polars texts": lambda: pl.read_csv(io.StringIO(TEXT), infer_schema=False).fill_null(""),
    "records of arrow": lambda: pa.Table.from_pandas(pd.read_csv(io.StringIO(TEXT))).to_pylist(),
}
BLANKS = ["", None, math.nan, np.nan, np.float32("nan"), pd.NaT, pd.NA, np.datetime64("NaT"), Decimal("NaN")]


@pytest.mark.parametrize("way", WAYS)
def test_a_blank_cell_is_no_value_however_it_came(way: str) -> None:
    trail = dt.Trail("RUB")
    report = trail.put("deals", WAYS[way]())
    assert (report.read, report.put, report.left_out) == (3, 3, 0), report
    assert trail.table("deals")["person"] == ["p", None, "p"]
    assert trail.table("deals")["amount"] == [None, Decimal(10), Decimal(5)]
    assert trail.table("deals")["outcome"] == ["open", "won", None]
    assert [at and at.date().isoformat() for at in trail.table("deals")["closed_at"]] == [None, "2026-03-09", None]


@pytest.mark.parametrize("blank", BLANKS, ids=lambda blank: f"{type(blank).__name__} {blank}")
def test_a_blank_is_no_value_in_a_column_of_any_type(blank: Any) -> None:
    trail = dt.Trail("RUB")
    trail.declare("deals", city="text", score="real", seats="integer", vip="boolean", seen="time", fee="money")
    own = dict.fromkeys(("city", "score", "seats", "vip", "seen", "fee"), blank)
    # a text, a choice, a link, a time, money, a number, a currency, a version, and columns of the caller
    row = dict.fromkeys(
        ("stage", "outcome", "person", "closed_at", "amount", "probability", "currency", "version"), blank
    )
    report = trail.put("deals", [{"id": "d", "created_at": "2026-03-01", **row, **own}])
    assert (report.put, len(report.problems)) == (1, 0), report
    kept = trail.table("deals").to_dicts()[0]
    assert {name for name, cell in kept.items() if cell is not None} == {"id", "stub", "created_at"}
    assert trail.put("announcements", [{"id": "a", "channel": "c", "paid": blank, "budget_share": blank}]).put == 1
    assert (
        trail.put("touches", [{"id": "t", "kind": "call", "at": "2026-03-01", "answered": blank, "seconds": blank}]).put
        == 1
    )


@pytest.mark.parametrize("blank", BLANKS, ids=lambda blank: f"{type(blank).__name__} {blank}")
def test_a_blank_id_is_no_id_and_a_blank_needed_field_is_missing(blank: Any) -> None:
    trail = dt.Trail("RUB")
    assert trail.put("deals", [{"id": blank, "created_at": "2026-03-01"}]).put == 1
    assert trail.table("deals")["id"][0].startswith("h:")
    with pytest.warns(dt.LossWarning, match="missing_field of channels.name"):
        report = trail.put("channels", [{"id": "c", "name": blank}])
    assert report.problems["code"] == ["missing_field"]


def test_a_column_of_blanks_alone_has_any_type() -> None:
    trail = dt.Trail("RUB")
    frame = pd.DataFrame({"id": ["1", "2"], "created_at": ["2026-03-01"] * 2}).assign(
        closed_at=np.nan, outcome=np.nan, person=pd.NaT, amount=pd.NaT, stage=np.nan, version=np.nan
    )
    report = trail.put("deals", frame)
    assert (report.put, len(report.problems)) == (2, 0), report
    with pytest.raises(dt.SchemaError, match="amount"):
        trail.put("deals", frame.assign(amount=pd.Timestamp("2026-03-01")))
    with pytest.raises(dt.SchemaError, match="closed_at"):
        trail.put("deals", frame.assign(closed_at=[1.5, np.nan]))


def test_numpy_scalars_and_times_are_read() -> None:
    trail = dt.Trail("RUB", "+03:00")
    trail.declare("deals", vip="boolean", seats="integer")
    times = [
        np.datetime64("2026-03-01T10:00"),
        np.datetime64("2026-03-01T10:00:00.000000000"),
        pd.Timestamp("2026-03-01 10:00"),
        pd.Timestamp("2026-03-01 10:00", tz="Europe/Moscow"),
        datetime.datetime(2026, 3, 1, 10),
    ]
    rows = [
        {
            "id": np.int64(number),
            "person": np.str_("p"),
            "created_at": at,
            "closed_at": np.datetime64("2026-03-02"),
            "amount": np.float64(1.5),
            "probability": np.float32(0.5),
            "vip": np.bool_(True),
            "seats": np.int32(4),
            "version": np.int64(7),
        }
        for number, at in enumerate(times)
    ]
    assert trail.put("deals", rows).put == len(times)
    moment = datetime.datetime(2026, 3, 1, 7, tzinfo=datetime.timezone.utc)
    kept = trail.table("deals")
    assert kept["id"] == ["0", "1", "2", "3", "4"]
    assert set(kept["created_at"]) == {moment}
    assert (set(kept["amount"]), set(kept["vip"]), set(kept["seats"])) == ({Decimal("1.50")}, {True}, {4})


@pytest.mark.parametrize("real", [410.0, np.float64(410), np.float32(410), -410.0])
def test_a_whole_real_is_the_id_without_its_point(real: Any) -> None:
    trail = dt.Trail("RUB")
    whole = str(int(real))
    trail.put("people", [{"id": int(real), "name": "Ann"}])
    report = trail.put("deals", [{"id": real, "person": real, "created_at": "2026-03-01"}] * 2)
    assert trail.table("deals")["id"] == [whole]
    assert trail.table("deals")["person"] == [whole]
    said = [(row["code"], row["severity"], row["column"], row["count"], row["left_out"]) for row in report.problems]
    assert said == [("id_as_real", "info", "id", 2, False), ("id_as_real", "info", "person", 2, False)]
    assert "broken_link" not in trail.findings()["code"]


def test_a_whole_decimal_is_a_whole_number() -> None:
    trail = dt.Trail("RUB")
    assert len(trail.put("deals", [{"id": Decimal("410.0"), "created_at": "2026-03-01"}]).problems) == 0
    assert trail.table("deals")["id"] == ["410"]


def test_a_column_of_ids_with_a_gap() -> None:
    trail = dt.Trail("RUB")
    frame = pd.DataFrame({"id": [1, 2], "person": [410, None], "created_at": ["2026-03-01"] * 2})
    assert frame["person"].dtype == float
    report = trail.put("deals", frame)
    assert trail.table("deals")["person"] == ["410", None]
    assert report.problems["code"] == ["id_as_real"]
    phones = pd.DataFrame({"kind": ["phone"] * 2, "person": ["a", "b"], "value": [79001234567, None]}).dropna()
    assert trail.put("contact_points", phones).put == 1
    assert trail.table("contact_points")["value"] == ["79001234567"]


@pytest.mark.parametrize("wrong", [4.5, 2.0**53, math.inf, Decimal("4.5")])
def test_a_number_that_is_no_id_leaves_its_row_out(wrong: Any) -> None:
    trail = dt.Trail("RUB")
    with pytest.warns(dt.LossWarning):
        report = trail.put("deals", [{"id": wrong, "created_at": "2026-03-01"}])
    assert (report.left_out, report.problems["code"]) == (1, ["bad_id"])
    with pytest.warns(dt.LossWarning):
        report = trail.put("deals", [{"id": "d", "person": wrong, "created_at": "2026-03-01"}])
    assert (report.left_out, report.problems["code"]) == (1, ["bad_type"])


def test_the_text_of_a_real_stays_a_text_and_its_broken_link_is_explained() -> None:
    trail = dt.Trail("RUB")
    trail.put("people", [{"id": "410", "name": "Ann"}])
    trail.put("deals", [{"id": "d", "person": "410.0", "created_at": "2026-03-01"}])
    broken = next(row for row in trail.findings() if row["code"] == "broken_link")
    assert (broken["first_ids"], broken["hint"].startswith("ids written as reals?")) == ("410.0", True)
