"""AT.3: the score of Shao and Li against the published formula, the slow model, and itself in other parts."""

from __future__ import annotations

import polars as pl
import pytest

import dealtrail as dt
from oracle import journeys as journey_oracle
from oracle import shao_li as oracle
from python.journeys.touch_sets import TouchSet


def test_the_worked_set() -> None:
    """T8: six paths with values and nulls; scores by hand from the formula."""
    paths = pl.DataFrame(
        {
            "path": ["A>B>C", "B>A", "A", "C>C>B", "B>C>A>B", "C"],
            "conversions": [3, 2, 1, 4, 1, 0],
            "value": [300, 100, 20, 100, 500, 0],
            "nulls": [7, 8, 9, 6, 1, 5],
        }
    )
    journeys = dt.Journeys.from_paths(paths, value="value", nulls="nulls", currency="RUB")
    table = dt.attribution.shao_li(journeys)
    assert table["score"][:3] == pytest.approx([0.108691077, 0.186579335, 0.189578072], abs=1e-9)
    total = sum(table["score"][:3])
    assert table["share"][:3] == pytest.approx([score / total for score in table["score"][:3]], abs=1e-15)
    assert sum(table["conversions"][:3]) == pytest.approx(11, abs=1e-12)
    assert sum(table["value"][:3]) == 1020
    compared = dt.attribution.compare(journeys, ["shao_li"])
    assert compared.to_dicts() == table.to_dicts()


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_sets_equal_the_model(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        model = journey_oracle.journeys(made.rows, made.lookback_days)
        table = dt.attribution.shao_li(journeys, intervals=seed % 2 == 0, threads=1 + seed % 3)
        rows = {row["channel"]: row for row in table}
        nobody, total = rows.pop("(unattributed)"), rows.pop("(total)")
        expected = oracle.scores(model)
        assert rows.keys() == expected.keys()
        for name, score in expected.items():
            assert rows[name]["score"] == pytest.approx(float(score), abs=1e-12), (seed, name)
        whole = sum(expected.values())
        if expected and min(expected.values()) > 1e-9:
            for name, score in expected.items():
                assert rows[name]["share"] == pytest.approx(float(score / whole), abs=1e-9)
            conversions = sum(row["conversions"] for row in rows.values()) + nobody["conversions"]
            assert conversions == pytest.approx(total["conversions"], abs=1e-9)
        elif expected and min(expected.values()) < -1e-9:
            assert "negative score" in table.meta["findings"]
            assert all(row["share"] is None for row in rows.values())
        if not made.values:
            continue
        values = oracle.scores(model, of_value=True)
        if values and min(values.values()) > 1e-6:
            for name, score in values.items():
                assert rows[name]["value_share"] == pytest.approx(float(score / sum(values.values())), abs=1e-9)
            assert sum(row["value"] for row in rows.values()) + nobody["value"] == total["value"]


@pytest.mark.parametrize("seed", range(20))
def test_by_path_changes_no_score(seed: int) -> None:
    made = TouchSet(seed, size=3_000)
    journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
    one, other = dt.attribution.shao_li(journeys), dt.attribution.shao_li(journeys.by_path())
    assert one["score"] == other["score"]
    for row in one.to_dicts()[:-2]:
        if row["share_low"] is not None:
            assert row["share_low"] <= row["share"] <= row["share_high"]


def test_one_channel_has_all_and_nothing_gives_nothing() -> None:
    one = dt.Journeys.from_paths(pl.DataFrame({"path": ["a", "a>a"], "conversions": [1, 0], "n": [0, 3]}), nulls="n")
    assert dt.attribution.shao_li(one)["score"][0] == 0.25
    assert dt.attribution.shao_li(one)["conversions"][0] == 1
    empty = dt.Journeys.from_paths(pl.DataFrame({"path": ["a"], "conversions": [0]}))
    assert dt.attribution.shao_li(empty).to_dicts()[-1]["conversions"] == 0
