"""AT.9: a look-back per kind of touch, of tables of touches."""

from __future__ import annotations

import zlib
from random import Random
from typing import Any

import pyarrow as pa
import pytest

import dealtrail as dt
from oracle import journeys as oracle
from python.journeys.test_journeys import expected_paths, expected_rows, touches
from python.journeys.touch_sets import TouchSet

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

KINDS = ("view", "click", "call", "view ", None)


def with_kinds(made: TouchSet, table: pa.Table, kinds: list[str | None], rng: Random) -> pa.Table:
    """The table with a column of kinds, in chunks of its own."""
    column = pa.array(kinds, pa.string())
    if rng.random() < 0.5:
        column = column.dictionary_encode()
    cut = rng.randint(0, len(kinds))
    chunks = pa.chunked_array([column.slice(0, cut), column.slice(cut)])
    position = rng.randint(0, table.num_columns)
    table = table.add_column(position, "how", chunks)
    return table if rng.random() < 0.5 else table.combine_chunks()


def days_of(rng: Random) -> dict[str, int]:
    named = {kind: rng.choice((0, 1, 5, 400)) for kind in ("view", "click", "view ") if rng.random() < 0.7}
    return named | ({"other": rng.choice((0, 2, 30))} if rng.random() < 0.6 else {})


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_sets_equal_the_model(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made, rng = TouchSet(seed), Random(seed)
        kinds = rng.choices(KINDS, k=len(made.rows))
        days = days_of(rng)
        options: dict[str, Any] = {**made.options(), "kind": "how", "lookback_days": days, "threads": 1 + seed % 3}
        table = with_kinds(made, made.table(seed), kinds, rng)
        journeys = dt.Journeys.from_touches(table, **options)
        model = oracle.journeys_by_kind(zip(made.rows, kinds, strict=True), days)
        assert journeys.table().to_dicts() == expected_rows(model, made.values), (seed, days)
        assert journeys.paths().to_dicts() == expected_paths(model, made.values), seed
        assert journeys.channels == oracle.channels(model)
        assert {row["code"]: row["count"] for row in journeys.problems} == {
            code: len(rows) for code, rows in oracle.problems(made.rows).items()
        }, seed
        assert dt.Journeys.from_bytes(journeys.to_bytes()) == journeys


@pytest.mark.parametrize("seed", range(60))
def test_order_shards_and_one_look_back_for_all(seed: int) -> None:
    made, rng = TouchSet(seed), Random(seed)
    kinds = rng.choices(KINDS, k=len(made.rows))
    options: dict[str, Any] = {**made.options(), "kind": "how", "lookback_days": days_of(rng)}
    whole = dt.Journeys.from_touches(with_kinds(made, made.table(seed), kinds, rng), **options)
    shards: list[dt.Journeys] = []
    for number in (1, 0):
        kept = [i for i, row in enumerate(made.rows) if zlib.crc32(repr(row.subject).encode()) % 2 == number]
        rng.shuffle(kept)
        table = made.table(seed + 1, [made.rows[i] for i in kept])
        shards.append(dt.Journeys.from_touches(with_kinds(made, table, [kinds[i] for i in kept], rng), **options))
    assert shards[0].merge(shards[1]).to_bytes() == whole.to_bytes()
    # One kind for all, and the days for all: as without kinds.
    same = with_kinds(made, made.table(seed), ["view"] * len(made.rows), rng)
    plain = dt.Journeys.from_touches(made.table(seed), **made.options())
    days = {} if made.lookback_days is None else {"other": made.lookback_days}
    assert dt.Journeys.from_touches(same, **{**options, "lookback_days": days}).to_bytes() == plain.to_bytes()


def test_slices_are_read_where_they_begin() -> None:
    table = touches(how=["view", "click", "view"])
    options = {"converted": "won", "value": "paid", "currency": "RUB", "kind": "how", "lookback_days": {"view": 0}}
    sliced = pa.concat_tables([table.slice(1, 2), table.slice(0, 1)])
    whole = dt.Journeys.from_touches(table, **options)
    assert dt.Journeys.from_touches(sliced, **options).to_bytes() == whole.to_bytes()
    assert whole.paths()["path"] == ["portal", "mail"]
    assert whole.meta["lookback_days"] == "view 0, other none"


def test_mistakes_are_named() -> None:
    table = touches(how=["view", "click", "view"])
    with pytest.raises(dt.InvalidArgumentError, match="needs the column of kinds"):
        dt.Journeys.from_touches(table, lookback_days={"view": 1})
    with pytest.raises(dt.InvalidArgumentError, match="needs the column of kinds"):
        dt.Journeys.from_touches(table, lookback_days={"view": 1}, kind="")
    with pytest.raises(dt.SchemaError, match="a column is missing"):
        dt.Journeys.from_touches(table, lookback_days={"view": 1}, kind="kind")
    with pytest.raises(dt.SchemaError, match="expected text"):
        dt.Journeys.from_touches(table, kind="won")
    with pytest.raises(dt.InvalidArgumentError, match="out of range: -1"):
        dt.Journeys.from_touches(table, lookback_days={"view": -1}, kind="how")
    with pytest.raises(dt.InvalidArgumentError, match="a column of its own"):
        dt.Journeys.from_touches(table, subject="channel", kind="how")


def test_one_column_may_be_the_conversion_and_its_value() -> None:
    """Of the law of no kinds: what is read without kinds is read with them."""
    table = touches(paid=[0, 0, 1], how=["view", "click", "view"])
    options = {"converted": "paid", "value": "paid", "currency": "RUB"}
    plain = dt.Journeys.from_touches(table, **options)
    assert dt.Journeys.from_touches(table, kind="how", **options).to_bytes() == plain.to_bytes()
