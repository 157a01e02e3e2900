"""Allocation by the slow and obvious: every plan on a grid of whole units of money."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

Response = Callable[[float], float]


def hill(scale: float, half: float, slope: float) -> Response:
    return lambda x: scale * x**slope / (x**slope + half**slope) if x > 0 else 0.0


def log(scale: float, half: float) -> Response:
    return lambda x: scale * math.log(1 + x / half)


def exponential(scale: float, unit: float) -> Response:
    return lambda x: scale * (1 - math.exp(-x / unit))


def packages(choices: Sequence[tuple[float, float]]) -> Response:
    return lambda x: max((response for cost, response in choices if cost <= x), default=0.0)


def most_response(
    curves: Sequence[Response],
    units: int,
    step: float = 1,
    least: Sequence[int] | None = None,
    most: Sequence[int] | None = None,
) -> float:
    """Give the most response that ``units`` steps of money bring, by dynamic programming."""
    best = [0.0] * (units + 1)
    for i, curve in enumerate(curves):
        low = least[i] if least else 0
        high = min(units, most[i]) if most else units
        worth = [curve(x * step) for x in range(units + 1)]
        best = [
            max((best[spent - x] + worth[x] for x in range(low, min(high, spent) + 1)), default=-math.inf)
            for spent in range(units + 1)
        ]
    return max(best)


def least_units(curves: Sequence[Response], response: float, units: int) -> int | None:
    """Give the fewest steps of money that bring a response; ``None`` when ``units`` do not."""
    return next((spent for spent in range(units + 1) if most_response(curves, spent) >= response), None)
