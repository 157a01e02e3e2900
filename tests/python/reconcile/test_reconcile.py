"""M4.1 (SO.4): two tables compared by key are what plain Python and pandas find."""

from __future__ import annotations

import copy
import pickle
import random
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pandas as pd
import polars as pl
import pytest

import dealtrail as dt
from oracle.reconcile import reconciled

ROLES: dict[str, Any] = {"on": "key", "amount": "amount", "at": "at", "status": "status", "by": "by"}
SCHEMA = {"key": pl.String, "amount": pl.Decimal(20, 2), "at": pl.Datetime("us", "UTC"), "status": pl.String}


def frame(rows: list[dict[str, Any]]) -> pl.DataFrame:
    return pl.DataFrame(rows, schema={**SCHEMA, "by": pl.String}, orient="row")


def sale(draw: random.Random, number: int) -> dict[str, Any]:
    at = datetime(2025, 11, 25, tzinfo=timezone.utc) + timedelta(minutes=15 * draw.randrange(6000))
    return {
        "key": f"k{number}" if draw.random() > 0.03 else f"test-{number}",
        "amount": Decimal(draw.randrange(1, 10 ** draw.randrange(3, 8))) / 100,
        "at": at,
        "status": draw.choice(["won", "won", "won", "lost", "refund", "тест", None]),
        "by": draw.choice(["anna", "boris", None]),
    }


def spoiled(draw: random.Random, row: dict[str, Any], share: Decimal) -> list[dict[str, Any]]:
    """The row as another system may have it."""
    other = dict(row)
    amount = row["amount"]
    cent = Decimal("0.01")
    kind = draw.randrange(16)
    if kind == 0:
        return []
    if kind == 1:
        return [other, dict(other)]
    if kind == 2:
        return [other, {**other, "amount": -amount, "at": row["at"] + timedelta(days=9)}]
    if kind == 3:
        part = (amount / 3).quantize(cent)
        return [{**other, "amount": part}, {**other, "amount": amount - part, "at": row["at"] + timedelta(days=20)}]
    changes: dict[int, dict[str, Any]] = {
        4: {"amount": amount * 100},
        5: {"amount": (amount / Decimal("1.2")).quantize(cent)},
        6: {"amount": (amount * Decimal("1.22")).quantize(cent)},
        7: {"amount": (amount * share).quantize(cent)},
        8: {"amount": None},
        9: {"amount": -amount},
        10: {"at": row["at"] + timedelta(hours=3)},
        11: {"at": row["at"] + timedelta(days=12, minutes=7)},
        12: {"amount": amount + Decimal(draw.randrange(1, 300)) / 100},
        13: {"key": None, "by": "clara"},
        14: {"status": "lost", "by": "clara"},
    }
    return [{**other, **changes.get(kind, {})}]


@pytest.mark.parametrize("block", range(10))
def test_600_random_pairs_are_what_plain_python_finds(block: int) -> None:
    seen: Counter[str] = Counter()
    for seed in range(block * 60, block * 60 + 60):
        draw = random.Random(seed)
        a = [sale(draw, draw.randrange(40)) for _ in range(draw.randrange(60))]
        share = Decimal(draw.randrange(10, 400)) / 1000
        b = [other for row in a for other in spoiled(draw, row, share)]
        b += [sale(draw, 100 + draw.randrange(9)) for _ in range(draw.randrange(5))]
        draw.shuffle(b)
        tolerance = draw.choice([Decimal(0), Decimal("0.50")])
        found = dt.reconcile(frame(a), frame(b), **ROLES, tolerance=tolerance)
        wanted = reconciled(a, b, tolerance)

        assert {row["key"]: row["reason"] for row in found.matched} == wanted["matched"], seed
        for part, rows in zip((found.only_a, found.only_b), wanted["only"], strict=True):
            assert Counter((r["key"], r["amount"], r["reason"]) for r in part) == Counter(rows), seed
        assert Counter((r["key"], r["column"], r["reason"]) for r in found.differences) == Counter(
            wanted["differences"]
        ), seed
        listed = [
            (r["key"], r["by"], r["period"], int(r["a"] * 100), int(r["b"] * 100), r["reason"]) for r in found.lines
        ]
        assert Counter(listed) == Counter(wanted["lines"]), seed
        assert {(r["by"], r["period"]): [int(r["a"] * 100), int(r["b"] * 100)] for r in found.sums} == wanted["sums"]

        apart: Counter[tuple[Any, Any]] = Counter()
        for row in found.lines:
            apart[row["by"], row["period"]] += row["difference"]
            seen[row["reason"]] += 1
        for row in found.sums:
            assert row["difference"] == row["a"] - row["b"] == row["explained"] == apart[row["by"], row["period"]]
        assert sum(row["difference"] for row in found.reasons) == sum(row["difference"] for row in found.sums)
    assert len(seen) >= 12, seen  # the draws reach the reasons


