"""AT.1: milestones of a second table; models by milestones on tables of touches equal the slow model."""

from __future__ import annotations

import zlib
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
import pyarrow as pa
import pytest

import dealtrail as dt
from oracle import attribution as oracle
from oracle import journeys as journey_oracle
from python.journeys.touch_sets import BASE, DAY_US, TouchSet, moment

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

KINDS = ("lead_created", "deal_created")
SHARES = {
    "u_shaped": oracle.by_milestone(400_000_000, 0, (400_000_000, 0)),
    "w_shaped": oracle.by_milestone(300_000_000, 0, (300_000_000, 300_000_000)),
    "full_path": oracle.by_milestone(225_000_000, 225_000_000, (225_000_000, 225_000_000)),
}
Reached = list[tuple[Any, str, int]]


def reached(made: TouchSet, rng: Random) -> Reached:
    """Milestones of the subjects of a set and of others, at times of touches and between them."""
    subjects = sorted({row.subject for row in made.rows if row.subject not in (None, "")}, key=str)
    times = [row.at for row in made.rows if row.at is not None]
    whose = [*subjects, 10**6 if made.of_numbers else "somebody else"]
    return [
        (
            rng.choice(whose),
            rng.choice((*KINDS, *KINDS, "signed")),
            rng.choice(times or [BASE]) + rng.choice((-1, 0, 1)),
        )
        for _ in range(rng.randint(0, 30))
    ]


def table_of(rows: Reached, of_numbers: bool) -> pa.Table:
    return pa.table(
        {
            "who": pa.array([row[0] for row in rows], pa.int64() if of_numbers else pa.string()),
            "what": pa.array([row[1] for row in rows], pa.string()).dictionary_encode(),
            "when": pa.array([row[2] for row in rows], pa.timestamp("us", "UTC")),
        }
    )


COLUMNS: dict[str, Any] = {"subject": "who", "kind": "what", "at": "when"}


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_sets_equal_the_model(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made, rng = TouchSet(seed), Random(seed)
        rows = reached(made, rng)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        journeys = journeys.with_milestones(table_of(rows, made.of_numbers), **COLUMNS)
        model = journey_oracle.with_milestones(journey_oracle.journeys(made.rows, made.lookback_days), rows, KINDS)
        table = journeys.table()
        for place, kind in enumerate(KINDS):
            assert table[f"{kind}_at"] == [moment(one.milestones[place]) for one in model], seed
        assert dt.Journeys.from_bytes(journeys.to_bytes()) == journeys
        for name, weights in SHARES.items():
            got = {row["channel"]: row for row in dt.attribution.compare(journeys, [name])}
            expected = oracle.credited(model, weights)
            assert {key: got[key]["conversions"] for key in expected.units} == {
                key: units / oracle.UNITS for key, units in expected.units.items()
            }, (seed, name)
            if made.values:
                assert {key: got[key]["value"] for key in expected.value} == {
                    key: Decimal(value).scaleb(-2) for key, value in expected.value.items()
                }
        subjects = {one.subject for one in model}
        problems = {row["code"]: row["count"] for row in journeys.problems}
        assert problems.get("other_milestone", 0) == sum(kind == "signed" for _, kind, _ in rows)
        nobody = sum(who not in subjects and kind != "signed" for who, kind, _ in rows)
        assert problems.get("milestone_of_nobody", 0) == nobody


@pytest.mark.parametrize("seed", range(60))
def test_shards_and_transforms_may_come_before_or_after(seed: int) -> None:
    made, rng = TouchSet(seed), Random(seed)
    rows = reached(made, rng)

    def part(key: object) -> int:
        return zlib.crc32(repr(key).encode()) % 2

    whole = dt.Journeys.from_touches(made.table(seed), **made.options())
    whole = whole.with_milestones(table_of(rows, made.of_numbers), **COLUMNS)
    shards = []
    for number in (1, 0):
        touches = made.table(1, [row for row in made.rows if part(row.subject) == number])
        own = table_of([row for row in rows if part(row[0]) == number], made.of_numbers)
        shards.append(dt.Journeys.from_touches(touches, **made.options()).with_milestones(own, **COLUMNS))
    assert shards[0].merge(shards[1]).to_bytes() == whole.to_bytes()
    first = [shard.transform("exposure").first_conversions() for shard in shards]
    assert first[0].merge(first[1]) == whole.transform("exposure").first_conversions()


def test_a_way_by_hand() -> None:
    """T11 of the published figures: five touches, the lead at the third, the deal at the fifth, worth 100."""
    touches = pl.DataFrame(
        {
            "subject": ["ann"] * 5,
            "at": pl.Series([BASE + day * DAY_US for day in range(5)]).cast(pl.Datetime("us", "UTC")),
            "channel": ["1", "2", "3", "4", "5"],
            "won": [False] * 4 + [True],
            "paid": [0, 0, 0, 0, 100],
        }
    )
    way = dt.Journeys.from_touches(touches, converted="won", value="paid", currency="RUB")
    kinds = {"subject": ["ann", "ann"], "kind": list(KINDS), "at": touches["at"].gather([2, 4])}
    way = way.with_milestones(pl.DataFrame(kinds))
    assert way.meta["milestones"] == "lead_created, deal_created"
    assert dt.attribution.w_shaped(way)["value"][:5] == [Decimal(value) for value in ("30", "5", "30", "5", "30")]


def test_what_cannot_be_used_is_left_out_and_mistakes_are_named() -> None:
    at = pa.array([BASE], pa.timestamp("us", "UTC"))
    ways = dt.Journeys.from_touches(pa.table({"subject": ["ann"], "at": at, "channel": ["mail"]}))
    times = pa.array([BASE, BASE, None, BASE], pa.timestamp("us"))
    whose = ["", "ann", "ann", "ann"]
    table = pa.table({"subject": whose, "kind": ["lead_created", None, "lead_created", "lead_created"], "at": times})
    problems = {row["code"]: row["first_rows"] for row in ways.with_milestones(table).problems}
    assert problems == {
        "milestone_without_subject": "row 0",
        "milestone_without_kind": "row 1",
        "milestone_without_time": "row 2",
    }
    with pytest.raises(dt.SchemaError, match="found integer, expected text"):
        ways.with_milestones(table.set_column(0, "subject", pa.array([1, 2, 3, 4])))
    with pytest.raises(dt.SchemaError, match="a column is missing"):
        ways.with_milestones(table, kind="what")
    assert ways.with_milestones(table, kinds="lead_created") == ways.with_milestones(table, kinds=["lead_created"])
    for kinds in ((), ("first",), ("a", "a"), ("",)):
        with pytest.raises(dt.InvalidArgumentError):
            ways.with_milestones(table, kinds=kinds)
    with pytest.raises(dt.InvalidArgumentError, match="once"):
        ways.with_milestones(table).with_milestones(table)
    with pytest.raises(dt.InvalidArgumentError, match="paths have no subjects"):
        ways.by_path().with_milestones(table)
