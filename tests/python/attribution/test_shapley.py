"""AT.3, AT.4, AT.5: Shapley values against the slow sum in fractions; games of one's own, states, what is refused."""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest

import dealtrail as dt
from oracle import journeys as journey_oracle
from oracle import shapley as oracle
from oracle.attribution import UNITS
from python.journeys.touch_sets import TouchSet

at = dt.attribution


def named(table: dt.Table) -> dict[str, dict[str, object]]:
    """Rows of channels by name."""
    return {row["channel"]: row for row in table if row["channel"] not in ("(unattributed)", "(total)")}


def sets_of(seeds: range) -> list[tuple[int, dt.Journeys, list[journey_oracle.Journey], bool]]:
    made = [(seed, TouchSet(seed)) for seed in seeds]
    return [
        (
            seed,
            dt.Journeys.from_touches(one.table(seed), **one.options()),
            journey_oracle.journeys(one.rows, one.lookback_days),
            one.values,
        )
        for seed, one in made
    ]


@pytest.mark.parametrize("game", ["exact_set_rate", "subset_rate"])
def test_rates_equal_the_sum_over_all_sets(game: str) -> None:
    for seed, journeys, model, values in sets_of(range(300)):
        rows = named(at.shapley(journeys, game=game, intervals=seed % 2 == 0, threads=1 + seed % 3))  # type: ignore[arg-type]
        expected = oracle.values(sorted(rows), oracle.worth_of(model, game))
        for name, row in rows.items():
            assert row["score"] == pytest.approx(float(expected[name]), rel=1e-10, abs=1e-12), (seed, name)
        check_shares(rows, expected, "share", seed)
        if values:
            of_value = oracle.values(sorted(rows), oracle.worth_of(model, game, of_value=True))
            check_shares(rows, of_value, "value_share", seed)
            if rows and all(row["value"] is not None for row in rows.values()):
                total = sum(one.value for one in model if one.converted)
                assert sum(row["value"] for row in rows.values()) == Decimal(total).scaleb(-2)  # type: ignore[misc]


def check_shares(rows: dict[str, dict[str, object]], scores: dict[str, Fraction], column: str, seed: int) -> None:
    """Shares are there unless a score is negative or all are 0."""
    total = sum(scores.values())
    divisible = bool(scores) and total != 0 and all(score >= 0 for score in scores.values())
    for name, row in rows.items():
        if divisible:
            assert row[column] == pytest.approx(float(scores[name] / total), rel=1e-9, abs=1e-12), (seed, name)
        else:
            assert row[column] is None, (seed, name)


def test_equal_split_is_exact() -> None:
    for seed, journeys, model, values in sets_of(range(300, 700)):
        rows = named(at.shapley(journeys, threads=1 + seed % 3))
        parts = oracle.equal_parts(model)
        slow = oracle.values(sorted(rows), oracle.worth_of(model, "equal_split"))
        for name, row in rows.items():
            units, minor = parts[name]
            assert row["conversions"] == row["score"] == units / UNITS
            assert row["score"] == pytest.approx(float(slow[name]), abs=1e-12)
            if values:
                assert row["value"] == Decimal(minor).scaleb(-2)


def test_by_position_is_exact_and_adds_up() -> None:
    for _, journeys, model, values in sets_of(range(700, 1000)):
        table = at.shapley_by_position(journeys)
        parts = oracle.by_position(model)
        rows = [row for row in table if row["position"] is not None]
        assert {(row["channel"], row["position"]): row["conversions"] for row in rows} == {
            key: units / UNITS for key, (units, _) in parts.items()
        }
        if values:
            assert [row["value"] for row in rows] == [Decimal(parts[key][1]).scaleb(-2) for key in sorted(parts)]
        for name, row in named(at.shapley(journeys)).items():
            there = sum(one["conversions"] for one in rows if one["channel"] == name)
            assert there == pytest.approx(row["conversions"], abs=1e-12)


def paths_of(paths: list[str], **columns: list[object]) -> dt.Journeys:
    names = {"nulls": "nulls"} if "nulls" in columns else {}
    names |= {"value": "value", "currency": "RUB"} if "value" in columns else {}
    return dt.Journeys.from_paths(pl.DataFrame({"path": paths, **columns}), **names)  # type: ignore[arg-type]


def test_a_worth_of_ones_own() -> None:
    # T6: the README game of marketing-attribution-models.
    game = {"O": 7, "F": 6, "D": 4, "OF": 15, "OD": 7, "FD": 9, "OFD": 19}
    journeys = paths_of(["D > F > O"], conversions=[19], value=[100])
    by_mapping = at.shapley(journeys, value_of=tuples(game))
    by_function = at.shapley(journeys, value_of=lambda some: tuples(game).get(some, 0))
    for table in (by_mapping, by_function, at.ShapleyState(journeys).table(value_of=tuples(game))):
        scores = {name: row["score"] for name, row in named(table).items()}
        assert scores == pytest.approx({"O": 23 / 3, "F": 49 / 6, "D": 19 / 6}, abs=1e-9)
        assert sum(row["value"] for row in named(table).values()) == Decimal(100)  # type: ignore[misc]
        assert table.meta["game"] == "value_of"


def tuples(game: dict[str, float]) -> dict[frozenset[str], float]:
    return {frozenset(names): worth for names, worth in game.items()}


