"""SP.4, law 3: ``split`` against exact fractions, on 100 000 cases up to 2**62."""

from __future__ import annotations

from fractions import Fraction
from random import Random

import pytest

import dealtrail

CASES = 100_000
LARGEST = 2**62


def by_fractions(total: int, weights: list[int]) -> list[int]:
    """Largest remainder, ties to the lower index, the sign of the total kept."""
    size, whole = abs(total), sum(weights)
    owed = [Fraction(size * weight, whole) for weight in weights]
    parts = [part.numerator // part.denominator for part in owed]
    order = sorted(range(len(weights)), key=lambda index: (parts[index] - owed[index], index))
    for index in order[: size - sum(parts)]:
        parts[index] += 1
    return [-part for part in parts] if total < 0 else parts


def case(rng: Random) -> tuple[int, list[int]]:
    """A total and weights: small, huge, equal, nearly equal, with zeros."""
    largest = rng.choice((3, 100, 10**6, LARGEST))
    total = rng.choice((0, 1, rng.randint(-largest, largest), rng.randint(-largest, largest), LARGEST, -LARGEST))
    count = rng.choice((1, 2, 2, 3, 3, 5, 8, rng.randint(1, 24)))
    heaviest = rng.choice((1, 3, 1000, LARGEST))
    form = rng.choice(("any", "any", "equal", "near", "sparse"))
    if form == "equal":
        weights = [rng.randint(1, heaviest)] * count
    elif form == "near":
        weights = [heaviest - rng.randint(0, min(2, heaviest - 1)) for _ in range(count)]
    else:
        weights = [rng.randint(0, heaviest) if form == "any" or rng.random() < 0.3 else 0 for _ in range(count)]
    if not any(weights):
        weights[rng.randrange(count)] = rng.randint(1, heaviest)
    return total, weights


def test_split_equals_exact_fractions() -> None:
    rng = Random(20260314)
    for number in range(CASES):
        total, weights = case(rng)
        parts = list(dealtrail.split(total, weights))
        assert parts == by_fractions(total, weights), f"case {number}: split({total}, {weights})"


@pytest.mark.parametrize("weights", [[], [0], [0, 0, 0]])
def test_nothing_to_divide_by_is_an_error(weights: list[int]) -> None:
    with pytest.raises(dealtrail.Error):
        dealtrail.split(100, weights)
