"""Lifetime value: the published figures of recorded purchases, and what Python adds."""

from __future__ import annotations

import math
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import dealtrail as dt

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
CDNOW = SHARED / "cdnow" / "cdnow_customers_summary.csv"
SPEND = SHARED / "cdnow" / "cdnow_customers_summary_with_transactions.csv"
PURCHASES = SHARED / "pymc_marketing" / "cdnow_transactions.csv"
SBG = SHARED / "pymc_marketing" / "sbg_cohorts.csv"
needs_shared = pytest.mark.skipif(not SHARED.is_dir(), reason="the recorded data ../shared/data are absent")


def values(found: dt.cohort.Lifetime | dt.cohort.Contracts) -> dict[str, float]:
    return dict(zip(found.parameters["name"], found.parameters["value"], strict=True))


@needs_shared
def test_bg_nbd_of_cdnow_is_the_published_one() -> None:
    base = pd.read_csv(CDNOW).rename(columns={"ID": "customer"})
    found = dt.cohort.lifetime(base, horizon=39, unit="week")
    assert values(found) == pytest.approx({"r": 0.243, "alpha": 4.414, "a": 0.793, "b": 2.426}, abs=2e-3)
    assert found.log_likelihood == pytest.approx(-9582.4256, abs=1e-3)
    assert not any(found.parameters["ridge"])
    assert found.spend_log_likelihood is None
    assert found.table.columns == ["customer", "p_alive", "expected"]
    first = found.table.to_dicts()[0]  # x = 2, t = 30.43, T = 38.86
    assert first["expected"] == pytest.approx(1.226, abs=1e-3)
    assert first["p_alive"] == pytest.approx(0.7266, abs=1e-3)
    assert sum(found.table["expected"]) == pytest.approx(1653.4, abs=1)


@needs_shared
def test_bg_nbd_of_raw_purchases_of_cdnow() -> None:
    rows = pd.read_csv(PURCHASES, dtype={"date": str})
    rows["at"] = pd.to_datetime(rows["date"], format="%Y%m%d")
    base = dt.cohort.summary(rows, customer="id", end="1997-09-30")
    assert len(base) == 2357
    assert sum(base["frequency"]) == 2457
    assert base["frequency"].count(0) == 1411
    assert base.problems["code"] == ["after_end"]
    found = dt.cohort.lifetime(base, horizon=39)
    assert values(found) == pytest.approx(
        {"r": 0.2425945, "alpha": 4.4136019, "a": 0.7929199, "b": 2.4258881}, rel=1e-4
    )
    assert found.log_likelihood == pytest.approx(-9582.4292, abs=5e-4)
    for span, wanted in {0.1429: 0.0078, 1: 0.0532, 3: 0.1506, 31.8571: 1.0405, 32: 1.0437, 78: 1.858}.items():
        assert found.expected_of_new(span) == pytest.approx(wanted, abs=6e-4)
    later = rows[(rows["date"] > "19970930")].drop_duplicates(["id", "date"])
    assert len(later) == 1882
    assert sum(found.table["expected"]) == pytest.approx(len(later), rel=0.15)


@needs_shared
def test_gamma_gamma_of_cdnow_is_the_published_one() -> None:
    base = pd.read_csv(SPEND)
    base = base.rename(columns={"ID": "customer", "x": "frequency", "t_x": "recency", "zbar": "monetary"})
    found = dt.cohort.lifetime(base, horizon=39, intervals=False)
    assert found.parameters["name"][4:] == ["p", "q", "gamma"]
    p, q, gamma = found.parameters["value"][4:]
    assert (p, q, gamma) == pytest.approx((6.25, 3.74, 15.44), rel=5e-3)
    assert found.spend_log_likelihood == pytest.approx(-4055.92, abs=0.02)
    means = [
        found.expected_spend(frequency, monetary)
        for frequency, monetary in zip(base["frequency"][:10], base["monetary"][:10], strict=True)
    ]
    assert means == pytest.approx([24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17], abs=0.1)


