"""BE.4: fitted curves, of a table and of a Trail."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

import dealtrail as dt


def rows() -> pl.DataFrame:
    """Give placements of two channels with wide spends, and of one that says nothing."""
    return pl.DataFrame(
        {
            "channel": ["portal"] * 6 + ["letters"] * 6 + ["expo"],
            "money": [9_000, 18_000, 36_000, 70_000, 140_000, 25_000, 4_000, 8_000, 17_000, 33_000, 60_000, 12_000, 0],
            "came": [30, 49, 75, 120, 190, 60, 41, 66, 120, 181, 305, 92, 3],
            "day": [f"2026-{month:02}-03" for month in (*range(1, 7), *range(1, 7), 1)],
        }
    ).with_columns(pl.col("day").str.to_date())


def test_curves_are_those_of_the_table_and_can_be_allocated() -> None:
    found = dt.budget.fit(rows(), spend="money", response="came", currency="RUB")
    assert sorted(found.curves) == ["letters", "portal"]
    table = {row["key"]: row for row in found.table}
    assert table["expo"]["reason"] == "no placement has a known spend above 0"
    assert table["expo"]["kind"] is None
    for name, curve in found.curves.items():
        row = table[name]
        assert row["identified"]
        if row["kind"] == "power":
            assert curve == dt.budget.Power(scale=row["scale"], exponent=row["exponent"])
        else:
            assert curve == dt.budget.MichaelisMenten(scale=row["scale"], half=row["half"])
        median = float(row["spend_median"])
        assert curve.value(median) == pytest.approx(row["response_median"])
        assert row["response_low"] < row["response_median"] < row["response_high"]
        assert 0 <= row["weight_own"] <= 1
    plan = dt.budget.allocate(found.curves, budget=100_000, currency="RUB")
    assert plan.verify()
    draws = found.draws(10, seed=3)
    assert draws == found.draws(10, seed=3)
    assert len(draws) == 20


def test_periods_are_summed_up_and_wrong_names_are_refused() -> None:
    by_quarter = dt.budget.fit(rows(), at="day", spend="money", response="came", every="quarter")
    assert [row["placements"] for row in by_quarter.table] == [0, 2, 2]
    wrong: Any = "fortnight"
    with pytest.raises(dt.UnknownNameError, match="fortnight"):
        dt.budget.fit(rows(), at="day", spend="money", response="came", every=wrong)
    with pytest.raises(dt.SchemaError):
        dt.budget.fit(rows(), response="came")


def test_a_trail_is_fitted_as_its_placements(months: dt.Trail) -> None:
    of_trail = dt.budget.fit(months, response="registrations")
    placements = dt.evidence.placements(months, metric="registrations")
    of_table = dt.budget.fit(placements, at="at", placement="placement", state="state", open="open", currency="RUB")
    assert of_trail.table.to_dicts() == of_table.table.to_dicts()
    assert len(of_trail.curves) >= 3


@pytest.mark.parametrize(("zone", "observations"), [("UTC", 2), ("Europe/Moscow", 1)])
def test_periods_are_those_of_the_zone_of_a_trail(zone: str, observations: int) -> None:
    trail = dt.Trail(currency="RUB", zone=zone)
    trail.put("channels", [{"id": "tg", "name": "tg"}])
    trail.put("events", [{"id": "e", "name": "e", "starts_at": "2025-03-01"}])
    for name, at in {"a": "2025-01-31T22:00Z", "b": "2025-02-01T05:00Z"}.items():
        trail.put("announcements", [{"id": name, "channel": "tg", "event": "e", "published_at": at}])
        trail.put("costs", [{"id": name, "kind": "marketing", "announcement": name, "amount": 100, "at": at}])
        trail.put("registrations", [{"id": name, "event": "e", "announcement": name, "at": at}])
    trail.put("touches", [{"id": "now", "at": "2025-03-05", "kind": "visit"}])
    found = dt.budget.fit(trail, response="registrations", every="month")
    assert found.table["placements"] == [observations]
    assert found.table.meta["zone"] == zone
