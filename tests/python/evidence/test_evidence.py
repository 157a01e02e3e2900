"""BE.5 to BE.7: verdicts, evidence and repeatability over anybody's table equal the slow oracle's."""

from __future__ import annotations

from decimal import Decimal
from math import isfinite, log
from random import Random
from typing import Any

import polars as pl
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

import dealtrail as dt
from oracle import evidence as oracle


def drawn(rng: Random, mean: float) -> int:
    """A Poisson count: unit-rate waits that fit."""
    count, waited = 0, rng.expovariate(1)
    while waited < mean:
        count += 1
        waited += rng.expovariate(1)
    return count


def history(seed: int, channels: int = 10) -> dict[str, list[tuple[int, int]]]:
    rng = Random(seed)
    made = {}
    for i in range(channels):
        rate = rng.gammavariate(8, 1 / 8)
        sizes = [rng.randrange(2_000, 12_000) for _ in range(rng.randrange(2, 6))]
        made[f"c{i}"] = [(size * 100, drawn(rng, rate * size / 500)) for size in sizes]
    return made


def table_of(made: dict[str, list[tuple[int, int]]], **columns: Any) -> pl.DataFrame:
    rows = [
        {"channel": name, "id": f"{i:02}", "spend": Decimal(size) / 100, "count": y}
        for name, placements in made.items()
        for i, (size, y) in enumerate(placements)
    ]
    return pl.DataFrame(rows, schema_overrides={"spend": pl.Decimal(18, 2)}).with_columns(**columns)


@pytest.mark.parametrize("seed", range(3))
def test_verdicts_on_a_given_benchmark_equal_the_oracle(seed: int) -> None:
    made = history(seed)
    wide = float(oracle.dispersion(list(made.values())))
    per_result = 50_000  # minor units: 500.00
    data = {k: (sum(y for _, y in v), sum(e for e, _ in v) / per_result) for k, v in made.items()}
    parts = oracle.prior([(y / wide, x / wide) for y, x in data.values()])
    rows = dt.evidence.judge(table_of(made), placement="id", benchmark=500, currency="RUB").to_dicts()
    assert [row["key"] for row in rows] == sorted(made)
    for row in rows:
        y, x = data[row["key"]]
        wanted = oracle.posterior(parts, y / wide, x / wide, 1.0)
        # The library's grid of the pool is coarse, the oracle's fine.
        assert row["rate"] * 500 == pytest.approx(wanted["mean"], rel=0.01)
        assert row["p_better"] == pytest.approx(wanted["p_better"], abs=0.015)
        assert row["loss_keep_part"] == pytest.approx(wanted["loss_keep"], abs=0.004)
        assert row["loss_drop_part"] == pytest.approx(wanted["loss_drop"], abs=0.01)
        assert row["e_drop"] == pytest.approx(oracle.e_of_rate(y / wide, x / wide), rel=1e-6)
        assert row["count"] == y
        assert row["spend"] == Decimal(sum(e for e, _ in made[row["key"]])) / 100
    e_values = [row["e_drop"] for row in rows]
    settled = {i for i in oracle.rejected(e_values, 0.10) if e_values[i] >= 20}
    assert {i for i, row in enumerate(rows) if row["settled"]} == settled


@pytest.mark.parametrize("seed", range(3))
def test_evidence_against_other_channels_equals_the_oracle(seed: int) -> None:
    made = history(seed + 50)
    wide = float(oracle.dispersion(list(made.values())))
    rows = dt.evidence.judge(table_of(made), placement="id", currency="RUB").to_dicts()
    for row in rows:
        own = made[row["key"]]
        others = [one for name, placements in made.items() if name != row["key"] for one in placements]
        y, e = sum(y for _, y in own), sum(e for e, _ in own)
        other_y, other_e = sum(y for _, y in others), sum(e for e, _ in others)
        assert row["benchmark_rate"] == pytest.approx(other_y / other_e * 100)
        # Exposure in results at the others' rate: the ratio is all that matters.
        x = e * other_y / other_e
        wanted = oracle.e_of_two_rates(y / wide, x / wide, other_y / wide, other_y / wide)
        assert row["e_drop"] == pytest.approx(wanted, rel=1e-5)


def test_power_equals_the_sum_over_all_paths() -> None:
    made = {f"c{i}": [(400_000, 8)] * 5 for i in range(5)}
    row = dt.evidence.judge(table_of(made), placement="id", benchmark=500).to_dicts()[0]
    # Five equal channels and none dropped: the first has to pass 5 / 0.10.
    known: dict[tuple[int, float], bool] = {}

    def passes(y: int, x: float) -> bool:
        return known.setdefault((y, x), y < x and log(oracle.e_of_rate(y, x)) >= log(50))

    assert row["power"] == pytest.approx(oracle.power([8, 16, 24, 32, 40], 0.7, passes), rel=1e-6)


