"""CO.2, CO.3: histories of deals, stages and the waterfall, as Python sees them."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest

import dealtrail as dt


def told() -> dt.Trail:
    """Give two deals with their moves."""
    trail = dt.Trail(currency="RUB", zone="Europe/Moscow")
    day = "2026-03-31"
    common: dict[str, Any] = {"created_at": "2026-02-01", "pipeline": "sales", "stage": "offer", "expected_close": day}
    trail.put(
        "deals",
        [
            {"id": "a", "amount": "150.55", "manager": "ann", **common},
            {"id": "b", "amount": "70.00", "manager": "bob", **common, "created_at": "2026-03-02"},
        ],
    )
    trail.put(
        "moves",
        [
            {"id": "1", "deal": "a", "field": "amount", "from": "100", "to": "150.55", "at": "2026-03-05"},
            {"id": "2", "deal": "a", "field": "stage", "from": "new", "to": "offer", "at": "2026-02-04"},
            {"id": "3", "deal": "a", "field": "manager", "from": "bob", "to": "ann", "at": "2026-03-06"},
            {"id": "4", "deal": "b", "field": "expected_close", "from": "2026-04-30", "to": day, "at": "2026-03-07"},
        ],
    )
    return trail


def bars(table: dt.Table) -> dict[str, Decimal | None]:
    return {row["bar"]: row["amount"] for row in table.to_dicts()}


def test_the_bars_add_up_and_open_their_deals() -> None:
    found = dt.funnel.waterfall(told(), "2026-03-01", "2026-03-31", closing="2026-03")
    amounts = bars(found)
    assert amounts.pop("end") == sum(amount for amount in amounts.values() if amount is not None) == Decimal("220.55")
    assert (amounts["start"], amounts["raised"], amounts["pulled_in"]) == (100, Decimal("50.55"), 70)
    assert found.deals("pulled_in")["deal"] == ["b"]
    assert amounts["removed"] is None
    assert "removed" in found.problems["column"]
    with pytest.raises(dt.UnknownNameError, match="pulled_in"):
        found.deals("pulled")  # type: ignore[arg-type]


def test_managers_hand_deals_over() -> None:
    found = dt.funnel.waterfall(told(), "2026-03-01", "2026-03-31", by="manager").to_dicts()
    amount = {(row["manager"], row["bar"]): row["amount"] for row in found}
    assert amount["bob", "moved_out"] == Decimal("-150.55")
    assert amount["ann", "moved_in"] == Decimal("150.55")
    assert amount["(total)", "end"] == Decimal("220.55")


def test_two_trails_know_what_was_removed() -> None:
    before, after = told(), told()
    after.remove("deals", "b")
    amounts = bars(dt.funnel.waterfall(after, before=before))
    assert (amounts["removed"], amounts["end"]) == (-70, Decimal("150.55"))
    assert None not in amounts.values()


def test_mistakes_are_refused() -> None:
    trail = told()
    with pytest.raises(dt.InvalidArgumentError, match="start and an end"):
        dt.funnel.waterfall(trail, "2026-03-01")
    with pytest.raises(dt.InvalidArgumentError, match="not both"):
        dt.funnel.waterfall(trail, "2026-03-01", "2026-03-02", before=trail)
    with pytest.raises(dt.UnknownNameError, match="brand"):
        dt.funnel.waterfall(trail, "2026-03-01", "2026-03-02", by="brnd")
    with pytest.raises(dt.UnknownNameError, match="sales"):
        dt.funnel.stages(trail, pipeline="sale")
    with pytest.raises(dt.UnknownNameError, match="then"):
        dt.funnel.stages(trail, owner="them")  # type: ignore[arg-type]


def test_stages_are_those_of_the_owner_at_the_time() -> None:
    trail = told()
    rows = dt.funnel.stages(trail, by="manager").to_dicts()
    assert [(row["manager"], row["stage"], row["entered"]) for row in rows] == [("bob", "new", 1), ("bob", "offer", 2)]
    now = dt.funnel.stages(trail, by="manager", owner="now").to_dicts()
    assert [(row["manager"], row["stage"]) for row in now] == [("ann", "new"), ("ann", "offer"), ("bob", "offer")]
    without = dt.funnel.stages(trail, exclude_managers="bob")
    assert (len(without), without.meta["visits_left_out"]) == (0, "3")


def test_a_value_that_is_none_is_told_of() -> None:
    trail = told()
    trail.put("moves", [{"id": "9", "deal": "b", "field": "amount", "to": "plenty", "at": "2026-03-08"}])
    with pytest.warns(dt.LossWarning, match="bad_value"):
        found = dt.funnel.waterfall(trail, "2026-03-01", "2026-03-31")
    assert found.problems.to_dicts()[0]["first_ids"] == "9"
