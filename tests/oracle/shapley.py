"""Shapley values (docs/attribution/shapley.md), the slow way: the sum over all sets, in fractions."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from fractions import Fraction
from itertools import combinations
from math import factorial

from .attribution import UNITS, whole
from .journeys import Journey
from .split import split

Worth = Callable[[frozenset[str]], Fraction]


def subsets(names: Sequence[str]) -> Iterator[frozenset[str]]:
    """All sets of names."""
    for size in range(len(names) + 1):
        yield from map(frozenset, combinations(names, size))


def values(players: Sequence[str], worth: Worth) -> dict[str, Fraction]:
    """The values by their definition."""
    count = len(players)
    result = {}
    for player in players:
        others = [name for name in players if name != player]
        result[player] = sum(
            (
                Fraction(factorial(len(some)) * factorial(count - len(some) - 1), factorial(count))
                * (worth(some | {player}) - worth(some))
                for some in subsets(others)
            ),
            Fraction(0),
        )
    return result


def worth_of(journeys: Iterable[Journey], game: str, of_value: bool = False) -> Worth:
    """What sets are worth: asked of all journeys that have touches, each time."""
    known = [(frozenset(one.path), one) for one in journeys if one.path]

    def worth(some: frozenset[str]) -> Fraction:
        inside = [one for had, one in known if (had == some if game == "exact_set_rate" else had <= some)]
        got = sum((one.value if one.converted else 0) if of_value else int(one.converted) for one in inside)
        if game == "equal_split":
            return Fraction(got)
        return Fraction(got, len(inside)) if inside else Fraction(0)

    return worth


def equal_parts(journeys: Iterable[Journey]) -> dict[str, list[int]]:
    """Units and minor units of each channel by the equal split: each set's totals in equal parts, rounded once."""
    totals: dict[tuple[str, ...], list[int]] = {}
    for one in journeys:
        total = totals.setdefault(tuple(sorted(set(one.path))), [0, 0])
        if one.converted:
            total[0] += 1
            total[1] += one.value
    parts: dict[str, list[int]] = {}
    for names, (conversions, value) in totals.items():
        if not names:
            continue
        ones = [1] * len(names)
        for name, units in zip(names, split(UNITS, ones), strict=True):
            part = parts.setdefault(name, [0, 0])
            part[0] += units * conversions
            part[1] += units * value
    minor = whole({name: exact for name, (_, exact) in parts.items()})
    return {name: [units, minor[name]] for name, (units, _) in parts.items()}


def by_position(journeys: Iterable[Journey]) -> dict[tuple[str, int], list[int]]:
    """Units and minor units by channel and position: journey by journey, rounded once."""
    parts: dict[tuple[str, int], list[int]] = {}
    for one in journeys:
        if not one.converted:
            continue
        names = sorted(set(one.path))
        ones = [1] * len(names)
        for name, units in zip(names, split(UNITS, ones), strict=True):
            places = [place for place, channel in enumerate(one.path, start=1) if channel == name]
            equal = [1] * len(places)
            for place, some in zip(places, split(units, equal), strict=True):
                part = parts.setdefault((name, place), [0, 0])
                part[0] += some
                part[1] += some * one.value
    minor = whole({key: exact for key, (_, exact) in parts.items()})
    return {key: [units, minor[key]] for key, (units, exact) in parts.items() if units or exact}