def test_the_same_data_in_kopecks_roubles_and_millions_give_the_same_verdict() -> None:
    made = {"a": [(100_000_000, 40)] * 4, "b": [(200_000_000, 95)] * 3, "c": [(300_000_000, 60), (300_000_000, 66)]}
    results = []
    for unit in (Decimal(1), Decimal(100), Decimal(100_000_000)):
        table = table_of(made, spend=pl.Series([Decimal(e) / unit for v in made.values() for e, _ in v]))
        rows = dt.evidence.judge(table, placement="id").to_dicts()
        results.append([(row["key"], row["verdict"], row["settled"], row["placements_more"]) for row in rows])
    assert results[0] == results[1] == results[2]


def test_a_creative_is_judged_by_its_own_column() -> None:
    table = pl.DataFrame({"creative": ["a", "a", "b", "b"], "cost": [10, 10, 10, 10], "came": [9, 8, 1, 0]})
    judged = dt.evidence.judge(table, by="creative", spend="cost", count="came", metric="cost_per_attendee")
    assert judged["key"] == ["a", "b"]
    assert judged.meta["by"] == "creative"
    assert judged.meta["metric"] == "cost_per_attendee"
    assert judged["verdict"] == ["keep", "drop"]


@pytest.mark.parametrize("bad", [0, -1, float("nan"), float("inf")])
def test_a_benchmark_that_is_no_cost_is_refused(bad: float) -> None:
    table = pl.DataFrame({"channel": ["a", "a"], "spend": [10, 10], "count": [9, 8]})
    with pytest.raises(dt.InvalidArgumentError, match="benchmark") as caught:
        dt.evidence.judge(table, benchmark=bad)
    assert caught.value.hint


def test_what_is_wrong_with_a_table_is_an_error_or_listed() -> None:
    table = pl.DataFrame(
        {
            "channel": ["a", "a", "a", "b", None],
            "spend": [10.0, -5.0, float("nan"), 10.0, 10.0],
            "count": [3, 2, 4, -1, 1],
        }
    )
    problems = dt.evidence.problems(table).to_dicts()
    assert {row["code"]: row["count"] for row in problems} == {
        "bad_count": 1,
        "negative_spend": 1,
        "no_channel": 1,
        "no_spend": 1,
    }
    assert all(row["hint"] and row["first_ids"] for row in problems)
    judged = dt.evidence.judge(table)
    assert judged.meta["left_out"] == "3"
    assert judged["apart"] == [1]
    assert len(dt.evidence.placements(table)) == 2
    with pytest.raises(dt.SchemaError, match="venue"):
        dt.evidence.judge(table, by="venue")


def test_nothing_is_an_empty_table() -> None:
    empty = pl.DataFrame(schema={"channel": pl.String, "spend": pl.Float64, "count": pl.Int64})
    for answer in (dt.evidence.judge, dt.evidence.overheat, dt.evidence.repeatability, dt.evidence.problems):
        assert len(answer(empty)) == 0


def test_overheat_and_repeatability_see_the_same_placements() -> None:
    made = history(9)
    table = table_of(made)
    judged = dt.evidence.judge(table, placement="id")
    for answer in (dt.evidence.overheat(table, placement="id"), dt.evidence.repeatability(table, placement="id")):
        assert answer["key"] == judged["key"]
        assert answer["count"] == judged["count"]
        assert answer["spend"] == judged["spend"]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.tuples(
            st.sampled_from("abc"),
            st.one_of(st.none(), st.floats(allow_infinity=True, allow_nan=True), st.just(0.0), st.just(100.0)),
            st.one_of(st.none(), st.integers(-3, 10**6)),
            st.booleans(),
        ),
        max_size=12,
    )
)
@example([("a", 100.0, 23_514, False), ("b", 30_576_225.0, 1, False)])  # rates that are far apart
def test_any_table_has_an_answer(rows: list[tuple[str, float | None, int | None, bool]]) -> None:
    schema = {"channel": pl.String, "spend": pl.Float64, "count": pl.Int64, "open": pl.Boolean}
    table = pl.DataFrame(rows, schema=schema, orient="row")
    judged = dt.evidence.judge(table, open="open")
    for row in judged.to_dicts():
        assert row["why"]
        assert all(isfinite(value) for value in row.values() if isinstance(value, float))
        assert row["verdict"] in {None, "keep", "drop", "test_again"}
    kept = len(dt.evidence.placements(table, open="open"))
    errors = [row["count"] for row in dt.evidence.problems(table, open="open").to_dicts() if row["severity"] == "error"]
    assert kept + sum(errors) == len(rows)
