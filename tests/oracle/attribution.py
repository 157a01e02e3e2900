"""Rule models of attribution (docs/attribution), the slow way: journey by journey, in fractions and big integers."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from decimal import Decimal, localcontext

from .journeys import Journey
from .split import split

UNITS = 2**48
BILLION = 10**9
Weights = Callable[[Journey], list[int]]


@dataclass
class Credited:
    """What each channel gets: conversions in units of 2^-48, value in minor units."""

    units: dict[str, int] = field(default_factory=dict)
    value: dict[str, int] = field(default_factory=dict)
    journeys: dict[str, int] = field(default_factory=dict)
    converting: dict[str, int] = field(default_factory=dict)
    total: int = 0
    total_value: int = 0


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
            result.value.setdefault(name, 0)
        if not journey.converted:
            continue
        result.total += 1
        result.total_value += journey.value
        if weights is None:
            for name in set(journey.path):
                result.units[name] += UNITS
                result.value[name] += journey.value
            continue
        shares = weights(journey)
        parts = zip(journey.path, split(UNITS, shares), split(journey.value, shares), strict=True)
        for name, units, value in parts:
            result.units[name] += units
            result.value[name] += value
    return result


@dataclass(frozen=True)
class Part:
    """What one touch got; place 0 is nobody's."""

    journey: int
    place: int
    channel: str
    units: int
    value: int


def credits(journeys: Iterable[Journey], weights: Weights | None) -> list[Part]:  # noqa: A001
    """What each touch of each converting journey got; None: a channel has all at its first touch."""
    parts = []
    for number, journey in enumerate(journeys):
        if not journey.converted:
            continue
        if not journey.touches:
            parts.append(Part(number, 0, "(unattributed)", UNITS, journey.value))
            continue
        shares = [1] if weights is None else weights(journey)
        of_one, of_value = split(UNITS, shares), split(journey.value, shares)
        for place, channel in enumerate(journey.path):
            if weights is not None:
                parts.append(Part(number, place + 1, channel, of_one[place], of_value[place]))
            elif channel in journey.path[:place]:
                parts.append(Part(number, place + 1, channel, 0, 0))
            else:
                parts.append(Part(number, place + 1, channel, UNITS, journey.value))
    return parts
