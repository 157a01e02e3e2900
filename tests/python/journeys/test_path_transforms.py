"""AT.9: path transforms and exclusions equal a slow model on journeys of touches, of paths and of Trails."""

from __future__ import annotations

import zlib
from collections.abc import Callable
from decimal import Decimal
from random import Random
from typing import Any

import polars as pl
import pytest

import dealtrail as dt
from oracle import path_transforms as oracle
from oracle.histories import history
from oracle.journeys import Row
from python.journeys.touch_sets import CHANNELS, TouchSet
from python.laws.comparing import library_trail

pytestmark = pytest.mark.filterwarnings("ignore::dealtrail.LossWarning")  # rows are left out on purpose

Step = tuple[Callable[[dt.Journeys], dt.Journeys], Callable[[oracle.Path], oracle.Path] | None]
LISTED = ("subject", "converted_at", "conversions", "nulls", "value", "fact", "lead_created_at", "deal_created_at")


def made_of(journeys: dt.Journeys) -> list[oracle.Made]:
    """The journeys as their tables tell them."""
    paths: dict[int, list[oracle.Touch]] = {}
    for row in journeys.touches():
        paths.setdefault(row["journey"], []).append((row["at"], row["channel"]))
    return [
        oracle.Made(
            row["subject"],
            tuple(paths.get(row["journey"], ())),
            row["converted_at"],
            row["conversions"],
            row["nulls"],
            row["value"],
            tuple(row[name] for name in LISTED[5:] if name in row),
        )
        for row in journeys.table()
    ]


def chosen(rng: Random, channels: list[str]) -> Step:
    """A step, and what it does to a path; None for nothing."""
    kind = rng.choice(("transform", "transform", "exclude", "last_touches"))
    if kind == "transform":
        how: Any = rng.choice(tuple(oracle.TRANSFORMS))
        same = how in ("as_is", "unique")
        return lambda journeys: journeys.transform(how), None if same else oracle.TRANSFORMS[how]
    if kind == "last_touches":
        last = rng.choice((1, 2, 3, 1000))
        return lambda journeys: journeys.last_touches(last), lambda path: oracle.last_touches(path, last)
    names = rng.sample([*channels, "nobody's"], rng.randint(0, len(channels)))
    when: Any = rng.choice(("always", "not_alone", "last"))
    if not names:
        return lambda journeys: journeys.exclude(names), None
    return lambda journeys: journeys.exclude(names, when=when), lambda path: oracle.exclude(path, names, when)


def compared(journeys: dt.Journeys, rng: Random, steps: int) -> dt.Journeys:
    """The journeys after some steps, each equal to the model's."""
    expected = made_of(journeys)
    of_paths = journeys.meta["made_from"] == "paths"
    for _ in range(steps):
        of_ours, of_oracle = chosen(rng, journeys.channels)
        journeys = of_ours(journeys)
        expected = expected if of_oracle is None else oracle.changed(expected, of_oracle, of_paths)
        assert made_of(journeys) == expected
        assert journeys.channels == sorted({name for one in expected for _, name in one.path}, key=str.encode)
        assert dt.Journeys.from_bytes(journeys.to_bytes()).to_bytes() == journeys.to_bytes()
    return journeys


def totals(journeys: dt.Journeys) -> tuple[int, int, Decimal]:
    paths = journeys.paths()
    return sum(paths["journeys"]), sum(paths["conversions"]), sum((one or 0 for one in paths["value"]), Decimal(0))


@pytest.mark.parametrize("hundred", range(10))
def test_a_thousand_random_sets_of_touches_equal_the_model(hundred: int) -> None:
    for seed in range(hundred * 100, hundred * 100 + 100):
        made = TouchSet(seed)
        journeys = dt.Journeys.from_touches(made.table(seed), **made.options())
        after = compared(journeys, Random(seed), 1 + seed % 3)
        assert totals(after) == totals(journeys), seed


def path_rows(rng: Random) -> pl.DataFrame:
    rows = []
    for _ in range(rng.randint(1, 40)):
        won, lost = rng.choice(((1, 0), (0, 2), (3, 4), (10**12, 0)))
        path = " > ".join(rng.choices(("a", "b", "c", "a(2)"), k=rng.randint(0, 6)))
        rows.append({"path": path, "conversions": won, "nulls": lost, "value": Decimal(rng.randint(0, 9))})
    return pl.DataFrame(rows)


def of_paths(rows: pl.DataFrame) -> dt.Journeys:
    return dt.Journeys.from_paths(rows, nulls="nulls", value="value", currency="RUB")


@pytest.mark.parametrize("seed", range(300))
def test_random_tables_of_paths_equal_the_model(seed: int) -> None:
    rng = Random(seed)
    journeys = of_paths(path_rows(rng))
    assert totals(compared(journeys, rng, 3)) == totals(journeys)


@pytest.mark.parametrize("seed", range(40))
def test_journeys_of_trails_equal_the_model(seed: int) -> None:
    made = history(seed)
    rng = Random(seed)
    trail = library_trail(made, made.order(0))
    for to, subject in (("won", "person"), ("deal_created", "company"), ("attended", "person"), ("paid", "deal")):
        journeys = trail.journeys(to, subject=subject)  # type: ignore[arg-type]
        after = compared(journeys, rng, 2)
        assert totals(after) == totals(journeys)