def test_pandas_joins_the_same_keys_to_the_same_sums() -> None:
    draw = random.Random(7)
    a = [sale(draw, draw.randrange(3000)) for _ in range(4000)]
    b = [sale(draw, draw.randrange(3000)) for _ in range(4000)]
    found = dt.reconcile(frame(a), frame(b), **ROLES)
    sums = [pd.DataFrame(rows).groupby("key")["amount"].sum() for rows in (a, b)]
    joined = pd.merge(*sums, left_index=True, right_index=True, how="outer", indicator=True)
    both = joined[joined["_merge"] == "both"]
    assert {r["key"]: (r["a"], r["b"]) for r in found.matched} == {
        key: (row["amount_x"], row["amount_y"]) for key, row in both.iterrows()
    }
    assert set(found.only_a["key"]) == set(joined.index[joined["_merge"] == "left_only"])
    assert set(found.only_b["key"]) == set(joined.index[joined["_merge"] == "right_only"])
    months = pd.DataFrame(a)
    months["period"] = months["at"].dt.strftime("%Y-%m")
    by_month = months.fillna({"by": ""}).groupby(["by", "period"])["amount"].sum()
    assert {(r["by"] or "", r["period"]): r["a"] for r in found.sums if r["a"]} == dict(by_month)


def test_keys_of_other_types_and_texts_of_other_shapes_match() -> None:
    a = pl.DataFrame({"contract": [17, 18], "sum": ["1 204,50", "70"], "paid": ["31.03.2026", "01.04.2026 10:00"]})
    b = pl.DataFrame({"no": [" 17 ", "18"], "amount": [1204.5, 70.0], "day": [date(2026, 3, 31), date(2026, 4, 1)]})
    found = dt.reconcile(a, b, on=("contract", "no"), amount=("sum", "amount"), at=("paid", "day"))
    assert len(found.differences) == 0
    assert found.sums["period"] == ["2026-03", "2026-04"]
    assert len(found.problems) == 0


def test_several_columns_are_one_key() -> None:
    a = pl.DataFrame({"inn": ["1", "1", None], "no": ["2", "12", None], "amount": [5, 6, 7]})
    found = dt.reconcile(a, a, on=["inn", "no"], amount="amount")
    assert found.matched["key"] == ["1 | 2", "1 | 12"]
    assert [row["reason"] for row in found.only_a] == ["blank_key"]


def test_other_columns_are_compared_as_values() -> None:
    a = pl.DataFrame(
        {"k": ["1", "2", "3", "4"], "seats": ["5", "6", None, "007"], "city": ["Omsk ", "Perm", "", "Ufa"]}
    )
    b = pl.DataFrame({"k": ["1", "2", "3", "4"], "seats": [5.0, 6.5, None, 7.0], "city": ["Omsk", None, None, "Ufa"]})
    found = dt.reconcile(a, b, on="k", names=("crm", "admin"), prefer={"seats": "admin"})
    assert [(r["key"], r["column"], r["reason"]) for r in found.differences] == [
        ("2", "seats", "value"),
        ("2", "city", "missing"),
        ("4", "seats", "value"),
    ]
    assert found.corrections.to_dicts()[0] == {"key": "2", "column": "seats", "system": "crm", "from": "6", "to": "6.5"}
    assert len(dt.reconcile(a, b, on="k", tolerance=1).differences) == 2


