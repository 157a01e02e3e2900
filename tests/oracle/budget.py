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


def best_by_spending(curves: Sequence[Response], units: int) -> list[float]:
    """Give the most response of 0, 1, ... ``units`` units of money, by dynamic programming."""
    best = [0.0] * (units + 1)
    for curve in curves:
        worth = [curve(x) for x in range(units + 1)]
        best = [max(best[spent - x] + worth[x] for x in range(spent + 1)) for spent in range(units + 1)]
    return best


def most_response(curves: Sequence[Response], units: int) -> float:
    """Give the most response that ``units`` units of money bring."""
    return best_by_spending(curves, units)[-1]


def least_units(curves: Sequence[Response], response: float, units: int) -> int | None:
    """Give the fewest units of money that bring a response; ``None`` when ``units`` do not."""
    best = best_by_spending(curves, units)
    return next((spent for spent, value in enumerate(best) if value >= response), None)
