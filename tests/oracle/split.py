"""Division of a whole number without losing or inventing a unit (law 3)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction


def split(total: int, weights: Sequence[int]) -> list[int]:
    """Divide ``total`` in proportion to ``weights`` by largest remainder, ties to the lower index, the sign of
    ``total`` kept."""
    if not weights or sum(weights) == 0:
        raise ValueError("weights are empty or all zero")
    if any(weight < 0 for weight in weights):
        raise ValueError("a weight is negative")
    size = abs(total)
    owed = [Fraction(size * weight, sum(weights)) for weight in weights]
    parts = [int(part) for part in owed]  # owed parts are not negative: int() is the floor
    by_remainder = sorted(range(len(weights)), key=lambda index: (parts[index] - owed[index], index))
    for index in by_remainder[: size - sum(parts)]:
        parts[index] += 1
    return [-part for part in parts] if total < 0 else parts


def split_or_equal(total: int, weights: Sequence[int]) -> list[int]:
    """Divide by weights, and equally when all of them are zero."""
    return split(total, weights if any(weights) else [1] * len(weights))


def round_half_even(value: Fraction) -> int:
    """Round to a whole number, halves to the even one."""
    return round(value)
