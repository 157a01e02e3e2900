"""The score of Shao and Li (docs/attribution/shao_li.md), the slow way: each rate is asked of all journeys."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from .journeys import Journey


def scores(made: Sequence[Journey], of_value: bool = False) -> dict[str, Fraction]:
    """C(i) of each channel that occurs."""
    names = sorted({name for one in made for name in one.path})

    def rate(*channels: str) -> Fraction | None:
        had = [one for one in made if set(channels) <= set(one.path)]
        got = sum((one.value if of_value else 1) for one in had if one.converted)
        return Fraction(got, len(had)) if had else None

    result = {}
    for one in names:
        own = rate(one) or Fraction(0)
        gained = Fraction(0)
        for other in names:
            both = rate(one, other)
            if other != one and both is not None:
                gained += both - own - (rate(other) or Fraction(0))
        result[one] = own + (gained / (2 * (len(names) - 1)) if len(names) > 1 else 0)
    return result
