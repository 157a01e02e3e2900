"""AT.9: repeat conversions; only a subject's first one counts when that is asked for."""

from __future__ import annotations

import zlib

import polars as pl
import pytest

import dealtrail as dt
from oracle import journeys as journey_oracle
from oracle import path_transforms as oracle
from oracle.histories import history
from python.journeys.test_path_transforms import made_of
from python.journeys.touch_sets import TouchSet, path_text
from python.laws.comparing import library_trail

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_sets_equal_the_model_whose_rows_end_there(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options(), conversions="first")
        model = journey_oracle.journeys(journey_oracle.until_first_conversion(made.rows), made.lookback_days)
        got = journeys.table()
        assert list(zip(got["subject"], got["path"], got["conversions"], strict=True)) == [
            (one.subject, path_text(one.path), int(one.converted)) for one in model
        ], seed
        assert journeys.channels == journey_oracle.channels(model)
        everything = journey_oracle.journeys(made.rows, made.lookback_days)
        problems = {row["code"]: row["count"] for row in journeys.problems}
        left_out = problems.get("repeat_conversion", 0) + problems.get("after_first_conversion", 0)
        repeats = sum(one.converted for one in everything) - sum(one.converted for one in model)
        assert problems.get("repeat_conversion", 0) == repeats
        assert left_out == len(everything) - len(model)
        assert journeys.first_conversions() == journeys


@pytest.mark.parametrize("seed", range(40))
def test_journeys_of_trails_equal_the_model(seed: int) -> None:
    made = history(seed)
    trail = library_trail(made, made.order(0))
    for to, subject in (("won", "person"), ("deal_created", "company"), ("attended", "person"), ("paid", "deal")):
        journeys = trail.journeys(to, subject=subject, lookback_days=5)  # type: ignore[arg-type]
        first = journeys.first_conversions()
        assert made_of(first) == oracle.first_conversions(made_of(journeys))
        assert dt.Journeys.from_bytes(first.to_bytes()) == first


@pytest.mark.parametrize("seed", range(100))
def test_shards_may_be_merged_before_or_after(seed: int) -> None:
    made = TouchSet(seed)
    shards: list[list[journey_oracle.Row]] = [[], []]
    for row in made.rows:
        shards[zlib.crc32(repr(row.subject).encode()) % 2].append(row)
    one, other = (dt.Journeys.from_touches(made.table(1, shard), **made.options()) for shard in shards)
    first = one.first_conversions().merge(other.first_conversions())
    assert first.to_bytes() == one.merge(other).first_conversions().to_bytes()


def test_mistakes_are_named() -> None:
    paths = dt.Journeys.from_paths(pl.DataFrame({"path": ["a"], "conversions": [1]}))
    with pytest.raises(dt.InvalidArgumentError, match="paths have none"):
        paths.first_conversions()
    with pytest.raises(dt.UnknownNameError, match="all or first"):
        dt.Journeys.from_touches(pl.DataFrame(), conversions="last")  # type: ignore[arg-type]
