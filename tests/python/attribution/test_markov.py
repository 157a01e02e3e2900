"""AT.2, AT.4, AT.5: Markov chains against the slow model in fractions; tables, states, what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from random import Random

import polars as pl
import pytest

import dealtrail as dt
from oracle import markov as oracle

at = dt.attribution


def random_paths(rng: Random) -> list[oracle.Path]:
    channels = "abcdef"[: rng.randint(1, 6)]
    made = {}
    for _ in range(rng.randint(1, 12)):
        won, lost = rng.choice([(1, 0), (0, 1), (rng.randint(0, 9), rng.randint(0, 30))])
        if won + lost:
            way = tuple(rng.choices(channels, k=rng.randint(0 if made else 1, 7)))
            made[way] = oracle.Path(way, won, lost, rng.randint(0, 10**6) if won else 0)
    made["a",] = oracle.Path(("a",), 2, 1, 12_345)
    return list(made.values())


def journeys_of(paths: list[oracle.Path]) -> dt.Journeys:
    frame = pl.DataFrame(
        {
            "path": [" > ".join(path.channels) for path in paths],
            "conversions": [path.conversions for path in paths],
            "nulls": [path.nulls for path in paths],
            "value": [Decimal(path.value).scaleb(-2) for path in paths],
        },
        schema_overrides={"value": pl.Decimal(18, 2)},
    )
    return dt.Journeys.from_paths(frame, nulls="nulls", value="value", currency="RUB")


@pytest.mark.parametrize("order", [1, 2, 3, 4])
def test_removal_effects_are_those_of_the_slow_model(order: int) -> None:
    for seed in range(60):
        rng = Random(seed * 10 + order)
        paths = random_paths(rng)
        table = at.markov(journeys_of(paths), order=order, intervals=seed % 2 == 0, threads=1 + seed % 2)
        rows = {row["channel"]: row for row in table}
        nobody, total = rows.pop("(unattributed)"), rows.pop("(total)")
        effects = oracle.removal_effects(paths, order)
        assert list(rows) == list(effects)
        sums = [sum((pair[which] for pair in effects.values()), Fraction(0)) for which in (0, 1)]
        touched = [path for path in paths if path.channels]
        for channel, (effect, value_effect) in effects.items():
            row = rows[channel]
            assert row["score"] == pytest.approx(float(effect), abs=1e-12)
            share = effect / sums[0]
            assert row["share"] == pytest.approx(float(share), abs=1e-12)
            assert row["value_share"] == pytest.approx(float(value_effect / sums[1]), abs=1e-12)
            won = sum(path.conversions for path in touched)
            assert row["conversions"] == pytest.approx(float(share * won), rel=1e-11, abs=1e-11)
            there = [path for path in touched if channel in path.channels]
            assert row["journeys"] == sum(path.conversions + path.nulls for path in there)
            assert row["converting"] == sum(path.conversions for path in there)
        assert sum((row["value"] for row in rows.values()), nobody["value"]) == total["value"]
        assert total["value"] == Decimal(sum(path.value for path in paths)).scaleb(-2)


def test_the_chain_converts_as_often_as_the_journeys_did() -> None:
    for seed in range(30):
        paths = [path for path in random_paths(Random(seed)) if path.channels]
        everybody = sum(path.conversions + path.nulls for path in paths)
        for order in (1, 2, 3):
            chance, value = oracle.chances(paths, order)
            assert chance == Fraction(sum(path.conversions for path in paths), everybody)
            assert value == Fraction(sum(path.value for path in paths), everybody)


def test_costs_and_comparison_stand_beside_it() -> None:
    journeys = journeys_of(random_paths(Random(3)))
    table = at.markov(journeys, cost={"a": 100})
    assert table["roas"][0] == pytest.approx(float(table["value"][0]) / 100)
    both = at.compare(journeys, ["markov", "linear"])
    assert both["model"][0] == "markov"
    assert dict(table.meta)["order"] == "1"


def test_states_merge_and_come_back() -> None:
    parts = [[oracle.Path(("a", "b"), 3, 4, 500)], [oracle.Path(("b",), 1, 2, 10)]]
    for order in (1, 3):
        one, other = (at.MarkovState(journeys_of(part), order) for part in parts)
        both = at.MarkovState(journeys_of(parts[0] + parts[1]), order)
        one.merge(other)
        assert one == both
        assert at.MarkovState.from_bytes(one.to_bytes()) == both
        assert one.table().to_dicts() == at.markov(journeys_of(parts[0] + parts[1]), order=order).to_dicts()
        assert len(one.transition_matrix()) > 0
        one.subtract(other)
        assert one == at.MarkovState(journeys_of(parts[0]), order)
        with pytest.raises(dt.InvalidArgumentError):
            one.subtract(other)
    with pytest.raises(dt.CorruptDataError):
        at.MarkovState.from_bytes(b"MKV1")
    with pytest.raises(dt.InvalidArgumentError):
        at.MarkovState(journeys_of(parts[0]), 1).merge(at.MarkovState(journeys_of(parts[0]), 2))


def test_what_cannot_be_is_refused() -> None:
    journeys = journeys_of([oracle.Path(("a",), 1)])
    for order in (0, 5):
        with pytest.raises(dt.InvalidArgumentError, match="order"):
            at.markov(journeys, order=order)
        with pytest.raises(dt.InvalidArgumentError, match="order"):
            at.transition_matrix(journeys, order=order)
        with pytest.raises(dt.InvalidArgumentError, match="order"):
            at.choose_order(journeys, most=order)
    with pytest.raises(dt.InvalidArgumentError, match=r"order is a whole number, not 1\.5"):
        at.markov(journeys, order=1.5)  # type: ignore[arg-type]
    with pytest.raises(dt.InvalidArgumentError, match="no such removal"):
        at.markov(journeys, removal="all")  # type: ignore[arg-type]


def test_removals_that_make_the_chain_anew() -> None:
    paths = [oracle.Path(("a",), 1, 1, 100), oracle.Path(("a", "b"), 1, 0, 100), oracle.Path(("b",), 1, 2, 100)]
    scores = {
        removal: [row["score"] for row in at.markov(journeys_of(paths), removal=removal)][:2]
        for removal in ("fail", "fail_refit", "detour")
    }
    assert scores["fail"] == pytest.approx([2 / 3, 2 / 3])
    assert scores["fail_refit"] == pytest.approx([1 / 2, 1 / 3])
    assert scores["detour"] == pytest.approx([0, -1 / 3])
    table = at.markov(journeys_of(paths), removal="detour")
    assert table["conversions"][:2] == [None, None]
    assert "negative" in dict(table.meta)["findings"]


def test_the_order_is_chosen_by_what_outcomes_follow_from() -> None:
    table = at.choose_order(journeys_of(random_paths(Random(1))), most=3)
    assert table["order"] == [1, 2, 3]
    assert sum(table["chosen"]) == 1
