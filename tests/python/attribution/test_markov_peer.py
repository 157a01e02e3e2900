"""AT.2: removal effects against do-attribution (MIT), which has them in closed form, too, on random journeys."""

from __future__ import annotations

import warnings
from random import Random

import polars as pl
import pytest
from do_attribution.markov import MarkovAttribution

import dealtrail as dt


@pytest.mark.parametrize("order", [1, 2, 3])
@pytest.mark.parametrize("removal", ["redirect_to_null", "fail", "fail_refit", "detour"])
def test_a_hundred_sets_agree(order: int, removal: str) -> None:
    compared = 0
    for seed in range(100 if removal == "redirect_to_null" else 20):
        rng = Random(seed)
        channels = "abcdefg"[: rng.randint(2, 7)]
        paths = [" > ".join(rng.choices(channels, k=rng.randint(1, 7))) for _ in range(rng.randint(5, 80))]
        won = [int(rng.random() < 0.4) for _ in paths]
        frame = pl.DataFrame({"path": paths, "conversions": won, "nulls": [1 - one for one in won]})
        credit = dt.attribution.markov(
            dt.Journeys.from_paths(frame, nulls="nulls"),
            order=order,
            removal=removal,  # type: ignore[arg-type]
            intervals=False,
        )
        ours = {row["channel"]: row for row in credit if not row["channel"].startswith("(")}
        if not sum(won):
            assert all(row["score"] is None for row in ours.values())
            continue
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            theirs = MarkovAttribution(order=order, removal_strategy=removal).fit(paths, won)
        sign = -1 if removal == "detour" else 1  # theirs is what is gained
        for channel, row in ours.items():
            effect = theirs["removal_effects"][channel]
            if removal == "detour" and set(paths) == {channel}:
                continue
            assert row["score"] == pytest.approx(sign * effect, abs=1e-10), (seed, channel)
            if removal == "redirect_to_null":
                assert row["share"] == pytest.approx(theirs["attribution"][channel], abs=1e-10)
        compared += 1
    assert compared > 15