@pytest.mark.parametrize("seed", range(200))
def test_shards_and_paths_may_come_before_or_after(seed: int) -> None:
    made = TouchSet(seed)
    rng = Random(seed)
    steps = [chosen(rng, list(CHANNELS))[0] for _ in range(2)]

    def after(journeys: dt.Journeys) -> dt.Journeys:
        for step in steps:
            journeys = step(journeys)
        return journeys

    whole = dt.Journeys.from_touches(made.table(seed), **made.options())
    shards: list[list[Row]] = [[], [], []]
    for row in made.rows:
        shards[zlib.crc32(repr(row.subject).encode()) % 3].append(row)
    parts = [dt.Journeys.from_touches(made.table(1, shard), **made.options()) for shard in shards]
    rng.shuffle(parts)
    merged, of_parts = parts[0], after(parts[0])
    for part in parts[1:]:
        merged, of_parts = merged.merge(part), of_parts.merge(after(part))
    assert after(merged).to_bytes() == of_parts.to_bytes() == after(whole).to_bytes()
    assert after(whole.by_path()).to_bytes() == after(whole).by_path().to_bytes()
    by_path = [part.by_path() for part in parts]
    assert after(by_path[0].merge(by_path[1])) == after(by_path[0]).merge(after(by_path[1]))


@pytest.mark.parametrize("seed", range(60))
def test_every_model_credits_every_conversion_and_kopeck_of_what_is_left(seed: int) -> None:
    made = TouchSet(seed)
    whole = dt.Journeys.from_touches(made.table(seed), **made.options())
    conversions = totals(whole)[1]
    if not made.values or conversions == 0:
        return
    left = whole.exclude(["mail", "a", "z"]).transform("first").last_touches(2)
    lost = sum(1 for one in made_of(left) if one.conversions and not one.path)
    for rule in (dt.attribution.linear, dt.attribution.time_decay, dt.attribution.last_touch):
        table = rule(left, intervals=True)  # type: ignore[operator]
        rows = {row["channel"]: row for row in table}
        total, nobody = rows.pop("(total)"), rows.pop("(unattributed)")
        assert (total["conversions"], total["value"]) == (conversions, totals(whole)[2])
        assert nobody["conversions"] == lost
        assert sum(row["value"] for row in rows.values()) + nobody["value"] == total["value"]
    for model in (dt.attribution.markov, dt.attribution.shapley):
        total = model(left).to_dicts()[-1]  # type: ignore[operator]
        assert (total["conversions"], total["journeys"]) == (conversions, totals(whole)[0])
    for seen in (dt.attribution.assisted, dt.attribution.path_length, dt.attribution.time_lag):
        assert len(seen(left)) >= 0


def test_the_known_path() -> None:
    journeys = of_paths(pl.DataFrame({"path": ["D>A>B>B>C>D>C>C"], "conversions": [2], "nulls": [1], "value": [5]}))
    got = {how: journeys.transform(how).paths(separator="")["path"] for how in oracle.TRANSFORMS}  # type: ignore[arg-type]
    assert got == {
        "as_is": ["DABBCDCC"],
        "unique": ["DABBCDCC"],
        "exposure": ["DABCDC"],
        "first": ["DABC"],
        "frequency": ["D(2)A(1)B(2)C(3)"],
    }
    assert journeys.transform("as_is") == journeys.transform("unique") == journeys
    assert journeys.last_touches(3).paths()["path"] == ["D > C > C"]
    assert journeys.exclude("C", when="last").paths(separator="")["path"] == ["DABBCD"]


def test_direct_is_ignored_unless_alone() -> None:
    rows = {"path": ["direct", "direct>mail>direct", "direct>direct", "mail"], "conversions": [1, 2, 3, 4]}
    journeys = dt.Journeys.from_paths(pl.DataFrame(rows))
    counted = {row["path"]: row["conversions"] for row in journeys.exclude(["direct"], when="not_alone").paths()}
    assert counted == {"mail": 6, "direct > direct": 3, "direct": 1}
    counted = {row["path"]: row["conversions"] for row in journeys.exclude(["direct"]).paths()}
    assert counted == {"mail": 6, "(unattributed)": 4}
    counted = {row["path"]: row["conversions"] for row in journeys.exclude(["direct"], when="last").paths()}
    assert counted == {"mail": 4, "direct > direct": 3, "direct > mail": 2, "direct": 1}


def test_what_was_done_is_said_and_must_be_the_same_to_merge() -> None:
    journeys = dt.Journeys.from_paths(pl.DataFrame({"path": ["a>b>b"], "conversions": [1]}))
    done = journeys.exclude(["b", "a", "b"], when="last").transform("exposure").last_touches(4)
    assert done.meta["transforms"] == 'exclude "a", "b" last; exposure; last 4'
    assert "transforms" not in journeys.exclude([]).meta
    with pytest.raises(dt.InvalidArgumentError, match="another way"):
        journeys.merge(done)


def test_mistakes_are_named() -> None:
    journeys = dt.Journeys.from_paths(pl.DataFrame({"path": ["a"], "conversions": [1]}))
    with pytest.raises(dt.UnknownNameError, match="exposure, frequency"):
        journeys.transform("exposed")  # type: ignore[arg-type]
    with pytest.raises(dt.UnknownNameError, match="not_alone"):
        journeys.exclude(["a"], when="never")  # type: ignore[arg-type]
    with pytest.raises(dt.InvalidArgumentError, match="1 touch or more"):
        journeys.last_touches(0)
    with pytest.raises(dt.InvalidArgumentError, match=r"last is a whole number, not 1\.5"):
        journeys.last_touches(1.5)  # type: ignore[arg-type]
    with pytest.raises(dt.InvalidArgumentError, match="last out of range"):
        journeys.last_touches(10**20)