def test_a_published_case_whose_worth_is_conversions_of_exact_sets() -> None:
    # T4: do-attribution's README.
    conversions = {
        ("Email", "Social"): 2,
        ("Search", "Email"): 1,
        "Social": 1,
        ("Search", "Social", "Email"): 2,
        "Direct": 1,
    }
    worth = {frozenset([key] if isinstance(key, str) else key): value for key, value in conversions.items()}
    journeys = paths_of(["Direct", "Email > Search", "Social"], conversions=[1, 1, 5])
    table = at.shapley(journeys, value_of=lambda some: worth.get(some, 0))
    scores = {name: row["score"] for name, row in named(table).items()}
    assert scores == pytest.approx({"Direct": -7 / 12, "Email": 0.25, "Search": -1 / 12, "Social": 5 / 12}, abs=1e-9)
    assert [row["share"] for row in named(table).values()] == [None] * 4
    assert "negative" in table.meta["findings"]


def test_beyond_exact_it_is_sampled_by_seed() -> None:
    journeys = paths_of(["a > b", "b > c", "c", "d > a"], conversions=[4, 2, 3, 5], nulls=[6, 8, 7, 5])
    exact = named(at.shapley(journeys, game="subset_rate"))
    table = at.shapley(journeys, game="subset_rate", exact_up_to=2, samples=200, seed=5)
    again = at.shapley(journeys, game="subset_rate", exact_up_to=2, samples=200, seed=5, threads=3)
    assert table.to_dicts() == again.to_dicts()
    assert table.meta["seed"] == "5"
    assert table.meta["score_standard_error"].endswith("at most")
    for name, row in named(table).items():
        assert row["score"] == pytest.approx(exact[name]["score"], abs=0.03)
        assert row["share_low"] is not None
    sampled = at.shapley(journeys, value_of=lambda some: len(some) ** 2, exact_up_to=2, samples=100)
    assert sum(row["score"] for row in named(sampled).values()) == pytest.approx(16)  # type: ignore[misc]


def test_more_than_24_channels() -> None:
    names = [f"channel {number:04}" for number in range(1000)]
    journeys = paths_of(names, conversions=[1] * 1000, nulls=[1] * 1000)
    assert at.shapley(journeys)["share"][0] == pytest.approx(0.001)
    sampled = named(at.shapley(journeys, game="subset_rate", samples=4))
    assert sum(row["share"] for row in sampled.values()) == pytest.approx(1)  # type: ignore[misc]
    # Nobody had all channels: the rate of exactly all is 0, and so is what a thousand that are alike add up to.
    assert at.shapley(journeys, game="exact_set_rate")["score"][:1000] == [0] * 1000


def test_states_merge_and_are_taken_back() -> None:
    journeys = [paths_of([path], conversions=[3], nulls=[2], value=[7]) for path in ("a > b", "b > c > a", "d")]
    whole = at.ShapleyState(journeys[0])
    for other in journeys[1:]:
        whole.merge(at.ShapleyState(other))
    back = at.ShapleyState.from_bytes(whole.to_bytes())
    assert back == whole
    back.subtract(at.ShapleyState(journeys[2]))
    back.subtract(at.ShapleyState(journeys[0]))
    assert back == at.ShapleyState(journeys[1])
    assert whole.table(cost={"d": 7})["cost"][3] == Decimal("7.00")
    with pytest.raises(dt.InvalidArgumentError):
        back.subtract(at.ShapleyState(journeys[0]))
    with pytest.raises(dt.InvalidArgumentError):
        whole.merge(at.ShapleyState(journeys[0], intervals=False))
    with pytest.raises(dt.CorruptDataError):
        at.ShapleyState.from_bytes(whole.to_bytes()[:-1])
    nobody = pl.DataFrame({"path": ["x"], "conversions": [1]}).clear()
    assert len(at.ShapleyState(dt.Journeys.from_paths(nobody)).table()) == 0


def test_what_is_no_game_is_refused() -> None:
    journeys = paths_of(["a > b"], conversions=[3])
    with pytest.raises(dt.UnknownNameError, match="no such game"):
        at.shapley(journeys, game="ordered")  # type: ignore[arg-type]
    with pytest.raises(dt.InvalidArgumentError, match=r"\['a', 'b'\]"):
        at.shapley(journeys, value_of={"a": 1, "b": 2})
    with pytest.raises(dt.InvalidArgumentError, match="finite"):
        at.shapley(journeys, value_of=lambda some: float("nan"))
    with pytest.raises(dt.InvalidArgumentError, match="game of its own"):
        at.shapley(journeys, game="subset_rate", value_of=lambda some: 1)
    with pytest.raises(dt.InvalidArgumentError, match="exact_up_to"):
        at.shapley(journeys, game="subset_rate", exact_up_to=25)
    for sampling in ({"samples": -5}, {"seed": -1}, {"exact_up_to": -1}, {"samples": 2.5}):
        with pytest.raises(dt.InvalidArgumentError, match=next(iter(sampling))):
            at.shapley(journeys, **sampling)  # type: ignore[arg-type]
        with pytest.raises(dt.InvalidArgumentError, match=next(iter(sampling))):
            at.ShapleyState(journeys).table(**sampling)  # type: ignore[arg-type]
    with pytest.raises(dt.InvalidArgumentError, match="function"):
        at.shapley(journeys, value_of=7)  # type: ignore[arg-type]
    with pytest.raises(ZeroDivisionError):
        at.shapley(journeys, value_of=lambda some: 1 / 0)
