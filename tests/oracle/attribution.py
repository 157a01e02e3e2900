"""Rule models of attribution (docs/attribution), the slow way: journey by journey, in fractions and big integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext
from typing import TypeVar

from .journeys import Journey
from .split import split

UNITS = 2**48
BILLION = 10**9
Weights = Callable[[Journey], list[int]]


@dataclass
class Credited:
    """What each channel gets: conversions and value in units of 2^-48, and value in whole minor units."""

    units: dict[str, int] = field(default_factory=dict)
    exact: dict[str, int] = field(default_factory=dict)
    journeys: dict[str, int] = field(default_factory=dict)
    converting: dict[str, int] = field(default_factory=dict)
    total: int = 0
    total_value: int = 0

    @property
    def value(self) -> dict[str, int]:
        """In whole minor units."""
        return whole(self.exact)


Name = TypeVar("Name", str, tuple[str, int])


def whole(exact: dict[Name, int]) -> dict[Name, int]:
    """Rounds units of 2^-48 once: to whole ones by largest remainder, ties to the first name; -x has minus x's."""
    if sum(exact.values()) < 0:
        return {name: -units for name, units in whole({name: -units for name, units in exact.items()}).items()}
    rounded = {name: units // UNITS for name, units in exact.items()}
    left = (sum(exact.values()) - sum(rounded.values()) * UNITS) // UNITS
    for name in sorted(exact, key=lambda name: (-(exact[name] % UNITS), name))[:left]:
        rounded[name] += 1
    return rounded


def one(at: int) -> Callable[[Journey], list[int]]:
    """All to the touch at a place."""

    def weights(journey: Journey) -> list[int]:
        chosen = at % len(journey.touches)
        return [int(place == chosen) for place in range(len(journey.touches))]

    return weights


def last_except(excluded: Sequence[str]) -> Weights:
    """All to the last touch that is not excluded, or to the last."""

    def weights(journey: Journey) -> list[int]:
        kept = [place for place, name in enumerate(journey.path) if name not in excluded]
        chosen = kept[-1] if kept else len(journey.path) - 1
        return [int(place == chosen) for place in range(len(journey.path))]

    return weights


def by_milestone(first: int, last: int, shares: Sequence[int]) -> Weights:
    """Shares in billionths of the first touch, the last, and the closest touch at or before each milestone."""

    def weights(journey: Journey) -> list[int]:
        touches = len(journey.touches)
        given = [0] * touches
        given[0] += first
        given[-1] += last
        for share, at in zip(shares, journey.milestones, strict=True):
            reached = [place for place, touch in enumerate(journey.touches) if at is not None and touch[0] <= at]
            if reached:
                given[reached[-1]] += share
        others = given.count(0)
        if others == touches:
            return [1] * touches
        rest = BILLION - first - last - sum(shares)
        return [share * others or rest for share in given] if others else given

    return weights


def linear(journey: Journey) -> list[int]:
    """The same to each."""
    return [1] * len(journey.touches)


def by_position(first: int, last: int, renormalise: bool) -> Weights:
    """Shares in billionths."""
    middle = BILLION - first - last

    def weights(journey: Journey) -> list[int]:
        touches = len(journey.touches)
        if touches == 1:
            return [1]
        if touches == 2:
            if renormalise and first + last > 0:
                return [first, last]
            return [2 * first + middle, 2 * last + middle]
        return [first * (touches - 2), *[middle] * (touches - 2), last * (touches - 2)]

    return weights


def time_decay(half_life_us: int) -> Weights:
    """2^62 * 2^-(age / half-life), to the nearest whole number; ages count from the last touch."""

    def weights(journey: Journey) -> list[int]:
        last = journey.touches[-1][0]
        with localcontext() as context:
            context.prec = 60
            return [
                int((Decimal(2) ** (62 - Decimal(last - at) / half_life_us)).to_integral_value())
                if last - at < 63 * half_life_us
                else 0
                for at, _ in journey.touches
            ]

    return weights


def credited(journeys: Iterable[Journey], weights: Weights | None) -> Credited:
    """Credit by weights; None: all to every channel that took part."""
    result = Credited()
    for journey in journeys:
        for name in set(journey.path):
            result.journeys[name] = result.journeys.get(name, 0) + 1
            result.converting[name] = result.converting.get(name, 0) + int(journey.converted)
            result.units.setdefault(name, 0)
            result.exact.setdefault(name, 0)
        if not journey.converted:
            continue
        result.total += 1
        result.total_value += journey.value
        if weights is None:
            for name in set(journey.path):
                result.units[name] += UNITS
                result.exact[name] += UNITS * journey.value
            continue
        for name, units in zip(journey.path, split(UNITS, weights(journey)), strict=True):
            result.units[name] += units
            result.exact[name] += units * journey.value
    return result


@dataclass(frozen=True)
class Part:
    """What one touch got, in units of 2^-48 conversion and minor unit; place 0 is nobody's."""

    journey: int
    place: int
    channel: str
    units: int
    exact: int


def credits(journeys: Iterable[Journey], weights: Weights | None) -> list[Part]:  # noqa: A001
    """What each touch of each converting journey got; None: a channel has all at its first touch."""
    parts = []
    for number, journey in enumerate(journeys):
        if not journey.converted:
            continue
        if not journey.touches:
            parts.append(Part(number, 0, "(unattributed)", UNITS, UNITS * journey.value))
            continue
        if weights is None:
            units = [UNITS * (name not in journey.path[:place]) for place, name in enumerate(journey.path)]
        else:
            units = split(UNITS, weights(journey))
        for place, (name, part) in enumerate(zip(journey.path, units, strict=True), start=1):
            parts.append(Part(number, place, name, part, part * journey.value))
    return parts
