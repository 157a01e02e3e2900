"""Falling clients, and the purchases of a Trail: what Python adds. The figures are tested in C++."""

from __future__ import annotations

from datetime import date, timedelta
from decimal import Decimal
from typing import Any

import polars as pl
import pytest

import dealtrail as dt

COLUMNS = ["client", "signals", "last", "usual", "change", "silent_days", "p_alive", "at_stake", "reason"]
MONDAY = date(2026, 1, 5)


def weeks(client: str, paid: list[int]) -> list[tuple[str, date, int]]:
    """Two orders in each week."""
    return [
        (client, MONDAY + timedelta(days=7 * week + day), one) for week, one in enumerate(paid) for day in (0, 3) if one
    ]


def table(*parts: list[tuple[str, date, int]]) -> pl.DataFrame:
    return pl.DataFrame([row for part in parts for row in part], schema=["customer", "at", "paid"], orient="row")


def test_the_list_by_hand() -> None:
    orders = table(
        weeks("steady", [100] * 40),
        weeks("less", [100] * 30 + [20] * 10),
        weeks("gone", [300] * 32),
        weeks("new", [0] * 37 + [5] * 3),
    )
    found = dt.cohort.falling(orders, amount="paid", currency="RUB")
    assert found.columns == COLUMNS
    first, second = found.to_dicts()
    assert (first["client"], first["last"], first["usual"]) == ("gone", Decimal(0), Decimal(3600))
    assert first["at_stake"] == Decimal(3600)
    assert first["change"] == -1
    assert first["silent_days"] == 8 * 7
    assert first["signals"] == "past, silence, cusum"
    assert (second["client"], second["last"], second["usual"]) == ("less", Decimal(240), Decimal(1200))
    assert second["change"] == pytest.approx(-0.8)
    assert second["silent_days"] == 0
    assert "past: 240.00 of 1200.00 that is usual" in second["reason"]
    assert found.problems.select(["code", "count"]).to_dicts() == [{"code": "short_history", "count": 1}]
    assert (found.meta["clients"], found.meta["judged"], found.meta["listed"]) == ("4", "3", "2")
    assert dt.cohort.falling(orders.reverse(), amount="paid", currency="RUB", threads=3) == found


def test_organisers_are_compared_with_their_own_events() -> None:
    rows = []
    for number in range(12):
        show = MONDAY + timedelta(days=60 * number)
        for before in (30, 25, 20, 15, 10, 3):
            rows.append(("fair", show - timedelta(days=before), 100, f"show {number}", show))
    events = pl.DataFrame(rows, schema=["customer", "at", "paid", "event", "starts"], orient="row")
    options: dict[str, Any] = {"amount": "paid", "event": "event", "event_at": "starts"}
    # 28 days before the next show nothing but its first sale is there, as it was of the shows before.
    end = MONDAY + timedelta(days=60 * 11 - 28)
    so_far = events.filter(pl.col("at") <= end)
    assert len(dt.cohort.falling(so_far, end=end, **options)) == 0
    sold_less = so_far.with_columns(
        pl.when(pl.col("at") > end - timedelta(days=100)).then(5).otherwise(100).alias("paid")
    )
    found = dt.cohort.falling(sold_less, end=end, **options)
    assert found["client"] == ["fair"]
    assert "that earlier events had at the same days to go" in found["reason"][0]


def trail_of_payments() -> dt.Trail:
    trail = dt.Trail("RUB", "Europe/Moscow")
    rows = [
        {"id": f"{client}{at}", "company": client, "kind": "sale", "amount": paid, "at": at.isoformat()}
        for client, at, paid in weeks("alfa", [100] * 40) + weeks("beta", [70] * 30)
    ]
    trail.put("payments", rows)
    deals = [
        {"id": f"d{client}{at}", "company": client, "amount": paid, "outcome": "won"}
        | {"created_at": at.isoformat(), "closed_at": at.isoformat()}
        for client, at, paid in weeks("alfa", [10] * 30) + weeks("beta", [20] * 40)
    ]
    trail.put("deals", deals)
    return trail