def test_a_zone_decides_the_day() -> None:
    rows = {"k": ["1"], "amount": [5], "at": ["2026-03-31T22:30:00Z"]}
    a, b = pl.DataFrame(rows), pl.DataFrame({**rows, "at": ["2026-04-01T00:30:00"]})
    found = dt.reconcile(a, b, on="k", amount="amount", at="at", zone="Europe/Moscow")
    assert len(found.differences) == 0  # 01:30 and 00:30 of April 1st in Moscow
    assert found.sums["period"] == ["2026-04"]
    utc = dt.reconcile(a, b, on="k", amount="amount", at="at")
    assert utc.differences["reason"] == ["time_zone"]
    assert [row["difference"] for row in utc.sums] == [5, -5]


def test_statuses_that_are_said_to_be_equal_are() -> None:
    a = pl.DataFrame({"k": ["1", "2"], "status": ["Успешно реализовано", "lost"]})
    b = pl.DataFrame({"k": ["1", "2"], "status": ["paid", "paid"]})
    found = dt.reconcile(a, b, on="k", status="status", same_status={"Успешно реализовано": "paid"})
    assert [(row["key"], row["reason"]) for row in found.differences] == [("2", "status_conflict")]


def test_rates_are_data() -> None:
    a, b = ({"k": ["1"], "amount": [amount]} for amount in (115.0, 100.0))
    frames = pl.DataFrame(a), pl.DataFrame(b)
    assert dt.reconcile(*frames, on="k", amount="amount").matched["reason"] == ["unexplained"]
    with_rate = dt.reconcile(*frames, on="k", amount="amount", vat_rates=[(Decimal("0.15"), None, None)])
    assert with_rate.matched["reason"] == ["vat"]


def test_what_cannot_be_read_is_a_problem() -> None:
    a = pl.DataFrame({"k": ["1", None, "3"], "amount": ["1,204", "7", "0.005"], "at": ["soon", "2026-01-01", None]})
    found = dt.reconcile(a, a, on="k", amount="amount", at="at", names=("crm", "admin"))
    assert [(row["code"], row["table"], row["count"]) for row in found.problems if row["table"] == "crm"] == [
        ("blank_key", "crm", 1),
        ("bad_number", "crm", 1),
        ("rounded_money", "crm", 1),
        ("bad_time", "crm", 1),
    ]
    assert "crm: 1 bad_number in amount" in found.summary


def test_mistakes_of_the_caller_are_named() -> None:
    a = pl.DataFrame({"k": ["1"], "amount": ["5 USD"]})
    b = pl.DataFrame({"k": ["1"], "amount": ["5 EUR"]})
    with pytest.raises(dt.CurrencyError, match=r"two currencies: EUR beside USD \[b.amount row 0\]"):
        dt.reconcile(a, b, on="k", amount="amount")
    listed = dt.reconcile(a, b, on="k", amount="amount", currency="USD")
    assert listed.differences["reason"] == ["currency"]
    with pytest.raises(dt.SchemaError, match="contract"):
        dt.reconcile(a, a, on="contract")
    with pytest.raises(dt.UnknownNameError, match="amount"):
        dt.reconcile(a, a, on="k", amount="amount", prefer={"amoun": "a"})
    with pytest.raises(dt.InvalidArgumentError, match="tolerance"):
        dt.reconcile(a, a, on="k", amount="amount", tolerance=-1)
    with pytest.raises(dt.InvalidArgumentError, match="two names"):
        dt.reconcile(a, a, on="k", names=("crm", "crm"))


def test_a_result_is_copied_and_pickled() -> None:
    a = pl.DataFrame({"k": ["1"], "amount": [5]})
    found = dt.reconcile(a, a, on="k", amount="amount")
    for other in (copy.deepcopy(found), pickle.loads(pickle.dumps(found))):
        assert other.matched == found.matched
        assert repr(other) == repr(found)