@needs_shared
def test_contracts_of_the_recorded_cohorts_rise_in_retention() -> None:
    rows = pd.read_csv(SBG)
    for _, members in rows.groupby("cohort"):
        last = int(members["T"].max())
        left = {
            t: int(((members["recency"] == t) & (members["recency"] < members["T"])).sum()) for t in range(last + 1)
        }
        survivors = [len(members)]
        for t in range(1, last):
            survivors.append(survivors[-1] - left[t])
        found = dt.cohort.contracts(survivors, horizon=last)
        retention = found["retention"][1:]
        assert retention == sorted(retention)
        observed = [share for share in found["observed"] if share is not None]
        assert observed == pytest.approx(found["survival"][: len(observed)], abs=0.03)


BASE = pl.DataFrame(
    {
        "customer": [f"c{i}" for i in range(12)],
        "frequency": [0, 0, 0, 1, 1, 2, 3, 0, 5, 8, 1, 2],
        "recency": [0.0, 0, 0, 4, 20, 11, 30, 0, 14, 35, 33, 36],
        "T": [39.0, 38, 36, 39, 30, 37, 39, 20, 39, 38, 35, 39],
        "monetary": [None, None, None, 20.0, 35, 28, 31, None, 60, 44, 25, 52],
    }
)


def test_a_base_in_other_units_is_refused() -> None:
    rows = pl.DataFrame(
        {"customer": [1, 1, 2, 2, 3], "at": ["2026-01-01", "2026-01-09", "2026-01-03", "2026-02-01", "2026-01-04"]}
    ).with_columns(pl.col("at").str.to_date())
    weeks = dt.cohort.summary(rows, end="2026-03-01")
    days = dt.cohort.summary(rows, end="2026-03-01", unit="day")
    assert [week * 7 for week in weeks["T"]] == pytest.approx(days["T"])
    found = dt.cohort.lifetime(BASE, spend="none", unit="week")
    assert len(found.predict(weeks).table) == 3
    with pytest.raises(dt.InvalidArgumentError, match="in units of a day"):
        found.predict(days)
    selected = days.select(["customer", "frequency", "recency", "T"])  # the unit is in meta
    with pytest.raises(dt.InvalidArgumentError):
        found.predict(selected)


def test_intervals_discount_and_margin() -> None:
    found = dt.cohort.lifetime(BASE, model="mbg_nbd", horizon=26, discount=0.01, margin=0.5)
    for row in found.table.to_dicts():
        assert 0 < row["p_alive"] < 1
        assert row["clv_low"] <= row["clv_high"]
        assert all(value is None or math.isfinite(value) for value in row.values() if not isinstance(value, str))
    assert found.table.meta["model"] == "mbg_nbd"
    bare = dt.cohort.lifetime(BASE, model="mbg_nbd", horizon=26, discount=0.01, margin=0.5, intervals=False, threads=1)
    assert bare.table["clv"] == found.table["clv"]
    assert set(bare.table["clv_low"]) == {None}


def test_what_cannot_be_told_is_refused_and_bad_rows_are_listed() -> None:
    once = BASE.with_columns(pl.lit(0).alias("frequency"), pl.lit(0.0).alias("recency"))
    with pytest.raises(dt.Error, match="nobody bought again") as refused:
        dt.cohort.lifetime(once)
    assert refused.value.code == "not_converged"
    wrong = BASE.with_columns(
        pl.when(pl.col("customer") == "c9").then(50.0).otherwise(pl.col("recency")).alias("recency")
    )
    with pytest.warns(dt.LossWarning, match="bad_recency"):
        found = dt.cohort.lifetime(wrong)
    assert len(found.table) == 11
    assert found.problems["first_values"] == ["c9"]
    with pytest.raises(dt.SchemaError):
        dt.cohort.lifetime(wrong, strict=True)
    with pytest.raises(dt.SchemaError):
        dt.cohort.lifetime(BASE.drop("T"))
    with pytest.raises(dt.Error, match="three counts"):
        dt.cohort.contracts([10, 5])
    with pytest.raises(dt.InvalidArgumentError, match="never rise"):
        dt.cohort.contracts([10, 5, 6])
