"""Retention against pandas on recorded purchases, and what Python adds."""

from __future__ import annotations

from datetime import date, datetime, timezone
from decimal import Decimal
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import dealtrail as dt

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
CDNOW = SHARED / "pymc_marketing" / "cdnow_transactions.csv"
EXAMPLE = SHARED / "lifetimes_misc" / "example_transactions.csv"


def cdnow() -> pd.DataFrame:
    rows = pd.read_csv(CDNOW, dtype={"date": str})
    return pd.DataFrame({"who": rows["id"], "at": pd.to_datetime(rows["date"], format="%Y%m%d"), "paid": rows["spent"]})


def example() -> pd.DataFrame:
    rows = pd.read_csv(EXAMPLE)
    return pd.DataFrame({"who": rows["id"].astype(str), "at": pd.to_datetime(rows["date"]), "paid": 1.0})


def periods(at: pd.Series, every: str) -> pd.Series:
    if every == "day":
        return (at - pd.Timestamp(1970, 1, 1)).dt.days
    if every == "week":  # differences of days brought back to Monday
        return ((at - pd.Timestamp(1969, 12, 29)).dt.days) // 7
    return at.dt.year * 12 + at.dt.month


def reference(rows: pd.DataFrame, every: str, kind: str) -> dict[tuple[int, int], tuple[int, int, int, Decimal]]:
    """Size, active, events and value by (cohort, period), in pandas."""
    rows = rows.assign(period=periods(rows["at"], every), cents=(rows["paid"] * 100).round().astype("int64"))
    rows["cohort"] = rows.groupby("who")["period"].transform("min")
    rows["after"] = rows["period"] - rows["cohort"]
    last = int(rows["period"].max())
    made = {}
    for cohort, members in rows.groupby("cohort"):
        size = members["who"].nunique()
        inside = members.groupby("after")
        exact, events, cents = (
            inside["who"].nunique().to_dict(),
            inside.size().to_dict(),
            inside["cents"].sum().to_dict(),
        )
        furthest = members.groupby("who")["after"].max().tolist()
        for after in range(last - int(cohort) + 1):
            active = exact.get(after, 0) if kind == "on" else sum(one >= after for one in furthest)
            value = Decimal(int(cents.get(after, 0))) / 100
            made[int(cohort), after] = (size, int(active), int(events.get(after, 0)), value)
    return made


def cohort_number(label: str, every: str) -> int:
    if every == "day":
        return (date.fromisoformat(label) - date(1970, 1, 1)).days
    if every == "week":
        year, week = label.split("-W")
        return (date.fromisocalendar(int(year), int(week), 1) - date(1969, 12, 29)).days // 7
    return int(label[:4]) * 12 + int(label[5:])


@pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded data ../shared/data are absent")
@pytest.mark.parametrize("every", ["week", "month", "day"])
@pytest.mark.parametrize("kind", ["on", "on_or_after"])
@pytest.mark.parametrize("source", [cdnow, example])
def test_equals_pandas_on_recorded_purchases(source, every: str, kind: str) -> None:
    rows = source()
    expected = reference(rows, every, kind)
    found = dt.cohort.retention(rows, subject="who", value="paid", every=every, kind=kind, places=2)
    cells = {
        (cohort_number(row["cohort"], every), row["period"]): (
            row["size"],
            row["active"],
            row["events"],
            row["value"],
        )
        for row in found.to_dicts()
    }
    assert cells == expected
    assert len(found.problems) == 0
    last = max(cohort + after for cohort, after in expected)
    assert sum(found["complete"]) == sum(cohort + after < last for cohort, after in expected)


ORDERS = pl.DataFrame(
    {
        "who": ["a", "b", "a", "c", "b", "a"],
        "at": [
            date(2026, 3, 2),
            date(2026, 3, 3),
            date(2026, 3, 9),
            date(2026, 3, 10),
            date(2026, 3, 16),
            date(2026, 3, 18),
        ],
        "paid": [
            Decimal("10.00"),
            Decimal("5.50"),
            Decimal("1.10"),
            Decimal("2.20"),
            Decimal("3.30"),
            Decimal("-1.00"),
        ],
        "channel": ["tg", "mail", "mail", "tg", None, "mail"],
    }
)


def test_the_end_is_a_whole_day_or_a_moment() -> None:
    by_day = dt.cohort.retention(ORDERS, subject="who", end=date(2026, 3, 22))
    assert by_day == dt.cohort.retention(ORDERS, subject="who", end="2026-03-22")
    moment = datetime(2026, 3, 23, tzinfo=timezone.utc)
    assert by_day.to_dicts() == dt.cohort.retention(ORDERS, subject="who", end=moment).to_dicts()
    assert all(by_day["complete"])
    early = dt.cohort.retention(ORDERS, subject="who", end="2026-03-22T23:59")
    assert early["complete"] == [True, True, False, True, False]
    moscow = dt.cohort.retention(ORDERS, subject="who", end="2026-03-22", zone="Europe/Moscow")
    assert moscow.meta["end"] == "2026-03-22T21:00:00Z"
    with pytest.raises(dt.ParseError, match="end is no date"):
        dt.cohort.retention(ORDERS, subject="who", end="soon")


def test_money_by_channel_and_per_member() -> None:
    found = dt.cohort.retention(ORDERS, subject="who", value="paid", by="channel", currency="RUB", end="2026-03-22")
    tg = [row for row in found.to_dicts() if row["channel"] == "tg"]
    assert [row["value"] for row in tg if row["cohort"] == "2026-W10"] == [
        Decimal("10.00"),
        Decimal("1.10"),
        Decimal("-1.00"),
    ]
    assert [row["cumulative"] for row in tg if row["cohort"] == "2026-W10"][-1] == Decimal("10.10")
    assert found.average()["channel"] == ["mail", "mail", "mail", "tg", "tg", "tg"]
    assert found.pivot("value_per_member").columns == ["channel", "cohort", "size", "0", "1", "2"]
    with pytest.raises(dt.UnknownNameError, match="did you mean"):
        found.pivot("rates")


def test_rows_are_lost_with_a_warning_and_strict_refuses() -> None:
    rows = pl.DataFrame({"who": ["a", None], "at": [date(2026, 3, 2)] * 2})
    with pytest.warns(dt.LossWarning, match="no_subject"):
        found = dt.cohort.retention(rows, subject="who")
    assert found.problems["first_rows"] == ["row 1"]
    assert "left_out=1" in repr(found)
    with pytest.raises(dt.SchemaError):
        dt.cohort.retention(rows, subject="who", strict=True)
    with pytest.raises(dt.UnknownNameError):
        dt.cohort.retention(rows, subject="who", every="fortnight")  # type: ignore[arg-type]


def test_the_heat_map_is_a_chart() -> None:
    altair = pytest.importorskip("altair")
    assert isinstance(dt.cohort.retention(ORDERS, subject="who").plot(), altair.Chart)
