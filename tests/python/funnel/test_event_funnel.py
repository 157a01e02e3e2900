"""Funnels over events from Python, and on recorded events of a shop."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd
import polars as pl
import pytest

import dealtrail as dt

SHARED = Path(__file__).parents[3].parent / "shared" / "data"
SHOP = SHARED / "retentioneering" / "ecom.csv.gz"

EVENTS = pl.DataFrame(
    {
        "subject": ["ann", "ann", "ann", "bob", "bob", "cat", "cat", "dan"],
        "at": [datetime(2026, 3, day) for day in (1, 2, 9, 1, 4, 1, 5, 2)],
        "event": ["visit", "register", "pay", "visit", "register", "visit", "ask", "register"],
        "amount": [0, 0, 500, 0, 0, 0, 0, 0],
        "channel": ["tg", "mail", "mail", "tg", "tg", None, "tg", "tg"],
    }
)
STEPS = ["visit", "register", "pay"]


def test_counts_rates_and_lists() -> None:
    found = dt.funnel.event_funnel(EVENTS, STEPS)
    assert found["count"] == [3, 2, 1]
    assert found["rate_previous"] == [None, pytest.approx(2 / 3), 0.5]
    assert found["dropped"] == [None, 1, 1]
    assert found["median_days"][1:] == [2.0, 7.0]
    assert found.meta["entry"] == "best"
    assert found.subjects(2)["subject"] == ["ann", "bob"]
    assert found.dropped(2)["subject"] == ["cat"]
    assert found.next(2).to_dicts() == [{"event": "ask", "count": 1}]
    assert dt.funnel.event_funnel(EVENTS, STEPS, window_days=5)["count"] == [3, 2, 0]
    shuffled = EVENTS.sample(fraction=1, shuffle=True, seed=3)
    assert dt.funnel.event_funnel(shuffled, STEPS).to_dicts() == found.to_dicts()


def test_steps_conditions_exclusions_and_groups() -> None:
    rich = dt.funnel.Step(["pay"], where={"field": "amount", "op": "gt", "value": 500}, name="rich")
    found = dt.funnel.event_funnel(EVENTS, ["visit", ["register", "ask"], rich])
    assert found["name"] == ["visit", "register | ask", "rich"]
    assert found["count"] == [3, 3, 0]
    optional = dt.funnel.event_funnel(EVENTS, ["visit", dt.funnel.Step(["ask"], optional=True), "register"])
    assert optional["count"] == [3, 1, 2]
    assert optional["dropped"] == [None, None, 1]
    excluded = dt.funnel.event_funnel(EVENTS, ["visit", "pay"], exclude=[("register", 1, 2)])
    assert excluded["count"] == [1, 0]
    assert excluded.meta["excluded"] == "2"
    grouped = dt.funnel.event_funnel(EVENTS, ["visit", "register"], by="channel", by_step="last")
    assert [(row["channel"], row["count"]) for row in grouped] == [
        ("mail", 1),
        ("mail", 1),
        ("tg", 1),
        ("tg", 1),
        (None, 1),
        (None, 0),
    ]
    anyway = dt.funnel.event_funnel(EVENTS, ["visit", "register"], order="any")
    assert anyway["count"] == [4, 2]


def test_refusals_and_losses() -> None:
    with pytest.warns(dt.LossWarning, match="no_event"):
        found = dt.funnel.event_funnel(EVENTS.with_columns(pl.lit(None, pl.String).alias("event")), STEPS)
    assert found["count"] == [0, 0, 0]
    missing = dt.funnel.event_funnel(EVENTS, ["visit", "registered"])
    assert missing.problems["hint"] == ['did you mean "register"?']
    with pytest.raises(dt.SchemaError):
        dt.funnel.event_funnel(EVENTS, ["visit", "registered"], strict=True)
    with pytest.raises(dt.InvalidArgumentError, match="above 0"):
        dt.funnel.event_funnel(EVENTS, STEPS, window_days=0)
    with pytest.raises(dt.InvalidArgumentError):
        dt.funnel.event_funnel(EVENTS, [])
    with pytest.raises(dt.InvalidArgumentError):
        dt.funnel.event_funnel(EVENTS, STEPS, by="channel", by_step=7)
    with pytest.raises(dt.UnknownNameError):
        dt.funnel.event_funnel(EVENTS, STEPS, entry="any")  # type: ignore[arg-type]


def slow_first_entry(rows: pd.DataFrame, steps: list[str]) -> list[int]:
    counts = [0] * len(steps)
    for _, events in rows.groupby("subject"):
        at = None
        for k, step in enumerate(steps):
            times = events.loc[events["event"] == step, "at"]
            if at is not None:
                times = times[times >= at]
            if times.empty:
                break
            at = times.min()
            counts[k] += 1
    return counts


@pytest.mark.skipif(not SHOP.is_file(), reason="the recorded data ../shared/data are absent")
def test_recorded_events_of_a_shop_equal_pandas() -> None:
    rows = pd.read_csv(SHOP)
    rows = rows.rename(columns={"user_id": "subject", "timestamp": "at"})
    rows["at"] = pd.to_datetime(rows["at"])
    steps = ["catalog", "cart", "payment_details", "purchase"]
    found = dt.funnel.event_funnel(rows, steps, entry="first")
    assert found["count"] == slow_first_entry(rows, steps)
    assert found["count"][0] > 0
    assert dt.funnel.event_funnel(rows, steps, entry="best")["count"] == found["count"]  # without a window they are one