def test_a_trail_takes_the_place_of_a_table() -> None:
    trail = trail_of_payments()
    bought = dt.cohort.purchases(trail)
    assert bought.columns == ["customer", "at", "amount", "margin", "channel", "event", "event_at", "order"]
    assert len(bought) == 140
    assert sum(bought["amount"]) == 2 * Decimal(30 * 10 + 40 * 20)
    as_table = pl.DataFrame(bought)
    moscow = "Europe/Moscow"
    plain: dict[str, Any] = {"zone": moscow, "currency": "RUB"}
    found = dt.cohort.falling(trail)
    assert found["client"] == ["alfa"]
    assert found == dt.cohort.falling(bought)
    assert found == dt.cohort.falling(as_table, amount="amount", **plain)
    of_payments = dt.cohort.falling(dt.cohort.purchases(trail, of="payments"))
    assert of_payments["client"] == ["beta"]
    assert dt.cohort.summary(trail) == dt.cohort.summary(as_table, amount="amount", **plain)
    assert dt.cohort.summary(trail).meta["zone"] == moscow
    kept = dt.cohort.retention(trail, every="month")
    assert kept == dt.cohort.retention(as_table, subject="customer", value="amount", every="month", **plain)
    assert kept["cohort"][0] == "2026-01"


def test_lifetime_of_a_trail_is_that_of_its_summary() -> None:
    trail = dt.Trail("RUB")
    deals = []
    for client in range(40):
        for order in range(client % 5 + 1):
            day = MONDAY + timedelta(days=(client * 3 + order * (11 + client)) % 300)
            deals.append(
                {"id": f"{client}-{order}", "company": f"c{client}", "amount": 50 + client, "outcome": "won"}
                | {"created_at": day.isoformat(), "closed_at": day.isoformat()}
            )
    trail.put("deals", deals)
    found = dt.cohort.lifetime(trail, spend="none", model="mbg_nbd")
    assert found.table == dt.cohort.lifetime(dt.cohort.summary(trail), spend="none", model="mbg_nbd").table
    assert len(found.table) == 40
    monthly = dt.cohort.lifetime(trail, spend="none", model="mbg_nbd", unit="month")
    assert monthly.table != found.table


def test_purchases_take_refunds_off_and_tell_what_is_left_out() -> None:
    trail = dt.Trail("RUB")
    trail.put(
        "payments",
        [
            {"id": "p1", "kind": "sale", "company": "alfa", "event": "fair", "amount": 100, "at": "2026-03-02"},
            {"id": "p2", "kind": "refund", "company": "alfa", "event": "fair", "amount": "-30.01", "at": "2026-03-05"},
            {"id": "p3", "kind": "sale", "amount": 7, "at": "2026-03-05"},
        ],
    )
    with pytest.warns(dt.errors.LossWarning, match="purchases: rows are lost"):
        bought = dt.cohort.purchases(trail, of="payments")
    assert [(row["order"], row["amount"], row["event"]) for row in bought.to_dicts()] == [
        ("p1", Decimal("69.99"), "fair")
    ]
    assert bought.problems["code"] == ["no_customer"]
    with pytest.raises(dt.errors.SchemaError, match="strict"):
        dt.cohort.purchases(trail, of="payments", strict=True)
    before = dt.cohort.purchases(trail, of="payments", as_of="2026-03-04")
    assert before["amount"] == [Decimal("100.00")]
    with pytest.raises(dt.errors.UnknownNameError):
        dt.cohort.purchases(trail, of="invoices")  # type: ignore[arg-type]


def test_what_is_refused() -> None:
    orders = table(weeks("a", [1] * 30))
    with pytest.raises(dt.errors.SchemaError):
        dt.cohort.falling(orders, amount="cost")
    with pytest.raises(dt.errors.InvalidArgumentError, match="event"):
        dt.cohort.falling(orders, event="paid")
    with pytest.raises(dt.errors.InvalidArgumentError, match="least_signals"):
        dt.cohort.falling(orders, least_signals=4)
    empty = dt.cohort.falling(orders.head(0), amount="paid")
    assert empty.columns == COLUMNS
    assert len(empty) == 0
    assert len(dt.cohort.falling(dt.Trail("RUB"))) == 0
